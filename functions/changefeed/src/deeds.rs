//! What staff did and read goes to the chains of its offices (PRV-4).

use crate::is_for_good;
use aws_lambda_events::dynamodb::EventRecord;
use lambda::{Edge, Error};
use std::collections::BTreeMap;
use store::items::audit::{Chain, Deed};

/// Deeds collected from a batch, in their order.
#[derive(Debug, Default)]
pub struct Deeds {
    of: BTreeMap<Chain, Vec<Deed>>,
}

impl Deeds {
    /// Takes what a record tells.
    ///
    /// # Errors
    /// A record that cannot be understood.
    pub fn collect(&mut self, record: &EventRecord) -> Result<(), Error> {
        for deed in store::change::deeds(record)? {
            self.of.entry(deed.chain.clone()).or_default().push(deed);
        }
        Ok(())
    }

    /// Appends them all; what has its entry from an earlier delivery is passed over.
    ///
    /// # Errors
    /// When a chain could not be appended to now: then all of it is tried again later. A chain whose head cannot be read is
    /// left alone and said, since nothing else may wait for it; `okno audit verify` tells where it breaks.
    pub async fn append(&self, edge: &Edge) -> Result<(), Error> {
        let mut failed = None;
        for (chain, deeds) in &self.of {
            let moment = edge.app().clock.moment();
            let Err(error) = edge.app().store.append_deeds(chain, deeds, &moment).await else { continue };
            let error = Error::from(error);
            if is_for_good(error.as_ref()) {
                let said = lambda::batch::chain(error.as_ref());
                tracing::error!(%chain, error = said, "a chain is broken and cannot be appended to");
            } else {
                failed = Some(error);
            }
        }
        failed.map_or(Ok(()), Err)
    }
}
