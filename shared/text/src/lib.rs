//! Every sentence a person reads, in Russian and English; the words are in `ftl/`, this crate fills them in.
//!
//! [`problem_title`], [`problem_detail`] and [`field_error`] word a refusal, [`label`] a name on a page,
//! [`when`], [`date`] and [`time`] an instant, [`render`] a whole notice for mail, SMS and the inbox.
//! A sentence whose facts are missing is left out or said without them; nobody ever reads a `{$placeholder}`.

mod args;
mod book;
mod clean;
mod label;
mod lang;
mod notice;
mod problem;
mod statement;
mod when;

#[cfg(test)]
mod tests;

pub use args::{Args, Value};
pub use book::{File, known_codes};
pub use domain::notice::NoticeKind;
pub use label::{label, label_with, taken};
pub use lang::Lang;
pub use notice::{By, Channel, DocumentLine, Notice, OfficeFacts, Rendered, channels, render, sms_segments};
pub use problem::{field_error, problem_detail, problem_title};
pub use statement::{Statement, statement};
pub use when::{date, time, when};
