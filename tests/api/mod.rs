//! The API's description held to the code: what it says is required, listed, refused.

mod applications;
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
