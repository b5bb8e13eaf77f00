//! A signature with which an appointment was made or corrected: what was signed to the letter, by whom, and what was known of
//! their certificate when it was verified (BKG-8).

use super::{at, id, ms, read, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use domain::signing::Certificate;
use domain::{AppointmentId, CitizenId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedApplication {
    pub citizen: CitizenId,
    pub appointment: AppointmentId,
    /// The version of the appointment that was made with it.
    pub version: u64,
    /// The citizen, or whoever acted for them.
    pub signer: CitizenId,
    pub by: String,
    /// The bytes that were signed are these characters in UTF-8.
    pub text: String,
    /// The detached signature (CMS) as it came, at most 40 KB.
    pub signature: Vec<u8>,
    pub certificate: Certificate,
    pub verified_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    by: String,
    at: i64,
    #[serde(with = "serde_bytes")]
    sl: Vec<u8>,
}

/// The attribute to which the seal is bound, and what is in it.
const SEALED: &str = "sl";

#[derive(Debug, Serialize, Deserialize)]
struct SealedWire {
    by: String,
    tx: String,
    sg: String,
    sb: String,
    is: String,
    sn: String,
    vf: i64,
    vu: i64,
}

/// Reads one.
///
/// # Errors
/// [`StoreError::Corrupt`]; [`StoreError::Sealed`].
pub fn from_item(item: &Item, vault: &Vault) -> Result<SignedApplication, StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let wire: Wire = read(item)?;
    let clear = vault.open(&key.to_string(), SEALED, &wire.sl)?;
    let sealed: SealedWire = serde_json::from_str(&clear).map_err(|_| unknown("signature")())?;
    let (appointment, version) = of(&key).ok_or_else(unknown("key"))?;
    Ok(SignedApplication {
        citizen: key.citizen().ok_or_else(unknown("citizen"))?,
        appointment,
        version,
        signer: id(&wire.by, "signer")?,
        by: sealed.by,
        text: sealed.tx,
        signature: STANDARD.decode(sealed.sg).map_err(|_| unknown("signature")())?,
        certificate: Certificate {
            subject: sealed.sb,
            issuer: sealed.is,
            serial: sealed.sn,
            valid_from: at(sealed.vf)?,
            valid_until: at(sealed.vu)?,
        },
        verified_at: at(wire.at)?,
    })
}

/// Of which appointment a signature is, and when it was verified: without keys.
pub fn about(item: &Item) -> Result<(AppointmentId, DateTime<Utc>), StoreError> {
    let key = Key::of(item).ok_or_else(unknown("key"))?;
    let (appointment, _) = of(&key).ok_or_else(unknown("key"))?;
    Ok((appointment, at(read::<Wire>(item)?.at)?))
}

fn of(key: &Key) -> Option<(AppointmentId, u64)> {
    let (appointment, version) = key.sk.strip_prefix(keys::SIGNED)?.split_once('#')?;
    Some((appointment.parse().ok()?, version.parse().ok()?))
}

pub(crate) fn to_item(
    signed: &SignedApplication,
    vault: &Vault,
    nonce: [u8; 12],
) -> Result<Item, StoreError> {
    let key = keys::signed(signed.citizen, signed.appointment, signed.version);
    let certificate = &signed.certificate;
    let sealed = SealedWire {
        by: signed.by.clone(),
        tx: signed.text.clone(),
        sg: STANDARD.encode(&signed.signature),
        sb: certificate.subject.clone(),
        is: certificate.issuer.clone(),
        sn: certificate.serial.clone(),
        vf: ms(certificate.valid_from),
        vu: ms(certificate.valid_until),
    };
    let clear = serde_json::to_string(&sealed).map_err(|_| unknown("signature")())?;
    let wire = Wire {
        by: signed.signer.to_string(),
        at: ms(signed.verified_at),
        sl: vault.seal(&key.to_string(), SEALED, &clear, nonce)?,
    };
    write(&key, &wire)
}
