//! An appointment and its one state machine (BKG-9).

use crate::catalogue::{Bilingual, Specialist};
use crate::cells::CellRange;
use crate::limits::{CHECK_IN_EARLY, CUT_OFF, NO_SHOW_AFTER, OPEN_AFTER, STAFF_CUT_OFF, UNDO_WITHIN};
use crate::moment::Draw;
use crate::number::Number;
use crate::page::PageKey;
use crate::signing::{Preferred, Signed};
use crate::visit::Visit;
use crate::{
    AppointmentId, CitizenId, Moment, OfficeId, OperationId, ServiceId, SpecialistId, StaffId, WindowId,
};
use chrono::{DateTime, NaiveDate, Utc};

/// Where an appointment stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    Planned,
    InReception,
    Completed,
    Cancelled,
    NoShow,
}

impl Phase {
    pub const ALL: [Phase; 5] =
        [Phase::Planned, Phase::InReception, Phase::Completed, Phase::Cancelled, Phase::NoShow];

    pub fn name(self) -> &'static str {
        match self {
            Phase::Planned => "planned",
            Phase::InReception => "in-reception",
            Phase::Completed => "completed",
            Phase::Cancelled => "cancelled",
            Phase::NoShow => "no-show",
        }
    }
}

/// How a planned appointment came to be as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    Confirmed,
    Changed,
    NeedsCheck,
}

impl Mark {
    pub const ALL: [Mark; 3] = [Mark::Confirmed, Mark::Changed, Mark::NeedsCheck];

    pub fn name(self) -> &'static str {
        match self {
            Mark::Confirmed => "confirmed",
            Mark::Changed => "changed",
            Mark::NeedsCheck => "needs-check",
        }
    }

    /// After a move: what needs a check still does.
    pub fn moved(self) -> Mark {
        if self == Mark::NeedsCheck { self } else { Mark::Changed }
    }
}

/// By whom a change is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    pub actor: Actor,
    pub member: Option<StaffId>,
    /// Who acts for the citizen (ACC-10).
    pub representative: Option<CitizenId>,
}

impl By {
    pub const CITIZEN: By = By { actor: Actor::Citizen, member: None, representative: None };
    pub const SYSTEM: By = By { actor: Actor::System, member: None, representative: None };

    pub fn staff(member: StaffId) -> Self {
        Self { actor: Actor::Staff, member: Some(member), representative: None }
    }

    pub fn representative(who: CitizenId) -> Self {
        Self { actor: Actor::Representative, member: None, representative: Some(who) }
    }

    /// Whether it is the citizen's own matter: done by themselves, or for them by whom they let.
    pub fn is_own(self) -> bool {
        matches!(self.actor, Actor::Citizen | Actor::Representative)
    }
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    Citizen,
    Representative,
    Staff,
    System,
}

impl Actor {
    pub const ALL: [Actor; 4] = [Actor::Citizen, Actor::Representative, Actor::Staff, Actor::System];

    pub fn name(self) -> &'static str {
        match self {
            Actor::Citizen => "citizen",
            Actor::Representative => "representative",
            Actor::Staff => "staff",
            Actor::System => "system",
        }
    }
}

/// What was done to an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    Booked,
    /// Booked or moved by accepting an offer.
    Accepted,
    Moved,
    Cancelled,
    /// Given up by the office, which is shut then (OFC-5).
    Displaced,
    CheckedIn,
    /// Called to a window.
    Called,
    Received,
    /// The visit is over, with its result.
    Closed,
    NoShow,
    NoShowUndone,
    /// A registry says that its holder is entitled (BKG-3).
    EligibilityConfirmed,
    /// A registry says that they are not, or nothing clear.
    EligibilityDoubted,
    /// What was filled in for the visit was corrected (CHG-6).
    Corrected,
}

impl Action {
    pub const ALL: [Action; 14] = [
        Action::Booked,
        Action::Accepted,
        Action::Moved,
        Action::Cancelled,
        Action::Displaced,
        Action::CheckedIn,
        Action::Called,
        Action::Received,
        Action::Closed,
        Action::NoShow,
        Action::NoShowUndone,
        Action::EligibilityConfirmed,
        Action::EligibilityDoubted,
        Action::Corrected,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Action::Booked => "booked",
            Action::Accepted => "accepted",
            Action::Moved => "moved",
            Action::Cancelled => "cancelled",
            Action::Displaced => "displaced",
            Action::CheckedIn => "checked-in",
            Action::Called => "called",
            Action::Received => "received",
            Action::Closed => "closed",
            Action::NoShow => "no-show",
            Action::NoShowUndone => "no-show-undone",
            Action::EligibilityConfirmed => "eligibility-confirmed",
            Action::EligibilityDoubted => "eligibility-doubted",
            Action::Corrected => "corrected",
        }
    }

    /// Whether what was told of the appointment is still so: only more is known of its holder, or of what they come for.
    pub fn leaves_it_as_told(self) -> bool {
        matches!(self, Action::EligibilityConfirmed | Action::EligibilityDoubted | Action::Corrected)
    }
}

/// Where and when one is received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub office: OfficeId,
    pub window: WindowId,
    pub on: NaiveDate,
    pub cells: CellRange,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

impl Seat {
    pub fn page(&self) -> PageKey {
        PageKey { office: self.office.clone(), window: self.window.clone(), on: self.on }
    }

    pub fn span(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.starts_at, self.ends_at)
    }
}

/// What a person wrote, sealed: kept and carried as it is, read only by whoever has the keys (PRV-2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

/// One line of an appointment's history (PRV-1): what version it made, who, what, when, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub version: u64,
    pub actor: Actor,
    /// Who of those who work here did it.
    pub member: Option<StaffId>,
    /// Who did it for the citizen (ACC-10).
    pub representative: Option<CitizenId>,
    pub action: Action,
    pub at: DateTime<Utc>,
    pub operation: OperationId,
    /// May tell anything about the person, an illness first of all.
    pub reason: Option<Sealed>,
    /// Where the appointment was after it.
    pub office: OfficeId,
    pub starts_at: DateTime<Utc>,
}

/// What the citizen filled in for the visit (BKG-8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Application {
    pub purpose: Option<String>,
    /// Contacts for this visit, if other than the profile's.
    pub phone: Option<String>,
    pub email: Option<String>,
    /// Answers to the service's extra fields, by name.
    pub fields: Vec<(String, String)>,
    /// The version of the rules that was agreed to.
    pub rules_version: String,
    /// When one would like to come, should it not be at the time that was booked.
    pub preferred: Vec<Preferred>,
    /// None: on paper, at the visit, if the service has it signed.
    pub signed: Option<Signed>,
}

/// Who was asked for by name, or stands in for them: kept with the appointment, so that a name that has left the office
/// is still known there (AVL-8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    pub id: SpecialistId,
    pub name: Bilingual,
}

impl From<&Specialist> for Chosen {
    fn from(specialist: &Specialist) -> Self {
        Self { id: specialist.id.clone(), name: specialist.name.clone() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    pub id: AppointmentId,
    pub citizen: CitizenId,
    pub service: ServiceId,
    pub seat: Seat,
    /// None: whoever is at the window.
    pub specialist: Option<Chosen>,
    pub number: Number,
    pub queue_number: String,
    pub code: String,
    pub phase: Phase,
    pub mark: Mark,
    pub version: u64,
    /// The last few, oldest first.
    pub changes: Vec<Change>,
    pub application: Application,
    /// How often that was corrected.
    pub corrected: u32,
    pub visit: Visit,
}

/// Why an appointment cannot be changed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    /// It is over, cancelled or under way.
    NotPlanned,
    /// The cut-off has passed: the latest moment was this.
    TooLate { deadline: DateTime<Utc> },
}

/// The latest moment to change or cancel oneself, included.
pub fn change_deadline(starts_at: DateTime<Utc>) -> DateTime<Utc> {
    starts_at - CUT_OFF
}

/// Why one cannot check in now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCheckIn {
    NotPlanned,
    TooEarly { from: DateTime<Utc> },
    TooLate,
}

impl Appointment {
    /// The line of history of the version that `self` is, by what was done at this moment.
    pub fn line(&self, action: Action, by: By, reason: Option<Sealed>, moment: &Moment) -> Change {
        Change {
            version: self.version,
            actor: by.actor,
            member: by.member,
            representative: by.representative,
            action,
            at: moment.now,
            operation: OperationId(moment.ulid(Draw::Operation)),
            reason,
            office: self.seat.office.clone(),
            starts_at: self.seat.starts_at,
        }
    }

    /// Puts down what made this version.
    pub fn record(&mut self, action: Action, by: By, reason: Option<Sealed>, moment: &Moment) {
        let line = self.line(action, by, reason, moment);
        self.changes.push(line);
    }

    /// Until when its office may read who comes and what they brought (DOC-7): for two weeks after a visit, a no-show as long as it
    /// can be undone, and whoever the office itself gave up until the start, for it calls them. None: nobody, it was cancelled.
    pub fn open_until(&self) -> Option<DateTime<Utc>> {
        let given_up = self.changes.last().is_some_and(|change| change.action == Action::Displaced);
        match self.phase {
            Phase::Planned | Phase::InReception | Phase::Completed => Some(self.seat.ends_at + OPEN_AFTER),
            Phase::NoShow => Some(self.seat.starts_at + UNDO_WITHIN),
            Phase::Cancelled if given_up => Some(self.seat.starts_at),
            Phase::Cancelled => None,
        }
    }

    /// Whether its citizen may move or cancel it now (CHG-1, CHG-2).
    pub fn changeable(&self, now: DateTime<Utc>) -> Result<(), NotNow> {
        let deadline = change_deadline(self.seat.starts_at);
        match self.phase {
            Phase::Planned if now <= deadline => Ok(()),
            Phase::Planned if now < self.seat.ends_at => Err(NotNow::TooLate { deadline }),
            _ => Err(NotNow::NotPlanned),
        }
    }

    /// Whether somebody who works here may move or cancel it for its citizen (CHG-3).
    pub fn changeable_by_staff(&self, now: DateTime<Utc>) -> Result<(), NotNow> {
        let deadline = self.seat.starts_at - STAFF_CUT_OFF;
        match self.phase {
            Phase::Planned if now <= deadline => Ok(()),
            Phase::Planned if now < self.seat.ends_at => Err(NotNow::TooLate { deadline }),
            _ => Err(NotNow::NotPlanned),
        }
    }

    /// Whether one may check in now (VIS-1): from an hour before the start to ten minutes after.
    pub fn check_in(&self, now: DateTime<Utc>) -> Result<(), NoCheckIn> {
        let from = self.seat.starts_at - CHECK_IN_EARLY;
        match self.phase {
            Phase::Planned if now < from => Err(NoCheckIn::TooEarly { from }),
            Phase::Planned if now > self.seat.starts_at + NO_SHOW_AFTER => Err(NoCheckIn::TooLate),
            Phase::Planned => Ok(()),
            _ => Err(NoCheckIn::NotPlanned),
        }
    }
}
