//! A notice: the facts it is made of, the channels it takes, and its rendering.

mod blocks;
mod compose;
mod facts;
mod sms;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::notice::NoticeKind;

pub use compose::render;
pub use sms::segments as sms_segments;

/// A notice ready to be sent. What its kind does not send is empty: the mail's three parts, or the SMS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
    /// At most two segments, three where it carries a link.
    pub sms: Option<String>,
    /// Of the message in the cabinet's inbox.
    pub title: String,
    pub body: String,
}

/// The facts of a notice. Only the kind is needed: a sentence whose fact is missing is left out, so the
/// sender gives all it has. Times are said on the clock of the office.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    pub kind: NoticeKind,
    /// Empty if not known yet.
    pub given_name: &'a str,
    pub office: Option<OfficeFacts<'a>>,
    pub service: Option<&'a str>,
    pub specialist: Option<&'a str>,
    pub documents: &'a [DocumentLine<'a>],
    /// The one that it is about.
    pub document: Option<&'a str>,
    /// Of which no file is here yet, though one may be.
    pub lacking: &'a [DocumentLine<'a>],
    /// What the office has its visitors of that date know (OFC-12).
    pub announcements: &'a [&'a str],
    /// Of the appointment; of the offered slot for offers.
    pub starts_at: Option<DateTime<Utc>>,
    /// What a move gave up, or what accepting an offer would give up.
    pub previous_starts_at: Option<DateTime<Utc>>,
    /// The name of the office given up, if it was another.
    pub previous_office: Option<&'a str>,
    /// The clock of the office given up, if it was another.
    pub previous_zone: Option<Tz>,
    pub number: Option<&'a str>,
    pub queue_number: Option<&'a str>,
    /// Of the ticket, or the one-time code of a registration.
    pub code: Option<&'a str>,
    /// The last moment to change or cancel; for offers and links, their end.
    pub deadline: Option<DateTime<Utc>>,
    pub reason: Option<&'a str>,
    /// How a visit ended, by its name.
    pub result: Option<&'a str>,
    /// What the mail's button opens; only http and https.
    pub link: Option<&'a str>,
    /// Opens the page where waiting can be ended.
    pub stop_link: Option<&'a str>,
    pub by: Option<By>,
    /// Whom the reader acts for, by first name.
    pub behalf: Option<&'a str>,
    /// How long the code is good, in minutes.
    pub allowed_min: Option<u32>,
}

impl<'a> Notice<'a> {
    /// Whether an appointment was moved to another window or specialist only.
    pub(crate) fn stays_at_its_time(&self) -> bool {
        self.kind == NoticeKind::Moved
            && self.previous_office.is_none()
            && self.previous_starts_at.is_some()
            && self.previous_starts_at == self.starts_at
    }

    /// What the names of its sentences begin with.
    pub(crate) fn words(&self) -> &'static str {
        if self.stays_at_its_time() { "moved-same" } else { self.kind.name() }
    }

    /// A notice with no facts yet; the rest by struct update.
    pub fn new(kind: NoticeKind, given_name: &'a str) -> Notice<'a> {
        Notice {
            kind,
            given_name,
            office: None,
            service: None,
            specialist: None,
            documents: &[],
            document: None,
            lacking: &[],
            announcements: &[],
            starts_at: None,
            previous_starts_at: None,
            previous_office: None,
            previous_zone: None,
            number: None,
            queue_number: None,
            code: None,
            deadline: None,
            reason: None,
            result: None,
            link: None,
            stop_link: None,
            by: None,
            behalf: None,
            allowed_min: None,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct OfficeFacts<'a> {
    pub name: &'a str,
    pub address: &'a str,
    pub phone: &'a str,
    pub zone: Tz,
}

/// A document to bring.
#[derive(Clone, Copy, Debug)]
pub struct DocumentLine<'a> {
    pub text: &'a str,
    pub original: bool,
    pub copy: bool,
    /// Under which condition; none means always.
    pub condition: Option<&'a str>,
}

/// Who did it, as the person told sees them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// The reader.
    Citizen,
    /// Somebody acting for the reader.
    Representative,
    /// A person at the office or the call centre.
    Staff,
    /// The office as such: it closed, its specialist is ill.
    Office,
    /// A rule.
    System,
}

impl By {
    pub const ALL: [By; 5] = [By::Citizen, By::Representative, By::Staff, By::Office, By::System];

    pub fn name(self) -> &'static str {
        match self {
            By::Citizen => "citizen",
            By::Representative => "representative",
            By::Staff => "staff",
            By::Office => "office",
            By::System => "system",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Channel {
    Mail,
    Sms,
    Inbox,
}

/// The channels a kind is written for. A code goes to the phone it proves and a link to the address it
/// proves, and nowhere else.
pub fn channels(kind: NoticeKind) -> &'static [Channel] {
    use NoticeKind::*;
    match kind {
        RegistrationCode
        | PhoneAlreadyRegistered
        | CallerCode
        | DeviceCode
        | IdentityCode
        | FactorCode
        | UnlockCode => &[Channel::Sms],
        UnlockPromised => &[Channel::Sms, Channel::Inbox],
        RecoveryCode | ContactCode => &[Channel::Mail, Channel::Sms],
        EmailLink | EmailAlreadyRegistered | StaffInvitation => &[Channel::Mail],
        VisitClosed | FileRefused | PolicyConfirmed | RepresentationEnds => &[Channel::Mail, Channel::Inbox],
        Booked
        | Moved
        | Cancelled
        | Displaced
        | ReminderDay
        | ReminderHour
        | OfferMade
        | OfferNudge
        | OfferLapsed
        | OfferLapsedPaused
        | OfferWithdrawn
        | NoShow
        | NoShowUndone
        | PasswordChanged
        | PasswordRecovered
        | PhoneChanged
        | EmailChanged
        | SecondFactorOn
        | SecondFactorOff
        | RecoveryCodesRenewed
        | NewDevice
        | IdentityConfirmed
        | IdentityEnded
        | VideoCheckReady
        | VideoCheckRefused
        | PolicyVoid
        | CabinetBlocked
        | CabinetUnblocked
        | EligibilityDoubted
        | DeviceRemoved
        | PasskeyAdded
        | PasskeyRemoved
        | PasskeyCopied
        | UnlockApproved
        | UnlockStopped
        | Unlocked
        | ExportTaken
        | DeletionAsked
        | DeletionStopped
        | CabinetDeleted
        | RepresentativeAsked
        | RepresentativeApproved
        | RepresentationApproved
        | RepresentationRefused
        | RepresentationEnded => &[Channel::Mail, Channel::Sms, Channel::Inbox],
    }
}
