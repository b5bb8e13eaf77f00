//! A notice in words: the facts that a note keeps, with the catalogue's names, in the reader's language.

use crate::Edge;
use crate::http::views::said;
use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::appointment::change_deadline;
use domain::catalogue::DocumentNeed;
use domain::notice::NoticeKind;
use domain::profile::Demand;
use store::items::note::{About, NoticeId};
use text::{Args, By, DocumentLine, Lang, Notice, OfficeFacts, Rendered};

/// What a message is said with besides the facts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said<'a> {
    pub given_name: &'a str,
    /// The reason that the notice gives, in clear.
    pub reason: Option<&'a str>,
    /// What the message's button opens.
    pub link: Option<&'a str>,
    /// Where waiting can be ended.
    pub stop_link: Option<&'a str>,
    /// Whom the reader acts for, by first name.
    pub behalf: Option<&'a str>,
}

fn line(need: &DocumentNeed, lang: Lang) -> DocumentLine<'_> {
    DocumentLine {
        text: said(&need.name, lang),
        original: need.original,
        copy: need.copy,
        condition: need.condition.as_ref().map(|condition| said(condition, lang)),
    }
}

/// Words a notice.
pub fn render(edge: &Edge, lang: Lang, id: &NoticeId, about: &About, with: Said<'_>) -> Rendered {
    let catalogue = &edge.app().catalogue;
    let office_of = |id: &str| id.parse().ok().and_then(|id| catalogue.offices.get(&id));
    let office = office_of(&about.o);
    let previous = about.po.as_deref().and_then(office_of);
    let service = about.v.parse().ok().and_then(|id| catalogue.services.get(&id));
    // Where somebody booked for them, or on paper: they are told what is still to be done (BKG-8).
    let paper = service.filter(|service| service.signature == Demand::Asked && !about.sg);
    let paper = paper.map(|_| text::label(lang, "sign-at-visit"));
    let needs = || service.into_iter().flat_map(|service| &service.documents);
    let documents: Vec<DocumentLine<'_>> = needs()
        .map(|need| line(need, lang))
        .chain(paper.as_deref().map(|text| DocumentLine {
            text,
            original: false,
            copy: false,
            condition: None,
        }))
        .collect();
    // What a file is of is a copy.
    let lacking = needs().filter(|need| about.l.iter().any(|lacking| lacking == need.document.as_str()));
    let lacking: Vec<DocumentLine<'_>> =
        lacking.map(|need| DocumentLine { original: false, ..line(need, lang) }).collect();
    let file = about.f.as_ref();
    let document = file.and_then(|(document, ..)| {
        Some(said(&needs().find(|need| need.document.as_str() == document)?.name, lang))
    });
    let refused = file.map(|(_, code, facts)| file_reason(lang, code, facts));
    let announced: Vec<&str> = office
        .zip(DateTime::<Utc>::from_timestamp(about.s, 0))
        .into_iter()
        .flat_map(|(office, at)| catalogue.announced(office, at.with_timezone(&office.zone).date_naive()))
        .map(|one| said(&one.text, lang))
        .collect();
    let instant = |seconds: i64| DateTime::<Utc>::from_timestamp(seconds, 0);
    let starts_at = instant(about.s);
    let offer_end = about.u.and_then(instant);
    // A reminder, or the confirmation of a visit on the same day: what can no longer be done is not offered.
    let changeable_until = starts_at.map(change_deadline).filter(|deadline| *deadline > id.at);
    let notice = Notice {
        office: office.map(|office| OfficeFacts {
            name: said(&office.name, lang),
            address: said(&office.address, lang),
            phone: &office.phone,
            zone: office.zone,
        }),
        service: service.map(|service| said(&service.name, lang)),
        specialist: about.w.as_ref().map(|(ru, en)| if lang == Lang::Ru { ru } else { en }.as_str()),
        documents: &documents,
        document,
        lacking: &lacking,
        announcements: &announced,
        starts_at,
        previous_starts_at: about.p.and_then(instant),
        previous_office: previous.map(|office| said(&office.name, lang)),
        previous_zone: previous.map(|office| office.zone),
        number: about.n.as_ref().map(|(number, _, _)| number.as_str()),
        queue_number: about.n.as_ref().map(|(_, queue, _)| queue.as_str()),
        code: about.n.as_ref().map(|(_, _, code)| code.as_str()),
        deadline: offer_end.or(changeable_until),
        reason: with.reason.or(refused.as_deref()),
        result: about.r.as_deref(),
        link: with.link,
        stop_link: with.stop_link,
        behalf: with.behalf,
        by: about.b.as_deref().and_then(|by| By::ALL.into_iter().find(|known| known.name() == by)),
        ..Notice::new(id.kind, with.given_name)
    };
    text::render(lang, &notice)
}

/// Facts of the sentences about files.
const FILE_FACTS: [&str; 8] = ["named", "found", "format", "dpi", "needed", "page", "pages", "max"];

/// Why a file was refused, in a sentence.
pub fn file_reason(lang: Lang, code: &str, facts: &[(String, String)]) -> String {
    let known = FILE_FACTS.into_iter().filter_map(|name| {
        let (_, value) = facts.iter().find(|(given, _)| given == name)?;
        Some((name, value))
    });
    let args = known.fold(Args::new(), |args, (name, value)| match value.parse::<i64>() {
        Ok(number) => args.with(name, number),
        Err(_) => args.with(name, value.to_uppercase()),
    });
    text::field_error(lang, &format!("file-{code}"), &args)
}

/// Where the page about a notice's subject is.
pub fn link(edge: &Edge, id: &NoticeId) -> String {
    let portal = &edge.settings().portal_url;
    match id.kind {
        NoticeKind::OfferMade | NoticeKind::OfferNudge => format!("{portal}/offers/{}", id.subject),
        NoticeKind::OfferLapsed | NoticeKind::OfferLapsedPaused | NoticeKind::OfferWithdrawn => {
            format!("{portal}/waitlist")
        }
        NoticeKind::FileRefused => format!("{portal}/documents"),
        NoticeKind::VideoCheckReady | NoticeKind::VideoCheckRefused => format!("{portal}/identity"),
        NoticeKind::PolicyVoid | NoticeKind::PolicyConfirmed => format!("{portal}/profile"),
        NoticeKind::DeletionAsked | NoticeKind::CabinetBlocked | NoticeKind::CabinetUnblocked => {
            format!("{portal}/profile")
        }
        NoticeKind::UnlockPromised => format!("{portal}/unlock"),
        NoticeKind::RepresentativeAsked | NoticeKind::RepresentativeApproved => {
            format!("{portal}/representatives")
        }
        NoticeKind::RepresentationApproved
        | NoticeKind::RepresentationRefused
        | NoticeKind::RepresentationEnded
        | NoticeKind::RepresentationEnds => format!("{portal}/representations"),
        kind if AccountEvent::of(kind).is_some() => format!("{portal}/recover"),
        _ => format!("{portal}/appointments/{}", id.subject),
    }
}
