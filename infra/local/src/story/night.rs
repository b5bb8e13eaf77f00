//! A slot given up at night: the offer sleeps, Vera declines, Gleb keeps silent, and at last it is everybody's.

use super::StoryError;
use super::booking::until_public;
use super::cast::Who::{self, Boris, Gleb, Vera};
use super::ledger::Operation;
use super::plan::{ARBAT, december, friday, next_friday, wire};
use super::show::{self, clock, member};
use super::stage::Stage;
use super::waiting::PLACE;
use crate::visitor::{Answer, Ask};
use domain::notice::NoticeKind::{Moved, OfferLapsed, OfferMade, OfferNudge};
use serde_json::json;

pub async fn play(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    stage.until(december(1, 22, 30)).await;
    stage.scene_in_moscow("At night");
    give_up(stage).await?;
    stage.until(december(2, 8, 0)).await;
    stage.scene_in_moscow("In the morning");
    stage.tell("Now Vera is asked.");
    stage.hear(&[(Vera, OfferMade)])?;
    stage.until(december(2, 8, 40)).await;
    stage.scene_in_moscow("A refusal and a silence");
    decline(stage).await?;
    silence(stage).await?;
    let minutes = until_public(stage, ARBAT, &wire(friday())).await?;
    stage.tell(format!("Nobody is left in line: {minutes} minutes later everybody can book Friday evening."));
    stage.hear(&[])?;
    place(stage, Vera, "joined offered declined passed-over").await?;
    place(stage, Gleb, "joined offered lapsed").await
}

async fn give_up(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let mine = stage.get(Boris, "/v1/appointments").await;
    let path = format!("/v1/appointments/{}/reschedule", mine.text("/items/0/id"));
    let reason = stage.cast.words.shift.clone();
    let body = json!({ "officeId": ARBAT, "startsAt": wire(next_friday()), "reason": reason });
    let moved = stage.counted(Operation::Reschedule, 200, stage.signed(Boris, Ask::post(path, body))).await?;
    stage.must("the moved start", moved.text("/startsAt"), wire(next_friday()));
    stage.tell(format!("Boris moves his visit by a week, «{reason}» → {}.", show::appointment(&moved)));
    let offered = stage.deliver().await;
    stage.enter(Operation::Offer, offered);
    // What answers his own act comes at once; what asks something of another waits.
    stage.hear(&[(Boris, Moved)])?;
    let offer = offer_of(stage, Vera).await?;
    stage.must("until when it is held", offer.text("/heldUntil"), wire(december(2, 10, 0)));
    stage.tell(format!(
        "The Friday that he gave up is held for Vera, the next in line. Nobody writes to her at night, and her two \
         hours to answer begin in the morning: until {}.",
        clock(offer.text("/heldUntil"))
    ));
    Ok(())
}

async fn decline(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let offer = offer_of(stage, Vera).await?;
    let ask = Ask::post(format!("/v1/offers/{}/decline", offer.text("/id")), json!({}));
    let declined = stage.counted(Operation::DeclineSignedIn, 200, stage.signed(Vera, ask)).await?;
    stage.must("the declined offer", declined.text("/state"), "declined");
    let place = stage.get(Vera, PLACE).await;
    stage.must("her place after declining", place.text("/text"), stage.label("waiting-waiting"));
    let (button, state) = (stage.label("ui-decline"), place.text("/text"));
    stage.tell(format!("Vera signs in and presses «{button}»; her place in line: «{state}»."));
    stage.deliver().await;
    let next = offer_of(stage, Gleb).await?;
    stage.must("until when it is held for him", next.text("/heldUntil"), wire(december(2, 10, 40)));
    stage.tell(format!("At once it is held for Gleb, until {}.", clock(next.text("/heldUntil"))));
    stage.hear(&[(Gleb, OfferMade)])
}

async fn silence(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    stage.until(december(2, 9, 40)).await;
    stage.tell("An hour later Gleb has not answered.");
    stage.hear(&[(Gleb, OfferNudge)])?;
    stage.until_counted(december(2, 10, 40), Operation::Lapse).await;
    stage.tell("Another hour later he still has not.");
    stage.hear(&[(Gleb, OfferLapsed)])?;
    let place = stage.get(Gleb, PLACE).await;
    stage.must("his place after the silence", place.text("/text"), stage.label("waiting-waiting"));
    stage.must("his offer after the silence", place.text("/offerId"), "");
    stage.tell(format!("His place in line: «{}».", place.text("/text")));
    Ok(())
}

/// What somebody can read about their place in line.
async fn place(stage: &mut Stage<'_>, who: Who, wanted: &str) -> Result<(), StoryError> {
    let history = stage.get(who, &format!("{PLACE}/history")).await;
    let history = stage.need("the history of a place in line", 200, history)?;
    stage.tell(format!("What {who} can read about the place in line:"));
    for change in history.list("/items") {
        let about = change["startsAt"].as_str().map(|at| format!(", {}", clock(at))).unwrap_or_default();
        let why = change["whyText"].as_str().map(|why| format!(" ({why})")).unwrap_or_default();
        let (at, who, did) = (member(change, "at"), member(change, "whoText"), member(change, "whatText"));
        stage.page.paragraph(6, &format!("{}  {who}: {did}{about}{why}", clock(at)));
    }
    let what: Vec<&str> = history.list("/items").iter().map(|change| member(change, "what")).collect();
    stage.must("its history", what.join(" "), wanted);
    Ok(())
}

/// The open offer of somebody who waits.
pub async fn offer_of(stage: &mut Stage<'_>, who: Who) -> Result<Answer, StoryError> {
    let place = stage.get(who, PLACE).await;
    let offer = stage.get(who, &format!("/v1/offers/{}", place.text("/offerId"))).await;
    let offer = stage.need(&format!("the offer that {who} has"), 200, offer)?;
    stage.must("the offer", offer.text("/state"), "open");
    Ok(offer)
}
