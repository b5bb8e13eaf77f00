//! Every refusal that has words is one that the code gives, and the other way round.

use crate::rooms::sources::{self, Place};
use std::collections::BTreeSet;
use text::{File, Lang};

/// Words that wait for their code: (code, what it is for).
const NOT_YET: &[(&str, &str)] = &[
    ("field-invalid", "what is said of a field's error that has no words: there is none"),
    ("field-too-short", "fields with a least length, once the profile has some"),
    ("idempotency-key-needed", "routes on which nobody may go without a key"),
];

/// The codes in words: refusals, and errors of fields as `field-…`.
fn worded() -> BTreeSet<&'static str> {
    text::known_codes(Lang::Ru, File::Problems).collect()
}

/// Every literal of the code that is deployed, texts excepted.
fn literals() -> BTreeSet<String> {
    let deployed = |path: &str| {
        (path.starts_with("shared/") && !path.starts_with("shared/text/")) || path.starts_with("functions/")
    };
    let sources = sources::all().into_iter().filter(|source| deployed(&source.path));
    let literals = sources.flat_map(|source| source.literals).filter(|literal| literal.place == Place::Code);
    literals.map(|literal| literal.text).collect()
}

#[test]
fn whatever_has_words_is_said() {
    let literals = literals();
    // Why a file is refused is named without saying that it is about a file.
    let is_said = |code: &str| {
        let code = code.strip_prefix("field-").unwrap_or(code);
        literals.contains(code) || code.strip_prefix("file-").is_some_and(|reason| literals.contains(reason))
    };
    let mut silent: Vec<&str> = worded()
        .into_iter()
        .filter(|code| !is_said(code))
        .filter(|code| NOT_YET.iter().all(|(waits, _)| waits != code))
        .collect();
    let spoken = NOT_YET.iter().filter(|(code, _)| is_said(code));
    silent.extend(spoken.map(|(code, _)| *code));
    assert!(silent.is_empty(), "never said, or said and listed as waiting: {silent:?}");
}
