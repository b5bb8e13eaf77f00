//! The offers that citizens of a run know of, as they were committed.

use checker::history::Record;
use std::collections::BTreeMap;
use store::keys;

/// An offer that was made, as the one to whom it was made knows it.
#[derive(Debug, Clone)]
pub struct Offered {
    pub id: String,
    pub open: bool,
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
        offers.push(Offered { id: id.to_owned(), open });
        // The open one, of which there is never more than one, is the latest.
        offers.sort_by_key(|offer| offer.open);
    }

    /// A citizen's, the open one last.
    pub fn of(&self, citizen: &str) -> &[Offered] {
        self.0.get(citizen).map(Vec::as_slice).unwrap_or_default()
    }
}
