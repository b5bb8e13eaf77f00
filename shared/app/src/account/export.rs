//! All that is kept of oneself, to take away (PRV-3).

use super::second_factor::{Second, Whose};
use super::{happened, password, second_factor, signed_in};
use crate::{App, Bearer, Refusal};
use chrono::TimeDelta;
use domain::account::AccountEvent;
use domain::citizen::Citizen;
use domain::{CitizenId, Moment};
use std::collections::{BTreeSet, HashMap};
use store::access::batch::KEYS_MAX;
use store::export::{Told, elsewhere, told, told_beside};
use store::{Commit, Committed, Item, Key, StoreError, Vault};

/// Bytes of what rows say after which an answer ends, at a page of the table. The page itself is at most a megabyte, and as JSON
/// not thrice that: an answer stays below the six megabytes that a function may give.
const BYTES_MAX: usize = 2_000_000;
/// The longest cursor, in bytes.
const CURSOR_MAX: usize = 1_024;

/// Parts that are taken one after the other are told of once.
const TOLD_ONCE: TimeDelta = TimeDelta::hours(1);
/// What happened last, among which it is looked for.
const LOOKED_BACK: i32 = 10;

/// What is kept of somebody, in the order of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub citizen: CitizenId,
    pub rows: Vec<Told>,
    /// Behind which row to go on; none when this is all.
    pub next: Option<String>,
}

/// Gives it to whoever is signed in and knows the password. Its owner is told by every channel (ACC-12): that is written down
/// before a row is read.
///
/// # Errors
/// As [`password::change`] of password and second factor; [`Refusal::CursorInvalid`]; [`Refusal::Unavailable`] also for a row that
/// this version does not know: half of what is kept is not all.
pub async fn export(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    (given, second): (String, &Second<'_>),
    after: Option<String>,
    device: Option<&str>,
) -> Result<Kept, Refusal> {
    let shaped =
        |after: &String| after.len() <= CURSOR_MAX && after.bytes().all(|byte| byte.is_ascii_graphic());
    if !after.as_ref().is_none_or(shaped) {
        return Err(Refusal::CursorInvalid);
    }
    let moment = app.clock.moment();
    let (citizen, batch) = signed_in(app, bearer).await?;
    let auth = password::knows(app, &batch, citizen.id, given, "password", moment.now).await?;
    second_factor::pass(app, vault, Whose::of(&citizen, &batch), &auth, second, &moment).await?;
    tell(app, vault, &citizen, device, &moment).await?;
    let (mut rows, mut bytes, mut next) = (Vec::new(), 0, after);
    loop {
        let page = app.store.citizen_rows(citizen.id, next.as_deref()).await?;
        let opened = opened(app, vault, citizen.id, &page.items).await?;
        bytes += opened.iter().map(|row| row.data.to_string().len()).sum::<usize>();
        rows.extend(opened);
        next = page.next.map(|key| key.sk);
        if next.is_none() || bytes >= BYTES_MAX {
            return Ok(Kept { citizen: citizen.id, rows, next });
        }
    }
}

async fn opened(
    app: &App,
    vault: &Vault,
    citizen: CitizenId,
    rows: &[Item],
) -> Result<Vec<Told>, StoreError> {
    let mut beside = HashMap::new();
    let wanted = rows.iter().filter_map(|row| elsewhere(citizen, row).transpose());
    let wanted: BTreeSet<Key> = wanted.collect::<Result<_, _>>()?;
    let wanted: Vec<Key> = wanted.into_iter().collect();
    for some in wanted.chunks(KEYS_MAX) {
        let batch = app.store.read(some).await?;
        let found = some.iter().filter_map(|key| Some((key.clone(), batch.item(key)?.clone())));
        beside.extend(found);
    }
    let open = |row: &Item| match elsewhere(citizen, row)? {
        Some(key) => told_beside(row, beside.get(&key), vault),
        None => told(row, vault),
    };
    rows.iter().map(open).collect()
}

async fn tell(
    app: &App,
    vault: &Vault,
    citizen: &Citizen,
    device: Option<&str>,
    moment: &Moment,
) -> Result<(), Refusal> {
    let last = app.store.happened(citizen.id, None, LOOKED_BACK).await?;
    let just_told = last
        .items
        .iter()
        .any(|one| one.event == AccountEvent::ExportTaken && moment.now - one.at < TOLD_ONCE);
    if just_told {
        return Ok(());
    }
    let mut commit = Commit::new();
    let event = happened(vault, citizen, AccountEvent::ExportTaken, None, device, moment)?;
    app.store.put_happened(&mut commit, &event)?;
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        Committed::Refused(_) | Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}
