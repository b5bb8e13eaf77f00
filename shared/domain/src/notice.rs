//! The closed list of notices: every fact that somebody is told about.

/// What a notice is about. Who hears of it and over which channel is decided where it is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    RegistrationCode,
    PhoneAlreadyRegistered,
    EmailLink,
    EmailAlreadyRegistered,
    Booked,
    Moved,
    Cancelled,
    ReminderDay,
    ReminderHour,
    OfferMade,
    OfferNudge,
    OfferLapsed,
    OfferLapsedPaused,
    OfferWithdrawn,
    NoShow,
}

impl NoticeKind {
    pub const ALL: [NoticeKind; 15] = [
        NoticeKind::RegistrationCode,
        NoticeKind::PhoneAlreadyRegistered,
        NoticeKind::EmailLink,
        NoticeKind::EmailAlreadyRegistered,
        NoticeKind::Booked,
        NoticeKind::Moved,
        NoticeKind::Cancelled,
        NoticeKind::ReminderDay,
        NoticeKind::ReminderHour,
        NoticeKind::OfferMade,
        NoticeKind::OfferNudge,
        NoticeKind::OfferLapsed,
        NoticeKind::OfferLapsedPaused,
        NoticeKind::OfferWithdrawn,
        NoticeKind::NoShow,
    ];

    /// The name in keys, messages and texts.
    pub fn name(self) -> &'static str {
        match self {
            NoticeKind::RegistrationCode => "registration-code",
            NoticeKind::PhoneAlreadyRegistered => "phone-already-registered",
            NoticeKind::EmailLink => "email-link",
            NoticeKind::EmailAlreadyRegistered => "email-already-registered",
            NoticeKind::Booked => "booked",
            NoticeKind::Moved => "moved",
            NoticeKind::Cancelled => "cancelled",
            NoticeKind::ReminderDay => "reminder-day",
            NoticeKind::ReminderHour => "reminder-hour",
            NoticeKind::OfferMade => "offer-made",
            NoticeKind::OfferNudge => "offer-nudge",
            NoticeKind::OfferLapsed => "offer-lapsed",
            NoticeKind::OfferLapsedPaused => "offer-lapsed-paused",
            NoticeKind::OfferWithdrawn => "offer-withdrawn",
            NoticeKind::NoShow => "no-show",
        }
    }
}
