//! `regions.toml`: subjects of the Russian Federation.

use super::problem::Problem;
use super::report::{At, Report};
use super::{Declared, read, wire};
use domain::RegionId;
use domain::catalogue::Region;

/// Regions in the file.
const REGIONS_MAX: usize = 200;

pub(super) fn convert(report: &mut Report, file: &str, wire: wire::Regions) -> Declared<RegionId, Region> {
    let root = At::File(file);
    read::list(report, &root.key("regions"), wire.regions.len(), REGIONS_MAX);
    let mut regions = Declared::new();
    for region in wire.regions {
        let at = root.entry("regions", &region.id);
        let id = code(report, &at.key("id"), &region.id);
        let name = read::text(report, &at.key("name"), region.name);
        let zone = read::zone(report, &at.key("zone"), &region.zone);
        let announcements = read::announcements(report, &at, region.announcements);
        let Some(id) = id else { continue };
        let entry = zone.map(|zone| Region {
            id: id.clone(),
            name,
            zone,
            policy: read::demand(region.policy),
            announcements,
        });
        if regions.insert(id, entry).is_some() {
            report.add(&at, Problem::Duplicate { given: region.id.clone() });
        }
    }
    regions
}

/// `RU-` and two or three capital letters.
fn code(report: &mut Report, at: &At<'_>, given: &str) -> Option<RegionId> {
    let letters = given.strip_prefix("RU-").unwrap_or_default();
    let fits = (2..=3).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    let id = given.parse().ok().filter(|_| fits);
    if id.is_none() {
        report.add(at, Problem::RegionCode { given: given.to_owned() });
    }
    id
}
