//! Booking, a retry, two who want the same, and moving to another office.

use super::StoryError;
use super::cast::Who::{Anna, Boris};
use super::finding::is_offered;
use super::ledger::Operation;
use super::plan::{ARBAT, TAGANKA, booking, december, friday, thursday, wire};
use super::show;
use super::stage::Stage;
use crate::visitor::{Answer, Ask};
use chrono::TimeDelta;
use domain::notice::NoticeKind::{Booked, Moved};
use serde_json::json;
use std::collections::BTreeSet;

/// Minutes within which a freed slot that nobody waits for can be booked by everybody.
const RELEASE_MAX_MIN: u32 = 9;

/// Returns Anna's appointment.
pub async fn play(stage: &mut Stage<'_>) -> Result<Answer, StoryError> {
    stage.until(december(1, 10, 10)).await;
    stage.scene_in_moscow("Booking");
    let booked = book(stage).await?;
    clash(stage).await?;
    stage.until(december(1, 10, 30)).await;
    stage.scene_in_moscow("Moving to another office");
    move_it(stage, &booked).await?;
    Ok(booked)
}

async fn book(stage: &mut Stage<'_>) -> Result<Answer, StoryError> {
    let ask = || {
        let ask = Ask::post("/v1/appointments", booking(TAGANKA, thursday()));
        ask.with_header("idempotency-key", "anna-books")
    };
    let booked = stage.counted(Operation::Book, 201, stage.signed(Anna, ask())).await?;
    stage.tell(format!("Anna books → {}.", show::appointment(&booked)));
    stage.must("the status", booked.text("/status"), stage.label("mark-confirmed"));
    stage.must("the start", booked.text("/startsAt"), wire(thursday()));
    stage.deliver().await;
    stage.hear(&[(Anna, Booked)])?;
    for part in [booked.text("/number"), booked.text("/code")] {
        stage.must_say("the confirmation by SMS", &stage.post.sms(Anna, Booked), part);
    }
    for part in [booked.text("/number"), booked.text("/code"), booked.text("/office/address")] {
        stage.must_say("the confirmation by mail", &stage.post.mail(Anna, Booked), part);
    }
    let again = stage.system.ask(stage.signed(Anna, ask())).await;
    stage.must("the retry's answer", &again.raw, &booked.raw);
    stage.deliver().await;
    stage.tell("The answer is lost on its way; her phone asks again with the same key → the same answer.");
    stage.hear(&[])?;
    let mine = stage.get(Anna, "/v1/appointments").await;
    stage.must("Anna's appointments", mine.list("/items").len(), 1);
    Ok(booked)
}

async fn clash(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let ask = Ask::post("/v1/appointments", booking(TAGANKA, thursday()));
    let taken = stage.counted(Operation::RefusedInTheRead, 409, stage.signed(Boris, ask)).await?;
    stage.must("the same slot for another", taken.problem(), "slot-taken");
    stage.tell(format!("Boris wants the same → {}", show::refusal(&taken)));
    stage.tell(format!("It names the nearest: {}.", show::alternatives(&taken)));
    stage.must("the nearest alternative's office", taken.text("/alternatives/0/office/id"), TAGANKA);
    stage.must_say("the alternatives", &taken.raw, ARBAT);
    let named = taken.list("/alternatives");
    let distinct: BTreeSet<String> =
        named.iter().map(|one| format!("{} {}", one["office"]["id"], one["startsAt"])).collect();
    stage.must("alternatives that differ", distinct.len(), named.len());
    Ok(())
}

async fn move_it(stage: &mut Stage<'_>, booked: &Answer) -> Result<(), StoryError> {
    let path = format!("/v1/appointments/{}/reschedule", booked.text("/id"));
    let ask = Ask::post(path, json!({ "officeId": ARBAT, "startsAt": wire(friday()) }));
    let moved = stage.counted(Operation::Reschedule, 200, stage.signed(Anna, ask)).await?;
    stage.tell(format!("Anna would rather come on Friday after work → {}.", show::appointment(&moved)));
    stage.must("the status", moved.text("/status"), stage.label("mark-changed"));
    stage.must("the number after moving", moved.text("/number"), booked.text("/number"));
    stage.deliver().await;
    stage.hear(&[(Anna, Moved)])?;
    let minutes = until_public(stage, TAGANKA, &wire(thursday())).await?;
    stage.tell(format!(
        "Nobody waits for her Thursday: {minutes} minutes later, at a moment drawn by lot, everybody can book it."
    ));
    Ok(())
}

/// Goes on minute by minute until a start is offered to everybody again; says how many minutes it took.
pub async fn until_public(stage: &mut Stage<'_>, office: &str, start: &str) -> Result<u32, StoryError> {
    for minutes in 0..=RELEASE_MAX_MIN {
        if is_offered(stage, office, start).await? {
            return Ok(minutes);
        }
        let served = stage.tick_to(stage.system.now() + TimeDelta::minutes(1)).await;
        if served.write_units > 0.0 {
            stage.enter(Operation::PublicRelease, served);
        }
    }
    Err(StoryError::Halted(format!("{start} at {office} was not public after {RELEASE_MAX_MIN} minutes")))
}
