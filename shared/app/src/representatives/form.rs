//! What a representative says of whom they act for, and by which paper: everything that is wrong is named at once (ACC-10, RES-3).

use crate::contact;
use crate::refusal::WrongField;
use crate::register::CONSENT_VERSION;
use crate::{App, Refusal};
use chrono::{DateTime, NaiveDate, Utc};
use domain::citizen::Name;
use domain::limits::{ISSUER_MAX, NAME_MAX};
use domain::profile::{BirthFault, NumberFault, Snils, born};
use domain::representation::{
    ATTORNEY_YEARS, ATTORNEY_YEARS_MAX, CertificateFault, GrantPaper, NUMBER_MAX, SERVICES_MAX, Said, Scope,
    attorney_until, certificate, is_of_age,
};
use domain::{RegionId, ServiceId};

/// An application as it is filled in.
#[derive(Clone, Default)]
pub struct Form {
    /// `attorney` or `parent`.
    pub kind: Option<String>,
    pub surname: Option<String>,
    pub given_name: Option<String>,
    pub patronymic: Option<String>,
    pub birth_on: Option<String>,
    pub snils: Option<String>,
    /// Of a certificate of birth only.
    pub series: Option<String>,
    pub number: Option<String>,
    pub issued_on: Option<String>,
    /// Of a power of attorney only.
    pub issued_by: Option<String>,
    pub valid_until: Option<String>,
    pub services: Option<Vec<String>>,
    /// The version of the consent to having the beneficiary's data processed.
    pub consent: Option<String>,
}

/// What it says, once nothing is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub said: Said,
    pub scope: Scope,
    /// From here on it does not hold, by the clock of the region.
    pub ends_at: DateTime<Utc>,
}

#[derive(Default)]
struct Wrong(Vec<WrongField>);

impl Wrong {
    fn add(&mut self, field: &str, code: &'static str) {
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
}

/// Whether everything is given that every application has.
///
/// # Errors
/// [`Refusal::Fields`].
pub fn complete(form: &Form) -> Result<(), Refusal> {
    let mut wrong = Wrong::default();
    for (field, given) in [
        ("kind", &form.kind),
        ("surname", &form.surname),
        ("givenName", &form.given_name),
        ("birthDate", &form.birth_on),
        ("snils", &form.snils),
        ("number", &form.number),
        ("issuedOn", &form.issued_on),
    ] {
        wrong.required(field, given);
    }
    if form.consent.is_none() {
        wrong.add("consent", "must-accept");
    }
    if wrong.0.is_empty() { Ok(()) } else { Err(Refusal::Fields(wrong.0)) }
}

/// Reads an application of somebody registered in a region.
///
/// # Errors
/// [`Refusal::Fields`].
pub fn read(app: &App, form: &Form, region: &RegionId, now: DateTime<Utc>) -> Result<Read, Refusal> {
    let zone = app.catalogue.regions.get(region).map_or(chrono_tz::UTC, |region| region.zone);
    let today = now.with_timezone(&zone).date_naive();
    let mut wrong = Wrong::default();
    let parent = match wrong.required("kind", &form.kind).as_deref() {
        Some("parent") => Some(true),
        Some("attorney") => Some(false),
        Some(_) => {
            wrong.add("kind", "not-a-choice");
            None
        }
        None => None,
    };
    let name = name(&mut wrong, form);
    let birth_on = wrong.date("birthDate", &form.birth_on);
    let birth_on = birth_on.and_then(|on| birth(&mut wrong, on, parent, today));
    let snils = wrong.required("snils", &form.snils).and_then(|given| snils(&mut wrong, &given));
    let paper = match parent {
        Some(true) => birth_certificate(&mut wrong, form),
        Some(false) => attorney(&mut wrong, form, today),
        None => None,
    };
    let issued_on = match &paper {
        Some(GrantPaper::Attorney { issued_on, .. } | GrantPaper::Birth { issued_on, .. }) => {
            Some(*issued_on)
        }
        None => None,
    };
    if issued_on.is_some_and(|issued_on| issued_on > today) {
        wrong.add("issuedOn", "in-future");
    } else if issued_on.zip(birth_on).is_some_and(|(issued_on, birth_on)| issued_on < birth_on) {
        wrong.add("issuedOn", "issued-before-birth");
    }
    let scope = scope(app, &mut wrong, form, parent);
    match form.consent.as_deref().map(str::trim) {
        None | Some("") => wrong.add("consent", "must-accept"),
        Some(CONSENT_VERSION) => {}
        Some(_) => wrong.0.push(WrongField::new("consent", "old-version").with("version", CONSENT_VERSION)),
    }
    match (name, birth_on, snils, paper) {
        (Some(name), Some(birth_on), Some(snils), Some(paper)) if wrong.0.is_empty() => {
            let said = Said { name, birth_on, snils, paper };
            let ends_at = said.over_on().and_then(|on| on.and_hms_opt(0, 0, 0));
            let ends_at = ends_at.and_then(|at| at.and_local_timezone(zone).earliest());
            // No zone of ours turns its clocks at midnight.
            let ends_at = ends_at.map_or(now, |at| at.to_utc());
            Ok(Read { said, scope, ends_at })
        }
        _ => Err(Refusal::Fields(wrong.0)),
    }
}

fn name(wrong: &mut Wrong, form: &Form) -> Option<Name> {
    let mut read = |field: &str, given: &Option<String>| {
        let given = given.as_deref().map(str::trim).filter(|given| !given.is_empty());
        let read = given.map_or(Err("required"), contact::name);
        read.map_err(|code| wrong.0.push(WrongField::new(field, code).with("max", NAME_MAX))).ok()
    };
    let (surname, given) = (read("surname", &form.surname), read("givenName", &form.given_name));
    let has = form.patronymic.as_deref().is_some_and(|given| !given.trim().is_empty());
    let patronymic = if has { Some(read("patronymic", &form.patronymic)?) } else { None };
    Some(Name { surname: surname?, given: given?, patronymic })
}

fn birth(wrong: &mut Wrong, on: NaiveDate, parent: Option<bool>, today: NaiveDate) -> Option<NaiveDate> {
    let fault = match (parent, born(on, today)) {
        (_, Err(BirthFault::Future)) => Some("in-future"),
        (_, Err(BirthFault::TooOld)) => Some("too-long-ago"),
        (Some(true), _) if is_of_age(on, today) => Some("of-age"),
        (Some(false), Err(BirthFault::TooYoung)) => Some("attorney-too-young"),
        _ => None,
    };
    match fault {
        Some(code) => {
            wrong.add("birthDate", code);
            None
        }
        None => Some(on),
    }
}

fn snils(wrong: &mut Wrong, given: &str) -> Option<Snils> {
    let code = |fault| match fault {
        NumberFault::NotDigits | NumberFault::Length => "snils-digits",
        NumberFault::Check => "snils-check",
    };
    Snils::parse(given).map_err(|fault| wrong.add("snils", code(fault))).ok()
}

fn birth_certificate(wrong: &mut Wrong, form: &Form) -> Option<GrantPaper> {
    let (series, number) = (wrong.required("series", &form.series), wrong.required("number", &form.number));
    let issued_on = wrong.date("issuedOn", &form.issued_on);
    for (field, given) in [("issuedBy", &form.issued_by), ("validUntil", &form.valid_until)] {
        if given.is_some() {
            wrong.add(field, "not-of-kind");
        }
    }
    let (series, number) = certificate(&series?, &number?)
        .map_err(|fault| match fault {
            CertificateFault::Series => wrong.add("series", "certificate-series"),
            CertificateFault::Number => wrong.add("number", "certificate-number"),
        })
        .ok()?;
    Some(GrantPaper::Birth { series, number, issued_on: issued_on? })
}

fn attorney(wrong: &mut Wrong, form: &Form, today: NaiveDate) -> Option<GrantPaper> {
    let number = wrong.text("number", &form.number, NUMBER_MAX);
    let issued_by = wrong.text("issuedBy", &form.issued_by, ISSUER_MAX);
    let issued_on = wrong.date("issuedOn", &form.issued_on);
    if form.series.is_some() {
        wrong.add("series", "not-of-kind");
    }
    let until = match form.valid_until.as_deref().map(str::trim).filter(|given| !given.is_empty()) {
        // One that names no term is good for a year.
        None => issued_on.and_then(|on| attorney_until(on, ATTORNEY_YEARS)),
        Some(_) => wrong.date("validUntil", &form.valid_until),
    };
    if let (Some(until), Some(issued_on)) = (until, issued_on) {
        let last = attorney_until(issued_on, ATTORNEY_YEARS_MAX);
        if until < today {
            wrong.add("validUntil", "attorney-over");
        } else if until < issued_on || last.is_none_or(|last| until > last) {
            let max = last.unwrap_or(issued_on);
            wrong
                .0
                .push(WrongField::new("validUntil", "out-of-range").with("min", issued_on).with("max", max));
        }
    }
    Some(GrantPaper::Attorney {
        number: number?,
        issued_by: issued_by?,
        issued_on: issued_on?,
        valid_until: until?,
    })
}

/// Services that a power of attorney names; none named: all. A parent acts in everything.
fn scope(app: &App, wrong: &mut Wrong, form: &Form, parent: Option<bool>) -> Scope {
    let Some(named) = &form.services else { return Scope::Everything };
    if parent == Some(true) {
        wrong.add("services", "not-of-kind");
        return Scope::Everything;
    }
    if named.is_empty() {
        wrong.0.push(WrongField::new("services", "too-few").with("min", 1));
    }
    if named.len() > SERVICES_MAX {
        wrong.0.push(WrongField::new("services", "too-many").with("max", SERVICES_MAX));
        return Scope::Everything;
    }
    let mut services: Vec<ServiceId> = Vec::new();
    for (i, given) in named.iter().enumerate() {
        let known = given.trim().parse().ok().filter(|id| app.catalogue.services.contains_key(id));
        match known {
            Some(id) if !services.contains(&id) => services.push(id),
            Some(_) => {}
            None => wrong.add(&format!("services[{i}]"), "unknown-service"),
        }
    }
    services.sort();
    Scope::Services(services)
}
