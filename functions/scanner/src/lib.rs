//! Decides whether an uploaded file is accepted (DOC-1, DOC-2, DOC-3, DOC-8, DOC-9): what it is by its content, that it holds
//! nothing but what is shown, and that it can be read.
//!
//! Files come from anybody. Each is read within a [budget](inspect), by safe code, and refused when in doubt.

pub mod inspect;
mod uploads;

#[cfg(test)]
mod tests;

pub use inspect::{Accepted, inspect};
pub use uploads::handle;
