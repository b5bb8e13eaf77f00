//! What each operation asked of the table, held against its bar.

use crate::embedded::meter::Counts;
use std::collections::BTreeMap;
use std::fmt;

/// What is counted; the order is that of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    Register,
    /// Saying who one is, the name unchanged.
    Profile,
    SignIn,
    /// Announcing a file.
    Attach,
    Calendar,
    Day,
    /// With the check of a session, which reads three items.
    DaySignedIn,
    Book,
    /// Somebody has it already, as the first read shows.
    RefusedInTheRead,
    Reschedule,
    Cancel,
    /// A wish of so many rows.
    Join(u32),
    /// A freed slot, from the message to the offer.
    Offer,
    Accept,
    /// Accepting gives up a later appointment.
    AcceptEarlier,
    DeclineSignedIn,
    Lapse,
    PublicRelease,
    Reminder,
}

/// The most that an operation may ask for.
#[derive(Debug, Clone, Copy)]
struct Bar {
    round_trips: u32,
    read_units: f64,
    write_units: f64,
}

impl Operation {
    fn bar(self) -> Bar {
        let (round_trips, read_units, write_units) = match self {
            Self::Register => (2, 3.0, 14.0),
            Self::Profile => (2, 3.0, 8.0),
            Self::SignIn => (3, 3.0, 2.0),
            Self::Attach => (2, 3.0, 3.0),
            Self::Calendar => (1, 8.0, 0.0),
            Self::Day => (1, 1.0, 0.0),
            Self::DaySignedIn => (1, 4.0, 0.0),
            Self::Book => (2, 4.0, 8.0),
            Self::RefusedInTheRead => (2, 8.0, 0.0),
            Self::Reschedule => (2, 5.0, 13.0),
            Self::Cancel => (2, 4.0, 10.0),
            // Half a unit tells that nothing suitable is free.
            Self::Join(rows) => (2, 3.5, 5.0 + 2.0 * f64::from(rows)),
            Self::Offer => (3, 12.0, 12.0),
            Self::Accept => (2, 5.0, 14.0),
            Self::AcceptEarlier => (2, 5.0, 18.0),
            // By the link, or by the clock, it is one read less: no session is checked.
            Self::DeclineSignedIn => (2, 4.0, 12.0),
            Self::Lapse => (2, 3.0, 12.0),
            // The reads that find the cells and that nobody wants them, and the write.
            Self::PublicRelease => (3, 12.0, 3.0),
            Self::Reminder => (1, 1.0, 1.0),
        };
        Bar { round_trips, read_units, write_units }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Register => "register",
            Self::Profile => "the profile",
            Self::SignIn => "sign in",
            Self::Attach => "announce a file",
            Self::Calendar => "calendar of a month",
            Self::Day => "slots of a day",
            Self::DaySignedIn => "slots of a day, signed in",
            Self::Book => "book",
            Self::RefusedInTheRead => "refused, seen in the read",
            Self::Reschedule => "reschedule",
            Self::Cancel => "cancel",
            Self::Join(1) => "join the line, 1 row",
            Self::Join(rows) => return f.pad(&format!("join the line, {rows} rows")),
            Self::Offer => "freed slot to offer",
            Self::Accept => "accept",
            Self::AcceptEarlier => "accept an earlier time",
            Self::DeclineSignedIn => "decline, signed in",
            Self::Lapse => "lapse",
            Self::PublicRelease => "public release",
            Self::Reminder => "reminder",
        })
    }
}

/// Everything counted, by operation.
#[derive(Debug, Default)]
pub struct Ledger(BTreeMap<Operation, Vec<Counts>>);

impl Ledger {
    pub fn enter(&mut self, operation: Operation, counts: Counts) {
        self.0.entry(operation).or_default().push(counts);
    }

    /// Operations of which at least one asked for more than its bar.
    pub fn over(&self) -> impl Iterator<Item = Operation> {
        self.0
            .iter()
            .filter(|(operation, all)| !within(worst(all), operation.bar()))
            .map(|(operation, _)| *operation)
    }
}

/// The most of each figure.
fn worst(all: &[Counts]) -> Counts {
    all.iter().fold(Counts::default(), |worst, one| Counts {
        requests: worst.requests.max(one.requests),
        round_trips: worst.round_trips.max(one.round_trips),
        read_units: worst.read_units.max(one.read_units),
        write_units: worst.write_units.max(one.write_units),
    })
}

fn within(counts: Counts, bar: Bar) -> bool {
    counts.round_trips <= bar.round_trips
        && counts.read_units <= bar.read_units
        && counts.write_units <= bar.write_units
}

impl fmt::Display for Ledger {
    /// One line an operation: the worst that was counted, and the bar behind it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<27}{:>6}{:>15}{:>15}{:>15}",
            "operation", "times", "round trips", "read units", "write units"
        )?;
        for (operation, all) in &self.0 {
            let (counts, bar) = (worst(all), operation.bar());
            let figure = |counted: f64, most: f64| format!("{counted} of {most}");
            writeln!(
                f,
                "{operation:<27}{:>6}{:>15}{:>15}{:>15}  {}",
                all.len(),
                format!("{} of {}", counts.round_trips, bar.round_trips),
                figure(counts.read_units, bar.read_units),
                figure(counts.write_units, bar.write_units),
                if within(counts, bar) { "ok" } else { "OVER" },
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(round_trips: u32, read_units: f64, write_units: f64) -> Counts {
        Counts { requests: 1, round_trips, read_units, write_units }
    }

    #[test]
    fn the_worst_of_each_figure_is_held_against_the_bar() {
        let mut ledger = Ledger::default();
        ledger.enter(Operation::Book, counts(2, 4.0, 8.0));
        ledger.enter(Operation::Join(3), counts(2, 3.0, 11.0));
        assert_eq!(ledger.over().count(), 0);
        assert!(!ledger.to_string().contains("OVER"), "{ledger}");
        ledger.enter(Operation::Book, counts(1, 1.0, 8.5));
        ledger.enter(Operation::Join(1), counts(2, 3.0, 11.0));
        let over: Vec<Operation> = ledger.over().collect();
        assert_eq!(over, [Operation::Book, Operation::Join(1)]);
        let table = ledger.to_string();
        let book = table.lines().find(|line| line.starts_with("book")).unwrap_or_default();
        for part in ["2 of 2", "4 of 4", "8.5 of 8", "OVER"] {
            assert!(book.contains(part), "{part}: {book}");
        }
    }
}
