//! An unlock that comes to nothing leaves everything as it was; one that comes about leaves nothing that was before (ACC-6).

use super::passkeys::{add, sign_in};
use super::unlocks::{NEW, Office, PHONE};
use http::Method;
use local::embedded::faults::Fault;
use serde_json::{Value, json};
use tests::{Answer, Authenticator, Citizen, Colleague, PASSWORD, digits, secret};

/// How many devices and passkeys one's cabinet has.
async fn kept(office: &Office) -> [usize; 2] {
    let mut kept = [0; 2];
    for (count, what) in kept.iter_mut().zip(["devices", "passkeys"]) {
        let listed = office.world.get_as(&office.anna, &format!("/v1/me/{what}")).await.expect(200);
        *count = listed.body["items"].as_array().map(Vec::len).unwrap_or_default();
    }
    kept
}

/// Somebody else, registered with the phone that Anna is to have.
async fn registered_meanwhile(office: &Office) -> Citizen {
    let email = "boris@example.ru".to_owned();
    office.world.registered_again(&Citizen { phone: PHONE.to_owned(), email, ..office.anna.clone() }).await
}

#[tokio::test]
async fn an_unlock_that_is_refused_at_its_end_takes_nothing_away() {
    let office = Office::new().await;
    let (world, anna) = (&office.world, &office.anna);
    let mut key = add(world, anna, Authenticator::new(1)).await;
    let id = office.open(&office.olga).await;
    office.decide(&office.pyotr, &id, "approved").await.expect(200);
    registered_meanwhile(&office).await;
    world.until("2026-12-02T12:30:00+03:00").await;
    let (path, code) = office.begin().await;
    let said = json!({ "code": code.expect("a code"), "password": NEW });
    let refused = world.post(&path, said).await;
    assert_eq!(kept(&office).await, [1, 1]);
    // Whoever says the right code has the phone, and may hear that.
    let refused = refused.refused(409, "phone-has-cabinet");
    assert!(refused.text("/detail").contains("отделение"), "{}", refused.raw);
    world.get_as(anna, "/v1/me").await.expect(200);
    sign_in(world, &mut key).await.expect(201);
    office.sign_in(&anna.phone, PASSWORD).await.expect(201);
    // At the office another number is given at once.
    let olga = office.back(&office.olga).await;
    ask(&office, &olga, anna, "+79991234568").await.expect(201);
}

/// Opens an unlock to a phone for somebody who is identified by their document.
async fn ask(office: &Office, by: &Colleague, who: &Citizen, phone: &str) -> Answer {
    let said = json!({ "officeId": "one", "method": "document" });
    let path = format!("citizens/{}/identification", who.id);
    office.staff(by, Method::POST, &path, said).await.expect(201);
    let said = json!({ "officeId": "one", "phone": phone, "reason": "Потеряла телефон" });
    office.staff(by, Method::POST, &format!("citizens/{}/unlocks", who.id), said).await
}

#[tokio::test]
async fn a_phone_opens_one_cabinet() {
    let office = Office::new().await;
    let (world, anna) = (&office.world, &office.anna);
    let (boris, vera) = (world.citizen().await, world.citizen().await);
    let hers = office.open(&office.olga).await;
    let his = ask(&office, &office.olga, &boris, PHONE).await.expect(201).text("/id");
    office.decide(&office.pyotr, &hers, "approved").await.expect(200);
    // The phone that one is promised is no other's.
    office.decide(&office.pyotr, &his, "approved").await.refused(409, "unlock-phone-taken");
    let refused = ask(&office, &office.olga, &vera, PHONE).await.refused(422, "invalid-request");
    assert_eq!(refused.text("/errors/0/code"), "phone-of-another-unlock");
    // The write of one who agrees is on its way for so long that another is agreed to meanwhile.
    let to = "+79991234568";
    let third = ask(&office, &office.olga, &vera, to).await.expect(201).text("/id");
    office.decide(&office.olga, &his, "refused").await.expect(200);
    let his = ask(&office, &office.olga, &boris, to).await.expect(201).text("/id");
    world.system.faults().next("TransactWriteItems", Fault::Late, 1);
    let late = office.decide(&office.pyotr, &third, "approved").await;
    assert_eq!(late.status, 503, "nobody knows: {}", late.raw);
    office.decide(&office.pyotr, &his, "approved").await.expect(200);
    assert_eq!(world.system.deliver_late().await, 0, "the phone is promised to another");
    // What is stopped leaves the phone to others.
    world.post_as(anna, "/v1/me/unlock/stop", Value::Null).await.expect(204);
    let dora = world.citizen().await;
    let again = ask(&office, &office.olga, &dora, PHONE).await.expect(201).text("/id");
    // Somebody registers with it before it is decided.
    registered_meanwhile(&office).await;
    office.decide(&office.pyotr, &again, "approved").await.refused(409, "unlock-phone-taken");
}

#[tokio::test]
async fn what_opened_before_opens_nothing_while_it_is_not_swept_yet_and_what_came_since_stays() {
    let office = Office::new().await;
    let (world, anna) = (&office.world, &office.anna);
    let mut key = add(world, anna, Authenticator::new(1)).await;
    let id = office.open(&office.olga).await;
    office.decide(&office.pyotr, &id, "approved").await.expect(200);
    world.until("2026-12-02T12:30:00+03:00").await;
    let (path, code) = office.begin().await;
    let said = json!({ "code": code.expect("a code"), "password": NEW });
    // The table gives out after the write: nothing is swept.
    world.system.faults().chance("Query", Fault::Refused, 1_000, 1);
    world.post(&path, said.clone()).await.refused(503, "unavailable");
    world.system.faults().clear();
    sign_in(world, &mut key).await.refused(401, "passkey-wrong");
    world.a_minute_later().await;
    // The device is not known any more: a code goes to the new phone.
    let asked = office.sign_in(PHONE, NEW).await.expect(202);
    world.settle().await;
    let there = digits(&world.sent_to(PHONE).pop().unwrap_or_default());
    let there = json!({ "code": there });
    let open = world.post(&format!("/v1/sessions/challenges/{}/complete", asked.text("/id")), there).await;
    let open = open.expect(201);
    let now = Citizen { token: open.text("/token"), device: open.text("/deviceToken"), ..anna.clone() };
    let office = Office { anna: now, ..office };
    assert_eq!(kept(&office).await, [1, 0], "what counts no more is not shown");
    let begun = json!({ "password": NEW });
    let begun = office.world.post_as(&office.anna, "/v1/me/passkeys", begun).await.expect(201);
    let mut new = Authenticator::new(2);
    let made = new.create(&begun.body["publicKey"]);
    let made = json!({ "id": begun.text("/id"), "name": "x", "credential": made });
    office.world.post_as(&office.anna, "/v1/me/passkeys/complete", made).await.expect(204);
    // Asked for again it sweeps what is left, and nothing else.
    office.world.post(&path, said).await.expect(204);
    assert_eq!(kept(&office).await, [1, 1]);
    sign_in(&office.world, &mut new).await.expect(201);
    let device = json!({ "login": PHONE, "password": NEW, "deviceToken": office.anna.device });
    office.world.post("/v1/sessions", device).await.expect(201);
    office.world.settle().await;
}

#[tokio::test]
async fn the_owner_who_stops_it_in_the_last_moment_loses_nothing() {
    let office = Office::new().await;
    let (world, anna) = (&office.world, &office.anna);
    let id = office.open(&office.olga).await;
    office.decide(&office.pyotr, &id, "approved").await.expect(200);
    world.until("2026-12-02T12:30:00+03:00").await;
    let (path, code) = office.begin().await;
    let said = json!({ "code": code.expect("a code"), "password": NEW });
    // Opening is under way, and its write comes after the owner's.
    world.system.faults().next("TransactWriteItems", Fault::Conflict, 1);
    world.post(&path, said.clone()).await.refused(503, "overloaded");
    world.post_as(anna, "/v1/me/unlock/stop", Value::Null).await.expect(204);
    world.post(&path, said).await.refused(410, "proof-spent");
    assert_eq!(kept(&office).await, [1, 0]);
    office.sign_in(&anna.phone, PASSWORD).await.expect(201);
}

#[tokio::test]
async fn the_mailbox_of_before_does_not_take_the_cabinet_back() {
    let office = Office::new().await;
    let (world, anna) = (&office.world, &office.anna);
    let link = secret(&world.sent_to(&anna.email)[0]);
    let link = json!({ "token": link });
    world.post("/v1/email-confirmations", link.clone()).await.expect(204);
    let id = office.open(&office.olga).await;
    office.decide(&office.pyotr, &id, "approved").await.expect(200);
    world.until("2026-12-02T12:30:00+03:00").await;
    let (path, code) = office.begin().await;
    let said = json!({ "code": code.expect("a code"), "password": NEW });
    world.post(&path, said).await.expect(204);
    world.post("/v1/email-confirmations", link).await.refused(410, "link-expired");
    world.a_minute_later().await;
    let before = world.sent_to(&anna.email).len();
    world.post("/v1/recoveries", json!({ "login": anna.email })).await.expect(201);
    world.settle().await;
    assert_eq!(world.sent_to(&anna.email).len(), before, "no code goes there");
    // A link that is asked for by the owner since is good.
    world.a_minute_later().await;
    let asked = office.sign_in(PHONE, NEW).await.expect(202);
    world.settle().await;
    let code = json!({ "code": digits(&world.sent_to(PHONE).pop().unwrap_or_default()) });
    let open = world.post(&format!("/v1/sessions/challenges/{}/complete", asked.text("/id")), code).await;
    let owner = Citizen { token: open.expect(201).text("/token"), ..anna.clone() };
    world.post_as(&owner, "/v1/me/email-confirmation", Value::Null).await.expect(202);
    world.settle().await;
    let link = json!({ "token": secret(&world.sent_to(&anna.email).pop().unwrap_or_default()) });
    world.post("/v1/email-confirmations", link).await.expect(204);
}
