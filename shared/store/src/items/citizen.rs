//! A person's record: what is personal is sealed field by field; and what they sign in with.

use super::factor::{self, Factor};
use super::{at, id, is_false, ms, named, number, read, set_due, text, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use domain::citizen::{Accepted, Blocked, Cabinet, Citizen, Ground, Missing, Name, Person, Reach};
use domain::identity::{Confirmed, Means};
use domain::limits::KEPT_LOOK_EVERY;
use domain::waitlist::Class;
use domain::{CitizenId, Moment};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    #[serde(with = "serde_bytes")]
    sn: Vec<u8>,
    #[serde(with = "serde_bytes")]
    gn: Vec<u8>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Vec::is_empty")]
    pn: Vec<u8>,
    #[serde(with = "serde_bytes")]
    tel: Vec<u8>,
    #[serde(with = "serde_bytes")]
    em: Vec<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    emc: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agr: Option<(String, i64)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cons: Option<(String, i64)>,
    lang: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rch: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    met: Vec<String>,
    /// By which means it was confirmed who they are, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    idc: Option<(String, i64)>,
    cls: String,
    /// Why it is closed to booking, since when, and which office knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    blk: Option<(String, i64, String)>,
    /// The same in the words of whoever closed it.
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Vec::is_empty")]
    blw: Vec<u8>,
    /// Whether they have no cabinet of their own.
    #[serde(default, skip_serializing_if = "is_false")]
    dep: bool,
    /// Who may act for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rps: Vec<String>,
    ep: u64,
    /// The epoch that the last unlock began.
    #[serde(default, skip_serializing_if = "is_none")]
    ue: u64,
    cr: i64,
    /// When its owner asked for its deletion, as long as that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    del: Option<i64>,
}

fn is_none(epoch: &u64) -> bool {
    *epoch == 0
}

pub fn from_item(item: &Item) -> Result<Citizen, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    let accepted = |pair: Option<(String, i64)>| {
        pair.map(|(version, when)| at(when).map(|at| Accepted { version, at })).transpose()
    };
    Ok(Citizen {
        id: key.citizen().ok_or_else(unknown("citizen"))?,
        email_confirmed_at: wire.emc.map(at).transpose()?,
        named: !wire.sn.is_empty() && !wire.gn.is_empty(),
        agreement: accepted(wire.agr)?,
        consent: accepted(wire.cons)?,
        language: wire.lang,
        reach: wire
            .rch
            .map(|reach| named(&Reach::ALL, Reach::name, &reach, "reach"))
            .transpose()?
            .unwrap_or_default(),
        // A condition that this version does not know is not one of its own.
        met: Missing::ALL
            .into_iter()
            .filter(|known| wire.met.iter().any(|met| met == known.name()))
            .collect(),
        confirmed: wire.idc.map(|(by, when)| confirmed(&by, when)).transpose()?,
        class: named(&Class::ALL, Class::name, &wire.cls, "class")?,
        blocked: wire.blk.map(blocked).transpose()?,
        cabinet: if wire.dep { Cabinet::None } else { Cabinet::Own },
        representatives: wire.rps.iter().map(|who| id(who, "representative")).collect::<Result<_, _>>()?,
        epoch: wire.ep,
        unlocked: wire.ue,
        created_at: at(wire.cr)?,
        deletion_asked_at: wire.del.map(at).transpose()?,
    })
}

fn confirmed(by: &str, when: i64) -> Result<Confirmed, StoreError> {
    Ok(Confirmed { by: named(&Means::ALL, Means::name, by, "means")?, at: at(when)? })
}

fn blocked((ground, when, office): (String, i64, String)) -> Result<Blocked, StoreError> {
    let ground = named(&Ground::ALL, Ground::name, &ground, "ground")?;
    Ok(Blocked { ground, at: at(when)?, office: id(&office, "office")? })
}

fn block_wire(blocked: &Blocked) -> (String, i64, String) {
    (blocked.ground.name().to_owned(), ms(blocked.at), blocked.office.to_string())
}

/// That a cabinet is closed to booking, as its record says it.
pub fn block_value(blocked: &Blocked) -> AttributeValue {
    let (ground, at, office) = block_wire(blocked);
    AttributeValue::L(vec![text(ground), number(at), text(office)])
}

/// What whoever closed the cabinet said of it, if it is closed.
pub fn block_words(item: &Item, vault: &Vault) -> Result<Option<String>, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    let closed = wire.blk.is_some() && !wire.blw.is_empty();
    closed.then(|| vault.open(&key.pk, BLOCK_WORDS, &wire.blw)).transpose()
}

/// The attributes by which a cabinet is closed to booking, and the words about it, sealed.
pub const BLOCK: &str = "blk";
pub const BLOCK_WORDS: &str = "blw";

/// Opens the personal fields of a record.
pub fn person(item: &Item, vault: &Vault) -> Result<Person, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    let open = |attribute, sealed: &[u8]| vault.open(&key.pk, attribute, sealed);
    Ok(Person {
        name: Name {
            surname: open("sn", &wire.sn)?,
            given: open("gn", &wire.gn)?,
            patronymic: if wire.pn.is_empty() { None } else { Some(open("pn", &wire.pn)?) },
        },
        phone: open("tel", &wire.tel)?,
        email: open("em", &wire.em)?,
    })
}

pub fn to_item(
    citizen: &Citizen,
    person: &Person,
    vault: &Vault,
    moment: &Moment,
) -> Result<(Key, Item), StoreError> {
    let key = keys::me(citizen.id);
    let seal = |index, attribute, clear: &str| vault.seal(&key.pk, attribute, clear, moment.nonce(index));
    let pair = |accepted: &Option<Accepted>| accepted.as_ref().map(|a| (a.version.clone(), ms(a.at)));
    let [(_, sn), (_, gn), (_, pn)] = seal_name(vault, citizen.id, &person.name, moment)?;
    let wire = Wire {
        sn: sn.unwrap_or_default(),
        gn: gn.unwrap_or_default(),
        pn: pn.unwrap_or_default(),
        tel: seal(3, "tel", &person.phone)?,
        em: seal(4, "em", &person.email)?,
        emc: citizen.email_confirmed_at.map(ms),
        agr: pair(&citizen.agreement),
        cons: pair(&citizen.consent),
        lang: citizen.language.clone(),
        rch: (citizen.reach != Reach::default()).then(|| citizen.reach.name().to_owned()),
        met: citizen.met.iter().map(|met| met.name().to_owned()).collect(),
        idc: citizen.confirmed.map(|confirmed| (confirmed.by.name().to_owned(), ms(confirmed.at))),
        cls: citizen.class.name().to_owned(),
        blk: citizen.blocked.as_ref().map(block_wire),
        blw: Vec::new(),
        dep: citizen.cabinet == Cabinet::None,
        rps: citizen.representatives.iter().map(ToString::to_string).collect(),
        ep: citizen.epoch,
        ue: citizen.unlocked,
        cr: ms(citizen.created_at),
        del: citizen.deletion_asked_at.map(ms),
    };
    let mut item = write(&key, &wire)?;
    // From then on it is looked from time to time whether anything here has had its term.
    set_due(&mut item, &key, keys::Due::Keep, citizen.created_at + KEPT_LOOK_EVERY);
    Ok((key, item))
}

/// A part of a name in the record: its attribute, and what is sealed; none is no patronymic.
pub type SealedPart = (&'static str, Option<Vec<u8>>);

/// Seals a name for the record.
pub fn seal_name(
    vault: &Vault,
    citizen: CitizenId,
    name: &Name,
    moment: &Moment,
) -> Result<[SealedPart; 3], StoreError> {
    let pk = keys::me(citizen).pk;
    let seal = |index, attribute, clear: &str| vault.seal(&pk, attribute, clear, moment.nonce(index));
    Ok([
        ("sn", Some(seal(0, "sn", &name.surname)?)),
        ("gn", Some(seal(1, "gn", &name.given)?)),
        ("pn", name.patronymic.as_deref().map(|patronymic| seal(2, "pn", patronymic)).transpose()?),
    ])
}

/// What somebody signs in with.
#[derive(Clone, PartialEq, Eq)]
pub struct Auth {
    /// The password's hash in PHC form.
    pub password_hash: String,
    /// Wrong passwords of whoever was signed in, in a row, and when the last of them came.
    pub wrong: u32,
    pub wrong_at: Option<DateTime<Utc>>,
    /// Of those who want one.
    pub factor: Option<Factor>,
}

#[derive(Debug, Serialize, Deserialize)]
struct AuthWire {
    pw: String,
    #[serde(default, skip_serializing_if = "is_zero")]
    pwr: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pwa: Option<i64>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

pub fn auth_from_item(item: &Item) -> Result<Auth, StoreError> {
    let wire: AuthWire = read(item)?;
    Ok(Auth {
        password_hash: wire.pw,
        wrong: wire.pwr,
        wrong_at: wire.pwa.map(at).transpose()?,
        factor: factor::from_item(item)?,
    })
}

pub fn auth_to_item(citizen: CitizenId, password_hash: &str) -> Result<(Key, Item), StoreError> {
    let key = keys::auth(citizen);
    let item = write(&key, &AuthWire { pw: password_hash.to_owned(), pwr: 0, pwa: None })?;
    Ok((key, item))
}

/// Seals a phone (`tel`) or an address (`em`) for the record.
pub fn seal_contact(
    vault: &Vault,
    citizen: CitizenId,
    attribute: &str,
    clear: &str,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    vault.seal(&keys::me(citizen).pk, attribute, clear, nonce)
}

#[derive(Debug, Serialize, Deserialize)]
struct LoginWire {
    cit: String,
}

/// Whose login this is.
pub fn login_from_item(item: &Item) -> Result<CitizenId, StoreError> {
    id(&read::<LoginWire>(item)?.cit, "citizen")
}

pub fn login_to_item(hash: &str, citizen: CitizenId) -> Result<(Key, Item), StoreError> {
    let key = keys::login(hash);
    let item = write(&key, &LoginWire { cit: citizen.to_string() })?;
    Ok((key, item))
}
