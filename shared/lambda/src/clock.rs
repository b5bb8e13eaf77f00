//! The one door for time and chance in the deployed functions.

use chrono::{DateTime, Utc};
use domain::Clock;

/// The system's time and the system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the door")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    #[allow(clippy::disallowed_methods, reason = "this is the door")]
    fn seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        // Without randomness every secret would be known: better no answer at all.
        getrandom::fill(&mut seed).unwrap_or_else(|error| panic!("the system gives no randomness: {error}"));
        seed
    }
}
