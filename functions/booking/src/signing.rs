//! The text of an application that is to be signed electronically, for a booking or a correction (BKG-8).

use crate::application::ApplicationRequest;
use crate::correction::CorrectRequest;
use crate::{Here, id};
use app::{Refusal, signing};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::appointment::Appointment;
use lambda::http::signing::{TextToSignView, statement};
use lambda::http::{Asked, Asker, ForSomebody, Language, NO_STORE, Problem, ProblemBody};

/// Makes a text to be signed for booking a service: of these answers, for an office of the same agency, at whatever time; good once and for
/// half an hour. The one before is over.
#[utoipa::path(post, path = "/v1/appointments/text-to-sign", tag = "appointments", request_body = ApplicationRequest,
    params(ForSomebody), security(("session" = [])),
    responses((status = 201, body = TextToSignView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn for_booking(
    State(Here { edge, roots }): State<Here>,
    Language(lang): Language,
    Asker(caller): Asker,
    Asked(request): Asked<ApplicationRequest>,
) -> Result<impl IntoResponse, Problem> {
    let edge = edge.asked_for(request.service()).await;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let (office, service, application) = request.parse(&edge).map_err(say)?;
    roots.trust().ok_or_else(|| say(Refusal::SigningClosed))?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let words = |facts: &signing::Facts<'_>| statement(&edge, lang, facts);
    let what = (&office, &service, &application);
    let begun = signing::for_booking(edge.app(), &vault, &caller, what, &words).await.map_err(say)?;
    Ok((StatusCode::CREATED, [NO_STORE], Json(TextToSignView::from(begun))))
}

/// Makes a text to be signed for correcting what was filled in for an appointment: of all that it is from then on.
#[utoipa::path(post, path = "/v1/appointments/{id}/text-to-sign", tag = "appointments", request_body = CorrectRequest,
    params(("id" = String, Path), ForSomebody),
    security(("session" = [])),
    responses((status = 201, body = TextToSignView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn for_correction(
    State(Here { edge, roots }): State<Here>,
    Language(lang): Language,
    Asker(caller): Asker,
    Path(given): Path<String>,
    Asked(request): Asked<CorrectRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    roots.trust().ok_or_else(|| say(Refusal::SigningClosed))?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let app = edge.app();
    let correction =
        |before: &Appointment| request.applied(before, app.service(&before.service)?, &app.floods);
    let words = |facts: &signing::Facts<'_>| statement(&edge, lang, facts);
    let which = (id(&given), &correction);
    let begun = signing::for_correction(app, &vault, &caller, which, &words).await.map_err(say)?;
    Ok((StatusCode::CREATED, [NO_STORE], Json(TextToSignView::from(begun))))
}
