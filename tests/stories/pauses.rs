//! Too many tries to sign in, and who ends the pause before its time (ACC-5).

use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, Colleague, PASSWORD, World, digits};

/// Wrong passwords on her own device, more than are looked at.
async fn tries(world: &World, anna: &Citizen) {
    for n in 0..21 {
        let body = world.sign_in(&anna.phone, &format!("Догадка{n}"));
        world.post("/v1/sessions", body).await;
    }
    signs_in(world, anna, PASSWORD).await.refused(429, "too-many-requests");
}

async fn signs_in(world: &World, anna: &Citizen, password: &str) -> Answer {
    world.post("/v1/sessions", world.sign_in(&anna.phone, password)).await
}

async fn ends(world: &World, who: &Colleague, anna: &Citizen) -> Answer {
    let path = format!("citizens/{}/sign-in-pause/end", anna.id);
    world.staff(who, Method::POST, &path, json!({ "officeId": "one" })).await
}

#[tokio::test]
async fn an_operator_who_knows_who_it_is_ends_the_pause() {
    let world = World::new().await;
    let chief = world.chief().await;
    let desk = json!([{ "role": "operator", "officeId": "one" }]);
    let desk = world.colleague(&chief, "desk@example.ru", desk).await;
    let anna = world.citizen().await;
    tries(&world, &anna).await;
    // Nor does she get on with the password where she is signed in.
    let change = |password: &str| json!({ "currentPassword": password, "password": "Зимний8снег" });
    for n in 0..6 {
        world.post_as(&anna, "/v1/me/password", change(&format!("Догадка{n}"))).await;
    }
    world.post_as(&anna, "/v1/me/password", change(PASSWORD)).await.refused(429, "too-many-requests");
    ends(&world, &desk, &anna).await.refused(403, "not-identified");
    let said = json!({ "officeId": "one", "method": "facts", "phone": anna.phone, "email": anna.email });
    world.staff(&desk, Method::POST, &format!("citizens/{}/identification", anna.id), said).await.expect(201);
    ends(&world, &chief, &anna).await.refused(403, "beyond-your-rights");
    ends(&world, &desk, &anna).await.expect(204);
    signs_in(&world, &anna, PASSWORD).await.expect(201);
    world.post_as(&anna, "/v1/me/password", change("Догадка7")).await.refused(422, "invalid-request");
    let readings = world.get_as(&anna, "/v1/me/readings").await.expect(200);
    let items = readings.body["items"].as_array().cloned().unwrap_or_default();
    let subjects: Vec<&Value> = items.iter().map(|item| &item["subject"]).collect();
    assert!(subjects.contains(&&json!("sign-in-pause-ended")), "{}", readings.raw);
    // Each time lets twenty more guesses be looked at: five a day are enough for whoever has forgotten.
    for _ in 0..4 {
        ends(&world, &desk, &anna).await.expect(204);
    }
    tries(&world, &anna).await;
    ends(&world, &desk, &anna).await.refused(429, "too-many-requests");
    signs_in(&world, &anna, PASSWORD).await.refused(429, "too-many-requests");
    world.settle().await;
}

#[tokio::test]
async fn a_new_password_ends_it_on_her_own_device_too() {
    let world = World::new().await;
    let anna = world.citizen().await;
    tries(&world, &anna).await;
    world.a_minute_later().await;
    let begun = world.post("/v1/recoveries", json!({ "login": anna.phone })).await.expect(201);
    world.settle().await;
    let code = digits(&world.sent_to(&anna.phone).pop().unwrap_or_default());
    let said = json!({ "code": code, "password": "Зимний8снег" });
    world.post(&format!("/v1/recoveries/{}/complete", begun.text("/id")), said).await.expect(204);
    signs_in(&world, &anna, "Зимний8снег").await.expect(201);
    world.settle().await;
}
