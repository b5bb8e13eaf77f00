//! A file by which every office goes, as text: put in place of the one that a catalogue was made of.

use super::report::{At, CatalogueErrors, Report};
use super::{Declared, Problem, agencies, file, holidays, read, regions, services, sound};
use crate::StoreError;
use domain::catalogue::{Catalogue, Reference, WorkingCalendar};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;

fn name(reference: Reference) -> String {
    format!("{}.toml", reference.name())
}

/// The file as it was delivered.
///
/// # Errors
/// When it cannot be read, which was possible when the system started.
pub fn delivered(dir: &Path, reference: Reference) -> Result<String, StoreError> {
    std::fs::read_to_string(dir.join(name(reference))).map_err(StoreError::unavailable)
}

/// The catalogue with a file that is put in place of another. What is kept with appointments stays: no entry is dropped, and
/// no agency moves to another region, for rights hang on it.
///
/// # Errors
/// Everything that is wrong with it, each with its line.
pub fn changed(text: &str, before: &Catalogue, reference: Reference) -> Result<Catalogue, CatalogueErrors> {
    let mut report = Report::default();
    let after = read_into(&mut report, text, before, reference, true);
    report.done().map_err(|errors| errors.with_lines(|path| file::line_of(text, path)))?;
    // Without mistakes there is one.
    after.ok_or_else(CatalogueErrors::none)
}

/// The catalogue with a file that was good when it was put. What a release has added since is there as well.
///
/// # Errors
/// As [`changed`].
pub fn stored(text: &str, before: &Catalogue, reference: Reference) -> Result<Catalogue, CatalogueErrors> {
    let mut report = Report::default();
    let after = read_into(&mut report, text, before, reference, false);
    report.done()?;
    after.ok_or_else(CatalogueErrors::none)
}

/// The working calendar that a `holidays.toml` says.
///
/// # Errors
/// As [`changed`].
pub fn calendar(text: &str) -> Result<WorkingCalendar, CatalogueErrors> {
    let (mut report, file) = (Report::default(), name(Reference::Holidays));
    let days = read::shaped(&mut report, &file, text).map(|wire| holidays::convert(&mut report, &file, wire));
    report.done()?;
    Ok(WorkingCalendar { days: days.unwrap_or_default() })
}

fn read_into(
    report: &mut Report,
    text: &str,
    before: &Catalogue,
    reference: Reference,
    strictly: bool,
) -> Option<Catalogue> {
    let file = &name(reference);
    let mut after = before.clone();
    match reference {
        Reference::Regions => {
            let wire = read::shaped(report, file, text)?;
            let new = regions::convert(report, file, wire);
            put(report, file, "regions", &mut after.regions, new, strictly);
        }
        Reference::Agencies => {
            let wire = read::shaped(report, file, text)?;
            let known =
                before.regions.iter().map(|(id, region)| (id.clone(), Some(region.clone()))).collect();
            let new = agencies::convert(report, file, wire, Some(&known));
            for (id, agency) in new.iter().filter(|_| strictly) {
                let (Some(now), Some(was)) = (agency, before.agencies.get(id)) else { continue };
                if now.region != was.region {
                    let at = At::File(file);
                    let at = at.entry("agencies", id.as_str());
                    report.add(&at.key("region"), Problem::Fixed { is: was.region.to_string() });
                }
            }
            put(report, file, "agencies", &mut after.agencies, new, strictly);
        }
        Reference::Services => {
            let wire = read::shaped(report, file, text)?;
            let new = services::convert(report, file, wire);
            put(report, file, "categories", &mut after.categories, new.categories, strictly);
            put(report, file, "services", &mut after.services, new.services, strictly);
        }
        Reference::Holidays => {
            let wire = read::shaped(report, file, text)?;
            let days = holidays::convert(report, file, wire);
            after.calendar = WorkingCalendar { days };
        }
    }
    Some(after)
}

/// Puts what a file declares over what there was.
fn put<I: Ord + Display, T>(
    report: &mut Report,
    file: &str,
    list: &'static str,
    there: &mut BTreeMap<I, T>,
    new: Declared<I, T>,
    strictly: bool,
) {
    for id in there.keys().filter(|id| strictly && !new.contains_key(id)) {
        report.add(&At::File(file).key(list), Problem::Dropped { given: id.to_string() });
    }
    there.extend(sound(new));
}
