//! What is done about a visit in the minutes about it: coming, being received, having been there after all.

use super::{Client, Known};
use crate::simulation::asked::{Asked, Asker, change, read, step};
use crate::simulation::dice::Dice;
use checker::history::Action;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

impl Client {
    /// An appointment for which it is time to come, or just was.
    pub(super) fn soon(&self, now: DateTime<Utc>) -> Option<(String, Known)> {
        let near = |known: &Known| {
            known.phase == "planned"
                && (-TimeDelta::minutes(15)..TimeDelta::minutes(60)).contains(&(known.starts_at - now))
        };
        self.appointments.iter().find(|(_, known)| near(known)).map(|(id, known)| (id.clone(), known.clone()))
    }

    pub(super) fn check_in(&mut self, dice: &mut Dice, now: DateTime<Utc>) -> Asked {
        let Some((id, known)) = self.soon(now).or_else(|| self.one(dice)) else {
            return read(Action::Inbox, "/v1/inbox".to_owned());
        };
        let body = json!({ "officeId": known.office, "number": known.number, "code": known.code });
        let asked = change(Action::CheckIn { appointment: id }, "/v1/check-ins".to_owned(), body);
        Asked { asker: Asker::Nobody, ..asked }
    }

    pub fn is_at_an_office(&self, now: DateTime<Utc>) -> bool {
        self.at_the_office(now).is_some()
    }

    /// A visit that is under way, or was missed.
    pub(super) fn at_the_office(&self, now: DateTime<Utc>) -> Option<(String, Known)> {
        let near = |known: &Known| {
            !matches!(&*known.phase, "cancelled" | "completed")
                && (-TimeDelta::minutes(40)..TimeDelta::minutes(20)).contains(&(known.starts_at - now))
        };
        self.appointments.iter().find(|(_, known)| near(known)).map(|(id, known)| (id.clone(), known.clone()))
    }

    /// What is done with the visit at the counter, in an order that makes sense mostly.
    pub(super) fn attend(&mut self, dice: &mut Dice, now: DateTime<Utc>) -> Asked {
        let Some((id, known)) = self.at_the_office(now) else { return self.look(dice, now) };
        if dice.strikes(300) {
            let path = format!("/v1/staff/offices/{}/arrivals", known.office);
            let arrival =
                change(Action::CheckIn { appointment: id }, path, json!({ "number": known.number }));
            return Asked { asker: Asker::Desk, ..arrival };
        }
        let missed = now - known.starts_at > domain::limits::NO_SHOW_AFTER && dice.strikes(500);
        let (verb, body) = match if missed { 9 } else { dice.below(10) } {
            0..=1 => ("call", json!({})),
            2..=3 => ("receive", json!({})),
            4 => ("close", json!({ "result": "left" })),
            5 => ("close", json!({ "result": "documents-missing", "note": "passport" })),
            6..=7 => ("close", json!({ "result": "served" })),
            _ => ("undo-no-show", json!({ "reason": "at the other window" })),
        };
        step(&self.person, id, verb, body)
    }

    /// A visit that counts as missed, as far as its citizen knows.
    pub(super) fn missed(&self) -> Option<&String> {
        self.appointments.iter().find(|(_, known)| known.phase == "no-show").map(|(id, _)| id)
    }

    /// They were there after all.
    pub(super) fn undo(&mut self, dice: &mut Dice, now: DateTime<Utc>) -> Asked {
        let Some(id) = self.missed().cloned() else { return self.look(dice, now) };
        step(&self.person, id, "undo-no-show", json!({ "reason": "at the other window" }))
    }
}
