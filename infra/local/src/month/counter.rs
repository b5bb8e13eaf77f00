//! A day at the office: people come, or not; windows call, receive and close.

use super::{Failure, STEP, Town, local, needed, text};
use crate::visitor::Ask;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Chances in a thousand that somebody who is expected does not come, or comes late.
const STAYS_AWAY: u64 = 80;
const LATE: u64 = 80;
/// How visits end, by chance.
const RESULTS: [(&str, u64); 4] =
    [("served", 78), ("documents-missing", 14), ("declined", 4), ("referred", 4)];

/// A visit that is being received: until when, and its name.
type Receiving = (DateTime<Utc>, String);

impl Town {
    pub(super) async fn day(&mut self, on: NaiveDate) -> Result<(), Failure> {
        let mut arrivals: Vec<(DateTime<Utc>, Value)> = Vec::new();
        for (starts_at, one) in self.expected(on).await? {
            if self.dice.strikes(STAYS_AWAY) {
                self.lived.stayed_away += 1;
                continue;
            }
            let minutes = match self.dice.strikes(LATE) {
                true => i64::try_from(self.dice.between(1, 5))?,
                false => -i64::try_from(self.dice.between(0, 25))?,
            };
            arrivals.push((starts_at + TimeDelta::minutes(minutes), one));
        }
        arrivals.sort_by_key(|(at, one)| (*at, text(one, "number")));
        arrivals.reverse();
        let windows: Vec<String> = self.office.windows.iter().map(|window| window.id.to_string()).collect();
        let mut receiving: BTreeMap<String, Receiving> = BTreeMap::new();
        let (mut now, end) = (local(self.zone, on, 7, 50), local(self.zone, on, 20, 55));
        while now < end {
            self.at(now).await?;
            while arrivals.last().is_some_and(|(at, _)| *at <= now) {
                if let Some((_, one)) = arrivals.pop() {
                    self.arrives(&one).await?;
                }
            }
            for window in &windows {
                self.at_window(window, now, &mut receiving).await?;
            }
            if now == local(self.zone, on, 13, 0) || now == local(self.zone, on, 17, 0) {
                self.look_at_messages().await?;
            }
            if now == local(self.zone, on, 13, 0) {
                // Some days last longer than a session of staff.
                self.sign_in().await?;
            }
            let over = arrivals.is_empty() && receiving.is_empty() && now >= local(self.zone, on, 18, 30);
            now = if over { end } else { now + STEP };
        }
        Ok(())
    }

    /// At the kiosk, by number and code.
    async fn arrives(&mut self, one: &Value) -> Result<(), Failure> {
        let body =
            json!({ "officeId": self.office.id.to_string(), "number": one["number"], "code": one["code"] });
        let answer = self.system.ask(Ask::post("/v1/check-ins", body)).await;
        match answer.problem() {
            // Given up by the office while they were on their way.
            "not-planned" | "not-found" => self.lived.came_in_vain += 1,
            _ => {
                needed("checking in", answer)?;
                self.lived.came += 1;
            }
        }
        Ok(())
    }

    /// Closes a visit that is over, and calls the next.
    async fn at_window(
        &mut self,
        window: &str,
        now: DateTime<Utc>,
        receiving: &mut BTreeMap<String, Receiving>,
    ) -> Result<(), Failure> {
        if let Some((until, visit)) = receiving.get(window).cloned() {
            if until > now {
                return Ok(());
            }
            let weights = RESULTS.map(|(_, weight)| weight);
            let result = self.dice.weighed(&weights).map_or("served", |at| RESULTS[at].0);
            let mut body = json!({ "result": result });
            if result != "served" {
                body["note"] = json!("Bring the other paper.");
            }
            let path = format!("/v1/staff/visits/{visit}/close");
            needed("closing a visit", self.as_head(Ask::post(path, body)).await)?;
            *self.lived.results.entry(result.to_owned()).or_default() += 1;
            receiving.remove(window);
        }
        let path = format!("/v1/staff/offices/{}/windows/{window}/call-next", self.office.id);
        let called = self.as_head(Ask::post(path, json!({}))).await;
        if called.problem() == "nobody-waits" {
            return Ok(());
        }
        let called = needed("calling the next", called)?;
        let visit = called.text("/id").to_owned();
        needed(
            "receiving",
            self.as_head(Ask::post(format!("/v1/staff/visits/{visit}/receive"), json!({}))).await,
        )?;
        let (starts, ends) = (called.text("/startsAt"), called.text("/endsAt"));
        let length = DateTime::parse_from_rfc3339(ends)? - DateTime::parse_from_rfc3339(starts)?;
        let per_cent = i64::try_from(self.dice.between(50, 120))?;
        let until = now + TimeDelta::seconds(length.num_seconds() * per_cent / 100);
        receiving.insert(window.to_owned(), (until, visit));
        Ok(())
    }
}
