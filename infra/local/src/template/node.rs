//! A place in the template: its value with its path, so that every refusal can say where.

use serde_norway::Value;
use std::collections::BTreeMap;

/// Why the template cannot be run here; the text begins with the path.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{path}: {reason}")]
pub struct Refusal {
    pub path: String,
    pub reason: String,
}

/// A value and the dotted path that leads to it.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub path: String,
    pub value: &'a Value,
}

/// The fields of a mapping; each must be taken or waved through, the rest are refused.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    path: String,
    left: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Node<'a> {
    pub fn root(value: &'a Value) -> Self {
        Self { path: String::new(), value }
    }

    pub fn refuse(&self, reason: impl Into<String>) -> Refusal {
        Refusal { path: self.path.clone(), reason: reason.into() }
    }

    pub fn not_understood(&self) -> Refusal {
        self.refuse("not understood")
    }

    pub fn child(&self, name: &str, value: &'a Value) -> Node<'a> {
        Node { path: join(&self.path, name), value }
    }

    pub fn fields(&self) -> Result<Fields<'a>, Refusal> {
        let mapping = self.value.as_mapping().ok_or_else(|| self.refuse("must be a mapping"))?;
        let mut left = BTreeMap::new();
        for (key, value) in mapping {
            left.insert(key.as_str().ok_or_else(|| self.refuse("has a key that is not text"))?, value);
        }
        Ok(Fields { path: self.path.clone(), left })
    }

    pub fn list(&self) -> Result<Vec<Node<'a>>, Refusal> {
        let list = self.value.as_sequence().ok_or_else(|| self.refuse("must be a list"))?;
        Ok(list.iter().enumerate().map(|(at, value)| self.child(&at.to_string(), value)).collect())
    }

    pub fn text(&self) -> Result<&'a str, Refusal> {
        self.value.as_str().ok_or_else(|| self.refuse("must be text"))
    }

    /// A whole number, within `min..=max`.
    pub fn number(&self, min: i64, max: i64) -> Result<i64, Refusal> {
        let number = self.value.as_i64().ok_or_else(|| self.refuse("must be a whole number"))?;
        if (min..=max).contains(&number) {
            Ok(number)
        } else {
            Err(self.refuse(format!("must be within {min} to {max}")))
        }
    }

    pub fn switch(&self) -> Result<bool, Refusal> {
        self.value.as_bool().ok_or_else(|| self.refuse("must be true or false"))
    }

    /// Must be exactly this text.
    pub fn only(&self, expected: &str) -> Result<(), Refusal> {
        if self.value.as_str() == Some(expected) { Ok(()) } else { Err(self.not_understood()) }
    }
}

impl<'a> Fields<'a> {
    pub fn take(&mut self, name: &str) -> Option<Node<'a>> {
        let value = self.left.remove(name)?;
        Some(Node { path: join(&self.path, name), value })
    }

    pub fn need(&mut self, name: &str) -> Result<Node<'a>, Refusal> {
        let path = join(&self.path, name);
        self.take(name).ok_or(Refusal { path, reason: "is missing".into() })
    }

    /// Waves through what only matters on AWS.
    pub fn ignore(&mut self, names: &[&str]) {
        for name in names {
            self.left.remove::<str>(name);
        }
    }

    /// All fields under their names, for mappings whose keys the template chooses.
    pub fn drain(&mut self) -> Vec<(&'a str, Node<'a>)> {
        std::mem::take(&mut self.left)
            .into_iter()
            .map(|(name, value)| (name, Node { path: join(&self.path, name), value }))
            .collect()
    }

    /// # Errors
    /// When a field is left that nobody took.
    pub fn finish(self) -> Result<(), Refusal> {
        match self.left.keys().next() {
            None => Ok(()),
            Some(name) => Err(Refusal { path: join(&self.path, name), reason: "not understood".into() }),
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
