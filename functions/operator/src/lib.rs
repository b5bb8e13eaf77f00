//! Somebody calls or stands at the counter: found, and identified. From then on the member asks what citizens ask, with the
//! header `Acting-For`.

use app::Refusal;
use app::acting::find;
use app::acting::identify::{self, Facts, How};
use app::contact::Login;
use app::refusal::WrongField;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::IntoResponse;
use chrono::SecondsFormat;
use domain::citizen::Readiness;
use domain::{CitizenId, OfficeId};
use lambda::Edge;
use lambda::http::{Asked, Fields, Language, Problem, ProblemBody, StaffSession};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");
/// The longest name or address that is looked at, in characters.
const SAID_MAX: usize = 254;

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(find)).routes(routes!(identify)).with_state(edge)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FindRequest {
    /// The office for which one acts.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// A phone or a confirmed address, in any writing.
    #[schema(required = true, nullable = false)]
    login: Option<String>,
}

/// Enough to ask whether it is they.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FoundView {
    citizen_id: String,
    /// «Анна П.»
    name: String,
}

/// Finds a citizen by phone or address. The citizen sees that it was done.
#[utoipa::path(post, path = "/v1/staff/citizens/find", tag = "operator", request_body = FindRequest, security(("session" = [])),
    responses((status = 200, body = FoundView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn find(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Asked(request): Asked<FindRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", request.office_id, "unknown-office");
    let login = fields.optional("login", request.login, SAID_MAX);
    // What cannot be a login is nobody's.
    let login = fields.required("login", login).and_then(|login| login.parse::<Login>().ok());
    fields.finish().map_err(say)?;
    let (Some(office), Some(login)) = (office, login) else {
        return Err(Problem::new(lang, "invalid-request"));
    };
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = find::find(edge.app(), &vault, &bearer, &office, &login).await.map_err(say)?;
    let begins = found.surname_begins.map(|letter| format!(" {letter}.")).unwrap_or_default();
    let view =
        FoundView { citizen_id: found.citizen.to_string(), name: format!("{}{begins}", found.given_name) };
    Ok(([NO_STORE], Json(view)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct IdentifyRequest {
    /// The office for which one acts.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// `facts`: at least two of those below agree; `document`: one was shown; `visit`: they are there for it.
    #[schema(required = true, nullable = false)]
    method: Option<String>,
    /// Surname, first name, patronymic, as the caller says them.
    full_name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    /// With `visit`: the visit as the agenda names it.
    visit_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct IdentifiedView {
    citizen_id: String,
    /// Until then one asks what citizens ask, with this id in the header `Acting-For`.
    valid_until: String,
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    phone: String,
    /// `ready`, `incomplete` or `inactive`.
    readiness: &'static str,
}

/// Identifies a citizen, for half an hour. The citizen sees that it was done.
#[utoipa::path(post, path = "/v1/staff/citizens/{id}/identification", tag = "operator", params(("id" = String, Path)),
    request_body = IdentifyRequest, security(("session" = [])),
    responses((status = 201, body = IdentifiedView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn identify(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<IdentifyRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", request.office_id, "unknown-office");
    let method = fields.required("method", request.method);
    let facts = Facts {
        name: fields.optional("fullName", request.full_name, SAID_MAX),
        phone: fields.optional("phone", request.phone, SAID_MAX),
        email: fields.optional("email", request.email, SAID_MAX),
    };
    let how = match method.as_deref() {
        Some("facts") if facts.given() < 2 => {
            fields.wrong(WrongField::new("method", "too-few").with("min", 2));
            None
        }
        Some("facts") => Some(How::Facts(facts)),
        Some("document") => Some(How::Document),
        Some("visit") => fields.need("visitId", request.visit_id, "not-an-id").map(How::Visit),
        Some(_) => {
            fields.wrong(WrongField::new("method", "not-a-choice"));
            None
        }
        None => None,
    };
    fields.finish().map_err(say)?;
    let (Some(office), Some(how)) = (office, how) else { return Err(Problem::new(lang, "invalid-request")) };
    let citizen: CitizenId = id.parse().map_err(|_| say(Refusal::NotFound))?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let identified =
        identify::identify(edge.app(), &vault, &bearer, &office, citizen, &how).await.map_err(say)?;
    let name = identified.person.name;
    let view = IdentifiedView {
        citizen_id: citizen.to_string(),
        valid_until: identified.until.to_rfc3339_opts(SecondsFormat::Secs, true),
        surname: name.surname,
        given_name: name.given,
        patronymic: name.patronymic,
        phone: identified.person.phone,
        readiness: match identified.citizen.readiness() {
            Readiness::Ready => "ready",
            Readiness::Incomplete(_) => "incomplete",
            Readiness::Inactive { .. } => "inactive",
        },
    };
    Ok((StatusCode::CREATED, [NO_STORE], Json(view)))
}
