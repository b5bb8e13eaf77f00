//! The office's day: the agenda, who is there, who is called and received, with what result; the waiting room's board.

mod day;
mod files;
mod steps;

use lambda::Edge;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(day::board))
        .routes(routes!(day::agenda))
        .routes(routes!(day::open))
        .routes(routes!(files::open))
        .routes(routes!(steps::arrive))
        .routes(routes!(steps::call_next))
        .routes(routes!(steps::call))
        .routes(routes!(steps::receive))
        .routes(routes!(steps::close))
        .routes(routes!(steps::undo_no_show))
        .with_state(edge)
}
