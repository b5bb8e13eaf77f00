//! A page's sets of cells, and what is left of a freed run when some of it goes.

use super::{at, range};
use crate::cells::{CELLS_DAY, CellRange};
use crate::page::{CellSet, FreedMark, Page};
use proptest::collection::btree_set;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn set(cells: &BTreeSet<u16>) -> CellSet {
    cells.iter().copied().collect()
}

proptest! {
    #[test]
    fn a_set_of_cells_is_a_set(a in btree_set(0u16..CELLS_DAY, 0..60), b in btree_set(0u16..CELLS_DAY, 0..60), cell in 0u16..400, from in 0u16..270, length in 1u16..18) {
        let (one, other) = (set(&a), set(&b));
        prop_assert_eq!(one.contains(cell), a.contains(&cell));
        prop_assert_eq!(one.is_empty(), a.is_empty());
        prop_assert_eq!(one.iter().collect::<BTreeSet<u16>>(), a.clone());
        prop_assert_eq!(one.minus(&other), set(&a.difference(&b).copied().collect()));
        prop_assert_eq!(one.union(&other), set(&a.union(&b).copied().collect()));
        let run = range(from, from + length);
        prop_assert_eq!(one.touches(run), run.iter().any(|cell| a.contains(&cell)));
        prop_assert_eq!(one.covers(run), run.iter().all(|cell| a.contains(&cell)));
        prop_assert_eq!(CellSet::from(run).iter().collect::<Vec<_>>(), run.iter().collect::<Vec<_>>());
    }

    #[test]
    fn runs_are_the_cells_in_as_few_pieces_as_can_be(cells in btree_set(0u16..CELLS_DAY, 0..200)) {
        let runs = set(&cells).runs();
        let all: Vec<u16> = runs.iter().flat_map(|run| run.iter()).collect();
        prop_assert_eq!(all, cells.into_iter().collect::<Vec<_>>());
        prop_assert!(runs.windows(2).all(|pair| pair[0].to() < pair[1].from()), "none touches the next");
    }
}

#[test]
fn cells_beyond_the_day_are_nothing() {
    let mut set = CellSet::default();
    set.insert(CELLS_DAY);
    set.insert(319);
    assert!(set.is_empty() && !set.contains(CELLS_DAY) && !set.contains(319));
    set.insert(CELLS_DAY - 1);
    assert_eq!(set.runs(), [range(CELLS_DAY - 1, CELLS_DAY)]);
}

fn mark(cells: CellRange) -> FreedMark {
    FreedMark {
        cells,
        service: "talk".parse().unwrap(),
        freed_at: at("2026-12-01T10:00:00Z"),
        release_at: None,
        cursor: None,
    }
}

/// A page whose freed runs are marked.
fn page(runs: &[CellRange]) -> Page {
    let cells: CellSet = runs.iter().flat_map(|run| run.iter()).collect();
    let marks = runs.iter().map(|run| (run.from(), mark(*run))).collect();
    Page { taken: cells, freed: cells, marks, ..Page::default() }
}

#[test]
fn what_is_taken_out_of_a_freed_run_leaves_both_ends_marked() {
    let page = page(&[range(100, 112), range(200, 206)]);
    let marked = |runs: &[CellRange]| -> BTreeMap<u16, FreedMark> {
        runs.iter().map(|run| (run.from(), mark(*run))).collect()
    };
    let cut = page.without_freed(range(103, 106));
    assert_eq!((cut.freed, cut.remains), (page.freed, true));
    assert_eq!(cut.before, marked(&[range(100, 112)]));
    assert_eq!(cut.after, marked(&[range(100, 103), range(106, 112)]));
    let whole = page.without_freed(range(200, 206));
    assert_eq!((whole.before, whole.after), (marked(&[range(200, 206)]), BTreeMap::new()));
    let head = page.without_freed(range(100, 106));
    assert_eq!(head.after, marked(&[range(106, 112)]));
    let beside = page.without_freed(range(112, 118));
    assert_eq!((beside.before.len(), beside.after.len(), beside.remains), (0, 0, true));
}

#[test]
fn a_page_whose_last_freed_cells_go_has_none_left() {
    assert!(!page(&[range(100, 106)]).without_freed(range(100, 106)).remains);
    assert!(page(&[range(100, 106)]).without_freed(range(100, 105)).remains);
}

#[test]
fn what_is_taken_is_taken_at_its_window_on_its_date() {
    use crate::page::{Page, PageKey, Pages, taken};
    let key = |window: &str, day| PageKey {
        office: "one".parse().unwrap(),
        window: window.parse().unwrap(),
        on: crate::tests::december(day),
    };
    let cells: CellSet = [3u16, 4, 5].into_iter().collect();
    let pages = Pages::from([(key("a", 3), Page { taken: cells, ..Page::default() })]);
    let at = |window: &str, day| {
        let PageKey { office, window, on } = key(window, day);
        taken(&pages, &office, &window, on)
    };
    assert_eq!([at("a", 3), at("b", 3), at("a", 4)], [cells, CellSet::default(), CellSet::default()]);
}
