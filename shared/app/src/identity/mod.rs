//! Showing who one is: each way ends in the same write, which claims the SNILS for one cabinet alone (ACC-9, ACC-15).

pub mod checks;
pub mod compare;
pub mod device;
pub mod esia;
pub mod phone;
pub mod signature;
pub mod video;

use crate::account::happened;
use crate::called::joined;
use crate::{App, Bearer, Refusal, floods};
use domain::account::AccountEvent;
use domain::citizen::{Citizen, Person};
use domain::floods::CONFIRMING_DAY;
use domain::identity::{Confirmed, Means, unsaid};
use domain::profile::{Profile, Snils};
use domain::{CitizenId, Moment};
use store::access::batch::Batch;
use store::access::identities::Claim;
use store::items::citizen as record;
use store::items::profile::Kept;
use store::vault::hash;
use store::{Commit, Committed, Guard, Item, Key, Vault, keys};

/// Under which hash a SNILS is claimed.
pub(crate) fn claimed(vault: &Vault, snils: &Snils) -> String {
    vault.lookup("snils", snils.as_str())
}

/// Somebody as they were read: what is confirmed is confirmed of just that.
pub struct Known {
    pub citizen: Citizen,
    pub person: Person,
    kept: Kept,
    record: Item,
}

/// What of a person another source may say otherwise.
impl Known {
    pub fn profile(&self) -> &Profile {
        &self.kept.profile
    }

    pub(crate) fn of(batch: &Batch, vault: &Vault, citizen: CitizenId) -> Result<Option<Self>, Refusal> {
        let (Some(item), Some(found)) = (batch.item(&keys::me(citizen)), batch.citizen(citizen)?) else {
            return Ok(None);
        };
        Ok(Some(Self {
            citizen: found,
            person: record::person(item, vault)?,
            kept: batch.profile(citizen, vault)?,
            record: item.clone(),
        }))
    }

    /// A number that is another one as soon as anything is said otherwise that is compared with a paper: below 2^48, which every
    /// JSON reader keeps. It is keyed, so it tells nothing of what was said.
    pub(crate) fn seen(&self, vault: &Vault) -> u64 {
        let (name, profile) = (&self.person.name, self.profile());
        let paper = profile.paper.as_ref();
        let said = [
            name.surname.clone(),
            name.given.clone(),
            name.patronymic.clone().unwrap_or_default(),
            profile.birth_on.map(|on| on.to_string()).unwrap_or_default(),
            profile.snils.as_ref().map(|snils| snils.as_str().to_owned()).unwrap_or_default(),
            paper.map(|paper| paper.kind.name().to_owned()).unwrap_or_default(),
            paper.and_then(|paper| paper.series.clone()).unwrap_or_default(),
            paper.map(|paper| paper.number.clone()).unwrap_or_default(),
            paper.map(|paper| paper.issued_on.to_string()).unwrap_or_default(),
            paper.map(|paper| paper.issued_by.clone()).unwrap_or_default(),
        ];
        let keyed = hash(vault.lookup("seen", &joined(&said)).as_bytes());
        keyed[..6].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// Writes nothing, and holds the whole to the person being as they were read.
    pub(crate) fn hold(&self, app: &App, commit: &mut Commit) {
        app.store.hold_compared(commit, self.citizen.id, &self.record, self.kept.version.unwrap_or(0));
    }

    /// That there is something to confirm, of somebody who is not blocked.
    ///
    /// # Errors
    /// [`Refusal::NothingToConfirm`]; [`Refusal::Inactive`].
    pub(crate) fn able(&self) -> Result<(), Refusal> {
        if let Some(blocked) = &self.citizen.blocked {
            return Err(Refusal::Inactive(blocked.clone()));
        }
        let unsaid = unsaid(&self.citizen.met);
        if unsaid.is_empty() { Ok(()) } else { Err(Refusal::NothingToConfirm(unsaid)) }
    }
}

/// Oneself, whatever else is read with it.
pub(crate) async fn oneself(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    more: &[Key],
) -> Result<(Known, Batch), Refusal> {
    let wanted = [&bearer.keys()[..], &[keys::profile(bearer.citizen)], more].concat();
    let batch = app.store.read(&wanted).await?;
    bearer.check(&batch, app.clock.now())?;
    let known = Known::of(&batch, vault, bearer.citizen)?.ok_or(Refusal::Unauthorized)?;
    Ok((known, batch))
}

/// Writes that somebody is who they say, together with what `commit` has: that the proof is used up. They are told.
///
/// # Errors
/// [`Refusal::SnilsTaken`]; [`Refusal::TooManyTries`] beyond five a day; [`Refusal::ProofSpent`] when the proof was used meanwhile;
/// [`Refusal::Busy`] when record or profile were changed.
pub(crate) async fn confirm(
    app: &App,
    vault: &Vault,
    known: &Known,
    by: Means,
    mut commit: Commit,
    device: Option<&str>,
    moment: &Moment,
) -> Result<Confirmed, Refusal> {
    counted(app, known, by, moment).await?;
    let confirmed = Confirmed { by, at: moment.now };
    let snils = known.profile().snils.as_ref().map(|snils| claimed(vault, snils));
    let claim = Claim {
        record: &known.record,
        profile_version: known.kept.version.unwrap_or(0),
        snils: snils.as_deref(),
    };
    app.store.confirm(&mut commit, known.citizen.id, &claim, confirmed)?;
    finish(app, vault, known, confirmed, commit, device, moment).await
}

/// Counts that somebody is about to be confirmed. Whoever was seen by an operator does not try numbers.
async fn counted(app: &App, known: &Known, by: Means, moment: &Moment) -> Result<(), Refusal> {
    match by {
        Means::Video => Ok(()),
        _ => floods::within(app, CONFIRMING_DAY, known.citizen.id.0, moment.now).await,
    }
}

/// The end of every way: it is told, and written with all that `commit` has or not at all.
async fn finish(
    app: &App,
    vault: &Vault,
    known: &Known,
    confirmed: Confirmed,
    mut commit: Commit,
    device: Option<&str>,
    moment: &Moment,
) -> Result<Confirmed, Refusal> {
    let mut event = happened(vault, &known.citizen, AccountEvent::IdentityConfirmed, None, device, moment)?;
    event.means = Some(confirmed.by);
    app.store.put_happened(&mut commit, &event)?;
    match app.store.commit(commit).await {
        Committed::Done => Ok(confirmed),
        Committed::Refused(guards) if guards.contains(&Guard::Registration) => Err(Refusal::ProofSpent),
        Committed::Refused(guards) if guards.contains(&Guard::Snils) => Err(Refusal::SnilsTaken),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}
