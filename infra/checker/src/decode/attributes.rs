//! The table's typed JSON: `{"S": "text"}`, `{"N": "12"}`, `{"L": [...]}`.

use serde_json::{Map, Value};

/// An item's or a nested map's attributes by name.
#[derive(Clone, Copy)]
pub struct Attributes<'a>(&'a Map<String, Value>);

impl<'a> Attributes<'a> {
    pub fn of(image: &'a Value) -> Option<Self> {
        image.as_object().map(Self)
    }

    pub fn iter(self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// An attribute as it stands.
    pub fn value(self, name: &str) -> Option<&'a Value> {
        self.get(name)
    }

    /// Whether a flag is there and set.
    pub fn flag(self, name: &str) -> bool {
        self.get(name).and_then(|value| value.get("BOOL")?.as_bool()).unwrap_or(false)
    }

    fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    pub fn text(self, name: &str) -> Option<String> {
        text(self.get(name)?).map(str::to_owned)
    }

    pub fn number<T: std::str::FromStr>(self, name: &str) -> Option<T> {
        number(self.get(name)?)
    }

    pub fn map(self, name: &str) -> Option<Attributes<'a>> {
        map(self.get(name)?)
    }

    /// A list; an absent one is empty.
    pub fn list(self, name: &str) -> Option<&'a [Value]> {
        match self.get(name) {
            Some(value) => list(value),
            None => Some(&[]),
        }
    }

    /// A set of numbers; an absent one is empty.
    pub fn numbers(self, name: &str) -> Option<Vec<u16>> {
        let Some(value) = self.get(name) else { return Some(Vec::new()) };
        let members = value.get("NS")?.as_array()?;
        members.iter().map(|member| member.as_str()?.parse().ok()).collect()
    }

    /// Bytes, in the base64 in which they stand.
    pub fn bytes(self, name: &str) -> Option<String> {
        let text = self.get(name)?.get("B")?.as_str()?;
        Some(text.trim_end_matches('=').to_owned())
    }
}

pub fn text(value: &Value) -> Option<&str> {
    value.get("S")?.as_str()
}

pub fn number<T: std::str::FromStr>(value: &Value) -> Option<T> {
    value.get("N")?.as_str()?.parse().ok()
}

pub fn list(value: &Value) -> Option<&[Value]> {
    value.get("L")?.as_array().map(Vec::as_slice)
}

pub fn map(value: &Value) -> Option<Attributes<'_>> {
    Attributes::of(value.get("M")?)
}

/// Whether two images are of the same item: sets have no order, and the keys may be left out.
pub fn same(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_object(), b.as_object()) else { return a == b };
    let counted = |map: &Map<String, Value>| map.keys().filter(|name| !is_key(name)).count();
    counted(a) == counted(b)
        && a.iter()
            .filter(|(name, _)| !is_key(name))
            .all(|(name, value)| b.get(name).is_some_and(|other| same_value(value, other)))
}

fn is_key(name: &str) -> bool {
    name == "pk" || name == "sk"
}

fn same_value(a: &Value, b: &Value) -> bool {
    let ((Some((tag, x)), Some((other, y))), true) = ((tagged(a), tagged(b)), a != b) else { return a == b };
    match (tag, x, y) {
        _ if tag != other => false,
        ("NS" | "SS" | "BS", Value::Array(x), Value::Array(y)) => sorted(x) == sorted(y),
        ("L", Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same_value(x, y))
        }
        ("M", Value::Object(x), Value::Object(y)) => {
            x.len() == y.len()
                && x.iter().all(|(name, value)| y.get(name).is_some_and(|other| same_value(value, other)))
        }
        _ => false,
    }
}

fn tagged(value: &Value) -> Option<(&str, &Value)> {
    value.as_object()?.iter().next().map(|(tag, inner)| (tag.as_str(), inner))
}

fn sorted(members: &[Value]) -> Vec<Option<&str>> {
    let mut members: Vec<Option<&str>> = members.iter().map(Value::as_str).collect();
    members.sort_unstable();
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sets_have_no_order_and_keys_may_be_left_out() {
        let a = json!({"pk": {"S": "p"}, "t": {"NS": ["2", "1"]}, "m": {"M": {"l": {"L": [{"S": "x"}]}}}});
        let b = json!({"t": {"NS": ["1", "2"]}, "m": {"M": {"l": {"L": [{"S": "x"}]}}}});
        assert!(same(&a, &b));
        assert!(!same(&a, &json!({"t": {"NS": ["1", "3"]}, "m": {"M": {"l": {"L": [{"S": "x"}]}}}})));
        assert!(!same(&a, &json!({"t": {"NS": ["1", "2"]}})));
    }
}
