//! What citizens do from home: booking what they are shown, moving, giving up, waiting, answering offers.

use super::{Failure, Town, needed, text};
use crate::people;
use crate::visitor::{Answer, Ask};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::{Value, json};

/// Chances in a thousand, a morning.
const BOOKS: u64 = 220;
const MOVES: u64 = 60;
const GIVES_UP: u64 = 60;
const ACCEPTS: u64 = 800;
/// Days ahead within which people want to come.
pub(super) const WANTED_WITHIN: u64 = 5;
/// How many come after work only, in a thousand.
const AFTER_WORK: u64 = 500;

impl Town {
    pub(super) async fn citizens_act(&mut self, on: NaiveDate) -> Result<(), Failure> {
        for who in 0..self.people.len() {
            let held = self.coming(who).await?;
            self.answer_offer(who).await?;
            if let Some(one) = held.first() {
                if self.dice.strikes(MOVES) {
                    self.moves(who, one, on).await?;
                } else if self.dice.strikes(GIVES_UP) {
                    self.gives_up(who, one).await?;
                }
            }
            if held.len() < 2 && self.dice.strikes(BOOKS) {
                self.wants(who, on).await?;
            }
        }
        Ok(())
    }

    /// What somebody has booked and is still to come to.
    pub(super) async fn coming(&self, who: usize) -> Result<Vec<Value>, Failure> {
        let all =
            needed("reading one's appointments", self.as_citizen(who, Ask::get("/v1/appointments")).await)?;
        let planned = |one: &&Value| one["phase"] == "planned" && one["coming"] == json!(true);
        Ok(all.list("/items").iter().filter(planned).cloned().collect())
    }

    /// A start of a day that is shown to somebody for a service.
    async fn shown(
        &mut self,
        who: usize,
        service: &str,
        on: NaiveDate,
        part: Option<&str>,
    ) -> Result<Option<String>, Failure> {
        let part = part.map(|part| format!("&part={part}")).unwrap_or_default();
        let path = format!("/v1/offices/{}/slots?serviceId={service}&date={on}{part}", self.office.id);
        let day = needed("looking at a day", self.as_citizen(who, Ask::get(path)).await)?;
        self.lived.shown += day.list("/slots").len() as u64;
        Ok(self.dice.pick(day.list("/slots")).map(|slot| text(slot, "startsAt")))
    }

    /// Books a start that is shown, or stands in line for that day.
    async fn wants(&mut self, who: usize, today: NaiveDate) -> Result<(), Failure> {
        let Some(service) = self.dice.pick(&self.services).cloned() else { return Ok(()) };
        let on = today + Days::new(self.dice.between(1, WANTED_WITHIN));
        let part = self.dice.strikes(AFTER_WORK).then_some("evening");
        let Some(starts_at) = self.shown(who, service.as_str(), on, part).await? else {
            return self.waits_for(who, service.as_str(), on, part).await;
        };
        let body = json!({ "officeId": self.office.id.to_string(), "serviceId": service.to_string(),
            "startsAt": starts_at, "rulesVersion": app::book::RULES_VERSION });
        let answer = self.with_papers(who, service.as_str(), Ask::post("/v1/appointments", body)).await?;
        match answer.problem() {
            // One holds that service already, or gave it up too often: the page would not let one try.
            "already-booked" | "service-paused" | "offer-open" => self.lived.own_limits += 1,
            _ => {
                needed("booking a start that was shown", answer)?;
                self.lived.booked += 1;
            }
        }
        Ok(())
    }

    /// Asks, and brings the files without which it is refused.
    async fn with_papers(&self, who: usize, service: &str, ask: Ask) -> Result<Answer, Failure> {
        let answer = self.as_citizen(who, ask.clone()).await;
        if answer.problem() != "files-lacking" {
            return Ok(answer);
        }
        people::papers(&self.system, &self.people[who].token, service).await?;
        Ok(self.as_citizen(who, ask).await)
    }

    async fn waits_for(
        &mut self,
        who: usize,
        service: &str,
        on: NaiveDate,
        part: Option<&str>,
    ) -> Result<(), Failure> {
        let body = json!({ "serviceId": service, "offices": [self.office.id.to_string()],
            "from": on, "to": on, "parts": part.into_iter().collect::<Vec<_>>() });
        let answer = self.with_papers(who, service, Ask::post("/v1/waitlist", body)).await?;
        // Whoever can book one of those days need not wait; they will look again tomorrow.
        if answer.status == 201 {
            self.lived.joined += 1;
            self.waits.insert(who, service.parse().map_err(|_| "a service's id")?);
        }
        Ok(())
    }

    async fn answer_offer(&mut self, who: usize) -> Result<(), Failure> {
        let Some(service) = self.waits.get(&who).cloned() else { return Ok(()) };
        let place = self.as_citizen(who, Ask::get(format!("/v1/waitlist/{service}"))).await;
        let offer = place.text("/offerId").to_owned();
        if offer.is_empty() {
            return Ok(());
        }
        let accepts = self.dice.strikes(ACCEPTS);
        let verb = if accepts { "accept" } else { "decline" };
        let answer = self.as_citizen(who, Ask::post(format!("/v1/offers/{offer}/{verb}"), json!({}))).await;
        if answer.status == 200 && accepts {
            // Accepting for an earlier time moves what one has.
            match answer.body["version"] == json!(1) {
                true => self.lived.accepted += 1,
                false => self.lived.moved += 1,
            }
            self.waits.remove(&who);
        }
        Ok(())
    }

    async fn moves(&mut self, who: usize, one: &Value, today: NaiveDate) -> Result<(), Failure> {
        let on = today + Days::new(self.dice.between(1, WANTED_WITHIN));
        let service = text(&one["service"], "id");
        let Some(starts_at) = self.shown(who, &service, on, None).await? else { return Ok(()) };
        let path = format!("/v1/appointments/{}/reschedule", text(one, "id"));
        let body = json!({ "officeId": self.office.id.to_string(), "startsAt": starts_at });
        let answer = self.as_citizen(who, Ask::post(path, body)).await;
        if answer.problem() != "too-late" {
            needed("moving to a start that was shown", answer)?;
            self.lived.moved += 1;
        }
        Ok(())
    }

    async fn gives_up(&mut self, who: usize, one: &Value) -> Result<(), Failure> {
        let path = format!("/v1/appointments/{}/cancel", text(one, "id"));
        let answer = self.as_citizen(who, Ask::post(path, json!({}))).await;
        if answer.problem() != "too-late" {
            needed("cancelling", answer)?;
            self.lived.cancelled += 1;
        }
        Ok(())
    }

    /// Whom the office has given up on a date stands in line, and looks at once at what is offered instead.
    pub(super) async fn read_of_closing(&mut self, on: NaiveDate) -> Result<(), Failure> {
        for who in 0..self.people.len() {
            let all = self.as_citizen(who, Ask::get("/v1/appointments")).await;
            let given_up = needed("reading one's appointments", all)?;
            let here = |one: &&Value| {
                one["phase"] == "cancelled" && text(one, "startsAt").starts_with(&on.to_string())
            };
            for one in given_up.list("/items").iter().filter(here) {
                let service = text(&one["service"], "id");
                self.waits.insert(who, service.parse().map_err(|_| "a service's id")?);
            }
        }
        self.look_at_messages().await
    }

    /// Those who wait look at their messages now and then.
    pub(super) async fn look_at_messages(&mut self) -> Result<(), Failure> {
        let waiting: Vec<usize> = self.waits.keys().copied().collect();
        for who in waiting {
            self.answer_offer(who).await?;
        }
        Ok(())
    }

    /// Everybody who is expected on a date, with when.
    pub(super) async fn expected(&self, on: NaiveDate) -> Result<Vec<(DateTime<Utc>, Value)>, Failure> {
        let mut expected = Vec::new();
        for who in 0..self.people.len() {
            for one in self.coming(who).await? {
                let starts_at: DateTime<Utc> =
                    DateTime::parse_from_rfc3339(&text(&one, "startsAt"))?.to_utc();
                if starts_at.with_timezone(&self.zone).date_naive() == on {
                    expected.push((starts_at, one));
                }
            }
        }
        expected.sort_by_key(|(starts_at, one)| (*starts_at, text(one, "number")));
        Ok(expected)
    }
}
