//! Use cases, one file each: load, decide, write. Every change is one conditional transaction.
//!
//! A use case takes the [`App`] and what was asked, and answers a result or a [`Refusal`]. It never sends anything:
//! the table's stream carries what follows.

pub mod account;
pub mod acting;
pub mod alternatives;
pub mod appointments;
pub mod attempt;
pub mod bearer;
pub mod book;
pub mod calendar;
pub mod called;
pub mod caller;
pub mod cancel;
pub mod check_in;
pub mod contact;
pub mod correct;
pub mod documents;
pub mod effort;
pub mod factor;
pub mod fields;
pub mod find;
pub mod floods;
pub mod identity;
pub mod nearest;
pub mod offices;
pub mod password;
pub mod plans;
pub mod profile;
pub mod reception;
pub mod references;
pub mod refusal;
pub mod register;
pub mod registries;
pub mod representatives;
pub mod reschedule;
pub mod retention;
mod seat;
pub mod sign_in;
pub mod signing;
pub mod staff;
pub mod tell;
pub mod tick;
pub mod waitlist;
pub mod why;

use domain::catalogue::{Catalogue, Office, Service};
use domain::{Clock, OfficeId, ServiceId};
use std::sync::Arc;
use store::Store;

pub use bearer::Bearer;
pub use caller::Caller;
pub use floods::Floods;
pub use plans::Plans;
pub use refusal::Refusal;

/// What every use case needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    /// A snapshot: an office that was changed since is newer in another ([`App::at`]).
    pub catalogue: Arc<Catalogue>,
    pub clock: Arc<dyn Clock>,
    pub plans: Plans,
    pub floods: Arc<Floods>,
}

impl App {
    pub fn office(&self, id: &OfficeId) -> Result<&Office, Refusal> {
        self.catalogue.offices.get(id).ok_or(Refusal::UnknownOffice)
    }

    pub fn service(&self, id: &ServiceId) -> Result<&Service, Refusal> {
        self.catalogue.services.get(id).ok_or(Refusal::UnknownService)
    }
}
