//! A window's hours and services.

use super::problem::Problem;
use super::report::{At, Report};
use super::{Declared, read, wire};
use chrono::{NaiveDate, TimeDelta};
use domain::catalogue::{Dates, Kept, Post, Service, Share, Specialist, WeekPlan, Window, WindowService};
use domain::cells::CellRange;
use domain::{ServiceId, WindowId};
use std::collections::BTreeMap;

/// Bounds of a window's lists.
const PLANS_MAX: usize = 12;
const CHANGES_MAX: usize = 366;
const SERVICES_MAX: usize = 100;
const DATES_MAX: usize = 366;
const POSTS_MAX: usize = 366;
const KEPT_MAX: usize = 50;
/// Hours before the time itself at which what is kept is given to everybody, at most: a month.
const RELEASE_MAX_H: i64 = 31 * 24;

type Services<'a> = Option<&'a Declared<ServiceId, Service>>;

pub(super) fn convert(
    report: &mut Report,
    at: &At<'_>,
    wire: wire::Window,
    services: Services<'_>,
    specialists: &[Specialist],
) -> Option<Window> {
    let id = id(report, &at.key("id"), &wire.id);
    letter(report, &at.key("letter"), &wire.letter);
    let plans = plans(report, at, wire.plans);
    let changes = changes(report, at, wire.changes);
    let services = received(report, at, wire.services, wire.limited, services);
    let posts = posts(report, at, wire.posts, specialists);
    let kept = kept(report, at, wire.kept);
    Some(Window { id: id?, letter: wire.letter, plans, changes, services, posts, kept })
}

fn id(report: &mut Report, at: &At<'_>, given: &str) -> Option<WindowId> {
    let fits = matches!(given.as_bytes(), [b'a'..=b'z']);
    let id = given.parse().ok().filter(|_| fits);
    if id.is_none() {
        report.add(at, Problem::WindowLetterId { given: given.to_owned() });
    }
    id
}

fn letter(report: &mut Report, at: &At<'_>, given: &str) {
    let mut letters = given.chars();
    let fits = matches!((letters.next(), letters.next()), (Some('А'..='Я'), None));
    if !fits {
        report.add(at, Problem::QueueLetter { given: given.to_owned() });
    }
}

fn plans(report: &mut Report, at: &At<'_>, given: Vec<wire::Plan>) -> Vec<WeekPlan> {
    let list = at.key("plans");
    read::list(report, &list, given.len(), PLANS_MAX);
    if given.is_empty() {
        report.add(&list, Problem::None);
    }
    given.into_iter().enumerate().map(|(index, plan)| week(report, &list.item(index), plan)).collect()
}

/// The dates between which something holds, both included.
fn validity(
    report: &mut Report,
    at: &At<'_>,
    from: Option<String>,
    to: Option<String>,
) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let mut bound = |key, given: Option<String>| given.and_then(|on| read::date(report, &at.key(key), &on));
    let (from, to) = (bound("valid_from", from), bound("valid_to", to));
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        report.add(at, Problem::Validity);
    }
    (from, to)
}

fn posts(report: &mut Report, at: &At<'_>, given: Vec<wire::Post>, specialists: &[Specialist]) -> Vec<Post> {
    let list = at.key("posts");
    read::list(report, &list, given.len(), POSTS_MAX);
    let mut posts = Vec::with_capacity(given.len());
    for (index, post) in given.into_iter().enumerate() {
        let at = list.item(index);
        let dates = dates(report, &at, post.valid_from, post.valid_to, post.weekdays);
        let found =
            post.specialist.as_ref().map(|given| specialists.iter().find(|one| one.id.as_str() == given));
        if let (Some(None), Some(given)) = (found, &post.specialist) {
            report.add(&at.key("specialist"), Problem::NoSuchSpecialist { given: given.clone() });
        }
        let specialist = found.flatten().map(|one| one.id.clone());
        posts.push(Post { specialist, dates });
    }
    posts
}

fn dates(
    report: &mut Report,
    at: &At<'_>,
    from: Option<String>,
    to: Option<String>,
    weekdays: Option<Vec<String>>,
) -> Dates {
    let (valid_from, valid_to) = validity(report, at, from, to);
    let weekdays = weekdays.map(|given| some_of(report, &at.key("weekdays"), given, read::weekday));
    Dates { valid_from, valid_to, weekdays }
}

fn kept(report: &mut Report, at: &At<'_>, given: Vec<wire::Kept>) -> Vec<Kept> {
    let list = at.key("kept");
    read::list(report, &list, given.len(), KEPT_MAX);
    let each = given.into_iter().enumerate().map(|(index, kept)| {
        let at = list.item(index);
        if kept.hours.is_empty() {
            report.add(&at.key("hours"), Problem::None);
        }
        let release_h = read::number(report, &at.key("release_h"), kept.release_h, 0, RELEASE_MAX_H);
        Kept {
            share: match kept.share {
                wire::Share::Operators => Share::Operators,
                wire::Share::Emergencies => Share::Emergencies,
            },
            hours: read::day_hours(report, &at.key("hours"), &kept.hours),
            dates: dates(report, &at, kept.valid_from, kept.valid_to, kept.weekdays),
            release: TimeDelta::hours(release_h.unwrap_or_default()),
        }
    });
    each.collect()
}

fn week(report: &mut Report, at: &At<'_>, plan: wire::Plan) -> WeekPlan {
    let (valid_from, valid_to) = validity(report, at, plan.valid_from, plan.valid_to);
    let days = [
        ("mon", plan.mon),
        ("tue", plan.tue),
        ("wed", plan.wed),
        ("thu", plan.thu),
        ("fri", plan.fri),
        ("sat", plan.sat),
        ("sun", plan.sun),
    ];
    WeekPlan {
        valid_from,
        valid_to,
        days: days.map(|(key, hours)| read::day_hours(report, &at.key(key), &hours)),
    }
}

fn changes(
    report: &mut Report,
    at: &At<'_>,
    given: Vec<wire::Change>,
) -> BTreeMap<NaiveDate, Vec<CellRange>> {
    read::list(report, &at.key("changes"), given.len(), CHANGES_MAX);
    let mut changes = BTreeMap::new();
    for change in given {
        let at = at.entry("changes", &change.on);
        let hours = read::day_hours(report, &at.key("hours"), &change.hours);
        let Some(on) = read::date(report, &at.key("on"), &change.on) else { continue };
        if changes.insert(on, hours).is_some() {
            report.add(&at, Problem::Duplicate { given: change.on.clone() });
        }
    }
    changes
}

fn received(
    report: &mut Report,
    at: &At<'_>,
    always: Vec<String>,
    limited: Vec<wire::Limited>,
    known: Services<'_>,
) -> Vec<WindowService> {
    let list = at.key("services");
    read::list(report, &list, always.len() + limited.len(), SERVICES_MAX);
    if always.is_empty() && limited.is_empty() {
        report.add(&list, Problem::None);
    }
    let mut services: Vec<WindowService> = Vec::with_capacity(always.len() + limited.len());
    for (index, given) in always.iter().enumerate() {
        if let Some(service) = service(report, &list.item(index), given, &services, known) {
            services.push(WindowService { service, weekdays: None, dates: None });
        }
    }
    for limit in limited {
        let at = at.entry("limited", &limit.service);
        let service = service(report, &at.key("service"), &limit.service, &services, known);
        let weekdays = limit.weekdays.map(|given| some_of(report, &at.key("weekdays"), given, read::weekday));
        let dates = limit.dates.map(|given| some_of(report, &at.key("dates"), given, read::date));
        if let Some(service) = service {
            services.push(WindowService { service, weekdays, dates });
        }
    }
    services
}

/// The service, if it exists and is not among those `before`.
fn service(
    report: &mut Report,
    at: &At<'_>,
    given: &str,
    before: &[WindowService],
    known: Services<'_>,
) -> Option<ServiceId> {
    let id: Option<ServiceId> = given.parse().ok();
    let id = id.filter(|id| known.is_none_or(|all| all.contains_key(id)));
    let Some(id) = id else {
        report.add(at, Problem::Unknown { given: given.to_owned(), file: "services.toml" });
        return None;
    };
    if before.iter().any(|earlier| earlier.service == id) {
        report.add(at, Problem::Duplicate { given: given.to_owned() });
        return None;
    }
    Some(id)
}

/// A limit that names nothing would mean «never»: it is a mistake.
fn some_of<T>(
    report: &mut Report,
    at: &At<'_>,
    given: Vec<String>,
    read_one: fn(&mut Report, &At<'_>, &str) -> Option<T>,
) -> Vec<T> {
    read::list(report, at, given.len(), DATES_MAX);
    if given.is_empty() {
        report.add(at, Problem::None);
    }
    given.iter().enumerate().filter_map(|(index, one)| read_one(report, &at.item(index), one)).collect()
}
