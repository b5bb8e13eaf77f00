//! Everything that the functions do, once: what people do, what the clock and the workers do about it, and who is the
//! first to need a key.

use http::Method;
use local::embedded::ledger::Uses;
use serde_json::{Value, json};
use tests::{Citizen, PASSWORD, World, booking, form, secret};

pub(super) const THURSDAY: &str = "2026-12-03T10:00:00+03:00";
pub(super) const FRIDAY: &str = "2026-12-04T10:00:00+03:00";
/// A token of nobody's.
const NOBODY: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV.c2VjcmV0";

/// What all flows together use.
pub async fn all() -> Uses {
    let mut uses = first_keys().await;
    for flow in [
        accounts().await,
        super::cabinet::cabinet().await,
        super::documents::documents().await,
        visits().await,
        changes().await,
        waiting().await,
        leaving().await,
        colleagues().await,
        reception().await,
        super::acting::acting().await,
        super::identity::identity().await,
        super::keeping::keeping().await,
        super::representatives::representatives().await,
        super::signing::signing().await,
        offices().await,
        specialists().await,
    ] {
        uses.extend(flow);
    }
    uses
}

pub(super) async fn begun() -> World {
    let world = World::new().await;
    world.system.ledger().start();
    world
}

pub(super) async fn ended(world: World) -> Uses {
    world.settle().await;
    world.system.ledger().take()
}

/// Whoever needs a key that nobody has made yet makes it.
async fn first_keys() -> Uses {
    let purpose = json!({ "purpose": "x", "officeId": "one", "serviceId": "talk", "startsAt": FRIDAY, "rulesVersion": "2026-11" });
    let code = json!({ "code": "123456" });
    let sign_in = json!({ "login": "+79990001122", "password": PASSWORD });
    let token = json!({ "token": NOBODY });
    let why = json!({ "reason": "x", "officeId": "one", "startsAt": FRIDAY });
    let asked = [
        ("/v1/appointments/x/reschedule", why),
        ("/v1/appointments/x/cancel", json!({ "reason": "x" })),
        ("/v1/registrations", json!({ "phone": "+79990001122" })),
        ("/v1/registrations/01ARZ3NDEKTSV4RRFFQ69G5FAV/verify", code.clone()),
        ("/v1/email-confirmations", token.clone()),
        ("/v1/sessions", sign_in),
        ("/v1/documents/grant/files", json!({})),
        ("/v1/appointments", purpose),
        ("/v1/offers/01ARZ3NDEKTSV4RRFFQ69G5FAV/accept", token),
        ("/v1/offers/01ARZ3NDEKTSV4RRFFQ69G5FAV/text-to-sign", json!({})),
        ("/v1/me", Value::Null),
        ("/v1/me/representations", Value::Null),
        ("/v1/me/identity/codes/01ARZ3NDEKTSV4RRFFQ69G5FAV/complete", code),
        ("/v1/staff/enrolments", json!({ "token": NOBODY })),
    ];
    let mut uses = Uses::new();
    for (path, body) in asked {
        let world = begun().await;
        let method = if body.is_null() { Method::GET } else { Method::POST };
        world.ask(method, path, Some(NOBODY), Some(body), &[]).await;
        uses.extend(ended(world).await);
    }
    uses
}

async fn accounts() -> Uses {
    let world = begun().await;
    let registration = world.post("/v1/registrations", json!({ "phone": "+79990009999" })).await.expect(201);
    let path = format!("/v1/registrations/{}", registration.text("/id"));
    world.until("2026-12-01T10:02:00+03:00").await;
    world.post(&format!("{path}/code"), json!({})).await.expect(202);
    world.settle().await;
    let code = tests::digits(&world.sent_to("+79990009999").pop().expect("an SMS"));
    world.post(&format!("{path}/verify"), json!({ "code": "000000" })).await.refused(422, "code-wrong");
    world.post(&format!("{path}/verify"), json!({ "code": code })).await.expect(204);
    let done = world.post(&format!("{path}/complete"), form("anna@example.ru")).await.expect(201);
    world.settle().await;
    let token = done.text("/token");
    world.ask(Method::GET, "/v1/me", Some(&token), None, &[]).await.expect(200);
    world.until("2026-12-01T10:10:00+03:00").await;
    world.ask(Method::POST, "/v1/me/email-confirmation", Some(&token), None, &[]).await.expect(202);
    world.settle().await;
    let link = secret(&world.sent_to("anna@example.ru").pop().expect("a mail"));
    world.post("/v1/email-confirmations", json!({ "token": link })).await.expect(204);
    world.ask(Method::GET, "/v1/inbox", Some(&token), None, &[]).await.expect(200);
    world.ask(Method::DELETE, "/v1/sessions/current", Some(&token), None, &[]).await.expect(204);
    for login in ["anna@example.ru", "+79991112233"] {
        world.post("/v1/sessions", json!({ "login": login, "password": PASSWORD })).await;
    }
    for path in ["regions", "offices", "offices/one", "services?q=x", "services/talk", "openapi.json"] {
        world.get(&format!("/v1/{path}")).await.expect(200);
    }
    ended(world).await
}

/// Booked, reminded, come; booked, reminded, missed.
async fn visits() -> Uses {
    let world = begun().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    for who in [None, Some(anna.token.as_str())] {
        for path in ["calendar?serviceId=talk", "slots?serviceId=talk&date=2026-12-03"] {
            let path = format!("/v1/offices/two/{path}");
            world.ask(Method::GET, &path, who, None, &[]).await.expect(200);
        }
    }
    world.book(&boris, "two", "talk", THURSDAY).await;
    let mut body = booking("two", "talk", THURSDAY);
    body["purpose"] = json!("Совет");
    body["contactPhone"] = json!("+79995550022");
    let booked = world.post_as(&anna, "/v1/appointments", body).await.expect(201);
    // More changes than ride on the appointment: checking in spills the oldest.
    for at in ["09:00", "09:30", "10:30"] {
        let path = format!("/v1/appointments/{}/reschedule", booked.text("/id"));
        let to = json!({ "officeId": "two", "startsAt": format!("2026-12-03T{at}:00+03:00") });
        world.post_as(&anna, &path, to).await.expect(200);
    }
    world.until("2026-12-03T09:50:00+03:00").await;
    let ticket = json!({ "officeId": "two", "number": booked.text("/number"), "code": booked.text("/code") });
    world.post("/v1/check-ins", ticket).await.expect(201);
    world.until("2026-12-03T10:11:00+03:00").await;
    world.get_as(&anna, "/v1/inbox").await.expect(200);
    ended(world).await
}

/// Asks twice with one key, as after an answer that was lost.
async fn twice(world: &World, who: &Citizen, path: &str, body: Value) -> String {
    let key = [("idempotency-key", path)];
    let ask = || world.ask(Method::POST, path, Some(&who.token), Some(body.clone()), &key);
    let (first, again) = (ask().await, ask().await);
    assert!(first.status < 300, "{path}: {}", first.raw);
    assert_eq!((first.status, first.raw), (again.status, again.raw.clone()), "{path}");
    world.settle().await;
    again.text("/id")
}

/// Moved more often than rides on the appointment, looked at, given up; nobody waits, so it goes to the public.
async fn changes() -> Uses {
    let world = begun().await;
    let anna = world.citizen().await;
    let booked = twice(&world, &anna, "/v1/appointments", booking("two", "talk", THURSDAY)).await;
    let path = format!("/v1/appointments/{booked}");
    let to = json!({ "officeId": "two", "startsAt": "2026-12-04T11:30:00+03:00" });
    twice(&world, &anna, &format!("{path}/reschedule"), to).await;
    for (office, at) in
        [("two", "11:00"), ("one", "10:00"), ("two", "09:00"), ("two", "09:30"), ("two", "10:30")]
    {
        let to = json!({ "officeId": office, "startsAt": format!("2026-12-04T{at}:00+03:00"), "reason": "занята" });
        world.post_as(&anna, &format!("{path}/reschedule"), to).await.expect(200);
        world.settle().await;
    }
    // Taken by somebody else: what is near is looked for.
    let boris = world.citizen().await;
    world.book(&boris, "one", "talk", "2026-12-07T10:00:00+03:00").await;
    let taken = json!({ "officeId": "one", "startsAt": "2026-12-07T10:00:00+03:00" });
    world.post_as(&anna, &format!("{path}/reschedule"), taken).await.refused(409, "slot-taken");
    let dina = world.citizen().await;
    world.try_book(&dina, "one", "talk", "2026-12-07T10:00:00+03:00").await.refused(409, "slot-taken");
    world.post_as(&dina, "/v1/waitlist", wish("2026-12-09")).await.refused(409, "slots-are-free");
    for path in [path.clone(), format!("{path}/history"), "/v1/appointments".to_owned()] {
        world.get_as(&anna, &path).await.expect(200);
    }
    twice(&world, &anna, &format!("{path}/cancel"), json!({ "reason": "заболела" })).await;
    world.until("2026-12-01T10:20:00+03:00").await;
    ended(world).await
}

fn wish(on: &str) -> Value {
    json!({ "serviceId": "talk", "offices": ["one"], "from": on, "to": on })
}

async fn waits(world: &World, on: &str) -> Citizen {
    let who = world.citizen().await;
    world.post_as(&who, "/v1/waitlist", wish(on)).await.expect(201);
    world.settle().await;
    world.system.advance_to(world.system.now() + chrono::TimeDelta::seconds(1)).await;
    who
}

async fn gives_up(world: &World, who: &Citizen, appointment: &str) {
    world.post_as(who, &format!("/v1/appointments/{appointment}/cancel"), json!({})).await.expect(200);
    world.settle().await;
}

/// Offers: passed over, declined, lapsed, taken by the link; the later slot goes on down the line.
async fn waiting() -> Uses {
    let world = begun().await;
    let holder = world.citizen().await;
    let friday = world.book(&holder, "one", "talk", FRIDAY).await.text("/id");
    let busy = waits(&world, "2026-12-04").await;
    let first = waits(&world, "2026-12-04").await;
    let second = waits(&world, "2026-12-04").await;
    let third = world.citizen().await;
    world.book(&third, "one", "talk", "2026-12-08T10:00:00+03:00").await;
    twice(&world, &third, "/v1/waitlist", wish("2026-12-04")).await;
    // Whoever is busy then is passed over.
    world.book(&busy, "two", "paper", FRIDAY).await;
    gives_up(&world, &holder, &friday).await;
    let offer = |who: Citizen| {
        let world = &world;
        async move {
            world.settle().await;
            world.get_as(&who, "/v1/waitlist/talk").await.expect(200).text("/offerId")
        }
    };
    let made = offer(first.clone()).await;
    world.get_as(&first, &format!("/v1/offers/{made}")).await.expect(200);
    world.post_as(&first, &format!("/v1/offers/{made}/decline"), json!({})).await.expect(200);
    assert!(!offer(second.clone()).await.is_empty(), "the next is asked");
    // Silence, and a nudge before it.
    world.until("2026-12-01T12:10:00+03:00").await;
    let made = offer(third.clone()).await;
    let link = secret(&world.sent_to(&third.phone).pop().expect("an SMS"));
    world.get(&format!("/v1/offers/{made}?token={link}")).await.expect(200);
    for _ in ["once", "and once more"] {
        world.post(&format!("/v1/offers/{made}/accept"), json!({ "token": link })).await.expect(200);
    }
    world.until("2026-12-01T12:20:00+03:00").await;
    world.get_as(&busy, "/v1/waitlist/talk/history").await.expect(200);
    ended(world).await
}

/// Paused, resumed, left; a place that is over while its rows still stand is met by the worker.
async fn leaving() -> Uses {
    let world = begun().await;
    let holder = world.citizen().await;
    let friday = world.book(&holder, "one", "talk", FRIDAY).await.text("/id");
    let first = waits(&world, "2026-12-04").await;
    let second = waits(&world, "2026-12-04").await;
    let stand = |how: &str| format!("/v1/waitlist/talk/{how}");
    world.post_as(&second, &stand("pause"), json!({})).await.expect(200);
    world.post_as(&second, &stand("resume"), json!({})).await.expect(200);
    world.get_as(&second, "/v1/waitlist").await.expect(200);
    world.settle().await;
    world.system.deliveries().drop_next("changefeed", 3);
    world.post_as(&first, &stand("leave"), json!({})).await.expect(200);
    world.settle().await;
    world.system.deliveries().clear();
    gives_up(&world, &holder, &friday).await;
    let made = world.get_as(&second, "/v1/waitlist/talk").await.text("/offerId");
    world.post_as(&second, &format!("/v1/offers/{made}/accept"), json!({})).await.expect(200);
    // What the changefeed cannot understand it gives up itself.
    let nobody = domain::AppointmentId(ulid::Ulid::nil());
    let broken = store::keys::appointment(second.id.parse().expect("an id"), nobody);
    let put = world.table().put_item().table_name("okno").set_item(Some(broken.item()));
    put.send().await.expect("a put");
    world.settle().await;
    world.bury("ChangefeedDeadLetters");
    ended(world).await
}

/// Invited, enrolled, looked at, let go; signed in, and out again.
async fn colleagues() -> Uses {
    let world = begun().await;
    let chief = world.chief().await;
    let desk = json!([{ "role": "operator", "officeId": "one" }]);
    let desk = world.colleague(&chief, "desk@example.ru", desk).await;
    let path = format!("members/{}", desk.id);
    for path in ["members", &path, &format!("{path}/history")] {
        world.staff(&chief, Method::GET, path, Value::Null).await.expect(200);
    }
    let why = json!({ "reason": "x" });
    world.staff(&chief, Method::POST, &format!("{path}/block"), why).await.expect(200);
    world.until("2026-12-01T10:01:00+03:00").await;
    world.staff_sign_in(&chief.email, PASSWORD, &world.code(&chief)).await.expect(201);
    let code = json!({ "code": chief.recovery_codes[0] });
    world.staff(&chief, Method::POST, "me/recovery-codes", code).await.expect(200);
    world.staff(&chief, Method::DELETE, "sessions/current", Value::Null).await.expect(204);
    ended(world).await
}

/// Come, called, received, told the result; absent while the window runs late, absent indeed, and taken back.
async fn reception() -> Uses {
    let world = begun().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let first = world.book(&anna, "two", "paper", THURSDAY).await;
    world.book(&boris, "two", "paper", &first.text("/endsAt")).await;
    world.until("2026-12-03T09:45:00+03:00").await;
    let chief = world.chief().await;
    let specialist = json!([{ "role": "specialist", "officeId": "two" }]);
    let specialist = world.colleague(&chief, "specialist@example.ru", specialist).await;
    let number = json!({ "number": first.text("/number") });
    world.staff(&specialist, Method::POST, "offices/two/arrivals", number).await.expect(200);
    let next = "offices/two/windows/a/call-next";
    let visit = world.staff(&specialist, Method::POST, next, json!({})).await.expect(200).text("/id");
    world.staff(&specialist, Method::GET, &format!("visits/{visit}"), Value::Null).await.expect(200);
    world.staff(&specialist, Method::POST, &format!("visits/{visit}/receive"), json!({})).await.expect(200);
    world.get("/v1/offices/two/board").await.expect(200);
    world.until("2026-12-03T10:27:00+03:00").await;
    let close = json!({ "result": "declined", "note": "Не положено" });
    world.staff(&specialist, Method::POST, &format!("visits/{visit}/close"), close).await.expect(200);
    world.until("2026-12-03T10:33:00+03:00").await;
    let day = world.staff(&specialist, Method::GET, "offices/two/agenda", Value::Null).await.expect(200);
    let undo = format!("visits/{}/undo-no-show", day.text("/visits/1/id"));
    world.staff(&specialist, Method::POST, &undo, json!({ "reason": "Ошибка" })).await.expect(200);
    world.get_as(&anna, "/v1/me/readings").await.expect(200);
    ended(world).await
}

/// An office's file is read and changed, and a window of it shut on which somebody is expected.
async fn offices() -> Uses {
    let world = begun().await;
    let chief = world.chief().await;
    let anna = world.citizen().await;
    world.book(&anna, "two", "paper", FRIDAY).await;
    let ask = |method, path: &str, body| {
        let path = format!("offices/two/{path}");
        let (world, chief) = (&world, &chief);
        async move { world.staff(chief, method, &path, body).await.expect(200) }
    };
    let file = ask(Method::GET, "file", Value::Null).await.text("/file");
    let longer = file.replace("fri = [\"09:00-12:00\"]", "fri = [\"09:00-13:00\"]");
    let body = json!({ "version": 0, "file": longer, "reason": "x" });
    ask(Method::POST, "file", body).await;
    let closing =
        json!({ "from": "2026-12-04", "note": { "ru": "x", "en": "x" }, "reason": "x", "confirm": 1 });
    ask(Method::POST, "closings", closing).await;
    world.settle().await;
    world.get("/v1/offices/two").await.expect(200);
    world.get("/v1/offices/two/calendar?serviceId=talk").await.expect(200);
    ask(Method::GET, "changes", Value::Null).await;
    ask(Method::GET, "changes/2", Value::Null).await;
    ask(Method::GET, "figures", Value::Null).await;
    ask(Method::GET, "demand", Value::Null).await;
    let days = world.staff(&chief, Method::GET, "references/holidays", Value::Null).await.expect(200);
    let body = json!({ "version": 0, "file": format!("{}\n", days.text("/file")), "reason": "x" });
    world.staff(&chief, Method::POST, "references/holidays", body).await.expect(200);
    world.staff(&chief, Method::GET, "references", Value::Null).await.expect(200);
    world.until("2026-12-01T10:10:00+03:00").await;
    ended(world).await
}

/// Whoever is at the window already is asked for by name, and another takes their place.
async fn specialists() -> Uses {
    let world = begun().await;
    let anna = world.citizen().await;
    let chief = world.chief().await;
    let plain =
        world.staff(&chief, Method::GET, "offices/one/file", Value::Null).await.expect(200).text("/file");
    let named = |who: &str| {
        let name = "name = { ru = \"Имя\", en = \"Name\" }";
        let people = ["olga", "pyotr"].map(|id| format!("[[specialists]]\nid = \"{id}\"\n{name}\n")).join("");
        let window = format!("{people}[[windows]]\nposts = [{{ specialist = \"{who}\" }}]");
        plain.replacen("[[windows]]", &window, 1)
    };
    let put = |version: u64, file: String| {
        let body = json!({ "version": version, "file": file, "reason": "Имена", "confirm": version });
        let (world, chief) = (&world, &chief);
        async move { world.staff(chief, Method::POST, "offices/one/file", body).await.expect(200) }
    };
    put(0, named("olga")).await;
    let booked = world.book(&anna, "one", "talk", FRIDAY).await;
    let path = format!("/v1/appointments/{}/reschedule", booked.text("/id"));
    let olga = json!({ "officeId": "one", "startsAt": FRIDAY, "specialistId": "olga" });
    world.post_as(&anna, &path, olga).await.expect(200);
    put(1, named("pyotr")).await;
    ended(world).await
}
