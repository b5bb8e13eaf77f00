//! Appointments: booking one, reading one's own, and what was done to them.

mod application;
mod ask;
mod correction;
mod entitled;
mod preferred;
mod signing;
mod whole;

use app::appointments;
use app::attempt::Operation;
use app::book;
use app::correct;
use app::registries::eligibility;
use app::why;
use ask::BookRequest;
use axum::Json;
use axum::extract::{FromRef, Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use correction::CorrectRequest;
use domain::AppointmentId;
use domain::appointment::{Appointment, Phase};
use domain::limits::REASON_MAX;
use lambda::Edge;
use lambda::http::views::{self, AppointmentView, ChangeView};
use lambda::http::{
    ActingFor, Asked, Asker, Fields, IdempotencyKey, Language, NO_STORE, Page, Paging, Problem, ProblemBody,
};
use serde::Serialize;
use signatures::Roots;

use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use whole::{Whole, whole};

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
        .routes(routes!(create, list))
        .routes(routes!(signing::for_booking))
        .routes(routes!(one, amend))
        .routes(routes!(signing::for_correction))
        .routes(routes!(history))
        .with_state(Here { roots: Roots::of(&edge.settings().signature_roots_dir), edge })
}

/// Books a slot.
#[utoipa::path(post, path = "/v1/appointments", tag = "appointments", request_body = BookRequest,
    params(ActingFor,
        ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key books once and answers the same. What was refused is asked for again under a new key.")),
    security(("session" = [])),
    responses((status = 201, body = AppointmentView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn create(
    State(Here { edge, roots }): State<Here>,
    Language(lang): Language,
    Asker(caller): Asker,
    IdempotencyKey(key): IdempotencyKey,
    Asked(request): Asked<BookRequest>,
) -> Result<impl IntoResponse, Problem> {
    let edge = edge.asked_for(request.service()).await;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let body = serde_json::to_string(&request).unwrap_or_default();
    let mut booking = request.parse(&edge, &roots).await.map_err(say)?;
    let operation = Operation::new("book", key.as_deref(), &body, &edge.app().clock.moment()).by(&caller);
    let sealed = ask::is_personal(&booking.application) || booking.signature.is_some();
    let vault = match sealed || eligibility::is_asked(edge.app(), &booking.service) {
        true => Some(edge.vault().await.map_err(|error| say(error.into()))?),
        false => None,
    };
    booking.entitled =
        entitled::entitled(&edge, vault.as_ref(), &caller, &booking.service).await.map_err(say)?;
    let booked = book::book(edge.app(), vault.as_ref(), &caller, &operation, &booking).await.map_err(say)?;
    let location = format!("/v1/appointments/{}", booked.id);
    let view = views::appointment(&edge, &booked, lang);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], [NO_STORE], Json(view)))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Appointments {
    items: Vec<Listed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Listed {
    /// Whether it is still to come; otherwise it is past or cancelled.
    coming: bool,
    #[serde(flatten)]
    appointment: AppointmentView,
}

/// One's appointments, newest first.
#[utoipa::path(get, path = "/v1/appointments", tag = "appointments", params(ActingFor, Paging), security(("session" = [])),
    responses((status = 200, body = Appointments), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asker(caller): Asker,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let after = match page.cursor {
        Some(cursor) => Some(cursor.parse().map_err(|_| Problem::new(lang, "cursor-invalid"))?),
        None => None,
    };
    let found = appointments::list(edge.app(), &caller, after, page.limit).await.map_err(say)?;
    let edge = edge.knowing(found.items.iter().map(|appointment| &appointment.service)).await;
    let now = edge.app().clock.now();
    let items = found.items.iter().map(|appointment| Listed {
        coming: matches!(appointment.phase, Phase::Planned | Phase::InReception)
            && appointment.seat.ends_at > now,
        appointment: views::appointment(&edge, appointment, lang),
    });
    Ok(([NO_STORE], Json(Appointments { items: items.collect(), next_cursor: found.next })))
}

/// An id that cannot be one is like one that nobody has.
fn id(given: &str) -> AppointmentId {
    given.parse().unwrap_or(AppointmentId(domain::Ulid::nil()))
}

/// One of one's appointments, with what was filled in for it.
#[utoipa::path(get, path = "/v1/appointments/{id}", tag = "appointments", params(ActingFor, ("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = Whole), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn one(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asker(caller): Asker,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let found = appointments::one(edge.app(), &caller, id(&given)).await.map_err(say)?;
    let edge = edge.near(&found.appointment.seat.office).await;
    // One for which nothing was filled in is shown without keys.
    let view = if found.is_sealed() {
        let vault = edge.vault().await.map_err(|error| say(error.into()))?;
        whole(&edge, &found.open(&vault).map_err(say)?, lang)
    } else {
        whole(&edge, &found.appointment, lang)
    };
    Ok(([NO_STORE], Json(view)))
}

/// Corrects what was filled in for an appointment that is to come: not the service, not the person, not the time.
#[utoipa::path(patch, path = "/v1/appointments/{id}", tag = "appointments", request_body = CorrectRequest,
    params(("id" = String, Path),
        ActingFor,
        ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key corrects once and answers the same.")),
    security(("session" = [])),
    responses((status = 200, body = Whole), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 503, body = ProblemBody)))]
async fn amend(
    State(Here { edge, roots }): State<Here>,
    Language(lang): Language,
    Asker(caller): Asker,
    IdempotencyKey(key): IdempotencyKey,
    Path(given): Path<String>,
    Asked(request): Asked<CorrectRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let body = format!("{given} {}", serde_json::to_string(&request).unwrap_or_default());
    let operation = Operation::new("correct", key.as_deref(), &body, &edge.app().clock.moment()).by(&caller);
    let mut fields = Fields::new();
    let reason = fields.optional("reason", request.reason.clone(), REASON_MAX);
    let signature = ask::sent_signature(&mut fields, &roots, request.signature.as_deref()).map_err(say)?;
    fields.finish().map_err(say)?;
    let why = edge.why(reason).await.map_err(|error| say(error.into()))?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let app = edge.app();
    let correction =
        |before: &Appointment| request.applied(before, app.service(&before.service)?, &app.floods);
    let which = (id(&given), &correction);
    let with = (why.as_ref(), signature.as_ref());
    let found = correct::correct(app, &vault, &caller, &operation, which, with).await.map_err(say)?;
    let edge = edge.near(&found.seat.office).await;
    Ok(([NO_STORE], Json(whole(&edge, &found, lang))))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct History {
    items: Vec<ChangeView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Everything that was done to an appointment, oldest first.
#[utoipa::path(get, path = "/v1/appointments/{id}/history", tag = "appointments", params(ActingFor, ("id" = String, Path), Paging), security(("session" = [])),
    responses((status = 200, body = History), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn history(
    State(edge): State<Edge>,
    Language(lang): Language,
    Asker(caller): Asker,
    page: Page,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let id = id(&given);
    let changes = appointments::history(edge.app(), &caller, id).await.map_err(say)?;
    let (changes, next_cursor) = page.of(lang, changes)?;
    // A history in which nobody gives a reason is read without keys.
    let vault = match changes.iter().any(|change| change.reason.is_some()) {
        true => Some(edge.vault().await.map_err(|error| say(error.into()))?),
        false => None,
    };
    let mut items = Vec::new();
    for change in &changes {
        let why = vault.as_ref().map(|vault| why::said(vault, id, change)).transpose();
        let why = why.map_err(|error| say(error.into()))?.flatten();
        items.push(views::change(&edge, change, why, lang));
    }
    Ok(([NO_STORE], Json(History { items, next_cursor })))
}
