//! The files' own shapes, as an administrator writes them. An unknown key is a mistake.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    pub ru: String,
    pub en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Regions {
    pub regions: Vec<Region>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Region {
    pub id: String,
    pub name: Text,
    pub zone: String,
    #[serde(default = "yes")]
    pub policy: bool,
    #[serde(default)]
    pub announcements: Vec<Announcement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Towns {
    pub towns: Vec<Town>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Town {
    pub id: String,
    pub region: String,
    pub name: Text,
    pub latitude: f64,
    pub longitude: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Agencies {
    pub agencies: Vec<Agency>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Agency {
    pub id: String,
    pub region: String,
    pub name: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Holidays {
    pub days: Vec<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Day {
    pub on: String,
    pub is: DayKind,
    #[serde(rename = "as")]
    pub like: Option<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum DayKind {
    Holiday,
    Working,
    Short,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Office {
    pub id: String,
    pub agency: String,
    pub name: Text,
    pub address: Text,
    pub route: Text,
    pub parking: Option<Text>,
    #[serde(default)]
    pub walk_in: bool,
    pub accessible: bool,
    pub phone: String,
    pub video_room: Option<String>,
    pub zone: String,
    pub latitude: f64,
    pub longitude: f64,
    #[serde(default = "yes")]
    pub no_show: bool,
    #[serde(default)]
    pub closures: Vec<Closure>,
    #[serde(default)]
    pub announcements: Vec<Announcement>,
    #[serde(default)]
    pub specialists: Vec<Specialist>,
    pub windows: Vec<Window>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Specialist {
    pub id: String,
    pub name: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Announcement {
    pub from: String,
    /// Included; the same date by default.
    pub to: Option<String>,
    pub text: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Closure {
    pub on: String,
    pub hours: Option<String>,
    pub windows: Option<Vec<String>>,
    pub reason: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Window {
    pub id: String,
    pub letter: String,
    /// Received on any working day.
    #[serde(default)]
    pub services: Vec<String>,
    /// Received on some days only.
    #[serde(default)]
    pub limited: Vec<Limited>,
    pub plans: Vec<Plan>,
    #[serde(default)]
    pub changes: Vec<Change>,
    #[serde(default)]
    pub posts: Vec<Post>,
    #[serde(default)]
    pub kept: Vec<Kept>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    #[serde(rename = "for")]
    pub share: Share,
    pub hours: Vec<String>,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    pub weekdays: Option<Vec<String>>,
    pub release_h: i64,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Share {
    Operators,
    Emergencies,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Post {
    pub specialist: Option<String>,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    pub weekdays: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limited {
    pub service: String,
    pub weekdays: Option<Vec<String>>,
    pub dates: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    #[serde(default)]
    pub mon: Vec<String>,
    #[serde(default)]
    pub tue: Vec<String>,
    #[serde(default)]
    pub wed: Vec<String>,
    #[serde(default)]
    pub thu: Vec<String>,
    #[serde(default)]
    pub fri: Vec<String>,
    #[serde(default)]
    pub sat: Vec<String>,
    #[serde(default)]
    pub sun: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    pub on: String,
    pub hours: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Services {
    pub group: Group,
    /// Names of documents, by a short key that services refer to.
    pub documents: std::collections::BTreeMap<String, Document>,
    pub categories: Vec<Category>,
    pub services: Vec<Service>,
}

/// A kind of document, and what its file must be like.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub ru: String,
    pub en: String,
    #[serde(default)]
    pub paper: Paper,
    /// Its signature shows in colour only.
    #[serde(default)]
    pub colour: bool,
    /// A text will do: DOC and DOCX.
    #[serde(default)]
    pub textual: bool,
    #[serde(default = "ten")]
    pub pages: i64,
    pub valid_days: Option<i64>,
}

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Paper {
    #[default]
    A4,
    PassportSpread,
}

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "kebab-case")]
pub(super) enum FilesBy {
    #[default]
    Booking,
    Visit,
    Never,
}

/// Words for the whole field; every category is found by them too (CAT-1).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub synonyms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Category {
    pub id: String,
    pub name: Text,
    #[serde(default)]
    pub synonyms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    pub id: String,
    pub category: String,
    pub name: Text,
    pub summary: Text,
    #[serde(default)]
    pub synonyms: Vec<String>,
    pub kind: Kind,
    #[serde(default)]
    pub way: Way,
    pub duration_min: i64,
    #[serde(default)]
    pub buffer_min: i64,
    pub term_days: i64,
    #[serde(default = "two_hours")]
    pub lead_min: i64,
    #[serde(default = "thirty")]
    pub horizon_days: i64,
    #[serde(default = "yes")]
    pub bookable: bool,
    #[serde(default = "yes")]
    pub policy: bool,
    #[serde(default)]
    pub eligibility: bool,
    #[serde(default)]
    pub signature: bool,
    #[serde(default)]
    pub documents: Vec<Need>,
    #[serde(default)]
    pub files_by: FilesBy,
    #[serde(default)]
    pub fields: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Certificate,
    Consultation,
    Application,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Way {
    #[default]
    InPerson,
    ByPhone,
    Video,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Need {
    pub document: String,
    #[serde(default)]
    pub original: bool,
    #[serde(default)]
    pub copy: bool,
    pub condition: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    pub name: String,
    pub label: Text,
    #[serde(default)]
    pub required: bool,
    pub kind: FieldKind,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub options: Option<Vec<Choice>>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub(super) enum FieldKind {
    Text,
    Choice,
    Date,
    Number,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    pub value: String,
    pub label: Text,
}

fn yes() -> bool {
    true
}

/// AVL-2.
fn two_hours() -> i64 {
    120
}

/// AVL-2.
fn ten() -> i64 {
    10
}

fn thirty() -> i64 {
    30
}
