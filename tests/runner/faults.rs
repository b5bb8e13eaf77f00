//! Bad luck on demand, seen through the SDK.

use super::{Stage, put, sdk};
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue::{N, S};
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use local::embedded::faults::{Fault, Service};
use local::system::System;
use std::time::Duration;

/// Counts up `v` of two items in one transaction.
fn count_up(system: &System, sks: [&str; 2]) -> TransactWriteItemsFluentBuilder {
    let update = |sk: &str| {
        let update = Update::builder().table_name("okno").key("pk", S("a".into())).key("sk", S(sk.into()));
        update
            .update_expression("ADD v :one")
            .expression_attribute_values(":one", N("1".into()))
            .build()
            .expect("an update")
    };
    sks.iter().fold(sdk::table(system).transact_write_items(), |transaction, sk| {
        transaction.transact_items(TransactWriteItem::builder().update(update(sk)).build())
    })
}

fn counted(system: &System, sk: &str) -> Option<String> {
    let key = serde_json::json!({ "pk": { "S": "a" }, "sk": { "S": sk } });
    let item = system.table().item(key.as_object()?).expect("a read")?;
    item["v"]["N"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn an_ordered_conflict_comes_with_its_reasons_and_changes_nothing() {
    let stage = Stage::new().await;
    stage.system.faults().next("TransactWriteItems", Fault::Conflict, 1);
    let refused =
        count_up(&stage.system, ["1", "2"]).send().await.expect_err("a conflict").into_service_error();
    let refused = match refused {
        aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(e) => e,
        other => panic!("{other:?}"),
    };
    let codes: Vec<_> =
        refused.cancellation_reasons().iter().map(|reason| reason.code().unwrap_or_default()).collect();
    assert_eq!(codes, ["TransactionConflict", "None"]);
    assert_eq!(counted(&stage.system, "1"), None);
    count_up(&stage.system, ["1", "2"]).send().await.expect("the next goes through");
    assert_eq!(stage.system.faults().struck("TransactWriteItems", Fault::Conflict), 1);
}

#[tokio::test]
async fn of_two_transactions_in_flight_on_one_item_one_is_refused() {
    let stage = Stage::new().await;
    stage.system.faults().set_flight_time(Some(Duration::from_millis(50)));
    let (one, two, three) = tokio::join!(
        count_up(&stage.system, ["1", "2"]).send(),
        count_up(&stage.system, ["2", "3"]).send(),
        count_up(&stage.system, ["4", "5"]).send()
    );
    assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
    three.expect("it met nobody");
    count_up(&stage.system, ["1", "2"]).send().await.expect("all have landed");
}

#[tokio::test]
async fn a_lost_answer_leaves_the_commit_and_a_refusal_leaves_nothing() {
    let stage = Stage::new().await;
    stage.system.faults().next("TransactWriteItems", Fault::AnswerLost, 1);
    stage.system.faults().next("TransactWriteItems", Fault::Refused, 1);
    stage.system.faults().next("TransactWriteItems", Fault::Throttled, 1);
    let lost = count_up(&stage.system, ["1", "2"]).send().await.expect_err("a broken connection");
    assert!(lost.as_service_error().is_none(), "{lost:?}");
    assert_eq!(counted(&stage.system, "1").as_deref(), Some("1"));
    for _ in 0..2 {
        let refused = count_up(&stage.system, ["1", "2"]).send().await.expect_err("refused, then throttled");
        assert!(refused.as_service_error().is_some(), "{refused:?}");
    }
    assert_eq!(counted(&stage.system, "1").as_deref(), Some("1"));
}

#[tokio::test]
async fn a_late_request_takes_effect_when_it_arrives() {
    let stage = Stage::new().await;
    stage.system.faults().next("TransactWriteItems", Fault::Late, 1);
    count_up(&stage.system, ["1", "2"]).send().await.expect_err("no answer");
    assert_eq!(counted(&stage.system, "1"), None);
    assert_eq!(stage.system.deliver_late().await, 1);
    assert_eq!(counted(&stage.system, "1").as_deref(), Some("1"));
}

#[tokio::test]
async fn a_service_is_down_until_it_is_up() {
    let stage = Stage::new().await;
    let publish = || sdk::sms(&stage.system).publish().phone_number("+79990001122").message("x").send();
    stage.system.faults().down(Service::Sms);
    publish().await.expect_err("down");
    put(&stage.system, "a", &["1"]).await;
    stage.system.faults().up(Service::Sms);
    publish().await.expect("up");
    assert_eq!(stage.system.outbox().last_number().expect("a number"), 1);
}
