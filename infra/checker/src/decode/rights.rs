//! What one person may do for another, and what a citizen's record says of the cabinet.

use super::attributes::{Attributes, list, map, number, text};

/// A paper by which one person acts for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub id: String,
    /// From this instant on it does not hold.
    pub ends_at_ms: i64,
    pub state: String,
    /// The services that it names; none: all.
    pub services: Option<Vec<String>>,
    /// Who decided, and when.
    pub decided: Option<(String, i64)>,
}

impl Grant {
    fn covers(&self, service: Option<&str>) -> bool {
        match (&self.services, service) {
            (Some(named), Some(service)) => named.iter().any(|one| one == service),
            _ => true,
        }
    }
}

/// All papers between two people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Right {
    pub grants: Vec<Grant>,
}

impl Right {
    /// Whether one could act at an instant, in anything of a service; of none: in anything at all.
    pub fn holds(&self, service: Option<&str>, at_us: i64) -> bool {
        let holds = |grant: &&Grant| grant.state == "in-force" && at_us < grant.ends_at_ms * 1000;
        self.grants.iter().filter(holds).any(|grant| grant.covers(service))
    }

    /// Whether everything may be done by it, as it is written.
    pub fn is_whole(&self) -> bool {
        self.grants.iter().any(|grant| grant.state == "in-force" && grant.services.is_none())
    }
}

pub fn right(at: Attributes<'_>) -> Option<Right> {
    let services = |value| {
        let named = list(value)?.iter().map(|one| text(one).map(str::to_owned));
        named.collect::<Option<Vec<String>>>()
    };
    let grant = |value| {
        let at = map(value)?;
        Some(Grant {
            id: at.text("id")?,
            ends_at_ms: at.number("un")?,
            state: at.text("st")?,
            services: match at.value("sc") {
                Some(named) => Some(services(named)?),
                None => None,
            },
            decided: match at.list("dec")? {
                [member, when] => Some((text(member)?.to_owned(), number(when)?)),
                _ => None,
            },
        })
    };
    Some(Right { grants: at.list("gr")?.iter().map(grant).collect::<Option<_>>()? })
}

/// What of a record is judged; what is personal in it is sealed, and is not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Whether they have a cabinet of their own: who has none is written to by those who act for them.
    pub cabinet: bool,
    /// Whether staff closed it to booking.
    pub blocked: bool,
    /// When its owner asked for its deletion, as long as that stands.
    pub deletion_asked_ms: Option<i64>,
    /// When it was closed.
    pub closed_ms: Option<i64>,
    /// When nothing was left but what the law keeps.
    pub gone_ms: Option<i64>,
}

pub fn record(at: Attributes<'_>) -> Option<Record> {
    Some(Record {
        cabinet: !at.flag("dep"),
        blocked: at.value("blk").is_some(),
        deletion_asked_ms: at.number("del"),
        closed_ms: at.list("end")?.first().and_then(number),
        gone_ms: at.number("gone"),
    })
}
