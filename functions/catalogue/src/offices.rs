//! Offices: where they are, when they are open, what they do (CAT-3, CAT-6).

use crate::PUBLIC;
use app::find::{self, Where};
use app::refusal::WrongField;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use chrono::{Days, NaiveDate};
use domain::catalogue::{Catalogue, Office};
use domain::cells::time_of;
use domain::page::CellSet;
use domain::schedule::open_intervals;
use domain::{OfficeId, TownId};
use lambda::Edge;
use lambda::http::views::{self, OfficeBrief, ServiceBrief, SpecialistBrief, said};
use lambda::http::{Fields, Language, Page, Params, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use text::Lang;
use utoipa::{IntoParams, ToSchema};

/// Days of opening hours shown.
const DAYS_SHOWN: u64 = 14;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfficeQuery {
    /// ISO 3166-2.
    region: Option<String>,
    agency: Option<String>,
    service: Option<String>,
    /// `latitude,longitude` in degrees: nearest first.
    near: Option<String>,
    /// Instead of `near`: a town, by its id.
    town: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Offices {
    items: Vec<OfficeItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OfficeItem {
    #[serde(flatten)]
    office: OfficeBrief,
    region: String,
    agency: String,
    agency_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kilometres: Option<f64>,
}

/// Offices, nearest first where a place is given.
#[utoipa::path(get, path = "/v1/offices", tag = "offices", params(OfficeQuery),
    responses((status = 200, body = Offices), (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    Params(query): Params<OfficeQuery>,
) -> Result<impl IntoResponse, Problem> {
    let edge = edge.everywhere().await;
    let catalogue = &edge.app().catalogue;
    let mut fields = Fields::new();
    let wanted = Where {
        region: fields.read("region", query.region, "unknown-region"),
        agency: fields.read("agency", query.agency, "not-a-choice"),
        service: fields.read("service", query.service, "unknown-service"),
        near: near(&mut fields, catalogue, query.near, query.town),
    };
    if wanted.region.as_ref().is_some_and(|region| !catalogue.regions.contains_key(region)) {
        fields.add("region", "unknown-region");
    }
    if wanted.service.as_ref().is_some_and(|service| !catalogue.services.contains_key(service)) {
        fields.add("service", "unknown-service");
    }
    let page = Page::read(&mut fields, query.cursor, query.limit);
    fields.finish().map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    let items = find::offices(catalogue, &wanted)
        .into_iter()
        .map(|office| OfficeItem {
            office: views::office(office, lang),
            region: office.region.to_string(),
            agency: office.agency.to_string(),
            agency_name: catalogue
                .agencies
                .get(&office.agency)
                .map(|a| said(&a.name, lang).to_owned())
                .unwrap_or_default(),
            kilometres: wanted.near.map(|near| (find::kilometres(near, office) * 10.0).round() / 10.0),
        })
        .collect();
    let (items, next_cursor) = page.of(lang, items)?;
    Ok((PUBLIC, Json(Offices { items, next_cursor })))
}

/// The place from which offices are near or far: a point, or a town.
fn near(
    fields: &mut Fields,
    catalogue: &Catalogue,
    near: Option<String>,
    town: Option<String>,
) -> Option<(f64, f64)> {
    if near.is_some() && town.is_some() {
        fields.wrong(WrongField::new("town", "instead-of").with("other", "near"));
    }
    let town: Option<TownId> = fields.read("town", town, "unknown-town");
    let found = town.as_ref().and_then(|town| catalogue.towns.get(town));
    if town.is_some() && found.is_none() {
        fields.add("town", "unknown-town");
    }
    let point = near.and_then(|near| read_place(fields, &near));
    point.or_else(|| found.map(|town| (town.latitude, town.longitude)))
}

fn read_place(fields: &mut Fields, near: &str) -> Option<(f64, f64)> {
    let read = near
        .split_once(',')
        .and_then(|(lat, lon)| Some((lat.trim().parse().ok()?, lon.trim().parse().ok()?)));
    let place = read.filter(|(lat, lon): &(f64, f64)| lat.abs() <= 90.0 && lon.abs() <= 180.0);
    if place.is_none() {
        fields.add("near", "wrong-type");
    }
    place
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OfficePage {
    #[serde(flatten)]
    office: OfficeBrief,
    region: String,
    agency: String,
    route: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parking: Option<String>,
    accessible: bool,
    /// Whether people are received without an appointment too, where time is left.
    walk_in: bool,
    latitude: f64,
    longitude: f64,
    /// The coming days; a day without hours is shut.
    hours: Vec<DayHours>,
    closures: Vec<ClosureView>,
    /// What visitors are to know, now and in the days ahead.
    announcements: Vec<AnnouncementView>,
    services: Vec<ServiceBrief>,
    /// Those who receive under their own names and can be asked for.
    specialists: Vec<SpecialistBrief>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DayHours {
    date: NaiveDate,
    /// `09:00–13:00`, local time.
    hours: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ClosureView {
    date: NaiveDate,
    /// The hours that are shut; none means the whole day.
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<String>,
    /// The letters of the windows that are shut; none means all.
    #[serde(skip_serializing_if = "Option::is_none")]
    windows: Option<Vec<String>>,
    reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AnnouncementView {
    from: NaiveDate,
    /// Included.
    to: NaiveDate,
    text: String,
}

/// One office: address, way, hours, closures ahead, services.
#[utoipa::path(get, path = "/v1/offices/{id}", tag = "offices", params(("id" = String, Path)),
    responses((status = 200, body = OfficePage), (status = 404, body = ProblemBody)))]
pub async fn one(
    State(edge): State<Edge>,
    Language(lang): Language,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let id: Option<OfficeId> = id.parse().ok();
    let id = id.filter(|id| edge.app().catalogue.offices.contains_key(id));
    let id = id.ok_or_else(|| Problem::new(lang, "not-found"))?;
    let edge = edge.at(&id).await.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    let office = edge.app().office(&id).map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    let today = edge.app().clock.now().with_timezone(&office.zone).date_naive();
    let mut services: Vec<_> =
        office.windows.iter().flat_map(|window| &window.services).map(|s| &s.service).collect();
    services.sort();
    services.dedup();
    let view = OfficePage {
        office: views::office(office, lang),
        region: office.region.to_string(),
        agency: office.agency.to_string(),
        route: said(&office.route, lang).to_owned(),
        parking: office.parking.as_ref().map(|parking| said(parking, lang).to_owned()),
        accessible: office.accessible,
        walk_in: office.walk_in,
        latitude: office.latitude,
        longitude: office.longitude,
        hours: (0..DAYS_SHOWN).map(|ahead| hours(&edge, office, today + Days::new(ahead))).collect(),
        closures: closures(office, today, lang),
        announcements: edge
            .app()
            .catalogue
            .announcements(office)
            .filter(|one| one.to >= today)
            .map(|one| AnnouncementView {
                from: one.from,
                to: one.to,
                text: said(&one.text, lang).to_owned(),
            })
            .collect(),
        specialists: office
            .specialists
            .iter()
            .map(|specialist| views::specialist(&specialist.id, &specialist.name, lang))
            .collect(),
        services: services.into_iter().map(|id| views::service(&edge, id, lang)).collect(),
    };
    Ok((PUBLIC, Json(view)))
}

/// When any window of the office is open.
fn hours(edge: &Edge, office: &Office, on: NaiveDate) -> DayHours {
    let calendar = &edge.app().catalogue.calendar;
    let open = office.windows.iter().flat_map(|window| open_intervals(calendar, office, window, on));
    let open: CellSet = open.flat_map(|interval| interval.iter()).collect();
    let hours = open.runs().iter().map(|run| span(run.from(), run.to())).collect();
    DayHours { date: on, hours }
}

fn span(from: u16, to: u16) -> String {
    let end = if to == domain::cells::CELLS_DAY {
        "24:00".to_owned()
    } else {
        time_of(to).format("%H:%M").to_string()
    };
    format!("{}–{end}", time_of(from).format("%H:%M"))
}

fn closures(office: &Office, today: NaiveDate, lang: Lang) -> Vec<ClosureView> {
    let ahead = office.closures.iter().filter(|closure| closure.on >= today);
    ahead
        .map(|closure| ClosureView {
            date: closure.on,
            hours: closure.cells.map(|cells| span(cells.from(), cells.to())),
            windows: closure.windows.as_ref().map(|some| {
                let shut = office.windows.iter().filter(|window| some.contains(&window.id));
                shut.map(|window| window.letter.clone()).collect()
            }),
            reason: said(&closure.reason, lang).to_owned(),
        })
        .collect()
}
