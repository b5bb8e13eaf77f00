//! What is left of somebody whose cabinet was deleted, whatever goes wrong on the way (PRV-3, PRV-4).

use super::deletion::ask;
use super::identity::by_code;
use super::lived::{Lived, key, lived, rows};
use aws_sdk_dynamodb::types::AttributeValue;
use http::Method;
use local::audit::{self, Break, Checkpoint};
use local::embedded::faults::{Fault, Service};
use local::people::{attach, page, upload};
use serde_json::{Value, json};
use store::{Item, keys};
use tests::{Citizen, PASSWORD, World};

/// A week after it was asked for, and some minutes within which the clock has looked.
const CLOSED: &str = "2026-12-10T11:00:00+03:00";
/// When the last message is out and everything has gone.
const GONE: &str = "2026-12-10T12:30:00+03:00";
/// When somebody has looked at the place once more.
const LOOKED_AGAIN: &str = "2026-12-11T14:00:00+03:00";

/// Whether anything sealed stands in a value.
fn is_sealed(value: &AttributeValue) -> bool {
    match value {
        AttributeValue::B(_) | AttributeValue::Bs(_) => true,
        AttributeValue::L(all) => all.iter().any(is_sealed),
        AttributeValue::M(all) => all.values().any(is_sealed),
        _ => false,
    }
}

fn of(rows: &[Item], who: &Citizen) -> Vec<Item> {
    rows.iter().filter(|row| key(row).pk == format!("CIT#{}", who.id)).cloned().collect()
}

/// Nothing is left of somebody but what the law keeps, and in that nothing personal.
async fn nothing_personal(world: &World, who: &Citizen) {
    let all = rows(world).await;
    let left = of(&all, who);
    for row in &left {
        assert!(!row.values().any(is_sealed), "something sealed is left: {row:?}");
        let sk = key(row).sk;
        let kept =
            ["ACCESS#", "APPT#", "CALL#", "LOG#"].iter().any(|kept| sk.starts_with(kept)) || sk == "ME";
        assert!(kept, "{sk} is left");
    }
    let me = left.iter().find(|row| key(row).sk == "ME").expect("word of the end");
    // How often somebody was to look is no word of anybody.
    let mut names: Vec<&str> = me.keys().map(String::as_str).filter(|name| *name != "v").collect();
    names.sort_unstable();
    assert_eq!(names, ["dp", "ds", "end", "gone", "pk", "sk"], "{me:?}");
    // Nothing by which she was found or reached, however it was hidden.
    let edge = world.system.edge("sessions").expect("an edge");
    let vault = edge.vault().await.expect("keys");
    let dump = format!("{all:?}");
    for (kind, value) in [("phone", &who.phone), ("email", &who.email), ("snils", &"11223344595".to_owned())]
    {
        assert!(!dump.contains(&vault.lookup(kind, value)), "the hash of {kind} is left");
    }
    let named = format!("CIT#{}", who.id);
    assert!(
        !all.iter().any(|row| key(row).pk.starts_with("NAME#") && key(row).sk == named),
        "her name is left"
    );
    // What leads to her from elsewhere: a passkey's id, and the queue of those who are to be let in again.
    let leads = |row: &&Item| ["PASSKEY#", "UNLOCKS#"].iter().any(|kind| key(row).pk.starts_with(kind));
    let leading = all.iter().filter(leads).find(|row| format!("{row:?}").contains(&who.id));
    assert!(leading.is_none(), "{leading:?}");
    for row in all.iter().filter(|row| key(row).pk != named && format!("{row:?}").contains(&who.id)) {
        assert!(!row.values().any(is_sealed), "something sealed about her stands elsewhere: {row:?}");
    }
    let objects = world.system.objects();
    for bucket in objects.buckets().keys() {
        let keys = objects.keys(bucket).expect("a bucket");
        assert!(!keys.iter().any(|key| key.starts_with(&who.id)), "files are left in {bucket}: {keys:?}");
    }
}

async fn whole(world: &World) {
    let report = audit::verify(&world.system, None, &Checkpoint::new()).await.expect("the table is there");
    assert!(report.is_whole(), "{report:#?}");
}

#[tokio::test]
async fn after_a_week_nothing_personal_is_left_and_the_contacts_are_free() {
    let world = World::new().await;
    let Lived { who: anna, number, visit } = lived(&world).await;
    ask(&world, &anna).await.expect(202);
    world.until("2026-12-10T10:30:00+03:00").await;
    world.get_as(&anna, "/v1/me").await.expect(200);
    let before = (world.sent_to(&anna.phone).len(), world.sent_to(&anna.email).len());
    world.until(CLOSED).await;
    world.get_as(&anna, "/v1/me").await.refused(401, "unauthorized");
    world.post("/v1/sessions", world.sign_in(&anna.phone, PASSWORD)).await.refused(401, "wrong-credentials");
    world.until(GONE).await;
    let after = (world.sent_to(&anna.phone).len(), world.sent_to(&anna.email).len());
    assert_eq!(after, (before.0 + 1, before.1 + 1), "the last word by each");
    assert!(world.sent_to(&anna.phone).pop().unwrap().contains("удалён"));
    assert!(world.sent_to(&anna.email).pop().unwrap().contains("последнее сообщение"));
    // What has days to live has gone by then too: codes, counters, answers of registries.
    world.until("2026-12-14T10:00:00+03:00").await;
    nothing_personal(&world, &anna).await;
    whole(&world).await;

    // Facts stay, and figures are what they were.
    let left = of(&rows(&world).await, &anna);
    let facts = |prefix: &str| left.iter().filter(|row| key(row).sk.starts_with(prefix)).count();
    assert_eq!(facts("APPT#"), 2);
    assert!(facts("LOG#") >= 4 && facts("ACCESS#") >= 2 && facts("CALL#") == 1, "{left:#?}");
    // What is printed on a ticket says nothing, nor does what staff wrote down of it.
    let chief = world.chief_again().await;
    let grants =
        json!([{ "role": "specialist", "officeId": "two" }, { "role": "operator", "officeId": "two" }]);
    let specialist = world.colleague(&chief, "other@example.ru", grants).await;
    let by_number = json!({ "officeId": "two", "number": number, "date": "2026-12-03" });
    world.staff(&specialist, Method::POST, "citizens/find", by_number).await.refused(404, "not-found");
    let by_nobodys = json!({ "officeId": "two", "number": "000000001", "date": "2026-12-03" });
    let found = world.staff(&specialist, Method::POST, "citizens/find", by_nobodys).await;
    assert!(!found.raw.contains(&anna.id), "{}", found.raw);
    let by_phone = json!({ "officeId": "two", "login": anna.phone });
    world.staff(&specialist, Method::POST, "citizens/find", by_phone).await.refused(404, "not-found");
    let opened = world.staff(&specialist, Method::GET, &format!("visits/{visit}"), Value::Null).await;
    opened.refused(404, "not-found");
    let checks = world.staff(&chief, Method::GET, "offices/large/checks", Value::Null).await;
    assert!(!checks.raw.contains(&anna.id), "{}", checks.raw);

    // The same phone and address register anew, and see nothing of what was.
    let again = world.registered_again(&anna).await;
    assert_ne!(again.id, anna.id);
    for path in ["/v1/appointments", "/v1/me/readings", "/v1/me/call-notes", "/v1/waitlist"] {
        let list = world.get_as(&again, path).await.expect(200);
        assert_eq!(list.body["items"], json!([]), "{path}: {}", list.raw);
    }
    let all = world.post_as(&again, "/v1/me/export", json!({ "password": PASSWORD })).await.expect(200);
    assert!(!all.raw.contains(&anna.id) && !all.raw.contains("Перерасчёт"), "{}", all.raw);
    by_code(&world, &again).await.expect(200);
    world.settle().await;
    whole(&world).await;
}

#[tokio::test]
async fn a_row_that_goes_before_its_term_is_found_and_after_it_the_clock_takes_all() {
    let world = World::new().await;
    let Lived { who: anna, .. } = lived(&world).await;
    ask(&world, &anna).await.expect(202);
    world.until(LOOKED_AGAIN).await;
    whole(&world).await;
    let left = of(&rows(&world).await, &anna);
    let table = world.table();
    for prefix in ["ACCESS#", "CALL#", "ME"] {
        let row = left.iter().find(|row| key(row).sk.starts_with(prefix)).expect("a row").clone();
        let delete = table.delete_item().table_name("okno").set_key(Some(key(&row).item()));
        delete.send().await.expect("deleted");
        let report = audit::verify(&world.system, None, &Checkpoint::new()).await.expect("a report");
        let found = report.verdicts.iter().find_map(|verdict| verdict.found.clone());
        assert!(matches!(found, Some(Break::RowGone { .. })), "{prefix}: {report:#?}");
        table.put_item().table_name("okno").set_item(Some(row)).send().await.expect("written");
        world.settle().await;
    }
    // A deletion that nobody asked for is found too.
    let boris = world.citizen().await;
    world.settle().await;
    let forged = keys::me(boris.id.parse().expect("an id"));
    let update = table.update_item().table_name("okno").set_key(Some(forged.item()));
    let end = AttributeValue::L(vec![AttributeValue::N("1".into()), AttributeValue::S(boris.id.clone())]);
    let update = update.update_expression("SET #e = :e").expression_attribute_names("#e", "end");
    update.expression_attribute_values(":e", end).send().await.expect("written");
    world.system.deliveries().drop_next("changefeed", 1);
    world.settle().await;
    let report = audit::verify(&world.system, None, &Checkpoint::new()).await.expect("a report");
    let found = report.verdicts.iter().find_map(|verdict| verdict.found.clone());
    assert!(matches!(found, Some(Break::NoEntry { .. })), "{report:#?}");
    let update = table.update_item().table_name("okno").set_key(Some(forged.item()));
    let update = update.update_expression("REMOVE #e").expression_attribute_names("#e", "end");
    update.send().await.expect("written");
    world.settle().await;
    whole(&world).await;

    let ten_days = chrono::TimeDelta::days(10);
    world.system.advance_in(ten_days, tests::time("2031-12-20T10:00:00+03:00")).await;
    world.settle().await;
    assert_eq!(of(&rows(&world).await, &anna), Vec::<Item>::new());
    whole(&world).await;
}

#[tokio::test]
async fn the_contacts_wait_for_the_last_message() {
    let world = World::new().await;
    let anna = world.citizen().await;
    ask(&world, &anna).await.expect(202);
    world.until("2026-12-08T09:50:00+03:00").await;
    for service in [Service::Mail, Service::Sms] {
        world.system.faults().down(service);
    }
    world.until("2026-12-08T18:00:00+03:00").await;
    let me = keys::me(anna.id.parse().expect("an id"));
    let record = async || rows(&world).await.into_iter().find(|row| key(row) == me).expect("a record");
    assert!(
        record().await.contains_key("end") && record().await.contains_key("tel"),
        "closed, and still reachable"
    );
    world.post("/v1/sessions", world.sign_in(&anna.phone, PASSWORD)).await.refused(401, "wrong-credentials");
    // Nobody sends what went to the dead letters; the clock puts the notice once more.
    world.bury("NoticesDeadLetters");
    world.system.faults().clear();
    world.until("2026-12-11T12:00:00+03:00").await;
    assert!(record().await.contains_key("gone"), "{:?}", record().await);
    world.bury("NoticesDeadLetters");
    world.settle().await;
}

#[tokio::test]
async fn a_last_message_that_is_lost_is_sent_all_the_same() {
    let world = World::new().await;
    let anna = world.citizen().await;
    ask(&world, &anna).await.expect(202);
    world.until("2026-12-08T09:50:00+03:00").await;
    let before = world.sent_to(&anna.phone).len();
    world.system.deliveries().drop_next("notifier", 1);
    world.until("2026-12-08T12:30:00+03:00").await;
    assert_eq!(world.sent_to(&anna.phone).len(), before + 1);
    world.until("2026-12-10T12:00:00+03:00").await;
    nothing_personal(&world, &anna).await;
}

#[tokio::test]
async fn whoever_signs_in_at_that_moment_gets_nowhere_and_leaves_no_trace() {
    let world = World::new().await;
    let Lived { who: anna, .. } = lived(&world).await;
    ask(&world, &anna).await.expect(202);
    world.until("2026-12-10T10:30:00+03:00").await;
    // The session is to be written late: when the cabinet is gone.
    world.system.faults().next("TransactWriteItems", Fault::Late, 1);
    let late = world.post("/v1/sessions", world.sign_in(&anna.phone, PASSWORD)).await;
    assert_eq!(late.status, 503, "{}", late.raw);
    // Another is opened and used in time, and no more after that.
    let open =
        world.post("/v1/sessions", world.sign_in(&anna.phone, PASSWORD)).await.expect(201).text("/token");
    world.until(GONE).await;
    world.ask(Method::GET, "/v1/me", Some(&open), None, &[]).await.refused(401, "unauthorized");
    world.system.deliver_late().await;
    let stray = |rows: &[Item]| of(rows, &anna).iter().any(|row| key(row).sk.starts_with("SESS#"));
    assert!(!stray(&rows(&world).await), "it hangs on a device, which is gone");
    world.until("2026-12-14T10:00:00+03:00").await;
    nothing_personal(&world, &anna).await;
    whole(&world).await;
}

#[tokio::test]
async fn what_is_uploaded_at_the_last_moment_goes_too() {
    let world = World::new().await;
    let anna = world.citizen().await;
    ask(&world, &anna).await.expect(202);
    world.until("2026-12-08T09:55:00+03:00").await;
    world.system.deliveries().hold("scanner");
    let file = page("passport");
    let announced = json!({ "document": "passport", "fileName": "passport.pdf", "size": file.len() });
    let attached = world.system.ask(attach(&anna.token, "grant", announced)).await;
    world.system.ask(upload(&attached, &file)).await;
    world.until("2026-12-08T11:30:00+03:00").await;
    let lies = |world: &World| {
        let objects = world.system.objects();
        objects.buckets().keys().map(|bucket| objects.keys(bucket).expect("a bucket").len()).sum::<usize>()
    };
    assert_eq!(lies(&world), 0, "also what nobody had looked at");
    world.system.deliveries().release("scanner");
    // By a form that is still good another comes.
    world.settle().await;
    assert_eq!(lies(&world), 0);
    world.until("2026-12-12T11:30:00+03:00").await;
    nothing_personal(&world, &anna).await;
}

#[tokio::test]
async fn whoever_carries_it_out_may_be_killed_anywhere_and_goes_on() {
    let strikes = ["TransactWriteItems", "UpdateItem", "PutItem", "DeleteItem", "DeleteObject", "Query"];
    for seed in 1..=2 {
        let world = World::new().await;
        let Lived { who: anna, .. } = lived(&world).await;
        ask(&world, &anna).await.expect(202);
        world.until("2026-12-10T10:30:00+03:00").await;
        for follower in ["changefeed", "retention"] {
            world.system.deliveries().duplicate_next(follower, 1_000);
        }
        for (n, operation) in strikes.iter().enumerate() {
            let fault = if (seed + n as u64).is_multiple_of(2) { Fault::Refused } else { Fault::AnswerLost };
            world.system.faults().chance(operation, fault, 250, seed * 10 + n as u64);
        }
        world.system.advance_to(tests::time(CLOSED)).await;
        let world = world.restarted().await;
        for (n, operation) in strikes.iter().enumerate() {
            world.system.faults().chance(operation, Fault::Refused, 150, seed * 100 + n as u64);
        }
        world.system.deliveries().double_next("retention");
        world.system.advance_to(tests::time(GONE)).await;
        world.system.faults().clear();
        world.until("2026-12-15T12:00:00+03:00").await;
        // What could not be handled five times lies with the dead letters; the table went on without them.
        let queues: Vec<String> = world.system.queues().names().map(str::to_owned).collect();
        for queue in queues.iter().filter(|name| name.ends_with("DeadLetters")) {
            world.bury(queue);
        }
        nothing_personal(&world, &anna).await;
        whole(&world).await;
    }
}
