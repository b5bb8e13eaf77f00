//! One's cabinet as such: where one is signed in, the password, the phone and the address, and what happened to them
//! (ACC-2, ACC-4, ACC-6, ACC-11, ACC-13, ACC-14).

pub mod contact;
pub mod deletion;
pub mod devices;
pub mod export;
pub mod passkeys;
pub mod password;
pub mod profile;
pub mod proof;
pub mod recover;
pub mod second_factor;
pub mod sessions;
pub mod unlock;

use crate::{App, Bearer, Refusal};
use domain::account::AccountEvent;
use domain::citizen::Citizen;
use domain::moment::Draw;
use domain::{AccountEventId, Moment};
use store::access::Listed;
use store::access::batch::Batch;
use store::items::account::Happened;
use store::{StoreError, Vault, keys};

/// Nonces of what is sealed of an event; a record's fields and a session's device take others in the same moment.
const FORMER_NONCE: u32 = 30;
const DEVICE_NONCE: u32 = 31;

/// What happened, to be written with what makes it happen.
pub(crate) fn happened(
    vault: &Vault,
    citizen: &Citizen,
    event: AccountEvent,
    former: Option<&str>,
    device: Option<&str>,
    moment: &Moment,
) -> Result<Happened, StoreError> {
    let id = AccountEventId(moment.ulid(Draw::AccountEvent));
    let mut happened = Happened {
        id,
        citizen: citizen.id,
        event,
        at: moment.now,
        former: None,
        former_email: None,
        device: None,
        means: None,
        why: None,
        member: None,
    };
    let seal = |attribute, clear: Option<&str>, nonce| {
        clear.map(|clear| happened.seal(vault, attribute, clear, moment.nonce(nonce))).transpose()
    };
    let (former, device) = (seal("fm", former, FORMER_NONCE)?, seal("dv", device, DEVICE_NONCE)?);
    (happened.former, happened.device) = (former, device);
    Ok(happened)
}

/// Whoever is signed in, with what they sign in with.
async fn signed_in(app: &App, bearer: &Bearer) -> Result<(Citizen, Batch), Refusal> {
    let wanted = [&bearer.keys()[..], &[keys::auth(bearer.citizen)]].concat();
    let batch = app.store.read(&wanted).await?;
    let citizen = bearer.check(&batch, app.clock.now())?;
    Ok((citizen, batch))
}

/// What happened to one's cabinet, the latest first, with what the device called itself.
///
/// # Errors
/// [`Refusal::Unauthorized`]; [`Refusal::CursorInvalid`].
pub async fn events(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    after: Option<&str>,
    limit: i32,
) -> Result<Listed<(Happened, Option<String>)>, Refusal> {
    if after.is_some_and(|after| after.parse::<AccountEventId>().is_err()) {
        return Err(Refusal::CursorInvalid);
    }
    let keys = bearer.keys();
    let (batch, found) =
        futures::join!(app.store.read(&keys), app.store.happened(bearer.citizen, after, limit));
    bearer.check(&batch?, app.clock.now())?;
    let found = found?;
    let open = |happened: Happened| {
        let device = happened.device.as_ref().map(|sealed| happened.open(vault, "dv", sealed)).transpose()?;
        Ok::<_, StoreError>((happened, device))
    };
    let items = found.items.into_iter().map(open).collect::<Result<_, _>>()?;
    Ok(Listed { items, next: found.next })
}
