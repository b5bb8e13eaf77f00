//! Load, decide, write, and again while others were faster: the one loop of all changes.

use crate::{App, Caller, Refusal};
use domain::active::{Active, Done, Refused, Seen};
use domain::moment::Draw;
use domain::{CitizenId, Moment, Ulid};
use planted::{Bug, planted};
use std::future::{Future, ready};
use store::tries::Tries;
use store::vault::hash;
use store::{Commit, Committed, StoreError, keys};

/// What one look at the state came to.
pub enum Step<T> {
    /// Nothing is left to write.
    Done(T),
    /// To be written; then the answer is this.
    Write(Commit, T),
    /// Refused by the state, of which this guard was read; the operation, if the client will ask for it again.
    Refused(Refusal, Box<Active>, Option<Refused>),
}

impl<T> Step<T> {
    /// What was decided on a guard, as the step that it is. What could not be decided stays an error.
    ///
    /// # Errors
    /// [`Refusal::RefusedBefore`] when it could be done now, and another try of the operation was refused for good.
    pub fn of(
        decided: Result<(Commit, T), Refusal>,
        active: Active,
        operation: Option<&Operation>,
    ) -> Result<Self, Refusal> {
        let name = operation.and_then(Operation::name);
        match decided {
            Ok(_) if operation.is_some_and(|operation| operation.was_refused(&active)) => {
                Err(Refusal::RefusedBefore)
            }
            Ok((commit, answer)) => Ok(Step::Write(commit, answer)),
            Err(error @ (Refusal::Unavailable(_) | Refusal::Busy)) => Err(error),
            Err(refusal) => Ok(Step::Refused(refusal, Box::new(active), name)),
        }
    }
}

/// By what a request is known again: hashes of its idempotency key and of what it asks (BKG-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    pub key: [u8; 16],
    pub body: [u8; 8],
    /// Whether the client named it, so that another try of it may be under way.
    pub named: bool,
    /// The key by which the version before knows it, where that is another: two who act for one citizen shared it.
    former: Option<[u8; 16]>,
}

impl Operation {
    /// `given` is the client's `Idempotency-Key`; without one the operation is known to itself alone.
    pub fn new(name: &str, given: Option<&str>, body: &str, moment: &Moment) -> Self {
        let key = match given {
            Some(given) if !planted(Bug::FreshToken) => first(hash(given.as_bytes())),
            _ => moment.bytes(Draw::Operation),
        };
        let asked = if planted(Bug::KeyAlone) { String::new() } else { format!("{name}\n{body}") };
        Self { key, body: first(hash(asked.as_bytes())), named: given.is_some(), former: None }
    }

    /// The same, asked by somebody: what a representative calls `1` is another operation than what the citizen calls so, or
    /// another representative. The keys of citizens, and of staff for them, are as they were.
    pub fn by(self, caller: &Caller) -> Self {
        let who = match caller {
            Caller::Session(_) | Caller::Link(_) | Caller::Staff(..) => return self,
            Caller::Representative(bearer, _) => bearer.citizen.to_string(),
        };
        if !self.named || planted(Bug::FreshToken) {
            return self;
        }
        let of = [who.as_bytes(), &self.key].concat();
        Self { key: first(hash(&of)), former: Some(self.key), ..self }
    }

    /// The result of an earlier try of the same request, if there was one.
    pub fn seen(&self, active: &Active) -> Result<Option<Ulid>, Refusal> {
        match active.seen(&self.key, &self.body) {
            Seen::Never | Seen::Refused => Ok(self.seen_formerly(active)),
            Seen::Same { result } => Ok(Some(result)),
            Seen::OtherBody => Err(Refusal::IdempotencyMismatch),
        }
    }

    /// What the version before did of it. To be taken out with the version after this one.
    fn seen_formerly(&self, active: &Active) -> Option<Ulid> {
        match active.seen(&self.former?, &self.body) {
            Seen::Same { result } => Some(result),
            // Of another body it may be somebody else's.
            Seen::Never | Seen::Refused | Seen::OtherBody => None,
        }
    }

    /// Whether a try of it was refused for good.
    fn was_refused(&self, active: &Active) -> bool {
        let refused = |key| active.refused.contains(&Refused { key, body: self.body });
        self.named && (refused(self.key) || self.former.is_some_and(refused))
    }

    pub fn done(&self, result: Ulid) -> Done {
        Done { key: self.key, body: self.body, result }
    }

    /// The name by which the client will ask again, if it gave one.
    fn name(&self) -> Option<Refused> {
        self.named.then_some(Refused { key: self.key, body: self.body })
    }
}

fn first<const N: usize>(hash: [u8; 32]) -> [u8; N] {
    core::array::from_fn(|i| hash[i])
}

/// Takes steps until one is written or refused.
///
/// A refusal that a client may hear while another attempt of the same operation is under way is closed first: the
/// person's guard is written as refusing that operation, on condition that it is as the refusal found it. So an attempt
/// whose answer was lost, and another try of the same request in another process, can never commit any more.
///
/// # Errors
/// What the step refuses; [`Refusal::Busy`] after a second or eight tries of conflict: nothing was written then,
/// unless an attempt's fate is unknown, which a retry with the same key settles.
pub async fn settle<T, F, Fut>(app: &App, citizen: CitizenId, step: F) -> Result<T, Refusal>
where
    F: Fn(Moment) -> Fut,
    Fut: Future<Output = Result<Step<T>, Refusal>>,
{
    settle_and_help(app, citizen, step, |refusal, _| ready(refusal)).await
}

/// The same; `help` looks up what makes a refusal helpful while it is closed, for whoever holds what the refusal found.
pub async fn settle_and_help<T, F, Fut, H, Helped>(
    app: &App,
    citizen: CitizenId,
    step: F,
    help: H,
) -> Result<T, Refusal>
where
    F: Fn(Moment) -> Fut,
    Fut: Future<Output = Result<Step<T>, Refusal>>,
    H: Fn(Refusal, Active) -> Helped,
    Helped: Future<Output = Refusal>,
{
    let seed = app.clock.moment();
    let mut tries = Tries::new(&seed);
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
            Ok(Step::Refused(refusal, active, name)) => {
                let taken = matches!(refusal, Refusal::SlotTaken { .. });
                let helped = help(refusal, (*active).clone());
                let closing = close(app, citizen, *active, name, unknown, taken);
                let (closed, refusal) = futures::join!(closing, helped);
                match closed {
                    Ok(true) => return Err(refusal),
                    Ok(false) => tries.reread(),
                    Err(error) => wait(&mut tries, error).await?,
                }
            }
            Err(Refusal::Unavailable(error @ StoreError::Unavailable(_))) => wait(&mut tries, error).await?,
            // Whoever may ask no more is not told that nothing was done: what they asked for while they might may have been.
            Err(Refusal::NotRepresented | Refusal::NotIdentified) if unknown => {
                return Err(Refusal::Busy);
            }
            // Found before the guard was looked at; an attempt of unknown fate must not come about after it all the same.
            Err(refusal) if unknown && !planted(Bug::NoFence) => {
                tracing::info!(%refusal, "closing before a definite refusal");
                let active = app.store.read(&[keys::active(citizen)]).await?.active(citizen)?;
                unknown = !app.store.close(citizen, &active).await?;
                tries.reread()
            }
            Err(refusal) => return Err(refusal),
        };
        if !go_on {
            return Err(Refusal::Busy);
        }
    }
}

async fn wait(tries: &mut Tries, error: StoreError) -> Result<bool, Refusal> {
    if tries.again().await { Ok(true) } else { Err(error.into()) }
}

/// Makes sure that a refusal stands, by what was read when it was found. False when the guard has changed since.
async fn close(
    app: &App,
    citizen: CitizenId,
    active: Active,
    name: Option<Refused>,
    unknown: bool,
    taken: bool,
) -> Result<bool, StoreError> {
    let closed = name.as_ref().is_some_and(|name| active.refused.contains(name));
    if !closed && (name.is_some() || unknown) && !planted(Bug::NoFence) {
        let mut after = active;
        name.into_iter().for_each(|name| after.refuse(name));
        return app.store.close(citizen, &after).await;
    }
    if !taken {
        return Ok(true);
    }
    // Guard and pages were read side by side: what took the slot between the two may have been this person.
    let now = app.store.read(&[keys::active(citizen)]).await?.active(citizen)?;
    Ok(now.version == active.version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Bearer;

    fn asked(key: &str, body: &str) -> Operation {
        Operation::new("book", Some(key), body, &Moment::new(chrono::DateTime::UNIX_EPOCH, [7; 32]))
    }

    fn acting(n: u128) -> Caller {
        let citizen = CitizenId(Ulid::from(n));
        Caller::Representative(Bearer { citizen, hash: String::new() }, CitizenId(Ulid::from(9)))
    }

    #[test]
    fn whoever_acts_for_somebody_has_keys_of_their_own() {
        let keys = [asked("1", "x"), asked("1", "x").by(&acting(1)), asked("1", "x").by(&acting(2))];
        assert!(keys[0].key != keys[1].key && keys[1].key != keys[2].key && keys[0].key != keys[2].key);
        assert_eq!(asked("1", "y").by(&acting(1)).key, keys[1].key);
        let own = Caller::Session(Bearer { citizen: CitizenId(Ulid::from(9)), hash: String::new() });
        assert_eq!(asked("1", "x").by(&own).key, keys[0].key);
    }

    #[test]
    fn what_the_version_before_did_or_refused_is_known_again() {
        let mut active = Active::default();
        active.remember(asked("1", "x").done(Ulid::from(5)));
        active.refuse(Refused { key: asked("2", "x").key, body: asked("2", "x").body });
        let seen = |key, body| asked(key, body).by(&acting(1)).seen(&active).expect("no mismatch");
        assert_eq!(seen("1", "x"), Some(Ulid::from(5)));
        // By another body it may be another's.
        assert_eq!((seen("1", "y"), seen("3", "x")), (None, None));
        assert!(asked("2", "x").by(&acting(1)).was_refused(&active));
        assert!(!asked("2", "y").by(&acting(1)).was_refused(&active));
    }
}
