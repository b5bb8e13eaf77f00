//! What came of delivering everything that could be delivered.

use crate::feed::{FeedError, Turn};
use chrono::{DateTime, Utc};

/// What a [`System::settle`] delivered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Stream records delivered, each time counted.
    pub records: usize,
    /// Queue messages delivered, each time counted.
    pub messages: usize,
    /// Records given up, and messages that went to the dead letters.
    pub given_up: usize,
    /// What failed, in the functions' words.
    pub failures: Vec<String>,
    /// When the next thing that now waits will be due.
    pub waits_until: Option<DateTime<Utc>>,
    /// Whether it stopped with something still deliverable, because there was no end to it.
    pub endless: bool,
}

impl Settled {
    /// Adds a turn of a feed; says whether another may find something at once.
    pub(crate) fn add(&mut self, turn: Result<Turn, FeedError>) -> bool {
        match turn {
            Ok(turn) => {
                self.given_up += turn.given_up;
                self.failures.extend(turn.failure);
                self.waits_until = [self.waits_until, turn.waits_until].into_iter().flatten().min();
                turn.again
            }
            Err(error) => {
                self.failures.push(error.to_string());
                false
            }
        }
    }
}
