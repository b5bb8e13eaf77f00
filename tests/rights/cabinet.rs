//! Everything that is done about a cabinet as such, once.

use super::flows::{begun, ended};
use app::factor::code_at;
use http::Method;
use local::embedded::ledger::Uses;
use serde_json::json;
use tests::{PASSWORD, digits};

const NEW: &str = "Зимний8снег";

/// Recovered, signed in, looked at, changed, ended.
pub async fn cabinet() -> Uses {
    let world = begun().await;
    let anna = world.citizen().await;
    let begun = world.post("/v1/recoveries", json!({ "login": anna.email })).await.expect(201).text("/id");
    world.until("2026-12-01T10:02:00+03:00").await;
    world.post(&format!("/v1/recoveries/{begun}/code"), json!({})).await.expect(202);
    world.settle().await;
    let code = digits(&world.sent_to(&anna.email).pop().unwrap_or_default());
    let said = json!({ "code": code, "password": NEW });
    world.post(&format!("/v1/recoveries/{begun}/complete"), said).await.expect(204);
    let login = world.sign_in(&anna.phone, NEW);
    let token = world.post("/v1/sessions", login.clone()).await.expect(201).text("/token");
    let other = world.post("/v1/sessions", login).await.expect(201).text("/token");
    let ask = |method, path: String, body| {
        let (world, token) = (&world, token.as_str());
        async move { world.ask(method, &path, Some(token), body, &[]).await }
    };
    let married = json!({ "name": { "surname": "Соколова", "givenName": "Анна" } });
    ask(Method::PATCH, "/v1/me/profile".to_owned(), Some(married)).await.expect(200);
    for path in ["/v1/sessions", "/v1/me/events", "/v1/me/profile", "/v1/me/devices"] {
        ask(Method::GET, path.to_owned(), None).await.expect(200);
    }
    ask(Method::POST, "/v1/me/export".to_owned(), Some(json!({ "password": NEW }))).await.expect(200);
    let setup = ask(Method::POST, "/v1/me/second-factor".to_owned(), Some(json!({ "password": NEW }))).await;
    let code = code_at(&setup.text("/secret"), world.system.now());
    let on = json!({ "password": NEW, "setup": setup.text("/setup"), "code": code });
    let on = ask(Method::POST, "/v1/me/second-factor/on".to_owned(), Some(on)).await.expect(200);
    let off = json!({ "password": NEW, "code": on.text("/recoveryCodes/0") });
    ask(Method::POST, "/v1/me/second-factor/off".to_owned(), Some(off)).await.expect(204);
    let phone = json!({ "phone": "+79991234567", "password": NEW });
    let begun = ask(Method::POST, "/v1/me/phone".to_owned(), Some(phone)).await.expect(201).text("/id");
    world.settle().await;
    let code = digits(&world.sent_to("+79991234567").pop().unwrap_or_default());
    let path = format!("/v1/me/contacts/{begun}/complete");
    ask(Method::POST, path, Some(json!({ "code": code }))).await.expect(204);
    let named = ask(Method::GET, "/v1/sessions".to_owned(), None).await.text("/items/0/id");
    ask(Method::DELETE, format!("/v1/sessions/{named}"), None).await;
    let passwords = json!({ "currentPassword": NEW, "password": PASSWORD });
    world.ask(Method::POST, "/v1/me/password", Some(&token), Some(passwords.clone()), &[]).await;
    world.ask(Method::POST, "/v1/me/password", Some(&other), Some(passwords), &[]).await;
    let login = world.sign_in("+79991234567", PASSWORD);
    let token = world.post("/v1/sessions", login).await.expect(201).text("/token");
    world.ask(Method::DELETE, "/v1/sessions", Some(&token), None, &[]).await.expect(204);
    world.a_minute_later().await;
    let elsewhere = json!({ "login": "+79991234567", "password": PASSWORD });
    let begun = world.post("/v1/sessions", elsewhere).await.expect(202).text("/id");
    let path = format!("/v1/sessions/challenges/{begun}");
    world.a_minute_later().await;
    world.post(&format!("{path}/code"), json!({})).await.expect(202);
    world.settle().await;
    let code = digits(&world.sent_to("+79991234567").pop().unwrap_or_default());
    let done = world.post(&format!("{path}/complete"), json!({ "code": code })).await.expect(201);
    let token = done.text("/token");
    let device = world.ask(Method::GET, "/v1/me/devices", Some(&token), None, &[]).await.text("/items/0/id");
    let path = format!("/v1/me/devices/{device}");
    world.ask(Method::DELETE, &path, Some(&token), None, &[]).await.expect(200);
    ended(world).await
}
