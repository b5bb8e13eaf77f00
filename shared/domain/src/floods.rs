//! Floods of codes: what is counted together, for how long, and how many there may be (ACC-1, ACC-5).
//!
//! Whoever has many numbers of one operator is paid for each SMS that they make us send. A stretch begins at a round time, so
//! twice as many may go out about its end.

use chrono::{DateTime, TimeDelta, Utc};

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    pub name: &'static str,
    pub stretch: TimeDelta,
    /// Codes in one stretch; beyond them none is sent.
    pub most: u32,
    /// Codes that strangers get for the asking; from there on they show an effort first.
    pub free: u32,
}

const HOUR: TimeDelta = TimeDelta::hours(1);
const DAY: TimeDelta = TimeDelta::hours(24);

/// Numbers that differ in their last four digits: of ten thousand one in a hundred a day.
pub const NEAR_HOUR: Bucket = Bucket { name: "near-hour", stretch: HOUR, most: 30, free: 10 };
pub const NEAR_DAY: Bucket = Bucket { name: "near-day", stretch: DAY, most: 100, free: 40 };
/// Numbers that differ in their last six digits: of a million.
pub const WIDE_HOUR: Bucket = Bucket { name: "wide-hour", stretch: HOUR, most: 300, free: 100 };
/// One network address. Behind one there may be a town's mobile phones, so it is effort that keeps it small.
pub const NETWORK_HOUR: Bucket = Bucket { name: "network-hour", stretch: HOUR, most: 60, free: 10 };
/// All SMS are counted in so many places, each with its part of what there may be: one would be written to too often.
pub const SHARDS: u32 = 16;

/// One shard of all SMS: of so many an hour its part, the first quarter of them for the asking.
pub fn everywhere(codes_an_hour: u32) -> Bucket {
    let most = (codes_an_hour / SHARDS).max(1);
    Bucket { name: "all-hour", stretch: HOUR, most, free: most.div_ceil(4) }
}

/// Wrong passwords from one network address, and of all: nothing is refused for them, but whoever is not known shows an effort.
pub const WRONG_NETWORK: Bucket = wrong("wrong-network-hour", 20);
/// One shard of them: 1,600 an hour are more than people make by themselves.
pub const WRONG_ALL: Bucket = wrong("wrong-all-hour", 100);

/// Challenges for passkeys to one network address: each is a row, and costs nobody an SMS.
pub const PASSKEY_NETWORK: Bucket = bounded("passkey-network-hour", HOUR, 600);

/// Requests from afar to open a cabinet, from one network address: people of one house, not a program.
pub const UNLOCK_NETWORK: Bucket = Bucket { name: "unlock-network-hour", stretch: HOUR, most: 10, free: 2 };
/// To one office: its queue stays one that people can go through.
pub const UNLOCK_OFFICE: Bucket = Bucket { name: "unlock-office-hour", stretch: HOUR, most: 60, free: 10 };

/// Links to the address of one cabinet: nobody has confirmed it, it may be a stranger's.
pub const LINKS_DAY: Bucket = bounded("links-day", DAY, 10);
/// Tries of one cabinet to confirm who one is: each is told whether a SNILS is of a confirmed cabinet.
pub const CONFIRMING_DAY: Bucket = bounded("confirming-day", DAY, 5);
/// Codes said for one appointment by whoever arrives: of a million one in fifty thousand. Staff check in whoever is beyond it.
pub const CHECK_INS_DAY: Bucket = bounded("check-ins-day", DAY, 20);

/// Passwords of their own that one member says who wants another.
pub const STAFF_PASSWORD: Bucket = bounded("staff-password-hour", HOUR, 5);
/// Pauses in signing in to one cabinet that staff end.
pub const PAUSES_DAY: Bucket = bounded("pauses-day", DAY, 5);
/// Questions about one cabinet that registries are asked while it is not confirmed whose it is: each answer, were it only that
/// this was booked, tells something of whoever its holder says they are.
pub const ENTITLED_DAY: Bucket = bounded("entitled-day", DAY, 10);

/// SMS about one visit to the phone that was given for it alone: nobody has confirmed it, it may be a stranger's, or one that is
/// paid for each of them.
pub const VISIT_PHONE_DAY: Bucket = bounded("visit-phone-day", DAY, 6);

/// Cabinets that one member closes to booking: more are a mistake, or worse; somebody else goes on.
pub const BLOCKS_DAY: Bucket = bounded("blocks-day", DAY, 20);

const fn bounded(name: &'static str, stretch: TimeDelta, most: u32) -> Bucket {
    Bucket { name, stretch, most, free: most }
}

const fn wrong(name: &'static str, free: u32) -> Bucket {
    Bucket { name, stretch: HOUR, most: u32::MAX, free }
}

impl Bucket {
    /// When the stretch began in which something is counted now.
    pub fn since(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        since(now, self.stretch)
    }
}

/// When the present one of the stretches of a length, one after another since 1970, began.
pub fn since(now: DateTime<Utc>, stretch: TimeDelta) -> DateTime<Utc> {
    now - TimeDelta::seconds(now.timestamp().rem_euclid(stretch.num_seconds().max(1)))
        - TimeDelta::nanoseconds(i64::from(now.timestamp_subsec_nanos()))
}

/// Who asks for a code. What strangers use up is not taken from those who have shown who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Anybody: to register, to recover a cabinet.
    Stranger,
    /// Signed in, or with the right password, or asked for by somebody who works here.
    Known,
}

impl Lane {
    pub fn name(self) -> &'static str {
        match self {
            Lane::Stranger => "stranger",
            Lane::Known => "known",
        }
    }
}

/// Digits that the numbers of a range differ in.
const NEAR_DIGITS: usize = 4;
const WIDE_DIGITS: usize = 6;

/// The ten thousand numbers among which an E.164 number is.
pub fn near(phone: &str) -> &str {
    without(phone, NEAR_DIGITS)
}

/// The million numbers among which an E.164 number is.
pub fn wide(phone: &str) -> &str {
    without(phone, WIDE_DIGITS)
}

fn without(phone: &str, digits: usize) -> &str {
    phone.get(..phone.len().saturating_sub(digits)).unwrap_or(phone)
}
