//! Finding a service by words, an office far away, and what is free near by.

use super::StoryError;
use super::cast::Who::Anna;
use super::ledger::Operation;
use super::plan::{ANADYR, SERVICE, TAGANKA, december, thursday, wire};
use super::show::{clock, member};
use super::stage::Stage;
use crate::visitor::{Answer, Ask};
use chrono_tz::Tz;
use serde_json::Value;
use std::collections::BTreeMap;

/// Where Anna lives, in degrees.
const HOME: &str = "55.7318,37.6705";

pub async fn play(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    stage.until(december(1, 10, 5)).await;
    stage.scene_in_moscow("Finding a service");
    service(stage).await?;
    stage.scene("An office far away", "Anadyr", Tz::Asia__Anadyr);
    far_away(stage).await?;
    stage.scene_in_moscow("What is free near by");
    near_by(stage).await?;
    calendar(stage).await?;
    day(stage).await
}

fn query(path: &str, pairs: &[(&str, &str)]) -> String {
    let written = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{path}?{written}")
}

async fn service(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let slip = stage.cast.words.slip.clone();
    let found = stage.open(&query("/v1/services", &[("q", &slip)])).await;
    let found = stage.need("a search", 200, found)?;
    stage.must("the first service found", found.text("/items/0/id"), SERVICE);
    stage.tell(format!("Anna looks for «{slip}», a letter short → «{}»", found.text("/items/0/name")));
    let service = stage.open(&format!("/v1/services/{SERVICE}")).await;
    let service = stage.need("a service", 200, service)?;
    stage.tell(format!("«{}»", service.text("/summary")));
    stage.tell(format!(
        "A visit takes {} minutes, the result {} working days. The form asks for «{}». To bring:",
        service.body["durationMinutes"],
        service.body["termDays"],
        service.text("/fields/0/label"),
    ));
    for need in service.list("/documents") {
        let condition =
            need["condition"].as_str().map(|condition| format!(" ({condition})")).unwrap_or_default();
        stage.page.paragraph(6, &format!("– {}{condition}", member(need, "name")));
    }
    Ok(())
}

/// Her sister lives in another time zone.
async fn far_away(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let found = stage.open(&query("/v1/offices", &[("region", "RU-CHU"), ("service", SERVICE)])).await;
    let found = stage.need("offices of a region", 200, found)?;
    stage.must("offices in Chukotka", found.list("/items").len(), 1);
    stage.must("the office in Chukotka", found.text("/items/0/id"), ANADYR);
    stage.must("its zone", found.text("/items/0/zone"), Tz::Asia__Anadyr);
    let (name, address) = (found.text("/items/0/name"), found.text("/items/0/address"));
    stage.tell(format!("Her sister in Chukotka asks her to look there too: «{name}», {address}."));
    let ask = Ask::get(format!("/v1/offices/{ANADYR}/slots?serviceId={SERVICE}&date=2026-12-03"));
    let free = stage.counted(Operation::Day, 200, ask).await?;
    stage.must("its first slot on Thursday", free.text("/slots/0/startsAt"), "2026-12-03T09:00:00+12:00");
    stage.tell(format!(
        "The first free time on Thursday, by the clocks there: {}.",
        free.text("/slots/0/text")
    ));
    Ok(())
}

async fn near_by(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let pairs = [("region", "RU-MOW"), ("service", SERVICE), ("near", HOME)];
    let found = stage.open(&query("/v1/offices", &pairs)).await;
    let found = stage.need("offices near by", 200, found)?;
    stage.must("the nearest office", found.text("/items/0/id"), TAGANKA);
    stage.tell("For herself, the nearest first:");
    for office in found.list("/items") {
        let (name, address) = (member(office, "name"), member(office, "address"));
        stage.page.paragraph(6, &format!("– {name}, {address}, {} km", office["kilometres"]));
    }
    Ok(())
}

async fn calendar(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let ask = Ask::get(format!("/v1/offices/{TAGANKA}/calendar?serviceId={SERVICE}&month=2026-12"));
    let month = stage.counted(Operation::Calendar, 200, stage.signed(Anna, ask)).await?;
    stage.tell(format!("December at {}:", month.text("/office/name")));
    let mut free = Vec::new();
    let mut shut: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for day in month.list("/days") {
        let date = member(day, "date").get(8..).unwrap_or_default();
        match day["free"].as_u64() {
            Some(count) if count > 0 => free.push(format!("{date}: {count}")),
            _ => shut.entry(member(day, "text")).or_default().push(date),
        }
    }
    stage.page.paragraph(6, &format!("free times by day – {}", free.join("; ")));
    for (why, dates) in &shut {
        stage.page.paragraph(6, &format!("«{why}» – {}", dates.join(", ")));
    }
    let reason = |date: &str| {
        let found = month.list("/days").iter().find(|day| member(day, "date") == date);
        found.map_or(Value::Null, |day| day["reason"].clone())
    };
    stage.must("a Sunday", reason("2026-12-06"), Value::from("closed"));
    stage.must("New Year's Eve", reason("2026-12-31"), Value::from("holiday"));
    stage.must("a free day", reason("2026-12-03"), Value::Null);
    Ok(())
}

async fn day(stage: &mut Stage<'_>) -> Result<(), StoryError> {
    let ask =
        Ask::get(format!("/v1/offices/{TAGANKA}/slots?serviceId={SERVICE}&date=2026-12-03&part=morning"));
    let free = stage.counted(Operation::DaySignedIn, 200, stage.signed(Anna, ask)).await?;
    let starts: Vec<String> =
        free.list("/slots").iter().map(|slot| clock(member(slot, "startsAt"))).collect();
    stage.must_say("Thursday morning", &starts.join(", "), &clock(&wire(thursday())));
    let times: Vec<&str> = starts.iter().filter_map(|start| start.split(' ').nth(1)).collect();
    stage.tell(format!("Thursday the 3rd, in the morning: {}.", times.join(", ")));
    Ok(())
}

/// A day's slots, as anybody sees them.
pub async fn day_of(stage: &mut Stage<'_>, office: &str, date: &str) -> Result<Answer, StoryError> {
    let free = stage.open(&format!("/v1/offices/{office}/slots?serviceId={SERVICE}&date={date}")).await;
    stage.need("a day's slots", 200, free)
}

/// Whether anybody could book this start now.
pub async fn is_offered(stage: &mut Stage<'_>, office: &str, start: &str) -> Result<bool, StoryError> {
    let free = day_of(stage, office, start.get(..10).unwrap_or_default()).await?;
    Ok(free.list("/slots").iter().any(|slot| slot["startsAt"] == start))
}
