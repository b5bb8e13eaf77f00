//! How a right to act ends: by either side at once, and by its date.

use super::super::deletion;
use super::*;
use domain::citizen::Name;
use domain::profile::Snils;
use domain::representation::{Grant, GrantKind, GrantPaper, GrantState, Representation, Said, Scope};
use domain::{CitizenId, GrantId, Ulid};
use local::embedded::faults::{Fault, Service};
use store::items::representation::seal_said;
use store::{Commit, Committed};

#[tokio::test]
async fn either_side_ends_it_at_once_and_both_are_told() {
    let world = World::new().await;
    let (anna, boris) = (shown(&world, 1).await, shown(&world, 2).await);
    let operator = operator(&world).await;
    let_act(&world, &boris, &operator, attorney(1)).await;
    let booked = book(&world, &boris, &anna.id, THURSDAY).await.expect(201).text("/id");
    world.settle().await;
    let grant = world.get_as(&anna, THEIRS).await.expect(200).text("/items/0/id");
    world.a_minute_later().await;
    for _ in 0..2 {
        world.post_as(&anna, &format!("{THEIRS}/{grant}/end"), Value::Null).await.expect(204);
    }
    let path = format!("/v1/appointments/{booked}");
    act(&world, &boris, &anna.id, Method::GET, &path, Value::Null).await.refused(403, "not-represented");
    act(&world, &boris, &anna.id, Method::POST, &format!("{path}/cancel"), json!({}))
        .await
        .refused(403, "not-represented");
    world.settle().await;
    for who in [&anna, &boris] {
        let told = world.sent_to(&who.phone);
        assert_eq!(told.iter().filter(|sms| sms.contains("больше не может")).count(), 1, "{told:?}");
        assert_eq!(world.get_as(who, "/v1/me/events").await.text("/items/0/what"), "representation-ended");
    }
    // What was booked stays hers.
    assert_eq!(world.get_as(&anna, &path).await.expect(200).text("/phase"), "planned");
    let mine = world.get_as(&boris, MINE).await.expect(200);
    assert_eq!(
        (mine.text("/items/0/state"), mine.text("/items/0/endedBy")),
        ("ended".into(), "beneficiary".into())
    );
    assert_eq!(mine.body["items"][0].get("actingFor"), None);
    // Asked with anew it can be refused before anybody decides.
    let again = world.post_as(&boris, MINE, attorney(1)).await.expect(201).text("/id");
    world.post_as(&anna, &format!("{THEIRS}/{again}/end"), Value::Null).await.expect(204);
    let queue = world.staff(&operator, Method::GET, QUEUE, Value::Null).await.expect(200);
    assert_eq!(queue.body["items"], json!([]));
    world.settle().await;
}

/// People who may act for somebody, put straight into the table: asking sixty times takes too long.
async fn sixty_others(world: &World, whom: &Citizen) {
    let edge = world.system.edge("representatives").expect("an edge");
    let (vault, now) = (edge.vault().await.expect("keys"), world.system.now());
    let said = Said {
        name: Name { surname: "Петрова".into(), given: "Анна".into(), patronymic: None },
        birth_on: "1985-03-08".parse().expect("a day"),
        snils: Snils::parse(&snils(1)).expect("a number"),
        paper: GrantPaper::Birth {
            series: "II-МЮ".into(),
            number: "123456".into(),
            issued_on: now.date_naive(),
        },
    };
    for n in 0..60 {
        // Each comes before whoever registers now: the last are listed first.
        let other = CitizenId(Ulid::from_parts((1 << 47) + n, 7));
        let mut between = Representation::new(whom.id.parse().expect("an id"), other);
        let id = GrantId(Ulid::from_parts(1 << 40, n.into()));
        let of = (between.beneficiary, other, id);
        let grant = Grant {
            id,
            kind: GrantKind::Parent,
            scope: Scope::Everything,
            region: "RU-MOW".parse().expect("a region"),
            asked_at: now,
            ends_at: now + chrono::TimeDelta::days(900),
            state: GrantState::InForce,
            said: seal_said(&vault, of, &said, [0; 12]).expect("sealed"),
            decided: None,
            reason: None,
            ended: None,
            stopped: None,
            warned: false,
        };
        between.add(grant).expect("room");
        let mut commit = Commit::new();
        let store = &edge.app().store;
        store.put_representation(&mut commit, &Representation::new(of.0, of.1), &between, None).expect("put");
        assert!(matches!(store.commit(commit).await, Committed::Done));
    }
}

#[tokio::test]
async fn however_many_may_act_for_somebody_each_is_seen_and_ended() {
    let world = World::new().await;
    let (anna, boris) = (shown(&world, 1).await, shown(&world, 2).await);
    let operator = operator(&world).await;
    let_act(&world, &boris, &operator, attorney(1)).await;
    sixty_others(&world, &anna).await;
    let seen = world.get_as(&anna, THEIRS).await.expect(200);
    assert_eq!(seen.text("/items/0/surname"), "Петрова", "{}", seen.raw);
    let grant = seen.text("/items/0/id");
    let path = format!("citizens/{}/representatives?officeId=two", anna.id);
    let staff = world.staff(&operator, Method::GET, &path, Value::Null).await.expect(200);
    assert_eq!(staff.body["items"].as_array().map(Vec::len), Some(1), "{}", staff.raw);
    world.post_as(&anna, &format!("{THEIRS}/{grant}/end"), Value::Null).await.expect(204);
    book(&world, &boris, &anna.id, THURSDAY).await.refused(403, "not-represented");
    world.settle().await;
}

#[tokio::test]
async fn by_its_date_it_ends_to_the_second_and_is_told_in_the_morning() {
    let world = World::new().await;
    let anna = shown(&world, 1).await;
    let operator = operator(&world).await;
    let mut form = attorney(700);
    form["validUntil"] = json!("2026-12-14");
    let whom = let_act(&world, &anna, &operator, form).await;
    // A week before, in the morning, she hears of it, once.
    world.until("2026-12-08T09:59:00+03:00").await;
    let warned = || world.sent_to(&anna.email).iter().filter(|mail| mail.contains("Через неделю")).count();
    assert_eq!(warned(), 0);
    world.until("2026-12-08T10:01:00+03:00").await;
    world.until("2026-12-09T10:01:00+03:00").await;
    assert_eq!(warned(), 1);
    world.until("2026-12-14T23:59:59+03:00").await;
    act(&world, &anna, &whom, Method::GET, "/v1/appointments", Value::Null).await.expect(200);
    world.until("2026-12-15T00:00:00+03:00").await;
    act(&world, &anna, &whom, Method::GET, "/v1/appointments", Value::Null)
        .await
        .refused(403, "not-represented");
    book(&world, &anna, &whom, "2026-12-17T10:00:00+03:00").await.refused(403, "not-represented");
    let mine = world.get_as(&anna, MINE).await.expect(200);
    assert_eq!(mine.text("/items/0/state"), "ended");
    // Nobody is woken by it: it is told in the morning.
    let told = || world.sent_to(&anna.phone).iter().filter(|sms| sms.contains("больше не может")).count();
    world.until("2026-12-15T09:59:00+03:00").await;
    assert_eq!(told(), 0);
    world.until("2026-12-15T10:01:00+03:00").await;
    assert_eq!(told(), 1);
    assert_eq!(world.get_as(&anna, MINE).await.text("/items/0/endedBy"), "term");
}

#[tokio::test]
async fn a_write_that_comes_after_the_right_was_revoked_does_nothing() {
    let world = World::new().await;
    let (anna, boris) = (shown(&world, 1).await, shown(&world, 2).await);
    let operator = operator(&world).await;
    let_act(&world, &boris, &operator, attorney(1)).await;
    let grant = world.get_as(&anna, THEIRS).await.expect(200).text("/items/0/id");
    // What he sends is on its way for so long that she revokes it meanwhile.
    world.system.faults().chance("TransactWriteItems", Fault::Late, 1000, 1);
    let booked = book(&world, &boris, &anna.id, THURSDAY).await;
    assert_eq!(booked.status, 503, "nobody knows: {}", booked.raw);
    world.system.faults().clear();
    world.post_as(&anna, &format!("{THEIRS}/{grant}/end"), Value::Null).await.expect(204);
    assert_eq!(world.system.deliver_late().await, 0, "the attempt finds the door shut");
    let hers = world.get_as(&anna, "/v1/appointments").await.expect(200);
    assert_eq!(hers.body["items"], json!([]));
    book(&world, &boris, &anna.id, THURSDAY).await.refused(403, "not-represented");
    world.settle().await;
}

#[tokio::test]
async fn whoever_may_no_more_is_not_told_that_what_they_booked_was_refused() {
    let world = World::new().await;
    let (anna, boris) = (shown(&world, 1).await, shown(&world, 2).await);
    let operator = operator(&world).await;
    let_act(&world, &boris, &operator, attorney(1)).await;
    let grant = world.get_as(&anna, THEIRS).await.expect(200).text("/items/0/id");
    let (faults, write) = (world.system.faults(), "TransactWriteItems");
    // It is booked, the answer is lost, and before he asks again she revokes it.
    faults.next(write, Fault::AnswerLost, 1);
    let revoke = async {
        while faults.struck(write, Fault::AnswerLost) == 0 {
            tokio::task::yield_now().await;
        }
        world.post_as(&anna, &format!("{THEIRS}/{grant}/end"), Value::Null).await.expect(204);
    };
    let (booked, ()) = futures::join!(book(&world, &boris, &anna.id, THURSDAY), revoke);
    booked.refused(503, "overloaded");
    assert_eq!(world.get_as(&anna, "/v1/appointments").await.text("/items/0/startsAt"), THURSDAY);
    world.settle().await;
}

#[tokio::test]
async fn of_booking_and_revoking_at_once_each_is_whole() {
    let world = World::new().await;
    let (anna, boris) = (shown(&world, 1).await, shown(&world, 2).await);
    let operator = operator(&world).await;
    let_act(&world, &boris, &operator, attorney(1)).await;
    let grant = world.get_as(&anna, THEIRS).await.expect(200).text("/items/0/id");
    let end = format!("{THEIRS}/{grant}/end");
    let (booked, ended) =
        futures::join!(book(&world, &boris, &anna.id, THURSDAY), world.post_as(&anna, &end, Value::Null));
    ended.expect(204);
    let hers = world.get_as(&anna, "/v1/appointments").await.expect(200);
    match booked.status {
        201 => assert_eq!(hers.text("/items/0/id"), booked.text("/id")),
        _ => {
            booked.refused(403, "not-represented");
            assert_eq!(hers.body["items"], json!([]));
        }
    }
    book(&world, &boris, &anna.id, FRIDAY).await.refused(403, "not-represented");
    world.settle().await;
}

#[tokio::test]
async fn an_answer_that_was_lost_leaves_one_application() {
    let world = World::new().await;
    let anna = shown(&world, 1).await;
    let operator = operator(&world).await;
    world.system.faults().next("TransactWriteItems", Fault::AnswerLost, 1);
    world.post_as(&anna, MINE, child()).await;
    let (one, other) =
        futures::join!(world.post_as(&anna, MINE, child()), world.post_as(&anna, MINE, child()));
    assert_eq!(one.expect(201).text("/id"), other.expect(201).text("/id"));
    let queue = world.staff(&operator, Method::GET, QUEUE, Value::Null).await.expect(200);
    assert_eq!(queue.body["items"].as_array().map(Vec::len), Some(1), "{}", queue.raw);
    // Nor do two forms at the same moment make two.
    let (one, other) =
        futures::join!(world.post_as(&anna, MINE, attorney(2)), world.post_as(&anna, MINE, attorney(2)));
    assert_eq!(one.expect(201).text("/id"), other.expect(201).text("/id"));
    world.settle().await;
}

#[tokio::test]
async fn whoever_is_no_longer_known_to_be_who_they_are_acts_for_nobody() {
    let world = World::new().await;
    let anna = shown(&world, 1).await;
    let operator = operator(&world).await;
    let ivan = let_act(&world, &anna, &operator, child()).await;
    book(&world, &anna, &ivan, THURSDAY).await.expect(201);
    world.patch_as(&anna, "/v1/me/profile", json!({ "birthDate": "1985-03-09" })).await.expect(200);
    act(&world, &anna, &ivan, Method::GET, "/v1/appointments", Value::Null)
        .await
        .refused(403, "identity-needed");
    world.settle().await;
}

#[tokio::test]
async fn staff_end_a_right_whose_paper_was_revoked_and_both_read_why() {
    let world = World::new().await;
    let (anna, boris) = (shown(&world, 1).await, shown(&world, 2).await);
    let operator = operator(&world).await;
    let_act(&world, &boris, &operator, attorney(1)).await;
    let booked = book(&world, &boris, &anna.id, THURSDAY).await.expect(201).text("/id");
    world.settle().await;
    // Found with her, as far as this region decided about it; she reads that it was looked at.
    let whose = |who: &Colleague, office: &str| {
        let path = format!("citizens/{}/representatives?officeId={office}", anna.id);
        let (world, who) = (&world, who.clone());
        async move { world.staff(&who, Method::GET, &path, Value::Null).await }
    };
    let found = whose(&operator, "two").await.expect(200);
    let id = found.text("/items/0/id");
    assert_eq!(
        (found.text("/items/0/state"), found.text("/items/0/kind")),
        ("in-force".into(), "attorney".into())
    );
    let chief = world.chief_again().await;
    let far = json!([{ "role": "operator", "officeId": "far" }]);
    let far = world.colleague(&chief, "far@example.ru", far).await;
    assert_eq!(whose(&far, "far").await.expect(200).body["items"], json!([]));
    whose(&far, "two").await.refused(403, "beyond-your-rights");
    let path = format!("representations/{id}/end");
    let said = |office: &str, since: &str| json!({ "officeId": office, "reason": "Отменена у нотариуса", "since": since });
    world.staff(&far, Method::POST, &path, said("far", "2026-12-01")).await.refused(404, "not-found");
    let later = world.staff(&operator, Method::POST, &path, said("two", "2026-12-02")).await;
    assert_eq!(later.refused(422, "invalid-request").text("/errors/0/code"), "in-future");
    world
        .staff(&operator, Method::POST, &path, json!({ "officeId": "two" }))
        .await
        .refused(422, "invalid-request");
    world.a_minute_later().await;
    // A booking of his is on its way for so long that the right is over meanwhile.
    world.system.faults().chance("TransactWriteItems", Fault::Late, 1000, 1);
    let late = act(
        &world,
        &boris,
        &anna.id,
        Method::POST,
        "/v1/appointments",
        booking("two", "paper", "2026-12-04T09:00:00+03:00"),
    )
    .await;
    assert_eq!(late.status, 503, "{}", late.raw);
    world.system.faults().clear();
    for _ in 0..2 {
        world.staff(&operator, Method::POST, &path, said("two", "2026-11-20")).await.expect(204);
    }
    assert_eq!(world.system.deliver_late().await, 0, "the attempt finds the door shut");
    let chief_of_two =
        world.colleague(&chief, "m@example.ru", json!([{ "role": "manager", "officeId": "two" }])).await;
    world
        .staff(&chief_of_two, Method::POST, &path, said("two", "2026-11-20"))
        .await
        .refused(409, "grant-over");
    book(&world, &boris, &anna.id, FRIDAY).await.refused(403, "not-represented");
    world.settle().await;
    for who in [&anna, &boris] {
        assert_eq!(world.get_as(who, "/v1/me/events").await.text("/items/0/what"), "representation-ended");
        let mail = world.sent_to(&who.email).pop().unwrap_or_default();
        assert!(mail.contains("больше не может") && mail.contains("Отменена у нотариуса"), "{mail}");
        let readings = world.get_as(who, "/v1/me/readings").await.expect(200);
        assert!(readings.raw.contains("representation-ended"), "{}", readings.raw);
    }
    for (who, path) in [(&anna, THEIRS), (&boris, MINE)] {
        let seen = world.get_as(who, path).await.expect(200);
        assert_eq!(
            (seen.text("/items/0/endedBy"), seen.text("/items/0/endedSince")),
            ("staff".into(), "2026-11-20".into())
        );
        assert_eq!(seen.text("/items/0/endedReason"), "Отменена у нотариуса");
    }
    // What was booked stays hers, and she alone changes it.
    let path = format!("/v1/appointments/{booked}");
    assert_eq!(world.get_as(&anna, &path).await.expect(200).text("/phase"), "planned");
    world.post_as(&anna, &format!("{path}/cancel"), json!({})).await.expect(200);
    assert!(!world.stands_in_clear("Отменена у нотариуса"));
    world.settle().await;
}

#[tokio::test]
async fn whoever_acts_hears_nothing_more_once_their_own_cabinet_is_closed() {
    let world = World::new().await;
    let (anna, boris) = (shown(&world, 1).await, shown(&world, 2).await);
    let operator = operator(&world).await;
    let ivan = let_act(&world, &anna, &operator, child()).await;
    let_act(&world, &boris, &operator, child()).await;
    deletion::ask(&world, &anna).await.expect(202);
    // She would not hear how it goes on.
    book(&world, &anna, &ivan, THURSDAY).await.refused(409, "deletion-under-way");
    world.until("2026-12-08T10:13:30+03:00").await;
    // Nobody can be written to, so her last message waits, and with it that by which she is reached.
    let services = [Service::Mail, Service::Sms];
    services.into_iter().for_each(|service| world.system.faults().down(service));
    world.until("2026-12-08T10:17:00+03:00").await;
    world.get_as(&anna, "/v1/me").await.refused(401, "unauthorized");
    book(&world, &boris, &ivan, "2026-12-10T10:00:00+03:00").await.expect(201);
    services.into_iter().for_each(|service| world.system.faults().up(service));
    world.until("2026-12-08T13:00:00+03:00").await;
    let told =
        |who: &Citizen| world.sent_to(&who.phone).iter().filter(|sms| sms.starts_with("Для: Иван.")).count();
    assert_eq!((told(&boris), told(&anna)), (1, 0));
}
