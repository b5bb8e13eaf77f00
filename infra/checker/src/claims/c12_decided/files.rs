//! Files (DOC-3, DOC-4): one is accepted only as it was uploaded and looked at, its verdict stands, what was accepted is kept as it
//! was, and in the end nothing lies in storage that no folder tells of.

use crate::Mode;
use crate::decode::{File, Folder};
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Lying, Tape, Track};

/// Somebody looks so long after a form's end whether anything came, and within so long after that.
const LOOKED_WITHIN_US: i64 = (5 + 10) * 60_000_000;

pub fn check(tape: &Tape<'_>, mode: Mode, ruling: &mut Ruling) {
    ruling.count(Claim::C12, "uploads", tape.uploaded.len() as u64);
    for track in &tape.folders.tracks {
        for (at, version) in track.versions.iter().enumerate() {
            for file in version.item.iter().flat_map(|folder| &folder.files) {
                let before = track.before(at).and_then(|folder| of(folder, file));
                if let Some(why) = wrong(tape, track, before, file, version.step) {
                    let text = format!("file {} of {} {why}", file.id, track.key.0);
                    ruling.violation(Claim::C12, version.step, (version.step, version.step), text);
                }
                let decided = before.is_some_and(|before| before.state == "w") && file.state != "w";
                ruling.count(Claim::C12, "files decided", u64::from(decided));
            }
        }
    }
    if mode == Mode::Liveness {
        in_the_end(tape, ruling);
    }
}

fn of<'t>(folder: &'t Folder, file: &File) -> Option<&'t File> {
    folder.files.iter().find(|one| one.id == file.id)
}

fn name(track: &Track<(String, String), Folder>, file: &File) -> String {
    format!("{}/{}/{}", track.key.0, track.key.1, file.id)
}

/// Why a file may not stand so.
fn wrong(
    tape: &Tape<'_>,
    track: &Track<(String, String), Folder>,
    before: Option<&File>,
    file: &File,
    step: u64,
) -> Option<String> {
    if before == Some(file) {
        return None;
    }
    if let Some(before) = before.filter(|before| before.state != "w") {
        return Some(format!("was decided ({before:?}), and decided anew ({file:?})"));
    }
    if file.state != "a" {
        return None;
    }
    let key = name(track, file);
    let sha256 = file.sha256.as_deref().unwrap_or_default();
    let mut came =
        tape.uploaded.iter().filter(|(at, one)| *at < step && one.key == key && one.sha256 == sha256);
    match came.next() {
        None => Some("was accepted, and no such content was uploaded".to_owned()),
        Some((_, one)) if !one.fit => Some("was accepted, and is not fit to be".to_owned()),
        Some(_) => None,
    }
}

fn in_the_end(tape: &Tape<'_>, ruling: &mut Ruling) {
    let Some(Lying { awaited, kept }) = tape.lying else { return };
    let mut wrong = |text: String| {
        ruling.violation(Claim::C12, tape.end_step, (tape.end_step, tape.end_step), text);
    };
    let mut known = Vec::new();
    for track in &tape.folders.tracks {
        for file in track.last().into_iter().flat_map(|folder| &folder.files) {
            let key = name(track, file);
            let over_us = (file.at_ms * 1000).max(tape.calm.1) + LOOKED_WITHIN_US;
            if file.state == "w" && tape.end_us > over_us {
                wrong(format!("file {key} is still awaited"));
            }
            let is = |(at, content): &&(String, String)| {
                at.starts_with(&format!("{key}/")) && Some(content) == file.sha256.as_ref()
            };
            if file.state == "a" && !kept.iter().any(|one| is(&one)) {
                wrong(format!("file {key} was accepted, and is not kept"));
            }
            known.push((key, file));
        }
    }
    for key in awaited {
        if !known.iter().any(|(file, of)| file == key && of.state == "w") {
            wrong(format!("{key} lies among the uploads, and nobody waits for it"));
        }
    }
    for (key, content) in kept {
        let owns = |(file, of): &(String, &File)| {
            key.starts_with(&format!("{file}/")) && of.sha256.as_ref() == Some(content)
        };
        if !known.iter().any(owns) {
            wrong(format!("{key} is kept, and no file is so"));
        }
    }
}
