//! Files for a service: what is asked for, what was brought, what became of it (DOC-1 to DOC-9).

mod files;
mod folder;

use app::Caller;
use lambda::Edge;
use lambda::http::{Asker, Problem};
use text::Lang;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Files are brought by citizens and by whoever acts for them; those who work here open them at a visit.
fn own(lang: Lang, asker: Asker) -> Result<Caller, Problem> {
    match asker.0 {
        Caller::Staff(..) => Err(Problem::new(lang, "unauthorized")),
        caller => Ok(caller),
    }
}

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(folder::look, folder::answer))
        .routes(routes!(files::attach))
        .routes(routes!(files::remove))
        .routes(routes!(files::open))
        .with_state(edge)
}
