//! Devices on which one has signed in before: known by a secret of 256 bits of which only a hash is kept (ACC-14). Sessions
//! that were opened on one end with it.

use super::proof::{self, Shown};
use super::sessions::{Ended, end_where};
use super::{happened, signed_in};
use crate::bearer::new_session;
use crate::contact::Login;
use crate::sign_in::SignedIn;
use crate::{App, Bearer, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::account::{AccountEvent, Purpose};
use domain::citizen::Citizen;
use domain::moment::Draw;
use domain::{CitizenId, Moment, ProofId};
use store::items::device::{Device, open_name, seal_name};
use store::items::proof::open_contact;
use store::items::session::Session;
use store::vault::{ClearKey, hash_text};
use store::{Commit, Committed, StoreError, Vault, keys};

/// Of the device's name.
const NAME_NONCE: u32 = 21;
/// Characters by which a device is named: of the hash of its secret, and enough to tell one's own apart.
const NAME_LEN: usize = 16;
/// Characters of a token, with some to spare.
pub const TOKEN_MAX: usize = 100;

/// A device's token as presented: `<citizen>.<256-bit secret>`. One that cannot be one is of no device.
pub(crate) struct Presented {
    pub citizen: CitizenId,
    pub hash: String,
}

impl Presented {
    pub fn parse(token: &str) -> Option<Self> {
        let (citizen, secret) = token.trim().split_once('.')?;
        Some(Self { citizen: citizen.parse().ok()?, hash: hash_text(secret.as_bytes()) })
    }
}

/// A device that is known from now on: the token goes to it, the rest to the table.
pub(crate) struct NewDevice {
    pub token: String,
    pub hash: String,
    device: Device,
}

impl NewDevice {
    pub fn of(
        vault: &Vault,
        of: &Citizen,
        called: Option<&str>,
        moment: &Moment,
    ) -> Result<Self, StoreError> {
        let citizen = of.id;
        let secret = URL_SAFE_NO_PAD.encode(moment.bytes::<32>(Draw::Device));
        let hash = hash_text(secret.as_bytes());
        let seal = |name| seal_name(vault, citizen, &hash, name, moment.nonce(NAME_NONCE));
        let name = called.map(seal).transpose()?;
        let device = Device { known_since: moment.now, used_at: moment.now, epoch: of.epoch, name };
        Ok(Self { token: format!("{citizen}.{secret}"), hash, device })
    }

    pub fn put(&self, app: &App, commit: &mut Commit, citizen: CitizenId) -> Result<(), StoreError> {
        app.store.put_device(commit, citizen, &self.hash, &self.device)
    }
}

/// Opens a session on a device that is known from now on, by a passkey if by one, and tells its owner; `commit` has what opens
/// it.
pub(crate) async fn open_on_new(
    app: &App,
    vault: &Vault,
    mut commit: Commit,
    citizen: &Citizen,
    (called, passkey): (Option<&str>, Option<&str>),
    moment: &Moment,
) -> Result<SignedIn, Refusal> {
    let device = NewDevice::of(vault, citizen, called, moment)?;
    let session = new_session(citizen.id, citizen.epoch, moment).on(vault, citizen.id, called, moment)?;
    let session = session.at(&device.hash).by(passkey);
    app.store.put_session(&mut commit, citizen.id, &session.hash, &session.session)?;
    device.put(app, &mut commit, citizen.id)?;
    let event = happened(vault, citizen, AccountEvent::NewDevice, None, called, moment)?;
    app.store.put_happened(&mut commit, &event)?;
    match app.store.commit(commit).await {
        Committed::Done => Ok(SignedIn {
            citizen: citizen.id,
            token: session.token,
            expires_at: session.session.expires_at,
            device: Some(device.token),
            deleted_at: citizen.deleted_at(),
        }),
        Committed::Refused(_) => Err(Refusal::ProofSpent),
        Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

/// Ends signing in on a new device by the code that went to the phone.
///
/// # Errors
/// As showing a code; [`Refusal::ProofSpent`] when the password or the phone is another meanwhile, and when it was done before:
/// one signs in anew then.
pub async fn complete(
    app: &App,
    vault: &Vault,
    codes: &ClearKey,
    id: ProofId,
    code: &str,
    called: Option<&str>,
) -> Result<SignedIn, Refusal> {
    let moment = app.clock.moment();
    let Shown::Now(citizen, shown) = proof::show(app, vault, codes, (id, Purpose::Device), code).await?
    else {
        return Err(Refusal::ProofSpent);
    };
    let batch = app.store.read(&[keys::me(citizen), keys::auth(citizen)]).await?;
    let found = batch.citizen(citizen)?.filter(|found| shown.epoch == Some(found.epoch));
    let found = found.ok_or(Refusal::ProofSpent)?;
    // A second factor that was turned on meanwhile is asked for: whoever begins anew hears so.
    let auth = batch.item(&keys::auth(citizen)).map(store::items::citizen::auth_from_item).transpose()?;
    if auth.is_none_or(|auth| auth.factor.is_some()) {
        return Err(Refusal::ProofSpent);
    }
    let mut commit = Commit::new();
    app.store.use_proof(&mut commit, &shown, moment.now);
    let Ok(contact) = open_contact(vault, &shown)?.parse::<Login>();
    app.store.by_login(&mut commit, &contact.hash(vault), citizen);
    open_on_new(app, vault, commit, &found, (called, None), &moment).await
}

/// A device that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub name: String,
    pub known_since: DateTime<Utc>,
    pub used_at: DateTime<Utc>,
    /// What it calls itself.
    pub called: Option<String>,
}

/// One's devices, the last used first.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn list(app: &App, vault: &Vault, bearer: &Bearer) -> Result<Vec<Known>, Refusal> {
    let mut known = Vec::new();
    for (hash, device) in living(app, bearer).await? {
        let open = |sealed: &Vec<u8>| open_name(vault, bearer.citizen, &hash, sealed);
        let called = device.name.as_ref().map(open).transpose()?;
        let Device { known_since, used_at, .. } = device;
        known.push(Known { name: name(&hash).to_owned(), known_since, used_at, called });
    }
    known.sort_by(|a, b| b.used_at.cmp(&a.used_at).then_with(|| a.name.cmp(&b.name)));
    Ok(known)
}

fn name(hash: &str) -> &str {
    hash.get(..NAME_LEN).unwrap_or(hash)
}

async fn living(app: &App, bearer: &Bearer) -> Result<Vec<(String, Device)>, Refusal> {
    let (citizen, _) = signed_in(app, bearer).await?;
    known(app, &citizen).await
}

async fn known(app: &App, citizen: &Citizen) -> Result<Vec<(String, Device)>, Refusal> {
    let now = app.clock.now();
    let mut found = app.store.devices(citizen.id).await?;
    found.retain(|(_, device)| device.is_known(now) && citizen.counts(device.epoch));
    Ok(found)
}

/// Forgets the devices of a cabinet that count no more since it was unlocked.
pub(super) async fn sweep(app: &App, citizen: &Citizen) -> Result<(), Refusal> {
    let found = app.store.devices(citizen.id).await?;
    let over = found.into_iter().filter(|(_, device)| !citizen.counts(device.epoch));
    Ok(app.store.forget_devices(citizen.id, over.map(|(hash, _)| hash)).await?)
}

/// Knows one of one's devices no more: whoever signs in there is asked for a code again, and every session that was opened there
/// is over. Its owner is told. Asked for once more, it ends what the first time left.
///
/// # Errors
/// [`Refusal::Unauthorized`]; [`Refusal::NotFound`] when one has no such device; [`Refusal::Busy`].
pub async fn forget(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    named: &str,
    called: Option<&str>,
) -> Result<Ended, Refusal> {
    let moment = app.clock.moment();
    let (citizen, _) = signed_in(app, bearer).await?;
    let found = known(app, &citizen).await?.into_iter().find(|(hash, _)| name(hash) == named);
    if let Some((hash, _)) = &found {
        let mut commit = Commit::new();
        app.store.forget_device(&mut commit, citizen.id, hash);
        let event = happened(vault, &citizen, AccountEvent::DeviceRemoved, None, called, &moment)?;
        app.store.put_happened(&mut commit, &event)?;
        match app.store.commit(commit).await {
            // Refused: somebody else did it meanwhile.
            Committed::Done | Committed::Refused(_) => {}
            Committed::Conflict => return Err(Refusal::Busy),
            Committed::Unknown(error) => return Err(error.into()),
        }
    }
    // From now on none is opened there, so whatever is read is all.
    let there = |session: &Session| session.on.as_deref().is_some_and(|on| name(on) == named);
    let ended = end_where(app, bearer, there).await?;
    if found.is_none() && ended.sessions == 0 { Err(Refusal::NotFound) } else { Ok(ended) }
}
