//! Whoever works here changes their own password, and ends their own sessions (ACC-11, ACC-13).

use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Colleague, PASSWORD, World};

const NEW: &str = "Зимний8снег";

async fn change(world: &World, who: &Colleague, before: &str, after: &str, code: &str) -> Answer {
    let said = json!({ "currentPassword": before, "password": after, "code": code });
    world.staff(who, Method::POST, "me/password", said).await
}

/// Signed in once more, on another machine.
async fn elsewhere(world: &World, who: &Colleague, password: &str) -> Colleague {
    world.a_minute_later().await;
    let here = world.staff_sign_in(&who.email, password, &world.code(who)).await.expect(201);
    Colleague { token: here.text("/token"), ..who.clone() }
}

#[tokio::test]
async fn a_new_password_takes_the_old_one_and_the_authenticator_and_ends_every_session() {
    let world = World::new().await;
    let chief = world.chief().await;
    let other = elsewhere(&world, &chief, PASSWORD).await;
    world.a_minute_later().await;
    let weak = change(&world, &chief, PASSWORD, "зимний снег", &world.code(&chief)).await;
    assert_eq!(weak.refused(422, "invalid-request").text("/errors/0/field"), "password");
    let wrong = change(&world, &chief, "Догадка1", NEW, &world.code(&chief)).await;
    assert_eq!(wrong.refused(422, "invalid-request").text("/errors/0/field"), "currentPassword");
    change(&world, &chief, PASSWORD, NEW, "000000").await.refused(422, "second-factor-wrong");
    change(&world, &chief, PASSWORD, NEW, &world.code(&chief)).await.expect(204);
    for ended in [&chief, &other] {
        world.staff(ended, Method::GET, "me", Value::Null).await.refused(401, "unauthorized");
    }
    world.a_minute_later().await;
    let code = world.code(&chief);
    world.staff_sign_in(&chief.email, PASSWORD, &code).await.refused(401, "wrong-staff-credentials");
    let again = elsewhere(&world, &chief, NEW).await;
    let history =
        world.staff(&again, Method::GET, &format!("members/{}/history", chief.id), Value::Null).await;
    let history = history.expect(200);
    assert_eq!(history.text("/items/0/action"), "password-changed", "{}", history.raw);
}

#[tokio::test]
async fn whoever_has_a_members_session_does_not_find_out_the_password() {
    let world = World::new().await;
    let chief = world.chief().await;
    for n in 0..5 {
        let guess = change(&world, &chief, &format!("Догадка{n}"), NEW, "000000").await;
        guess.refused(422, "invalid-request");
    }
    world.a_minute_later().await;
    let right = change(&world, &chief, PASSWORD, NEW, &world.code(&chief)).await;
    right.refused(429, "too-many-requests");
    // Nobody is kept out by it.
    elsewhere(&world, &chief, PASSWORD).await;
}

#[tokio::test]
async fn all_sessions_end_at_a_word() {
    let world = World::new().await;
    let chief = world.chief().await;
    let other = elsewhere(&world, &chief, PASSWORD).await;
    world.staff(&other, Method::DELETE, "sessions", Value::Null).await.expect(204);
    for ended in [&chief, &other] {
        world.staff(ended, Method::GET, "me", Value::Null).await.refused(401, "unauthorized");
    }
    let again = elsewhere(&world, &chief, PASSWORD).await;
    let history =
        world.staff(&again, Method::GET, &format!("members/{}/history", chief.id), Value::Null).await;
    assert_eq!(history.expect(200).text("/items/0/action"), "sessions-ended");
}
