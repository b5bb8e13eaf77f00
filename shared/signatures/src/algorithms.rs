//! Which algorithms are accepted: the one table, and how an AlgorithmIdentifier is read against it.

use super::Refused;
use der::asn1::ObjectIdentifier;
use rsa::pkcs1::RsaPssParams;
use std::ops::RangeInclusive;
use x509_cert::spki::AlgorithmIdentifierOwned;

pub const RSA_BITS: RangeInclusive<usize> = 2048..=4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    Sha256,
    Sha384,
    Sha512,
    Streebog256,
    Streebog512,
}

/// How a signature is made; the bytes of salt are the PSS parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    RsaPkcs1(Digest),
    RsaPss(Digest, u8),
    Ecdsa(Digest),
    Ed25519,
    Gost(GostLength),
}

/// The length of a key of GOST R 34.10-2012, in bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GostLength {
    Bits256,
    Bits512,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Digest(Digest),
    /// rsaEncryption as an algorithm of a SignerInfo: the digest is the SignerInfo's.
    RsaPkcs1WithItsDigest,
    RsaPkcs1(Digest),
    RsaPss,
    Ecdsa(Digest),
    Ed25519,
    Gost(GostLength),
}

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

pub const RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
pub const EC: ObjectIdentifier = oid("1.2.840.10045.2.1");
pub const P256: ObjectIdentifier = oid("1.2.840.10045.3.1.7");
pub const P384: ObjectIdentifier = oid("1.3.132.0.34");
pub const ED25519: ObjectIdentifier = oid("1.3.101.112");
pub const GOST_256: ObjectIdentifier = oid("1.2.643.7.1.1.1.1");
pub const GOST_512: ObjectIdentifier = oid("1.2.643.7.1.1.1.2");
const MGF1: ObjectIdentifier = oid("1.2.840.113549.1.1.8");

/// Everything that is accepted (the curves, P-256 and P-384 of RFC 5480, are looked at with the key). MD5 and SHA-1 are not
/// here since one finds collisions of theirs.
const ACCEPTED: [(ObjectIdentifier, Kind); 18] = [
    // RFC 5754, section 2.
    (oid("2.16.840.1.101.3.4.2.1"), Kind::Digest(Digest::Sha256)),
    (oid("2.16.840.1.101.3.4.2.2"), Kind::Digest(Digest::Sha384)),
    (oid("2.16.840.1.101.3.4.2.3"), Kind::Digest(Digest::Sha512)),
    // RFC 5754, section 3.2; RFC 4055, section 5.
    (RSA, Kind::RsaPkcs1WithItsDigest),
    (oid("1.2.840.113549.1.1.11"), Kind::RsaPkcs1(Digest::Sha256)),
    (oid("1.2.840.113549.1.1.12"), Kind::RsaPkcs1(Digest::Sha384)),
    (oid("1.2.840.113549.1.1.13"), Kind::RsaPkcs1(Digest::Sha512)),
    // RFC 4056; RFC 4055, section 3.
    (oid("1.2.840.113549.1.1.10"), Kind::RsaPss),
    // RFC 5758, section 3.2.
    (oid("1.2.840.10045.4.3.2"), Kind::Ecdsa(Digest::Sha256)),
    (oid("1.2.840.10045.4.3.3"), Kind::Ecdsa(Digest::Sha384)),
    (oid("1.2.840.10045.4.3.4"), Kind::Ecdsa(Digest::Sha512)),
    // RFC 8410; in a SignerInfo with SHA-512 only: RFC 8419, section 3.1.
    (ED25519, Kind::Ed25519),
    // RFC 9215, section 2, and R 1323565.1.023-2018: digests, keys (as algorithms of a SignerInfo), keys with digests.
    (oid("1.2.643.7.1.1.2.2"), Kind::Digest(Digest::Streebog256)),
    (oid("1.2.643.7.1.1.2.3"), Kind::Digest(Digest::Streebog512)),
    (GOST_256, Kind::Gost(GostLength::Bits256)),
    (GOST_512, Kind::Gost(GostLength::Bits512)),
    (oid("1.2.643.7.1.1.3.2"), Kind::Gost(GostLength::Bits256)),
    (oid("1.2.643.7.1.1.3.3"), Kind::Gost(GostLength::Bits512)),
];

/// The digest of a SignerInfo or an ESSCertIDv2. The parameters may be absent or NULL (RFC 5754, section 2).
pub fn digest(algorithm: &AlgorithmIdentifierOwned) -> Result<Digest, Refused> {
    match kind(algorithm)? {
        Kind::Digest(digest) if absent_or_null(algorithm) => Ok(digest),
        _ => Err(Refused::Algorithm { oid: algorithm.oid }),
    }
}

/// How a SignerInfo is signed, if that goes together with its digest.
pub fn signer_scheme(algorithm: &AlgorithmIdentifierOwned, digest: Digest) -> Result<Scheme, Refused> {
    let scheme = match kind(algorithm)? {
        Kind::RsaPkcs1WithItsDigest if absent_or_null(algorithm) => Scheme::RsaPkcs1(digest),
        _ => scheme(algorithm)?,
    };
    match expected(scheme) == digest {
        true => Ok(scheme),
        false => Err(Refused::Algorithm { oid: algorithm.oid }),
    }
}

/// How a certificate or a list of revoked ones is signed.
pub fn scheme(algorithm: &AlgorithmIdentifierOwned) -> Result<Scheme, Refused> {
    let bare = algorithm.parameters.is_none();
    match kind(algorithm)? {
        Kind::RsaPkcs1(digest) if absent_or_null(algorithm) => Ok(Scheme::RsaPkcs1(digest)),
        Kind::RsaPss => pss(algorithm),
        Kind::Ecdsa(digest) if bare => Ok(Scheme::Ecdsa(digest)),
        Kind::Ed25519 if bare => Ok(Scheme::Ed25519),
        Kind::Gost(length) => Ok(Scheme::Gost(length)),
        _ => Err(Refused::Algorithm { oid: algorithm.oid }),
    }
}

fn kind(algorithm: &AlgorithmIdentifierOwned) -> Result<Kind, Refused> {
    let found = ACCEPTED.iter().find(|(oid, _)| *oid == algorithm.oid);
    found.map(|(_, kind)| *kind).ok_or(Refused::Algorithm { oid: algorithm.oid })
}

fn absent_or_null(algorithm: &AlgorithmIdentifierOwned) -> bool {
    algorithm.parameters.as_ref().is_none_or(|parameters| parameters.is_null())
}

/// The digest that the signed attributes must name for a scheme.
fn expected(scheme: Scheme) -> Digest {
    match scheme {
        Scheme::RsaPkcs1(digest) | Scheme::RsaPss(digest, _) | Scheme::Ecdsa(digest) => digest,
        Scheme::Ed25519 => Digest::Sha512,
        Scheme::Gost(GostLength::Bits256) => Digest::Streebog256,
        Scheme::Gost(GostLength::Bits512) => Digest::Streebog512,
    }
}

/// RSASSA-PSS with one accepted digest for the message and MGF1. Absent parameters mean SHA-1, so they are refused.
fn pss(algorithm: &AlgorithmIdentifierOwned) -> Result<Scheme, Refused> {
    let refused = Refused::Algorithm { oid: algorithm.oid };
    let Some(parameters) = &algorithm.parameters else { return Err(refused) };
    let Ok(read) = parameters.decode_as::<RsaPssParams<der::Any>>() else { return Err(refused) };
    let digest = digest(&read.hash)?;
    let rsa = matches!(digest, Digest::Sha256 | Digest::Sha384 | Digest::Sha512);
    let same = read.mask_gen.oid == MGF1
        && read.mask_gen.parameters.as_ref().is_some_and(|inner| inner.oid == read.hash.oid);
    match rsa && same {
        true => Ok(Scheme::RsaPss(digest, read.salt_len)),
        false => Err(refused),
    }
}
