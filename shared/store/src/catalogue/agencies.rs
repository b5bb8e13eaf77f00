//! `agencies.toml`: the bodies that offices belong to.

use super::problem::Problem;
use super::report::{At, Report};
use super::{Declared, read, wire};
use domain::catalogue::{Agency, Region};
use domain::{AgencyId, RegionId};

/// Agencies in the file.
const AGENCIES_MAX: usize = 2_000;
/// Bytes of an id.
const ID_MAX: usize = 16;

/// `regions` is none when that file could not be read: then references to it are not checked.
pub(super) fn convert(
    report: &mut Report,
    file: &str,
    wire: wire::Agencies,
    regions: Option<&Declared<RegionId, Region>>,
) -> Declared<AgencyId, Agency> {
    let root = At::File(file);
    read::list(report, &root.key("agencies"), wire.agencies.len(), AGENCIES_MAX);
    let mut agencies = Declared::new();
    for agency in wire.agencies {
        let at = root.entry("agencies", &agency.id);
        let id = read::id(report, &at.key("id"), &agency.id, ID_MAX);
        let region = read::region(report, &at.key("region"), &agency.region, regions);
        let name = read::text(report, &at.key("name"), agency.name);
        let Some(id) = id else { continue };
        let id: AgencyId = id;
        let entry = region.map(|region| Agency { id: id.clone(), region, name });
        if agencies.insert(id, entry).is_some() {
            report.add(&at, Problem::Duplicate { given: agency.id.clone() });
        }
    }
    agencies
}
