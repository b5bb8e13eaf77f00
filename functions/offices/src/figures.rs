//! An office's figures, as JSON and as a table for a spreadsheet (OFC-7).

use crate::office_of;
use app::offices::figures::{self, DATES_MAX};
use app::refusal::WrongField;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{Days, NaiveDate, TimeDelta};
use domain::figures::{Figures, Tally, percentile};
use domain::visit::VisitResult;
use lambda::Edge;
use lambda::http::views::{self, OfficeBrief, ServiceBrief};
use lambda::http::{Fields, Language, NO_STORE, Params, Problem, ProblemBody, StaffSession};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// Dates told by default, up to today.
const DEFAULT_DAYS: i64 = 30;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FiguresParams {
    /// `YYYY-MM-DD`; the thirty days up to `to` by default.
    from: Option<String>,
    /// Included; today by default; at most 62 days after `from`.
    to: Option<String>,
    /// `csv` for a table of the days.
    format: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FiguresView {
    office: OfficeBrief,
    from: NaiveDate,
    to: NaiveDate,
    total: TallyView,
    days: Vec<DayFigures>,
    windows: Vec<WindowFigures>,
    services: Vec<ServiceFigures>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DayFigures {
    date: NaiveDate,
    #[serde(flatten)]
    tally: TallyView,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WindowFigures {
    window_id: String,
    #[serde(flatten)]
    tally: TallyView,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ServiceFigures {
    service: ServiceBrief,
    #[serde(flatten)]
    tally: TallyView,
}

/// Numbers without people.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TallyView {
    /// Minutes the windows were open, by the office's file as it stands; 0 of a service.
    open_minutes: u32,
    /// Of them, minutes held by visits that were not given up.
    taken_minutes: u32,
    /// The part of the open time that is taken, 0 to 1, to a thousandth.
    #[serde(skip_serializing_if = "Option::is_none")]
    use_of_time: Option<f64>,
    /// Visits that were not given up.
    visits: u32,
    /// Of them those that came by an offer to somebody who waited.
    by_offer: u32,
    /// Of them those that are still to come, or go on.
    open_visits: u32,
    no_shows: u32,
    /// How visits ended: `served`, `documents-missing`, `declined`, `referred`, `left`.
    #[schema(value_type = Object)]
    results: BTreeMap<&'static str, u32>,
    /// Given up by their holders, or for them.
    cancelled: u32,
    /// Given up by the office.
    displaced: u32,
    /// Of all given up, those in whose time somebody else is, or was, expected after all.
    reused: u32,
    /// Minutes from the start, or from arriving if that was later, until reception: half waited no longer than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    waited_median_minutes: Option<u32>,
    /// Nine of ten waited no longer than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    waited_most_minutes: Option<u32>,
    /// Half of all visits took no longer than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    lasted_median_minutes: Option<u32>,
}

fn tally(tally: &Tally) -> TallyView {
    let count = |result: VisitResult| (result.name(), tally.results.get(&result).copied().unwrap_or(0));
    TallyView {
        open_minutes: tally.open_min,
        taken_minutes: tally.taken_min,
        use_of_time: tally.use_of_time().map(|part| (part * 1_000.0).round() / 1_000.0),
        visits: tally.visits,
        by_offer: tally.by_offer,
        open_visits: tally.open_visits,
        no_shows: tally.no_shows,
        results: VisitResult::ALL.into_iter().map(count).collect(),
        cancelled: tally.cancelled,
        displaced: tally.displaced,
        reused: tally.reused,
        waited_median_minutes: percentile(&tally.waited_min, 50),
        waited_most_minutes: percentile(&tally.waited_min, 90),
        lasted_median_minutes: percentile(&tally.lasted_min, 50),
    }
}

/// What an office's days came to: use of its time, waiting, absence, what became of time given up. Of nobody by name.
#[utoipa::path(get, path = "/v1/staff/offices/{id}/figures", tag = "staff",
    params(("id" = String, Path), FiguresParams), security(("session" = [])),
    responses((status = 200, content((FiguresView = "application/json"), (String = "text/csv"))), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn look(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Params(asked): Params<FiguresParams>,
) -> Result<Response, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let (from, to) = (fields.date("from", asked.from), fields.date("to", asked.to));
    let table = match asked.format.as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => {
            fields.add("format", "not-a-choice");
            false
        }
    };
    fields.finish().map_err(say)?;
    let office = office_of(&edge, lang, &bearer, &id).await?;
    let today = edge.app().clock.now().with_timezone(&office.zone).date_naive();
    let to = to.unwrap_or_else(|| from.map_or(today, |from| today.max(from).min(last(from))));
    let before = to.checked_sub_signed(TimeDelta::days(DEFAULT_DAYS - 1)).unwrap_or(to);
    let from = from.unwrap_or(before);
    let mut fields = Fields::new();
    if to < from {
        fields.add("to", "from-after-to");
    } else if to > last(from) {
        fields.wrong(WrongField::new("to", "out-of-range").with("min", from).with("max", last(from)));
    }
    fields.finish().map_err(say)?;
    let found = figures::figures(edge.app(), &bearer, &office.id, from, to).await.map_err(say)?;
    if table {
        let name = format!("attachment; filename=\"{}-{from}-{to}.csv\"", office.id);
        let kind = (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned());
        let rows = csv(&found).map_err(|error| {
            tracing::error!(%error, "figures cannot be written as a table");
            Problem::new(lang, "unavailable")
        })?;
        return Ok(([NO_STORE], [kind, (header::CONTENT_DISPOSITION, name)], rows).into_response());
    }
    let view = FiguresView {
        office: views::office(office, lang),
        from,
        to,
        total: tally(&found.total),
        days: found.days.iter().map(|(date, day)| DayFigures { date: *date, tally: tally(day) }).collect(),
        windows: found
            .windows
            .iter()
            .map(|(id, window)| WindowFigures { window_id: id.to_string(), tally: tally(window) })
            .collect(),
        services: found
            .services
            .iter()
            .map(|(id, service)| ServiceFigures {
                service: views::service(&edge, id, lang),
                tally: tally(service),
            })
            .collect(),
    };
    Ok(([NO_STORE], Json(view)).into_response())
}

fn last(from: NaiveDate) -> NaiveDate {
    from.checked_add_days(Days::new(DATES_MAX as u64 - 1)).unwrap_or(NaiveDate::MAX)
}

/// The columns: the date, then the numbers.
const COLUMNS: [&str; 19] = [
    "date",
    "openMinutes",
    "takenMinutes",
    "useOfTime",
    "visits",
    "byOffer",
    "openVisits",
    "noShows",
    "served",
    "documentsMissing",
    "declined",
    "referred",
    "left",
    "cancelled",
    "displaced",
    "reused",
    "waitedMedianMinutes",
    "waitedMostMinutes",
    "lastedMedianMinutes",
];

/// A row for each date (RFC 4180). Only dates and numbers: no cell can be read as a formula.
fn csv(figures: &Figures) -> Result<Vec<u8>, csv::Error> {
    let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    rows.write_record(COLUMNS)?;
    let maybe = |minutes: Option<u32>| minutes.map_or_else(String::new, |minutes| minutes.to_string());
    for (date, day) in &figures.days {
        let view = tally(day);
        let mut cells = vec![date.to_string(), view.open_minutes.to_string(), view.taken_minutes.to_string()];
        cells.push(view.use_of_time.map_or_else(String::new, |part| part.to_string()));
        cells.extend([view.visits, view.by_offer, view.open_visits, view.no_shows].map(|n| n.to_string()));
        cells.extend(VisitResult::ALL.map(|result| view.results[result.name()].to_string()));
        cells.extend([view.cancelled, view.displaced, view.reused].map(|n| n.to_string()));
        let minutes = [view.waited_median_minutes, view.waited_most_minutes, view.lasted_median_minutes];
        cells.extend(minutes.map(maybe));
        rows.write_record(&cells)?;
    }
    rows.into_inner().map_err(|error| error.into_error().into())
}
