//! What is shown is what can be had (AVL-1): on schedules that were drawn, in all eleven zones, by people who hold things,
//! give them up and are paused for it.

use chrono::{DateTime, Datelike, TimeDelta};
use domain::catalogue::Share;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use tests::{Citizen, World, booking};

const ZONES: [&str; 11] = [
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Novosibirsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
];
const SERVICES: [(&str, u32, u32); 3] = [("short", 20, 5), ("half", 30, 0), ("long", 45, 10)];
const PEOPLE: usize = 4;
/// Requests at each office.
const TRIES: usize = 40;

/// Hours of a day, in minutes at multiples of five.
type Hours = (u32, u32);

/// A window: its hours of two weekdays in turn, which services it does not receive, and what it keeps: for whom, when, until
/// how many hours before.
type Window = ([Hours; 2], usize, Option<(Share, Hours, u32)>);

/// What somebody does: who, for what, on which date in December, whether of what is shown, which of it or at which minute,
/// and whether something is given up before.
type Try = (usize, usize, u32, bool, u32, bool);

fn hours() -> impl Strategy<Value = Hours> {
    (96u32..150, 8u32..40).prop_map(|(from, length)| (from * 5, (from + length) * 5))
}

fn window() -> impl Strategy<Value = Window> {
    let share = prop_oneof![Just(Share::Operators), Just(Share::Emergencies)];
    ([hours(), hours()], 0usize..4, proptest::option::of((share, hours(), 0u32..200)))
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (0..PEOPLE, 0..SERVICES.len(), 7u32..12, any::<bool>(), 0u32..150, prop::bool::weighted(0.15));
    vec(one, TRIES)
}

fn clock((from, to): Hours) -> String {
    format!("{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
}

fn office(n: usize, windows: &[Window]) -> String {
    let mut file = format!(
        r#"id = "office-{n}"
agency = "msk"
name = {{ ru = "Отделение", en = "Office" }}
address = {{ ru = "Улица", en = "Street" }}
route = {{ ru = "Рядом", en = "Near" }}
accessible = true
phone = "+74951234567"
zone = "{}"
latitude = 55.75
longitude = 37.60
"#,
        ZONES[n]
    );
    for (at, (hours, without, kept)) in windows.iter().enumerate() {
        let received: Vec<&str> =
            SERVICES.iter().enumerate().filter(|(n, _)| n != without).map(|(_, (id, ..))| *id).collect();
        let (id, letter) = [("a", "А"), ("b", "Б")][at];
        let _ = writeln!(file, "[[windows]]\nid = \"{id}\"\nletter = \"{letter}\"\nservices = {received:?}");
        if let Some((share, hours, before)) = kept {
            let share = if *share == Share::Operators { "operators" } else { "emergencies" };
            let hours = clock(*hours);
            let _ = writeln!(
                file,
                "kept = [{{ for = \"{share}\", hours = [\"{hours}\"], release_h = {before} }}]"
            );
        }
        let _ = writeln!(file, "[[windows.plans]]");
        for (n, day) in ["mon", "tue", "wed", "thu", "fri"].into_iter().enumerate() {
            let _ = writeln!(file, "{day} = [\"{}\"]", clock(hours[n % 2]));
        }
    }
    file
}

fn write(dir: &Path, offices: &[Vec<Window>]) {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue");
    for same in ["regions.toml", "towns.toml", "agencies.toml", "holidays.toml"] {
        std::fs::copy(own.join(same), dir.join(same)).unwrap();
    }
    let mut services = String::from(
        "[group]\nsynonyms = []\n[documents]\n[[categories]]\nid = \"other\"\nname = { ru = \"Другое\", en = \"Other\" }\nsynonyms = []\n",
    );
    for (id, duration, buffer) in SERVICES {
        let _ = write!(
            services,
            "[[services]]\nid = \"{id}\"\ncategory = \"other\"\nname = {{ ru = \"Приём\", en = \"Visit\" }}\nsummary = {{ ru = \"Приём\", en = \"Visit\" }}\nsynonyms = []\nkind = \"consultation\"\nduration_min = {duration}\nbuffer_min = {buffer}\nterm_days = 1\ndocuments = []\n"
        );
    }
    std::fs::write(dir.join("services.toml"), services).unwrap();
    std::fs::create_dir(dir.join("offices")).unwrap();
    for (n, windows) in offices.iter().enumerate() {
        std::fs::write(dir.join(format!("offices/office-{n}.toml")), office(n, windows)).unwrap();
    }
}

/// What happened, counted: so that the test says that it saw enough.
#[derive(Debug, Default)]
struct Seen {
    booked: u32,
    moved: u32,
    refused: BTreeMap<String, u32>,
    cancelled: u32,
}

/// One try: what the day shows to somebody, and whether a start can be had, must agree.
async fn attempt(world: &World, who: &Citizen, office: usize, one: &Try, seen: &mut Seen) {
    let (_, service, day, of_shown, at, gives_up) = *one;
    let service = SERVICES[service].0;
    let mine = world.get_as(who, "/v1/appointments?limit=50").await.expect(200);
    let items = mine.body["items"].as_array().cloned().unwrap_or_default();
    let coming: Vec<&Value> = items.iter().filter(|item| item["phase"] == "planned").collect();
    let id = |item: &Value| item["id"].as_str().unwrap_or_default().to_owned();
    if let (true, Some(held)) = (gives_up, coming.first()) {
        world.post_as(who, &format!("/v1/appointments/{}/cancel", id(held)), json!({})).await.expect(200);
        world.settle().await;
        seen.cancelled += 1;
        return;
    }
    let path = format!("/v1/offices/office-{office}/slots?serviceId={service}&date=2026-12-{day:02}");
    let slots = world.get_as(who, &path).await.expect(200);
    let instant = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
    let shown: Vec<_> = slots.body["slots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| instant(slot["startsAt"].as_str().unwrap()))
        .collect();
    let starts_at = if of_shown && !shown.is_empty() {
        shown[at as usize % shown.len()]
    } else {
        // Any five minutes between seven in the morning and half past seven in the evening.
        let zone: chrono_tz::Tz = ZONES[office].parse().unwrap();
        let local = chrono::NaiveDate::from_ymd_opt(2026, 12, day).unwrap().and_hms_opt(7, 0, 0).unwrap();
        let at = (local + TimeDelta::minutes(i64::from(at) * 5)).and_local_timezone(zone).unwrap();
        assert!(at.weekday().number_from_monday() <= 5);
        at.fixed_offset()
    };
    let held = coming.iter().find(|item| item["service"]["id"] == service);
    let asked_at = starts_at.to_rfc3339();
    let answer = match held {
        Some(held) => {
            let to = json!({ "officeId": format!("office-{office}"), "startsAt": asked_at });
            world.post_as(who, &format!("/v1/appointments/{}/reschedule", id(held)), to).await
        }
        None => {
            let office = format!("office-{office}");
            world.post_as(who, "/v1/appointments", booking(&office, service, &asked_at)).await
        }
    };
    world.settle().await;
    let had = matches!(answer.status, 200 | 201);
    assert_eq!(
        shown.contains(&starts_at),
        had,
        "{service} at office-{office} {asked_at}, held {held:?}: {}\nshown: {}",
        answer.raw,
        slots.raw
    );
    match (had, held) {
        (true, None) => seen.booked += 1,
        (true, Some(_)) => seen.moved += 1,
        (false, _) => *seen.refused.entry(answer.problem()).or_default() += 1,
    }
}

#[tokio::test]
async fn every_start_that_is_shown_can_be_had_and_no_other() {
    let mut runner = TestRunner::deterministic();
    let offices: Vec<Vec<Window>> =
        (0..ZONES.len()).map(|_| vec(window(), 2).new_tree(&mut runner).unwrap().current()).collect();
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &offices);
    let world = World::of("2026-12-04T12:00:00+03:00", dir.path()).await;
    let mut people = Vec::new();
    for _ in 0..PEOPLE {
        people.push(world.citizen().await);
    }
    let mut seen = Seen::default();
    for office in 0..ZONES.len() {
        for one in tries().new_tree(&mut runner).unwrap().current() {
            attempt(&world, &people[one.0], office, &one, &mut seen).await;
        }
    }
    println!("{seen:?}");
    let refused = |code: &str| seen.refused.get(code).copied().unwrap_or(0);
    assert!(seen.booked > 20 && seen.moved > 20 && seen.cancelled > 10, "{seen:?}");
    assert!(refused("slot-not-offered") > 20 && refused("slot-taken") > 0, "{seen:?}");
}
