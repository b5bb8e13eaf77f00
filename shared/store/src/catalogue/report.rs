//! Mistakes gathered while files are read, each with its file and the path inside it.

use super::problem::Problem;
use core::fmt;

/// Mistakes told of at most; a directory with more is beyond mending line by line.
pub const ERRORS_MAX: usize = 200;

/// One mistake and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogueError {
    /// Relative to the directory, `offices/msk-taganka.toml`.
    pub file: String,
    /// As `windows[b].plans[1].mon[2]`, by id where there is one, else counted from 1; empty for the whole file.
    pub path: String,
    /// Of one file that is looked at by itself; from 1.
    pub line: Option<usize>,
    pub problem: Problem,
}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => write!(f, "{}: {}", self.file, self.problem),
            path => write!(f, "{}: {path}: {}", self.file, self.problem),
        }
    }
}

/// Everything that is wrong with the files; never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogueErrors {
    told: Vec<CatalogueError>,
    untold: usize,
}

impl CatalogueErrors {
    /// In the order of the files and of the places in them, at most [`ERRORS_MAX`].
    pub fn as_slice(&self) -> &[CatalogueError] {
        &self.told
    }

    /// For what cannot be: nothing was wrong and nothing came of it.
    pub(super) fn none() -> Self {
        Self { told: Vec::new(), untold: 0 }
    }

    /// The same with the lines of their places.
    pub(super) fn with_lines(mut self, line_of: impl Fn(&str) -> Option<usize>) -> Self {
        for error in &mut self.told {
            error.line = line_of(&error.path);
        }
        self
    }
}

impl fmt::Display for CatalogueErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the data files have {} mistakes", self.told.len() + self.untold)?;
        for error in &self.told {
            write!(f, "\n  {error}")?;
        }
        if self.untold > 0 { write!(f, "\n  and {} more", self.untold) } else { Ok(()) }
    }
}

impl core::error::Error for CatalogueErrors {}

/// The mistakes so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    told: Vec<CatalogueError>,
    untold: usize,
}

impl Report {
    pub fn add(&mut self, at: &At<'_>, problem: Problem) {
        if self.told.len() == ERRORS_MAX {
            self.untold += 1;
            return;
        }
        let path = at.to_string();
        self.told.push(CatalogueError { file: at.file().to_owned(), path, line: None, problem });
    }

    /// Ok when nothing was added.
    pub fn done(self) -> Result<(), CatalogueErrors> {
        let Self { told, untold } = self;
        if told.is_empty() { Ok(()) } else { Err(CatalogueErrors { told, untold }) }
    }
}

/// A place in a file. It lives on the stack and is written out only when there is a mistake.
#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    File(&'a str),
    Key(&'a At<'a>, &'static str),
    /// An entry of a list that has an id.
    Entry(&'a At<'a>, &'static str, &'a str),
    /// An entry that has none, counted from 0 here and from 1 for people.
    Item(&'a At<'a>, usize),
}

impl At<'_> {
    pub fn key<'b>(&'b self, name: &'static str) -> At<'b> {
        At::Key(self, name)
    }

    pub fn entry<'b>(&'b self, list: &'static str, id: &'b str) -> At<'b> {
        At::Entry(self, list, id)
    }

    pub fn item<'b>(&'b self, index: usize) -> At<'b> {
        At::Item(self, index)
    }

    fn file(&self) -> &str {
        match self {
            At::File(name) => name,
            At::Key(parent, _) | At::Entry(parent, _, _) | At::Item(parent, _) => parent.file(),
        }
    }

    fn dot(&self) -> &'static str {
        if matches!(self, At::File(_)) { "" } else { "." }
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::File(_) => Ok(()),
            At::Key(parent, name) => write!(f, "{parent}{}{name}", parent.dot()),
            At::Entry(parent, list, id) => write!(f, "{parent}{}{list}[{id}]", parent.dot()),
            At::Item(parent, index) => write!(f, "{parent}[{}]", index + 1),
        }
    }
}
