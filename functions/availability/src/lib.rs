//! What is free at an office: its calendar and the slots of a day.

use app::Caller;
use app::calendar::{self, Dates, Looking};
use app::caller::Urgent;
use app::nearest::nearest;
use axum::Json;
use axum::extract::{Path, State};
use chrono::{NaiveDate, NaiveTime, Weekday};
use domain::availability::{LookFor, NothingFree};
use domain::waitlist::Part;
use domain::{OfficeId, RegionId, ServiceId};
use lambda::Edge;
use lambda::http::views::{self, AlternativeView, OfficeBrief, OutlookView, ServiceBrief, SlotView};
use lambda::http::{ActingFor, Asker, Fields, Language, Params, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use text::Lang;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(month)).routes(routes!(day)).routes(routes!(first)).with_state(edge)
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct MonthQuery {
    #[param(required = true, nullable = false)]
    service_id: Option<String>,
    /// `YYYY-MM`; without it, from today to the horizon.
    month: Option<String>,
    /// Of these days, from this date, `YYYY-MM-DD`.
    from: Option<String>,
    /// To this date, included.
    to: Option<String>,
    /// `morning`, `day` or `evening`.
    part: Option<String>,
    /// From Monday, which is 1, with commas: `1,3,5`.
    weekdays: Option<String>,
    /// Not before this time of the office's clock: `17:30`.
    after: Option<String>,
    /// Earlier than this time of the office's clock.
    before: Option<String>,
    /// Only with this specialist of the office.
    specialist_id: Option<String>,
    /// `true`: with what is kept for emergencies, for those who work here.
    emergency: Option<String>,
}

fn urgent(fields: &mut Fields, given: Option<String>) -> Urgent {
    match given.as_deref() {
        None | Some("false") => Urgent::No,
        Some("true") => Urgent::Yes,
        Some(_) => {
            fields.add("emergency", "not-a-choice");
            Urgent::No
        }
    }
}

/// What is looked for, from the parameters that say so.
fn look_for(
    fields: &mut Fields,
    part: Option<String>,
    weekdays: Option<String>,
    after: Option<String>,
    before: Option<String>,
) -> LookFor {
    let part = part.and_then(|part| {
        let known = Part::ALL.into_iter().find(|known| known.name() == part);
        if known.is_none() {
            fields.add("part", "not-a-choice");
        }
        known
    });
    let weekdays = weekdays.and_then(|given| {
        let days: Option<Vec<Weekday>> = given.split(',').map(weekday).collect();
        if days.is_none() {
            fields.add("weekdays", "not-a-choice");
        }
        days
    });
    let mut time = |field, given: Option<String>| {
        let read = NaiveTime::parse_from_str(given.as_deref()?.trim(), "%H:%M");
        if read.is_err() {
            fields.add(field, "not-a-time");
        }
        read.ok()
    };
    LookFor { part, weekdays, after: time("after", after), before: time("before", before), specialist: None }
}

/// A weekday by its number, Monday being 1.
fn weekday(given: &str) -> Option<Weekday> {
    let number: u8 = given.trim().parse().ok()?;
    Weekday::try_from(number.checked_sub(1)?).ok()
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Calendar {
    office: OfficeBrief,
    service: ServiceBrief,
    days: Vec<DayView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DayView {
    date: NaiveDate,
    /// Free starts.
    free: usize,
    /// `free`, `full` (one can join the waitlist) or `none` (no reception that can be booked).
    state: &'static str,
    /// Why nothing is free.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

fn office_id(lang: Lang, id: &str, edge: &Edge) -> Result<OfficeId, Problem> {
    let known = id.parse().ok().filter(|id| edge.app().catalogue.offices.contains_key(id));
    known.ok_or_else(|| Problem::new(lang, "not-found"))
}

fn service_id(fields: &mut Fields, edge: &Edge, given: Option<String>) -> Option<ServiceId> {
    let id: ServiceId = fields.need("serviceId", given, "unknown-service")?;
    if !edge.app().catalogue.services.contains_key(&id) {
        fields.add("serviceId", "unknown-service");
        return None;
    }
    Some(id)
}

/// The days of an office for a service, each with its count of free starts.
#[utoipa::path(get, path = "/v1/offices/{id}/calendar", tag = "offices", params(ActingFor, ("id" = String, Path), MonthQuery),
    responses((status = 200, body = Calendar), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn month(
    State(edge): State<Edge>,
    Language(lang): Language,
    asker: Option<Asker>,
    Path(id): Path<String>,
    Params(query): Params<MonthQuery>,
) -> Result<Json<Calendar>, Problem> {
    let edge = edge.asked_for(query.service_id.as_deref()).await;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let office = office_id(lang, &id, &edge)?;
    let mut fields = Fields::new();
    let service = service_id(&mut fields, &edge, query.service_id);
    let month = query.month.and_then(|month| fields.date("month", Some(format!("{month}-01"))));
    let (from, to) = (fields.date("from", query.from), fields.date("to", query.to));
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        fields.add("to", "from-after-to");
    }
    let mut look = look_for(&mut fields, query.part, query.weekdays, query.after, query.before);
    look.specialist = fields.read("specialistId", query.specialist_id, "unknown-specialist");
    let urgent = urgent(&mut fields, query.emergency);
    fields.finish().map_err(say)?;
    let Some(service) = service else { return Err(Problem::new(lang, "invalid-request")) };
    let caller: Option<Caller> = asker.map(|asker| asker.0);
    let dates = Dates { month, from, to };
    let looking = Looking { caller: caller.as_ref(), urgent, look: &look };
    let days = calendar::month(edge.app(), &looking, &office, &service, &dates).await.map_err(say)?;
    let found = edge.app().office(&office).map_err(say)?;
    Ok(Json(Calendar {
        office: views::office(found, lang),
        service: views::service(&edge, &service, lang),
        days: days.iter().map(|day| day_view(day, lang)).collect(),
    }))
}

fn day_view(day: &calendar::Day, lang: Lang) -> DayView {
    let (free, state, reason) = match day.free {
        Ok(free) => (free, "free", None),
        Err(why @ (NothingFree::AllTaken | NothingFree::Kept)) => (0, "full", Some(why)),
        Err(why) => (0, "none", Some(why)),
    };
    DayView {
        date: day.on,
        free,
        state,
        reason: reason.map(NothingFree::name),
        text: reason.map(|why| reason_text(why, lang)),
    }
}

fn reason_text(why: NothingFree, lang: Lang) -> String {
    text::label(lang, &format!("reason-{}", why.name()))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct DayQuery {
    #[param(required = true, nullable = false)]
    service_id: Option<String>,
    /// `YYYY-MM-DD`.
    #[param(required = true, nullable = false)]
    date: Option<String>,
    /// `morning`, `day` or `evening`.
    part: Option<String>,
    /// Not before this time of the office's clock: `17:30`.
    after: Option<String>,
    /// Earlier than this time of the office's clock.
    before: Option<String>,
    /// Only with this specialist of the office.
    specialist_id: Option<String>,
    /// `true`: with what is kept for emergencies, for those who work here.
    emergency: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DaySlots {
    office: OfficeBrief,
    service: ServiceBrief,
    date: NaiveDate,
    slots: Vec<SlotView>,
    /// Why there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// When there are none: the nearest, here and at neighbouring offices.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<views::AlternativeView>>)]
    alternatives: Option<serde_json::Value>,
    /// When one can wait for some: what has become of others who waited.
    #[serde(skip_serializing_if = "Option::is_none")]
    waitlist: Option<OutlookView>,
}

/// The free starts of a day.
#[utoipa::path(get, path = "/v1/offices/{id}/slots", tag = "offices", params(ActingFor, ("id" = String, Path), DayQuery),
    responses((status = 200, body = DaySlots), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn day(
    State(edge): State<Edge>,
    Language(lang): Language,
    asker: Option<Asker>,
    Path(id): Path<String>,
    Params(query): Params<DayQuery>,
) -> Result<Json<DaySlots>, Problem> {
    let edge = edge.asked_for(query.service_id.as_deref()).await;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let office = office_id(lang, &id, &edge)?;
    let mut fields = Fields::new();
    let service = service_id(&mut fields, &edge, query.service_id);
    let date = fields.day("date", query.date);
    let mut look = look_for(&mut fields, query.part, None, query.after, query.before);
    look.specialist = fields.read("specialistId", query.specialist_id, "unknown-specialist");
    let urgent = urgent(&mut fields, query.emergency);
    fields.finish().map_err(say)?;
    let (Some(service), Some(date)) = (service, date) else {
        return Err(Problem::new(lang, "invalid-request"));
    };
    let caller: Option<Caller> = asker.map(|asker| asker.0);
    let app = edge.app();
    let looking = Looking { caller: caller.as_ref(), urgent, look: &look };
    let found = calendar::day(app, &looking, &office, &service, date).await.map_err(say)?;
    let at = app.office(&office).map_err(say)?;
    let mut view = DaySlots {
        office: views::office(at, lang),
        service: views::service(&edge, &service, lang),
        date,
        slots: Vec::new(),
        reason: None,
        text: None,
        alternatives: None,
        waitlist: found.served.map(|served| views::outlook(lang, served, None)),
    };
    match found.slots {
        Ok(slots) => view.slots = slots.iter().map(|slot| views::slot(slot, at.zone, lang)).collect(),
        Err(why) => {
            view.reason = Some(why.name());
            view.text = Some(reason_text(why, lang));
            view.alternatives = Some(views::alternatives(&edge, lang, &found.alternatives));
        }
    }
    Ok(Json(view))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct NearestQuery {
    #[param(required = true, nullable = false)]
    region_id: Option<String>,
    /// `morning`, `day` or `evening`.
    part: Option<String>,
    /// From Monday, which is 1, with commas: `1,3,5`.
    weekdays: Option<String>,
    /// Not before this time of the office's clock: `17:30`.
    after: Option<String>,
    /// Earlier than this time of the office's clock.
    before: Option<String>,
    /// `true`: with what is kept for emergencies, for those who work here.
    emergency: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Nearest {
    service: ServiceBrief,
    /// The first free start of each office, of twelve at most, the earliest first; an office without any is left out.
    starts: Vec<AlternativeView>,
}

/// The nearest free time for a service across the offices of a region.
#[utoipa::path(get, path = "/v1/services/{id}/nearest", tag = "services", params(ActingFor, ("id" = String, Path), NearestQuery),
    responses((status = 200, body = Nearest), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn first(
    State(edge): State<Edge>,
    Language(lang): Language,
    asker: Option<Asker>,
    Path(id): Path<String>,
    Params(query): Params<NearestQuery>,
) -> Result<Json<Nearest>, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let region: Option<RegionId> = fields.need("regionId", query.region_id, "unknown-region");
    if region.as_ref().is_some_and(|region| !edge.app().catalogue.regions.contains_key(region)) {
        fields.add("regionId", "unknown-region");
    }
    let look = look_for(&mut fields, query.part, query.weekdays, query.after, query.before);
    let urgent = urgent(&mut fields, query.emergency);
    fields.finish().map_err(say)?;
    let Some(region) = region else { return Err(Problem::new(lang, "invalid-request")) };
    let id: Option<ServiceId> = id.parse().ok();
    let service = id.filter(|id| edge.app().catalogue.services.contains_key(id));
    let service = service.ok_or_else(|| Problem::new(lang, "not-found"))?;
    let caller: Option<Caller> = asker.map(|asker| asker.0);
    let looking = Looking { caller: caller.as_ref(), urgent, look: &look };
    let found = nearest(edge.app(), &looking, &service, &region).await.map_err(say)?;
    let starts = views::elsewhere(&edge, lang, &found);
    Ok(Json(Nearest { service: views::service(&edge, &service, lang), starts }))
}
