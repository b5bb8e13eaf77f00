//! Every operation with an id, asked by everybody whom it is none of: what they hear says nothing, and nothing is written.

use super::applications::{asked_unlock, representations};
use super::bodies;
use super::operations::{OPERATIONS, Of};
use super::schema::Described;
use http::Method;
use local::people::papers;
use serde_json::{Value, json};
use std::fmt::Write as _;
use tests::{Answer, Authenticator, Citizen, Colleague, PASSWORD, World};

const NOBODY: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const HOME: &str = "three";

/// Everything that there is to ask for, and everybody who asks.
struct Scene {
    world: World,
    anna: Citizen,
    boris: Citizen,
    signed_out: String,
    /// Who may do all at the office, and how it goes with those who may not.
    manager: Colleague,
    elsewhere: Colleague,
    operator: Colleague,
    administrator: Colleague,
    blocked: Colleague,
    staff_out: String,
    appointment: String,
    visit: String,
    file: String,
    offer: String,
    session: String,
    proof: String,
    member: String,
    device: String,
    passkey: String,
    unlock: String,
    asked_unlock: String,
    code: String,
    shown: String,
    signature: String,
    check: String,
    policy: String,
    /// Anna asks to act for a child, and somebody for Anna.
    asked: String,
    theirs: String,
    grant: String,
}

async fn member(world: &World, chief: &Colleague, email: &str, office: &str, roles: &[&str]) -> Colleague {
    let grants: Value = roles.iter().map(|role| json!({ "role": role, "officeId": office })).collect();
    world.colleague(chief, email, grants).await
}

async fn signs_in(world: &World, who: &Citizen) -> String {
    let body = json!({ "login": who.phone, "password": PASSWORD, "deviceToken": who.device });
    world.post("/v1/sessions", body).await.expect(201).text("/token")
}

async fn scene() -> Scene {
    let world = World::new().await;
    let chief = world.chief().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let all = ["operator", "specialist", "manager", "administrator"];
    let manager = member(&world, &chief, "manager@example.ru", HOME, &all).await;
    let elsewhere = member(&world, &chief, "elsewhere@example.ru", "two", &all).await;
    let operator = member(&world, &chief, "operator@example.ru", HOME, &["operator"]).await;
    let administrator = member(&world, &chief, "administrator@example.ru", HOME, &["administrator"]).await;
    let blocked = member(&world, &chief, "blocked@example.ru", HOME, &all).await;
    let why = json!({ "reason": "Проверка" });
    world.staff(&chief, Method::POST, &format!("members/{}/block", blocked.id), why).await.expect(200);
    let left = member(&world, &chief, "left@example.ru", HOME, &all).await;
    world.staff(&left, Method::DELETE, "sessions/current", Value::Null).await.expect(204);
    let member = member(&world, &chief, "member@example.ru", HOME, &["operator"]).await;

    papers(&world.system, &anna.token, "grant").await.expect("papers");
    let folder = world.get_as(&anna, "/v1/documents/grant").await.expect(200);
    let file = folder.text("/documents/0/files/0/id");
    let visit = world.book(&anna, HOME, "grant", "2026-12-03T10:00:00+03:00").await.text("/id");
    let appointment = world.book(&anna, "two", "paper", "2026-12-08T10:00:00+03:00").await.text("/id");
    let held = world.book(&boris, "one", "talk", "2026-12-07T10:00:00+03:00").await.text("/id");
    let wish = json!({ "serviceId": "talk", "offices": ["one"], "from": "2026-12-07", "to": "2026-12-07" });
    world.post_as(&anna, "/v1/waitlist", wish).await.expect(201);
    world.settle().await;
    world.post_as(&boris, &format!("/v1/appointments/{held}/cancel"), json!({})).await.expect(200);
    world.settle().await;
    let offer = world.get_as(&anna, "/v1/waitlist/talk").await.text("/offerId");
    let signed_out = signs_in(&world, &anna).await;
    world.ask(Method::DELETE, "/v1/sessions/current", Some(&signed_out), None, &[]).await.expect(204);
    signs_in(&world, &anna).await;
    let sessions = world.get_as(&anna, "/v1/sessions").await.expect(200);
    let session = sessions.body["items"].as_array().into_iter().flatten().find(|one| one["current"] == false);
    let session = session.expect("another session")["id"].as_str().expect("an id").to_owned();
    let devices = world.get_as(&anna, "/v1/me/devices").await.expect(200);
    let device = devices.text("/items/0/id");
    let begun = world.post_as(&anna, "/v1/me/passkeys", json!({ "password": PASSWORD })).await.expect(201);
    let made = Authenticator::new(1).create(&begun.body["publicKey"]);
    let made = json!({ "id": begun.text("/id"), "name": "x", "credential": made });
    world.post_as(&anna, "/v1/me/passkeys/complete", made).await.expect(204);
    let passkey = world.get_as(&anna, "/v1/me/passkeys").await.expect(200).text("/items/0/id");
    let (asked, theirs, grant) = representations(&world, &anna, &manager, HOME).await;
    world.a_minute_later().await;
    let code = world.post_as(&anna, "/v1/me/identity/codes", json!({})).await.expect(201).text("/id");
    let shown = world.post_as(&anna, "/v1/me/identity/devices", json!({})).await.expect(201).text("/id");
    let signature =
        world.post_as(&anna, "/v1/me/identity/signatures", json!({})).await.expect(201).text("/id");
    let wish = json!({ "officeId": HOME, "wishedAt": "2026-12-02T10:00:00+03:00" });
    let check = world.post_as(&anna, "/v1/me/identity/video-check", wish).await.expect(201).text("/id");
    let phone = json!({ "phone": "+79995550011", "password": PASSWORD });
    let proof = world.post_as(&anna, "/v1/me/phone", phone).await.expect(201).text("/id");
    // Of which no insurer says anything clear: people are to decide.
    let policy = json!({ "kind": "compulsory", "number": "7700001234567893", "issuedOn": "2012-06-01" });
    world.patch_as(&anna, "/v1/me/profile", json!({ "policy": policy })).await.expect(200);
    world.settle().await;
    let policies = format!("checks/policies?officeId={HOME}");
    let policies = world.staff(&manager, Method::GET, &policies, Value::Null).await.expect(200);
    let said = json!({ "officeId": HOME, "method": "document" });
    let path = format!("citizens/{}/identification", anna.id);
    world.staff(&operator, Method::POST, &path, said).await.expect(201);
    let said = json!({ "officeId": HOME, "phone": "+79995550022", "reason": "Проверка" });
    let path = format!("citizens/{}/unlocks", anna.id);
    let unlock = world.staff(&operator, Method::POST, &path, said).await.expect(201).text("/id");
    let asked_unlock = asked_unlock(&world, &anna, &operator, HOME).await;
    Scene {
        policy: policies.text("/items/0/id"),
        asked,
        theirs,
        grant,
        visit: format!("{}.{visit}", anna.id),
        check: format!("{}.{check}", anna.id),
        device,
        passkey,
        unlock,
        asked_unlock,
        code,
        shown,
        signature,
        member: member.id,
        staff_out: left.token,
        world,
        anna,
        boris,
        signed_out,
        manager,
        elsewhere,
        operator,
        administrator,
        blocked,
        appointment,
        file,
        offer,
        session,
        proof,
    }
}

/// Which thing is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Annas,
    NobodyS,
    /// What cannot be an id.
    None,
}

impl Scene {
    /// Where what is Anna's is, or something at her office; or what there is not.
    fn address(&self, path: &str, which: Which) -> String {
        let no_policy = format!("{}.1", self.anna.id);
        let nobodys = format!("{}.{NOBODY}", self.anna.id);
        let no_grant = format!("{nobodys}.{NOBODY}");
        let id = match path.split('/').nth(2).unwrap_or_default() {
            "staff" => match path.split('/').nth(3).unwrap_or_default() {
                "citizens" => (self.anna.id.as_str(), NOBODY),
                "members" => (self.member.as_str(), NOBODY),
                "visits" => (self.visit.as_str(), nobodys.as_str()),
                "checks" if path.contains("/policies/") => (self.policy.as_str(), no_policy.as_str()),
                "representations" => (self.grant.as_str(), no_grant.as_str()),
                "checks" => (self.check.as_str(), nobodys.as_str()),
                "unlocks" => (self.unlock.as_str(), nobodys.as_str()),
                "unlock-requests" => (self.asked_unlock.as_str(), NOBODY),
                _ => (HOME, "nowhere"),
            },
            "appointments" => (self.appointment.as_str(), NOBODY),
            "offers" => (self.offer.as_str(), NOBODY),
            "sessions" => (self.session.as_str(), "bm9ib2R5"),
            "me" if path.contains("/representations/") => (self.asked.as_str(), NOBODY),
            "me" if path.contains("/representatives/") => (self.theirs.as_str(), NOBODY),
            "me" if path.contains("/identity/codes/") => (self.code.as_str(), NOBODY),
            "me" if path.contains("/identity/devices/") => (self.shown.as_str(), NOBODY),
            "me" if path.contains("/identity/signatures/") => (self.signature.as_str(), NOBODY),
            "me" if path.contains("/passkeys/") => (self.passkey.as_str(), "bm9ib2R5"),
            "me" if path.contains("/devices/") => (self.device.as_str(), "bm9ib2R5"),
            "me" => (self.proof.as_str(), NOBODY),
            _ => (HOME, "nowhere"),
        };
        let (id, file) = match which {
            Which::Annas => (id.0, self.file.as_str()),
            Which::NobodyS => (id.1, NOBODY),
            Which::None => ("!", "!"),
        };
        let path = path.replace("{id}", id).replace("{file}", file).replace("{number}", "1");
        let service = if path.contains("waitlist") { "talk" } else { "grant" };
        let path = path.replace("{service}", service).replace("{window}", "a").replace("{name}", "holidays");
        let at_home = ["/notes", "/representatives", "/block"];
        if path.contains("/staff/citizens/") && at_home.iter().any(|end| path.ends_with(end)) {
            format!("{path}?officeId={HOME}")
        } else {
            path
        }
    }

    async fn ask(&self, method: &str, path: &str, which: Which, token: Option<&str>) -> Answer {
        let body = (method != "GET").then(|| bodies::of(path, HOME, &self.anna));
        // A file of a visit: of Anna's visit, or of none.
        let address = self.address(path, which);
        let method: Method = method.parse().expect("a method");
        self.world.ask(method, &address, token, body, &[]).await
    }

    /// What was written since: all but what counts and records that somebody asked.
    fn written(&self, after: usize) -> Vec<String> {
        let records = self.world.system.table().stream_after(None, 100_000).expect("the stream");
        let key = |record: &Value, name| {
            record["dynamodb"]["Keys"][name]["S"].as_str().unwrap_or_default().to_owned()
        };
        let written = records[after..].iter().map(|record| (key(record, "pk"), key(record, "sk")));
        let counts = |pk: &str, sk: &str| {
            pk.starts_with("LIMIT#") || sk.starts_with("ACCESS#") || sk.starts_with("CALLER#")
        };
        written.filter(|(pk, sk)| !counts(pk, sk)).map(|(pk, sk)| format!("{pk}/{sk}")).collect()
    }

    fn records(&self) -> usize {
        self.world.system.table().stream_after(None, 100_000).expect("the stream").len()
    }
}

/// What somebody hears, whole.
fn heard(answer: &Answer) -> (u16, String, String) {
    let headers = answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}"));
    (answer.status, headers.collect::<Vec<_>>().join("; "), answer.raw.clone())
}

#[tokio::test]
async fn whoever_has_no_business_with_something_hears_nothing_of_it_and_changes_nothing() {
    let scene = scene().await;
    let described = Described::new();
    let mut wrong = String::new();
    let mut asked = 0;
    for (method, path, of, lacking) in OPERATIONS {
        let security = described.operation(method, path)["security"].as_array();
        if security.is_none_or(Vec::is_empty) {
            continue;
        }
        let staff = path.starts_with("/v1/staff/");
        let home = if lacking == Some("operator") { &scene.operator } else { &scene.administrator };
        let actors = [
            ("nobody", None, 401),
            ("an ended session", Some(if staff { &scene.staff_out } else { &scene.signed_out }), 401),
            ("another citizen", Some(&scene.boris.token), if staff { 401 } else { 404 }),
            ("staff of another office", Some(&scene.elsewhere.token), if staff { 404 } else { 401 }),
            (
                "staff without the role",
                Some(&home.token).filter(|_| lacking.is_some() || !staff),
                if staff { 404 } else { 401 },
            ),
            ("a blocked member", Some(&scene.blocked.token), 401),
        ];
        for (who, token, status) in actors {
            if token.is_none() && who != "nobody" || (of == Of::Own && status == 404) {
                continue;
            }
            let before = scene.records();
            let token = token.map(String::as_str);
            let real = scene.ask(method, path, Which::Annas, token).await;
            let none = scene.ask(method, path, Which::NobodyS, token).await;
            if status == 401 && !path.contains("{service}") && !path.contains("{name}") {
                let odd = scene.ask(method, path, Which::None, token).await;
                if heard(&odd) != heard(&real) {
                    writeln!(wrong, "{method} {path} by {who} tells what can be an id: {:.200}", odd.raw)
                        .expect("a string");
                }
            }
            asked += 1;
            let written = scene.written(before);
            if !written.is_empty() {
                writeln!(wrong, "{method} {path} by {who} wrote {written:?}").expect("a string");
            }
            // A member hears that it is beyond their rights where these are asked before anything is looked up.
            // Taking away what is not there is done.
            let gone = method == "DELETE" && status == 404 && real.status == 204;
            let fits = gone || real.status == status || (status == 404 && staff && real.status == 403);
            if !fits {
                writeln!(
                    wrong,
                    "{method} {path} by {who}: {} instead of {status}: {:.200}",
                    real.status, real.raw
                )
                .expect("a string");
            }
            // Whoever works there sees the agenda, and the visits on it.
            let known_to_all = (of == Of::Public && status == 404)
                || (path.contains("/visits/") && who == "staff without the role" && real.status == 403);
            if !known_to_all && heard(&real) != heard(&none) {
                writeln!(
                    wrong,
                    "{method} {path} by {who} tells what there is:\n   {:?}\n   {:?}",
                    heard(&real),
                    heard(&none)
                )
                .expect("a string");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(asked > 150, "{asked} were asked");
    scene.world.settle().await;
}

/// The requests are right: those whose business it is are served, or refused for what has been done since.
#[tokio::test]
async fn whoever_has_business_with_it_is_served() {
    let scene = scene().await;
    let described = Described::new();
    let mut wrong = String::new();
    let said = format!("/v1/staff/citizens/{}/identification", scene.anna.id);
    let facts =
        json!({ "officeId": HOME, "method": "facts", "phone": scene.anna.phone, "email": scene.anna.email });
    scene.world.ask(Method::POST, &said, Some(&scene.manager.token), Some(facts), &[]).await.expect(201);
    let shown = json!({ "officeId": HOME, "method": "document" });
    scene.world.ask(Method::POST, &said, Some(&scene.manager.token), Some(shown), &[]).await.expect(201);
    let operations = || {
        OPERATIONS.iter().filter(|(method, path, ..)| {
            !described.operation(method, path)["security"].as_array().is_none_or(Vec::is_empty)
                && !path.contains("/references/")
        })
    };
    for wanted in ["GET", "PATCH", "POST", "DELETE"] {
        for (method, path, ..) in operations().filter(|(method, ..)| *method == wanted) {
            let staff = path.starts_with("/v1/staff/");
            let token = if staff { &scene.manager.token } else { &scene.anna.token };
            let answer = scene.ask(method, path, Which::Annas, Some(token)).await;
            // No office's file was changed, and no number on the agenda is of zeros alone.
            let nothing_there =
                path.contains("{number}") || path.ends_with("arrivals") || path.ends_with("call-next");
            if matches!(answer.status, 401 | 403) || (answer.status == 404 && !nothing_there) {
                writeln!(wrong, "{method} {path}: {}", answer.raw).expect("a string");
            }
            scene.world.settle().await;
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
