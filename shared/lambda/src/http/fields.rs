//! Reading fields, collecting everything that is wrong, so that one answer names it all (RES-3).

use app::Refusal;
use app::refusal::WrongField;
use chrono::{DateTime, NaiveDate, Utc};
use domain::limits::PASSWORD_MAX;
use std::str::FromStr;

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

    /// All that was found wrong elsewhere.
    pub fn all(&mut self, wrong: Vec<WrongField>) {
        self.0.extend(wrong);
    }

    /// A text that must be there.
    pub fn required(&mut self, field: &str, value: Option<String>) -> Option<String> {
        let value = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        if value.is_none() {
            self.wrong(WrongField::new(field, "required"));
        }
        value
    }

    /// A text of at most so many characters, if there.
    pub fn optional(&mut self, field: &str, value: Option<String>, max: usize) -> Option<String> {
        let value = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())?;
        if value.chars().count() > max {
            self.wrong(WrongField::new(field, "too-long").with("max", max));
            return None;
        }
        Some(value)
    }

    /// Reads a value; `code` says what is wrong with one that does not read.
    pub fn read<T: FromStr>(&mut self, field: &str, value: Option<String>, code: &'static str) -> Option<T> {
        match value?.trim().parse() {
            Ok(read) => Some(read),
            Err(_) => {
                self.wrong(WrongField::new(field, code));
                None
            }
        }
    }

    /// Reads a value that must be there.
    pub fn need<T: FromStr>(&mut self, field: &str, value: Option<String>, code: &'static str) -> Option<T> {
        let value = self.required(field, value);
        self.read(field, value, code)
    }

    /// A text that must be there, as `read` reads it; what it does not read is wrong by the code that it gives.
    pub fn read_by<T>(
        &mut self,
        field: &str,
        value: Option<String>,
        read: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let value = self.required(field, value)?;
        read(&value).map_err(|code| self.wrong(WrongField::new(field, code))).ok()
    }

    /// A password as it was typed; it is cut where no password is longer, for hashing it would only cost.
    pub fn password(&mut self, field: &str, value: Option<String>) -> String {
        let value = value.filter(|value| !value.is_empty());
        if value.is_none() {
            self.wrong(WrongField::new(field, "required"));
        }
        value.unwrap_or_default().chars().take(PASSWORD_MAX + 1).collect()
    }

    /// A one-time code: six digits.
    pub fn code(&mut self, field: &str, value: Option<String>) -> String {
        let code = self.required(field, value).unwrap_or_default();
        let six = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
        if !(six || code.is_empty()) {
            self.wrong(WrongField::new(field, "code-format"));
        }
        code
    }

    /// An instant with its offset (RFC 3339).
    pub fn instant(&mut self, field: &str, value: Option<String>) -> Option<DateTime<Utc>> {
        let value = self.required(field, value)?;
        match DateTime::parse_from_rfc3339(&value) {
            Ok(at) => Some(at.to_utc()),
            Err(_) => {
                self.wrong(WrongField::new(field, "not-a-time"));
                None
            }
        }
    }

    pub fn date(&mut self, field: &str, value: Option<String>) -> Option<NaiveDate> {
        self.read(field, value, "not-a-date")
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

    /// Refuses with everything that is wrong.
    pub fn finish(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::Fields(self.0)) }
    }
}
