//! What must come of each file that `corpus/make.py` makes.

use crate::{Accepted, inspect};
use domain::document::{Colour, FileName, FileRules, Paper, Textual};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// No file takes longer, even unoptimized as tests are.
const LONGEST: Duration = Duration::from_secs(20);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/corpus")
}

struct Row {
    expected: String,
    found: String,
    took: Duration,
    told: String,
}

#[test]
fn every_file_of_the_corpus_gets_the_verdict_that_it_must() {
    let Ok(manifest) = fs::read_to_string(folder().join("manifest.json")) else {
        println!(
            "\n!!! NO CORPUS in {}: NOTHING WAS CHECKED. Its script says how it is made.\n",
            folder().display()
        );
        return;
    };
    let rows: Vec<Value> = serde_json::from_str(&manifest).unwrap();
    let rows: Vec<Row> = rows.iter().map(judge).collect();
    for Row { expected, found, took, told } in &rows {
        let mark = if expected == found { " " } else { "!" };
        println!("{mark} {found:<20} {:>6} ms  {told}", took.as_millis());
        if expected != found {
            println!("    must be {expected}");
        }
    }
    let right = rows.iter().filter(|row| row.expected == row.found).count();
    let longest = rows.iter().max_by_key(|row| row.took).unwrap();
    println!(
        "{right} of {} right; the longest: {} ms, {}",
        rows.len(),
        longest.took.as_millis(),
        longest.told
    );
    assert_eq!(right, rows.len());
    assert!(rows.len() >= 70 && longest.took < LONGEST);
}

fn judge(row: &Value) -> Row {
    let text = |key: &str| row[key].as_str().unwrap().to_owned();
    let bytes = fs::read(folder().join(text("file"))).unwrap();
    let rules = rules(row);
    let began = Instant::now();
    let verdict = match FileName::parse(&text("name")) {
        Ok(name) => {
            inspect(&name, &rules, &bytes).map_err(|unfit| unfit.name()).map(|accepted| (name, accepted))
        }
        Err(bad) => Err(bad.name()),
    };
    let took = began.elapsed();
    let found = match &verdict {
        Ok((name, accepted)) => {
            check_accepted(row, name, &rules, accepted);
            "accepted"
        }
        Err(reason) => reason,
    };
    let told = format!("{}: {}", text("file"), text("why"));
    Row { expected: text("expect"), found: found.to_owned(), took, told }
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
        let again = inspect(name, rules, clean).unwrap();
        assert_eq!(
            (again.format, again.pages, again.bytes),
            (accepted.format, accepted.pages, None),
            "{row}"
        );
    }
}
