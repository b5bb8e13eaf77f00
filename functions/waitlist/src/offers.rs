//! Offers: looked at and answered by a session or by the link's secret, which is good for this one offer.

use crate::Here;
use app::waitlist::answer;
use app::{Caller, Refusal, signing};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{OfferId, Ulid};
use lambda::Edge;
use lambda::http::signing::{TextToSignView, statement};
use lambda::http::views::{self, AppointmentView, OfferView};
use lambda::http::{ActingFor, Asked, Asker, ForSomebody, Language, NO_STORE, Params, Problem, ProblemBody};
use serde::Deserialize;
use text::Lang;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Secret {
    /// The secret of the link; not needed with a session.
    token: Option<String>,
}

fn id(given: &str) -> OfferId {
    given.parse().unwrap_or(OfferId(Ulid::nil()))
}

async fn caller(
    edge: &Edge,
    lang: Lang,
    session: Option<Asker>,
    token: Option<String>,
    offer: OfferId,
) -> Result<Caller, Problem> {
    let say = |refusal| Problem::of(edge, lang, refusal);
    match (token, session) {
        (Some(token), _) => {
            let links = edge.links().await.map_err(|error| say(error.into()))?;
            answer::check_token(&links, &token, offer).map(Caller::Link).map_err(say)
        }
        (None, Some(session)) => Ok(session.0),
        (None, None) => Err(Problem::new(lang, "unauthorized")),
    }
}

/// An offer as it stands. Looking changes nothing.
#[utoipa::path(get, path = "/v1/offers/{id}", tag = "offers", params(ActingFor, ("id" = String, Path), Secret), security((), ("session" = [])),
    responses((status = 200, body = OfferView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn one(
    State(edge): State<Edge>,
    Language(lang): Language,
    session: Option<Asker>,
    Path(given): Path<String>,
    Params(secret): Params<Secret>,
) -> Result<impl IntoResponse, Problem> {
    let caller = caller(&edge, lang, session, secret.token, id(&given)).await?;
    let found = answer::look(edge.app(), &caller, id(&given)).await;
    let found = found.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(([NO_STORE], Json(views::offer(&edge, &found, lang, edge.app().clock.now()))))
}

/// What accepting takes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcceptRequest {
    /// The secret of the link; not needed with a session.
    token: Option<String>,
    /// Where the service has its application signed: the detached signature (CMS, PEM or Base64, at most 40 KB) of the text that
    /// was made for this offer.
    signature: Option<String>,
}

/// Accepts: the place becomes an appointment, or the one to which a later appointment moves.
#[utoipa::path(post, path = "/v1/offers/{id}/accept", tag = "offers", request_body = AcceptRequest, params(ActingFor, ("id" = String, Path)), security((), ("session" = [])),
    responses((status = 200, body = AppointmentView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn accept(
    State(Here { edge, roots }): State<Here>,
    Language(lang): Language,
    session: Option<Asker>,
    Path(given): Path<String>,
    Asked(request): Asked<AcceptRequest>,
) -> Result<impl IntoResponse, Problem> {
    let caller = caller(&edge, lang, session, request.token, id(&given)).await?;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let sent = request.signature.filter(|sent| !sent.trim().is_empty());
    let signature = sent.map(|sent| signatures::given(&roots, &sent)).transpose().map_err(say)?;
    let vault = match &signature {
        Some(_) => Some(edge.vault().await.map_err(|error| say(error.into()))?),
        None => None,
    };
    let signed = (vault.as_ref(), signature.as_ref());
    let taken = answer::accept(edge.app(), &caller, id(&given), signed).await.map_err(say)?;
    Ok(([NO_STORE], Json(views::appointment(&edge, &taken, lang))))
}

/// Makes a text to be signed for accepting an offer of a service that has its application signed; good once and for half an hour.
/// The one before is over.
#[utoipa::path(post, path = "/v1/offers/{id}/text-to-sign", tag = "offers", params(ForSomebody, ("id" = String, Path)), security(("session" = [])),
    responses((status = 201, body = TextToSignView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn text_to_sign(
    State(Here { edge, roots }): State<Here>,
    Language(lang): Language,
    Asker(caller): Asker,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    roots.trust().ok_or_else(|| say(Refusal::SigningClosed))?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let words = |facts: &signing::Facts<'_>| statement(&edge, lang, facts);
    let application = answer::filled_in();
    let begun = signing::for_offer(edge.app(), &vault, &caller, id(&given), &application, &words);
    Ok((StatusCode::CREATED, [NO_STORE], Json(TextToSignView::from(begun.await.map_err(say)?))))
}

/// Declines: the place in line is kept, the slot goes to the next.
#[utoipa::path(post, path = "/v1/offers/{id}/decline", tag = "offers", request_body = Secret, params(ActingFor, ("id" = String, Path)), security((), ("session" = [])),
    responses((status = 200, body = OfferView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn decline(
    State(edge): State<Edge>,
    Language(lang): Language,
    session: Option<Asker>,
    Path(given): Path<String>,
    Asked(secret): Asked<Secret>,
) -> Result<impl IntoResponse, Problem> {
    let caller = caller(&edge, lang, session, secret.token, id(&given)).await?;
    let declined = answer::decline(edge.app(), &caller, id(&given)).await;
    let declined = declined.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(([NO_STORE], Json(views::offer(&edge, &declined, lang, edge.app().clock.now()))))
}
