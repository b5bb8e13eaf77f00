//! Which edges of the state machines were taken near which kinds of fault: what the generator has reached.

use super::swarm::Kind;
use checker::history::Record;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use store::keys;

/// Every edge that a run can take.
pub const EDGES: [&str; 51] = [
    "page: take",
    "page: free",
    "page: offer",
    "page: release",
    "appointment: booked",
    "appointment: accepted",
    "appointment: moved",
    "appointment: cancelled",
    "appointment: corrected",
    "appointment: displaced",
    "appointment: checked-in",
    "appointment: no-show",
    "appointment: called",
    "appointment: received",
    "appointment: closed",
    "appointment: no-show-undone",
    "offer: made",
    "offer: accepted",
    "offer: declined",
    "offer: lapsed",
    "place: joined",
    "place: paused",
    "place: resumed",
    "place: left",
    "place: booked",
    "right: asked",
    "right: in-force",
    "right: refused",
    "right: ended",
    "right: over by its date",
    "appointment: eligibility-confirmed",
    "appointment: eligibility-doubted",
    "question: asked",
    "question: asked again",
    "question: closed",
    "policy: unclear",
    "policy: decided",
    "cabinet: deletion asked",
    "cabinet: deletion stopped",
    "cabinet: blocked",
    "cabinet: unblocked",
    "cabinet: closed",
    "cabinet: gone",
    "file: announced",
    "file: accepted",
    "file: refused",
    "file: taken back",
    "unlock: opened",
    "unlock: approved",
    "unlock: refused",
    "unlock: stopped",
];

/// Of these, what happens in the few minutes about a visit, or when an office closes: each must be reached, and near every kind of fault only in
/// longer runs than CI's.
const RARE: [&str; 33] = [
    "appointment: displaced",
    "appointment: checked-in",
    "appointment: no-show",
    "appointment: called",
    "appointment: received",
    "appointment: closed",
    "appointment: no-show-undone",
    "right: asked",
    "right: in-force",
    "right: refused",
    "right: ended",
    "right: over by its date",
    "appointment: eligibility-confirmed",
    "appointment: eligibility-doubted",
    "question: asked",
    "question: asked again",
    "question: closed",
    "policy: unclear",
    "policy: decided",
    "cabinet: deletion asked",
    "cabinet: deletion stopped",
    "cabinet: blocked",
    "cabinet: unblocked",
    "cabinet: closed",
    "cabinet: gone",
    "file: announced",
    "file: accepted",
    "file: refused",
    "file: taken back",
    "unlock: opened",
    "unlock: approved",
    "unlock: refused",
    "unlock: stopped",
];

/// How often each edge was taken near each kind of fault.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    pub cells: BTreeMap<(&'static str, Kind), u64>,
    pub edges: BTreeMap<&'static str, u64>,
}

impl Coverage {
    pub fn reach(&mut self, edge: &'static str, near: impl Iterator<Item = Kind>) {
        *self.edges.entry(edge).or_default() += 1;
        for kind in near.collect::<BTreeSet<_>>() {
            *self.cells.entry((edge, kind)).or_default() += 1;
        }
    }

    pub fn add(&mut self, other: &Coverage) {
        for (cell, count) in &other.cells {
            *self.cells.entry(*cell).or_default() += count;
        }
        for (edge, count) in &other.edges {
            *self.edges.entry(edge).or_default() += count;
        }
    }

    /// Cells that were never reached.
    pub fn empty(&self) -> Vec<(&'static str, Kind)> {
        let all = EDGES.iter().flat_map(|edge| Kind::ALL.map(|kind| (*edge, kind)));
        let reached = |edge: &str| RARE.contains(&edge) && self.edges.contains_key(edge);
        all.filter(|cell| !self.cells.contains_key(cell) && !reached(cell.0)).collect()
    }
}

impl std::fmt::Display for Coverage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{:<24} {:>8}  {}", "edge", "taken", Kind::ALL.map(|kind| kind.name()).join(" · "))?;
        for edge in EDGES {
            let count = |kind| self.cells.get(&(edge, kind)).copied().unwrap_or(0).to_string();
            let taken = self.edges.get(edge).copied().unwrap_or(0);
            writeln!(f, "{edge:<24} {taken:>8}  {}", Kind::ALL.map(count).join(" · "))?;
        }
        Ok(())
    }
}

/// The edges that a change of an item is.
pub fn edges(record: &Record) -> Vec<&'static str> {
    let Some(new) = &record.new else { return Vec::new() };
    if record.pk.starts_with(keys::PAGES) {
        return page(record.old.as_ref(), new).into_iter().collect();
    }
    if record.sk.starts_with(keys::OFFER) {
        let state = new["st"]["S"].as_str().unwrap_or_default();
        let was = record.old.as_ref().and_then(|old| old["st"]["S"].as_str());
        let name = if was.is_none() { "made" } else { state };
        return if was == Some(state) { Vec::new() } else { find("offer", name) };
    }
    if record.sk.starts_with(keys::ELIGIBILITY) {
        return question(record.old.as_ref(), new);
    }
    if record.sk.starts_with(keys::FOLDER) {
        return files(record.old.as_ref(), new);
    }
    if record.sk == keys::UNLOCK {
        let state = |item: Option<&Value>| item.map(|item| (item["id"].clone(), item["st"].clone()));
        let name = match new["st"]["S"].as_str().unwrap_or_default() {
            "waiting" => "opened",
            other => other,
        };
        return if state(record.old.as_ref()) == state(Some(new)) {
            Vec::new()
        } else {
            find("unlock", name)
        };
    }
    if record.sk == keys::ME {
        return cabinet(record.old.as_ref(), new);
    }
    if record.sk == keys::PROFILE {
        let checked =
            |item: Option<&Value>| item.and_then(|item| item["pc"]["S"].as_str().map(str::to_owned));
        let (was, is) = (checked(record.old.as_ref()), checked(Some(new)));
        return match (was.as_deref(), is.as_deref()) {
            (was, Some("unclear")) if was != Some("unclear") => find("policy", "unclear"),
            (Some("unclear"), Some("valid" | "refused")) => find("policy", "decided"),
            _ => Vec::new(),
        };
    }
    if record.sk.starts_with(keys::REPRESENTATION) {
        return rights(record.old.as_ref(), new);
    }
    let kind = match record.sk.split_once('#') {
        Some(("APPT", _)) => "appointment",
        Some(("WAIT", _)) => "place",
        _ => return Vec::new(),
    };
    let changes =
        |item: &Value| item["ch"]["L"].as_array().map(|all| all.last().cloned().unwrap_or_default());
    let last = changes(new).unwrap_or_default();
    if record.old.as_ref().and_then(changes) == Some(last.clone()) {
        return Vec::new();
    }
    find(kind, last["M"]["do"]["S"].as_str().unwrap_or_default())
}

fn question(old: Option<&Value>, new: &Value) -> Vec<&'static str> {
    let open = |item: Option<&Value>| item.is_some_and(|item| item["pa"].is_object());
    match (open(old), open(Some(new))) {
        (false, true) => find("question", "asked"),
        (true, true) if old.map(|old| &old["pa"]["L"][1]) != Some(&new["pa"]["L"][1]) => {
            find("question", "asked again")
        }
        (true, false) => find("question", "closed"),
        _ => Vec::new(),
    }
}

fn files(old: Option<&Value>, new: &Value) -> Vec<&'static str> {
    let files =
        |item: Option<&Value>| item.and_then(|item| item["fs"]["L"].as_array().cloned()).unwrap_or_default();
    let (before, after) = (files(old), files(Some(new)));
    let of = |all: &[Value], file: &Value| all.iter().find(|one| one["M"]["id"] == file["M"]["id"]).cloned();
    let changed = after.iter().filter_map(|file| {
        let was = of(&before, file).map(|was| was["M"]["s"].clone());
        let name = match file["M"]["s"]["S"].as_str() {
            Some("w") => "announced",
            Some("a") => "accepted",
            _ => "refused",
        };
        (was.as_ref() != Some(&file["M"]["s"])).then_some(name)
    });
    let back = before.iter().filter(|file| of(&after, file).is_none()).map(|_| "taken back");
    changed.chain(back).flat_map(|name| find("file", name)).collect()
}

fn cabinet(old: Option<&Value>, new: &Value) -> Vec<&'static str> {
    let has = |item: Option<&Value>, name: &str| item.is_some_and(|item| item[name].is_object());
    if old.is_some() && has(old, "blk") != has(Some(new), "blk") {
        return find("cabinet", if has(old, "blk") { "unblocked" } else { "blocked" });
    }
    let name = match (has(old, "end"), has(Some(new), "end"), has(old, "del"), has(Some(new), "del")) {
        (false, true, ..) => "closed",
        (true, true, ..) if new["gone"].is_object() && !has(old, "gone") => "gone",
        (_, false, false, true) => "deletion asked",
        (_, false, true, false) => "deletion stopped",
        _ => return Vec::new(),
    };
    find("cabinet", name)
}

fn rights(old: Option<&Value>, new: &Value) -> Vec<&'static str> {
    let grants =
        |item: Option<&Value>| item.and_then(|item| item["gr"]["L"].as_array().cloned()).unwrap_or_default();
    let before = grants(old);
    let changed = |grant: &&Value| {
        let was = before.iter().find(|was| was["M"]["id"] == grant["M"]["id"]);
        was.is_none_or(|was| was["M"]["st"] != grant["M"]["st"])
    };
    let name = |grant: &Value| match grant["M"]["st"]["S"].as_str() {
        Some("waiting") => "asked".to_owned(),
        Some("ended") if grant["M"]["en"]["L"][0]["S"] == "term" => "over by its date".to_owned(),
        other => other.unwrap_or_default().to_owned(),
    };
    grants(Some(new)).iter().filter(changed).flat_map(|grant| find("right", &name(grant))).collect()
}

fn find(kind: &str, name: &str) -> Vec<&'static str> {
    let wanted = format!("{kind}: {name}");
    EDGES.into_iter().filter(|edge| *edge == wanted).collect()
}

fn page(old: Option<&Value>, new: &Value) -> Option<&'static str> {
    let count = |item: Option<&Value>, set: &str| {
        item.and_then(|item| item[set]["NS"].as_array()).map_or(0, Vec::len)
    };
    let (taken, freed) = (count(Some(new), "t"), count(Some(new), "f"));
    let (was_taken, was_freed) = (count(old, "t"), count(old, "f"));
    match (taken.cmp(&was_taken), freed.cmp(&was_freed)) {
        (std::cmp::Ordering::Greater, _) => Some("page: take"),
        (_, std::cmp::Ordering::Greater) => Some("page: free"),
        (std::cmp::Ordering::Equal, std::cmp::Ordering::Less) => Some("page: offer"),
        (std::cmp::Ordering::Less, _) => Some("page: release"),
        _ => None,
    }
}
