//! What a file may be called (DOC-2): Latin letters, digits, underscore, one dot, and an extension that we take.

use super::{FILE_NAME_MAX, FileFormat};

/// A name of 1 to [`FILE_NAME_MAX`] characters that says the same in every alphabet, file system and header (DOC-2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileName {
    name: String,
    format: FileFormat,
}

/// Why a name is refused, with what to tell about it (DOC-2, DOC-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadName {
    Empty,
    /// Characters there are, and the most there may be.
    TooLong {
        chars: usize,
        max: usize,
    },
    /// The first character that is neither a Latin letter, a digit, an underscore nor a dot: also `/`, a space, U+202E.
    Character {
        found: char,
    },
    /// Dots there are, where there must be one.
    Dots {
        found: usize,
    },
    /// Nothing stands before the dot.
    NoStem,
    /// The extension as it was written, which none of the formats has.
    Extension {
        found: String,
    },
}

impl BadName {
    /// A stable name of the reason.
    pub fn name(&self) -> &'static str {
        match self {
            BadName::Empty => "name-empty",
            BadName::TooLong { .. } => "name-too-long",
            BadName::Character { .. } => "name-character",
            BadName::Dots { .. } => "name-dots",
            BadName::NoStem => "name-no-stem",
            BadName::Extension { .. } => "name-extension",
        }
    }
}

impl FileName {
    /// Takes a name as the citizen's device gives it; nothing is mended, so that what is shown is what was sent.
    ///
    /// # Errors
    /// The first [`BadName`] that applies.
    pub fn parse(name: &str) -> Result<FileName, BadName> {
        let chars = name.chars().count();
        if chars == 0 {
            return Err(BadName::Empty);
        }
        if chars > FILE_NAME_MAX {
            return Err(BadName::TooLong { chars, max: FILE_NAME_MAX });
        }
        if let Some(found) = name.chars().find(|one| !one.is_ascii_alphanumeric() && !"_.".contains(*one)) {
            return Err(BadName::Character { found });
        }
        let dots = name.matches('.').count();
        let Some((stem, extension)) = name.split_once('.').filter(|_| dots == 1) else {
            return Err(BadName::Dots { found: dots });
        };
        if stem.is_empty() {
            return Err(BadName::NoStem);
        }
        let format =
            FileFormat::of(extension).ok_or_else(|| BadName::Extension { found: extension.to_owned() })?;
        Ok(FileName { name: name.to_owned(), format })
    }

    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The format that the extension promises; what the content is decides the scanner (DOC-3).
    pub fn format(&self) -> FileFormat {
        self.format
    }
}
