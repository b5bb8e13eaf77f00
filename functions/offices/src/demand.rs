//! What people wait for at an office in a week (WTL-8).

use crate::office_of;
use app::offices::demand::{self, Demand};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use domain::ServiceId;
use lambda::Edge;
use lambda::http::views::{self, OfficeBrief, ServiceBrief};
use lambda::http::{Fields, Language, NO_STORE, Page, Params, Problem, ProblemBody, StaffSession};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DemandParams {
    /// Any date of the week, `YYYY-MM-DD`; this week by default.
    week: Option<String>,
    /// One service only.
    service_id: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DemandView {
    office: OfficeBrief,
    /// The week's Monday.
    week: NaiveDate,
    /// Of the office's services.
    items: Vec<ServiceDemand>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ServiceDemand {
    service: ServiceBrief,
    /// People who wait and would come on some day of the week.
    waiting: usize,
    /// Whether there are more than were counted: 200 in each of the week's lines.
    more: bool,
    /// Since when the first of them waits, by the office's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting_since: Option<DateTime<Tz>>,
    week_days: Vec<DayDemand>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DayDemand {
    date: NaiveDate,
    /// People who would come on this day.
    waiting: usize,
    /// Starts of the plan that can be booked now, kept ones too.
    planned: usize,
    /// Of these those that nobody has.
    free: usize,
}

/// Who waits for what in a week, day by day, beside what is planned and free. Of nobody by name.
#[utoipa::path(get, path = "/v1/staff/offices/{id}/demand", tag = "staff",
    params(("id" = String, Path), DemandParams), security(("session" = [])),
    responses((status = 200, body = DemandView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn look(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Params(asked): Params<DemandParams>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let week = fields.date("week", asked.week);
    let only: Option<ServiceId> = fields.read("serviceId", asked.service_id, "unknown-service");
    let page = Page::read(&mut fields, asked.cursor, asked.limit);
    let office = office_of(&edge, lang, &bearer, &id).await?;
    let received: BTreeSet<&ServiceId> =
        office.windows.iter().flat_map(|window| &window.services).map(|offered| &offered.service).collect();
    if only.as_ref().is_some_and(|only| !received.contains(only)) {
        fields.add("serviceId", "unknown-service");
    }
    fields.finish().map_err(say)?;
    let week = week.unwrap_or_else(|| edge.app().clock.now().with_timezone(&office.zone).date_naive());
    let some = received.into_iter().filter(|service| only.as_ref().is_none_or(|only| only == *service));
    let (some, next_cursor) = page.of(lang, some.cloned().collect())?;
    let found = demand::demand(edge.app(), &bearer, &office.id, &some, week).await.map_err(say)?;
    let view = DemandView {
        office: views::office(office, lang),
        week: demand::monday(week),
        items: found.into_iter().map(|demand| of_service(&edge, demand, office.zone, lang)).collect(),
        next_cursor,
    };
    Ok(([NO_STORE], Json(view)))
}

fn of_service(edge: &Edge, demand: Demand, zone: Tz, lang: text::Lang) -> ServiceDemand {
    ServiceDemand {
        service: views::service(edge, &demand.service, lang),
        waiting: demand.waiting,
        more: demand.more,
        waiting_since: demand.since.map(|since| since.with_timezone(&zone)),
        week_days: demand
            .days
            .into_iter()
            .map(|day| DayDemand { date: day.on, waiting: day.waiting, planned: day.planned, free: day.free })
            .collect(),
    }
}
