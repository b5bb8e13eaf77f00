//! Services: found by words and filters; what each needs and takes (CAT-1, CAT-2, CAT-4, CAT-5).

use crate::PUBLIC;
use app::find::Wanted;
use app::refusal::WrongField;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use domain::catalogue::{ExtraField, FieldKind, RequestKind, Service, Way};
use domain::profile::Demand;
use lambda::Edge;
use lambda::http::views::said;
use lambda::http::{Fields, Language, Page, Params, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use text::Lang;
use utoipa::{IntoParams, ToSchema};

/// The longest query, in characters.
const WORDS_MAX: usize = 200;
/// How long a visit may be, in minutes.
const MINUTES: std::ops::RangeInclusive<u16> = 5..=240;
const KINDS: [(&str, RequestKind); 3] = [
    ("certificate", RequestKind::Certificate),
    ("consultation", RequestKind::Consultation),
    ("application", RequestKind::Application),
];
const WAYS: [(&str, Way); 3] =
    [("in-person", Way::InPerson), ("by-phone", Way::ByPhone), ("video", Way::Video)];

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ServiceQuery {
    /// Words, part of a phrase.
    q: Option<String>,
    region: Option<String>,
    office: Option<String>,
    category: Option<String>,
    /// `certificate`, `consultation` or `application`.
    kind: Option<String>,
    /// `in-person`, `by-phone` or `video`.
    way: Option<String>,
    /// `true`: only those that can be booked.
    bookable: Option<String>,
    /// Only visits that take no longer, in minutes, 5 to 240.
    duration_max: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Services {
    items: Vec<ServiceCard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    /// When nothing was found: words that may have been meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    did_you_mean: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ServiceCard {
    id: String,
    name: String,
    summary: String,
    category: String,
    category_name: String,
    kind: &'static str,
    way: &'static str,
    duration_minutes: u16,
    /// Working days until the result.
    term_days: u16,
    bookable: bool,
    documents: Vec<DocumentView>,
    /// By when copies are to be uploaded: `booking`, `visit`, or `never`.
    files_by: &'static str,
    /// Whether a registry is asked if one is entitled to it.
    eligibility: bool,
    /// Whether the application is signed electronically by whoever books it without an operator.
    signature: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DocumentView {
    /// By what it is uploaded.
    document: String,
    name: String,
    original: bool,
    copy: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<String>,
}

fn choice<T: Copy>(fields: &mut Fields, name: &str, given: Option<String>, known: &[(&str, T)]) -> Option<T> {
    let given = given?;
    let found = known.iter().find(|(name, _)| *name == given).map(|(_, value)| *value);
    if found.is_none() {
        fields.add(name, "not-a-choice");
    }
    found
}

fn minutes(fields: &mut Fields, given: Option<String>) -> Option<u16> {
    let given = given?;
    let read = given.trim().parse().ok().filter(|minutes| MINUTES.contains(minutes));
    if read.is_none() {
        let (min, max) = (*MINUTES.start(), *MINUTES.end());
        fields.wrong(WrongField::new("durationMax", "out-of-range").with("min", min).with("max", max));
    }
    read
}

/// Services by words and filters, best first.
#[utoipa::path(get, path = "/v1/services", tag = "services", params(ServiceQuery),
    responses((status = 200, body = Services), (status = 422, body = ProblemBody)))]
pub async fn list(
    State(edge): State<Edge>,
    Language(lang): Language,
    Params(query): Params<ServiceQuery>,
) -> Result<impl IntoResponse, Problem> {
    let edge = edge.everywhere().await;
    let catalogue = &edge.app().catalogue;
    let mut fields = Fields::new();
    let wanted = Wanted {
        words: fields.optional("q", query.q, WORDS_MAX).unwrap_or_default(),
        region: fields.read("region", query.region, "unknown-region"),
        office: fields.read("office", query.office, "unknown-office"),
        category: fields.read("category", query.category, "not-a-choice"),
        kind: choice(&mut fields, "kind", query.kind, &KINDS),
        way: choice(&mut fields, "way", query.way, &WAYS),
        bookable: choice(&mut fields, "bookable", query.bookable, &[("true", true), ("false", false)])
            .unwrap_or(false),
        duration_max: minutes(&mut fields, query.duration_max),
    };
    if wanted.region.as_ref().is_some_and(|region| !catalogue.regions.contains_key(region)) {
        fields.add("region", "unknown-region");
    }
    if wanted.office.as_ref().is_some_and(|office| !catalogue.offices.contains_key(office)) {
        fields.add("office", "unknown-office");
    }
    let page = Page::read(&mut fields, query.cursor, query.limit);
    fields.finish().map_err(|refusal| Problem::of(&edge, lang, refusal))?;
    let found = edge.finder().services(catalogue, &wanted);
    let cards =
        found.services.iter().filter_map(|id| Some(card(&edge, catalogue.services.get(id)?, lang))).collect();
    let (items, next_cursor) = page.of(lang, cards)?;
    Ok((PUBLIC, Json(Services { items, next_cursor, did_you_mean: found.did_you_mean })))
}

fn card(edge: &Edge, service: &Service, lang: Lang) -> ServiceCard {
    let category = edge.app().catalogue.categories.get(&service.category);
    let name_of = |kind| KINDS.iter().find(|(_, known)| *known == kind).map_or("", |(name, _)| *name);
    let way_of = |way| WAYS.iter().find(|(_, known)| *known == way).map_or("", |(name, _)| *name);
    ServiceCard {
        id: service.id.to_string(),
        name: said(&service.name, lang).to_owned(),
        summary: said(&service.summary, lang).to_owned(),
        category: service.category.to_string(),
        category_name: category.map(|category| said(&category.name, lang).to_owned()).unwrap_or_default(),
        kind: name_of(service.kind),
        way: way_of(service.way),
        duration_minutes: service.duration_min,
        term_days: service.term_days,
        bookable: service.bookable,
        documents: service
            .documents
            .iter()
            .map(|need| DocumentView {
                document: need.document.to_string(),
                name: said(&need.name, lang).to_owned(),
                original: need.original,
                copy: need.copy,
                condition: need.condition.as_ref().map(|condition| said(condition, lang).to_owned()),
            })
            .collect(),
        files_by: service.files_by.name(),
        eligibility: service.eligibility == Demand::Asked,
        signature: service.signature == Demand::Asked,
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ServicePage {
    #[serde(flatten)]
    card: ServiceCard,
    /// The least time between booking and start.
    lead_minutes: u32,
    /// How many days ahead the calendar opens.
    horizon_days: u16,
    /// What the booking asks besides.
    fields: Vec<FieldView>,
    /// The version of the rules of a visit to agree to.
    rules_version: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FieldView {
    name: String,
    label: String,
    required: bool,
    /// `text`, `choice`, `date` or `number`.
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<ChoiceView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ChoiceView {
    value: String,
    label: String,
}

/// One service: documents, fields, duration, terms.
#[utoipa::path(get, path = "/v1/services/{id}", tag = "services", params(("id" = String, Path)),
    responses((status = 200, body = ServicePage), (status = 404, body = ProblemBody)))]
pub async fn one(
    State(edge): State<Edge>,
    Language(lang): Language,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let found = id.parse().ok().and_then(|id| edge.app().catalogue.services.get(&id));
    let service = found.ok_or_else(|| Problem::new(lang, "not-found"))?;
    let view = ServicePage {
        card: card(&edge, service, lang),
        lead_minutes: service.lead_min,
        horizon_days: service.horizon_days,
        fields: service.fields.iter().map(|field| field_view(field, lang)).collect(),
        rules_version: app::book::RULES_VERSION,
    };
    Ok((PUBLIC, Json(view)))
}

fn field_view(field: &ExtraField, lang: Lang) -> FieldView {
    let (kind, choices, min, max) = match &field.kind {
        FieldKind::Text { max } => ("text", Vec::new(), None, Some(i64::from(*max))),
        FieldKind::Date => ("date", Vec::new(), None, None),
        FieldKind::Number { min, max } => ("number", Vec::new(), Some(*min), Some(*max)),
        FieldKind::Choice(choices) => {
            let choices = choices.iter().map(|(value, label)| ChoiceView {
                value: value.clone(),
                label: said(label, lang).to_owned(),
            });
            ("choice", choices.collect(), None, None)
        }
    };
    FieldView {
        name: field.name.clone(),
        label: said(&field.label, lang).to_owned(),
        required: field.required,
        kind,
        choices,
        min,
        max,
    }
}
