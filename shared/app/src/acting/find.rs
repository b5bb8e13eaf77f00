//! Finding a citizen by the phone or the address that they name.

use super::{acting, reading};
use crate::contact::Login;
use crate::staff::StaffBearer;
use crate::{App, Refusal};
use domain::{CitizenId, OfficeId};
use store::items::citizen as record;
use store::{Vault, keys};

/// Somebody found: enough to ask whether it is they, and no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub citizen: CitizenId,
    pub given_name: String,
    /// The first letter of the surname.
    pub surname_begins: Option<char>,
}

/// Finds the citizen whose phone or confirmed address this is. It is written down with them.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::BeyondRights`].
pub async fn find(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    login: &Login,
) -> Result<Found, Refusal> {
    let now = app.clock.now();
    let hash = login.hash(vault);
    let keys = bearer.keys();
    let (batch, known) = futures::join!(app.store.read(&keys), app.store.login(&hash));
    let member = acting(app, bearer, &batch?, office, now)?;
    let citizen = known?.ok_or(Refusal::NotFound)?;
    let me = keys::me(citizen);
    let batch = app.store.read(std::slice::from_ref(&me)).await?;
    let item = batch.item(&me).ok_or(Refusal::NotFound)?;
    app.store.put_reading(&reading(&member, citizen, office, "found", now)).await?;
    let person = record::person(item, vault)?;
    Ok(Found { citizen, given_name: person.name.given, surname_begins: person.name.surname.chars().next() })
}
