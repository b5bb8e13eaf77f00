//! Confirming who one is: by a code to the phone, by another device, by an electronic signature, by video, by ЕСИА (ACC-9, ACC-15).

mod afar;
mod checks;
mod device;
mod esia;
mod own;
mod phone;
mod signing;
mod unlocks;
mod video;

use axum::extract::FromRef;
use lambda::Edge;
use signatures::Roots;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What these handlers have: the edge, and whose signatures are trusted.
#[derive(Clone)]
pub(crate) struct Here {
    pub edge: Edge,
    pub roots: Roots,
}

impl FromRef<Here> for Edge {
    fn from_ref(here: &Here) -> Self {
        here.edge.clone()
    }
}

pub fn router(edge: Edge) -> OpenApiRouter {
    let queue = OpenApiRouter::new()
        .routes(routes!(checks::list))
        .routes(routes!(checks::open))
        .routes(routes!(checks::take))
        .routes(routes!(checks::give_back))
        .routes(routes!(checks::decide))
        .routes(routes!(unlocks::open))
        .routes(routes!(unlocks::list))
        .routes(routes!(unlocks::look))
        .routes(routes!(unlocks::decide))
        .routes(routes!(afar::look))
        .routes(routes!(afar::decide))
        .with_state(edge.clone());
    OpenApiRouter::new()
        .routes(routes!(own::look))
        .routes(routes!(phone::start))
        .routes(routes!(phone::resend))
        .routes(routes!(phone::complete))
        .routes(routes!(device::start))
        .routes(routes!(device::look))
        .routes(routes!(device::complete))
        .routes(routes!(signing::start))
        .routes(routes!(signing::complete))
        .routes(routes!(esia::start))
        .routes(routes!(esia::complete))
        .routes(routes!(video::ask, video::withdraw))
        .with_state(Here { roots: Roots::of(&edge.settings().signature_roots_dir), edge })
        .merge(queue)
}
