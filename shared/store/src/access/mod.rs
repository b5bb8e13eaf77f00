//! How the table is reached: one file an access pattern, its condition beside the call.

pub mod active;
pub mod appointments;
pub mod batch;
pub mod citizens;
pub mod day;
pub mod due;
pub mod entries;
pub mod invitations;
pub mod keyring;
pub mod lines;
pub mod logs;
pub mod notes;
pub mod offers;
pub mod pages;
pub mod registrations;
pub mod sessions;
pub mod staff;

use crate::StoreError;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// Of a single conditional write: whether it was done; false when its condition failed.
pub(crate) fn done_unless_refused<T, E, R>(answer: Result<T, SdkError<E, R>>) -> Result<bool, StoreError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
        Err(error) => Err(StoreError::unavailable(error)),
    }
}
