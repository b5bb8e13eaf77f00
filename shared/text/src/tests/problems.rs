//! Refusals: every code is there, in whole sentences, with numbers that agree.

use super::{messages, variables};
use crate::{Args, File, Lang, field_error, problem_detail, problem_title};

const PROBLEMS: &str = "invalid-request malformed-json body-too-large not-found unauthorized forbidden \
    method-not-allowed wrong-credentials too-many-requests overloaded unavailable internal not-ready files-lacking \
    account-inactive closed-already slot-taken slot-not-offered too-late already-booked overlapping too-many-appointments \
    cooling-down not-planned too-many-corrections same-slot service-paused not-so not-today not-here not-received undo-too-late \
    window-busy nobody-waits not-identified facts-wrong refused-before idempotency-mismatch idempotency-key-needed service-not-bookable \
    wish-too-wide nothing-to-wait-for already-waiting not-waiting slots-are-free offer-ended held-too-soon offer-open too-many-entries \
    effort-needed too-many-codes code-wrong code-expired code-spent link-expired email-of-another phone-confirmed resend-too-early code-limit check-in-too-early \
    check-in-too-late check-in-wrong cursor-invalid registration-spent version-consent-old \
    wrong-staff-credentials second-factor-wrong beyond-your-rights not-yourself last-administrator \
    invitation-over already-staff office-file-wrong office-file-too-large office-changed references-changed references-under-way proof-spent second-factor-needed
    second-factor-is-on second-factor-sent second-factor-other passkey-wrong too-many-passkeys unlock-open unlock-own unlock-over visit-shut unlock-phone-taken phone-has-cabinet unlock-differs policy-not-taken not-eligible entitlement-untold file-needed deletion-hindered deletion-under-way
    touches-appointments esia-unavailable esia-not-believed check-open check-taken check-not-taken check-over check-changed way-closed same-session signature-refused other-person nothing-to-confirm snils-taken \
    not-represented identity-needed own-only grant-open too-many-grants grant-not-taken grant-over grant-differs grant-moved grant-no-paper grant-changed \
    signing-closed signature-not-needed signed-at-visit";

const FIELDS: &str = "invalid required unknown-field given-twice wrong-type too-short too-long not-a-phone \
    country-not-served not-a-mobile not-an-email mailbox-not-latin password-too-short password-too-long \
    password-needs-digit password-needs-lower password-needs-upper password-common password-wrong must-accept \
    old-version not-an-id unknown-office unknown-window unknown-specialist receives-nowhere instead-of not-hours unknown-service unknown-region unknown-town unknown-place not-a-date not-a-time past \
    out-of-range not-a-choice too-many too-few from-after-to code-format no-letters bad-characters not-a-key \
    in-future too-young too-long-ago snils-digits snils-check inn-digits inn-check passport-series passport-number no-series paper-number issued-before-fourteen \
    issued-before-birth differs-in-registry passport-expired policy-compulsory-number policy-voluntary-number \
    document-not-asked name-too-long name-character name-space name-dots name-no-stem name-extension format-not-allowed \
    file-empty file-too-large files-too-large too-many-files paper-too-old signature-not-seen no-condition \
    file-wrong-content file-format-not-allowed file-damaged file-trailing-data file-too-complex file-encrypted file-script \
    file-launches file-acts-on-opening file-embedded-file file-media file-active-form file-macros file-external-reference \
    file-pictures file-unknown-encoding file-animated file-too-many-pixels file-too-coarse file-blank-page file-not-colour \
    file-too-many-pages file-not-looked-at check-too-soon check-too-far check-shut not-a-room said-otherwise not-said-there signature-format not-a-passkey passkey-refused phone-of-another phone-of-another-unlock phone-own email-own \
    own-snils of-age attorney-too-young certificate-series certificate-number attorney-over not-of-kind differs-from-cabinet \
    signature-needed signature-over signature-not-needed signed-otherwise date-too-far";

/// Every fact that a refusal can have.
fn all_facts() -> Args {
    Args::new()
        .with("max-kb", 64)
        .with("seconds", 30)
        .with("minutes", 21)
        .with("list", "подтвердить телефон")
        .with("deadline", "понедельник, 30 ноября 2026 г., 09:30 (московское время, UTC+3)")
        .with("phone", "+7 495 000-00-00")
        .with("reason", "доход выше прожиточного минимума")
        .with("min", 1)
        .with("max", 5)
        .with("count", 3)
        .with("until", "четверг, 3 декабря 2026 г., 09:30 (московское время, UTC+3)")
        .with("left", 2)
        .with("from", "вторник, 1 декабря 2026 г., 09:00 (московское время, UTC+3)")
        .with("version", "2026-11")
        .with("phase", "Неявка")
        .with("found", "png")
        .with("named", "pdf")
        .with("left-kb", 100)
        .with("days", 30)
        .with("dpi", 96)
        .with("needed", 300)
        .with("page", 2)
        .with("pages", 12)
}

#[test]
fn every_refusal_has_a_title_and_a_way_out() {
    for lang in Lang::ALL {
        for code in PROBLEMS.split_whitespace() {
            for args in [all_facts(), Args::new()] {
                let title = problem_title(lang, code, &args);
                assert!(!title.is_empty() && !title.ends_with('.'), "{code}: {title}");
                assert!(code == "internal" || title != problem_title(lang, "internal", &args), "{code}");
                let detail = problem_detail(lang, code, &args).unwrap_or_default();
                assert!(detail.ends_with(['.', '?']), "{code}: {detail}");
                assert!(
                    !detail.contains('{') && !detail.contains('$') && !detail.contains('\u{2068}'),
                    "{detail}"
                );
            }
        }
    }
}

#[test]
fn every_error_of_a_field_is_a_sentence() {
    for lang in Lang::ALL {
        for code in FIELDS.split_whitespace() {
            for args in [all_facts(), Args::new()] {
                let said = field_error(lang, code, &args);
                assert!(said.ends_with('.') && !said.contains('{'), "{code}: {said}");
                let unknown = field_error(lang, "no-such-code", &args);
                assert!(code == "invalid" || said != unknown, "{code}: {said}");
            }
        }
    }
}

#[test]
fn the_lists_here_and_the_words_there_are_the_same() {
    let mut listed: Vec<String> = PROBLEMS.split_whitespace().map(str::to_owned).collect();
    listed.extend(FIELDS.split_whitespace().map(|code| format!("field-{code}")));
    listed.sort();
    let mut known: Vec<&str> = crate::known_codes(Lang::Ru, File::Problems).collect();
    known.sort();
    assert_eq!(known, listed);
}

#[test]
fn plain_forms_need_no_facts() {
    for lang in Lang::ALL {
        for (key, text) in messages(lang, File::Problems) {
            if key.ends_with(".plain") || key.ends_with(".plain-detail") {
                assert!(variables(&text).is_empty(), "{key}");
            }
        }
    }
}

#[test]
fn numbers_and_words_agree() {
    let detail = |lang, code, name, number: i64| {
        problem_detail(lang, code, &Args::new().with(name, number)).unwrap_or_default()
    };
    for (number, end) in [
        (1, "через 1 секунду."),
        (2, "через 2 секунды."),
        (5, "через 5 секунд."),
        (11, "через 11 секунд."),
        (21, "через 21 секунду."),
        (112, "через 112 секунд."),
    ] {
        let said = detail(Lang::Ru, "resend-too-early", "seconds", number);
        assert!(said.ends_with(end), "{said}");
    }
    for (number, words) in [
        (0, "Попыток больше нет"),
        (1, "Осталась 1 попытка"),
        (2, "Осталось 2 попытки"),
        (5, "Осталось 5 попыток"),
        (21, "Осталась 21 попытка"),
    ] {
        let said = detail(Lang::Ru, "code-wrong", "left", number);
        assert!(said.contains(words), "{said}");
    }
    for (number, words) in
        [(0, "No attempts"), (1, "1 attempt is left"), (2, "2 attempts are left"), (21, "21 attempts")]
    {
        let said = detail(Lang::En, "code-wrong", "left", number);
        assert!(said.contains(words), "{said}");
    }
    for (number, words) in [(1, "1 знака."), (2, "2 знаков."), (5, "5 знаков."), (21, "21 знака.")]
    {
        let said = field_error(Lang::Ru, "too-short", &Args::new().with("min", number));
        assert!(said.ends_with(words), "{said}");
    }
    let said = detail(Lang::En, "overloaded", "seconds", 1);
    assert!(said.ends_with("in 1 second."), "{said}");
}

#[test]
fn a_refusal_too_late_names_deadline_and_phone() {
    let said = problem_detail(Lang::Ru, "too-late", &all_facts()).unwrap_or_default();
    assert_eq!(
        said,
        "Это можно было сделать не позднее этого времени: понедельник, 30 ноября 2026 г., 09:30 (московское \
         время, UTC+3). Позвоните в отделение: +7 495 000-00-00."
    );
}

#[test]
fn an_unknown_code_reads_like_a_mistake_of_ours() {
    assert_eq!(problem_title(Lang::Ru, "no-such-code", &Args::new()), "Что-то пошло не так");
    assert_eq!(problem_detail(Lang::Ru, "no-such-code", &Args::new()), None);
}
