//! What offices go by, each change of it on condition of the one before, and the sweeping that follows.

use super::pages::Reading;
use crate::commit::{Commit, Expression, Guard};
use crate::items::office::{self, Changed, OfficeChange, OfficeFile};
use crate::items::{number, page, text};
use crate::{Item, Key, Store, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::limits::TOUCHED_KEPT;
use domain::page::PageKey;
use domain::sweep::Touched;
use domain::{AppointmentId, CitizenId, OfficeId};

impl Store {
    /// How often anything was changed that an office goes by.
    pub async fn office_now(&self, id: &OfficeId, reading: Reading) -> Result<u64, StoreError> {
        let asked = self.db.get_item().table_name(&self.table).set_key(Some(keys::office_now(id).item()));
        let answer = asked.consistent_read(reading == Reading::Decide).send().await;
        office::now_from_item(answer.map_err(StoreError::unavailable)?.item.as_ref())
    }

    /// An office's file; none as long as nothing was changed that it goes by.
    pub async fn office_file(&self, id: &OfficeId) -> Result<Option<OfficeFile>, StoreError> {
        self.get(&keys::office_file(id)).await?.as_ref().map(office::file_from_item).transpose()
    }

    /// Changes what an office goes by, and has the sweeping begin. Refused ([`Guard::Office`]) when it was changed meanwhile.
    pub fn change_office(
        &self,
        commit: &mut Commit,
        id: &OfficeId,
        file: &OfficeFile,
        change: &OfficeChange,
    ) -> Result<(), StoreError> {
        let (key, item) = office::now_to_item(id, change.number)?;
        let mut when = at_version(change.number - 1);
        let what = when.set_known(&item, &["n"]);
        commit.update(self, Guard::Office, &key, what, when);
        let (_, item) = office::file_to_item(id, file)?;
        commit.put(self, Guard::Office, item, Expression::new());
        let (_, item) = office::change_to_item(id, change)?;
        commit.put_new(self, Guard::Office, item);
        // Whoever lists offices hears of all that go by other references at once, from their own number.
        if matches!(change.what, Changed::File { .. }) {
            self.set_known(commit, &office::changed(id), change.number);
        }
        Ok(())
    }

    /// Tells whoever lists offices of a number, as [`Store::offices_changed`] reads it.
    pub(super) fn set_known(&self, commit: &mut Commit, attribute: &str, number: u64) {
        let mut all = Expression::new();
        let (name, now) = (all.name(attribute), all.value(crate::items::number(number)));
        commit.update(self, Guard::Office, &keys::offices_changed(), format!("SET {name} = {now}"), all);
    }

    /// Every office whose file was ever changed, and how often; and how often the references were.
    pub async fn offices_changed(&self) -> Result<(Vec<(OfficeId, u64)>, u64), StoreError> {
        let asked = self.db.get_item().table_name(&self.table).set_key(Some(keys::offices_changed().item()));
        let answer = asked.send().await.map_err(StoreError::unavailable)?;
        Ok(answer.item.as_ref().map(office::changed_from_item).unwrap_or_default())
    }

    /// Holds a write to the version of an office by which it was decided ([`Guard::Office`]).
    pub fn by_office(&self, commit: &mut Commit, id: &OfficeId, version: u64) {
        commit.check(self, Guard::Office, &keys::office_now(id), at_version(version));
    }

    pub async fn office_change(
        &self,
        id: &OfficeId,
        number: u64,
    ) -> Result<Option<OfficeChange>, StoreError> {
        let item = self.get(&keys::office_change(id, number)).await?;
        item.map(|item| office::change_from_item(&item).map(|(_, change)| change)).transpose()
    }

    /// Changes of what an office goes by, the latest first, behind `before` if it is given.
    pub async fn office_changes(
        &self,
        id: &OfficeId,
        before: Option<u64>,
        limit: i32,
    ) -> Result<Vec<OfficeChange>, StoreError> {
        let items = self.changes(|number| keys::office_change(id, number), before, limit).await?;
        items.iter().map(|item| office::change_from_item(item).map(|(_, change)| change)).collect()
    }

    /// Numbered changes, the latest first, behind `before` if it is given.
    pub(super) async fn changes(
        &self,
        key: impl Fn(u64) -> Key,
        before: Option<u64>,
        limit: i32,
    ) -> Result<Vec<Item>, StoreError> {
        let last = key(before.unwrap_or(u64::MAX).saturating_sub(1).min(999_999));
        let answer = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :first AND :last")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_names("#sk", keys::SK)
            .expression_attribute_values(":pk", text(last.pk))
            .expression_attribute_values(":first", text(key(0).sk))
            .expression_attribute_values(":last", text(last.sk))
            .scan_index_forward(false)
            .limit(limit)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        Ok(answer.items.unwrap_or_default())
    }

    /// Keeps how far a sweep has come. False when another was faster.
    pub async fn keep_sweep(&self, id: &OfficeId, change: &OfficeChange) -> Result<bool, StoreError> {
        let (key, item) = office::change_to_item(id, change)?;
        let mut when = Expression::new();
        when.equals("v", number(change.sweep.version - 1));
        let what = when.set_known(&item, &["v", "nx", "rd", "mv", "gu", "du", keys::DUE_PK, keys::DUE_SK]);
        self.update_alone(&key, what, when).await
    }

    /// Has whoever decides about a window's day by an older file decide anew.
    pub async fn bar_page(&self, page: &PageKey, plan: u64) -> Result<bool, StoreError> {
        let mut when = Expression::new();
        let (name, value) = (when.name(page::PLAN), when.value(number(plan)));
        when.and(format!("(attribute_not_exists({name}) OR {name} < {value})"));
        let (version, one) = (when.name(page::VERSION), when.value(page::one()));
        let what = format!("SET {name} = {value} ADD {version} {one}");
        self.update_alone(&keys::page(page), what, when).await
    }

    /// Says of an appointment what a change did about it.
    pub fn put_touched(
        &self,
        commit: &mut Commit,
        id: &OfficeId,
        number: u64,
        touched: &Touched,
    ) -> Result<(), StoreError> {
        let (_, item) = office::touched_to_item(id, number, touched)?;
        commit.put(self, Guard::Row, item, Expression::new());
        Ok(())
    }

    /// Whom a change touched, behind one of them if it is given. What has had its term by `now` is none of them, whether or not
    /// the table has dropped it yet.
    pub async fn touched(
        &self,
        id: &OfficeId,
        change: u64,
        after: Option<(CitizenId, AppointmentId)>,
        limit: i32,
        now: DateTime<Utc>,
    ) -> Result<Vec<Touched>, StoreError> {
        let mut start = after.map(|(citizen, visit)| keys::office_touched(id, change, citizen, visit).item());
        let mut all = Vec::new();
        loop {
            let answer = self
                .beginning(keys::office_pk(id), keys::office_touched_of(change))
                .set_exclusive_start_key(start)
                .limit(limit)
                .send()
                .await
                .map_err(StoreError::unavailable)?;
            for item in answer.items.unwrap_or_default() {
                let touched = office::touched_from_item(&item)?;
                if touched.starts_at + TOUCHED_KEPT > now {
                    all.push(touched);
                }
            }
            start = answer.last_evaluated_key;
            if start.is_none() || all.len() >= usize::try_from(limit).unwrap_or_default() {
                all.truncate(usize::try_from(limit).unwrap_or_default());
                return Ok(all);
            }
        }
    }
}

/// It was changed so often, and no oftener.
pub(super) fn at_version(version: u64) -> Expression {
    let mut when = Expression::new();
    match version {
        0 => when = Expression::absent(),
        version => when.equals("n", number(version)),
    }
    when
}
