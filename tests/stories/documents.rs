//! Files for a service: asked for, uploaded, looked at, kept or refused, opened (DOC-1 to DOC-9).

use http::Method;
use local::people::{attach, page, papers, scan, upload};
use local::visitor::{self, Ask};
use serde_json::{Value, json};
use tests::{Citizen, Colleague, PASSWORD, World};

pub const FOLDER: &str = "/v1/documents/grant";
const AT_TEN: &str = "2026-12-03T10:00:00+03:00";
pub const UPLOADS: &str = "okno-uploads";
pub const DOCUMENTS: &str = "okno-documents";

pub fn passport(size: usize) -> Value {
    json!({ "document": "passport", "fileName": "passport_1.pdf", "size": size })
}

pub async fn announce(world: &World, who: &Citizen, announced: Value) -> visitor::Answer {
    world.system.ask(attach(&who.token, "grant", announced)).await
}

/// Announces and uploads; what came of it is looked up in the folder.
async fn bring(world: &World, who: &Citizen, announced: Value, file: &[u8]) -> Value {
    let attached = announce(world, who, announced).await;
    assert_eq!(attached.status, 201, "{}", attached.raw);
    let posted = world.system.ask(upload(&attached, file)).await;
    assert_eq!(posted.status, 201, "{}", posted.raw);
    world.settle().await;
    file_of(world, who, attached.text("/id")).await.expect("the file")
}

pub async fn document(world: &World, who: &Citizen, document: &str) -> Value {
    let folder = world.get_as(who, FOLDER).await.expect(200);
    let all = folder.body["documents"].as_array().cloned().unwrap_or_default();
    all.into_iter().find(|one| one["document"] == document).expect("asked for")
}

pub async fn file_of(world: &World, who: &Citizen, id: &str) -> Option<Value> {
    let folder = world.get_as(who, FOLDER).await.expect(200);
    let documents = folder.body["documents"].as_array().cloned().unwrap_or_default();
    let mut files = documents.iter().flat_map(|one| one["files"].as_array().cloned().unwrap_or_default());
    files.find(|file| file["id"] == id)
}

pub fn lying(world: &World, bucket: &str) -> usize {
    world.system.objects().keys(bucket).expect("a bucket").len()
}

fn errors(answer: &visitor::Answer) -> Vec<(String, String)> {
    let text = |error: &Value, member: &str| error[member].as_str().unwrap_or_default().to_owned();
    answer.list("/errors").iter().map(|error| (text(error, "field"), text(error, "code"))).collect()
}

#[tokio::test]
async fn whoever_lacks_files_sees_the_calendar_and_books_when_all_are_here() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let calendar = world.get("/v1/offices/three/calendar?serviceId=grant").await.expect(200);
    assert!(calendar.raw.contains("free"));
    let refused = world.try_book(&anna, "three", "grant", AT_TEN).await.refused(403, "files-lacking");
    assert_eq!(refused.body["documents"][0]["document"], "passport");
    assert_eq!(refused.body["documents"][2]["lack"], "unanswered");
    let detail = refused.text("/detail");
    assert!(detail.contains("Паспорт: не загружен; Справка о доходах: не загружен"), "{detail}");
    // Nor does anybody wait for what they may not take.
    let wish = json!({ "serviceId": "grant", "offices": ["three"] });
    world.post_as(&anna, "/v1/waitlist", wish).await.refused(403, "files-lacking");

    let file = page("passport");
    let kept = bring(&world, &anna, passport(file.len()), &file).await;
    assert_eq!((&kept["state"], &kept["pages"]), (&json!("accepted"), &json!(1)), "{kept}");
    let income = json!({
        "document": "income", "fileName": "income.pdf", "size": file.len(), "issuedOn": "2026-11-20",
    });
    let kept = bring(&world, &anna, income, &file).await;
    assert_eq!(kept["goodUntil"], "2026-12-20");
    let refused = world.try_book(&anna, "three", "grant", AT_TEN).await.refused(403, "files-lacking");
    assert_eq!(refused.body["documents"].as_array().map(Vec::len), Some(1), "{}", refused.raw);
    let answered =
        world.patch_as(&anna, FOLDER, json!({ "applies": { "attorney": false } })).await.expect(200);
    assert_eq!(answered.body["complete"], true);
    world.book(&anna, "three", "grant", AT_TEN).await;
    // The certificate grows old.
    world.until("2026-12-21T10:00:00+03:00").await;
    assert_eq!(document(&world, &anna, "income").await["lack"], "expired");
    let refused = world.try_book(&anna, "three", "grant", "2026-12-23T10:00:00+03:00").await;
    assert!(refused.refused(403, "files-lacking").raw.contains("срок действия истёк"));
}

#[tokio::test]
async fn where_files_may_come_until_the_visit_the_reminder_names_those_that_are_lacking() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let mut asked = tests::booking("three", "child", "2026-12-04T10:00:00+03:00");
    asked["fields"] = json!({ "children": "2" });
    world.post_as(&anna, "/v1/appointments", asked).await.expect(201);
    let said = || world.sent_to(&anna.email).pop().unwrap_or_default();
    world.until("2026-12-03T10:01:00+03:00").await;
    let reminder = said();
    let lacking =
        "Файлов этих документов ещё нет. Загрузите их в кабинете до приёма или возьмите документы с собой";
    assert!(reminder.contains(lacking), "{reminder}");
    let after = reminder.split(lacking).nth(1).unwrap_or_default();
    assert!(after.trim_start().starts_with("- Свидетельство о рождении: копия (если детей двое)"), "{after}");
    // Whoever says that there is one child only lacks nothing.
    world.patch_as(&anna, "/v1/documents/child", json!({ "applies": { "birth": false } })).await.expect(200);
    world.until("2026-12-04T09:01:00+03:00").await;
    let reminder = said();
    assert!(reminder.contains("Ваш приём скоро начнётся"), "{reminder}");
    assert!(!reminder.contains(lacking), "{reminder}");
}

#[tokio::test]
async fn what_can_be_said_against_a_file_is_said_before_it_is_sent() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let wrong = |name: &str, more: Value| {
        let mut announced = passport(100);
        announced["fileName"] = json!(name);
        for (member, value) in more.as_object().cloned().unwrap_or_default() {
            announced[member.as_str()] = value;
        }
        announced
    };
    let mb = 1_048_576;
    for (announced, field, code) in [
        (wrong("паспорт.pdf", json!({})), "fileName", "name-character"),
        (wrong("my passport.pdf", json!({})), "fileName", "name-space"),
        (wrong("my\u{200b}passport.pdf", json!({})), "fileName", "bad-characters"),
        (wrong("passport", json!({})), "fileName", "name-dots"),
        (wrong("passport.pdf.exe", json!({})), "fileName", "name-dots"),
        (wrong(".pdf", json!({})), "fileName", "name-no-stem"),
        (wrong("passport.exe", json!({})), "fileName", "name-extension"),
        (wrong("passport.docx", json!({})), "fileName", "format-not-allowed"),
        (wrong("p.pdf", json!({ "size": 0 })), "size", "file-empty"),
        (wrong("p.pdf", json!({ "size": 5 * mb + 1 })), "size", "file-too-large"),
        (wrong("p.pdf", json!({ "document": "snils" })), "document", "document-not-asked"),
        (wrong("p.pdf", json!({ "document": "income" })), "issuedOn", "required"),
        (wrong("p.pdf", json!({ "document": "income", "issuedOn": "2026-12-03" })), "issuedOn", "in-future"),
        (
            wrong("p.pdf", json!({ "document": "income", "issuedOn": "2026-10-31" })),
            "issuedOn",
            "paper-too-old",
        ),
        (wrong("p.pdf", json!({ "document": "attorney" })), "signatureVisible", "signature-not-seen"),
    ] {
        let refused = announce(&world, &anna, announced).await;
        assert_eq!(refused.status, 422, "{code}: {}", refused.raw);
        assert_eq!(errors(&refused), [(field.to_owned(), code.to_owned())]);
        assert!(refused.text("/errors/0/message").ends_with('.'));
    }
    let nothing = announce(&world, &anna, json!({})).await;
    let fields: Vec<String> = errors(&nothing).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["document", "fileName", "size"]);
    // Exactly 5 MB is none too much; four of them are all that there is room for.
    for n in 0..4 {
        let announced = wrong(&format!("p{n}.pdf"), json!({ "size": 5 * mb - n }));
        assert_eq!(announce(&world, &anna, announced).await.status, 201);
    }
    let full = announce(&world, &anna, wrong("p.pdf", json!({ "size": 7 }))).await;
    assert_eq!(errors(&full), [("size".to_owned(), "files-too-large".to_owned())]);
    assert_eq!(announce(&world, &anna, wrong("p.pdf", json!({ "size": 6 }))).await.status, 201);
    let more = announce(&world, &anna, wrong("q.pdf", json!({ "size": 1 }))).await;
    assert_eq!(errors(&more), [("document".to_owned(), "too-many-files".to_owned())]);
    // What was announced just so is announced again, not twice.
    let again = announce(&world, &anna, wrong("p.pdf", json!({ "size": 6 }))).await;
    assert_eq!(again.status, 201);
    assert_eq!(document(&world, &anna, "passport").await["files"].as_array().map(Vec::len), Some(5));
    world.until("2026-12-01T10:30:00+03:00").await;
    assert_eq!(document(&world, &anna, "passport").await["files"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn a_file_that_is_not_taken_is_told_of_with_the_reason() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let honest = page("passport");
    let text = String::from_utf8_lossy(&honest)
        .replace("/Type /Catalog", "/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert) >>");
    let refused = bring(&world, &anna, passport(text.len()), text.as_bytes()).await;
    assert_eq!(
        (&refused["state"], &refused["reason"]["code"]),
        (&json!("refused"), &json!("script")),
        "{refused}"
    );
    let why = "В файле есть программа (скрипт). Сохраните или отсканируйте документ заново.";
    assert_eq!(refused["reason"]["text"], why);
    let mail = world.sent_to(&anna.email).pop().expect("a mail");
    assert!(mail.contains("Документ: Паспорт") && mail.contains(why), "{mail}");
    let inbox = world.get_as(&anna, "/v1/inbox").await.expect(200);
    assert_eq!(inbox.text("/items/0/title"), "Файл не принят", "{}", inbox.raw);
    let english =
        world.ask(Method::GET, "/v1/inbox", Some(&anna.token), None, &[("accept-language", "en")]).await;
    assert!(english.raw.contains("There is a program (a script) in the file."), "{}", english.raw);
    // Content decides, whatever it is called.
    let renamed = bring(&world, &anna, passport(8), b"MZ\x90\0\x03\0\0\0").await;
    assert_eq!(renamed["reason"]["code"], "wrong-content");
    assert_eq!(document(&world, &anna, "passport").await["lack"], "refused");
    assert_eq!((lying(&world, UPLOADS), lying(&world, DOCUMENTS)), (0, 0));
    // The next one is taken, and what was said of those before it is over.
    let kept = bring(&world, &anna, passport(honest.len()), &honest).await;
    assert_eq!(kept["state"], "accepted");
    assert_eq!(document(&world, &anna, "passport").await["files"].as_array().map(Vec::len), Some(1));
    assert_eq!((lying(&world, UPLOADS), lying(&world, DOCUMENTS)), (0, 1));
}

#[tokio::test]
async fn where_a_signature_must_show_a_typed_page_is_refused_and_a_scan_in_colour_is_taken() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let attorney = |size: usize| json!({ "document": "attorney", "fileName": "attorney.pdf", "size": size, "signatureVisible": true });
    let typed = page("attorney");
    let refused = bring(&world, &anna, attorney(typed.len()), &typed).await;
    assert_eq!(refused["reason"]["code"], "not-colour", "{refused}");
    let why = "Страница 1 — не цветной скан, а он здесь нужен: на документе должна быть видна подпись. \
               Отсканируйте документ в цвете.";
    assert_eq!(refused["reason"]["text"], why);
    let signed = scan();
    let kept = bring(&world, &anna, attorney(signed.len()), &signed).await;
    assert_eq!(kept["state"], "accepted", "{kept}");
}

#[tokio::test]
async fn what_is_taken_back_goes_and_what_was_looked_at_stays_as_it_was() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let file = page("passport");
    let attached = announce(&world, &anna, passport(file.len())).await;
    assert_eq!(world.system.ask(upload(&attached, &file)).await.status, 201);
    world.settle().await;
    // The form is still good; what is posted by it now is not what was looked at.
    let mut other = file.clone();
    let at = other.windows(8).position(|word| word == b"passport").expect("the text");
    other[at] = b'P';
    assert_eq!(world.system.ask(upload(&attached, &other)).await.status, 201);
    world.settle().await;
    assert_eq!((lying(&world, UPLOADS), lying(&world, DOCUMENTS)), (0, 1));
    let path = format!("{FOLDER}/files/{}", attached.text("/id"));
    let link = world.post_as(&anna, &format!("{path}/open"), json!({})).await.expect(200);
    let got = world.system.ask(Ask::link(&link.text("/url"))).await;
    assert!(got.status == 200 && got.raw.as_bytes() == &file[..], "{}", got.status);
    assert_eq!(got.headers["content-disposition"], "attachment; filename=\"passport.pdf\"");

    let boris = world.citizen().await;
    world.post_as(&boris, &format!("{path}/open"), json!({})).await.refused(404, "not-found");
    world.ask(Method::DELETE, &path, Some(&boris.token), None, &[]).await.expect(204);
    assert_eq!(lying(&world, DOCUMENTS), 1, "it was not his to take back");
    world.ask(Method::DELETE, &path, Some(&anna.token), None, &[]).await.expect(204);
    world.ask(Method::DELETE, &path, Some(&anna.token), None, &[]).await.expect(204);
    world.settle().await;
    assert_eq!((lying(&world, UPLOADS), lying(&world, DOCUMENTS)), (0, 0));
    // What is uploaded for a file that was taken back goes, too.
    assert_eq!(world.system.ask(upload(&attached, &file)).await.status, 201);
    world.settle().await;
    assert_eq!((lying(&world, UPLOADS), lying(&world, DOCUMENTS)), (0, 0));
}

#[tokio::test]
async fn an_operator_books_without_the_files_if_there_is_a_reason() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let chief = world.chief().await;
    let grants = json!([{ "role": "operator", "officeId": "three" }]);
    let operator = world.colleague(&chief, "operator@example.ru", grants).await;
    let path = format!("citizens/{}/identification", anna.id);
    let document = json!({ "officeId": "three", "method": "document" });
    world.staff(&operator, Method::POST, &path, document).await.expect(201);
    let ask = |body: Value| {
        let acting = [("acting-for", anna.id.as_str())];
        let (world, token) = (&world, operator.token.as_str());
        async move { world.ask(Method::POST, "/v1/appointments", Some(token), Some(body), &acting).await }
    };
    let mut body = tests::booking("three", "grant", AT_TEN);
    ask(body.clone()).await.refused(403, "files-lacking");
    body["reason"] = json!("Сгорел дом, документов нет");
    ask(body).await.expect(201);
    world.settle().await;
}

async fn of_office(world: &World, chief: &Colleague, office: &str) -> Colleague {
    let grants = json!([{ "role": "specialist", "officeId": office }]);
    world.colleague(chief, &format!("{office}@example.ru"), grants).await
}

#[tokio::test]
async fn the_office_of_the_visit_opens_its_files_and_the_citizen_sees_it() {
    let world = World::new().await;
    let anna = world.citizen().await;
    papers(&world.system, &anna.token, "grant").await.expect("papers");
    world.book(&anna, "three", "grant", AT_TEN).await;
    world.until("2026-12-03T09:45:00+03:00").await;
    let chief = world.chief().await;
    let here = of_office(&world, &chief, "three").await;
    let elsewhere = of_office(&world, &chief, "two").await;
    let agenda = world.staff(&here, Method::GET, "offices/three/agenda", Value::Null).await.expect(200);
    let visit = format!("visits/{}", agenda.text("/visits/0/id"));
    let opened = world.staff(&here, Method::GET, &visit, Value::Null).await.expect(200);
    assert_eq!(opened.body["files"][0]["name"], "Паспорт", "{}", opened.raw);
    assert_eq!(opened.body["files"][0]["fileName"], "passport.pdf");
    let file = opened.text("/files/0/id");
    let path = format!("{visit}/files/{file}/open");
    world.staff(&elsewhere, Method::POST, &path, json!({})).await.refused(404, "not-found");
    let before = world.get_as(&anna, "/v1/me/readings").await.expect(200);
    let count = |answer: &tests::Answer| answer.body["items"].as_array().map_or(0, Vec::len);
    let link = world.staff(&here, Method::POST, &path, json!({})).await.expect(200);
    let after = world.get_as(&anna, "/v1/me/readings").await.expect(200);
    assert_eq!(count(&after), count(&before) + 1, "{}", after.raw);
    // However often within the hour: each address is one more copy that somebody may have.
    for more in 2..4 {
        world.staff(&here, Method::POST, &path, json!({})).await.expect(200);
        let after = world.get_as(&anna, "/v1/me/readings").await.expect(200);
        assert_eq!(count(&after), count(&before) + more, "{}", after.raw);
        assert_eq!(after.text("/items/0/subject"), format!("file-{file}"));
    }
    let url = link.text("/url");
    let got = world.system.ask(Ask::link(&url)).await;
    assert_eq!(
        (got.status, got.headers["content-type"].to_str().unwrap_or_default()),
        (200, "application/pdf")
    );
    // An address is good for this file and this minute.
    let foreign = url.replacen(&anna.id, &world.citizen().await.id, 1);
    assert_eq!(world.system.ask(Ask::link(&foreign)).await.status, 403);
    world.until("2026-12-03T09:47:00+03:00").await;
    assert_eq!(world.system.ask(Ask::link(&url)).await.status, 403);
}

#[tokio::test]
async fn of_a_visit_that_is_over_its_office_sees_what_was_brought_for_it_and_after_two_weeks_nothing() {
    let world = World::new().await;
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    for who in [&anna, &boris] {
        papers(&world.system, &who.token, "grant").await.expect("papers");
    }
    let hers = world.book(&anna, "three", "grant", AT_TEN).await;
    let his = world.book(&boris, "three", "grant", "2026-12-04T10:00:00+03:00").await;
    let visit = |who: &Citizen, booked: &tests::Answer| format!("visits/{}.{}", who.id, booked.text("/id"));
    let (hers, his) = (visit(&anna, &hers), (visit(&boris, &his), his.text("/id")));
    let chief = world.chief().await;
    let here = of_office(&world, &chief, "three").await;
    let again = async || {
        let session = world.staff_sign_in(&here.email, PASSWORD, &world.code(&here)).await.expect(201);
        Colleague { token: session.text("/token"), ..here.clone() }
    };
    world.staff(&here, Method::GET, &his.0, Value::Null).await.expect(200);
    // Whoever cancels has no business with the office any more.
    world.post_as(&boris, &format!("/v1/appointments/{}/cancel", his.1), json!({})).await.expect(200);
    world.staff(&here, Method::GET, &his.0, Value::Null).await.refused(403, "visit-shut");
    // She does not come, and brings something else afterwards, for whomever.
    world.until("2026-12-03T11:30:00+03:00").await;
    let here = again().await;
    let seen = world.staff(&here, Method::GET, &hers, Value::Null).await.expect(200);
    let before = seen.text("/files/0/id");
    let file = page("passport");
    let mut announced = passport(file.len());
    announced["fileName"] = json!("passport_2.pdf");
    let later = bring(&world, &anna, announced, &file).await["id"].as_str().unwrap_or_default().to_owned();
    let seen = world.staff(&here, Method::GET, &hers, Value::Null).await.expect(200);
    assert!(!seen.raw.contains(&later), "{}", seen.raw);
    let open = |file: &str| format!("{hers}/files/{file}/open");
    world.staff(&here, Method::POST, &open(&before), json!({})).await.expect(200);
    world.staff(&here, Method::POST, &open(&later), json!({})).await.refused(404, "not-found");
    // A no-show may be undone for a week.
    world.until("2026-12-10T10:00:00+03:00").await;
    let here = again().await;
    let shut = world.staff(&here, Method::GET, &hers, Value::Null).await.refused(403, "visit-shut");
    assert!(shut.text("/detail").contains("попросите его записаться"), "{}", shut.raw);
    world.staff(&here, Method::POST, &open(&before), json!({})).await.refused(403, "visit-shut");
}

#[tokio::test]
async fn what_a_file_is_called_stands_nowhere_in_clear() {
    let world = World::new().await;
    let anna = world.citizen().await;
    let file = page("passport");
    let mut announced = passport(file.len());
    announced["fileName"] = json!("Sidorova_Vasilisa_4508123456.pdf");
    let kept = bring(&world, &anna, announced, &file).await;
    assert_eq!(kept["fileName"], "Sidorova_Vasilisa_4508123456.pdf");
    assert!(!world.stands_in_clear("Vasilisa") && !world.stands_in_clear("4508123456"));
    for bucket in [UPLOADS, DOCUMENTS] {
        let keys = world.system.objects().keys(bucket).expect("a bucket");
        assert!(!keys.iter().any(|key| key.contains("Vasilisa")), "{keys:?}");
    }
}
