//! A cabinet that an office closes to booking, and opens again (ACC-8).

use super::acts::{FRIDAY, decline, friday, full_days, give_up, join, manager, offered};
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, Colleague, PASSWORD, World};

const WHY: &str = "Три записи за неделю переданы другим людям";

async fn close(world: &World, who: &Colleague, anna: &Citizen, office: &str, ground: &str) -> Answer {
    let body = json!({ "officeId": office, "ground": ground, "reason": WHY });
    world.staff(who, Method::POST, &format!("citizens/{}/block", anna.id), body).await
}

async fn open(world: &World, who: &Colleague, anna: &Citizen, office: &str) -> Answer {
    let body = json!({ "officeId": office, "reason": "Разобрались, это была ошибка" });
    world.staff(who, Method::POST, &format!("citizens/{}/unblock", anna.id), body).await
}

#[tokio::test]
async fn whoever_is_closed_out_reads_why_cancels_and_books_nothing_till_it_is_opened() {
    let world = World::new().await;
    let head = manager(&world, "one").await;
    let anna = world.citizen().await;
    let booked = world.book(&anna, "one", "talk", FRIDAY).await.text("/id");
    let closed = close(&world, &head, &anna, "one", "resale").await.expect(200);
    assert_eq!(closed.text("/officeId"), "one");
    world.settle().await;
    // Told by every channel, with the office's words in the mail.
    let mail = world.sent_to(&anna.email).pop().unwrap_or_default();
    assert!(mail.contains(WHY), "{mail}");
    let sms = world.sent_to(&anna.phone).pop().unwrap_or_default();
    assert!(sms.contains("запись через ваш кабинет закрыта"), "{sms}");
    // The status says «Неактивен», why, in which words, and whom to call.
    let me = world.get_as(&anna, "/v1/me").await.expect(200);
    assert_eq!(me.text("/readiness/text"), "Неактивен");
    assert_eq!(me.text("/readiness/block/text"), "места занимают, чтобы передать их другим");
    assert_eq!(me.text("/readiness/block/reason"), WHY);
    assert!(!me.text("/readiness/block/phone").is_empty(), "{}", me.raw);
    let events = world.get_as(&anna, "/v1/me/events").await.expect(200);
    assert_eq!(events.text("/items/0/what"), "cabinet-blocked");
    // Nothing is booked, moved or waited for.
    let refused = world.try_book(&anna, "two", "paper", "2026-12-03T10:00:00+03:00").await;
    let refused = refused.refused(403, "account-inactive");
    assert!(refused.text("/detail").contains("места занимают, чтобы передать их другим"), "{}", refused.raw);
    assert!(refused.text("/detail").contains(&refused.text("/phone")), "{}", refused.raw);
    let to = json!({ "officeId": "two", "startsAt": "2026-12-03T10:00:00+03:00" });
    let path = format!("/v1/appointments/{booked}");
    world.post_as(&anna, &format!("{path}/reschedule"), to.clone()).await.refused(403, "account-inactive");
    let wish = json!({ "serviceId": "paper", "offices": ["two"] });
    world.post_as(&anna, "/v1/waitlist", wish).await.refused(403, "account-inactive");
    // What she has she sees, and gives up; she signs in as before, and takes her data away.
    world.get_as(&anna, &path).await.expect(200);
    world.post("/v1/sessions", world.sign_in(&anna.phone, PASSWORD)).await.expect(201);
    let taken = world.post_as(&anna, "/v1/me/export", json!({ "password": PASSWORD })).await.expect(200);
    assert!(taken.raw.contains(WHY), "{}", taken.raw);
    world.post_as(&anna, &format!("{path}/cancel"), json!({})).await.expect(200);
    // Opened again, she is told and books.
    open(&world, &head, &anna, "one").await.expect(204);
    world.settle().await;
    let mail = world.sent_to(&anna.email).pop().unwrap_or_default();
    assert!(mail.contains("Разобрались, это была ошибка"), "{mail}");
    let me = world.get_as(&anna, "/v1/me").await.expect(200);
    assert_eq!(me.text("/readiness/state"), "ready");
    world.book(&anna, "two", "talk", "2026-12-03T10:00:00+03:00").await;
    // Each time stands among those who read her data.
    let readings = world.get_as(&anna, "/v1/me/readings").await.expect(200);
    let subjects = [readings.text("/items/0/subject"), readings.text("/items/1/subject")];
    assert_eq!(subjects, ["cabinet-unblocked", "cabinet-blocked"]);
    assert!(!world.stands_in_clear(WHY));
}

#[tokio::test]
async fn what_is_freed_goes_past_whoever_is_closed_out_and_comes_back_when_they_are_not() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04"]).await;
    let head = manager(&world, "one").await;
    let (first, second) = (join(&world, friday()).await, join(&world, friday()).await);
    close(&world, &head, &first, "one", "misuse").await.expect(200);
    give_up(&world, &held[0]).await;
    assert!(offered(&world, &first, "talk").await.is_none());
    let offer = offered(&world, &second, "talk").await.expect("the next in line");
    let history = world.get_as(&first, "/v1/waitlist/talk/history").await.expect(200);
    assert_eq!(history.text("/items/1/why"), "blocked", "{}", history.raw);
    // She has kept her place: what the other declines is hers once she is let in again.
    open(&world, &head, &first, "one").await.expect(204);
    decline(&world, &second, &offer).await;
    let offer = offered(&world, &first, "talk").await.expect("the first in line");
    // Closed out with an offer open, she takes nothing; what she declines goes on.
    close(&world, &head, &first, "one", "misuse").await.expect(200);
    let path = format!("/v1/offers/{}", offer.text("/id"));
    world.post_as(&first, &format!("{path}/accept"), json!({})).await.refused(403, "account-inactive");
    world.get_as(&first, &path).await.expect(200);
    world.post_as(&first, &format!("{path}/decline"), json!({})).await.expect(200);
    world.until("2026-12-01T14:20:00+03:00").await;
}

#[tokio::test]
async fn what_lies_free_comes_to_whoever_is_let_in_again() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04"]).await;
    let head = manager(&world, "one").await;
    let only = join(&world, friday()).await;
    close(&world, &head, &only, "one", "misuse").await.expect(200);
    give_up(&world, &held[0]).await;
    // Long enough for it to be anybody's again.
    world.until("2026-12-01T11:00:00+03:00").await;
    assert!(offered(&world, &only, "talk").await.is_none());
    open(&world, &head, &only, "one").await.expect(204);
    world.until("2026-12-01T11:10:00+03:00").await;
    assert!(offered(&world, &only, "talk").await.is_some());
}

#[tokio::test]
async fn only_whoever_answers_for_the_office_closes_out_and_lets_in() {
    let world = World::new().await;
    let chief = world.chief().await;
    let at = |role: &str, office: &str| json!([{ "role": role, "officeId": office }]);
    let head = world.colleague(&chief, "head@example.ru", at("manager", "one")).await;
    let other = world.colleague(&chief, "other@example.ru", at("manager", "two")).await;
    let desk = world.colleague(&chief, "desk@example.ru", at("operator", "one")).await;
    let anna = world.citizen().await;
    for (who, office) in [(&desk, "one"), (&chief, "one"), (&other, "one")] {
        close(&world, who, &anna, office, "misuse").await.refused(403, "beyond-your-rights");
    }
    let body = json!({ "officeId": "one", "ground": "because", "reason": " " });
    let path = format!("citizens/{}/block", anna.id);
    let wrong = world.staff(&head, Method::POST, &path, body).await.refused(422, "invalid-request");
    assert_eq!(wrong.body["errors"].as_array().map(Vec::len), Some(2), "{}", wrong.raw);
    let standing = world.staff(&head, Method::GET, &format!("{path}?officeId=one"), Value::Null).await;
    assert_eq!(standing.expect(200).body, json!({ "blocked": false }));
    close(&world, &head, &anna, "one", "misuse").await.expect(200);
    // Said again it is the same; for another reason, or by another office, it is to be looked at first.
    close(&world, &head, &anna, "one", "misuse").await.expect(200);
    close(&world, &head, &anna, "one", "resale").await.refused(409, "closed-already");
    close(&world, &other, &anna, "two", "misuse").await.refused(409, "closed-already");
    world.settle().await;
    assert_eq!(world.sent_to(&anna.email).iter().filter(|mail| mail.contains(WHY)).count(), 1);
    let standing = world.staff(&other, Method::GET, &format!("{path}?officeId=two"), Value::Null).await;
    assert_eq!(standing.expect(200).text("/block/reason"), WHY);
    // The office that knows why lets in again.
    open(&world, &other, &anna, "two").await.refused(403, "beyond-your-rights");
    open(&world, &desk, &anna, "one").await.refused(403, "beyond-your-rights");
    open(&world, &head, &anna, "one").await.expect(204);
    open(&world, &head, &anna, "one").await.expect(204);
    world.settle().await;
    assert_eq!(world.sent_to(&anna.email).iter().filter(|mail| mail.contains("Разобрались")).count(), 1);
    world
        .staff(
            &head,
            Method::POST,
            "citizens/nobody/block",
            json!({ "officeId": "one", "ground": "misuse", "reason": "x" }),
        )
        .await
        .refused(404, "not-found");
}

#[tokio::test]
async fn an_operator_with_a_reason_books_for_whoever_is_closed_out() {
    let world = World::new().await;
    let head = manager(&world, "one").await;
    let anna = world.citizen().await;
    close(&world, &head, &anna, "one", "owners-wish").await.expect(200);
    let said = json!({ "officeId": "one", "method": "document" });
    world.staff(&head, Method::POST, &format!("citizens/{}/identification", anna.id), said).await.expect(201);
    let acting = [("acting-for", anna.id.as_str())];
    let mut body = tests::booking("one", "talk", FRIDAY);
    let ask =
        |body: Value| world.ask(Method::POST, "/v1/appointments", Some(&head.token), Some(body), &acting);
    ask(body.clone()).await.refused(403, "account-inactive");
    body["reason"] = json!("Пришла сама, с паспортом");
    let booked = ask(body).await.expect(201).text("/id");
    let path = format!("/v1/appointments/{booked}/reschedule");
    let to =
        json!({ "officeId": "one", "startsAt": "2026-12-07T10:00:00+03:00", "reason": "Попросила позже" });
    world.ask(Method::POST, &path, Some(&head.token), Some(to), &acting).await.expect(200);
    world.settle().await;
}

#[tokio::test]
async fn one_member_closes_out_twenty_people_a_day() {
    let world = World::new().await;
    let head = manager(&world, "one").await;
    for _ in 0..20 {
        close(&world, &head, &world.citizen().await, "one", "misuse").await.expect(200);
    }
    let last = world.citizen().await;
    close(&world, &head, &last, "one", "misuse").await.refused(429, "too-many-requests");
    assert_eq!(world.get_as(&last, "/v1/me").await.text("/readiness/state"), "ready");
    world.settle().await;
}
