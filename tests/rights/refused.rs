//! What a role does not allow the runner refuses, as AWS would.

use http::{Method, Request, StatusCode};
use local::clock::TimeMode;
use local::system::{Options, System};
use std::path::Path;
use tests::time;

/// The status of a request where something was taken away from the deployed template.
async fn answered(from: &str, to: &str, method: Method, path: &str, body: &str) -> StatusCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = tempfile::tempdir().expect("a directory");
    let whole = std::fs::read_to_string(root.join("../infra/template.yaml")).expect("the template");
    assert!(whole.contains(from), "{from} is in the template");
    let template = data.path().join("template.yaml");
    std::fs::write(&template, whole.replacen(from, to, 1)).expect("a writable directory");
    let mut options = Options::new(data.path().join("state"), template, root.join("catalogue"));
    options.time = TimeMode::Frozen { at: time("2026-12-01T10:00:00+03:00") };
    let system = System::open(options).await.expect("a system");
    let request = Request::builder().method(method).uri(path).body(body.as_bytes().to_vec());
    system.call(request.expect("a request")).await.status()
}

#[tokio::test]
async fn a_function_without_a_right_cannot_do_what_it_is_for() {
    let month = "/v1/offices/one/calendar?serviceId=talk";
    let (read, none) = ("'dynamodb:BatchGetItem', 'dynamodb:Query']", "'dynamodb:BatchGetItem']");
    assert_eq!(answered(read, read, Method::GET, month, "").await, StatusCode::OK);
    assert_eq!(answered(read, none, Method::GET, month, "").await, StatusCode::SERVICE_UNAVAILABLE);
    let phone = r#"{"phone":"+79990001122"}"#;
    let (all, fewer) = ("[personal, lookup, codes, links]", "[personal, codes, links]");
    for (rights, status) in [(all, StatusCode::CREATED), (fewer, StatusCode::SERVICE_UNAVAILABLE)] {
        assert_eq!(answered(all, rights, Method::POST, "/v1/registrations", phone).await, status);
    }
}
