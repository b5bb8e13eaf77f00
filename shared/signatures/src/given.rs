//! A signature as people send it, for the use cases that want one.

use crate::{Roots, Signer, verify};
use app::identity::compare::Said;
use app::refusal::WrongField;
use app::{Refusal, signing};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use domain::signing::Certificate;
use std::sync::Arc;

/// Of a signature with its chain, in bytes; in Base64 it fits a request.
pub const SENT_BYTES_MAX: usize = 40 * 1024;

/// What was sent: PEM as it is, or DER or PEM in Base64.
///
/// # Errors
/// The field `signature`, of the wrong format or too long.
pub fn decode(sent: &str) -> Result<Vec<u8>, WrongField> {
    let sent = sent.trim();
    if sent.starts_with("-----BEGIN ") && sent.len() <= SENT_BYTES_MAX {
        return Ok(sent.as_bytes().to_vec());
    }
    let packed: String = sent.split_whitespace().collect();
    let bytes = STANDARD.decode(packed).ok().filter(|bytes| bytes.len() <= SENT_BYTES_MAX);
    bytes.ok_or_else(|| WrongField::new("signature", "signature-format"))
}

/// What is given to a use case with what was sent.
///
/// # Errors
/// [`Refusal::SigningClosed`]; [`Refusal::Fields`].
pub fn given(roots: &Roots, sent: &str) -> Result<signing::Given, Refusal> {
    let signature = decode(sent).map_err(|wrong| Refusal::Fields(vec![wrong]))?;
    let trust = Arc::clone(roots.trust().ok_or(Refusal::SigningClosed)?);
    let verify = move |text: &[u8], signature: &[u8], now: DateTime<Utc>| {
        let found = verify(text, signature, &trust, now).map_err(|refused| {
            tracing::info!(%refused, "a signature is not accepted");
            refused.name()
        })?;
        Ok(signer(found))
    };
    Ok(signing::Given { signature, verify: Arc::new(verify) })
}

/// What use cases know of whoever signed.
pub fn signer(found: Signer) -> signing::Signer {
    signing::Signer {
        certificate: Certificate {
            subject: found.subject,
            issuer: found.issuer,
            serial: found.serial,
            valid_from: found.not_before,
            valid_until: found.not_after,
        },
        said: Said {
            whole_name: found.common_name,
            surname: found.surname,
            given_name: found.given_name,
            snils: found.snils,
            inn: found.inn,
            ..Said::default()
        },
    }
}
