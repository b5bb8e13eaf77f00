//! The key service: data keys and small secrets under a master key that never leaves the data directory.

use super::Answer;
use crate::clock::RunnerClock;
use crate::template::arn;
use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

const NONCE_BYTES: usize = 12;
/// The largest plaintext of Encrypt, in bytes.
const PLAINTEXT_MAX_BYTES: usize = 4096;
/// Length of one part of a sealed blob's bound data, so that no two contexts run together.
type Length = u32;

/// The key service of this data directory.
pub(crate) struct Keys {
    cipher: Aes256GcmSiv,
    known: Vec<String>,
    clock: Arc<RunnerClock>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    key_id: Option<String>,
    #[serde(default)]
    encryption_context: BTreeMap<String, String>,
    plaintext: Option<String>,
    ciphertext_blob: Option<String>,
    key_spec: Option<String>,
    number_of_bytes: Option<usize>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("known", &self.known).finish_non_exhaustive()
    }
}

impl Keys {
    /// Opens the master key in `directory`, making one the first time.
    pub fn open(directory: &Path, known: &[String], clock: Arc<RunnerClock>) -> std::io::Result<Self> {
        let path = directory.join("master.key");
        let master = match std::fs::read(&path) {
            Ok(master) => master,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => make_master(&path, &clock.seed())?,
            Err(error) => return Err(error),
        };
        let cipher = Aes256GcmSiv::new_from_slice(&master)
            .map_err(|_| std::io::Error::other(format!("{} is not a key of 32 bytes", path.display())))?;
        Ok(Self { cipher, known: known.to_vec(), clock })
    }

    pub fn serve(&self, operation: &str, body: &[u8]) -> Answer {
        let Ok(request) = serde_json::from_slice::<Request>(body) else {
            return Answer::refusal(400, "ValidationException", "The request is not understood.");
        };
        let outcome = match operation {
            "GenerateDataKeyWithoutPlaintext" => self.generate(&request, false),
            "GenerateDataKey" => self.generate(&request, true),
            "Encrypt" => self.encrypt(&request),
            "Decrypt" => self.decrypt(&request),
            _ => return Answer::refusal(400, "UnknownOperationException", operation),
        };
        outcome.map_or_else(|refusal| refusal, |answer| Answer::json(200, &answer))
    }

    fn generate(&self, request: &Request, shown: bool) -> Result<Value, Answer> {
        let key = self.resolve(request)?;
        let length = match (request.key_spec.as_deref(), request.number_of_bytes) {
            (Some("AES_256"), None) | (None, Some(32)) => 32,
            (Some("AES_128"), None) | (None, Some(16)) => 16,
            _ => {
                return Err(Answer::refusal(
                    400,
                    "ValidationException",
                    "KeySpec must be AES_256 or AES_128.",
                ));
            }
        };
        let chance = self.clock.seed();
        let secret = &chance[..length];
        let mut answer = json!({ "KeyId": arn("kms", &format!("key/{key}")), "CiphertextBlob": self.seal(&key, request, secret)? });
        if shown {
            answer["Plaintext"] = json!(STANDARD.encode(secret));
        }
        Ok(answer)
    }

    fn encrypt(&self, request: &Request) -> Result<Value, Answer> {
        let key = self.resolve(request)?;
        let plaintext = decode(request.plaintext.as_deref())?;
        if plaintext.is_empty() || plaintext.len() > PLAINTEXT_MAX_BYTES {
            return Err(Answer::refusal(400, "ValidationException", "Plaintext must have 1 to 4096 bytes."));
        }
        Ok(json!({
            "KeyId": arn("kms", &format!("key/{key}")),
            "CiphertextBlob": self.seal(&key, request, &plaintext)?,
            "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
        }))
    }

    fn decrypt(&self, request: &Request) -> Result<Value, Answer> {
        let invalid = || Answer::refusal(400, "InvalidCiphertextException", "");
        let blob = decode(request.ciphertext_blob.as_deref())?;
        let (nonce, sealed) = blob.split_at_checked(NONCE_BYTES).ok_or_else(invalid)?;
        let wanted = match &request.key_id {
            Some(_) => vec![self.resolve(request)?],
            None => self.known.clone(),
        };
        for key in wanted {
            let bound = bound(&key, &request.encryption_context);
            let payload = Payload { msg: sealed, aad: &bound };
            if let Ok(plaintext) = self.cipher.decrypt(Nonce::from_slice(nonce), payload) {
                return Ok(json!({
                    "KeyId": arn("kms", &format!("key/{key}")),
                    "Plaintext": STANDARD.encode(plaintext),
                    "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
                }));
            }
        }
        Err(invalid())
    }

    fn seal(&self, key: &str, request: &Request, secret: &[u8]) -> Result<String, Answer> {
        let chance = self.clock.seed();
        let nonce = &chance[..NONCE_BYTES];
        let bound = bound(key, &request.encryption_context);
        let sealed = self
            .cipher
            .encrypt(Nonce::from_slice(nonce), Payload { msg: secret, aad: &bound })
            .map_err(|_| Answer::refusal(500, "KMSInternalException", "The secret could not be sealed."))?;
        Ok(STANDARD.encode([nonce, &sealed].concat()))
    }

    /// The key meant by an id, an ARN or an alias; a system with one key has one alias.
    fn resolve(&self, request: &Request) -> Result<String, Answer> {
        let id = request.key_id.as_deref().unwrap_or_default();
        let tail = id.rsplit_once(':').map_or(id, |(_, tail)| tail);
        let found = match tail.strip_prefix("alias/") {
            Some(_) if self.known.len() == 1 => self.known.first(),
            _ => self.known.iter().find(|known| *known == tail.strip_prefix("key/").unwrap_or(tail)),
        };
        found
            .cloned()
            .ok_or_else(|| Answer::refusal(400, "NotFoundException", format!("Key '{id}' does not exist")))
    }
}

fn make_master(path: &Path, master: &[u8; 32]) -> std::io::Result<Vec<u8>> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(master)?;
    file.sync_all()?;
    Ok(master.to_vec())
}

/// What a sealed blob is bound to: the key's name and every pair of the context, each with its length before it.
fn bound(key: &str, context: &BTreeMap<String, String>) -> Vec<u8> {
    let mut bound = Vec::new();
    let pairs = context.iter().flat_map(|(name, value)| [name, value]);
    for part in std::iter::once(key).chain(pairs.map(String::as_str)) {
        bound.extend(Length::try_from(part.len()).unwrap_or(Length::MAX).to_be_bytes());
        bound.extend(part.as_bytes());
    }
    bound
}

fn decode(text: Option<&str>) -> Result<Vec<u8>, Answer> {
    let refusal = || Answer::refusal(400, "ValidationException", "The text is not base64.");
    STANDARD.decode(text.unwrap_or_default()).map_err(|_| refusal())
}
