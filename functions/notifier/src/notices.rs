//! Notices about appointments and offers.

use app::tell::{self, Telling, ToSend};
use domain::account::AccountEvent;
use domain::citizen::{Cabinet, Reach};
use domain::notice::NoticeKind;
use domain::{CitizenId, OfferId};
use lambda::telling::{self, Said};
use lambda::{Edge, Error};
use outbound::OutboundError;
use outbound::mail::Mail;
use store::items::note::{NoteState, NoticeId};
use text::{Channel, Lang, Rendered};

/// Tells a fact, if it still is one and was not told before.
pub async fn tell(edge: &Edge, citizen: &str, notice: &str) -> Result<(), Error> {
    let citizen: CitizenId = citizen.parse().map_err(|_| "not a citizen's id")?;
    let id = NoticeId::parse(notice).ok_or("not a notice's id")?;
    let vault = edge.vault().await?;
    let looked = tell::look(edge.app(), &vault, citizen, &id).await?;
    let mut told = match looked.telling {
        Telling::Nothing => Ok(()),
        Telling::Send(sending) => send(edge, &sending).await,
    };
    // Each hears of it by themselves: whoever cannot be reached now keeps nobody else from it.
    for representative in looked.representatives {
        let look = tell::look_for_representative(edge.app(), &vault, citizen, representative, &id).await;
        let one = match look {
            Ok(Telling::Send(sending)) => send(edge, &sending).await,
            Ok(Telling::Nothing) => Ok(()),
            Err(refusal) => Err(refusal.into()),
        };
        told = told.and(one);
    }
    told
}

/// Sends by every channel that has not taken it yet.
async fn send(edge: &Edge, sending: &ToSend) -> Result<(), Error> {
    let rendered = words(edge, sending).await?;
    let mut taken = sending.note.sent.clone();
    let mut down = None;
    for channel in channels(sending) {
        let name = name(channel);
        if taken.iter().any(|(taken, _)| taken == name) {
            continue;
        }
        match by(edge, channel, sending, &rendered).await {
            Ok(Some(message)) => taken.push((name.to_owned(), message)),
            Ok(None) => {}
            Err(OutboundError::Refused { service, why }) => {
                // It will never take this; the other channels tell it.
                tracing::warn!(service, why, "a channel refuses for good");
                taken.push((name.to_owned(), "refused".to_owned()));
            }
            Err(error) => down = Some(error),
        }
    }
    let reached = taken.iter().any(|(_, message)| message != "refused");
    match down {
        Some(error) if sending.again => {
            tell::record(edge.app(), sending, NoteState::Pending, taken).await?;
            Err(error.into())
        }
        // A reminder is never tried again: what reached somebody by the other channel is enough.
        _ => {
            let nowhere = sending.citizen.cabinet == Cabinet::None;
            let state = if reached || nowhere { NoteState::Sent } else { NoteState::Failed };
            Ok(tell::record(edge.app(), sending, state, taken).await?)
        }
    }
}

async fn words(edge: &Edge, sending: &ToSend) -> Result<Rendered, Error> {
    let id = &sending.note.id;
    let mut link = telling::link(edge, id);
    if let Some(of) = sending.note.of {
        // Whoever acts for somebody signs in to do so: what is done by the link's secret is done by whose offer it is.
        link = format!("{link}?for={of}");
    } else if matches!(id.kind, NoticeKind::OfferMade | NoticeKind::OfferNudge) {
        let links = edge.links().await?;
        let token = app::waitlist::answer::token(&links, sending.citizen.id, OfferId(id.subject));
        link = format!("{link}?token={token}");
    }
    let stop = format!("{}/waitlist", edge.settings().portal_url);
    let with = Said {
        given_name: &sending.person.name.given,
        reason: sending.reason.as_deref(),
        link: Some(&link),
        stop_link: Some(&stop),
        behalf: sending.behalf.as_deref(),
    };
    // The address and the phone as they are now.
    let about = &sending.about;
    let edge = match about.o.parse() {
        Ok(office) => &edge.at(&office).await?,
        Err(_) => edge,
    };
    Ok(telling::render(edge, language(&sending.citizen.language), id, about, with))
}

pub fn language(code: &str) -> Lang {
    Lang::parse(code).unwrap_or_default()
}

/// The kind's channels that its reader wants (ACC-7); nothing about appointments goes to an unconfirmed address (ACC-2). What
/// has only one goes by that one, and what happened to a cabinet by all.
fn channels(sending: &ToSend) -> impl Iterator<Item = Channel> {
    let confirmed = sending.citizen.email_confirmed_at.is_some();
    let kind = sending.note.id.kind;
    let all = text::channels(kind);
    let chosen =
        AccountEvent::of(kind).is_none() && [Channel::Mail, Channel::Sms].iter().all(|one| all.contains(one));
    let reach = if chosen { sending.citizen.reach } else { Reach::Both };
    all.iter().copied().filter(move |channel| match channel {
        Channel::Inbox => true,
        // Those who act for them hear of it.
        _ if sending.citizen.cabinet == Cabinet::None => false,
        Channel::Mail => confirmed && reach != Reach::Sms,
        Channel::Sms => reach != Reach::Mail || !confirmed,
    })
}

fn name(channel: Channel) -> &'static str {
    match channel {
        Channel::Mail => "mail",
        Channel::Sms => "sms",
        Channel::Inbox => "inbox",
    }
}

/// Sends by one channel; the inbox is the note itself.
async fn by(
    edge: &Edge,
    channel: Channel,
    sending: &ToSend,
    rendered: &Rendered,
) -> Result<Option<String>, OutboundError> {
    match channel {
        Channel::Inbox => Ok(None),
        Channel::Mail => {
            let number = sending.note.id.to_string();
            let mail = Mail {
                from: &edge.settings().sender,
                to: &sending.person.email,
                subject: &rendered.subject,
                text: &rendered.text,
                html: &rendered.html,
                number: &number,
            };
            edge.outbound().send_mail(&mail).await.map(Some)
        }
        Channel::Sms => match &rendered.sms {
            Some(sms) => edge.outbound().send_sms(&sending.phone, sms).await.map(Some),
            None => Ok(None),
        },
    }
}
