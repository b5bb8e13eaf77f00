//! Requests come in through the template's routes and no other way.

use super::Stage;
use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use http::Request;

/// A booking function that shouts back what it is given.
pub fn router() -> Router {
    Router::new()
        .route(
            "/v1/appointments",
            post(|body: String| async move { body.to_uppercase() }).get(|| async { "not public" }),
        )
        .route(
            "/v1/appointments/{id}",
            get(|Path(id): Path<String>| async move {
                assert_ne!(id, "panic", "as asked");
                id
            }),
        )
}

async fn ask(stage: &Stage, method: &str, path: &str, body: &[u8]) -> (u16, String) {
    let request = Request::builder().method(method).uri(path).body(body.to_vec()).expect("a request");
    let answer = stage.system.call(request).await;
    (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned())
}

#[tokio::test]
async fn only_the_routes_of_the_template_are_open() {
    let stage = Stage::new().await;
    assert_eq!(ask(&stage, "POST", "/v1/appointments", b"book").await, (200, "BOOK".into()));
    assert_eq!(ask(&stage, "GET", "/v1/appointments/42", b"").await, (200, "42".into()));
    for (method, path) in [
        ("GET", "/v1/appointments"),
        ("GET", "/v1/appointments/"),
        ("GET", "/v1/appointments/1/2"),
        ("GET", "/"),
    ] {
        let (status, body) = ask(&stage, method, path, b"").await;
        assert_eq!(status, 404, "{method} {path}");
        assert!(body.contains("\"status\":404"), "{body}");
    }
}

#[tokio::test]
async fn a_body_over_64_kilobytes_stays_outside() {
    let stage = Stage::new().await;
    assert_eq!(ask(&stage, "POST", "/v1/appointments", &vec![b'x'; 64 * 1024]).await.0, 200);
    assert_eq!(ask(&stage, "POST", "/v1/appointments", &vec![b'x'; 64 * 1024 + 1]).await.0, 413);
}

#[tokio::test]
async fn a_panic_is_an_answer_and_the_rest_lives() {
    let stage = Stage::new().await;
    assert_eq!(ask(&stage, "GET", "/v1/appointments/panic", b"").await.0, 500);
    assert_eq!(ask(&stage, "GET", "/v1/appointments/42", b"").await.0, 200);
}

#[tokio::test]
async fn the_local_routes_show_the_clock_the_outbox_and_the_health() {
    let stage = Stage::new().await;
    super::enqueue(&stage.system, &["one"]).await;
    super::sdk::sms(&stage.system)
        .publish()
        .phone_number("+79990001122")
        .message("x")
        .send()
        .await
        .expect("sent");
    let (status, body) = ask(&stage, "POST", "/_local/clock", br#"{"advance":"PT25H"}"#).await;
    assert_eq!((status, body.contains("2026-12-02T10:00:00Z")), (200, true), "{body}");
    assert_eq!(ask(&stage, "POST", "/_local/clock", br#"{"now":"2026-12-01T09:00:00Z"}"#).await.0, 422);
    let (_, body) = ask(&stage, "GET", "/_local/health", b"").await;
    let health: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((&health["ok"], &health["streamLag"], &health["sent"]), (&true.into(), &0.into(), &1.into()));
    let (_, body) = ask(&stage, "GET", "/_local/outbox?after=0&limit=10", b"").await;
    let outbox: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((&outbox["sent"][0]["channel"], &outbox["next"]), (&"sms".into(), &1.into()));
}
