//! Those who work here: the record, what they sign in with, and what was done about them.

use super::factor::{self, Factor};
use super::{at, id, ms, named, read, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use chrono::{DateTime, Utc};
use domain::citizen::Name;
use domain::staff::{Grant, Member, Place, Role, StaffAction};
use domain::{Moment, StaffId};
use serde::{Deserialize, Serialize};

/// A role and where it holds, in one text: `manager@office:one`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct GrantWire(String);

impl From<&Grant> for GrantWire {
    fn from(grant: &Grant) -> Self {
        let role = grant.role.name();
        Self(match &grant.place {
            Place::Everywhere => format!("{role}@everywhere"),
            Place::Region(region) => format!("{role}@region:{region}"),
            Place::Office(office) => format!("{role}@office:{office}"),
        })
    }
}

impl TryFrom<&GrantWire> for Grant {
    type Error = StoreError;
    fn try_from(wire: &GrantWire) -> Result<Self, StoreError> {
        let (role, place) = wire.0.split_once('@').ok_or_else(unknown("grant"))?;
        let place = match place.split_once(':') {
            None if place == "everywhere" => Place::Everywhere,
            Some(("region", region)) => Place::Region(id(region, "region")?),
            Some(("office", office)) => Place::Office(id(office, "office")?),
            _ => return Err(unknown("place")()),
        };
        Ok(Grant { role: named(&Role::ALL, Role::name, role, "role")?, place })
    }
}

pub(crate) fn grants_to_wire(grants: &[Grant]) -> Vec<GrantWire> {
    grants.iter().map(GrantWire::from).collect()
}

pub(crate) fn grants_from_wire(wire: &[GrantWire]) -> Result<Vec<Grant>, StoreError> {
    wire.iter().map(Grant::try_from).collect()
}

/// Who somebody is: the same fields on an invitation and on the record that it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub name: Name,
    pub email: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct IdentityWire {
    #[serde(with = "serde_bytes")]
    sn: Vec<u8>,
    #[serde(with = "serde_bytes")]
    gn: Vec<u8>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Vec::is_empty")]
    pn: Vec<u8>,
    #[serde(with = "serde_bytes")]
    em: Vec<u8>,
}

impl IdentityWire {
    pub fn seal(owner: &str, of: &Identity, vault: &Vault, moment: &Moment) -> Result<Self, StoreError> {
        let seal = |index, attribute, clear: &str| vault.seal(owner, attribute, clear, moment.nonce(index));
        Ok(Self {
            sn: seal(0, "sn", &of.name.surname)?,
            gn: seal(1, "gn", &of.name.given)?,
            pn: of.name.patronymic.as_deref().map(|p| seal(2, "pn", p)).transpose()?.unwrap_or_default(),
            em: seal(3, "em", &of.email)?,
        })
    }

    pub fn open(&self, owner: &str, vault: &Vault) -> Result<Identity, StoreError> {
        let open = |attribute, sealed: &[u8]| vault.open(owner, attribute, sealed);
        Ok(Identity {
            name: Name {
                surname: open("sn", &self.sn)?,
                given: open("gn", &self.gn)?,
                patronymic: if self.pn.is_empty() { None } else { Some(open("pn", &self.pn)?) },
            },
            email: open("em", &self.em)?,
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    #[serde(flatten)]
    who: IdentityWire,
    lang: String,
    gr: Vec<GrantWire>,
    blk: bool,
    ep: u64,
    v: u64,
    cr: i64,
}

pub fn from_item(item: &Item) -> Result<Member, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    Ok(Member {
        id: id(&key.sk, "member")?,
        language: wire.lang,
        grants: grants_from_wire(&wire.gr)?,
        blocked: wire.blk,
        epoch: wire.ep,
        version: wire.v,
        created_at: at(wire.cr)?,
    })
}

/// Opens the personal fields of a record.
pub fn identity(item: &Item, vault: &Vault) -> Result<Identity, StoreError> {
    let member = from_item(item)?;
    read::<Wire>(item)?.who.open(&keys::staff_pk(member.id), vault)
}

pub fn to_item(
    member: &Member,
    who: &Identity,
    vault: &Vault,
    moment: &Moment,
) -> Result<(Key, Item), StoreError> {
    let key = keys::member(member.id);
    let wire = Wire {
        // Bound to the member, not to the partition that all share.
        who: IdentityWire::seal(&keys::staff_pk(member.id), who, vault, moment)?,
        lang: member.language.clone(),
        gr: grants_to_wire(&member.grants),
        blk: member.blocked,
        ep: member.epoch,
        v: member.version,
        cr: ms(member.created_at),
    };
    let item = write(&key, &wire)?;
    Ok((key, item))
}

/// What a member signs in with.
#[derive(Clone)]
pub struct StaffAuth {
    /// In PHC form.
    pub password_hash: String,
    pub factor: Factor,
}

#[derive(Debug, Serialize, Deserialize)]
struct AuthWire {
    pw: String,
}

pub fn auth_from_item(item: &Item) -> Result<StaffAuth, StoreError> {
    let wire: AuthWire = read(item)?;
    let factor = factor::from_item(item)?.ok_or_else(unknown("second factor"))?;
    Ok(StaffAuth { password_hash: wire.pw, factor })
}

pub fn auth_to_item(member: StaffId, auth: &StaffAuth) -> Result<(Key, Item), StoreError> {
    let key = keys::staff_auth(member);
    let mut item = write(&key, &AuthWire { pw: auth.password_hash.clone() })?;
    item.extend(factor::to_item(&key, &auth.factor)?);
    Ok((key, item))
}

#[derive(Debug, Serialize, Deserialize)]
struct LoginWire {
    st: String,
}

/// Which member's login this is.
pub fn login_from_item(item: &Item) -> Result<StaffId, StoreError> {
    id(&read::<LoginWire>(item)?.st, "member")
}

pub fn login_to_item(hash: &str, member: StaffId) -> Result<(Key, Item), StoreError> {
    let key = keys::login(hash);
    let item = write(&key, &LoginWire { st: member.to_string() })?;
    Ok((key, item))
}

/// One line of a member's history: who, what, when, why, and what the member could do after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffChange {
    pub version: u64,
    /// None for what no member did: the first administrator was made by a command.
    pub by: Option<StaffId>,
    pub action: StaffAction,
    pub at: DateTime<Utc>,
    /// Sealed.
    pub reason: Option<Vec<u8>>,
    /// What the member could do until then.
    pub former: Vec<Grant>,
    pub grants: Vec<Grant>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ChangeWire {
    v: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    ac: String,
    at: i64,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Vec::is_empty")]
    why: Vec<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fg: Vec<GrantWire>,
    gr: Vec<GrantWire>,
}

pub fn change_from_item(item: &Item) -> Result<StaffChange, StoreError> {
    let wire: ChangeWire = read(item)?;
    Ok(StaffChange {
        version: wire.v,
        by: wire.by.as_deref().map(|by| id(by, "member")).transpose()?,
        action: named(&StaffAction::ALL, StaffAction::name, &wire.ac, "action")?,
        at: at(wire.at)?,
        former: grants_from_wire(&wire.fg)?,
        reason: (!wire.why.is_empty()).then_some(wire.why),
        grants: grants_from_wire(&wire.gr)?,
    })
}

pub(crate) fn change_wire(change: &StaffChange) -> impl Serialize + use<> {
    ChangeWire {
        v: change.version,
        by: change.by.map(|by| by.to_string()),
        ac: change.action.name().to_owned(),
        at: ms(change.at),
        why: change.reason.clone().unwrap_or_default(),
        fg: grants_to_wire(&change.former),
        gr: grants_to_wire(&change.grants),
    }
}

pub fn change_to_item(member: StaffId, change: &StaffChange) -> Result<(Key, Item), StoreError> {
    let key = keys::staff_log(member, change.version);
    let item = write(&key, &change_wire(change))?;
    Ok((key, item))
}

/// Seals why something was done about a member.
pub fn seal_why(
    vault: &Vault,
    member: StaffId,
    version: u64,
    why: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    vault.seal(&keys::staff_pk(member), &format!("why-{version}"), why, nonce)
}

pub fn open_why(vault: &Vault, member: StaffId, version: u64, sealed: &[u8]) -> Result<String, StoreError> {
    vault.open(&keys::staff_pk(member), &format!("why-{version}"), sealed)
}
