//! The object store as browsers see it: forms are posted to a bucket, and signed links lead to an object.

use crate::embedded::Answer;
use crate::embedded::faults::Service;
use crate::embedded::objects::{Link, OBJECT_MAX_BYTES, Posted};
use crate::feed::blocking;
use crate::http::problem;
use crate::system::System;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Multipart, Path, RawQuery, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use serde_json::json;

pub(crate) fn router(system: System) -> Router {
    let buckets = system.objects().buckets().clone();
    let mut router = Router::new();
    for bucket in buckets.keys() {
        router =
            router.route(&format!("/{bucket}"), post(take)).route(&format!("/{bucket}/{{*key}}"), get(give));
    }
    router.layer(DefaultBodyLimit::max(OBJECT_MAX_BYTES)).with_state(system)
}

async fn take(State(system): State<System>, uri: Uri, form: Multipart) -> Response {
    let Some(posted) = read(form).await else { return problem(StatusCode::BAD_REQUEST) };
    let bucket = uri.path().trim_matches('/').to_owned();
    let request = json!({ "Bucket": bucket, "Key": posted.fields.get("key") });
    if let Err(denied) = system.admit(posted.signer(), Service::Files, "PutObject", &request) {
        return respond(denied);
    }
    let services = system.services();
    let taken = blocking(move || Ok::<_, rusqlite::Error>(services.objects.post(&bucket, &posted))).await;
    system.services().news.send_modify(|count| *count += 1);
    taken.map_or_else(|_| problem(StatusCode::INTERNAL_SERVER_ERROR), respond)
}

/// The fields before the file, and the file; what stands behind it is not looked at.
async fn read(mut form: Multipart) -> Option<Posted> {
    let mut posted = Posted::default();
    while let Some(field) = form.next_field().await.ok()? {
        let name = field.name()?.to_ascii_lowercase();
        if name == "file" {
            posted.file = field.bytes().await.ok()?.to_vec();
            return Some(posted);
        }
        posted.fields.insert(name, field.text().await.ok()?);
    }
    None
}

async fn give(
    State(system): State<System>,
    Path(key): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let query = query.unwrap_or_default();
    let bucket = uri.path().trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
    let Some(signer) = system.objects().signer(&Link { host, path: uri.path(), query: &query }) else {
        return problem(StatusCode::FORBIDDEN);
    };
    let request = json!({ "Bucket": bucket, "Key": key });
    if let Err(denied) = system.admit(&signer, Service::Files, "GetObject", &request) {
        return respond(denied);
    }
    let objects = system.objects().clone();
    match blocking(move || objects.get(&bucket, &key)).await {
        Ok(Some(object)) => {
            let mut response = Response::new(Body::from(object.bytes));
            let told = form_urlencoded::parse(query.as_bytes());
            let named = told.into_owned().find(|(name, _)| name == "response-content-disposition");
            for (name, value) in [
                (header::CONTENT_TYPE, Some(object.content_type)),
                (header::CONTENT_DISPOSITION, named.map(|(_, value)| value)),
            ] {
                if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                    response.headers_mut().insert(name, value);
                }
            }
            response
        }
        Ok(None) => problem(StatusCode::NOT_FOUND),
        Err(_) => problem(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn respond(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    response
}
