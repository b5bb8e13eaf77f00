//! What a representative says of whom they act for, and by which paper: everything that is wrong is named at once (ACC-10, RES-3).

use crate::fields::{Fields, filled};
use crate::refusal::WrongField;
use crate::register::CONSENT_VERSION;
use crate::{App, Refusal};
use chrono::{DateTime, NaiveDate, Utc};
use domain::limits::ISSUER_MAX;
use domain::profile::{BirthFault, born};
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

/// Whether everything is given that every application has.
///
/// # Errors
/// [`Refusal::Fields`].
pub fn complete(form: &Form) -> Result<(), Refusal> {
    let mut fields = Fields::new();
    for (field, given) in [
        ("kind", &form.kind),
        ("surname", &form.surname),
        ("givenName", &form.given_name),
        ("birthDate", &form.birth_on),
        ("snils", &form.snils),
        ("number", &form.number),
        ("issuedOn", &form.issued_on),
    ] {
        fields.required(field, given.as_ref());
    }
    if form.consent.is_none() {
        fields.add("consent", "must-accept");
    }
    fields.finish()
}

/// Reads an application of somebody registered in a region.
///
/// # Errors
/// [`Refusal::Fields`].
pub fn read(app: &App, form: &Form, region: &RegionId, now: DateTime<Utc>) -> Result<Read, Refusal> {
    let zone = app.catalogue.regions.get(region).map_or(chrono_tz::UTC, |region| region.zone);
    let today = now.with_timezone(&zone).date_naive();
    let mut fields = Fields::new();
    let parent = match fields.required("kind", form.kind.as_ref()).as_deref() {
        Some("parent") => Some(true),
        Some("attorney") => Some(false),
        Some(_) => {
            fields.add("kind", "not-a-choice");
            None
        }
        None => None,
    };
    let name = fields.name(&form.surname, &form.given_name, &form.patronymic);
    let birth_on = fields.day("birthDate", form.birth_on.as_ref());
    let birth_on = birth_on.and_then(|on| birth(&mut fields, on, parent, today));
    let snils = fields.snils("snils", form.snils.as_ref());
    let paper = match parent {
        Some(true) => birth_certificate(&mut fields, form),
        Some(false) => attorney(&mut fields, form, today),
        None => None,
    };
    let issued_on = match &paper {
        Some(GrantPaper::Attorney { issued_on, .. } | GrantPaper::Birth { issued_on, .. }) => {
            Some(*issued_on)
        }
        None => None,
    };
    if issued_on.is_some_and(|issued_on| issued_on > today) {
        fields.add("issuedOn", "in-future");
    } else if issued_on.zip(birth_on).is_some_and(|(issued_on, birth_on)| issued_on < birth_on) {
        fields.add("issuedOn", "issued-before-birth");
    }
    let scope = scope(app, &mut fields, form, parent);
    match form.consent.as_deref().map(str::trim) {
        None | Some("") => fields.add("consent", "must-accept"),
        Some(CONSENT_VERSION) => {}
        Some(_) => fields.wrong(WrongField::new("consent", "old-version").with("version", CONSENT_VERSION)),
    }
    let ((birth_on, snils), paper) = fields.all_of(birth_on.zip(snils).zip(paper))?;
    let said = Said { name, birth_on, snils, paper };
    let ends_at = said.over_on().and_then(|on| on.and_hms_opt(0, 0, 0));
    let ends_at = ends_at.and_then(|at| at.and_local_timezone(zone).earliest());
    // No zone of ours turns its clocks at midnight.
    let ends_at = ends_at.map_or(now, |at| at.to_utc());
    Ok(Read { said, scope, ends_at })
}

fn birth(fields: &mut Fields, on: NaiveDate, parent: Option<bool>, today: NaiveDate) -> Option<NaiveDate> {
    let fault = match (parent, born(on, today)) {
        (_, Err(BirthFault::Future)) => Some("in-future"),
        (_, Err(BirthFault::TooOld)) => Some("too-long-ago"),
        (Some(true), _) if is_of_age(on, today) => Some("of-age"),
        (Some(false), Err(BirthFault::TooYoung)) => Some("attorney-too-young"),
        _ => None,
    };
    match fault {
        Some(code) => {
            fields.add("birthDate", code);
            None
        }
        None => Some(on),
    }
}

fn birth_certificate(fields: &mut Fields, form: &Form) -> Option<GrantPaper> {
    let (series, number) =
        (fields.required("series", form.series.as_ref()), fields.required("number", form.number.as_ref()));
    let issued_on = fields.day("issuedOn", form.issued_on.as_ref());
    for (field, given) in [("issuedBy", &form.issued_by), ("validUntil", &form.valid_until)] {
        if given.is_some() {
            fields.add(field, "not-of-kind");
        }
    }
    let (series, number) = certificate(&series?, &number?)
        .map_err(|fault| match fault {
            CertificateFault::Series => fields.add("series", "certificate-series"),
            CertificateFault::Number => fields.add("number", "certificate-number"),
        })
        .ok()?;
    Some(GrantPaper::Birth { series, number, issued_on: issued_on? })
}

fn attorney(fields: &mut Fields, form: &Form, today: NaiveDate) -> Option<GrantPaper> {
    let number = fields.text("number", form.number.as_ref(), NUMBER_MAX);
    let issued_by = fields.text("issuedBy", form.issued_by.as_ref(), ISSUER_MAX);
    let issued_on = fields.day("issuedOn", form.issued_on.as_ref());
    if form.series.is_some() {
        fields.add("series", "not-of-kind");
    }
    let until = match filled(form.valid_until.as_ref()) {
        // One that names no term is good for a year.
        None => issued_on.and_then(|on| attorney_until(on, ATTORNEY_YEARS)),
        Some(_) => fields.day("validUntil", form.valid_until.as_ref()),
    };
    if let (Some(until), Some(issued_on)) = (until, issued_on) {
        let last = attorney_until(issued_on, ATTORNEY_YEARS_MAX);
        if until < today {
            fields.add("validUntil", "attorney-over");
        } else if until < issued_on || last.is_none_or(|last| until > last) {
            let max = last.unwrap_or(issued_on);
            fields
                .wrong(WrongField::new("validUntil", "out-of-range").with("min", issued_on).with("max", max));
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
fn scope(app: &App, fields: &mut Fields, form: &Form, parent: Option<bool>) -> Scope {
    let Some(named) = &form.services else { return Scope::Everything };
    if parent == Some(true) {
        fields.add("services", "not-of-kind");
        return Scope::Everything;
    }
    if named.is_empty() {
        fields.wrong(WrongField::new("services", "too-few").with("min", 1));
    }
    if named.len() > SERVICES_MAX {
        fields.wrong(WrongField::new("services", "too-many").with("max", SERVICES_MAX));
        return Scope::Everything;
    }
    let mut services: Vec<ServiceId> = Vec::new();
    for (i, given) in named.iter().enumerate() {
        let known = given.trim().parse().ok().filter(|id| app.catalogue.services.contains_key(id));
        match known {
            Some(id) if !services.contains(&id) => services.push(id),
            Some(_) => {}
            None => fields.add(format!("services[{i}]"), "unknown-service"),
        }
    }
    services.sort();
    Scope::Services(services)
}
