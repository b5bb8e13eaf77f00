//! Somebody's authenticator with one passkey, in software: it answers what a page asks it, and lies when it is told to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

/// A passkey and the page on which it is used.
#[derive(Clone)]
pub struct Authenticator {
    pub key: SigningKey,
    pub id: Vec<u8>,
    /// How often it was used; it stays 0 when it does not count.
    pub counter: u32,
    pub counts: bool,
    /// Whether it saw that it is its owner, by a finger or a PIN.
    pub verifies: bool,
    /// Where the page is that asks.
    pub origin: String,
    /// Whose passkey it is, as it was told.
    pub handle: String,
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A byte string of CBOR, its length in two bytes.
fn bytes(of: &[u8]) -> Vec<u8> {
    let length = u16::try_from(of.len()).expect("short").to_be_bytes();
    [&[0x59], &length[..], of].concat()
}

impl Authenticator {
    /// The n-th, on the portal's page.
    pub fn new(n: u8) -> Self {
        let key = SigningKey::from_slice(&[n.max(1); 32]).expect("a key");
        Self {
            key,
            id: vec![n; 16],
            counter: 0,
            counts: true,
            verifies: true,
            origin: "https://okno.example".to_owned(),
            handle: String::new(),
        }
    }

    /// The one whose secret is the number one, as everybody knows.
    pub fn unit() -> Self {
        let mut secret = [0; 32];
        secret[31] = 1;
        Self { key: SigningKey::from_slice(&secret).expect("a key"), ..Self::new(1) }
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = options["challenge"].as_str().unwrap_or_default();
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn data(&mut self, party: &str, more: u8, key: &[u8]) -> Vec<u8> {
        self.counter += u32::from(self.counts);
        let verified = if self.verifies { VERIFIED } else { 0 };
        let flags = PRESENT | verified | more;
        [&Sha256::digest(party.as_bytes())[..], &[flags], &self.counter.to_be_bytes(), key].concat()
    }

    /// What `navigator.credentials.create()` gives, as JSON.
    pub fn create(&mut self, options: &Value) -> Value {
        self.handle = options["user"]["id"].as_str().unwrap_or_default().to_owned();
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = (point.x().expect("a point"), point.y().expect("a point"));
        // A map: 1 (kty) 2, 3 (alg) -7, -1 (crv) 1, -2 (x), -3 (y).
        let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y].concat();
        let length = u16::try_from(self.id.len()).expect("short").to_be_bytes();
        let made = [&[0; 16][..], &length, &self.id, &cose].concat();
        let party = options["rp"]["id"].as_str().unwrap_or_default().to_owned();
        let data = self.data(&party, WITH_KEY, &made);
        // A map: "fmt" "none", "attStmt" an empty map, "authData" bytes.
        let object = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData", &bytes(&data)[..]].concat();
        json!({
            "id": encoded(&self.id), "rawId": encoded(&self.id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encoded(&self.client_data("webauthn.create", options)),
                "attestationObject": encoded(&object), "transports": ["internal"],
            },
        })
    }

    /// What `navigator.credentials.get()` gives, as JSON.
    pub fn get(&mut self, options: &Value) -> Value {
        let party = options["rpId"].as_str().unwrap_or_default().to_owned();
        let data = self.data(&party, 0, &[]);
        let client = self.client_data("webauthn.get", options);
        let signed: DerSignature = self.key.sign(&[&data[..], &Sha256::digest(&client)[..]].concat());
        json!({
            "id": encoded(&self.id), "rawId": encoded(&self.id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encoded(&client), "authenticatorData": encoded(&data),
                "signature": encoded(signed.as_bytes()), "userHandle": self.handle,
            },
        })
    }
}
