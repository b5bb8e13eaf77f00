//! `services.toml`: categories, services and the documents they ask for.

use super::problem::Problem;
use super::report::{At, Report};
use super::{Declared, fields, read, wire};
use domain::catalogue::{Bilingual, Category, DocumentNeed, FilesBy, RequestKind, Service, Way};
use domain::document::{Colour, FileRules, Paper, Textual};
use domain::limits::HORIZON_DAYS_MAX;
use domain::{CategoryId, DocumentId, ServiceId};
use std::collections::BTreeMap;

/// Bounds of the file's lists.
const CATEGORIES_MAX: usize = 50;
const SERVICES_MAX: usize = 500;
const SYNONYMS_MAX: usize = 40;
const DOCUMENTS_MAX: usize = 30;
/// Bytes of an id of a category or service: it stands in keys of the table.
const ID_MAX: usize = 16;
/// A booking takes at most four hours: its condition must fit into what the table accepts.
const DURATION_MAX: u16 = 240;
const BUFFER_MAX: u16 = 60;
const TERM_DAYS_MAX: u16 = 365;
/// A fortnight.
const LEAD_MAX: u32 = 14 * 24 * 60;

/// Bounds of a file's pages, and of the term of a paper in days: five years.
const PAGES_MOST: u16 = 50;
const VALID_DAYS_MAX: u16 = 1826;

/// A kind of document as services refer to it.
#[derive(Clone)]
struct Document {
    id: DocumentId,
    name: Bilingual,
    rules: FileRules,
    valid_days: Option<u16>,
}

type Documents = BTreeMap<String, Document>;

/// What the file offers.
#[derive(Default)]
pub(super) struct Offered {
    pub categories: Declared<CategoryId, Category>,
    pub services: Declared<ServiceId, Service>,
}

pub(super) fn convert(report: &mut Report, file: &str, wire: wire::Services) -> Offered {
    let root = At::File(file);
    let group = synonyms(report, &root.key("group"), wire.group.synonyms);
    let documents: Documents = wire
        .documents
        .into_iter()
        .filter_map(|(key, wire)| {
            Some((key.clone(), document(report, &root.entry("documents", &key), &key, wire)?))
        })
        .collect();

    read::list(report, &root.key("categories"), wire.categories.len(), CATEGORIES_MAX);
    let mut offered = Offered::default();
    for (order, category) in (0..).zip(wire.categories) {
        let at = root.entry("categories", &category.id);
        let id: Option<CategoryId> = read::id(report, &at.key("id"), &category.id, ID_MAX);
        let name = read::text(report, &at.key("name"), category.name);
        let mut synonyms = synonyms(report, &at, category.synonyms);
        synonyms.extend_from_slice(&group);
        let Some(id) = id else { continue };
        let entry = Category { id: id.clone(), name, synonyms, order };
        if offered.categories.insert(id, Some(entry)).is_some() {
            report.add(&at, Problem::Duplicate { given: category.id.clone() });
        }
    }

    read::list(report, &root.key("services"), wire.services.len(), SERVICES_MAX);
    for wire in wire.services {
        let given = wire.id.clone();
        let at = root.entry("services", &given);
        let id: Option<ServiceId> = read::id(report, &at.key("id"), &given, ID_MAX);
        let entry = service(report, &at, wire, id.as_ref(), &offered.categories, &documents);
        let Some(id) = id else { continue };
        if offered.services.insert(id, entry).is_some() {
            report.add(&at, Problem::Duplicate { given: given.clone() });
        }
    }
    offered
}

fn service(
    report: &mut Report,
    at: &At<'_>,
    wire: wire::Service,
    id: Option<&ServiceId>,
    categories: &Declared<CategoryId, Category>,
    documents: &Documents,
) -> Option<Service> {
    let category = wire.category.parse().ok().filter(|category| categories.contains_key(category));
    if category.is_none() {
        let given = wire.category.clone();
        report.add(&at.key("category"), Problem::Unknown { given, file: "services.toml (categories)" });
    }
    let name = read::text(report, &at.key("name"), wire.name);
    let summary = read::text(report, &at.key("summary"), wire.summary);
    let synonyms = synonyms(report, at, wire.synonyms);
    let duration_min = read::minutes(report, &at.key("duration_min"), wire.duration_min, 5, DURATION_MAX);
    let buffer_min = read::minutes(report, &at.key("buffer_min"), wire.buffer_min, 0, BUFFER_MAX);
    let term_days = read::number(report, &at.key("term_days"), wire.term_days, 0, TERM_DAYS_MAX);
    let lead_min = read::number(report, &at.key("lead_min"), wire.lead_min, 0, LEAD_MAX);
    let horizon_days = read::number(report, &at.key("horizon_days"), wire.horizon_days, 1, HORIZON_DAYS_MAX);
    let documents = needs(report, at, wire.documents, documents);
    let fields = fields::convert(report, at, wire.fields);
    Some(Service {
        id: id?.clone(),
        category: category?,
        name,
        summary,
        synonyms,
        kind: match wire.kind {
            wire::Kind::Certificate => RequestKind::Certificate,
            wire::Kind::Consultation => RequestKind::Consultation,
            wire::Kind::Application => RequestKind::Application,
        },
        way: match wire.way {
            wire::Way::InPerson => Way::InPerson,
            wire::Way::ByPhone => Way::ByPhone,
            wire::Way::Video => Way::Video,
        },
        duration_min: duration_min?,
        buffer_min: buffer_min?,
        term_days: term_days?,
        lead_min: lead_min?,
        horizon_days: horizon_days?,
        bookable: wire.bookable,
        policy: read::demand(wire.policy),
        eligibility: read::demand(wire.eligibility),
        signature: read::demand(wire.signature),
        documents,
        files_by: match wire.files_by {
            wire::FilesBy::Booking => FilesBy::Booking,
            wire::FilesBy::Visit => FilesBy::Visit,
            wire::FilesBy::Never => FilesBy::Never,
        },
        fields,
    })
}

fn document(report: &mut Report, at: &At<'_>, key: &str, wire: wire::Document) -> Option<Document> {
    let id = read::id(report, at, key, ID_MAX);
    let name = read::text(report, at, wire::Text { ru: wire.ru, en: wire.en });
    let pages_max = read::number(report, &at.key("pages"), wire.pages, 1, PAGES_MOST);
    if wire.textual && wire.colour {
        report.add(&at.key("textual"), Problem::TextInColour);
    }
    let term =
        wire.valid_days.map(|days| read::number(report, &at.key("valid_days"), days, 1, VALID_DAYS_MAX));
    Some(Document {
        id: id?,
        name,
        rules: FileRules {
            paper: match wire.paper {
                wire::Paper::A4 => Paper::A4,
                wire::Paper::PassportSpread => Paper::PassportSpread,
            },
            colour: if wire.colour { Colour::Demanded } else { Colour::Any },
            textual: if wire.textual { Textual::Allowed } else { Textual::Refused },
            pages_max: pages_max?,
        },
        valid_days: term.flatten(),
    })
}

fn synonyms(report: &mut Report, at: &At<'_>, given: Vec<String>) -> Vec<String> {
    let at = at.key("synonyms");
    read::list(report, &at, given.len(), SYNONYMS_MAX);
    given.into_iter().enumerate().map(|(index, word)| read::line(report, &at.item(index), word)).collect()
}

fn needs(
    report: &mut Report,
    at: &At<'_>,
    given: Vec<wire::Need>,
    documents: &Documents,
) -> Vec<DocumentNeed> {
    read::list(report, &at.key("documents"), given.len(), DOCUMENTS_MAX);
    let mut needs = Vec::with_capacity(given.len());
    for need in given {
        let at = at.entry("documents", &need.document);
        let known = documents.get(&need.document);
        if known.is_none() {
            let given = need.document.clone();
            report.add(&at, Problem::Unknown { given, file: "services.toml (documents)" });
        }
        if !need.original && !need.copy {
            report.add(&at, Problem::NeitherOriginalNorCopy);
        }
        let condition = need.condition.map(|text| read::text(report, &at.key("condition"), text));
        let Some(known) = known.cloned() else { continue };
        if needs.iter().any(|need: &DocumentNeed| need.document == known.id) {
            report.add(&at, Problem::Duplicate { given: need.document.clone() });
            continue;
        }
        needs.push(DocumentNeed {
            document: known.id,
            name: known.name,
            rules: known.rules,
            valid_days: known.valid_days,
            original: need.original,
            copy: need.copy,
            condition,
        });
    }
    needs
}
