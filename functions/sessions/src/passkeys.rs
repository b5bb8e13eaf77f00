//! Passkeys: added, listed, removed, and signed in by.

use crate::SignedIn;
use crate::devices::EndedView;
use crate::factor::FACTOR_MAX;
use app::Refusal;
use app::account::devices::TOKEN_MAX;
use app::account::passkeys::{self, Begun, Party, add, sign_in};
use app::account::second_factor::Second;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::limits::PASSKEY_NAME_MAX;
use domain::{ChallengeId, Ulid};
use lambda::Edge;
use lambda::http::{
    Asked, Device, Fields, Language, NO_STORE, Network, Page, Paging, Problem, ProblemBody, Session, utc,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// The site that passkeys are for: the portal's, if nothing else is set.
fn party(edge: &Edge) -> Result<Party, Refusal> {
    let settings = edge.settings();
    let origin = settings.passkey_origin.as_ref().unwrap_or(&settings.portal_url);
    Party::of(origin).ok_or(Refusal::WayClosed)
}

/// What a browser got from a passkey, as it gives it (`toJSON`).
fn read<T: DeserializeOwned>(fields: &mut Fields, given: Option<Value>) -> Option<T> {
    let Some(given) = given.filter(|given| !given.is_null()) else {
        fields.add("credential", "required");
        return None;
    };
    let read = serde_json::from_value(given).ok();
    if read.is_none() {
        fields.add("credential", "not-a-passkey");
    }
    read
}

/// An id that cannot be one is like one that nobody has.
fn id(fields: &mut Fields, given: Option<String>) -> ChallengeId {
    let given = fields.required("id", given).unwrap_or_default();
    given.parse().unwrap_or(ChallengeId(Ulid::nil()))
}

/// What a passkey is to answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PasskeyChallenge {
    /// To be given back with the answer.
    id: String,
    /// What `navigator.credentials` takes, as the standard's JSON: `PublicKeyCredential.parse…OptionsFromJSON` reads it.
    #[schema(value_type = Object)]
    public_key: Value,
    expires_at: String,
}

fn view(begun: Begun) -> Json<PasskeyChallenge> {
    let expires_at = utc(begun.expires_at);
    Json(PasskeyChallenge { id: begun.id.to_string(), public_key: begun.options, expires_at })
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PasskeyList {
    items: Vec<PasskeyView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PasskeyView {
    id: String,
    name: String,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_at: Option<String>,
    /// When it last counted backwards: somebody may have a copy of it, and it should be removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    counted_backwards_at: Option<String>,
}

/// One's passkeys, the last added first.
#[utoipa::path(get, path = "/v1/me/passkeys", tag = "me", params(Paging), security(("session" = [])),
    responses((status = 200, body = PasskeyList), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let kept = passkeys::list(edge.app(), &vault, &bearer).await.map_err(say)?;
    let (kept, next_cursor) = page.of(lang, kept)?;
    let items = kept.into_iter().map(|kept| PasskeyView {
        id: kept.id,
        name: kept.name,
        created_at: utc(kept.created_at),
        used_at: kept.used_at.map(utc),
        counted_backwards_at: kept.copied_at.map(utc),
    });
    Ok(([NO_STORE], Json(PasskeyList { items: items.collect(), next_cursor })))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddPasskeyRequest {
    /// One's own, as at sign-in.
    #[schema(required = true, nullable = false)]
    password: Option<String>,
    /// Where the cabinet has a second factor: a code of it, or a recovery code.
    second_factor: Option<String>,
}

/// Begins to add a passkey.
#[utoipa::path(post, path = "/v1/me/passkeys", tag = "me", request_body = AddPasskeyRequest, security(("session" = [])),
    responses((status = 201, body = PasskeyChallenge), (status = 401, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn begin(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Network(network): Network,
    Asked(request): Asked<AddPasskeyRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let password = fields.password("password", request.password);
    let second = fields.optional("secondFactor", request.second_factor, FACTOR_MAX);
    fields.finish().map_err(say)?;
    let party = party(&edge).map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let second = Second { said: second.as_deref(), codes: &codes, network: network.as_deref() };
    let begun = add::begin(edge.app(), &vault, &party, &bearer, (password, &second)).await.map_err(say)?;
    Ok((StatusCode::CREATED, [NO_STORE], view(begun)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPasskeyRequest {
    #[schema(required = true, nullable = false)]
    id: Option<String>,
    /// What one calls it.
    #[schema(required = true, nullable = false)]
    name: Option<String>,
    /// What `navigator.credentials.create()` gave, as JSON.
    #[schema(required = true, nullable = false, value_type = Object)]
    credential: Option<Value>,
}

/// Adds the passkey that answers. It signs in by itself from now on.
#[utoipa::path(post, path = "/v1/me/passkeys/complete", tag = "me", request_body = NewPasskeyRequest, security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 410, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn complete(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Asked(request): Asked<NewPasskeyRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let id = id(&mut fields, request.id);
    let name = fields.text("name", request.name, PASSKEY_NAME_MAX).unwrap_or_default();
    let credential = read(&mut fields, request.credential);
    fields.finish().map_err(say)?;
    let Some(credential) = credential else { return Err(say(Refusal::ProofSpent)) };
    let party = party(&edge).map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let answer = add::Answer { id, credential: &credential, name: &name };
    add::complete(edge.app(), &vault, &party, &bearer, answer, device.as_deref()).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a passkey; the sessions that it opened end.
#[utoipa::path(delete, path = "/v1/me/passkeys/{id}", tag = "me", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = EndedView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn remove(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let ended = passkeys::remove(edge.app(), &vault, &bearer, &id, device.as_deref()).await.map_err(say)?;
    Ok(([NO_STORE], EndedView::of(ended)))
}

/// Begins to sign in by a passkey, also where a new device would be asked for a code (202): it stands for all of that.
#[utoipa::path(post, path = "/v1/sessions/passkeys", tag = "sessions",
    responses((status = 201, body = PasskeyChallenge), (status = 429, body = ProblemBody)))]
pub async fn begin_sign_in(
    State(edge): State<Edge>,
    Language(lang): Language,
    Network(network): Network,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let party = party(&edge).map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let begun = sign_in::begin(edge.app(), &vault, &party, network.as_deref()).await.map_err(say)?;
    Ok((StatusCode::CREATED, [NO_STORE], view(begun)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasskeySignInRequest {
    #[schema(required = true, nullable = false)]
    id: Option<String>,
    /// What `navigator.credentials.get()` gave, as JSON.
    #[schema(required = true, nullable = false, value_type = Object)]
    credential: Option<Value>,
    /// By which the device is known.
    device_token: Option<String>,
}

/// Signs in by the passkey that answers: it has verified its owner, so nothing else is asked for. The device is known from now on.
#[utoipa::path(post, path = "/v1/sessions/passkeys/complete", tag = "sessions", request_body = PasskeySignInRequest,
    responses((status = 201, body = SignedIn), (status = 401, body = ProblemBody), (status = 410, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn complete_sign_in(
    State(edge): State<Edge>,
    Language(lang): Language,
    Device(device): Device,
    Asked(request): Asked<PasskeySignInRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let id = id(&mut fields, request.id);
    let credential = read(&mut fields, request.credential);
    let token = fields.optional("deviceToken", request.device_token, TOKEN_MAX);
    fields.finish().map_err(say)?;
    let Some(credential) = credential else { return Err(say(Refusal::ProofSpent)) };
    let party = party(&edge).map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let (device_token, device) = (token.as_deref(), device.as_deref());
    let answer = sign_in::Answer { id, credential: &credential, device_token, device };
    let done = sign_in::complete(edge.app(), &vault, &party, answer).await.map_err(say)?;
    Ok((StatusCode::CREATED, [NO_STORE], SignedIn::of(done)))
}
