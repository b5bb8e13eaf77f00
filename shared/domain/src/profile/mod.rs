//! What citizens say of themselves, and which of it they need before they may book (ACC-7, ACC-8, ACC-12).
//!
//! Every value here was parsed: a number has its check digits, a paper is of this person's age.

mod numbers;
mod paper;
mod policy;

use crate::citizen::Missing;
use crate::{RegionId, TownId};
use chrono::{Months, NaiveDate};

pub use numbers::{Inn, NumberFault, Snils};
pub use paper::{Paper, PaperFault, PaperKind};
pub use policy::{Checked, Demand, Insurance, Policy, PolicyFault, PolicyKind};

/// The least age at which somebody has a cabinet of their own, in years: that of the first passport (the regulation on the
/// passport of a citizen of Russia, government decree 828 of 1997, and that in force since, 2267 of 2023).
pub const AGE_MIN: u32 = 14;
/// The greatest age that is believed, in years.
pub const AGE_MAX: u32 = 120;

/// Where somebody is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub region: RegionId,
    /// The town or the one next to it, by which offices are near or far (CAT-3).
    pub town: Option<TownId>,
    /// As the passport has it.
    pub text: String,
}

/// All that is asked in a profile besides name, phone and e-mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    pub birth_on: Option<NaiveDate>,
    pub paper: Option<Paper>,
    pub snils: Option<Snils>,
    pub inn: Option<Inn>,
    pub address: Option<Address>,
    /// Another place by which to look for offices: where somebody works.
    pub work: Option<TownId>,
    pub policy: Option<Policy>,
}

impl Profile {
    /// Which conditions of «Готов к записи» it meets. SNILS is asked of whoever has the passport of a citizen: others need
    /// not have one.
    pub fn meets(&self) -> Vec<Missing> {
        let citizen = self.paper.as_ref().is_none_or(|paper| paper.kind == PaperKind::Passport);
        let conditions = [
            (Missing::BirthDate, self.birth_on.is_some()),
            (Missing::Paper, self.paper.is_some()),
            (Missing::Snils, self.snils.is_some() || !citizen),
            (Missing::Address, self.address.is_some()),
            (Missing::Policy, self.policy.as_ref().is_some_and(Policy::counts)),
        ];
        conditions.into_iter().filter(|(_, met)| *met).map(|(condition, _)| condition).collect()
    }
}

/// Why a birth date is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BirthFault {
    Future,
    /// Below [`AGE_MIN`]: a parent acts for the child (ACC-10).
    TooYoung,
    /// Above [`AGE_MAX`].
    TooOld,
}

/// Whether somebody born on a date can have a cabinet on another.
///
/// # Errors
/// [`BirthFault`].
pub fn born(birth_on: NaiveDate, today: NaiveDate) -> Result<NaiveDate, BirthFault> {
    if birth_on > today {
        return Err(BirthFault::Future);
    }
    if age(birth_on, AGE_MIN).is_none_or(|grown| grown > today) {
        return Err(BirthFault::TooYoung);
    }
    match age(birth_on, AGE_MAX).is_some_and(|oldest| oldest < today) {
        true => Err(BirthFault::TooOld),
        false => Ok(birth_on),
    }
}

/// The date on which somebody reaches an age: of those born on 29 February, in other years, the day before March.
pub(crate) fn age(birth_on: NaiveDate, years: u32) -> Option<NaiveDate> {
    birth_on.checked_add_months(Months::new(12 * years))
}
