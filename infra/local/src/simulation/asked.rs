//! A request of a run: what is asked, by whom, and what a device sends along to say so.

use super::Person;
use super::dice::Dice;
use super::offers::Offered;
use super::starts::{OFFSET, start, whom, window_of};
use checker::history::{Action, What};
use chrono::{DateTime, Utc};
use http::Method;
use serde_json::{Value, json};

/// A request as it goes out.
#[derive(Debug, Clone)]
pub struct Asked {
    pub action: Action,
    pub key: Option<String>,
    pub method: Method,
    pub path: String,
    pub body: Option<Value>,
    pub asker: Asker,
    /// The citizen who asks in another's name.
    pub by: Option<String>,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// Anybody, at a kiosk or before signing in.
    Nobody,
    Oneself,
    /// Somebody who works here, on the phone with them.
    ForOneself,
    /// Somebody who works here, at the office.
    Desk,
    /// Somebody else who works here.
    Colleague,
}

impl Asked {
    /// The same for the record.
    pub fn called(&self, op: u64, client: String) -> What {
        let staff = matches!(self.asker, Asker::ForOneself | Asker::Desk | Asker::Colleague);
        let (key, by, action) = (self.key.clone(), self.by.clone(), self.action.clone());
        What::Call { op, client, key, staff, by, action }
    }

    /// What a device sends along to say who asks.
    pub fn headers(&self, person: &Person, [staff, colleague]: [&str; 2]) -> Vec<(&'static str, String)> {
        let bearer = |token: &str| ("authorization", format!("Bearer {token}"));
        let mut headers = match self.asker {
            Asker::Nobody => Vec::new(),
            Asker::Oneself => vec![bearer(&person.token)],
            Asker::ForOneself => vec![bearer(staff), ("acting-for", person.id.clone())],
            Asker::Desk => vec![bearer(staff)],
            Asker::Colleague => vec![bearer(colleague)],
        };
        headers.extend(self.by.iter().map(|_| ("acting-for", person.id.clone())));
        headers.extend(self.key.iter().map(|key| ("idempotency-key", key.clone())));
        headers
    }
}

pub fn change(action: Action, path: String, body: Value) -> Asked {
    Asked { action, key: None, method: Method::POST, path, body: Some(body), asker: Asker::Oneself, by: None }
}

pub fn read(action: Action, path: String) -> Asked {
    Asked { action, key: None, method: Method::GET, path, body: None, asker: Asker::Oneself, by: None }
}

/// Now and then somebody calls, and an operator does it for them.
pub fn by_phone(mut asked: Asked, dice: &mut Dice) -> Asked {
    let own = matches!(asked.action, Action::Inbox | Action::Calendar { .. } | Action::Slots { .. });
    if asked.asker != Asker::Oneself || own || !dice.strikes(120) {
        return asked;
    }
    if let (Action::Reschedule { .. } | Action::Cancel { .. } | Action::Correct { .. }, Some(body)) =
        (&asked.action, &mut asked.body)
    {
        body["reason"] = json!("a child fell ill");
    }
    Asked { asker: Asker::ForOneself, ..asked }
}

/// A window, or all of an office, is closed for a day, or somebody is ill.
pub fn closing(dice: &mut Dice, now: DateTime<Utc>) -> Asked {
    let (office, _, starts_at) = start(dice, now);
    let on = (starts_at + OFFSET).date_naive();
    let ill = whom(dice, office);
    let windows: Vec<String> = match (ill, dice.below(3)) {
        (Some(ill), _) => vec![window_of(ill, on).to_owned()],
        (None, 0) => Vec::new(),
        (None, 1) if office == "two" => vec!["b".to_owned()],
        _ => vec!["a".to_owned()],
    };
    let on = on.to_string();
    let note = json!({ "ru": "no light", "en": "no light" });
    let mut body = json!({ "from": on, "reason": "no light", "note": note });
    if ill.is_some() {
        body["specialistId"] = json!(ill);
    } else if !windows.is_empty() {
        body["windows"] = json!(windows);
    }
    let path = format!("/v1/staff/offices/{office}/closings");
    let action = Action::Close { office: office.to_owned(), windows, on };
    Asked { asker: Asker::Desk, ..change(action, path, body) }
}

/// The same by somebody who was told how many appointments it touches.
pub fn confirmed(told: &Asked, touches: u64) -> Asked {
    let mut again = told.clone();
    if let Some(body) = &mut again.body {
        body["confirm"] = json!(touches);
    }
    again
}

/// What somebody at the counter does about a visit.
pub fn step(person: &Person, id: String, verb: &str, body: Value) -> Asked {
    let path = format!("/v1/staff/visits/{}.{id}/{verb}", person.id);
    let action = Action::Attend { appointment: id, step: verb.to_owned() };
    Asked { asker: Asker::Desk, ..change(action, path, body) }
}

pub fn sign_in(person: &Person) -> Asked {
    let body =
        json!({ "login": person.phone, "password": super::scene::PASSWORD, "deviceToken": person.device });
    Asked { asker: Asker::Nobody, ..change(Action::SignIn, "/v1/sessions".to_owned(), body) }
}

pub fn answer(dice: &mut Dice, offers: &[Offered]) -> Asked {
    // The last one mostly; an old one now and then, which must be refused.
    let old = dice.strikes(100);
    let offer = if old { dice.pick(offers) } else { offers.last() };
    let offer = offer.map(|offer| offer.id.clone()).unwrap_or_default();
    match dice.below(10) {
        0..=4 => {
            change(Action::Accept { offer: offer.clone() }, format!("/v1/offers/{offer}/accept"), json!({}))
        }
        5..=6 => read(Action::Offer { offer: offer.clone() }, format!("/v1/offers/{offer}")),
        _ => {
            change(Action::Decline { offer: offer.clone() }, format!("/v1/offers/{offer}/decline"), json!({}))
        }
    }
}
