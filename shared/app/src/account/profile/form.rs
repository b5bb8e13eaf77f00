//! What is filled in of a profile, and everything that can be wrong with it.

use super::Oneself;
use crate::Refusal;
use crate::contact;
use crate::refusal::WrongField;
use chrono::{DateTime, NaiveDate, Utc};
use domain::catalogue::Catalogue;
use domain::citizen::{Name, Reach};
use domain::limits::{ADDRESS_MAX, ISSUER_MAX, NAME_MAX, REASON_MAX};
use domain::profile::{
    Address, BirthFault, Checked, Inn, Insurance, NumberFault, Paper, PaperFault, PaperKind, Policy,
    PolicyFault, PolicyKind, Snils, born,
};
use domain::{RegionId, TownId};

/// A part of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Part<T> {
    /// Not filled in: what was said before stays.
    #[default]
    Kept,
    /// Taken away.
    Cleared,
    Given(T),
}

/// What is filled in, as it came. Not printed anywhere.
#[derive(Clone, Default)]
pub struct Form {
    pub name: Option<NameForm>,
    pub birth_on: Part<String>,
    pub paper: Part<PaperForm>,
    pub snils: Part<String>,
    pub inn: Part<String>,
    pub address: Part<AddressForm>,
    pub work: Part<String>,
    pub policy: Part<PolicyForm>,
    pub reach: Option<String>,
    pub language: Option<String>,
}

#[derive(Clone, Default)]
pub struct NameForm {
    pub surname: Option<String>,
    pub given_name: Option<String>,
    pub patronymic: Option<String>,
}

#[derive(Clone, Default)]
pub struct PaperForm {
    pub kind: Option<String>,
    pub series: Option<String>,
    pub number: Option<String>,
    pub issued_on: Option<String>,
    pub issued_by: Option<String>,
}

#[derive(Clone, Default)]
pub struct AddressForm {
    pub region: Option<String>,
    pub town: Option<String>,
    pub text: Option<String>,
}

#[derive(Clone, Default)]
pub struct PolicyForm {
    /// `compulsory`, `voluntary` or `none`.
    pub kind: Option<String>,
    pub number: Option<String>,
    pub issued_on: Option<String>,
    /// Why there is none.
    pub reason: Option<String>,
}

/// Everything that is wrong, by field.
#[derive(Default)]
struct Wrong(Vec<WrongField>);

impl Wrong {
    fn add(&mut self, field: impl Into<String>, code: &'static str) {
        self.0.push(WrongField::new(field, code));
    }

    fn required(&mut self, field: &str, given: &Option<String>) -> Option<String> {
        let given = given.as_deref().map(str::trim).filter(|given| !given.is_empty());
        if given.is_none() {
            self.add(field, "required");
        }
        given.map(str::to_owned)
    }

    fn text(&mut self, field: &str, given: &Option<String>, max: usize) -> Option<String> {
        let given = self.required(field, given)?;
        if given.chars().count() > max {
            self.0.push(WrongField::new(field, "too-long").with("max", max));
            return None;
        }
        Some(given)
    }

    fn date(&mut self, field: &str, given: &Option<String>) -> Option<NaiveDate> {
        let given = self.required(field, given)?;
        let date = given.parse().ok();
        if date.is_none() {
            self.add(field, "not-a-date");
        }
        date
    }

    fn choice<T: Copy>(
        &mut self,
        field: &str,
        given: &Option<String>,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Option<T> {
        let given = self.required(field, given)?;
        let found = all.iter().copied().find(|one| name(*one) == given);
        if found.is_none() {
            self.add(field, "not-a-choice");
        }
        found
    }

    fn town(&mut self, field: &str, given: &str, catalogue: &Catalogue) -> Option<TownId> {
        let found = given.trim().parse().ok().filter(|town| catalogue.towns.contains_key(town));
        if found.is_none() {
            self.add(field, "unknown-town");
        }
        found
    }
}

impl<T> Part<T> {
    /// What is so after the part was filled in; `None` from `read` means that it was wrong and told.
    fn over<U>(&self, before: Option<U>, read: impl FnOnce(&T) -> Option<U>) -> Option<U> {
        match self {
            Part::Kept => before,
            Part::Cleared => None,
            Part::Given(given) => read(given),
        }
    }

    fn is_given(&self) -> bool {
        matches!(self, Part::Given(_))
    }
}

impl Form {
    /// What one says of oneself after this was filled in.
    pub(super) fn applied(
        &self,
        catalogue: &Catalogue,
        before: &Oneself,
        now: DateTime<Utc>,
    ) -> Result<Oneself, Refusal> {
        // Where it is latest, so that nobody's birthday is tomorrow.
        let today = (now + chrono::TimeDelta::hours(12)).date_naive();
        let mut wrong = Wrong::default();
        let mut after = before.clone();
        let profile = &mut after.profile;
        if let Some(name) = &self.name {
            after.person.name = read_name(&mut wrong, name);
        }
        profile.birth_on = self.birth_on.over(profile.birth_on, |given| birth(&mut wrong, given, today));
        profile.paper = self.paper.over(profile.paper.take(), |given| paper(&mut wrong, given));
        profile.snils = self
            .snils
            .over(profile.snils.take(), |given| number(&mut wrong, "snils", Snils::parse(given), SNILS));
        profile.inn =
            self.inn.over(profile.inn.take(), |given| number(&mut wrong, "inn", Inn::parse(given), INN));
        profile.address =
            self.address.over(profile.address.take(), |given| address(&mut wrong, given, catalogue));
        profile.work =
            self.work.over(profile.work.take(), |given| wrong.town("workTownId", given, catalogue));
        let known = profile.policy.clone();
        profile.policy =
            self.policy.over(profile.policy.take(), |given| policy(&mut wrong, given, known.as_ref()));
        // Of what was said before only as far as it is said anew what it depends on.
        let born_anew = self.birth_on.is_given();
        if let Some(paper) = profile.paper.as_ref().filter(|_| self.paper.is_given() || born_anew) {
            paper_faults(&mut wrong, paper, profile.birth_on, today);
        }
        if let Some(Policy::Insured(insurance, _)) = &profile.policy
            && (self.policy.is_given() || born_anew)
        {
            policy_faults(&mut wrong, insurance, profile.birth_on, today);
        }
        // A registry compares the holder: whoever is called otherwise, or born on another date, is asked about anew.
        let another = after.person.name != before.person.name || profile.birth_on != before.profile.birth_on;
        if let (true, Some(Policy::Insured(_, checked))) = (another, &mut profile.policy) {
            *checked = Checked::Pending;
        }
        if let Some(given) = &self.language {
            match given.trim() {
                language @ ("ru" | "en") => after.citizen.language = language.to_owned(),
                _ => wrong.add("language", "not-a-choice"),
            }
        }
        if self.reach.is_some() {
            let reach = wrong.choice("noticesBy", &self.reach, &Reach::ALL, Reach::name);
            after.citizen.reach = reach.unwrap_or_default();
        }
        if !wrong.0.is_empty() {
            return Err(Refusal::Fields(wrong.0));
        }
        after.citizen.met = after.profile.meets();
        Ok(after)
    }
}

fn read_name(wrong: &mut Wrong, form: &NameForm) -> Name {
    let mut read = |field: &str, given: &Option<String>| {
        let given = given.as_deref().map(str::trim).filter(|given| !given.is_empty());
        given.map_or(Err("required"), contact::name).unwrap_or_else(|code| {
            wrong.0.push(WrongField::new(field, code).with("max", NAME_MAX));
            String::new()
        })
    };
    let surname = read("surname", &form.surname);
    let given = read("givenName", &form.given_name);
    let has = form.patronymic.as_deref().is_some_and(|given| !given.trim().is_empty());
    Name { surname, given, patronymic: has.then(|| read("patronymic", &form.patronymic)) }
}

fn birth(wrong: &mut Wrong, given: &str, today: NaiveDate) -> Option<NaiveDate> {
    let on = wrong.date("birthDate", &Some(given.to_owned()))?;
    let fault = |fault| match fault {
        BirthFault::Future => "in-future",
        BirthFault::TooYoung => "too-young",
        BirthFault::TooOld => "too-long-ago",
    };
    born(on, today).map_err(|found| wrong.add("birthDate", fault(found))).ok()
}

/// The codes of what is wrong with a number: other characters, another length, check digits.
const SNILS: [&str; 3] = ["snils-digits", "snils-digits", "snils-check"];
const INN: [&str; 3] = ["inn-digits", "inn-digits", "inn-check"];

fn number<T>(
    wrong: &mut Wrong,
    field: &str,
    read: Result<T, NumberFault>,
    [characters, length, check]: [&'static str; 3],
) -> Option<T> {
    let code = |fault| match fault {
        NumberFault::NotDigits => characters,
        NumberFault::Length => length,
        NumberFault::Check => check,
    };
    read.map_err(|fault| wrong.add(field, code(fault))).ok()
}

/// Digits as they are printed, without the spaces between them.
fn compact(text: String) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn paper(wrong: &mut Wrong, form: &PaperForm) -> Option<Paper> {
    let kind = wrong.choice("identityDocument.kind", &form.kind, &PaperKind::ALL, PaperKind::name);
    let series = match kind {
        Some(PaperKind::Passport) => wrong.required("identityDocument.series", &form.series).map(compact),
        _ => form.series.clone().map(compact).filter(|series| !series.is_empty()),
    };
    let number = wrong.required("identityDocument.number", &form.number).map(compact);
    let issued_on = wrong.date("identityDocument.issuedOn", &form.issued_on);
    let issued_by = wrong.text("identityDocument.issuedBy", &form.issued_by, ISSUER_MAX);
    Some(Paper { kind: kind?, series, number: number?, issued_on: issued_on?, issued_by: issued_by? })
}

fn paper_faults(wrong: &mut Wrong, paper: &Paper, birth_on: Option<NaiveDate>, today: NaiveDate) {
    let passport = paper.kind == PaperKind::Passport;
    for fault in paper.faults(birth_on, today) {
        let (field, code) = match fault {
            // Asked for already where there is none.
            PaperFault::Series if passport && paper.series.is_none() => continue,
            PaperFault::Series if passport => ("series", "passport-series"),
            PaperFault::Series => ("series", "no-series"),
            PaperFault::Number if passport => ("number", "passport-number"),
            PaperFault::Number => ("number", "paper-number"),
            PaperFault::IssuedInFuture => ("issuedOn", "in-future"),
            PaperFault::IssuedTooEarly if passport => ("issuedOn", "issued-before-fourteen"),
            PaperFault::IssuedTooEarly => ("issuedOn", "issued-before-birth"),
            PaperFault::Expired => ("issuedOn", "passport-expired"),
        };
        wrong.add(format!("identityDocument.{field}"), code);
    }
}

fn address(wrong: &mut Wrong, form: &AddressForm, catalogue: &Catalogue) -> Option<Address> {
    let region: Option<RegionId> = wrong.required("address.regionId", &form.region).and_then(|given| {
        let found = given.parse().ok().filter(|region| catalogue.regions.contains_key(region));
        if found.is_none() {
            wrong.add("address.regionId", "unknown-region");
        }
        found
    });
    let given = form.town.as_deref().map(str::trim).filter(|given| !given.is_empty());
    let town = given.map(|given| wrong.town("address.townId", given, catalogue));
    let text = wrong.text("address.text", &form.text, ADDRESS_MAX);
    Some(Address { region: region?, town: town.flatten(), text: text? })
}

/// The same policy keeps what the registry said of it.
fn policy(wrong: &mut Wrong, form: &PolicyForm, known: Option<&Policy>) -> Option<Policy> {
    if form.kind.as_deref().map(str::trim) == Some("none") {
        let reason = wrong.text("policy.reason", &form.reason, REASON_MAX)?;
        return Some(Policy::None { reason });
    }
    let kind = wrong.choice("policy.kind", &form.kind, &PolicyKind::ALL, PolicyKind::name);
    let number = wrong.required("policy.number", &form.number).map(compact);
    let issued_on = wrong.date("policy.issuedOn", &form.issued_on);
    let insurance = Insurance { kind: kind?, number: number?, issued_on: issued_on? };
    let checked = match known {
        Some(Policy::Insured(before, checked)) if *before == insurance => *checked,
        _ => Checked::Pending,
    };
    Some(Policy::Insured(insurance, checked))
}

fn policy_faults(wrong: &mut Wrong, insurance: &Insurance, birth_on: Option<NaiveDate>, today: NaiveDate) {
    for fault in insurance.faults(birth_on, today) {
        let (field, code) = match (fault, insurance.kind) {
            (PolicyFault::Number, PolicyKind::Compulsory) => ("number", "policy-compulsory-number"),
            (PolicyFault::Number, PolicyKind::Voluntary) => ("number", "policy-voluntary-number"),
            (PolicyFault::IssuedInFuture, _) => ("issuedOn", "in-future"),
            (PolicyFault::IssuedTooEarly, _) => ("issuedOn", "issued-before-birth"),
        };
        wrong.add(format!("policy.{field}"), code);
    }
}
