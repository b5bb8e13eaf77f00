//! Moving an appointment.

use app::attempt::Operation;
use app::reschedule::{self, Move};
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
    OpenApiRouter::new().routes(routes!(reschedule)).with_state(edge)
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MoveRequest {
    /// RFC 3339 with offset.
    #[schema(required = true, nullable = false)]
    starts_at: Option<String>,
    /// The office to move to.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// A specialist of the office who receives then; left out: whoever is free.
    #[serde(skip_serializing_if = "Option::is_none")]
    specialist_id: Option<String>,
    reason: Option<String>,
}

/// Moves an appointment to another start or office: the old slot is given up only if the new one is won.
#[utoipa::path(post, path = "/v1/appointments/{id}/reschedule", tag = "appointments", request_body = MoveRequest,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header), ActingFor), security(("session" = [])),
    responses((status = 200, body = AppointmentView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn reschedule(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asker(caller): Asker,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Asked(request): Asked<MoveRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let body = format!("{id}\n{}", serde_json::to_string(&request).unwrap_or_default());
    let mut fields = Fields::new();
    let starts_at = fields.instant("startsAt", request.starts_at);
    let office = fields.need("officeId", request.office_id, "unknown-office");
    let specialist = fields.read("specialistId", request.specialist_id, "unknown-specialist");
    let reason = fields.optional("reason", request.reason, REASON_MAX);
    fields.finish().map_err(say)?;
    let (Some(starts_at), Some(office)) = (starts_at, office) else {
        return Err(Problem::new(lang, "invalid-request"));
    };
    let appointment = id.parse().unwrap_or(AppointmentId(Ulid::nil()));
    let operation =
        Operation::new("reschedule", key.as_deref(), &body, &edge.app().clock.moment()).by(&caller);
    let why = edge.why(reason).await.map_err(|error| say(error.into()))?;
    let asked = Move { appointment, office, starts_at, specialist, why };
    let moved = reschedule::reschedule(edge.app(), &caller, &operation, &asked).await.map_err(say)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(views::appointment(&edge, &moved, lang))))
}
