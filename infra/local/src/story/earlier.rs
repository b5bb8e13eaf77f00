//! Booking without waiting, and waiting for an earlier time: one swaps, and what one gives up goes down the line.

use super::StoryError;
use super::cast::Who::{self, Anna, Boris, Emma, Gleb, Vera};
use super::ledger::Operation;
use super::night::offer_of;
use super::plan::{ARBAT, MOSCOW, booking, december, friday, late_friday, next_friday, wire};
use super::show;
use super::stage::Stage;
use super::waiting::{PLACE, join};
use crate::visitor::Ask;
use chrono::{DateTime, Utc};
use domain::notice::NoticeKind::{Booked, Cancelled, Moved, OfferMade};
use serde_json::json;
use text::Lang;

pub async fn play(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    stage.until(december(2, 11, 0)).await;
    stage.scene_in_moscow("Booking without waiting");
    book(stage, Anna, friday(), "Anna need not travel after all and books Friday evening anew").await?;
    book(stage, Gleb, december(4, 16, 30), "Gleb books half an hour earlier").await?;
    let place = stage.get(Gleb, PLACE).await;
    stage.must("his place after booking", place.text("/text"), stage.label("waiting-served"));
    stage.tell(format!("So he waits no longer: «{}».", place.text("/text")));
    book(stage, Vera, late_friday(), "Vera books Friday in three weeks").await?;
    stage.until(december(2, 11, 30)).await;
    stage.scene_in_moscow("An earlier time");
    let place = join(stage, Vera, next_friday()).await?;
    stage.must("waiting while holding a later time", place.text("/state"), "waiting");
    stage.tell("Vera keeps the 25th and waits for the 11th, which Boris has.");
    join(stage, Emma, late_friday()).await?;
    stage.tell("Emma waits for the 25th, which Vera has.");
    stage.until(december(2, 12, 0)).await;
    give_up(stage).await?;
    stage.until(december(2, 12, 10)).await;
    swap(stage).await?;
    stage.until(december(2, 12, 30)).await;
    take(stage).await
}

async fn book(stage: &mut Stage<'_>, who: Who, at: DateTime<Utc>, does: &str) -> Result<(), StoryError> {
    let ask = Ask::post("/v1/appointments", booking(ARBAT, at));
    let booked = stage.counted(Operation::Book, 201, stage.signed(who, ask)).await?;
    stage.tell(format!("{does} → {}.", show::appointment(&booked)));
    stage.deliver().await;
    stage.hear(&[(who, Booked)])
}

/// Boris gives up the 11th; it is offered to Vera, who reads that she would give up the 25th for it.
async fn give_up(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let mine = stage.get(Boris, "/v1/appointments").await;
    let reason = stage.cast.words.holiday.clone();
    let path = format!("/v1/appointments/{}/cancel", mine.text("/items/0/id"));
    let ask = Ask::post(path, json!({ "reason": reason }));
    stage.counted(Operation::Cancel, 200, stage.signed(Boris, ask)).await?;
    stage.tell(format!("At noon Boris cancels the 11th, «{reason}»."));
    let offered = stage.deliver().await;
    stage.enter(Operation::Offer, offered);
    stage.post.show_whole_again(OfferMade);
    stage.hear(&[(Boris, Cancelled), (Vera, OfferMade)])?;
    let given_up = text::when(Lang::Ru, late_friday(), MOSCOW);
    stage.must_say("the offer of an earlier time", &stage.post.mail(Vera, OfferMade), &given_up);
    Ok(())
}

/// Vera accepts: one write moves her and frees the 25th, which goes to Emma.
async fn swap(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let offer = offer_of(stage, Vera).await?;
    let ask = Ask::post(format!("/v1/offers/{}/accept", offer.text("/id")), json!({}));
    let moved = stage.counted(Operation::AcceptEarlier, 200, stage.signed(Vera, ask)).await?;
    stage.must("the status", moved.text("/status"), stage.label("mark-changed"));
    stage.must("the start", moved.text("/startsAt"), wire(next_friday()));
    stage.tell(format!("Vera accepts → {}.", show::appointment(&moved)));
    let mine = stage.get(Vera, "/v1/appointments").await;
    stage.must("Vera's appointments", mine.list("/items").len(), 1);
    stage.must("the code that stands there", mine.text("/items/0/code"), moved.text("/code"));
    let offered = stage.deliver().await;
    stage.enter(Operation::Offer, offered);
    stage.tell("The 25th, which she gave up by it, goes down the line to Emma.");
    stage.hear(&[(Vera, Moved), (Emma, OfferMade)])
}

async fn take(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let offer = offer_of(stage, Emma).await?;
    stage.must("the start offered to Emma", offer.text("/startsAt"), wire(late_friday()));
    let ask = Ask::post(format!("/v1/offers/{}/accept", offer.text("/id")), json!({}));
    let ask = stage.signed(Emma, ask).with_header("accept-language", "en");
    let accepted = stage.counted(Operation::Accept, 200, ask).await?;
    stage.tell(format!("Emma accepts → {}.", show::appointment(&accepted)));
    stage.deliver().await;
    stage.hear(&[(Emma, Booked)])
}
