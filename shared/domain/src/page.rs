//! One window's day: which cells are taken, freed and shut.

use crate::cells::{CELLS_DAY, CellRange};
use crate::{OfficeId, ServiceId, WindowId};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;

/// A set of the day's cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct CellSet([u64; 5]);

impl CellSet {
    pub fn contains(&self, cell: u16) -> bool {
        cell < CELLS_DAY && self.0[usize::from(cell / 64)] >> (cell % 64) & 1 == 1
    }

    /// Cells beyond the day are ignored.
    pub fn insert(&mut self, cell: u16) {
        if cell < CELLS_DAY {
            self.0[usize::from(cell / 64)] |= 1 << (cell % 64);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub fn touches(&self, range: CellRange) -> bool {
        range.words().any(|(word, bits)| self.0[word] & bits != 0)
    }

    pub fn covers(&self, range: CellRange) -> bool {
        range.words().all(|(word, bits)| self.0[word] & bits == bits)
    }

    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        (0..CELLS_DAY).filter(|cell| self.contains(*cell))
    }

    pub fn minus(&self, other: &CellSet) -> CellSet {
        CellSet(core::array::from_fn(|i| self.0[i] & !other.0[i]))
    }

    pub fn union(&self, other: &CellSet) -> CellSet {
        CellSet(core::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    /// The next cell from one on that is in the set, or is not; the day's end when there is none.
    fn next(&self, from: u16, within: bool) -> u16 {
        let mut cell = from;
        while cell < CELLS_DAY {
            let word = self.0[usize::from(cell / 64)];
            let rest = (if within { word } else { !word }) >> (cell % 64);
            if rest != 0 {
                return (cell + rest.trailing_zeros() as u16).min(CELLS_DAY);
            }
            cell = (cell / 64 + 1) * 64;
        }
        CELLS_DAY
    }

    /// The greatest runs of cells that stand together, in order.
    pub fn runs(&self) -> Vec<CellRange> {
        let mut runs = Vec::new();
        let mut from = self.next(0, true);
        while from < CELLS_DAY {
            let to = self.next(from, false);
            runs.extend(CellRange::new(from, to));
            from = self.next(to, true);
        }
        runs
    }
}

impl FromIterator<u16> for CellSet {
    fn from_iter<I: IntoIterator<Item = u16>>(cells: I) -> Self {
        let mut set = CellSet::default();
        cells.into_iter().for_each(|cell| set.insert(cell));
        set
    }
}

impl From<CellRange> for CellSet {
    fn from(range: CellRange) -> Self {
        let mut set = CellSet::default();
        range.words().for_each(|(word, bits)| set.0[word] |= bits);
        set
    }
}

/// Which page: a window of an office on a date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageKey {
    pub office: OfficeId,
    pub window: WindowId,
    pub on: NaiveDate,
}

/// Why cells stand freed, kept on the page under their first cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreedMark {
    /// The cells that were given up.
    pub cells: CellRange,
    /// The service that was given up: its line is asked first (WTL-2).
    pub service: ServiceId,
    pub freed_at: DateTime<Utc>,
    /// When nobody was found to offer it to: the moment from which it may go to the public.
    pub release_at: Option<DateTime<Utc>>,
    /// Where to go on in the line after too many were passed over.
    pub cursor: Option<String>,
}

/// `taken = freed ∪ shut ∪ cells of open offers and of appointments that had not ended before their start`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub taken: CellSet,
    pub freed: CellSet,
    pub shut: CellSet,
    pub version: u64,
    pub marks: BTreeMap<u16, FreedMark>,
    pub due_at: Option<DateTime<Utc>>,
    /// Cells went to the public beside others that were free, and nobody has looked yet who wants what they make together.
    pub look: bool,
    /// The office's version from which the schedule of this day counts: who decides by an older one decides anew.
    pub plan: u64,
}

/// How a page's marks change when some of its freed cells go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MarkChange {
    /// The freed cells, which must still be exactly those that were read: what remains was reckoned from them.
    pub freed: CellSet,
    /// Marks that must still be as they were read.
    pub before: BTreeMap<u16, FreedMark>,
    /// What is left of them.
    pub after: BTreeMap<u16, FreedMark>,
    /// Whether any freed cell remains on the page.
    pub remains: bool,
}

impl Page {
    /// Whether a cell next to these is free.
    pub fn free_beside(&self, cells: CellRange) -> bool {
        let beside = [cells.from().checked_sub(1), Some(cells.to()).filter(|cell| *cell < CELLS_DAY)];
        beside.into_iter().flatten().any(|cell| !self.taken.contains(cell))
    }

    /// Takes cells out of the freed runs: marks that they touch are cut to what remains.
    pub fn without_freed(&self, cells: CellRange) -> MarkChange {
        let remains = !self.freed.minus(&cells.into()).is_empty();
        let mut change = MarkChange { freed: self.freed, remains, ..Default::default() };
        for (at, mark) in self.marks.iter().filter(|(_, mark)| mark.cells.overlaps(cells)) {
            change.before.insert(*at, mark.clone());
            let left = CellRange::new(mark.cells.from(), cells.from());
            let right = CellRange::new(cells.to(), mark.cells.to());
            for rest in left.into_iter().chain(right) {
                change.after.insert(rest.from(), FreedMark { cells: rest, ..mark.clone() });
            }
        }
        change
    }
}

/// The taken cells of a window's day.
pub fn taken(pages: &Pages, office: &OfficeId, window: &WindowId, on: NaiveDate) -> CellSet {
    let key = PageKey { office: office.clone(), window: window.clone(), on };
    pages.get(&key).map(|page| page.taken).unwrap_or_default()
}

/// Windows' days as they were read; one that nothing was ever written on is not among them.
pub type Pages = BTreeMap<PageKey, Page>;
