//! Closing a citizen's cabinet to booking, and opening it again: by whoever answers for an office, with a reason that its owner
//! reads (ACC-8).
//!
//! Whoever is closed out signs in, sees and cancels what they have, and takes their data away; they book and move nothing, and
//! nothing is offered to them. The guard is moved on in the same write, so a booking under way is decided anew.

use super::{able_at, reading};
use crate::account::happened;
use crate::staff::StaffBearer;
use crate::{App, Refusal, floods};
use domain::account::AccountEvent;
use domain::citizen::{Blocked, Cabinet, Citizen, Ground};
use domain::floods::BLOCKS_DAY;
use domain::staff::{Member, Place, Right};
use domain::{AppointmentId, CitizenId, Moment, OfficeId};
use planted::{Bug, planted};
use store::access::batch::Batch;
use store::items::appointment::seal_reason;
use store::items::citizen::{self as record, BLOCK_WORDS};
use store::tries::Tries;
use store::{Commit, Committed, Vault, keys};

/// Nonces of the words in the record and in the notice; an event takes others in the same moment.
const WORDS_NONCE: u32 = 90;
const REASON_NONCE: u32 = 91;

/// For which office, and why.
pub struct Said<'a> {
    pub office: &'a OfficeId,
    /// In the member's own words; the citizen reads them.
    pub why: &'a str,
}

/// Closes a cabinet to booking. Said once more the same, it stays as it is.
///
/// # Errors
/// [`Refusal::BeyondRights`]; [`Refusal::NotFound`], also for whoever has no cabinet of their own; [`Refusal::ClosedAlready`] for
/// another ground or by another office; [`Refusal::TooManyTries`] beyond twenty a day; [`Refusal::Busy`].
pub async fn close(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    citizen: CitizenId,
    ground: Ground,
    said: &Said<'_>,
) -> Result<Blocked, Refusal> {
    let moment = app.clock.moment();
    let mut tries = Tries::new(&moment);
    let mut counted = false;
    loop {
        let (member, found, batch) = read(app, bearer, citizen, said.office, &moment).await?;
        if let Some(before) = found.blocked {
            let same = before.ground == ground && before.office == *said.office;
            return if same { Ok(before) } else { Err(Refusal::ClosedAlready) };
        }
        if !counted {
            floods::within(app, BLOCKS_DAY, member.id.0, moment.now).await?;
            counted = true;
        }
        let blocked = Blocked { ground, at: moment.now, office: said.office.clone() };
        let pk = keys::me(citizen).pk;
        let words = vault.seal(&pk, BLOCK_WORDS, said.why, moment.nonce(WORDS_NONCE))?;
        let with = Some((&blocked, words));
        let event = AccountEvent::CabinetBlocked;
        if write(app, vault, (&member, &found, &batch), said, with, event, &moment, &mut tries).await? {
            return Ok(blocked);
        }
    }
}

/// Opens a cabinet to booking again: at the office that closed it, or by whoever answers for a place around that. What is open
/// already stays so.
///
/// # Errors
/// [`Refusal::BeyondRights`]; [`Refusal::NotFound`]; [`Refusal::Busy`].
pub async fn open(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    citizen: CitizenId,
    said: &Said<'_>,
) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let mut tries = Tries::new(&moment);
    loop {
        let (member, found, batch) = read(app, bearer, citizen, said.office, &moment).await?;
        let Some(before) = &found.blocked else { return Ok(()) };
        let place = Place::Office(before.office.clone());
        if !member.may(Right::BlockCabinets, &place, &app.catalogue) {
            return Err(Refusal::BeyondRights);
        }
        let event = AccountEvent::CabinetUnblocked;
        if write(app, vault, (&member, &found, &batch), said, None, event, &moment, &mut tries).await? {
            return Ok(());
        }
    }
}

/// Whether a cabinet is closed to booking, why, and in which words. That it was read is written down with the citizen first.
///
/// # Errors
/// [`Refusal::BeyondRights`]; [`Refusal::NotFound`].
pub async fn look(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    citizen: CitizenId,
    office: &OfficeId,
) -> Result<Option<(Blocked, String)>, Refusal> {
    let moment = app.clock.moment();
    let (member, found, batch) = read(app, bearer, citizen, office, &moment).await?;
    app.store.put_reading(&reading(&member, citizen, office, "cabinet-block", moment.now)).await?;
    let item = batch.item(&keys::me(citizen)).ok_or(Refusal::NotFound)?;
    let words = record::block_words(item, vault)?.unwrap_or_default();
    Ok(found.blocked.map(|blocked| (blocked, words)))
}

/// The member who may, the citizen, and what was read.
async fn read(
    app: &App,
    bearer: &StaffBearer,
    citizen: CitizenId,
    office: &OfficeId,
    moment: &Moment,
) -> Result<(Member, Citizen, Batch), Refusal> {
    let own = [keys::me(citizen), keys::active(citizen)];
    let batch = app.store.read(&[&bearer.keys()[..], &own].concat()).await?;
    let member = able_at(app, bearer, &batch, Right::BlockCabinets, office, moment.now)?;
    // Whoever has no cabinet is booked for by others, and theirs is closed.
    let found = batch.citizen(citizen)?.filter(|found| found.cabinet == Cabinet::Own);
    Ok((member, found.ok_or(Refusal::NotFound)?, batch))
}

/// Writes it with its event; false where it is to be read anew.
#[allow(clippy::too_many_arguments, reason = "who, whom, why, what, and when")]
async fn write(
    app: &App,
    vault: &Vault,
    (member, found, batch): (&Member, &Citizen, &Batch),
    said: &Said<'_>,
    with: Option<(&Blocked, Vec<u8>)>,
    event: AccountEvent,
    moment: &Moment,
    tries: &mut Tries,
) -> Result<bool, Refusal> {
    let citizen = found.id;
    let item = batch.item(&keys::me(citizen)).ok_or(Refusal::NotFound)?;
    let mut active = batch.active(citizen)?.tidied(moment.now);
    active.block(with.is_some(), moment.now);
    let mut commit = Commit::new();
    app.store.block(&mut commit, citizen, item, with);
    // Whoever decides by the guard as it was decides anew.
    if !planted(Bug::BlockUnguarded) {
        app.store.keep_active(&mut commit, citizen, &active)?;
    }
    let mut event = happened(vault, found, event, None, None, moment)?;
    // Sealed as the reasons of all notices are, for this fact.
    let why = seal_reason(vault, AppointmentId(event.id.0), 1, said.why, moment.nonce(REASON_NONCE))?;
    (event.why, event.member) = (Some(why.0), Some(member.id));
    app.store.put_happened(&mut commit, &event)?;
    // Each time is written down, before it is done.
    let seen = reading(member, citizen, said.office, event.event.name(), moment.now);
    app.store.put_opening(&seen, event.id.0).await?;
    match app.store.commit(commit).await {
        Committed::Done => Ok(true),
        // By reading again it is told whether it was our own earlier try.
        Committed::Refused(_) if tries.reread() => Ok(false),
        Committed::Conflict | Committed::Unknown(_) if tries.again().await => Ok(false),
        Committed::Unknown(error) => Err(error.into()),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
    }
}
