//! The one thing a decision knows of the outside: what time it is and what chance gives.

use chrono::{DateTime, Utc};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use ulid::Ulid;

/// The one door for time and chance: the system's, or a test's.
pub trait Clock: Send + Sync {
    fn now(&self) -> DateTime<Utc>;
    /// 256 bits of chance, new at each call.
    fn seed(&self) -> [u8; 32];

    fn moment(&self) -> Moment {
        Moment::new(self.now(), self.seed())
    }
}

/// Read once an invocation and passed down, so that a use case never sees two different nows.
///
/// Chance is a seed of 256 bits from the system; every draw is named, so the same moment gives the
/// same identifier however often a step is tried again, and two purposes never share a value.
#[derive(Debug, Clone)]
pub struct Moment {
    pub now: DateTime<Utc>,
    seed: [u8; 32],
}

/// What a value drawn from chance is for. The numbers are streams of the generator: never reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Draw {
    Operation = 1,
    Citizen = 2,
    Appointment = 3,
    Number = 4,
    Code = 5,
    Ticket = 6,
    Offer = 7,
    Registration = 8,
    Nonce = 9,
    Session = 10,
    Salt = 11,
    Release = 12,
    CoolDown = 13,
    Jitter = 14,
    Staff = 15,
    Invitation = 16,
    Recovery = 17,
    Proof = 18,
    AccountEvent = 19,
    CallNote = 20,
    Shard = 21,
    Effort = 22,
    Device = 23,
    File = 24,
    /// That somebody opened a file.
    Opening = 25,
    /// The secret or nonce of a challenge to show who one is.
    Challenge = 40,
    Check = 41,
    Grant = 42,
    /// What a passkey signs, and by what its ceremony is known.
    Ceremony = 50,
    CeremonyId = 51,
    /// By which passkeys know whose they are.
    UserHandle = 52,
    Unlock = 53,
    /// Nonces of sealed fields: one stream a field, from here on.
    Field = 1 << 32,
}

impl Moment {
    pub fn new(now: DateTime<Utc>, seed: [u8; 32]) -> Self {
        Self { now, seed }
    }

    /// The same chance at a later time: for trying again.
    pub fn at(&self, now: DateTime<Utc>) -> Self {
        Self { now, seed: self.seed }
    }

    /// The same time and another chance: the n-th item of a batch handled in one invocation.
    pub fn nth(&self, n: u64) -> Self {
        let mut seed = [0; 32];
        self.stream(u64::MAX - n).fill_bytes(&mut seed);
        Self { now: self.now, seed }
    }

    fn stream(&self, stream: u64) -> ChaCha20Rng {
        let mut rng = ChaCha20Rng::from_seed(self.seed);
        rng.set_stream(stream);
        rng
    }

    /// Bytes for one purpose, fit for secrets.
    pub fn bytes<const N: usize>(&self, draw: Draw) -> [u8; N] {
        let mut out = [0; N];
        self.stream(draw as u64).fill_bytes(&mut out);
        out
    }

    /// The nonce for sealing the `index`-th field of an item.
    pub fn nonce(&self, index: u32) -> [u8; 12] {
        let mut out = [0; 12];
        self.stream(Draw::Field as u64 + u64::from(index)).fill_bytes(&mut out);
        out
    }

    /// A number below `bound`; 0 when `bound` is 0. The bias is below 2⁻³² for bounds of 32 bits.
    pub fn below(&self, draw: Draw, bound: u64) -> u64 {
        if bound == 0 { 0 } else { u64::from_le_bytes(self.bytes(draw)) % bound }
    }

    /// An identifier that sorts by time.
    pub fn ulid(&self, draw: Draw) -> Ulid {
        let ms = u64::try_from(self.now.timestamp_millis()).unwrap_or(0);
        let random = u128::from_le_bytes(self.bytes(draw)) & ((1 << 80) - 1);
        Ulid::from_parts(ms, random)
    }
}
