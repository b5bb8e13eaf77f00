//! Offers: put once, ended once; accepted only while open and before their end.

use crate::commit::{Commit, Expression, Guard};
use crate::items::{ms, number, offer, text};
use crate::{Store, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::waitlist::{Offer, OfferState};
use planted::{Bug, planted};

impl Store {
    pub fn put_offer(&self, commit: &mut Commit, offer: &Offer) -> Result<(), StoreError> {
        let (_, item) = offer::to_item(offer)?;
        commit.put_new(self, Guard::Offer, item);
        Ok(())
    }

    /// Ends an open offer. Accepting and declining are refused from its end on ([`Guard::Offer`]); lapsing, before it.
    pub fn end_offer(&self, commit: &mut Commit, offer: &Offer, state: OfferState, now: DateTime<Utc>) {
        let mut when = Expression::new();
        let lapsed = state == OfferState::Lapsed;
        if !(lapsed && planted(Bug::AnyOffer)) {
            when.equals("st", text(OfferState::Open.name()));
        }
        if lapsed || !planted(Bug::NoDeadline) {
            let (until, at) = (when.name("un"), when.value(number(ms(now))));
            when.and(if lapsed { format!("{until} <= {at}") } else { format!("{until} > {at}") });
        }
        let (name, value) = (when.name("st"), when.value(text(state.name())));
        let (version, one) = (when.name("v"), when.value(number(1)));
        let (dp, ds) = (when.name(keys::DUE_PK), when.name(keys::DUE_SK));
        let what = format!("SET {name} = {value} REMOVE {dp}, {ds} ADD {version} {one}");
        commit.update(self, Guard::Offer, &keys::offer(offer.citizen, offer.id), what, when);
    }
}
