//! Every file of `events/`, delivered to its function in the form in which AWS does, in a town where it means something.

mod described;
mod form;
mod outcome;
mod sample;
mod stage;
mod town;

use outcome::{Fate, deliver};
use stage::Stage;
use std::path::Path;

/// Delivers all samples of a function; fails with everything that is not as expected.
async fn delivered(package: &str) {
    let town = town::town().await;
    let mut wrong = String::new();
    let mut fates = Vec::new();
    for sample in sample::of(package) {
        let stage = Stage::open(sample.expected.at.to_utc(), &town.kept).await;
        let outcome = deliver(&sample, &stage).await;
        fates.push(outcome.fate());
        for wrong_word in described::wrong(&sample, &outcome) {
            wrong.push_str(&format!("\n{wrong_word}\n"));
        }
        if !outcome.is(&sample.expected) {
            let came = serde_json::to_string_pretty(&outcome).expect("an outcome");
            wrong.push_str(&format!("\n{} came to\n{came}\n", sample.title()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(fates.contains(&Fate::Served), "{package} has no event that it serves");
    assert!(fates.iter().any(|fate| *fate != Fate::Served), "{package} has no event that it refuses");
}

macro_rules! functions {
    ($($name:ident: $package:literal),* $(,)?) => {
        $(
            #[tokio::test]
            async fn $name() {
                delivered($package).await;
            }
        )*

        const DELIVERED: &[&str] = &[$($package),*];
    };
}

functions! {
    availability: "availability",
    booking: "booking",
    cancellation: "cancellation",
    catalogue: "catalogue",
    changefeed: "changefeed",
    clock: "clock",
    documents: "documents",
    identity: "identity",
    notifier: "notifier",
    offices: "offices",
    operator: "operator",
    profile: "profile",
    reception: "reception",
    registration: "registration",
    registries: "registries",
    representatives: "representatives",
    rescheduling: "rescheduling",
    retention: "retention",
    scanner: "scanner",
    sessions: "sessions",
    staff: "staff",
    visits: "visits",
    waitlist: "waitlist",
    waitlist_worker: "waitlist-worker",
}

#[test]
fn every_function_has_its_samples_and_no_folder_is_left_over() {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/template.yaml");
    let template = local::template::Template::read(&template).expect("the template");
    let mut functions: Vec<String> = template.functions.into_iter().map(|one| one.package).collect();
    functions.sort();
    assert_eq!(functions, DELIVERED);
    assert_eq!(sample::folders(), DELIVERED);
}
