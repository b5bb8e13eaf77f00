//! Services of different lengths in one window: what is left between visits should be of use to somebody (AVL-3).

use super::{always, at, catalogue, december, hours, office, range, service, window};
use crate::availability::{Asking, Slot, candidates, free_slots, grid};
use crate::catalogue::{Catalogue, Office, WorkingCalendar};
use crate::cells::CellRange;
use crate::page::CellSet;
use crate::schedule::{open_intervals, receives};
use crate::{ServiceId, WindowId};
use chrono_tz::Tz;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng};
use std::collections::BTreeMap;

/// Visits of 20, 30, 45 and 60 minutes; one window for all of them, others for two or three.
fn town() -> (Catalogue, Office) {
    let plan = || vec![always(vec![hours(9, 13), hours(14, 18)])];
    let windows = vec![
        window("a", plan(), &["short", "half", "long", "hour"]),
        window("b", plan(), &["short", "half"]),
        window("c", plan(), &["half", "long"]),
        window("d", plan(), &["short", "hour"]),
    ];
    let office = office(Tz::Europe__Moscow, windows);
    let services =
        vec![service("short", 20, 0), service("half", 30, 0), service("long", 45, 0), service("hour", 60, 0)];
    (catalogue(office.clone(), services, WorkingCalendar::default()), office)
}

type Taken = BTreeMap<WindowId, CellSet>;

/// The free cells of the day into which nothing fits that their window receives.
fn of_no_use(town: &Catalogue, office: &Office, on: u32, taken: &Taken) -> usize {
    let lost = office.windows.iter().map(|window| {
        let open: CellSet = open_intervals(&town.calendar, office, window, december(on))
            .iter()
            .flat_map(|hours| hours.iter())
            .collect();
        let free = open.minus(&taken.get(&window.id).copied().unwrap_or_default());
        let starts =
            town.services.values().flat_map(|service| grid(town, office, window, service, december(on)));
        let used: CellSet = starts
            .map(|slot| slot.cells)
            .filter(|cells| free.covers(*cells))
            .flat_map(|cells| cells.iter())
            .collect();
        free.minus(&used).iter().count()
    });
    lost.sum()
}

/// A week in which people come and take one of the starts that they are shown, in the window that `choose` says. Answers the
/// five-minute cells that were booked and those that are of no use to anybody in the end.
fn week(seed: u64, choose: fn(&Catalogue, &Office, &[Slot], u64, &Taken) -> Slot) -> (usize, usize) {
    let (town, office) = town();
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let asking = Asking::anybody(at("2026-12-01T08:00:00+03:00"));
    let (mut booked, mut lost) = (0, 0);
    for on in 7..=11 {
        let mut taken = Taken::new();
        for _ in 0..55 {
            let names = ["short", "half", "half", "long", "hour"];
            let id: ServiceId = names[dice.next_u64() as usize % names.len()].parse().unwrap();
            let in_window = |window: &WindowId| taken.get(window).copied().unwrap_or_default();
            let free = free_slots(&town, &office, &town.services[&id], december(on), &asking, in_window);
            let Ok(free) = free else { continue };
            let wanted = free[dice.next_u64() as usize % free.len()].starts_at;
            let here: Vec<Slot> = free.into_iter().filter(|slot| slot.starts_at == wanted).collect();
            let slot = choose(&town, &office, &here, dice.next_u64(), &taken);
            booked += usize::from(slot.cells.len());
            let cells = taken.entry(slot.window.clone()).or_default();
            *cells = cells.union(&slot.cells.into());
        }
        lost += of_no_use(&town, &office, on, &taken);
    }
    (booked, lost)
}

fn best_fit(town: &Catalogue, office: &Office, slots: &[Slot], spread: u64, taken: &Taken) -> Slot {
    let taken = |window: &WindowId| taken.get(window).copied().unwrap_or_default();
    candidates(town, office, slots, spread, taken).remove(0)
}

fn fewest_services(town: &Catalogue, office: &Office, slots: &[Slot], spread: u64, _: &Taken) -> Slot {
    let breadth = |slot: &Slot| {
        let window = office.windows.iter().find(|window| window.id == slot.window).unwrap();
        let received = window.services.iter();
        received.filter(|offered| receives(&town.calendar, window, &offered.service, slot.on)).count()
    };
    let least = slots.iter().map(breadth).min().unwrap();
    let some: Vec<&Slot> = slots.iter().filter(|slot| breadth(slot) == least).collect();
    some[spread as usize % some.len()].clone()
}

fn any_window(_: &Catalogue, _: &Office, slots: &[Slot], spread: u64, _: &Taken) -> Slot {
    slots[spread as usize % slots.len()].clone()
}

#[test]
fn over_many_weeks_less_time_is_of_no_use_than_with_other_rules() {
    let total = |choose| {
        let weeks = (0..40).map(|seed| week(seed, choose));
        weeks.fold((0, 0), |(booked, lost), (b, l)| (booked + b, lost + l))
    };
    let (best, narrow, any) = (total(best_fit), total(fewest_services), total(any_window));
    println!("cells booked and of no use: best fit {best:?}, fewest services {narrow:?}, any window {any:?}");
    assert!(best.1 < narrow.1 && best.1 < any.1, "{best:?} {narrow:?} {any:?}");
    assert!(best.0 >= narrow.0 && best.0 >= any.0, "{best:?} {narrow:?} {any:?}");
}

#[test]
fn a_leftover_that_fits_nobody_is_made_only_where_every_window_makes_one() {
    let (town, office) = town();
    let slot = |name: &str, from| Slot {
        window: name.parse().unwrap(),
        on: december(7),
        cells: range(from, from + 6),
        starts_at: at("2026-12-07T09:00:00+03:00"),
        ends_at: at("2026-12-07T09:30:00+03:00"),
    };
    let chosen = |taken: &[(&str, CellRange)]| {
        let taken = |window: &WindowId| {
            let here = taken.iter().filter(|(name, _)| *name == window.as_str());
            here.flat_map(|(_, cells)| cells.iter()).collect::<CellSet>()
        };
        let both = [slot("b", 108), slot("c", 108)];
        candidates(&town, &office, &both, 0, taken)
            .iter()
            .map(|slot| slot.window.to_string())
            .collect::<String>()
    };
    // From nine, for half an hour; one of the windows has a visit from ten to ten on. At «b» twenty minutes would fit before it
    // twice, at «c» forty-five once: not after this.
    assert_eq!(chosen(&[("b", range(118, 156))]), "cb");
    assert_eq!(chosen(&[("c", range(118, 156))]), "bc");
    assert_eq!(chosen(&[]), "bc", "it does not matter, and they take turns");
}
