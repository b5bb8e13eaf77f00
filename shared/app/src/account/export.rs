//! All that is kept of oneself, to take away (PRV-3).

use super::second_factor::{Second, Whose};
use super::{password, second_factor, signed_in};
use crate::{App, Bearer, Refusal};
use domain::CitizenId;
use store::export::{Told, told};
use store::{StoreError, Vault};

/// Bytes of what rows say after which an answer ends, at a page of the table. The page itself is at most a megabyte, and as JSON
/// not thrice that: an answer stays below the six megabytes that a function may give.
const BYTES_MAX: usize = 2_000_000;
/// The longest cursor, in bytes.
const CURSOR_MAX: usize = 1_024;

/// What is kept of somebody, in the order of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub citizen: CitizenId,
    pub rows: Vec<Told>,
    /// Behind which row to go on; none when this is all.
    pub next: Option<String>,
}

/// Gives it to whoever is signed in and knows the password.
///
/// # Errors
/// As [`password::change`] of password and second factor; [`Refusal::CursorInvalid`]; [`Refusal::Unavailable`] also for a row that
/// this version does not know: half of what is kept is not all.
pub async fn export(
    app: &App,
    vault: &Vault,
    bearer: &Bearer,
    given: String,
    second: &Second<'_>,
    after: Option<String>,
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
    let (mut rows, mut bytes, mut next) = (Vec::new(), 0, after);
    loop {
        let page = app.store.citizen_rows(citizen.id, next.as_deref()).await?;
        let opened: Vec<Told> =
            page.items.iter().map(|item| told(item, vault)).collect::<Result<_, StoreError>>()?;
        bytes += opened.iter().map(|row| row.data.to_string().len()).sum::<usize>();
        rows.extend(opened);
        next = page.next.map(|key| key.sk);
        if next.is_none() || bytes >= BYTES_MAX {
            return Ok(Kept { citizen: citizen.id, rows, next });
        }
    }
}
