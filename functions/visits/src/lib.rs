//! Arriving for a visit.

use app::check_in;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::OfficeId;
use domain::number::Number;
use lambda::Edge;
use lambda::http::views::{self, ServiceBrief};
use lambda::http::{Asked, Fields, Language, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(check_in)).with_state(edge)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CheckInRequest {
    /// The office where one stands.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    #[schema(required = true, nullable = false)]
    number: Option<String>,
    #[schema(required = true, nullable = false)]
    code: Option<String>,
}

/// What the kiosk shows: nothing that tells who it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CheckedIn {
    number: String,
    queue_number: String,
    service: ServiceBrief,
    starts_at: String,
    text: String,
    checked_in_at: Option<String>,
}

/// Checks a visitor in by number and code.
#[utoipa::path(post, path = "/v1/check-ins", tag = "check-ins", request_body = CheckInRequest,
    responses((status = 201, body = CheckedIn), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn check_in(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asked(request): Asked<CheckInRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", request.office_id, "unknown-office");
    let number = fields.required("number", request.number);
    let code = fields.required("code", request.code);
    fields.finish().map_err(say)?;
    let (Some(office), Some(number), Some(code)) = (office, number, code) else {
        return Err(Problem::new(lang, "invalid-request"));
    };
    // A number whose check character does not fit was mistyped: it is nobody's.
    let number = Number::parse(&number).ok_or_else(|| Problem::new(lang, "check-in-wrong"))?;
    let visit = check_in::check_in(edge.app(), &office, &number, &code).await.map_err(say)?;
    let zone = edge.app().office(&office).map_err(say)?.zone;
    let view = CheckedIn {
        number: visit.number.to_string(),
        queue_number: visit.queue_number.clone(),
        service: views::service(&edge, &visit.service, lang),
        starts_at: views::local(visit.seat.starts_at, zone),
        text: text::when(lang, visit.seat.starts_at, zone),
        checked_in_at: visit.visit.checked_in_at.map(|at| views::local(at, zone)),
    };
    Ok((axum::http::StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(view)))
}
