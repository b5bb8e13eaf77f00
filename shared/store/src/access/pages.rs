//! Cells of a window's day: taken, freed, offered, released; each with the condition that makes it safe.
//!
//! `taken = freed ∪ shut ∪ held`: freeing leaves cells taken, so that nobody can snatch them; an offer takes
//! them out of freed only; release takes them out of both.

use crate::commit::{Commit, Expression, Guard};
use crate::items::page::{
    self, FREED, LOOK, PLAN, TAKEN, VERSION, cells_value, due_values, mark_name, mark_value, one,
};
use crate::items::{number, text};
use crate::{Store, StoreError, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, NaiveDate, Utc};
use domain::OfficeId;
use domain::cells::CellRange;
use domain::page::{FreedMark, MarkChange, Page, PageKey, Pages};

/// Pages read by one query at most: 12 windows of a month, four times over.
const PAGES_MAX: i32 = 1_500;

/// How a page is read: a look may be a second old, a decision may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    Look,
    Decide,
}

impl Store {
    /// All pages of an office's month, or of one date of it.
    pub async fn pages(
        &self,
        office: &OfficeId,
        month: NaiveDate,
        only: Option<NaiveDate>,
        reading: Reading,
    ) -> Result<Pages, StoreError> {
        self.pages_within(office, month, only.map(|on| (on, on)), reading).await
    }

    /// All pages of an office's month, or of its dates from one to another, both included.
    pub async fn pages_within(
        &self,
        office: &OfficeId,
        month: NaiveDate,
        only: Option<(NaiveDate, NaiveDate)>,
        reading: Reading,
    ) -> Result<Pages, StoreError> {
        let mut condition = "#pk = :pk".to_owned();
        let mut query = self
            .db
            .query()
            .table_name(&self.table)
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_values(":pk", text(keys::pages(office, month)))
            .consistent_read(reading == Reading::Decide)
            .limit(PAGES_MAX);
        if let Some((from, to)) = only {
            condition.push_str(" AND #sk BETWEEN :from AND :to");
            query = query
                .expression_attribute_names("#sk", keys::SK)
                .expression_attribute_values(":from", text(keys::page_day(from)))
                .expression_attribute_values(":to", text(keys::page_day_end(to)));
        }
        let answer =
            query.key_condition_expression(condition).send().await.map_err(StoreError::unavailable)?;
        answer.items.unwrap_or_default().iter().map(page::from_item).collect()
    }

    /// Takes free cells by the schedule of the office's version `plan`. Refused ([`Guard::Page`]) when any is taken, or
    /// a newer schedule counts.
    pub fn take(&self, commit: &mut Commit, page: &PageKey, cells: CellRange, plan: u64) {
        let mut when = Expression::new();
        by_plan(&mut when, plan);
        none_in(&mut when, TAKEN, cells.iter());
        let add = add(&mut when, &[(TAKEN, cells_value(cells.iter()))]);
        commit.update(self, Guard::Page, &keys::page(page), add, when);
    }

    /// Gives up held cells: they stay taken and are freed, marked, and due to be looked at.
    pub fn free(
        &self,
        commit: &mut Commit,
        page: &PageKey,
        mark: &FreedMark,
        due: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        all_in(&mut when, TAKEN, mark.cells.iter());
        none_in(&mut when, FREED, mark.cells.iter());
        let add = add(&mut when, &[(FREED, cells_value(mark.cells.iter()))]);
        let set = set_mark_and_due(&mut when, page, mark, due)?;
        commit.update(self, Guard::Page, &keys::page(page), format!("{set} {add}"), when);
        Ok(())
    }

    /// Gives up held cells that nobody can have any more: the office is shut then.
    pub fn drop_cells(&self, commit: &mut Commit, page: &PageKey, cells: CellRange) {
        let mut when = Expression::new();
        all_in(&mut when, TAKEN, cells.iter());
        none_in(&mut when, FREED, cells.iter());
        let (taken, gone) = (when.name(TAKEN), when.value(cells_value(cells.iter())));
        let (version, one) = (when.name(VERSION), when.value(one()));
        let what = format!("DELETE {taken} {gone} ADD {version} {one}");
        commit.update(self, Guard::Page, &keys::page(page), what, when);
    }

    /// Moves inside one page: what is new is taken, what is no longer needed is freed, in one action, for two
    /// actions on one item are refused. `mark` is about the cells given up, if any.
    #[allow(clippy::too_many_arguments, reason = "what was read, what is asked, and by which schedule")]
    pub fn shift(
        &self,
        commit: &mut Commit,
        page: &PageKey,
        old: CellRange,
        new: CellRange,
        mark: Option<&FreedMark>,
        due: DateTime<Utc>,
        plan: u64,
    ) -> Result<(), StoreError> {
        let more: Vec<u16> = new.iter().filter(|cell| !old.iter().contains(cell)).collect();
        let less: Vec<u16> = old.iter().filter(|cell| !new.iter().contains(cell)).collect();
        let mut when = Expression::new();
        by_plan(&mut when, plan);
        none_in(&mut when, TAKEN, more.iter().copied());
        all_in(&mut when, TAKEN, old.iter());
        let mut sets = Vec::new();
        if !more.is_empty() {
            sets.push((TAKEN, cells_value(more)));
        }
        if !less.is_empty() {
            sets.push((FREED, cells_value(less)));
        }
        let add = add(&mut when, &sets);
        let set =
            mark.map(|mark| set_mark_and_due(&mut when, page, mark, due)).transpose()?.unwrap_or_default();
        commit.update(self, Guard::Page, &keys::page(page), format!("{set} {add}"), when);
        Ok(())
    }

    /// Takes freed cells for an offer. Refused when the freed cells or a mark are not as they were read.
    pub fn offer_cells(
        &self,
        commit: &mut Commit,
        page: &PageKey,
        cells: CellRange,
        marks: &MarkChange,
        due: Option<DateTime<Utc>>,
        plan: u64,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        by_plan(&mut when, plan);
        all_in(&mut when, FREED, cells.iter());
        let what = change_marks(&mut when, page, marks, due)?;
        let freed = when.name(FREED);
        let gone = when.value(cells_value(cells.iter()));
        let (version, one) = (when.name(VERSION), when.value(one()));
        commit.update(
            self,
            Guard::Page,
            &keys::page(page),
            format!("{what} DELETE {freed} {gone} ADD {version} {one}"),
            when,
        );
        Ok(())
    }

    /// Gives freed cells to the public: one write by itself, refused like an offer of them. `look` when somebody has
    /// to look at what they make with others that are free.
    pub fn release(
        &self,
        commit: &mut Commit,
        page: &PageKey,
        cells: CellRange,
        marks: &MarkChange,
        look: bool,
        due: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        all_in(&mut when, FREED, cells.iter());
        let mut what = change_marks(&mut when, page, marks, due)?;
        let (freed, taken) = (when.name(FREED), when.name(TAKEN));
        let gone = when.value(cells_value(cells.iter()));
        let (version, one) = (when.name(VERSION), when.value(one()));
        let mut add = format!("{version} {one}");
        if look {
            // `ADD` and not `SET`: there may be one already, and the expression has its `SET` elsewhere.
            add.push_str(&format!(", {} {one}", when.name(LOOK)));
        }
        what.push_str(&format!(" DELETE {freed} {gone}, {taken} {gone} ADD {add}"));
        commit.update(self, Guard::Page, &keys::page(page), what, when);
        Ok(())
    }

    /// Writes what was found out about freed cells (nobody to offer them to, how far the line was read) and
    /// when to look again. Refused like an offer of them.
    pub fn keep_marks(
        &self,
        commit: &mut Commit,
        page: &PageKey,
        marks: &MarkChange,
        due: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        let what = change_marks(&mut when, page, marks, Some(due))?;
        let (version, one) = (when.name(VERSION), when.value(one()));
        commit.update(self, Guard::Page, &keys::page(page), format!("{what} ADD {version} {one}"), when);
        Ok(())
    }

    /// What was kept on a page goes to everybody: whoever waits is to be looked for.
    pub async fn open_page(&self, page: &PageKey, due: DateTime<Utc>) -> Result<(), StoreError> {
        let mut when = Expression::new();
        let due = set_due(&mut when, page, due);
        let ((look, version), one) = ((when.name(LOOK), when.name(VERSION)), when.value(one()));
        let what = format!("SET {due} ADD {look} {one}, {version} {one}");
        self.update_alone(&keys::page(page), what, when).await.map(|_| ())
    }

    /// Somebody has looked at what is free on a page as it was read; freed cells have a due time of their own. Nothing
    /// is written when the page has changed since: the clock has it looked at again.
    pub async fn looked_at(&self, page: &PageKey, read: &Page) -> Result<bool, StoreError> {
        let mut when = Expression::new();
        when.equals(VERSION, number(read.version));
        let mut gone = vec![when.name(LOOK)];
        if read.freed.is_empty() {
            gone.extend([when.name(keys::DUE_PK), when.name(keys::DUE_SK)]);
        }
        self.update_alone(&keys::page(page), format!("REMOVE {}", gone.join(", ")), when).await
    }
}

/// No newer schedule counts on the page than the one by which it was decided.
fn by_plan(when: &mut Expression, plan: u64) {
    let (name, plan) = (when.name(PLAN), when.value(number(plan)));
    when.and(format!("(attribute_not_exists({name}) OR {name} <= {plan})"));
}

fn none_in(when: &mut Expression, set: &str, cells: impl Iterator<Item = u16>) {
    let name = when.name(set);
    for cell in cells {
        let cell = when.value(number(cell));
        when.and(format!("NOT contains({name}, {cell})"));
    }
}

fn all_in(when: &mut Expression, set: &str, cells: impl Iterator<Item = u16>) {
    let name = when.name(set);
    for cell in cells {
        let cell = when.value(number(cell));
        when.and(format!("contains({name}, {cell})"));
    }
}

/// `ADD` of cells and of the version: unlike `SET v = v + 1` it works on a page that is not there yet.
fn add(when: &mut Expression, sets: &[(&str, AttributeValue)]) -> String {
    let mut parts = Vec::new();
    for (set, cells) in sets {
        let (name, cells) = (when.name(set), when.value(cells.clone()));
        parts.push(format!("{name} {cells}"));
    }
    let (version, one) = (when.name(VERSION), when.value(one()));
    parts.push(format!("{version} {one}"));
    format!("ADD {}", parts.join(", "))
}

fn set_mark_and_due(
    when: &mut Expression,
    page: &PageKey,
    mark: &FreedMark,
    due: DateTime<Utc>,
) -> Result<String, StoreError> {
    let (name, value) = (when.name(&mark_name(mark.cells.from())), when.value(mark_value(mark)?));
    Ok(format!("SET {name} = {value}, {}", set_due(when, page, due)))
}

fn set_due(when: &mut Expression, page: &PageKey, due: DateTime<Utc>) -> String {
    let (partition, sort) = due_values(page, due);
    let (dp, ds) = (when.name(keys::DUE_PK), when.name(keys::DUE_SK));
    let (partition, sort) = (when.value(partition), when.value(sort));
    format!("{dp} = {partition}, {ds} = {sort}")
}

/// Marks become what is left of them, on condition that they and the freed cells are as they were read. Without the
/// latter a page whose last freed cells were read to go would lose its due time while others are freed.
fn change_marks(
    when: &mut Expression,
    page: &PageKey,
    marks: &MarkChange,
    due: Option<DateTime<Utc>>,
) -> Result<String, StoreError> {
    if marks.freed.is_empty() {
        let freed = when.name(FREED);
        when.and(format!("attribute_not_exists({freed})"));
    } else {
        when.equals(FREED, cells_value(marks.freed.iter()));
    }
    for (at, mark) in &marks.before {
        when.equals(&mark_name(*at), mark_value(mark)?);
    }
    let (mut set, mut remove) = (Vec::new(), Vec::new());
    for (at, mark) in &marks.after {
        let (name, value) = (when.name(&mark_name(*at)), when.value(mark_value(mark)?));
        set.push(format!("{name} = {value}"));
    }
    for at in marks.before.keys().filter(|at| !marks.after.contains_key(at)) {
        remove.push(when.name(&mark_name(*at)));
    }
    match due {
        Some(due) => set.push(set_due(when, page, due)),
        None => remove.extend([when.name(keys::DUE_PK), when.name(keys::DUE_SK)]),
    }
    let mut text = String::new();
    if !set.is_empty() {
        text.push_str(&format!("SET {} ", set.join(", ")));
    }
    if !remove.is_empty() {
        text.push_str(&format!("REMOVE {}", remove.join(", ")));
    }
    Ok(text)
}
