//! Answers lost on the way: whatever is done is done once, and what was refused stays refused.

use super::acts::{FRIDAY, friday, full_days, give_up, join, kinds, later, offered, what};
use http::Method;
use local::embedded::faults::Fault;
use serde_json::{Value, json};
use tests::{Answer, Citizen, World, booking};

const THURSDAY: &str = "2026-12-03T10:00:00+03:00";
const WRITE: &str = "TransactWriteItems";

/// A world in which answers are lost.
struct Lost<'a>(&'a World);

impl Lost<'_> {
    /// Posts while the answer of the next write is lost; the caller hears of nothing.
    async fn post(&self, who: &Citizen, path: &str, body: Value) -> Answer {
        let faults = self.0.system.faults();
        let before = faults.struck(WRITE, Fault::AnswerLost);
        faults.next(WRITE, Fault::AnswerLost, 1);
        let answer = self.0.post_as(who, path, body).await;
        assert_eq!(faults.struck(WRITE, Fault::AnswerLost), before + 1);
        self.0.settle().await;
        answer
    }
}

#[tokio::test]
async fn booking_moving_and_cancelling_are_done_once_though_every_answer_is_lost() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let lost = Lost(&world);
    let booked = lost.post(&anna, "/v1/appointments", booking("two", "talk", THURSDAY)).await.expect(201);
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    later(&world, 1).await;
    let to = json!({ "officeId": "two", "startsAt": FRIDAY, "reason": "дела" });
    let moved = lost.post(&anna, &format!("{path}/reschedule"), to).await.expect(200);
    assert_eq!((moved.text("/startsAt").as_str(), &moved.body["version"]), (FRIDAY, &json!(2)));
    later(&world, 1).await;
    let cancelled = lost.post(&anna, &format!("{path}/cancel"), json!({})).await.expect(200);
    assert_eq!(cancelled.body["version"], 3);
    let history = world.get_as(&anna, &format!("{path}/history")).await.expect(200);
    assert_eq!(what(&history), ["booked", "moved", "cancelled"]);
    assert_eq!(kinds(&world, &anna).await, ["booked", "moved", "cancelled"]);
    assert_eq!(world.sent_to(&anna.phone).len(), 4, "the code, and each of them once");
    later(&world, 20).await;
    let slots = world.get("/v1/offices/two/slots?serviceId=talk&date=2026-12-03").await.expect(200);
    assert_eq!(slots.body["slots"].as_array().unwrap().len(), 6, "all is free again");
}

#[tokio::test]
async fn joining_pausing_declining_and_accepting_are_done_once_though_every_answer_is_lost() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04"]).await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let lost = Lost(&world);
    for who in [&anna, &boris] {
        lost.post(who, "/v1/waitlist", friday()).await.expect(201);
        later(&world, 1).await;
    }
    for step in ["pause", "resume"] {
        lost.post(&anna, &format!("/v1/waitlist/talk/{step}"), json!({})).await.expect(200);
        later(&world, 1).await;
    }
    give_up(&world, &held[0]).await;
    let offer = offered(&world, &anna, "talk").await.expect("her ticket is the first").text("/id");
    let declined = lost.post(&anna, &format!("/v1/offers/{offer}/decline"), json!({})).await.expect(200);
    assert_eq!(declined.text("/state"), "declined");
    let offer = offered(&world, &boris, "talk").await.expect("the next").text("/id");
    later(&world, 1).await;
    let taken = lost.post(&boris, &format!("/v1/offers/{offer}/accept"), json!({})).await.expect(200);
    assert_eq!(taken.text("/startsAt"), FRIDAY);
    lost.post(&anna, "/v1/waitlist/talk/leave", json!({})).await.expect(200);
    let all = ["joined", "paused", "resumed", "offered", "declined", "passed-over", "left"];
    assert_eq!(what(&world.get_as(&anna, "/v1/waitlist/talk/history").await), all);
    let all = ["joined", "offered", "accepted"];
    assert_eq!(what(&world.get_as(&boris, "/v1/waitlist/talk/history").await), all);
    assert_eq!(kinds(&world, &boris).await, ["offer-made", "booked"]);
    later(&world, 10).await;
}

#[tokio::test]
async fn whoever_was_told_that_they_do_not_wait_does_not_leave_by_another_try_of_that() {
    let world = World::new().await;
    full_days(&world, &["2026-12-04"]).await;
    let anna = world.citizen().await;
    let leave = || {
        let key = [("idempotency-key", "leave-1")];
        let (world, token) = (&world, anna.token.as_str());
        async move { world.ask(Method::POST, "/v1/waitlist/talk/leave", Some(token), Some(json!({})), &key).await }
    };
    leave().await.refused(409, "not-waiting");
    world.post_as(&anna, "/v1/waitlist", friday()).await.expect(201);
    leave().await.refused(409, "refused-before");
    let place = world.get_as(&anna, "/v1/waitlist/talk").await.expect(200);
    assert_eq!(place.text("/state"), "waiting");
    // Asked anew it is done.
    world.post_as(&anna, "/v1/waitlist/talk/leave", json!({})).await.expect(200);
    world.settle().await;
}

#[tokio::test]
async fn offering_and_lapsing_are_done_once_though_every_answer_is_lost() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04"]).await;
    let (anna, boris) = (join(&world, friday()).await, join(&world, friday()).await);
    world.system.deliveries().hold("waitlist-worker");
    give_up(&world, &held[0]).await;
    world.system.deliveries().release("waitlist-worker");
    world.system.faults().next(WRITE, Fault::AnswerLost, 1);
    world.settle().await;
    assert!(offered(&world, &anna, "talk").await.is_some());
    assert!(offered(&world, &boris, "talk").await.is_none());
    later(&world, 119).await;
    // The next two writes are the lapse and the offer to the next.
    world.system.faults().next(WRITE, Fault::AnswerLost, 2);
    later(&world, 3).await;
    assert_eq!(world.system.faults().struck(WRITE, Fault::AnswerLost), 3);
    assert!(offered(&world, &boris, "talk").await.is_some());
    assert_eq!(
        what(&world.get_as(&anna, "/v1/waitlist/talk/history").await),
        ["joined", "offered", "lapsed", "passed-over"]
    );
    assert_eq!(what(&world.get_as(&boris, "/v1/waitlist/talk/history").await), ["joined", "offered"]);
    later(&world, 130).await;
}

#[tokio::test]
async fn registering_is_done_once_though_every_answer_is_lost() {
    let world = World::new().await;
    world.system.faults().next(WRITE, Fault::AnswerLost, 1);
    let begun = world.post("/v1/registrations", json!({ "phone": "+79990009999" })).await;
    begun.refused(503, "unavailable");
    world.a_minute_later().await;
    let begun = world.post("/v1/registrations", json!({ "phone": "+79990009999" })).await.expect(201);
    world.settle().await;
    let path = format!("/v1/registrations/{}", begun.text("/id"));
    let code = tests::digits(&world.sent_to("+79990009999").pop().unwrap());
    world.system.faults().next("UpdateItem", Fault::AnswerLost, 1);
    world.post(&format!("{path}/verify"), json!({ "code": code })).await.refused(503, "unavailable");
    world.post(&format!("{path}/verify"), json!({ "code": code })).await.expect(204);
    world.system.faults().next(WRITE, Fault::AnswerLost, 1);
    let done = world.post(&format!("{path}/complete"), tests::form("anna@example.ru")).await.expect(201);
    world.settle().await;
    let token = tests::secret(&world.sent_to("anna@example.ru").pop().unwrap());
    world.system.faults().next(WRITE, Fault::AnswerLost, 1);
    world.post("/v1/email-confirmations", json!({ "token": token })).await.refused(503, "unavailable");
    world.post("/v1/email-confirmations", json!({ "token": token })).await.expect(204);
    let session = done.text("/token");
    let me = world.ask(Method::GET, "/v1/me", Some(&session), None, &[]).await.expect(200);
    assert_eq!(me.body["readiness"]["missing"][0]["name"], "birth-date", "the address is confirmed");
    world.system.faults().next(WRITE, Fault::AnswerLost, 1);
    let said = world.ask(Method::PATCH, "/v1/me/profile", Some(&session), Some(tests::profile()), &[]).await;
    assert_eq!(said.expect(200).text("/readiness/state"), "ready");
    world.settle().await;
}

/// Asks while attempts are under way that the table will see only later; time passes meanwhile.
async fn too_late(world: &World, ask: impl Future<Output = Answer>, when: &str) -> Answer {
    let faults = world.system.faults();
    faults.next(WRITE, Fault::Late, 3);
    let pass = async {
        while faults.struck(WRITE, Fault::Late) == 0 {
            tokio::task::yield_now().await;
        }
        world.system.advance_to(tests::time(when)).await;
    };
    let (answer, ()) = tokio::join!(ask, pass);
    faults.clear();
    answer
}

#[tokio::test]
async fn what_was_refused_after_a_lost_attempt_is_not_done_when_the_attempt_arrives() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let booked = world.book(&anna, "one", "talk", THURSDAY).await;
    let path = format!("/v1/appointments/{}", booked.text("/id"));
    // The last second in which she may cancel passes while her attempt is on its way.
    world.until("2026-12-02T10:00:00+03:00").await;
    let cancel = format!("{path}/cancel");
    let asked = world.post_as(&anna, &cancel, json!({}));
    let answer = too_late(&world, asked, "2026-12-02T10:00:01+03:00").await;
    answer.refused(409, "too-late");
    assert_eq!(world.system.deliver_late().await, 0, "the attempt finds the door shut");
    world.settle().await;
    assert_eq!(world.get_as(&anna, &path).await.text("/status"), "Подтверждено");
    assert!(!kinds(&world, &anna).await.contains(&"cancelled".to_owned()));
}

#[tokio::test]
async fn an_offer_that_ended_while_its_acceptance_was_lost_is_not_accepted_later() {
    let world = World::new().await;
    let held = full_days(&world, &["2026-12-04"]).await;
    let (anna, boris) = (join(&world, friday()).await, join(&world, friday()).await);
    give_up(&world, &held[0]).await;
    let offer = offered(&world, &anna, "talk").await.unwrap();
    let until = offer.text("/heldUntil");
    later(&world, 119).await;
    let path = format!("/v1/offers/{}/accept", offer.text("/id"));
    let asked = world.post_as(&anna, &path, json!({}));
    too_late(&world, asked, &until).await.refused(409, "offer-ended");
    assert_eq!(world.system.deliver_late().await, 0);
    later(&world, 5).await;
    assert!(world.get_as(&anna, "/v1/appointments").await.body["items"].as_array().unwrap().is_empty());
    assert!(offered(&world, &boris, "talk").await.is_some(), "the next is asked");
    later(&world, 130).await;
}

#[tokio::test]
async fn a_request_that_was_refused_is_not_done_by_another_try_of_it() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let booked = world.book(&boris, "one", "talk", THURSDAY).await;
    let ask = |key: &'static str, start: &'static str| {
        let body = booking("one", "talk", start);
        let key = [("idempotency-key", key)];
        let world = &world;
        let token = &anna.token;
        async move { world.ask(Method::POST, "/v1/appointments", Some(token), Some(body), &key).await }
    };
    ask("first", THURSDAY).await.refused(409, "slot-taken");
    ask("first", THURSDAY).await.refused(409, "slot-taken");
    give_up(&world, &(boris, booked.text("/id"))).await;
    later(&world, 20).await;
    // She has been told that it is not to be: a slow try of that request may not make it true behind her back.
    ask("first", THURSDAY).await.refused(409, "refused-before");
    ask("first", FRIDAY).await.refused(422, "idempotency-mismatch");
    ask("second", THURSDAY).await.expect(201);
    ask("first", THURSDAY).await.refused(409, "already-booked");
    ask("second", THURSDAY).await.expect(201);
}

#[tokio::test]
async fn whoever_is_told_that_their_session_is_over_has_not_booked_behind_that() {
    let world = World::new().await;
    let anna = world.citizen().await;
    // She signs out on another device while her attempts are on their way: the next look finds no session.
    let faults = world.system.faults();
    faults.next(WRITE, Fault::Late, 3);
    let asked = world.post_as(&anna, "/v1/appointments", booking("one", "talk", THURSDAY));
    let leave = async {
        while faults.struck(WRITE, Fault::Late) == 0 {
            tokio::task::yield_now().await;
        }
        world.ask(Method::DELETE, "/v1/sessions/current", Some(&anna.token), None, &[]).await.expect(204);
    };
    let (answer, ()) = tokio::join!(asked, leave);
    faults.clear();
    answer.refused(401, "unauthorized");
    assert_eq!(world.system.deliver_late().await, 0, "the attempts find the door shut");
}

#[tokio::test]
async fn whoever_signed_out_while_the_answer_was_lost_hears_it_by_asking_again() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let faults = world.system.faults();
    let key = [("idempotency-key", "one-booking")];
    let ask = async |token: &str| {
        let body = booking("one", "talk", THURSDAY);
        world.ask(Method::POST, "/v1/appointments", Some(token), Some(body), &key).await
    };
    faults.next(WRITE, Fault::AnswerLost, 1);
    let leave = async {
        while faults.struck(WRITE, Fault::AnswerLost) == 0 {
            tokio::task::yield_now().await;
        }
        world.ask(Method::DELETE, "/v1/sessions/current", Some(&anna.token), None, &[]).await.expect(204);
    };
    let (answer, ()) = tokio::join!(ask(&anna.token), leave);
    // That one has to sign in says nothing of what was asked.
    answer.refused(401, "unauthorized");
    let again = world.post("/v1/sessions", world.sign_in(&anna.phone, tests::PASSWORD)).await;
    let token = again.expect(201).text("/token");
    let booked = ask(&token).await.expect(201);
    let hers = world.ask(Method::GET, "/v1/appointments", Some(&token), None, &[]).await;
    assert_eq!(hers.body["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(hers.text("/items/0/id"), booked.text("/id"));
    world.settle().await;
}
