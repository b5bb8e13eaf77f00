//! Checks a detached electronic signature, CMS in the manner of CAdES-BES, against roots that are trusted here (ACC-9, BKG-8).
//!
//! What a signature must be: strict DER (or PEM or base64 of it), one signer, content beside it, signed attributes. What its
//! chain must be: RFC 5280 in the narrower form that each file states.
//!
//! **Not checked**: OCSP; lists of revoked certificates that come within the signature or that a certificate points to, for
//! nothing is fetched (only lists that the configuration gives are looked at, and without an issuer's list its certificates
//! are not known to be revoked); time stamps and other unsigned attributes; certificate policies; signingCertificate of the
//! first version, which knows SHA-1 only; whether a certificate is qualified by 63-FZ, which is for whoever picks the roots; how
//! old a signature is: for that `signed` must be a challenge that was given out just now and is accepted once.

mod algorithms;
mod armour;
mod attributes;
mod certificate;
mod chain;
mod envelope;
mod given;
mod gost;
mod key;
mod refused;
mod revocation;
mod roots;
mod signer;
mod trust;

#[cfg(test)]
mod tests;

pub use algorithms::GostLength;
pub use given::{SENT_BYTES_MAX, decode, given, signer};
pub use gost::{GostCheck, GostFault, GostVerifier};
pub use refused::{Holder, Refused};
pub use roots::Roots;
pub use signer::Signer;
pub use trust::{BadTrust, Trust};

use attributes::Signed;
use chrono::{DateTime, Utc};
use der::Encode;
use envelope::Envelope;

/// Of a signature in whatever form it comes.
pub const SIGNATURE_BYTES_MAX: usize = 64 * 1024;
/// Of what is signed: a challenge, or a statement of a few pages.
pub const SIGNED_BYTES_MAX: usize = 1024 * 1024;

/// Whose signature of exactly the bytes `signed` this is.
///
/// The signature is checked before the chain, so whoever changed a word hears that, and not something about certificates.
///
/// # Errors
/// The first reason that was found why the signature confirms nothing.
pub fn verify(
    signed: &[u8],
    signature: &[u8],
    trust: &Trust<'_>,
    now: DateTime<Utc>,
) -> Result<Signer, Refused> {
    if signature.len() > SIGNATURE_BYTES_MAX || signed.len() > SIGNED_BYTES_MAX {
        return Err(Refused::TooLarge);
    }
    let envelope = Envelope::open(signature)?;
    check_signature(&envelope, signed, trust, now)?;
    chain::check(&envelope.certificate, &envelope.others, trust, now)?;
    Signer::of(&envelope.certificate)
}

fn check_signature(
    envelope: &Envelope,
    signed: &[u8],
    trust: &Trust<'_>,
    now: DateTime<Utc>,
) -> Result<(), Refused> {
    let Envelope { signer, certificate, .. } = envelope;
    let digest = algorithms::digest(&signer.digest_alg)?;
    let scheme = algorithms::signer_scheme(&signer.signature_algorithm, digest)?;
    let attributes = signer.signed_attrs.as_ref().ok_or(Refused::AttributesMissing)?;
    // What is signed is the SET OF itself, not the [0] that stands for it (RFC 5652, section 5.4).
    let der = attributes.to_der().map_err(|_| Refused::AttributesWrong)?;
    let attributes = Signed::of(attributes)?;
    attributes.check_content(&key::digest(digest, signed, trust.gost)?)?;
    if !key::holds(scheme, certificate.key(), &der, signer.signature.as_bytes(), trust.gost)? {
        return Err(Refused::SignatureWrong);
    }
    // Before the time of signing, which lies outside an expired certificate: whoever holds one hears that it has expired.
    certificate.check_validity(Holder::Signer, now)?;
    attributes.check_time(certificate, now)?;
    attributes.check_certificate(certificate, trust.gost)
}
