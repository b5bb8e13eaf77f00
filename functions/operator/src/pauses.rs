//! Too many tries to sign in: whoever they kept out is let in again (ACC-5).

use app::acting::pause;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::CitizenId;
use lambda::Edge;
use lambda::http::queue::{TakeRequest, named};
use lambda::http::{Asked, Language, Problem, ProblemBody, StaffSession};

/// Lets somebody whom one has identified try again to sign in, at once: all their tries begin anew. Five times a day at the most.
#[utoipa::path(post, path = "/v1/staff/citizens/{id}/sign-in-pause/end", tag = "operator", params(("id" = String, Path)),
    request_body = TakeRequest, security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn end(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<TakeRequest>,
) -> Result<StatusCode, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let office = request.read().map_err(say)?;
    let citizen: CitizenId = named(&edge, lang, &bearer, &id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    pause::end(edge.app(), &vault, &bearer, &office, citizen).await.map_err(say)?;
    Ok(StatusCode::NO_CONTENT)
}
