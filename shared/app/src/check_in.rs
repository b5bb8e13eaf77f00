//! Arriving: by number and code, without staff (VIS-1).

use crate::{App, Refusal, floods};
use domain::OfficeId;
use domain::appointment::{Action, Appointment, By, NoCheckIn, Phase};
use domain::floods::CHECK_INS_DAY;
use domain::number::Number;
use store::tries::Tries;

/// Checks a visitor in. Doing it again answers the same.
///
/// # Errors
/// [`Refusal::CheckInWrong`] when number and code do not fit any appointment of this office today: nobody can
/// tell which of them was wrong; also after twenty codes; too early or too late otherwise.
pub async fn check_in(
    app: &App,
    office: &OfficeId,
    number: &Number,
    code: &str,
) -> Result<Appointment, Refusal> {
    let zone = app.office(office)?.zone;
    let seed = app.clock.moment();
    let mut tries = Tries::new(&seed);
    let mut counted = false;
    loop {
        let moment = seed.at(app.clock.now());
        let on = moment.now.with_timezone(&zone).date_naive();
        let found = app.store.by_number(office, on, number).await?;
        let (citizen, id) = found.ok_or(Refusal::CheckInWrong)?;
        let before = app.store.appointment(citizen, id, None).await?.ok_or(Refusal::CheckInWrong)?;
        // Counted before it is looked at: many at once are no more guesses than one after another. Beyond a day's it is wrong.
        if before.visit.checked_in_at.is_none() && !counted {
            let within = floods::within(app, CHECK_INS_DAY, id.0, moment.now).await;
            within.map_err(|refusal| match refusal {
                Refusal::TooManyTries { .. } => Refusal::CheckInWrong,
                other => other,
            })?;
            counted = true;
        }
        let fits = before.number == *number && before.code == code && before.seat.office == *office;
        if !fits || before.phase == Phase::Cancelled {
            return Err(Refusal::CheckInWrong);
        }
        if before.visit.checked_in_at.is_some() {
            return Ok(before);
        }
        let late = Refusal::CheckInTooLate { office: office.clone() };
        match before.check_in(moment.now) {
            Ok(()) => {}
            Err(NoCheckIn::TooEarly { from }) => {
                return Err(Refusal::CheckInTooEarly { from, office: office.clone() });
            }
            // Whoever would have had to wait has not missed anything.
            Err(NoCheckIn::TooLate) => {
                let desk = app.store.desk(&before.seat.page()).await?;
                if !desk.runs_late(before.seat.starts_at) {
                    return Err(late);
                }
            }
            Err(NoCheckIn::NotPlanned) => return Err(late),
        }
        let mut after = before.clone();
        after.version += 1;
        after.visit.checked_in_at = Some(moment.now);
        after.record(Action::CheckedIn, By::CITIZEN, None, &moment);
        if app.store.keep_appointment_alone(after.clone(), before.version).await? {
            return Ok(after);
        }
        if !tries.reread() {
            return Err(Refusal::Busy);
        }
    }
}
