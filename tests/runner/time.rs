//! The clock moves by hand, and what is due on the way happens on the way.

use super::{Stage, noon, sdk};
use aws_sdk_dynamodb::types::AttributeValue::{N, S};
use chrono::TimeDelta;

#[tokio::test]
async fn every_minute_ticks_on_a_short_way_and_fewer_on_a_long_one() {
    let stage = Stage::new().await;
    stage.system.advance_to(noon() + TimeDelta::hours(1)).await;
    assert_eq!(stage.script().ticks.len(), 60);
    assert_eq!(stage.script().ticks[0], noon() + TimeDelta::minutes(1));
    stage.system.advance_to(noon() + TimeDelta::hours(25)).await;
    assert_eq!(stage.script().ticks.len(), 60 + 24 * 6);
    stage.system.advance_to(noon()).await;
    assert_eq!(stage.system.now(), noon() + TimeDelta::hours(25));
}

#[tokio::test]
async fn what_has_expired_is_swept_and_the_stream_hears_of_it() {
    let stage = Stage::new().await;
    let expires = noon() + TimeDelta::hours(3);
    for (sk, ttl) in [("old", expires.timestamp()), ("young", expires.timestamp() + 86_400)] {
        let put = sdk::table(&stage.system).put_item().table_name("okno").item("pk", S("a".into()));
        put.item("sk", S(sk.into())).item("ttl", N(ttl.to_string())).send().await.expect("a put");
    }
    assert_eq!(stage.system.sweep().await, Ok(0));
    stage.system.advance_to(noon() + TimeDelta::hours(5)).await;
    stage.system.settle().await;
    assert_eq!(stage.script().changes.concat(), ["old", "young", "old"]);
}
