//! Load, decide, write, and again while others were faster: the one loop of all changes.

use crate::{App, Refusal};
use domain::active::{Active, Seen};
use domain::moment::Draw;
use domain::{CitizenId, Moment, Ulid};
use planted::{Bug, planted};
use std::future::Future;
use store::tries::Tries;
use store::vault::hash;
use store::{Commit, Committed, StoreError, keys};

/// What one look at the state came to.
pub enum Step<T> {
    /// Nothing is left to write.
    Done(T),
    /// To be written; then the answer is this.
    Write(Commit, T),
}

/// By what a request is known again: hashes of its idempotency key and of what it asks (BKG-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    pub key: [u8; 16],
    pub body: [u8; 8],
    /// Whether the client named it, so that another try of it may be under way.
    pub named: bool,
}

impl Operation {
    /// `given` is the client's `Idempotency-Key`; without one the operation is known to itself alone.
    pub fn new(name: &str, given: Option<&str>, body: &str, moment: &Moment) -> Self {
        let key = match given {
            Some(given) if !planted(Bug::FreshToken) => first(hash(given.as_bytes())),
            _ => moment.bytes(Draw::Operation),
        };
        let asked = if planted(Bug::KeyAlone) { String::new() } else { format!("{name}\n{body}") };
        Self { key, body: first(hash(asked.as_bytes())), named: given.is_some() }
    }

    /// The result of an earlier try of the same request, if there was one.
    pub fn seen(&self, active: &Active) -> Result<Option<Ulid>, Refusal> {
        match active.seen(&self.key, &self.body) {
            Seen::Never => Ok(None),
            Seen::Same { result } => Ok(Some(result)),
            Seen::OtherBody => Err(Refusal::IdempotencyMismatch),
        }
    }

    pub fn done(&self, result: Ulid) -> domain::active::Done {
        domain::active::Done { key: self.key, body: self.body, result }
    }
}

fn first<const N: usize>(hash: [u8; 32]) -> [u8; N] {
    core::array::from_fn(|i| hash[i])
}

/// The person's guard as it stands by now, and what the operation came to if an earlier try of it has committed: for
/// before a slot is called taken. Guard and pages are read side by side, and the person's own late try, or another
/// request of theirs, may have taken the slot between the two.
pub async fn look_again(
    app: &App,
    citizen: CitizenId,
    operation: &Operation,
) -> Result<(Active, Option<Ulid>), Refusal> {
    let active = app.store.read(&[keys::active(citizen)]).await?.active(citizen)?;
    let known = operation.named && !planted(Bug::NoFence);
    let result = if known { operation.seen(&active)? } else { None };
    Ok((active, result))
}

/// Takes steps until one is written or refused.
///
/// A refusal after an attempt whose fate is unknown is given only behind a fence: the person's guard is moved on
/// and the state read again, so that the lost attempt either shows as done or can never commit any more.
///
/// # Errors
/// What the step refuses; [`Refusal::Busy`] after a second or eight tries of conflict: nothing was written then,
/// unless an attempt's fate is unknown, which a retry with the same key settles.
pub async fn settle<T, F, Fut>(app: &App, seed: &Moment, citizen: CitizenId, step: F) -> Result<T, Refusal>
where
    F: Fn(Moment) -> Fut,
    Fut: Future<Output = Result<Step<T>, Refusal>>,
{
    let mut tries = Tries::new(seed);
    let mut unknown = false;
    loop {
        let go_on = match step(seed.at(app.clock.now())).await {
            Ok(Step::Done(answer)) => return Ok(answer),
            Ok(Step::Write(commit, answer)) => match app.store.commit(commit).await {
                _ if planted(Bug::AnswerFirst) => return Ok(answer),
                Committed::Done => return Ok(answer),
                Committed::Conflict if planted(Bug::ConflictIsDone) => return Ok(answer),
                Committed::Refused(guards) => {
                    tracing::debug!(?guards, "the state changed meanwhile");
                    tries.reread()
                }
                Committed::Conflict => tries.again().await,
                Committed::Unknown(error) => {
                    tracing::warn!(%error, "the fate of a transaction is unknown");
                    unknown = true;
                    tries.again().await
                }
            },
            Err(Refusal::Unavailable(error @ StoreError::Unavailable(_))) => {
                let again = tries.again().await;
                if !again {
                    return Err(Refusal::Unavailable(error));
                }
                again
            }
            Err(refusal) if unknown && !planted(Bug::NoFence) => {
                tracing::info!(%refusal, "fencing before a definite refusal");
                app.store.fence(citizen).await?;
                unknown = false;
                true
            }
            Err(refusal) => return Err(refusal),
        };
        if !go_on {
            return Err(Refusal::Busy);
        }
    }
}
