//! Applications that are signed electronically: the text that is signed, and that whoever sends a signature is who signed it
//! (BKG-8). How a signature is verified is the caller's.
//!
//! A text is good for one thing (a booking, an offer, a correction), one signer, one application at one agency, half an hour and
//! one use, which is the write of what it was signed for. It is kept to the letter, so nothing depends on making it anew.

mod start;

pub use start::{Begun, Facts, Words, for_booking, for_correction, for_offer};

use crate::identity::Known;
use crate::identity::compare::Said;
use crate::refusal::WrongField;
use crate::{App, Caller, Refusal};
use chrono::{DateTime, Utc};
use domain::appointment::Application;
use domain::availability::horizon;
use domain::catalogue::{Office, Service};
use domain::citizen::Name;
use domain::profile::Demand;
use domain::signing::{Certificate, NotPreferred, Preferred, Signed, Subject};
use domain::{AppointmentId, CitizenId, Moment};
use std::sync::Arc;
use store::access::batch::Batch;
use store::items::signed::SignedApplication;
use store::items::to_sign::ToSign;
use store::{Commit, Key, Vault, keys};

/// Who signed, as their certificate says it.
#[derive(Debug, Clone)]
pub struct Signer {
    pub said: Said,
    pub certificate: Certificate,
}

/// Says of a text, a signature and a time who signed it, or the name of the reason why that is not to be said.
pub type Verify = dyn Fn(&[u8], &[u8], DateTime<Utc>) -> Result<Signer, &'static str> + Send + Sync;

/// A signature as it was sent, and what verifies it.
#[derive(Clone)]
pub struct Given {
    pub signature: Vec<u8>,
    pub verify: Arc<Verify>,
}

/// What is to be signed, as it is asked for now.
pub struct Wanted<'a> {
    pub subject: Subject,
    pub office: &'a Office,
    pub application: &'a Application,
}

/// A signature that holds, not used up yet.
pub struct Proved {
    asked: ToSign,
    by: String,
    certificate: Certificate,
    signature: Vec<u8>,
}

/// Whether whoever asks signs for a service: staff do not, the citizen signs on paper at the visit.
pub fn signs(caller: &Caller, service: &Service) -> bool {
    service.signature == Demand::Asked && caller.signer().is_some()
}

/// What is read besides where a signature was sent: the text and who the signer is.
pub fn keys(caller: &Caller, subject: &Subject, given: Option<&Given>) -> Vec<Key> {
    match (caller.signer(), given) {
        (Some(signer), Some(_)) => {
            vec![keys::to_sign(caller.citizen(), signer, subject), keys::profile(signer)]
        }
        _ => Vec::new(),
    }
}

/// That what is asked for is signed, if it has to be.
///
/// # Errors
/// [`Refusal::Fields`] for `signature` when there is none (`signature-needed`), when none is asked for, when the text was used or
/// its time is over, or for each field in which something else was signed; [`Refusal::SignatureRefused`];
/// [`Refusal::OtherPerson`] when the certificate is not the signer's.
pub fn prove(
    caller: &Caller,
    (batch, vault): (&Batch, Option<&Vault>),
    needed: Demand,
    wanted: &Wanted<'_>,
    given: Option<&Given>,
    moment: &Moment,
) -> Result<Option<Proved>, Refusal> {
    let wrong = |code| Refusal::Fields(vec![WrongField::new("signature", code)]);
    let (given, signer, vault) = match (needed, given, caller.signer(), vault) {
        (Demand::NotAsked, None, ..) => return Ok(None),
        (Demand::NotAsked, Some(_), ..) => return Err(wrong("signature-not-needed")),
        (Demand::Asked, Some(given), Some(signer), Some(vault)) => (given, signer, vault),
        (Demand::Asked, ..) => return Err(wrong("signature-needed")),
    };
    let asked = batch.to_sign((caller.citizen(), signer), &wanted.subject, vault)?;
    let open = |asked: &ToSign| asked.used_at.is_none() && moment.now < asked.expires_at;
    let asked = asked.filter(open).ok_or_else(|| wrong("signature-over"))?;
    let found = (given.verify)(asked.text.as_bytes(), &given.signature, moment.now);
    let found = found.map_err(Refusal::SignatureRefused)?;
    let known = Known::of(batch, vault, signer)?.ok_or(Refusal::Unauthorized)?;
    let differences = found.said.differences(&known);
    if !differences.is_empty() {
        return Err(Refusal::OtherPerson(differences));
    }
    let otherwise = otherwise(&asked, wanted);
    if !otherwise.is_empty() {
        return Err(Refusal::Fields(otherwise));
    }
    let by = whole_name(&known.person.name);
    Ok(Some(Proved { asked, by, certificate: found.certificate, signature: given.signature.clone() }))
}

/// Every field that is asked for otherwise than it was signed.
fn otherwise(asked: &ToSign, wanted: &Wanted<'_>) -> Vec<WrongField> {
    let (signed, now) = (&asked.application, wanted.application);
    let differs = [
        ("officeId", asked.agency != wanted.office.agency),
        ("purpose", signed.purpose != now.purpose),
        ("contactPhone", signed.phone != now.phone),
        ("contactEmail", signed.email != now.email),
        ("preferredDates", signed.preferred != now.preferred),
        ("rulesVersion", signed.rules_version != now.rules_version),
    ];
    let differs = differs.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field.to_owned());
    let of = |fields: &[(String, String)], name: &str| {
        fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    let mut names: Vec<&String> = signed.fields.iter().chain(&now.fields).map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    let fields = names.into_iter().filter(|name| of(&signed.fields, name) != of(&now.fields, name));
    let fields = fields.map(|name| format!("fields.{name}"));
    differs.chain(fields).map(|field| WrongField::new(field, "signed-otherwise")).collect()
}

impl Proved {
    /// As the application of the version of the appointment that is made with it.
    pub fn signed(&self, version: u64, moment: &Moment) -> Signed {
        Signed { at: moment.now, version, by: Some(self.by.clone()) }
    }

    /// Uses the text up in the write for which it was signed, and keeps the signature.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`].
    pub fn keep(
        &self,
        (app, vault): (&App, &Vault),
        commit: &mut Commit,
        (citizen, appointment, version): (CitizenId, AppointmentId, u64),
        moment: &Moment,
    ) -> Result<(), Refusal> {
        let signed = SignedApplication {
            citizen,
            appointment,
            version,
            signer: self.asked.signer,
            by: self.by.clone(),
            text: self.asked.text.clone(),
            signature: self.signature.clone(),
            certificate: self.certificate.clone(),
            verified_at: moment.now,
        };
        Ok(app.store.put_signed(commit, (&self.asked, &signed), vault, moment.nonce(NONCE))?)
    }
}

/// Which nonce of the moment seals a signature: the first ones seal what is written beside it.
const NONCE: u32 = 40;

/// Surname, first name and patronymic.
pub(crate) fn whole_name(name: &Name) -> String {
    let parts = [Some(name.surname.as_str()), Some(name.given.as_str()), name.patronymic.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Every preferred range that cannot be preferred at an office now.
///
/// # Errors
/// [`Refusal::Fields`].
pub fn preferable(
    office: &Office,
    service: &Service,
    preferred: &[Preferred],
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let today = now.with_timezone(&office.zone).date_naive();
    let last_on = horizon(office, service, now).last_on;
    let wrong = preferred.iter().enumerate().filter_map(|(at, dates)| {
        let (field, code) = match dates.check(today, last_on).err()? {
            NotPreferred::FromAfterTo => ("from", "from-after-to"),
            NotPreferred::Past => ("from", "past"),
            NotPreferred::TooFar => ("to", "date-too-far"),
        };
        let wrong = WrongField::new(format!("preferredDates[{at}].{field}"), code);
        Some(if code == "date-too-far" { wrong.with("max", last_on) } else { wrong })
    });
    let wrong: Vec<_> = wrong.collect();
    if wrong.is_empty() { Ok(()) } else { Err(Refusal::Fields(wrong)) }
}
