//! A notice's facts as named words for the sentences.

use super::Notice;
use crate::when::{moment_short, when_short};
use crate::{Args, Lang, clean, label, when};
use chrono_tz::Tz;

/// Everything the notice knows, by the names that the sentences use.
pub fn facts(lang: Lang, notice: &Notice) -> Args {
    let zone = zone(notice);
    let previous_zone = notice.previous_zone.unwrap_or(zone);
    let name = Some(clean::name(notice.given_name)).filter(|name| !name.is_empty());
    Args::new()
        .maybe("name", name)
        .maybe("office", known(notice.office.map(|office| office.name)))
        .maybe("address", known(notice.office.map(|office| office.address)))
        .maybe("phone", known(notice.office.map(|office| office.phone)))
        .maybe("service", known(notice.service))
        .maybe("document", known(notice.document))
        .maybe("specialist", known(notice.specialist))
        .maybe("when", notice.starts_at.map(|at| when(lang, at, zone)))
        .maybe("when-short", notice.starts_at.map(|at| when_short(lang, at, zone)))
        .maybe("old-when", notice.previous_starts_at.map(|at| when(lang, at, previous_zone)))
        .maybe("old-office", known(notice.previous_office))
        .maybe("number", known(notice.number))
        .maybe("queue-number", known(notice.queue_number))
        .maybe("code", known(notice.code))
        .maybe("deadline", notice.deadline.map(|at| when(lang, at, zone)))
        .maybe("deadline-short", notice.deadline.map(|at| moment_short(lang, at, zone)))
        .maybe("reason", known(notice.reason))
        .maybe("result", notice.result.map(|result| label(lang, &format!("result-{result}"))))
        .maybe("link", safe_link(notice.link))
        .maybe("by", notice.by.map(|by| by.name()))
        .maybe("behalf", notice.behalf.map(clean::name).filter(|name| !name.is_empty()))
        .maybe("minutes", notice.allowed_min)
}

/// A link that a mail may carry: http or https, nothing that runs.
pub fn safe_link(link: Option<&str>) -> Option<&str> {
    link.filter(|link| link.starts_with("https://") || link.starts_with("http://"))
        .filter(|link| !link.chars().any(|c| c.is_control() || c.is_whitespace()))
}

/// The office's clock; without an office Moscow's, which is named beside the time.
fn zone(notice: &Notice) -> Tz {
    notice.office.map_or(Tz::Europe__Moscow, |office| office.zone)
}

/// A fact that says something.
fn known(words: Option<&str>) -> Option<&str> {
    words.filter(|words| !clean::line(words).is_empty())
}
