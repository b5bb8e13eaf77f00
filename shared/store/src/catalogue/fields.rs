//! Extra fields that a service asks for (CAT-5).

use super::problem::Problem;
use super::report::{At, Report};
use super::{read, wire};
use domain::catalogue::{Bilingual, ExtraField, FieldKind};

/// Fields of one service, options of one choice, characters of a text answer, letters of a name.
const FIELDS_MAX: usize = 20;
const OPTIONS_MAX: usize = 50;
const ANSWER_MAX: u16 = 1_000;
const NAME_MAX: usize = 32;

pub(super) fn convert(report: &mut Report, at: &At<'_>, given: Vec<wire::Field>) -> Vec<ExtraField> {
    read::list(report, &at.key("fields"), given.len(), FIELDS_MAX);
    let mut fields: Vec<ExtraField> = Vec::with_capacity(given.len());
    for mut field in given {
        let at = at.entry("fields", &field.name);
        name(report, &at.key("name"), &field.name);
        if fields.iter().any(|before| before.name == field.name) {
            report.add(&at, Problem::Duplicate { given: field.name.clone() });
        }
        let options = field.options.take();
        let kind = kind(report, &at, &field, options);
        let label = read::text(report, &at.key("label"), field.label);
        let Some(kind) = kind else { continue };
        fields.push(ExtraField { name: field.name.clone(), label, required: field.required, kind });
    }
    fields
}

/// The names are keys of JSON objects that clients send.
fn name(report: &mut Report, at: &At<'_>, given: &str) {
    let fits = given.len() <= NAME_MAX
        && given.starts_with(|first: char| first.is_ascii_lowercase())
        && given.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !fits {
        report.add(at, Problem::FieldName { given: given.to_owned() });
    }
}

fn kind(
    report: &mut Report,
    at: &At<'_>,
    field: &wire::Field,
    options: Option<Vec<wire::Choice>>,
) -> Option<FieldKind> {
    let (kind, takes): (_, &[&str]) = match field.kind {
        wire::FieldKind::Text => ("text", &["max"]),
        wire::FieldKind::Choice => ("choice", &["options"]),
        wire::FieldKind::Date => ("date", &[]),
        wire::FieldKind::Number => ("number", &["min", "max"]),
    };
    let given = [("min", field.min.is_some()), ("max", field.max.is_some()), ("options", options.is_some())];
    for (key, _) in given.iter().filter(|(key, given)| *given && !takes.contains(key)) {
        report.add(&at.key(key), Problem::FieldHasNo { kind, key });
    }
    match (field.kind, field.min, field.max, options) {
        (wire::FieldKind::Date, ..) => Some(FieldKind::Date),
        (wire::FieldKind::Text, _, Some(max), _) => {
            read::number(report, &at.key("max"), max, 1, ANSWER_MAX).map(|max| FieldKind::Text { max })
        }
        (wire::FieldKind::Number, Some(min), Some(max), _) => {
            read::number(report, &at.key("max"), max, min, i64::MAX).map(|max| FieldKind::Number { min, max })
        }
        (wire::FieldKind::Choice, _, _, Some(options)) => {
            Some(FieldKind::Choice(choices(report, at, options)))
        }
        (wire::FieldKind::Text, ..) => needs(report, at, kind, "max, the most characters"),
        (wire::FieldKind::Number, ..) => needs(report, at, kind, "min and max"),
        (wire::FieldKind::Choice, ..) => needs(report, at, kind, "options, each with value and label"),
    }
}

fn needs(report: &mut Report, at: &At<'_>, kind: &'static str, needs: &'static str) -> Option<FieldKind> {
    report.add(at, Problem::FieldNeeds { kind, needs });
    None
}

fn choices(report: &mut Report, at: &At<'_>, given: Vec<wire::Choice>) -> Vec<(String, Bilingual)> {
    let list = at.key("options");
    read::list(report, &list, given.len(), OPTIONS_MAX);
    if given.is_empty() {
        report.add(&list, Problem::None);
    }
    let mut options: Vec<(String, Bilingual)> = Vec::with_capacity(given.len());
    for option in given {
        let at = at.entry("options", &option.value);
        name(report, &at.key("value"), &option.value);
        if options.iter().any(|(value, _)| *value == option.value) {
            report.add(&at, Problem::Duplicate { given: option.value.clone() });
        }
        let label = read::text(report, &at.key("label"), option.label);
        options.push((option.value.clone(), label));
    }
    options
}
