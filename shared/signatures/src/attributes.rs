//! The signed attributes of a signature: what was signed, when, and with which certificate (RFC 5652, section 11; RFC 5035).

use super::armour::strict;
use super::certificate::Known;
use super::gost::GostVerifier;
use super::{Refused, algorithms, key};
use chrono::{DateTime, Utc};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Any, Decode, Encode, Sequence};
use std::time::Duration;
use x509_cert::attr::Attributes;
use x509_cert::ext::pkix::name::{GeneralName, GeneralNames};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

/// How far the signer's clock may be ahead.
pub const AHEAD_MAX: Duration = Duration::from_secs(600);
const ATTRIBUTES_MAX: usize = 64;
const CERTIFICATES_MAX: usize = 16;

pub const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<CertificateId>,
    policies: Option<Vec<Any>>,
}

/// ESSCertIDv2. Its first member has a default, which the reader tells by the tag.
#[derive(Sequence)]
struct CertificateId {
    algorithm: Option<AlgorithmIdentifierOwned>,
    digest: OctetString,
    issuer_serial: Option<IssuerSerial>,
}

#[derive(Sequence)]
struct IssuerSerial {
    issuer: GeneralNames,
    serial_number: SerialNumber,
}

/// Attributes of which each is there at most once.
pub struct Signed<'a>(&'a Attributes);

impl<'a> Signed<'a> {
    pub fn of(attributes: &'a Attributes) -> Result<Self, Refused> {
        let all = attributes.as_slice();
        let repeated =
            (0..all.len().min(ATTRIBUTES_MAX)).any(|at| all[..at].iter().any(|one| one.oid == all[at].oid));
        match all.len() {
            _ if repeated => Err(Refused::AttributesWrong),
            0..=ATTRIBUTES_MAX => Ok(Self(attributes)),
            _ => Err(Refused::TooLarge),
        }
    }

    /// That it is data, and `digest` is its digest.
    pub fn check_content(&self, digest: &[u8]) -> Result<(), Refused> {
        let content_type: Option<ObjectIdentifier> = self.only(CONTENT_TYPE)?;
        let signed: Option<OctetString> = self.only(MESSAGE_DIGEST)?;
        match (content_type, signed) {
            (None, _) | (_, None) => Err(Refused::AttributesMissing),
            (Some(content_type), _) if content_type != DATA => Err(Refused::ContentType),
            (_, Some(signed)) if signed.as_bytes() != digest => Err(Refused::DataChanged),
            _ => Ok(()),
        }
    }

    /// That the time of signing, where it is said, is within the certificate's validity and not ahead of `now`.
    pub fn check_time(&self, signer: &Known, now: DateTime<Utc>) -> Result<(), Refused> {
        let Some(at) = self.only::<Time>(SIGNING_TIME)? else { return Ok(()) };
        let at = i64::try_from(at.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
        let (not_before, not_after) = signer.validity();
        let latest = now.timestamp().saturating_add(AHEAD_MAX.as_secs() as i64);
        match at < not_before || at > not_after || at > latest {
            true => Err(Refused::SigningTime),
            false => Ok(()),
        }
    }

    /// That the certificate that the signature names first, where it names one, is the signer's.
    pub fn check_certificate(&self, signer: &Known, gost: Option<&dyn GostVerifier>) -> Result<(), Refused> {
        let Some(named) = self.only::<SigningCertificateV2>(SIGNING_CERTIFICATE_V2)? else { return Ok(()) };
        if named.certs.len() > CERTIFICATES_MAX {
            return Err(Refused::TooLarge);
        }
        let first = named.certs.first().ok_or(Refused::AttributesWrong)?;
        let sha256 = AlgorithmIdentifierOwned { oid: SHA256, parameters: None };
        let algorithm = algorithms::digest(first.algorithm.as_ref().unwrap_or(&sha256))?;
        let same = key::digest(algorithm, &signer.der, gost)? == first.digest.as_bytes();
        let named_well = first.issuer_serial.as_ref().is_none_or(|named| is_of(named, signer));
        match same && named_well {
            true => Ok(()),
            false => Err(Refused::SigningCertificate),
        }
    }

    /// The one value of an attribute, where it is there.
    fn only<T: for<'d> Decode<'d> + Encode>(&self, oid: ObjectIdentifier) -> Result<Option<T>, Refused> {
        let Some(attribute) = self.0.iter().find(|one| one.oid == oid) else { return Ok(None) };
        let [value] = attribute.values.as_slice() else { return Err(Refused::AttributesWrong) };
        let der = value.to_der().map_err(|_| Refused::AttributesWrong)?;
        strict(&der).map(Some).ok_or(Refused::AttributesWrong)
    }
}

fn is_of(named: &IssuerSerial, signer: &Known) -> bool {
    let [GeneralName::DirectoryName(issuer)] = named.issuer.as_slice() else { return false };
    issuer == signer.issuer() && &named.serial_number == signer.tbs().serial_number()
}
