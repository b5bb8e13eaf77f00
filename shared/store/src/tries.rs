//! Trying again: full jitter until a second has passed, at most eight tries; the only layer that retries.

use domain::Moment;
use domain::moment::Draw;
use std::time::Duration;
use tokio::time::Instant;

/// At 1,000 attempts a second on one office's day three tries refuse a third of the people wrongly; eight
/// refuse nobody.
pub const TRIES_MAX: u32 = 8;
pub const TRYING_MAX: Duration = Duration::from_secs(1);
const WAIT_FIRST_MS: u64 = 10;
const WAIT_MOST_MS: u64 = 200;

/// Tries under way.
#[derive(Debug)]
pub struct Tries {
    since: Instant,
    made: u32,
    chance: Moment,
}

impl Tries {
    pub fn new(moment: &Moment) -> Self {
        Self { since: Instant::now(), made: 1, chance: moment.clone() }
    }

    /// Waits before the next try; false when there is to be none.
    #[allow(clippy::disallowed_methods, reason = "this is the retry loop")]
    pub async fn again(&mut self) -> bool {
        if self.made >= TRIES_MAX || self.since.elapsed() >= TRYING_MAX {
            return false;
        }
        let most = (WAIT_FIRST_MS << self.made.min(6)).min(WAIT_MOST_MS);
        let wait = self.chance.nth(u64::from(self.made)).below(Draw::Jitter, most + 1);
        tokio::time::sleep(Duration::from_millis(wait)).await;
        self.made += 1;
        true
    }

    /// Tries at once: the state was found changed, which is news and no crowd.
    pub fn reread(&mut self) -> bool {
        self.made += 1;
        self.made <= TRIES_MAX && self.since.elapsed() < TRYING_MAX
    }
}
