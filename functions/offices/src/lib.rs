//! Offices as they are managed: an office's file, closing it, what was changed and whom that touched.

mod changes;
mod demand;
mod figures;
mod file;
mod references;

use app::staff::{StaffBearer, absent};
use domain::OfficeId;
use domain::catalogue::Office;
use lambda::Edge;
use lambda::http::Problem;
use text::Lang;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(file::look))
        .routes(routes!(file::replace))
        .routes(routes!(file::close))
        .routes(routes!(changes::list))
        .routes(routes!(changes::one))
        .routes(routes!(figures::look))
        .routes(routes!(demand::look))
        .routes(routes!(references::history))
        .routes(routes!(references::look))
        .routes(routes!(references::replace))
        .with_state(edge)
}

/// The office of a path.
async fn office_of<'a>(
    edge: &'a Edge,
    lang: Lang,
    bearer: &StaffBearer,
    given: &str,
) -> Result<&'a Office, Problem> {
    let id = given.parse::<OfficeId>().ok();
    let found = id.and_then(|id| edge.app().catalogue.offices.get(&id));
    match found {
        Some(office) => Ok(office),
        None => Err(Problem::of(edge, lang, absent(edge.app(), bearer).await)),
    }
}
