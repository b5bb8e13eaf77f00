//! Which room may lean on which: the arrows of the map in README.

use super::sources::{self, root};
use std::collections::BTreeMap;
use toml::{Table, Value};

const SHARED: [&str; 9] =
    ["domain", "text", "messages", "planted", "store", "app", "outbound", "lambda", "signatures"];

/// What a crate may use that is not ours.
enum Outside {
    /// These and nothing else.
    Only(&'static [&'static str]),
    /// Anything; of what speaks to AWS these.
    Aws(&'static [&'static str]),
    Anything,
}

/// What a crate may lean on.
struct Room {
    own: Vec<String>,
    outside: Outside,
}

fn names(own: &[&str]) -> Vec<String> {
    own.iter().map(|name| (*name).to_owned()).collect()
}

fn room(path: &str, functions: &[String]) -> Room {
    use Outside::{Anything, Aws, Only};
    let (own, outside) = match path {
        "shared/domain" => (names(&[]), Only(&["chrono", "chrono-tz", "ulid", "rand_chacha", "rand_core"])),
        "shared/text" => (names(&["domain"]), Only(&["chrono", "chrono-tz", "fluent", "unic-langid"])),
        "shared/messages" => (names(&[]), Only(&["chrono", "serde", "serde_json"])),
        "shared/store" => {
            (names(&["domain", "planted"]), Aws(&["aws-sdk-dynamodb", "aws_lambda_events", "serde_dynamo"]))
        }
        "shared/app" => (names(&["domain", "planted", "store"]), Aws(&[])),
        "shared/planted" => (names(&[]), Only(&[])),
        "shared/outbound" => {
            let sdks =
                &["aws-sdk-kms", "aws-sdk-s3", "aws-sdk-sesv2", "aws-sdk-sns", "aws-sdk-sqs", "aws-sigv4"];
            (names(&["domain"]), Aws(sdks))
        }
        "shared/signatures" => (names(&["domain", "app"]), Aws(&[])),
        "shared/lambda" => (names(&SHARED[..7]), Anything),
        // Shares no type with what it judges.
        "infra/model" => (names(&[]), Only(&["stateright"])),
        "infra/checker" => (names(&[]), Aws(&[])),
        "infra/local" => {
            ([names(&SHARED), functions.to_vec(), names(&["checker", "model"])].concat(), Anything)
        }
        "tests" => ([names(&SHARED), names(&["local", "checker"])].concat(), Anything),
        function if function.starts_with("functions/") => (names(&SHARED), Aws(&["aws_lambda_events"])),
        other => panic!("{other} has no place on the map"),
    };
    Room { own, outside }
}

fn speaks_to_aws(name: &str) -> bool {
    name.starts_with("aws") || name.starts_with("lambda_") || name == "serde_dynamo"
}

struct Manifest {
    path: String,
    name: String,
    dependencies: BTreeMap<String, Value>,
    for_tests: BTreeMap<String, Value>,
}

fn read(path: &str) -> Table {
    let file = root().join(path);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn manifests() -> Vec<Manifest> {
    let workspace = read("Cargo.toml");
    let members = workspace["workspace"]["members"].as_array().expect("members");
    let mut paths = Vec::new();
    for member in members.iter().map(|member| member.as_str().expect("a path")) {
        match member.strip_suffix("/*") {
            None => paths.push(member.to_owned()),
            Some(folder) => {
                let entries = std::fs::read_dir(root().join(folder)).expect("a folder");
                let names = entries.map(|entry| entry.expect("an entry").file_name());
                paths.extend(names.map(|name| format!("{folder}/{}", name.to_string_lossy())));
            }
        }
    }
    let section = |table: &Table, name: &str| -> BTreeMap<String, Value> {
        let found = table.get(name).and_then(Value::as_table);
        found.map(|found| found.clone().into_iter().collect()).unwrap_or_default()
    };
    let manifest = |path: String| {
        let table = read(&format!("{path}/Cargo.toml"));
        let known =
            ["package", "lints", "dependencies", "dev-dependencies", "lib", "bin", "test", "features"];
        let strange = table.keys().find(|key| !known.contains(&key.as_str()));
        assert_eq!(strange, None, "{path}: a part of a manifest that nobody looks at");
        Manifest {
            name: table["package"]["name"].as_str().expect("a name").to_owned(),
            dependencies: section(&table, "dependencies"),
            for_tests: section(&table, "dev-dependencies"),
            path,
        }
    };
    paths.into_iter().map(manifest).collect()
}

#[test]
fn each_room_leans_only_on_those_below_it() {
    let manifests = manifests();
    let functions: Vec<String> = manifests
        .iter()
        .filter(|one| one.path.starts_with("functions/"))
        .map(|one| one.name.clone())
        .collect();
    let ours: Vec<&str> = manifests.iter().map(|one| one.name.as_str()).collect();
    let mut wrong = Vec::new();
    for manifest in &manifests {
        let room = room(&manifest.path, &functions);
        for name in manifest.dependencies.keys() {
            let allowed = match (&room.outside, ours.contains(&name.as_str())) {
                (_, true) => room.own.contains(name),
                (Outside::Only(names), _) => names.contains(&name.as_str()),
                (Outside::Aws(names), _) => !speaks_to_aws(name) || names.contains(&name.as_str()),
                (Outside::Anything, _) => true,
            };
            if !allowed {
                wrong.push(format!("{} may not lean on {name}", manifest.path));
            }
        }
        // Whoever tests may use tools, but no other room's things.
        for name in manifest.for_tests.keys().filter(|name| ours.contains(&name.as_str())) {
            wrong.push(format!("{} may not lean on {name} in its tests", manifest.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_dependency_is_the_workspaces_and_whoever_is_deployed_uses_it() {
    let sources = sources::all();
    let mut wrong = Vec::new();
    for manifest in manifests() {
        let code: Vec<&str> = sources
            .iter()
            .filter(|source| source.path.starts_with(&format!("{}/", manifest.path)))
            .map(|source| source.text.as_str())
            .collect();
        for (name, written) in manifest.dependencies.iter().chain(&manifest.for_tests) {
            if written.get("workspace") != Some(&Value::Boolean(true)) {
                wrong.push(format!("{}: {name} has a version of its own", manifest.path));
            }
            let name_in_code = name.replace('-', "_");
            // A name of one word may be anything's; one of several is the crate's, also as a macro's argument.
            let path = if name_in_code.contains('_') { name_in_code } else { format!("{name}::") };
            // The runner and the tests have everything at hand; what is deployed carries only what it needs.
            let deployed = manifest.path.starts_with("shared/") || manifest.path.starts_with("functions/");
            if deployed && !code.iter().any(|text| mentions(text, &path)) {
                wrong.push(format!("{}: {name} is not used", manifest.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_member_of_the_workspace_can_make_mistakes_on_purpose() {
    let features: Vec<String> = manifests()
        .into_iter()
        .filter(|manifest| read(&format!("{}/Cargo.toml", manifest.path)).contains_key("features"))
        .map(|manifest| manifest.path)
        .collect();
    assert_eq!(features, ["shared/planted"], "who has features");
    let plain = |written: &Value| written.as_table().is_some_and(|written| written.len() == 1);
    let workspace = read("Cargo.toml");
    assert!(plain(&workspace["workspace"]["dependencies"]["planted"]), "the workspace arms it");
    for manifest in manifests() {
        let on_it = manifest.dependencies.get("planted").or(manifest.for_tests.get("planted"));
        assert!(on_it.is_none_or(plain), "{} arms it", manifest.path);
    }
    assert_eq!(planted::plant(Some(planted::Bug::NoVersion)), Err(planted::Unarmed));
    assert!(!planted::Bug::ALL.into_iter().any(planted::planted));
}

/// Whether a path that begins with `start` is in the text.
fn mentions(text: &str, start: &str) -> bool {
    text.match_indices(start).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}
