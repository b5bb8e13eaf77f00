//! What an item weighs and what writing it costs, by the rules AWS publishes; for answers that give no capacity.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// Bytes that one write unit covers.
const WRITE_UNIT_BYTES: usize = 1024;

/// An item's size in bytes: names and values as UTF-8, numbers about half a byte a digit.
pub(super) fn item_bytes(item: &Map<String, Value>) -> usize {
    item.iter().map(|(name, value)| name.len() + value_bytes(value)).sum()
}

/// Units of a transactional write that touches an item of `bytes`, the larger of before and after.
pub(super) fn transaction_write_units(bytes: usize) -> f64 {
    2.0 * write_units(bytes)
}

/// Units of a plain write.
pub(super) fn write_units(bytes: usize) -> f64 {
    let units = bytes.div_ceil(WRITE_UNIT_BYTES).max(1);
    f64::from(u32::try_from(units).unwrap_or(u32::MAX))
}

/// `value` is one typed attribute value: `{"S": "..."}`.
fn value_bytes(value: &Value) -> usize {
    let Some((kind, value)) = value.as_object().and_then(|typed| typed.iter().next()) else { return 0 };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match (kind.as_str(), value) {
        ("S", value) => text(value).len(),
        ("N", value) => number_bytes(&text(value)),
        ("B", value) => blob_bytes(&text(value)),
        ("SS", Value::Array(all)) => all.iter().map(|one| text(one).len()).sum(),
        ("NS", Value::Array(all)) => all.iter().map(|one| number_bytes(&text(one))).sum(),
        ("BS", Value::Array(all)) => all.iter().map(|one| blob_bytes(&text(one))).sum(),
        ("L", Value::Array(all)) => 3 + all.iter().map(|one| 1 + value_bytes(one)).sum::<usize>(),
        ("M", Value::Object(map)) => 3 + map.len() + item_bytes(map),
        _ => 1,
    }
}

/// A byte for every two significant digits before the point and again behind it, one more, and one for a minus sign.
fn number_bytes(text: &str) -> usize {
    let (sign, digits) = text.strip_prefix('-').map_or((0, text), |rest| (1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let whole = whole.trim_start_matches('0');
    // Zeros at the end of a whole number are the exponent's business; so are those right behind the point.
    let (whole, fraction) = match (whole, fraction) {
        (whole, "") => (whole.trim_end_matches('0'), ""),
        ("", fraction) => ("", fraction.trim_start_matches('0')),
        both => both,
    };
    let sign = if whole.is_empty() && fraction.is_empty() { 0 } else { sign };
    whole.len().div_ceil(2) + fraction.len().div_ceil(2) + 1 + sign
}

fn blob_bytes(text: &str) -> usize {
    STANDARD.decode(text).map_or(text.len(), |bytes| bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn it_weighs_as_the_emulator_does() {
        let items = [
            json!({"pk": {"S": "a"}, "n": {"N": "0"}}),
            json!({"pk": {"S": "имя"}, "n": {"N": "123456789"}, "m": {"N": "-15"}}),
            json!({"pk": {"S": "b"}, "n": {"N": "1000"}, "f": {"N": "0.050"}, "g": {"N": "120.5"}, "yes": {"BOOL": true}, "no": {"NULL": true}}),
            json!({"pk": {"S": "c"}, "cells": {"NS": ["1", "23", "287"]}, "names": {"SS": ["x", "yz"]}}),
            json!({"pk": {"S": "d"}, "b": {"B": "AAECAw=="}, "l": {"L": [{"S": "one"}, {"N": "7"}]}}),
            json!({"pk": {"S": "e"}, "m": {"M": {"deep": {"M": {"x": {"N": "3.25"}}}, "y": {"S": ""}}}}),
        ];
        for item in items {
            let typed: dynoxide::Item = serde_json::from_value(item.clone()).expect("an item");
            let map = item.as_object().expect("an object");
            assert_eq!(item_bytes(map), dynoxide::types::item_size(&typed), "{item}");
        }
    }
}
