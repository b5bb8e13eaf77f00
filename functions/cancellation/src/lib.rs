//! Cancelling an appointment.

use app::attempt::Operation;
use app::cancel;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use domain::limits::REASON_MAX;
use domain::{AppointmentId, Ulid};
use lambda::Edge;
use lambda::http::views::{self, AppointmentView};
use lambda::http::{ActingFor, Asked, Asker, Fields, IdempotencyKey, Language, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(cancel)).with_state(edge)
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CancelRequest {
    /// Up to 300 characters.
    reason: Option<String>,
}

/// Cancels an appointment, at least 24 hours before its start.
#[utoipa::path(post, path = "/v1/appointments/{id}/cancel", tag = "appointments", request_body = CancelRequest,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header), ActingFor), security(("session" = [])),
    responses((status = 200, body = AppointmentView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn cancel(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asker(caller): Asker,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Asked(request): Asked<CancelRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let body = format!("{id}\n{}", serde_json::to_string(&request).unwrap_or_default());
    let mut fields = Fields::new();
    let reason = fields.optional("reason", request.reason, REASON_MAX);
    fields.finish().map_err(say)?;
    let appointment = id.parse().unwrap_or(AppointmentId(Ulid::nil()));
    let operation = Operation::new("cancel", key.as_deref(), &body, &edge.app().clock.moment()).by(&caller);
    let why = edge.why(reason).await.map_err(|error| say(error.into()))?;
    let cancelled = cancel::cancel(edge.app(), &caller, &operation, appointment, why.as_ref()).await;
    let cancelled = cancelled.map_err(say)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(views::appointment(&edge, &cancelled, lang))))
}
