//! The API's description as something to hold answers and requests to: every member described, of its type, and there
//! when it must be.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The description.
pub struct Described(Value);

/// An object's members by name, and whether each must be there.
type Members<'a> = BTreeMap<&'a str, (&'a Value, Need)>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Must,
    May,
}

/// Which of an object's members are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    Refused,
    Free,
}

impl Described {
    pub fn new() -> Self {
        let text = include_str!("../../functions/catalogue/openapi.json");
        Self(serde_json::from_str(text).expect("JSON"))
    }

    /// Each operation: method, path, and what is said of it.
    pub fn operations(&self) -> impl Iterator<Item = (String, &str, &Value)> {
        let paths = self.0["paths"].as_object().into_iter().flatten();
        paths.flat_map(|(path, item)| {
            let item = item.as_object().into_iter().flatten();
            item.map(move |(method, operation)| (method.to_uppercase(), path.as_str(), operation))
        })
    }

    pub fn operation(&self, method: &str, path: &str) -> &Value {
        &self.0["paths"][path][method.to_lowercase()]
    }

    /// What is wrong with a value by a schema.
    pub fn check(&self, value: &Value, schema: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        self.walk(value, schema, "", &mut wrong);
        wrong
    }

    /// The schema itself, where it only names another.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str().and_then(|name| name.strip_prefix('#')) {
            Some(pointer) => self.resolve(self.0.pointer(pointer).unwrap_or(&Value::Null)),
            None => schema,
        }
    }

    /// The members that a schema speaks of, those of its parts included.
    pub fn members<'a>(&'a self, schema: &'a Value) -> Members<'a> {
        let schema = self.resolve(schema);
        let mut members = Members::new();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            members.extend(self.members(part));
        }
        let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            let need = if required.contains(&Value::String(name.clone())) { Need::Must } else { Need::May };
            members.insert(name, (member, need));
        }
        members
    }

    fn walk(&self, value: &Value, schema: &Value, at: &str, wrong: &mut Vec<String>) {
        let schema = self.resolve(schema);
        if let Some(choices) = schema["oneOf"].as_array() {
            if !choices.iter().any(|choice| self.check(value, choice).is_empty()) {
                wrong.push(format!("{at}: none of the choices"));
            }
            return;
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
            _ if schema["allOf"].is_array() => vec!["object"],
            _ => return wrong.push(format!("{at}: nothing is said of it")),
        };
        if !types.iter().any(|kind| is(value, kind)) {
            return wrong.push(format!("{at}: {value} is not {types:?}"));
        }
        match value {
            Value::Object(object) => self.object(object, schema, at, wrong),
            Value::Array(items) => {
                for (place, item) in items.iter().enumerate() {
                    self.walk(item, &schema["items"], &format!("{at}/{place}"), wrong);
                }
            }
            _ => {}
        }
    }

    fn object(&self, object: &Map<String, Value>, schema: &Value, at: &str, wrong: &mut Vec<String>) {
        let members = self.members(schema);
        for (name, (member, need)) in &members {
            match object.get(*name) {
                Some(value) => self.walk(value, member, &format!("{at}/{name}"), wrong),
                None if *need == Need::Must => wrong.push(format!("{at}/{name}: is not there")),
                None => {}
            }
        }
        for (name, value) in object.iter().filter(|(name, _)| !members.contains_key(name.as_str())) {
            match (&schema["additionalProperties"], rest(schema)) {
                (of @ Value::Object(_), _) => self.walk(value, of, &format!("{at}/{name}"), wrong),
                (_, Rest::Free) => {}
                _ => wrong.push(format!("{at}/{name}: nothing is said of it")),
            }
        }
    }
}

/// An object of which nothing is said, or a part of that kind, leaves the rest free: problem documents have more.
fn rest(schema: &Value) -> Rest {
    let bare =
        |part: &Value| part["type"] == "object" && part["properties"].is_null() && part["$ref"].is_null();
    let parts = schema["allOf"].as_array().is_some_and(|parts| parts.iter().any(bare));
    let closed = schema["additionalProperties"] == Value::Bool(false);
    if !closed && (parts || (bare(schema) && schema["allOf"].is_null())) { Rest::Free } else { Rest::Refused }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[test]
fn a_description_is_held_to_the_letter() {
    use serde_json::json;
    let described = Described(json!({ "parts": {
        "A": { "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } },
        "B": { "allOf": [{ "$ref": "#/parts/A" }, { "type": "object", "properties": { "b": { "type": ["integer", "null"] } } }] },
        "C": { "type": "object", "additionalProperties": { "type": "string" } },
        "P": { "allOf": [{ "type": "object" }, { "$ref": "#/parts/A" }] },
    } }));
    let check = |part: &str, value: Value| {
        described.check(&value, &json!({ "$ref": format!("#/parts/{part}") })).len()
    };
    assert_eq!(check("B", json!({ "a": "x", "b": 1 })), 0);
    assert_eq!(check("B", json!({ "a": "x", "b": null })), 0);
    assert_eq!(check("B", json!({ "a": "x", "c": 1 })), 1, "not described");
    assert_eq!(check("B", json!({ "b": 1 })), 1, "not there");
    assert_eq!(check("B", json!({ "a": 1, "b": "x" })), 2, "of other types");
    assert_eq!((check("C", json!({ "x": "y" })), check("C", json!({ "x": 1 }))), (0, 1));
    assert_eq!((check("P", json!({ "a": "x", "more": 1 })), check("P", json!({ "more": 1 }))), (0, 1));
}
