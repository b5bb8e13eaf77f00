//! An index that lags behind its table, as indexes may.

use super::recorder::Indexed;
use crate::embedded::Answer;
use crate::embedded::call::Call;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::VecDeque;

/// Makes an index's answer show the state of an earlier time.
pub(super) fn lag_behind(
    call: &Call,
    answer: &mut Answer,
    indexed: &VecDeque<Indexed>,
    since: DateTime<Utc>,
) {
    let (Ok(request), Ok(mut said)) =
        (serde_json::from_slice::<Value>(&call.body), serde_json::from_slice::<Value>(&answer.body))
    else {
        return;
    };
    let (partition, sort) = match request["IndexName"].as_str() {
        Some(store::keys::DUE_INDEX) => (store::keys::DUE_PK, store::keys::DUE_SK),
        Some(store::keys::DAY_INDEX) => (store::keys::DAY_PK, store::keys::DAY_SK),
        _ => return,
    };
    let Some(items) = said["Items"].as_array_mut() else { return };
    let bound = |name: &str| request["ExpressionAttributeValues"][name]["S"].as_str().map(str::to_owned);
    let Some(wanted) = bound(":dp").or_else(|| bound(":day")) else { return };
    let (from, to) = (bound(":from").unwrap_or_default(), bound(":to"));
    for change in indexed.iter().rev().filter(|change| change.at > since) {
        let key = |item: &Option<Value>, name: &str| {
            item.as_ref().and_then(|item| item[name]["S"].as_str()).map(str::to_owned)
        };
        let is =
            |item: &Value| item["pk"]["S"] == change.pk.as_str() && item["sk"]["S"] == change.sk.as_str();
        let unchanged = key(&change.old, partition) == key(&change.new, partition)
            && key(&change.old, sort) == key(&change.new, sort);
        if unchanged {
            continue;
        }
        items.retain(|item| !is(item));
        let Some(old_sort) = key(&change.old, sort) else { continue };
        let was_there = key(&change.old, partition).as_deref() == Some(wanted.as_str())
            && old_sort >= from
            && to.as_ref().is_none_or(|to| old_sort <= *to);
        if was_there {
            items.push(json!({
                "pk": { "S": change.pk }, "sk": { "S": change.sk },
                partition: { "S": wanted }, sort: { "S": old_sort },
            }));
        }
    }
    items.sort_by_key(|item| item[sort]["S"].as_str().unwrap_or_default().to_owned());
    answer.body = said.to_string().into_bytes();
}
