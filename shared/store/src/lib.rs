//! The one table: keys, items, access patterns with their conditions beside them, and what its stream says.
//!
//! [`keys`] tells where everything is, [`items`] how it is written, [`access`] how it is reached, [`commit`]
//! how several items change together, [`change`] which fact a stream record is, [`audit`] what of it staff did, [`keeping`] what of a
//! person's rows goes when. [`vault`] seals what is personal.

pub mod access;
pub mod audit;
pub mod catalogue;
pub mod change;
pub mod commit;
pub mod export;
pub mod items;
pub mod keeping;
pub mod keys;
pub mod tries;
pub mod vault;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

pub use commit::{Commit, Committed, Guard};
pub use keys::Key;
pub use vault::Vault;

/// An item as the SDK has it.
pub type Item = HashMap<String, AttributeValue>;

/// The table. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) db: Client,
    pub(crate) table: String,
}

impl Store {
    pub fn new(db: Client, table: String) -> Self {
        Self { db, table }
    }
}

/// The table cannot be used, or an item in it cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No answer, throttled, or refused for a reason that is not a condition: try again later.
    #[error("the table is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An item is not as this version writes it.
    #[error("item {key} is not understood: {what}")]
    Corrupt { key: String, what: String },
    /// A sealed field does not open: wrong key, or moved from another owner or attribute.
    #[error("a sealed field of {owner} does not open")]
    Sealed { owner: String },
}

impl StoreError {
    pub(crate) fn unavailable<E: std::error::Error + Send + Sync + 'static>(error: E) -> Self {
        Self::Unavailable(Box::new(error))
    }
}
