//! Why a signature does not confirm who signed.

use der::asn1::ObjectIdentifier;
use std::fmt;
use thiserror::Error;

/// One variant for each reason that a person is told; `name` is what stands in answers and records and never changes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    #[error("the signature, what is signed, or the number of things within is beyond its bound")]
    TooLarge,
    #[error("not a CMS SignedData in DER, PEM or base64")]
    Unreadable,
    #[error("the signature holds what it signs, instead of standing beside it")]
    Attached,
    #[error("{found} signers instead of one")]
    SignersNotOne { found: usize },
    #[error("the algorithm {oid} is not accepted here")]
    Algorithm { oid: ObjectIdentifier },
    #[error("a key of {bits} bits is not accepted")]
    WeakKey { bits: usize },
    #[error("GOST R 34.10-2012 cannot be checked here")]
    GostUnavailable,
    #[error("the signed attributes are missing")]
    AttributesMissing,
    #[error("the signed attributes are not as RFC 5652 wants them")]
    AttributesWrong,
    #[error("the signature is of another type of content than data")]
    ContentType,
    #[error("something else was signed, or it was changed")]
    DataChanged,
    #[error("the time of signing is in the future or outside the certificate's validity")]
    SigningTime,
    #[error("the signature names another certificate than the signer's")]
    SigningCertificate,
    #[error("the signature's value is wrong")]
    SignatureWrong,
    #[error("the signer's certificate is not in the signature, or two might be it")]
    CertificateMissing,
    #[error("the certificate of the {holder} is not as RFC 5280 wants it")]
    CertificateWrong { holder: Holder },
    #[error("the certificate of the {holder} is not valid yet")]
    NotYetValid { holder: Holder },
    #[error("the certificate of the {holder} has expired")]
    Expired { holder: Holder },
    #[error("the signer's certificate is not for signing by a person")]
    Purpose,
    #[error("the certificate says neither surname nor common name")]
    Nameless,
    #[error("no way leads to a root that is trusted here")]
    Untrusted,
    #[error("a certificate was issued by somebody who may not issue any")]
    NotAuthority,
    #[error("more authorities stand between than one of them allows")]
    PathTooLong,
    #[error("a certificate was not signed by its issuer")]
    LinkWrong,
    #[error("the certificate of the {holder} makes a demand that is not known here: {oid}")]
    Critical { holder: Holder, oid: ObjectIdentifier },
    #[error("an authority constrains names, which is not looked at here")]
    NameConstraints,
    #[error("the certificate of the {holder} is revoked")]
    Revoked { holder: Holder },
    #[error("the list of what an issuer has revoked is out of date, or not the issuer's")]
    RevocationUnknown,
}

impl Refused {
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::Unreadable => "unreadable",
            Self::Attached => "attached",
            Self::SignersNotOne { .. } => "signers-not-one",
            Self::Algorithm { .. } => "algorithm",
            Self::WeakKey { .. } => "weak-key",
            Self::GostUnavailable => "gost-unavailable",
            Self::AttributesMissing => "attributes-missing",
            Self::AttributesWrong => "attributes-wrong",
            Self::ContentType => "content-type",
            Self::DataChanged => "data-changed",
            Self::SigningTime => "signing-time",
            Self::SigningCertificate => "signing-certificate",
            Self::SignatureWrong => "signature-wrong",
            Self::CertificateMissing => "certificate-missing",
            Self::CertificateWrong { .. } => "certificate-wrong",
            Self::NotYetValid { .. } => "not-yet-valid",
            Self::Expired { .. } => "expired",
            Self::Purpose => "purpose",
            Self::Nameless => "nameless",
            Self::Untrusted => "untrusted",
            Self::NotAuthority => "not-authority",
            Self::PathTooLong => "path-too-long",
            Self::LinkWrong => "link-wrong",
            Self::Critical { .. } => "critical",
            Self::NameConstraints => "name-constraints",
            Self::Revoked { .. } => "revoked",
            Self::RevocationUnknown => "revocation-unknown",
        }
    }
}

/// Whose certificate it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Signer,
    Intermediate,
    Root,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signer => "signer",
            Self::Intermediate => "intermediate authority",
            Self::Root => "root",
        })
    }
}
