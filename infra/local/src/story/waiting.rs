//! Waiting in line: a freed slot goes to the first, who accepts it by the link.

use super::StoryError;
use super::cast::Who::{self, Anna, Boris, Gleb, Vera};
use super::finding::is_offered;
use super::ledger::Operation;
use super::plan::{ARBAT, MOSCOW, SERVICE, begins, booking, december, evening_wish, friday, wire};
use super::show;
use super::stage::Stage;
use crate::people::secret_in;
use crate::visitor::{Answer, Ask};
use chrono::{DateTime, TimeDelta, Utc};
use domain::notice::NoticeKind::{Booked, Cancelled, OfferMade};
use serde_json::json;

/// One's own place in the line of the service.
pub const PLACE: &str = "/v1/waitlist/large-family";

pub async fn play(stage: &mut Stage<'_>, appointment: &Answer) -> Result<(), StoryError> {
    stage.until(december(1, 10, 45)).await;
    stage.scene_in_moscow("Waiting in line");
    line_up(stage).await?;
    stage.until(december(1, 11, 0)).await;
    stage.scene_in_moscow("A slot becomes free");
    cancel(stage, appointment).await?;
    accept(stage).await
}

/// Boris, Vera and Gleb want the Friday evening that Anna has.
async fn line_up(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let date = |at: DateTime<Utc>| at.with_timezone(&MOSCOW).date_naive().to_string();
    let wide =
        json!({ "serviceId": SERVICE, "offices": [ARBAT], "from": date(begins()), "to": date(friday()) });
    let free = stage.post(Boris, "/v1/waitlist", wide).await;
    stage.must("waiting for any time", free.problem(), "slots-are-free");
    stage.tell(format!("Boris would wait for any time this week at Arbat → {}", show::refusal(&free)));
    stage.tell(format!("It names some: {}.", show::alternatives(&free)));
    for (ahead, who) in [Boris, Vera, Gleb].into_iter().enumerate() {
        let place = join(stage, who, friday()).await?;
        let look = stage.get(who, PLACE).await;
        stage.must("people ahead", &look.body["ahead"]["people"], ahead);
        stage.must("the state in line", place.text("/text"), stage.label("waiting-waiting"));
        let state = place.text("/text");
        stage.tell(format!("{who} waits for Friday evening there → «{state}», people ahead: {ahead}."));
        stage.until(stage.system.now() + TimeDelta::minutes(1)).await;
    }
    stage.hear(&[])
}

/// Joins the line for an evening at Arbat.
pub async fn join(stage: &mut Stage<'_>, who: Who, on: DateTime<Utc>) -> Result<Answer, StoryError> {
    let (wish, body) = evening_wish(on);
    let today = stage.system.now().with_timezone(&MOSCOW).date_naive();
    let rows = wish.buckets(today).map_or(0, |rows| rows.len());
    let ask = stage.signed(who, Ask::post("/v1/waitlist", body));
    let operation = Operation::Join(u32::try_from(rows).unwrap_or(u32::MAX));
    let place = stage.counted(operation, 201, ask).await?;
    stage.deliver().await;
    Ok(place)
}

async fn cancel(stage: &mut Stage<'_>, appointment: &Answer) -> Result<(), StoryError> {
    let reason = stage.cast.words.trip.clone();
    let path = format!("/v1/appointments/{}/cancel", appointment.text("/id"));
    let ask = Ask::post(path, json!({ "reason": reason }));
    let cancelled = stage.counted(Operation::Cancel, 200, stage.signed(Anna, ask)).await?;
    stage.must("the status", cancelled.text("/status"), stage.label("phase-cancelled"));
    stage.tell(format!("Anna has to travel and cancels, «{reason}» → «{}».", cancelled.text("/status")));
    let offered = stage.deliver().await;
    stage.enter(Operation::Offer, offered);
    stage.hear(&[(Anna, Cancelled), (Boris, OfferMade)])?;
    stage.must_say("the notice of cancelling", &stage.post.mail(Anna, Cancelled), &reason);
    let seen = is_offered(stage, ARBAT, &wire(friday())).await?;
    stage.must("whether others see what is held for Boris", seen, false);
    let snatched = stage.post(Vera, "/v1/appointments", booking(ARBAT, friday())).await;
    stage.must("taking what is held for another", snatched.problem(), "slot-taken");
    stage.tell(format!("Nobody else sees it. Vera asks for it by its time → {}", show::refusal(&snatched)));
    Ok(())
}

async fn accept(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let secret = secret_in(&stage.post.sms(Boris, OfferMade)).unwrap_or_default();
    let place = stage.get(Boris, PLACE).await;
    let path = format!("/v1/offers/{}", place.text("/offerId"));
    let opened = stage.open(&format!("{path}?token={secret}")).await;
    let opened = stage.need("the link of the offer", 200, opened)?;
    stage.must("the offer", opened.text("/state"), "open");
    stage.must("until when it is held", opened.text("/heldUntil"), wire(december(1, 13, 0)));
    let other = stage.open(&format!("{path}?token={secret}x")).await;
    stage.must("a link with another secret", other.status, 404);
    let again = stage.open(&format!("{path}?token={secret}")).await;
    stage.must("the offer after it was opened", again.text("/state"), "open");
    let until = show::clock(opened.text("/heldUntil"));
    stage
        .tell(format!("Boris opens the link, twice: that changes nothing, the place is held until {until}."));
    let ask = Ask::post(format!("{path}/accept"), json!({ "token": secret }));
    let accepted = stage.counted(Operation::Accept, 200, ask).await?;
    stage.must("the accepted start", accepted.text("/startsAt"), wire(friday()));
    stage.must("the status", accepted.text("/status"), stage.label("mark-confirmed"));
    let (button, visit) = (stage.label("ui-accept"), show::appointment(&accepted));
    stage.tell(format!("He presses «{button}», without having signed in → {visit}."));
    stage.deliver().await;
    stage.hear(&[(Boris, Booked)])?;
    let place = stage.get(Boris, PLACE).await;
    stage.must("his place in line", place.text("/text"), stage.label("waiting-served"));
    stage.tell(format!("His place in line: «{}».", place.text("/text")));
    Ok(())
}
