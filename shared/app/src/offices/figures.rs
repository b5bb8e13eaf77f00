//! What an office's days came to (OFC-7), counted from its appointments when somebody asks.

use super::allowed;
use crate::staff::{StaffBearer, signed_in};
use crate::{App, Refusal};
use chrono::NaiveDate;
use domain::OfficeId;
use domain::figures::Figures;
use domain::staff::Right;
use futures::StreamExt as _;
use futures::stream;
use store::access::pages::Reading;

/// Dates told in one go: each costs the reading of its appointments.
pub const DATES_MAX: usize = 62;
/// Dates read at the same time.
const AT_ONCE: usize = 8;

/// The figures of some dates, both ends included.
///
/// # Errors
/// [`Refusal::BeyondRights`]; [`Refusal::Unavailable`].
pub async fn figures(
    app: &App,
    bearer: &StaffBearer,
    id: &OfficeId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Figures, Refusal> {
    app.office(id)?;
    let (member, app) = futures::join!(signed_in(app, bearer), app.current(id, Reading::Look));
    let (member, app) = (member?, app?);
    allowed(&app, &member, Right::SeeOffice, id)?;
    let office = app.office(id)?;
    let dates = from.iter_days().take_while(|on| *on <= to).take(DATES_MAX);
    let read = |on| {
        let store = &app.store;
        async move { (on, store.agenda(id, on).await) }
    };
    let mut days = std::pin::pin!(stream::iter(dates).map(read).buffered(AT_ONCE));
    let mut figures = Figures::default();
    while let Some((on, visits)) = days.next().await {
        figures.add(&app.catalogue.calendar, office, on, &visits?);
    }
    Ok(figures)
}
