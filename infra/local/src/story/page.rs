//! The page on which the story is written: headings, wrapped paragraphs, and what differs from what it must be.

use std::io::{self, Write};

/// Columns of a line.
const WIDTH: usize = 110;

/// Where the story is written.
pub struct Page<'a> {
    out: &'a mut (dyn Write + Send),
    /// The first failure to write; the rest is not tried then.
    broken: Option<io::Error>,
    scenes: usize,
    differences: Vec<String>,
}

impl<'a> Page<'a> {
    pub fn new(out: &'a mut (dyn Write + Send)) -> Self {
        Self { out, broken: None, scenes: 0, differences: Vec::new() }
    }

    /// Begins a scene, with its number and where and when it happens.
    pub fn heading(&mut self, title: &str, place: &str, when: &str) {
        self.scenes += 1;
        let title = format!("{}. {title} ", self.scenes);
        self.line("");
        self.line(&format!("{title}{}", "─".repeat(WIDTH - title.chars().count())));
        self.line(&format!("   {place}, {when}"));
        self.line("");
    }

    /// Writes what everything cost.
    pub fn costs(&mut self, table: &str) {
        self.line("");
        self.line(&format!("What it asked of the table {}", "─".repeat(WIDTH - 27)));
        self.line("   At worst, and the bar:");
        self.line("");
        for line in table.lines() {
            self.line(&format!("   {line}"));
        }
    }

    /// Writes a text behind an indent, wrapped between words; what goes on stands two columns further in.
    pub fn paragraph(&mut self, indent: usize, text: &str) {
        self.wrapped(&" ".repeat(indent), &" ".repeat(indent + 2), text);
    }

    /// Writes a line of somebody else's text, wrapped.
    pub fn quoted(&mut self, text: &str) {
        self.wrapped("        | ", "        | ", text);
    }

    fn wrapped(&mut self, first: &str, next: &str, text: &str) {
        let mut line = first.to_owned();
        let mut empty = true;
        for word in text.split(' ') {
            let longer = line.chars().count() + usize::from(!empty) + word.chars().count();
            if !empty && longer > WIDTH {
                self.line(line.trim_end());
                line = next.to_owned();
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        self.line(line.trim_end());
    }

    pub fn line(&mut self, text: &str) {
        if self.broken.is_none()
            && let Err(error) = writeln!(self.out, "{text}")
        {
            self.broken = Some(error);
        }
    }

    /// Notes and shows a difference.
    pub fn different(&mut self, what: String) {
        self.paragraph(3, &format!("DIFFERENT: {what}"));
        self.differences.push(what);
    }

    /// Everything that differed.
    ///
    /// # Errors
    /// When the story could not be written to its end.
    pub fn close(self) -> io::Result<Vec<String>> {
        match self.broken {
            Some(error) => Err(error),
            None => Ok(self.differences),
        }
    }
}
