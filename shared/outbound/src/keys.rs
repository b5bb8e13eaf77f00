//! Data keys, wrapped by the key service for one purpose each: the purpose is bound into the wrapping.

use crate::{Outbound, OutboundError};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;

const SERVICE: &str = "KMS";
/// The name under which the purpose stands in the encryption context.
const PURPOSE: &str = "purpose";

impl Outbound {
    /// A new key of 256 bits, wrapped; nobody has seen it in clear.
    pub async fn new_wrapped_key(&self, master: &str, purpose: &str) -> Result<Vec<u8>, OutboundError> {
        let answer = self
            .kms
            .generate_data_key_without_plaintext()
            .key_id(master)
            .key_spec(DataKeySpec::Aes256)
            .encryption_context(PURPOSE, purpose)
            .send()
            .await
            .map_err(OutboundError::unavailable(SERVICE))?;
        Ok(answer.ciphertext_blob.map(Blob::into_inner).unwrap_or_default())
    }

    /// Unwraps a key for the purpose that it was made for.
    pub async fn unwrap_key(
        &self,
        master: &str,
        purpose: &str,
        wrapped: Vec<u8>,
    ) -> Result<[u8; 32], OutboundError> {
        let answer = self
            .kms
            .decrypt()
            .key_id(master)
            .ciphertext_blob(Blob::new(wrapped))
            .encryption_context(PURPOSE, purpose)
            .send()
            .await
            .map_err(OutboundError::unavailable(SERVICE))?;
        let clear = answer.plaintext.map(Blob::into_inner).unwrap_or_default();
        clear
            .as_slice()
            .try_into()
            .map_err(|_| OutboundError::Refused { service: SERVICE, why: "not a key of 256 bits".to_owned() })
    }
}
