//! The description of the whole API, made from the code of all functions (RES-4).

use crate::functions::{FunctionError, Outside, http};
use http::StatusCode;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Info, OpenApi, PathItem, Paths, Ref, RefOr, ResponseBuilder};

const PROBLEM: &str = "application/problem+json";

/// Puts the functions' descriptions together.
///
/// # Errors
/// When settings or the catalogue are not complete.
pub fn openapi(outside: &Outside) -> Result<String, FunctionError> {
    let mut known = None;
    let mut whole = OpenApi::new(Info::new("Okno", "1"), Paths::new());
    for (package, router) in http() {
        let part = router(outside.edge(package, &mut known)?).split_for_parts().1;
        if let Some(name) = clash(&whole, &part) {
            return Err(format!("{package} calls another thing {name} than those before it").into());
        }
        whole.merge(part);
    }
    whole.info = Info::new("Okno", "1");
    for (path, item) in &mut whole.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(name(method, path));
            complete(operation);
        }
    }
    let session = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    let components = whole.components.get_or_insert_with(Default::default);
    components.security_schemes.insert("session".to_owned(), session.into());
    let mut text = serde_json::to_string_pretty(&whole)?;
    text.push('\n');
    Ok(text)
}

/// A schema's name that stands for two different things: the first would be taken for both.
fn clash(whole: &OpenApi, part: &OpenApi) -> Option<String> {
    let known = &whole.components.as_ref()?.schemas;
    let mut named = part.components.as_ref()?.schemas.iter();
    named
        .find(|(name, schema)| known.get(*name).is_some_and(|known| known != *schema))
        .map(|(name, _)| name.clone())
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// A name that no other operation has: `getAppointmentsIdHistory`.
fn name(method: &str, path: &str) -> String {
    let words =
        path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty() && *word != "v1");
    words.fold(method.to_owned(), |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

/// Says in words what a status means, which a description must; that a refusal is a problem document; and that anything
/// may be refused: a body that is no JSON or too large, a system that is overloaded.
fn complete(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let status = status.parse().ok().and_then(|code| StatusCode::from_u16(code).ok());
        let (RefOr::T(response), Some(status)) = (response, status) else { continue };
        response.description = status.canonical_reason().unwrap_or_default().to_owned();
        if !status.is_success()
            && let Some(content) = response.content.shift_remove("application/json")
        {
            response.content.insert(PROBLEM.to_owned(), content);
        }
    }
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemBody"))).build();
    let refusal = ResponseBuilder::new().description("Any other refusal").content(PROBLEM, problem).build();
    operation.responses.responses.insert("default".to_owned(), refusal.into());
}
