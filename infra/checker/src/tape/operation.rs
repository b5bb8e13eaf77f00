//! One request and what came of it for its client.

use crate::history::{Action, Facts, Outcome};

/// One request and what came of it.
#[derive(Debug)]
pub struct Operation<'h> {
    pub op: u64,
    pub client: &'h str,
    pub key: Option<&'h str>,
    /// As ACTIVE keeps the key; accepting is known by its offer, whatever the client sends.
    pub key_hash: Option<String>,
    /// Whether somebody who works there asked in the client's name.
    pub staff: bool,
    /// The citizen who asked in the client's name.
    pub by: Option<&'h str>,
    pub action: &'h Action,
    pub called: u64,
    pub called_us: i64,
    /// The step after which nothing of its answer can change: none if it was never answered.
    pub returned: Option<u64>,
    pub returned_us: Option<i64>,
    pub outcome: &'h Outcome,
}

impl<'h> Operation<'h> {
    pub fn ok(&self) -> Option<(&'h Facts, u64)> {
        match self.outcome {
            Outcome::Ok { facts } => Some((facts, self.returned?)),
            _ => None,
        }
    }

    /// A definite refusal: its code and step. Overload and faults are no refusals, whatever their status.
    pub fn refused(&self) -> Option<(&'h str, u64)> {
        match self.outcome {
            Outcome::Refused { status, code, .. } if (400..500).contains(status) && *status != 429 => {
                Some((code, self.returned?))
            }
            _ => None,
        }
    }

    pub fn is_unknown(&self) -> bool {
        self.ok().is_none() && self.refused().is_none()
    }
}

/// As violations name it.
impl std::fmt::Display for Operation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let who = if self.client.is_empty() { "somebody" } else { self.client };
        write!(f, "operation {} ({:?} by {who}", self.op, self.action)?;
        if let Some(key) = self.key {
            write!(f, ", key {key}")?;
        }
        match (self.ok(), self.refused()) {
            (Some((_, at)), _) => write!(f, "; called at {}, OK at {at})", self.called),
            (_, Some((code, at))) => write!(f, "; called at {}, refused {code} at {at})", self.called),
            _ => write!(f, "; called at {}, outcome unknown)", self.called),
        }
    }
}
