//! Notices: every kind in both languages with all its facts and with none, safe, short where it must be.

use super::variables;
use crate::{
    By, Channel, DocumentLine, Lang, Notice, NoticeKind, OfficeFacts, Rendered, channels, render,
    sms_segments,
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

const DOCUMENTS: &[DocumentLine] = &[
    DocumentLine { text: "Паспорт", original: true, copy: true, condition: None },
    DocumentLine {
        text: "Справка о доходах",
        original: true,
        copy: false,
        condition: Some("если семья многодетная"),
    },
    DocumentLine { text: "СНИЛС", original: false, copy: true, condition: None },
];

const OFFICE: OfficeFacts = OfficeFacts {
    name: "Центр социальной защиты населения по Центральному району города Новосибирска",
    address: "ул. Ленина, 1",
    phone: "+7 383 000-00-00",
    zone: Tz::Asia__Krasnoyarsk,
};

fn at(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse().expect("an instant"))
}

/// All facts that a notice can have.
fn full(kind: NoticeKind) -> Notice<'static> {
    // As long as they are: 26 characters of the offer, 43 of the secret.
    let link = "https://okno.example/offers/01JDQ2W7Z3M9V6T1F8K4B5N0PR?token=0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    let has_link = matches!(
        kind,
        NoticeKind::EmailLink | NoticeKind::StaffInvitation | NoticeKind::OfferMade | NoticeKind::OfferNudge
    );
    Notice {
        office: Some(OFFICE),
        service: Some("Пособие на ребёнка"),
        specialist: Some("Петрова Мария Ивановна"),
        documents: DOCUMENTS,
        document: Some("Паспорт"),
        starts_at: at("2026-12-01T02:30:00Z"),
        previous_starts_at: at("2026-12-03T06:00:00Z"),
        previous_office: Some("Отделение на Набережной"),
        previous_zone: Some(Tz::Europe__Moscow),
        number: Some("К7М4-92ХА"),
        queue_number: Some("Б-14"),
        code: Some("482915"),
        deadline: at("2026-11-30T02:30:00Z"),
        reason: Some("болезнь специалиста"),
        link: has_link.then_some(link),
        by: Some(By::Staff),
        allowed_min: Some(10),
        ..Notice::new(kind, "Анна")
    }
}

fn all_parts(rendered: &Rendered) -> Vec<&str> {
    let mut parts =
        vec![rendered.subject.as_str(), &rendered.text, &rendered.html, &rendered.title, &rendered.body];
    parts.extend(rendered.sms.as_deref());
    parts
}

#[test]
fn every_kind_renders_with_all_facts_and_with_none() {
    for kind in NoticeKind::ALL {
        for lang in Lang::ALL {
            for notice in [full(kind), Notice::new(kind, "")] {
                let rendered = render(lang, &notice);
                for part in all_parts(&rendered) {
                    assert!(
                        variables(part).is_empty() && !part.contains(['{', '\u{2068}']),
                        "{kind:?}: {part}"
                    );
                }
                // A code alone cannot be said without the code.
                if kind == NoticeKind::RegistrationCode && notice.code.is_none() {
                    continue;
                }
                let has = |channel| channels(kind).contains(&channel);
                assert_eq!(rendered.sms.is_some(), has(Channel::Sms), "{kind:?}");
                for part in [&rendered.subject, &rendered.text, &rendered.html] {
                    assert_eq!(!part.is_empty(), has(Channel::Mail), "{kind:?}");
                }
                for part in [&rendered.title, &rendered.body] {
                    assert_eq!(!part.is_empty(), has(Channel::Inbox), "{kind:?}");
                }
            }
        }
    }
}

#[test]
fn a_code_goes_to_the_phone_only() {
    let rendered = render(Lang::Ru, &full(NoticeKind::RegistrationCode));
    assert_eq!(
        rendered.sms.as_deref(),
        Some("«Окно»: ваш код 482915. Действует 10 минут. Никому его не говорите.")
    );
    assert!(rendered.text.is_empty() && rendered.html.is_empty() && rendered.body.is_empty());
    for (minutes, words) in [(1, "1 минуту."), (2, "2 минуты."), (5, "5 минут."), (21, "21 минуту.")]
    {
        let notice = Notice { allowed_min: Some(minutes), ..full(NoticeKind::RegistrationCode) };
        let sms = render(Lang::Ru, &notice).sms.unwrap_or_default();
        assert!(sms.contains(words), "{sms}");
    }
}

#[test]
fn a_confirmation_says_everything_that_one_needs_to_come() {
    let rendered = render(Lang::Ru, &full(NoticeKind::Booked));
    for part in [&rendered.text, &rendered.html, &rendered.body] {
        for fact in [
            "вторник, 1 декабря 2026 г., 09:30 (красноярское время, UTC+7)",
            "Пособие на ребёнка",
            "Петрова Мария Ивановна",
            OFFICE.name,
            OFFICE.address,
            OFFICE.phone,
            "К7М4-92ХА",
            "Б-14",
            "482915",
            "Паспорт: оригинал и копия",
            "Справка о доходах: оригинал (если семья многодетная)",
            "СНИЛС: копия",
            "за 10–15 минут до начала",
            "не позднее этого времени: понедельник, 30 ноября 2026 г., 09:30 (красноярское время, UTC+7)",
        ] {
            assert!(part.contains(fact), "{fact} is not in {part}");
        }
    }
    assert!(rendered.text.starts_with("Здравствуйте, Анна!"));
    assert!(!rendered.body.contains("Здравствуйте"));
}

#[test]
fn a_move_shows_old_and_new() {
    let text = render(Lang::En, &full(NoticeKind::Moved)).text;
    assert!(text.contains(
        "Before\nWhen: Thursday 3 December 2026, 09:00 (Moscow time, UTC+3)\nWhere: Отделение на Набережной"
    ));
    assert!(
        text.contains("Your appointment\nWhen: Tuesday 1 December 2026, 09:30 (Krasnoyarsk time, UTC+7)")
    );
}

#[test]
fn a_cancellation_says_who_and_why() {
    for (by, words) in [
        (By::Citizen, "Вы отменили"),
        (By::Representative, "Ваш представитель отменил"),
        (By::Staff, "Сотрудник отменил"),
        (By::Office, "Отделение отменило"),
        (By::System, "автоматически"),
    ] {
        let rendered = render(Lang::Ru, &Notice { by: Some(by), ..full(NoticeKind::Cancelled) });
        assert!(rendered.text.contains(words) && rendered.text.contains("Причина: болезнь специалиста"));
        assert!(rendered.sms.is_some_and(|sms| sms.contains("отменена ")));
    }
    let short = OfficeFacts { name: "ЦСЗН «Север»", ..OFFICE };
    let sms = render(Lang::Ru, &Notice { office: Some(short), ..full(NoticeKind::Cancelled) }).sms;
    assert_eq!(
        sms.as_deref(),
        Some(
            "Запись К7М4-92ХА отменена сотрудником: 01.12 в 09:30 (UTC+7), ЦСЗН «Север». Причина: болезнь специалиста"
        )
    );
}

#[test]
fn an_offer_says_until_when_and_that_a_link_changes_nothing() {
    for kind in [NoticeKind::OfferMade, NoticeKind::OfferNudge] {
        let rendered = render(Lang::Ru, &full(kind));
        for words in [
            "никто другой его не займёт. Ответьте до этого времени: понедельник, 30 ноября 2026 г., 09:30 (красноярское время, UTC+7)",
            "Само открытие ссылки ничего не меняет",
            "У вас уже есть запись: четверг, 3 декабря 2026 г., 09:00 (московское время, UTC+3)",
            "https://okno.example/offers/",
        ] {
            assert!(rendered.text.contains(words), "{words} is not in {}", rendered.text);
        }
        let plain = render(Lang::Ru, &Notice { previous_starts_at: None, ..full(kind) });
        assert!(!plain.text.contains("У вас уже есть запись"));
    }
}

#[test]
fn everything_about_the_waitlist_says_how_to_stop() {
    use NoticeKind::*;
    for kind in [OfferMade, OfferNudge, OfferLapsed, OfferLapsedPaused, OfferWithdrawn] {
        for stop_link in [None, Some("https://okno.example/stop")] {
            let notice = Notice { stop_link, ..full(kind) };
            let (ru, en) = (render(Lang::Ru, &notice), render(Lang::En, &notice));
            for part in [&ru.text, &ru.html, &ru.body] {
                assert!(part.contains("Больше не ждать"), "{kind:?}: {part}");
                assert_eq!(part.contains("https://okno.example/stop"), stop_link.is_some());
            }
            assert!(ru.sms.is_some_and(|sms| sms.to_lowercase().contains("больше не ждать")), "{kind:?}");
            assert!(en.text.contains("Stop waiting"), "{kind:?}");
            assert!(en.sms.is_some_and(|sms| sms.contains("stop waiting")), "{kind:?}");
        }
    }
}

#[test]
fn a_lapse_keeps_the_place_and_the_second_pauses() {
    let first = render(Lang::Ru, &full(NoticeKind::OfferLapsed));
    assert!(first.text.contains("место в листе ожидания сохранено"));
    let second = render(Lang::Ru, &full(NoticeKind::OfferLapsedPaused));
    assert!(second.text.contains("приостановили ожидание") && second.text.contains("«Продолжить ожидание»"));
}

#[test]
fn a_no_show_can_be_objected_to() {
    let rendered = render(Lang::Ru, &full(NoticeKind::NoShow));
    assert!(rendered.text.contains("оспорить") && rendered.text.contains(OFFICE.phone));
    assert!(rendered.sms.is_some_and(|sms| sms.contains("оспорьте") && sms.contains(OFFICE.phone)));
}

#[test]
fn sms_are_short() {
    let long = "Очень длинное название отделения ".repeat(10);
    for kind in NoticeKind::ALL {
        for lang in Lang::ALL {
            for by in By::ALL {
                for name in ["ЦСЗН", OFFICE.name, &long] {
                    let office = Some(OfficeFacts { name, ..OFFICE });
                    let notice = Notice { office, by: Some(by), ..full(kind) };
                    let Some(sms) = render(lang, &notice).sms else { continue };
                    let max = if notice.link.is_some() { 3 } else { 2 };
                    assert!(sms_segments(&sms) <= max, "{} segments: {sms}", sms_segments(&sms));
                    assert!(notice.link.is_none_or(|link| sms.ends_with(link)), "{sms}");
                    // The place is named even when its name has to be cut.
                    let names_place =
                        matches!(kind, NoticeKind::Booked | NoticeKind::Cancelled | NoticeKind::OfferMade);
                    assert!(
                        !names_place || sms.contains(name.chars().take(4).collect::<String>().trim()),
                        "{sms}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_long_link_costs_segments_but_is_never_dropped() {
    let link = format!("https://okno.example/{}", "a".repeat(300));
    for kind in [NoticeKind::OfferMade, NoticeKind::OfferNudge] {
        for lang in Lang::ALL {
            let sms = render(lang, &Notice { link: Some(&link), ..full(kind) }).sms.unwrap_or_default();
            assert!(sms.ends_with(&link) && sms.contains("UTC+7"), "{sms}");
        }
    }
}

#[test]
fn everything_from_outside_is_escaped_in_html() {
    let evil = "<script>alert(\"x\")</script> & 'y'";
    let document = [DocumentLine { text: evil, original: true, copy: false, condition: Some(evil) }];
    for kind in NoticeKind::ALL {
        let notice = Notice {
            office: Some(OfficeFacts { name: evil, address: evil, phone: evil, zone: Tz::Europe__Moscow }),
            service: Some(evil),
            specialist: Some(evil),
            documents: &document,
            previous_office: Some(evil),
            number: Some(evil),
            queue_number: Some(evil),
            code: Some(evil),
            reason: Some(evil),
            link: Some("https://okno.example/?a=\"><b>&c='d'"),
            stop_link: Some("javascript:alert(1)"),
            given_name: evil,
            ..full(kind)
        };
        let html = render(Lang::Ru, &notice).html;
        assert!(
            !html.contains("<script") && !html.contains("<b>") && !html.contains("javascript:"),
            "{html}"
        );
        assert!(!html.contains("'y'") && !html.contains("\"x\""), "{html}");
    }
}

#[test]
fn no_character_from_outside_turns_or_breaks_the_text() {
    let notice = Notice {
        reason: Some("нет\r\nBcc: a@b.c\u{202e}\u{0}"),
        given_name: "Ан\u{202e}на\r\n http://evil.example",
        ..full(NoticeKind::Cancelled)
    };
    let rendered = render(Lang::Ru, &notice);
    assert!(rendered.text.starts_with("Здравствуйте, Анна httpevilexample!"), "{}", rendered.text);
    assert!(rendered.text.contains("Причина: нет Bcc: a@b.c\n"), "{}", rendered.text);
    for part in all_parts(&rendered) {
        assert!(!part.contains(['\u{202e}', '\u{0}', '\r']));
    }
}

#[test]
fn mail_is_accessible() {
    for lang in Lang::ALL {
        for kind in NoticeKind::ALL.into_iter().filter(|kind| channels(*kind).contains(&Channel::Mail)) {
            let rendered = render(lang, &full(kind));
            let html = &rendered.html;
            assert!(html.contains(&format!("<html lang=\"{}\">", lang.code())));
            assert_eq!(html.matches("<h1").count(), 1);
            assert!(html.contains("<title>") && !html.contains("<img") && !html.contains("<style"));
            assert_eq!(html.matches("<tr>").count(), html.matches("scope=\"row\"").count());
            assert!(!rendered.subject.contains('\n'));
        }
    }
}

#[test]
#[ignore = "prints all notices for reading them aloud"]
fn print() {
    for kind in NoticeKind::ALL {
        for lang in Lang::ALL {
            let rendered = render(lang, &full(kind));
            let sms = rendered.sms.unwrap_or_default();
            println!(
                "=== {kind:?}\n{}\n{}\nSMS {}: {sms}\n",
                rendered.subject,
                rendered.text,
                sms_segments(&sms)
            );
        }
    }
}
