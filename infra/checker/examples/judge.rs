//! Judges a history from a file: `cargo run --release -p checker --example judge -- <history.json> [liveness]`.

use checker::{History, Mode, check};
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which history?")?;
    let mode = match arguments.next().as_deref() {
        None | Some("safety") => Mode::Safety,
        Some("liveness") => Mode::Liveness,
        Some(other) => return Err(format!("no such mode: {other}").into()),
    };
    let history: History = serde_json::from_reader(std::io::BufReader::new(std::fs::File::open(path)?))?;
    let report = check(&history, mode);
    print!("{report}");
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
