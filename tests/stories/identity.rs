//! Showing who one is, by a code to the phone; what it is worth, and what ends it (ACC-9).

use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, World, digits};

pub const IDENTITY: &str = "/v1/me/identity";
const PROFILE: &str = "/v1/me/profile";
const CODES: &str = "/v1/me/identity/codes";

async fn begun(world: &World, who: &Citizen) -> (String, String) {
    // Between two codes to one phone.
    world.a_minute_later().await;
    let begun = world.post_as(who, CODES, json!({})).await.expect(201).text("/id");
    world.settle().await;
    let code = digits(&world.sent_to(&who.phone).pop().expect("an SMS"));
    (format!("{CODES}/{begun}/complete"), code)
}

/// Confirms who one is by a code; the answer, whatever it is.
pub async fn by_code(world: &World, who: &Citizen) -> Answer {
    let (path, code) = begun(world, who).await;
    world.post_as(who, &path, json!({ "code": code })).await
}

pub async fn means(world: &World, who: &Citizen) -> String {
    world.get_as(who, IDENTITY).await.expect(200).text("/confirmed/by")
}

pub async fn happened(world: &World, who: &Citizen) -> Vec<(String, String)> {
    let events = world.get_as(who, "/v1/me/events").await.expect(200);
    let items = events.body["items"].as_array().cloned().unwrap_or_default();
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    items.iter().map(|one| (text(one, "what"), text(one, "means"))).collect()
}

#[tokio::test]
async fn a_code_to_the_phone_confirms_who_one_is_and_one_is_told() {
    let world = World::new().await;
    let anna = world.citizen().await;
    assert_eq!(means(&world, &anna).await, "");
    let (path, code) = begun(&world, &anna).await;
    let wrong = if code == "000000" { "111111" } else { "000000" };
    world.post_as(&anna, &path, json!({ "code": wrong })).await.refused(422, "code-wrong");
    // Nobody else completes it, nor uses up its guesses.
    let boris = world.citizen().await;
    for _ in 0..6 {
        world.post_as(&boris, &path, json!({ "code": code })).await.refused(404, "not-found");
    }
    let done = world.post_as(&anna, &path, json!({ "code": code })).await.expect(200);
    assert_eq!((done.text("/by"), done.text("/text")), ("phone-code".into(), "Код на телефон".into()));
    for path in ["/v1/me", PROFILE] {
        let seen = world.get_as(&anna, path).await.expect(200);
        assert_eq!(seen.text("/identity/at"), "2026-12-01T07:01:00Z", "{path}");
    }
    world.settle().await;
    assert!(world.sent_to(&anna.phone).pop().unwrap().contains("подтверждена личность"));
    assert!(world.sent_to(&anna.email).pop().unwrap().contains("подтверждена личность"));
    let inbox = world.get_as(&anna, "/v1/inbox").await;
    assert_eq!(inbox.text("/items/0/kind"), "identity-confirmed");
    let told = happened(&world, &anna).await;
    assert_eq!(told, [("identity-confirmed".into(), "phone-code".into())]);
    // Whoever did not hear the answer asks again; nothing happens twice.
    world.post_as(&anna, &path, json!({ "code": code })).await.expect(200);
    assert_eq!(happened(&world, &anna).await.len(), 1);
}

#[tokio::test]
async fn before_it_is_said_who_one_is_there_is_nothing_to_confirm() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let nothing = json!({ "birthDate": null, "snils": null });
    world.patch_as(&anna, PROFILE, nothing).await.expect(200);
    let refused = world.post_as(&anna, CODES, json!({})).await.refused(409, "nothing-to-confirm");
    assert_eq!(refused.body["missing"], json!(["birth-date", "snils"]));
    assert!(refused.text("/detail").contains("указать СНИЛС"), "{}", refused.raw);
    let own = world.get_as(&anna, IDENTITY).await.expect(200);
    assert_eq!(own.text("/missing/1/name"), "snils");
}

#[tokio::test]
async fn whose_snils_are_confirmed_is_not_asked_one_after_another() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    by_code(&world, &anna).await.expect(200);
    for _ in 0..5 {
        by_code(&world, &boris).await.refused(409, "snils-taken");
    }
    world.patch_as(&boris, PROFILE, json!({ "snils": "087-654-303 00" })).await.expect(200);
    // Neither a number that is taken nor one that is free is told of any more, before the next day.
    let refused = by_code(&world, &boris).await.refused(429, "too-many-requests");
    assert!(
        refused.headers["retry-after"]
            .to_str()
            .is_ok_and(|seconds| seconds.parse().is_ok_and(|s: u32| s > 3_600))
    );
    world.until("2026-12-02T10:00:00+03:00").await;
    by_code(&world, &boris).await.expect(200);
}

#[tokio::test]
async fn a_snils_is_of_one_confirmed_cabinet_until_that_one_says_another() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    by_code(&world, &anna).await.expect(200);
    let refused = by_code(&world, &boris).await.refused(409, "snils-taken");
    assert!(refused.text("/detail").contains("в отделение"), "{}", refused.raw);
    for of_anna in [anna.id.as_str(), anna.phone.as_str(), anna.email.as_str()] {
        assert!(!refused.raw.contains(of_anna), "{}", refused.raw);
    }
    assert_eq!(means(&world, &boris).await, "");
    assert!(!world.stands_in_clear("11223344595"));
    // Confirmed once more it stays hers.
    by_code(&world, &anna).await.expect(200);
    by_code(&world, &boris).await.refused(409, "snils-taken");
    // Hers was a slip of the pen: the number is free.
    world.patch_as(&anna, PROFILE, json!({ "snils": "087-654-303 00" })).await.expect(200);
    by_code(&world, &boris).await.expect(200);
    by_code(&world, &anna).await.expect(200);
    world.patch_as(&anna, PROFILE, json!({ "snils": "112-233-445 95" })).await.expect(200);
    by_code(&world, &anna).await.refused(409, "snils-taken");
}

#[tokio::test]
async fn of_two_who_claim_a_snils_at_once_one_has_it() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let ((one, first), (other, second)) = (begun(&world, &anna).await, begun(&world, &boris).await);
    let (one, other) = futures::join!(
        world.post_as(&anna, &one, json!({ "code": first })),
        world.post_as(&boris, &other, json!({ "code": second })),
    );
    let won = [&one, &other].iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1, "{} {}", one.raw, other.raw);
    let confirmed = [means(&world, &anna).await, means(&world, &boris).await];
    assert_eq!(confirmed.iter().filter(|by| *by == "phone-code").count(), 1);
}

#[tokio::test]
async fn another_name_birth_date_or_snils_ends_it_and_one_is_told_why() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let others = [
        json!({ "name": { "surname": "Соколова", "givenName": "Анна", "patronymic": "Сергеевна" } }),
        json!({ "birthDate": "1985-03-09" }),
        json!({ "snils": "087-654-303 00" }),
    ];
    for other in others {
        by_code(&world, &anna).await.expect(200);
        // What says nothing of who one is ends nothing, nor does the same once more.
        for same in
            [json!({ "noticesBy": "mail" }), json!({ "birthDate": null }), json!({ "inn": "500100732259" })]
        {
            if same.get("birthDate").is_some() {
                let said = world.get_as(&anna, PROFILE).await.text("/birthDate");
                let same = world.patch_as(&anna, PROFILE, json!({ "birthDate": said })).await.expect(200);
                assert_eq!(same.text("/identity/by"), "phone-code", "{}", same.raw);
                continue;
            }
            let same = world.patch_as(&anna, PROFILE, same).await.expect(200);
            assert_eq!(
                (same.text("/identity/by"), same.text("/identityEnded")),
                ("phone-code".into(), String::new())
            );
        }
        // What happens in one millisecond stands in no order.
        world.a_minute_later().await;
        let changed = world.patch_as(&anna, PROFILE, other.clone()).await.expect(200);
        assert!(changed.text("/identityEnded").contains("Подтвердите личность заново"), "{}", changed.raw);
        assert_eq!(changed.body.get("identity"), None, "{}", changed.raw);
        assert_eq!(means(&world, &anna).await, "");
        world.settle().await;
        assert!(world.sent_to(&anna.phone).pop().unwrap().contains("заново"), "{other}");
        assert_eq!(happened(&world, &anna).await[0].0, "identity-ended");
        let again = world.patch_as(&anna, PROFILE, other).await.expect(200);
        assert_eq!(again.text("/identityEnded"), "", "{}", again.raw);
    }
}

#[tokio::test]
async fn a_code_to_a_phone_that_is_no_longer_hers_confirms_nothing() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let (path, code) = begun(&world, &anna).await;
    let change = json!({ "phone": "+79991112233", "password": tests::PASSWORD });
    let id = world.post_as(&anna, "/v1/me/phone", change).await.expect(201).text("/id");
    world.settle().await;
    let new = digits(&world.sent_to("+79991112233").pop().unwrap());
    let done = format!("/v1/me/contacts/{id}/complete");
    world.post_as(&anna, &done, json!({ "code": new })).await.expect(204);
    world.post_as(&anna, &path, json!({ "code": code })).await.refused(410, "proof-spent");
    // Nor does the code of something else.
    world
        .post_as(&anna, &done.replace("contacts", "identity/codes"), json!({ "code": new }))
        .await
        .refused(404, "not-found");
    let nobody = world.ask(Method::GET, IDENTITY, None, None, &[]).await;
    nobody.refused(401, "unauthorized");
    world.settle().await;
}
