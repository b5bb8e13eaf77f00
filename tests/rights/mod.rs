//! The roles of the template held to what the functions do: whatever a function does it may (the runner refuses it
//! otherwise), and whatever it may it does.

mod acting;
mod cabinet;
mod documents;
mod flows;
mod identity;
mod keeping;
mod refused;
mod representatives;
mod signing;

use local::embedded::ledger::Uses;
use local::template::{Function, Resources, Statement, Template};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Rights that no code of ours uses: action, whose, why.
const NOT_OURS: [(&str, &str, &str); 9] = [
    ("logs:CreateLogStream", "*", "the platform writes the function's log"),
    ("logs:PutLogEvents", "*", "the platform writes the function's log"),
    ("dynamodb:DescribeStream", "changefeed", "Lambda reads the stream with the function's role"),
    ("dynamodb:GetRecords", "changefeed", "Lambda reads the stream with the function's role"),
    ("dynamodb:GetShardIterator", "changefeed", "Lambda reads the stream with the function's role"),
    ("dynamodb:ListStreams", "changefeed", "Lambda reads the stream with the function's role"),
    ("sqs:ReceiveMessage", "*", "Lambda empties the queue with the function's role"),
    ("sqs:DeleteMessage", "*", "Lambda empties the queue with the function's role"),
    ("sqs:GetQueueAttributes", "*", "Lambda empties the queue with the function's role"),
];

fn functions() -> Vec<Function> {
    let template = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/template.yaml");
    Template::read(template.as_ref()).expect("the template").functions
}

#[tokio::test]
async fn every_function_may_do_what_it_does_and_nothing_else() {
    let uses = flows::all().await;
    let mut wrong = Vec::new();
    for function in functions() {
        let rights = function.rights.as_ref().expect("a role of its own");
        for (package, one) in uses.iter().filter(|(package, _)| *package == function.package) {
            if !rights.iter().any(|right| right.allows(one)) {
                wrong.push(format!("{package} may not {one}"));
            }
        }
        for idle in rights.iter().flat_map(|right| idle(&function.package, right, &uses)) {
            wrong.push(format!("{} may {idle}, and never does", function.package));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}\n{}", matrix(&uses));
}

/// The parts of a statement that nobody uses: each action on each resource, each value of each condition.
fn idle(package: &str, statement: &Statement, uses: &Uses) -> Vec<String> {
    let used = |narrowed: &Statement| uses.iter().any(|(by, one)| by == package && narrowed.allows(one));
    let mut parts = Vec::new();
    for action in &statement.actions {
        let one = Statement { actions: vec![action.clone()], ..statement.clone() };
        match &statement.resources {
            Resources::AllBut(_) => parts.push((action.clone(), one)),
            Resources::Only(names) => parts.extend(names.iter().map(|name| {
                let one = Statement { resources: Resources::Only(vec![name.clone()]), ..one.clone() };
                (format!("{action} {}", name.rsplit(':').next().unwrap_or_default()), one)
            })),
        }
    }
    for (key, values) in &statement.conditions {
        for value in values {
            let mut one = statement.clone();
            one.conditions.insert(key.clone(), vec![value.clone()]);
            parts.push((format!("{} with {key} = {value}", statement.actions.join(", ")), one));
        }
    }
    parts.retain(|(said, one)| !used(one) && !is_not_ours(package, said));
    parts.into_iter().map(|(said, _)| said).collect()
}

fn is_not_ours(package: &str, said: &str) -> bool {
    NOT_OURS.iter().any(|(action, whose, _)| {
        let exact = said == *action || said.split(' ').next() == Some(*action);
        exact && (*whose == "*" || *whose == package)
    })
}

#[test]
fn what_is_not_ours_is_still_in_the_template() {
    let functions = functions();
    for (action, whose, why) in NOT_OURS {
        let name = action.split(' ').next().unwrap_or_default();
        let given = functions.iter().filter(|function| whose == "*" || whose == function.package);
        let given = given.flat_map(|function| function.rights.iter().flatten());
        assert!(
            given.into_iter().any(|right| right.actions.iter().any(|one| one == name)),
            "{action}: {why}"
        );
    }
}

/// Who uses what, one line a function and action.
fn matrix(uses: &Uses) -> String {
    let mut lines = BTreeSet::new();
    for (package, one) in uses {
        let place = one.resource.rsplit(':').next().unwrap_or_default();
        let context: String = one.context.values().map(|value| format!(" {value}")).collect();
        lines.insert(format!("{package:<16} {:<38} {place}{context}", one.action));
    }
    lines.into_iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{line}");
        text
    })
}
