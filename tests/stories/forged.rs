//! Rows that are forged beside true ones, and chains as they were written before (PRV-4).

use super::audit::{Office, office, text};
use super::lived::{key, rows};
use aws_sdk_dynamodb::types::AttributeValue;
use local::audit::Break;
use serde_json::json;
use std::collections::BTreeMap;
use store::items::audit::{self, Entry, Form, Hash, Head, Row};
use store::{Item, Key, keys};

const THURSDAY: &str = "2026-12-03T10:00:00+03:00";
const MONDAY: &str = "2026-12-07T10:00:00+03:00";

impl Office {
    /// Anna's appointments.
    async fn appointments(&self) -> Vec<Item> {
        let rows = self.rows(&format!("CIT#{}", self.anna.id)).await;
        rows.into_iter().filter(|row| key(row).sk.starts_with(keys::APPOINTMENT)).collect()
    }

    /// The appointment with which it ended so, by whomever.
    async fn that_was(&self, what: &str, by: &str) -> Item {
        let is = |row: &Item| {
            let last = changes(&mut row.clone()).last().cloned();
            let Some(AttributeValue::M(last)) = last else { return false };
            [("do", what), ("by", by)]
                .iter()
                .all(|(name, value)| last[*name].as_s().is_ok_and(|is| is == value))
        };
        self.appointments().await.into_iter().find(is).expect("an appointment")
    }

    /// The appointment that staff booked and cancelled for her.
    async fn by_staff(&self) -> Item {
        self.that_was("cancelled", "staff").await
    }

    async fn entries_of_the_chain(&self) -> Vec<Entry> {
        let rows = self.rows("AUDIT#one").await;
        let entry = |row: &Item| match audit::from_item(row).expect("read") {
            (_, Row::Entry(entry)) => Some(entry),
            _ => None,
        };
        rows.iter().filter_map(entry).collect()
    }

    /// Anna books for herself, and gives it up; answers the appointment.
    async fn anna_cancels(&self, at: &str) -> String {
        let booked = self.world.book(&self.anna, "one", "talk", at).await.text("/id");
        let path = format!("/v1/appointments/{booked}/cancel");
        self.world.post_as(&self.anna, &path, json!({ "reason": "заболела" })).await.expect(200);
        self.world.settle().await;
        booked
    }
}

fn id_of(appointment: &Item) -> String {
    key(appointment).sk.trim_start_matches(keys::APPOINTMENT).to_owned()
}

fn changes(appointment: &mut Item) -> &mut Vec<AttributeValue> {
    let Some(AttributeValue::L(changes)) = appointment.get_mut("ch") else { panic!("changes") };
    changes
}

fn change(appointment: &mut Item, n: usize) -> &mut Item {
    let Some(AttributeValue::M(change)) = changes(appointment).get_mut(n) else { panic!("a change") };
    change
}

/// A change as a row of its own, under any version.
fn spilled(appointment: &Item, n: usize, version: u64) -> Item {
    let mut row = change(&mut appointment.clone(), n).clone();
    text(&mut row, "pk", &key(appointment).pk);
    text(&mut row, "sk", &format!("LOG#{}#{version:06}", id_of(appointment)));
    row
}

#[tokio::test]
async fn a_forged_copy_of_a_change_is_found_before_or_beside_the_true_one() {
    let office = office().await;
    let appointment = office.by_staff().await;
    let id = id_of(&appointment);
    // It stands first of all, so it is what she is shown of the second change.
    let mut forged = spilled(&appointment, 1, 0);
    text(&mut forged, "by", "citizen");
    forged.remove("m");
    forged.remove("rs");
    office.put(forged.clone()).await;
    let history = office.world.get_as(&office.anna, &format!("/v1/appointments/{id}/history")).await;
    assert!(!history.expect(200).raw.contains("просит по телефону"), "the forgery is shown");
    let astray = Some(Break::Astray { key: key(&forged).to_string() });
    assert_eq!(office.broken().await, astray);
    office.delete(&key(&forged)).await;
    assert_eq!(office.broken().await, None);

    // Where it would go once more changes follow.
    let mut forged = spilled(&appointment, 1, 2);
    text(&mut forged, "op", "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    office.put(forged.clone()).await;
    assert_eq!(office.broken().await, Some(Break::ToldTwice { fact: key(&forged).to_string() }));
    office.delete(&key(&forged)).await;
    // The same told alike harms nobody: whoever takes rows apart may stop between the two.
    let copy = spilled(&appointment, 1, 2);
    office.put(copy.clone()).await;
    assert_eq!(office.broken().await, None);
    office.delete(&key(&copy)).await;

    // Twice on the appointment itself.
    let mut twice = appointment.clone();
    let mut second = change(&mut twice, 1).clone();
    second.insert("s".to_owned(), AttributeValue::N("1796000000".to_owned()));
    changes(&mut twice).push(AttributeValue::M(second));
    office.put(twice).await;
    assert!(matches!(office.broken().await, Some(Break::ToldTwice { .. })));
    office.put(appointment).await;
    assert_eq!(office.broken().await, None);
}

#[tokio::test]
async fn of_a_booking_that_has_no_entry_no_second_telling_passes_either() {
    let office = office().await;
    office.world.book(&office.anna, "one", "talk", THURSDAY).await;
    let booked = office.that_was("booked", "citizen").await;
    let mut forged = spilled(&booked, 0, 1);
    // At another office, by whose chain it would pass.
    text(&mut forged, "o", "two");
    office.put(forged.clone()).await;
    assert_eq!(office.broken().await, Some(Break::ToldTwice { fact: key(&forged).to_string() }));
}

#[tokio::test]
async fn what_a_citizen_or_the_clock_did_to_an_appointment_is_not_rewritten_unseen() {
    let office = office().await;
    office.anna_cancels(MONDAY).await;
    office.world.book(&office.anna, "one", "talk", THURSDAY).await;
    // Nobody comes.
    office.world.until("2026-12-03T10:30:00+03:00").await;
    assert!(office.verify().await.is_whole(), "{:#?}", office.verify().await);
    let entries = office.entries_of_the_chain().await;
    let what: Vec<&str> = entries.iter().map(|entry| entry.deed.what.as_str()).collect();
    assert_eq!(what[5..], ["appointment-cancelled", "appointment-no-show"], "{what:?}");
    for (seq, what, by, other) in [(6, "cancelled", "citizen", "system"), (7, "no-show", "system", "citizen")]
    {
        let row = office.that_was(what, by).await;
        // Whoever did it is to have been somebody else.
        let mut forged = row.clone();
        text(change(&mut forged, 1), "by", other);
        office.put(forged).await;
        let fact = format!("{}/LOG#{}#000002", key(&row).pk, id_of(&row));
        assert_eq!(office.broken().await, Some(Break::RowAltered { seq, fact: fact.clone() }));
        // It is not to have been at all.
        let mut forged = row.clone();
        changes(&mut forged).pop();
        office.put(forged).await;
        assert_eq!(office.broken().await, Some(Break::RowGone { seq, fact: fact.clone() }));
        office.delete(&key(&row)).await;
        assert_eq!(office.broken().await, Some(Break::RowGone { seq, fact }));
        office.put(row).await;
        assert_eq!(office.broken().await, None);
    }
    // A cancellation of her other appointments that was never made.
    let mut forged = office.by_staff().await;
    let mut third = change(&mut forged, 1).clone();
    text(&mut third, "by", "citizen");
    third.remove("m");
    third.insert("v".to_owned(), AttributeValue::N("3".to_owned()));
    changes(&mut forged).push(AttributeValue::M(third));
    let fact = format!("{}/LOG#{}#000003", key(&forged).pk, id_of(&forged));
    office.put(forged).await;
    assert_eq!(office.broken().await, Some(Break::NoEntry { fact }));
}

/// The office's chain as it was written when entries were of the first form, and told of staff alone.
async fn as_before(office: &Office) {
    let all = rows(&office.world).await;
    let told = all.iter().flat_map(|row| store::audit::told(row).expect("a row of ours"));
    let whole: BTreeMap<String, Hash> = told.map(|told| (told.deed.fact, told.said.whole)).collect();
    let mut head = Head::START;
    for entry in office.entries_of_the_chain().await {
        let mut deed = entry.deed.clone();
        if deed.by.is_none() {
            office.delete(&keys::audit_entry("one", entry.seq)).await;
            office.delete(&keys::audit_fact("one", &deed.fact)).await;
            continue;
        }
        (deed.form, deed.digest) = (Form::Whole, whole[&deed.fact]);
        let entry = head.next(deed);
        office.put(audit::entry_to_item(&entry).expect("an item").1).await;
        head = Head::after(&entry);
    }
    office.put(audit::head_to_item(&super::audit::one(), &head).expect("an item").1).await;
}

#[tokio::test]
async fn a_chain_that_was_written_before_holds_and_goes_on() {
    let office = office().await;
    office.anna_cancels(MONDAY).await;
    as_before(&office).await;
    assert_eq!(office.entries().await, 5);
    assert_eq!(office.broken().await, None, "what a citizen did then has no entry");
    let checkpoint = office.checkpoint().await;
    // What staff did then is held as ever.
    let appointment = office.by_staff().await;
    let mut forged = appointment.clone();
    change(&mut forged, 1).insert("s".to_owned(), AttributeValue::N("1796000000".to_owned()));
    office.put(forged).await;
    assert!(matches!(office.broken().await, Some(Break::RowAltered { .. })));
    office.put(appointment).await;
    // It goes on in the form of today.
    office.world.a_minute_later().await;
    let cancelled = office.anna_cancels(THURSDAY).await;
    assert_eq!(office.broken().await, None);
    let forms: Vec<Form> = office.entries_of_the_chain().await.iter().map(|entry| entry.deed.form).collect();
    assert_eq!(forms, [&[Form::Whole; 5][..], &[Form::FactsAndWords]].concat());
    let report = office.since(&checkpoint).await;
    assert!(report.is_whole(), "{report:#?}");
    office.delete(&Key { pk: format!("CIT#{}", office.anna.id), sk: format!("APPT#{cancelled}") }).await;
    assert!(matches!(office.broken().await, Some(Break::RowGone { seq: 6, .. })));
    // An entry does not pass for one of the other form.
    let mut older = office.row(&keys::audit_entry("one", 6)).await;
    older.remove("f");
    office.put(older).await;
    assert_eq!(office.broken().await, Some(Break::Altered { seq: 6 }));
}
