//! What is counted together.

use crate::floods::{NEAR_DAY, NEAR_HOUR, NETWORK_HOUR, SHARDS, WIDE_HOUR, everywhere, near, since, wide};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_stretch_has_begun_and_is_not_over(seconds in 0..4_000_000_000_i64, nanos in 0..1_000_000_000_u32, minutes in 1..10_000_i64) {
        let now = DateTime::<Utc>::from_timestamp(seconds, nanos).unwrap();
        let stretch = TimeDelta::minutes(minutes);
        let began = since(now, stretch);
        prop_assert!(began <= now && now < began + stretch);
        prop_assert_eq!(since(began, stretch), began);
    }

    #[test]
    fn shards_together_are_no_more_than_all(all in SHARDS..10_000_000) {
        let shard = everywhere(all);
        prop_assert!(shard.most * SHARDS <= all && (1..=shard.most).contains(&shard.free));
    }
}

#[test]
fn neighbours_are_counted_together() {
    assert_eq!((near("+79990001122"), wide("+79990001122")), ("+7999000", "+79990"));
    assert_eq!((near("+7"), wide("")), ("", ""));
    for bucket in [NEAR_HOUR, NEAR_DAY, WIDE_HOUR, NETWORK_HOUR] {
        assert!(bucket.free < bucket.most, "{bucket:?}");
    }
}
