//! What was recorded: the contract between whoever drives the system and whoever judges it.
//!
//! Everything is plain (text, whole numbers, JSON), so that a history can be written to a file and judged again.
//! Nothing here is taken from the system: identifiers are texts as they stand in keys, answers and messages.
//!
//! Units: `_us` microseconds and `_s` seconds since 1970 (UTC), dates `YYYY-MM-DD` of the office's calendar, cells
//! of five minutes of the office's wall clock, 0 to 287.

pub mod client;
pub mod world;

pub use client::{Action, AppointmentSeen, ChangeSeen, Facts, Outcome, SlotSeen, Wish};
pub use world::{Cells, Day, FreeCells, Kept, Limits, Office, Service, Window, World};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A run of the system from an empty table on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct History {
    pub world: World,
    /// In the order of `step`.
    pub events: Vec<Event>,
}

/// One thing that was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The global order: strictly growing. All of the checker's «before» and «between» is by step.
    pub step: u64,
    /// True (virtual) time, never going back; clocks of clients and functions may differ from it by
    /// [`Limits::clock_error_us`].
    pub at_us: i64,
    pub what: What,
}

/// Everything that can be seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A client asks for something. The step is before anything of it can have had an effect.
    Call {
        /// Unique in the history. Each request is an operation of its own; retries share their `key`.
        op: u64,
        /// The citizen's id (ULID), as in `CIT#<id>`; empty for somebody without a cabinet or at a kiosk.
        client: String,
        /// The `Idempotency-Key` as sent, without surrounding blanks. Requests of one client with one key are tries
        /// of one intention: together they may commit once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
        /// Whether somebody who works there asks in the client's name: they have what is kept from the public.
        #[serde(default)]
        staff: bool,
        /// The citizen who asks in the client's name, by the right to act for them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        action: Action,
    },
    /// The client has its answer, or gave up. The step is after everything that the answer tells. An operation
    /// without one is unknown.
    Return { op: u64, outcome: Outcome },
    /// One transaction (or single write) took effect in the table. In commit order, each once; a write whose
    /// condition failed or that changed nothing is not recorded.
    Commit {
        /// The function or client that wrote: for the reader of a violation only.
        by: String,
        records: Vec<Record>,
    },
    /// A batch or message reached a function, for the `times`-th time (1 is the first).
    Delivered { function: String, message: String, times: u32 },
    /// A provider took or refused a message to a person.
    Sent(Sent),
    /// Storage took an object from a citizen: under which name (`<citizen>/<service>/<file>`), of which content (SHA-256, base64
    /// without padding), and whether that is fit to be accepted.
    Uploaded { key: String, sha256: String, fit: bool },
    /// What lay in storage when everything was over: names of what is yet to be looked at, and of what is kept, with its content.
    Lying { awaited: Vec<String>, kept: Vec<(String, String)> },
    /// What stood under a citizen's key when everything was over.
    Found { citizen: String, rows: Vec<Record> },
    /// Something was made to go wrong.
    Fault { kind: String, target: String },
    /// The clock function was run.
    Tick,
    /// A function or the whole system died on the spot.
    Crash { function: String },
    /// It is back.
    Restart,
    /// From here on nothing is made to go wrong: what [`crate::Mode::Liveness`] promises holds from here. Without
    /// one it holds from the beginning.
    Calm,
}

/// One item's change, as an independent recorder of the table's writes saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub pk: String,
    pub sk: String,
    /// The whole item before, in the table's typed JSON (`{"S": "..."}`); none when there was none. Whether the
    /// keys themselves are among the attributes does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// The whole item after; none when it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}

/// A message at a provider (mail, SMS), seen there. The inbox is the notice's row itself and is not one.
///
/// What it tells is taken from `about`, else read out of `notice`, else looked up by `message` among the notices'
/// rows. A message about which none of these tells anything is counted and not judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// `mail`, `sms`: the names that the notices' rows use.
    pub channel: String,
    /// The citizen's id.
    pub citizen: String,
    /// The notice's number as the message carries it (`<second>.<kind>.<subject>.<version>`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// The provider's message id, as the notice's row keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    pub terminal: Terminal,
}

/// What a notice tells: the kind of fact, of which appointment or offer, and which version of it (for reminders:
/// which start, in seconds).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct About {
    pub kind: String,
    pub subject: String,
    pub version: u64,
}

/// How the provider answered, in truth, whatever the function heard of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Terminal {
    Accepted,
    Failed,
}
