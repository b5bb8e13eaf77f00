//! Becoming a citizen and coming back.

use super::StoryError;
use super::cast::Who::{Anna, Boris, Emma, Gleb, Vera};
use super::ledger::Operation;
use super::plan::{TAGANKA, booking, thursday};
use super::show;
use super::stage::Stage;
use crate::people::{self, become_citizen, begin, complete, confirm, prove};
use crate::visitor::Ask;
use domain::notice::NoticeKind::{EmailLink, RegistrationCode};
use serde_json::json;

pub async fn play(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    stage.scene_in_moscow("Becoming a citizen");
    phone(stage).await?;
    address(stage).await?;
    profile(stage).await?;
    come_back(stage).await?;
    others(stage).await
}

/// The phone, a slip in its code, the form.
async fn phone(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let anna = stage.cast.person(Anna).clone();
    let begun = stage.system.ask(begin(&anna)).await;
    let begun = stage.need("beginning to register", 201, begun)?;
    let id = begun.text("/id");
    stage.tell(format!("Anna gives her phone, {}.", anna.phone));
    stage.deliver().await;
    stage.hear(&[(Anna, RegistrationCode)])?;
    let code = people::code_in(&stage.post.sms(Anna, RegistrationCode)).unwrap_or_default();
    let mistyped = format!("{:06}", (code.parse::<u32>().unwrap_or_default() + 1) % 1_000_000);
    let wrong = stage.system.ask(prove(id, &mistyped)).await;
    stage.must("a mistyped code", wrong.problem(), "code-wrong");
    stage.tell(format!("She mistypes the code → {}", show::refusal(&wrong)));
    let right = stage.system.ask(prove(id, &code)).await;
    stage.need("the right code", 204, right)?;
    let registered = stage.counted(Operation::Register, 201, complete(id, &anna)).await?;
    stage.cabinets.insert(Anna, people::citizen(&anna, &registered));
    stage.tell("She types it right, gives her name, address and password, and agrees to both texts.");
    Ok(())
}

/// What is missing until the mail's link is confirmed.
async fn address(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let me = stage.get(Anna, "/v1/me").await;
    stage.must("the status before the link", me.text("/readiness/text"), stage.label("readiness-incomplete"));
    stage.must("what is missing", me.text("/readiness/missing/0/name"), "email-confirmed");
    stage.must("how much is missing", me.list("/readiness/missing").len(), 6);
    let missing: Vec<&str> =
        me.list("/readiness/missing").iter().filter_map(|one| one["text"].as_str()).collect();
    let status = me.text("/readiness/text");
    stage.tell(format!("Her cabinet says «{status}»: {}.", missing.join("; ")));
    let early = stage.post(Anna, "/v1/appointments", booking(TAGANKA, thursday())).await;
    stage.must("booking before the link", early.problem(), "not-ready");
    stage.tell(format!("She tries to book all the same → {}", show::refusal(&early)));
    stage.deliver().await;
    stage.hear(&[(Anna, EmailLink)])?;
    let secret = people::secret_in(&stage.post.mail(Anna, EmailLink)).unwrap_or_default();
    let confirmed = stage.system.ask(confirm(&secret)).await;
    stage.need("the mail's link", 204, confirmed)?;
    stage.tell(format!("She opens the link and presses «{}».", stage.label("ui-confirm")));
    Ok(())
}

/// What is asked of whoever wants to book, with a slip in one of the numbers.
async fn profile(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let token = stage.cabinets[&Anna].token.clone();
    let mut slip = people::profile();
    slip["snils"] = json!("112-233-454 95");
    let wrong = stage.system.ask(Ask::patch("/v1/me/profile", slip).with_session(&token)).await;
    stage.must("a slip in the SNILS", wrong.text("/errors/0/code"), "snils-check");
    stage.tell(format!("Two digits of her SNILS change places → {}", wrong.text("/errors/0/message")));
    let said = stage.counted(Operation::Profile, 200, people::say_who(&token)).await?;
    let status = said.text("/readiness/text");
    stage.must("the status after the profile", status, stage.label("readiness-ready"));
    stage.tell(format!("She gives her date of birth, passport, SNILS, address and policy → «{status}»."));
    Ok(())
}

/// Signing in, with the address written as it comes.
async fn come_back(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let anna = stage.cast.person(Anna).clone();
    let device = stage.cabinets[&Anna].device.clone();
    let sign_in = |login: &str, password: &str| {
        let body = json!({ "login": login, "password": password, "deviceToken": device });
        Ask::post("/v1/sessions", body)
    };
    let wrong = stage.system.ask(sign_in(&anna.phone, &stage.cast.person(Boris).password)).await;
    stage.must("a wrong password", wrong.problem(), "wrong-credentials");
    stage.tell(format!("On her device she signs in with a wrong password → {}", show::refusal(&wrong)));
    let shouted = format!(" {} ", anna.email.to_uppercase());
    let signed = stage.counted(Operation::SignIn, 201, sign_in(&shouted, &anna.password)).await?;
    let id = stage.cabinets[&Anna].id.clone();
    stage.must("whose session it is", signed.text("/citizenId"), id);
    stage.tell(format!(
        "With the right one she is in, though she writes her address as «{}».",
        shouted.trim()
    ));
    Ok(())
}

async fn others(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let others = [Boris, Vera, Gleb, Emma];
    stage.tell("Boris, Vera and Gleb register in the same way, and Emma, who reads English.");
    for who in others {
        let citizen = become_citizen(&stage.system, stage.cast.person(who)).await?;
        stage.cabinets.insert(who, citizen);
        let me = stage.get(who, "/v1/me").await;
        stage.must(&format!("the status of {who}"), me.text("/readiness/state"), "ready");
    }
    let sent: Vec<_> = others.iter().flat_map(|who| [(*who, RegistrationCode), (*who, EmailLink)]).collect();
    stage.hear(&sent)
}
