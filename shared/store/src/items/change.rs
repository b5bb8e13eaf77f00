//! A change of an appointment, as it rides on it or stands in a row of its own.

use super::audit::{Said, digest, hex, unhex, words};
use super::{at, id, ms, named, read, text, unknown};
use crate::{Item, StoreError};
use domain::appointment::{Action, Actor, Change, Sealed};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ChangeWire {
    pub v: u64,
    by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    m: Option<String>,
    /// Whoever acted for the citizen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rp: Option<String>,
    r#do: String,
    at: i64,
    op: String,
    /// Sealed, so that whoever moves the change on needs no keys: also to a row of its own.
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    rs: Option<Vec<u8>>,
    o: String,
    s: i64,
    /// The digest of what it said before its reason had its term: by this an entry of the first form knows it (PRV-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dg: Option<String>,
    /// The digest of the reason that has had its term: with this an entry knows all else that it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wd: Option<String>,
}

impl From<&Change> for ChangeWire {
    fn from(change: &Change) -> Self {
        Self {
            v: change.version,
            by: change.actor.name().to_owned(),
            m: change.member.map(|member| member.to_string()),
            rp: change.representative.map(|who| who.to_string()),
            r#do: change.action.name().to_owned(),
            at: ms(change.at),
            op: change.operation.to_string(),
            rs: change.reason.as_ref().map(|reason| reason.0.clone()),
            o: change.office.to_string(),
            s: change.starts_at.timestamp(),
            dg: None,
            wd: None,
        }
    }
}

impl TryFrom<&ChangeWire> for Change {
    type Error = StoreError;
    fn try_from(wire: &ChangeWire) -> Result<Self, StoreError> {
        Ok(Self {
            version: wire.v,
            actor: named(&Actor::ALL, Actor::name, &wire.by, "actor")?,
            member: wire.m.as_deref().map(|member| id(member, "member")).transpose()?,
            representative: wire.rp.as_deref().map(|who| id(who, "representative")).transpose()?,
            action: named(&Action::ALL, Action::name, &wire.r#do, "action")?,
            at: at(wire.at)?,
            operation: id(&wire.op, "operation")?,
            reason: wire.rs.clone().map(Sealed),
            office: id(&wire.o, "office")?,
            starts_at: at(wire.s * 1000)?,
        })
    }
}

/// The changes that a row has: all that ride on an appointment, or the one for which it stands.
pub(crate) fn all(item: &Item) -> Result<Vec<ChangeWire>, StoreError> {
    #[derive(Deserialize)]
    struct Changes {
        ch: Vec<ChangeWire>,
    }
    if item.contains_key("ch") { Ok(read::<Changes>(item)?.ch) } else { Ok(vec![read(item)?]) }
}

/// What a change says to the chains. A digest that is kept of words counts only where they have gone.
pub(crate) fn said(wire: &ChangeWire) -> Result<Said, StoreError> {
    let whole = ChangeWire::from(&Change::try_from(wire)?);
    let (kept, before) = match wire.rs {
        Some(_) => (None, None),
        None => (wire.wd.clone(), wire.dg.as_deref()),
    };
    let before = before.map(|before| unhex(before).ok_or_else(unknown("digest"))).transpose()?;
    let less = kept.is_some() || before.is_some();
    let whole_digest = before.map_or_else(|| digest(&whole), Ok)?;
    let facts = ChangeWire { wd: wire.rs.as_deref().map(words).or(kept), rs: None, ..whole };
    Ok(Said { digest: digest(&facts)?, whole: whole_digest, less })
}

/// Takes the reason out of a change and leaves the digests by which chains know it.
pub(crate) fn without_reason(change: &mut Item) -> Result<(), StoreError> {
    let wire: ChangeWire = read(change)?;
    if let Some(reason) = &wire.rs {
        let whole = said(&wire)?.whole;
        change.insert("dg".to_owned(), text(hex(&whole)));
        change.insert("wd".to_owned(), text(words(reason)));
        change.remove("rs");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::value;
    use aws_sdk_dynamodb::types::AttributeValue;

    fn change(reason: Option<&[u8]>) -> Item {
        let wire = ChangeWire {
            v: 3,
            by: "citizen".to_owned(),
            m: None,
            rp: None,
            r#do: "moved".to_owned(),
            at: 1_796_000_000_000,
            op: "01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned(),
            rs: reason.map(<[u8]>::to_vec),
            o: "one".to_owned(),
            s: 1_796_000_000,
            dg: None,
            wd: None,
        };
        let Ok(AttributeValue::M(change)) = value(&wire) else { panic!("a map") };
        change
    }

    fn of(change: &Item) -> Said {
        said(&all(change).expect("a change")[0]).expect("read")
    }

    #[test]
    fn a_change_says_the_same_when_its_reason_has_gone_and_another_when_anything_else_has() {
        let full = change(Some(b"sealed"));
        let mut less = full.clone();
        without_reason(&mut less).expect("a change");
        assert!(!less.contains_key("rs"));
        assert_eq!(of(&less), Said { less: true, ..of(&full) });
        for (name, other) in [("by", "system"), ("o", "two"), ("wd", "0")] {
            let mut forged = less.clone();
            forged.insert(name.to_owned(), text(other));
            assert_ne!(of(&forged).digest, of(&full).digest, "{name}");
        }
        // Beside a reason that is there the digests count for nothing.
        let mut forged = less.clone();
        forged.insert("rs".to_owned(), change(Some(b"another"))["rs"].clone());
        assert_eq!(of(&forged), of(&change(Some(b"another"))));
    }

    #[test]
    fn a_change_without_a_reason_says_the_same_in_every_form() {
        let said = of(&change(None));
        assert_eq!((said.digest, said.less), (said.whole, false));
    }

    #[test]
    fn what_was_left_of_a_change_before_is_known_by_what_it_said() {
        let full = change(Some(b"sealed"));
        let mut less = full.clone();
        without_reason(&mut less).expect("a change");
        less.remove("wd");
        assert_eq!((of(&less).whole, of(&less).less), (of(&full).whole, true));
    }
}
