//! Who takes part and what they write, read from `story.toml` beside the catalogue.

use crate::people::Person;
use serde::Deserialize;
use std::fmt;
use std::path::Path;

/// Those who take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Anna,
    Boris,
    Vera,
    Gleb,
    /// She reads English.
    Emma,
}

impl Who {
    pub const ALL: [Who; 5] = [Who::Anna, Who::Boris, Who::Vera, Who::Gleb, Who::Emma];
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Who::Anna => "Anna",
            Who::Boris => "Boris",
            Who::Vera => "Vera",
            Who::Gleb => "Gleb",
            Who::Emma => "Emma",
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cast {
    pub words: Words,
    people: People,
}

/// What they look for and the reasons they give.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub slip: String,
    pub shift: String,
    pub trip: String,
    pub holiday: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    anna: Person,
    boris: Person,
    vera: Person,
    gleb: Person,
    emma: Person,
}

/// Why the file of the cast cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CastError {
    #[error("story.toml cannot be read")]
    Unreadable(#[from] std::io::Error),
    #[error("story.toml is not as it must be")]
    Shape(#[from] toml::de::Error),
}

impl Cast {
    /// Reads `story.toml` in the catalogue's directory.
    ///
    /// # Errors
    /// When it is not there or of another shape.
    pub fn read(catalogue: &Path) -> Result<Self, CastError> {
        Ok(toml::from_str(&std::fs::read_to_string(catalogue.join("story.toml"))?)?)
    }

    pub fn person(&self, who: Who) -> &Person {
        match who {
            Who::Anna => &self.people.anna,
            Who::Boris => &self.people.boris,
            Who::Vera => &self.people.vera,
            Who::Gleb => &self.people.gleb,
            Who::Emma => &self.people.emma,
        }
    }
}
