//! Signing in by a passkey: added once, it stands for the password, the second factor and the code of a new device (ACC-14).

use super::acts;
use domain::limits::PASSKEYS_MAX;
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Authenticator, Citizen, PASSWORD, World};

const NEW: &str = "Зимний8снег";

/// What somebody was told of, by name: some of it came about in the same instant.
async fn kinds(world: &World, who: &Citizen) -> Vec<String> {
    world.settle().await;
    let mut kinds = acts::kinds(world, who).await;
    kinds.sort();
    kinds
}

async fn begin(world: &World, who: &Citizen) -> Answer {
    world.post_as(who, "/v1/me/passkeys", json!({ "password": PASSWORD })).await
}

async fn complete(world: &World, who: &Citizen, begun: &Answer, credential: Value) -> Answer {
    let said = json!({ "id": begun.text("/id"), "name": "Мой синий ключ", "credential": credential });
    world.post_as(who, "/v1/me/passkeys/complete", said).await
}

pub async fn add(world: &World, who: &Citizen, mut key: Authenticator) -> Authenticator {
    let begun = begin(world, who).await.expect(201);
    let made = key.create(&begun.body["publicKey"]);
    complete(world, who, &begun, made).await.expect(204);
    key
}

async fn challenge(world: &World) -> Answer {
    world.post("/v1/sessions/passkeys", Value::Null).await.expect(201)
}

async fn answer(world: &World, begun: &Answer, credential: Value, device: Value) -> Answer {
    let said = json!({ "id": begun.text("/id"), "credential": credential, "deviceToken": device });
    let headers = [("user-agent", "Phone/2")];
    world.ask(Method::POST, "/v1/sessions/passkeys/complete", None, Some(said), &headers).await
}

pub async fn sign_in(world: &World, key: &mut Authenticator) -> Answer {
    let begun = challenge(world).await;
    let signed = key.get(&begun.body["publicKey"]);
    answer(world, &begun, signed, Value::Null).await
}

#[tokio::test]
async fn a_passkey_opens_the_cabinet_by_itself_also_on_a_new_device() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let begun = begin(&world, &anna).await.expect(201);
    let asked = &begun.body["publicKey"];
    assert_eq!(asked["rp"]["id"], json!("okno.example"));
    assert_eq!(asked["authenticatorSelection"]["userVerification"], json!("required"));
    assert_eq!(asked["authenticatorSelection"]["residentKey"], json!("required"));
    assert!(asked["user"]["id"].as_str().is_some_and(|handle| handle.len() == 43), "{}", begun.raw);
    let mut key = Authenticator::new(1);
    let made = key.create(asked);
    complete(&world, &anna, &begun, made.clone()).await.expect(204);
    // Each challenge is answered once.
    complete(&world, &anna, &begun, made).await.refused(410, "proof-spent");
    world.settle().await;
    for to in [&anna.phone, &anna.email] {
        assert!(world.sent_to(to).pop().unwrap_or_default().contains("ключ"), "{to} is told");
    }
    let begun = challenge(&world).await;
    let asked = &begun.body["publicKey"];
    assert_eq!((&asked["rpId"], &asked["userVerification"]), (&json!("okno.example"), &json!("required")));
    assert_eq!(asked["allowCredentials"], json!([]));
    let signed = key.get(asked);
    let opened = answer(&world, &begun, signed.clone(), Value::Null).await.expect(201);
    assert_eq!(opened.text("/citizenId"), anna.id);
    answer(&world, &begun, signed, Value::Null).await.refused(410, "proof-spent");
    let new = Citizen { token: opened.text("/token"), device: opened.text("/deviceToken"), ..anna.clone() };
    world.get_as(&new, "/v1/me").await.expect(200);
    assert_eq!(kinds(&world, &anna).await, ["new-device", "passkey-added"]);
    // The device is known from then on: by the password, and by the passkey without another word to anybody.
    let login = json!({ "login": anna.phone, "password": PASSWORD, "deviceToken": new.device });
    world.post("/v1/sessions", login).await.expect(201);
    let begun = challenge(&world).await;
    let signed = key.get(&begun.body["publicKey"]);
    let again = answer(&world, &begun, signed, json!(new.device)).await.expect(201);
    assert!(again.body["deviceToken"].is_null(), "{}", again.raw);
    assert_eq!(kinds(&world, &anna).await, ["new-device", "passkey-added"]);
    let kept = world.get_as(&anna, "/v1/me/passkeys").await.expect(200);
    assert_eq!(kept.text("/items/0/name"), "Мой синий ключ");
    assert_eq!(kept.text("/items/0/usedAt"), "2026-12-01T07:00:00Z");
    // No personal data goes by; what is kept is sealed.
    assert!(!world.stands_in_clear("Мой синий ключ"));
    let export = world.post_as(&anna, "/v1/me/export", json!({ "password": PASSWORD })).await.expect(200);
    let rows = export.body["rows"].as_array().into_iter().flatten();
    assert_eq!(rows.filter(|row| row["section"] == "passkey").count(), 1, "{}", export.raw);
}

#[tokio::test]
async fn it_is_added_by_whoever_proves_once_more_to_be_the_owner() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let wrong = json!({ "password": "Другой9пароль" });
    world.post_as(&anna, "/v1/me/passkeys", wrong).await.refused(422, "invalid-request");
    world.post("/v1/me/passkeys", json!({ "password": PASSWORD })).await.refused(401, "unauthorized");
    // With codes by SMS, by one of them besides.
    world.a_minute_later().await;
    let setup =
        world.post_as(&anna, "/v1/me/second-factor/sms", json!({ "password": PASSWORD })).await.expect(201);
    world.settle().await;
    let code = tests::digits(&world.sent_to(&anna.phone).pop().unwrap_or_default());
    let on = json!({ "password": PASSWORD, "id": setup.text("/id"), "code": code });
    let on = world.post_as(&anna, "/v1/me/second-factor/sms/on", on).await.expect(200);
    world.a_minute_later().await;
    begin(&world, &anna).await.refused(401, "second-factor-sent");
    let with = json!({ "password": PASSWORD, "secondFactor": on.text("/recoveryCodes/0") });
    let begun = world.post_as(&anna, "/v1/me/passkeys", with).await.expect(201);
    let mut key = Authenticator::new(1);
    // What another session began is not this one's.
    let login = json!({ "login": anna.phone, "password": PASSWORD, "deviceToken": anna.device, "code": on.text("/recoveryCodes/1") });
    let other = world.post("/v1/sessions", login).await.expect(201);
    let other = Citizen { token: other.text("/token"), ..anna.clone() };
    let made = key.create(&begun.body["publicKey"]);
    complete(&world, &other, &begun, made.clone()).await.refused(410, "proof-spent");
    complete(&world, &anna, &begun, made).await.expect(204);
    // It stands for both factors: nothing else is asked for.
    sign_in(&world, &mut key).await.expect(201);
    world.settle().await;
}

/// A lie of an authenticator or of the page that it is used on.
type Lie = fn(&mut Authenticator);

#[tokio::test]
async fn what_is_of_another_site_or_did_not_see_its_owner_is_not_taken() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let lies: [(&str, Lie); 4] = [
        ("another origin", |key| key.origin = "https://okno.example.evil.example".to_owned()),
        ("another port", |key| key.origin = "https://okno.example:8443".to_owned()),
        ("without TLS", |key| key.origin = "http://okno.example".to_owned()),
        ("unverified", |key| key.verifies = false),
    ];
    for (lie, tell) in lies {
        let begun = begin(&world, &anna).await.expect(201);
        let mut key = Authenticator::new(1);
        tell(&mut key);
        let made = key.create(&begun.body["publicKey"]);
        let refused = complete(&world, &anna, &begun, made).await.refused(422, "invalid-request");
        assert_eq!(refused.text("/errors/0/code"), "passkey-refused", "{lie}");
    }
    let mut swapped = begin(&world, &anna).await.expect(201);
    swapped.body["publicKey"]["rp"]["id"] = json!("other.example");
    let made = Authenticator::new(1).create(&swapped.body["publicKey"]);
    complete(&world, &anna, &swapped, made).await.refused(422, "invalid-request");
    let (one, other) = (begin(&world, &anna).await.expect(201), begin(&world, &anna).await.expect(201));
    let made = Authenticator::new(1).create(&one.body["publicKey"]);
    complete(&world, &anna, &other, made).await.refused(422, "invalid-request");
    for nonsense in [json!("x"), json!({}), json!({ "rawId": "!", "response": {} })] {
        let begun = begin(&world, &anna).await.expect(201);
        let refused = complete(&world, &anna, &begun, nonsense).await.refused(422, "invalid-request");
        assert_eq!(refused.text("/errors/0/code"), "not-a-passkey");
    }
    let kept = world.get_as(&anna, "/v1/me/passkeys").await.expect(200);
    assert_eq!(kept.body["items"], json!([]));
    // The same of one that is there.
    let key = add(&world, &anna, Authenticator::new(1)).await;
    for (lie, tell) in lies {
        let mut lying = key.clone();
        tell(&mut lying);
        let refused = sign_in(&world, &mut lying).await;
        assert_eq!((refused.status, refused.problem().as_str()), (401, "passkey-wrong"), "{lie}");
    }
    sign_in(&world, &mut key.clone()).await.expect(201);
    world.settle().await;
}

#[tokio::test]
async fn an_unknown_passkey_and_a_wrong_signature_are_answered_alike() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let key = add(&world, &anna, Authenticator::new(1)).await;
    let boris_key = add(&world, &boris, Authenticator::new(2)).await;
    // Nobody's; Anna's id with another's key; Boris's with Anna's handle; Anna's without a handle.
    let nobody = Authenticator { handle: key.handle.clone(), ..Authenticator::new(3) };
    let forged = Authenticator { id: key.id.clone(), handle: key.handle.clone(), ..Authenticator::new(4) };
    let crossed = Authenticator { handle: key.handle.clone(), ..boris_key.clone() };
    let mute = Authenticator { handle: String::new(), ..key.clone() };
    let mut answers = Vec::new();
    let mut costs = Vec::new();
    for mut lying in [nobody, forged, crossed, mute] {
        let begun = challenge(&world).await;
        let signed = lying.get(&begun.body["publicKey"]);
        let (refused, cost) = world.counted(answer(&world, &begun, signed, Value::Null)).await;
        let refused = refused.refused(401, "passkey-wrong");
        // A challenge that was answered wrongly is over.
        let right = key.clone().get(&begun.body["publicKey"]);
        answer(&world, &begun, right, Value::Null).await.refused(410, "proof-spent");
        answers.push(refused.raw);
        costs.push((cost.round_trips, cost.write_units));
    }
    assert!(answers.iter().all(|one| *one == answers[0]), "{answers:?}");
    assert!(costs.iter().all(|one| *one == costs[0]), "{costs:?}");
    // The key of the one that stands in for nobody's is known to everybody, and opens nothing.
    let mut own = Authenticator { id: vec![9; 16], handle: key.handle.clone(), ..Authenticator::unit() };
    sign_in(&world, &mut own).await.refused(401, "passkey-wrong");
    // Too late.
    let begun = challenge(&world).await;
    world.until("2026-12-01T10:06:00+03:00").await;
    let signed = key.clone().get(&begun.body["publicKey"]);
    answer(&world, &begun, signed, Value::Null).await.refused(410, "proof-spent");
    world.settle().await;
}

#[tokio::test]
async fn one_that_counts_backwards_opens_nothing_and_its_owner_is_told_once_a_day() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let mut key = add(&world, &anna, Authenticator::new(1)).await;
    let mut copy = key.clone();
    sign_in(&world, &mut key).await.expect(201);
    sign_in(&world, &mut copy).await.refused(401, "passkey-wrong");
    copy.counter -= 1;
    sign_in(&world, &mut copy).await.refused(401, "passkey-wrong");
    assert_eq!(kinds(&world, &anna).await, ["new-device", "passkey-added", "passkey-copied"]);
    // Whoever does not have the key tells nobody anything.
    let mut forged =
        Authenticator { id: key.id.clone(), handle: key.handle.clone(), ..Authenticator::new(4) };
    sign_in(&world, &mut forged).await.refused(401, "passkey-wrong");
    assert_eq!(kinds(&world, &anna).await.len(), 3);
    let kept = world.get_as(&anna, "/v1/me/passkeys").await.expect(200);
    assert!(!kept.text("/items/0/countedBackwardsAt").is_empty(), "{}", kept.raw);
    sign_in(&world, &mut key).await.expect(201);
    // One that does not count is not suspected.
    let silent = Authenticator { counts: false, ..Authenticator::new(2) };
    let mut silent = add(&world, &anna, silent).await;
    for _ in 0..2 {
        sign_in(&world, &mut silent).await.expect(201);
    }
    world.settle().await;
}

#[tokio::test]
async fn who_removes_one_ends_what_it_opened_and_ten_are_the_most() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let mut key = add(&world, &anna, Authenticator::new(1)).await;
    // The same one is nobody else's, and not Anna's twice.
    for who in [&anna, &boris] {
        let begun = begin(&world, who).await.expect(201);
        let made = Authenticator::new(1).create(&begun.body["publicKey"]);
        complete(&world, who, &begun, made).await.refused(422, "invalid-request");
    }
    let opened = sign_in(&world, &mut key).await.expect(201);
    let there = Citizen { token: opened.text("/token"), ..anna.clone() };
    let late = begin(&world, &anna).await.expect(201);
    for n in 1..PASSKEYS_MAX {
        add(&world, &anna, Authenticator::new(n as u8 + 10)).await;
    }
    begin(&world, &anna).await.refused(409, "too-many-passkeys");
    let made = Authenticator::new(99).create(&late.body["publicKey"]);
    complete(&world, &anna, &late, made).await.refused(409, "too-many-passkeys");
    world.settle().await;
    let kept = world.get_as(&anna, "/v1/me/passkeys").await.expect(200);
    let items = kept.body["items"].as_array().cloned().unwrap_or_default();
    assert_eq!(items.len(), PASSKEYS_MAX, "{}", kept.raw);
    let used = items.iter().find(|one| !one["usedAt"].is_null()).expect("the first");
    let path = format!("/v1/me/passkeys/{}", used["id"].as_str().unwrap_or_default());
    let remove = async |who: &Citizen| world.ask(Method::DELETE, &path, Some(&who.token), None, &[]).await;
    remove(&boris).await.refused(404, "not-found");
    let ended = remove(&anna).await.expect(200);
    assert_eq!(ended.body, json!({ "sessionsEnded": 1, "currentEnded": false }));
    remove(&anna).await.refused(404, "not-found");
    world.get_as(&there, "/v1/me").await.refused(401, "unauthorized");
    sign_in(&world, &mut key).await.refused(401, "passkey-wrong");
    world.settle().await;
    let told = world.sent_to(&anna.email).pop().unwrap_or_default();
    assert!(told.contains("удалили ключ"), "{told}");
    // There is room again, also for the same one.
    add(&world, &anna, Authenticator::new(1)).await;
    world.settle().await;
}

#[tokio::test]
async fn another_password_ends_the_sessions_and_leaves_the_passkey() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let mut key = add(&world, &anna, Authenticator::new(1)).await;
    let opened = sign_in(&world, &mut key).await.expect(201);
    let change = json!({ "currentPassword": PASSWORD, "password": NEW });
    world.post_as(&anna, "/v1/me/password", change).await.expect(204);
    let there = Citizen { token: opened.text("/token"), ..anna.clone() };
    world.get_as(&there, "/v1/me").await.refused(401, "unauthorized");
    sign_in(&world, &mut key).await.expect(201);
    world.settle().await;
}

#[tokio::test]
async fn another_password_leaves_passkeys_and_its_owner_hears_where_to_look() {
    let world = World::new().await;
    let anna = world.citizen().await;
    // Somebody who was in for a while has added one.
    let mut theirs = add(&world, &anna, Authenticator::new(1)).await;
    world.a_minute_later().await;
    let begun = world.post("/v1/recoveries", json!({ "login": anna.phone })).await.expect(201);
    world.settle().await;
    let code = tests::digits(&world.sent_to(&anna.phone).pop().unwrap_or_default());
    let said = json!({ "code": code, "password": NEW });
    world.post(&format!("/v1/recoveries/{}/complete", begun.text("/id")), said).await.expect(204);
    world.settle().await;
    for to in [&anna.phone, &anna.email] {
        let told = world.sent_to(to).pop().unwrap_or_default();
        assert!(told.contains("новый пароль") && told.contains("ключи входа"), "{told}");
    }
    let opened = sign_in(&world, &mut theirs).await.expect(201);
    let there = Citizen { token: opened.text("/token"), ..anna.clone() };
    let change = json!({ "currentPassword": NEW, "password": PASSWORD });
    world.post_as(&there, "/v1/me/password", change).await.expect(204);
    world.settle().await;
    for to in [&anna.phone, &anna.email] {
        let told = world.sent_to(to).pop().unwrap_or_default();
        assert!(told.contains("изменён") && told.contains("ключи входа"), "{told}");
    }
}
