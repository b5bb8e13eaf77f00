//! DER out of what people have: DER itself, PEM, or base64 alone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use der::{Decode, Encode};
use std::borrow::Cow;

/// The first byte of every DER SEQUENCE. No PEM and no base64 of a SEQUENCE begins with it («-» and «M»).
const SEQUENCE: u8 = 0x30;

/// What `bytes` hold, if they hold one thing whose label is among `labels` (PEM) or which has no label.
pub fn open<'a>(bytes: &'a [u8], labels: &[&str]) -> Option<Cow<'a, [u8]>> {
    if bytes.first() == Some(&SEQUENCE) {
        return Some(Cow::Borrowed(bytes));
    }
    let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').trim();
    let body = match text.starts_with("-----") {
        false => text,
        true => {
            let (body, rest) = labels.iter().find_map(|label| split(text, label))?;
            rest.trim().is_empty().then_some(body)?
        }
    };
    unfold(body).map(Cow::Owned)
}

/// Everything that `bytes` hold: one DER, or any number of PEMs one after another.
pub fn open_all<'a>(bytes: &'a [u8], label: &str) -> Option<Vec<Cow<'a, [u8]>>> {
    if bytes.first() == Some(&SEQUENCE) {
        return Some(vec![Cow::Borrowed(bytes)]);
    }
    let mut text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').trim();
    let mut found = Vec::new();
    while !text.is_empty() {
        let (body, rest) = split(text, label)?;
        found.push(Cow::Owned(unfold(body)?));
        text = rest.trim_start();
    }
    Some(found)
}

/// The body of the PEM with which `text` begins, and what follows it.
fn split<'t>(text: &'t str, label: &str) -> Option<(&'t str, &'t str)> {
    let text = text.strip_prefix(&format!("-----BEGIN {label}-----"))?;
    text.split_once(&format!("-----END {label}-----"))
}

fn unfold(body: &str) -> Option<Vec<u8>> {
    let packed: String = body.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    STANDARD.decode(packed).ok()
}

/// Reads DER strictly: what was read must be what would be written, so one meaning has one form, and what is written again
/// for checking a signature is what was signed.
pub fn strict<T: for<'a> Decode<'a> + Encode>(der: &[u8]) -> Option<T> {
    let read = T::from_der(der).ok()?;
    (read.to_der().ok()?.as_slice() == der).then_some(read)
}
