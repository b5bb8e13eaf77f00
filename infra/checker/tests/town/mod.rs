//! A small town for histories: one office, two windows, two services, a table, and people who do things.
//!
//! Window `a` receives for both services, `b` for `talk` only; both are open from 10:00 to 12:00 on 1 to 9 December.
//! At `b` Olga receives, at `a` nobody is known by name. A talk takes six cells, a paper three. It is 1 December, 10:00.

pub mod items;
pub mod state;
pub mod wire;

pub use items::{Seat, seat};
pub use state::{Id, State};

use checker::history::*;
use checker::{Mode, Report, check};
use items::DECEMBER_S;

pub struct Town {
    pub history: History,
    pub state: State,
    step: u64,
    now_us: i64,
    ops: u64,
}

impl Town {
    pub fn new() -> Self {
        let open = vec![Cells { from: 120, to: 144 }];
        let day = |day, who: Option<&str>| Day {
            on: format!("2026-12-{day:02}"),
            open: open.clone(),
            services: None,
            who: who.map(str::to_owned),
            kept: Vec::new(),
        };
        let window = |id: &str, services: &[&str], who| Window {
            id: id.into(),
            services: services.iter().map(ToString::to_string).collect(),
            days: (1..=9).map(|on| day(on, who)).collect(),
        };
        let windows = vec![window("a", &["talk", "paper"], None), window("b", &["talk"], Some("olga"))];
        let office = Office { id: "one".into(), zone: "+03:00".into(), no_show: true, windows };
        let service =
            |id: &str, length| Service { id: id.into(), length, buffer: 0, lead_min: 120, horizon_days: 30 };
        let limits = Limits { free_cells: FreeCells::FreedAndReleased, ..Limits::default() };
        let world =
            World { offices: vec![office], services: vec![service("talk", 6), service("paper", 3)], limits };
        let history = History { world, events: Vec::new() };
        let now_us = (DECEMBER_S + 10 * 3600) * 1_000_000;
        Self { history, state: State::default(), step: 0, now_us, ops: 0 }
    }

    /// Time goes on by seconds.
    pub fn later(&mut self, seconds: i64) -> &mut Self {
        self.now_us += seconds * 1_000_000;
        self
    }

    /// Time goes on to so many seconds from a seat's start.
    pub fn until_start(&mut self, seat: &Seat, after_s: i64) -> &mut Self {
        self.now_us = self.now_us.max((seat.starts_at_s() + after_s) * 1_000_000);
        self
    }

    pub fn now_ms(&self) -> i64 {
        self.now_us / 1000
    }

    /// Each event is a millisecond after the one before.
    pub fn event(&mut self, what: What) -> u64 {
        self.step += 1;
        self.now_us += 1000;
        self.history.events.push(Event { step: self.step, at_us: self.now_us, what });
        self.step
    }

    pub fn call(&mut self, who: Id, key: Option<&str>, action: Action) -> u64 {
        self.calls(who, key, false, action)
    }

    /// Asks oneself, or has somebody who works there ask.
    pub fn calls(&mut self, who: Id, key: Option<&str>, staff: bool, action: Action) -> u64 {
        self.ops += 1;
        let (op, key) = (self.ops, key.map(str::to_owned));
        self.event(What::Call { op, client: who.into(), key, staff, by: None, action });
        op
    }

    pub fn ok(&mut self, op: u64, facts: Facts) {
        self.event(What::Return { op, outcome: Outcome::Ok { facts } });
    }

    /// Answers with an appointment as it stands.
    pub fn ok_with(&mut self, op: u64, id: Id) {
        let seen = self.seen(id);
        self.ok(op, Facts { appointment: Some(seen), ..Facts::default() });
    }

    pub fn seen(&self, id: Id) -> AppointmentSeen {
        let item = &self.state.appointments[id];
        AppointmentSeen {
            id: id.into(),
            version: item.version,
            office: "one".into(),
            starts_at_s: item.seat.starts_at_s(),
            phase: item.phase.into(),
        }
    }

    pub fn refuse(&mut self, op: u64, code: &str) {
        let (code, facts) = (code.to_owned(), Facts::default());
        self.event(What::Return { op, outcome: Outcome::Refused { status: 409, code, facts } });
    }

    /// One transaction: whatever the change makes of the state.
    pub fn commit(&mut self, by: &str, change: impl FnOnce(&mut State)) -> u64 {
        let before = self.state.images();
        self.state.now_ms = self.now_ms();
        change(&mut self.state);
        let after = self.state.images();
        let mut keys: Vec<_> = before.keys().chain(after.keys()).cloned().collect();
        keys.sort();
        keys.dedup();
        let changed = keys.into_iter().filter(|key| before.get(key) != after.get(key));
        let records = changed.map(|key| Record {
            old: before.get(&key).cloned(),
            new: after.get(&key).cloned(),
            pk: key.0,
            sk: key.1,
        });
        let records = records.collect();
        self.event(What::Commit { by: by.into(), records })
    }

    pub fn wants(service: Id, seat: &Seat) -> Action {
        Self::wants_with(service, seat, None)
    }

    pub fn wants_with(service: Id, seat: &Seat, with: Option<Id>) -> Action {
        let (office, service, starts_at_s) = ("one".to_owned(), service.to_owned(), seat.starts_at_s());
        Action::Book { office, service, starts_at_s, with: with.map(str::to_owned) }
    }

    pub fn wants_to_move(id: Id, to: &Seat, with: Option<Id>) -> Action {
        let (appointment, office, starts_at_s) = (id.to_owned(), "one".to_owned(), to.starts_at_s());
        Action::Reschedule { appointment, office, starts_at_s, with: with.map(str::to_owned) }
    }

    pub fn books(&mut self, who: Id, id: Id, seat: &Seat) -> &mut Self {
        self.books_for(who, id, "talk", seat)
    }

    pub fn books_for(&mut self, who: Id, id: Id, service: Id, seat: &Seat) -> &mut Self {
        let op = self.call(who, None, Self::wants(service, seat));
        self.commit("booking", |state| state.book(who, id, service, seat, None));
        self.ok_with(op, id);
        self
    }

    pub fn cancels(&mut self, id: Id) -> &mut Self {
        let who = self.state.appointments[id].citizen;
        let op = self.call(who, None, Action::Cancel { appointment: id.into() });
        self.commit("cancellation", |state| state.cancel(id, None));
        self.ok_with(op, id);
        self
    }

    pub fn moves(&mut self, id: Id, to: &Seat) -> &mut Self {
        let who = self.state.appointments[id].citizen;
        let op = self.call(who, None, Self::wants_to_move(id, to, None));
        self.commit("rescheduling", |state| state.shift(id, to, None));
        self.ok_with(op, id);
        self
    }

    pub fn joins(&mut self, who: Id, service: Id, ticket: Id) -> &mut Self {
        self.joins_for_days(who, service, ticket, None)
    }

    pub fn joins_for_days(
        &mut self,
        who: Id,
        service: Id,
        ticket: Id,
        days: Option<(u32, u32)>,
    ) -> &mut Self {
        let wish = Wish { offices: vec!["one".into()], ..Wish::default() };
        let op = self.call(who, None, Action::Join { service: service.into(), wish });
        self.commit("waitlist", |state| state.join(who, service, ticket, days, None));
        self.ok(op, Facts { ticket: Some(ticket.into()), ..Facts::default() });
        self
    }

    /// The worker offers what was given up by the same service.
    pub fn offers(&mut self, id: Id, who: Id, service: Id, seat: &Seat) -> &mut Self {
        self.commit("waitlist-worker", |state| state.offer(id, who, service, seat, service));
        self
    }

    pub fn accepts(&mut self, offer: Id, appointment: Id) -> &mut Self {
        let who = self.state.offers[offer].citizen;
        let op = self.call(who, None, Action::Accept { offer: offer.into() });
        self.commit("waitlist", |state| state.accept(offer, appointment));
        self.ok_with(op, appointment);
        self
    }

    pub fn declines(&mut self, offer: Id) -> &mut Self {
        let who = self.state.offers[offer].citizen;
        let op = self.call(who, None, Action::Decline { offer: offer.into() });
        self.commit("waitlist", |state| state.decline(offer));
        self.ok(op, Facts { offer: Some(offer.into()), ..Facts::default() });
        self
    }

    pub fn sent(&mut self, channel: &str, citizen: Id, kind: &str, subject: &str, version: u64) -> &mut Self {
        let notice = Some(format!("1796072400.{kind}.{subject}.{version}"));
        let (channel, citizen) = (channel.to_owned(), citizen.to_owned());
        let terminal = Terminal::Accepted;
        self.event(What::Sent(Sent { channel, citizen, notice, message: None, about: None, terminal }));
        self
    }

    pub fn tick(&mut self) -> &mut Self {
        self.event(What::Tick);
        self
    }

    pub fn safety(&self) -> Report {
        check(&self.history, Mode::Safety)
    }

    pub fn liveness(&self) -> Report {
        check(&self.history, Mode::Liveness)
    }
}
