//! What was done and read stands on chains that tell of every hand laid on them (PRV-4).

use super::acts::{FRIDAY, kinds};
use aws_sdk_dynamodb::types::AttributeValue;
use http::Method;
use local::audit::{self, Break, Checkpoint, Report};
use serde_json::{Value, json};
use store::items::audit::Chain;
use store::{Item, Key, keys};
use tests::{Citizen, Colleague, World, booking};

const NAME: &str = "Петрова Анна Сергеевна";
const TABLE: &str = "okno";

pub(super) struct Office {
    pub(super) world: World,
    operator: Colleague,
    pub(super) anna: Citizen,
}

pub(super) fn one() -> Chain {
    "one".parse().expect("a chain")
}

/// An operator of office «one» finds and identifies Anna, books for her, moves that, and writes down her call.
pub(super) async fn office() -> Office {
    let world = World::new().await;
    let chief = world.chief().await;
    let grants = json!([{ "role": "operator", "officeId": "one" }]);
    let operator = world.colleague(&chief, "operator@example.ru", grants).await;
    let anna = world.citizen().await;
    let office = Office { world, operator, anna };
    office.works().await;
    office
}

impl Office {
    pub(super) async fn staff(&self, path: &str, body: Value) {
        self.world.staff(&self.operator, Method::POST, path, body).await.expect(201);
    }

    pub(super) async fn works(&self) {
        let id = &self.anna.id;
        let said =
            json!({ "officeId": "one", "method": "facts", "fullName": NAME, "email": self.anna.email });
        self.staff(&format!("citizens/{id}/identification"), said).await;
        let acting = [("acting-for", id.as_str())];
        let body = booking("one", "talk", FRIDAY);
        let token = Some(self.operator.token.as_str());
        let booked = self.world.ask(Method::POST, "/v1/appointments", token, Some(body), &acting).await;
        let path = format!("/v1/appointments/{}/cancel", booked.expect(201).text("/id"));
        let why = json!({ "reason": "просит по телефону" });
        self.world.ask(Method::POST, &path, token, Some(why), &acting).await.expect(200);
        self.staff(&format!("citizens/{id}/notes"), json!({ "officeId": "one", "text": "Перезвонить" }))
            .await;
        self.world.settle().await;
    }

    pub(super) async fn verify(&self) -> Report {
        self.since(&Checkpoint::new()).await
    }

    pub(super) async fn since(&self, since: &Checkpoint) -> Report {
        audit::verify(&self.world.system, None, since).await.expect("the table is there")
    }

    /// What is first found of the office's chain.
    pub(super) async fn broken(&self) -> Option<Break> {
        verdict(&self.verify().await)
    }

    pub(super) async fn checkpoint(&self) -> Checkpoint {
        audit::read_checkpoint(&self.verify().await.checkpoint()).expect("a checkpoint")
    }

    /// All rows of which the office's chain or the citizen's partition consists.
    pub(super) async fn rows(&self, partition: &str) -> Vec<Item> {
        let query = self.world.table().query().table_name(TABLE).key_condition_expression("pk = :pk");
        let pk = AttributeValue::S(partition.to_owned());
        query.expression_attribute_values(":pk", pk).send().await.expect("rows").items.unwrap_or_default()
    }

    pub(super) async fn row(&self, key: &Key) -> Item {
        let get = self.world.table().get_item().table_name(TABLE).set_key(Some(key.item()));
        get.send().await.expect("a row").item.expect("is there")
    }

    /// Past the functions, and past the changefeed.
    pub(super) async fn put(&self, item: Item) {
        self.world.table().put_item().table_name(TABLE).set_item(Some(item)).send().await.expect("written");
        self.unheard().await;
    }

    pub(super) async fn delete(&self, key: &Key) {
        let delete = self.world.table().delete_item().table_name(TABLE).set_key(Some(key.item()));
        delete.send().await.expect("deleted");
        self.unheard().await;
    }

    pub(super) async fn unheard(&self) {
        self.world.system.deliveries().drop_next("changefeed", 1);
        self.world.settle().await;
    }

    pub(super) async fn entries(&self) -> u64 {
        let report = self.verify().await;
        report.verdicts.iter().find(|verdict| verdict.chain == one()).expect("a chain").entries
    }

    /// The row that Anna's identification left.
    pub(super) async fn reading(&self) -> Item {
        let rows = self.rows(&format!("CIT#{}", self.anna.id)).await;
        let is = |item: &Item| item["sk"].as_s().expect("a key").starts_with(keys::ACCESS);
        rows.into_iter().find(is).expect("a reading")
    }
}

pub(super) fn verdict(report: &Report) -> Option<Break> {
    report.verdicts.iter().find(|verdict| verdict.chain == one()).expect("a chain").found.clone()
}

pub(super) fn text(item: &mut Item, name: &str, value: &str) {
    item.insert(name.to_owned(), AttributeValue::S(value.to_owned()));
}

#[tokio::test]
async fn an_honest_office_has_one_whole_chain_of_all_that_was_done_there() {
    let office = office().await;
    let report = office.verify().await;
    assert!(report.is_whole(), "{report:#?}");
    assert_eq!(report.pending, 0);
    let mut what: Vec<(u64, String)> = Vec::new();
    for item in office.rows("AUDIT#one").await {
        if let (_, store::items::audit::Row::Entry(entry)) =
            store::items::audit::from_item(&item).expect("read")
        {
            // The office's words hold nothing of the citizen but the id.
            assert!(entry.deed.of.len() < 80 && entry.deed.of.is_ascii(), "{entry:?}");
            what.push((entry.seq, entry.deed.what));
        }
    }
    what.sort();
    let what: Vec<&str> = what.iter().map(|(_, what)| what.as_str()).collect();
    let expected = ["staff-enrolled", "read", "appointment-booked", "appointment-cancelled", "call-noted"];
    assert_eq!(what, expected);
    // The first administrator is nobody's office's.
    let house = report.verdicts.iter().find(|verdict| verdict.chain == Chain::House).expect("the house");
    assert_eq!(house.entries, 1);
}

#[tokio::test]
async fn records_that_come_twice_append_nothing_twice() {
    let world = World::new().await;
    let chief = world.chief().await;
    let grants = json!([{ "role": "operator", "officeId": "one" }]);
    let operator = world.colleague(&chief, "operator@example.ru", grants).await;
    let anna = world.citizen().await;
    world.system.deliveries().duplicate_next("changefeed", 1_000);
    let office = Office { world, operator, anna };
    office.works().await;
    office.world.system.deliveries().clear();
    assert_eq!(office.entries().await, 5);
    assert!(office.verify().await.is_whole());
}

#[tokio::test]
async fn what_the_changefeed_has_not_heard_yet_is_no_break() {
    let office = office().await;
    let mut row = office.reading().await;
    let key = Key::of(&row).expect("a key");
    text(&mut row, "sk", &key.sk.replace("identified", "called"));
    let put = office.world.table().put_item().table_name(TABLE).set_item(Some(row));
    put.send().await.expect("written");
    let report = office.verify().await;
    assert!(report.is_whole() && report.pending == 1, "{report:#?}");
    office.world.settle().await;
    assert_eq!((office.entries().await, office.verify().await.pending), (6, 0));
}

#[tokio::test]
async fn an_entry_that_was_changed_taken_out_moved_or_put_in_is_found() {
    let office = office().await;
    let entries = ["of", "by", "do", "fc", "dg", "h"];
    let third = office.row(&keys::audit_entry("one", 3)).await;
    for name in entries {
        let mut changed = third.clone();
        let was = changed[name].as_s().expect("a text").clone();
        // Another text of the same kind.
        let now = if was.ends_with('0') {
            format!("{}1", &was[..was.len() - 1])
        } else {
            format!("{}0", &was[..was.len() - 1])
        };
        text(&mut changed, name, &now);
        office.put(changed).await;
        assert_eq!(office.broken().await, Some(Break::Altered { seq: 3 }), "{name}");
    }
    let mut changed = third.clone();
    changed.insert("at".to_owned(), AttributeValue::N("1".to_owned()));
    office.put(changed).await;
    assert_eq!(office.broken().await, Some(Break::Altered { seq: 3 }));
    office.put(third.clone()).await;
    assert_eq!(office.broken().await, None);

    // Two that changed places.
    let second = office.row(&keys::audit_entry("one", 2)).await;
    for (item, seq) in [(&second, 3), (&third, 2)] {
        let mut moved = item.clone();
        text(&mut moved, "sk", &keys::audit_entry("one", seq).sk);
        office.put(moved).await;
    }
    assert_eq!(office.broken().await, Some(Break::Altered { seq: 2 }));
    office.put(second).await;
    office.put(third.clone()).await;
    assert_eq!(office.broken().await, None);

    // One that is gone from the middle.
    office.delete(&keys::audit_entry("one", 3)).await;
    assert_eq!(office.broken().await, Some(Break::Missing { seq: 3 }));
    office.put(third.clone()).await;

    // One put in behind the last.
    let mut more = third;
    text(&mut more, "sk", &keys::audit_entry("one", 6).sk);
    office.put(more).await;
    assert_eq!(office.broken().await, Some(Break::Altered { seq: 6 }));
}

#[tokio::test]
async fn an_end_that_was_cut_off_is_found_by_head_by_rows_and_by_a_checkpoint() {
    let office = office().await;
    let before = office.checkpoint().await;
    let (last, fourth) =
        (office.row(&keys::audit_entry("one", 5)).await, office.row(&keys::audit_entry("one", 4)).await);
    let head = office.row(&keys::audit_head("one")).await;
    let fact = last["fc"].as_s().expect("a fact").clone();
    let register = keys::audit_fact("one", &fact);

    office.delete(&keys::audit_entry("one", 5)).await;
    assert_eq!(office.broken().await, Some(Break::Length { head: 5, entries: 4 }));
    // With the head put back as well, the register tells.
    let mut cut = head.clone();
    cut.insert("n".to_owned(), AttributeValue::N("4".to_owned()));
    cut.insert("h".to_owned(), fourth["h"].clone());
    office.put(cut.clone()).await;
    assert_eq!(office.broken().await, Some(Break::Register { fact: fact.clone() }));
    // With the register too, the row of which the entry told.
    office.delete(&register).await;
    assert_eq!(office.broken().await, Some(Break::NoEntry { fact: fact.clone() }));
    // With the row gone, nothing is left to tell but what was written down before.
    let (pk, sk) = fact.split_once('/').expect("a key");
    office.delete(&Key { pk: pk.to_owned(), sk: sk.to_owned() }).await;
    assert_eq!(office.broken().await, None);
    let found = verdict(&office.since(&before).await);
    assert_eq!(found, Some(Break::BeforeCheckpoint { seq: 5, now: 4 }));

    // A head alone that says less or something else.
    let mut wrong = cut;
    text(&mut wrong, "h", &"0".repeat(64));
    office.put(wrong).await;
    assert_eq!(office.broken().await, Some(Break::HeadHash));
}

#[tokio::test]
async fn a_whole_chain_that_is_gone_is_found() {
    let office = office().await;
    let before = office.checkpoint().await;
    for row in office.rows("AUDIT#one").await {
        office.delete(&Key::of(&row).expect("a key")).await;
    }
    assert!(matches!(office.broken().await, Some(Break::NoEntry { .. })));
    let found = verdict(&office.since(&before).await);
    assert_eq!(found, Some(Break::BeforeCheckpoint { seq: 5, now: 0 }));
}

#[tokio::test]
async fn a_row_that_was_changed_taken_away_or_put_in_is_found() {
    let office = office().await;
    let row = office.reading().await;
    let key = Key::of(&row).expect("a key");
    let (seq, fact) = (2, key.to_string());

    // Somebody else is to have read it.
    let mut changed = row.clone();
    text(&mut changed, "m", "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    office.put(changed).await;
    assert_eq!(office.broken().await, Some(Break::RowAltered { seq, fact: fact.clone() }));
    // Said to have been at another office: its chain has no entry of it, and this one's row is gone.
    let mut elsewhere = row.clone();
    text(&mut elsewhere, "o", "two");
    office.put(elsewhere).await;
    let report = office.verify().await;
    assert_eq!(verdict(&report), Some(Break::RowGone { seq, fact: fact.clone() }));
    let two = report.verdicts.iter().find(|verdict| verdict.chain.to_string() == "two").expect("a chain");
    assert_eq!(two.found, Some(Break::NoEntry { fact: fact.clone() }));
    office.delete(&key).await;
    assert_eq!(office.broken().await, Some(Break::RowGone { seq, fact }));
    office.put(row.clone()).await;
    assert_eq!(office.broken().await, None);

    let mut invented = row;
    let sk = key.sk.replace("identified", "called");
    text(&mut invented, "sk", &sk);
    office.put(invented).await;
    let fact = Key { pk: key.pk, sk }.to_string();
    assert_eq!(office.broken().await, Some(Break::NoEntry { fact }));
}

#[tokio::test]
async fn a_change_that_rides_on_its_appointment_is_found_where_it_is_rewritten() {
    let office = office().await;
    let rows = office.rows(&format!("CIT#{}", office.anna.id)).await;
    let is = |item: &Item| item["sk"].as_s().expect("a key").starts_with(keys::APPOINTMENT);
    let mut row = rows.into_iter().find(is).expect("an appointment");
    let Some(AttributeValue::L(changes)) = row.get_mut("ch") else { panic!("changes") };
    let Some(AttributeValue::M(change)) = changes.first_mut() else { panic!("a change") };
    // The citizen is to have booked it.
    change.insert("by".to_owned(), AttributeValue::S("citizen".to_owned()));
    change.remove("m");
    office.put(row).await;
    assert!(matches!(office.broken().await, Some(Break::RowGone { seq: 3, .. })));
}

#[tokio::test]
async fn a_broken_chain_keeps_nothing_else_from_following() {
    let office = office().await;
    let mut head = office.row(&keys::audit_head("one")).await;
    text(&mut head, "h", "none");
    office.put(head).await;
    let boris = office.world.citizen().await;
    office.world.book(&boris, "one", "talk", "2026-12-03T10:00:00+03:00").await;
    let note = json!({ "officeId": "one", "text": "Перезвонить" });
    office.staff(&format!("citizens/{}/notes", office.anna.id), note).await;
    office.world.settle().await;
    assert_eq!(kinds(&office.world, &boris).await, ["booked"], "the notice came all the same");
    assert!(matches!(office.broken().await, Some(Break::Unreadable { .. })));
}

#[tokio::test]
async fn a_checkpoint_that_is_none_is_refused_with_its_line() {
    let zero = "0".repeat(64);
    for (text, line) in [("one 1", 1), ("one x 00", 1), (&format!("one 1 {zero}\n\ntwo 1 {zero}x"), 3)] {
        let error = audit::read_checkpoint(text).expect_err(text);
        assert_eq!(error.to_string(), format!("line {line} of the checkpoint is not «chain, count, hash»"));
    }
    let read = audit::read_checkpoint(&format!("one 1 {zero}\n* 2 {zero}\n")).expect("a checkpoint");
    assert_eq!(read.len(), 2);
}
