//! Cells of the wall clock, and the instants at which they begin.

use super::{at, december, range};
use crate::cells::{CELLS_DAY, CellRange, cell_of, instant, place, spans_overlap, time_of};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use proptest::prelude::*;

#[test]
fn a_time_is_in_the_cell_that_began_last() {
    let cell = |hour, minute, second| cell_of(NaiveTime::from_hms_opt(hour, minute, second).unwrap());
    assert_eq!([cell(0, 0, 0), cell(0, 4, 59), cell(0, 5, 0), cell(9, 30, 0)], [0, 0, 1, 114]);
    assert_eq!(cell(23, 59, 59), CELLS_DAY - 1);
}

#[test]
fn a_cell_begins_at_its_time() {
    for cell in 0..CELLS_DAY {
        assert_eq!(cell_of(time_of(cell)), cell);
        assert_eq!(time_of(cell), NaiveTime::MIN + TimeDelta::minutes(i64::from(cell) * 5));
    }
    assert_eq!(time_of(CELLS_DAY), time_of(CELLS_DAY - 1), "never beyond the day");
}

#[test]
fn a_cell_is_an_instant_on_the_offices_clock_and_back() {
    for (zone, text) in [
        (Tz::Europe__Kaliningrad, "2026-12-03T10:00:00+02:00"),
        (Tz::Europe__Moscow, "2026-12-03T10:00:00+03:00"),
        (Tz::Asia__Kamchatka, "2026-12-03T10:00:00+12:00"),
    ] {
        assert_eq!(instant(zone, december(3), 120), at(text));
        assert_eq!(place(zone, at(text)), Some((december(3), 120)));
    }
    for odd in ["10:00:01", "10:01:00", "10:00:00.5"] {
        assert_eq!(place(Tz::Europe__Moscow, at(&format!("2026-12-03T{odd}+03:00"))), None, "{odd}");
    }
}

#[test]
fn a_repeated_hour_is_the_first_and_a_skipped_one_has_an_instant() {
    let on = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    // 26 October 2014, 01:00–02:00 came twice in Moscow.
    assert_eq!(instant(Tz::Europe__Moscow, on(2014, 10, 26), 18), at("2014-10-26T01:30:00+04:00"));
    // 27 March 2011, 02:00–03:00 did not come: all of it is when the clock came to three.
    for cell in [24, 30, 35, 36] {
        let skipped = instant(Tz::Europe__Moscow, on(2011, 3, 27), cell);
        assert_eq!(skipped, at("2011-03-27T03:00:00+04:00"), "{cell}");
    }
}

#[test]
fn a_range_is_never_empty_nor_beyond_the_day() {
    assert!(CellRange::new(3, 3).is_none() && CellRange::new(4, 3).is_none());
    assert!(CellRange::new(0, CELLS_DAY).is_some() && CellRange::new(0, CELLS_DAY + 1).is_none());
    let some = range(5, 9);
    assert_eq!((some.from(), some.to(), some.len(), some.iter()), (5, 9, 4, 5..9));
}

proptest! {
    #[test]
    fn ranges_meet_as_their_cells_do(a in 0u16..40, b in 1u16..20, c in 0u16..40, d in 1u16..20) {
        let (one, other) = (range(a, a + b), range(c, c + d));
        let shared = one.iter().filter(|cell| other.iter().contains(cell)).count();
        prop_assert_eq!(one.overlaps(other), shared > 0);
        prop_assert_eq!(one.contains(other), shared == usize::from(d));
        let instants = |range: CellRange| {
            (at("2026-12-01T00:00:00Z") + TimeDelta::minutes(range.from().into()), at("2026-12-01T00:00:00Z") + TimeDelta::minutes(range.to().into()))
        };
        prop_assert_eq!(spans_overlap(instants(one), instants(other)), shared > 0);
    }
}
