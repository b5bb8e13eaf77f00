//! What happens to a cabinet: told to its owner, and kept for them to read (PRV-1, ACC-13).

use crate::notice::NoticeKind;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountEvent {
    /// By whoever knew the one before.
    PasswordChanged,
    /// By whoever proved to have the phone or the address.
    PasswordRecovered,
    PhoneChanged,
    EmailChanged,
    SecondFactorOn,
    SecondFactorOff,
    RecoveryCodesRenewed,
    /// Somebody with the password and the phone signed in where nobody had before (ACC-14).
    NewDevice,
    /// Somebody showed who they are (ACC-9).
    IdentityConfirmed,
    /// That no longer counts: name, birth date or SNILS are others now.
    IdentityEnded,
    /// An operator has taken the video check and waits.
    VideoCheckReady,
    /// An operator did not see that it is they.
    VideoCheckRefused,
    /// Insurers know no such policy of this person, or staff found it void (ACC-12).
    PolicyVoid,
    /// Staff found it good after all.
    PolicyConfirmed,
    /// Staff closed the cabinet to booking, and why (ACC-8).
    CabinetBlocked,
    CabinetUnblocked,
    /// A device is known no more, and nobody is signed in there (ACC-14).
    DeviceRemoved,
    PasskeyAdded,
    PasskeyRemoved,
    /// A passkey counted backwards: there may be two of it.
    PasskeyCopied,
    /// Staff agreed that another phone opens the cabinet, a day later (ACC-6).
    UnlockApproved,
    /// To the phone that is to open it, from when on it does.
    UnlockPromised,
    /// By its owner.
    UnlockStopped,
    /// The other phone has opened it, and nothing else does.
    Unlocked,
    /// Somebody with the password took away all that is kept (PRV-3).
    ExportTaken,
    /// The cabinet is to be deleted once the time to think it over has passed (PRV-3).
    DeletionAsked,
    DeletionStopped,
    /// Nobody gets in any more, and what the law does not keep goes: the last that its owner is told.
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

impl AccountEvent {
    pub const ALL: [AccountEvent; 34] = [
        AccountEvent::PasswordChanged,
        AccountEvent::PasswordRecovered,
        AccountEvent::PhoneChanged,
        AccountEvent::EmailChanged,
        AccountEvent::SecondFactorOn,
        AccountEvent::SecondFactorOff,
        AccountEvent::RecoveryCodesRenewed,
        AccountEvent::NewDevice,
        AccountEvent::IdentityConfirmed,
        AccountEvent::IdentityEnded,
        AccountEvent::VideoCheckReady,
        AccountEvent::VideoCheckRefused,
        AccountEvent::PolicyVoid,
        AccountEvent::PolicyConfirmed,
        AccountEvent::CabinetBlocked,
        AccountEvent::CabinetUnblocked,
        AccountEvent::DeviceRemoved,
        AccountEvent::PasskeyAdded,
        AccountEvent::PasskeyRemoved,
        AccountEvent::PasskeyCopied,
        AccountEvent::UnlockApproved,
        AccountEvent::UnlockPromised,
        AccountEvent::UnlockStopped,
        AccountEvent::Unlocked,
        AccountEvent::ExportTaken,
        AccountEvent::DeletionAsked,
        AccountEvent::DeletionStopped,
        AccountEvent::CabinetDeleted,
        AccountEvent::RepresentativeAsked,
        AccountEvent::RepresentativeApproved,
        AccountEvent::RepresentationApproved,
        AccountEvent::RepresentationRefused,
        AccountEvent::RepresentationEnded,
        AccountEvent::RepresentationEnds,
    ];

    pub fn name(self) -> &'static str {
        self.notice().name()
    }

    /// What its owner is told.
    pub fn notice(self) -> NoticeKind {
        match self {
            AccountEvent::PasswordChanged => NoticeKind::PasswordChanged,
            AccountEvent::PasswordRecovered => NoticeKind::PasswordRecovered,
            AccountEvent::PhoneChanged => NoticeKind::PhoneChanged,
            AccountEvent::EmailChanged => NoticeKind::EmailChanged,
            AccountEvent::SecondFactorOn => NoticeKind::SecondFactorOn,
            AccountEvent::SecondFactorOff => NoticeKind::SecondFactorOff,
            AccountEvent::RecoveryCodesRenewed => NoticeKind::RecoveryCodesRenewed,
            AccountEvent::NewDevice => NoticeKind::NewDevice,
            AccountEvent::IdentityConfirmed => NoticeKind::IdentityConfirmed,
            AccountEvent::IdentityEnded => NoticeKind::IdentityEnded,
            AccountEvent::VideoCheckReady => NoticeKind::VideoCheckReady,
            AccountEvent::VideoCheckRefused => NoticeKind::VideoCheckRefused,
            AccountEvent::PolicyVoid => NoticeKind::PolicyVoid,
            AccountEvent::PolicyConfirmed => NoticeKind::PolicyConfirmed,
            AccountEvent::CabinetBlocked => NoticeKind::CabinetBlocked,
            AccountEvent::CabinetUnblocked => NoticeKind::CabinetUnblocked,
            AccountEvent::DeviceRemoved => NoticeKind::DeviceRemoved,
            AccountEvent::PasskeyAdded => NoticeKind::PasskeyAdded,
            AccountEvent::PasskeyRemoved => NoticeKind::PasskeyRemoved,
            AccountEvent::PasskeyCopied => NoticeKind::PasskeyCopied,
            AccountEvent::UnlockApproved => NoticeKind::UnlockApproved,
            AccountEvent::UnlockPromised => NoticeKind::UnlockPromised,
            AccountEvent::UnlockStopped => NoticeKind::UnlockStopped,
            AccountEvent::Unlocked => NoticeKind::Unlocked,
            AccountEvent::ExportTaken => NoticeKind::ExportTaken,
            AccountEvent::DeletionAsked => NoticeKind::DeletionAsked,
            AccountEvent::DeletionStopped => NoticeKind::DeletionStopped,
            AccountEvent::CabinetDeleted => NoticeKind::CabinetDeleted,
            AccountEvent::RepresentativeAsked => NoticeKind::RepresentativeAsked,
            AccountEvent::RepresentativeApproved => NoticeKind::RepresentativeApproved,
            AccountEvent::RepresentationApproved => NoticeKind::RepresentationApproved,
            AccountEvent::RepresentationRefused => NoticeKind::RepresentationRefused,
            AccountEvent::RepresentationEnded => NoticeKind::RepresentationEnded,
            AccountEvent::RepresentationEnds => NoticeKind::RepresentationEnds,
        }
    }

    /// What a notice of this kind tells, if it is of a cabinet.
    pub fn of(kind: NoticeKind) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.notice() == kind)
    }
}

/// Why somebody shows to have a phone or an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// To give the cabinet a new password (ACC-6).
    Recovery,
    /// To have it in place of the one that the cabinet has (ACC-2).
    Change,
    /// To be identified by somebody who works here (OFC-9).
    Caller,
    /// To sign in where nobody has before (ACC-14).
    Device,
    /// To confirm who one is (ACC-9).
    Identity,
    /// As the second step of signing in, or to make it that (ACC-4).
    Factor,
    /// To open a cabinet that staff agreed to unlock (ACC-6).
    Unlock,
}

impl Purpose {
    pub const ALL: [Purpose; 7] = [
        Purpose::Recovery,
        Purpose::Change,
        Purpose::Caller,
        Purpose::Device,
        Purpose::Identity,
        Purpose::Factor,
        Purpose::Unlock,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Purpose::Recovery => "recovery",
            Purpose::Change => "change",
            Purpose::Caller => "caller",
            Purpose::Device => "device",
            Purpose::Identity => "identity",
            Purpose::Factor => "factor",
            Purpose::Unlock => "unlock",
        }
    }
}

/// Whence the code of the second step comes (ACC-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactorBy {
    Authenticator,
    /// To the cabinet's own phone.
    Sms,
}

impl FactorBy {
    pub const ALL: [FactorBy; 2] = [FactorBy::Authenticator, FactorBy::Sms];

    pub fn name(self) -> &'static str {
        match self {
            FactorBy::Authenticator => "authenticator",
            FactorBy::Sms => "sms",
        }
    }
}
