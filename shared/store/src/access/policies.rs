//! The queue of policies about which staff are to decide: listed by region, and taken. It follows the profiles.

use super::Listed;
use crate::commit::Expression;
use crate::items::policy::{self, PolicyRow};
use crate::items::{ms, number, text};
use crate::{Key, Store, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::{RegionId, StaffId};

impl Store {
    /// A region's queue, the oldest first; `after` is the cursor of the page before.
    pub async fn policies(
        &self,
        region: &RegionId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Listed<PolicyRow>, StoreError> {
        let pk = keys::policies(region);
        let start = after.map(|after| Key { pk: pk.clone(), sk: after.to_owned() }.item());
        let asked = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_values(":pk", text(pk));
        let asked = asked.set_exclusive_start_key(start).limit(limit);
        let answer = asked.send().await.map_err(StoreError::unavailable)?;
        let next = answer.last_evaluated_key.as_ref().and_then(Key::of).map(|key| key.sk);
        let items = answer.items.unwrap_or_default();
        Ok(Listed { items: items.iter().map(policy::from_item).collect::<Result<_, _>>()?, next })
    }

    /// Takes a policy for oneself until an instant. False when somebody else has it, or it is decided.
    pub async fn take_policy(
        &self,
        row: &PolicyRow,
        member: StaffId,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut when = Expression::new();
        let (since, taken, over) = (when.name("at"), when.name("m"), when.name("til"));
        let (me, now) = (when.value(text(member.to_string())), when.value(number(ms(now))));
        when.and(format!("attribute_exists({since})"));
        when.and(format!("(attribute_not_exists({taken}) OR {taken} = {me} OR {over} <= {now})"));
        let until = when.value(number(ms(until)));
        let key = keys::policy_row(&row.region, row.since, row.citizen);
        self.update_alone(&key, format!("SET {taken} = {me}, {over} = {until}"), when).await
    }

    /// Who took it last; none: nobody, or it is decided.
    pub async fn policy_taken_by(&self, row: &PolicyRow) -> Result<Option<StaffId>, StoreError> {
        let found = self.get(&keys::policy_row(&row.region, row.since, row.citizen)).await?;
        let found = found.as_ref().map(policy::from_item).transpose()?;
        Ok(found.and_then(|row| row.taken).map(|(member, _)| member))
    }
}
