//! Waiting for a freed slot: wishes and the lines they stand in, who is next, how long an offer lasts.
//!
//! Serial exclusive offers in a strict, recorded order: never broadcast, never overbook (WTL-2, WTL-5).

mod awake;
mod entry;
mod offer;
pub mod outlook;
mod wish;

pub use awake::{allowed_between, asleep_until, offer_until};
pub use entry::{Class, Eligible, Entry, EntryAction, EntryChange, EntryState, PassedOver};
pub use offer::{Offer, OfferState, Passed};
pub use wish::{Bucket, Part, TooWide, When, Wish};
