//! Services that are down or busy: what needs them waits or is refused honestly, everything else goes on.

use super::acts::{FRIDAY, decline, file, friday, full_days, give_up, join, later, manager, offered, put};
use local::embedded::faults::{Fault, Service};
use serde_json::json;
use tests::{Answer, World, booking};

const THURSDAY: &str = "2026-12-03T10:00:00+03:00";
const WRITE: &str = "TransactWriteItems";

#[track_caller]
fn come_again(answer: Answer, code: &str) {
    let answer = answer.refused(503, code);
    assert_eq!(answer.headers["retry-after"], "2", "{}", answer.raw);
    assert!(answer.text("/detail").contains("Повторите"), "{}", answer.raw);
}

#[tokio::test]
async fn while_mail_is_down_the_sms_goes_and_the_mail_follows_once() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let (mails, texts) = (world.sent_to(&anna.email).len(), world.sent_to(&anna.phone).len());
    world.system.faults().down(Service::Mail);
    let booked = world.book(&anna, "one", "talk", THURSDAY).await;
    later(&world, 7).await;
    assert_eq!(world.sent_to(&anna.phone).len(), texts + 1, "once, however often the mail is tried");
    let inbox = world.get_as(&anna, "/v1/inbox").await;
    assert_eq!(inbox.body["items"][0]["sentBy"], json!(["sms"]));
    world.system.faults().up(Service::Mail);
    later(&world, 5).await;
    assert_eq!((world.sent_to(&anna.email).len(), world.sent_to(&anna.phone).len()), (mails + 1, texts + 1));
    assert!(world.sent_to(&anna.email).pop().unwrap().contains(&booked.text("/number")));
    let inbox = world.get_as(&anna, "/v1/inbox").await;
    assert_eq!(inbox.body["items"][0]["sentBy"], json!(["sms", "mail"]));
}

#[tokio::test]
async fn while_sms_are_down_the_mail_goes_and_the_code_follows() {
    let world = World::new().await;
    let anna = world.citizen().await;
    world.system.faults().down(Service::Sms);
    let booked = world.book(&anna, "one", "talk", THURSDAY).await;
    assert!(world.sent_to(&anna.email).pop().unwrap().contains(&booked.text("/number")));
    let begun = world.post("/v1/registrations", json!({ "phone": "+79990009999" })).await.expect(201);
    world.settle().await;
    assert!(world.sent_to("+79990009999").is_empty());
    world.system.faults().up(Service::Sms);
    later(&world, 4).await;
    assert_eq!(world.sent_to(&anna.phone).len(), 2, "the registration's code and the confirmation");
    let code = tests::digits(&world.sent_to("+79990009999")[0]);
    let path = format!("/v1/registrations/{}/verify", begun.text("/id"));
    world.post(&path, json!({ "code": code })).await.expect(204);
}

#[tokio::test]
async fn while_the_queues_are_down_for_hours_nothing_is_lost() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04"]).await;
    let boris = join(&world, friday()).await;
    let anna = world.citizen().await;
    let told = world.sent_to(&anna.phone).len();
    world.system.faults().down(Service::Queues);
    let booked = world.book(&anna, "two", "talk", THURSDAY).await;
    let path = format!("/v1/appointments/{}/cancel", held[0].1);
    world.post_as(&held[0].0, &path, json!({})).await.expect(200);
    later(&world, 180).await;
    assert_eq!(world.sent_to(&anna.phone).len(), told);
    assert!(offered(&world, &boris, "talk").await.is_none());
    world.system.faults().up(Service::Queues);
    later(&world, 2).await;
    assert!(world.sent_to(&anna.phone).pop().unwrap().contains(&booked.text("/number")));
    let offer = offered(&world, &boris, "talk").await.expect("the line is served");
    decline(&world, &boris, &offer).await;
    later(&world, 20).await;
}

#[tokio::test]
async fn without_the_key_service_what_is_not_personal_works_and_nothing_is_done_in_clear() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let booked = world.book(&boris, "one", "talk", FRIDAY).await.text("/id");
    let world = world.restarted().await;
    world.system.faults().down(Service::Keys);
    for path in ["/v1/regions", "/v1/services", "/v1/offices/one", "/v1/offices/one/calendar?serviceId=talk"]
    {
        world.get(path).await.expect(200);
    }
    let held = world.try_book(&anna, "one", "talk", THURSDAY).await.expect(201).text("/id");
    let paths = [format!("/v1/appointments/{held}"), format!("/v1/appointments/{held}/history")];
    for path in paths.iter().map(String::as_str).chain(["/v1/appointments", "/v1/inbox", "/v1/waitlist"]) {
        world.get_as(&anna, path).await.expect(200);
    }
    world.post_as(&boris, &format!("/v1/appointments/{booked}/cancel"), json!({})).await.expect(200);

    come_again(world.get_as(&anna, "/v1/me").await, "unavailable");
    come_again(world.post("/v1/registrations", json!({ "phone": "+79990009999" })).await, "unavailable");
    let login = json!({ "login": anna.phone, "password": tests::PASSWORD });
    come_again(world.post("/v1/sessions", login).await, "unavailable");
    let mut secret = booking("two", "paper", FRIDAY);
    secret["purpose"] = json!("тайная цель");
    come_again(world.post_as(&anna, "/v1/appointments", secret.clone()).await, "unavailable");
    let why = json!({ "reason": "тайная причина" });
    let cancel = format!("/v1/appointments/{held}/cancel");
    come_again(world.post_as(&anna, &cancel, why.clone()).await, "unavailable");
    assert!(!world.stands_in_clear("тайная"));
    assert_eq!(world.get_as(&anna, "/v1/appointments").await.body["items"].as_array().unwrap().len(), 1);
    world.settle().await;

    world.system.faults().up(Service::Keys);
    world.get_as(&anna, "/v1/me").await.expect(200);
    world.post_as(&anna, "/v1/appointments", secret).await.expect(201);
    world.post_as(&anna, &cancel, why).await.expect(200);
    assert!(!world.stands_in_clear("тайная"));
    // What there was to tell meanwhile is told now.
    later(&world, 8).await;
    let told = world.sent_to(&boris.phone).pop().unwrap();
    assert!(told.contains("отмен"), "{told}");
}

#[tokio::test]
async fn a_throttled_table_is_tried_again_and_then_refused_with_nothing_half_done() {
    let world = World::new().await;
    let anna = world.citizen().await;
    for (operation, fault) in
        [(WRITE, Fault::Throttled), ("BatchGetItem", Fault::Throttled), (WRITE, Fault::Refused)]
    {
        world.system.faults().next(operation, fault, 2);
    }
    world.book(&anna, "one", "talk", THURSDAY).await;

    for (operation, code) in [(WRITE, "overloaded"), ("BatchGetItem", "unavailable")] {
        world.system.faults().chance(operation, Fault::Throttled, 1_000, 1);
        come_again(world.try_book(&anna, "two", "paper", FRIDAY).await, code);
        world.system.faults().clear();
    }
    let slots = world.get("/v1/offices/two/slots?serviceId=paper&date=2026-12-04").await.expect(200);
    assert_eq!(slots.body["slots"].as_array().unwrap().len(), 12, "no cell is taken");
    assert_eq!(world.get_as(&anna, "/v1/appointments").await.body["items"].as_array().unwrap().len(), 1);
    world.book(&anna, "two", "paper", FRIDAY).await;

    world.system.faults().down(Service::Table);
    come_again(world.get_as(&anna, "/v1/appointments").await, "unavailable");
    come_again(world.get("/v1/offices/one/calendar?serviceId=talk").await, "unavailable");
    world.get("/v1/services").await.expect(200);
    world.system.faults().up(Service::Table);
}

#[tokio::test]
async fn a_storm_of_conflicts_is_answered_with_come_again_and_never_with_taken() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let booked = world.book(&boris, "two", "talk", THURSDAY).await.text("/id");
    world.system.faults().chance(WRITE, Fault::Conflict, 1_000, 1);
    come_again(world.try_book(&anna, "one", "talk", THURSDAY).await, "overloaded");
    let path = format!("/v1/appointments/{booked}");
    let to = json!({ "officeId": "two", "startsAt": FRIDAY });
    come_again(world.post_as(&boris, &format!("{path}/reschedule"), to).await, "overloaded");
    come_again(world.post_as(&boris, &format!("{path}/cancel"), json!({})).await, "overloaded");
    assert_eq!(world.system.faults().struck(WRITE, Fault::Conflict), 24, "eight tries each");
    world.system.faults().clear();
    assert_eq!(world.get_as(&boris, &path).await.text("/startsAt"), THURSDAY);
    world.book(&anna, "one", "talk", THURSDAY).await;
}

#[tokio::test]
async fn writes_that_meet_in_flight_refuse_nobody_wrongly() {
    use std::time::Duration;
    let world = World::new().await;
    let starts = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"];
    let mut people = Vec::new();
    for _ in starts {
        people.push(world.citizen().await);
    }
    world.system.faults().set_flight_time(Some(Duration::from_millis(30)));
    world.system.meter().start();
    let asked = people.iter().zip(starts).map(|(who, start)| {
        let world = &world;
        async move {
            let start = format!("2026-12-03T{start}:00+03:00");
            // As a polite client does: «come again» is no refusal.
            for _ in 0..10 {
                let answer = world.try_book(who, "two", "talk", &start).await;
                if answer.status != 503 {
                    return answer.status;
                }
            }
            503
        }
    });
    assert_eq!(futures::future::join_all(asked).await, [201; 6]);
    let writes = world.system.meter().operations()[WRITE];
    assert!(writes > 6, "they did meet: {writes} writes");
    world.system.faults().clear();
    world.settle().await;
}

#[tokio::test]
async fn while_the_worker_cannot_write_the_freed_slot_waits_for_the_first_in_line() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04"]).await;
    let (first, second) = (join(&world, friday()).await, join(&world, friday()).await);
    let stranger = world.citizen().await;
    world.system.deliveries().hold("waitlist-worker");
    give_up(&world, &held[0]).await;
    world.system.faults().chance(WRITE, Fault::Refused, 1_000, 1);
    world.system.deliveries().release("waitlist-worker");
    later(&world, 3).await;
    assert!(offered(&world, &first, "talk").await.is_none());
    world.try_book(&stranger, "one", "talk", FRIDAY).await.refused(409, "slot-taken");
    world.system.faults().clear();
    later(&world, 10).await;
    let offer = offered(&world, &first, "talk").await.expect("still hers");
    decline(&world, &first, &offer).await;
    assert!(offered(&world, &second, "talk").await.is_some());
    later(&world, 130).await;
}

#[tokio::test]
async fn while_an_offices_file_cannot_be_had_ones_own_visit_is_shown_without_its_news() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let booked = world.book(&anna, "two", "talk", THURSDAY).await;
    let head = manager(&world, "two").await;
    let news = "[[announcements]]\nfrom = \"2026-12-03\"\ntext = { ru = \"Вход со двора\", en = \"Enter from the yard\" }\n\n[[windows]]";
    let told = file(&world, &head, "two").await.text("/file").replacen("[[windows]]", news, 1);
    put(&world, &head, "two", json!({ "version": 0, "file": told, "reason": "Ремонт крыльца" }))
        .await
        .expect(200);
    world.settle().await;
    let world = world.restarted().await;
    let own = format!("/v1/appointments/{}", booked.text("/id"));
    world.system.faults().chance("GetItem", Fault::Refused, 1000, 1);
    let shown = world.get_as(&anna, &own).await.expect(200);
    assert_eq!((shown.text("/startsAt"), shown.raw.contains("Вход со двора")), (THURSDAY.to_owned(), false));
    world.system.faults().clear();
    assert!(world.get_as(&anna, &own).await.expect(200).raw.contains("Вход со двора"));
}
