//! Waiting for a freed slot: one's places in line, and the offers that come of them.

mod offers;
mod wish;

use app::attempt::Operation;
use app::registries::eligibility;
use app::waitlist::join;
use app::waitlist::show::{self, Place};
use app::waitlist::standing::{Standing, stand};
use axum::Json;
use axum::extract::{FromRef, Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::ServiceId;
use domain::waitlist::{Entry, EntryChange};
use lambda::Edge;
use lambda::http::views::{self, OutlookView, ServiceBrief};
use lambda::http::{
    ActingFor, Asked, Asker, IdempotencyKey, Language, NO_STORE, Page, Paging, Problem, ProblemBody,
};
use serde::Serialize;
use signatures::Roots;
use text::Lang;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wish::JoinRequest;

/// What these handlers have: the edge, and whose signatures are trusted.
#[derive(Clone)]
pub(crate) struct Here {
    pub edge: Edge,
    pub roots: Roots,
}

impl FromRef<Here> for Edge {
    fn from_ref(here: &Here) -> Self {
        here.edge.clone()
    }
}

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::<Here>::new()
        .routes(routes!(join, list))
        .routes(routes!(one))
        .routes(routes!(pause))
        .routes(routes!(resume))
        .routes(routes!(leave))
        .routes(routes!(history))
        .routes(routes!(offers::one))
        .routes(routes!(offers::accept))
        .routes(routes!(offers::text_to_sign))
        .routes(routes!(offers::decline))
        .with_state(Here { roots: Roots::of(&edge.settings().signature_roots_dir), edge })
}

/// A place in line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PlaceView {
    service: ServiceBrief,
    /// Given once, at joining, and kept: the line goes by it within a class.
    ticket: String,
    /// `urgent`, `privileged` or `ordinary`: set by rule, never chosen.
    class: &'static str,
    offices: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    weekdays: Vec<u32>,
    parts: Vec<&'static str>,
    /// `waiting`, `paused`, `left` or `served`.
    state: &'static str,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    offer_id: Option<String>,
    joined_at: String,
    /// People ahead in the line, as far as they are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    ahead: Option<AheadView>,
    /// What is likely, from what has been.
    #[serde(skip_serializing_if = "Option::is_none")]
    outlook: Option<OutlookView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AheadView {
    people: u32,
    /// Whether there are more than were counted.
    more: bool,
}

fn place(edge: &Edge, entry: &Entry, lang: Lang) -> PlaceView {
    let wish = &entry.wish;
    PlaceView {
        service: views::service(edge, &entry.service, lang),
        ticket: entry.ticket.to_string(),
        class: entry.class.name(),
        offices: wish.offices.iter().map(ToString::to_string).collect(),
        from: wish.dates.map(|(first, _)| first.to_string()),
        to: wish.dates.map(|(_, last)| last.to_string()),
        weekdays: wish.weekdays.iter().map(|day| day.number_from_monday()).collect(),
        parts: wish.parts.iter().map(|part| part.name()).collect(),
        state: entry.state.name(),
        text: text::label(lang, &format!("waiting-{}", entry.state.name())),
        offer_id: entry.offer.map(|offer| offer.to_string()),
        joined_at: views::local(entry.joined_at, zone(edge, entry)),
        ahead: None,
        outlook: None,
    }
}

/// The zone of the first office waited for.
fn zone(edge: &Edge, entry: &Entry) -> chrono_tz::Tz {
    let office = entry.wish.offices.first().and_then(|id| edge.app().catalogue.offices.get(id));
    office.map_or(chrono_tz::UTC, |office| office.zone)
}

/// Joins the line of a service.
#[utoipa::path(post, path = "/v1/waitlist", tag = "waitlist", request_body = JoinRequest,
    params(("Idempotency-Key" = Option<String>, Header), ActingFor), security(("session" = [])),
    responses((status = 201, body = PlaceView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn join(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asker(caller): Asker,
    IdempotencyKey(key): IdempotencyKey,
    Asked(request): Asked<JoinRequest>,
) -> Result<impl IntoResponse, Problem> {
    let edge = edge.asked_for(request.service()).await;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let body = serde_json::to_string(&request).unwrap_or_default();
    let mut joining = request.parse().map_err(say)?;
    if eligibility::is_asked(edge.app(), &joining.service) {
        let vault = edge.vault().await.map_err(|error| say(error.into()))?;
        let said = eligibility::said_today(edge.app(), &vault, &caller, &joining.service).await;
        joining.entitled = said.map_err(say)?;
    }
    let operation = Operation::new("join", key.as_deref(), &body, &edge.app().clock.moment()).by(&caller);
    let entry = join::join(edge.app(), &caller, &operation, &joining).await.map_err(say)?;
    Ok((StatusCode::CREATED, [NO_STORE], Json(place(&edge, &entry, lang))))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Places {
    items: Vec<PlaceView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// One's places in line.
#[utoipa::path(get, path = "/v1/waitlist", tag = "waitlist", params(ActingFor, Paging), security(("session" = [])),
    responses((status = 200, body = Places), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asker(caller): Asker,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let found = show::list(edge.app(), &caller).await.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    let (found, next_cursor) = page.of(lang, found)?;
    let edge = edge.knowing(found.iter().map(|entry| &entry.service)).await;
    let items = found.iter().map(|entry| place(&edge, entry, lang)).collect();
    Ok(([NO_STORE], Json(Places { items, next_cursor })))
}

fn service(lang: Lang, given: &str) -> Result<ServiceId, Problem> {
    given.parse().map_err(|_| Problem::new(lang, "not-found"))
}

/// One place, with those ahead.
#[utoipa::path(get, path = "/v1/waitlist/{service}", tag = "waitlist", params(ActingFor, ("service" = String, Path)), security(("session" = [])),
    responses((status = 200, body = PlaceView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn one(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asker(caller): Asker,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let service = service(lang, &given)?;
    let found = show::one(edge.app(), &caller, &service).await;
    let Place { entry, ahead, outlook } = found.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    let mut view = place(&edge, &entry, lang);
    view.ahead = ahead.map(|ahead| AheadView { people: ahead.people, more: ahead.more });
    view.outlook = outlook.map(|outlook| views::outlook(lang, outlook.served, Some(outlook.days)));
    Ok(([NO_STORE], Json(view)))
}

/// Pauses: the place is kept, nothing is offered.
#[utoipa::path(post, path = "/v1/waitlist/{service}/pause", tag = "waitlist", params(ActingFor, ("service" = String, Path)), security(("session" = [])),
    responses((status = 200, body = PlaceView), (status = 401, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn pause(
    edge: State<Edge>,
    lang: Language,
    session: Asker,
    key: IdempotencyKey,
    service: Path<String>,
) -> Result<impl IntoResponse, Problem> {
    change(edge, lang, session, key, service, Standing::Pause).await
}

/// Goes on waiting, with the same ticket.
#[utoipa::path(post, path = "/v1/waitlist/{service}/resume", tag = "waitlist", params(ActingFor, ("service" = String, Path)), security(("session" = [])),
    responses((status = 200, body = PlaceView), (status = 401, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn resume(
    edge: State<Edge>,
    lang: Language,
    session: Asker,
    key: IdempotencyKey,
    service: Path<String>,
) -> Result<impl IntoResponse, Problem> {
    change(edge, lang, session, key, service, Standing::Resume).await
}

/// Leaves the line; an open offer is declined.
#[utoipa::path(post, path = "/v1/waitlist/{service}/leave", tag = "waitlist", params(ActingFor, ("service" = String, Path)), security(("session" = [])),
    responses((status = 200, body = PlaceView), (status = 401, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn leave(
    edge: State<Edge>,
    lang: Language,
    session: Asker,
    key: IdempotencyKey,
    service: Path<String>,
) -> Result<impl IntoResponse, Problem> {
    change(edge, lang, session, key, service, Standing::Leave).await
}

async fn change(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asker(caller): Asker,
    IdempotencyKey(key): IdempotencyKey,
    Path(given): Path<String>,
    standing: Standing,
) -> Result<impl IntoResponse, Problem> {
    let service = service(lang, &given)?;
    let body = format!("{given}\n{standing:?}");
    let operation = Operation::new("stand", key.as_deref(), &body, &edge.app().clock.moment()).by(&caller);
    let entry = stand(edge.app(), &caller, &operation, &service, standing).await;
    let entry = entry.map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    Ok(([NO_STORE], Json(place(&edge, &entry, lang))))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PlaceHistory {
    items: Vec<PlaceChangeView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Who did what, when, about which offer, and why one was passed over.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PlaceChangeView {
    who: &'static str,
    who_text: String,
    /// Who acted for the citizen, as `/v1/me/representatives` has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    representative_id: Option<String>,
    what: &'static str,
    what_text: String,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    offer_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    starts_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why_text: Option<String>,
}

/// Everything that happened to one's place, oldest first.
#[utoipa::path(get, path = "/v1/waitlist/{service}/history", tag = "waitlist", params(ActingFor, ("service" = String, Path), Paging), security(("session" = [])),
    responses((status = 200, body = PlaceHistory), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn history(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asker(caller): Asker,
    page: Page,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let service = service(lang, &given)?;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let (changes, place) = futures::join!(
        show::history(edge.app(), &caller, &service),
        show::one(edge.app(), &caller, &service)
    );
    let (changes, zone) = (changes.map_err(say)?, zone(&edge, &place.map_err(say)?.entry));
    let (changes, next_cursor) = page.of(lang, changes)?;
    let items = changes.iter().map(|change| change_view(change, zone, lang)).collect();
    Ok(([NO_STORE], Json(PlaceHistory { items, next_cursor })))
}

fn change_view(change: &EntryChange, zone: chrono_tz::Tz, lang: Lang) -> PlaceChangeView {
    PlaceChangeView {
        who: change.actor.name(),
        who_text: text::label(lang, &format!("actor-{}", change.actor.name())),
        representative_id: change.representative.map(|who| who.to_string()),
        what: change.action.name(),
        what_text: text::label(lang, &format!("action-{}", change.action.name())),
        at: views::local(change.at, zone),
        offer_id: change.offer.map(|(offer, _)| offer.to_string()),
        starts_at: change.offer.map(|(_, starts_at)| views::local(starts_at, zone)),
        why: change.why.map(|why| why.name()),
        why_text: change.why.map(|why| text::label(lang, &format!("passed-over-{}", why.name()))),
    }
}
