//! A session's token, and whose it is: `<citizen>.<256-bit secret>`, of which only a hash is kept.

use crate::Refusal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::citizen::{Citizen, Readiness};
use domain::limits::SESSION_VALID;
use domain::moment::Draw;
use domain::profile::Demand;
use domain::{CitizenId, Moment};
use store::access::batch::Batch;
use store::items::session::{Session, seal_device};
use store::vault::hash_text;
use store::{Key, StoreError, Vault, keys};

/// A token as presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    pub citizen: CitizenId,
    pub hash: String,
}

impl Bearer {
    /// Reads a token; one that cannot be one is no session.
    pub fn parse(token: &str) -> Result<Self, Refusal> {
        let (citizen, secret) = token.split_once('.').ok_or(Refusal::Unauthorized)?;
        let citizen = citizen.parse().map_err(|_| Refusal::Unauthorized)?;
        Ok(Self { citizen, hash: hash_text(secret.as_bytes()) })
    }

    /// The keys to read in the first batch: the session check costs no round trip of its own.
    pub fn keys(&self) -> [Key; 2] {
        [keys::session(self.citizen, &self.hash), keys::me(self.citizen)]
    }

    /// The citizen, if the session lives: known, not expired, not of an ended epoch.
    pub fn check(&self, batch: &Batch, now: DateTime<Utc>) -> Result<Citizen, Refusal> {
        let session = batch.session(self.citizen, &self.hash)?.ok_or(Refusal::Unauthorized)?;
        let citizen = batch.citizen(self.citizen)?.ok_or(Refusal::Unauthorized)?;
        let live = session.expires_at > now && session.epoch == citizen.epoch;
        if live { Ok(citizen) } else { Err(Refusal::Unauthorized) }
    }
}

/// A new session for a citizen: the token goes to its owner, the rest to the table.
pub struct NewSession {
    pub token: String,
    pub hash: String,
    pub session: Session,
}

pub fn new_session(citizen: CitizenId, epoch: u64, moment: &Moment) -> NewSession {
    let secret = URL_SAFE_NO_PAD.encode(moment.bytes::<32>(Draw::Session));
    NewSession {
        token: format!("{citizen}.{secret}"),
        hash: hash_text(secret.as_bytes()),
        session: Session {
            created_at: moment.now,
            expires_at: moment.now + SESSION_VALID,
            epoch,
            device: None,
            on: None,
            passkey: None,
        },
    }
}

impl NewSession {
    /// With what the device calls itself.
    pub fn on(
        mut self,
        vault: &Vault,
        citizen: CitizenId,
        device: Option<&str>,
        moment: &Moment,
    ) -> Result<Self, StoreError> {
        let seal = |device| seal_device(vault, citizen, &self.hash, device, moment.nonce(DEVICE_NONCE));
        self.session.device = device.map(seal).transpose()?;
        Ok(self)
    }

    /// On a device that is known, or is from now on.
    pub fn at(mut self, device_hash: &str) -> Self {
        self.session.on = Some(device_hash.to_owned());
        self
    }

    /// By a passkey.
    pub fn by(mut self, passkey: Option<&str>) -> Self {
        self.session.passkey = passkey.map(str::to_owned);
        self
    }
}

/// Of the device's name; a record's fields are sealed under the first ones in the same moment.
const DEVICE_NONCE: u32 = 20;

/// Refuses those who may not book yet, with the exact list (ACC-8).
pub fn ready(citizen: &Citizen, policy: Demand) -> Result<(), Refusal> {
    match citizen.readiness(policy) {
        Readiness::Ready => Ok(()),
        Readiness::Incomplete(missing) => Err(Refusal::NotReady(missing)),
        Readiness::Inactive(blocked) => Err(Refusal::Inactive(blocked)),
    }
}
