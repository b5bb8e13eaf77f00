//! By the unified system of identification: signing in there, and coming back.

use crate::own;
use app::Refusal;
use app::identity::compare::Said;
use app::identity::esia::{self, Take};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::identity::ESIA_CHALLENGE_VALID;
use lambda::Edge;
use lambda::http::identity::IdentityView;
use lambda::http::{Asked, Device, Fields, Language, NO_STORE, Problem, ProblemBody, Session, utc};
use outbound::esia::{Client, EsiaFault, Stated, Ties, address, stated};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Characters of what comes back from there.
const BACK_MAX: usize = 2_000;

/// By what this system is known there; none: the way is closed.
pub fn client(edge: &Edge) -> Option<Client> {
    let settings = edge.settings();
    let esia = settings.esia.as_ref()?;
    Some(Client {
        issuer: esia.issuer.clone(),
        id: esia.client_id.clone(),
        secret: esia.client_secret.clone(),
        redirect: format!("{}/identity/esia", settings.portal_url),
    })
}

fn refused(fault: EsiaFault) -> Refusal {
    tracing::warn!(error = %fault, "the unified system confirms nobody");
    match fault {
        EsiaFault::Unavailable(_) => Refusal::EsiaUnavailable,
        EsiaFault::CodeRefused(_) => Refusal::ProofSpent,
        EsiaFault::NotBelieved(_) => Refusal::EsiaNotBelieved,
    }
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EsiaRequest {
    /// Whether name, birth date and SNILS from there take the place of one's own; otherwise they are compared.
    #[serde(default)]
    take_over: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EsiaAddressView {
    /// Where to sign in.
    address: String,
    /// Ten minutes.
    expires_at: String,
}

/// Begins: the browser goes to the address, and comes back to the portal with `state` and `code`.
#[utoipa::path(post, path = "/v1/me/identity/esia", tag = "identity", request_body = EsiaRequest, security(("session" = [])),
    responses((status = 201, body = EsiaAddressView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub async fn start(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Asked(request): Asked<EsiaRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let client = client(&edge).ok_or_else(|| say(Refusal::WayClosed))?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let moment = edge.app().clock.moment();
    let ties = esia::ties(&moment, if request.take_over { Take::Over } else { Take::Nothing });
    esia::start(edge.app(), &vault, &bearer, &ties, &moment).await.map_err(say)?;
    let there = Ties { state: ties.state, nonce: ties.nonce, verifier: ties.verifier };
    let address = address(edge.outbound().web.clone(), client, there).await;
    let address = address.map_err(|fault| say(refused(fault)))?;
    let expires_at = utc(moment.now + ESIA_CHALLENGE_VALID);
    Ok((StatusCode::CREATED, [NO_STORE], Json(EsiaAddressView { address, expires_at })))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EsiaBackRequest {
    /// As the address had it on which the browser came back.
    #[schema(required = true, nullable = false)]
    state: Option<String>,
    #[schema(required = true, nullable = false)]
    code: Option<String>,
}

fn said(stated: Stated) -> Said {
    Said {
        surname: stated.family_name,
        given_name: stated.given_name,
        patronymic: stated.middle_name,
        birth_on: stated.birthdate,
        snils: stated.snils.map(|snils| snils.chars().filter(char::is_ascii_digit).collect()),
        ..Said::default()
    }
}

/// Confirms who one is, for whoever came back. In the session that began it, once.
#[utoipa::path(post, path = "/v1/me/identity/esia/complete", tag = "identity", request_body = EsiaBackRequest, security(("session" = [])),
    responses((status = 200, body = IdentityView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub async fn complete(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Asked(request): Asked<EsiaBackRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let client = client(&edge).ok_or_else(|| say(Refusal::WayClosed))?;
    let mut fields = Fields::new();
    let state = fields.text("state", request.state, BACK_MAX).unwrap_or_default();
    let code = fields.text("code", request.code, BACK_MAX).unwrap_or_default();
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let (challenge, ties) = esia::answered(edge.app(), &vault, &bearer, &state).await.map_err(say)?;
    let there = Ties { state: ties.state, nonce: ties.nonce, verifier: ties.verifier };
    let found = stated(edge.outbound().web.clone(), client, there, code, edge.app().clock.now()).await;
    let found = said(found.map_err(|fault| say(refused(fault)))?);
    let take = (&challenge, ties.take);
    let done = esia::complete(edge.app(), &vault, &bearer, take, &found, device.as_deref()).await;
    Ok(own::answer(done.map_err(say)?, lang))
}
