//! What one says of oneself: read, and changed part by part (ACC-7, ACC-8, ACC-12).

mod form;

use super::happened;
use crate::find::{Where, offices};
use crate::{App, Bearer, Refusal, called, identity};
use chrono::{DateTime, Utc};
use domain::Moment;
use domain::account::AccountEvent;
use domain::citizen::{Citizen, Person};
use domain::profile::{Address, Profile};
use domain::{AppointmentId, OfficeId, ServiceId};
use store::access::identities::CONFIRMED;
use store::access::profiles::{Identity, RecordChange};
use store::items::citizen as record;
use store::items::profile::Kept;
use store::tries::Tries;
use store::{Commit, Committed, Item, Vault, keys};

pub use form::{AddressForm, Form, NameForm, PaperForm, Part, PolicyForm};

/// Offices that are offered instead of one in a region that somebody left.
const INSTEAD_MAX: usize = 3;

/// Oneself, with all that one said.
#[derive(Debug, Clone)]
pub struct Oneself {
    pub citizen: Citizen,
    pub person: Person,
    pub profile: Profile,
    /// Why the cabinet is closed to booking, in the words of whoever closed it.
    pub blocked_for: Option<String>,
}

/// Oneself.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn read(app: &App, vault: &Vault, bearer: &Bearer) -> Result<Oneself, Refusal> {
    Ok(look(app, vault, bearer).await?.0)
}

async fn look(app: &App, vault: &Vault, bearer: &Bearer) -> Result<(Oneself, Kept, Item), Refusal> {
    let wanted = [&bearer.keys()[..], &[keys::profile(bearer.citizen)]].concat();
    let batch = app.store.read(&wanted).await?;
    let citizen = bearer.check(&batch, app.clock.now())?;
    let item = batch.item(&keys::me(citizen.id)).ok_or(Refusal::Unauthorized)?;
    let person = record::person(item, vault)?;
    let kept = batch.profile(citizen.id, vault)?;
    let blocked_for = record::block_words(item, vault)?;
    Ok((Oneself { citizen, person, profile: kept.profile.clone(), blocked_for }, kept, item.clone()))
}

/// What came of a change.
#[derive(Debug, Clone)]
pub struct Changed {
    pub oneself: Oneself,
    /// Whether it had been confirmed who they are, and no longer is (ACC-9).
    pub ended: bool,
    /// What they hold in another region than they have moved to (CHG-6).
    pub elsewhere: Vec<Elsewhere>,
}

/// An appointment that stands in another region than its holder has moved to.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    pub appointment: AppointmentId,
    pub service: ServiceId,
    pub office: OfficeId,
    /// Where the service is to be had in the new region: the nearest to the town first, else by name.
    pub instead: Vec<OfficeId>,
}

/// Changes the parts that the form has; the rest stays. Sent again it changes nothing more. Another name, birth date or SNILS
/// than was confirmed ends that.
///
/// # Errors
/// [`Refusal::Fields`], naming everything that is wrong; [`Refusal::Unauthorized`]; [`Refusal::Busy`] when others were
/// faster all the time.
pub async fn change(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    form: &Form,
    device: Option<&str>,
) -> Result<Changed, Refusal> {
    let mut tries = Tries::new(&app.clock.moment());
    // Before a try of which nobody knows what became: should it have come about, what is read next says nothing of it.
    let mut unknown: Option<(Oneself, bool)> = None;
    loop {
        let moment = app.clock.moment();
        let (before, kept, record) = look(app, vault, bearer).await?;
        let mut after = form.applied(&app.catalogue, &before, moment.now)?;
        let ended = before.citizen.confirmed.is_some() && is_another(&before, &after);
        if ended {
            after.citizen.confirmed = None;
        }
        let mut commit = Commit::new();
        write(app, vault, &mut commit, (&before, &kept, &record), &after, &moment)?;
        if ended {
            if let Some(snils) = &before.profile.snils {
                app.store.give_up_snils(&mut commit, before.citizen.id, &identity::claimed(vault, snils));
            }
            tell_ended(app, vault, &mut commit, &before.citizen, device, &moment)?;
        }
        match app.store.commit(commit).await {
            Committed::Done => {
                let (first, had_ended) = unknown.unwrap_or((before, ended));
                let ended = ended || had_ended && after.citizen.confirmed.is_none();
                let elsewhere = match moved_to(&first.profile, &after.profile) {
                    Some(address) => elsewhere(app, &after.citizen, address, moment.now).await,
                    None => Vec::new(),
                };
                return Ok(Changed { oneself: after, ended, elsewhere });
            }
            Committed::Refused(_) | Committed::Conflict => {}
            Committed::Unknown(_) => {
                unknown.get_or_insert((before, ended));
            }
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

/// The address, if it is in another region than before.
fn moved_to<'a>(before: &Profile, after: &'a Profile) -> Option<&'a Address> {
    let was = before.address.as_ref()?;
    after.address.as_ref().filter(|is| is.region != was.region)
}

/// What somebody holds in another region than they have moved to. A help, so what cannot be looked up is left out.
async fn elsewhere(app: &App, citizen: &Citizen, to: &Address, now: DateTime<Utc>) -> Vec<Elsewhere> {
    let found = match app.store.read(&[keys::active(citizen.id)]).await {
        Ok(batch) => batch.active(citizen.id),
        Err(error) => Err(error),
    };
    let active = match found {
        Ok(active) => active,
        Err(error) => {
            tracing::warn!(%error, "what stands elsewhere is not told");
            return Vec::new();
        }
    };
    let near = to
        .town
        .as_ref()
        .and_then(|town| app.catalogue.towns.get(town))
        .map(|town| (town.latitude, town.longitude));
    let coming = active.appointments.into_iter().filter(|held| held.seat.starts_at > now);
    let away = coming.filter(|held| {
        app.catalogue.offices.get(&held.seat.office).is_some_and(|office| office.region != to.region)
    });
    away.map(|held| {
        let wanted = Where {
            region: Some(to.region.clone()),
            agency: None,
            service: Some(held.service.clone()),
            near,
        };
        let instead = offices(&app.catalogue, &wanted).into_iter().take(INSTEAD_MAX);
        Elsewhere {
            appointment: held.id,
            instead: instead.map(|office| office.id.clone()).collect(),
            service: held.service,
            office: held.seat.office,
        }
    })
    .collect()
}

/// Whether what somebody is known by is said otherwise.
pub(crate) fn is_another(before: &Oneself, after: &Oneself) -> bool {
    before.person.name != after.person.name
        || before.profile.birth_on != after.profile.birth_on
        || before.profile.snils != after.profile.snils
}

/// Tells that it ends that somebody is who they said.
pub(crate) fn tell_ended(
    app: &App,
    vault: &Vault,
    commit: &mut Commit,
    citizen: &Citizen,
    device: Option<&str>,
    moment: &Moment,
) -> Result<(), Refusal> {
    let event = happened(vault, citizen, AccountEvent::IdentityEnded, None, device, moment)?;
    Ok(app.store.put_happened(commit, &event)?)
}

/// Writes a profile and what the record says of it, as they are after the change, into `commit`.
pub(crate) fn write(
    app: &App,
    vault: &Vault,
    commit: &mut Commit,
    (before, kept, record_item): (&Oneself, &Kept, &Item),
    after: &Oneself,
    moment: &Moment,
) -> Result<(), Refusal> {
    let id = before.citizen.id;
    app.store.put_profile(commit, id, kept, &after.profile, vault, moment)?;
    let mut change = RecordChange {
        met: after.citizen.met.clone(),
        language: Some(after.citizen.language.clone()),
        reach: Some(after.citizen.reach),
        confirmed: record_item.get(CONFIRMED).cloned(),
        identity: match after.citizen.confirmed {
            same if same == before.citizen.confirmed => Identity::AsRead,
            None => Identity::Ended,
            Some(anew) => Identity::Confirmed(anew, record_item),
        },
        ..RecordChange::default()
    };
    if before.person.name != after.person.name {
        change.name = record::seal_name(vault, id, &after.person.name, moment)?.to_vec();
        let (was, is) =
            (called::hashes(&before.person.name, vault), called::hashes(&after.person.name, vault));
        let only = |these: &[String], those: &[String]| -> Vec<String> {
            these.iter().filter(|hash| !those.contains(hash)).cloned().collect()
        };
        app.store.drop_names(commit, id, &only(&was, &is));
        app.store.put_names(commit, id, &only(&is, &was));
    }
    Ok(app.store.change_record(commit, id, before.citizen.epoch, &change)?)
}
