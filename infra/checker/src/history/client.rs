//! What clients ask for and what they are answered.

use serde::{Deserialize, Serialize};

/// Everything that a client does. A retry is the same action called again with the same key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A registration from the first code to the cabinet, or a step of it.
    Register,
    SignIn,
    SignOut,
    /// The days of an office for a service.
    Calendar {
        office: String,
        service: String,
    },
    /// The slots of a day.
    Slots {
        office: String,
        service: String,
        on: String,
    },
    Book {
        office: String,
        service: String,
        starts_at_s: i64,
        /// The specialist who is asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<String>,
    },
    Reschedule {
        appointment: String,
        office: String,
        starts_at_s: i64,
        /// The specialist who is asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<String>,
    },
    Cancel {
        appointment: String,
    },
    /// What was filled in for it.
    Correct {
        appointment: String,
    },
    /// By number and code at a kiosk; the driver names the appointment that they belong to.
    CheckIn {
        appointment: String,
    },
    Join {
        service: String,
        wish: Wish,
    },
    Pause {
        service: String,
    },
    Resume {
        service: String,
    },
    Leave {
        service: String,
    },
    Accept {
        offer: String,
    },
    Decline {
        offer: String,
    },
    /// All of one's appointments (the driver reads every page of the list).
    Appointments,
    Appointment {
        appointment: String,
    },
    AppointmentHistory {
        appointment: String,
    },
    /// One's place in line.
    Place {
        service: String,
    },
    PlaceHistory {
        service: String,
    },
    Offer {
        offer: String,
    },
    Inbox,
    /// Somebody who manages the office closes windows (none named: all) for a whole day.
    Close {
        office: String,
        windows: Vec<String>,
        on: String,
    },
    /// Asks for one's cabinet to be deleted, or to stay after all.
    AskDeletion,
    StopDeletion,
    /// Announces a file for a service, takes one back, looks at what there is.
    Attach,
    TakeBack {
        file: String,
    },
    Folder,
    /// Somebody who works there opens an unlock of a cabinet for whoever stands at the counter.
    OpenUnlock {
        citizen: String,
    },
    /// The cabinet's owner stops it.
    StopUnlock,
    /// Somebody who works there closes a cabinet to booking, or opens it again.
    Block {
        citizen: String,
    },
    Unblock {
        citizen: String,
    },
    /// Says another policy in one's profile.
    SayPolicy,
    /// Asks to act for somebody.
    AskRight {
        whom: String,
    },
    /// Gives up acting for somebody, or ends that somebody acts for one.
    EndRight {
        grant: String,
    },
    /// Somebody who works there takes what waits in a queue.
    Take {
        queue: String,
        id: String,
    },
    /// The same decide it.
    Decide {
        queue: String,
        id: String,
        result: String,
    },
    /// Somebody who works there takes a step with a visit: `call`, `receive`, `close`, `undo-no-show`.
    Attend {
        appointment: String,
        step: String,
    },
}

/// What somebody waits for; an empty list means any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub offices: Vec<String>,
    /// First and last date, both included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dates: Option<(String, String)>,
    /// 1 is Monday.
    #[serde(default)]
    pub weekdays: Vec<u8>,
    /// `morning`, `day`, `evening`.
    #[serde(default)]
    pub parts: Vec<String>,
}

/// How an operation ended for its client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A 2xx.
    Ok { facts: Facts },
    /// A definite no: 4xx. `code` is what follows `urn:okno:problem:` in the problem's type.
    Refused {
        status: u16,
        code: String,
        #[serde(default)]
        facts: Facts,
    },
    /// No answer, a 5xx, timed out, or the caller gave up: it may have happened, or may yet happen.
    Unknown,
}

/// What an answer tells, as far as it does: of a change, how things stand after it; of a reading, what was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appointment: Option<AppointmentSeen>,
    /// The place's ticket, of joining and what is done to a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<String>,
    /// The slots shown for a day (empty: none, «мест нет»), or named as alternatives in a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slots: Option<Vec<SlotSeen>>,
    /// All of the client's appointments, of `Appointments`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appointments: Option<Vec<AppointmentSeen>>,
    /// Of `AppointmentHistory`, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Vec<ChangeSeen>>,
}

/// An appointment as its citizen was told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentSeen {
    pub id: String,
    pub version: u64,
    pub office: String,
    pub starts_at_s: i64,
    /// `planned`, `cancelled`, `no-show`…
    pub phase: String,
}

/// A slot as the public knows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SlotSeen {
    pub office: String,
    pub starts_at_s: i64,
}

/// A line of an appointment's history as it was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSeen {
    pub version: u64,
    /// `citizen`, `system`…
    pub who: String,
    /// `booked`, `moved`…
    pub what: String,
}
