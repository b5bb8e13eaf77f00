//! The meter counts what the table is asked for.

use super::{Stage, put, sdk};
use aws_sdk_dynamodb::types::AttributeValue::{N, S};
use aws_sdk_dynamodb::types::{ConditionCheck, Put, TransactWriteItem};

fn put_action(sk: &str, filler: usize, due: &str) -> TransactWriteItem {
    let put = Put::builder().table_name("okno").item("pk", S("a".into())).item("sk", S(sk.into()));
    let put = put.item("filler", S("x".repeat(filler))).item("n", N("120.5".into()));
    let put = if due.is_empty() { put } else { put.item("dp", S("DUE".into())).item("ds", S(due.into())) };
    TransactWriteItem::builder().put(put.build().expect("a put")).build()
}

fn absent(sk: &str) -> TransactWriteItem {
    let check = ConditionCheck::builder().table_name("okno").key("pk", S("a".into())).key("sk", S(sk.into()));
    let check = check.condition_expression("attribute_not_exists(pk)").build().expect("a check");
    TransactWriteItem::builder().condition_check(check).build()
}

#[tokio::test]
async fn parallel_requests_are_one_round_trip() {
    let stage = Stage::new().await;
    let get = || {
        let get = sdk::table(&stage.system).get_item().table_name("okno").consistent_read(true);
        get.key("pk", S("a".into())).key("sk", S("1".into())).send()
    };
    // However fast the first is answered: once in a while it is before the second is sent.
    for _ in 0..50 {
        stage.system.meter().start();
        let (one, two) = tokio::join!(get(), get());
        one.and(two).expect("reads");
        get().await.expect("a read");
        let counts = stage.system.meter().take();
        assert_eq!((counts.requests, counts.round_trips), (3, 2));
        assert_eq!((counts.read_units, counts.write_units), (3.0, 0.0));
    }
}

#[tokio::test]
async fn a_transaction_is_billed_double_on_the_table_and_once_on_an_index() {
    let stage = Stage::new().await;
    stage.system.meter().start();
    let transaction = sdk::table(&stage.system).transact_write_items();
    let transaction =
        transaction.transact_items(put_action("1", 1_500, "2026")).transact_items(put_action("2", 10, ""));
    transaction.send().await.expect("a commit");
    let counts = stage.system.meter().take();
    assert_eq!(counts.write_units, 2.0 * 2.0 + 1.0 + 2.0);
    assert_eq!(stage.system.meter().operations()["TransactWriteItems"], 1);
}

#[tokio::test]
async fn a_refused_transaction_costs_what_the_same_one_costs_when_it_commits() {
    let stage = Stage::new().await;
    for filler in [10, 900, 1_020, 3_000] {
        let sk = format!("new {filler}");
        let write = |also: TransactWriteItem| {
            let transaction = sdk::table(&stage.system).transact_write_items();
            transaction.transact_items(put_action(&sk, filler, "")).transact_items(also).send()
        };
        put(&stage.system, "a", &["there"]).await;
        stage.system.meter().start();
        write(absent("there")).await.expect_err("it is there");
        let refused = stage.system.meter().take();
        stage.system.meter().start();
        write(absent("not there")).await.expect("a commit");
        assert_eq!(refused, stage.system.meter().take(), "{filler}");
    }
}
