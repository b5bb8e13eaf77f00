//! What is to be seen: the board, the agenda, one visit.

use crate::files::{self, VisitFileView};
use app::Refusal;
use app::reception::{VisitId, agenda, open};
use app::representatives::told::Acts;
use app::staff::{StaffBearer, absent};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use chrono_tz::Tz;
use domain::appointment::Appointment;
use domain::catalogue::{Office, Specialist};
use domain::schedule::specialist;
use domain::{OfficeId, SpecialistId};
use lambda::Edge;
use lambda::http::signing::{self, AnswerView, PreferredView, SignatureView};
use lambda::http::views::{self, ChangeView, OfficeBrief, ServiceBrief, SpecialistBrief};
use lambda::http::{Fields, Language, NO_STORE, Params, Problem, ProblemBody, StaffSession};
use serde::{Deserialize, Serialize};
use text::Lang;
use utoipa::{IntoParams, ToSchema};

/// The office of a path as it stands now, and everything with it.
pub async fn office_of(edge: &Edge, lang: Lang, given: &str) -> Result<(Edge, Office), Problem> {
    let say = |refusal| Problem::of(edge, lang, refusal);
    let id: OfficeId = given.parse().map_err(|_| say(Refusal::NotFound))?;
    let edge = edge.at(&id).await.map_err(say)?;
    let office = edge.app().catalogue.offices.get(&id).cloned().ok_or_else(|| say(Refusal::NotFound))?;
    Ok((edge, office))
}

/// The same for somebody who works here: without a live session they hear no more of one office than of another.
pub async fn office_for(
    edge: &Edge,
    lang: Lang,
    bearer: &StaffBearer,
    given: &str,
) -> Result<(Edge, Office), Problem> {
    match given.parse().ok().filter(|id| edge.app().catalogue.offices.contains_key(id)) {
        Some::<OfficeId>(_) => office_of(edge, lang, given).await,
        None => Err(Problem::of(edge, lang, absent(edge.app(), bearer).await)),
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Board {
    office: OfficeBrief,
    /// The latest call first.
    calls: Vec<CallView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CallView {
    queue_number: String,
    /// The letter over the window.
    window: String,
    called_at: String,
    /// Whether the one called is at the window already.
    receiving: bool,
}

fn letter(office: &Office, window: &domain::WindowId) -> String {
    let found = office.windows.iter().find(|known| known.id == *window);
    found.map_or_else(|| window.to_string(), |known| known.letter.clone())
}

/// The board of a waiting room: who was called to which window today.
#[utoipa::path(get, path = "/v1/offices/{id}/board", tag = "offices", params(("id" = String, Path)),
    responses((status = 200, body = Board), (status = 404, body = ProblemBody)))]
pub async fn board(
    State(edge): State<Edge>,
    Language(lang): Language,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let (edge, office) = office_of(&edge, lang, &id).await?;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let shown = agenda::board(edge.app(), &office.id).await.map_err(say)?;
    let calls = shown.into_iter().map(|shown| CallView {
        queue_number: shown.call.queue_number,
        window: letter(&office, &shown.window),
        called_at: views::local(shown.call.at, office.zone),
        receiving: shown.receiving,
    });
    Ok(([NO_STORE], Json(Board { office: views::office(&office, lang), calls: calls.collect() })))
}

/// A visit as the agenda has it: nothing of it says who comes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VisitView {
    /// By this the visit is opened, called, received and closed.
    id: String,
    queue_number: String,
    /// What the visitor names at the counter.
    number: String,
    window_id: String,
    window: String,
    /// Who receives there on that date, as the office's file says now.
    #[serde(skip_serializing_if = "Option::is_none")]
    specialist: Option<SpecialistBrief>,
    service: ServiceBrief,
    starts_at: String,
    ends_at: String,
    /// `planned`, `in-reception`, `completed`, `no-show`.
    phase: String,
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    checked_in_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    called_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result_text: Option<String>,
    version: u64,
}

fn receives<'a>(edge: &Edge, office: &'a Office, visit: &Appointment) -> Option<&'a Specialist> {
    specialist(&edge.app().catalogue.calendar, office, &visit.seat.window, visit.seat.on)
}

pub fn visit(edge: &Edge, visit: &Appointment, lang: Lang) -> VisitView {
    let office = edge.app().catalogue.offices.get(&visit.seat.office);
    let zone: Tz = office.map_or(chrono_tz::UTC, |office| office.zone);
    let at = |at| views::local(at, zone);
    VisitView {
        id: VisitId::of(visit).to_string(),
        queue_number: visit.queue_number.clone(),
        number: visit.number.to_string(),
        window_id: visit.seat.window.to_string(),
        window: office.map_or_else(String::new, |office| letter(office, &visit.seat.window)),
        specialist: office
            .and_then(|office| receives(edge, office, visit))
            .map(|there| views::specialist(&there.id, &there.name, lang)),
        service: views::service(edge, &visit.service, lang),
        starts_at: at(visit.seat.starts_at),
        ends_at: at(visit.seat.ends_at),
        phase: visit.phase.name().to_owned(),
        status: text::label(lang, &format!("phase-{}", visit.phase.name())),
        checked_in_at: visit.visit.checked_in_at.map(at),
        called_at: visit.visit.called_at.map(at),
        received_at: visit.visit.received_at.map(at),
        closed_at: visit.visit.closed.map(|(closed, _)| at(closed)),
        result: visit.visit.closed.map(|(_, result)| result.name().to_owned()),
        result_text: visit
            .visit
            .closed
            .map(|(_, result)| text::label(lang, &format!("result-{}", result.name()))),
        version: visit.version,
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AgendaParams {
    /// The office's date; today by default.
    date: Option<String>,
    /// One window only.
    window_id: Option<String>,
    /// Only where this specialist receives.
    specialist_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AgendaView {
    office: OfficeBrief,
    date: String,
    /// The date in words, for the head of a printed page.
    date_text: String,
    /// The whole day by start, then by window; cancelled visits are left out.
    visits: Vec<VisitView>,
}

/// The agenda of an office's day.
#[utoipa::path(get, path = "/v1/staff/offices/{id}/agenda", tag = "reception", params(("id" = String, Path), AgendaParams),
    security(("session" = [])),
    responses((status = 200, body = AgendaView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn agenda(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
    Params(asked): Params<AgendaParams>,
) -> Result<impl IntoResponse, Problem> {
    let (edge, office) = office_for(&edge, lang, &bearer, &id).await?;
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let mut fields = Fields::new();
    let on = fields.date("date", asked.date);
    let window: Option<domain::WindowId> = fields.read("windowId", asked.window_id, "not-an-id");
    let with: Option<SpecialistId> = fields.read("specialistId", asked.specialist_id, "unknown-specialist");
    fields.finish().map_err(say)?;
    let (on, visits) = agenda::agenda(edge.app(), &bearer, &office.id, on).await.map_err(say)?;
    let theirs =
        |visit: &Appointment| receives(&edge, &office, visit).map(|there| &there.id) == with.as_ref();
    let shown = visits
        .iter()
        .filter(|visit| window.as_ref().is_none_or(|window| visit.seat.window == *window))
        .filter(|visit| with.is_none() || theirs(visit));
    let noon = on.and_hms_opt(12, 0, 0).and_then(|noon| noon.and_local_timezone(office.zone).earliest());
    let view = AgendaView {
        office: views::office(&office, lang),
        date: on.to_string(),
        date_text: noon.map_or_else(|| on.to_string(), |noon| text::date(lang, noon.to_utc(), office.zone)),
        visits: shown.map(|shown| visit(&edge, shown, lang)).collect(),
    };
    Ok(([NO_STORE], Json(view)))
}

/// A visit with what whoever prepares it may read.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OpenedView {
    #[serde(flatten)]
    visit: VisitView,
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    /// To call about this visit: the visitor, or whoever acts for one who has no phone here.
    phone: String,
    /// Who may come for the visitor, and what they show.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    representatives: Vec<ActsView>,
    /// Where the visitor wants to be written to about this visit; nobody has confirmed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    /// What they answered to the service's own questions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<AnswerView>,
    /// The version of the rules that they agreed to.
    rules_version: String,
    /// When the visitor would like to come, should it not be at this time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    preferred_dates: Vec<PreferredView>,
    /// The electronic signature of what they filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<SignatureView>,
    /// What is to be signed on paper at the visit.
    #[serde(skip_serializing_if = "Option::is_none")]
    to_sign: Option<String>,
    /// What the visitor was told to bring.
    documents: Vec<String>,
    /// Copies that were uploaded and are kept.
    files: Vec<VisitFileView>,
    history: Vec<ChangeView>,
}

/// Somebody who acts for the visitor (ACC-10).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ActsView {
    surname: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<String>,
    /// `attorney` or `parent`.
    kind: &'static str,
    /// Which originals they show.
    bring: String,
}

fn acts(one: &Acts, lang: Lang) -> ActsView {
    let (name, kind) = (one.person.name.clone(), one.kind.name());
    ActsView {
        surname: name.surname,
        given_name: name.given,
        patronymic: name.patronymic,
        kind,
        bring: text::label(lang, &format!("grant-bring-{kind}")),
    }
}

/// Opens a visit: who comes, with what. The citizen sees that it was read.
#[utoipa::path(get, path = "/v1/staff/visits/{id}", tag = "reception", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 200, body = OpenedView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub async fn open(
    State(edge): State<Edge>,
    Language(lang): Language,
    StaffSession(bearer): StaffSession,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let Ok(id) = id.parse::<VisitId>() else {
        return Err(say(absent(edge.app(), &bearer).await));
    };
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let opened = open::open(edge.app(), &vault, &bearer, id).await.map_err(say)?;
    let service = edge.app().catalogue.services.get(&opened.visit.service);
    let asked = service.into_iter().flat_map(|service| &service.documents);
    let history =
        opened.changes.iter().map(|(change, why)| views::change_to_staff(&edge, change, why.clone(), lang));
    let reached = match opened.person.phone.is_empty() {
        true => opened.acts.first().map(|one| one.person.phone.clone()).unwrap_or_default(),
        false => opened.person.phone.clone(),
    };
    let view = OpenedView {
        visit: visit(&edge, &opened.visit, lang),
        surname: opened.person.name.surname,
        given_name: opened.person.name.given,
        patronymic: opened.person.name.patronymic,
        phone: opened.visit.application.phone.clone().unwrap_or(reached),
        representatives: opened.acts.iter().map(|one| acts(one, lang)).collect(),
        contact_email: opened.visit.application.email.clone(),
        purpose: opened.visit.application.purpose.clone(),
        fields: signing::answers(service, &opened.visit.application, lang),
        rules_version: opened.visit.application.rules_version.clone(),
        preferred_dates: signing::preferred(&opened.visit.application.preferred),
        signature: opened.signature.map(SignatureView::from),
        to_sign: signing::to_sign_at_visit(service, &opened.visit.application, lang),
        documents: asked.map(|need| views::said(&need.name, lang).to_owned()).collect(),
        files: opened.files.iter().map(|(file, name)| files::view(service, file, name, lang)).collect(),
        history: history.collect(),
    };
    Ok(([NO_STORE], Json(view)))
}
