//! An application that its service has signed electronically (BKG-8).

mod kept;

use super::identity::by_code;
use super::representatives;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Citizen, Colleague, World, booking, signature};

const BOOKINGS: &str = "/v1/appointments";
const TEXT: &str = "/v1/appointments/text-to-sign";
const FIRST: &str = "2026-12-03T14:00:00+03:00";
const SECOND: &str = "2026-12-03T14:30:00+03:00";
const FRIDAY: &str = "2026-12-04T14:00:00+03:00";
const ANNA: &str = "Петрова Анна Сергеевна";

/// What is filled in for the social contract.
fn contract(at: &str) -> Value {
    let mut body = booking("three", "contract", at);
    body["purpose"] = json!("Завести корову\nУслуга: другая");
    body["fields"] = json!({ "aim": "farm" });
    body["preferredDates"] = json!([{ "from": "2026-12-07", "to": "2026-12-09" }]);
    body
}

/// The same without what only a booking says.
fn answers(booking: &Value) -> Value {
    let mut answers = booking.clone();
    answers.as_object_mut().expect("an object").remove("startsAt");
    answers
}

async fn ask(world: &World, who: &Citizen, whom: Option<&str>, path: &str, body: Value) -> Answer {
    let acting: Vec<(&str, &str)> = whom.map(|whom| ("acting-for", whom)).into_iter().collect();
    world.ask(Method::POST, path, Some(&who.token), Some(body), &acting).await
}

/// The text that somebody is to sign, as bytes.
async fn text(world: &World, who: &Citizen, path: &str, body: Value) -> Vec<u8> {
    let begun = world.post_as(who, path, body).await.expect(201);
    let bytes = STANDARD.decode(begun.text("/textBase64")).expect("Base64");
    assert_eq!(bytes, begun.text("/text").as_bytes());
    bytes
}

fn by(who: &str, text: &[u8]) -> Value {
    json!(STANDARD.encode(signature(who, text)))
}

fn with(mut body: Value, signature: Value) -> Value {
    body["signature"] = signature;
    body
}

/// Books what is filled in, signed by Anna's certificate.
async fn booked(world: &World, who: &Citizen, body: Value) -> Answer {
    let signed = by("anna", &text(world, who, TEXT, answers(&body)).await);
    let done = world.post_as(who, BOOKINGS, with(body, signed)).await.expect(201);
    world.settle().await;
    done
}

fn path(of: &Answer) -> String {
    format!("{BOOKINGS}/{}", of.text("/id"))
}

/// Each field that is wrong, with its code; of other refusals the problem and its reason.
fn wrong(answer: &Answer) -> Vec<String> {
    let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
    let said = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let fields: Vec<String> =
        errors.iter().map(|one| format!("{} {}", said(one, "field"), said(one, "code"))).collect();
    match fields.is_empty() {
        true => vec![format!("{} {} {}", answer.status, answer.problem(), answer.text("/reason"))],
        false => fields,
    }
}

async fn member(world: &World, role: &str) -> Colleague {
    let chief = world.chief().await;
    world.colleague(&chief, "member@example.ru", json!([{ "role": role, "officeId": "three" }])).await
}

#[tokio::test]
async fn whoever_signs_what_they_filled_in_books_once_and_it_is_kept_with_the_visit() {
    let world = World::new().await;
    let anna = world.citizen().await;
    for (service, signed) in [("contract", true), ("talk", false)] {
        let card = world.get(&format!("/v1/services/{service}")).await.expect(200);
        assert_eq!(card.body["signature"], json!(signed), "{service}");
    }
    let body = contract(FIRST);
    let bytes = text(&world, &anna, TEXT, answers(&body)).await;
    let said = String::from_utf8(bytes.clone()).expect("UTF-8");
    // Whole lines: no answer can look like another of them.
    let lines: Vec<&str> = said.lines().collect();
    for line in [
        "Кому: Департамент соцзащиты",
        "От кого: Петрова Анна Сергеевна",
        "Услуга: Социальный контракт",
        "Зачем: Завести корову Услуга: другая",
        "Цель контракта: Подсобное хозяйство",
        "Когда удобно прийти: 07.12.2026 – 09.12.2026",
        "Согласие с правилами приёма, редакция: 2026-11",
        "Составлено: вторник, 1 декабря 2026 г., 10:00 (московское время, UTC+3)",
    ] {
        assert!(lines.contains(&line), "{line}: {said}");
    }
    assert!(said.ends_with('\n') && !said.contains('\r'), "{said:?}");
    for secret in ["корову", "Петрова Анна", &said] {
        assert!(!world.stands_in_clear(secret), "{secret} stands in the table");
    }
    let body = with(body, by("anna", &bytes));
    let key = [("idempotency-key", "once")];
    let once = || world.ask(Method::POST, BOOKINGS, Some(&anna.token), Some(body.clone()), &key);
    let (done, again) = (once().await.expect(201), once().await.expect(201));
    assert_eq!(done.text("/id"), again.text("/id"));
    world.settle().await;
    let found = world.get_as(&anna, &path(&done)).await.expect(200);
    assert_eq!(
        found.body["application"]["signed"],
        json!({
            "at": "2026-12-01T10:00:00+03:00", "by": ANNA,
            "text": "Подписано электронной подписью: Петрова Анна Сергеевна, вторник, 1 декабря 2026 г., 10:00 (московское время, UTC+3)",
        })
    );
    assert_eq!(
        found.body["application"]["preferredDates"],
        json!([{ "from": "2026-12-07", "to": "2026-12-09" }])
    );
    assert_eq!(found.body["toSign"], Value::Null);
    let letter = world.sent_to(&anna.email).pop().expect("a letter");
    assert!(!letter.contains("подпишете на приёме"), "{letter}");
    for secret in ["корову", &STANDARD.encode(signature("anna", &bytes))[..60]] {
        assert!(!world.stands_in_clear(secret), "{secret} stands in the table");
    }
    // It is used up, also when the visit is given up.
    world.post_as(&anna, &format!("{}/cancel", path(&done)), json!({})).await.expect(200);
    let mut other = body.clone();
    other["startsAt"] = json!(SECOND);
    let refused = world.post_as(&anna, BOOKINGS, other).await;
    assert_eq!(wrong(&refused), ["signature signature-over"]);
}

#[tokio::test]
async fn whatever_was_not_signed_so_is_not_booked() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let body = contract(FIRST);
    let former = text(&world, &anna, TEXT, answers(&body)).await;
    let bytes = text(&world, &anna, TEXT, answers(&body)).await;
    let good = by("anna", &bytes);
    let changed = |name: &str, value: Value| {
        let mut body = body.clone();
        body[name] = value;
        with(body, good.clone())
    };
    let correct = |text: &str| json!(STANDARD.encode(text));
    let mut told = Vec::new();
    let cases: Vec<(&Citizen, Value)> = vec![
        (&anna, body.clone()),
        (&anna, with(body.clone(), json!("не подпись"))),
        (&anna, with(body.clone(), correct("x"))),
        (&anna, with(body.clone(), json!("M".repeat(41 * 1024 * 4 / 3)))),
        (&anna, with(body.clone(), by("anna", &former))),
        (&anna, with(body.clone(), by("false-anna", &bytes))),
        (&anna, with(body.clone(), by("olga", &bytes))),
        (&boris, with(body.clone(), good.clone())),
        (&anna, changed("purpose", json!("Купить трактор"))),
        (&anna, changed("fields", json!({ "aim": "work" }))),
        (&anna, changed("preferredDates", json!([]))),
        (&anna, changed("contactPhone", json!("+79997654321"))),
        (&anna, with(booking("one", "talk", "2026-12-04T10:00:00+03:00"), good.clone())),
    ];
    for (who, body) in cases {
        told.push(wrong(&world.post_as(who, BOOKINGS, body).await).join(", "));
    }
    assert_eq!(
        told,
        [
            "signature signature-needed",
            "signature signature-format",
            "422 signature-refused unreadable",
            "signature signature-format",
            "422 signature-refused data-changed",
            "422 signature-refused untrusted",
            "surname said-otherwise, givenName said-otherwise, snils said-otherwise",
            "signature signature-over",
            "purpose signed-otherwise",
            "fields.aim signed-otherwise",
            "preferredDates signed-otherwise",
            "contactPhone signed-otherwise",
            "signature signature-not-needed",
        ]
    );
    assert_eq!(
        world.get_as(&anna, BOOKINGS).await.expect(200).body["items"].as_array().map(Vec::len),
        Some(0)
    );
    // Nothing is to be signed where nothing is asked for.
    let talk = answers(&booking("one", "talk", FIRST));
    world.post_as(&anna, TEXT, talk).await.refused(409, "signature-not-needed");
    let strange = world.post_as(&anna, TEXT, json!({ "serviceId": "contract" })).await;
    assert_eq!(wrong(&strange), ["officeId required", "rulesVersion required"]);
    // Half an hour later it is over; a new one is as good as ever.
    world.settle().await;
    world.system.advance_to(world.system.now() + TimeDelta::minutes(30)).await;
    let late = world.post_as(&anna, BOOKINGS, with(body.clone(), good)).await;
    assert_eq!(wrong(&late), ["signature signature-over"]);
    booked(&world, &anna, body).await;
}

#[tokio::test]
async fn a_representative_signs_in_their_own_name_for_whom_they_act() {
    let world = World::new().await;
    let anna = world.citizen().await;
    by_code(&world, &anna).await.expect(200);
    let operator = representatives::operator(&world).await;
    let ivan = representatives::let_act(&world, &anna, &operator, representatives::child()).await;
    let body = contract(FIRST);
    let own = text(&world, &anna, TEXT, answers(&body)).await;
    let begun = ask(&world, &anna, Some(&ivan), TEXT, answers(&body)).await.expect(201);
    let said = begun.text("/text");
    assert!(said.contains("От кого: Петрова Анна Сергеевна\nЗа кого: Петров Иван\n"), "{said}");
    // What she signed for herself is not for him.
    let refused = ask(&world, &anna, Some(&ivan), BOOKINGS, with(body.clone(), by("anna", &own))).await;
    assert_eq!(wrong(&refused), ["422 signature-refused data-changed"]);
    let refused =
        ask(&world, &anna, Some(&ivan), BOOKINGS, with(body.clone(), by("olga", said.as_bytes()))).await;
    assert_eq!(refused.problem(), "other-person");
    let signed = with(body, by("anna", said.as_bytes()));
    let done = ask(&world, &anna, Some(&ivan), BOOKINGS, signed).await.expect(201);
    let acting = [("acting-for", ivan.as_str())];
    let found = world.ask(Method::GET, &path(&done), Some(&anna.token), None, &acting).await.expect(200);
    assert_eq!(found.text("/application/signed/by"), ANNA);
    world.settle().await;
}

#[tokio::test]
async fn an_offer_of_the_line_is_accepted_with_a_signature_and_swapped_without() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let (vera, gleb) = (world.citizen().await, world.citizen().await);
    let first = booked(&world, &anna, contract(FIRST)).await;
    let second = booked(&world, &boris, contract(SECOND)).await;
    let later = booked(&world, &gleb, contract(FRIDAY)).await;
    let wish =
        json!({ "serviceId": "contract", "offices": ["three"], "from": "2026-12-03", "to": "2026-12-03" });
    for who in [&vera, &gleb] {
        world.post_as(who, "/v1/waitlist", wish.clone()).await.expect(201);
    }
    world.settle().await;
    for (who, what) in [(&anna, &first), (&boris, &second)] {
        world.post_as(who, &format!("{}/cancel", path(what)), json!({})).await.expect(200);
        world.settle().await;
    }
    let offer = async |who: &Citizen| {
        let place = world.get_as(who, "/v1/waitlist/contract").await.expect(200);
        format!("/v1/offers/{}", place.text("/offerId"))
    };
    let (to_vera, to_gleb) = (offer(&vera).await, offer(&gleb).await);
    // His application stands, and is signed.
    let (to_sign, accept) = (format!("{to_gleb}/text-to-sign"), format!("{to_gleb}/accept"));
    world.post_as(&gleb, &to_sign, json!({})).await.refused(409, "signature-not-needed");
    let moved = world.post_as(&gleb, &accept, json!({})).await.expect(200);
    assert_eq!(moved.text("/id"), later.text("/id"));
    // She has none yet.
    let (to_sign, accept) = (format!("{to_vera}/text-to-sign"), format!("{to_vera}/accept"));
    let bare = world.post_as(&vera, &accept, json!({})).await;
    assert_eq!(wrong(&bare), ["signature signature-needed"]);
    world.post_as(&anna, &to_sign, json!({})).await.refused(404, "not-found");
    let for_booking = text(&world, &vera, TEXT, answers(&contract(FIRST))).await;
    let bytes = text(&world, &vera, &to_sign, json!({})).await;
    let other = world.post_as(&vera, &accept, json!({ "signature": by("anna", &for_booking) })).await;
    assert_eq!(wrong(&other), ["422 signature-refused data-changed"]);
    let signed = json!({ "signature": by("anna", &bytes) });
    let taken = world.post_as(&vera, &accept, signed.clone()).await.expect(200);
    let again = world.post_as(&vera, &accept, signed).await.expect(200);
    assert_eq!(taken.text("/id"), again.text("/id"));
    let found = world.get_as(&vera, &path(&taken)).await.expect(200);
    assert_eq!(found.text("/application/signed/by"), ANNA);
    world.settle().await;
}

#[tokio::test]
async fn a_correction_of_what_was_signed_is_signed_anew_and_the_office_sees_what_holds() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let done = booked(&world, &anna, contract(FIRST)).await;
    let (path, to_sign) = (path(&done), format!("{}/text-to-sign", path(&done)));
    let change = json!({ "purpose": "Купить козу" });
    assert_eq!(wrong(&world.patch_as(&anna, &path, change.clone()).await), ["signature signature-needed"]);
    let bytes = text(&world, &anna, &to_sign, change.clone()).await;
    let said = String::from_utf8_lossy(&bytes).into_owned();
    assert!(said.contains("Зачем: Купить козу\nЦель контракта: Подсобное хозяйство\n"), "{said}");
    let otherwise = with(json!({ "purpose": "Купить овцу" }), by("anna", &bytes));
    assert_eq!(wrong(&world.patch_as(&anna, &path, otherwise).await), ["purpose signed-otherwise"]);
    let signed = with(change, by("anna", &bytes));
    world.a_minute_later().await;
    let after = world.patch_as(&anna, &path, signed.clone()).await.expect(200);
    assert_eq!(
        (after.text("/application/purpose"), after.text("/application/signed/at")),
        ("Купить козу".into(), "2026-12-01T10:01:00+03:00".into())
    );
    let again = world.patch_as(&anna, &path, signed).await;
    assert_eq!(again.status, 200, "what comes to the same changes nothing: {}", again.raw);
    // Whoever opens the visit sees what was signed last, can verify it, and she sees that they did.
    let operator = member(&world, "operator").await;
    let visit = format!("visits/{}.{}", anna.id, done.text("/id"));
    let opened = world.staff(&operator, Method::GET, &visit, Value::Null).await.expect(200);
    assert_eq!((opened.text("/signature/text"), opened.text("/signature/by")), (said, ANNA.into()));
    assert_eq!(opened.text("/signature/signature"), by("anna", &bytes));
    assert!(
        opened.text("/signature/certificateSubject").contains("SN=Петрова"),
        "{}",
        opened.text("/signature/certificateSubject")
    );
    assert_eq!(opened.body["preferredDates"][0]["from"], json!("2026-12-07"));
    let readings = world.get_as(&anna, "/v1/me/readings").await.expect(200);
    assert_eq!(readings.body["items"].as_array().map(Vec::len), Some(1), "{}", readings.raw);
    // Corrected by the office it is what nobody has signed: that is done on paper.
    let said = json!({ "officeId": "three", "method": "facts", "phone": anna.phone, "email": anna.email });
    let identify = format!("citizens/{}/identification", anna.id);
    world.staff(&operator, Method::POST, &identify, said).await.expect(201);
    let acting = [("acting-for", anna.id.as_str())];
    let change = json!({ "purpose": "Купить гуся", "reason": "Просила по телефону" });
    world.ask(Method::PATCH, &path, Some(&operator.token), Some(change), &acting).await.expect(200);
    let found = world.get_as(&anna, &path).await.expect(200);
    assert_eq!(
        (found.text("/application/signed/by"), found.text("/toSign")),
        ("".into(), "Заявление подпишете на приёме".into())
    );
    let opened = world.staff(&operator, Method::GET, &visit, Value::Null).await.expect(200);
    assert_eq!((&opened.body["signature"], opened.text("/toSign")), (&Value::Null, found.text("/toSign")));
    world.settle().await;
}

#[tokio::test]
async fn whom_staff_book_signs_on_paper_at_the_visit_and_is_told_so() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let operator = member(&world, "operator").await;
    let said = json!({ "officeId": "three", "method": "facts", "phone": anna.phone, "email": anna.email });
    let identify = format!("citizens/{}/identification", anna.id);
    world.staff(&operator, Method::POST, &identify, said).await.expect(201);
    let acting = [("acting-for", anna.id.as_str())];
    let posts = |path, body| world.ask(Method::POST, path, Some(&operator.token), Some(body), &acting);
    posts(TEXT, answers(&contract(FIRST))).await.refused(409, "signed-at-visit");
    let needless = posts(BOOKINGS, with(contract(FIRST), by("anna", b"x"))).await;
    assert_eq!(wrong(&needless), ["signature signature-not-needed"]);
    let done = posts(BOOKINGS, contract(FIRST)).await.expect(201);
    world.settle().await;
    let found = world.get_as(&anna, &path(&done)).await.expect(200);
    assert_eq!(found.text("/toSign"), "Заявление подпишете на приёме");
    let letter = world.sent_to(&anna.email).pop().expect("a letter");
    assert!(
        letter.contains("Возьмите с собой") && letter.contains("Заявление подпишете на приёме"),
        "{letter}"
    );
    // What is signed on paper she corrects without a signature.
    world.patch_as(&anna, &path(&done), json!({ "purpose": "Купить козу" })).await.expect(200);
}
