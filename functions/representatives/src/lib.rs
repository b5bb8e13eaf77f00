//! Acting for somebody else: asked for, decided by staff, ended by either side or by staff (ACC-10, OFC-6).

mod own;
mod queue;
mod stopping;
mod views;

use lambda::Edge;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(own::ask, own::acting))
        .routes(routes!(own::renounce))
        .routes(routes!(own::representatives))
        .routes(routes!(own::revoke))
        .routes(routes!(queue::list))
        .routes(routes!(queue::take))
        .routes(routes!(queue::decide))
        .routes(routes!(stopping::list))
        .routes(routes!(stopping::end))
        .with_state(edge)
}
