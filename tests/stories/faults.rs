//! Messages that come twice, in another order, never, or that nobody can read: the line is served all the same.

use super::acts::{FRIDAY, decline, friday, full_days, give_up, join, kinds, later, offered, what, wish};
use serde_json::json;
use tests::{Citizen, World};

const FOLLOWERS: [&str; 3] = ["changefeed", "waitlist-worker", "notifier"];

/// A slot is given up, declined by the first, accepted by the second; `spoil` sets in before each act. What is lost
/// is found by the clock, within ten minutes.
async fn serve_two(world: &World, spoil: impl Fn()) -> (Citizen, Citizen) {
    let held = full_days(world, &["2026-12-04"]).await;
    let (first, second) = (join(world, friday()).await, join(world, friday()).await);
    spoil();
    give_up(world, &held[0]).await;
    world.system.deliveries().clear();
    later(world, 10).await;
    assert!(offered(world, &second, "talk").await.is_none(), "one at a time");
    let offer = offered(world, &first, "talk").await.expect("the first in line");
    let stranger = world.citizen().await;
    world.try_book(&stranger, "one", "talk", FRIDAY).await.refused(409, "slot-taken");
    spoil();
    decline(world, &first, &offer).await;
    world.system.deliveries().clear();
    later(world, 10).await;
    let offer = offered(world, &second, "talk").await.expect("the next");
    spoil();
    let path = format!("/v1/offers/{}/accept", offer.text("/id"));
    world.post_as(&second, &path, json!({})).await.expect(200);
    later(world, 10).await;
    world.system.deliveries().clear();
    assert_eq!(world.get_as(&second, "/v1/waitlist/talk").await.text("/state"), "served");
    let history = world.get_as(&first, "/v1/waitlist/talk/history").await.expect(200);
    assert_eq!(what(&history)[..3], ["joined", "offered", "declined"]);
    let history = world.get_as(&second, "/v1/waitlist/talk/history").await.expect(200);
    assert_eq!(what(&history), ["joined", "offered", "accepted"]);
    world.try_book(&stranger, "one", "talk", FRIDAY).await.refused(409, "slot-taken");
    (first, second)
}

#[tokio::test]
async fn messages_that_come_twice_do_everything_once() {
    for follower in FOLLOWERS {
        let world = World::new().await;
        let (_, second) =
            serve_two(&world, || world.system.deliveries().duplicate_next(follower, 1_000)).await;
        assert_eq!(kinds(&world, &second).await, ["offer-made", "booked"], "{follower}");
        assert_eq!(
            world.sent_to(&second.phone).len(),
            3,
            "{follower}: the code, the offer, the confirmation"
        );
        assert_eq!(
            world.sent_to(&second.email).len(),
            3,
            "{follower}: the link, the offer, the confirmation"
        );
    }
}

#[tokio::test]
async fn what_is_lost_is_found_by_the_clock() {
    for follower in ["changefeed", "waitlist-worker"] {
        let world = World::new().await;
        serve_two(&world, || world.system.deliveries().drop_next(follower, 1_000)).await;
    }
}

#[tokio::test]
async fn a_lost_word_about_who_can_take_more_is_found_by_the_clock() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04"]).await;
    let anna = join(&world, wish("talk", "one", "2026-12-04", "2026-12-04")).await;
    world.post_as(&anna, "/v1/waitlist/talk/pause", json!({})).await.expect(200);
    give_up(&world, &held[0]).await;
    world.until("2026-12-01T10:12:00+03:00").await;
    // The slot is everybody's now, and Anna wants it again.
    world.system.deliveries().drop_next("waitlist-worker", 1);
    world.post_as(&anna, "/v1/waitlist/talk/resume", json!({})).await.expect(200);
    world.settle().await;
    assert!(offered(&world, &anna, "talk").await.is_none(), "the word is lost");
    world.until("2026-12-01T10:17:00+03:00").await;
    assert!(offered(&world, &anna, "talk").await.is_some());
}

#[tokio::test]
async fn whatever_the_order_of_messages_the_order_of_the_line_holds() {
    for follower in FOLLOWERS {
        let world = World::new().await;
        let held = full_days(&world, &["2026-12-04", "2026-12-07"]).await;
        let both = wish("talk", "one", "2026-12-04", "2026-12-07");
        let (first, second) = (join(&world, both.clone()).await, join(&world, both.clone()).await);
        let deliveries = world.system.deliveries();
        for held_back in FOLLOWERS {
            deliveries.hold(held_back);
        }
        // All at once: the first leaves and stands anew at the end, two slots come free.
        world.post_as(&first, "/v1/waitlist/talk/leave", json!({})).await.expect(200);
        world.post_as(&first, "/v1/waitlist", both).await.expect(201);
        for held in &held {
            give_up(&world, held).await;
        }
        deliveries.clear();
        deliveries.reorder(follower);
        world.settle().await;
        let starts = async |who| offered(&world, who, "talk").await.map(|offer| offer.text("/startsAt"));
        let mut got = [starts(&second).await, starts(&first).await];
        got.sort();
        assert_eq!(
            got,
            [Some(FRIDAY.to_owned()), Some("2026-12-07T10:00:00+03:00".to_owned())],
            "{follower}"
        );
        later(&world, 1).await;
        for who in [&first, &second] {
            let offer = offered(&world, who, "talk").await.unwrap();
            let path = format!("/v1/offers/{}/accept", offer.text("/id"));
            world.post_as(who, &path, json!({})).await.expect(200);
            world.settle().await;
            assert_eq!(kinds(&world, who).await, ["offer-made", "booked"], "{follower}");
        }
        deliveries.clear();
    }
}

#[tokio::test]
async fn a_message_that_nobody_can_read_is_parked_and_those_beside_it_are_served() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04"]).await;
    let first = join(&world, friday()).await;
    world.enqueue("NoticesQueue", "not a message");
    world.enqueue("NoticesQueue", r#"{"v":99,"kind":"notice"}"#);
    world.enqueue("WaitlistQueue", r#"{"v":1,"kind":"freed","office":"!"}"#);
    give_up(&world, &held[0]).await;
    assert!(offered(&world, &first, "talk").await.is_some(), "the line is served");
    assert_eq!(kinds(&world, &first).await, ["offer-made"], "and told");
    // Each is tried as often as the template says, with its visibility between the tries, and then kept apart.
    later(&world, 16).await;
    let mut dead = world.bury("NoticesDeadLetters");
    dead.sort();
    assert_eq!(dead, ["not a message", r#"{"v":99,"kind":"notice"}"#]);
    assert_eq!(world.bury("WaitlistDeadLetters").len(), 1);
    later(&world, 120).await;
}

#[tokio::test]
async fn a_record_that_nobody_can_read_is_parked_and_holds_up_nothing() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let broken = store::keys::appointment(anna.id.parse().unwrap(), domain::AppointmentId(ulid::Ulid::nil()));
    let put = world.table().put_item().table_name("okno").set_item(Some(broken.item()));
    put.send().await.expect("a put");
    let booked = world.book(&anna, "one", "talk", FRIDAY).await;
    let dead = world.bury("ChangefeedDeadLetters");
    assert_eq!(dead.len(), 1);
    assert!(dead[0].contains(&broken.sk) && dead[0].contains(&broken.pk), "{}", dead[0]);
    let sms = world.sent_to(&anna.phone).pop().unwrap();
    assert!(sms.contains(&booked.text("/number")), "{sms}");
    assert_eq!(kinds(&world, &anna).await, ["booked"]);
}
