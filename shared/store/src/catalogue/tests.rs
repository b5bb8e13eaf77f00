//! One good directory, spoiled in one place at a time; then the real files.

use super::{CatalogueErrors, Problem, load};
use chrono::{NaiveDate, Offset, TimeZone, Weekday};
use domain::catalogue::{Catalogue, FieldKind, SpecialDay, Way};
use domain::cells::CellRange;
use std::path::Path;

const REGIONS: &str = r#"
regions = [{ id = "RU-MOW", name = { ru = "Москва", en = "Moscow" }, zone = "Europe/Moscow" }]
"#;
const TOWNS: &str = r#"
towns = [{ id = "moscow", region = "RU-MOW", latitude = 55.75, longitude = 37.62, name = { ru = "Москва", en = "Moscow" } }]
"#;
const AGENCIES: &str = r#"
agencies = [{ id = "social", region = "RU-MOW", name = { ru = "Соцзащита", en = "Social" } }]
"#;
const SERVICES: &str = r#"
[group]
synonyms = ["соцзащита"]
[documents]
passport = { ru = "Паспорт", en = "Passport" }
[[categories]]
id = "family"
name = { ru = "Семья", en = "Family" }
synonyms = ["дети"]
[[services]]
id = "benefit"
category = "family"
name = { ru = "Пособие", en = "Benefit" }
summary = { ru = "Выплата", en = "Payment" }
kind = "application"
duration_min = 30
term_days = 10
documents = [{ document = "passport", original = true }]
[[services.fields]]
name = "children"
label = { ru = "Детей", en = "Children" }
kind = "number"
min = 1
max = 20
[[services]]
id = "advice"
category = "family"
name = { ru = "Совет", en = "Advice" }
summary = { ru = "Совет", en = "Advice" }
kind = "consultation"
way = "video"
duration_min = 15
term_days = 0
"#;
const HOLIDAYS: &str = r#"
days = [
  { on = "2027-02-20", is = "working", as = "mon" },
  { on = "2027-02-23", is = "holiday" },
  { on = "2027-04-30", is = "short" },
]
"#;
const OFFICE: &str = r#"
id = "centre"
agency = "social"
name = { ru = "Центр", en = "Centre" }
address = { ru = "Улица, 1", en = "1 Street" }
route = { ru = "Метро", en = "Metro" }
accessible = true
phone = "+74951234567"
zone = "Europe/Moscow"
latitude = 55.75
longitude = 37.6
[[closures]]
on = "2026-12-11"
hours = "16:00-18:00"
reason = { ru = "Учения", en = "Drill" }
[[windows]]
id = "a"
letter = "А"
services = ["benefit"]
[[windows.limited]]
service = "advice"
weekdays = ["tue"]
dates = ["2026-12-01"]
[[windows.plans]]
mon = ["09:00-13:00", "14:00-18:00"]
[[windows.changes]]
on = "2026-12-05"
hours = []
"#;

/// A good directory with one text of one file replaced; the text must be there.
fn loaded(file: &str, from: &str, to: &str) -> Result<Catalogue, CatalogueErrors> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("offices")).unwrap();
    let files = [
        ("regions.toml", REGIONS),
        ("agencies.toml", AGENCIES),
        ("services.toml", SERVICES),
        ("towns.toml", TOWNS),
        ("holidays.toml", HOLIDAYS),
        ("offices/centre.toml", OFFICE),
    ];
    for (name, text) in files {
        assert!(name != file || text.contains(from), "{file} has no {from}");
        let text = if name == file { text.replacen(from, to, 1) } else { text.to_owned() };
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    load(dir.path())
}

/// The one mistake after a replacement, as it is printed.
fn mistake(file: &str, from: &str, to: &str) -> String {
    let errors = loaded(file, from, to).unwrap_err();
    let printed = errors.to_string();
    assert_eq!(errors.as_slice().len(), 1, "{printed}");
    errors.as_slice()[0].to_string()
}

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_good_directory_becomes_the_catalogue() {
    let catalogue = loaded("", "", "").unwrap();
    let office = &catalogue.offices[&"centre".parse().unwrap()];
    assert_eq!(office.region.as_str(), "RU-MOW");
    assert_eq!(office.zone, chrono_tz::Europe::Moscow);
    assert!(office.no_show, "absence counts unless switched off");
    assert_eq!(office.closures[0].cells, CellRange::new(192, 216));

    let window = &office.windows[0];
    let hours = |from, to| CellRange::new(from, to).unwrap();
    assert_eq!(window.plans[0].days[0], [hours(108, 156), hours(168, 216)]);
    assert!(window.plans[0].days[1..].iter().all(Vec::is_empty));
    assert_eq!(window.changes[&on("2026-12-05")], []);
    assert_eq!(window.services[0].weekdays, None);
    assert_eq!(window.services[1].weekdays.as_deref(), Some(&[Weekday::Tue][..]));
    assert_eq!(window.services[1].dates.as_deref(), Some(&[on("2026-12-01")][..]));

    let benefit = &catalogue.services[&"benefit".parse().unwrap()];
    assert_eq!((benefit.buffer_min, benefit.lead_min, benefit.horizon_days), (0, 120, 30));
    assert!(benefit.bookable && benefit.way == Way::InPerson);
    assert_eq!(benefit.documents[0].name.ru, "Паспорт");
    assert_eq!(benefit.fields[0].kind, FieldKind::Number { min: 1, max: 20 });
    assert_eq!(catalogue.services[&"advice".parse().unwrap()].way, Way::Video);

    let family = &catalogue.categories[&"family".parse().unwrap()];
    assert_eq!(family.synonyms, ["дети", "соцзащита"], "own words, then those of the whole group");
    assert_eq!(catalogue.calendar.days[&on("2027-02-20")], SpecialDay::WorkingAs(Weekday::Mon));
    assert_eq!(catalogue.calendar.days[&on("2027-02-23")], SpecialDay::Holiday);
    assert_eq!(catalogue.calendar.days[&on("2027-04-30")], SpecialDay::Short);
}

#[test]
fn each_mistake_names_file_place_and_remedy() {
    let centre = "offices/centre.toml";
    let long = "x".repeat(601);
    #[rustfmt::skip]
    let cases: &[(&str, &str, &str, &str, &str)] = &[
        // file, replaced text, its replacement, where, what
        ("regions.toml", "Europe/Moscow", "Europe/Moskva", "regions[RU-MOW].zone", "is not a time zone"),
        ("regions.toml", "\"Москва\"", "\" \"", "regions[RU-MOW].name.ru", "is empty"),
        ("towns.toml", "RU-MOW", "RU-MOV", "towns[moscow].region", "is not in regions.toml"),
        ("towns.toml", "55.75", "155.75", "towns[moscow].latitude", "is out of bounds"),
        ("agencies.toml", "RU-MOW", "RU-SPE", "agencies[social].region", "is not in regions.toml"),
        ("holidays.toml", "2027-02-23", "23.02.2027", "days[23.02.2027].on", "is not a date"),
        ("holidays.toml", "2027-02-23", "2027-02-30", "days[2027-02-30].on", "is not a date"),
        ("holidays.toml", "2027-02-23", "2027-02-20", "days[2027-02-20]", "is there twice"),
        ("holidays.toml", ", as = \"mon\"", "", "days[2027-02-20]", "add as"),
        ("holidays.toml", "\"mon\"", "\"monday\"", "days[2027-02-20].as", "is not a weekday"),
        ("holidays.toml", "\"short\"", "\"short\", as = \"mon\"", "days[2027-04-30].as", "remove `as`"),
        ("services.toml", "duration_min = 30", "duration_min = 32", "services[benefit].duration_min", "not a multiple of 5"),
        ("services.toml", "duration_min = 30", "duration_min = 245", "services[benefit].duration_min", "use 5 to 240"),
        ("services.toml", "duration_min = 30", "duration_min = 0", "services[benefit].duration_min", "use 5 to 240"),
        ("services.toml", "term_days = 10", "term_days = -1", "services[benefit].term_days", "use 0 to 365"),
        ("services.toml", "category = \"family\"", "category = \"famly\"", "services[benefit].category", "is not in services.toml (categories)"),
        ("services.toml", "[[services]]", "[[categories]]\nid = \"family\"\nname = { ru = \"Дети\", en = \"Children\" }\n[[services]]", "categories[family]", "is there twice"),
        ("services.toml", "term_days = 0", "term_days = 0\nkind = \"certificate\"", "", "duplicate key"),
        ("services.toml", "document = \"passport\"", "document = \"pasport\"", "services[benefit].documents[pasport]", "is not in services.toml (documents)"),
        ("services.toml", "en = \"Passport\" }", "en = \"Passport\", textual = true, colour = true }", "documents[passport].textual", "keep `colour` or `textual`"),
        ("services.toml", ", original = true", "", "services[benefit].documents[passport]", "set original, copy or both"),
        ("services.toml", "\"children\"", "\"number of children\"", "services[benefit].fields[number of children].name", "begin with a-z"),
        ("services.toml", "max = 20", "", "services[benefit].fields[children]", "needs min and max"),
        ("services.toml", "max = 20", "max = 0", "services[benefit].fields[children].max", "use 1 to"),
        ("services.toml", "kind = \"number\"", "kind = \"number\"\noptions = []", "services[benefit].fields[children].options", "remove it"),
        ("services.toml", "\"Выплата\"", &format!("\"{long}\""), "services[benefit].summary.ru", "shorten it to 600"),
        (centre, "id = \"centre\"", "id = \"center\"", "id", "name the file `center.toml`"),
        (centre, "id = \"centre\"", "id = \"centre-of-all\"", "id", "use 1 to 12 of the characters"),
        (centre, "\"social\"", "\"sociale\"", "agency", "is not in agencies.toml"),
        (centre, "+74951234567", "8 (495) 123-45-67", "phone", "write it as E.164"),
        (centre, "Europe/Moscow", "MSK", "zone", "is not a time zone"),
        (centre, "55.75", "95.75", "latitude", "use -90 to 90"),
        (centre, "37.6", "nan", "longitude", "use -180 to 180"),
        (centre, "16:00-18:00", "16-18", "closures[2026-12-11].hours", "are not hours"),
        (centre, "id = \"a\"", "id = \"window-1\"", "windows[window-1].id", "use one letter"),
        (centre, "\"А\"", "\"A\"", "windows[a].letter", "is not a queue letter"),
        (centre, "[\"benefit\"]", "[\"benefits\"]", "windows[a].services[1]", "is not in services.toml"),
        (centre, "[\"benefit\"]", "[\"benefit\"]\nposts = [{ specialist = \"nobody\" }]", "windows[a].posts[1].specialist", "add them under [[specialists]]"),
        (centre, "[\"benefit\"]", "[\"benefit\"]\nposts = [{ valid_from = \"2027-01-02\", valid_to = \"2027-01-01\" }]", "windows[a].posts[1]", "swap valid_from and valid_to"),
        (centre, "[\"benefit\"]", "[\"benefit\"]\nkept = [{ for = \"operators\", hours = [\"09:00-10:00\"], release_h = 800 }]", "windows[a].kept[1].release_h", "use 0 to 744"),
        (centre, "[\"benefit\"]", "[\"benefit\"]\nkept = [{ for = \"operators\", hours = [], release_h = 8 }]", "windows[a].kept[1].hours", "give at least one"),
        (centre, "[\"benefit\"]", "[\"benefit\"]\nkept = [{ for = \"friends\", hours = [\"09:00-10:00\"], release_h = 8 }]", "", "unknown variant `friends`"),
        (centre, "[[closures]]", "[[announcements]]\nfrom = \"2026-12-02\"\nto = \"2026-12-01\"\ntext = { ru = \"Лифт\", en = \"Lift\" }\n[[closures]]", "announcements[1]", "swap from and to"),
        (centre, "\"advice\"", "\"benefit\"", "windows[a].limited[benefit].service", "is there twice"),
        (centre, "[\"tue\"]", "[\"вт\"]", "windows[a].limited[advice].weekdays[1]", "is not a weekday"),
        (centre, "[\"tue\"]", "[]", "windows[a].limited[advice].weekdays", "give at least one"),
        (centre, "14:00-18:00", "14:02-18:00", "windows[a].plans[1].mon[2]", "off the five-minute grid"),
        (centre, "14:00-18:00", "12:00-18:00", "windows[a].plans[1].mon[2]", "overlaps or touches"),
        (centre, "14:00-18:00", "13:00-18:00", "windows[a].plans[1].mon[2]", "overlaps or touches"),
        (centre, "14:00-18:00", "18:00-14:00", "windows[a].plans[1].mon[2]", "ends before it begins"),
        (centre, "14:00-18:00", "14:00-24:05", "windows[a].plans[1].mon[2]", "no later than 24:00"),
        (centre, "14:00-18:00", "14:00-18:0é", "windows[a].plans[1].mon[2]", "are not hours"),
        (centre, "mon =", "valid_from = \"2027-01-02\"\nvalid_to = \"2027-01-01\"\nmon =", "windows[a].plans[1]", "swap valid_from and valid_to"),
        (centre, "hours = []", "hours = []\n[[windows.changes]]\non = \"2026-12-05\"\nhours = []", "windows[a].changes[2026-12-05]", "is there twice"),
    ];
    for (file, from, to, place, remedy) in cases {
        let told = mistake(file, from, to);
        let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
        assert!(told.starts_with(&format!("{file}: {place}")), "{told}");
        assert!(told.contains(remedy), "{told} should say «{remedy}»");
    }
}

#[test]
fn windows_of_an_office_differ_in_id_and_letter() {
    let (_, window) = OFFICE.split_once("[[windows]]").unwrap();
    let twice = format!("[[windows]]{window}[[windows]]");
    let errors = loaded("offices/centre.toml", "[[windows]]", &twice).unwrap_err();
    let places: Vec<&str> = errors.as_slice().iter().map(|error| error.path.as_str()).collect();
    assert_eq!(places, ["windows[a].id", "windows[a].letter"]);
}

#[test]
fn an_unknown_key_and_a_missing_one_are_told_with_their_lines() {
    let told = mistake("offices/centre.toml", "accessible", "acessible");
    assert!(told.contains("acessible") && told.contains("line 7"), "{told}");
    let told = mistake("regions.toml", ", zone = \"Europe/Moscow\"", "");
    assert!(told.contains("missing field `zone`"), "{told}");
    assert!(mistake("holidays.toml", "days = [", "days = ").starts_with("holidays.toml: "));
}

#[test]
fn an_entry_with_a_mistake_is_not_called_unknown_where_it_is_referred_to() {
    // One mistake each, though agencies, windows and offices refer to what is faulty.
    mistake("regions.toml", "Europe/Moscow", "Moscow");
    mistake("services.toml", "duration_min = 30", "duration_min = 31");
    mistake("services.toml", "[group]", "[grupp]");
    mistake("agencies.toml", "agencies", "agency");
}

#[test]
fn all_mistakes_are_told_at_once() {
    let broken = OFFICE.replace("Europe/Moscow", "MSK").replace("+7495", "8495").replace("13:00", "13:01");
    let errors = loaded("offices/centre.toml", OFFICE, &broken).unwrap_err();
    assert_eq!(errors.as_slice().len(), 3, "{errors}");
    assert!(errors.to_string().starts_with("the data files have 3 mistakes\n  offices/centre.toml: "));
}

#[test]
fn an_empty_directory_names_every_file_that_must_be_there() {
    let dir = tempfile::tempdir().unwrap();
    let errors = load(dir.path()).unwrap_err();
    let files: Vec<&str> = errors.as_slice().iter().map(|error| error.file.as_str()).collect();
    assert_eq!(
        files,
        ["regions.toml", "towns.toml", "agencies.toml", "services.toml", "holidays.toml", "offices"]
    );
    assert!(errors.as_slice().iter().all(|error| matches!(error.problem, Problem::Unreadable(_))));
}

#[test]
fn the_real_files_load() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/data");
    let catalogue = load(&dir).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(catalogue.regions.len(), 83, "ISO 3166-2:RU");
    assert_eq!(catalogue.categories.len(), 5);
    assert!(catalogue.offices.len() >= 18);
    assert!(catalogue.regions.keys().all(|id| catalogue.towns.values().any(|town| town.region == *id)));
    // Where the source and the offices' files tell of the same town, they agree: every office lies in or near some town.
    let far = |office: &&domain::catalogue::Office| {
        let near = |town: &domain::catalogue::Town| {
            (town.latitude - office.latitude).abs() < 0.3 && (town.longitude - office.longitude).abs() < 0.5
        };
        !catalogue.towns.values().any(|town| town.region == office.region && near(town))
    };
    assert_eq!(catalogue.offices.values().find(far).map(|office| &office.id), None);
    for category in catalogue.categories.keys() {
        let services = catalogue.services.values().filter(|service| service.category == *category).count();
        assert!(services >= 3, "{category}");
    }
    for (id, service) in catalogue.services.iter().filter(|(_, service)| service.bookable) {
        let receives = |office: &&domain::catalogue::Office| {
            office.windows.iter().any(|window| window.services.iter().any(|offered| offered.service == *id))
        };
        assert!(catalogue.offices.values().find(receives).is_some(), "nobody receives for {}", service.id);
    }
    for year in [2026, 2027] {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        assert_eq!(catalogue.calendar.days[&first], SpecialDay::Holiday);
    }
    // The eleven zones of Russia, told apart by their hours from UTC, which do not change in summer.
    let winter = on("2026-12-01").and_hms_opt(0, 0, 0).unwrap();
    let offsets: std::collections::BTreeSet<i32> = catalogue
        .offices
        .values()
        .map(|office| office.zone.offset_from_utc_datetime(&winter).fix().local_minus_utc() / 3600)
        .collect();
    assert_eq!(offsets, (2..=12).collect());
}
