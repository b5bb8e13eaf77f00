//! Finding what one comes for and where it is given.

use super::acts::{FRIDAY, file, manager, put};
use serde_json::json;
use std::collections::BTreeSet;
use tests::{Answer, Citizen, World};

fn ids(answer: &Answer) -> Vec<&str> {
    answer.body["items"].as_array().unwrap().iter().filter_map(|item| item["id"].as_str()).collect()
}

#[tokio::test]
async fn services_are_filtered_by_region_place_kind_way_category_and_whether_one_can_book() {
    let world = World::new().await;
    let found = |query: &'static str| {
        let world = &world;
        async move {
            let answer = world.get(&format!("/v1/services?{query}")).await.expect(200);
            ids(&answer).into_iter().map(str::to_owned).collect::<BTreeSet<_>>()
        }
    };
    let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(found("").await.len(), 9);
    assert_eq!(found("region=RU-KAM").await, set(&["talk", "grant"]));
    assert_eq!(found("office=two").await, set(&["talk", "paper"]));
    assert_eq!(found("kind=certificate").await, set(&["paper"]));
    assert_eq!(found("kind=consultation").await, set(&["talk", "hotline"]));
    assert_eq!(found("kind=consultation&bookable=true").await, set(&["talk"]));
    assert_eq!(found("durationMax=15").await, set(&["paper", "hotline"]));
    assert_eq!(found("durationMax=240").await.len(), 9);
    assert_eq!(found("way=by-phone").await, set(&["hotline"]));
    assert_eq!(found("category=family&kind=application").await, set(&["child", "care", "camp", "school"]));
    // дети: the category's word
    assert_eq!(found("q=%D0%B4%D0%B5%D1%82%D0%B8&office=three&bookable=true").await.len(), 4);
    assert_eq!(found("category=family&region=RU-KAM").await, set(&[]));
    for (query, field) in [
        ("region=RU-XX", "region"),
        ("kind=x", "kind"),
        ("way=x", "way"),
        ("office=x", "office"),
        ("durationMax=4", "durationMax"),
    ] {
        let answer = world.get(&format!("/v1/services?{query}")).await.refused(422, "invalid-request");
        assert_eq!(answer.text("/errors/0/field"), field);
    }
}

#[tokio::test]
async fn a_card_says_the_term_the_documents_and_whether_one_can_book() {
    let world = World::new().await;
    let cards = world.get("/v1/services?office=three").await.expect(200);
    let child = cards.body["items"].as_array().unwrap().iter().find(|card| card["id"] == "child").unwrap();
    assert_eq!((&child["termDays"], &child["bookable"]), (&json!(10), &json!(true)));
    let documents = json!([
        { "document": "passport", "name": "Паспорт", "original": true, "copy": false },
        { "document": "birth", "name": "Свидетельство о рождении", "original": false, "copy": true, "condition": "если детей двое" },
    ]);
    assert_eq!(child["documents"], documents);
    let page = world.get("/v1/services/child").await.expect(200);
    assert_eq!(
        (page.text("/fields/0/name"), page.text("/fields/0/kind")),
        ("children".into(), "number".into())
    );
    let hotline = world.get("/v1/services/hotline").await.expect(200);
    assert_eq!(hotline.body["bookable"], json!(false));
    let anna = world.citizen().await;
    let asked = world.try_book(&anna, "two", "hotline", "2026-12-03T10:00:00+03:00").await;
    asked.refused(409, "service-not-bookable");
    let none = world.get("/v1/offices/two/slots?serviceId=hotline&date=2026-12-03").await.expect(200);
    assert_eq!(none.text("/reason"), "not-bookable");
}

#[tokio::test]
async fn a_region_has_its_offices_and_each_says_its_agency() {
    let world = World::new().await;
    let moscow = world.get("/v1/offices?region=RU-MOW").await.expect(200);
    assert_eq!(ids(&moscow).into_iter().collect::<BTreeSet<_>>(), BTreeSet::from(["one", "two", "three"]));
    assert_eq!(moscow.text("/items/0/agencyName"), "Департамент соцзащиты");
    let near = world.get("/v1/offices?region=RU-MOW&near=55.70,37.50").await.expect(200);
    assert_eq!(ids(&near), ["three", "one", "two"]);
    let kamchatka = world.get("/v1/offices?agency=kam").await.expect(200);
    assert_eq!(ids(&kamchatka), ["large", "far"]);
    let regions = world.get("/v1/regions").await.expect(200);
    let offices: Vec<_> =
        regions.body["items"].as_array().unwrap().iter().map(|r| (&r["id"], &r["offices"])).collect();
    assert_eq!(offices, [(&json!("RU-KAM"), &json!(2)), (&json!("RU-MOW"), &json!(3))]);
    world.get("/v1/offices?region=RU-XX").await.refused(422, "invalid-request");
}

#[tokio::test]
async fn offices_are_near_or_far_from_the_town_that_one_names() {
    let world = World::new().await;
    // «тро»: two towns of one name, told apart by their regions.
    let towns = world.get("/v1/suggestions?kind=towns&q=%D1%82%D1%80%D0%BE").await.expect(200);
    let told = |n: usize| ["id", "text", "region"].map(|member| towns.text(&format!("/items/{n}/{member}")));
    let mut told = [told(0), told(1)];
    told.sort();
    assert_eq!(told[0], ["troitsk", "Троицк", "Москва"]);
    assert_eq!(told[1], ["troitsk-kam", "Троицк", "Камчатский край"]);
    let near = world.get("/v1/offices?town=troitsk").await.expect(200);
    assert_eq!(ids(&near)[..3], ["three", "one", "two"]);
    let kilometres = near.body["items"][0]["kilometres"].as_f64().unwrap_or_default();
    assert!((25.0..40.0).contains(&kilometres), "{}", near.raw);
    assert!(ids(&world.get("/v1/offices?town=troitsk-kam").await.expect(200))[..2].contains(&"far"));
    for wrong in ["offices?town=nowhere", "offices?town=moscow&near=55,37", "suggestions?kind=villages&q=x"] {
        world.get(&format!("/v1/{wrong}")).await.refused(422, "invalid-request");
    }
}

#[tokio::test]
async fn the_five_categories_have_their_services() {
    let world = World::real("2026-12-01T10:00:00+03:00").await;
    let all = world.get("/v1/services?limit=50").await.expect(200);
    let mut names = BTreeSet::new();
    let mut sum = 0;
    for category in ["birth", "family", "disability", "sickness", "other"] {
        let answer = world.get(&format!("/v1/services?category={category}&limit=50")).await.expect(200);
        let cards = answer.body["items"].as_array().unwrap();
        assert!(cards.len() >= 2, "{category} has sub-services");
        assert!(cards.iter().all(|card| card["category"] == category));
        names.extend(cards.iter().filter_map(|card| card["categoryName"].as_str().map(str::to_owned)));
        sum += cards.len();
    }
    assert_eq!((names.len(), sum), (5, all.body["items"].as_array().unwrap().len()));
}

#[tokio::test]
async fn an_office_has_its_visitors_know_what_they_need_on_its_page_and_in_messages() {
    let world = World::new().await;
    let head = manager(&world, "two").await;
    let before = file(&world, &head, "two").await.text("/file");
    let lift = "Лифт на ремонте, вход со двора.";
    let more = format!(
        "[[announcements]]\nfrom = \"2026-12-03\"\nto = \"2026-12-04\"\ntext = {{ ru = \"{lift}\", en = \"The lift is out of order.\" }}\n\n"
    );
    let after = before.replacen("[[windows]]", &format!("{more}[[windows]]"), 1).replacen(
        "accessible = true\n",
        "accessible = true\nwalk_in = true\nparking = { ru = \"Во дворе.\", en = \"In the yard.\" }\n",
        1,
    );
    let body = json!({ "version": 0, "file": after, "reason": "Ремонт лифта" });
    put(&world, &head, "two", body).await.expect(200);
    let page = world.get("/v1/offices/two").await.expect(200);
    assert_eq!(page.body["announcements"][0]["text"], json!(lift), "{}", page.raw);
    assert_eq!((page.text("/parking"), page.body["walkIn"].clone()), ("Во дворе.".into(), json!(true)));
    let (anna, boris) = (world.citizen().await, world.citizen().await);
    let friday = world.book(&anna, "two", "talk", FRIDAY).await;
    world.book(&boris, "two", "talk", "2026-12-07T10:00:00+03:00").await;
    let told = |who: &Citizen| world.sent_to(&who.email).pop().expect("the confirmation");
    assert!(told(&anna).contains(lift), "{}", told(&anna));
    assert!(!told(&boris).contains("Лифт"), "on Monday it works again");
    let seen = world.get_as(&anna, &format!("/v1/appointments/{}", friday.text("/id"))).await.expect(200);
    assert_eq!(seen.body["announcements"], json!([lift]));
    world.until("2026-12-05T09:00:00+03:00").await;
    let page = world.get("/v1/offices/two").await.expect(200);
    assert_eq!(page.body["announcements"], json!([]), "it is over");
}

#[tokio::test]
async fn while_somebody_types_they_are_told_what_they_may_mean() {
    let world = World::real("2026-12-01T12:00:00+03:00").await;
    let typed = async |text: &str| {
        let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        world.get(&format!("/v1/suggestions?q={encoded}")).await.expect(200)
    };
    let texts = |answer: &Answer| -> Vec<(String, String)> {
        let items = answer.body["items"].as_array().cloned().unwrap_or_default();
        let text =
            |item: &serde_json::Value, member: &str| item[member].as_str().unwrap_or_default().to_owned();
        items.iter().map(|item| (text(item, "kind"), text(item, "text"))).collect()
    };
    let moscow = texts(&typed("Моск").await);
    assert_eq!(moscow[0], ("region".to_owned(), "Москва".to_owned()), "{moscow:?}");
    assert!(moscow.len() <= 10 && moscow.iter().any(|(_, text)| text == "Московская область"), "{moscow:?}");
    // Two beginnings of words, in any case and without the dots.
    let child = texts(&typed("УХОД за реб").await);
    assert!(child.iter().all(|(kind, _)| kind == "service") && !child.is_empty(), "{child:?}");
    let office = texts(&typed("таган").await);
    assert!(office.iter().any(|(kind, text)| kind == "office" && text.contains("Таганск")), "{office:?}");
    let english = typed("mosc").await;
    assert_eq!(english.text("/items/0/text"), "Москва", "found in one language, told in the reader's");
    assert!(texts(&typed("м").await).is_empty() && texts(&typed("").await).is_empty());
    let slip = typed("инволыдостьь").await;
    assert!(texts(&slip).is_empty() && slip.text("/didYouMean/0").starts_with("инвалид"), "{}", slip.raw);
    let long = format!("/v1/suggestions?q={}", "a".repeat(101));
    world.get(&long).await.refused(422, "invalid-request");
}
