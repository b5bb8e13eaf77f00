//! A certificate with its extensions read, and what may be said of it alone (RFC 5280, sections 4.1 and 4.2).

use super::armour::strict;
use super::{Holder, Refused};
use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;
use der::oid::AssociatedOid;
use der::{Decode, Encode};
use x509_cert::certificate::Version;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage,
};
use x509_cert::ext::pkix::{NameConstraints, SubjectKeyIdentifier};
use x509_cert::name::Name;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::{Certificate, TbsCertificate};

const EXTENSIONS_MAX: usize = 64;

/// What is read below; and certificatePolicies, of which any will do here, so nothing is to be checked.
const UNDERSTOOD: [ObjectIdentifier; 6] = [
    BasicConstraints::OID,
    KeyUsage::OID,
    ExtendedKeyUsage::OID,
    SubjectKeyIdentifier::OID,
    AuthorityKeyIdentifier::OID,
    CertificatePolicies::OID,
];

/// One of these must be among the purposes, where a signer's certificate names any.
const PERSONAL: [ObjectIdentifier; 4] = [
    // anyExtendedKeyUsage, clientAuth, emailProtection: RFC 5280, section 4.2.1.12.
    ObjectIdentifier::new_unwrap("2.5.29.37.0"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4"),
    // documentSigning: RFC 9336.
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36"),
];

/// A certificate that was read strictly, once.
#[derive(Debug, Clone)]
pub struct Known {
    certificate: Certificate,
    /// The whole, and the part that the issuer signed.
    pub der: Vec<u8>,
    pub signed: Vec<u8>,
    constraints: Option<BasicConstraints>,
    usage: Option<KeyUsage>,
    purposes: Option<ExtendedKeyUsage>,
    pub own_key_id: Option<Vec<u8>>,
    issuer_key_id: Option<Vec<u8>>,
    critical: Option<ObjectIdentifier>,
    constrains_names: bool,
}

impl Known {
    pub fn read(der: &[u8]) -> Option<Self> {
        Self::of(strict::<Certificate>(der)?)
    }

    /// `None` where an extension is there twice or cannot be read, or where the two names of the signature's algorithm differ.
    pub fn of(certificate: Certificate) -> Option<Self> {
        let tbs = certificate.tbs_certificate();
        let extensions = tbs.extensions().map_or(&[][..], |all| all.as_slice());
        let repeated = |at: usize| extensions[..at].iter().any(|one| one.extn_id == extensions[at].extn_id);
        let well = tbs.version() == Version::V3
            && extensions.len() <= EXTENSIONS_MAX
            && !(0..extensions.len()).any(repeated)
            && tbs.signature() == certificate.signature_algorithm();
        if !well {
            return None;
        }
        let critical = extensions.iter().find(|one| one.critical && !UNDERSTOOD.contains(&one.extn_id));
        Some(Self {
            critical: critical.map(|one| one.extn_id),
            constraints: extension(tbs)?,
            usage: extension(tbs)?,
            purposes: extension(tbs)?,
            own_key_id: extension::<SubjectKeyIdentifier>(tbs)?.map(|id| id.0.as_bytes().to_vec()),
            issuer_key_id: extension::<AuthorityKeyIdentifier>(tbs)?
                .and_then(|id| id.key_identifier)
                .map(|id| id.as_bytes().to_vec()),
            constrains_names: extension::<NameConstraints>(tbs)?.is_some(),
            der: certificate.to_der().ok()?,
            signed: tbs.to_der().ok()?,
            certificate,
        })
    }

    pub fn tbs(&self) -> &TbsCertificate {
        self.certificate.tbs_certificate()
    }

    pub fn subject(&self) -> &Name {
        self.tbs().subject()
    }

    pub fn issuer(&self) -> &Name {
        self.tbs().issuer()
    }

    pub fn key(&self) -> &SubjectPublicKeyInfoOwned {
        self.tbs().subject_public_key_info()
    }

    pub fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        self.certificate.signature_algorithm()
    }

    pub fn signature(&self) -> Option<&[u8]> {
        self.certificate.signature().as_bytes()
    }

    /// In seconds since 1970, both included (RFC 5280, section 4.1.2.5).
    pub fn validity(&self) -> (i64, i64) {
        let of = |time: x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
        };
        let validity = self.tbs().validity();
        (of(validity.not_before), of(validity.not_after))
    }

    pub fn is_self_issued(&self) -> bool {
        self.subject() == self.issuer()
    }

    /// Names and, where both name one, keys: whether `issuer` may be the one who issued this. Names are compared byte by byte,
    /// which is stricter than RFC 5280, section 7.1.
    pub fn may_be_issued_by(&self, issuer: &Self) -> bool {
        let keys = match (&self.issuer_key_id, &issuer.own_key_id) {
            (Some(wanted), Some(own)) => wanted == own,
            _ => true,
        };
        keys && !issuer.subject().is_empty() && self.issuer() == issuer.subject()
    }

    pub fn check_validity(&self, holder: Holder, now: DateTime<Utc>) -> Result<(), Refused> {
        let (not_before, not_after) = self.validity();
        match now.timestamp() {
            now if now < not_before => Err(Refused::NotYetValid { holder }),
            now if now > not_after => Err(Refused::Expired { holder }),
            _ => Ok(()),
        }
    }

    pub fn check_critical(&self, holder: Holder) -> Result<(), Refused> {
        self.critical.map_or(Ok(()), |oid| Err(Refused::Critical { holder, oid }))
    }

    /// A person's certificate for signing: keyUsage is there and has digitalSignature or nonRepudiation, it is no authority's.
    pub fn check_signer(&self) -> Result<(), Refused> {
        let signs = self.usage.is_some_and(|usage| usage.digital_signature() || usage.non_repudiation());
        let authority = self.constraints.as_ref().is_some_and(|constraints| constraints.ca);
        let personal =
            self.purposes.as_ref().is_none_or(|some| some.0.iter().any(|purpose| PERSONAL.contains(purpose)));
        match signs && !authority && personal {
            true => Ok(()),
            false => Err(Refused::Purpose),
        }
    }

    /// An authority's certificate with `between` authorities (not self-issued) below it: cA, keyCertSign, pathLen.
    pub fn check_authority(&self, holder: Holder, between: usize) -> Result<(), Refused> {
        let Some(constraints) = self.constraints.as_ref().filter(|constraints| constraints.ca) else {
            return Err(Refused::NotAuthority);
        };
        if !self.usage.is_some_and(|usage| usage.key_cert_sign()) {
            return Err(Refused::NotAuthority);
        }
        if constraints.path_len_constraint.is_some_and(|most| between > usize::from(most)) {
            return Err(Refused::PathTooLong);
        }
        if self.constrains_names {
            return Err(Refused::NameConstraints);
        }
        let narrowed = |one: &Extension| one.critical && one.extn_id == ExtendedKeyUsage::OID;
        match self.tbs().extensions().into_iter().flatten().any(narrowed) {
            true => Err(Refused::Critical { holder, oid: ExtendedKeyUsage::OID }),
            false => Ok(()),
        }
    }

    pub fn may_sign_lists(&self) -> bool {
        self.usage.is_some_and(|usage| usage.crl_sign())
    }
}

/// `None` if it is there and cannot be read.
fn extension<'a, T: Decode<'a> + AssociatedOid>(tbs: &'a TbsCertificate) -> Option<Option<T>> {
    tbs.get_extension::<T>().ok().map(|found| found.map(|(_, value)| value))
}
