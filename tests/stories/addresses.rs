//! An address that one gave and has not confirmed yet, one that somebody else has, and one's own (ACC-2).

use serde_json::{Value, json};
use tests::{Answer, Citizen, PASSWORD, World, digits, secret};

async fn link(world: &World, email: &str) -> Value {
    world.settle().await;
    json!({ "token": secret(&world.sent_to(email).pop().unwrap_or_default()) })
}

async fn change(world: &World, who: &Citizen, what: &str, to: &str) -> Answer {
    let mut body = json!({ "password": PASSWORD });
    body[what] = json!(to);
    world.post_as(who, &format!("/v1/me/{what}"), body).await
}

/// Says the code that went to an address.
async fn complete(world: &World, who: &Citizen, begun: &Answer, to: &str) -> Answer {
    world.settle().await;
    let code = digits(&world.sent_to(to).pop().unwrap_or_default());
    let path = format!("/v1/me/contacts/{}/complete", begun.text("/id"));
    world.post_as(who, &path, json!({ "code": code })).await
}

#[tokio::test]
async fn the_second_of_two_with_one_mailbox_hears_that_another_address_is_needed() {
    let world = World::new().await;
    let anna = world.newcomer().await;
    let own = link(&world, &anna.email).await;
    // Both have the mailbox, and she is the first to press.
    let his = world.newcomer_at(&anna.email).await;
    let hers = link(&world, &anna.email).await;
    world.post("/v1/email-confirmations", own.clone()).await.expect(204);
    let refused = world.post("/v1/email-confirmations", hers.clone()).await.refused(409, "email-of-another");
    assert!(refused.text("/detail").contains("другой адрес"), "{}", refused.raw);
    world.a_minute_later().await;
    world.post_as(&his, "/v1/me/email-confirmation", Value::Null).await.expect(202);
    let fresh = link(&world, &anna.email).await;
    world.post("/v1/email-confirmations", fresh).await.refused(409, "email-of-another");
    // Whoever does not have the mailbox hears nothing of it.
    let mut forged = hers.clone();
    forged["token"] = json!(format!("{}A", hers["token"].as_str().unwrap_or_default()));
    world.post("/v1/email-confirmations", forged).await.refused(410, "link-expired");
    world.post("/v1/email-confirmations", own).await.expect(204);
    let other = change(&world, &his, "email", "other@example.ru").await.expect(201);
    complete(&world, &his, &other, "other@example.ru").await.expect(204);
    assert_eq!(world.get_as(&his, "/v1/me").await.body["emailConfirmed"], json!(true));
}

#[tokio::test]
async fn an_address_is_confirmed_by_a_code_as_well_as_by_the_link() {
    let world = World::new().await;
    let anna = world.newcomer().await;
    world.a_minute_later().await;
    let begun = change(&world, &anna, "email", &anna.email).await.expect(201);
    complete(&world, &anna, &begun, &anna.email).await.expect(204);
    complete(&world, &anna, &begun, &anna.email).await.expect(204);
    let me = world.get_as(&anna, "/v1/me").await.expect(200);
    assert_eq!(me.body["emailConfirmed"], json!(true), "{}", me.raw);
    world.post("/v1/sessions", world.sign_in(&anna.email, PASSWORD)).await.expect(201);
}

#[tokio::test]
async fn whoever_gives_what_is_theirs_already_hears_so_and_nobody_is_written_to() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.a_minute_later().await;
    let before = world.sent().len();
    for (what, own) in [("phone", &anna.phone), ("email", &anna.email)] {
        let refused = change(&world, &anna, what, own).await.refused(422, "invalid-request");
        assert_eq!(refused.text("/errors/0/field"), what);
        assert_eq!(refused.text("/errors/0/code"), format!("{what}-own"));
    }
    world.settle().await;
    assert_eq!(world.sent().len(), before);
    // To what somebody else has: the answer is as ever, and the owner hears what fits.
    let boris = world.citizen().await;
    world.a_minute_later().await;
    change(&world, &anna, "email", &boris.email).await.expect(201);
    world.settle().await;
    let told = world.sent_to(&boris.email).pop().unwrap_or_default();
    assert!(told.contains("уже есть личный кабинет") && !told.contains("при регистрации"), "{told}");
}
