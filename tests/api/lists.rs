//! Every list is paged: it says so, and page after page shows everything once.

use super::schema::Described;
use domain::appointment::Actor;
use domain::waitlist::{EntryAction, EntryChange, PassedOver};
use domain::{OfferId, OperationId, Ulid};
use serde_json::Value;
use std::collections::BTreeSet;
use store::Store;
use tests::{Citizen, World};

/// Lists that come whole: what they are bounded by.
const WHOLE: [(&str, &str); 6] = [
    ("/v1/staff/citizens/find", "twenty of one name"),
    ("/v1/suggestions", "ten"),
    ("/v1/offices/{id}/calendar", "the days of a month"),
    ("/v1/offices/{id}/slots", "the starts of a day"),
    ("/v1/staff/offices/{id}/figures", "62 days"),
    ("/v1/staff/citizens/{id}/representatives", "five papers of each of fifty people at the most"),
];

#[test]
fn a_list_says_how_it_goes_on() {
    let described = Described::new();
    let mut lists = 0;
    for (method, path, operation) in described.operations() {
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let members = described.members(schema);
        let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let asks = |name: &str| parameters.iter().any(|one| one["in"] == "query" && one["name"] == name);
        let long = ["items", "days", "slots"].iter().any(|list| members.contains_key(*list));
        if !long || WHOLE.iter().any(|(whole, _)| *whole == path) {
            continue;
        }
        let paged = asks("cursor") && asks("limit") && members.contains_key("nextCursor");
        assert!(paged, "{method} {path} is a list without pages");
        lists += 1;
    }
    assert!(lists >= 8, "{lists} lists");
}

#[tokio::test]
async fn page_after_page_shows_everything_once() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let booked = world.book(&anna, "two", "talk", "2026-12-03T10:00:00+03:00").await.text("/id");
    world.book(&anna, "two", "paper", "2026-12-04T10:00:00+03:00").await;
    let to = serde_json::json!({ "officeId": "two", "startsAt": "2026-12-03T11:00:00+03:00" });
    world.post_as(&anna, &format!("/v1/appointments/{booked}/reschedule"), to).await.expect(200);
    world.settle().await;
    for path in [
        "/v1/regions".to_owned(),
        "/v1/offices".to_owned(),
        "/v1/services".to_owned(),
        "/v1/appointments".to_owned(),
        "/v1/inbox".to_owned(),
        format!("/v1/appointments/{booked}/history"),
    ] {
        let (whole, _) = page(&world, &anna, &path, 50, None).await;
        assert!(whole.len() > 1, "{path} has more than one");
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let (items, next) = page(&world, &anna, &path, 1, cursor.as_deref()).await;
            assert!(items.len() <= 1, "{path}");
            seen.extend(items);
            cursor = next;
            if cursor.is_none() || seen.len() > whole.len() {
                break;
            }
        }
        assert_eq!(seen, whole, "{path}");
        let distinct: BTreeSet<String> = seen.iter().map(Value::to_string).collect();
        assert_eq!(distinct.len(), seen.len(), "{path}");
        for (wrong, code) in [
            ("cursor=%00", "cursor-invalid"),
            ("limit=0", "invalid-request"),
            ("limit=51", "invalid-request"),
        ] {
            world.get_as(&anna, &format!("{path}?{wrong}")).await.refused(422, code);
        }
    }
}

async fn page(
    world: &World,
    who: &Citizen,
    path: &str,
    limit: u8,
    cursor: Option<&str>,
) -> (Vec<Value>, Option<String>) {
    let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    let answer = world.get_as(who, &format!("{path}?limit={limit}{cursor}")).await.expect(200);
    let next = answer.body["nextCursor"].as_str().map(str::to_owned);
    (answer.body["items"].as_array().expect("items").clone(), next)
}

/// More rows than one reading brings.
const MANY: u64 = 250;

#[tokio::test]
async fn a_long_history_is_shown_to_its_end() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    world.book(&boris, "one", "talk", "2026-12-04T10:00:00+03:00").await;
    let wish = serde_json::json!({ "serviceId": "talk", "offices": ["one"], "from": "2026-12-04", "to": "2026-12-04" });
    world.post_as(&anna, "/v1/waitlist", wish).await.expect(201);
    world.settle().await;
    let store = Store::new(world.table(), world.system.table().name().to_owned());
    let (citizen, service) = (anna.id.parse().expect("an id"), "talk".parse().expect("a service"));
    for n in 0..MANY {
        let offer = OfferId(Ulid::from_parts(n, 1));
        let change = EntryChange {
            version: 0,
            actor: Actor::System,
            member: None,
            representative: None,
            action: EntryAction::PassedOver,
            at: world.system.now(),
            operation: OperationId(offer.0),
            offer: Some((offer, world.system.now())),
            why: Some(PassedOver::Overlaps),
        };
        store.put_passed(citizen, &service, offer, &change).await.expect("a row");
    }
    let (mut seen, mut cursor) = (0, None);
    loop {
        let (items, next) = page(&world, &anna, "/v1/waitlist/talk/history", 50, cursor.as_deref()).await;
        seen += items.len() as u64;
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, MANY + 1, "those passed over, and joining");
    world.settle().await;
}
