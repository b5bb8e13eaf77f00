//! What holds for all words at once: both languages, every code, every notice, every plural.

mod notices;
mod problems;
mod words;

use crate::{File, Lang, book};
use std::collections::{BTreeMap, BTreeSet};

/// Each message or attribute of a file (`key` or `key.attribute`) with its text.
fn messages(lang: Lang, file: File) -> BTreeMap<String, String> {
    let (mut found, mut key, mut current) = (BTreeMap::new(), String::new(), String::new());
    for line in book::source(lang, file).lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let text = if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            let (name, text) = line.split_once('=').expect("a message");
            key = name.trim().to_owned();
            current = key.clone();
            text
        } else if let Some((name, text)) = line.trim().strip_prefix('.').and_then(|rest| rest.split_once('='))
        {
            current = format!("{key}.{}", name.trim());
            text
        } else {
            line
        };
        let whole: &mut String = found.entry(current.clone()).or_default();
        whole.push_str(text);
        whole.push('\n');
    }
    found
}

/// The names of the facts that a text uses.
fn variables(text: &str) -> BTreeSet<String> {
    text.split('$')
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>())
        // `$seconds ->` has a space before the arrow, so a dash at the end belongs to the arrow only.
        .map(|name| name.trim_end_matches('-').to_owned())
        .collect()
}
