//! The day cut into cells of five minutes of the office's wall clock.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

/// Minutes in a cell. Durations, buffers and hours are multiples of it.
pub const CELL_MIN: u16 = 5;
/// Cells in a day, 0 to 287.
pub const CELLS_DAY: u16 = 288;

/// The cell that begins at this wall-clock time; a time inside a cell belongs to it.
pub fn cell_of(time: NaiveTime) -> u16 {
    (time.hour() as u16 * 60 + time.minute() as u16) / CELL_MIN
}

/// The wall-clock time at which a cell begins.
pub fn time_of(cell: u16) -> NaiveTime {
    let minute = u32::from(cell.min(CELLS_DAY - 1)) * u32::from(CELL_MIN);
    NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap_or(NaiveTime::MIN)
}

/// The instant at which a cell of a date begins in a zone. In a repeated hour the first one counts;
/// in a skipped hour the instant at which the clock jumps.
pub fn instant(zone: Tz, on: NaiveDate, cell: u16) -> DateTime<Utc> {
    let local = on.and_time(time_of(cell));
    // Behind a skipped hour stands the time at which the clock arrives.
    let later = (0..SKIPPED_MAX).map(|cells| local + TimeDelta::minutes(i64::from(cells * CELL_MIN)));
    let mut found = later.filter_map(|local| zone.from_local_datetime(&local).earliest());
    found.next().map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}

/// The longest that a clock jumps, in cells: a day, where the date line was moved.
const SKIPPED_MAX: u16 = CELLS_DAY + 1;

/// The date and cell of an instant in a zone; none when it is not at a cell's beginning.
pub fn place(zone: Tz, at: DateTime<Utc>) -> Option<(NaiveDate, u16)> {
    let local = at.with_timezone(&zone).naive_local();
    let exact =
        local.second() == 0 && local.nanosecond() == 0 && local.minute().is_multiple_of(u32::from(CELL_MIN));
    exact.then(|| (local.date(), cell_of(local.time())))
}

/// A run of cells, `from` included, `to` excluded; never empty, never past the day's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRange {
    from: u16,
    to: u16,
}

impl CellRange {
    /// None when empty or beyond the day.
    pub fn new(from: u16, to: u16) -> Option<Self> {
        (from < to && to <= CELLS_DAY).then_some(Self { from, to })
    }

    pub fn from(self) -> u16 {
        self.from
    }

    pub fn to(self) -> u16 {
        self.to
    }

    /// Number of cells.
    #[allow(clippy::len_without_is_empty, reason = "a range is never empty")]
    pub fn len(self) -> u16 {
        self.to - self.from
    }

    pub fn iter(self) -> core::ops::Range<u16> {
        self.from..self.to
    }

    /// The words of a set of cells that it reaches into, and its bits in each.
    pub(crate) fn words(self) -> impl Iterator<Item = (usize, u64)> {
        (self.from / 64..=(self.to - 1) / 64).map(move |word| {
            let first = self.from.max(word * 64) % 64;
            let length = self.to.min(word * 64 + 64) - self.from.max(word * 64);
            (usize::from(word), u64::MAX >> (64 - length) << first)
        })
    }

    pub fn contains(self, other: CellRange) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    pub fn overlaps(self, other: CellRange) -> bool {
        self.from < other.to && other.from < self.to
    }
}

/// Whether two instants' spans share any time; ends do not touch.
pub fn spans_overlap(a: (DateTime<Utc>, DateTime<Utc>), b: (DateTime<Utc>, DateTime<Utc>)) -> bool {
    a.0 < b.1 && b.0 < a.1
}
