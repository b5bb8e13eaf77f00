//! The command `story` ends well, and says what it is there to say.

use local::story;
use std::path::Path;

#[tokio::test]
async fn the_story_ends_as_it_must_and_shows_what_people_see() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra");
    let mut text = Vec::new();
    let told = story::tell(root.join("template.yaml"), root.join("data"), &mut text).await;
    let text = String::from_utf8(text).expect("a text");
    let told = told.unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert!(told.differences.is_empty(), "{:#?}", told.differences);
    let mut rest = text.as_str();
    // In the order in which it happens.
    for part in [
        "Не хватает данных",
        "«Готов к записи»",
        "«Удостоверение многодетной семьи»",
        "Anadyr, Tuesday 1 December 2026, 19:05 (UTC+12)",
        "«Подтверждено»",
        "the same answer",
        "409 «Это время уже занято",
        "«Изменено»",
        "everybody can book it",
        "people ahead: 2",
        "«Отменено»",
        "Mail to Boris: «Освободилось место: пятница, 4 декабря 2026 г., 17:00 (московское время, UTC+3)»",
        "without having signed in",
        "Moscow, Tuesday 1 December 2026, 22:30",
        "«Отказаться»",
        "Предложение ждёт вашего ответа",
        "Предложение закончилось",
        "Место предложено другому",
        "У вас уже есть запись: пятница, 25 декабря 2026 г., 17:00",
        "Mail to Emma: «A slot has become free: Friday 25 December 2026, 17:00 (Moscow time, UTC+3)»",
        "Напоминаем о приёме",
        "четверг, 3 декабря 2026 г., 17:00 (московское время,",
        "Приём уже скоро",
        "«Неявка»",
        "she will be called as",
        "Вы: Запись отменена, 04.12 17:00, Отделение «Арбат» (командировка)",
        "Emma's inbox in English",
        "operation                   times    round trips     read units    write units",
        "public release",
    ] {
        let at = rest.find(part).unwrap_or_else(|| panic!("«{part}» is missing, or out of turn, in\n{text}"));
        rest = &rest[at + part.len()..];
    }
}

#[tokio::test]
async fn a_story_without_its_people_says_what_is_missing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = Vec::new();
    let told = story::tell(root.join("../infra/template.yaml"), root.join("catalogue"), &mut text).await;
    let error = told.expect_err("there is no story.toml");
    assert_eq!(error.to_string(), "story.toml cannot be read");
    assert!(text.is_empty());
}
