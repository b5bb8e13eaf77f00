//! The paper by which somebody shows who they are (ACC-7).

use super::age;
use chrono::{Days, NaiveDate};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaperKind {
    /// Of a citizen of Russia.
    Passport,
    /// Given out while a passport is made.
    TemporaryCard,
    /// Of a citizen of another state.
    ForeignPassport,
    ResidencePermit,
    RefugeeCard,
}

impl PaperKind {
    pub const ALL: [PaperKind; 5] = [
        PaperKind::Passport,
        PaperKind::TemporaryCard,
        PaperKind::ForeignPassport,
        PaperKind::ResidencePermit,
        PaperKind::RefugeeCard,
    ];

    pub fn name(self) -> &'static str {
        match self {
            PaperKind::Passport => "passport",
            PaperKind::TemporaryCard => "temporary-card",
            PaperKind::ForeignPassport => "foreign-passport",
            PaperKind::ResidencePermit => "residence-permit",
            PaperKind::RefugeeCard => "refugee-card",
        }
    }
}

/// Why a paper is none, by the field that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperFault {
    /// A passport's series has four digits.
    Series,
    /// A passport's number has six digits; that of others one to thirty letters, digits and hyphens.
    Number,
    IssuedInFuture,
    /// Before its owner was fourteen, or born.
    IssuedTooEarly,
    /// Passports are renewed at 20 and at 45, within ninety days.
    Expired,
}

/// A paper that can be somebody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    pub kind: PaperKind,
    /// Only passports of citizens have one: four digits.
    pub series: Option<String>,
    pub number: String,
    pub issued_on: NaiveDate,
    pub issued_by: String,
}

/// Days within which a passport is renewed after a birthday (decree 2267 of 2023, point 11).
const RENEWED_WITHIN: Days = Days::new(90);
/// Ages at which passports are renewed, in years.
const RENEWED_AT: [u32; 2] = [20, 45];
const NUMBER_MAX: usize = 30;

impl Paper {
    /// What is wrong with it, of somebody born on a date, as of today; nothing if it can be theirs.
    pub fn faults(&self, birth_on: Option<NaiveDate>, today: NaiveDate) -> Vec<PaperFault> {
        let mut faults = Vec::new();
        let digits =
            |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        let passport = self.kind == PaperKind::Passport;
        let series = match &self.series {
            Some(series) => passport && digits(series, 4),
            None => !passport,
        };
        let letters = |c: char| c.is_alphanumeric() || c == '-';
        let number = match passport {
            true => digits(&self.number, 6),
            false => {
                (1..=NUMBER_MAX).contains(&self.number.chars().count()) && self.number.chars().all(letters)
            }
        };
        let dated = self.dated(birth_on, today);
        faults.extend((!series).then_some(PaperFault::Series));
        faults.extend((!number).then_some(PaperFault::Number));
        faults.extend(dated.err());
        faults
    }

    fn dated(&self, birth_on: Option<NaiveDate>, today: NaiveDate) -> Result<(), PaperFault> {
        if self.issued_on > today {
            return Err(PaperFault::IssuedInFuture);
        }
        let Some(birth_on) = birth_on else { return Ok(()) };
        let passport = self.kind == PaperKind::Passport;
        let earliest = if passport { age(birth_on, super::AGE_MIN) } else { Some(birth_on) };
        if earliest.is_none_or(|earliest| self.issued_on < earliest) {
            return Err(PaperFault::IssuedTooEarly);
        }
        let outlived = |years: u32| {
            let renewed = age(birth_on, years);
            renewed.is_some_and(|on| {
                self.issued_on < on && on.checked_add_days(RENEWED_WITHIN).is_some_and(|last| last < today)
            })
        };
        if passport && RENEWED_AT.into_iter().any(outlived) { Err(PaperFault::Expired) } else { Ok(()) }
    }
}
