//! What all queues have alike that staff decide: who serves them where, how they are listed, and that one has a thing for oneself
//! (OFC-6).

use super::StaffBearer;
use crate::acting::acting;
use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::catalogue::Office;
use domain::queue::{Queue, Taken, Wait};
use domain::staff::Member;
use domain::{CitizenId, OfficeId, StaffId};
use std::fmt::{self, Display};
use std::str::FromStr;
use store::access::Listed;
use store::items::queue::Row;
use store::keys;

/// What waits as those who work here name it: `<citizen>.<id>`, neither of which says who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueName<T> {
    pub citizen: CitizenId,
    pub id: T,
}

impl<T: Display> Display for QueueName<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.citizen, self.id)
    }
}

impl<T: FromStr> FromStr for QueueName<T> {
    type Err = Refusal;
    /// What cannot be one is like one that nobody has.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let read = || {
            let (citizen, id) = text.split_once('.')?;
            Some(Self { citizen: citizen.parse().ok()?, id: id.parse().ok()? })
        };
        read().ok_or(Refusal::NotFound)
    }
}

/// Something in a queue, of whom it does not say who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    pub name: String,
    pub wait: Wait,
    /// In whose local time it is due.
    pub office: OfficeId,
    /// `waiting` or `taken`, as far as it is open.
    pub state: &'static str,
    /// Who has it for themselves.
    pub by: Option<StaffId>,
}

impl Queued {
    /// Of what is taken for a while only, in the row itself.
    pub(crate) fn of(
        row: &Row,
        name: impl Display,
        wait: Wait,
        office: &OfficeId,
        now: DateTime<Utc>,
    ) -> Self {
        let by = row.taken.and_then(|taken| taken.holds(now));
        let state = if by.is_some() { "taken" } else { "waiting" };
        Self { name: name.to_string(), wait, office: office.clone(), state, by }
    }
}

/// A page of the queue that an office serves: its own, or that of its region.
///
/// # Errors
/// [`Refusal::UnknownOffice`]; [`Refusal::BeyondRights`]; [`Refusal::CursorInvalid`].
pub(crate) async fn page(
    app: &App,
    bearer: &StaffBearer,
    office: &OfficeId,
    of: impl FnOnce(&Office) -> Queue,
    (after, limit): (Option<&str>, i32),
) -> Result<Listed<Row>, Refusal> {
    let none = || Listed { items: Vec::new(), next: None };
    let shaped = after.is_none_or(keys::is_queued);
    let queue = app.office(office).ok().filter(|_| shaped).map(of);
    let found = async {
        match &queue {
            Some(queue) => app.store.queued(queue, after, limit).await,
            None => Ok(none()),
        }
    };
    let keys = bearer.keys();
    let (session, found) = futures::join!(app.store.read(&keys), found);
    acting(app, bearer, &session?, office, app.clock.now())?;
    if shaped { Ok(found?) } else { Err(Refusal::CursorInvalid) }
}

/// Takes what waits for oneself, for a while; by whoever has it, for longer, and with what they are shown now. None: somebody else has it, or it is decided.
pub(crate) async fn take(
    app: &App,
    row: &Row,
    member: &Member,
    seen: Option<u64>,
    now: DateTime<Utc>,
) -> Result<Option<Row>, Refusal> {
    let taken = Taken { seen, ..Taken::now(member.id, now) };
    let done = app.store.take_queued(row, taken, now).await?;
    Ok(done.then(|| Row { taken: Some(taken), ..row.clone() }))
}

/// How the member took it, if nobody has since: also after a while nobody decides beside them.
pub(crate) async fn has(app: &App, row: &Row, member: &Member) -> Result<Option<Taken>, Refusal> {
    Ok(app.store.queued_taken(row).await?.filter(|taken| taken.by == member.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::CheckId;

    #[test]
    fn a_name_reads_back_and_nothing_else_is_one() {
        let text = "01ARZ3NDEKTSV4RRFFQ69G5FAV.01ARZ3NDEKTSV4RRFFQ69G5FAW";
        assert_eq!(
            text.parse::<QueueName<CheckId>>().map(|name| name.to_string()).ok(),
            Some(text.to_owned())
        );
        for wrong in ["", ".", "01ARZ3NDEKTSV4RRFFQ69G5FAV", &format!("{text}.x"), &text.replace('.', "")] {
            assert!(wrong.parse::<QueueName<CheckId>>().is_err(), "{wrong}");
        }
    }
}
