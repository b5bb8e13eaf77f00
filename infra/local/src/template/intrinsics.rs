//! What `!Ref`, `!GetAtt` and `!Sub` mean here, in the short and the long form.

use super::node::{Node, Refusal};
use serde_norway::Value;
use std::collections::BTreeMap;

/// The account that everything local belongs to.
pub const ACCOUNT: &str = "000000000000";
/// The region that everything local lies in.
pub const REGION: &str = "local-1";

/// What each resource and parameter stands for in this process.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Parameter or resource → what `!Ref` gives.
    pub refs: BTreeMap<String, String>,
    /// `Resource.Attribute` → what `!GetAtt` gives.
    pub attributes: BTreeMap<String, String>,
    /// Parameters that have no default: what they stand for is known only where the template is deployed.
    pub open: BTreeMap<String, String>,
}

/// A call of an intrinsic function: its name without `!` or `Fn::`, and its argument.
fn intrinsic(value: &Value) -> Option<(String, &Value)> {
    if let Value::Tagged(tagged) = value {
        return Some((tagged.tag.to_string().trim_start_matches('!').to_owned(), &tagged.value));
    }
    let mapping = value.as_mapping().filter(|mapping| mapping.len() == 1)?;
    let (key, argument) = mapping.iter().next()?;
    match key.as_str()? {
        "Ref" => Some(("Ref".to_owned(), argument)),
        key => Some((key.strip_prefix("Fn::")?.to_owned(), argument)),
    }
}

/// `Resource.Attribute` of a `GetAtt`, whether written as text or as a list.
fn attribute(argument: &Value) -> Option<String> {
    match argument {
        Value::String(text) => Some(text.clone()),
        Value::Sequence(parts) => {
            Some(parts.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?.join("."))
        }
        _ => None,
    }
}

impl Names {
    /// The text that a setting has here: plain, or through an intrinsic function.
    pub fn text(&self, node: &Node<'_>) -> Result<String, Refusal> {
        let call = intrinsic(node.value);
        match call.as_ref().map(|(name, argument)| (name.as_str(), *argument)) {
            Some(("Ref", Value::String(name))) => self.look_up(&self.refs, name, node),
            Some(("GetAtt", argument)) => {
                let name = attribute(argument).ok_or_else(|| node.not_understood())?;
                self.look_up(&self.attributes, &name, node)
            }
            Some(("Sub", Value::String(pattern))) => self.substitute(pattern, node),
            Some(_) => Err(node.not_understood()),
            None => match node.value {
                Value::String(text) => Ok(text.clone()),
                Value::Bool(yes) => Ok(yes.to_string()),
                Value::Number(number) => Ok(number.to_string()),
                _ => Err(node.not_understood()),
            },
        }
    }

    /// As [`Names::text`]; a parameter without a default stands for itself: `${Name}`.
    pub fn text_or_open(&self, node: &Node<'_>) -> Result<String, Refusal> {
        let call = intrinsic(node.value).filter(|(name, _)| name == "Ref");
        let open = call.and_then(|(_, argument)| self.open.get(argument.as_str()?));
        open.map_or_else(|| self.text(node), |open| Ok(open.clone()))
    }

    fn look_up(
        &self,
        names: &BTreeMap<String, String>,
        name: &str,
        node: &Node<'_>,
    ) -> Result<String, Refusal> {
        names.get(name).cloned().ok_or_else(|| node.refuse(format!("{name} has no value here")))
    }

    fn substitute(&self, pattern: &str, node: &Node<'_>) -> Result<String, Refusal> {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, behind) = after.split_once('}').ok_or_else(|| node.not_understood())?;
            text.push_str(before);
            let names = if name.contains('.') { &self.attributes } else { &self.refs };
            text.push_str(&self.look_up(names, name, node)?);
            rest = behind;
        }
        text.push_str(rest);
        Ok(text)
    }
}

/// The resource behind `!GetAtt Resource.<expected>`; nothing else says which resource is meant.
pub(super) fn resource_of(node: &Node<'_>, expected: &str) -> Result<String, Refusal> {
    let Some((_, argument)) = intrinsic(node.value).filter(|(name, _)| name == "GetAtt") else {
        return Err(node.not_understood());
    };
    let whole = attribute(argument).ok_or_else(|| node.not_understood())?;
    match whole.split_once('.') {
        Some((resource, attribute)) if attribute == expected => Ok(resource.to_owned()),
        _ => Err(node.not_understood()),
    }
}
