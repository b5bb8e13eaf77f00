//! The facts a sentence is filled with.

use crate::clean;
use fluent::{FluentArgs, FluentValue};

/// A fact: words, or a number that the sentence may have to agree with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Number(i64),
}

/// Named facts, built up with [`Args::with`]; words lose their control and direction characters on the way in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Args(Vec<(&'static str, Value)>);

impl Args {
    pub fn new() -> Args {
        Args::default()
    }

    /// Adds a fact, replacing an earlier one of the same name.
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Args {
        let value = match value.into() {
            Value::Text(words) => Value::Text(clean::line(&words)),
            number => number,
        };
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, value));
        self
    }

    /// Adds a fact if it is known.
    pub fn maybe(self, name: &'static str, value: Option<impl Into<Value>>) -> Args {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(crate) fn fluent(&self) -> FluentArgs<'_> {
        self.0
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Value::Text(words) => FluentValue::from(words.as_str()),
                    Value::Number(number) => FluentValue::from(*number),
                };
                (*name, value)
            })
            .collect()
    }
}

impl From<&str> for Value {
    fn from(words: &str) -> Value {
        Value::Text(words.to_owned())
    }
}

impl From<String> for Value {
    fn from(words: String) -> Value {
        Value::Text(words)
    }
}

impl From<&String> for Value {
    fn from(words: &String) -> Value {
        Value::Text(words.clone())
    }
}

macro_rules! from_integer {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Value {
            fn from(number: $integer) -> Value {
                Value::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
    )*};
}
from_integer!(u8, u16, u32, u64, usize, i16, i32, i64);
