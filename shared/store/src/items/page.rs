//! One window's day: number sets of cells, a mark per freed run as a top-level attribute of its own.

use super::{at, corrupt, due_of, id, ms, number, read, text, unknown};
use crate::{Item, Key, StoreError, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::cells::CellRange;
use domain::page::{CellSet, FreedMark, Page, PageKey};
use serde::{Deserialize, Serialize};

pub(crate) const TAKEN: &str = "t";
pub(crate) const FREED: &str = "f";
pub(crate) const SHUT: &str = "x";
pub(crate) const VERSION: &str = "v";
/// The office's version from which the schedule of the day counts.
pub(crate) const PLAN: &str = "pl";
/// There while somebody has still to look at what is free.
pub(crate) const LOOK: &str = "lk";
/// Marks are named `m` and the first cell.
const MARK: char = 'm';

#[derive(Debug, Serialize, Deserialize)]
struct MarkWire {
    t: u16,
    s: String,
    a: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    r: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    c: Option<String>,
}

pub(crate) fn mark_name(cell: u16) -> String {
    format!("{MARK}{cell}")
}

pub(crate) fn mark_value(mark: &FreedMark) -> Result<AttributeValue, StoreError> {
    super::value(&MarkWire {
        t: mark.cells.to(),
        s: mark.service.to_string(),
        a: ms(mark.freed_at),
        r: mark.release_at.map(ms),
        c: mark.cursor.clone(),
    })
}

pub(crate) fn cells_value(cells: impl IntoIterator<Item = u16>) -> AttributeValue {
    AttributeValue::Ns(cells.into_iter().map(|cell| cell.to_string()).collect())
}

/// The due keys of a page with freed cells, for update expressions.
pub(crate) fn due_values(
    key: &PageKey,
    when: chrono::DateTime<chrono::Utc>,
) -> (AttributeValue, AttributeValue) {
    let partition = keys::Due::Work.partition(keys::shard(&keys::page(key)));
    (text(partition), text(keys::due_at(when)))
}

pub fn from_item(item: &Item) -> Result<(PageKey, Page), StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let page_key = keys::read_page(&key).ok_or_else(unknown("page"))?;
    let set = |name: &str| -> Result<CellSet, StoreError> {
        let Some(value) = item.get(name) else { return Ok(CellSet::default()) };
        let cells = value.as_ns().map_err(|_| corrupt(item, "not a number set"))?;
        cells.iter().map(|cell| cell.parse::<u16>().map_err(|_| corrupt(item, "not a cell"))).collect()
    };
    let version = item.get(VERSION).and_then(|v| v.as_n().ok()).and_then(|v| v.parse().ok()).unwrap_or(0);
    let mut page =
        Page { taken: set(TAKEN)?, freed: set(FREED)?, shut: set(SHUT)?, version, ..Page::default() };
    for (name, value) in item {
        let Some(Ok(cell)) = name.strip_prefix(MARK).map(str::parse::<u16>) else { continue };
        let AttributeValue::M(map) = value else { return Err(corrupt(item, "a mark is a map")) };
        let wire: MarkWire = read(map)?;
        let mark = FreedMark {
            cells: CellRange::new(cell, wire.t).ok_or_else(unknown("cells"))?,
            service: id(&wire.s, "service")?,
            freed_at: at(wire.a)?,
            release_at: wire.r.map(at).transpose()?,
            cursor: wire.c,
        };
        page.marks.insert(cell, mark);
    }
    page.due_at = due_of(item);
    page.look = item.contains_key(LOOK);
    page.plan =
        item.get(PLAN).and_then(|plan| plan.as_n().ok()).and_then(|plan| plan.parse().ok()).unwrap_or(0);
    Ok((page_key, page))
}

pub(crate) fn one() -> AttributeValue {
    number(1)
}
