//! Pages: one window's day.

use super::attributes::{Attributes, map};
use crate::history::Cells;
use chrono::NaiveDate;
use std::fmt;

/// Cells of a day.
pub const CELLS_DAY: u16 = 288;

/// A set of the day's cells; cells beyond the day are not in any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct CellSet([u64; 5]);

impl CellSet {
    pub fn of(cells: impl IntoIterator<Item = u16>) -> Self {
        let mut set = Self::default();
        for cell in cells.into_iter().filter(|cell| *cell < CELLS_DAY) {
            set.0[usize::from(cell / 64)] |= 1 << (cell % 64);
        }
        set
    }

    pub fn contains(&self, cell: u16) -> bool {
        cell < CELLS_DAY && self.0[usize::from(cell / 64)] >> (cell % 64) & 1 == 1
    }

    fn zip(&self, other: &Self, f: impl Fn(u64, u64) -> u64) -> Self {
        Self(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }

    pub fn union(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    pub fn common(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    pub fn minus(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    pub fn is_empty(&self) -> bool {
        self.0 == [0; 5]
    }

    pub fn touches(&self, other: &Self) -> bool {
        !self.common(other).is_empty()
    }

    pub fn covers(&self, other: &Self) -> bool {
        other.minus(self).is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        (0..CELLS_DAY).filter(|cell| self.contains(*cell))
    }
}

impl From<Cells> for CellSet {
    fn from(cells: Cells) -> Self {
        Self::of(cells.from..cells.to)
    }
}

/// As runs: `120..126, 132..135`.
impl fmt::Display for CellSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut runs: Vec<(u16, u16)> = Vec::new();
        for cell in self.iter() {
            match runs.last_mut() {
                Some((_, to)) if *to == cell => *to += 1,
                _ => runs.push((cell, cell + 1)),
            }
        }
        let runs: Vec<String> = runs.iter().map(|(from, to)| format!("{from}..{to}")).collect();
        f.write_str(&if runs.is_empty() { "none".to_owned() } else { runs.join(", ") })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageKey {
    pub office: String,
    pub on: NaiveDate,
    pub window: String,
}

impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} {}", self.office, self.window, self.on)
    }
}

/// Reads `<office>#<yymm>` and `<dd>#<window>`.
pub fn key(rest: &str, sk: &str) -> Option<PageKey> {
    let (office, month) = rest.rsplit_once('#')?;
    let (day, window) = sk.split_once('#')?;
    let (year, month) = (month.get(..2)?.parse::<i32>().ok()?, month.get(2..)?.parse().ok()?);
    let on = NaiveDate::from_ymd_opt(2000 + year, month, day.parse().ok()?)?;
    Some(PageKey { office: office.to_owned(), on, window: window.to_owned() })
}

/// Why a run of cells stands freed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub cells: Cells,
    /// The service that was given up.
    pub service: String,
    /// Whether the search through its line is to go on from somewhere.
    pub has_cursor: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub taken: CellSet,
    pub freed: CellSet,
    pub shut: CellSet,
    pub version: u64,
    pub marks: Vec<Mark>,
    /// The window receives less on this day than the world says: in these histories, nobody.
    pub closed: bool,
}

impl Page {
    /// What nobody can have.
    pub fn barred(&self) -> CellSet {
        if self.closed { CellSet::of(0..CELLS_DAY) } else { self.taken }
    }
}

pub fn read(at: Attributes<'_>) -> Option<Page> {
    let set = |name| at.numbers(name).map(CellSet::of);
    let mut marks = Vec::new();
    for (name, value) in at.iter() {
        let Some(Ok(from)) = name.strip_prefix('m').map(str::parse::<u16>) else { continue };
        let mark = map(value)?;
        marks.push(Mark {
            cells: Cells { from, to: mark.number("t")? },
            service: mark.text("s")?,
            has_cursor: mark.text("c").is_some(),
        });
    }
    marks.sort_by_key(|mark| mark.cells);
    let closed = at.iter().any(|(name, _)| name == "pl");
    Some(Page {
        taken: set("t")?,
        freed: set("f")?,
        shut: set("x")?,
        version: at.number("v")?,
        marks,
        closed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_page_is_read_from_its_wire_form() {
        let image = json!({
            "t": {"NS": ["5", "3", "4"]}, "f": {"NS": ["4"]}, "v": {"N": "7"},
            "m4": {"M": {"t": {"N": "5"}, "s": {"S": "talk"}, "a": {"N": "1"}, "c": {"S": "5#x"}}},
            "dp": {"S": "DUE#work#0"},
        });
        let page = read(Attributes::of(&image).unwrap()).unwrap();
        assert_eq!(page.taken.to_string(), "3..6");
        assert_eq!((page.freed.to_string().as_str(), page.shut.is_empty(), page.version), ("4..5", true, 7));
        let mark = Mark { cells: Cells { from: 4, to: 5 }, service: "talk".into(), has_cursor: true };
        assert_eq!(page.marks, [mark]);
        let key = key("msk-taganka#2612", "03#a").unwrap();
        assert_eq!(key.to_string(), "msk-taganka/a 2026-12-03");
    }
}
