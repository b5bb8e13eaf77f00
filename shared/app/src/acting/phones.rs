//! By which phone a cabinet may be opened: one that no other cabinet has, and by which no other is to be opened (ACC-6).

use crate::contact::Login;
use crate::refusal::WrongField;
use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::CitizenId;
use domain::unlock::{Unlock, UnlockState};
use store::items::citizen as record;
use store::items::unlock as item;
use store::{StoreError, Vault, keys};

/// What a phone is to anybody else.
pub(super) enum Claim {
    /// Nothing; what it was to open before, if anything, may be replaced.
    Free(Option<CitizenId>),
    /// Another cabinet's own.
    Cabinet,
    /// It is to open another, as was agreed.
    Unlock,
}

pub(super) async fn claim(
    app: &App,
    vault: &Vault,
    citizen: CitizenId,
    phone: &Login,
    now: DateTime<Utc>,
) -> Result<Claim, Refusal> {
    let hash = phone.hash(vault);
    let batch = app.store.read(&[keys::login(&hash), keys::unlock_phone(&hash)]).await?;
    let leads = |key| batch.item(&key).map(record::login_from_item).transpose();
    if leads(keys::login(&hash))?.is_some_and(|owner| owner != citizen) {
        return Ok(Claim::Cabinet);
    }
    let pointed = leads(keys::unlock_phone(&hash))?;
    let Some(other) = pointed.filter(|other| *other != citizen) else { return Ok(Claim::Free(pointed)) };
    // The pointer is a hint: the other's unlock says whether it is open still, and to which phone.
    let batch = app.store.read(&[keys::unlock(other)]).await?;
    let promised = batch.unlock(other)?.filter(|unlock| !unlock.is_over(now));
    let promised = promised.map(|unlock| promised_to(vault, &unlock)).transpose()?.flatten();
    Ok(if promised.as_ref() == Some(phone) { Claim::Unlock } else { Claim::Free(pointed) })
}

/// The phone of an unlock that somebody has agreed to.
fn promised_to(vault: &Vault, unlock: &Unlock) -> Result<Option<Login>, StoreError> {
    if unlock.state != UnlockState::Approved {
        return Ok(None);
    }
    let Ok(phone) = item::open(vault, unlock, "tel", &unlock.phone)?.parse::<Login>();
    Ok(Some(phone))
}

/// Lets a citizen have a new unlock by a phone, after the one before.
///
/// # Errors
/// [`Refusal::UnlockOpen`] while that is under way; [`Refusal::Fields`] when the phone is somebody else's.
pub(super) async fn let_open(
    app: &App,
    vault: &Vault,
    (citizen, before): (CitizenId, Option<&Unlock>),
    phone: &Login,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    if let Some(before) = before.filter(|before| !before.is_over(now)) {
        // One whose phone has got a cabinet meanwhile never comes about.
        let lost = match promised_to(vault, before)? {
            Some(phone) => matches!(claim(app, vault, citizen, &phone, now).await?, Claim::Cabinet),
            None => false,
        };
        if !lost {
            return Err(Refusal::UnlockOpen);
        }
    }
    let code = match claim(app, vault, citizen, phone, now).await? {
        Claim::Free(_) => return Ok(()),
        Claim::Cabinet => "phone-of-another",
        Claim::Unlock => "phone-of-another-unlock",
    };
    Err(Refusal::Fields(vec![WrongField::new("phone", code)]))
}
