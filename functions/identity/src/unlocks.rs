//! Cabinets that are to be unlocked: opened for somebody at the counter by one, decided by another (OFC-6).

use app::Refusal;
use app::acting::afar;
use app::acting::unlock::{self, Opening, UnlockName, Verdict, Waiting};
use app::contact::phone;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::limits::REASON_MAX;
use domain::unlock::{AskedUnlock, Unlock};
use domain::{CitizenId, OfficeId, StaffId};
use lambda::Edge;
use lambda::http::queue::{QueuedView, decision, named};
use lambda::http::views::local;
use lambda::http::{Asked, Fields, Language, NO_STORE, Page, Paging, Problem, ProblemBody, StaffSession};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnlockView {
    #[serde(flatten)]
    queued: QueuedView,
    /// How whoever opened it knew who it is: `document`, `visit` or `video`. Left out of what was asked for from afar, in the state
    /// `asked`: somebody is to see the person first.
    #[serde(skip_serializing_if = "Option::is_none")]
    identified: Option<&'static str>,
    /// Once it is approved: from when on the new phone opens the cabinet.
    #[serde(skip_serializing_if = "Option::is_none")]
    opens_at: Option<String>,
}

fn view(edge: &Edge, unlock: &Unlock, me: StaffId) -> UnlockView {
    let known = edge.app().catalogue.offices.get(&unlock.office);
    let zone = known.map_or(chrono_tz::UTC, |office| office.zone);
    UnlockView {
        queued: QueuedView::of(edge, &unlock::queued(unlock), me),
        identified: Some(unlock.identified.name()),
        opens_at: unlock.opens().map(|(from, _)| local(from, zone)),
    }
}

pub fn asked(edge: &Edge, asked: &AskedUnlock, me: StaffId) -> UnlockView {
    UnlockView { queued: QueuedView::of(edge, &afar::queued(asked), me), identified: None, opens_at: None }
}

fn waiting(edge: &Edge, waiting: &Waiting, me: StaffId) -> UnlockView {
    match waiting {
        Waiting::Unlock(unlock) => view(edge, unlock, me),
        Waiting::Asked(one) => asked(edge, one, me),
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnlockQueue {
    items: Vec<UnlockView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnlockRequest {
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// The citizen's new mobile phone, in any writing.
    #[schema(required = true, nullable = false)]
    phone: Option<String>,
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
}

/// Opens an unlock for a citizen who was identified by their document or visit. Somebody else decides.
#[utoipa::path(post, path = "/v1/staff/citizens/{id}/unlocks", tag = "operator", request_body = UnlockRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 201, body = UnlockView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn open(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
    Asked(request): Asked<UnlockRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let citizen: CitizenId = named(&edge, lang, &bearer, &given).await?;
    let mut fields = Fields::new();
    let office = fields.need::<OfficeId>("officeId", request.office_id, "unknown-office");
    let tel = fields.read_by("phone", request.phone, |given| phone(given, &edge.app().floods));
    let why = fields.text("reason", request.reason, REASON_MAX).unwrap_or_default();
    fields.finish().map_err(say)?;
    let (Some(office), Some(tel)) = (office, tel) else {
        return Err(say(Refusal::NotFound));
    };
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let said = Opening { office: &office, phone: &tel, why: &why };
    let opened = unlock::open(edge.app(), &vault, &bearer, citizen, said).await.map_err(say)?;
    let view = waiting(&edge, &opened, bearer.member);
    Ok((StatusCode::CREATED, [NO_STORE], Json(view)))
}

/// Those of an office that are to be decided, the oldest first.
#[utoipa::path(get, path = "/v1/staff/offices/{id}/unlocks", tag = "operator", params(("id" = String, Path), Paging), security(("session" = [])),
    responses((status = 200, body = UnlockQueue), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(office): Path<String>,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let office: OfficeId = named(&edge, lang, &bearer, &office).await?;
    let which = (page.cursor.as_deref(), page.limit);
    let found = unlock::list(edge.app(), &bearer, &office, which).await.map_err(say)?;
    let items = found.items.iter().map(|one| waiting(&edge, one, bearer.member)).collect();
    Ok(([NO_STORE], Json(UnlockQueue { items, next_cursor: found.next })))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenedUnlockView {
    #[serde(flatten)]
    unlock: UnlockView,
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    /// The new one.
    phone: String,
    /// Why it was opened.
    reason: String,
}

/// An unlock with its person. That it was read is written down with them.
#[utoipa::path(get, path = "/v1/staff/unlocks/{id}", tag = "operator", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = OpenedUnlockView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn look(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let name: UnlockName = named(&edge, lang, &bearer, &given).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = unlock::look(edge.app(), &vault, &bearer, name).await.map_err(say)?;
    let view = OpenedUnlockView {
        unlock: view(&edge, &found.unlock, bearer.member),
        surname: found.person.name.surname,
        given_name: found.person.name.given,
        patronymic: found.person.name.patronymic,
        phone: found.phone,
        reason: found.why,
    };
    Ok(([NO_STORE], Json(view)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecideUnlockRequest {
    /// `approved` or `refused`; refused also after it was approved, as long as it has not come about.
    #[schema(required = true, nullable = false)]
    result: Option<String>,
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
}

/// Decides about an unlock that somebody else opened. Approved, the old contacts are told, and the owner has a day to stop it.
#[utoipa::path(post, path = "/v1/staff/unlocks/{id}/decide", tag = "operator", request_body = DecideUnlockRequest,
    params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = UnlockView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn decide(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(given): Path<String>,
    Asked(request): Asked<DecideUnlockRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let choices = [("approved", Verdict::Approve), ("refused", Verdict::Refuse)];
    let decided = decision(&mut fields, request.result, choices, request.reason);
    fields.finish().map_err(say)?;
    let name: UnlockName = named(&edge, lang, &bearer, &given).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let (verdict, reason) = decided.ok_or_else(|| say(Refusal::NotFound))?;
    let decided = unlock::decide(edge.app(), &vault, &bearer, name, (verdict, &reason)).await.map_err(say)?;
    Ok(([NO_STORE], Json(view(&edge, &decided, bearer.member))))
}
