//! Answers as a person reads them, in one line.

use crate::visitor::Answer;
use serde_json::Value;

/// A refusal: its status and its sentences.
pub fn refusal(answer: &Answer) -> String {
    format!("{} «{}. {}»", answer.status, answer.text("/title"), answer.text("/detail"))
}

/// An appointment: its status, when, where, and what to tell at the door.
pub fn appointment(answer: &Answer) -> String {
    format!(
        "«{}», {}, {}; number {}, queue number {}, code {}",
        answer.text("/status"),
        answer.text("/text"),
        answer.text("/office/name"),
        answer.text("/number"),
        answer.text("/queueNumber"),
        answer.text("/code"),
    )
}

/// Slots elsewhere or at another time, office by office.
pub fn alternatives(answer: &Answer) -> String {
    let mut offices: Vec<(&str, Vec<String>)> = Vec::new();
    for one in answer.list("/alternatives") {
        let office = member(&one["office"], "name");
        let start = clock(member(one, "startsAt"));
        match offices.last_mut().filter(|(name, _)| *name == office) {
            Some((_, starts)) => starts.push(start),
            None => offices.push((office, vec![start])),
        }
    }
    let named = offices.into_iter().map(|(office, starts)| format!("{office}: {}", starts.join(", ")));
    named.collect::<Vec<_>>().join("; ")
}

/// Day, month and time of an instant on the wire, on its own clock: `03.12 10:30`.
pub fn clock(wire: &str) -> String {
    match (wire.get(5..7), wire.get(8..10), wire.get(11..16)) {
        (Some(month), Some(day), Some(time)) => format!("{day}.{month} {time}"),
        _ => wire.to_owned(),
    }
}

/// The text of a member; empty when there is none.
pub fn member<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}
