//! How fast histories are judged: `cargo run --release -p checker --example pace`.

#[allow(dead_code, reason = "each binary that shares it uses a part")]
#[path = "../tests/town/mod.rs"]
mod town;

use checker::{Mode, check};
use std::time::Instant;
use town::items::Note;
use town::{Id, Town, seat};

/// Rounds of a slot's life: booked, given up, offered, accepted, told, given up again, released.
fn history(rounds: usize) -> checker::History {
    let mut town = Town::new();
    let id = |what: &str, n: usize| -> Id { Box::leak(format!("{what}-{n}").into_boxed_str()) };
    for n in 0..rounds {
        let at = seat(4 + (n / 4 % 5) as u32, 120 + 6 * (n % 4) as u16, 126 + 6 * (n % 4) as u16);
        let (anna, boris) = (id("anna", n), id("boris", n));
        let (first, second, offer) = (id("first", n), id("second", n), id("offer", n));
        town.books(anna, first, &at).joins(boris, "talk", id("T", n)).cancels(first).later(1);
        town.offers(offer, boris, "talk", &at);
        let op = town.call(boris, None, checker::history::Action::Decline { offer: offer.into() });
        town.commit("waitlist", |state| state.decline(offer));
        town.ok(op, Default::default());
        town.commit("waitlist-worker", |state| state.release(&at));
        let leave = town.call(boris, None, checker::history::Action::Leave { service: "talk".into() });
        town.commit("waitlist", |state| {
            state.place(boris, "talk", "left").state = "left";
            state.guard(boris, None).waiting.clear();
        });
        town.ok(leave, Default::default());
        town.books(boris, second, &at).cancels(second);
        town.commit("waitlist-worker", |state| state.release(&at));
        for (who, subject, kind, version) in [
            (anna, first, "booked", 1),
            (anna, first, "cancelled", 2),
            (boris, offer, "offer-made", 1),
            (boris, second, "booked", 1),
            (boris, second, "cancelled", 2),
        ] {
            let number = format!("1796072400.{kind}.{subject}.{version}");
            for state in ["pending", "sent"] {
                let number = number.clone();
                town.commit("notifier", |table| {
                    let note = Note { state, due_at_ms: None, sent: Vec::new() };
                    table.notes.insert((who, number), note);
                });
            }
        }
    }
    town.history
}

fn main() {
    for rounds in [43, 172] {
        let history = history(rounds);
        for mode in [Mode::Safety, Mode::Liveness] {
            let runs = 20;
            let began = Instant::now();
            let mut report = check(&history, mode);
            for _ in 1..runs {
                report = check(&history, mode);
            }
            let each = began.elapsed() / runs;
            let count = |name| report.count(checker::Claim::Recording, name);
            println!(
                "{mode:?}: {} operations, {} records, {} violations: {each:?}",
                count("operations"),
                count("records"),
                report.violations.len()
            );
        }
    }
}
