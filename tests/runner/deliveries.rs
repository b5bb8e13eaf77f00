//! Records and messages reach their functions by the template's rules, whatever goes wrong on the way.

use super::{Stage, enqueue, put};
use chrono::TimeDelta;

#[tokio::test]
async fn changes_come_in_order_and_only_once() {
    let stage = Stage::new().await;
    put(&stage.system, "a", &["1", "2", "3"]).await;
    let settled = stage.system.settle().await;
    assert_eq!((settled.records, settled.failures.len()), (3, 0));
    assert_eq!(stage.script().changes, [["1", "2", "3"]]);
    assert_eq!(stage.system.settle().await.records, 0);
    assert_eq!(stage.system.stream_lag().await, Ok(0));
}

#[tokio::test]
async fn only_the_failed_message_of_a_batch_returns() {
    let stage = Stage::new().await;
    stage.script().poison = vec!["bad".into()];
    enqueue(&stage.system, &["good", "bad", "fine"]).await;
    let settled = stage.system.settle().await;
    assert_eq!(settled.messages, 3);
    assert_eq!(settled.waits_until, Some(super::noon() + TimeDelta::seconds(60)));
    stage.script().poison.clear();
    stage.system.advance_to(super::noon() + TimeDelta::minutes(1)).await;
    assert_eq!(stage.script().notices, [vec!["good", "bad", "fine"], vec!["bad"]]);
    assert_eq!(stage.system.queues().totals().expect("totals"), (0, 0));
}

#[tokio::test]
async fn a_message_received_five_times_goes_to_the_dead_letters() {
    let stage = Stage::new().await;
    stage.script().poison = vec!["bad".into()];
    enqueue(&stage.system, &["bad"]).await;
    stage.system.settle().await;
    stage.system.advance_to(super::noon() + TimeDelta::minutes(10)).await;
    assert_eq!(stage.script().notices.len(), 5);
    assert_eq!(stage.system.queues().totals().expect("totals"), (0, 1));
    assert_eq!(stage.system.queues().peek("NoticesDeadLetters", 10).expect("a look"), ["bad"]);
}

#[tokio::test]
async fn a_poison_record_is_given_up_alone() {
    let stage = Stage::new().await;
    stage.script().poison = vec!["3".into()];
    put(&stage.system, "a", &["1", "2", "3", "4", "5"]).await;
    stage.system.settle().await;
    stage.system.advance_to(super::noon() + TimeDelta::minutes(5)).await;
    assert_eq!(stage.script().changes.last().map(Vec::as_slice), Some(&["4".to_owned(), "5".to_owned()][..]));
    // The first try alone and three more.
    assert_eq!(stage.script().changes.iter().filter(|batch| **batch == ["3"]).count(), 4);
    let told = stage.system.queues().peek("ChangefeedDeadLetters", 10).expect("a look");
    assert_eq!(told.len(), 1);
    let told: serde_json::Value = serde_json::from_str(&told[0]).expect("JSON");
    assert_eq!(told["DDBStreamBatchInfo"]["batchSize"], 1);
    assert_eq!(stage.system.stream_lag().await, Ok(0));
}

#[tokio::test]
async fn deliveries_can_be_held_lost_doubled_and_turned_round() {
    let stage = Stage::new().await;
    let deliveries = stage.system.deliveries();
    deliveries.hold("notifier");
    enqueue(&stage.system, &["1", "2", "3"]).await;
    assert_eq!(stage.system.settle().await.messages, 0);
    deliveries.release("notifier");
    deliveries.drop_next("notifier", 1);
    deliveries.duplicate_next("notifier", 1);
    deliveries.reorder("notifier");
    stage.system.settle().await;
    assert_eq!(stage.script().notices, [["3", "2"], ["3", "2"]]);
    assert_eq!(stage.system.queues().totals().expect("totals"), (0, 0));
}

#[tokio::test]
async fn a_reordered_stream_keeps_the_order_of_each_item() {
    let stage = Stage::new().await;
    stage.system.deliveries().reorder("changefeed");
    put(&stage.system, "a", &["1", "2"]).await;
    let client = super::sdk::table(&stage.system);
    let key = aws_sdk_dynamodb::types::AttributeValue::S;
    let gone = client.delete_item().table_name("okno").key("pk", key("a".into())).key("sk", key("1".into()));
    gone.send().await.expect("a delete");
    stage.system.settle().await;
    assert_eq!(stage.script().changes, [["1", "1", "2"]]);
}

#[tokio::test]
async fn a_panic_returns_its_batch_and_the_rest_lives() {
    let stage = Stage::new().await;
    enqueue(&stage.system, &["panic"]).await;
    put(&stage.system, "a", &["1"]).await;
    let settled = stage.system.settle().await;
    assert_eq!((settled.failures.len(), stage.script().changes.len()), (1, 1));
    enqueue(&stage.system, &["calm"]).await;
    stage.system.settle().await;
    assert_eq!(stage.script().notices, [["calm"]]);
    assert_eq!(stage.system.queues().depth("NoticesQueue").expect("a depth").in_flight, 1);
}
