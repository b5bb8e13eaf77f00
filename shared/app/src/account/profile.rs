//! What one says of oneself: read, and changed part by part (ACC-7, ACC-8, ACC-12).

mod form;

use crate::{App, Bearer, Refusal, called};
use domain::Moment;
use domain::citizen::{Citizen, Person};
use domain::profile::Profile;
use store::access::profiles::RecordChange;
use store::items::citizen as record;
use store::items::profile::Kept;
use store::tries::Tries;
use store::{Commit, Committed, Vault, keys};

pub use form::{AddressForm, Form, NameForm, PaperForm, Part, PolicyForm};

/// Oneself, with all that one said.
#[derive(Debug, Clone)]
pub struct Oneself {
    pub citizen: Citizen,
    pub person: Person,
    pub profile: Profile,
}

/// Oneself.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn read(app: &App, vault: &Vault, bearer: &Bearer) -> Result<Oneself, Refusal> {
    Ok(look(app, vault, bearer).await?.0)
}

async fn look(app: &App, vault: &Vault, bearer: &Bearer) -> Result<(Oneself, Kept), Refusal> {
    let wanted = [&bearer.keys()[..], &[keys::profile(bearer.citizen)]].concat();
    let batch = app.store.read(&wanted).await?;
    let citizen = bearer.check(&batch, app.clock.now())?;
    let item = batch.item(&keys::me(citizen.id)).ok_or(Refusal::Unauthorized)?;
    let person = record::person(item, vault)?;
    let kept = batch.profile(citizen.id, vault)?;
    Ok((Oneself { citizen, person, profile: kept.profile.clone() }, kept))
}

/// Changes the parts that the form has; the rest stays. Sent again it changes nothing more.
///
/// # Errors
/// [`Refusal::Fields`], naming everything that is wrong; [`Refusal::Unauthorized`]; [`Refusal::Busy`] when others were
/// faster all the time.
pub async fn change(app: &App, vault: &Vault, bearer: &Bearer, form: &Form) -> Result<Oneself, Refusal> {
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let moment = app.clock.moment();
        let (before, kept) = look(app, vault, bearer).await?;
        let after = form.applied(&app.catalogue, &before, moment.now)?;
        let commit = written(app, vault, (&before, &kept), &after, &moment)?;
        match app.store.commit(commit).await {
            Committed::Done => return Ok(after),
            Committed::Refused(_) | Committed::Conflict | Committed::Unknown(_) => {}
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

fn written(
    app: &App,
    vault: &Vault,
    (before, kept): (&Oneself, &Kept),
    after: &Oneself,
    moment: &Moment,
) -> Result<Commit, Refusal> {
    let id = before.citizen.id;
    let mut commit = Commit::new();
    app.store.put_profile(&mut commit, id, kept, &after.profile, vault, moment)?;
    let mut change = RecordChange {
        met: after.citizen.met.clone(),
        language: Some(after.citizen.language.clone()),
        reach: Some(after.citizen.reach),
        ..RecordChange::default()
    };
    if before.person.name != after.person.name {
        change.name = record::seal_name(vault, id, &after.person.name, moment)?.to_vec();
        let (was, is) =
            (called::hashes(&before.person.name, vault), called::hashes(&after.person.name, vault));
        let only = |these: &[String], those: &[String]| -> Vec<String> {
            these.iter().filter(|hash| !those.contains(hash)).cloned().collect()
        };
        app.store.drop_names(&mut commit, id, &only(&was, &is));
        app.store.put_names(&mut commit, id, &only(&is, &was));
    }
    app.store.change_record(&mut commit, id, before.citizen.epoch, &change)?;
    Ok(commit)
}
