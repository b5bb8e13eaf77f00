//! Acting for others: asked for, decided by staff, ended by either side, by its term or by staff (ACC-10, OFC-6).

pub mod ask;
pub mod due;
pub mod end;
pub mod form;
pub mod look;
pub mod queue;
pub mod stop;
pub mod told;

use crate::Refusal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::AccountEvent;
use domain::citizen::{Cabinet, Citizen};
use domain::moment::Draw;
use domain::profile::Snils;
use domain::representation::Representation;
use domain::{AccountEventId, AppointmentId, CitizenId, Moment, Ulid};
use store::access::batch::Batch;
use store::items::account::Happened;
use store::items::appointment::seal_reason;
use store::{Commit, Committed, Item, Store, StoreError, Vault};

/// Of what is sealed here; a record and a profile that are made in the same moment take others.
const SAID_NONCE: u32 = 70;
const REASON_NONCE: u32 = 71;
const TOLD_NONCE: u32 = 72;
const STOPPED_NONCE: u32 = 73;

/// Who somebody is who has no cabinet: made of their number, so that both parents of a child act for one and the same.
fn without_cabinet(vault: &Vault, snils: &Snils) -> CitizenId {
    let hash = URL_SAFE_NO_PAD.decode(vault.lookup("beneficiary", snils.as_str())).unwrap_or_default();
    CitizenId(Ulid::from_bytes(core::array::from_fn(|i| hash.get(i).copied().unwrap_or_default())))
}

/// What happened, for whoever has a cabinet to hear of it; `why` in the words of whoever decided.
fn happened(
    vault: Option<&Vault>,
    citizen: CitizenId,
    event: AccountEvent,
    why: Option<&str>,
    moment: &Moment,
) -> Result<Happened, StoreError> {
    let id = AccountEventId(moment.ulid(Draw::AccountEvent));
    // Sealed as the reasons of all notices are, for this fact.
    let seal = |(vault, why)| seal_reason(vault, AppointmentId(id.0), 1, why, moment.nonce(TOLD_NONCE));
    let why = vault.zip(why).map(seal).transpose()?.map(|sealed| sealed.0);
    let (former, former_email, device, means, member) = (None, None, None, None, None);
    Ok(Happened { id, citizen, event, at: moment.now, former, former_email, device, means, why, member })
}

/// Tells both sides the same, each as it happened to them and as far as they have a cabinet: of one that was deleted nothing is left
/// for it to stand in.
fn tell_both(
    store: &Store,
    commit: &mut Commit,
    between: &Representation,
    batch: &Batch,
    happened: impl Fn(CitizenId) -> Result<Happened, StoreError>,
) -> Result<(), StoreError> {
    for side in [between.representative, between.beneficiary] {
        if batch.citizen(side)?.is_some_and(|citizen| citizen.cabinet == Cabinet::Own) {
            store.put_happened(commit, &happened(side)?)?;
        }
    }
    Ok(())
}

/// Keeps the beneficiary's record in step with whether the representative may act for them at some time.
fn named(
    store: &Store,
    commit: &mut Commit,
    record: Option<&Item>,
    beneficiary: Option<&Citizen>,
    between: &Representation,
) {
    let (Some(record), Some(citizen)) = (record, beneficiary) else { return };
    let mut who = citizen.representatives.clone();
    who.retain(|one| *one != between.representative);
    if between.counts() {
        who.push(between.representative);
    }
    if who != citizen.representatives {
        store.name_representatives(commit, record, citizen.id, &who);
    }
}

/// Whether a write is to be tried again with what is read anew.
fn again(committed: Committed) -> Result<bool, Refusal> {
    match committed {
        Committed::Done => Ok(false),
        Committed::Refused(_) | Committed::Conflict => Ok(true),
        Committed::Unknown(error) => Err(error.into()),
    }
}
