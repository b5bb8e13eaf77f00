//! The table's typed JSON, by hand.

use serde_json::{Map, Value, json};

pub fn s(text: impl Into<String>) -> Value {
    json!({ "S": text.into() })
}

pub fn n(number: impl ToString) -> Value {
    json!({ "N": number.to_string() })
}

pub fn b(base64: &str) -> Value {
    json!({ "B": base64 })
}

pub fn l(members: impl IntoIterator<Item = Value>) -> Value {
    json!({ "L": members.into_iter().collect::<Vec<_>>() })
}

pub fn m<'a>(members: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    json!({ "M": item(members) })
}

pub fn ns<'a>(members: impl IntoIterator<Item = &'a u16>) -> Value {
    json!({ "NS": members.into_iter().map(ToString::to_string).collect::<Vec<_>>() })
}

/// An item: absent attributes are left out, as `null`.
pub fn item<'a>(members: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let there = members.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(there.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

pub fn maybe<T>(value: Option<T>, wire: impl FnOnce(T) -> Value) -> Value {
    value.map_or(Value::Null, wire)
}

/// The first half of a key's SHA-256, as base64: worked out elsewhere.
pub fn hash(key: &str) -> String {
    const KNOWN: [(&str, &str); 7] = [
        ("k1", "arnx6499M4j0+dWG9m6Z/Q=="),
        ("k2", "AV9+a8Wur0g3JAieklLMEw=="),
        ("k3", "L1BSyf0VsZoYxYTQE2NWgQ=="),
        ("k4", "lAkd1koh/+lCFLxtF97rQw=="),
        ("offer-1", "7qt4LSZr5J1W0IA6jGxzKg=="),
        ("offer-2", "OagGHyu/SSCb6R4p/CbE4w=="),
        ("offer-3", "HH/Eb6DzXF8C6hPX47oxxw=="),
    ];
    let known = KNOWN.iter().find(|(name, _)| *name == key);
    known.unwrap_or_else(|| panic!("the hash of {key} is not known here")).1.to_owned()
}
