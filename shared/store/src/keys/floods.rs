//! What is counted, so that nobody guesses or floods.

use super::Key;
use chrono::{DateTime, NaiveDate, Utc};

/// How often a login was tried since an instant.
pub fn sign_in_tries(hash: &str, since: DateTime<Utc>) -> Key {
    Key::new(format!("LIMIT#{hash}"), format!("sign-in-{}", since.timestamp()))
}

/// How many codes went to a phone on a date.
pub fn code_limit(hash: &str, on: NaiveDate) -> Key {
    Key::new(format!("LIMIT#{hash}"), on.to_string())
}

/// How many codes of a bucket were asked for since an instant.
pub fn flood(hash: &str, bucket: &str, since: DateTime<Utc>) -> Key {
    Key::new(format!("LIMIT#{hash}"), format!("{bucket}-{}", since.timestamp()))
}

/// When the last code went to a phone or an address, whatever for.
pub fn code_pause(hash: &str) -> Key {
    Key::new(format!("LIMIT#{hash}"), "PAUSE")
}

/// An effort that was shown once.
pub fn spent(hash: &str) -> Key {
    Key::new(format!("SPENT#{hash}"), "SPENT")
}
