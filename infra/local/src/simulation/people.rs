//! What the citizens of a run do next, from what each of them knows.

mod counter;

use super::Person;
use super::asked::{Asked, Asker, answer, by_phone, change, closing, confirmed, read, sign_in};
use super::dice::Dice;
use super::offers::Offered;
use super::starts::{OFFSET, service, start, today, whom};
use super::told::{changed, instant, seen, slot};
use checker::history::{Action, Facts, Outcome, Wish};
use chrono::{DateTime, Days, Utc};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Requests remembered for being sent again.
const REMEMBERED: usize = 6;

/// An appointment as its citizen knows it.
#[derive(Debug, Clone)]
struct Known {
    number: String,
    code: String,
    office: String,
    starts_at: DateTime<Utc>,
    phase: String,
}

/// Whether a client believes to have paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pausing {
    No,
    Yes,
}

/// Somebody who acts.
#[derive(Debug)]
pub struct Client {
    pub person: Person,
    /// The citizen who does all this in the person's name, with a session of their own.
    acting: Option<String>,
    appointments: BTreeMap<String, Known>,
    /// Services for which one has joined a line, and whether one has paused there.
    places: BTreeMap<String, Pausing>,
    sent: Vec<Asked>,
    keys: u64,
    /// How many appointments the last closing would have touched, as it was told.
    touches: u64,
}

impl Client {
    pub fn new(person: Person) -> Self {
        Self {
            person,
            acting: None,
            appointments: BTreeMap::new(),
            places: BTreeMap::new(),
            sent: Vec::new(),
            keys: 0,
            touches: 0,
        }
    }

    /// One citizen for another, by the other's id.
    pub fn acting(by: &Person, whom: &str) -> Self {
        let person = Person { id: whom.to_owned(), ..by.clone() };
        Self { acting: Some(by.id.clone()), ..Self::new(person) }
    }

    /// For whom somebody acts, and who: beneficiary and representative.
    pub fn acts(&self) -> Option<(&str, &str)> {
        self.acting.as_deref().map(|by| (self.person.id.as_str(), by))
    }

    /// The next thing that this citizen does.
    pub fn next(&mut self, dice: &mut Dice, now: DateTime<Utc>, offers: &[Offered]) -> Asked {
        let open = offers.iter().any(|offer| offer.open && !offer.is_unread());
        let coming = self.appointments.values().any(|known| known.phase == "planned");
        let some = |yes: bool, weight| if yes { weight } else { 0 };
        let weights = [
            30,
            some(coming, 12),
            some(coming, 20),
            20,
            some(!self.places.is_empty(), 12),
            some(open, 60) + some(!offers.is_empty(), 2),
            some(!self.sent.is_empty(), 20),
            some(coming, 6) + some(self.soon(now).is_some(), 40),
            16,
            1,
            some(self.at_the_office(now).is_some(), 120),
            1 + some(self.touches > 0, 20),
            some(self.missed().is_some(), 12),
            some(coming, 8),
        ];
        let asked = match dice.weighed(&weights) {
            Some(0) => self.book(dice, now),
            Some(1) => self.reschedule(dice, now),
            Some(2) => self.cancel(dice),
            Some(3) => self.join(dice, now),
            Some(4) => self.stand(dice),
            Some(5) => answer(dice, offers),
            Some(6) => return self.again(dice),
            Some(7) => self.check_in(dice, now),
            Some(9) if self.acting.is_none() => sign_in(&self.person),
            Some(10) => self.attend(dice, now),
            Some(11) if self.acting.is_none() => self.close(dice, now),
            Some(12) => self.undo(dice, now),
            Some(13) => self.correct(dice),
            _ => self.look(dice, now),
        };
        let asked = match &self.acting {
            Some(by) if asked.asker == Asker::Oneself => Asked { by: Some(by.clone()), ..asked },
            Some(_) => asked,
            None => by_phone(asked, dice),
        };
        let asked = self.with_key(asked, dice);
        if asked.method != Method::GET {
            self.sent.push(asked.clone());
            let spare = self.sent.len().saturating_sub(REMEMBERED);
            self.sent.drain(..spare);
        }
        asked
    }

    /// Most changes carry a key; without one a retry is another request.
    fn with_key(&mut self, mut asked: Asked, dice: &mut Dice) -> Asked {
        let takes_key = matches!(
            asked.action,
            Action::Book { .. }
                | Action::Reschedule { .. }
                | Action::Cancel { .. }
                | Action::Correct { .. }
                | Action::Join { .. }
                | Action::Pause { .. }
                | Action::Resume { .. }
                | Action::Leave { .. }
        );
        if takes_key && !dice.strikes(150) {
            // Now and then a client forgets to draw another key for another request.
            if self.keys == 0 || !dice.strikes(20) {
                self.keys += 1;
            }
            // Each device has names of its own.
            let whose = self.acting.as_deref().unwrap_or_default();
            asked.key = Some(format!("{whose}k{}", self.keys));
        }
        asked
    }

    /// Mostly the last request, whose first try may still be under way.
    fn again(&mut self, dice: &mut Dice) -> Asked {
        let any = usize::try_from(dice.below(self.sent.len() as u64)).unwrap_or(0);
        let at = if dice.strikes(700) { self.sent.len().saturating_sub(1) } else { any };
        self.sent.get(at).cloned().unwrap_or_else(|| read(Action::Inbox, "/v1/inbox".to_owned()))
    }

    fn book(&mut self, dice: &mut Dice, now: DateTime<Utc>) -> Asked {
        let (office, service, starts_at) = start(dice, now);
        let with = whom(dice, office);
        let body = json!({ "officeId": office, "serviceId": service, "startsAt": starts_at.to_rfc3339(),
            "specialistId": with, "rulesVersion": app::book::RULES_VERSION });
        let action = Action::Book {
            office: office.to_owned(),
            service: service.to_owned(),
            starts_at_s: starts_at.timestamp(),
            with: with.map(str::to_owned),
        };
        change(action, "/v1/appointments".to_owned(), body)
    }

    fn one(&self, dice: &mut Dice) -> Option<(String, Known)> {
        let all: Vec<_> = self.appointments.iter().collect();
        dice.pick(&all).map(|(id, known)| ((*id).clone(), (*known).clone()))
    }

    fn reschedule(&mut self, dice: &mut Dice, now: DateTime<Utc>) -> Asked {
        let Some((id, _)) = self.one(dice) else { return self.look(dice, now) };
        let (office, _, starts_at) = start(dice, now);
        let with = whom(dice, office);
        let action = Action::Reschedule {
            appointment: id.clone(),
            office: office.to_owned(),
            starts_at_s: starts_at.timestamp(),
            with: with.map(str::to_owned),
        };
        let body = json!({ "officeId": office, "startsAt": starts_at.to_rfc3339(), "specialistId": with });
        change(action, format!("/v1/appointments/{id}/reschedule"), body)
    }

    fn cancel(&mut self, dice: &mut Dice) -> Asked {
        let Some((id, _)) = self.one(dice) else { return read(Action::Inbox, "/v1/inbox".to_owned()) };
        change(Action::Cancel { appointment: id.clone() }, format!("/v1/appointments/{id}/cancel"), json!({}))
    }

    fn correct(&mut self, dice: &mut Dice) -> Asked {
        let Some((id, _)) = self.one(dice) else { return read(Action::Inbox, "/v1/inbox".to_owned()) };
        let body = json!({ "purpose": format!("matter {}", dice.below(1000)) });
        let path = format!("/v1/appointments/{id}");
        Asked { method: Method::PATCH, ..change(Action::Correct { appointment: id }, path, body) }
    }

    fn join(&mut self, dice: &mut Dice, now: DateTime<Utc>) -> Asked {
        let service = service(dice);
        let mut offices = vec![if service == "paper" { "two" } else { "one" }.to_owned()];
        if service == "talk" && dice.strikes(400) {
            offices.push("two".to_owned());
        }
        let first = today(now).checked_add_days(Days::new(dice.below(3))).unwrap_or_default();
        let last = first.checked_add_days(Days::new(dice.below(3))).unwrap_or(first);
        let dates = dice.strikes(800).then(|| (first.to_string(), last.to_string()));
        let weekdays: Vec<u8> =
            if dates.is_none() && dice.strikes(300) { vec![2, 3, 4, 5] } else { Vec::new() };
        let parts: Vec<String> = if dice.strikes(200) {
            vec![if service == "paper" { "day" } else { "morning" }.to_owned()]
        } else {
            Vec::new()
        };
        let mut body =
            json!({ "serviceId": service, "offices": offices, "weekdays": weekdays, "parts": parts });
        if let Some((from, to)) = &dates {
            body["from"] = json!(from);
            body["to"] = json!(to);
        }
        let wish = Wish { offices, dates, weekdays, parts };
        self.places.insert(service.to_owned(), Pausing::No);
        change(Action::Join { service: service.to_owned(), wish }, "/v1/waitlist".to_owned(), body)
    }

    fn stand(&mut self, dice: &mut Dice) -> Asked {
        let places: Vec<_> =
            self.places.iter().map(|(service, pausing)| (service.clone(), *pausing)).collect();
        let (service, pausing) = dice.pick(&places).cloned().unwrap_or((String::new(), Pausing::No));
        // What one believes is mostly done, and now and then what makes no sense.
        let action = match (pausing, dice.below(10)) {
            (_, 0) | (Pausing::No, 1..=2) => Action::Leave { service: service.clone() },
            (Pausing::No, 3) | (Pausing::Yes, 2..) => Action::Resume { service: service.clone() },
            _ => Action::Pause { service: service.clone() },
        };
        let (verb, pausing) = match action {
            Action::Leave { .. } => ("leave", Pausing::No),
            Action::Resume { .. } => ("resume", Pausing::No),
            _ => ("pause", Pausing::Yes),
        };
        self.places.insert(service.clone(), pausing);
        change(action, format!("/v1/waitlist/{service}/{verb}"), json!({}))
    }

    fn close(&mut self, dice: &mut Dice, now: DateTime<Utc>) -> Asked {
        let touches = std::mem::take(&mut self.touches);
        let told = self.sent.iter().rev().find(|sent| matches!(sent.action, Action::Close { .. }));
        match told.filter(|_| touches > 0) {
            Some(told) => confirmed(told, touches),
            None => closing(dice, now),
        }
    }

    fn look(&mut self, dice: &mut Dice, now: DateTime<Utc>) -> Asked {
        let (office, service, starts_at) = start(dice, now);
        let on = (starts_at + OFFSET).date_naive();
        let (office_id, service_id) = (office.to_owned(), service.to_owned());
        match dice.below(10) {
            0 => read(
                Action::Calendar { office: office_id, service: service_id },
                format!("/v1/offices/{office}/calendar?serviceId={service}"),
            ),
            1..=3 => read(
                Action::Slots { office: office_id, service: service_id, on: on.to_string() },
                format!("/v1/offices/{office}/slots?serviceId={service}&date={on}"),
            ),
            4 if self.acting.is_none() => read(Action::Inbox, "/v1/inbox".to_owned()),
            5 => read(Action::Place { service: service_id }, format!("/v1/waitlist/{service}")),
            6 => {
                read(Action::PlaceHistory { service: service_id }, format!("/v1/waitlist/{service}/history"))
            }
            7 => match self.one(dice) {
                Some((id, _)) => read(
                    Action::AppointmentHistory { appointment: id.clone() },
                    format!("/v1/appointments/{id}/history"),
                ),
                None => read(Action::Appointments, "/v1/appointments?limit=50".to_owned()),
            },
            _ => read(Action::Appointments, "/v1/appointments?limit=50".to_owned()),
        }
    }

    /// Learns from an answer and puts it in the checker's words.
    pub fn hear(&mut self, action: &Action, status: u16, body: &Value) -> Outcome {
        if status == 0 || status >= 500 {
            return Outcome::Unknown;
        }
        let code = body["type"].as_str().unwrap_or_default().trim_start_matches("urn:okno:problem:");
        let mut facts = Facts::default();
        if let Some(alternatives) = body["alternatives"].as_array() {
            facts.slots = Some(alternatives.iter().filter_map(|one| slot(one, &one["office"])).collect());
        }
        if let (Action::Close { .. }, Some(touches)) = (action, body["appointments"].as_u64()) {
            self.touches = touches;
        }
        if status >= 400 {
            return Outcome::Refused { status, code: code.to_owned(), facts };
        }
        match action {
            Action::Book { .. }
            | Action::Reschedule { .. }
            | Action::Cancel { .. }
            | Action::Correct { .. }
            | Action::Accept { .. }
            | Action::Appointment { .. } => {
                facts.appointment = seen(body);
                self.learn(body);
            }
            Action::Appointments => {
                let all = body["items"].as_array().cloned().unwrap_or_default();
                all.iter().for_each(|one| self.learn(one));
                facts.appointments =
                    body["nextCursor"].is_null().then(|| all.iter().filter_map(seen).collect());
            }
            Action::AppointmentHistory { .. } => {
                let all = body["items"].as_array().cloned().unwrap_or_default();
                facts.changes = Some(all.iter().filter_map(changed).collect());
            }
            Action::Slots { .. } => {
                let all = body["slots"].as_array().cloned().unwrap_or_default();
                facts.slots = Some(all.iter().filter_map(|one| slot(one, &body["office"])).collect());
            }
            Action::Join { .. } | Action::Pause { .. } | Action::Resume { .. } | Action::Leave { .. } => {
                facts.ticket = body["ticket"].as_str().map(str::to_owned);
            }
            Action::Decline { .. } | Action::Offer { .. } => {
                facts.offer = body["id"].as_str().map(str::to_owned);
            }
            _ => {}
        }
        Outcome::Ok { facts }
    }

    fn learn(&mut self, body: &Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let Some(starts_at) = instant(&body["startsAt"]) else { return };
        let known = Known {
            number: text(&body["number"]),
            code: text(&body["code"]),
            office: text(&body["office"]["id"]),
            starts_at,
            phase: text(&body["phase"]),
        };
        self.appointments.insert(text(&body["id"]), known);
        // Long past ones are nobody's concern any more.
        while self.appointments.len() > 8 {
            let oldest = self.appointments.iter().min_by_key(|(_, known)| known.starts_at);
            let Some(oldest) = oldest.map(|(id, _)| id.clone()) else { break };
            self.appointments.remove(&oldest);
        }
    }
}
