//! Places in line: written whole on condition of their version; their rows put beside them.

use crate::commit::{Commit, Expression, Guard};
use crate::items::{entry, log, number, text};
use crate::{Store, StoreError, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::limits::CHANGES_KEPT;
use domain::waitlist::{Bucket, Entry, EntryChange, EntryState, Offer};
use domain::{CitizenId, ServiceId};
use planted::{Bug, planted};

const KNOWN: [&str; 16] =
    ["tk", "cls", "of", "ds_", "wd", "pt", "st", "ep", "rf", "off", "dc", "sl", "oo", "v", "ch", "jn"];

/// How the answer to an offer, or its lapse, changes the place in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// Served: the place is given up.
    Accepted,
    /// The place is kept; this start is not offered again.
    Declined,
    /// As declined, with one silence more.
    Lapsed,
    /// The second silence: paused.
    Paused,
}

impl Store {
    /// Writes an entry that was read at `version`; none overwrites what is there, which only the person's guard
    /// may allow. With rows, those too.
    pub fn keep_entry(
        &self,
        commit: &mut Commit,
        mut after: Entry,
        version: Option<u64>,
        rows: &[Bucket],
    ) -> Result<(), StoreError> {
        while after.changes.len() > CHANGES_KEPT {
            let (_, row) = log::entry_row(after.citizen, &after.service, &after.changes.remove(0))?;
            commit.put(self, Guard::Row, row, Expression::new());
        }
        let (key, item) = entry::to_item(&after)?;
        let mut when = Expression::new();
        if let Some(version) = version {
            when.equals("v", number(version));
        }
        let what = when.set_known(&item, &KNOWN);
        commit.update(self, Guard::Entry, &key, what, when);
        for (_, row) in entry::rows(&after, rows)? {
            commit.put(self, Guard::Row, row, Expression::new());
        }
        Ok(())
    }

    /// Ends the waiting of somebody who booked without an offer, without having read the entry.
    pub fn serve_entry(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        service: &ServiceId,
        change: &EntryChange,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        let pk = when.name(keys::PK);
        when.and(format!("attribute_exists({pk})"));
        let (state, served) = (when.name("st"), when.value(text(EntryState::Served.name())));
        let changes = when.name("ch");
        let one_change = when.value(AttributeValue::L(vec![entry::change_value(change)?]));
        let (version, epoch, one) = (when.name("v"), when.name("ep"), when.value(number(1)));
        let what = format!(
            "SET {state} = {served}, {changes} = list_append({changes}, {one_change}) ADD {version} {one}, {epoch} {one}"
        );
        commit.update(self, Guard::Entry, &keys::entry(citizen, service), what, when);
        Ok(())
    }

    /// Writes the answer to an offer into the entry, without having read it: the offer that stands there is the
    /// condition ([`Guard::Entry`]).
    pub fn answer_entry(
        &self,
        commit: &mut Commit,
        offer: &Offer,
        answered: Answered,
        change: &EntryChange,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        if !planted(Bug::AnyOffer) {
            when.equals("off", text(offer.id.to_string()));
        }
        let changes = when.name("ch");
        let one_change = when.value(AttributeValue::L(vec![entry::change_value(change)?]));
        let mut set = vec![format!("{changes} = list_append({changes}, {one_change})")];
        let (version, one) = (when.name("v"), when.value(number(1)));
        let mut add = vec![format!("{version} {one}")];
        if answered != Answered::Accepted {
            let declined = when.name("dc");
            let start = when.value(entry::declined_value(&offer.seat.office, offer.seat.starts_at)?);
            set.push(format!("{declined} = list_append({declined}, {start})"));
        }
        let silences = if answered == Answered::Lapsed { 1 } else { 0 };
        let (name, value) = (when.name("sl"), when.value(number(silences)));
        set.push(format!("{name} = {value}"));
        let state = match answered {
            Answered::Accepted => Some(EntryState::Served),
            Answered::Paused => Some(EntryState::Paused),
            Answered::Declined | Answered::Lapsed => None,
        };
        if let Some(state) = state {
            let (name, value) = (when.name("st"), when.value(text(state.name())));
            set.push(format!("{name} = {value}"));
            let epoch = when.name("ep");
            add.push(format!("{epoch} {one}"));
        }
        let gone = when.name("off");
        let what = format!("SET {} REMOVE {gone} ADD {}", set.join(", "), add.join(", "));
        commit.update(self, Guard::Entry, &keys::entry(offer.citizen, &offer.service), what, when);
        Ok(())
    }

    pub async fn entry(&self, citizen: CitizenId, service: &ServiceId) -> Result<Option<Entry>, StoreError> {
        let item = self.get(&keys::entry(citizen, service)).await?;
        item.map(|item| entry::from_item(&item)).transpose()
    }

    /// All places of a citizen: at most as many as services one can wait for, and those that are over.
    pub async fn entries(&self, citizen: CitizenId) -> Result<Vec<Entry>, StoreError> {
        let answer = self
            .beginning(keys::citizen_pk(citizen), keys::ENTRY)
            .consistent_read(true)
            .limit(100)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        answer.items.unwrap_or_default().iter().map(entry::from_item).collect()
    }
}
