//! Offers: looked at and answered by a session or by the link's secret, which is good for this one offer.

use app::Caller;
use app::waitlist::answer;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use domain::{OfferId, Ulid};
use lambda::Edge;
use lambda::http::views::{self, AppointmentView, OfferView};
use lambda::http::{Asked, Asker, Language, NO_STORE, Params, Problem, ProblemBody};
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
#[utoipa::path(get, path = "/v1/offers/{id}", tag = "offers", params(("Acting-For" = Option<String>, Header, description = "For whom one acts: with a session of staff a citizen whom one identified a moment ago; with one's own, somebody who let one."), ("id" = String, Path), Secret), security((), ("session" = [])),
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

/// Accepts: the place becomes an appointment, or the one to which a later appointment moves.
#[utoipa::path(post, path = "/v1/offers/{id}/accept", tag = "offers", request_body = Secret, params(("Acting-For" = Option<String>, Header, description = "For whom one acts: with a session of staff a citizen whom one identified a moment ago; with one's own, somebody who let one."), ("id" = String, Path)), security((), ("session" = [])),
    responses((status = 200, body = AppointmentView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn accept(
    State(edge): State<Edge>,
    Language(lang): Language,
    session: Option<Asker>,
    Path(given): Path<String>,
    Asked(secret): Asked<Secret>,
) -> Result<impl IntoResponse, Problem> {
    let caller = caller(&edge, lang, session, secret.token, id(&given)).await?;
    let taken = answer::accept(edge.app(), &caller, id(&given)).await;
    let taken = taken.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(([NO_STORE], Json(views::appointment(&edge, &taken, lang))))
}

/// Declines: the place in line is kept, the slot goes to the next.
#[utoipa::path(post, path = "/v1/offers/{id}/decline", tag = "offers", request_body = Secret, params(("Acting-For" = Option<String>, Header, description = "For whom one acts: with a session of staff a citizen whom one identified a moment ago; with one's own, somebody who let one."), ("id" = String, Path)), security((), ("session" = [])),
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
