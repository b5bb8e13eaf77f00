//! What there is: regions, offices, services; and the description of this API.

mod offices;
mod services;
mod suggestions;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use lambda::Edge;
use lambda::http::views::said;
use lambda::http::{Language, Page, Paging, Problem, ProblemBody};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Made from the code of all functions by `okno openapi`; a test holds it to them.
pub const OPENAPI: &str = include_str!("../openapi.json");

pub(crate) const PUBLIC: [(header::HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "public, max-age=60"), (header::VARY, "Accept-Language")];

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(regions))
        .routes(routes!(offices::list))
        .routes(routes!(offices::one))
        .routes(routes!(services::list))
        .routes(routes!(services::one))
        .routes(routes!(suggestions::suggest))
        .routes(routes!(openapi))
        .with_state(edge)
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Regions {
    items: Vec<RegionView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RegionView {
    /// ISO 3166-2.
    id: String,
    name: String,
    zone: String,
    /// How many offices it has here.
    offices: usize,
}

/// All regions, by name.
#[utoipa::path(get, path = "/v1/regions", tag = "regions", params(Paging),
    responses((status = 200, body = Regions), (status = 422, body = ProblemBody)))]
async fn regions(
    State(edge): State<Edge>,
    Language(lang): Language,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let catalogue = &edge.app().catalogue;
    let count =
        |id: &domain::RegionId| catalogue.offices.values().filter(|office| office.region == *id).count();
    let mut items: Vec<RegionView> = catalogue
        .regions
        .values()
        .map(|region| RegionView {
            id: region.id.to_string(),
            name: said(&region.name, lang).to_owned(),
            zone: region.zone.name().to_owned(),
            offices: count(&region.id),
        })
        .collect();
    items.sort_by(|a, b| a.name.cmp(&b.name));
    let (items, next_cursor) = page.of(lang, items)?;
    Ok((PUBLIC, Json(Regions { items, next_cursor })))
}

/// This API, described (OpenAPI 3.1).
#[utoipa::path(get, path = "/v1/openapi.json", tag = "openapi", responses((status = 200, content_type = "application/json", body = Object)))]
async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=60")], OPENAPI)
}
