//! C12 of files: accepted as they were uploaded, decided once, kept as they were, and nothing left lying about.

use crate::expect::{blames, clean};
use crate::town::Town;
use crate::town::wire::{b, item, l, m, maybe, n, s};
use checker::Claim::C12;
use checker::history::What;
use serde_json::Value;

const KEY: &str = "anna/grant/file-1";
const YES: &str = "eWVz";
const OTHER: &str = "b3RoZXI";

/// The one file of Anna's folder.
fn file(state: &str, at_ms: i64, sha256: Option<&str>) -> Value {
    let file = [("id", s("file-1")), ("s", s(state)), ("at", n(at_ms)), ("sha", maybe(sha256, b))];
    item([("v", n(1)), ("fs", l([m(file)]))])
}

fn put(town: &mut Town, file: Value) {
    town.commit("scanner", |state| {
        state.more.insert(("CIT#anna".into(), "DOCS#grant".into()), file);
    });
}

fn uploads(town: &mut Town, sha256: &str, fit: bool) {
    town.event(What::Uploaded { key: KEY.into(), sha256: sha256.into(), fit });
}

fn lies(town: &mut Town, awaited: &[&str], kept: &[(&str, &str)]) {
    let awaited = awaited.iter().map(ToString::to_string).collect();
    let kept = kept.iter().map(|(key, sha256)| (format!("{KEY}/{key}"), (*sha256).to_owned())).collect();
    town.event(What::Lying { awaited, kept });
}

/// Announced and uploaded, and not looked at yet.
fn uploaded(fit: bool) -> Town {
    let mut town = Town::new();
    let until_ms = town.now_ms() + 900_000;
    put(&mut town, file("w", until_ms, None));
    uploads(&mut town, YES, fit);
    town
}

#[test]
fn a_file_is_accepted_as_it_was_uploaded_and_kept() {
    let mut town = uploaded(true);
    put(&mut town, file("a", 1, Some(YES)));
    lies(&mut town, &[], &[("yes", YES)]);
    clean(&town.liveness());
    let mut town = uploaded(true);
    put(&mut town, file("a", 1, Some(OTHER)));
    blames(&town.safety(), C12, "was accepted, and no such content was uploaded");
    let mut town = uploaded(false);
    put(&mut town, file("a", 1, Some(YES)));
    blames(&town.safety(), C12, "was accepted, and is not fit to be");
}

#[test]
fn what_was_decided_stays_so() {
    let mut town = uploaded(true);
    put(&mut town, file("a", 1, Some(YES)));
    uploads(&mut town, OTHER, true);
    put(&mut town, file("a", 2, Some(OTHER)));
    blames(&town.safety(), C12, "decided anew");
    let mut town = uploaded(false);
    put(&mut town, file("r", 1, None));
    uploads(&mut town, YES, true);
    put(&mut town, file("a", 2, Some(YES)));
    blames(&town.safety(), C12, "decided anew");
}

#[test]
fn in_the_end_all_is_looked_at_and_nothing_lies_about() {
    let mut town = uploaded(true);
    town.later(3600).tick();
    lies(&mut town, &[KEY], &[]);
    blames(&town.liveness(), C12, "is still awaited");
    let accepted = |awaited: &[&str], kept: &[(&str, &str)]| {
        let mut town = uploaded(true);
        put(&mut town, file("a", 1, Some(YES)));
        lies(&mut town, awaited, kept);
        town.liveness()
    };
    blames(&accepted(&[], &[]), C12, "was accepted, and is not kept");
    blames(&accepted(&[KEY], &[("yes", YES)]), C12, "lies among the uploads, and nobody waits for it");
    blames(&accepted(&[], &[("yes", YES), ("other", OTHER)]), C12, "is kept, and no file is so");
}
