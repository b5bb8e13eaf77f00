//! What must come of each file that `corpus/make.py` makes: some 450, with the verdict and the reason of each.

use super::made;
use crate::{Accepted, inspect};
use domain::document::{Colour, FileName, FileRules, Paper, Textual};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Files there are at least, so that a corpus that came out half does not pass.
const FILES_MIN: usize = 440;

struct Row {
    expected: String,
    found: String,
    told: String,
}

#[test]
fn every_file_of_the_corpus_gets_the_verdict_that_it_must() {
    let folder = made::corpus();
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&manifest).unwrap();
    let rows: Vec<Row> = rows.iter().map(|row| judge(&folder, row)).collect();
    let wrong = rows.iter().filter(|row| row.expected != row.found);
    let wrong: Vec<String> =
        wrong.map(|row| format!("{}: must be {}, is {}", row.told, row.expected, row.found)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let taken = rows.iter().filter(|row| row.found == "accepted").count();
    println!("{} files, of which {taken} are taken", rows.len());
    assert!(rows.len() >= FILES_MIN, "only {} files", rows.len());
}

fn judge(folder: &Path, row: &Value) -> Row {
    let text = |key: &str| row[key].as_str().unwrap().to_owned();
    let bytes = fs::read(folder.join(text("file"))).unwrap();
    let rules = rules(row);
    let verdict = match FileName::parse(&text("name")) {
        Ok(name) => inspect(name.format(), &rules, &bytes)
            .map_err(|unfit| unfit.name())
            .map(|accepted| (name, accepted)),
        Err(bad) => Err(bad.name()),
    };
    let found = match &verdict {
        Ok((name, accepted)) => {
            check_accepted(row, name, &rules, accepted);
            "accepted"
        }
        Err(reason) => reason,
    };
    let told = format!("{}: {}", text("file"), text("why"));
    Row { expected: text("expect"), found: found.to_owned(), told }
}

fn rules(row: &Value) -> FileRules {
    let is = |key: &str, value: &str| row[key] == value;
    let paper = Paper::ALL.into_iter().find(|paper| is("paper", paper.name())).unwrap();
    FileRules {
        paper,
        colour: if is("colour", "demanded") { Colour::Demanded } else { Colour::Any },
        textual: if is("textual", "allowed") { Textual::Allowed } else { Textual::Refused },
        pages_max: u16::try_from(row["pagesMax"].as_u64().unwrap()).unwrap(),
    }
}

/// What was taken has the pages that it must; what was taken out is gone, and the rest is taken as it is.
fn check_accepted(row: &Value, name: &FileName, rules: &FileRules, accepted: &Accepted) {
    if let Some(pages) = row.get("pages") {
        assert_eq!(accepted.pages.map(u64::from), pages.as_u64(), "{row}");
    }
    if row.get("cleaned").is_some() {
        let clean = accepted.bytes.as_ref().unwrap_or_else(|| panic!("nothing was taken out: {row}"));
        let secrets = ["GPS", "serial 12345", "Petrova", "script", "xmpmeta", "PK\x03\x04", "xxxxxxxx"];
        for secret in secrets {
            assert!(
                !clean.windows(secret.len()).any(|window| window == secret.as_bytes()),
                "{secret}: {row}"
            );
        }
        let again = inspect(name.format(), rules, clean).unwrap();
        assert_eq!(
            (again.format, again.pages, again.bytes),
            (accepted.format, accepted.pages, None),
            "{row}"
        );
    }
}
