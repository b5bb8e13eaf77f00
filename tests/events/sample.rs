//! The files of `events/`: an event, and beside it what must come of it.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const EXPECTED: &str = ".expected.json";

/// An event as AWS delivers it, with what is expected of its function.
pub struct Sample {
    pub package: String,
    pub name: String,
    pub event: String,
    pub expected: Expected,
}

/// What must come of an event. Texts may have `*` where anything may stand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// What the sample shows, for readers.
    #[expect(dead_code, reason = "it must be there, and is for people")]
    pub shows: String,
    /// When it is delivered, in the town of the samples.
    pub at: chrono::DateTime<chrono::FixedOffset>,
    /// The answer; of HTTP bodies what is given here must be in it, the rest is free.
    pub answer: Value,
    /// Every change of the table: `INSERT pk/sk`.
    #[serde(default)]
    pub writes: Vec<String>,
    /// Every message sent, by queue.
    #[serde(default)]
    pub messages: BTreeMap<String, Vec<String>>,
    /// Every letter: `sms +79990001122`.
    #[serde(default)]
    pub sent: Vec<String>,
}

impl Sample {
    pub fn title(&self) -> String {
        format!("events/{}/{}", self.package, self.name)
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../events")
}

/// All samples of a function, by name. Whatever else lies in its folder fails.
pub fn of(package: &str) -> Vec<Sample> {
    let mut files = names(&root().join(package));
    files.retain(|name| !name.starts_with('.'));
    let mut samples = Vec::new();
    for file in &files {
        let Some(name) = file.strip_suffix(".json") else { panic!("events/{package}/{file} is no event") };
        if let Some(name) = file.strip_suffix(EXPECTED) {
            let event = format!("{name}.json");
            assert!(files.contains(&event), "events/{package}/{file} expects something of no event");
            continue;
        }
        let title = format!("events/{package}/{name}{EXPECTED}");
        let expected = std::fs::read_to_string(root().join(package).join(format!("{name}{EXPECTED}")));
        let expected = expected.unwrap_or_else(|error| panic!("{title}: {error}"));
        let expected = serde_json::from_str(&expected).unwrap_or_else(|error| panic!("{title}: {error}"));
        let event = std::fs::read_to_string(root().join(package).join(file)).expect("a readable file");
        samples.push(Sample { package: package.to_owned(), name: name.to_owned(), event, expected });
    }
    samples
}

/// The folders of `events/`.
pub fn folders() -> Vec<String> {
    names(&root()).into_iter().filter(|name| root().join(name).is_dir()).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let name = |file: std::io::Result<std::fs::DirEntry>| file.expect("a file").file_name();
    let mut names: Vec<String> = files.map(|file| name(file).to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
