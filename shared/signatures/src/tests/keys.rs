//! Keys of each kind, made anew by seeds, and how they sign.

use super::paper::oid;
use der::asn1::{BitString, ObjectIdentifier};
use der::{Any, Decode, Encode};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use rsa::signature::{RandomizedSigner, SignatureEncoding, Signer};
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::sync::LazyLock;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

#[derive(Clone)]
pub enum Key {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
    Rsa(rsa::PrivateKey),
    Pss(rsa::PrivateKey),
    /// Signs by a digest of key and message: a stand-in that only the tests' verifier takes.
    Gost(u8),
}

static RSA_2048: LazyLock<rsa::PrivateKey> = LazyLock::new(|| rsa_key(2048));
static RSA_1024: LazyLock<rsa::PrivateKey> = LazyLock::new(|| rsa_key(1024));

fn rsa_key(bits: usize) -> rsa::PrivateKey {
    rsa::PrivateKey::new(&mut ChaCha20Rng::seed_from_u64(bits as u64), bits).expect("a key")
}

impl Key {
    pub fn p256(seed: u8) -> Self {
        Self::P256(p256::ecdsa::SigningKey::from_slice(&[seed; 32]).expect("a scalar"))
    }

    pub fn p384(seed: u8) -> Self {
        Self::P384(p384::ecdsa::SigningKey::from_slice(&[seed; 48]).expect("a scalar"))
    }

    pub fn ed25519(seed: u8) -> Self {
        Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&[seed; 32]))
    }

    pub fn rsa() -> Self {
        Self::Rsa(RSA_2048.clone())
    }

    pub fn pss() -> Self {
        Self::Pss(RSA_2048.clone())
    }

    pub fn short_rsa() -> Self {
        Self::Rsa(RSA_1024.clone())
    }

    pub fn public(&self) -> SubjectPublicKeyInfoOwned {
        let of = |algorithm: &str, parameters: Option<Any>, key: &[u8]| SubjectPublicKeyInfoOwned {
            algorithm: AlgorithmIdentifierOwned { oid: oid(algorithm), parameters },
            subject_public_key: BitString::from_bytes(key).expect("bits"),
        };
        let curve = |text| Some(Any::encode_from(&oid(text)).expect("DER"));
        match self {
            Self::P256(key) => of(
                "1.2.840.10045.2.1",
                curve("1.2.840.10045.3.1.7"),
                key.verifying_key().to_sec1_point(false).as_bytes(),
            ),
            Self::P384(key) => of(
                "1.2.840.10045.2.1",
                curve("1.3.132.0.34"),
                key.verifying_key().to_sec1_point(false).as_bytes(),
            ),
            Self::Ed25519(key) => of("1.3.101.112", None, key.verifying_key().as_bytes()),
            Self::Rsa(key) | Self::Pss(key) => {
                use rsa::pkcs1::EncodeRsaPublicKey;
                let der = key.to_public_key().to_pkcs1_der().expect("DER");
                of("1.2.840.113549.1.1.1", Some(Any::null()), der.as_bytes())
            }
            Self::Gost(seed) => of("1.2.643.7.1.1.1.1", None, &[*seed; 66]),
        }
    }

    pub fn algorithm(&self) -> AlgorithmIdentifierOwned {
        let of = |text, parameters| AlgorithmIdentifierOwned { oid: oid(text), parameters };
        match self {
            Self::P256(_) => of("1.2.840.10045.4.3.2", None),
            Self::P384(_) => of("1.2.840.10045.4.3.3", None),
            Self::Ed25519(_) => of("1.3.101.112", None),
            Self::Rsa(_) => of("1.2.840.113549.1.1.11", Some(Any::null())),
            Self::Pss(_) => {
                let parameters = rsa::pkcs1::RsaPssParams::new::<Sha256>(32).to_der().expect("DER");
                of("1.2.840.113549.1.1.10", Some(Any::from_der(&parameters).expect("DER")))
            }
            Self::Gost(_) => of("1.2.643.7.1.1.3.2", None),
        }
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => Signer::<p256::ecdsa::DerSignature>::sign(key, message).as_bytes().to_vec(),
            Self::P384(key) => Signer::<p384::ecdsa::DerSignature>::sign(key, message).as_bytes().to_vec(),
            Self::Ed25519(key) => ed25519_dalek::Signer::sign(key, message).to_vec(),
            Self::Rsa(key) => rsa::pkcs1v15::SigningKey::<Sha256>::new(key.clone()).sign(message).to_vec(),
            Self::Pss(key) => {
                let key = rsa::pss::SigningKey::<Sha256>::new(key.clone());
                key.sign_with_rng(&mut ChaCha20Rng::seed_from_u64(7), message).to_vec()
            }
            Self::Gost(seed) => pretended_signature(&[*seed; 66], message),
        }
    }

    pub fn digest(&self, message: &[u8]) -> (ObjectIdentifier, Vec<u8>) {
        match self {
            Self::P384(_) => (oid("2.16.840.1.101.3.4.2.2"), Sha384::digest(message).to_vec()),
            Self::Ed25519(_) => (oid("2.16.840.1.101.3.4.2.3"), Sha512::digest(message).to_vec()),
            Self::Gost(_) => (oid("1.2.643.7.1.1.2.2"), pretended_digest(message)),
            _ => (oid("2.16.840.1.101.3.4.2.1"), Sha256::digest(message).to_vec()),
        }
    }
}

pub fn pretended_digest(message: &[u8]) -> Vec<u8> {
    Sha256::digest([b"streebog".as_slice(), message].concat()).to_vec()
}

pub fn pretended_signature(key: &[u8], message: &[u8]) -> Vec<u8> {
    Sha256::digest([key, message].concat()).repeat(2)
}
