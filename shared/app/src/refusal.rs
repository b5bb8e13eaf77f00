//! Everything a use case may refuse, each with what the refused one needs to go on. HTTP maps it once, in
//! `shared/lambda`.

use crate::account::deletion::Hindrance;
use crate::effort::Demand;
use crate::offices::touched::Touches;
use chrono::{DateTime, Utc};
use domain::appointment::Phase;
use domain::availability::{NothingFree, Slot};
use domain::catalogue::Bilingual;
use domain::citizen::{Blocked, Missing};
use domain::document::Lack;
use domain::{AppointmentId, DocumentId, OfferId, OfficeId, ServiceId};
use store::StoreError;
use store::catalogue::CatalogueErrors;

/// A slot somewhere, offered instead of one that is gone (AVL-5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    pub office: OfficeId,
    pub slot: Slot,
}

/// One field that is wrong: its JSON path, the code of its sentence, and that sentence's facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongField {
    pub field: String,
    pub code: &'static str,
    pub facts: Vec<(&'static str, String)>,
}

impl WrongField {
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self { field: field.into(), code, facts: Vec::new() }
    }

    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }
}

/// A document that is not there yet, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacking {
    pub document: DocumentId,
    pub name: Bilingual,
    pub why: Lack,
}

/// Which second factor is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// A code of the authenticator, or a recovery code.
    Authenticator,
    /// The code that went to the cabinet's phone, or a recovery code; a new one may be asked for from then on.
    Sms { resend_at: DateTime<Utc> },
    /// A recovery code: the phone was shown already, and counts once.
    Recovery,
}

#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No session, or one that ended.
    #[error("no live session")]
    Unauthorized,
    #[error("login or password is wrong")]
    WrongCredentials,
    /// Unknown, or somebody else's: nobody can tell which.
    #[error("not found")]
    NotFound,
    #[error("no such office")]
    UnknownOffice,
    #[error("no such service")]
    UnknownService,
    #[error("{} fields are wrong", .0.len())]
    Fields(Vec<WrongField>),
    #[error("data is missing before one may book")]
    NotReady(Vec<Missing>),
    /// Files without which one may not book (DOC-6).
    #[error("{} documents are lacking", .lacking.len())]
    FilesLacking { service: ServiceId, lacking: Vec<Lacking> },
    /// A file without which an appointment that is to come could not have been booked (DOC-6).
    #[error("an appointment hangs on the file")]
    FileNeeded { appointment: AppointmentId },
    /// A registry says that the person is not entitled to the service, and why.
    #[error("not entitled to the service")]
    NotEligible { reason: String, office: OfficeId },
    /// The same, or that it knows the person otherwise, to whom it is not told before it is confirmed who they are.
    #[error("a registry does not confirm that the person is entitled")]
    EntitlementUntold { office: OfficeId },
    #[error("the cabinet is closed to booking")]
    Inactive(Blocked),
    #[error("the cabinet is closed to booking already")]
    ClosedAlready,
    /// The schedule has no such slot, or not for booking now.
    #[error("no such slot: {}", .0.name())]
    NotOffered(NothingFree),
    #[error("the slot is taken")]
    SlotTaken { alternatives: Vec<Alternative> },
    #[error("the cut-off has passed")]
    TooLate { deadline: DateTime<Utc>, office: OfficeId },
    #[error("the appointment is no longer planned")]
    NotPlanned,
    /// What there is still to correct is told to the office.
    #[error("too many corrections")]
    TooManyCorrections { office: OfficeId },
    #[error("it is that slot already")]
    SameSlot,
    #[error("there is an appointment for this service")]
    AlreadyBooked { appointment: AppointmentId },
    #[error("there is an appointment at that time")]
    Overlapping { appointment: AppointmentId },
    #[error("an offer stands open")]
    OfferOpen { offer: OfferId },
    #[error("too many appointments")]
    TooManyAppointments,
    #[error("this start was given up a moment ago")]
    CoolingDown { until: DateTime<Utc>, office: OfficeId },
    #[error("appointments for this service were cancelled too often")]
    ServicePaused { until: DateTime<Utc>, office: OfficeId },
    #[error("the same key came with another request")]
    IdempotencyMismatch,
    #[error("another try of this request was refused")]
    RefusedBefore,
    #[error("too many lines for one wish")]
    WishTooWide { rows: usize },
    #[error("nobody receives when the wish is for")]
    NothingToWaitFor,
    #[error("waiting for this service already")]
    AlreadyWaiting,
    #[error("waiting for too many services")]
    TooManyEntries,
    #[error("not waiting for this service")]
    NotWaiting,
    #[error("slots that suit are free")]
    SlotsAreFree { alternatives: Vec<Alternative> },
    #[error("the appointment held starts too soon to wait for an earlier one")]
    HeldTooSoon,
    #[error("the offer has ended")]
    OfferEnded,
    #[error("the code is wrong")]
    CodeWrong { left: u32 },
    #[error("the code is no longer good")]
    CodeSpent,
    #[error("the code has expired")]
    CodeExpired,
    #[error("a new code may not be asked for yet")]
    ResendTooEarly { seconds: i64 },
    #[error("no more codes to this phone today")]
    CodeLimit,
    /// Too much is asked or guessed: whoever nobody knows does something for it first.
    #[error("an effort is needed")]
    EffortNeeded(Box<Demand>),
    #[error("too many codes were asked for")]
    TooManyCodes { seconds: i64 },
    #[error("the registration is over")]
    RegistrationSpent,
    /// No code is needed any more.
    #[error("the phone is confirmed")]
    PhoneConfirmed,
    #[error("the link is no longer good")]
    LinkExpired,
    /// Said to whoever has the mailbox.
    #[error("another cabinet has the address")]
    EmailOfAnother,
    #[error("too early to check in")]
    CheckInTooEarly { from: DateTime<Utc>, office: OfficeId },
    #[error("too late to check in")]
    CheckInTooLate { office: OfficeId },
    #[error("number and code do not fit")]
    CheckInWrong,
    #[error("e-mail, password or code is wrong")]
    WrongStaffCredentials,
    #[error("the authenticator's code is wrong")]
    SecondFactorWrong,
    #[error("too many wrong codes")]
    TooManyTries { seconds: i64 },
    /// Beyond what the member may do, or where.
    #[error("beyond the member's rights")]
    BeyondRights,
    #[error("nobody does this to themselves")]
    NotYourself,
    #[error("nobody would be left who can do everything")]
    LastAdministrator,
    /// Too old, used, forged, or of somebody who may no longer give it.
    #[error("the invitation is no longer good")]
    InvitationOver,
    #[error("this address has somebody who works here")]
    AlreadyStaff,
    /// The visit stands otherwise than the step needs.
    #[error("the visit is {}", .phase.name())]
    NotSo { phase: Phase },
    #[error("the visit is on another date")]
    NotToday { starts_at: DateTime<Utc>, office: OfficeId },
    #[error("the visitor has not checked in")]
    NotHere,
    #[error("the visitor was not received")]
    NotReceived,
    #[error("absence can no longer be undone")]
    UndoTooLate,
    #[error("the window receives somebody")]
    WindowBusy,
    #[error("nobody waits at this window")]
    NobodyWaits,
    /// A member acts for somebody whom they did not identify, or too long ago.
    #[error("the citizen is not identified")]
    NotIdentified,
    #[error("what was said is not what is known of the citizen")]
    FactsWrong,
    /// Everything that is wrong with an office's file.
    #[error("the office's file has mistakes")]
    OfficeFile(CatalogueErrors),
    #[error("the office's file is too large")]
    OfficeFileTooLarge { max: usize },
    #[error("the office was changed meanwhile, to version {version}")]
    OfficeChanged { version: u64 },
    #[error("one of the references was changed meanwhile, to version {version}")]
    ReferencesChanged { version: u64 },
    #[error("the change before has not reached every office yet")]
    ReferencesUnderWay,
    /// What a code was for is done, or was begun too long ago.
    #[error("the proof is over")]
    ProofSpent,
    /// The password is right, and a code is needed besides.
    #[error("a second factor is needed")]
    SecondFactorNeeded(Needed),
    #[error("the second factor is on already")]
    SecondFactorIsOn,
    /// Before this is said of oneself there is nothing to confirm.
    #[error("data are missing to confirm who one is")]
    NothingToConfirm(Vec<Missing>),
    /// A way to show who one is that this system does not have.
    #[error("this way is not open")]
    WayClosed,
    #[error("it is the session that asked")]
    SameSession,
    /// The name of the reason.
    #[error("the signature confirms nothing: {0}")]
    SignatureRefused(&'static str),
    /// Nobody's signatures are trusted here.
    #[error("applications cannot be signed here")]
    SigningClosed,
    #[error("nothing is to be signed for this")]
    SignatureNotNeeded,
    /// Staff act for somebody who signs on paper.
    #[error("it is signed at the visit")]
    SignedAtVisit,
    /// Another source says otherwise who this is.
    #[error("{} fields are another person's", .0.len())]
    OtherPerson(Vec<WrongField>),
    #[error("a video check is open")]
    CheckOpen,
    #[error("another operator has taken the check")]
    CheckTaken,
    #[error("the check is not taken")]
    CheckNotTaken,
    #[error("the check is over")]
    CheckOver,
    #[error("the profile was changed since the operator saw it")]
    CheckChanged,
    #[error("the unified system does not answer")]
    EsiaUnavailable,
    #[error("what the unified system says is not to be believed")]
    EsiaNotBelieved,
    #[error("the SNILS is confirmed in another cabinet")]
    SnilsTaken,
    /// A change touches appointments, and whoever makes it did not say that they know how many.
    #[error("{} appointments would be touched", .0.appointments)]
    Touches(Touches),
    /// A policy is decided about by whoever took it.
    #[error("somebody else has the policy, or nobody")]
    PolicyNotTaken,
    /// Unknown, or it did not sign this: nobody can tell which.
    #[error("the passkey does not open")]
    PasskeyWrong,
    #[error("too many passkeys")]
    TooManyPasskeys,
    #[error("an unlock is under way")]
    UnlockOpen,
    /// It needs four eyes.
    #[error("whoever opened the unlock does not agree to it")]
    UnlockOwn,
    /// What was said is not that of one cabinet: which of it, nobody is told.
    #[error("what was said is not that of one cabinet")]
    UnlockDiffers,
    #[error("the unlock is decided")]
    UnlockOver,
    /// Of this visit the office has nothing more to know (DOC-7).
    #[error("the visit is read no more")]
    VisitShut,
    /// A cabinet has it by now, or another unlock.
    #[error("the phone of the unlock is taken")]
    UnlockPhoneTaken,
    /// Of the phone that was to open another.
    #[error("the phone has a cabinet")]
    PhoneHasCabinet,
    /// What is to be ended before a cabinet can be deleted (PRV-3).
    #[error("{} things stand in the way of a deletion", .0.len())]
    DeletionHindered(Vec<Hindrance>),
    /// Nothing new is begun in a cabinet that goes then.
    #[error("the cabinet is to be deleted")]
    DeletionUnderWay { goes_at: DateTime<Utc> },
    /// A citizen acts for another who did not let them, not for this, or no longer: nobody can tell which, nor who there is.
    #[error("not a representative of theirs")]
    NotRepresented,
    /// Before it is confirmed who they are, nobody acts for another.
    #[error("identity is not confirmed")]
    IdentityNeeded,
    /// Another paper of the same two people is being looked at.
    #[error("an application is open")]
    GrantOpen,
    #[error("too many applications")]
    TooManyGrants { max: usize },
    /// An application is decided by whoever took it.
    #[error("somebody else has the application, or nobody")]
    GrantNotTaken,
    /// Ended or refused meanwhile.
    #[error("the application is over")]
    GrantOver,
    /// What was said of the beneficiary is not what their own cabinet says.
    #[error("{} fields are said otherwise by the beneficiary", .0.len())]
    GrantDiffers(Vec<WrongField>),
    /// Somebody else has shown since that the number is theirs.
    #[error("the beneficiary is another by now")]
    GrantMoved,
    /// Whoever asked has not said a paper by which they could be compared.
    #[error("whoever asks has no paper")]
    GrantNoPaper,
    /// Whoever asked has said of themselves otherwise since it was shown.
    #[error("whoever asks is no longer as they were shown")]
    GrantChanged,
    #[error("the cursor is not one of ours")]
    CursorInvalid,
    /// Too many at once: nothing was done; the same request may be sent again.
    #[error("too many at once")]
    Busy,
    #[error("the table cannot be used")]
    Unavailable(#[from] StoreError),
}
