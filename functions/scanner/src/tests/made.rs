//! Has the corpus made by its script, in an environment of its own under `target/`, whenever the script has changed.

use crate::inspect::crc::crc32;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder with `manifest.json` and the files. Fails, saying which command did, if they cannot be made: files that were
/// not looked at are not right.
pub fn corpus() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scripts = package.join("corpus");
    let target = package.ancestors().nth(2).expect("the root").join("target");
    let (environment, folder) = (target.join("ci-corpus"), target.join("corpus"));
    let (stamp, state) = (folder.join("made-by"), state(&scripts));
    if fs::read_to_string(&stamp).is_ok_and(|made_by| made_by == state) {
        return folder;
    }
    fs::create_dir_all(&target).expect("a place for what is made");
    let python = environment.join("bin/python");
    run(Command::new("python3").args(["-m", "venv"]).arg(&environment));
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(scripts.join("requirements.txt")));
    run(Command::new(&python).arg(scripts.join("make.py")).arg(&folder));
    // Last, so that what came out half is made again.
    fs::write(&stamp, state).expect("the stamp is written");
    folder
}

/// The check sum of everything that decides what comes out.
fn state(scripts: &Path) -> String {
    let entries = fs::read_dir(scripts).expect("the scripts");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a script").path()).collect();
    paths.retain(|path| path.is_file());
    paths.sort();
    let all: Vec<u8> = paths.iter().flat_map(|path| fs::read(path).expect("a script")).collect();
    format!("{:08x}", crc32(&all))
}

fn run(command: &mut Command) {
    let told = "it needs python3 with venv, and the package registry that pip asks, once";
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => panic!("the corpus cannot be made: {command:?}: {error}; {told}"),
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "the corpus cannot be made: {command:?}: {}; {told}\n{said}",
        output.status
    );
}
