//! Signing in by a passkey that has verified its owner: it counts as both factors, and makes its device known.
//!
//! Whether nobody has the passkey that answers or it did not sign this is answered alike, and costs the same: three round trips
//! and one signature.

use super::{Begun, Party, ceremony, defect, hash_of, made, timeout_ms};
use crate::account::devices::{Presented, open_on_new};
use crate::account::happened;
use crate::bearer::new_session;
use crate::floods;
use crate::sign_in::{SignedIn, open_on_known};
use crate::{App, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::AccountEvent;
use domain::citizen::Citizen;
use domain::moment::Draw;
use domain::{ChallengeId, CitizenId, Moment};
use passki::{
    AuthenticationCredential, AuthenticationOptions, AuthenticationState, StoredPasskey,
    UserVerificationRequirement,
};
use serde_json::json;
use store::items::device as record_of_device;
use store::items::passkey::{CeremonyFor, Passkey};
use store::{Commit, Committed, Key, Vault, keys};

/// Begins: a challenge for whichever passkey of this site its owner chooses.
///
/// # Errors
/// [`Refusal::TooManyTries`] beyond six hundred an hour from one network address.
pub async fn begin(app: &App, vault: &Vault, party: &Party, network: Option<&str>) -> Result<Begun, Refusal> {
    let moment = app.clock.moment();
    if let Some(counter) = network.map(|network| floods::passkeys(vault, network, &moment))
        && !app.store.count_in(&counter).await?
    {
        return Err(Refusal::TooManyTries { seconds: (counter.until - moment.now).num_seconds().max(1) });
    }
    let ceremony = ceremony(CeremonyFor::SigningIn, None, &moment);
    let mut wanted = AuthenticationOptions::default();
    wanted.timeout = timeout_ms();
    wanted.user_verification = UserVerificationRequirement::Required;
    let begun = party.verifier().start_passkey_authentication(&[], wanted);
    let (mut options, _) = begun.map_err(defect)?;
    options.challenge = URL_SAFE_NO_PAD.encode(&ceremony.challenge);
    app.store.begin_ceremony(&ceremony).await?;
    let options = serde_json::to_value(&options).map_err(defect)?;
    Ok(Begun { id: ceremony.id, options, expires_at: ceremony.expires_at })
}

/// What a browser gives back.
pub struct Answer<'a> {
    pub id: ChallengeId,
    pub credential: &'a AuthenticationCredential,
    /// By which the device is known.
    pub device_token: Option<&'a str>,
    /// What the device calls itself.
    pub device: Option<&'a str>,
}

/// A passkey as it was found.
struct Found {
    citizen: Citizen,
    hash: String,
    passkey: Passkey,
    made: StoredPasskey,
}

/// Opens a session for the owner of the passkey that answers. On a device that is not known it makes it known, and its owner is
/// told.
///
/// # Errors
/// [`Refusal::ProofSpent`] when the challenge is over or was answered before; [`Refusal::PasskeyWrong`], whatever is wrong with
/// the answer, also when it counts backwards: then its owner is told; [`Refusal::Busy`].
pub async fn complete(
    app: &App,
    vault: &Vault,
    party: &Party,
    answer: Answer<'_>,
) -> Result<SignedIn, Refusal> {
    let Answer { id, credential, device_token, device } = answer;
    let moment = app.clock.moment();
    // What is no id is looked for as it stands, and is nobody's.
    let raw = credential.raw_id.as_str();
    let hash = hash_of(vault, &URL_SAFE_NO_PAD.decode(raw).unwrap_or_else(|_| raw.as_bytes().to_vec()));
    let batch = app.store.read(&[keys::ceremony(id), keys::passkey_owner(&hash)]).await?;
    let begun = batch.ceremony(id)?.filter(|begun| begun.what == CeremonyFor::SigningIn);
    let begun = begun.filter(|begun| moment.now < begun.expires_at).ok_or(Refusal::ProofSpent)?;
    let owner = batch.passkey_owner(&hash)?;
    // For an unknown passkey somebody made up is read, so that the trips agree.
    let citizen = owner.unwrap_or_else(|| CitizenId(moment.ulid(Draw::Citizen)));
    let presented = device_token.and_then(Presented::parse).filter(|device| device.citizen == citizen);
    let mut wanted: Vec<Key> = vec![keys::passkey(citizen, &hash), keys::me(citizen)];
    wanted.extend(presented.as_ref().map(|device| keys::device(citizen, &device.hash)));
    // Used up before it is looked at: each challenge is one guess.
    let (used, batch) = futures::join!(app.store.use_ceremony(id, moment.now), app.store.read(&wanted));
    let (used, batch) = (used?, batch?);
    if !used {
        return Err(Refusal::ProofSpent);
    }
    let found = match (batch.passkey(citizen, &hash)?, batch.citizen(citizen)?) {
        (Some(passkey), Some(found)) if found.counts(passkey.epoch) => {
            let made = made(vault, citizen, &hash, &passkey)?;
            Some(Found { citizen: found, hash, passkey, made })
        }
        _ => None,
    };
    let verified = verify(party, credential, &begun.challenge, found.as_ref());
    let (Some(counter), Some(found)) = (verified, found) else {
        // The third trip of a success is a write; that of a refusal reads what it would have written.
        app.store.read(&[keys::session(citizen, &new_session(citizen, 0, &moment).hash)]).await?;
        return Err(Refusal::PasskeyWrong);
    };
    let before = found.passkey.counter;
    if (counter != 0 || before != 0) && counter <= before {
        tell_copied(app, vault, &found, device, &moment).await?;
        return Err(Refusal::PasskeyWrong);
    }
    let open = |commit: &mut Commit| {
        app.store.use_passkey(commit, (citizen, &found.hash), &found.passkey, counter, moment.now);
    };
    let known = match &presented {
        Some(device) => batch.item(&keys::device(citizen, &device.hash)).map(record_of_device::from_item),
        None => None,
    };
    let known =
        known.transpose()?.filter(|known| known.is_known(moment.now) && found.citizen.counts(known.epoch));
    match (presented, known) {
        (Some(presented), Some(known)) => {
            let session = new_session(citizen, found.citizen.epoch, &moment);
            let session =
                session.on(vault, citizen, device, &moment)?.at(&presented.hash).by(Some(&found.hash));
            open_on_known(app, citizen, &session, (&presented.hash, &known), &moment, open).await?;
            let (token, expires_at) = (session.token, session.session.expires_at);
            let deleted_at = found.citizen.deleted_at();
            Ok(SignedIn { citizen, token, expires_at, device: None, deleted_at })
        }
        _ => {
            let mut commit = Commit::new();
            open(&mut commit);
            open_on_new(app, vault, commit, &found.citizen, (device, Some(&found.hash)), &moment).await
        }
    }
}

/// How far a passkey has counted whose answer this is; none when it is not. For a passkey that nobody has a signature is verified,
/// too, and opens nothing.
fn verify(
    party: &Party,
    credential: &AuthenticationCredential,
    challenge: &[u8],
    found: Option<&Found>,
) -> Option<u32> {
    let state = json!({ "challenge": challenge, "allowed_credentials": [], "user_verification": "required" });
    let state: AuthenticationState = serde_json::from_value(state).ok()?;
    let mut by = found.map_or_else(nobodys, |found| found.made.clone());
    // What it counts is looked at once it is known to be the passkey's word.
    by.counter = 0;
    let verified = party.verifier().finish_passkey_authentication(credential, &state, &by).ok()?;
    let handle = verified.user_handle.map(|handle| URL_SAFE_NO_PAD.encode(handle))?;
    found.filter(|found| found.passkey.handle == handle).map(|_| verified.counter)
}

/// A passkey of the same cost that opens nothing, whoever signs for it: its key is the curve's own point.
fn nobodys() -> StoredPasskey {
    // SEC 2, 2.4.2: the base point of P-256.
    const X: [u8; 32] = [
        0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77,
        0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
    ];
    const Y: [u8; 32] = [
        0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b,
        0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
    ];
    // COSE (RFC 9053, 7.1.1): kty EC2, alg ES256, crv P-256, x, y.
    let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
    key.extend(X);
    key.extend([0x22, 0x58, 0x20]);
    key.extend(Y);
    let mut nobodys = StoredPasskey::default();
    (nobodys.public_key, nobodys.algorithm) = (key, -7);
    nobodys
}

/// Tells the owner of a passkey that counted backwards, once a day.
async fn tell_copied(
    app: &App,
    vault: &Vault,
    found: &Found,
    device: Option<&str>,
    moment: &Moment,
) -> Result<(), Refusal> {
    let mut commit = Commit::new();
    app.store.note_copied(&mut commit, (found.citizen.id, &found.hash), moment.now);
    let event = happened(vault, &found.citizen, AccountEvent::PasskeyCopied, None, device, moment)?;
    app.store.put_happened(&mut commit, &event)?;
    match app.store.commit(commit).await {
        Committed::Done | Committed::Refused(_) => Ok(()),
        Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}
