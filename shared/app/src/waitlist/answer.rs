//! Answering an offer: accepting is one atomic write, declining frees the cells for the next (WTL-3, WTL-4).

use super::change;
use crate::attempt::{Operation, Step, settle};
use crate::book::{RULES_VERSION, held};
use crate::reschedule::free_seat;
use crate::signing::{self, Given, Proved, Wanted};
use crate::{App, Caller, Refusal, seat};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::active::Active;
use domain::appointment::{Action, Application, Appointment, By, Mark, Phase, change_deadline};
use domain::moment::Draw;
use domain::number::{Number, queue_number, visit_code};
use domain::profile::Demand;
use domain::schedule::holds;
use domain::signing::Subject;
use domain::visit::Visit;
use domain::waitlist::{EntryAction, Offer, OfferState};
use domain::{AppointmentId, CitizenId, Moment, OfferId, Ulid};
use planted::{Bug, planted};
use std::sync::atomic::{AtomicBool, Ordering};
use store::access::batch::Batch;
use store::access::entries::Answered;
use store::access::pages::Reading;
use store::items::appointment as item;
use store::vault::{ClearKey, mac};
use store::{Commit, Key, Vault, keys};
use subtle::ConstantTimeEq;

/// Bytes of a link's secret: whose it is, and half of the code over citizen and offer (RFC 2104, section 5). Not
/// one more than is needed: the link goes by SMS.
const WHOSE: usize = 16;
const CODE: usize = 16;

/// The secret of an offer's link: never stored, derived from the offer under the links' key.
pub fn token(links: &ClearKey, citizen: CitizenId, offer: OfferId) -> String {
    let mut bytes = [0; WHOSE + CODE];
    bytes[..WHOSE].copy_from_slice(&citizen.0.to_bytes());
    bytes[WHOSE..].copy_from_slice(&link_code(links, citizen, offer));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whose offer a link's secret is for.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not for this offer.
pub fn check_token(links: &ClearKey, token: &str, offer: OfferId) -> Result<CitizenId, Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Refusal::NotFound)?;
    let bytes: [u8; WHOSE + CODE] = bytes.try_into().map_err(|_| Refusal::NotFound)?;
    let citizen = CitizenId(Ulid::from_bytes(core::array::from_fn(|i| bytes[i])));
    let fits = bool::from(bytes[WHOSE..].ct_eq(&link_code(links, citizen, offer)));
    if fits { Ok(citizen) } else { Err(Refusal::NotFound) }
}

fn link_code(links: &ClearKey, citizen: CitizenId, offer: OfferId) -> [u8; CODE] {
    let whole = mac(links, &[b"offer", &citizen.0.to_bytes(), &offer.0.to_bytes()]);
    core::array::from_fn(|i| whole[i])
}

/// The offer as it stands.
///
/// # Errors
/// [`Refusal::NotFound`] when there is none with this id, or it is somebody else's.
pub async fn look(app: &App, caller: &Caller, id: OfferId) -> Result<Offer, Refusal> {
    let batch = app.store.read(&caller.with([keys::offer(caller.citizen(), id)])).await?;
    caller.check(&batch, app.clock.now())?;
    let offer = batch.offer(caller.citizen(), id)?.ok_or(Refusal::NotFound)?;
    caller.sees(&batch, &offer.service, app.clock.now())?;
    Ok(offer)
}

/// Accepts: the held cells become an appointment, or the place to which the later one moves («раньше»); what that
/// one held is freed for the line in the same write. Accepting again answers the same appointment.
///
/// # Errors
/// [`Refusal::Inactive`]; [`Refusal::OfferEnded`] from the offer's end on; [`Refusal::TooLate`] when the appointment that would be given
/// up starts within 24 hours; as [`signing::prove`] where the service has its application signed and it is a new appointment.
pub async fn accept(
    app: &App,
    caller: &Caller,
    id: OfferId,
    signature: (Option<&Vault>, Option<&Given>),
) -> Result<Appointment, Refusal> {
    let again = AtomicBool::new(false);
    let step = |moment| accept_step(app, caller, id, signature, again.swap(true, Ordering::Relaxed), moment);
    settle(app, caller.citizen(), step).await
}

async fn accept_step(
    app: &App,
    caller: &Caller,
    id: OfferId,
    (vault, signature): (Option<&Vault>, Option<&Given>),
    again: bool,
    moment: Moment,
) -> Result<Step<Appointment>, Refusal> {
    let citizen = caller.citizen();
    let subject = Subject::Offer(id);
    let (offer, active, batch) = read(app, caller, id, signing::keys(caller, &subject, signature)).await?;
    let operation = Operation::new("accept", Some(&id.to_string()), "", &moment);
    if let Some(result) = operation.seen(&active)? {
        let found = app.store.appointment(citizen, AppointmentId(result), None).await?;
        return found.map(Step::Done).ok_or(Refusal::OfferEnded);
    }
    // Who is closed out takes nothing; declining gives it to the next.
    if let Some(blocked) = batch.citizen(citizen)?.and_then(|citizen| citizen.blocked) {
        return Step::of(Err(Refusal::Inactive(blocked)), active, None);
    }
    // The office as this process knows it. If it has been changed, the write is refused, and the second try knows it; and a
    // seat that the known one does not have may be of hours opened since.
    let office = &offer.seat.office;
    let known = if again { app.current(office, Reading::Decide).await? } else { app.known() };
    let moves = active.held(&offer.service, moment.now).is_some();
    let signs = !moves && signing::signs(caller, known.service(&offer.service)?);
    let needed = if signs { Demand::Asked } else { Demand::NotAsked };
    let application = filled_in();
    let wanted = Wanted { subject, office: known.office(office)?, application: &application };
    let ended = open(&offer, &active, &moment).err();
    let proved = match ended {
        Some(ended) => Err(ended),
        None => signing::prove(caller, (&batch, vault), needed, &wanted, signature, &moment),
    };
    let proved = match proved {
        Ok(proved) => proved.zip(vault),
        Err(refusal) => return Step::of(Err(refusal), active, None),
    };
    let mut decided = take(&known, caller.by(), (&offer, proved.as_ref()), &active, &operation, &moment);
    if matches!(decided, Err(Refusal::OfferEnded)) && open(&offer, &active, &moment).is_ok() && !again {
        let current = app.current(office, Reading::Decide).await?;
        decided = take(&current, caller.by(), (&offer, proved.as_ref()), &active, &operation, &moment);
    }
    Step::of(caller.bound(app, &batch, decided), active, None)
}

/// Takes the offered seat, and gives up the later one if there is one.
fn take(
    app: &App,
    by: By,
    (offer, proved): (&Offer, Option<&(Proved, &Vault)>),
    active: &Active,
    operation: &Operation,
    moment: &Moment,
) -> Result<(Commit, Appointment), Refusal> {
    let citizen = offer.citizen;
    open(offer, active, moment)?;
    let office = app.office(&offer.seat.office)?;
    // The office has been shut since, or receives for other services.
    if !holds(&app.catalogue.calendar, office, &offer.service, &offer.seat) {
        return Err(Refusal::OfferEnded);
    }
    let queue =
        queue_number(&app.catalogue, office, &offer.seat.window, offer.seat.on, offer.seat.cells.from());
    let mut after = active.tidied(moment.now);
    let earlier = after.held(&offer.service, moment.now).cloned();
    let instead_of = earlier.as_ref().map(|held| held.id);
    after
        .may_hold(&offer.service, &offer.seat, instead_of, moment.now)
        .map_err(|cannot| seat::cannot_hold(cannot, &offer.seat))?;
    let mut commit = Commit::new();
    // Nobody is asked while an offer is accepted: a worker does afterwards, of whoever holds it then.
    let asked = app.service(&offer.service)?.eligibility == Demand::Asked;
    let mark = if asked { Mark::NeedsCheck } else { Mark::Confirmed };
    let appointment = match earlier {
        Some(held) => {
            let deadline = change_deadline(held.seat.starts_at);
            if moment.now > deadline {
                return Err(Refusal::TooLate { deadline, office: held.seat.office });
            }
            let moved = Appointment {
                id: held.id,
                number: held.number.clone(),
                mark: mark.moved(),
                version: held.version + 1,
                ..new_appointment(offer, queue, moment)
            };
            let record = moved.line(Action::Accepted, by, None, moment);
            app.store.move_held(&mut commit, &held, &moved, &record)?;
            free_seat(&app.store, &mut commit, &held.seat, held.seat.cells, &offer.service, moment)?;
            moved
        }
        None => {
            let mut appointment = Appointment { mark, ..new_appointment(offer, queue, moment) };
            appointment.record(Action::Accepted, by, None, moment);
            let mut sealed = None;
            if let Some((proved, vault)) = proved {
                appointment.application.signed = Some(proved.signed(1, moment));
                sealed = item::seal(vault, appointment.id, &appointment.application, moment.nonce(1))?;
                proved.keep((app, vault), &mut commit, (citizen, appointment.id, 1), moment)?;
            }
            app.store.put_appointment(&mut commit, &appointment, sealed)?;
            appointment
        }
    };
    if asked {
        app.store.ask_about(&mut commit, citizen, appointment.id, moment)?;
    }
    after.hold(held(&appointment), moment.now);
    after.end_offer(moment.now);
    after.waiting.retain(|(waiting, _)| *waiting != offer.service);
    after.remember(operation.done(appointment.id.0));
    let entry_change = change(EntryAction::Accepted, by, offer.entry_version + 1, Some(offer), moment);
    app.store.by_office(&mut commit, &office.id, office.version);
    app.store.end_offer(&mut commit, offer, OfferState::Accepted, moment.now);
    app.store.answer_entry(&mut commit, offer, Answered::Accepted, &entry_change)?;
    app.store.keep_active(&mut commit, citizen, &after)?;
    Ok((commit, appointment))
}

fn new_appointment(offer: &Offer, queue_number: String, moment: &Moment) -> Appointment {
    Appointment {
        id: AppointmentId(moment.ulid(Draw::Appointment)),
        citizen: offer.citizen,
        service: offer.service.clone(),
        seat: offer.seat.clone(),
        specialist: None,
        number: Number::draw(moment),
        queue_number,
        code: visit_code(moment),
        phase: Phase::Planned,
        mark: Mark::Confirmed,
        version: 1,
        changes: Vec::new(),
        application: filled_in(),
        corrected: 0,
        visit: Visit::default(),
    }
}

/// What is filled in for whoever takes an offer.
pub fn filled_in() -> Application {
    Application { rules_version: RULES_VERSION.to_owned(), ..Application::default() }
}

/// Declines: the place in line is kept, the cells go to the next. Declining again answers the same.
///
/// # Errors
/// [`Refusal::OfferEnded`] when it was accepted or has lapsed.
pub async fn decline(app: &App, caller: &Caller, id: OfferId) -> Result<Offer, Refusal> {
    settle(app, caller.citizen(), |moment| async move {
        let (offer, active, batch) = read(app, caller, id, Vec::new()).await?;
        if offer.state == OfferState::Declined {
            return Ok(Step::Done(offer));
        }
        let decided = refuse(app, caller.by(), &offer, &active, &moment);
        Step::of(caller.bound(app, &batch, decided), active, None)
    })
    .await
}

fn refuse(
    app: &App,
    by: By,
    offer: &Offer,
    active: &Active,
    moment: &Moment,
) -> Result<(Commit, Offer), Refusal> {
    open(offer, active, moment)?;
    let mut commit = Commit::new();
    let change = change(EntryAction::Declined, by, offer.entry_version + 1, Some(offer), moment);
    app.store.answer_entry(&mut commit, offer, Answered::Declined, &change)?;
    give_back(app, &mut commit, offer, active.clone(), OfferState::Declined, moment)?;
    Ok((commit, Offer { state: OfferState::Declined, ..offer.clone() }))
}

/// Ends an offer that was not accepted: its cells are freed again, and the person is open to others.
pub(crate) fn give_back(
    app: &App,
    commit: &mut Commit,
    offer: &Offer,
    mut active: Active,
    state: OfferState,
    moment: &Moment,
) -> Result<(), Refusal> {
    active.end_offer(moment.now);
    app.store.end_offer(commit, offer, state, moment.now);
    free_seat(&app.store, commit, &offer.seat, offer.seat.cells, &offer.given_up, moment)?;
    app.store.keep_active(commit, offer.citizen, &active.tidied(moment.now))?;
    Ok(())
}

async fn read(
    app: &App,
    caller: &Caller,
    id: OfferId,
    more: Vec<Key>,
) -> Result<(Offer, Active, Batch), Refusal> {
    let citizen = caller.citizen();
    let own = [keys::offer(citizen, id), keys::active(citizen)];
    let batch = app.store.read(&caller.with(own.into_iter().chain(more))).await?;
    caller.check(&batch, app.clock.now())?;
    let offer = batch.offer(citizen, id)?.ok_or(Refusal::NotFound)?;
    caller.at(app, &batch, &offer.seat.office)?;
    caller.sees(&batch, &offer.service, app.clock.now())?;
    let active = batch.active(citizen)?;
    Ok((offer, active, batch))
}

fn open(offer: &Offer, active: &Active, moment: &Moment) -> Result<(), Refusal> {
    let stands = active.offer.as_ref().is_some_and(|standing| standing.id == offer.id);
    let in_time = offer.is_open(moment.now) || planted(Bug::NoDeadline);
    if stands && in_time { Ok(()) } else { Err(Refusal::OfferEnded) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> ClearKey {
        ClearKey::new([7; 32])
    }

    proptest! {
        #[test]
        fn a_links_secret_is_good_for_its_citizens_one_offer(citizen: u128, offer: u128, other: u128, at in 0..43usize) {
            let (citizen, offer) = (CitizenId(Ulid::from(citizen)), OfferId(Ulid::from(offer)));
            let secret = token(&key(), citizen, offer);
            prop_assert_eq!(secret.len(), 43);
            prop_assert_eq!(check_token(&key(), &secret, offer).ok(), Some(citizen));
            let other = OfferId(Ulid::from(other));
            prop_assert_eq!(check_token(&key(), &secret, other).is_ok(), other == offer);
            prop_assert!(check_token(&ClearKey::new([8; 32]), &secret, offer).is_err());
            let mut altered = secret.into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap_or_default();
            prop_assert!(check_token(&key(), &altered, offer).is_err());
        }
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let offer = OfferId(Ulid::from(1));
        let short = &token(&key(), CitizenId(Ulid::from(2)), offer)[..42];
        for text in ["", "x", short, "а", "01JDQ2W7Z3M9V6T1F8K4B5N0PR.AAAA"] {
            assert!(check_token(&key(), text, offer).is_err(), "{text}");
        }
    }
}
