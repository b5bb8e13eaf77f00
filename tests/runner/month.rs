//! The command `month` ends well: the figures say what was lived.

use local::month::{self, Month};
use std::path::Path;

#[tokio::test]
async fn a_few_days_of_an_office_come_to_what_was_lived() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra");
    let few = Month {
        office: "msk-taganka".to_owned(),
        people: 8,
        days: 3,
        seed: 3,
        template: root.join("template.yaml"),
        catalogue: root.join("data"),
    };
    let lived = month::live(&few).await.unwrap_or_else(|error| panic!("{error}"));
    assert!(lived.differences().is_empty(), "{:#?}\n{lived}", lived.differences());
    assert!(lived.booked > 1 && lived.came > 0, "{lived}");
}
