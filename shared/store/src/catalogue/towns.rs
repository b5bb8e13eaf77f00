//! `towns.toml`: places from which offices are near or far.

use super::problem::Problem;
use super::report::{At, Report};
use super::{Declared, read, wire};
use domain::catalogue::{Region, Town};
use domain::{RegionId, TownId};

/// Towns in the file.
const TOWNS_MAX: usize = 5_000;
/// Bytes of an id.
const ID_MAX: usize = 24;

/// `regions` is none when that file could not be read: then references to it are not checked.
pub(super) fn convert(
    report: &mut Report,
    file: &str,
    wire: wire::Towns,
    regions: Option<&Declared<RegionId, Region>>,
) -> Declared<TownId, Town> {
    let root = At::File(file);
    read::list(report, &root.key("towns"), wire.towns.len(), TOWNS_MAX);
    let mut towns = Declared::new();
    for town in wire.towns {
        let at = root.entry("towns", &town.id);
        let id: Option<TownId> = read::id(report, &at.key("id"), &town.id, ID_MAX);
        let region = read::region(report, &at.key("region"), &town.region, regions);
        let name = read::text(report, &at.key("name"), town.name);
        let latitude = read::degrees(report, &at.key("latitude"), town.latitude, 90.0);
        let longitude = read::degrees(report, &at.key("longitude"), town.longitude, 180.0);
        let Some(id) = id else { continue };
        let entry = region.map(|region| Town { id: id.clone(), region, name, latitude, longitude });
        if towns.insert(id, entry).is_some() {
            report.add(&at, Problem::Duplicate { given: town.id.clone() });
        }
    }
    towns
}
