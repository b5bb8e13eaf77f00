//! The files themselves: whole, alike in both languages, and in real Russian letters.

use super::{messages, variables};
use crate::{File, Lang, book, date, known_codes, label, time, when};
use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;
use fluent::FluentResource;
use std::collections::BTreeSet;

#[test]
fn every_file_is_well_formed_and_every_key_written_once() {
    for lang in Lang::ALL {
        for file in File::ALL {
            if let Err((_, errors)) = FluentResource::try_new(book::source(lang, file).to_owned()) {
                panic!("{lang:?} {file:?}: {errors:?}");
            }
            let mut seen = BTreeSet::new();
            for key in known_codes(lang, file) {
                assert!(seen.insert(key), "{lang:?} {file:?}: {key} twice");
            }
        }
    }
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_facts() {
    for file in File::ALL {
        let (ru, en) = (messages(Lang::Ru, file), messages(Lang::En, file));
        let keys = |of: &std::collections::BTreeMap<String, String>| of.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&ru), keys(&en), "{file:?}");
        for (key, text) in &ru {
            assert_eq!(variables(text), variables(&en[key]), "{file:?}: {key}");
        }
    }
}

#[test]
fn russian_words_have_no_latin_letters() {
    // What is Latin on purpose, apart from facts in braces.
    let latin = [
        "SMS",
        "JSON",
        "Idempotency-Key",
        "Acting-For",
        "anna",
        "example",
        "ru",
        "PDF",
        "JPG",
        "PNG",
        "DOC",
        "DOCX",
        "passport",
        "pdf",
    ];
    for file in File::ALL {
        for (key, text) in messages(Lang::Ru, file) {
            let spoken = without_syntax(&text);
            for word in spoken.split(|c: char| !c.is_alphabetic() && c != '-').filter(|word| !word.is_empty())
            {
                let foreign = word.chars().any(|c| c.is_ascii_alphabetic());
                assert!(!foreign || latin.contains(&word), "{file:?}: {key}: «{word}»");
            }
        }
        for (key, text) in messages(Lang::En, file) {
            let cyrillic = text.chars().find(|c| ('\u{400}'..='\u{4ff}').contains(c));
            assert_eq!(cyrillic, None, "{file:?}: {key}");
        }
    }
}

/// The text without the names of facts and of variants.
fn without_syntax(text: &str) -> String {
    let mut spoken = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['$', '[', '*']) {
        spoken.push_str(&rest[..at]);
        let end = match rest.as_bytes()[at] {
            b'$' => rest[at + 1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '-').map(|n| at + 1 + n),
            _ => rest[at..].find(']').map(|n| at + n + 1),
        };
        rest = end.map_or("", |end| &rest[end..]);
    }
    spoken + rest
}

#[test]
fn labels_are_those_of_the_sources() {
    for (key, ru) in [
        ("phase-planned", "Запланировано"),
        ("phase-in-reception", "На приёме"),
        ("phase-completed", "Завершено"),
        ("phase-cancelled", "Отменено"),
        ("phase-no-show", "Неявка"),
        ("mark-confirmed", "Подтверждено"),
        ("mark-changed", "Изменено"),
        ("mark-needs-check", "Требует проверки"),
        ("ui-registration", "Регистрация"),
        ("ui-create-account", "Создать аккаунт"),
        ("ui-sign-in", "Войти"),
        ("ui-forgot-password", "Забыли пароль?"),
        ("ui-recover-password", "Восстановить пароль"),
        ("ui-confirm", "Подтвердить"),
        ("ui-my-services", "Мои услуги"),
        ("ui-my-requests", "Мои обращения"),
        ("ui-appointment", "Запись на приём в ОСП"),
        ("ui-territory", "Территориальный орган"),
        ("ui-agency", "Ведомство"),
        ("ui-find", "Найти"),
        ("ui-book", "Записаться"),
        ("ui-go-to-service", "Перейти к услуге"),
        ("ui-send", "Отправить"),
        ("ui-change", "Изменить"),
        ("ui-cancel-appointment", "Отменить запись"),
        ("ui-yes", "Да"),
        ("ui-download-ticket", "Скачать талон"),
        ("ui-add-to-calendar", "Добавить в календарь"),
        ("ui-view-notice", "Просмотр уведомления"),
        ("ui-resend-notice", "Повторно отправить уведомление"),
        ("ui-waitlist", "Уведомление о свободном месте"),
    ] {
        assert_eq!(label(Lang::Ru, key), ru);
    }
}

#[test]
fn every_label_is_there_in_both_languages() {
    let groups = [
        ("waiting", "waiting offered paused left served"),
        (
            "action",
            "booked moved cancelled displaced checked-in no-show joined paused resumed left offered accepted \
             declined lapsed paused-by-silence withdrawn passed-over served",
        ),
        (
            "passed-over",
            "blocked has-open-offer daily-cap overlaps declined-before cooling-down not-waiting too-close \
             already-booked outside-wish",
        ),
        ("actor", "citizen representative staff office system"),
        ("readiness", "phone-confirmed email-confirmed name password agreement consent"),
        (
            "export",
            "record profile sign-in session event holding appointment place offer history notice files reading call-note",
        ),
        (
            "reason",
            "no-window-for-service closed holiday closure all-taken before-lead-time beyond-horizon \
             not-bookable outside-hours none-match-filter",
        ),
    ];
    for (group, names) in groups {
        for name in names.split_whitespace() {
            let key = format!("{group}-{name}");
            for lang in Lang::ALL {
                assert_ne!(label(lang, &key), key, "{lang:?}");
            }
        }
    }
    assert_eq!(label(Lang::Ru, "no-such-label"), "no-such-label");
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

#[test]
fn an_instant_is_said_on_the_clock_of_the_place() {
    let (instant, zone) = (at("2026-12-01T06:30:00Z"), Tz::Europe__Moscow);
    assert_eq!(when(Lang::Ru, instant, zone), "вторник, 1 декабря 2026 г., 09:30 (московское время, UTC+3)");
    assert_eq!(when(Lang::En, instant, zone), "Tuesday 1 December 2026, 09:30 (Moscow time, UTC+3)");
    assert_eq!(date(Lang::Ru, instant, zone), "вторник, 1 декабря 2026 г.");
    assert_eq!(date(Lang::En, instant, zone), "Tuesday 1 December 2026");
    assert_eq!(time(Lang::Ru, instant, zone), "09:30");
    assert_eq!(crate::when::when_short(Lang::Ru, instant, zone), "01.12 в 09:30 (UTC+3)");
    assert_eq!(crate::when::when_short(Lang::En, instant, zone), "01 Dec 09:30 (UTC+3)");
}

#[test]
fn all_eleven_clocks_of_russia_have_their_names() {
    let late = at("2026-12-31T21:30:00Z");
    for (zone, ru, en) in [
        (Tz::Europe__Kaliningrad, "23:30 (калининградское время, UTC+2)", "Kaliningrad time, UTC+2"),
        (Tz::Europe__Moscow, "00:30 (московское время, UTC+3)", "Moscow time, UTC+3"),
        (Tz::Europe__Samara, "01:30 (самарское время, UTC+4)", "Samara time, UTC+4"),
        (Tz::Asia__Yekaterinburg, "02:30 (екатеринбургское время, UTC+5)", "Yekaterinburg time, UTC+5"),
        (Tz::Asia__Omsk, "03:30 (омское время, UTC+6)", "Omsk time, UTC+6"),
        (Tz::Asia__Krasnoyarsk, "04:30 (красноярское время, UTC+7)", "Krasnoyarsk time, UTC+7"),
        (Tz::Asia__Irkutsk, "05:30 (иркутское время, UTC+8)", "Irkutsk time, UTC+8"),
        (Tz::Asia__Yakutsk, "06:30 (якутское время, UTC+9)", "Yakutsk time, UTC+9"),
        (Tz::Asia__Vladivostok, "07:30 (владивостокское время, UTC+10)", "Vladivostok time, UTC+10"),
        (Tz::Asia__Magadan, "08:30 (магаданское время, UTC+11)", "Magadan time, UTC+11"),
        (Tz::Asia__Kamchatka, "09:30 (камчатское время, UTC+12)", "Kamchatka time, UTC+12"),
    ] {
        let (said, english) = (when(Lang::Ru, late, zone), when(Lang::En, late, zone));
        assert!(said.ends_with(ru), "{said}");
        assert!(english.contains(en), "{english}");
        // The day turns where the place is, not in Greenwich.
        let day = if zone == Tz::Europe__Kaliningrad {
            "четверг, 31 декабря 2026"
        } else {
            "пятница, 1 января 2027"
        };
        assert!(said.starts_with(day), "{said}");
    }
}

#[test]
fn a_clock_without_a_common_name_is_said_by_its_offset() {
    let instant = at("2026-12-01T06:30:00Z");
    for (zone, end) in [
        (Tz::Asia__Novosibirsk, "13:30 (UTC+7)"),
        (Tz::Asia__Kolkata, "12:00 (UTC+5:30)"),
        (Tz::America__St_Johns, "03:00 (UTC-3:30)"),
        (Tz::UTC, "06:30 (UTC+0)"),
    ] {
        let said = when(Lang::Ru, instant, zone);
        assert!(said.ends_with(end), "{said}");
    }
}

#[test]
fn every_day_and_month_has_its_name() {
    for lang in Lang::ALL {
        for month in 1..=12 {
            for day in 1..=7 {
                let instant = Utc.with_ymd_and_hms(2027, month, day, 9, 0, 0).single().expect("an instant");
                let said = when(lang, instant, Tz::Europe__Moscow);
                assert!(!said.contains("month") && !said.contains("weekday"), "{said}");
            }
        }
    }
}

#[test]
fn whatever_the_domain_names_has_its_words_in_both_languages() {
    use domain::appointment::{Action, Actor, Mark, Phase};
    use domain::availability::NothingFree;
    use domain::citizen::Missing;
    use domain::visit::VisitResult;
    use domain::waitlist::{EntryAction, EntryState, PassedOver};
    let named = [
        ("phase", Phase::ALL.map(Phase::name).to_vec()),
        ("mark", Mark::ALL.map(Mark::name).to_vec()),
        ("actor", Actor::ALL.map(Actor::name).to_vec()),
        ("action", Action::ALL.map(Action::name).to_vec()),
        ("action", EntryAction::ALL.map(EntryAction::name).to_vec()),
        ("result", VisitResult::ALL.map(VisitResult::name).to_vec()),
        ("waiting", EntryState::ALL.map(EntryState::name).to_vec()),
        ("passed-over", PassedOver::ALL.map(PassedOver::name).to_vec()),
        ("reason", NothingFree::ALL.map(NothingFree::name).to_vec()),
        ("readiness", Missing::ALL.map(Missing::name).to_vec()),
        ("readiness", vec!["ready", "incomplete", "inactive"]),
    ];
    let keys =
        named.iter().flat_map(|(group, names)| names.iter().map(move |name| format!("{group}-{name}")));
    let unsaid: Vec<String> =
        keys.filter(|key| crate::Lang::ALL.iter().any(|lang| crate::label(*lang, key) == *key)).collect();
    assert!(unsaid.is_empty(), "no words for {unsaid:?}");
}
