//! Somebody of whom everything is kept that can be; for stories of how it goes.

use super::acts::{FRIDAY, friday, give_up};
use super::identity::by_code;
use http::Method;
use local::people::papers;
use serde_json::{Value, json};
use store::{Item, Key};
use tests::{Authenticator, Citizen, PASSWORD, World, booking};

/// After her visit.
const AFTER_HER_VISIT: &str = "2026-12-03T10:40:00+03:00";

/// Somebody of whom everything is kept that can be, and who holds nothing any more.
pub struct Lived {
    pub who: Citizen,
    /// Of her ticket.
    pub number: String,
    /// As staff name her visit.
    pub visit: String,
}

pub async fn lived(world: &World) -> Lived {
    let chief = world.chief().await;
    let anna = world.citizen().await;
    by_code(world, &anna).await.expect(200);
    papers(&world.system, &anna.token, "grant").await.expect("papers");
    let mut body = booking("two", "paper", "2026-12-03T10:15:00+03:00");
    (body["purpose"], body["contactPhone"]) = (json!("Перерасчёт пособия"), json!("+79995550011"));
    let booked = world.post_as(&anna, "/v1/appointments", body).await.expect(201);
    let path = format!("/v1/appointments/{}/reschedule", booked.text("/id"));
    // More changes than ride on the appointment.
    for at in ["10:30", "10:45", "11:00", "11:15", "10:00"] {
        let to = json!({ "officeId": "two", "startsAt": format!("2026-12-03T{at}:00+03:00"), "reason": "занята утром" });
        world.post_as(&anna, &path, to).await.expect(200);
        world.settle().await;
    }
    let grants = json!([{ "role": "operator", "officeId": "one" }]);
    let operator = world.colleague(&chief, "operator@example.ru", grants).await;
    let of_her = format!("citizens/{}", anna.id);
    let said = json!({ "officeId": "one", "method": "facts", "phone": anna.phone, "email": anna.email });
    world.staff(&operator, Method::POST, &format!("{of_her}/identification"), said).await.expect(201);
    let note = json!({ "officeId": "one", "text": "Просила перезвонить" });
    world.staff(&operator, Method::POST, &format!("{of_her}/notes"), note).await.expect(201);
    let acting = [("acting-for", anna.id.as_str())];
    let by_phone = |method, path: String, body| {
        let (world, token) = (&world, operator.token.as_str());
        async move { world.ask(method, &path, Some(token), Some(body), &acting).await }
    };
    let body = booking("one", "talk", "2026-12-07T10:00:00+03:00");
    let monday = by_phone(Method::POST, "/v1/appointments".to_owned(), body).await.expect(201).text("/id");
    let why = json!({ "reason": "просит по телефону" });
    by_phone(Method::POST, format!("/v1/appointments/{monday}/cancel"), why).await.expect(200);
    // She is put in line by phone, is offered a place, declines it and leaves.
    let boris = world.citizen().await;
    let held = world.book(&boris, "one", "talk", FRIDAY).await.text("/id");
    by_phone(Method::POST, "/v1/waitlist".to_owned(), friday()).await.expect(201);
    world.settle().await;
    give_up(world, &(boris, held)).await;
    let offer = world.get_as(&anna, "/v1/waitlist/talk").await.expect(200).text("/offerId");
    world.post_as(&anna, &format!("/v1/offers/{offer}/decline"), json!({})).await.expect(200);
    world.post_as(&anna, "/v1/waitlist/talk/leave", json!({})).await.expect(200);
    world.post_as(&anna, "/v1/me/identity/signatures", json!({})).await.expect(201);
    let wish = json!({ "officeId": "large", "wishedAt": "2026-12-02T10:00:00+03:00" });
    world.post_as(&anna, "/v1/me/identity/video-check", wish).await.expect(201);
    world.post_as(&anna, "/v1/me/export", json!({ "password": PASSWORD })).await.expect(200);
    // She has a passkey, and somebody has begun to give her another phone.
    let begun = world.post_as(&anna, "/v1/me/passkeys", json!({ "password": PASSWORD })).await.expect(201);
    let made = Authenticator::new(1).create(&begun.body["publicKey"]);
    let made = json!({ "id": begun.text("/id"), "name": "Телефон", "credential": made });
    world.post_as(&anna, "/v1/me/passkeys/complete", made).await.expect(204);
    let said = json!({ "officeId": "one", "method": "document" });
    world.staff(&operator, Method::POST, &format!("{of_her}/identification"), said).await.expect(201);
    let said = json!({ "officeId": "one", "phone": "+79995550022", "reason": "Потеряла телефон" });
    world.staff(&operator, Method::POST, &format!("{of_her}/unlocks"), said).await.expect(201);
    world.until("2026-12-03T09:45:00+03:00").await;
    let code = world.code(&chief);
    let mut chief = chief;
    chief.token = world.staff_sign_in(&chief.email, PASSWORD, &code).await.expect(201).text("/token");
    let grants = json!([{ "role": "specialist", "officeId": "two" }]);
    let specialist = world.colleague(&chief, "specialist@example.ru", grants).await;
    let desk = |path: String, body| {
        let (world, specialist) = (&world, &specialist);
        async move { world.staff(specialist, Method::POST, &path, body).await.expect(200) }
    };
    let number = booked.text("/number");
    let arrived = json!({ "number": number });
    world.staff(&specialist, Method::POST, "offices/two/arrivals", arrived).await;
    let visit = desk("offices/two/windows/a/call-next".to_owned(), json!({})).await.text("/id");
    world.staff(&specialist, Method::GET, &format!("visits/{visit}"), Value::Null).await.expect(200);
    desk(format!("visits/{visit}/receive"), json!({})).await;
    let close = json!({ "result": "documents-missing", "note": "Нужна справка" });
    desk(format!("visits/{visit}/close"), close).await;
    world.until(AFTER_HER_VISIT).await;
    Lived { who: anna, number, visit }
}

/// All rows of the table.
pub async fn rows(world: &World) -> Vec<Item> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let scan = world.table().scan().table_name("okno").set_exclusive_start_key(after);
        let page = scan.send().await.expect("rows");
        rows.extend(page.items.unwrap_or_default());
        after = page.last_evaluated_key;
        if after.is_none() {
            return rows;
        }
    }
}

pub fn key(row: &Item) -> Key {
    Key::of(row).expect("a key")
}
