//! Files for a service: what is asked for, what was brought, what became of it (DOC-1 to DOC-9).

mod files;
mod folder;

use axum::http::{HeaderName, header};
use lambda::Edge;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(folder::look, folder::answer))
        .routes(routes!(files::attach))
        .routes(routes!(files::remove))
        .routes(routes!(files::open))
        .with_state(edge)
}
