//! The rooms of README's map, and what may stand in which.

mod manifests;
pub mod sources;

use sources::{Place, Source};

/// The most lines of a file; most have a quarter of that.
const LINES_MAX: usize = 400;
/// The most lines of a function's `main.rs`: it only says which router or handler is served.
const MAIN_LINES_MAX: usize = 12;

/// Where keys are made.
const KEYS: &str = "shared/store/src/keys.rs";
/// What reads keys by itself: a judge who took the word of the judged would find nothing.
const JUDGE: &str = "infra/checker/";

/// Code with Russian in it that is not for reading: (file, why).
const RUSSIAN: [(&str, &str); 4] = [
    ("shared/app/src/find.rs", "words that a search passes over, and ё as е"),
    ("shared/app/src/password.rs", "passwords that people choose most"),
    ("shared/store/src/catalogue/windows.rs", "the alphabet of windows' letters"),
    ("infra/checker/src/claims/c4_taken.rs", "verdicts quote the answer that they judge"),
];

fn fails(wrong: &[String]) {
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn each(check: impl Fn(&Source) -> Option<String>) {
    let wrong: Vec<String> = sources::all().iter().filter_map(check).collect();
    fails(&wrong);
}

#[test]
fn a_file_begins_with_what_the_reader_finds_in_it() {
    each(|source| {
        let first = source.text.lines().next().unwrap_or_default();
        let said = first.strip_prefix("//! ").is_some_and(|said| said.chars().count() > 10);
        (!said).then(|| format!("{}: {first}", source.path))
    });
}

#[test]
fn a_file_can_be_read_in_one_go() {
    each(|source| {
        let lines = source.text.lines().count();
        let main = source.path.starts_with("functions/") && source.path.ends_with("/main.rs");
        let most = if main { MAIN_LINES_MAX } else { LINES_MAX };
        (lines > most).then(|| format!("{}: {lines} lines, at most {most}", source.path))
    });
}

#[test]
fn keys_are_made_in_one_file() {
    let sources = sources::all();
    let keys = sources.iter().find(|source| source.path == KEYS).expect("the keys");
    let mut prefixes = Vec::new();
    let mut names = Vec::new();
    for text in keys.literals.iter().filter(|literal| literal.place == Place::Code).map(|one| &one.text) {
        let name = text.trim_end_matches(|c: char| !c.is_ascii_uppercase() && c != '#');
        match text.split_once('#') {
            Some((prefix, _)) if is_name(prefix) => prefixes.push(format!("{prefix}#")),
            None if is_name(name) && name == text => names.push(name.to_owned()),
            _ => {}
        }
    }
    assert!(prefixes.len() >= 10 && names.len() >= 5, "the keys are found: {prefixes:?} {names:?}");
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|source| source.path != KEYS && !source.path.starts_with(JUDGE)) {
        for literal in source.literals.iter().filter(|literal| literal.place == Place::Code) {
            let key = prefixes.iter().any(|prefix| literal.text.starts_with(prefix))
                || names.contains(&literal.text);
            if key {
                wrong.push(format!("{}:{}: {}", source.path, literal.line, literal.text));
            }
        }
    }
    fails(&wrong);
}

fn is_name(text: &str) -> bool {
    text.len() >= 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[test]
fn what_people_read_in_russian_stands_with_the_texts() {
    let mut used = vec![false; RUSSIAN.len()];
    let mut wrong = Vec::new();
    for source in sources::all().iter().filter(|source| !source.path.starts_with("shared/text/")) {
        for literal in source.literals.iter().filter(|literal| literal.place == Place::Code) {
            if !literal.text.chars().any(|c| ('\u{400}'..='\u{4ff}').contains(&c)) {
                continue;
            }
            match RUSSIAN.iter().position(|(path, _)| *path == source.path) {
                Some(at) => used[at] = true,
                None => wrong.push(format!("{}:{}: {:.60}", source.path, literal.line, literal.text)),
            }
        }
    }
    let idle = RUSSIAN.iter().zip(used).filter(|(_, used)| !used);
    wrong.extend(idle.map(|((path, why), _)| format!("{path} has none: {why}")));
    fails(&wrong);
}
