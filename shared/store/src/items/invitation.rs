//! An invitation to work here: who is asked by whom to do what; its link is derived, never kept (OFC-11).

use super::staff::{GrantWire, Identity, IdentityWire, grants_from_wire, grants_to_wire};
use super::{at, id, ms, read, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::staff::Grant;
use domain::{InvitationId, Moment, StaffId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    /// Who gives it, and the epoch of their sessions then: changed or blocked since, they give nothing any more. None for an
    /// administrator whom a command invites.
    pub by: Option<(StaffId, u64)>,
    /// By a command, though there is an administrator.
    pub forced: bool,
    pub language: String,
    pub grants: Vec<Grant>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Whom it has made a member.
    pub member: Option<StaffId>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    #[serde(flatten)]
    who: IdentityWire,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<(String, u64)>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    fo: bool,
    lang: String,
    gr: Vec<GrantWire>,
    cr: i64,
    ex: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    st: Option<String>,
    ttl: i64,
}

/// Leftovers go a week after they expired; nothing is decided from that.
const KEPT_S: i64 = 7 * 24 * 3600;

pub fn from_item(item: &Item) -> Result<Invitation, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    Ok(Invitation {
        id: id(key.pk.strip_prefix(keys::INVITATION).unwrap_or_default(), "invitation")?,
        by: wire.by.map(|(by, epoch)| id(&by, "member").map(|by| (by, epoch))).transpose()?,
        forced: wire.fo,
        language: wire.lang,
        grants: grants_from_wire(&wire.gr)?,
        created_at: at(wire.cr)?,
        expires_at: at(wire.ex)?,
        member: wire.st.as_deref().map(|member| id(member, "member")).transpose()?,
    })
}

/// Opens the personal fields of an invitation.
pub fn identity(item: &Item, vault: &Vault) -> Result<Identity, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    read::<Wire>(item)?.who.open(&key.pk, vault)
}

pub fn to_item(
    invitation: &Invitation,
    who: &Identity,
    vault: &Vault,
    moment: &Moment,
) -> Result<(Key, Item), StoreError> {
    let key = keys::invitation(invitation.id);
    let wire = Wire {
        who: IdentityWire::seal(&key.pk, who, vault, moment)?,
        by: invitation.by.map(|(by, epoch)| (by.to_string(), epoch)),
        fo: invitation.forced,
        lang: invitation.language.clone(),
        gr: grants_to_wire(&invitation.grants),
        cr: ms(invitation.created_at),
        ex: ms(invitation.expires_at),
        st: invitation.member.map(|member| member.to_string()),
        ttl: invitation.expires_at.timestamp() + KEPT_S,
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}
