//! What is asked of whoever can check GOST R 34.10-2012: no kept library that this system could lean on does.

use super::Refused;
use super::algorithms::GostLength;
use thiserror::Error;

/// Checks signatures by GOST R 34.10-2012 and digests by GOST R 34.11-2012 («Streebog»).
///
/// Everything but the arithmetic is done by [`super::verify`]: reading, the signed attributes, the chain, validity, revocation.
/// An implementation keeps no state between calls that could change an answer, does not panic on any input (all of it may be
/// hostile), and answers within a second.
pub trait GostVerifier: Send + Sync {
    /// The digest of `message` (of at most [`super::SIGNED_BYTES_MAX`] bytes), GOST R 34.11-2012 of `length` bits: 32 bytes or
    /// 64 in the order in which they stand in the attribute message-digest, in which the digest of no bytes in 256 bits begins
    /// with 3f 53 9a 21. An answer of another length is taken for a wrong digest.
    ///
    /// # Errors
    /// [`GostFault::Unavailable`] if it cannot be computed now. [`GostFault::Wrong`] and [`GostFault::Unsupported`] are never
    /// answered here.
    fn digest(&self, length: GostLength, message: &[u8]) -> Result<Vec<u8>, GostFault>;

    /// Whether `check.signature` is a signature of `check.message` by the key in `check.key`. It must
    ///
    /// * read `check.key` as a DER SubjectPublicKeyInfo (RFC 9215, section 4): its algorithm must be the one of `check.length`
    ///   (1.2.643.7.1.1.1.1 for 256 bits, 1.2.643.7.1.1.1.2 for 512), the key an OCTET STRING within the BIT STRING: x then y,
    ///   each little-endian, 64 or 128 bytes in all;
    /// * take the curve from the key's publicKeyParamSet, and accept no curve but the sets of RFC 9215 and RFC 7836 for that
    ///   length: never parameters that are written out, none for tests;
    /// * demand that digestParamSet, where it is there, be the digest of the same length (1.2.643.7.1.1.2.2 or .2.3);
    /// * demand that the point be on the curve, be not the neutral one, and be of the group's order;
    /// * compute the digest of `check.message` itself: GOST R 34.11-2012 of `check.length` bits;
    /// * read `check.signature` as it stands in CMS and X.509: 64 or 128 bytes, s then r, each big-endian (RFC 9215, section 2);
    ///   any other length is [`GostFault::Wrong`];
    /// * demand 0 < r < q and 0 < s < q, and check by GOST R 34.10-2012, section 6.2 (RFC 7091).
    ///
    /// # Errors
    /// [`GostFault::Wrong`] if any of it does not hold; [`GostFault::Unsupported`] for a set of parameters it does not know;
    /// [`GostFault::Unavailable`] if it could not be checked now, and nothing may be concluded.
    fn verify(&self, check: &GostCheck<'_>) -> Result<(), GostFault>;
}

/// One signature to check.
#[derive(Debug, Clone, Copy)]
pub struct GostCheck<'a> {
    pub length: GostLength,
    /// DER SubjectPublicKeyInfo of whoever is said to have signed, with the parameters.
    pub key: &'a [u8],
    /// What was signed, not yet digested: DER of signed attributes, of a TBSCertificate or of a TBSCertList.
    pub message: &'a [u8],
    pub signature: &'a [u8],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GostFault {
    #[error("the signature or the key is wrong")]
    Wrong,
    #[error("a set of parameters that is not known")]
    Unsupported,
    #[error("cannot be checked now")]
    Unavailable,
}

pub fn available(gost: Option<&dyn GostVerifier>) -> Result<&dyn GostVerifier, Refused> {
    gost.ok_or(Refused::GostUnavailable)
}
