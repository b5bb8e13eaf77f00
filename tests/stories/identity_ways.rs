//! Showing who one is by another device and by an electronic signature (ACC-9).

use super::identity::{IDENTITY, happened, means};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use http::Method;
use serde_json::{Value, json};
use std::path::Path;
use tests::{Answer, Citizen, PASSWORD, World, secret, signature};

const DEVICES: &str = "/v1/me/identity/devices";
const CONFIRM: &str = "/v1/me/identity/devices/confirm";
const SIGNATURES: &str = "/v1/me/identity/signatures";

/// The same person, signed in on another device.
async fn elsewhere(world: &World, who: &Citizen) -> Citizen {
    let login = json!({ "login": who.phone, "password": PASSWORD, "deviceToken": who.device });
    let signed =
        world.ask(Method::POST, "/v1/sessions", None, Some(login), &[("user-agent", "Okno Android/1.0")]);
    Citizen { token: signed.await.expect(201).text("/token"), ..who.clone() }
}

async fn later(world: &World, seconds: i64) {
    world.settle().await;
    world.system.advance_to(world.system.now() + TimeDelta::seconds(seconds)).await;
}

async fn shown(world: &World, who: &Citizen) -> (String, String) {
    let shown = world.post_as(who, DEVICES, json!({})).await.expect(201);
    assert!(shown.text("/svg").starts_with("<svg"), "{}", shown.raw);
    (format!("{DEVICES}/{}", shown.text("/id")), secret(&shown.text("/link")))
}

async fn state(world: &World, who: &Citizen, path: &str) -> String {
    world.get_as(who, path).await.expect(200).text("/state")
}

#[tokio::test]
async fn another_device_confirms_what_this_one_shows_once_and_never_itself() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let phone = elsewhere(&world, &anna).await;
    let (path, token) = shown(&world, &anna).await;
    assert!(!world.stands_in_clear(&token));
    let said = json!({ "token": token });
    world.post_as(&anna, CONFIRM, said.clone()).await.refused(409, "same-session");
    let boris = world.citizen().await;
    world.post_as(&boris, CONFIRM, said.clone()).await.refused(410, "proof-spent");
    world.post_as(&phone, CONFIRM, json!({ "token": "x".repeat(43) })).await.refused(410, "proof-spent");
    world.post_as(&phone, CONFIRM, json!({})).await.refused(422, "invalid-request");
    assert_eq!(state(&world, &anna, &path).await, "waiting");
    let done = world.ask(
        Method::POST,
        CONFIRM,
        Some(&phone.token),
        Some(said.clone()),
        &[("user-agent", "Okno Android/1.0")],
    );
    assert_eq!(done.await.expect(200).text("/by"), "another-device");
    assert_eq!(state(&world, &anna, &path).await, "confirmed");
    assert_eq!(means(&world, &anna).await, "another-device");
    // Once more it is the same, not another time.
    world.post_as(&phone, CONFIRM, said).await.expect(200);
    assert_eq!(happened(&world, &anna).await, [("identity-confirmed".into(), "another-device".into())]);
    let events = world.get_as(&anna, "/v1/me/events").await;
    assert_eq!(events.text("/items/0/device"), "Okno Android/1.0");
    world.settle().await;
}

#[tokio::test]
async fn what_is_shown_is_good_for_two_minutes_and_until_the_next() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let phone = elsewhere(&world, &anna).await;
    let (first, old) = shown(&world, &anna).await;
    let (second, new) = shown(&world, &anna).await;
    assert_eq!(state(&world, &anna, &first).await, "over");
    world.post_as(&phone, CONFIRM, json!({ "token": old })).await.refused(410, "proof-spent");
    later(&world, 120).await;
    assert_eq!(state(&world, &anna, &second).await, "over");
    world.post_as(&phone, CONFIRM, json!({ "token": new })).await.refused(410, "proof-spent");
    assert_eq!(means(&world, &anna).await, "");
    // Nothing is confirmed by a session that was ended.
    let (_, token) = shown(&world, &anna).await;
    world.ask(Method::DELETE, "/v1/sessions/current", Some(&phone.token), None, &[]).await.expect(204);
    world.post_as(&phone, CONFIRM, json!({ "token": token })).await.refused(401, "unauthorized");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => {
                std::fs::copy(entry.path(), to).expect("a copy");
            }
        }
    }
}

async fn to_sign(world: &World, who: &Citizen) -> (String, Vec<u8>) {
    let begun = world.post_as(who, SIGNATURES, json!({})).await.expect(201);
    let bytes = STANDARD.decode(begun.text("/textBase64")).expect("Base64");
    assert_eq!(bytes, begun.text("/text").as_bytes());
    (format!("{SIGNATURES}/{}/complete", begun.text("/id")), bytes)
}

async fn sign(world: &World, who: &Citizen, path: &str, by: &str, data: &[u8]) -> Answer {
    let signature = STANDARD.encode(signature(by, data));
    world.post_as(who, path, json!({ "signature": signature })).await
}

#[tokio::test]
async fn whoever_signs_the_text_with_their_own_certificate_is_who_they_say() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let (path, text) = to_sign(&world, &anna).await;
    assert!(String::from_utf8_lossy(&text).contains(&anna.id));
    // One of a former text, of nobody's root, of something else.
    let (newer, again) = to_sign(&world, &anna).await;
    sign(&world, &anna, &path, "anna", &text).await.refused(410, "proof-spent");
    let refused = sign(&world, &anna, &newer, "anna", &text).await.refused(422, "signature-refused");
    assert_eq!(refused.text("/reason"), "data-changed");
    assert!(refused.text("/detail").contains("Подписан другой текст"), "{}", refused.raw);
    let refused = sign(&world, &anna, &newer, "false-anna", &again).await.refused(422, "signature-refused");
    assert_eq!(refused.text("/reason"), "untrusted");
    let boris = world.citizen().await;
    sign(&world, &boris, &newer, "anna", &again).await.refused(410, "proof-spent");
    let done = sign(&world, &anna, &newer, "anna", &again).await.expect(200);
    assert_eq!(done.text("/text"), "Электронная подпись");
    assert_eq!(happened(&world, &anna).await, [("identity-confirmed".into(), "signature".into())]);
    // The same answer once more; for another cabinet the number is taken.
    sign(&world, &anna, &newer, "anna", &again).await.expect(200);
    let (path, text) = to_sign(&world, &boris).await;
    sign(&world, &boris, &path, "anna", &text).await.refused(409, "snils-taken");
    world.settle().await;
}

#[tokio::test]
async fn each_field_in_which_the_certificate_is_another_persons_is_named() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let fields = |answer: &Answer| -> Vec<String> {
        let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|one| one["field"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let (path, text) = to_sign(&world, &anna).await;
    let refused = sign(&world, &anna, &path, "olga", &text).await.refused(422, "other-person");
    assert_eq!(fields(&refused), ["surname", "givenName", "snils"], "{}", refused.raw);
    assert!(!refused.raw.contains("08765430300") && !refused.raw.contains("Ольга"), "{}", refused.raw);
    // However it is written it is the same name; another patronymic is not.
    let name = |given: &str, patronymic: &str| json!({ "name": { "surname": "петрова", "givenName": given, "patronymic": patronymic } });
    world.patch_as(&anna, "/v1/me/profile", name("анна", "Павловна")).await.expect(200);
    let refused = sign(&world, &anna, &path, "anna", &text).await.refused(422, "other-person");
    assert_eq!(fields(&refused), ["patronymic"], "{}", refused.raw);
    world.patch_as(&anna, "/v1/me/profile", name("анна", "сергеевна")).await.expect(200);
    sign(&world, &anna, &path, "anna", &text).await.expect(200);
    world.settle().await;
}

#[tokio::test]
async fn a_text_is_good_for_ten_minutes_and_five_answers() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let (path, text) = to_sign(&world, &anna).await;
    for wrong in [Value::Null, json!("§"), json!(STANDARD.encode(vec![0; 41 * 1024]))] {
        world.post_as(&anna, &path, json!({ "signature": wrong })).await.refused(422, "invalid-request");
    }
    for _ in 0..5 {
        let refused = world.post_as(&anna, &path, json!({ "signature": "MAA=" })).await;
        assert_eq!(refused.refused(422, "signature-refused").text("/reason"), "unreadable");
    }
    sign(&world, &anna, &path, "anna", &text).await.refused(410, "proof-spent");
    let (path, text) = to_sign(&world, &anna).await;
    later(&world, 600).await;
    sign(&world, &anna, &path, "anna", &text).await.refused(410, "proof-spent");
    assert_eq!(means(&world, &anna).await, "");
}

#[tokio::test]
async fn where_nobodys_signature_is_trusted_the_way_is_closed_and_says_so() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a directory");
    copy(&root.join("catalogue"), folder.path());
    std::fs::remove_dir_all(folder.path().join("roots")).expect("the roots");
    let world = World::of("2026-12-01T10:00:00+03:00", folder.path()).await;
    let anna = world.citizen().await;
    let own = world.get_as(&anna, IDENTITY).await.expect(200);
    let ways = own.body["ways"].as_array().cloned().unwrap_or_default();
    let signature = ways.iter().find(|way| way["by"] == "signature").expect("it is named");
    assert_eq!(signature["open"], json!(false));
    let refused = world.post_as(&anna, SIGNATURES, json!({})).await.refused(409, "way-closed");
    assert!(refused.text("/detail").contains("другой способ"), "{}", refused.raw);
    // A file that cannot be read closes it too.
    copy(&root.join("catalogue"), folder.path());
    std::fs::write(folder.path().join("roots/spoilt.pem"), "no certificate").expect("a file");
    let world = World::of("2026-12-01T10:00:00+03:00", folder.path()).await;
    let anna = world.citizen().await;
    world.post_as(&anna, SIGNATURES, json!({})).await.refused(409, "way-closed");
}
