//! The arithmetic: digests, and whether a signature is one of a message by a key.
//!
//! Only public keys come here. What is known of the `rsa` crate's timing (RUSTSEC-2023-0071) is about private keys.

use super::Refused;
use super::algorithms::{
    Digest, EC, ED25519, GOST_256, GOST_512, GostLength, P256, P384, RSA, RSA_BITS, Scheme,
};
use super::gost::{self, GostCheck, GostFault, GostVerifier};
use der::asn1::{ObjectIdentifier, UintRef};
use der::{Decode, Encode};
use rsa::signature::hazmat::PrehashVerifier;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

type Gost<'a> = Option<&'a dyn GostVerifier>;

/// Whether it holds: `Ok(false)` is a wrong signature, `Err` a key or an algorithm that is not accepted.
pub type Holds = Result<bool, Refused>;

pub fn digest(digest: Digest, message: &[u8], gost: Gost<'_>) -> Result<Vec<u8>, Refused> {
    match digest {
        Digest::Sha256 => Ok(Sha256::digest(message).to_vec()),
        Digest::Sha384 => Ok(Sha384::digest(message).to_vec()),
        Digest::Sha512 => Ok(Sha512::digest(message).to_vec()),
        Digest::Streebog256 => gost_digest(GostLength::Bits256, message, gost),
        Digest::Streebog512 => gost_digest(GostLength::Bits512, message, gost),
    }
}

/// Whether `signature` is one of `message` by `key`. The key must be of the scheme's kind and of an accepted size or curve.
pub fn holds(
    scheme: Scheme,
    key: &SubjectPublicKeyInfoOwned,
    message: &[u8],
    signature: &[u8],
    gost: Gost<'_>,
) -> Holds {
    match scheme {
        Scheme::RsaPkcs1(hash) => pkcs1(hash, &rsa_key(key)?, &digest(hash, message, gost)?, signature),
        Scheme::RsaPss(hash, salt) => {
            pss(hash, salt, &rsa_key(key)?, &digest(hash, message, gost)?, signature)
        }
        Scheme::Ecdsa(hash) => ecdsa(key, &digest(hash, message, gost)?, signature),
        Scheme::Ed25519 => ed25519(key, message, signature),
        Scheme::Gost(length) => gost_holds(length, key, message, signature, gost),
    }
}

fn refused(key: &SubjectPublicKeyInfoOwned) -> Refused {
    Refused::Algorithm { oid: key.algorithm.oid }
}

/// A key of rsaEncryption; one of id-RSASSA-PSS, bound to its parameters, is not accepted.
fn rsa_key(key: &SubjectPublicKeyInfoOwned) -> Result<rsa::PublicKey, Refused> {
    let null = key.algorithm.parameters.as_ref().is_some_and(der::Any::is_null);
    let bytes = key.subject_public_key.as_bytes();
    let read = bytes.and_then(|bytes| rsa::pkcs1::RsaPublicKey::<UintRef<'_>>::from_der(bytes).ok());
    let Some(read) = read.filter(|_| key.algorithm.oid == RSA && null) else { return Err(refused(key)) };
    let modulus = read.modulus.as_bytes();
    let unused = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    let bits = modulus.len() * 8 - unused;
    if !RSA_BITS.contains(&bits) {
        return Err(Refused::WeakKey { bits });
    }
    rsa::PublicKey::try_from(read).map_err(|_| refused(key))
}

fn pkcs1(hash: Digest, key: &rsa::PublicKey, digest: &[u8], signature: &[u8]) -> Holds {
    use rsa::pkcs1v15::VerifyingKey;
    let Ok(signature) = rsa::pkcs1v15::Signature::try_from(signature) else { return Ok(false) };
    let key = key.clone();
    Ok(match hash {
        Digest::Sha256 => VerifyingKey::<Sha256>::new(key).verify_prehash(digest, &signature).is_ok(),
        Digest::Sha384 => VerifyingKey::<Sha384>::new(key).verify_prehash(digest, &signature).is_ok(),
        Digest::Sha512 => VerifyingKey::<Sha512>::new(key).verify_prehash(digest, &signature).is_ok(),
        Digest::Streebog256 | Digest::Streebog512 => false,
    })
}

fn pss(hash: Digest, salt_bytes: u8, key: &rsa::PublicKey, digest: &[u8], signature: &[u8]) -> Holds {
    use rsa::pss::VerifyingKey;
    let Ok(signature) = rsa::pss::Signature::try_from(signature) else { return Ok(false) };
    let (key, salt) = (key.clone(), usize::from(salt_bytes));
    Ok(match hash {
        Digest::Sha256 => {
            VerifyingKey::<Sha256>::new_with_salt_len(key, salt).verify_prehash(digest, &signature).is_ok()
        }
        Digest::Sha384 => {
            VerifyingKey::<Sha384>::new_with_salt_len(key, salt).verify_prehash(digest, &signature).is_ok()
        }
        Digest::Sha512 => {
            VerifyingKey::<Sha512>::new_with_salt_len(key, salt).verify_prehash(digest, &signature).is_ok()
        }
        Digest::Streebog256 | Digest::Streebog512 => false,
    })
}

fn ecdsa(key: &SubjectPublicKeyInfoOwned, digest: &[u8], signature: &[u8]) -> Holds {
    let parameters = key.algorithm.parameters.as_ref();
    let curve = parameters.and_then(|named| named.decode_as::<ObjectIdentifier>().ok());
    let point = key.subject_public_key.as_bytes();
    let (Some(curve), Some(point), EC) = (curve, point, key.algorithm.oid) else { return Err(refused(key)) };
    match curve {
        P256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| refused(key))?;
            let signature = p256::ecdsa::DerSignature::try_from(signature);
            Ok(signature.is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()))
        }
        P384 => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| refused(key))?;
            let signature = p384::ecdsa::DerSignature::try_from(signature);
            Ok(signature.is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()))
        }
        oid => Err(Refused::Algorithm { oid }),
    }
}

fn ed25519(key: &SubjectPublicKeyInfoOwned, message: &[u8], signature: &[u8]) -> Holds {
    let point = key.subject_public_key.as_bytes().and_then(|bytes| <&[u8; 32]>::try_from(bytes).ok());
    let (Some(point), ED25519, None) = (point, key.algorithm.oid, &key.algorithm.parameters) else {
        return Err(refused(key));
    };
    let key = ed25519_dalek::VerifyingKey::from_bytes(point).map_err(|_| refused(key))?;
    let signature = ed25519_dalek::Signature::from_slice(signature);
    Ok(signature.is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()))
}

fn gost_digest(length: GostLength, message: &[u8], gost: Gost<'_>) -> Result<Vec<u8>, Refused> {
    gost::available(gost)?.digest(length, message).map_err(|_| Refused::GostUnavailable)
}

fn gost_holds(
    length: GostLength,
    key: &SubjectPublicKeyInfoOwned,
    message: &[u8],
    signature: &[u8],
    gost: Gost<'_>,
) -> Holds {
    let gost = gost::available(gost)?;
    let expected = match length {
        GostLength::Bits256 => GOST_256,
        GostLength::Bits512 => GOST_512,
    };
    let der = key.to_der().map_err(|_| refused(key))?;
    if key.algorithm.oid != expected {
        return Err(refused(key));
    }
    match gost.verify(&GostCheck { length, key: &der, message, signature }) {
        Ok(()) => Ok(true),
        Err(GostFault::Wrong) => Ok(false),
        Err(GostFault::Unsupported) => Err(refused(key)),
        Err(GostFault::Unavailable) => Err(Refused::GostUnavailable),
    }
}
