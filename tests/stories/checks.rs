//! Showing who one is to an operator by video: the citizen asks, one operator takes it, sees and decides (ACC-9, OFC-6).

use super::identity::{IDENTITY, by_code, happened, means};
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, Colleague, World};

const CHECK: &str = "/v1/me/identity/video-check";
const WEDNESDAY: &str = "2026-12-02T10:00:00+03:00";
const ROOM: &str = "https://video.example.ru/room/7";

async fn asked(world: &World, who: &Citizen) -> Answer {
    world.post_as(who, CHECK, json!({ "officeId": "two", "wishedAt": WEDNESDAY })).await
}

async fn operators(world: &World) -> (Colleague, Colleague, Colleague) {
    let chief = world.chief().await;
    let grants = |role: &str, office: &str| json!([{ "role": role, "officeId": office }]);
    let olga = world.colleague(&chief, "olga@example.ru", grants("operator", "two")).await;
    let pyotr = world.colleague(&chief, "pyotr@example.ru", grants("operator", "two")).await;
    let far = world.colleague(&chief, "far@example.ru", grants("operator", "one")).await;
    (olga, pyotr, far)
}

async fn queue(world: &World, who: &Colleague) -> Answer {
    world.staff(who, Method::GET, "offices/two/checks", Value::Null).await
}

async fn step(world: &World, who: &Colleague, id: &str, step: &str, body: Value) -> Answer {
    world.staff(who, Method::POST, &format!("checks/{id}/{step}"), body).await
}

#[tokio::test]
async fn an_operator_takes_a_check_alone_sees_who_it_is_and_confirms_it() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let (olga, pyotr, far) = operators(&world).await;
    asked(&world, &anna).await.expect(201);
    asked(&world, &anna).await.refused(409, "check-open");
    world.until("2026-12-01T11:30:00+03:00").await;
    let waiting = queue(&world, &olga).await.expect(200);
    let id = waiting.text("/items/0/id");
    assert_eq!(
        (waiting.body["items"][0]["ageMin"].clone(), waiting.text("/items/0/deadline")),
        (json!(90), WEDNESDAY.into())
    );
    assert_eq!(waiting.body["items"][0]["overdue"], json!(false));
    // Of nobody it says who they are; elsewhere nobody sees it.
    assert!(!waiting.raw.contains("Петрова") && !waiting.raw.contains("112-233"), "{}", waiting.raw);
    queue(&world, &far).await.refused(403, "beyond-your-rights");
    step(&world, &far, &id, "take", json!({ "room": ROOM })).await.refused(404, "not-found");
    // A room is an address by https; «two» has none of its own.
    let none = step(&world, &olga, &id, "take", json!({})).await.refused(422, "invalid-request");
    assert_eq!(none.text("/errors/0/field"), "room");
    for bad in ["http://video.example.ru/", "javascript:alert(1)", "https://x y.ru", "https://nowhere"] {
        let answer =
            step(&world, &olga, &id, "take", json!({ "room": bad })).await.refused(422, "invalid-request");
        assert_eq!(answer.text("/errors/0/code"), "not-a-room", "{bad}");
    }
    let decide =
        |result: &str, seen: &Value| json!({ "result": result, "reason": "Паспорт тот же", "seen": seen });
    step(&world, &olga, &id, "decide", decide("confirmed", &json!(1))).await.refused(409, "check-not-taken");
    let taken = step(&world, &olga, &id, "take", json!({ "room": ROOM })).await.expect(200);
    assert_eq!((taken.text("/surname"), taken.text("/snils")), ("Петрова".into(), "112-233-445 95".into()));
    assert_eq!(taken.text("/identityDocument/number"), "123456");
    // Nobody else takes it, reads it or decides it.
    step(&world, &pyotr, &id, "take", json!({ "room": ROOM })).await.refused(409, "check-taken");
    step(&world, &pyotr, &id, "decide", decide("confirmed", &taken.body["seen"]))
        .await
        .refused(409, "check-taken");
    step(&world, &pyotr, &id, "give-back", Value::Null).await.refused(409, "check-taken");
    let path = format!("checks/{id}");
    world.staff(&pyotr, Method::GET, &path, Value::Null).await.refused(409, "check-taken");
    // She is told, finds the room in her cabinet, and sees that she was read.
    world.settle().await;
    assert!(world.sent_to(&anna.phone).pop().unwrap().contains("ждёт вас на видеосвязи"));
    assert!(world.sent_to(&anna.email).pop().unwrap().contains("/identity"));
    let own = world.get_as(&anna, IDENTITY).await.expect(200);
    assert_eq!((own.text("/videoCheck/state"), own.text("/videoCheck/room")), ("taken".into(), ROOM.into()));
    let readings = world.get_as(&anna, "/v1/me/readings").await.expect(200);
    assert_eq!(
        (readings.text("/items/0/subject"), readings.text("/items/0/memberId")),
        ("video-check".into(), olga.id.clone())
    );
    assert!(!world.stands_in_clear("video.example.ru"));
    // She corrects a slip while he looks: what was seen is no longer what would be confirmed.
    world.patch_as(&anna, "/v1/me/profile", json!({ "birthDate": "1985-03-09" })).await.expect(200);
    step(&world, &olga, &id, "decide", decide("confirmed", &taken.body["seen"]))
        .await
        .refused(409, "check-changed");
    let again = world.staff(&olga, Method::GET, &path, Value::Null).await.expect(200);
    assert_eq!((again.text("/birthDate"), again.text("/room")), ("1985-03-09".into(), ROOM.into()));
    for wrong in [
        json!({ "result": "maybe", "reason": "x", "seen": 1 }),
        json!({ "result": "confirmed", "reason": " ", "seen": 1 }),
    ] {
        step(&world, &olga, &id, "decide", wrong).await.refused(422, "invalid-request");
    }
    // What happens in one millisecond stands in no order.
    world.a_minute_later().await;
    step(&world, &olga, &id, "decide", decide("confirmed", &again.body["seen"])).await.expect(200);
    assert_eq!(means(&world, &anna).await, "video");
    let told = happened(&world, &anna).await;
    assert_eq!(told[0], ("identity-confirmed".into(), "video".into()));
    assert_eq!(told[1].0, "video-check-ready");
    let own = world.get_as(&anna, IDENTITY).await.expect(200);
    assert_eq!(
        (own.text("/videoCheck/state"), own.text("/videoCheck/reason")),
        ("confirmed".into(), "Паспорт тот же".into())
    );
    assert_eq!(own.body["videoCheck"].get("room"), None);
    // It is over, for her operator said once more the same.
    step(&world, &olga, &id, "decide", decide("confirmed", &again.body["seen"])).await.expect(200);
    step(&world, &olga, &id, "decide", decide("refused", &again.body["seen"]))
        .await
        .refused(409, "check-over");
    step(&world, &pyotr, &id, "take", json!({ "room": ROOM })).await.refused(409, "check-over");
    assert_eq!(queue(&world, &olga).await.body["items"], json!([]));
    world.settle().await;
}

#[tokio::test]
async fn a_check_that_is_refused_says_why_and_another_can_be_asked_for() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let (olga, pyotr, _) = operators(&world).await;
    asked(&world, &anna).await.expect(201);
    let id = queue(&world, &olga).await.text("/items/0/id");
    step(&world, &olga, &id, "take", json!({ "room": ROOM })).await.expect(200);
    // She is called away: another goes on.
    step(&world, &olga, &id, "give-back", Value::Null).await.expect(204);
    assert_eq!(world.get_as(&anna, IDENTITY).await.body["videoCheck"].get("room"), None);
    let taken = step(&world, &pyotr, &id, "take", json!({ "room": ROOM })).await.expect(200);
    let no = json!({ "result": "refused", "reason": "Лица не видно", "seen": taken.body["seen"] });
    step(&world, &pyotr, &id, "decide", no).await.expect(200);
    assert_eq!(means(&world, &anna).await, "");
    let own = world.get_as(&anna, IDENTITY).await.expect(200);
    assert_eq!(
        (own.text("/videoCheck/text"), own.text("/videoCheck/reason")),
        ("Личность не подтверждена".into(), "Лица не видно".into())
    );
    world.settle().await;
    assert!(world.sent_to(&anna.phone).pop().unwrap().contains("не подтверждена"));
    assert!(!world.stands_in_clear("Лица не видно"));
    asked(&world, &anna).await.expect(201);
    let newer = queue(&world, &olga).await.text("/items/0/id");
    assert_ne!(newer, id);
    // Withdrawn it is gone from the queue, and whoever has the former name finds nothing.
    world.ask(Method::DELETE, CHECK, Some(&anna.token), None, &[]).await.expect(204);
    world.ask(Method::DELETE, CHECK, Some(&anna.token), None, &[]).await.refused(404, "not-found");
    assert_eq!(queue(&world, &olga).await.body["items"], json!([]));
    step(&world, &olga, &newer, "take", json!({ "room": ROOM })).await.refused(409, "check-over");
    step(&world, &olga, &id, "take", json!({ "room": ROOM })).await.refused(404, "not-found");
}

#[tokio::test]
async fn an_office_that_has_a_room_needs_none_to_be_said() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let chief = world.chief().await;
    let olga = json!([{ "role": "operator", "officeId": "large" }]);
    let olga = world.colleague(&chief, "olga@example.ru", olga).await;
    let wish = json!({ "officeId": "large", "wishedAt": "2026-12-01T12:00:00+03:00" });
    world.post_as(&anna, CHECK, wish).await.expect(201);
    world.until("2026-12-01T12:01:00+03:00").await;
    let queue =
        world.staff(&olga, Method::GET, "offices/large/checks?limit=1", Value::Null).await.expect(200);
    assert_eq!(queue.body["items"][0]["overdue"], json!(true), "{}", queue.raw);
    let id = queue.text("/items/0/id");
    let taken = step(&world, &olga, &id, "take", json!({})).await.expect(200);
    assert_eq!(taken.text("/room"), "https://video.example.ru/large");
    world.settle().await;
}

#[tokio::test]
async fn of_two_operators_at_once_one_has_the_check() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let (olga, pyotr, _) = operators(&world).await;
    asked(&world, &anna).await.expect(201);
    let id = queue(&world, &olga).await.text("/items/0/id");
    let (one, other) = futures::join!(
        step(&world, &olga, &id, "take", json!({ "room": ROOM })),
        step(&world, &pyotr, &id, "take", json!({ "room": ROOM })),
    );
    let won = [&one, &other].iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1, "{} {}", one.raw, other.raw);
    world.settle().await;
    assert_eq!(happened(&world, &anna).await.len(), 1);
}

#[tokio::test]
async fn a_check_is_wished_for_while_somebody_is_there() {
    let world = World::new().await;
    let anna = world.citizen().await;
    for (at, code) in [
        ("2026-12-01T10:10:00+03:00", "check-too-soon"),
        ("2026-12-16T10:00:00+03:00", "check-too-far"),
        ("2026-12-02T03:00:00+03:00", "check-shut"),
        ("2026-12-05T10:00:00+03:00", "check-shut"),
        ("tomorrow", "not-a-time"),
    ] {
        let wished = json!({ "officeId": "two", "wishedAt": at });
        let refused = world.post_as(&anna, CHECK, wished).await.refused(422, "invalid-request");
        assert_eq!(refused.text("/errors/0/code"), code, "{at}");
    }
    let nowhere = json!({ "officeId": "nowhere", "wishedAt": WEDNESDAY });
    world.post_as(&anna, CHECK, nowhere).await.refused(422, "invalid-request");
}

#[tokio::test]
async fn a_number_that_is_anothers_is_not_confirmed_by_video_either() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    by_code(&world, &anna).await.expect(200);
    let (olga, _, _) = operators(&world).await;
    asked(&world, &boris).await.expect(201);
    let id = queue(&world, &olga).await.text("/items/0/id");
    let taken = step(&world, &olga, &id, "take", json!({ "room": ROOM })).await.expect(200);
    let yes = json!({ "result": "confirmed", "reason": "Паспорт тот же", "seen": taken.body["seen"] });
    step(&world, &olga, &id, "decide", yes).await.refused(409, "snils-taken");
    // It stays hers to refuse or give back.
    step(&world, &olga, &id, "give-back", Value::Null).await.expect(204);
    world.settle().await;
}

#[tokio::test]
async fn whoever_wished_for_an_earlier_time_comes_first_however_late_they_asked() {
    let world = World::new().await;
    let (anna, boris, vera) = (world.citizen().await, world.citizen().await, world.citizen().await);
    let (olga, ..) = operators(&world).await;
    for (who, at) in
        [(&anna, "2026-12-04T10:00:00+03:00"), (&boris, WEDNESDAY), (&vera, "2026-12-03T10:00:00+03:00")]
    {
        world.post_as(who, CHECK, json!({ "officeId": "two", "wishedAt": at })).await.expect(201);
    }
    let deadlines = |page: &Answer| {
        let items = page.body["items"].as_array().cloned().unwrap_or_default();
        items
            .iter()
            .map(|one| one["deadline"].as_str().unwrap_or_default()[..10].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(deadlines(&queue(&world, &olga).await), ["2026-12-02", "2026-12-03", "2026-12-04"]);
    // Page by page it is the same.
    let first = world.staff(&olga, Method::GET, "offices/two/checks?limit=2", Value::Null).await.expect(200);
    let rest = format!("offices/two/checks?limit=2&cursor={}", first.text("/nextCursor").replace('#', "%23"));
    let rest = world.staff(&olga, Method::GET, &rest, Value::Null).await.expect(200);
    assert_eq!(
        (deadlines(&first), deadlines(&rest)),
        (vec!["2026-12-02".into(), "2026-12-03".into()], vec!["2026-12-04".into()])
    );
    let nowhere = "offices/two/checks?cursor=somewhere";
    world.staff(&olga, Method::GET, nowhere, Value::Null).await.refused(422, "cursor-invalid");
}
