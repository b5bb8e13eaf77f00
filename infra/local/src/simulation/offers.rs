//! The offers that citizens of a run know of, as they were committed.

use checker::history::Record;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use store::keys;

/// An offer that was made, as the one to whom it was made knows it.
#[derive(Debug, Clone)]
pub struct Offered {
    pub id: String,
    pub open: bool,
    /// When it ends unless somebody answers.
    pub until: DateTime<Utc>,
}

impl Offered {
    /// Whether the message with it lies unread: nobody answers about a third of all.
    pub fn is_unread(&self) -> bool {
        self.id.ends_with(|last: char| last.is_ascii_digit())
    }
}

/// Offers by citizen.
#[derive(Debug, Clone, Default)]
pub struct Offers(BTreeMap<String, Vec<Offered>>);

impl Offers {
    /// Takes in a change of the table.
    pub fn follow(&mut self, record: &Record) {
        let (Some(id), Some(new)) = (record.sk.strip_prefix(keys::OFFER), &record.new) else { return };
        let citizen = record.pk.trim_start_matches(keys::CITIZEN).to_owned();
        let open = new["st"]["S"] == "open";
        let offers = self.0.entry(citizen).or_default();
        offers.retain(|offer| offer.id != id);
        let until = new["un"]["N"].as_str().and_then(|ms| DateTime::from_timestamp_millis(ms.parse().ok()?));
        offers.push(Offered { id: id.to_owned(), open, until: until.unwrap_or_default() });
        // The open one, of which there is never more than one, is the latest.
        offers.sort_by_key(|offer| offer.open);
    }

    /// When those that are open end, of all citizens.
    pub fn ends(&self) -> Vec<DateTime<Utc>> {
        self.0.values().flatten().filter(|offer| offer.open).map(|offer| offer.until).collect()
    }

    /// A citizen's, the open one last.
    pub fn of(&self, citizen: &str) -> &[Offered] {
        self.0.get(citizen).map(Vec::as_slice).unwrap_or_default()
    }
}
