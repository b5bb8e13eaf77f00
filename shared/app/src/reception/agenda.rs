//! The agenda of an office's date, and the board in its waiting room: neither says who anybody is.

use super::allowed;
use crate::staff::{StaffBearer, signed_in};
use crate::{App, Refusal};
use chrono::{NaiveDate, TimeDelta};
use domain::appointment::{Appointment, Phase};
use domain::staff::Right;
use domain::visit::Call;
use domain::{OfficeId, WindowId};

/// How long a call stands on the board unless another follows.
const ON_BOARD: TimeDelta = TimeDelta::minutes(15);

/// The visits of an office's date, by start and window; cancelled ones are left out.
///
/// # Errors
/// [`Refusal::UnknownOffice`]; [`Refusal::BeyondRights`].
pub async fn agenda(
    app: &App,
    bearer: &StaffBearer,
    office: &OfficeId,
    on: Option<NaiveDate>,
) -> Result<(NaiveDate, Vec<Appointment>), Refusal> {
    let zone = app.office(office)?.zone;
    let on = on.unwrap_or_else(|| app.clock.now().with_timezone(&zone).date_naive());
    let (member, visits) = futures::join!(signed_in(app, bearer), app.store.agenda(office, on));
    allowed(app, &member?, Right::SeeDay, office)?;
    let mut visits = visits?;
    visits.retain(|visit| visit.phase != Phase::Cancelled);
    Ok((on, visits))
}

/// One window on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnBoard {
    pub window: WindowId,
    pub call: Call,
    /// Whether the one called is being received.
    pub receiving: bool,
}

/// Who was called where today, the latest call first. It hangs on a wall, so everybody may read it.
///
/// # Errors
/// [`Refusal::UnknownOffice`].
pub async fn board(app: &App, office: &OfficeId) -> Result<Vec<OnBoard>, Refusal> {
    let zone = app.office(office)?.zone;
    let now = app.clock.now();
    let desks = app.store.desks(office, now.with_timezone(&zone).date_naive()).await?;
    let mut shown: Vec<OnBoard> = desks
        .into_iter()
        .filter_map(|(window, desk)| {
            let receiving = desk.receiving.is_some();
            let call = desk.called.filter(|call| receiving || now - call.at < ON_BOARD)?;
            Some(OnBoard { window, call, receiving })
        })
        .collect();
    shown.sort_by(|a, b| b.call.at.cmp(&a.call.at).then_with(|| a.window.cmp(&b.window)));
    Ok(shown)
}
