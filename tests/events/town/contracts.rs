//! What is signed electronically in the town: Roman is about to book, Semyon to correct, Yakov to take what Ulyana gave up.

use super::{FOUNDED, Founding};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tests::{booking, signature};

impl Founding {
    /// What is signed electronically: signatures of a booking, a correction and an offer that are still to come.
    pub(super) async fn contracts(&mut self) -> [String; 3] {
        const TEXT: &str = "/v1/appointments/text-to-sign";
        let sign = |text: &Value| {
            STANDARD.encode(signature("anna", text["text"].as_str().expect("a text").as_bytes()))
        };
        let answers = || {
            let mut answers = booking("three", "contract", FOUNDED);
            answers.as_object_mut().expect("an object").remove("startsAt");
            answers["purpose"] = json!("Завести корову");
            answers
        };
        let roman = self.citizen("roman", "+79161240011", "roman@example.ru").await;
        let semyon = self.citizen("semyon", "+79161240022", "semyon@example.ru").await;
        let ulyana = self.citizen("ulyana", "+79161240033", "ulyana@example.ru").await;
        let tikhon = self.citizen("tikhon", "+79161240044", "tikhon@example.ru").await;
        for (name, who, at) in [
            ("semyon-contract", &semyon, "2026-12-04T14:00:00+03:00"),
            ("ulyana-contract", &ulyana, "2026-12-03T14:00:00+03:00"),
            ("tikhon-contract", &tikhon, "2026-12-03T14:30:00+03:00"),
        ] {
            let text = self.stage.post(name, TEXT, who, answers()).await;
            let mut body = answers();
            (body["startsAt"], body["signature"]) = (json!(at), json!(sign(&text)));
            let booked = self.stage.post(name, "/v1/appointments", who, body).await;
            self.keep(name, &booked["id"]);
        }
        let booked = self.stage.post("roman-text", TEXT, &roman, answers()).await;
        let path = format!("/v1/appointments/{}/text-to-sign", self.ids["semyon-contract"]);
        let corrected =
            self.stage.post("semyon-text", &path, &semyon, json!({ "purpose": "Купить козу" })).await;
        let wish = json!({ "serviceId": "contract", "offices": ["three"], "from": "2026-12-03", "to": "2026-12-03" });
        let yakov = self.citizen("yakov", "+79161240055", "yakov@example.ru").await;
        self.stage.post("yakov-waits", "/v1/waitlist", &yakov, wish).await;
        self.stage.settle().await;
        let ulyanas = self.ids["ulyana-contract"].clone();
        self.give_up("ulyana-gives-up", &ulyana, &ulyanas).await;
        self.stage.step("yakov-offer");
        self.stage.settle().await;
        let place = self.stage.ask("", http::Method::GET, "/v1/waitlist/contract", &yakov, Value::Null).await;
        self.keep("yakov-offer", &place["offerId"]);
        let path = format!("/v1/offers/{}/text-to-sign", self.ids["yakov-offer"]);
        let offered = self.stage.post("yakov-text", &path, &yakov, json!({})).await;
        [sign(&booked), sign(&corrected), sign(&offered)]
    }
}
