//! What becomes of signatures: whose they are, and how long (PRV-3).

use super::super::lived::{key, rows};
use super::*;
use tests::{PASSWORD, time};

#[tokio::test]
async fn a_signature_is_given_to_its_owner_and_goes_with_what_was_said_for_the_visit() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let done = booked(&world, &anna, contract(FIRST)).await;
    text(&world, &anna, TEXT, answers(&contract(SECOND))).await;
    let given = world.post_as(&anna, "/v1/me/export", json!({ "password": PASSWORD })).await.expect(200);
    let all = given.body["rows"].as_array().cloned().unwrap_or_default();
    let of = |section: &str| -> Vec<Value> {
        all.iter().filter(|row| row["section"] == section).map(|row| row["data"].clone()).collect()
    };
    let signed = of("signature");
    assert_eq!(signed.len(), 1, "{}", given.raw);
    let bytes = signed[0]["text"].as_str().expect("a text").as_bytes();
    assert_eq!(signed[0]["signature"], by("anna", bytes), "what was signed, to the letter");
    assert_eq!((&signed[0]["signedBy"], &signed[0]["version"]), (&json!(ANNA), &json!(1)));
    assert_eq!(of("to-sign").len(), 1, "the newer in place of the one that was used");
    assert_eq!(of("appointment")[0]["signedBy"], json!(ANNA));
    let left = async |sk: &str| rows(&world).await.iter().filter(|row| key(row).sk.starts_with(sk)).count();
    world.until("2026-12-03T14:20:00+03:00").await;
    let years_later = async |when: &str| {
        world.settle().await;
        world.system.advance_in(TimeDelta::days(10), time(when)).await;
        world.settle().await;
    };
    years_later("2028-11-20T10:00:00+03:00").await;
    assert_eq!((left("SIGNED#").await, left("TOSIGN#").await), (1, 0), "its term is not over");
    years_later("2029-01-25T10:00:00+03:00").await;
    assert_eq!(left("SIGNED#").await, 0);
    assert_eq!(left(&format!("APPT#{}", done.text("/id"))).await, 1, "what, where and when stays");
}

#[tokio::test]
async fn with_a_cabinet_go_the_signatures_in_it() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let done = booked(&world, &anna, contract(FIRST)).await;
    world.post_as(&anna, &format!("{}/cancel", path(&done)), json!({})).await.expect(200);
    world.post_as(&anna, "/v1/me/deletion", json!({ "password": PASSWORD })).await.expect(202);
    world.settle().await;
    world.system.advance_in(TimeDelta::days(1), time("2026-12-10T12:00:00+03:00")).await;
    world.settle().await;
    let all = rows(&world).await;
    let pk = format!("CIT#{}", anna.id);
    let left: Vec<String> = all.iter().map(key).filter(|key| key.pk == pk).map(|key| key.sk).collect();
    assert!(left.iter().any(|sk| sk.starts_with("APPT#")), "{left:?}");
    assert!(!left.iter().any(|sk| sk.starts_with("SIGNED#") || sk.starts_with("TOSIGN#")), "{left:?}");
}
