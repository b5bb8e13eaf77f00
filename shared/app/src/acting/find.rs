//! Finding a citizen by what they say on the phone: how they are reached, what they are called, the number of their visit.

use super::{acting, reading};
use crate::called;
use crate::contact::Login;
use crate::staff::StaffBearer;
use crate::{App, Refusal};
use chrono::NaiveDate;
use domain::number::Number;
use domain::{CitizenId, OfficeId};
use futures::future::try_join_all;
use store::items::citizen as record;
use store::{Vault, keys};

/// People of one name that are shown; where there are more, more is to be asked for.
pub const FOUND_MAX: usize = 20;

/// What somebody is looked for by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    Login(Login),
    /// Of a visit at the office on a date.
    Number(Number, NaiveDate),
    /// Surname and first name, with or without the patronymic, however they are written.
    Name(String),
}

/// Somebody found: enough to ask whether it is they, and no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub citizen: CitizenId,
    pub given_name: String,
    /// The first letter of the surname.
    pub surname_begins: Option<char>,
    /// The last two digits of the phone, by which people of one name are told apart.
    pub phone_ends: String,
}

/// Finds citizens. It is written down with each of them.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::BeyondRights`].
pub async fn find(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    office: &OfficeId,
    by: &By,
) -> Result<Vec<Found>, Refusal> {
    let now = app.clock.now();
    let keys = bearer.keys();
    let (batch, known) = futures::join!(app.store.read(&keys), those(app, vault, office, by));
    let member = acting(app, bearer, &batch?, office, now)?;
    let known = known?;
    let records: Vec<_> = known.iter().copied().map(keys::me).collect();
    let batch = app.store.read(&records).await?;
    let mut found = Vec::new();
    for citizen in known {
        // Whoever's cabinet is to be deleted is not found any more.
        let (Some(item), Some(_)) = (batch.item(&keys::me(citizen)), batch.citizen(citizen)?) else {
            continue;
        };
        let person = record::person(item, vault)?;
        let digits = person.phone.len().saturating_sub(2);
        found.push(Found {
            citizen,
            given_name: person.name.given,
            surname_begins: person.name.surname.chars().next(),
            phone_ends: person.phone.get(digits..).unwrap_or_default().to_owned(),
        });
    }
    if found.is_empty() {
        return Err(Refusal::NotFound);
    }
    let readings: Vec<_> =
        found.iter().map(|found| reading(&member, found.citizen, office, "found", now)).collect();
    try_join_all(readings.iter().map(|reading| app.store.put_reading(reading))).await?;
    Ok(found)
}

async fn those(app: &App, vault: &Vault, office: &OfficeId, by: &By) -> Result<Vec<CitizenId>, Refusal> {
    match by {
        By::Login(login) => Ok(app.store.login(&login.hash(vault)).await?.into_iter().collect()),
        By::Number(number, on) => {
            let found = app.store.by_number(&app.office(office)?.id, *on, number).await?;
            Ok(found.map(|(citizen, _)| citizen).into_iter().collect())
        }
        By::Name(said) => {
            let limit = i32::try_from(FOUND_MAX).unwrap_or(i32::MAX);
            Ok(app.store.named(&called::hash(said, vault), limit).await?)
        }
    }
}
