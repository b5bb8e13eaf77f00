//! Who did what, when and why; what one was told; and that nothing is left over.

use super::StoryError;
use super::cast::Who::{Anna, Emma};
use super::show::{clock, member};
use super::stage::Stage;
use crate::visitor::{Answer, Ask};
use std::collections::BTreeMap;

/// `first` is the appointment that Anna booked first, moved and cancelled.
pub async fn play(stage: &mut Stage<'_>, first: &Answer) -> Result<(), StoryError> {
    stage.scene_in_moscow("Looking back");
    list(stage).await?;
    history(stage, first).await?;
    inbox(stage).await?;
    nothing_left_over(stage);
    Ok(())
}

async fn list(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let mine = stage.get(Anna, "/v1/appointments").await;
    let mine = stage.need("the list of appointments", 200, mine)?;
    stage.tell(format!("Anna's «{}»:", stage.label("ui-my-services")));
    for one in mine.list("/items") {
        let office = member(&one["office"], "name");
        let line = format!(
            "«{}»  {}, {office}, {}",
            member(one, "status"),
            member(one, "text"),
            member(one, "number")
        );
        stage.page.paragraph(6, &line);
    }
    stage.must("Anna's appointments", mine.list("/items").len(), 2);
    Ok(())
}

async fn history(stage: &mut Stage<'_>, first: &Answer) -> Result<(), StoryError> {
    let history = stage.get(Anna, &format!("/v1/appointments/{}/history", first.text("/id"))).await;
    let history = stage.need("the history of an appointment", 200, history)?;
    stage.tell(format!("What was done to {}, which she cancelled:", first.text("/number")));
    let mut offices: BTreeMap<&str, String> = BTreeMap::new();
    let mut what = Vec::new();
    for change in history.list("/items") {
        what.push(member(change, "what"));
        let id = member(change, "officeId");
        let office = stage.open(&format!("/v1/offices/{id}")).await;
        let office = offices.entry(id).or_insert_with(|| office.text("/name").to_owned());
        let why = change["why"].as_str().map(|why| format!(" ({why})")).unwrap_or_default();
        let (who, did) = (member(change, "whoText"), member(change, "whatText"));
        let (at, start) = (clock(member(change, "at")), clock(member(change, "startsAt")));
        stage.page.paragraph(6, &format!("{at}  {who}: {did}, {start}, {office}{why}"));
    }
    stage.must("its history", what.join(" "), "booked moved cancelled");
    stage.must("why it was cancelled", history.text("/items/2/why"), stage.cast.words.trip.clone());
    Ok(())
}

async fn inbox(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let ask = stage.signed(Emma, Ask::get("/v1/inbox")).with_header("accept-language", "en");
    let inbox = stage.system.ask(ask).await;
    let inbox = stage.need("an inbox", 200, inbox)?;
    stage.tell("Emma's inbox in English, the newest first:");
    for notice in inbox.list("/items") {
        stage.page.paragraph(6, member(notice, "title"));
        member(notice, "body").lines().for_each(|line| stage.page.quoted(line));
    }
    let kinds: Vec<&str> = inbox.list("/items").iter().map(|notice| member(notice, "kind")).collect();
    stage.must("her inbox", kinds.join(" "), "booked offer-made");
    Ok(())
}

/// No message waits or is dead.
fn nothing_left_over(stage: &mut Stage<'_>) {
    let queues = stage.system.queues().clone();
    for name in queues.names() {
        match queues.depth(name) {
            Ok(depth) => stage.must(&format!("what is left in {name}"), depth.total(), 0),
            Err(error) => stage.page.different(format!("{name} cannot be read: {error}")),
        }
    }
}
