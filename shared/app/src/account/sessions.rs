//! Where one is signed in, and ending that (ACC-11).

use super::signed_in;
use crate::{App, Bearer, Refusal};
use chrono::{DateTime, Utc};
use store::items::session::{Session, open_device};
use store::{Commit, Committed, Vault};

/// Characters by which a session is named: of the hash of its secret, and enough to tell one's own apart.
const NAME_LEN: usize = 16;

/// A session that lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub name: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// What the device called itself.
    pub device: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// One's sessions that live, the latest first.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn list(app: &App, vault: &Vault, bearer: &Bearer) -> Result<Vec<Open>, Refusal> {
    let mut open = Vec::new();
    for (hash, session) in living(app, bearer).await? {
        let device = session.device.as_ref();
        let device = device.map(|sealed| open_device(vault, bearer.citizen, &hash, sealed)).transpose()?;
        open.push(Open {
            name: name(&hash).to_owned(),
            created_at: session.created_at,
            expires_at: session.expires_at,
            device,
            current: hash == bearer.hash,
        });
    }
    open.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| a.name.cmp(&b.name)));
    Ok(open)
}

fn name(hash: &str) -> &str {
    hash.get(..NAME_LEN).unwrap_or(hash)
}

async fn living(app: &App, bearer: &Bearer) -> Result<Vec<(String, Session)>, Refusal> {
    let now = app.clock.now();
    let keys = bearer.keys();
    let (batch, found) = futures::join!(app.store.read(&keys), app.store.sessions(bearer.citizen));
    let citizen = bearer.check(&batch?, now)?;
    let mut found = found?;
    found.retain(|(_, session)| session.expires_at > now && session.epoch == citizen.epoch);
    Ok(found)
}

/// Ends one of one's sessions. Ending one that is over already is fine: it is over.
///
/// # Errors
/// [`Refusal::Unauthorized`]; [`Refusal::NotFound`] when one has no such session.
pub async fn end(app: &App, bearer: &Bearer, named: &str) -> Result<(), Refusal> {
    let found = living(app, bearer).await?.into_iter().find(|(hash, _)| name(hash) == named);
    let (hash, _) = found.ok_or(Refusal::NotFound)?;
    Ok(app.store.end_session(bearer.citizen, &hash).await?)
}

/// Ends all of one's sessions, the one that asks too.
///
/// # Errors
/// [`Refusal::Unauthorized`]; [`Refusal::Busy`].
pub async fn end_all(app: &App, bearer: &Bearer) -> Result<(), Refusal> {
    let (citizen, _) = signed_in(app, bearer).await?;
    let mut commit = Commit::new();
    app.store.end_sessions(&mut commit, citizen.id, citizen.epoch);
    match app.store.commit(commit).await {
        // Refused: another epoch has begun meanwhile, and all sessions before it are over.
        Committed::Done | Committed::Refused(_) => Ok(()),
        Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

/// Sessions that ended with what they were opened by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    pub sessions: usize,
    /// Whether the one that asks is among them.
    pub current: bool,
}

/// Ends those of one's sessions of which something is so.
///
/// # Errors
/// When the table cannot be used: some may have ended then, and the rest ends when it is asked for again.
pub(super) async fn end_where(
    app: &App,
    bearer: &Bearer,
    is_so: impl Fn(&Session) -> bool,
) -> Result<Ended, Refusal> {
    let found = app.store.sessions(bearer.citizen).await?;
    let over: Vec<String> =
        found.into_iter().filter(|(_, session)| is_so(session)).map(|(hash, _)| hash).collect();
    // The one that asks comes last, that it can ask again.
    let (current, others): (Vec<String>, Vec<String>) =
        over.into_iter().partition(|hash| *hash == bearer.hash);
    app.store.end_each(bearer.citizen, &others).await?;
    app.store.end_each(bearer.citizen, &current).await?;
    Ok(Ended { sessions: others.len() + current.len(), current: !current.is_empty() })
}
