//! What people are told, about which fact (NTF-8).

/// Every notice there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    RegistrationCode,
    PhoneAlreadyRegistered,
    EmailLink,
    EmailAlreadyRegistered,
    Booked,
    Moved,
    Cancelled,
    /// The office gave up the appointment: it is shut then (OFC-5).
    Displaced,
    ReminderDay,
    ReminderHour,
    OfferMade,
    OfferNudge,
    OfferLapsed,
    OfferLapsedPaused,
    OfferWithdrawn,
    NoShow,
    /// Absence that was none (VIS-5).
    NoShowUndone,
    /// The result of a visit (VIS-3).
    VisitClosed,
    /// To somebody who is asked to work here.
    StaffInvitation,
    /// To whoever says that they forgot their password (ACC-6).
    RecoveryCode,
    /// To a phone or an address that a cabinet is to have (ACC-2).
    ContactCode,
    /// To a citizen who calls or stands at the counter, to be read back (OFC-9).
    CallerCode,
    PasswordChanged,
    PasswordRecovered,
    PhoneChanged,
    EmailChanged,
    SecondFactorOn,
    SecondFactorOff,
    RecoveryCodesRenewed,
    /// A file that is not taken, and why (DOC-3).
    FileRefused,
    /// To whoever signs in where they have not before (ACC-14).
    DeviceCode,
    NewDevice,
    /// To the cabinet's own phone, to confirm who one is (ACC-9).
    IdentityCode,
    IdentityConfirmed,
    IdentityEnded,
    /// An operator waits (ACC-9).
    VideoCheckReady,
    VideoCheckRefused,
    /// A policy that does not count, and what to do (ACC-12).
    PolicyVoid,
    PolicyConfirmed,
    /// Staff closed the cabinet to booking (ACC-8).
    CabinetBlocked,
    CabinetUnblocked,
    /// Nobody confirms that the holder of an appointment is entitled to it (BKG-3).
    EligibilityDoubted,
    /// To the cabinet's own phone, as the second step of signing in (ACC-4).
    FactorCode,
    DeviceRemoved,
    PasskeyAdded,
    PasskeyRemoved,
    PasskeyCopied,
    /// To the phone that is to open a cabinet (ACC-6).
    UnlockCode,
    UnlockApproved,
    /// To the phone that is to open a cabinet (ACC-6).
    UnlockPromised,
    UnlockStopped,
    Unlocked,
    /// To whoever's data were taken away (PRV-3).
    ExportTaken,
    /// When the cabinet goes, and how that is stopped (PRV-3).
    DeletionAsked,
    DeletionStopped,
    /// The last of all.
    CabinetDeleted,
    /// Somebody wants to act for the reader, who may refuse (ACC-10).
    RepresentativeAsked,
    /// Staff let them.
    RepresentativeApproved,
    /// To whoever may act for somebody from now on.
    RepresentationApproved,
    /// Why not.
    RepresentationRefused,
    /// To both: by either of them, or because its date has come.
    RepresentationEnded,
    /// To both, a week before.
    RepresentationEnds,
}

impl NoticeKind {
    pub const ALL: [NoticeKind; 62] = [
        NoticeKind::RegistrationCode,
        NoticeKind::PhoneAlreadyRegistered,
        NoticeKind::EmailLink,
        NoticeKind::EmailAlreadyRegistered,
        NoticeKind::Booked,
        NoticeKind::Moved,
        NoticeKind::Cancelled,
        NoticeKind::Displaced,
        NoticeKind::ReminderDay,
        NoticeKind::ReminderHour,
        NoticeKind::OfferMade,
        NoticeKind::OfferNudge,
        NoticeKind::OfferLapsed,
        NoticeKind::OfferLapsedPaused,
        NoticeKind::OfferWithdrawn,
        NoticeKind::NoShow,
        NoticeKind::NoShowUndone,
        NoticeKind::VisitClosed,
        NoticeKind::StaffInvitation,
        NoticeKind::RecoveryCode,
        NoticeKind::ContactCode,
        NoticeKind::CallerCode,
        NoticeKind::PasswordChanged,
        NoticeKind::PasswordRecovered,
        NoticeKind::PhoneChanged,
        NoticeKind::EmailChanged,
        NoticeKind::SecondFactorOn,
        NoticeKind::SecondFactorOff,
        NoticeKind::RecoveryCodesRenewed,
        NoticeKind::FileRefused,
        NoticeKind::DeviceCode,
        NoticeKind::NewDevice,
        NoticeKind::IdentityCode,
        NoticeKind::IdentityConfirmed,
        NoticeKind::IdentityEnded,
        NoticeKind::VideoCheckReady,
        NoticeKind::VideoCheckRefused,
        NoticeKind::PolicyVoid,
        NoticeKind::PolicyConfirmed,
        NoticeKind::CabinetBlocked,
        NoticeKind::CabinetUnblocked,
        NoticeKind::EligibilityDoubted,
        NoticeKind::FactorCode,
        NoticeKind::DeviceRemoved,
        NoticeKind::PasskeyAdded,
        NoticeKind::PasskeyRemoved,
        NoticeKind::PasskeyCopied,
        NoticeKind::UnlockCode,
        NoticeKind::UnlockApproved,
        NoticeKind::UnlockPromised,
        NoticeKind::UnlockStopped,
        NoticeKind::Unlocked,
        NoticeKind::ExportTaken,
        NoticeKind::DeletionAsked,
        NoticeKind::DeletionStopped,
        NoticeKind::CabinetDeleted,
        NoticeKind::RepresentativeAsked,
        NoticeKind::RepresentativeApproved,
        NoticeKind::RepresentationApproved,
        NoticeKind::RepresentationRefused,
        NoticeKind::RepresentationEnded,
        NoticeKind::RepresentationEnds,
    ];

    pub fn name(self) -> &'static str {
        match self {
            NoticeKind::RegistrationCode => "registration-code",
            NoticeKind::PhoneAlreadyRegistered => "phone-already-registered",
            NoticeKind::EmailLink => "email-link",
            NoticeKind::EmailAlreadyRegistered => "email-already-registered",
            NoticeKind::Booked => "booked",
            NoticeKind::Moved => "moved",
            NoticeKind::Cancelled => "cancelled",
            NoticeKind::Displaced => "displaced",
            NoticeKind::ReminderDay => "reminder-day",
            NoticeKind::ReminderHour => "reminder-hour",
            NoticeKind::OfferMade => "offer-made",
            NoticeKind::OfferNudge => "offer-nudge",
            NoticeKind::OfferLapsed => "offer-lapsed",
            NoticeKind::OfferLapsedPaused => "offer-lapsed-paused",
            NoticeKind::OfferWithdrawn => "offer-withdrawn",
            NoticeKind::NoShow => "no-show",
            NoticeKind::NoShowUndone => "no-show-undone",
            NoticeKind::VisitClosed => "visit-closed",
            NoticeKind::StaffInvitation => "staff-invitation",
            NoticeKind::RecoveryCode => "recovery-code",
            NoticeKind::ContactCode => "contact-code",
            NoticeKind::CallerCode => "caller-code",
            NoticeKind::PasswordChanged => "password-changed",
            NoticeKind::PasswordRecovered => "password-recovered",
            NoticeKind::PhoneChanged => "phone-changed",
            NoticeKind::EmailChanged => "email-changed",
            NoticeKind::SecondFactorOn => "second-factor-on",
            NoticeKind::SecondFactorOff => "second-factor-off",
            NoticeKind::RecoveryCodesRenewed => "recovery-codes-renewed",
            NoticeKind::FileRefused => "file-refused",
            NoticeKind::DeviceCode => "device-code",
            NoticeKind::NewDevice => "new-device",
            NoticeKind::IdentityCode => "identity-code",
            NoticeKind::IdentityConfirmed => "identity-confirmed",
            NoticeKind::IdentityEnded => "identity-ended",
            NoticeKind::VideoCheckReady => "video-check-ready",
            NoticeKind::VideoCheckRefused => "video-check-refused",
            NoticeKind::PolicyVoid => "policy-void",
            NoticeKind::PolicyConfirmed => "policy-confirmed",
            NoticeKind::CabinetBlocked => "cabinet-blocked",
            NoticeKind::CabinetUnblocked => "cabinet-unblocked",
            NoticeKind::EligibilityDoubted => "eligibility-doubted",
            NoticeKind::FactorCode => "factor-code",
            NoticeKind::DeviceRemoved => "device-removed",
            NoticeKind::PasskeyAdded => "passkey-added",
            NoticeKind::PasskeyRemoved => "passkey-removed",
            NoticeKind::PasskeyCopied => "passkey-copied",
            NoticeKind::UnlockCode => "unlock-code",
            NoticeKind::UnlockApproved => "unlock-approved",
            NoticeKind::UnlockPromised => "unlock-promised",
            NoticeKind::UnlockStopped => "unlock-stopped",
            NoticeKind::Unlocked => "unlocked",
            NoticeKind::ExportTaken => "export-taken",
            NoticeKind::DeletionAsked => "deletion-asked",
            NoticeKind::DeletionStopped => "deletion-stopped",
            NoticeKind::CabinetDeleted => "cabinet-deleted",
            NoticeKind::RepresentativeAsked => "representative-asked",
            NoticeKind::RepresentativeApproved => "representative-approved",
            NoticeKind::RepresentationApproved => "representation-approved",
            NoticeKind::RepresentationRefused => "representation-refused",
            NoticeKind::RepresentationEnded => "representation-ended",
            NoticeKind::RepresentationEnds => "representation-ends",
        }
    }

    pub fn parse(name: &str) -> Option<NoticeKind> {
        NoticeKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether quiet hours hold it back: everything that can wait till the morning (WTL-3, NTF-2).
    /// What answers the citizen's own act at once, and the reminder an hour before, cannot.
    pub fn waits_for_morning(self) -> bool {
        matches!(
            self,
            NoticeKind::ReminderDay
                | NoticeKind::OfferMade
                | NoticeKind::OfferNudge
                | NoticeKind::OfferLapsed
                | NoticeKind::OfferLapsedPaused
                | NoticeKind::OfferWithdrawn
                | NoticeKind::EligibilityDoubted
        )
    }
}
