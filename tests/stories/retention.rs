//! What has had its term goes also from cabinets that are in use, and the facts that the law keeps have terms of their own
//! (PRV-3, PRV-4).

use super::lived::{Lived, key, lived, rows};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::TimeDelta;
use http::Method;
use local::audit::{self, Break, Checkpoint};
use local::people::{attach, page, upload};
use serde_json::{Value, json};
use store::Item;
use tests::{Answer, Citizen, PASSWORD, World, digits, time};

/// Two years after everything, and before.
const NOT_YET: &str = "2028-11-20T10:00:00+03:00";
const SAID_IS_OVER: &str = "2029-01-25T10:00:00+03:00";
const ALL_IS_OVER: &str = "2032-02-10T10:00:00+03:00";

async fn years_later(world: &World, when: &str) {
    world.settle().await;
    world.system.advance_in(TimeDelta::days(10), time(when)).await;
    world.settle().await;
}

/// Signed in where she has not been for long.
async fn back(world: &World, who: &Citizen) -> Citizen {
    let login = json!({ "login": who.phone, "password": PASSWORD });
    let begun = world.post("/v1/sessions", login).await.expect(202).text("/id");
    world.settle().await;
    let code = digits(&world.sent_to(&who.phone).pop().expect("an SMS"));
    let path = format!("/v1/sessions/challenges/{begun}/complete");
    let done = world.post(&path, json!({ "code": code })).await.expect(201);
    world.settle().await;
    Citizen { token: done.text("/token"), device: done.text("/deviceToken"), ..who.clone() }
}

async fn list(world: &World, who: &Citizen, path: &str) -> Vec<Value> {
    world.get_as(who, path).await.expect(200).body["items"].as_array().cloned().unwrap_or_default()
}

/// Her visit, with what she filled in for it.
async fn visit(world: &World, who: &Citizen) -> Answer {
    let all = list(world, who, "/v1/appointments").await;
    let paper = all.iter().find(|one| one["service"]["id"] == "paper").expect("the visit");
    let id = paper["id"].as_str().expect("an id");
    world.get_as(who, &format!("/v1/appointments/{id}")).await.expect(200)
}

async fn history(world: &World, who: &Citizen, id: &str) -> String {
    world.get_as(who, &format!("/v1/appointments/{id}/history")).await.expect(200).raw
}

async fn report(world: &World) -> audit::Report {
    audit::verify(&world.system, None, &Checkpoint::new()).await.expect("the table is there")
}

fn begin(rows: &[Item], who: &Citizen, sk: &str) -> usize {
    let pk = format!("CIT#{}", who.id);
    rows.iter().filter(|row| key(row).pk == pk && key(row).sk.starts_with(sk)).count()
}

#[tokio::test]
async fn what_was_said_goes_after_two_years_and_facts_after_five() {
    let world = World::new().await;
    let Lived { who: anna, .. } = lived(&world).await;
    years_later(&world, NOT_YET).await;
    let all = rows(&world).await;
    for (sk, left) in
        [("SESS#", 0), ("DEVICE#", 0), ("CHALLENGE#", 0), ("OFFER#", 0), ("WAIT#", 0), ("DOCS#", 1)]
    {
        assert_eq!(begin(&all, &anna, sk), left, "{sk}");
    }
    let anna = back(&world, &anna).await;
    let seen = visit(&world, &anna).await;
    assert_eq!(seen.text("/application/purpose"), "Перерасчёт пособия", "its time is not over");
    assert!(history(&world, &anna, &seen.text("/id")).await.contains("занята утром"));
    assert_eq!(list(&world, &anna, "/v1/me/call-notes").await[0]["text"], "Просила перезвонить");
    // What she was told in those days is no longer in the inbox; that she came back is.
    let told: Vec<Value> = list(&world, &anna, "/v1/inbox?limit=50").await;
    assert!(told.iter().all(|one| one["at"].as_str().is_some_and(|at| at.starts_with("2028"))), "{told:?}");
    assert!(report(&world).await.is_whole(), "{:#?}", report(&world).await);

    years_later(&world, SAID_IS_OVER).await;
    let anna = back(&world, &anna).await;
    let seen = visit(&world, &anna).await;
    assert_eq!(
        (seen.text("/application/purpose"), seen.text("/application/contactPhone")),
        ("".into(), "".into())
    );
    // What, where, when and how it ended she still sees, and who read it.
    assert!(!seen.text("/startsAt").is_empty() && !seen.text("/number").is_empty(), "{}", seen.raw);
    let said = history(&world, &anna, &seen.text("/id")).await;
    assert!(!said.contains("занята утром") && !said.contains("Нужна справка"), "{said}");
    assert!(said.matches("moved").count() >= 5, "{said}");
    let notes = list(&world, &anna, "/v1/me/call-notes").await;
    assert_eq!((notes.len(), &notes[0]["text"]), (1, &json!("")));
    assert!(list(&world, &anna, "/v1/me/readings").await.len() >= 2);
    let all = rows(&world).await;
    assert_eq!(begin(&all, &anna, "DOCS#"), 0);
    let objects = world.system.objects();
    let lie = |bucket: &String| objects.keys(bucket).expect("a bucket").len();
    assert_eq!(objects.buckets().keys().map(lie).sum::<usize>(), 0, "files");
    assert!(report(&world).await.is_whole(), "{:#?}", report(&world).await);

    years_later(&world, ALL_IS_OVER).await;
    let anna = back(&world, &anna).await;
    for path in ["/v1/appointments", "/v1/me/call-notes", "/v1/me/readings"] {
        assert_eq!(list(&world, &anna, path).await, Vec::<Value>::new(), "{path}");
    }
    assert!(report(&world).await.is_whole(), "{:#?}", report(&world).await);
    assert_eq!(
        world.get_as(&anna, "/v1/me").await.expect(200).text("/surname"),
        "Петрова",
        "the cabinet is hers"
    );
}

#[tokio::test]
async fn words_that_go_before_their_time_are_found() {
    let world = World::new().await;
    let Lived { who: anna, .. } = lived(&world).await;
    let pk = format!("CIT#{}", anna.id);
    let all = rows(&world).await;
    let note = all.iter().find(|row| key(row).pk == pk && key(row).sk.starts_with("CALL#")).expect("a note");
    // As the clock leaves it in two years.
    let later = time(SAID_IS_OVER);
    let fate = store::keeping::fate(note, store::keeping::Cabinet::Living, later).expect("a row of ours");
    let store::keeping::Fate::Less(less) = fate else { panic!("{fate:?}") };
    let put = |row: Item| world.table().put_item().table_name("okno").set_item(Some(row)).send();
    put(less.clone()).await.expect("written");
    world.settle().await;
    let found = |report: audit::Report| report.verdicts.into_iter().find_map(|verdict| verdict.found);
    assert!(matches!(found(report(&world).await), Some(Break::RowAltered { .. })));
    put(note.clone()).await.expect("written");
    world.settle().await;
    assert_eq!(found(report(&world).await), None);
    // When its time is over it is right; that it was somebody else's then is not.
    years_later(&world, SAID_IS_OVER).await;
    assert_eq!(found(report(&world).await), None);
    let mut forged = less;
    forged.insert("m".to_owned(), AttributeValue::S("01ARZ3NDEKTSV4RRFFQ69G5FAV".into()));
    put(forged).await.expect("written");
    world.settle().await;
    assert!(matches!(found(report(&world).await), Some(Break::RowAltered { .. })));
}

#[tokio::test]
async fn what_is_left_when_words_have_gone_is_held_as_ever() {
    let world = World::new().await;
    let Lived { who: anna, .. } = lived(&world).await;
    let pk = format!("CIT#{}", anna.id);
    let found = |report: audit::Report| report.verdicts.into_iter().find_map(|verdict| verdict.found);
    let put = async |row: &Item| {
        let put = world.table().put_item().table_name("okno").set_item(Some(row.clone()));
        put.send().await.expect("written");
        world.system.deliveries().drop_next("changefeed", 1);
        world.settle().await;
    };
    // A digest beside words that are there says nothing of them.
    let of = |rows: &[Item], sk: &str| {
        let is = |row: &&Item| key(row).pk == pk && key(row).sk.starts_with(sk);
        rows.iter().find(is).expect("a row").clone()
    };
    let note = of(&rows(&world).await, "CALL#");
    let mut forged = store::keeping::fate(&note, store::keeping::Cabinet::Closed, world.system.now())
        .map(|fate| match fate {
            store::keeping::Fate::Less(less) => less,
            other => panic!("{other:?}"),
        })
        .expect("a row of ours");
    forged.insert("tx".to_owned(), AttributeValue::B(Blob::new(*b"other words")));
    years_later(&world, NOT_YET).await;
    put(&forged).await;
    assert!(matches!(found(report(&world).await), Some(Break::RowAltered { .. })));
    put(&note).await;

    years_later(&world, SAID_IS_OVER).await;
    assert_eq!(found(report(&world).await), None);
    let all = rows(&world).await;
    // Why she moved has gone; for when, and where, and by whom, stands.
    let is = |row: &&Item| key(row).pk == pk && key(row).sk.starts_with("LOG#") && row.contains_key("wd");
    let moved = all.iter().find(is).expect("a move without its reason");
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let others = [
        ("s", AttributeValue::N("1796000000".to_owned())),
        ("rp", text("01ARZ3NDEKTSV4RRFFQ69G5FAV")),
        ("op", text("01ARZ3NDEKTSV4RRFFQ69G5FAV")),
        ("wd", text(&"0".repeat(64))),
    ];
    for (name, value) in others {
        let mut forged = moved.clone();
        forged.insert(name.to_owned(), value);
        put(&forged).await;
        assert!(matches!(found(report(&world).await), Some(Break::RowAltered { .. })), "{name}");
    }
    // Nor do words come back that were not there.
    let mut forged = moved.clone();
    forged.insert("rs".to_owned(), AttributeValue::B(Blob::new(*b"other words")));
    put(&forged).await;
    assert!(matches!(found(report(&world).await), Some(Break::RowAltered { .. })));
    put(moved).await;
    assert_eq!(found(report(&world).await), None);
}

#[tokio::test]
async fn files_stay_as_long_as_a_visit_needs_them() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let bring = async |who: &Citizen, document: &str| {
        let file = page(document);
        let mut announced =
            json!({ "document": document, "fileName": format!("{document}.pdf"), "size": file.len() });
        if document == "income" {
            announced["issuedOn"] = json!(world.system.now().date_naive());
        }
        let attached = world.system.ask(attach(&who.token, "grant", announced)).await;
        assert_eq!(attached.status, 201, "{}", attached.raw);
        world.system.ask(upload(&attached, &file)).await;
        world.settle().await;
    };
    bring(&anna, "passport").await;
    years_later(&world, NOT_YET).await;
    let anna = back(&world, &anna).await;
    let folder = world.get_as(&anna, "/v1/documents/grant").await.expect(200);
    assert_eq!(folder.text("/documents/0/files/0/state"), "accepted", "{}", folder.raw);
    for document in folder.body["documents"].as_array().expect("documents") {
        let name = document["document"].as_str().expect("a name");
        if name == "passport" {
            continue;
        }
        if document["condition"].is_string() {
            let said = json!({ "applies": { name: false } });
            world.patch_as(&anna, "/v1/documents/grant", said).await.expect(200);
        } else {
            bring(&anna, name).await;
        }
    }
    world.book(&anna, "three", "grant", "2028-12-08T10:00:00+03:00").await;
    let files = |rows: &[Item]| begin(rows, &anna, "DOCS#");
    // Two years after it was brought the visit is still ahead, and then just over.
    years_later(&world, "2030-11-20T10:00:00+03:00").await;
    assert_eq!(files(&rows(&world).await), 1);
    let folder = |who| world.get_as(who, "/v1/documents/grant");
    let anna = back(&world, &anna).await;
    assert_eq!(folder(&anna).await.expect(200).text("/documents/0/files/0/state"), "accepted");
    years_later(&world, "2031-02-10T10:00:00+03:00").await;
    assert_eq!(begin(&rows(&world).await, &anna, "DOCS#"), 0);
}

#[tokio::test]
async fn a_look_that_is_lost_doubled_or_killed_is_done_by_the_next() {
    let world = World::new().await;
    let Lived { who: anna, .. } = lived(&world).await;
    years_later(&world, NOT_YET).await;
    for follower in ["changefeed", "retention"] {
        world.system.deliveries().duplicate_next(follower, 1_000);
    }
    for (seed, operation) in (1..).zip(["UpdateItem", "PutItem", "DeleteItem", "DeleteObject"]) {
        world.system.faults().chance(operation, local::embedded::faults::Fault::AnswerLost, 300, seed);
    }
    years_later(&world, SAID_IS_OVER).await;
    world.system.faults().clear();
    world.system.deliveries().clear();
    world.system.deliveries().drop_next("retention", 1);
    years_later(&world, "2029-04-20T10:00:00+03:00").await;
    for queue in ["RetentionDeadLetters", "UploadsDeadLetters", "NoticesDeadLetters"] {
        world.bury(queue);
    }
    let all = rows(&world).await;
    assert_eq!(begin(&all, &anna, "DOCS#"), 0);
    let words = |row: &&Item| row.contains_key("app") || row.contains_key("tx") || row.contains_key("rs");
    let pk = format!("CIT#{}", anna.id);
    let left: Vec<String> =
        all.iter().filter(|row| key(row).pk == pk).filter(words).map(|row| key(row).sk).collect();
    assert_eq!(left, Vec::<String>::new());
    assert!(report(&world).await.is_whole(), "{:#?}", report(&world).await);
    world.ask(Method::GET, "/v1/me", Some(&anna.token), None, &[]).await.expect(401);
}
