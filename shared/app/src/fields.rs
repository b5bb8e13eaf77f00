//! Reading fields of requests and forms, collecting everything that is wrong, so that one answer names it all (RES-3).

use crate::refusal::WrongField;
use crate::{Refusal, contact};
use chrono::{DateTime, NaiveDate, Utc};
use domain::citizen::Name;
use domain::limits::{NAME_MAX, PASSWORD_MAX};
use domain::profile::{Inn, NumberFault, Snils};
use std::str::FromStr;

/// A text without the spaces around it, if anything is left.
pub fn filled(value: Option<impl AsRef<str>>) -> Option<String> {
    value.map(|value| value.as_ref().trim().to_owned()).filter(|value| !value.is_empty())
}

/// Whether a character is not seen and changes what is: control characters but the ends of lines, marks that turn the direction of
/// the text about (Unicode's UAX 9), and spaces of no width. Whoever reads what a stranger wrote shall see what is there.
pub fn is_hidden(c: char) -> bool {
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let empty = matches!(c, '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    c.is_control() && !matches!(c, '\n' | '\r' | '\t') || turns || empty
}

/// What was found wrong so far.
#[derive(Debug, Default)]
pub struct Fields(Vec<WrongField>);

impl Fields {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn wrong(&mut self, wrong: WrongField) {
        self.0.push(wrong);
    }

    /// A field that is wrong by a code whose sentence needs no facts.
    pub fn add(&mut self, field: impl Into<String>, code: &'static str) {
        self.wrong(WrongField::new(field, code));
    }

    /// All that was found wrong elsewhere.
    pub fn all(&mut self, wrong: Vec<WrongField>) {
        self.0.extend(wrong);
    }

    /// A text that must be there.
    pub fn required(&mut self, field: &str, value: Option<impl AsRef<str>>) -> Option<String> {
        let value = filled(value);
        if value.is_none() {
            self.add(field, "required");
        }
        value
    }

    /// A text of at most so many characters, if there.
    pub fn optional(&mut self, field: &str, value: Option<impl AsRef<str>>, max: usize) -> Option<String> {
        let value = filled(value)?;
        if value.chars().count() > max {
            self.wrong(WrongField::new(field, "too-long").with("max", max));
            return None;
        }
        if value.chars().any(is_hidden) {
            self.add(field, "bad-characters");
            return None;
        }
        Some(value)
    }

    /// A text of at most so many characters that must be there.
    pub fn text(&mut self, field: &str, value: Option<impl AsRef<str>>, max: usize) -> Option<String> {
        let value = self.required(field, value);
        self.optional(field, value, max)
    }

    /// Reads a value; `code` says what is wrong with one that does not read.
    pub fn read<T: FromStr>(
        &mut self,
        field: &str,
        value: Option<impl AsRef<str>>,
        code: &'static str,
    ) -> Option<T> {
        match value?.as_ref().trim().parse() {
            Ok(read) => Some(read),
            Err(_) => {
                self.add(field, code);
                None
            }
        }
    }

    /// Reads a value that must be there.
    pub fn need<T: FromStr>(
        &mut self,
        field: &str,
        value: Option<impl AsRef<str>>,
        code: &'static str,
    ) -> Option<T> {
        let value = self.required(field, value);
        self.read(field, value, code)
    }

    /// A text that must be there, as `read` reads it; what it does not read is wrong by the code that it gives.
    pub fn read_by<T>(
        &mut self,
        field: &str,
        value: Option<impl AsRef<str>>,
        read: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let value = self.required(field, value)?;
        read(&value).map_err(|code| self.add(field, code)).ok()
    }

    /// One of several, by its name, that must be there.
    pub fn choice<T: Copy>(
        &mut self,
        field: &str,
        value: Option<impl AsRef<str>>,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Option<T> {
        self.read_by(field, value, |given| {
            all.iter().copied().find(|one| name(*one) == given).ok_or("not-a-choice")
        })
    }

    /// A person's name; what is wrong of it reads as empty.
    pub fn name(
        &mut self,
        surname: &Option<String>,
        given: &Option<String>,
        patronymic: &Option<String>,
    ) -> Name {
        let mut read = |field: &str, value: Option<String>| {
            value.as_deref().map_or(Err("required"), contact::name).unwrap_or_else(|code| {
                self.wrong(WrongField::new(field, code).with("max", NAME_MAX));
                String::new()
            })
        };
        let surname = read("surname", filled(surname.as_ref()));
        let given = read("givenName", filled(given.as_ref()));
        let patronymic = filled(patronymic.as_ref()).map(|value| read("patronymic", Some(value)));
        Name { surname, given, patronymic }
    }

    /// A SNILS that must be there.
    pub fn snils(&mut self, field: &str, value: Option<impl AsRef<str>>) -> Option<Snils> {
        let value = self.required(field, value)?;
        self.number(field, Snils::parse(&value), ["snils-digits", "snils-check"])
    }

    /// An INN that must be there.
    pub fn inn(&mut self, field: &str, value: Option<impl AsRef<str>>) -> Option<Inn> {
        let value = self.required(field, value)?;
        self.number(field, Inn::parse(&value), ["inn-digits", "inn-check"])
    }

    /// A number with check digits, as far as it reads; the codes are of digits that are too many, too few or none, and of
    /// check digits.
    pub fn number<T>(
        &mut self,
        field: &str,
        read: Result<T, NumberFault>,
        [digits, check]: [&'static str; 2],
    ) -> Option<T> {
        let code = |fault| match fault {
            NumberFault::NotDigits | NumberFault::Length => digits,
            NumberFault::Check => check,
        };
        read.map_err(|fault| self.add(field, code(fault))).ok()
    }

    /// A password as it was typed; it is cut where no password is longer, for hashing it would only cost.
    pub fn password(&mut self, field: &str, value: Option<String>) -> String {
        let value = value.filter(|value| !value.is_empty());
        if value.is_none() {
            self.add(field, "required");
        }
        value.unwrap_or_default().chars().take(PASSWORD_MAX + 1).collect()
    }

    /// A one-time code: six digits.
    pub fn code(&mut self, field: &str, value: Option<String>) -> String {
        let code = self.required(field, value).unwrap_or_default();
        let six = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
        if !(six || code.is_empty()) {
            self.add(field, "code-format");
        }
        code
    }

    /// An instant with its offset (RFC 3339).
    pub fn instant(&mut self, field: &str, value: Option<String>) -> Option<DateTime<Utc>> {
        let value = self.required(field, value)?;
        match DateTime::parse_from_rfc3339(&value) {
            Ok(at) => Some(at.to_utc()),
            Err(_) => {
                self.add(field, "not-a-time");
                None
            }
        }
    }

    pub fn date(&mut self, field: &str, value: Option<impl AsRef<str>>) -> Option<NaiveDate> {
        self.read(field, value, "not-a-date")
    }

    /// A date that must be there.
    pub fn day(&mut self, field: &str, value: Option<impl AsRef<str>>) -> Option<NaiveDate> {
        self.need(field, value, "not-a-date")
    }

    /// A whole number within bounds; `default` when not given.
    pub fn limit(&mut self, field: &str, value: Option<String>, default: i32, max: i32) -> i32 {
        match value.as_deref().map(str::parse::<i32>) {
            None => default,
            Some(Ok(n)) if (1..=max).contains(&n) => n,
            Some(_) => {
                self.wrong(WrongField::new(field, "out-of-range").with("min", 1).with("max", max));
                default
            }
        }
    }

    /// What was read, once all of it was and nothing is wrong; else refuses with everything that is.
    pub fn all_of<T>(self, read: Option<T>) -> Result<T, Refusal> {
        match read {
            Some(read) if self.0.is_empty() => Ok(read),
            _ => Err(Refusal::Fields(self.0)),
        }
    }

    /// Refuses with everything that is wrong.
    pub fn finish(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::Fields(self.0)) }
    }
}
