//! How long waiting is likely to last, from what has been (AVL-5): nothing is promised.

use chrono::TimeDelta;

/// What is looked back on.
pub const LOOKS_BACK: TimeDelta = TimeDelta::days(28);
/// From fewer than so many nothing is concluded.
const SERVED_LEAST: u32 = 3;

/// Days until somebody with so many people ahead is served, if people go on being served as they were in [`LOOKS_BACK`];
/// none when too few were.
pub fn days_until(served: u32, ahead: u32) -> Option<u32> {
    let days = u32::try_from(LOOKS_BACK.num_days()).ok()?;
    (served >= SERVED_LEAST).then(|| ahead.saturating_add(1).saturating_mul(days).div_ceil(served))
}
