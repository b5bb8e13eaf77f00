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
        // What was on its way at that moment came after it, and is looked for a day later.
        let ms = |of: fn(&crate::decode::Record) -> Option<i64>| record.and_then(of).unwrap_or_default();
        let closed_us = ms(|record| record.closed_ms) * 1000;
        let stray_us =
            ms(|record| record.gone_ms) * 1000 + tape.plan.limits.invocation_us + 2 * tape.epsilon_us();
        let stray = |row: &Record| {
            let at_us = tape.written.get(&(row.pk.as_str(), row.sk.as_str()));
            row.sk != "ME"
                && at_us.is_some_and(|at_us| (closed_us..=stray_us).contains(at_us))
                && !is_less(row)
        };
        for row in *rows {
            if stray(row) {
                ruling.count(Claim::C11, "of which strays", 1);
            } else if let Some(why) = too_much(row) {
                let text = format!("{citizen} is gone, and {why}");
                ruling.violation(Claim::C11, tape.end_step, (tape.end_step, tape.end_step), text);
            }
        }
    }
}

/// Whether a row is one that the law keeps: its words go as long as anybody looks.
fn is_less(row: &Record) -> bool {
    KEPT.iter().any(|kept| row.sk.starts_with(kept))
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
