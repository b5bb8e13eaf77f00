//! What can be wrong with a chain, and how that is said.

use std::fmt;

/// What is wrong with a chain, where it is first found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Break {
    /// A row of the chain cannot be read.
    Unreadable { key: String, why: String },
    /// Entries follow each other by count, and one is not there.
    Missing { seq: u64 },
    /// The hash of an entry is not that of what stands there: it was changed, moved, or put in.
    Altered { seq: u64 },
    /// The head says that there are more entries than there are, or fewer.
    Length { head: u64, entries: u64 },
    /// The head has another hash than the last entry.
    HeadHash,
    /// The register of facts has no entry's fact, or names another place for it.
    Register { fact: String },
    /// The row that an entry is about says something else now.
    RowAltered { seq: u64, fact: String },
    /// The row that an entry is about is gone.
    RowGone { seq: u64, fact: String },
    /// A row tells of something that has no entry: it was put in, or the chain was cut off.
    NoEntry { fact: String },
    /// Two rows tell of one thing, each something else: one of them was put in, and may be the one that is shown.
    ToldTwice { fact: String },
    /// A row stands where no row of what it tells is ever put.
    Astray { key: String },
    /// The chain is shorter than it once was, or another one.
    BeforeCheckpoint { seq: u64, now: u64 },
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { key, why } => write!(f, "the row {key} cannot be read: {why}"),
            Self::Missing { seq } => write!(f, "entry {seq} is gone, and later ones are there"),
            Self::Altered { seq } => {
                write!(f, "entry {seq} is not what was written there: changed, moved or put in")
            }
            Self::Length { head, entries } if head > entries => {
                write!(f, "there should be {head} entries and are {entries}: the end was cut off")
            }
            Self::Length { head, entries } => {
                write!(
                    f,
                    "there should be {head} entries and are {entries}: some were put in behind the last"
                )
            }
            Self::HeadHash => {
                f.write_str("the head has another hash than the last entry: one of them was changed")
            }
            Self::Register { fact } => write!(f, "the register does not have {fact} where its entry is"),
            Self::RowAltered { seq, fact } => {
                write!(f, "the row {fact} says something else than when entry {seq} was written")
            }
            Self::RowGone { seq, fact } => write!(f, "the row {fact} is gone, of which entry {seq} tells"),
            Self::NoEntry { fact } => {
                write!(f, "the row {fact} has no entry: it was put in, or the chain was cut off before it")
            }
            Self::ToldTwice { fact } => {
                write!(f, "{fact} is told by two rows, each of which says something else")
            }
            Self::Astray { key } => {
                write!(f, "the row {key} tells of something that has its place elsewhere")
            }
            Self::BeforeCheckpoint { seq, now } => {
                write!(
                    f,
                    "it is not the chain of the checkpoint, which had {seq} entries; now there are {now}"
                )
            }
        }
    }
}
