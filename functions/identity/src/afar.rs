//! Unlocks that were asked for from afar: somebody sees the person and their document by video, or refuses (ACC-6, OFC-6).

use crate::checks::{SeenPaperView, paper};
use crate::unlocks::{UnlockView, asked};
use app::Refusal;
use app::acting::afar::{self, Verdict};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use domain::UnlockId;
use domain::unlock::PersonNumber;
use lambda::Edge;
use lambda::http::queue::{decision, named};
use lambda::http::{Asked, Fields, Language, NO_STORE, Problem, ProblemBody, StaffSession};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AskedUnlockView {
    #[serde(flatten)]
    queued: UnlockView,
    /// Where to call whoever asks: the cabinet is to open to it.
    phone: String,
    reason: String,
    /// What was said by whoever asked without a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<AskedWhoView>,
    /// Whose cabinet it is, if all that was said agrees with it. Left out: with none, and nobody is told in what.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<AskedPersonView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AskedWhoView {
    login: String,
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    /// Or the INN.
    #[serde(skip_serializing_if = "Option::is_none")]
    snils: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inn: Option<String>,
}

/// Whom one is to see: by this and by the document that they show.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AskedPersonView {
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_document: Option<SeenPaperView>,
}

/// A request with whose cabinet it is. That it was read is written down with them.
#[utoipa::path(get, path = "/v1/staff/unlock-requests/{id}", tag = "operator", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = AskedUnlockView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn look(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let id: UnlockId = named(&edge, lang, &bearer, &given).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = afar::look(edge.app(), &vault, &bearer, id).await.map_err(say)?;
    let view = AskedUnlockView {
        queued: asked(&edge, &found.asked, bearer.member),
        phone: found.said.phone,
        reason: found.said.why,
        said: found.said.who.map(|(login, name, number)| {
            let (snils, inn) = match number {
                PersonNumber::Snils(snils) => (Some(snils.to_string()), None),
                PersonNumber::Inn(inn) => (None, Some(inn.as_str().to_owned())),
            };
            AskedWhoView {
                login,
                surname: name.surname,
                given_name: name.given,
                patronymic: name.patronymic,
                snils,
                inn,
            }
        }),
        person: found.known.map(|known| {
            let profile = known.profile().clone();
            let name = known.person.name;
            AskedPersonView {
                surname: name.surname,
                given_name: name.given,
                patronymic: name.patronymic,
                birth_date: profile.birth_on.map(|on| on.to_string()),
                identity_document: profile.paper.map(paper),
            }
        }),
    };
    Ok(([NO_STORE], Json(view)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecideAskedUnlockRequest {
    /// `seen`: it is they, and their document was seen by video; or `refused`.
    #[schema(required = true, nullable = false)]
    result: Option<String>,
    /// What was seen. Up to 300 characters.
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
}

/// Decides about a request. Whoever was seen has an unlock from then on: somebody else agrees to it, and the old contacts are told.
#[utoipa::path(post, path = "/v1/staff/unlock-requests/{id}/decide", tag = "operator", request_body = DecideAskedUnlockRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = UnlockView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn decide(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
    Asked(request): Asked<DecideAskedUnlockRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let choices = [("seen", Verdict::Seen), ("refused", Verdict::Refused)];
    let decided = decision(&mut fields, request.result, choices, request.reason);
    fields.finish().map_err(say)?;
    let id: UnlockId = named(&edge, lang, &bearer, &given).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let (verdict, reason) = decided.ok_or_else(|| say(Refusal::NotFound))?;
    let decided = afar::decide(edge.app(), &vault, &bearer, id, (verdict, &reason)).await.map_err(say)?;
    Ok(([NO_STORE], Json(asked(&edge, &decided, bearer.member))))
}
