//! Sending to queues, ten at a time.

use crate::{Outbound, OutboundError};
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;

const SERVICE: &str = "SQS";
/// Messages in one request (SQS quota).
pub const BATCH_MAX: usize = 10;

impl Outbound {
    /// Sends all or answers which could not be sent, by index.
    ///
    /// # Errors
    /// [`OutboundError::Unavailable`] when a whole request failed: any of its messages may have been sent.
    pub async fn send(&self, queue_url: &str, bodies: &[String]) -> Result<Vec<usize>, OutboundError> {
        let mut failed = Vec::new();
        for (batch, chunk) in bodies.chunks(BATCH_MAX).enumerate() {
            let mut request = self.sqs.send_message_batch().queue_url(queue_url);
            for (i, body) in chunk.iter().enumerate() {
                let entry = SendMessageBatchRequestEntry::builder().id(i.to_string()).message_body(body);
                request = request.entries(entry.build().map_err(OutboundError::unavailable(SERVICE))?);
            }
            let answer = request.send().await.map_err(OutboundError::unavailable(SERVICE))?;
            let lost = answer.failed().iter().filter_map(|entry| entry.id().parse::<usize>().ok());
            failed.extend(lost.map(|i| batch * BATCH_MAX + i));
        }
        Ok(failed)
    }
}
