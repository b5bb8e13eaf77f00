//! One office's file as text: as it is delivered, imported, edited and compared; places in it are found by line.

use super::report::{CatalogueErrors, Report};
use super::{Declared, Problem, offices, read, wire};
use crate::StoreError;
use domain::catalogue::{Catalogue, Office, Service};
use domain::cells::CellRange;
use domain::{OfficeId, ServiceId};
use std::path::Path;
use toml_edit::{ArrayOfTables, Document, DocumentMut, Item, Table, value};

/// Bytes of a file that the table keeps: a change has it twice, and a request carries it once.
pub const OFFICE_FILE_MAX: usize = 60_000;
/// Differences told of at most.
pub const DIFFERENCES_MAX: usize = 200;

fn name(id: &OfficeId) -> String {
    format!("offices/{id}.toml")
}

/// The file of an office as it was delivered.
///
/// # Errors
/// When it cannot be read, which was possible when the system started.
pub fn delivered(dir: &Path, id: &OfficeId) -> Result<String, StoreError> {
    std::fs::read_to_string(dir.join(name(id))).map_err(StoreError::unavailable)
}

/// Reads an office's file in place of the one that the catalogue has, with `version` changes behind it. Its id, agency and
/// zone stay: rights hang on the place, and starts of appointments on the zone.
///
/// # Errors
/// Everything that is wrong with it, each with its line.
pub fn office(
    text: &str,
    catalogue: &Catalogue,
    id: &OfficeId,
    version: u64,
) -> Result<Office, CatalogueErrors> {
    let services: Declared<_, _> =
        catalogue.services.iter().map(|(id, service)| (id.clone(), Some(service.clone()))).collect();
    read_office(text, catalogue, id, version, Some(&services))
}

/// Reads a file that was good when it was put: services that a release has dropped since are left out.
///
/// # Errors
/// As [`office`], but for services that there are not.
pub fn stored(
    text: &str,
    catalogue: &Catalogue,
    id: &OfficeId,
    version: u64,
) -> Result<Office, CatalogueErrors> {
    let mut office = read_office(text, catalogue, id, version, None)?;
    for window in &mut office.windows {
        window.services.retain(|offered| catalogue.services.contains_key(&offered.service));
    }
    Ok(office)
}

fn read_office(
    text: &str,
    catalogue: &Catalogue,
    id: &OfficeId,
    version: u64,
    services: Option<&Declared<ServiceId, Service>>,
) -> Result<Office, CatalogueErrors> {
    let file = name(id);
    let mut report = Report::default();
    let agencies: Declared<_, _> =
        catalogue.agencies.iter().map(|(id, agency)| (id.clone(), Some(agency.clone()))).collect();
    let known = offices::Known { agencies: Some(&agencies), services };
    let wire: Option<wire::Office> = read::shaped(&mut report, &file, text);
    let office = wire.and_then(|wire| offices::convert(&mut report, &file, wire, known));
    if let (Some(office), Some(is)) = (&office, catalogue.offices.get(id)) {
        let fixed = [
            ("agency", office.agency == is.agency, is.agency.to_string()),
            ("zone", office.zone == is.zone, is.zone.to_string()),
        ];
        for (key, same, is) in fixed {
            if !same {
                report.add(&super::report::At::File(&file).key(key), Problem::Fixed { is });
            }
        }
    }
    report.done().map_err(|errors| errors.with_lines(|path| line_of(text, path)))?;
    // Without mistakes there is an office.
    let mut office = office.ok_or_else(CatalogueErrors::none)?;
    office.version = version;
    Ok(office)
}

/// The line on which a place stands, from 1: of the nearest around it that stands anywhere.
pub(super) fn line_of(text: &str, path: &str) -> Option<usize> {
    let document = Document::parse(text).ok()?;
    let mut item = document.as_item();
    let mut found = None;
    for step in path.split('.') {
        let (key, rest) = step.split_once('[').map_or((step, None), |(key, rest)| (key, Some(rest)));
        let Some(next) = item.get(key) else { break };
        item = next;
        found = next.span().or(found);
        let Some(label) = rest.and_then(|rest| rest.strip_suffix(']')) else { continue };
        // Documents are a table by key, everything else that has entries is a list.
        if let Some(inner) = item.as_table_like().and_then(|table| table.get(label)) {
            item = inner;
            found = inner.span().or(found);
            continue;
        }
        let Some((_, entry)) = entries(item).into_iter().find(|(own, _)| own == label) else { break };
        found = entry.span.or(found);
        match entry.item {
            Some(inner) => item = inner,
            None => break,
        }
    }
    let at = found?.start;
    Some(text.get(..at)?.matches('\n').count() + 1)
}

/// An entry of a list; none as an item for what `toml_edit` keeps as a bare table.
struct Entry<'a> {
    span: Option<core::ops::Range<usize>>,
    item: Option<&'a Item>,
}

/// The entries of a list by what they are called: their id, date, service, name or document, else their number from 1.
fn entries(list: &Item) -> Vec<(String, Entry<'_>)> {
    let mut found: Vec<(String, Entry<'_>)> = Vec::new();
    let mut index = 0;
    while let Some(item) = list.get(index) {
        index += 1;
        let own = ["id", "on", "service", "name", "document"].iter().find_map(|key| item.get(key)?.as_str());
        let label = own.map_or_else(|| index.to_string(), str::to_owned);
        found.push((label, Entry { span: item.span(), item: Some(item) }));
    }
    found
}

/// One thing that an import changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// As mistakes name places: `windows[b].plans[1].mon`.
    pub path: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Everything that one file says otherwise than another, at most [`DIFFERENCES_MAX`]. What is no TOML has none.
pub fn differences(before: &str, after: &str) -> Vec<Difference> {
    let mut found = Vec::new();
    if let (Ok(before), Ok(after)) = (Document::parse(before), Document::parse(after)) {
        compare("", Some(before.as_item()), Some(after.as_item()), &mut found);
    }
    found.truncate(DIFFERENCES_MAX);
    found
}

fn compare(path: &str, before: Option<&Item>, after: Option<&Item>, found: &mut Vec<Difference>) {
    let tables = |item: Option<&Item>| item.is_none_or(Item::is_table_like);
    let lists = |item: Option<&Item>| {
        item.is_none_or(|item| item.get(0).is_some_and(Item::is_table_like) || is_empty_list(item))
    };
    if before.is_some_and(Item::is_table_like) || after.is_some_and(Item::is_table_like) {
        if tables(before) && tables(after) {
            let keys = |item: Option<&Item>| -> Vec<String> {
                let table = item.and_then(Item::as_table_like);
                table.map(|table| table.iter().map(|(key, _)| key.to_owned()).collect()).unwrap_or_default()
            };
            let (old, new) = (keys(before), keys(after));
            let more = new.iter().filter(|key| !old.contains(key));
            for key in old.iter().chain(more) {
                let dot = if path.is_empty() { "" } else { "." };
                let inner = |item: Option<&'_ Item>| item.and_then(|item| item.get(key.as_str())).cloned();
                compare(&format!("{path}{dot}{key}"), inner(before).as_ref(), inner(after).as_ref(), found);
            }
            return;
        }
    } else if lists(before) && lists(after) && (before.is_some() || after.is_some()) {
        let labelled = |item: Option<&Item>| -> Vec<(String, Item)> {
            let mut seen: Vec<(String, Item)> = Vec::new();
            for (label, entry) in item.map(entries).unwrap_or_default() {
                let times = seen.iter().filter(|(other, _)| other.split('/').next() == Some(&label)).count();
                let label = if times == 0 { label } else { format!("{label}/{}", times + 1) };
                seen.extend(entry.item.map(|item| (label, item.clone())));
            }
            seen
        };
        let (old, new) = (labelled(before), labelled(after));
        let of = |list: &[(String, Item)], label: &str| {
            list.iter().find(|(own, _)| own == label).map(|(_, item)| item.clone())
        };
        let more = new.iter().filter(|(label, _)| of(&old, label).is_none());
        for (label, _) in old.iter().chain(more) {
            let (was, is) = (of(&old, label), of(&new, label));
            compare(&format!("{path}[{label}]"), was.as_ref(), is.as_ref(), found);
        }
        return;
    }
    let (before, after) = (before.map(said), after.map(said));
    if before != after {
        found.push(Difference { path: path.to_owned(), before, after });
    }
}

fn is_empty_list(item: &Item) -> bool {
    item.as_array().is_some_and(toml_edit::Array::is_empty)
}

/// A value as it is written, without the spaces and comments around it; a list on one line.
fn said(item: &Item) -> String {
    match (item.as_str(), item.as_array()) {
        (Some(text), _) => text.to_owned(),
        (_, Some(list)) => {
            let each: Vec<String> = list.iter().map(|one| said(&Item::Value(one.clone()))).collect();
            each.join(", ")
        }
        _ => item.to_string().trim().to_owned(),
    }
}

/// Hours as files write them, `09:00-13:00`; none when these are none.
pub fn hours(given: &str) -> Option<CellRange> {
    read::range(given).ok()
}

/// A time at which an office, or some of its windows, is shut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shutting {
    /// `2026-12-31`.
    pub on: String,
    /// `09:00-13:00`; none means the whole day.
    pub hours: Option<String>,
    pub windows: Option<Vec<String>>,
    pub ru: String,
    pub en: String,
}

/// The file with more closures at its end; everything else in it stays as it is, comments too.
///
/// # Errors
/// [`StoreError::Corrupt`] when it is no TOML, or lists its closures in a way that is not read here.
pub fn with_closures(text: &str, more: &[Shutting]) -> Result<String, StoreError> {
    let bad = |what: &str| StoreError::Corrupt { key: "office file".to_owned(), what: what.to_owned() };
    let mut document: DocumentMut = text.parse().map_err(|_| bad("not TOML"))?;
    let list = document.entry("closures").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    if is_empty_list(list) {
        *list = Item::ArrayOfTables(ArrayOfTables::new());
    }
    let list = list.as_array_of_tables_mut().ok_or_else(|| bad("closures are listed inline"))?;
    for closure in more {
        // One that stands already is not put twice: a request may come again.
        let same = |table: &Table| {
            let text = |key: &str| table.get(key).and_then(Item::as_str).map(str::to_owned);
            let windows = table.get("windows").map(said);
            text("on").as_deref() == Some(&closure.on)
                && text("hours") == closure.hours
                && windows == closure.windows.as_ref().map(|some| some.join(", "))
        };
        if list.iter().any(same) {
            continue;
        }
        let mut table = Table::new();
        table.insert("on", value(&closure.on));
        if let Some(hours) = &closure.hours {
            table.insert("hours", value(hours));
        }
        if let Some(windows) = &closure.windows {
            table.insert("windows", value(windows.iter().collect::<toml_edit::Array>()));
        }
        let mut reason = toml_edit::InlineTable::new();
        reason.insert("ru", closure.ru.as_str().into());
        reason.insert("en", closure.en.as_str().into());
        table.insert("reason", value(reason));
        list.push(table);
    }
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
# kept
id = "one"
closures = []

[[windows]]
id = "a"
services = ["talk"]
  [[windows.plans]]
  mon = ["09:00-13:00"]
  [[windows.plans]]
  valid_from = "2026-12-01"
  mon = ["09:00-12:00", "13:00-18:00"]
"#;

    #[test]
    fn a_place_is_found_by_its_line() {
        assert_eq!(line_of(FILE, "id"), Some(3));
        assert_eq!(line_of(FILE, "windows[a].services[1]"), Some(8));
        assert_eq!(line_of(FILE, "windows[a].plans[2].mon[2]"), Some(13));
        assert_eq!(line_of(FILE, "windows[a].plans[2].tue[1]"), line_of(FILE, "windows[a].plans[2]"));
        assert_eq!(line_of(FILE, "phone"), None);
    }

    #[test]
    fn closures_are_added_and_the_rest_stays() {
        let shut = Shutting {
            on: "2026-12-04".into(),
            hours: Some("09:00-10:00".into()),
            windows: Some(vec!["a".into()]),
            ru: "Нет света".into(),
            en: "No power".into(),
        };
        let once = with_closures(FILE, std::slice::from_ref(&shut)).unwrap();
        let twice =
            with_closures(&once, &[Shutting { on: "2026-12-07".into(), hours: None, ..shut }]).unwrap();
        assert!(twice.contains("# kept") && twice.contains("Нет света"), "{twice}");
        let found = differences(FILE, &twice);
        let paths: Vec<&str> = found.iter().map(|one| one.path.as_str()).collect();
        let of = |on: &str| {
            ["on", "hours", "windows", "reason.ru", "reason.en"].map(|key| format!("closures[{on}].{key}"))
        };
        let first = of("2026-12-04");
        assert_eq!(paths[..5], first.each_ref().map(String::as_str));
        assert_eq!(paths.len(), 9, "{paths:?}");
        assert!(differences(&twice, &twice).is_empty());
    }

    #[test]
    fn what_differs_is_named_with_what_was_and_what_is() {
        let after = FILE.replace("13:00-18:00", "13:00-17:00").replace("id = \"one\"", "id = \"two\"");
        let found = differences(FILE, &after);
        let plain: Vec<(&str, Option<&str>, Option<&str>)> = found
            .iter()
            .map(|one| (one.path.as_str(), one.before.as_deref(), one.after.as_deref()))
            .collect();
        assert_eq!(
            plain,
            [
                ("id", Some("one"), Some("two")),
                (
                    "windows[a].plans[2].mon",
                    Some("09:00-12:00, 13:00-18:00"),
                    Some("09:00-12:00, 13:00-17:00")
                ),
            ]
        );
    }
}
