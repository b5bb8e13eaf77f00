//! What is left of a cabinet that is gone: where and when somebody was received, who read of them, what staff did; no word of
//! theirs, nothing by which they are found.

use crate::history::Record;
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::Tape;
use serde_json::Value;

/// Rows that the law keeps, by how their keys begin.
const KEPT: [&str; 4] = ["APPT#", "LOG#", "ACCESS#", "CALL#"];
/// What the record still says.
const OF_THE_RECORD: [&str; 7] = ["pk", "sk", "end", "gone", "dp", "ds", "v"];

pub fn check(tape: &Tape<'_>, ruling: &mut Ruling) {
    for (citizen, rows) in &tape.found {
        let record = tape.people.get(*citizen).and_then(|track| track.last());
        if record.is_none_or(|record| record.gone_ms.is_none()) {
            continue;
        }
        ruling.count(Claim::C11, "rows left of those who are gone", rows.len() as u64);
        for row in *rows {
            if let Some(why) = too_much(row) {
                let text = format!("{citizen} is gone, and {why}");
                ruling.violation(Claim::C11, tape.end_step, (tape.end_step, tape.end_step), text);
            }
        }
    }
}

fn too_much(row: &Record) -> Option<String> {
    let item = row.new.as_ref()?;
    if row.sk == "ME" {
        let mut names = item.as_object()?.keys();
        let more = names.find(|name| !OF_THE_RECORD.contains(&name.as_str()))?;
        return Some(format!("the record still has {more}"));
    }
    if !KEPT.iter().any(|kept| row.sk.starts_with(kept)) {
        return Some(format!("{} is left", row.sk));
    }
    is_sealed(item).then(|| format!("{} still says something that is sealed", row.sk))
}

/// Whether bytes stand anywhere in a value: whatever is personal is sealed, and nothing else is.
fn is_sealed(value: &Value) -> bool {
    match value {
        Value::Object(all) => {
            all.iter().any(|(tag, inner)| (tag == "B" && inner.is_string()) || is_sealed(inner))
        }
        Value::Array(all) => all.iter().any(is_sealed),
        _ => false,
    }
}
