//! Whether it is confirmed who one is, and by which ways it can be.

use crate::video::{CheckView, check};
use crate::{Here, esia};
use app::identity::Known;
use app::identity::video::{self, Own};
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::identity::{Confirmed, Means, unsaid};
use lambda::http::identity::IdentityView;
use lambda::http::{Language, NO_STORE, Problem, ProblemBody, Session};
use serde::Serialize;
use text::Lang;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnIdentity {
    /// Absent: not confirmed, or not any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed: Option<IdentityView>,
    /// What is to be said in the profile before.
    missing: Vec<UnsaidView>,
    ways: Vec<WayView>,
    /// The last video check that one asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    video_check: Option<CheckView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UnsaidView {
    name: &'static str,
    text: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WayView {
    /// `phone-code`, `another-device`, `signature`, `video` or `esia`.
    by: &'static str,
    text: String,
    /// Whether it can be taken here.
    open: bool,
}

/// The ways that there are, and whether each can be taken here.
fn ways(here: &Here) -> [(Means, bool); 5] {
    [
        (Means::PhoneCode, true),
        (Means::AnotherDevice, true),
        (Means::Signature, here.roots.trust().is_some()),
        (Means::Video, true),
        (Means::Esia, esia::client(&here.edge).is_some()),
    ]
}

fn view(here: &Here, known: &Known, own: Option<Own>, lang: Lang) -> OwnIdentity {
    let missing = unsaid(&known.citizen.met).into_iter().map(|condition| UnsaidView {
        name: condition.name(),
        text: text::label(lang, &format!("readiness-{}", condition.name())),
    });
    let ways = ways(here).into_iter().map(|(means, open)| WayView {
        by: means.name(),
        text: text::label(lang, &format!("means-{}", means.name())),
        open,
    });
    OwnIdentity {
        confirmed: known.citizen.confirmed.map(|confirmed| IdentityView::of(confirmed, lang)),
        missing: missing.collect(),
        ways: ways.collect(),
        video_check: own.map(|own| check(&here.edge, own, lang)),
    }
}

/// What whoever has just been confirmed reads.
pub fn answer(confirmed: Confirmed, lang: Lang) -> impl IntoResponse {
    ([NO_STORE], Json(IdentityView::of(confirmed, lang)))
}

/// Whether it is confirmed who one is, by what, and by which ways it can be.
#[utoipa::path(get, path = "/v1/me/identity", tag = "identity", security(("session" = [])),
    responses((status = 200, body = OwnIdentity), (status = 401, body = ProblemBody)))]
pub async fn look(
    State(here): State<Here>,
    Language(lang): Language,
    Session(bearer): Session,
) -> Result<impl IntoResponse, Problem> {
    let edge = &here.edge;
    let say = |refusal| Problem::of(edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let (known, own) = video::look(edge.app(), &vault, &bearer).await.map_err(say)?;
    Ok(([NO_STORE], Json(view(&here, &known, own, lang))))
}
