//! The stage: its people, what they ask and are answered, what must be so, and what is written of it.

use super::StoryError;
use super::cast::{Cast, Who};
use super::ledger::{Ledger, Operation};
use super::page::Page;
use super::plan::MOSCOW;
use super::post::Post;
use crate::embedded::meter::Counts;
use crate::people::Citizen;
use crate::system::System;
use crate::visitor::{Answer, Ask};
use chrono_tz::Tz;
use domain::notice::NoticeKind;
use serde_json::Value;
use std::collections::BTreeMap;
use text::Lang;

pub struct Stage<'a> {
    pub system: System,
    pub cast: Cast,
    pub page: Page<'a>,
    pub post: Post,
    pub ledger: Ledger,
    pub cabinets: BTreeMap<Who, Citizen>,
    /// What was counted and not written yet: it stands behind what happened.
    costs: Vec<String>,
}

impl<'a> Stage<'a> {
    pub fn new(system: System, cast: Cast, page: Page<'a>) -> Self {
        let (post, ledger, cabinets) = (Post::default(), Ledger::default(), BTreeMap::new());
        Self { system, cast, page, post, ledger, cabinets, costs: Vec::new() }
    }

    /// Begins a scene at a place of this zone.
    pub fn scene(&mut self, title: &str, place: &str, zone: Tz) {
        let when = text::when(Lang::En, self.system.now(), zone);
        self.page.heading(title, place, &when);
    }

    /// Begins a scene in Moscow, where most of it happens.
    pub fn scene_in_moscow(&mut self, title: &str) {
        self.scene(title, "Moscow", MOSCOW);
    }

    /// Tells what happens, and what it cost.
    pub fn tell(&mut self, text: impl AsRef<str>) {
        self.page.paragraph(3, text.as_ref());
        self.tell_costs();
    }

    fn tell_costs(&mut self) {
        for cost in std::mem::take(&mut self.costs) {
            self.page.line(&cost);
        }
    }

    /// Notes a difference unless both read the same.
    pub fn must(&mut self, what: &str, got: impl ToString, wanted: impl ToString) {
        let (got, wanted) = (got.to_string(), wanted.to_string());
        if got != wanted {
            self.page.different(format!("{what}: it is «{got}» and must be «{wanted}»"));
        }
    }

    /// Notes a difference unless the part stands in the text.
    pub fn must_say(&mut self, what: &str, text: &str, part: &str) {
        if part.is_empty() || !text.contains(part) {
            self.page.different(format!("{what} must say «{part}», but says «{text}»"));
        }
    }

    /// A name of a state, as people read it.
    pub fn label(&self, key: &str) -> String {
        text::label(Lang::Ru, key)
    }

    /// Asks without being signed in.
    pub async fn open(&mut self, path: &str) -> Answer {
        self.system.ask(Ask::get(path)).await
    }

    pub async fn get(&mut self, who: Who, path: &str) -> Answer {
        self.system.ask(self.signed(who, Ask::get(path))).await
    }

    pub async fn post(&mut self, who: Who, path: &str, body: Value) -> Answer {
        self.system.ask(self.signed(who, Ask::post(path, body))).await
    }

    /// With somebody's session; without one as long as they have no cabinet.
    pub fn signed(&self, who: Who, ask: Ask) -> Ask {
        match self.cabinets.get(&who) {
            Some(citizen) => ask.with_session(&citizen.token),
            None => ask,
        }
    }

    /// Asks, enters what the request itself asked of the table, and insists on the status.
    ///
    /// # Errors
    /// [`StoryError::Halted`] on another status: what follows would make no sense.
    pub async fn counted(
        &mut self,
        operation: Operation,
        status: u16,
        ask: Ask,
    ) -> Result<Answer, StoryError> {
        self.system.meter().start();
        let answer = self.system.ask(ask).await;
        let counts = self.system.meter().take();
        self.enter(operation, counts);
        self.need(&operation.to_string(), status, answer)
    }

    /// # Errors
    /// [`StoryError::Halted`] when the answer has another status: what follows would make no sense.
    pub fn need(&self, what: &str, status: u16, answer: Answer) -> Result<Answer, StoryError> {
        if answer.status == status {
            return Ok(answer);
        }
        Err(StoryError::Halted(format!(
            "{what}: answered {}, must be {status}: {}",
            answer.status, answer.raw
        )))
    }

    /// Notes what an operation asked for.
    pub fn enter(&mut self, operation: Operation, counts: Counts) {
        let Counts { round_trips, read_units, write_units, .. } = counts;
        self.costs.push(format!(
            "      · {operation}: round trips {round_trips}, read units {read_units}, write units {write_units}"
        ));
        self.ledger.enter(operation, counts);
    }

    /// Shows what people were sent meanwhile: exactly this, and nobody anything else.
    ///
    /// # Errors
    /// When the outbox cannot be read.
    pub fn hear(&mut self, expected: &[(Who, NoticeKind)]) -> Result<(), StoryError> {
        self.tell_costs();
        let outbox = self.system.outbox().clone();
        Ok(self.post.arrive(&outbox, &self.cast, expected, &mut self.page)?)
    }
}
