//! What only the local system has: the outbox, the clock, its own health, signing in elsewhere and how the registries behave,
//! under `/_local`.

use crate::embedded::outbox::{LIST_MAX, Sent};
use crate::embedded::queues::Depth;
use crate::embedded::registries::Mood;
use crate::feed::blocking;
use crate::http::problem;
use crate::system::System;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// The farthest one request moves the clock.
const ADVANCE_MAX: TimeDelta = TimeDelta::days(400);

pub(crate) fn router(system: System) -> Router {
    Router::new()
        .route("/_local/outbox", get(outbox))
        .route("/_local/clock", get(read_clock).post(move_clock))
        .route("/_local/health", get(health))
        .route("/_local/esia", get(esia))
        .route("/_local/registries", get(read_registries).post(set_registries))
        .with_state(system)
}

#[derive(Debug, Deserialize)]
struct Page {
    #[serde(default)]
    after: i64,
    limit: Option<u32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Letters {
    sent: Vec<Sent>,
    /// Give it as `after` to go on; it stays when there is nothing new.
    next: i64,
}

async fn outbox(State(system): State<System>, Query(page): Query<Page>) -> Response {
    let outbox = system.outbox().clone();
    let limit = page.limit.unwrap_or(100).min(LIST_MAX);
    match blocking(move || outbox.list(page.after, limit)).await {
        Ok(sent) => {
            let next = sent.last().map_or(page.after, |last| last.number);
            Json(Letters { sent, next }).into_response()
        }
        Err(error) => failed(&error.to_string()),
    }
}

async fn read_clock(State(system): State<System>) -> Response {
    Json(json!({ "now": system.now() })).into_response()
}

/// One of the two: `{"now": "2026-12-01T09:00:00Z"}` or `{"advance": "PT25H"}`, seconds as a number will do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    now: Option<DateTime<Utc>>,
    advance: Option<Span>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Span {
    Seconds(i64),
    Iso(String),
}

async fn move_clock(State(system): State<System>, body: String) -> Response {
    let Ok(asked) = serde_json::from_str::<Move>(&body) else {
        return problem(StatusCode::UNPROCESSABLE_ENTITY);
    };
    let now = system.now();
    let to = match (asked.now, asked.advance) {
        (Some(to), None) => Some(to),
        (None, Some(Span::Seconds(seconds))) => {
            TimeDelta::try_seconds(seconds).and_then(|span| now.checked_add_signed(span))
        }
        (None, Some(Span::Iso(text))) => iso_span(&text).and_then(|span| now.checked_add_signed(span)),
        _ => None,
    };
    // Forward only: what was done at a later time cannot be undone.
    let Some(to) = to.filter(|to| *to >= now && *to - now <= ADVANCE_MAX) else {
        return problem(StatusCode::UNPROCESSABLE_ENTITY);
    };
    let failures = system.advance_to(to).await;
    Json(json!({ "now": system.now(), "failures": failures })).into_response()
}

/// `P1DT2H3M4S`: days, hours, minutes and whole seconds of ISO 8601, each at most once and in this order.
fn iso_span(text: &str) -> Option<TimeDelta> {
    let rest = text.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').map_or((rest, None), |(days, time)| (days, Some(time)));
    if rest.is_empty() || time == Some("") {
        return None;
    }
    let mut seconds = 0_i64;
    for (mut part, units) in
        [(days, &[('D', 86_400)][..]), (time.unwrap_or_default(), &[('H', 3_600), ('M', 60), ('S', 1)])]
    {
        for (unit, unit_s) in units {
            if let Some((number, behind)) = part.split_once(*unit) {
                seconds =
                    seconds.checked_add(i64::from(number.parse::<u32>().ok()?).checked_mul(*unit_s)?)?;
                part = behind;
            }
        }
        if !part.is_empty() {
            return None;
        }
    }
    TimeDelta::try_seconds(seconds)
}

#[derive(Debug, Deserialize)]
struct Visitor {
    /// As the function gave it out.
    address: String,
    /// `anna`, `olga` or `nemo`.
    person: String,
}

/// Somebody signs in at the stand-in of the unified system; answers where the browser goes back to.
async fn esia(State(system): State<System>, Query(visitor): Query<Visitor>) -> Response {
    match system.esia().sign_in(&visitor.address, &visitor.person) {
        Some(to) => Json(json!({ "to": to })).into_response(),
        None => problem(StatusCode::NOT_FOUND),
    }
}

async fn read_registries(State(system): State<System>) -> Response {
    Json(json!({ "asked": system.registries().asked() })).into_response()
}

/// `{"mood": "slow"}`, or `well`, `failing`, `contradictory`, `garbled`, `unclear`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Behave {
    mood: Mood,
}

async fn set_registries(State(system): State<System>, body: String) -> Response {
    let Ok(asked) = serde_json::from_str::<Behave>(&body) else {
        return problem(StatusCode::UNPROCESSABLE_ENTITY);
    };
    system.registries().set(asked.mood);
    StatusCode::NO_CONTENT.into_response()
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    /// Nothing is in the dead letters.
    ok: bool,
    now: DateTime<Utc>,
    queues: BTreeMap<String, Depth>,
    dead_letters: u64,
    stream_lag: u64,
    sent: i64,
}

async fn health(State(system): State<System>) -> Response {
    let stream_lag = match system.stream_lag().await {
        Ok(lag) => lag,
        Err(error) => return failed(&error),
    };
    let asked = system.clone();
    let found = blocking(move || -> Result<_, crate::feed::FeedError> {
        let queues = asked.queues();
        let depths = queues.names().map(|name| Ok((name.to_owned(), queues.depth(name)?)));
        let depths = depths.collect::<Result<BTreeMap<_, _>, crate::feed::FeedError>>()?;
        Ok((depths, queues.totals()?.1, asked.outbox().last_number()?))
    });
    match found.await {
        Ok((queues, dead_letters, sent)) => {
            Json(Health { ok: dead_letters == 0, now: system.now(), queues, dead_letters, stream_lag, sent })
                .into_response()
        }
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(error: &str) -> Response {
    tracing::error!(error, "a local route failed");
    problem(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_iso_writes_them() {
        for (text, seconds) in
            [("PT25H", 90_000), ("P1DT1H", 90_000), ("PT1H30M", 5_400), ("PT90S", 90), ("P2D", 172_800)]
        {
            assert_eq!(iso_span(text), TimeDelta::try_seconds(seconds), "{text}");
        }
        for text in ["", "P", "PT", "25H", "PT1M1H", "P1H", "PT-1H", "PT1.5H", "P1DT"] {
            assert_eq!(iso_span(text), None, "{text}");
        }
    }
}
