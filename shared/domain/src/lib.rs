//! The nouns, rules and limits of an appointment system, pure: no I/O, no clock, no randomness.
//!
//! Read in this order: [`catalogue`] (what exists), [`schedule`] and [`availability`] (what is free),
//! [`appointment`] and [`active`] (who holds what), [`waitlist`] (who waits and in which order),
//! [`document`] (what files are taken), [`visit`] (what becomes of it at the office), [`notice`] (who is told), [`staff`]
//! (who works here), [`profile`] (who a citizen is), [`identity`] (how they show it), [`representation`] (who acts for
//! whom), [`queue`] (what staff decide), [`figures`] (what it came to). Time and chance come in as [`Moment`].

pub mod account;
pub mod active;
pub mod appointment;
pub mod availability;
pub mod catalogue;
pub mod cells;
pub mod check;
pub mod citizen;
pub mod document;
pub mod figures;
pub mod floods;
pub mod identity;
pub mod ids;
pub mod limits;
pub mod moment;
pub mod notice;
pub mod number;
pub mod page;
pub mod profile;
pub mod queue;
pub mod registry;
pub mod representation;
pub mod schedule;
pub mod signing;
pub mod staff;
pub mod sweep;
pub mod unlock;
pub mod visit;
pub mod waitlist;

#[cfg(test)]
mod tests;

pub use ids::*;
pub use moment::{Clock, Moment};
