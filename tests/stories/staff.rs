//! Beginning to work here, signing in with a second factor, and being let go (ACC-4, OFC-11).

use app::factor;
use http::Method;
use serde_json::{Value, json};
use tests::{Colleague, PASSWORD, World, secret};

fn at(role: &str, office: &str) -> Value {
    json!([{ "role": role, "officeId": office }])
}

async fn members(world: &World, who: &Colleague) -> Vec<String> {
    let list = world.staff(who, Method::GET, "members", Value::Null).await.expect(200);
    let items = list.body["items"].as_array().cloned().unwrap_or_default();
    let mut all: Vec<String> =
        items.iter().map(|item| item["email"].as_str().unwrap_or_default().to_owned()).collect();
    all.sort();
    all
}

#[tokio::test]
async fn the_first_administrator_is_made_once_and_invites_the_rest() {
    let world = World::new().await;
    let link = world.first_link("chief@example.ru", false).await.expect("a link");
    let other = secret(&world.first_link("other@example.ru", false).await.expect("another"));
    assert!(link.starts_with("https://okno.example/staff/invitation?token="), "{link}");
    let chief = world.accept(&secret(&link)).await;
    // The other link was as good; now there is an administrator.
    world.post("/v1/staff/enrolments", json!({ "token": other })).await.expect(200);
    world.try_accept(&other, PASSWORD).await.refused(410, "invitation-over");
    let again = world.first_link("other@example.ru", false).await;
    assert!(matches!(again, Err(app::Refusal::AlreadyStaff)));
    // Whoever has the machine can do it even so.
    let forced = world.first_link("rescue@example.ru", true).await.expect("a link");
    world.accept(&secret(&forced)).await;
    let me = world.staff(&chief, Method::GET, "me", Value::Null).await.expect(200);
    assert_eq!(
        me.body["rights"],
        json!(["see-staff", "manage-staff", "see-day", "see-office", "manage-office", "manage-references"])
    );
    assert_eq!(me.text("/grants/0/placeText"), "Вся система");

    let desk = world.colleague(&chief, "desk@example.ru", at("operator", "one")).await;
    let letter = world.sent_to("desk@example.ru").pop().expect("a letter");
    assert!(letter.contains("Здравствуйте, Пётр!") && letter.contains("8 декабря 2026"), "{letter}");
    let me = world.staff(&desk, Method::GET, "me", Value::Null).await.expect(200);
    assert_eq!(me.body["rights"], json!(["see-day", "open-visit", "desk", "act-for", "see-office"]));
    assert_eq!(me.text("/grants/0/roleText"), "Оператор");
    assert_eq!(members(&world, &chief).await, ["chief@example.ru", "desk@example.ru", "rescue@example.ru"]);
    world.staff(&desk, Method::GET, "members", Value::Null).await.refused(403, "beyond-your-rights");
    world.invite(&chief, "desk@example.ru", at("operator", "one")).await.refused(409, "already-staff");
}

#[tokio::test]
async fn an_invitation_says_everything_that_is_wrong_with_it() {
    let world = World::new().await;
    let chief = world.chief().await;
    let grants = json!([
        { "role": "king", "officeId": "one" }, { "role": "operator", "officeId": "nowhere" },
        { "role": "operator", "officeId": "one" }, { "role": "operator", "officeId": "one" }, { "role": "operator" }, { "role": "operator", "regionId": "RU-MOW", "everywhere": true },
    ]);
    let wrong = world.invite(&chief, "desk@example.ru", grants).await.refused(422, "invalid-request");
    let fields: Vec<&str> =
        wrong.body["errors"].as_array().expect("errors").iter().filter_map(|e| e["field"].as_str()).collect();
    assert_eq!(fields, ["grants[0].role", "grants[1].officeId", "grants[4]", "grants[5]"]);
    let all = world.staff(&chief, Method::POST, "invitations", json!({ "grants": [{}] })).await;
    let all = all.refused(422, "invalid-request");
    let fields: Vec<&str> =
        all.body["errors"].as_array().expect("errors").iter().filter_map(|e| e["field"].as_str()).collect();
    assert_eq!(fields, ["surname", "givenName", "email", "grants[0].role", "grants[0]"]);
    let unknown =
        world.invite(&chief, "no address", at("operator", "nowhere")).await.refused(422, "invalid-request");
    assert_eq!(unknown.text("/errors/0/field"), "email");
    assert_eq!(unknown.text("/errors/1/field"), "grants[0].officeId");
    let blank = world.invite(&chief, "  ", at("operator", "one")).await.refused(422, "invalid-request");
    assert_eq!(
        (blank.text("/errors/0/field").as_str(), blank.text("/errors/0/code").as_str()),
        ("email", "required")
    );
    let none = world.invite(&chief, "desk@example.ru", json!([])).await.refused(422, "invalid-request");
    assert_eq!(none.text("/errors/0/field"), "grants");
}

#[tokio::test]
async fn nobody_begins_without_a_good_password_and_a_working_authenticator() {
    let world = World::new().await;
    let link = secret(&world.first_link("chief@example.ru", false).await.expect("a link"));
    let look = || world.post("/v1/staff/enrolments", json!({ "token": link }));
    let first = look().await.expect(200);
    assert!(
        first.text("/authenticatorUrl").starts_with("otpauth://totp/Okno:chief%40example"),
        "{}",
        first.raw
    );
    let (setup, code) = (first.text("/setup"), factor::code_at(&first.text("/secret"), world.system.now()));
    let code = code.expect("a code");
    world.complete(&link, PASSWORD, &setup, "000000").await.refused(422, "second-factor-wrong");
    let weak = world.complete(&link, "password", &setup, &code).await.refused(422, "invalid-request");
    assert_eq!(weak.text("/errors/0/field"), "password");
    let own = world.complete(&link, "Chief2026", &setup, &code).await.refused(422, "invalid-request");
    assert_eq!(own.text("/errors/0/code"), "password-common", "the mailbox is in it");
    // Whoever opened the link before has another authenticator than whoever accepts.
    let second = look().await.expect(200);
    assert_ne!(first.text("/secret"), second.text("/secret"));
    let mixed = world.complete(&link, PASSWORD, &second.text("/setup"), &code).await;
    mixed.refused(422, "second-factor-wrong");
    world.complete(&link, PASSWORD, "no setup", &code).await.refused(422, "second-factor-wrong");
    // A link of which one character is another opens nothing, though the invitation stands.
    let (id, mac) = link.split_once('.').expect("two parts");
    let other = if mac.starts_with('A') { "B" } else { "A" };
    let forged = format!("{id}.{other}{}", &mac[1..]);
    world.post("/v1/staff/enrolments", json!({ "token": forged })).await.refused(410, "invitation-over");
    world.complete(&link, PASSWORD, &setup, &code).await.expect(201);
    look().await.refused(410, "invitation-over");
    world.complete(&link, PASSWORD, &setup, &code).await.refused(410, "invitation-over");
}

#[tokio::test]
async fn an_invitation_ends_after_a_week_and_with_the_rights_of_whoever_gave_it() {
    let world = World::new().await;
    let chief = world.chief().await;
    let boss = world.colleague(&chief, "boss@example.ru", at("manager", "one")).await;
    world.invite(&chief, "late@example.ru", at("operator", "one")).await.expect(201);
    world.invite(&boss, "void@example.ru", at("operator", "one")).await.expect(201);
    world.settle().await;
    let link = |to: &str| secret(&world.sent_to(to).pop().expect("a letter"));
    let look = |link: String| world.post("/v1/staff/enrolments", json!({ "token": link }));
    look(link("void@example.ru")).await.expect(200);
    for (what, why) in [("block", "Уволен"), ("unblock", "Ошибка")] {
        let path = format!("members/{}/{what}", boss.id);
        world.staff(&chief, Method::POST, &path, json!({ "reason": why })).await.expect(200);
        // What was given before stays void, or whoever took the session would be back.
        look(link("void@example.ru")).await.refused(410, "invitation-over");
    }
    look(link("late@example.ru")).await.expect(200);
    world.until("2026-12-08T10:00:00+03:00").await;
    look(link("late@example.ru")).await.refused(410, "invitation-over");
}

#[tokio::test]
async fn signing_in_takes_a_password_and_a_code_that_opens_once() {
    let world = World::new().await;
    let chief = world.chief().await;
    let wrong = "wrong-staff-credentials";
    // The code that proved the authenticator is used up.
    world.staff_sign_in(&chief.email, PASSWORD, &world.code(&chief)).await.refused(401, wrong);
    world.until("2026-12-01T10:01:00+03:00").await;
    let code = world.code(&chief);
    world.staff_sign_in(&chief.email, "Осенний8лес", &code).await.refused(401, wrong);
    world.staff_sign_in("nobody@example.ru", PASSWORD, &code).await.refused(401, wrong);
    world.staff_sign_in("no address", PASSWORD, &code).await.refused(401, wrong);
    let signed = world.staff_sign_in(" CHIEF@example.ru ", PASSWORD, &code).await.expect(201);
    world.staff_sign_in(&chief.email, PASSWORD, &code).await.refused(401, wrong);
    let chief = Colleague { token: signed.text("/token"), ..chief };
    world.staff(&chief, Method::GET, "me", Value::Null).await.expect(200);
    world.staff(&chief, Method::DELETE, "sessions/current", Value::Null).await.expect(204);
    world.staff(&chief, Method::GET, "me", Value::Null).await.refused(401, "unauthorized");
    // A citizen's session is no member's, nor the other way round.
    let anna = world.citizen().await;
    world.get_as(&anna, "/v1/staff/me").await.refused(401, "unauthorized");
    world.ask(Method::GET, "/v1/me", Some(&chief.token), None, &[]).await.refused(401, "unauthorized");
}

#[tokio::test]
async fn a_recovery_code_opens_once_and_new_ones_end_the_old() {
    let world = World::new().await;
    let chief = world.chief().await;
    assert_eq!(chief.recovery_codes.len(), 10);
    let sloppy = chief.recovery_codes[0].to_lowercase().replace('-', " ");
    world.staff_sign_in(&chief.email, PASSWORD, &sloppy).await.expect(201);
    let again = world.staff_sign_in(&chief.email, PASSWORD, &chief.recovery_codes[0]).await;
    again.refused(401, "wrong-staff-credentials");
    let path = "me/recovery-codes";
    world
        .staff(&chief, Method::POST, path, json!({ "code": "AAAAA-AAAAA" }))
        .await
        .refused(422, "second-factor-wrong");
    world.until("2026-12-01T10:01:00+03:00").await;
    let code = json!({ "code": world.code(&chief) });
    let renewed = world.staff(&chief, Method::POST, path, code.clone()).await.expect(200);
    world.staff(&chief, Method::POST, path, code).await.refused(422, "second-factor-wrong");
    let old = world.staff_sign_in(&chief.email, PASSWORD, &chief.recovery_codes[1]).await;
    old.refused(401, "wrong-staff-credentials");
    world.staff_sign_in(&chief.email, PASSWORD, &renewed.text("/recoveryCodes/9")).await.expect(201);
}

#[tokio::test]
async fn more_than_five_tries_cost_an_effort_each_and_nobody_learns_that_a_password_is_right() {
    let world = World::new().await;
    let chief = world.chief().await;
    world.until("2026-12-01T10:01:00+03:00").await;
    let tried = async |email: &str, password: &str, code: &str, effort: &str| {
        let body = json!({ "email": email, "password": password, "code": code, "effort": effort });
        world.post("/v1/staff/sessions", body).await
    };
    // Whoever knows the password, and has no code; whoever does not know it; an address that nobody has.
    let mut waits = Vec::new();
    for (email, password) in [(chief.email.as_str(), PASSWORD), ("nobody@example.ru", PASSWORD)] {
        for _ in 0..5 {
            tried(email, password, "000000", "").await.refused(401, "wrong-staff-credentials");
        }
        let asked = futures::future::join_all((0..12).map(|_| tried(email, password, "000000", ""))).await;
        for answer in asked {
            waits.push((email.to_owned(), answer.refused(429, "effort-needed").text("/wait/token")));
        }
    }
    world.until("2026-12-01T10:01:31+03:00").await;
    let right = world.code(&chief);
    for (n, (email, wait)) in waits.into_iter().enumerate() {
        let (password, code) = match n % 3 {
            0 => (PASSWORD, right.as_str()),
            1 => (PASSWORD, "000000"),
            _ => ("Осенний8лес", "000000"),
        };
        // Five wrong codes have shut the authenticator: the right one opens as little as a wrong password.
        tried(&email, password, code, &wait).await.refused(401, "wrong-staff-credentials");
        tried(&email, password, code, &wait).await.refused(429, "effort-needed");
    }
    // Nobody keeps a member out: an effort and a recovery code open now, a new code a quarter of an hour later.
    let wait = tried(&chief.email, PASSWORD, "000000", "").await.text("/wait/token");
    world.until("2026-12-01T10:02:02+03:00").await;
    tried(&chief.email, PASSWORD, &chief.recovery_codes[0], &wait).await.expect(201);
    world.until("2026-12-01T10:20:00+03:00").await;
    tried(&chief.email, PASSWORD, &world.code(&chief), "").await.expect(201);
}

#[tokio::test]
async fn many_guesses_at_once_are_no_more_than_one_after_another() {
    let world = World::new().await;
    let chief = world.chief().await;
    let guesses = (0..40).map(|n| {
        let (world, email) = (&world, chief.email.clone());
        async move { world.staff_sign_in(&email, PASSWORD, &format!("{n:06}")).await.status }
    });
    let answers = futures::future::join_all(guesses).await;
    let compared = answers.iter().filter(|status| **status == 401).count();
    assert!((1..=5).contains(&compared), "{answers:?}");
    assert!(answers.iter().all(|status| [401, 429].contains(status)), "{answers:?}");
}

#[tokio::test]
async fn whoever_is_blocked_or_changed_is_out_at_once_and_the_history_says_why() {
    let world = World::new().await;
    let chief = world.chief().await;
    let desk = world.colleague(&chief, "desk@example.ru", at("operator", "one")).await;
    let id = desk.id.clone();
    let path = |what: &str| format!("members/{id}/{what}");
    let no_reason = world.staff(&chief, Method::POST, &path("block"), json!({ "reason": " " })).await;
    assert_eq!(no_reason.refused(422, "invalid-request").text("/errors/0/field"), "reason");
    let blocked =
        world.staff(&chief, Method::POST, &path("block"), json!({ "reason": "Уволена Иванова" })).await;
    assert_eq!(blocked.expect(200).body["blocked"], true);
    world.staff(&desk, Method::GET, "me", Value::Null).await.refused(401, "unauthorized");
    world.until("2026-12-01T10:01:00+03:00").await;
    world
        .staff_sign_in(&desk.email, PASSWORD, &world.code(&desk))
        .await
        .refused(401, "wrong-staff-credentials");
    // Once more changes nothing.
    world.staff(&chief, Method::POST, &path("block"), json!({ "reason": "Ещё раз" })).await.expect(200);
    world.staff(&chief, Method::POST, &path("unblock"), json!({ "reason": "Вернулась" })).await.expect(200);
    let signed = world.staff_sign_in(&desk.email, PASSWORD, &world.code(&desk)).await.expect(201);
    let desk = Colleague { token: signed.text("/token"), ..desk };
    let (manager, desk_too) =
        (json!({ "role": "manager", "officeId": "two" }), json!({ "role": "operator", "officeId": "one" }));
    for grants in [[&manager, &desk_too], [&desk_too, &manager]] {
        let body = json!({ "grants": grants, "reason": "Повышение" });
        world.staff(&chief, Method::POST, &path("grants"), body).await.expect(200);
    }
    world.staff(&desk, Method::GET, "me", Value::Null).await.refused(401, "unauthorized");
    let history = world.staff(&chief, Method::GET, &path("history"), Value::Null).await.expect(200);
    let items = history.body["items"].as_array().cloned().unwrap_or_default();
    let told: Vec<(&str, &str)> = items
        .iter()
        .map(|item| {
            (item["action"].as_str().unwrap_or_default(), item["reason"].as_str().unwrap_or_default())
        })
        .collect();
    let expected = [
        ("grants-changed", "Повышение"),
        ("unblocked", "Вернулась"),
        ("blocked", "Уволена Иванова"),
        ("enrolled", ""),
    ];
    assert_eq!(told, expected);
    assert_eq!(history.text("/items/0/by"), chief.id);
    for personal in ["desk@example.ru", "Пётр", "Уволена", "Белова", &desk.secret] {
        assert!(!world.stands_in_clear(personal), "{personal}");
    }
}

#[tokio::test]
async fn somebody_can_always_do_everything() {
    let world = World::new().await;
    let chief = world.chief().await;
    let why = json!({ "reason": "Проверка" });
    let block = |id: &str| format!("members/{id}/block");
    world.staff(&chief, Method::POST, &block(&chief.id), why.clone()).await.refused(409, "not-yourself");
    let everywhere = json!([{ "role": "administrator", "everywhere": true }]);
    let second = world.colleague(&chief, "second@example.ru", everywhere.clone()).await;
    world.staff(&second, Method::POST, &block(&chief.id), why.clone()).await.expect(200);
    world
        .staff(&second, Method::POST, &format!("members/{}/unblock", chief.id), why.clone())
        .await
        .expect(200);
    world.until("2026-12-01T10:01:00+03:00").await;
    let signed = world.staff_sign_in(&chief.email, PASSWORD, &world.code(&chief)).await.expect(201);
    let chief = Colleague { token: signed.text("/token"), ..chief };
    // Both at once: one of them stays.
    let (one, other) = (block(&second.id), block(&chief.id));
    let both = futures::join!(
        world.staff(&chief, Method::POST, &one, why.clone()),
        world.staff(&second, Method::POST, &other, why.clone())
    );
    let done = [both.0.status, both.1.status].iter().filter(|status| **status == 200).count();
    assert_eq!(done, 1, "{} {}", both.0.raw, both.1.raw);
    let left = if both.0.status == 200 { chief } else { second };
    world.staff(&left, Method::GET, "me", Value::Null).await.expect(200);
    // Nobody but the last one can take it away, and the last one cannot either.
    let region = json!([{ "role": "administrator", "regionId": "RU-MOW" }]);
    let lower = world.colleague(&left, "lower@example.ru", region.clone()).await;
    world.staff(&lower, Method::POST, &block(&left.id), why).await.refused(404, "not-found");
    let grants = json!({ "grants": region, "reason": "Проверка" });
    let path = format!("members/{}/grants", left.id);
    world.staff(&left, Method::POST, &path, grants).await.refused(409, "not-yourself");
}
