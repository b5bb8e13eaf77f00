//! Sealing what is personal: each field under a key that the key service guards, bound to owner and attribute.
//!
//! AES-256-GCM-SIV (RFC 8452): a nonce used twice would tell at most that two values are equal. Look-ups go by
//! HMAC-SHA-256 under a key of their own, so that a stolen table cannot be searched for a phone (PRV-2).

use crate::StoreError;
use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A key in clear: only in memory, and wiped when dropped.
pub type ClearKey = Zeroizing<[u8; 32]>;

/// The first byte of every sealed field: which format it is in.
const FORMAT: u8 = 1;
const NONCE_LEN: usize = 12;

/// Seals, opens and finds personal fields.
#[derive(Clone)]
pub struct Vault {
    personal: ClearKey,
    lookup: ClearKey,
}

impl core::fmt::Debug for Vault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    pub fn new(personal: ClearKey, lookup: ClearKey) -> Self {
        Self { personal, lookup }
    }

    /// Seals a field of an owner; opens only for the same owner and attribute.
    pub fn seal(
        &self,
        owner: &str,
        attribute: &str,
        clear: &str,
        nonce: [u8; NONCE_LEN],
    ) -> Result<Vec<u8>, StoreError> {
        let bound = bound(owner, attribute);
        let payload = Payload { msg: clear.as_bytes(), aad: bound.as_bytes() };
        let sealed = self.cipher(owner)?.encrypt(&Nonce::from(nonce), payload).map_err(|_| fails(owner))?;
        Ok([&[FORMAT][..], &nonce, &sealed].concat())
    }

    pub fn open(&self, owner: &str, attribute: &str, sealed: &[u8]) -> Result<String, StoreError> {
        let rest = sealed.strip_prefix(&[FORMAT]).ok_or_else(|| fails(owner))?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or_else(|| fails(owner))?;
        let nonce: [u8; NONCE_LEN] = nonce.try_into().map_err(|_| fails(owner))?;
        let bound = bound(owner, attribute);
        let payload = Payload { msg: body, aad: bound.as_bytes() };
        let clear = self.cipher(owner)?.decrypt(&Nonce::from(nonce), payload).map_err(|_| fails(owner))?;
        String::from_utf8(clear).map_err(|_| fails(owner))
    }

    fn cipher(&self, owner: &str) -> Result<Aes256GcmSiv, StoreError> {
        Aes256GcmSiv::new_from_slice(&self.personal[..]).map_err(|_| fails(owner))
    }

    /// The keyed hash by which a phone, an e-mail or an address is found; `kind` keeps them apart.
    pub fn lookup(&self, kind: &str, value: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.lookup, &[kind.as_bytes(), value.as_bytes()]))
    }
}

fn bound(owner: &str, attribute: &str) -> String {
    format!("{owner}/{attribute}")
}

fn fails(owner: &str) -> StoreError {
    StoreError::Sealed { owner: owner.to_owned() }
}

/// HMAC-SHA-256 over parts that cannot run into each other.
pub fn mac(key: &ClearKey, parts: &[&[u8]]) -> [u8; 32] {
    // A key of 32 bytes always fits.
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key[..]) else { return [0; 32] };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// SHA-256, for values that are secret enough by themselves.
pub fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 as text for keys.
pub fn hash_text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(hash(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> Vault {
        Vault::new(Zeroizing::new([1; 32]), Zeroizing::new([2; 32]))
    }

    #[test]
    fn a_sealed_field_opens_only_for_its_owner_and_attribute() {
        let sealed = vault().seal("CIT#1", "phone", "+79990001122", [7; 12]).unwrap();
        assert_eq!(vault().open("CIT#1", "phone", &sealed).unwrap(), "+79990001122");
        assert!(vault().open("CIT#2", "phone", &sealed).is_err());
        assert!(vault().open("CIT#1", "email", &sealed).is_err());
        assert!(!sealed.windows(4).any(|bytes| bytes == b"9990"));
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let mut sealed = vault().seal("CIT#1", "phone", "+79990001122", [7; 12]).unwrap();
        let last = sealed.len() - 1;
        sealed[last] ^= 1;
        assert!(vault().open("CIT#1", "phone", &sealed).is_err());
    }
}
