//! Those who work here: enrolling by invitation, signing in with a second factor, inviting and changing others.

mod enrolments;
mod grants;
mod members;
mod sessions;

use lambda::Edge;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(enrolments::look))
        .routes(routes!(enrolments::complete))
        .routes(routes!(sessions::create, sessions::end_all))
        .routes(routes!(sessions::end))
        .routes(routes!(sessions::renew))
        .routes(routes!(sessions::change_password))
        .routes(routes!(members::me))
        .routes(routes!(members::invite))
        .routes(routes!(members::list))
        .routes(routes!(members::one))
        .routes(routes!(members::grants))
        .routes(routes!(members::block))
        .routes(routes!(members::unblock))
        .routes(routes!(members::history))
        .with_state(edge)
}
