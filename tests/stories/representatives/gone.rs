//! What is left of a right to act once somebody of the two is gone (PRV-3).

use super::super::deletion::ask;
use super::super::lived::{key, rows};
use super::*;

async fn where_it_stands(world: &World, of: &str) -> Vec<String> {
    let all = rows(world).await;
    let about =
        all.iter().filter(|row| format!("{row:?}").contains(of) && key(row).pk != format!("CIT#{of}"));
    let leads = |key: &str| ["/REP#", "/FOR#", "GRANTS#"].iter().any(|kind| key.contains(kind));
    about.map(|row| key(row).to_string()).filter(|key| leads(key)).collect()
}

#[tokio::test]
async fn whoever_is_gone_acts_for_nobody_and_whoever_is_left_hears_of_it() {
    let world = World::new().await;
    let (anna, boris) = (shown(&world, 1).await, shown(&world, 2).await);
    let operator = operator(&world).await;
    let_act(&world, &boris, &operator, attorney(1)).await;
    world.post_as(&boris, MINE, attorney(55)).await.expect(201);
    assert_eq!(where_it_stands(&world, &boris.id).await.len(), 3);
    ask(&world, &boris).await.expect(202);
    world.until("2026-12-12T11:00:00+03:00").await;
    assert_eq!(where_it_stands(&world, &boris.id).await, Vec::<String>::new());
    let theirs = world.get_as(&anna, THEIRS).await.expect(200);
    assert_eq!(theirs.body["items"], json!([]));
    assert_eq!(world.get_as(&anna, "/v1/me/events").await.text("/items/0/what"), "representation-ended");
    assert_eq!(world.sent_to(&anna.phone).iter().filter(|sms| sms.contains("больше не может")).count(), 1);
    // What he could do for her does not keep her from being told of her own.
    let booked =
        world.post_as(&anna, "/v1/appointments", booking("two", "talk", "2026-12-16T10:00:00+03:00"));
    booked.await.expect(201);
    world.settle().await;
}

#[tokio::test]
async fn of_whoever_is_gone_nothing_leads_from_those_who_acted() {
    let world = World::new().await;
    let (anna, boris, vera) = (shown(&world, 1).await, shown(&world, 2).await, shown(&world, 3).await);
    let operator = operator(&world).await;
    let_act(&world, &boris, &operator, attorney(1)).await;
    world.post_as(&vera, MINE, attorney(1)).await.expect(201);
    assert_eq!(where_it_stands(&world, &anna.id).await.len(), 3, "two pointers, and a row of the queue");
    ask(&world, &anna).await.expect(202);
    world.until("2026-12-12T11:00:00+03:00").await;
    assert_eq!(where_it_stands(&world, &anna.id).await, Vec::<String>::new());
    for who in [&boris, &vera] {
        assert_eq!(world.get_as(who, MINE).await.expect(200).body["items"], json!([]));
    }
    let again = super::operator_again(&world).await;
    let queue = world.staff(&again, Method::GET, QUEUE, Value::Null).await.expect(200);
    assert_eq!(queue.body["items"], json!([]));
    world.settle().await;
}

#[tokio::test]
async fn a_right_that_is_long_over_leaves_no_trace_with_either_of_two_who_stay() {
    let world = World::new().await;
    let (anna, boris) = (shown(&world, 1).await, shown(&world, 2).await);
    let operator = operator(&world).await;
    let_act(&world, &boris, &operator, attorney(1)).await;
    let grant = world.get_as(&boris, MINE).await.text("/items/0/id");
    world.post_as(&boris, &format!("{MINE}/{grant}/end"), Value::Null).await.expect(204);
    world.settle().await;
    let leads =
        async || [where_it_stands(&world, &anna.id).await, where_it_stands(&world, &boris.id).await].concat();
    let years = async |when: &str| {
        world.system.advance_in(chrono::TimeDelta::days(30), tests::time(when)).await;
        world.settle().await;
    };
    years("2031-11-20T10:00:00+03:00").await;
    assert_eq!(leads().await.len(), 2, "what was done by it is told as long as it");
    years("2032-03-10T10:00:00+03:00").await;
    assert_eq!(leads().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_child_for_whom_nobody_acts_any_more_is_gone_after_its_term_and_comes_back_with_a_new_paper() {
    let world = World::new().await;
    let anna = shown(&world, 1).await;
    let operator = operator(&world).await;
    let ivan = let_act(&world, &anna, &operator, child()).await;
    let booked = book(&world, &anna, &ivan, THURSDAY).await.expect(201).text("/id");
    let grant = world.get_as(&anna, MINE).await.text("/items/0/id");
    world.post_as(&anna, &format!("{MINE}/{grant}/end"), Value::Null).await.expect(204);
    world.settle().await;
    let of_ivan = |all: Vec<store::Item>| {
        let own = all.into_iter().filter(|row| key(row).pk == format!("CIT#{ivan}"));
        own.map(|row| key(&row).sk).collect::<Vec<_>>()
    };
    let has = |rows: &[String], what: &str| rows.iter().any(|sk| sk.starts_with(what));
    world.until("2027-02-25T12:00:00+03:00").await;
    let kept = of_ivan(rows(&world).await);
    assert!(has(&kept, "PROFILE") && has(&kept, "REP#"), "{kept:?}");
    // Ninety days after the last right, by the next look of the month.
    world.until("2027-04-05T12:00:00+03:00").await;
    let left = of_ivan(rows(&world).await);
    assert!(!has(&left, "PROFILE") && !has(&left, "REP#") && !has(&left, "EVENT#"), "{left:?}");
    assert!(has(&left, "ME") && left.contains(&format!("APPT#{booked}")), "{left:?}");
    // The same child, with a paper that counts: the same id, and nothing of what was.
    let again = super::operator_again(&world).await;
    let said = json!({ "login": anna.phone, "password": tests::PASSWORD, "deviceToken": anna.device });
    let token = world.post("/v1/sessions", said).await.expect(201).text("/token");
    let anna = Citizen { token, ..anna };
    let whom = let_act(&world, &anna, &again, child()).await;
    assert_eq!(whom, ivan);
    book(&world, &anna, &ivan, "2027-04-08T10:00:00+03:00").await.expect(201);
    world.settle().await;
    world.until("2027-04-07T12:00:00+03:00").await;
    assert!(has(&of_ivan(rows(&world).await), "PROFILE"));
}
