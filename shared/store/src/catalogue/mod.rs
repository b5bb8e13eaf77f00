//! The catalogue read from an administrator's data files, all mistakes told at once.
//!
//! `regions.toml`, `towns.toml`, `agencies.toml`, `services.toml`, `holidays.toml` and one file an office in
//! `offices/`. The format is described beside the files themselves.

mod agencies;
mod fields;
pub mod file;
mod holidays;
mod offices;
mod problem;
mod read;
pub mod reference;
mod regions;
mod report;
mod services;
#[cfg(test)]
mod tests;
mod towns;
mod windows;
mod wire;

pub use problem::Problem;
pub use report::{CatalogueError, CatalogueErrors};

use domain::catalogue::{Catalogue, WorkingCalendar};
use report::Report;
use std::collections::BTreeMap;
use std::path::Path;

/// What the files declare, by id; none for an entry whose own values are faulty, so that a reference
/// to it is not called unknown as well.
type Declared<I, T> = BTreeMap<I, Option<T>>;

/// Reads every file under `dir`.
///
/// A file that is not TOML of the right shape is told of once; everything in files of the right
/// shape is told of completely, up to [`report::ERRORS_MAX`].
pub fn load(dir: &Path) -> Result<Catalogue, CatalogueErrors> {
    let mut report = Report::default();
    let regions = read::file(&mut report, dir, "regions.toml")
        .map(|(file, wire)| regions::convert(&mut report, &file, wire));
    let towns = read::file(&mut report, dir, "towns.toml")
        .map(|(file, wire)| towns::convert(&mut report, &file, wire, regions.as_ref()));
    let agencies = read::file(&mut report, dir, "agencies.toml")
        .map(|(file, wire)| agencies::convert(&mut report, &file, wire, regions.as_ref()));
    let offered = read::file(&mut report, dir, "services.toml")
        .map(|(file, wire)| services::convert(&mut report, &file, wire));
    let calendar = read::file(&mut report, dir, "holidays.toml")
        .map(|(file, wire)| holidays::convert(&mut report, &file, wire));

    let mut offices = BTreeMap::new();
    let known =
        offices::Known { agencies: agencies.as_ref(), services: offered.as_ref().map(|all| &all.services) };
    for name in read::office_files(&mut report, dir) {
        let read = read::file(&mut report, dir, &name);
        let office = read.and_then(|(file, wire)| offices::convert(&mut report, &file, wire, known));
        if let Some(office) = office {
            offices.insert(office.id.clone(), office);
        }
    }

    report.done()?;
    let offered = offered.unwrap_or_default();
    Ok(Catalogue {
        regions: sound(regions.unwrap_or_default()),
        towns: sound(towns.unwrap_or_default()),
        agencies: sound(agencies.unwrap_or_default()),
        offices,
        categories: sound(offered.categories),
        services: sound(offered.services),
        calendar: WorkingCalendar { days: calendar.unwrap_or_default() },
        references: 0,
    })
}

/// The entries without their placeholders; there are none once the report is empty.
fn sound<I: Ord, T>(declared: Declared<I, T>) -> BTreeMap<I, T> {
    declared.into_iter().filter_map(|(id, entry)| Some((id, entry?))).collect()
}
