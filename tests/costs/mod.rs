//! What each operation asks of the table: round trips, write and read units, held against its bar.
//!
//! Counts, never times. `cargo test --workspace costs -- --nocapture` prints what was counted.

mod crowds;
mod lines;
mod main_job;
mod signing;

use local::embedded::meter::Counts;

/// The most that an operation may ask for, indexes included.
#[derive(Debug, Clone, Copy)]
struct Bar {
    trips: u32,
    write: f64,
    read: f64,
}

const fn bar(trips: u32, write: f64, read: f64) -> Bar {
    Bar { trips, write, read }
}

/// Prints what was counted and fails beyond the bar.
#[track_caller]
fn within(operation: &str, counted: Counts, bar: Bar) {
    let Counts { round_trips, write_units, read_units, .. } = counted;
    println!("| {operation} | {round_trips} | {write_units} | {read_units} |");
    let fits = round_trips <= bar.trips && write_units <= bar.write && read_units <= bar.read;
    assert!(fits, "{operation}: {counted:?} is more than {bar:?}");
    assert!(round_trips > 0, "{operation}: nothing was counted");
}
