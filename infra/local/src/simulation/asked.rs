//! A request of a run: what is asked, by whom, and what a device sends along to say so.

use super::Person;
use super::dice::Dice;
use checker::history::Action;
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
}

impl Asked {
    /// What a device sends along to say who asks.
    pub fn headers(&self, person: &Person, staff: &str) -> Vec<(&'static str, String)> {
        let bearer = |token: &str| ("authorization", format!("Bearer {token}"));
        let mut headers = match self.asker {
            Asker::Nobody => Vec::new(),
            Asker::Oneself => vec![bearer(&person.token)],
            Asker::ForOneself => vec![bearer(staff), ("acting-for", person.id.clone())],
            Asker::Desk => vec![bearer(staff)],
        };
        headers.extend(self.key.iter().map(|key| ("idempotency-key", key.clone())));
        headers
    }
}

pub fn change(action: Action, path: String, body: Value) -> Asked {
    Asked { action, key: None, method: Method::POST, path, body: Some(body), asker: Asker::Oneself }
}

pub fn read(action: Action, path: String) -> Asked {
    Asked { action, key: None, method: Method::GET, path, body: None, asker: Asker::Oneself }
}

/// Now and then somebody calls, and an operator does it for them.
pub fn by_phone(mut asked: Asked, dice: &mut Dice) -> Asked {
    let own = matches!(asked.action, Action::Inbox | Action::Calendar { .. } | Action::Slots { .. });
    if asked.asker != Asker::Oneself || own || !dice.strikes(120) {
        return asked;
    }
    if let (Action::Reschedule { .. } | Action::Cancel { .. }, Some(body)) = (&asked.action, &mut asked.body)
    {
        body["reason"] = json!("a child fell ill");
    }
    Asked { asker: Asker::ForOneself, ..asked }
}
