//! Every payload that crosses between two functions: identifiers only, never anything personal.
//!
//! Append-only: a new field is optional, a new meaning is a new version. A version that is not known is an
//! error, so that the message is tried again later by code that knows it, and is never dropped.

use serde::{Deserialize, Serialize};

/// The version that this code writes.
pub const VERSION: u32 = 1;

/// The message cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    Malformed(serde_json::Error),
    UnknownVersion(u32),
}

impl core::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Malformed(_) => f.write_str("the message is malformed"),
            Self::UnknownVersion(version) => {
                write!(f, "the message is of version {version}, which is not known here")
            }
        }
    }
}

impl std::error::Error for Unreadable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Malformed(error) => Some(error),
            Self::UnknownVersion(_) => None,
        }
    }
}

/// To the waitlist worker: hints about where freed cells and waiting people may meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Work {
    /// A page has freed cells.
    Freed {
        office: String,
        window: String,
        on: chrono::NaiveDate,
        service: Option<String>,
        from: Option<u16>,
    },
    /// Somebody joined or resumed: freed cells of these offices may suit them. No longer written.
    Joined { offices: Vec<String> },
    /// Cells went to the public, beside others that are free: together they may make a start that somebody waits for.
    Released { office: String, window: String, on: chrono::NaiveDate, from: u16, to: u16 },
    /// Somebody has not looked yet who wants what is free on a page.
    Free { office: String, window: String, on: chrono::NaiveDate },
    /// An office's file was changed: its sweep has a step to take.
    Sweep { office: String, change: u64 },
    /// A file by which every office goes was changed: the next step of its way to them is to be taken.
    Roll { change: u64 },
    /// Somebody who waits can take more than before.
    Waits { citizen: String },
}

/// To the notifier: a fact to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Telling {
    /// A code to the phone or address of a proof.
    Proof { proof: String, round: u32 },
    /// About an appointment or an offer of a citizen; the notice's id names the fact.
    Notice { citizen: String, notice: String },
    /// The code of a registration's round.
    Code { registration: String, round: u32 },
    /// The link that confirms an address.
    EmailLink { citizen: String, asked_at_ms: i64 },
    /// The letter of an invitation to work here.
    Invitation { invitation: String },
}

/// To the scanner, beside what storage tells it itself: an upload to be looked after. A file is `<citizen>/<service>/<file>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Upload {
    /// It may have come without anybody being told.
    Look { file: String },
    /// It was taken back: what lies of it is to go.
    Gone { file: String },
}

/// To whoever asks registries: about whom there is something to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Inquiry {
    /// Whether a citizen's policy is good.
    Policy { citizen: String },
    /// Whether an appointment's holder is entitled to it.
    Eligibility { citizen: String, appointment: String },
}

/// To whoever takes away what is kept no longer: where to look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Keeping {
    /// Something of a citizen's may have had its term, or their cabinet is to be deleted.
    Cabinet { citizen: String },
}

/// To whoever mends: a record of the table's stream that no version in use understands. The item itself stands in the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Parked {
    Record { sequence: String, pk: String, sk: String },
}

#[derive(Serialize, Deserialize)]
struct Versioned<T> {
    v: u32,
    #[serde(flatten)]
    message: T,
}

/// Writes a message.
///
/// # Errors
/// Never in practice: these types have nothing that JSON cannot say.
pub fn write<T: Serialize>(message: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Versioned { v: VERSION, message })
}

/// Reads a message of a version known here.
pub fn read<T: for<'de> Deserialize<'de>>(body: &str) -> Result<T, Unreadable> {
    #[derive(Deserialize)]
    struct Version {
        v: u32,
    }
    let version: Version = serde_json::from_str(body).map_err(Unreadable::Malformed)?;
    if version.v != VERSION {
        return Err(Unreadable::UnknownVersion(version.v));
    }
    serde_json::from_str::<Versioned<T>>(body)
        .map(|versioned| versioned.message)
        .map_err(Unreadable::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_back() {
        let message = Telling::Code { registration: "01ARZ3NDEKTSV4RRFFQ69G5FAV".into(), round: 2 };
        let body = write(&message).unwrap();
        assert_eq!(body, r#"{"v":1,"kind":"code","registration":"01ARZ3NDEKTSV4RRFFQ69G5FAV","round":2}"#);
        assert_eq!(read::<Telling>(&body).unwrap(), message);
    }

    #[test]
    fn an_unknown_version_is_no_malformed_message() {
        assert!(matches!(read::<Work>(r#"{"v":2,"kind":"other"}"#), Err(Unreadable::UnknownVersion(2))));
        assert!(matches!(read::<Work>("{"), Err(Unreadable::Malformed(_))));
    }
}
