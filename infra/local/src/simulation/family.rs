//! Who acts for whom when a run begins (ACC-10): two parents for a child without a cabinet, and others by powers of attorney, of
//! which some end while the run goes on.

use super::{Failure, Person, starts};
use crate::people::{Colleague, code_in, last_sent};
use crate::system::System;
use crate::visitor::{Answer, Ask};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

/// Those who have shown who they are, with numbers of their own: whoever acts, and grown people for whom others act.
const SHOWN: [usize; 5] = [2, 3, 4, 5, 6];
/// Between two codes to one phone.
const BETWEEN_CODES: TimeDelta = TimeDelta::minutes(2);
/// The office for which staff decide.
pub const OFFICE: &str = "one";
/// The number of the child, among those of [`snils`].
const CHILD: u32 = 900;

/// One person who acts for another.
#[derive(Debug, Clone)]
pub struct Acting {
    /// Which of the people acts.
    pub by: usize,
    /// For whom, by a citizen's id.
    pub whom: String,
    /// By which paper, and of whom: to be asked for once more.
    pub form: Value,
}

/// Has people act for others by papers that staff have approved.
pub async fn settle(
    system: &System,
    people: &[Person],
    desk: &Colleague,
    begins_at: DateTime<Utc>,
) -> Result<Vec<Acting>, Failure> {
    system.0.house.clock.move_to(system.now() + BETWEEN_CODES);
    for n in SHOWN {
        show(system, &people[n], u32::try_from(n)?).await?;
    }
    let today = starts::today(begins_at);
    let day = |ahead: u64| today.checked_add_days(Days::new(ahead)).unwrap_or(today);
    // One is let act for one service only.
    let mut some = attorney(5, day(30));
    some["services"] = json!(["talk"]);
    // And one who leaves soon acts for somebody.
    let papers = [
        (3, attorney(2, day(1))),
        (3, child(today)),
        (4, child(today)),
        (4, some),
        (6, attorney(5, day(30))),
    ];
    let mut acting = Vec::new();
    for (by, form) in papers {
        let whom = approved(system, &people[by], desk, form.clone()).await?;
        acting.push(Acting { by, whom, form });
    }
    Ok(acting)
}

/// Shows who one is, by a code to the phone.
async fn show(system: &System, who: &Person, n: u32) -> Result<(), Failure> {
    let own = |ask: Ask| ask.with_session(&who.token);
    done(system.ask(own(Ask::patch("/v1/me/profile", json!({ "snils": snils(n) })))).await)?;
    let begun = done(system.ask(own(Ask::post("/v1/me/identity/codes", json!({})))).await)?;
    system.settle().await;
    let code = last_sent(system, &who.phone)?.as_deref().and_then(code_in).unwrap_or_default();
    let path = format!("/v1/me/identity/codes/{}/complete", begun.text("/id"));
    done(system.ask(own(Ask::post(path, json!({ "code": code })))).await)?;
    system.settle().await;
    Ok(())
}

/// Asks, and is let; answers for whom one acts then.
async fn approved(system: &System, who: &Person, desk: &Colleague, form: Value) -> Result<String, Failure> {
    let mine = "/v1/me/representations";
    done(system.ask(Ask::post(mine, form).with_session(&who.token)).await)?;
    let queue = format!("/v1/staff/representations?officeId={OFFICE}");
    let queue = done(system.ask(Ask::get(queue).with_session(&desk.token)).await)?;
    let path = format!("/v1/staff/representations/{}", queue.text("/items/0/id"));
    let take = Ask::post(format!("{path}/take"), json!({ "officeId": OFFICE }));
    done(system.ask(take.with_session(&desk.token)).await)?;
    let said = json!({ "officeId": OFFICE, "result": "approved", "reason": "the paper was seen" });
    done(system.ask(Ask::post(format!("{path}/decide"), said).with_session(&desk.token)).await)?;
    system.settle().await;
    let listed = done(system.ask(Ask::get(mine).with_session(&who.token)).await)?;
    Ok(listed.text("/items/0/actingFor").to_owned())
}

pub fn done(answer: Answer) -> Result<Answer, Failure> {
    match answer.status {
        200..300 => Ok(answer),
        status => Err(format!("answered with {status}: {}", answer.raw).into()),
    }
}

/// A number of which the check digits fit.
fn snils(n: u32) -> String {
    let body = format!("{:09}", 200_000_000 + n);
    let weighed = body.bytes().zip((1..=9).rev()).map(|(digit, weight)| u32::from(digit - b'0') * weight);
    format!("{body}{:02}", weighed.sum::<u32>() % 101 % 100)
}

fn consent() -> Value {
    json!({ "accepted": true, "version": app::register::CONSENT_VERSION })
}

/// A power of attorney of one of the people.
fn attorney(n: u32, until: NaiveDate) -> Value {
    json!({
        "kind": "attorney", "surname": "Petrova", "givenName": "Anna", "birthDate": "1985-03-08", "snils": snils(n),
        "number": "77 AA 1234567", "issuedBy": "Notary Orlova", "issuedOn": "2026-01-15", "validUntil": until,
        "consent": consent(),
    })
}

/// A child who is of age the day after tomorrow, by the certificate of birth.
fn child(today: NaiveDate) -> Value {
    let grown = today.checked_add_days(Days::new(2)).unwrap_or(today);
    let born = grown.checked_sub_months(chrono::Months::new(12 * 18)).unwrap_or(grown);
    json!({
        "kind": "parent", "surname": "Petrov", "givenName": "Ivan", "birthDate": born, "snils": snils(CHILD),
        "series": "II-\u{41c}\u{42e}", "number": "123456", "issuedOn": "2016-06-01", "consent": consent(),
    })
}
