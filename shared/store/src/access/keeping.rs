//! What is kept goes: cabinets whose owners want that, and rows that have had their term (PRV-3). Each write is conditioned on
//! what was read, so that whoever changes their mind, or comes back, is never passed over.

use super::done_unless_refused;
use crate::commit::{ACTIONS_MAX, Commit, Committed, Expression, Guard};
use crate::items::keeping::{self, ASKED, BEHIND, CLOSED, Closed, GONE, Standing, TOLD};
use crate::items::representation::REPRESENTATIVES;
use crate::items::{ms, number, text, value};
use crate::keys::Due;
use crate::{Item, Key, Store, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::CitizenId;
use domain::active::Active;
use domain::limits::DELETION_GRACE;
use planted::{Bug, planted};

/// What of a record must be as it was read for a cabinet to be closed: by these it is found and reached.
const OF_THE_PERSON: [&str; 10] = ["sn", "gn", "pn", "tel", "em", "emc", "idc", "ep", ASKED, REPRESENTATIVES];
/// Whatever tells one writing of a row from another.
const OF_A_ROW: [&str; 4] = ["v", "us", "st", "tx"];

impl Store {
    /// Has a cabinet be deleted once the time to think it over has passed. Refused ([`Guard::Citizen`]) when the session's
    /// epoch is over, or when it was asked for before.
    pub fn ask_deletion(&self, commit: &mut Commit, citizen: CitizenId, epoch: u64, at: DateTime<Utc>) {
        let key = keys::me(citizen);
        let mut when = Expression::new();
        when.equals("ep", number(epoch));
        when.as_read(ASKED, None);
        when.as_read(CLOSED, None);
        let asked = (when.name(ASKED), when.value(number(ms(at))));
        let due = set_due(&mut when, at + DELETION_GRACE);
        let behind = when.name(BEHIND);
        let what = format!("SET {} = {}, {due} REMOVE {behind}", asked.0, asked.1);
        commit.update(self, Guard::Citizen, &key, what, when);
    }

    /// Has it stay after all. Refused ([`Guard::Citizen`]) when it is too late, or the session's epoch is over.
    pub fn stop_deletion(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        epoch: u64,
        asked_at: DateTime<Utc>,
        due: DateTime<Utc>,
    ) {
        let mut when = Expression::new();
        when.equals("ep", number(epoch));
        when.equals(ASKED, number(ms(asked_at)));
        when.as_read(CLOSED, None);
        let due = set_due(&mut when, due);
        let asked = when.name(ASKED);
        commit.update(self, Guard::Citizen, &keys::me(citizen), format!("SET {due} REMOVE {asked}"), when);
    }

    /// Closes a cabinet as it was read: every session ends. Refused ([`Guard::Citizen`]) when its record was changed
    /// meanwhile.
    pub fn close_cabinet(
        &self,
        commit: &mut Commit,
        standing: &Standing,
        epoch: u64,
        closed: &Closed,
        due: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        for read in OF_THE_PERSON {
            when.as_read(read, standing.record.get(read));
        }
        when.as_read(CLOSED, None);
        let end = value(&(ms(closed.at), closed.word.to_string()))?;
        let (name, end) = (when.name(CLOSED), when.value(end));
        let (ep, next) =
            (when.name("ep"), when.value(number(epoch + u64::from(!planted(Bug::ClosedIsOpen)))));
        let due = set_due(&mut when, due);
        let behind = when.name(BEHIND);
        let what = format!("SET {name} = {end}, {ep} = {next}, {due} REMOVE {behind}");
        commit.update(self, Guard::Citizen, &keys::me(standing.citizen), what, when);
        Ok(())
    }

    /// Has a phone or an address lead to the citizen no more. Refused ([`Guard::Login`]) when it leads to another.
    pub fn drop_login(&self, commit: &mut Commit, hash: &str, citizen: CitizenId) {
        let mut own = Expression::new();
        let (owner, citizen) = (own.name("cit"), own.value(text(citizen.to_string())));
        own.and(format!("(attribute_not_exists({owner}) OR {owner} = {citizen})"));
        commit.delete(self, Guard::Login, &keys::login(hash), own);
    }

    /// Takes the guard of whoever holds nothing away, as it was read: no attempt under way can commit any more.
    pub fn drop_active(&self, commit: &mut Commit, citizen: CitizenId, read: &Active) {
        let when = match read.version {
            Some(version) => {
                let mut when = Expression::new();
                when.equals("v", number(version));
                when
            }
            None => Expression::absent(),
        };
        commit.delete(self, Guard::Active, &keys::active(citizen), when);
    }

    /// Notes that the last message is out, and answers how the cabinet stands then. None when it was changed meanwhile.
    pub async fn last_word_is_out(
        &self,
        mut standing: Standing,
        at: DateTime<Utc>,
    ) -> Result<Option<Standing>, StoreError> {
        let mut when = as_it_stood(&standing);
        let at = number(ms(at));
        let (told, value) = (when.name(TOLD), when.value(at.clone()));
        let what = format!("SET {told} = {value}");
        let done = self.update_alone(&keys::me(standing.citizen), what, when).await?;
        standing.told = true;
        standing.record.insert(TOLD.to_owned(), at);
        Ok(done.then_some(standing))
    }

    /// Says when somebody looks at the cabinet next, from its first row on. False when it was changed meanwhile.
    pub async fn look_at(&self, standing: &Standing, due: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut when = as_it_stood(standing);
        let (due, behind) = (set_due(&mut when, due), when.name(BEHIND));
        self.update_alone(&keys::me(standing.citizen), format!("SET {due} REMOVE {behind}"), when).await
    }

    /// Has the look go on behind a row: the write's stream record carries it. False when it was changed meanwhile.
    pub async fn look_on(
        &self,
        standing: &Standing,
        behind: &str,
        due: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut when = as_it_stood(standing);
        let due = set_due(&mut when, due);
        let (name, behind) = (when.name(BEHIND), when.value(text(behind)));
        let (looks, one) = (when.name("v"), when.value(number(1)));
        let what = format!("SET {due}, {name} = {behind} ADD {looks} {one}");
        self.update_alone(&keys::me(standing.citizen), what, when).await
    }

    /// Puts what is left in place of a closed record. False when it was changed meanwhile.
    pub async fn leave(
        &self,
        standing: &Standing,
        closed: &Closed,
        at: DateTime<Utc>,
        due: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (_, item) = keeping::left(standing.citizen, closed, at, due)?;
        let mut commit = Commit::new();
        commit.put(self, Guard::Citizen, item, as_it_stood(standing));
        self.settled(commit).await
    }

    /// Takes what was left away too. False when it was changed meanwhile.
    pub async fn forget_cabinet(&self, standing: &Standing) -> Result<bool, StoreError> {
        let mut commit = Commit::new();
        commit.delete(self, Guard::Citizen, &keys::me(standing.citizen), as_it_stood(standing));
        self.settled(commit).await
    }

    /// Takes rows away, whatever they say.
    pub async fn take_away(&self, rows: &[Key]) -> Result<(), StoreError> {
        for some in rows.chunks(ACTIONS_MAX) {
            let mut commit = Commit::new();
            for row in some {
                commit.delete(self, Guard::Row, row, Expression::new());
            }
            self.settled(commit).await?;
        }
        Ok(())
    }

    /// Takes a row away that is as it was read, and with it those that lead to it. False when it was changed meanwhile.
    pub async fn take_away_as_read(&self, row: &Item, beside: &[Key]) -> Result<bool, StoreError> {
        let Some(key) = Key::of(row) else { return Ok(false) };
        let when = as_written(row);
        if !beside.is_empty() {
            let mut commit = Commit::new();
            commit.delete(self, Guard::Row, &key, when);
            for leading in beside {
                commit.delete(self, Guard::Row, leading, Expression::new());
            }
            return self.settled(commit).await;
        }
        let delete = self.db.delete_item().table_name(&self.table).set_key(Some(key.item()));
        let delete = delete
            .set_condition_expression(when.text_if_any())
            .set_expression_attribute_names(when.names_if_any())
            .set_expression_attribute_values(when.values_if_any());
        done_unless_refused(delete.send().await)
    }

    /// Puts what is left of a row in its place, if it is as it was read. False when it was changed meanwhile.
    pub async fn lessen(&self, before: &Item, after: Item) -> Result<bool, StoreError> {
        let when = as_written(before);
        let put = self.db.put_item().table_name(&self.table).set_item(Some(after));
        let put = put
            .set_condition_expression(when.text_if_any())
            .set_expression_attribute_names(when.names_if_any())
            .set_expression_attribute_values(when.values_if_any());
        done_unless_refused(put.send().await)
    }

    /// Takes a row away that is as it was read, and leaves others for it. False when it was changed meanwhile.
    pub async fn leave_rows(&self, before: &Item, rows: Vec<Item>) -> Result<bool, StoreError> {
        let Some(key) = Key::of(before) else { return Ok(false) };
        let mut commit = Commit::new();
        for row in rows {
            commit.put(self, Guard::Row, row, Expression::new());
        }
        commit.delete(self, Guard::Row, &key, as_written(before));
        self.settled(commit).await
    }

    /// Whether it was committed; false when a condition failed.
    async fn settled(&self, commit: Commit) -> Result<bool, StoreError> {
        match self.commit(commit).await {
            Committed::Done => Ok(true),
            Committed::Refused(_) => Ok(false),
            Committed::Conflict => Err(StoreError::Unavailable("conflict".into())),
            Committed::Unknown(error) => Err(error),
        }
    }
}

/// Nobody has changed how the cabinet stands.
fn as_it_stood(standing: &Standing) -> Expression {
    let mut when = Expression::new();
    for read in [ASKED, CLOSED, TOLD, GONE, BEHIND] {
        when.as_read(read, standing.record.get(read));
    }
    let there = when.name(keys::PK);
    when.and(format!("attribute_exists({there})"));
    when
}

fn as_written(row: &Item) -> Expression {
    let mut when = Expression::new();
    for read in OF_A_ROW {
        when.as_read(read, row.get(read));
    }
    let there = when.name(keys::PK);
    when.and(format!("attribute_exists({there})"));
    when
}

fn set_due(when: &mut Expression, due: DateTime<Utc>) -> String {
    let (dp, ds) = (when.name(keys::DUE_PK), when.name(keys::DUE_SK));
    let (partition, sort) = (when.value(text(Due::Keep.partition(0))), when.value(text(keys::due_at(due))));
    format!("{dp} = {partition}, {ds} = {sort}")
}
