//! The table as a correct system would change it. A test that wants a wrong change makes it by hand.

use super::items::{Active, Appointment, Change, Entry, Mark, Note, Offer, Page, Seat};
use super::wire::{hash, item, n, s};
use serde_json::Value;
use std::collections::BTreeMap;

pub type Id = &'static str;

#[derive(Debug, Clone, Default)]
pub struct State {
    pub now_ms: i64,
    pub pages: BTreeMap<(u32, Id), Page>,
    pub appointments: BTreeMap<Id, Appointment>,
    pub offers: BTreeMap<Id, Offer>,
    /// By citizen and service.
    pub entries: BTreeMap<(Id, Id), Entry>,
    pub actives: BTreeMap<Id, Active>,
    /// By citizen and number.
    pub notes: BTreeMap<(Id, String), Note>,
    /// By citizen, subject and version.
    pub logs: BTreeMap<(Id, Id, String), Change>,
    /// By service and order: the rows of one bucket.
    pub lines: BTreeMap<(Id, String), Id>,
    /// Whatever else there is: rights, records, questions, rows of queues.
    pub more: BTreeMap<(String, String), Value>,
    ops: u64,
}

impl State {
    /// The operation id of this write, new at each call.
    fn op(&mut self) -> String {
        self.ops += 1;
        format!("OP{}", self.ops)
    }

    fn change(&self, did: &'static str, version: u64, op: &str) -> Change {
        let (by, representative, why) = ("citizen", None, None);
        Change { version, by, representative, did, at_ms: self.now_ms, op: op.to_owned(), why }
    }

    fn page(&mut self, seat: &Seat) -> &mut Page {
        let page = self.pages.entry(seat.page()).or_default();
        page.version += 1;
        page
    }

    pub fn take(&mut self, seat: &Seat) {
        self.page(seat).taken.extend(seat.from..seat.to);
    }

    pub fn free(&mut self, seat: &Seat, service: Id) {
        let page = self.page(seat);
        page.freed.extend(seat.from..seat.to);
        page.marks.insert(seat.from, Mark { to: seat.to, service, cursor: None });
    }

    pub fn release(&mut self, seat: &Seat) {
        let page = self.page(seat);
        for cell in seat.from..seat.to {
            page.freed.remove(&cell);
            page.taken.remove(&cell);
        }
        page.marks.remove(&seat.from);
    }

    /// The guard, about to be written; `key` is remembered, or without one some other.
    pub fn guard(&mut self, who: Id, key: Option<&str>) -> &mut Active {
        let key = key.map_or_else(|| format!("random{}", self.ops), hash);
        let guard = self.actives.entry(who).or_default();
        guard.version += 1;
        guard.done.push(key);
        let spare = guard.done.len().saturating_sub(8);
        guard.done.drain(..spare);
        guard
    }

    pub fn book(&mut self, who: Id, id: Id, service: Id, seat: &Seat, key: Option<&str>) {
        let op = self.op();
        self.take(seat);
        let changes = vec![self.change("booked", 1, &op)];
        self.plan(who, id, service, seat, changes);
        self.guard(who, key).held.push((id, service, seat.clone(), 1));
    }

    pub fn plan(&mut self, citizen: Id, id: Id, service: Id, seat: &Seat, changes: Vec<Change>) {
        let seat = seat.clone();
        let (phase, version, checked_in, chosen, mark) = ("planned", 1, None, None, "confirmed");
        let item = Appointment { citizen, service, seat, phase, version, changes, checked_in, chosen, mark };
        self.appointments.insert(id, item);
    }

    /// The next version of an appointment; what no longer fits on it goes to a row.
    pub fn next(&mut self, id: Id, did: &'static str) -> &mut Appointment {
        let op = self.op();
        let (version, citizen) = (self.appointments[id].version + 1, self.appointments[id].citizen);
        let change = self.change(did, version, &op);
        let item = self.appointments.get_mut(id).expect("an appointment");
        item.version = version;
        item.changes.push(change);
        while item.changes.len() > 4 {
            let spilled = item.changes.remove(0);
            self.logs.insert((citizen, id, format!("{:06}", spilled.version)), spilled);
        }
        item
    }

    pub fn cancel(&mut self, id: Id, key: Option<&str>) {
        let until_ms = self.now_ms + 30 * 60_000;
        let item = self.next(id, "cancelled");
        item.phase = "cancelled";
        let (who, service, seat) = (item.citizen, item.service, item.seat.clone());
        self.free(&seat, service);
        let guard = self.guard(who, key);
        guard.held.retain(|held| held.0 != id);
        guard.cool_downs.push((seat, until_ms));
    }

    pub fn shift(&mut self, id: Id, to: &Seat, key: Option<&str>) {
        let item = self.next(id, "moved");
        let old = std::mem::replace(&mut item.seat, to.clone());
        let (who, service, version) = (item.citizen, item.service, item.version);
        self.take(to);
        self.free(&old, service);
        self.guard(who, key).held.retain(|held| held.0 != id);
        self.actives.get_mut(who).expect("a guard").held.push((id, service, to.clone(), version));
    }

    pub fn check_in(&mut self, id: Id) {
        let now_ms = self.now_ms;
        self.next(id, "checked-in").checked_in = Some(now_ms);
    }

    pub fn no_show(&mut self, id: Id) {
        let item = self.next(id, "no-show");
        item.phase = "no-show";
        item.changes.last_mut().expect("a change").by = "system";
    }

    pub fn join(&mut self, who: Id, service: Id, ticket: Id, days: Option<(u32, u32)>, key: Option<&str>) {
        let op = self.op();
        let entry = Entry {
            ticket,
            class: "ordinary",
            days,
            state: "waiting",
            offer: None,
            declined: Vec::new(),
            offers_on: None,
            version: 1,
            changes: vec![self.change("joined", 1, &op)],
        };
        self.entries.insert((who, service), entry);
        self.lines.insert((service, format!("5#{ticket}")), who);
        self.guard(who, key).waiting.push((service, ticket));
    }

    /// The next version of a place in line.
    pub fn place(&mut self, who: Id, service: Id, did: &'static str) -> &mut Entry {
        let op = self.op();
        let version = self.entries[&(who, service)].version + 1;
        let change = self.change(did, version, &op);
        let entry = self.entries.get_mut(&(who, service)).expect("a place");
        entry.version = version;
        entry.changes.push(change);
        while entry.changes.len() > 4 {
            let spilled = entry.changes.remove(0);
            self.logs.insert((who, service, spilled.op.clone()), spilled);
        }
        entry
    }

    /// Holds freed cells for somebody who waits, for two hours.
    pub fn offer(&mut self, id: Id, citizen: Id, service: Id, seat: &Seat, given_up: Id) {
        let (made_at_ms, on) = (self.now_ms, "2026-12-01".to_owned());
        let entry = self.place(citizen, service, "offered");
        entry.offer = Some(id);
        entry.offers_on = Some((on, entry.offers_on.as_ref().map_or(1, |(_, count)| count + 1)));
        entry.changes.last_mut().expect("a change").by = "system";
        let ticket = entry.ticket;
        let page = self.page(seat);
        page.freed.retain(|cell| !(seat.from..seat.to).contains(cell));
        page.marks.remove(&seat.from);
        let guard = self.actives.get_mut(citizen).expect("a guard");
        guard.version += 1;
        guard.offer = Some((id, service, seat.clone()));
        let until_ms = made_at_ms + 2 * 3_600_000;
        let offer = Offer {
            citizen,
            service,
            ticket,
            seat: seat.clone(),
            made_at_ms,
            until_ms,
            state: "open",
            given_up,
            passed: Vec::new(),
            silences: 0,
            version: 1,
        };
        self.offers.insert(id, offer);
    }

    fn end(&mut self, id: Id, state: &'static str) -> Offer {
        let offer = self.offers.get_mut(id).expect("an offer");
        offer.state = state;
        offer.version += 1;
        let offer = offer.clone();
        let entry = self.place(offer.citizen, offer.service, state);
        entry.offer = None;
        if state == "accepted" {
            entry.state = "served";
        } else {
            entry.declined.push(offer.seat.clone());
        }
        offer
    }

    pub fn accept(&mut self, id: Id, appointment: Id) {
        let offer = self.end(id, "accepted");
        let op = format!("OP{}", self.ops);
        let changes = vec![self.change("accepted", 1, &op)];
        self.plan(offer.citizen, appointment, offer.service, &offer.seat, changes);
        let guard = self.guard(offer.citizen, Some(id));
        guard.offer = None;
        guard.waiting.retain(|(service, _)| *service != offer.service);
        guard.held.push((appointment, offer.service, offer.seat, 1));
    }

    pub fn decline(&mut self, id: Id) {
        self.give_back(id, "declined");
    }

    /// Leaves the line, and gives back the offer in the same write.
    pub fn leave_with(&mut self, id: Id, key: Option<&str>) {
        self.give_back(id, "declined");
        let (who, service) = (self.offers[id].citizen, self.offers[id].service);
        let entry = self.entries.get_mut(&(who, service)).expect("a place");
        entry.changes.last_mut().expect("a change").did = "left";
        entry.state = "left";
        self.guard(who, key).waiting.clear();
    }

    pub fn lapse(&mut self, id: Id) {
        self.give_back(id, "lapsed");
    }

    fn give_back(&mut self, id: Id, state: &'static str) {
        let offer = self.end(id, state);
        if state == "lapsed" {
            let entry = self.entries.get_mut(&(offer.citizen, offer.service)).expect("a place");
            entry.changes.last_mut().expect("a change").by = "system";
        }
        self.free(&offer.seat, offer.given_up);
        let guard = self.actives.get_mut(offer.citizen).expect("a guard");
        guard.version += 1;
        guard.offer = None;
    }

    /// All items by key, as the table has them.
    pub fn images(&self) -> BTreeMap<(String, String), Value> {
        let mut all = self.more.clone();
        let mut put = |pk: String, sk: String, image| all.insert((pk, sk), image);
        for ((day, window), page) in &self.pages {
            put("PAGES#one#2612".into(), format!("{day:02}#{window}"), page.wire());
        }
        for (id, item) in &self.appointments {
            put(format!("CIT#{}", item.citizen), format!("APPT#{id}"), item.wire());
        }
        for (id, offer) in &self.offers {
            put(format!("CIT#{}", offer.citizen), format!("OFFER#{id}"), offer.wire());
        }
        for ((who, service), entry) in &self.entries {
            put(format!("CIT#{who}"), format!("WAIT#{service}"), entry.wire());
        }
        for (who, active) in &self.actives {
            put(format!("CIT#{who}"), "ACTIVE".into(), active.wire());
        }
        for ((who, number), note) in &self.notes {
            put(format!("CIT#{who}"), format!("NOTE#{number}"), note.wire());
        }
        for ((who, subject, row), change) in &self.logs {
            put(format!("CIT#{who}"), format!("LOG#{subject}#{row}"), change.wire());
        }
        for ((service, order), who) in &self.lines {
            let row = item([("cit", s(*who)), ("ep", n(1))]);
            put(format!("LINE#one#{service}#any#any"), order.clone(), row);
        }
        all
    }
}
