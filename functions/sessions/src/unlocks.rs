//! A cabinet that staff unlock: asked for from afar, stopped by its owner, or opened by its new phone.

use app::Refusal;
use app::account::unlock;
use app::acting::afar;
use app::contact::{Login, phone};
use app::effort::{EFFORT_MAX, Effort};
use app::fields::filled;
use app::floods::Whence;
use app::refusal::WrongField;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::OfficeId;
use domain::account::Purpose;
use domain::limits::{EMAIL_MAX, REASON_MAX};
use domain::unlock::{AskedSaid, PersonNumber};
use lambda::Edge;
use lambda::http::codes::{self, ProofView};
use lambda::http::views::{OfficeBrief, local, office as office_view};
use lambda::http::{Asked, Device, Fields, Language, NO_STORE, Network, Problem, ProblemBody, Session, utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OwnUnlockView {
    /// `none`, `waiting`, `refused`, `approved`, `stopped` or `done`.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_at: Option<String>,
    /// Until then one stops it, if it was not oneself who asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    opens_at: Option<String>,
}

/// Whether somebody asked at an office to open one's cabinet to another phone.
#[utoipa::path(get, path = "/v1/me/unlock", tag = "me", security(("session" = [])),
    responses((status = 200, body = OwnUnlockView), (status = 401, body = ProblemBody)))]
pub async fn look(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
) -> Result<impl IntoResponse, Problem> {
    let found = unlock::look(edge.app(), &bearer).await;
    let found = found.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    let view = OwnUnlockView {
        state: found.as_ref().map_or("none", |found| found.state.name()),
        asked_at: found.as_ref().map(|found| utc(found.asked_at)),
        opens_at: found.and_then(|found| found.opens()).map(|(from, _)| utc(from)),
    };
    Ok(([NO_STORE], Json(view)))
}

/// Stops it: nothing changes, and whoever asked has to ask anew.
#[utoipa::path(post, path = "/v1/me/unlock/stop", tag = "me", security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn stop(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    unlock::stop(edge.app(), &vault, &bearer, device.as_deref()).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnlockPhoneRequest {
    /// The phone that was given at the office, in any writing.
    #[schema(required = true, nullable = false)]
    phone: Option<String>,
    /// Where one was asked for (`effort-needed`): ALTCHA's payload, or the token for having waited.
    effort: Option<String>,
}

/// Begins to open a cabinet by the phone that was given at an office, a day after that was agreed to: a code goes there. Whether
/// there is such a cabinet is not told.
#[utoipa::path(post, path = "/v1/unlocks", tag = "sessions", request_body = UnlockPhoneRequest,
    responses((status = 201, body = ProofView), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn start(
    State(edge): State<Edge>,
    Language(lang): Language,
    Network(network): Network,
    Asked(request): Asked<UnlockPhoneRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let tel = fields.read_by("phone", request.phone, |given| phone(given, &edge.app().floods));
    let effort = fields.optional("effort", request.effort, EFFORT_MAX);
    fields.finish().map_err(say)?;
    let Ok(login) = tel.unwrap_or_default().parse::<Login>();
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let effort = Some(Effort { key: &codes, given: effort.as_deref() });
    let whence = Whence { network: network.as_deref(), effort };
    let begun = unlock::start(edge.app(), &vault, &login, lang.code(), whence).await.map_err(say)?;
    Ok(codes::begun(&begun))
}

/// Asks for a new code, a minute after the last one.
#[utoipa::path(post, path = "/v1/unlocks/{id}/code", tag = "sessions", params(("id" = String, Path)),
    responses((status = 202, body = ProofView), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn resend(
    State(edge): State<Edge>,
    Language(lang): Language,
    Network(network): Network,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    codes::resend(&edge, lang, network.as_deref(), (&given, Purpose::Unlock)).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnlockPasswordRequest {
    /// The six digits from the SMS.
    #[schema(required = true, nullable = false)]
    code: Option<String>,
    /// At least 8 characters, a digit, letters of both cases.
    #[schema(required = true, nullable = false)]
    password: Option<String>,
}

/// Gives the cabinet the new phone and a new password. Everything that opened it before is over; one signs in with the new ones.
#[utoipa::path(post, path = "/v1/unlocks/{id}/complete", tag = "sessions", request_body = UnlockPasswordRequest, params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 410, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn complete(
    State(edge): State<Edge>,
    Language(lang): Language,
    Device(device): Device,
    Path(given): Path<String>,
    Asked(request): Asked<UnlockPasswordRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let code = fields.code("code", request.code);
    let password = fields.password("password", request.password);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let said = (code.as_str(), password);
    let done = unlock::complete(edge.app(), &vault, &codes, codes::id(&given), said, device.as_deref());
    done.await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskUnlockRequest {
    /// The office that is to see one by video.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// The phone or address with which one signed in until now.
    #[schema(required = true, nullable = false)]
    login: Option<String>,
    #[schema(required = true, nullable = false)]
    surname: Option<String>,
    #[schema(required = true, nullable = false)]
    given_name: Option<String>,
    patronymic: Option<String>,
    /// Or `inn`: one of the two, as the profile has it.
    snils: Option<String>,
    inn: Option<String>,
    /// The mobile phone that is to open the cabinet, in any writing: there one is called.
    #[schema(required = true, nullable = false)]
    phone: Option<String>,
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
    /// Where one was asked for (`effort-needed`): ALTCHA's payload, or the token for having waited.
    effort: Option<String>,
}

/// What was asked, whether or not there is such a cabinet.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AskedUnlockTold {
    office: OfficeBrief,
    asked_at: String,
    /// The office's local time until which somebody calls.
    called_until: String,
}

/// One of two numbers; none where neither is given.
fn number(fields: &mut Fields, snils: Option<String>, inn: Option<String>) -> Option<PersonNumber> {
    match (filled(snils), filled(inn)) {
        (Some(_), Some(_)) => {
            fields.wrong(WrongField::new("inn", "instead-of").with("other", "snils"));
            None
        }
        (None, Some(inn)) => fields.inn("inn", Some(inn)).map(PersonNumber::Inn),
        (Some(snils), None) => fields.snils("snils", Some(snils)).map(PersonNumber::Snils),
        (None, None) => None,
    }
}

/// Asks an office from afar to open one's cabinet to another phone: whoever has lost phone, address and second factor and cannot
/// come. Somebody calls there, sees one and one's document by video, and somebody else agrees; then the old contacts are told.
/// The answer is the same for everybody.
#[utoipa::path(post, path = "/v1/unlock-requests", tag = "sessions", request_body = AskUnlockRequest,
    responses((status = 202, body = AskedUnlockTold), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn ask(
    State(edge): State<Edge>,
    Language(lang): Language,
    Network(network): Network,
    Asked(request): Asked<AskUnlockRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office = fields.need::<OfficeId>("officeId", request.office_id, "unknown-office");
    let login = fields.text("login", request.login, EMAIL_MAX);
    let name = fields.name(&request.surname, &request.given_name, &request.patronymic);
    let number = number(&mut fields, request.snils, request.inn);
    let tel = fields.read_by("phone", request.phone, |given| phone(given, &edge.app().floods));
    let why = fields.text("reason", request.reason, REASON_MAX);
    let effort = fields.optional("effort", request.effort, EFFORT_MAX);
    let read = office.zip(login).zip(tel).zip(why);
    let (((office, login), phone), why) = fields.all_of(read).map_err(say)?;
    // Everybody has a SNILS.
    let number = number.ok_or_else(|| say(Refusal::Fields(vec![WrongField::new("snils", "required")])))?;
    let who = Some((login, name, number));
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let effort = Some(Effort { key: &codes, given: effort.as_deref() });
    let whence = Whence { network: network.as_deref(), effort };
    let said = AskedSaid { who, phone, why };
    let edge = edge.near(&office).await;
    let asked = afar::ask(edge.app(), &vault, &office, &said, whence).await.map_err(say)?;
    let known = edge.app().office(&asked.office).map_err(say)?;
    let told = AskedUnlockTold {
        office: office_view(known, lang),
        asked_at: utc(asked.asked_at),
        called_until: local(asked.deadline(), known.zone),
    };
    Ok((StatusCode::ACCEPTED, [NO_STORE], Json(told)))
}
