//! The sources of the workspace: their lines, and the literals that code has in it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::path::{Path, PathBuf};

pub struct Source {
    /// From the root: `shared/store/src/keys.rs`.
    pub path: String,
    pub text: String,
    pub literals: Vec<Literal>,
}

pub struct Literal {
    pub line: usize,
    /// As written, without quotes.
    pub text: String,
    pub place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Code,
    Test,
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file of Rust in the workspace.
pub fn all() -> Vec<Source> {
    let mut sources = Vec::new();
    for room in ["shared", "functions", "infra", "tests"] {
        collect(&root().join(room), room, &mut sources);
    }
    assert!(sources.len() > 100, "the sources are there");
    sources
}

fn collect(folder: &Path, at: &str, sources: &mut Vec<Source>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for entry in entries {
        let name = entry.file_name().expect("a name").to_string_lossy();
        let path = format!("{at}/{name}");
        if entry.is_dir() && name != "target" {
            collect(&entry, &path, sources);
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(&entry).expect("a readable file");
            let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
            let tests = at.starts_with("tests") || at.contains("/tests") || name == "tests.rs";
            let place = if tests { Place::Test } else { Place::Code };
            let mut literals = Vec::new();
            walk(tokens, place, &mut literals);
            sources.push(Source { path, text, literals });
        }
    }
}

/// Attributes are passed over, documentation with them; what stands under `#[cfg(test)]` is test.
fn walk(tokens: TokenStream, place: Place, found: &mut Vec<Literal>) {
    let mut after_hash = false;
    let mut next = place;
    for token in tokens {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => after_hash = true,
            TokenTree::Punct(punct) if punct.as_char() == '!' && after_hash => {}
            TokenTree::Group(group) if after_hash && group.delimiter() == Delimiter::Bracket => {
                after_hash = false;
                if group.stream().to_string().replace(' ', "") == "cfg(test)" {
                    next = Place::Test;
                }
            }
            TokenTree::Group(group) => {
                after_hash = false;
                walk(group.stream(), next, found);
                if group.delimiter() == Delimiter::Brace {
                    next = place;
                }
            }
            TokenTree::Literal(literal) => {
                after_hash = false;
                let (line, text) = (literal.span().start().line, unquoted(&literal.to_string()));
                found.push(Literal { line, text, place: next });
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => {
                after_hash = false;
                next = place;
            }
            _ => after_hash = false,
        }
    }
}

/// What stands between the quotes, however many `#` are around them.
fn unquoted(written: &str) -> String {
    let Some(quote) = written.find(['"', '\'']) else { return written.to_owned() };
    let hashes = written[..quote].matches('#').count();
    written[quote + 1..written.len() - 1 - hashes].to_owned()
}

#[test]
fn literals_are_found_and_comments_are_none() {
    let code = r##"
        //! "one"
        /// "two"
        #[doc = "three"]
        fn f() { let _ = ("four", 'п', r#"fi"ve"#, format!("six {}", 7)); }
        #[cfg(test)]
        mod tests { const A: &str = "eight"; }
        const B: &str = "nine#"; // "ten"
    "##;
    let mut found = Vec::new();
    walk(code.parse().expect("tokens"), Place::Code, &mut found);
    let texts: Vec<(&str, Place)> = found.iter().map(|one| (one.text.as_str(), one.place)).collect();
    let code = ["four", "п", "fi\"ve", "six {}", "7"].map(|text| (text, Place::Code));
    assert_eq!(texts, [&code[..], &[("eight", Place::Test), ("nine#", Place::Code)]].concat());
}
