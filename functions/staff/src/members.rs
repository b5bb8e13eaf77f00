//! Members: oneself, those whom one sees, and what is done about them.

use crate::grants::{self, GrantAsked, GrantView};
use app::staff::invite::{self, Form};
use app::staff::members::{self, Ask, Seen};
use app::staff::{StaffBearer, absent};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::StaffId;
use domain::limits::REASON_MAX;
use domain::staff::Right;
use lambda::Edge;
use lambda::http::{
    Asked, Fields, Language, NO_STORE, Page, Paging, Problem, ProblemBody, StaffSession, utc,
};
use serde::{Deserialize, Serialize};
use text::Lang;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MemberView {
    id: String,
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    email: String,
    language: String,
    grants: Vec<GrantView>,
    blocked: bool,
    created_at: String,
}

fn view(edge: &Edge, seen: Seen, lang: Lang) -> MemberView {
    let Seen { member, who } = seen;
    MemberView {
        id: member.id.to_string(),
        surname: who.name.surname,
        given_name: who.name.given,
        patronymic: who.name.patronymic,
        email: who.email,
        grants: grants::views(edge, &member.grants, lang),
        language: member.language,
        blocked: member.blocked,
        created_at: utc(member.created_at),
    }
}

/// Oneself, and what one may do anywhere.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StaffMe {
    #[serde(flatten)]
    member: MemberView,
    /// Where each holds is said by the grants.
    rights: Vec<&'static str>,
}

/// Oneself.
#[utoipa::path(get, path = "/v1/staff/me", tag = "staff", security(("session" = [])),
    responses((status = 200, body = StaffMe), (status = 401, body = ProblemBody)))]
pub async fn me(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let seen = members::one(edge.app(), &vault, &bearer, bearer.member).await.map_err(say)?;
    let rights =
        Right::ALL.into_iter().filter(|right| seen.member.may_any(*right)).map(Right::name).collect();
    Ok(([NO_STORE], Json(StaffMe { member: view(&edge, seen, lang), rights })))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InviteRequest {
    #[schema(required = true, nullable = false)]
    surname: Option<String>,
    #[schema(required = true, nullable = false)]
    given_name: Option<String>,
    patronymic: Option<String>,
    #[schema(required = true, nullable = false)]
    email: Option<String>,
    /// In which the letter is written: `ru` or `en`; the request's language by default.
    language: Option<String>,
    /// One to twenty.
    #[schema(required = true, nullable = false)]
    grants: Option<Vec<GrantAsked>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Invited {
    id: String,
    expires_at: String,
}

/// Invites somebody to work here: a letter with a link goes to their address.
#[utoipa::path(post, path = "/v1/staff/invitations", tag = "staff", request_body = InviteRequest, security(("session" = [])),
    responses((status = 201, body = Invited), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn invite(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Asked(request): Asked<InviteRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let language = match request.language.as_deref() {
        None => lang,
        Some(code) => Lang::ALL.into_iter().find(|lang| lang.code() == code).unwrap_or_else(|| {
            fields.add("language", "not-a-choice");
            lang
        }),
    };
    let form = Form {
        surname: request.surname,
        given_name: request.given_name,
        patronymic: request.patronymic,
        email: request.email,
    };
    let who = invite::identity(&form, &mut fields);
    let grants = grants::parse(&edge, &mut fields, request.grants);
    fields.finish().map_err(say)?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let invited =
        invite::invite(edge.app(), &vault, &bearer, &who, language.code(), grants).await.map_err(say)?;
    let view = Invited { id: invited.id.to_string(), expires_at: utc(invited.expires_at) };
    Ok((StatusCode::CREATED, [NO_STORE], Json(view)))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MemberList {
    /// A page may hold fewer than asked for and the list go on: those whom one does not see are left out.
    items: Vec<MemberView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Those who work where one may see it.
#[utoipa::path(get, path = "/v1/staff/members", tag = "staff", params(Paging), security(("session" = [])),
    responses((status = 200, body = MemberList), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let (seen, next_cursor) =
        members::list(edge.app(), &vault, &bearer, page.cursor.as_deref(), page.limit).await.map_err(say)?;
    let items = seen.into_iter().map(|seen| view(&edge, seen, lang)).collect();
    Ok(([NO_STORE], Json(MemberList { items, next_cursor })))
}

async fn member_id(edge: &Edge, lang: Lang, bearer: &StaffBearer, id: &str) -> Result<StaffId, Problem> {
    match id.parse() {
        Ok(id) => Ok(id),
        Err(_) => Err(Problem::of(edge, lang, absent(edge.app(), bearer).await)),
    }
}

/// One member.
#[utoipa::path(get, path = "/v1/staff/members/{id}", tag = "staff", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = MemberView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn one(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let id = member_id(&edge, lang, &bearer, &id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let seen = members::one(edge.app(), &vault, &bearer, id).await.map_err(say)?;
    Ok(([NO_STORE], Json(view(&edge, seen, lang))))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantsRequest {
    /// From now on these, and no others; one to twenty.
    #[schema(required = true, nullable = false)]
    grants: Option<Vec<GrantAsked>>,
    /// Kept and shown in the member's history.
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReasonRequest {
    /// Kept and shown in the member's history.
    #[schema(required = true, nullable = false)]
    reason: Option<String>,
}

/// Does it for the reason that came, once nothing is wrong with what was read.
async fn change(
    edge: &Edge,
    lang: Lang,
    bearer: &StaffBearer,
    id: &str,
    ask: &Ask,
    mut fields: Fields,
    why: Option<String>,
) -> Result<impl IntoResponse + use<>, Problem> {
    let say = |refusal| Problem::of(edge, lang, refusal);
    let why = fields.text("reason", why, REASON_MAX);
    fields.finish().map_err(say)?;
    let id = member_id(edge, lang, bearer, id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    members::change(edge.app(), &vault, bearer, id, ask, &why.unwrap_or_default()).await.map_err(say)?;
    let seen = members::one(edge.app(), &vault, bearer, id).await.map_err(say)?;
    Ok(([NO_STORE], Json(view(edge, seen, lang))))
}

/// Changes what a member may do and where. Their sessions end.
#[utoipa::path(post, path = "/v1/staff/members/{id}/grants", tag = "staff", params(("id" = String, Path)),
    request_body = GrantsRequest, security(("session" = [])),
    responses((status = 200, body = MemberView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn grants(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<GrantsRequest>,
) -> Result<impl IntoResponse, Problem> {
    let mut fields = Fields::new();
    let ask = Ask::Grants(grants::parse(&edge, &mut fields, request.grants));
    change(&edge, lang, &bearer, &id, &ask, fields, request.reason).await
}

/// Closes a member's access. Their sessions end at once.
#[utoipa::path(post, path = "/v1/staff/members/{id}/block", tag = "staff", params(("id" = String, Path)),
    request_body = ReasonRequest, security(("session" = [])),
    responses((status = 200, body = MemberView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn block(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<ReasonRequest>,
) -> Result<impl IntoResponse, Problem> {
    change(&edge, lang, &bearer, &id, &Ask::Block, Fields::new(), request.reason).await
}

/// Opens a member's access again.
#[utoipa::path(post, path = "/v1/staff/members/{id}/unblock", tag = "staff", params(("id" = String, Path)),
    request_body = ReasonRequest, security(("session" = [])),
    responses((status = 200, body = MemberView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn unblock(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<ReasonRequest>,
) -> Result<impl IntoResponse, Problem> {
    change(&edge, lang, &bearer, &id, &Ask::Unblock, Fields::new(), request.reason).await
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MemberHistory {
    items: Vec<MemberChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MemberChange {
    version: u64,
    action: &'static str,
    text: String,
    at: String,
    /// The member who did it; none for what a command did.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What the member could do after it.
    grants: Vec<GrantView>,
}

/// What was done about a member, the latest first: the last fifty changes.
#[utoipa::path(get, path = "/v1/staff/members/{id}/history", tag = "staff", params(("id" = String, Path), Paging),
    security(("session" = [])),
    responses((status = 200, body = MemberHistory), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn history(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    page: Page,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let id = member_id(&edge, lang, &bearer, &id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let told = members::history(edge.app(), &vault, &bearer, id).await.map_err(say)?;
    let (told, next_cursor) = page.of(lang, told)?;
    let items = told.into_iter().map(|told| MemberChange {
        version: told.change.version,
        action: told.change.action.name(),
        text: text::label(lang, &format!("staff-action-{}", told.change.action.name())),
        at: utc(told.change.at),
        by: told.change.by.map(|by| by.to_string()),
        reason: told.reason,
        grants: grants::views(&edge, &told.change.grants, lang),
    });
    Ok(([NO_STORE], Json(MemberHistory { items: items.collect(), next_cursor })))
}
