//! Who works here, and what each may do where (OFC-8, OFC-11).

use crate::catalogue::Catalogue;
use crate::limits::IDENTIFIED_FOR;
use crate::{OfficeId, RegionId, StaffId};
use chrono::{DateTime, NaiveDate, Utc};

/// What somebody does here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Answers the phone and stands at the desk.
    Operator,
    /// Receives visitors.
    Specialist,
    /// Answers for an office: its people, its days.
    Manager,
    /// Answers for the system in a region, or everywhere.
    Administrator,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Operator, Role::Specialist, Role::Manager, Role::Administrator];

    pub fn name(self) -> &'static str {
        match self {
            Role::Operator => "operator",
            Role::Specialist => "specialist",
            Role::Manager => "manager",
            Role::Administrator => "administrator",
        }
    }
}

/// Where a role holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    Everywhere,
    Region(RegionId),
    Office(OfficeId),
}

impl Place {
    /// Whether all of `other` lies within. An office that the catalogue does not know lies within itself and everywhere.
    pub fn covers(&self, other: &Place, catalogue: &Catalogue) -> bool {
        match (self, other) {
            (Place::Everywhere, _) => true,
            (Place::Region(region), Place::Office(office)) => {
                catalogue.offices.get(office).is_some_and(|office| office.region == *region)
            }
            (one, other) => one == other,
        }
    }
}

/// A role and where it holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    pub role: Role,
    pub place: Place,
}

/// What an operation asks for. Rights are of roles, and hold where the role does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// See who works in a place, and what was changed about them.
    SeeStaff,
    /// Invite, change, block and unblock.
    ManageStaff,
    /// See the agenda of an office's day, which says of nobody who they are.
    SeeDay,
    /// Read who comes to a visit and what they wrote; each reading is recorded.
    OpenVisit,
    /// Check visitors in, and undo a no-show.
    Desk,
    /// Call, receive, close.
    Receive,
    /// Find a citizen, identify them, and act for them.
    ActFor,
    /// Close a citizen's cabinet to booking, and open it again.
    BlockCabinets,
    /// See an office's file and what was changed in it.
    SeeOffice,
    /// Change an office's file: hours, services, closures.
    ManageOffice,
    /// See and change the files by which every office goes.
    ManageReferences,
}

impl Right {
    pub const ALL: [Right; 11] = [
        Right::SeeStaff,
        Right::ManageStaff,
        Right::SeeDay,
        Right::OpenVisit,
        Right::Desk,
        Right::Receive,
        Right::ActFor,
        Right::BlockCabinets,
        Right::SeeOffice,
        Right::ManageOffice,
        Right::ManageReferences,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Right::SeeStaff => "see-staff",
            Right::ManageStaff => "manage-staff",
            Right::SeeDay => "see-day",
            Right::OpenVisit => "open-visit",
            Right::Desk => "desk",
            Right::Receive => "receive",
            Right::ActFor => "act-for",
            Right::BlockCabinets => "block-cabinets",
            Right::SeeOffice => "see-office",
            Right::ManageOffice => "manage-office",
            Right::ManageReferences => "manage-references",
        }
    }

    /// The one table of who may do what.
    pub fn is_of(self, role: Role) -> bool {
        match self {
            Right::SeeStaff | Right::ManageStaff | Right::ManageOffice => {
                matches!(role, Role::Manager | Role::Administrator)
            }
            Right::SeeDay | Right::SeeOffice => true,
            Right::OpenVisit | Right::Desk | Right::ActFor => {
                matches!(role, Role::Operator | Role::Specialist | Role::Manager)
            }
            Right::BlockCabinets => role == Role::Manager,
            Right::Receive => matches!(role, Role::Specialist | Role::Manager),
            Right::ManageReferences => role == Role::Administrator,
        }
    }
}

/// Somebody who works here, without personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: StaffId,
    /// `ru` or `en`.
    pub language: String,
    pub grants: Vec<Grant>,
    pub blocked: bool,
    /// All sessions of an older epoch are over.
    pub epoch: u64,
    pub version: u64,
    pub created_at: DateTime<Utc>,
}

/// Why a change about somebody is not for this member to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotYours {
    /// Nobody changes their own rights, nor blocks themselves.
    Oneself,
    /// Beyond what this member may do, or where.
    Beyond,
}

impl Member {
    /// Whether the member has a right in a place, all of it.
    pub fn may(&self, right: Right, place: &Place, catalogue: &Catalogue) -> bool {
        !self.blocked
            && self.grants.iter().any(|grant| right.is_of(grant.role) && grant.place.covers(place, catalogue))
    }

    /// Whether the member may give a grant, or take it: their place covers its place, and only administrators make
    /// managers and administrators.
    pub fn may_give(&self, grant: &Grant, catalogue: &Catalogue) -> bool {
        let needs = |own: &Grant| match own.role {
            Role::Administrator => true,
            Role::Manager => matches!(grant.role, Role::Operator | Role::Specialist),
            Role::Operator | Role::Specialist => false,
        };
        !self.blocked && self.grants.iter().any(|own| needs(own) && own.place.covers(&grant.place, catalogue))
    }

    /// Whether the member may change what another may do, or block them: all that the other has now must be theirs to
    /// give, so that nobody is overruled from below or from beside.
    ///
    /// # Errors
    /// [`NotYours`].
    pub fn may_change(&self, other: &Member, catalogue: &Catalogue) -> Result<(), NotYours> {
        if self.id == other.id {
            return Err(NotYours::Oneself);
        }
        let all = other.grants.iter().all(|grant| self.may_give(grant, catalogue));
        if all && self.may_any(Right::ManageStaff) { Ok(()) } else { Err(NotYours::Beyond) }
    }

    /// Whether the member sees another: oneself, or whoever has a role where they may see staff. Somebody without any role
    /// is seen by whoever may see staff everywhere.
    pub fn sees(&self, other: &Member, catalogue: &Catalogue) -> bool {
        let seen = |place: &Place| self.may(Right::SeeStaff, place, catalogue);
        self.id == other.id
            || other.grants.iter().any(|grant| seen(&grant.place))
            || (other.grants.is_empty() && seen(&Place::Everywhere))
    }

    /// Whether the member has a right anywhere at all.
    pub fn may_any(&self, right: Right) -> bool {
        !self.blocked && self.grants.iter().any(|grant| right.is_of(grant.role))
    }

    /// Whether the member can do everything everywhere: of these there must always be one.
    pub fn is_unrestricted(&self) -> bool {
        !self.blocked && unrestricted(&self.grants)
    }
}

/// Whether grants are those of an administrator everywhere.
pub fn unrestricted(grants: &[Grant]) -> bool {
    grants.iter().any(|grant| grant.role == Role::Administrator && grant.place == Place::Everywhere)
}

/// What was done about a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StaffAction {
    Enrolled,
    GrantsChanged,
    Blocked,
    Unblocked,
    /// By the member, whose sessions ended with it.
    PasswordChanged,
    /// By the member.
    SessionsEnded,
}

impl StaffAction {
    pub const ALL: [StaffAction; 6] = [
        StaffAction::Enrolled,
        StaffAction::GrantsChanged,
        StaffAction::Blocked,
        StaffAction::Unblocked,
        StaffAction::PasswordChanged,
        StaffAction::SessionsEnded,
    ];

    pub fn name(self) -> &'static str {
        match self {
            StaffAction::Enrolled => "enrolled",
            StaffAction::GrantsChanged => "grants-changed",
            StaffAction::Blocked => "blocked",
            StaffAction::Unblocked => "unblocked",
            StaffAction::PasswordChanged => "password-changed",
            StaffAction::SessionsEnded => "sessions-ended",
        }
    }
}

/// How a citizen was identified before anything was done for them (OFC-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentifiedBy {
    /// By two facts of their profile, said on the phone.
    Facts,
    /// By a document shown at the counter.
    Document,
    /// By the visit for which they are there.
    Visit,
    /// By reading back the code that was sent to their phone.
    Code,
    /// By the document that they showed by video.
    Video,
}

impl IdentifiedBy {
    pub const ALL: [IdentifiedBy; 5] = [
        IdentifiedBy::Facts,
        IdentifiedBy::Document,
        IdentifiedBy::Visit,
        IdentifiedBy::Code,
        IdentifiedBy::Video,
    ];

    /// Whether somebody saw the person: what is said on the phone, or read there, lets nobody into a cabinet.
    pub fn is_seen(self) -> bool {
        match self {
            IdentifiedBy::Document | IdentifiedBy::Visit | IdentifiedBy::Video => true,
            IdentifiedBy::Facts | IdentifiedBy::Code => false,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            IdentifiedBy::Facts => "facts",
            IdentifiedBy::Document => "document",
            IdentifiedBy::Visit => "visit",
            IdentifiedBy::Code => "code",
            IdentifiedBy::Video => "video",
        }
    }
}

/// What a member knows of who a citizen is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identification {
    /// None as long as nothing was ever written.
    pub version: Option<u64>,
    /// How, and when, the last time.
    pub identified: Option<(IdentifiedBy, DateTime<Utc>)>,
    /// Facts that did not match on this date (UTC).
    pub wrong: u32,
    pub wrong_on: Option<NaiveDate>,
}

impl Identification {
    /// Until when the member may act for the citizen.
    pub fn until(&self) -> Option<DateTime<Utc>> {
        self.identified.map(|(_, at)| at + IDENTIFIED_FOR)
    }

    pub fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.until().is_some_and(|until| now < until)
    }

    /// Wrong tries of this date so far.
    pub fn wrong_today(&self, now: DateTime<Utc>) -> u32 {
        if self.wrong_on == Some(now.date_naive()) { self.wrong } else { 0 }
    }
}
