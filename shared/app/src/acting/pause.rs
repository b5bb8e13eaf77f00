//! Whoever was kept from signing in by too many tries, their own or somebody else's, is let in again by a member who knows who they
//! are (ACC-5).

use super::{acting, reading};
use crate::staff::StaffBearer;
use crate::{App, Caller, Refusal, floods, sign_in};
use domain::floods::PAUSES_DAY;
use domain::{CitizenId, OfficeId};
use store::items::citizen as record;
use store::{Vault, keys};

/// Has the tries of a citizen whom the member has identified begin anew: by phone, by address, on each of their devices, and those of
/// the password while signed in. It is written down with them first; where there is nothing to end, nothing changes.
///
/// # Errors
/// [`Refusal::BeyondRights`]; [`Refusal::NotFound`]; [`Refusal::NotIdentified`]; [`Refusal::TooManyTries`] beyond five a day of one
/// cabinet, for each time is twenty more guesses for whoever makes them.
pub async fn end(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    citizen: CitizenId,
) -> Result<(), Refusal> {
    let now = app.clock.now();
    let caller = Caller::Staff(bearer.clone(), citizen);
    let batch = app.store.read(&caller.with([keys::auth(citizen)])).await?;
    let member = acting(app, bearer, &batch, office, now)?;
    caller.check(&batch, now)?;
    let item = batch.item(&keys::me(citizen)).ok_or(Refusal::NotFound)?;
    let person = record::person(item, vault)?;
    floods::within(app, PAUSES_DAY, citizen.0, now).await?;
    app.store.put_reading(&reading(&member, citizen, office, "sign-in-pause-ended", now)).await?;
    if let Some(auth) = batch.item(&keys::auth(citizen)).map(record::auth_from_item).transpose()?
        && auth.wrong > 0
    {
        // Somebody who tries just now counts on: they are told so, and it is asked for again.
        app.store.count_wrong_password(citizen, auth.wrong, 0, now).await?;
    }
    sign_in::forget_all(app, vault, citizen, &person, now).await
}
