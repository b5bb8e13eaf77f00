//! Who may do what about whom: every operation on staff, by every role, in one's own office and elsewhere (OFC-8).

use http::Method;
use serde_json::{Value, json};
use std::fmt::Write as _;
use tests::{Colleague, World};

/// What is tried about somebody, and how it is answered when it is done.
const OPERATIONS: [(&str, &str); 6] = [
    ("see", "GET members/{id}"),
    ("history", "GET members/{id}/history"),
    ("invite beside", "POST invitations"),
    ("change", "POST members/{id}/grants"),
    ("block", "POST members/{id}/block"),
    ("unblock", "POST members/{id}/unblock"),
];

/// Where the other one works.
const WHERE: [&str; 3] = ["own office", "office of the region", "office elsewhere"];

/// What each may do: a letter an operation in their order, for each of [`WHERE`]; `.` is what they may not.
const MAY: [(&str, [&str; 3]); 6] = [
    ("operator", ["......", "......", "......"]),
    ("specialist", ["......", "......", "......"]),
    ("manager", ["shicbu", "......", "......"]),
    ("administrator", ["shicbu", "......", "......"]),
    ("administrator of the region", ["shicbu", "shicbu", "......"]),
    ("administrator everywhere", ["shicbu", "shicbu", "shicbu"]),
];

fn grant(who: &str) -> Value {
    match who {
        "administrator of the region" => json!([{ "role": "administrator", "regionId": "RU-MOW" }]),
        "administrator everywhere" => json!([{ "role": "administrator", "everywhere": true }]),
        role => json!([{ "role": role, "officeId": "one" }]),
    }
}

async fn tried(world: &World, who: &Colleague, operation: &str, other: &Colleague, office: &str) -> bool {
    let operator = json!([{ "role": "operator", "officeId": office }]);
    let (method, path) = operation.split_once(' ').expect("a method");
    let path = path.replace("{id}", &other.id);
    let body = match path.rsplit('/').next() {
        _ if method == "GET" => Value::Null,
        Some("invitations") => json!({
            "surname": "Новый", "givenName": "Человек", "email": format!("{}-{office}@example.ru", who.id.to_lowercase()),
            "grants": operator,
        }),
        Some("grants") => json!({
            "grants": [{ "role": "specialist", "officeId": office }, { "role": "operator", "officeId": office }],
            "reason": "Проверка",
        }),
        _ => json!({ "reason": "Проверка" }),
    };
    let method = if method == "GET" { Method::GET } else { Method::POST };
    let answer = world.staff(who, method, &path, body).await;
    let refused = matches!(
        (answer.status, answer.problem().as_str()),
        (403, "beyond-your-rights") | (404, "not-found")
    );
    assert!(refused || answer.status < 300, "{operation} by {}: {}", who.email, answer.raw);
    !refused
}

#[tokio::test]
async fn everybody_may_what_their_role_says_where_it_holds_and_nothing_else() {
    let world = World::new().await;
    let chief = world.chief().await;
    let mut others = Vec::new();
    for office in ["one", "two", "far"] {
        let email = format!("{office}@example.ru");
        let grants = json!([{ "role": "operator", "officeId": office }]);
        others.push((office, world.colleague(&chief, &email, grants).await));
    }
    let mut wrong = String::new();
    for (n, (who, may)) in MAY.iter().enumerate() {
        let actor = world.colleague(&chief, &format!("actor{n}@example.ru"), grant(who)).await;
        for ((office, other), (place, expected)) in others.iter().zip(WHERE.iter().zip(may)) {
            let mut found = String::new();
            for (name, operation) in OPERATIONS {
                let done = tried(&world, &actor, operation, other, office).await;
                found.push(if done { name.chars().next().unwrap_or('?') } else { '.' });
            }
            if found != **expected {
                writeln!(wrong, "{who}, {place}: may {found}, should {expected}").expect("a string");
            }
        }
        world.settle().await;
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[tokio::test]
async fn nobody_gives_what_is_not_theirs_nor_overrules_from_below_or_beside() {
    let world = World::new().await;
    let chief = world.chief().await;
    let one = |role: &str| json!([{ "role": role, "officeId": "one" }]);
    let manager = world.colleague(&chief, "manager@example.ru", one("manager")).await;
    let beyond = "beyond-your-rights";
    for grants in [one("manager"), one("administrator"), json!([{ "role": "operator", "officeId": "two" }])] {
        world.invite(&manager, "new@example.ru", grants).await.refused(403, beyond);
    }
    let mixed =
        json!([{ "role": "operator", "officeId": "one" }, { "role": "operator", "regionId": "RU-MOW" }]);
    world.invite(&manager, "new@example.ru", mixed).await.refused(403, beyond);
    // Another manager of the same office is seen, and left alone.
    let peer = world.colleague(&chief, "peer@example.ru", one("manager")).await;
    let path = |what: &str| format!("members/{}/{what}", peer.id);
    world.staff(&manager, Method::GET, &format!("members/{}", peer.id), Value::Null).await.expect(200);
    let why = json!({ "reason": "Проверка" });
    world.staff(&manager, Method::POST, &path("block"), why.clone()).await.refused(403, beyond);
    // Somebody who also works elsewhere is more than this office's.
    let both = json!([{ "role": "operator", "officeId": "one" }, { "role": "operator", "officeId": "far" }]);
    let both = world.colleague(&chief, "both@example.ru", both).await;
    let block = format!("members/{}/block", both.id);
    world.staff(&manager, Method::POST, &block, why.clone()).await.refused(403, beyond);
    world.staff(&chief, Method::POST, &block, why).await.expect(200);
    // And nobody is raised by whoever could not be what they are raised to.
    let desk = world.colleague(&manager, "desk@example.ru", one("operator")).await;
    let raise = json!({ "grants": one("manager"), "reason": "Проверка" });
    world
        .staff(&manager, Method::POST, &format!("members/{}/grants", desk.id), raise)
        .await
        .refused(403, beyond);
}
