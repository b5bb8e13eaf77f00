//! `offices/<id>.toml`: an office, its closures and its windows.

use super::problem::Problem;
use super::report::{At, Report};
use super::{Declared, read, windows, wire};
use domain::catalogue::{Agency, Closure, Office, Service, Specialist, Window};
use domain::ids::SLUG_MAX;
use domain::{AgencyId, OfficeId, ServiceId, SpecialistId, WindowId};

/// Bytes of an office's id: it stands in keys of the table, many times.
const ID_MAX: usize = 12;
/// Ids of windows are single letters.
const WINDOWS_MAX: usize = 26;
const CLOSURES_MAX: usize = 366;
const SPECIALISTS_MAX: usize = 100;

/// What an office may refer to; none for a file that could not be read, whose references then go unchecked.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub agencies: Option<&'a Declared<AgencyId, Agency>>,
    pub services: Option<&'a Declared<ServiceId, Service>>,
}

pub(super) fn convert(
    report: &mut Report,
    file: &str,
    wire: wire::Office,
    known: Known<'_>,
) -> Option<Office> {
    let at = At::File(file);
    let id: Option<OfficeId> = read::id(report, &at.key("id"), &wire.id, ID_MAX);
    if id.is_some()
        && file.strip_prefix("offices/").and_then(|name| name.strip_suffix(".toml")) != Some(&wire.id)
    {
        report.add(&at.key("id"), Problem::FileName { id: wire.id.clone() });
    }
    let agency = agency(report, &at.key("agency"), &wire.agency, known.agencies);
    let name = read::text(report, &at.key("name"), wire.name);
    let address = read::text(report, &at.key("address"), wire.address);
    let route = read::text(report, &at.key("route"), wire.route);
    let parking = wire.parking.map(|parking| read::text(report, &at.key("parking"), parking));
    let phone = read::phone(report, &at.key("phone"), wire.phone);
    let video_room = wire.video_room.map(|room| read::address(report, &at.key("video_room"), room));
    let zone = read::zone(report, &at.key("zone"), &wire.zone);
    let latitude = read::degrees(report, &at.key("latitude"), wire.latitude, 90.0);
    let longitude = read::degrees(report, &at.key("longitude"), wire.longitude, 180.0);
    let specialists = specialists(report, &at, wire.specialists);
    let windows = all_windows(report, &at, wire.windows, known.services, &specialists);
    let closures = closures(report, &at, wire.closures, &windows);
    let announcements = read::announcements(report, &at, wire.announcements);
    let agency = agency?;
    Some(Office {
        id: id?,
        agency: agency.id.clone(),
        region: agency.region.clone(),
        name,
        address,
        route,
        parking,
        walk_in: wire.walk_in,
        accessible: wire.accessible,
        phone,
        video_room,
        zone: zone?,
        latitude,
        longitude,
        no_show: wire.no_show,
        windows,
        specialists,
        closures,
        announcements,
        version: 0,
    })
}

/// The agency, which also tells the office's region.
fn agency<'a>(
    report: &mut Report,
    at: &At<'_>,
    given: &str,
    agencies: Option<&'a Declared<AgencyId, Agency>>,
) -> Option<&'a Agency> {
    let found = given.parse().ok().and_then(|id: AgencyId| agencies?.get(&id));
    if found.is_none() && agencies.is_some() {
        report.add(at, Problem::Unknown { given: given.to_owned(), file: "agencies.toml" });
    }
    found?.as_ref()
}

fn closures(report: &mut Report, at: &At<'_>, given: Vec<wire::Closure>, windows: &[Window]) -> Vec<Closure> {
    read::list(report, &at.key("closures"), given.len(), CLOSURES_MAX);
    let mut closures = Vec::with_capacity(given.len());
    for closure in given {
        let at = at.entry("closures", &closure.on);
        let on = read::date(report, &at.key("on"), &closure.on);
        let cells = closure.hours.map(|hours| read::hours(report, &at.key("hours"), &hours));
        let some = closure.windows.map(|given| shut_windows(report, &at.key("windows"), &given, windows));
        let reason = read::text(report, &at.key("reason"), closure.reason);
        let Some(on) = on else { continue };
        closures.push(Closure { on, cells: cells.flatten(), windows: some, reason });
    }
    closures
}

/// A list that names nothing would mean «none is shut»: it is a mistake.
fn shut_windows(report: &mut Report, at: &At<'_>, given: &[String], windows: &[Window]) -> Vec<WindowId> {
    if given.is_empty() {
        report.add(at, Problem::None);
    }
    let mut found = Vec::new();
    for (index, given) in given.iter().enumerate() {
        match windows.iter().find(|window| window.id.as_str() == given) {
            Some(window) => found.push(window.id.clone()),
            None => report.add(&at.item(index), Problem::NoSuchWindow { given: given.clone() }),
        }
    }
    found
}

fn specialists(report: &mut Report, at: &At<'_>, given: Vec<wire::Specialist>) -> Vec<Specialist> {
    read::list(report, &at.key("specialists"), given.len(), SPECIALISTS_MAX);
    let mut found: Vec<Specialist> = Vec::with_capacity(given.len());
    for one in given {
        let at = at.entry("specialists", &one.id);
        let id: Option<SpecialistId> = read::id(report, &at.key("id"), &one.id, SLUG_MAX);
        let name = read::text(report, &at.key("name"), one.name);
        if found.iter().any(|before| before.id.as_str() == one.id) {
            report.add(&at.key("id"), Problem::Duplicate { given: one.id.clone() });
        }
        found.extend(id.map(|id| Specialist { id, name }));
    }
    found
}

fn all_windows(
    report: &mut Report,
    at: &At<'_>,
    given: Vec<wire::Window>,
    services: Option<&Declared<ServiceId, Service>>,
    specialists: &[Specialist],
) -> Vec<Window> {
    let list = at.key("windows");
    read::list(report, &list, given.len(), WINDOWS_MAX);
    if given.is_empty() {
        report.add(&list, Problem::None);
    }
    let mut windows: Vec<Window> = Vec::with_capacity(given.len());
    for wire in given {
        let given = wire.id.clone();
        let at = at.entry("windows", &given);
        let Some(window) = windows::convert(report, &at, wire, services, specialists) else { continue };
        if windows.iter().any(|before| before.id == window.id) {
            report.add(&at.key("id"), Problem::Duplicate { given: given.clone() });
        }
        if windows.iter().any(|before| before.letter == window.letter) {
            report.add(&at.key("letter"), Problem::Duplicate { given: window.letter.clone() });
        }
        windows.push(window);
    }
    windows
}
