//! What is filled in of a profile, and everything that can be wrong with it.

use super::Oneself;
use crate::Refusal;
use crate::fields::Fields;
use chrono::{DateTime, NaiveDate, Utc};
use domain::catalogue::Catalogue;
use domain::citizen::Reach;
use domain::limits::{ADDRESS_MAX, ISSUER_MAX, REASON_MAX};
use domain::profile::{
    Address, BirthFault, Checked, Insurance, Paper, PaperFault, PaperKind, Policy, PolicyFault, PolicyKind,
    born,
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
    pub(crate) fn applied(
        &self,
        catalogue: &Catalogue,
        before: &Oneself,
        now: DateTime<Utc>,
    ) -> Result<Oneself, Refusal> {
        // Where it is latest, so that nobody's birthday is tomorrow.
        let today = (now + chrono::TimeDelta::hours(12)).date_naive();
        let mut fields = Fields::new();
        let mut after = before.clone();
        let profile = &mut after.profile;
        if let Some(name) = &self.name {
            after.person.name = fields.name(&name.surname, &name.given_name, &name.patronymic);
        }
        profile.birth_on = self.birth_on.over(profile.birth_on, |given| birth(&mut fields, given, today));
        profile.paper = self.paper.over(profile.paper.take(), |given| paper(&mut fields, given));
        profile.snils = self.snils.over(profile.snils.take(), |given| fields.snils("snils", Some(given)));
        profile.inn = self.inn.over(profile.inn.take(), |given| fields.inn("inn", Some(given)));
        profile.address =
            self.address.over(profile.address.take(), |given| address(&mut fields, given, catalogue));
        profile.work =
            self.work.over(profile.work.take(), |given| town(&mut fields, "workTownId", given, catalogue));
        let known = profile.policy.clone();
        profile.policy =
            self.policy.over(profile.policy.take(), |given| policy(&mut fields, given, known.as_ref()));
        // Of what was said before only as far as it is said anew what it depends on.
        let born_anew = self.birth_on.is_given();
        if let Some(paper) = profile.paper.as_ref().filter(|_| self.paper.is_given() || born_anew) {
            paper_faults(&mut fields, paper, profile.birth_on, today);
        }
        if let Some(Policy::Insured(insurance, _)) = &profile.policy
            && (self.policy.is_given() || born_anew)
        {
            policy_faults(&mut fields, insurance, profile.birth_on, today);
        }
        // A registry compares the holder: whoever is called otherwise, or born on another date, is asked about anew.
        let another = after.person.name != before.person.name || profile.birth_on != before.profile.birth_on;
        if let (true, Some(Policy::Insured(_, checked))) = (another, &mut profile.policy) {
            *checked = Checked::Pending;
        }
        if let Some(given) = &self.language {
            match given.trim() {
                language @ ("ru" | "en") => after.citizen.language = language.to_owned(),
                _ => fields.add("language", "not-a-choice"),
            }
        }
        if self.reach.is_some() {
            let reach = fields.choice("noticesBy", self.reach.as_ref(), &Reach::ALL, Reach::name);
            after.citizen.reach = reach.unwrap_or_default();
        }
        fields.finish()?;
        after.citizen.met = after.profile.meets();
        Ok(after)
    }
}

fn town(fields: &mut Fields, field: &str, given: &str, catalogue: &Catalogue) -> Option<TownId> {
    let found = given.trim().parse().ok().filter(|town| catalogue.towns.contains_key(town));
    if found.is_none() {
        fields.add(field, "unknown-town");
    }
    found
}

fn birth(fields: &mut Fields, given: &str, today: NaiveDate) -> Option<NaiveDate> {
    let on = fields.day("birthDate", Some(given))?;
    let fault = |fault| match fault {
        BirthFault::Future => "in-future",
        BirthFault::TooYoung => "too-young",
        BirthFault::TooOld => "too-long-ago",
    };
    born(on, today).map_err(|found| fields.add("birthDate", fault(found))).ok()
}

/// Digits as they are printed, without the spaces between them.
fn compact(text: String) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn paper(fields: &mut Fields, form: &PaperForm) -> Option<Paper> {
    let kind = fields.choice("identityDocument.kind", form.kind.as_ref(), &PaperKind::ALL, PaperKind::name);
    let series = match kind {
        Some(PaperKind::Passport) => {
            fields.required("identityDocument.series", form.series.as_ref()).map(compact)
        }
        _ => form.series.clone().map(compact).filter(|series| !series.is_empty()),
    };
    let number = fields.required("identityDocument.number", form.number.as_ref()).map(compact);
    let issued_on = fields.day("identityDocument.issuedOn", form.issued_on.as_ref());
    let issued_by = fields.text("identityDocument.issuedBy", form.issued_by.as_ref(), ISSUER_MAX);
    Some(Paper { kind: kind?, series, number: number?, issued_on: issued_on?, issued_by: issued_by? })
}

fn paper_faults(fields: &mut Fields, paper: &Paper, birth_on: Option<NaiveDate>, today: NaiveDate) {
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
        fields.add(format!("identityDocument.{field}"), code);
    }
}

fn address(fields: &mut Fields, form: &AddressForm, catalogue: &Catalogue) -> Option<Address> {
    let region: Option<RegionId> =
        fields.required("address.regionId", form.region.as_ref()).and_then(|given| {
            let found = given.parse().ok().filter(|region| catalogue.regions.contains_key(region));
            if found.is_none() {
                fields.add("address.regionId", "unknown-region");
            }
            found
        });
    let given = form.town.as_deref().map(str::trim).filter(|given| !given.is_empty());
    let town = given.map(|given| self::town(fields, "address.townId", given, catalogue));
    let text = fields.text("address.text", form.text.as_ref(), ADDRESS_MAX);
    Some(Address { region: region?, town: town.flatten(), text: text? })
}

/// The same policy keeps what the registry said of it.
fn policy(fields: &mut Fields, form: &PolicyForm, known: Option<&Policy>) -> Option<Policy> {
    if form.kind.as_deref().map(str::trim) == Some("none") {
        let reason = fields.text("policy.reason", form.reason.as_ref(), REASON_MAX)?;
        return Some(Policy::None { reason });
    }
    let kind = fields.choice("policy.kind", form.kind.as_ref(), &PolicyKind::ALL, PolicyKind::name);
    let number = fields.required("policy.number", form.number.as_ref()).map(compact);
    let issued_on = fields.day("policy.issuedOn", form.issued_on.as_ref());
    let insurance = Insurance { kind: kind?, number: number?, issued_on: issued_on? };
    let checked = match known {
        Some(Policy::Insured(before, checked)) if *before == insurance => *checked,
        _ => Checked::Pending,
    };
    Some(Policy::Insured(insurance, checked))
}

fn policy_faults(fields: &mut Fields, insurance: &Insurance, birth_on: Option<NaiveDate>, today: NaiveDate) {
    for fault in insurance.faults(birth_on, today) {
        let (field, code) = match (fault, insurance.kind) {
            (PolicyFault::Number, PolicyKind::Compulsory) => ("number", "policy-compulsory-number"),
            (PolicyFault::Number, PolicyKind::Voluntary) => ("number", "policy-voluntary-number"),
            (PolicyFault::IssuedInFuture, _) => ("issuedOn", "in-future"),
            (PolicyFault::IssuedTooEarly, _) => ("issuedOn", "issued-before-birth"),
        };
        fields.add(format!("policy.{field}"), code);
    }
}
