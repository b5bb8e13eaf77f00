//! Files on their way: what storage takes, what becomes of what nobody heard of, and of two uploads of one file (DOC-4).

use super::documents::{DOCUMENTS, FOLDER, UPLOADS, announce, document, file_of, lying, passport};
use app::documents::{self, Begun, FileRef, Verdict};
use http::Method;
use local::embedded::faults::Service;
use local::people::{page, papers, upload};
use local::visitor;
use serde_json::{Value, json};
use tests::World;

#[tokio::test]
async fn the_store_takes_what_the_form_says_and_nothing_else() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let file = page("passport");
    let attached = announce(&world, &anna, passport(file.len())).await;
    let posted = |change: &dyn Fn(&mut Value), file: Vec<u8>| {
        let mut body = attached.body.clone();
        change(&mut body["upload"]["fields"]);
        let form = visitor::Answer { body, ..attached.clone() };
        upload(&form, &file)
    };
    let longer = [file.clone(), vec![b'\n']].concat();
    let mut other = attached.body["upload"]["fields"]["key"].as_str().expect("a key").to_owned();
    other.replace_range(0..1, "1");
    for (ask, status, why) in [
        (posted(&|_| (), longer), 400, "EntityTooLarge"),
        (posted(&|_| (), file[1..].to_vec()), 400, "EntityTooSmall"),
        (posted(&|fields| fields["key"] = json!(other), file.clone()), 403, "key"),
        (posted(&|fields| fields["Content-Type"] = json!("text/html"), file.clone()), 403, "content-type"),
        (posted(&|fields| fields["x-amz-acl"] = json!("public-read"), file.clone()), 403, "x-amz-acl"),
        (posted(&|fields| fields["x-amz-signature"] = json!("00"), file.clone()), 403, "Signature"),
        (posted(&|fields| fields["policy"] = json!("e30="), file.clone()), 403, "Signature"),
        // In the name of a function that may not put: whoever has its keys gains nothing by them here.
        (
            posted(
                &|fields| {
                    let scope = fields["x-amz-credential"].as_str().unwrap_or_default();
                    fields["x-amz-credential"] = json!(scope.replace("documents", "booking"));
                },
                file.clone(),
            ),
            403,
            "not authorized",
        ),
    ] {
        let answer = world.system.ask(ask).await;
        assert!(
            answer.status == status && answer.raw.contains(why),
            "{why}: {} {}",
            answer.status,
            answer.raw
        );
    }
    assert_eq!(lying(&world, UPLOADS), 0);
    world.until("2026-12-01T10:15:00+03:00").await;
    let late = world.system.ask(posted(&|_| (), file.clone())).await;
    assert!(late.status == 403 && late.raw.contains("expired"), "{}", late.raw);
}

#[tokio::test]
async fn what_nobody_heard_of_is_found_and_what_never_came_is_forgotten() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let file = page("passport");
    let came = announce(&world, &anna, passport(file.len())).await;
    let mut never = passport(99);
    never["fileName"] = json!("never.pdf");
    let never = announce(&world, &anna, never).await;
    world.settle().await;
    // The store's word of it is lost.
    world.system.deliveries().drop_next("scanner", 1);
    assert_eq!(world.system.ask(upload(&came, &file)).await.status, 201);
    world.settle().await;
    assert_eq!(file_of(&world, &anna, came.text("/id")).await.expect("awaited")["state"], "awaited");
    assert_eq!(document(&world, &anna, "passport").await["lack"], "awaited");
    world.until("2026-12-01T10:25:00+03:00").await;
    assert_eq!(file_of(&world, &anna, came.text("/id")).await.expect("kept")["state"], "accepted");
    assert_eq!(file_of(&world, &anna, never.text("/id")).await, None);
    assert_eq!((lying(&world, UPLOADS), lying(&world, DOCUMENTS)), (0, 1));
}

#[tokio::test]
async fn while_the_store_is_down_nothing_is_lost_and_after_a_day_it_is_said() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let file = page("passport");
    let attached = announce(&world, &anna, passport(file.len())).await;
    assert_eq!(world.system.ask(upload(&attached, &file)).await.status, 201);
    world.system.faults().down(Service::Files);
    world.until("2026-12-01T11:00:00+03:00").await;
    assert_eq!(file_of(&world, &anna, attached.text("/id")).await.expect("awaited")["state"], "awaited");
    world.system.faults().up(Service::Files);
    world.until("2026-12-01T11:20:00+03:00").await;
    assert_eq!(file_of(&world, &anna, attached.text("/id")).await.expect("kept")["state"], "accepted");
    // The word of the store was given up meanwhile; the clock asked again.
    assert!(!world.bury("UploadsDeadLetters").is_empty());

    let second =
        announce(&world, &anna, json!({ "document": "passport", "fileName": "b.pdf", "size": file.len() }))
            .await;
    assert_eq!(world.system.ask(upload(&second, &file)).await.status, 201);
    world.system.faults().down(Service::Files);
    world.until("2026-12-02T12:30:00+03:00").await;
    world.system.faults().up(Service::Files);
    world.until("2026-12-02T13:00:00+03:00").await;
    let told = file_of(&world, &anna, second.text("/id")).await.expect("told of");
    assert_eq!(told["reason"]["code"], "not-looked-at", "{told}");
    // Nobody could let go of it then; it goes by its age.
    world.until("2026-12-05T10:00:00+03:00").await;
    assert_eq!(lying(&world, UPLOADS), 0);
    world.bury("UploadsDeadLetters");
}

#[tokio::test]
async fn a_file_at_which_nobody_comes_to_the_end_is_refused_with_the_reason() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let file = page("passport");
    let attached = announce(&world, &anna, passport(file.len())).await;
    let of: FileRef = format!("{}/grant/{}", anna.id, attached.text("/id")).parse().expect("a file");
    world.system.deliveries().drop_next("scanner", 1);
    assert_eq!(world.system.ask(upload(&attached, &file)).await.status, 201);
    world.settle().await;
    // Whoever looks has no time or no memory left and is gone, five times.
    let edge = world.system.edge("scanner").expect("an edge");
    for _ in 0..5 {
        assert_eq!(documents::begin(edge.app(), &of).await.expect("the table"), Begun::Now);
    }
    assert_eq!(document(&world, &anna, "passport").await["lack"], "awaited");
    world.until("2026-12-01T10:25:00+03:00").await;
    let told = file_of(&world, &anna, attached.text("/id")).await.expect("told of");
    assert_eq!(told["reason"]["code"], "too-complex", "{told}");
    let inbox = world.get_as(&anna, "/v1/inbox").await.expect(200);
    assert_eq!(inbox.text("/items/0/kind"), "file-refused");
    assert_eq!((lying(&world, UPLOADS), lying(&world, DOCUMENTS)), (0, 0));
}

#[tokio::test]
async fn of_two_who_look_at_two_uploads_of_one_file_the_second_keeps_nothing() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let attached = announce(&world, &anna, passport(9)).await;
    let of: FileRef = format!("{}/grant/{}", anna.id, attached.text("/id")).parse().expect("a file");
    let edge = world.system.edge("scanner").expect("an edge");
    let verdict = |of: u8| Verdict::Accepted { pages: Some(1), bytes: 9, sha256: vec![of; 32] };
    let settle = async |of: &FileRef, verdict: Verdict| {
        documents::settle(edge.app(), of, &verdict).await.expect("the table")
    };
    assert!(settle(&of, verdict(1)).await);
    // Another content came by the same form while the first was looked at; then the first is told once more.
    assert!(!settle(&of, verdict(2)).await, "what was accepted stays what it is");
    assert!(settle(&of, verdict(1)).await, "said twice, it is kept");
    assert!(!settle(&of, Verdict::Absent).await);
    assert_eq!(file_of(&world, &anna, attached.text("/id")).await.expect("kept")["state"], "accepted");
    let path = format!("{FOLDER}/files/{}", attached.text("/id"));
    world.ask(Method::DELETE, &path, Some(&anna.token), None, &[]).await.expect(204);
    assert!(!settle(&of, verdict(1)).await, "nobody wants it any more");
    world.settle().await;
}

#[tokio::test]
async fn two_scans_of_one_size_are_two_and_a_retry_is_one() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let file = page("passport");
    let named = |name: &str| {
        let mut announced = passport(file.len());
        announced["fileName"] = json!(name);
        announced
    };
    let first = announce(&world, &anna, named("spread_1.pdf")).await;
    let second = announce(&world, &anna, named("spread_2.pdf")).await;
    let again = announce(&world, &anna, named("spread_1.pdf")).await;
    assert_eq!(again.text("/id"), first.text("/id"));
    assert_ne!(second.text("/id"), first.text("/id"));
    for attached in [&first, &second] {
        assert_eq!(world.system.ask(upload(attached, &file)).await.status, 201);
    }
    world.settle().await;
    for attached in [&first, &second] {
        let kept = file_of(&world, &anna, attached.text("/id")).await.expect("the file");
        assert_eq!(kept["state"], "accepted", "{kept}");
    }
}

#[tokio::test]
async fn a_file_on_which_an_appointment_hangs_is_replaced_or_the_appointment_cancelled_first() {
    let world = World::new().await;
    let anna = world.citizen().await;
    papers(&world.system, &anna.token, "grant").await.expect("papers");
    let first = document(&world, &anna, "passport").await["files"][0]["id"].as_str().unwrap().to_owned();
    let booked = world.book(&anna, "three", "grant", "2026-12-03T10:00:00+03:00").await.text("/id");
    let take_back = async |file: &str| {
        let path = format!("{FOLDER}/files/{file}");
        world.ask(Method::DELETE, &path, Some(&anna.token), None, &[]).await
    };
    let refused = take_back(&first).await.refused(409, "file-needed");
    assert_eq!(refused.text("/appointmentId"), booked);
    assert_eq!(document(&world, &anna, "passport").await["files"][0]["state"], "accepted");
    // One that came instead lets it go.
    let file = page("another");
    let announced = json!({ "document": "passport", "fileName": "new.pdf", "size": file.len() });
    let second = announce(&world, &anna, announced).await;
    take_back(&first).await.refused(409, "file-needed");
    assert_eq!(world.system.ask(upload(&second, &file)).await.status, 201);
    world.settle().await;
    take_back(&first).await.expect(204);
    take_back(second.text("/id")).await.refused(409, "file-needed");
    let cancel = format!("/v1/appointments/{booked}/cancel");
    world.post_as(&anna, &cancel, json!({})).await.expect(200);
    take_back(second.text("/id")).await.expect(204);
    world.settle().await;
}
