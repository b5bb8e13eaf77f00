//! What a CMS SignedData holds, and that it is of the one form that is accepted (RFC 5652, section 5).

use super::Refused;
use super::armour::{open, strict};
use super::attributes::DATA;
use super::certificate::Known;
use cms::cert::CertificateChoices;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::Encode;
use der::asn1::ObjectIdentifier;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// How PEM calls it: the first by RFC 7468, the second by older tools, for the same thing.
const LABELS: [&str; 2] = ["CMS", "PKCS7"];
pub const CERTIFICATES_MAX: usize = 16;

/// A detached signature of one signer.
pub struct Envelope {
    pub signer: SignerInfo,
    pub certificate: Known,
    /// The others that came along: intermediates, perhaps.
    pub others: Vec<Known>,
}

impl Envelope {
    pub fn open(signature: &[u8]) -> Result<Self, Refused> {
        let der = open(signature, &LABELS).ok_or(Refused::Unreadable)?;
        let whole: ContentInfo = strict(&der).ok_or(Refused::Unreadable)?;
        if whole.content_type != SIGNED_DATA {
            return Err(Refused::Unreadable);
        }
        let content = whole.content.to_der().map_err(|_| Refused::Unreadable)?;
        Self::of(strict(&content).ok_or(Refused::Unreadable)?)
    }

    fn of(data: SignedData) -> Result<Self, Refused> {
        if data.encap_content_info.econtent.is_some() {
            return Err(Refused::Attached);
        }
        if data.encap_content_info.econtent_type != DATA {
            return Err(Refused::ContentType);
        }
        let [signer] = data.signer_infos.0.as_slice() else {
            return Err(Refused::SignersNotOne { found: data.signer_infos.0.len() });
        };
        let given = data.certificates.map(|set| set.0.into_vec()).unwrap_or_default();
        if given.len() > CERTIFICATES_MAX {
            return Err(Refused::TooLarge);
        }
        let mut certificates = Vec::new();
        for one in given {
            match one {
                CertificateChoices::Certificate(one) => certificates.push(one),
                CertificateChoices::Other(_) => return Err(Refused::Unreadable),
            }
        }
        let (certificate, others) = sort(signer, certificates)?;
        Ok(Self { signer: signer.clone(), certificate, others })
    }
}

/// The signer's certificate and the rest. Those of the rest which are not as they should be are left out.
fn sort(signer: &SignerInfo, given: Vec<x509_cert::Certificate>) -> Result<(Known, Vec<Known>), Refused> {
    let (own, rest): (Vec<_>, Vec<_>) = given.into_iter().partition(|one| is_of(signer, one));
    let mut own = own.into_iter();
    let (Some(one), None) = (own.next(), own.next()) else { return Err(Refused::CertificateMissing) };
    let certificate = Known::of(one).ok_or(Refused::CertificateWrong { holder: super::Holder::Signer })?;
    Ok((certificate, rest.into_iter().filter_map(Known::of).collect()))
}

fn is_of(signer: &SignerInfo, certificate: &x509_cert::Certificate) -> bool {
    let tbs = certificate.tbs_certificate();
    match (&signer.sid, signer.version) {
        (SignerIdentifier::IssuerAndSerialNumber(named), CmsVersion::V1) => {
            &named.issuer == tbs.issuer() && &named.serial_number == tbs.serial_number()
        }
        (SignerIdentifier::SubjectKeyIdentifier(wanted), CmsVersion::V3) => {
            matches!(tbs.get_extension(), Ok(Some((_, own))) if *wanted == own)
        }
        _ => false,
    }
}
