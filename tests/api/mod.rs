//! The API's description held to the code: what it says is required, listed, refused.

mod applications;
mod bodies;
mod lists;
mod matrix;
mod operations;
mod refusals;
mod required;
pub mod schema;

use schema::Described;
use std::collections::BTreeSet;

#[test]
fn every_operation_and_answer_has_a_name_of_its_own_and_words() {
    let described = Described::new();
    let mut names = BTreeSet::new();
    for (method, path, operation) in described.operations() {
        let name = operation["operationId"].as_str().unwrap_or_default();
        assert!(!name.is_empty() && names.insert(name), "{method} {path}: {name} is taken");
        let said = operation["summary"].as_str().unwrap_or_default();
        assert!(!said.is_empty(), "{method} {path}: nobody says what it does");
        for (status, answer) in operation["responses"].as_object().expect("answers") {
            assert!(
                !answer["description"].as_str().unwrap_or_default().is_empty(),
                "{method} {path}: {status}"
            );
        }
    }
    assert!(names.len() > 30, "the operations are there");
}

/// What browsers may send and ask from other origins, by the template (API Gateway answers their preflight).
#[test]
fn browsers_may_ask_what_the_description_has() {
    let template = include_str!("../../infra/template.yaml");
    let listed = |name: &str| -> BTreeSet<String> {
        let line = template.lines().find_map(|line| line.trim().strip_prefix(name)).expect("a list");
        let items = line.trim().trim_matches(['[', ']']).split(',');
        items.map(|item| item.trim().to_lowercase()).collect()
    };
    // Every request may have these; utoipa names them by what they are for.
    let mut headers = BTreeSet::from(["authorization", "content-type", "accept-language"].map(str::to_owned));
    let mut methods = BTreeSet::new();
    for (method, _, operation) in Described::new().operations() {
        methods.insert(method.to_lowercase());
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let named = parameters.filter(|one| one["in"] == "header").filter_map(|one| one["name"].as_str());
        headers.extend(named.map(str::to_lowercase));
    }
    assert_eq!(listed("AllowHeaders:"), headers);
    assert_eq!(listed("AllowMethods:"), methods);
}
