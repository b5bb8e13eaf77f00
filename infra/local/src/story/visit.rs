//! The day before and the day: reminders, what can no longer be changed, coming, and not coming.

use super::StoryError;
use super::cast::Who::{Anna, Gleb};
use super::ledger::Operation;
use super::plan::{ARBAT, MOSCOW, TAGANKA, december, wire};
use super::show;
use super::stage::Stage;
use crate::visitor::{Answer, Ask};
use domain::notice::NoticeKind::{NoShow, ReminderDay, ReminderHour};
use serde_json::json;
use text::Lang;

pub async fn play(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    stage.until_counted(december(3, 16, 30), Operation::Reminder).await;
    stage.scene_in_moscow("A day before");
    stage.tell("Gleb is due tomorrow at this time.");
    stage.hear(&[(Gleb, ReminderDay)])?;
    stage.until(december(3, 17, 0)).await;
    stage.tell(
        "Half an hour later it is Anna's turn. For the same time she cancelled on Tuesday and Boris moved away: of \
         that nobody is reminded.",
    );
    stage.hear(&[(Anna, ReminderDay)])?;
    stage.until(december(3, 18, 0)).await;
    let mine = coming(stage).await?;
    too_late(stage, &mine).await?;
    stage.until_counted(december(4, 15, 30), Operation::Reminder).await;
    stage.scene_in_moscow("An hour before");
    stage.tell("Gleb is due in an hour.");
    stage.hear(&[(Gleb, ReminderHour)])?;
    stage.until(december(4, 16, 0)).await;
    stage.tell("Half an hour later Anna is.");
    stage.hear(&[(Anna, ReminderHour)])?;
    stage.until(december(4, 16, 42)).await;
    stage.scene("Coming, and not coming", "Moscow, at the office", MOSCOW);
    missed(stage).await?;
    check_in(stage, &mine).await
}

/// Anna's appointment that is still to come.
async fn coming(stage: &mut Stage<'_>) -> Result<Answer, StoryError> {
    let all = stage.get(Anna, "/v1/appointments").await;
    let ids: Vec<String> = all
        .list("/items")
        .iter()
        .filter(|one| one["coming"] == true)
        .map(|one| show::member(one, "id").to_owned())
        .collect();
    stage.must("Anna's coming appointments", ids.len(), 1);
    let one = stage.get(Anna, &format!("/v1/appointments/{}", ids.concat())).await;
    stage.need("her appointment", 200, one)
}

async fn too_late(stage: &mut Stage<'_>, mine: &Answer) -> Result<(), StoryError> {
    let path = format!("/v1/appointments/{}", mine.text("/id"));
    let cancelling = stage.post(Anna, &format!("{path}/cancel"), json!({})).await;
    let to = json!({ "officeId": TAGANKA, "startsAt": wire(december(7, 10, 0)) });
    let moving = stage.post(Anna, &format!("{path}/reschedule"), to).await;
    for (what, refused) in [("cancelling inside 24 hours", &cancelling), ("moving inside 24 hours", &moving)]
    {
        stage.must(what, refused.problem(), "too-late");
        stage.must("the deadline", refused.text("/deadline"), wire(december(3, 17, 0)));
        let deadline = text::when(Lang::Ru, december(3, 17, 0), MOSCOW);
        stage.must_say(what, refused.text("/detail"), &deadline);
        stage.must_say(what, refused.text("/detail"), mine.text("/office/phone"));
    }
    stage.tell(format!("At six Anna tries to cancel, then to move → {}", show::refusal(&moving)));
    Ok(())
}

async fn missed(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    stage.tell("Gleb was due at 16:30 and is not there.");
    stage.hear(&[(Gleb, NoShow)])?;
    let mine = stage.get(Gleb, "/v1/appointments").await;
    stage.must("the status", mine.text("/items/0/status"), stage.label("phase-no-show"));
    stage.tell(format!("His visit: «{}».", mine.text("/items/0/status")));
    Ok(())
}

async fn check_in(stage: &mut Stage<'_>, mine: &Answer) -> Result<(), StoryError> {
    let ticket = |code: &str| {
        let body = json!({ "officeId": ARBAT, "number": mine.text("/number").to_lowercase(), "code": code });
        Ask::post("/v1/check-ins", body)
    };
    let wrong = stage.system.ask(ticket("000000")).await;
    stage.must("a wrong code at the door", wrong.problem(), "check-in-wrong");
    stage.tell(format!("Anna is there, and mistypes her code at the door → {}", show::refusal(&wrong)));
    let inside = stage.system.ask(ticket(mine.text("/code"))).await;
    let inside = stage.need("the number and the code at the door", 201, inside)?;
    stage.must("the queue number", inside.text("/queueNumber"), mine.text("/queueNumber"));
    stage.tell(format!("She types it right → she will be called as «{}».", inside.text("/queueNumber")));
    stage.until(december(4, 17, 15)).await;
    stage.hear(&[])?;
    let after = stage.get(Anna, &format!("/v1/appointments/{}", mine.text("/id"))).await;
    stage.must("her appointment after its start", after.text("/phase"), "planned");
    stage.tell("A quarter past five: she is not taken for absent.");
    Ok(())
}
