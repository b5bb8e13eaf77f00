//! Somebody calls or stands at the counter: found, and identified. From then on the member asks what citizens ask, with the
//! header `Acting-For`.

mod blocks;
mod notes;
mod pauses;
mod policies;

use app::Refusal;
use app::acting::find::{self, By, FOUND_MAX, Found};
use app::acting::identify::{self, Facts, How};
use app::refusal::WrongField;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::citizen::Readiness;
use domain::number::Number;
use domain::profile::Demand;
use domain::{CitizenId, OfficeId, ProofId};
use lambda::Edge;
use lambda::http::queue::named;
use lambda::http::{Asked, Fields, Language, NO_STORE, Problem, ProblemBody, StaffSession, utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The longest name or address that is looked at, in characters.
const SAID_MAX: usize = 254;

pub fn router(edge: Edge) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(find))
        .routes(routes!(send_code))
        .routes(routes!(identify))
        .routes(routes!(notes::write, notes::list))
        .routes(routes!(blocks::close, blocks::look))
        .routes(routes!(blocks::open))
        .routes(routes!(pauses::end))
        .routes(routes!(policies::list))
        .routes(routes!(policies::take))
        .routes(routes!(policies::decide))
        .with_state(edge)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FindRequest {
    /// The office for which one acts.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// A phone or a confirmed address, in any writing.
    login: Option<String>,
    /// Or surname and first name, with or without the patronymic.
    full_name: Option<String>,
    /// Or the number of a visit at the office, with its `date`.
    number: Option<String>,
    date: Option<String>,
}

impl FindRequest {
    fn says_nobody(&self) -> bool {
        let blank = |said: &Option<String>| said.as_ref().is_none_or(|said| said.trim().is_empty());
        blank(&self.login) && blank(&self.full_name) && blank(&self.number)
    }

    /// What somebody is looked for by: one of three.
    fn by(self, fields: &mut Fields) -> Option<By> {
        let login = fields.optional("login", self.login, SAID_MAX);
        let name = fields.optional("fullName", self.full_name, SAID_MAX);
        let number = fields.optional("number", self.number, SAID_MAX);
        let others = [("fullName", name.is_some()), ("number", number.is_some())];
        for (other, _) in others.iter().filter(|(_, given)| *given && login.is_some()) {
            fields.wrong(WrongField::new("login", "instead-of").with("other", *other));
        }
        if login.is_none() && name.is_some() && number.is_some() {
            fields.wrong(WrongField::new("fullName", "instead-of").with("other", "number"));
        }
        if let Some(number) = number {
            let date = fields.required("date", self.date);
            let on = fields.date("date", date);
            let number = Number::parse(&number);
            if number.is_none() {
                fields.add("number", "not-an-id");
            }
            return Some(By::Number(number?, on?));
        }
        match name {
            Some(name) => Some(By::Name(name)),
            // What cannot be a login is nobody's.
            None => login?.parse().ok().map(By::Login),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FoundList {
    items: Vec<FoundView>,
    /// Whether there are others of that name: then the patronymic is to be asked for, or the phone.
    more: bool,
}

/// Enough to ask whether it is they.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FoundView {
    citizen_id: String,
    /// «Анна П.»
    name: String,
    /// The last two digits.
    phone_ends: String,
}

/// Finds citizens by phone or address, by the name or by the number of a visit. Each of them sees that it was done.
#[utoipa::path(post, path = "/v1/staff/citizens/find", tag = "operator", request_body = FindRequest, security(("session" = [])),
    responses((status = 200, body = FoundList), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn find(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Asked(request): Asked<FindRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", request.office_id.clone(), "unknown-office");
    let nobody = request.says_nobody();
    let by = request.by(&mut fields);
    fields.finish().map_err(say)?;
    if nobody {
        return Err(say(Refusal::Fields(vec![WrongField::new("login", "required")])));
    }
    let office = office.ok_or_else(|| Problem::new(lang, "invalid-request"))?;
    let by = by.ok_or_else(|| say(Refusal::NotFound))?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let found = find::find(edge.app(), &vault, &bearer, &office, &by).await.map_err(say)?;
    let more = found.len() == FOUND_MAX;
    let view = |found: Found| {
        let begins = found.surname_begins.map(|letter| format!(" {letter}.")).unwrap_or_default();
        FoundView {
            citizen_id: found.citizen.to_string(),
            name: format!("{}{begins}", found.given_name),
            phone_ends: found.phone_ends,
        }
    };
    Ok(([NO_STORE], Json(FoundList { items: found.into_iter().map(view).collect(), more })))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SendCodeRequest {
    /// The office for which one acts.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
}

/// A code that was sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SentCodeView {
    /// To be given with the code that is read back, within ten minutes.
    code_id: String,
    /// From then on another is worth asking for.
    resend_at: String,
}

/// Sends a code to a citizen's phone, to be read back.
#[utoipa::path(post, path = "/v1/staff/citizens/{id}/code", tag = "operator", params(("id" = String, Path)),
    request_body = SendCodeRequest, security(("session" = [])),
    responses((status = 201, body = SentCodeView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn send_code(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Asked(request): Asked<SendCodeRequest>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let office: Option<OfficeId> = fields.need("officeId", request.office_id, "unknown-office");
    fields.finish().map_err(say)?;
    let office = office.ok_or_else(|| Problem::new(lang, "invalid-request"))?;
    let citizen: CitizenId = named(&edge, lang, &bearer, &id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let begun = identify::send_code(edge.app(), &vault, &bearer, &office, citizen).await.map_err(say)?;
    let view = SentCodeView { code_id: begun.id.to_string(), resend_at: utc(begun.resend_at) };
    Ok((StatusCode::CREATED, [NO_STORE], Json(view)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct IdentifyRequest {
    /// The office for which one acts.
    #[schema(required = true, nullable = false)]
    office_id: Option<String>,
    /// `facts`: at least two of those below agree; `document`: one was shown; `visit`: they are there for it; `code`: they
    /// read back what was sent to their phone.
    #[schema(required = true, nullable = false)]
    method: Option<String>,
    /// Surname, first name, patronymic, as the caller says them.
    full_name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    /// As `1985-03-08`.
    birth_date: Option<String>,
    snils: Option<String>,
    /// With `visit`: the visit as the agenda names it.
    visit_id: Option<String>,
    /// With `code`: what was begun by sending it, and the six digits.
    code_id: Option<String>,
    code: Option<String>,
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
        (status = 404, body = ProblemBody), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
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
        birth_on: fields.optional("birthDate", request.birth_date, SAID_MAX),
        snils: fields.optional("snils", request.snils, SAID_MAX),
    };
    let how = match method.as_deref() {
        Some("facts") if facts.given() < 2 => {
            fields.wrong(WrongField::new("method", "too-few").with("min", 2));
            None
        }
        Some("facts") => Some(How::Facts(facts)),
        Some("document") => Some(How::Document),
        Some("code") => {
            let id: Option<ProofId> = fields.need("codeId", request.code_id, "not-an-id");
            let code = fields.code("code", request.code);
            id.map(|id| How::Code(id, code))
        }
        Some("visit") => fields.need("visitId", request.visit_id, "not-an-id").map(How::Visit),
        Some(_) => {
            fields.add("method", "not-a-choice");
            None
        }
        None => None,
    };
    fields.finish().map_err(say)?;
    let (Some(office), Some(how)) = (office, how) else { return Err(Problem::new(lang, "invalid-request")) };
    let citizen: CitizenId = named(&edge, lang, &bearer, &id).await?;
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let codes = edge.codes().await.map_err(|error| say(error.into()))?;
    let identified = identify::identify(edge.app(), &vault, &codes, &bearer, &office, citizen, &how);
    let identified = identified.await.map_err(say)?;
    let name = identified.person.name;
    let view = IdentifiedView {
        citizen_id: citizen.to_string(),
        valid_until: utc(identified.until),
        surname: name.surname,
        given_name: name.given,
        patronymic: name.patronymic,
        phone: identified.person.phone,
        readiness: match identified.citizen.readiness(Demand::Asked) {
            Readiness::Ready => "ready",
            Readiness::Incomplete(_) => "incomplete",
            Readiness::Inactive(_) => "inactive",
        },
    };
    Ok((StatusCode::CREATED, [NO_STORE], Json(view)))
}
