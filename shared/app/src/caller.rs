//! Who acts, and for whom: a citizen for themselves or for somebody who lets them (ACC-10), the holder of an offer's link, or
//! somebody who works here for a citizen whom they have identified (OFC-3, OFC-9).

use crate::refusal::WrongField;
use crate::staff::StaffBearer;
use crate::why::Why;
use crate::{App, Bearer, Refusal, bearer};
use chrono::{DateTime, Utc};
use domain::appointment::{Appointment, By, NotNow};
use domain::availability::Asking;
use domain::catalogue::Share;
use domain::citizen::{Citizen, Missing};
use domain::profile::Demand;
use domain::staff::{Place, Right};
use domain::{CitizenId, OfficeId, ServiceId, SpecialistId};
use planted::{Bug, planted};
use store::access::batch::Batch;
use store::{Commit, Key, keys};

#[derive(Debug, Clone)]
pub enum Caller {
    Session(Bearer),
    /// The link was checked already: it is good for this one offer.
    Link(CitizenId),
    /// A member, for a citizen whom they identified a moment ago.
    Staff(StaffBearer, CitizenId),
    /// A citizen, for another who let them, or whose parent they are.
    Representative(Bearer, CitizenId),
}

/// Whether somebody who works here has a reason to give time that is kept for emergencies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Urgent {
    #[default]
    No,
    Yes,
}

impl Caller {
    /// Whose things these are.
    pub fn citizen(&self) -> CitizenId {
        match self {
            Caller::Session(bearer) => bearer.citizen,
            Caller::Link(citizen) | Caller::Staff(_, citizen) | Caller::Representative(_, citizen) => {
                *citizen
            }
        }
    }

    pub fn by(&self) -> By {
        match self {
            Caller::Session(_) | Caller::Link(_) => By::CITIZEN,
            Caller::Staff(bearer, _) => By::staff(bearer.member),
            Caller::Representative(bearer, _) => By::representative(bearer.citizen),
        }
    }

    /// Whose electronic signature counts: the citizen's own, or that of whoever they let; a member signs for nobody.
    pub fn signer(&self) -> Option<CitizenId> {
        match self {
            Caller::Session(bearer) | Caller::Representative(bearer, _) => Some(bearer.citizen),
            Caller::Link(citizen) => Some(*citizen),
            Caller::Staff(..) => None,
        }
    }

    /// Whose time they can have (AVL-6).
    pub fn share(&self, urgent: Urgent) -> Share {
        match (self, urgent) {
            (Caller::Staff(..), Urgent::Yes) => Share::Emergencies,
            (Caller::Staff(..), Urgent::No) => Share::Operators,
            _ => Share::Public,
        }
    }

    /// What they ask for, with whom they want to speak, and why if that is to be said.
    pub fn asking<'a>(
        &self,
        with: Option<&'a SpecialistId>,
        why: Option<&Why>,
        now: DateTime<Utc>,
    ) -> Asking<'a> {
        let urgent = if why.is_some() { Urgent::Yes } else { Urgent::No };
        Asking { now, share: self.share(urgent), with }
    }

    /// The keys to read in the first batch, whoever it is, and these.
    pub fn with(&self, more: impl IntoIterator<Item = Key>) -> Vec<Key> {
        let mut wanted = match self {
            Caller::Session(bearer) => bearer.keys().to_vec(),
            Caller::Link(citizen) => vec![keys::me(*citizen)],
            Caller::Staff(bearer, citizen) => {
                let own = [keys::identification(bearer.member, *citizen), keys::me(*citizen)];
                bearer.keys().into_iter().chain(own).collect()
            }
            Caller::Representative(bearer, citizen) => {
                let own = [keys::representation(*citizen, bearer.citizen), keys::me(*citizen)];
                bearer.keys().into_iter().chain(own).collect()
            }
        };
        wanted.extend(more);
        wanted
    }

    /// The citizen, if this caller may act for them now.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`] without a live session; [`Refusal::NotIdentified`] for a member who did not identify them
    /// in the last half hour; [`Refusal::NotRepresented`] for a citizen who may not act for another now, whoever that is;
    /// [`Refusal::IdentityNeeded`] when it is no longer confirmed who they are themselves.
    pub fn check(&self, batch: &Batch, now: DateTime<Utc>) -> Result<Citizen, Refusal> {
        match self {
            Caller::Session(bearer) => bearer.check(batch, now),
            Caller::Link(citizen) => batch.citizen(*citizen)?.ok_or(Refusal::NotFound),
            Caller::Staff(bearer, citizen) => {
                bearer.check(batch, now)?;
                if !batch.identification(bearer.member, *citizen)?.is_good(now) {
                    return Err(Refusal::NotIdentified);
                }
                batch.citizen(*citizen)?.ok_or(Refusal::NotFound)
            }
            Caller::Representative(bearer, citizen) => {
                let own = bearer.check(batch, now)?;
                if !batch.representation(*citizen, bearer.citizen)?.holds(by_date(now)) {
                    return Err(Refusal::NotRepresented);
                }
                able(&own)?;
                batch.citizen(*citizen)?.ok_or(Refusal::NotRepresented)
            }
        }
    }

    /// Whether they may do anything of a service now: whoever was let act for some services may not for others.
    ///
    /// # Errors
    /// [`Refusal::NotRepresented`].
    pub fn covers(&self, batch: &Batch, service: &ServiceId, now: DateTime<Utc>) -> Result<(), Refusal> {
        let Caller::Representative(bearer, citizen) = self else { return Ok(()) };
        let between = batch.representation(*citizen, bearer.citizen)?;
        between.by(service, by_date(now)).map(|_| ()).ok_or(Refusal::NotRepresented)
    }

    /// Whether something new may be begun by them: whoever has their own cabinet deleted would not hear how it goes on.
    ///
    /// # Errors
    /// [`Refusal::DeletionUnderWay`].
    pub fn stays(&self, batch: &Batch) -> Result<(), Refusal> {
        let Caller::Representative(bearer, _) = self else { return Ok(()) };
        match batch.citizen(bearer.citizen)?.and_then(|own| own.deleted_at()) {
            Some(goes_at) => Err(Refusal::DeletionUnderWay { goes_at }),
            None => Ok(()),
        }
    }

    /// The same of something that is there already: what one may not act for is as if it were not.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn sees(&self, batch: &Batch, service: &ServiceId, now: DateTime<Utc>) -> Result<(), Refusal> {
        self.covers(batch, service, now).map_err(|refusal| match refusal {
            Refusal::NotRepresented => Refusal::NotFound,
            other => other,
        })
    }

    /// What was decided, held to the right by which it is done: whoever ends that meanwhile is before it.
    ///
    /// # Errors
    /// What was refused; [`Refusal::Unavailable`].
    pub fn bound<T>(
        &self,
        app: &App,
        batch: &Batch,
        decided: Result<(Commit, T), Refusal>,
    ) -> Result<(Commit, T), Refusal> {
        let (mut commit, answer) = decided?;
        if let (Caller::Representative(bearer, citizen), false) = (self, planted(Bug::RightUnbound)) {
            app.store.by_representation(&mut commit, &batch.representation(*citizen, bearer.citizen)?);
        }
        Ok((commit, answer))
    }

    /// Whether they may act at an office: citizens at every one, members where they have the right.
    ///
    /// # Errors
    /// [`Refusal::BeyondRights`].
    pub fn at(&self, app: &App, batch: &Batch, office: &OfficeId) -> Result<(), Refusal> {
        let Caller::Staff(bearer, _) = self else { return Ok(()) };
        let member = batch.member(bearer.member)?.ok_or(Refusal::Unauthorized)?;
        let place = Place::Office(office.clone());
        if member.may(Right::ActFor, &place, &app.catalogue) { Ok(()) } else { Err(Refusal::BeyondRights) }
    }

    /// Whether they may move or cancel an appointment now: members also when it is too late for oneself (CHG-3).
    ///
    /// # Errors
    /// [`NotNow`].
    pub fn changeable(&self, appointment: &Appointment, now: DateTime<Utc>) -> Result<(), NotNow> {
        match self {
            Caller::Staff(..) => appointment.changeable_by_staff(now),
            Caller::Session(_) | Caller::Link(_) | Caller::Representative(..) => appointment.changeable(now),
        }
    }

    /// Whether they may book now, or wait: a citizen only with all that is asked, a member with a reason whatever is missing
    /// (ACC-8).
    ///
    /// # Errors
    /// [`Refusal::NotReady`] with the list; [`Refusal::Inactive`]; [`Refusal::DeletionUnderWay`], whoever asks.
    pub fn ready(&self, citizen: &Citizen, policy: Demand, why: Option<&Why>) -> Result<(), Refusal> {
        if let Some(goes_at) = citizen.deleted_at() {
            return Err(Refusal::DeletionUnderWay { goes_at });
        }
        if self.overrides(why) {
            return Ok(());
        }
        match (bearer::ready(citizen, policy), self) {
            // Whoever acts is written to, and their own address is confirmed.
            (Err(Refusal::NotReady(mut missing)), Caller::Representative(..)) => {
                missing.retain(|missing| *missing != Missing::EmailConfirmed);
                if missing.is_empty() { Ok(()) } else { Err(Refusal::NotReady(missing)) }
            }
            (ready, _) => ready,
        }
    }

    /// Whether somebody who works here takes it upon themselves that something is missing.
    pub fn overrides(&self, why: Option<&Why>) -> bool {
        matches!((self, why), (Caller::Staff(..), Some(_)))
    }

    /// Whatever a member changes has a reason.
    ///
    /// # Errors
    /// [`Refusal::Fields`].
    pub fn reasoned(&self, why: Option<&Why>) -> Result<(), Refusal> {
        match (self, why) {
            (Caller::Staff(..), None) => Err(Refusal::Fields(vec![WrongField::new("reason", "required")])),
            _ => Ok(()),
        }
    }
}

/// The instant with which a right's date is compared.
fn by_date(now: DateTime<Utc>) -> DateTime<Utc> {
    if planted(Bug::RightAsWritten) { DateTime::UNIX_EPOCH } else { now }
}

/// Whether somebody may act for others at all: one who is blocked may not, nor one of whom it is not confirmed who they are.
///
/// # Errors
/// [`Refusal::Inactive`]; [`Refusal::IdentityNeeded`].
pub(crate) fn able(representative: &Citizen) -> Result<(), Refusal> {
    if let Some(blocked) = &representative.blocked {
        return Err(Refusal::Inactive(blocked.clone()));
    }
    if representative.confirmed.is_none() { Err(Refusal::IdentityNeeded) } else { Ok(()) }
}
