//! Members: seen, changed, blocked and unblocked, each time with a reason that stays (OFC-11).

use super::StaffBearer;
use super::invite::check_grants;
use crate::{App, Refusal};
use domain::StaffId;
use domain::staff::{Grant, Member, NotYours, Right, StaffAction};
use store::access::staff::Unrestricted;
use store::items::staff::{self as record, Identity, StaffChange};
use store::tries::Tries;
use store::{Commit, Committed, Guard, Vault, keys};

/// Changes shown of a member, the latest first.
const CHANGES_SHOWN: i32 = 50;

/// A member as those see them who may.
#[derive(Debug, Clone)]
pub struct Seen {
    pub member: Member,
    pub who: Identity,
}

/// A page of those whom the asking member sees, and the cursor of the next.
///
/// A page may hold fewer than asked for, even none, and the list go on: those whom one does not see are left out.
///
/// # Errors
/// [`Refusal::BeyondRights`]; [`Refusal::CursorInvalid`].
pub async fn list(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    cursor: Option<&str>,
    most: i32,
) -> Result<(Vec<Seen>, Option<String>), Refusal> {
    let after = cursor.map(str::parse::<StaffId>).transpose().map_err(|_| Refusal::CursorInvalid)?;
    let after = after.map(|id| id.to_string());
    let (actor, page) =
        futures::join!(super::signed_in(app, bearer), app.store.members(after.as_deref(), most));
    let actor = actor?;
    if !actor.may_any(Right::SeeStaff) {
        return Err(Refusal::BeyondRights);
    }
    let page = page?;
    let mut seen = Vec::new();
    for item in &page.items {
        let member = record::from_item(item)?;
        if actor.sees(&member, &app.catalogue) {
            seen.push(Seen { member, who: record::identity(item, vault)? });
        }
    }
    Ok((seen, page.after))
}

/// One member: oneself, or one whom one sees.
///
/// # Errors
/// [`Refusal::NotFound`]: nobody can tell whether there is such a member elsewhere.
pub async fn one(app: &App, vault: &Vault, bearer: &StaffBearer, id: StaffId) -> Result<Seen, Refusal> {
    let key = keys::member(id);
    let batch = app.store.read(&asked_with(bearer, id)).await?;
    let actor = bearer.check(&batch, app.clock.now())?;
    let (Some(item), Some(member)) = (batch.item(&key), batch.member(id)?) else {
        return Err(Refusal::NotFound);
    };
    if !actor.sees(&member, &app.catalogue) {
        return Err(Refusal::NotFound);
    }
    Ok(Seen { member, who: record::identity(item, vault)? })
}

/// The session's keys and a member's, each once: a batch with a key twice is refused.
fn asked_with(bearer: &StaffBearer, id: StaffId) -> Vec<store::Key> {
    let mut all = bearer.keys().to_vec();
    if id != bearer.member {
        all.push(keys::member(id));
    }
    all
}

/// A change about a member as it was made, its reason opened.
#[derive(Debug, Clone)]
pub struct Told {
    pub change: StaffChange,
    pub reason: Option<String>,
}

/// What was done about a member, the latest first.
///
/// # Errors
/// As [`one`].
pub async fn history(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    id: StaffId,
) -> Result<Vec<Told>, Refusal> {
    one(app, vault, bearer, id).await?;
    let changes = app.store.staff_log(id, CHANGES_SHOWN).await?;
    let told = changes.into_iter().map(|change| {
        let open = |sealed: &Vec<u8>| record::open_why(vault, id, change.version, sealed);
        let reason = change.reason.as_ref().map(open).transpose()?;
        Ok(Told { change, reason })
    });
    told.collect()
}

/// What is to be done about a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// From now on these, and no others.
    Grants(Vec<Grant>),
    Block,
    Unblock,
}

impl Ask {
    fn action(&self) -> StaffAction {
        match self {
            Ask::Grants(_) => StaffAction::GrantsChanged,
            Ask::Block => StaffAction::Blocked,
            Ask::Unblock => StaffAction::Unblocked,
        }
    }

    /// The member after it; what is so already stays as it is.
    fn applied(&self, before: &Member) -> Member {
        let mut after = before.clone();
        match self {
            Ask::Grants(grants) => after.grants.clone_from(grants),
            Ask::Block => after.blocked = true,
            Ask::Unblock => after.blocked = false,
        }
        if after != *before {
            after.version += 1;
            // Whoever was let in under other rights signs in anew.
            after.epoch += 1;
        }
        after
    }
}

/// Does it, ending all sessions of the member. Asking for what is so already changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`] for a member whom one does not see; [`Refusal::BeyondRights`] when what the member has or is to
/// have is not the asking one's to give; [`Refusal::NotYourself`]; [`Refusal::LastAdministrator`].
pub async fn change(
    app: &App,
    vault: &Vault,
    bearer: &StaffBearer,
    id: StaffId,
    ask: &Ask,
    why: &str,
) -> Result<Member, Refusal> {
    let seed = app.clock.moment();
    let mut tries = Tries::new(&seed);
    loop {
        let moment = seed.at(app.clock.now());
        let batch = app.store.read(&asked_with(bearer, id)).await?;
        let actor = bearer.check(&batch, moment.now)?;
        let before = batch.member(id)?.filter(|member| actor.sees(member, &app.catalogue));
        let before = before.ok_or(Refusal::NotFound)?;
        may(app, &actor, &before, ask)?;
        let after = ask.applied(&before);
        if after == before {
            return Ok(before);
        }
        let counted = match (before.is_unrestricted(), after.is_unrestricted()) {
            (false, true) => Unrestricted::Joins,
            (true, false) => Unrestricted::Leaves,
            _ => Unrestricted::AsBefore,
        };
        let reason = record::seal_why(vault, id, after.version, why, moment.nonce(0))?;
        let change = StaffChange {
            version: after.version,
            by: Some(actor.id),
            action: ask.action(),
            at: moment.now,
            reason: Some(reason),
            former: before.grants.clone(),
            grants: after.grants.clone(),
        };
        let mut commit = Commit::new();
        app.store.change_member(&mut commit, &before, &after)?;
        app.store.put_staff_change(&mut commit, id, &change)?;
        app.store.count_administrator(&mut commit, id, counted);
        app.store.still(&mut commit, &actor);
        match app.store.commit(commit).await {
            Committed::Done => return Ok(after),
            // Alone: beside another condition somebody was faster, and reading again tells.
            Committed::Refused(guards) if guards == [Guard::Administrators] => {
                return Err(Refusal::LastAdministrator);
            }
            // Changed meanwhile, or by our own earlier try: reading again tells.
            Committed::Refused(_) if tries.reread() => {}
            Committed::Conflict | Committed::Unknown(_) if tries.again().await => {}
            _ => return Err(Refusal::Busy),
        }
    }
}

fn may(app: &App, actor: &Member, before: &Member, ask: &Ask) -> Result<(), Refusal> {
    actor.may_change(before, &app.catalogue).map_err(|why| match why {
        NotYours::Oneself => Refusal::NotYourself,
        NotYours::Beyond => Refusal::BeyondRights,
    })?;
    let Ask::Grants(grants) = ask else { return Ok(()) };
    check_grants(app, grants)?;
    if grants.iter().all(|grant| actor.may_give(grant, &app.catalogue)) {
        Ok(())
    } else {
        Err(Refusal::BeyondRights)
    }
}
