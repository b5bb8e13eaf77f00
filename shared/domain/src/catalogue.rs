//! What exists: regions, agencies, offices with their windows, services, the working calendar.

use crate::cells::CellRange;
use crate::document::FileRules;
use crate::profile::Demand;
use crate::{
    AgencyId, CategoryId, DocumentId, OfficeId, RegionId, ServiceId, SpecialistId, TownId, WindowId,
};
use chrono::{NaiveDate, TimeDelta, Weekday};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// A text that people read, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bilingual {
    pub ru: String,
    pub en: String,
}

/// Everything an administrator keeps in data files; loaded once at start.
#[derive(Debug, Clone)]
pub struct Catalogue {
    pub regions: BTreeMap<RegionId, Region>,
    pub towns: BTreeMap<TownId, Town>,
    pub agencies: BTreeMap<AgencyId, Agency>,
    pub offices: BTreeMap<OfficeId, Office>,
    pub categories: BTreeMap<CategoryId, Category>,
    pub services: BTreeMap<ServiceId, Service>,
    pub calendar: WorkingCalendar,
    /// How often one of the [`Reference`] files was changed in the system; 0 means that they are as they were delivered.
    pub references: u64,
}

/// A file by which every office goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    Regions,
    Agencies,
    Services,
    Holidays,
}

impl Reference {
    /// In the order in which they are read: each names only what those before it declare.
    pub const ALL: [Reference; 4] =
        [Reference::Regions, Reference::Agencies, Reference::Services, Reference::Holidays];

    /// The file's name without its ending.
    pub fn name(self) -> &'static str {
        match self {
            Reference::Regions => "regions",
            Reference::Agencies => "agencies",
            Reference::Services => "services",
            Reference::Holidays => "holidays",
        }
    }
}

/// A subject of the Russian Federation, ISO 3166-2:RU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    pub id: RegionId,
    pub name: Bilingual,
    /// The zone of most of its people; an office has its own.
    pub zone: Tz,
    /// Whether whoever books at its offices is asked for an insurance policy (ACC-12).
    pub policy: Demand,
    /// What the visitors of all its offices are to know (OFC-12).
    pub announcements: Vec<Announcement>,
}

/// A place from which offices are near or far (CAT-3).
#[derive(Debug, Clone, PartialEq)]
pub struct Town {
    pub id: TownId,
    pub region: RegionId,
    pub name: Bilingual,
    /// Degrees, WGS 84.
    pub latitude: f64,
    pub longitude: f64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    pub id: AgencyId,
    pub region: RegionId,
    pub name: Bilingual,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Office {
    pub id: OfficeId,
    pub agency: AgencyId,
    pub region: RegionId,
    pub name: Bilingual,
    pub address: Bilingual,
    /// How to get there (CAT-6).
    pub route: Bilingual,
    /// Where to leave a car, if anything is to be said of it.
    pub parking: Option<Bilingual>,
    /// Whether people are received without an appointment too, where time is left.
    pub walk_in: bool,
    pub accessible: bool,
    /// E.164.
    pub phone: String,
    /// Where its operators wait for a video check, unless they say another room.
    pub video_room: Option<String>,
    pub zone: Tz,
    /// Degrees, WGS 84.
    pub latitude: f64,
    pub longitude: f64,
    /// Whether absence ten minutes after the start becomes «Неявка» (VIS-2).
    pub no_show: bool,
    pub windows: Vec<Window>,
    /// Those who receive under their own names (AVL-8).
    pub specialists: Vec<Specialist>,
    /// Days, or parts of days, on which the office or some of its windows are shut.
    pub closures: Vec<Closure>,
    /// What its visitors are to know, on its page and in messages about visits of those dates (OFC-12).
    pub announcements: Vec<Announcement>,
    /// How often its file was changed in the system; none means that it is as it was delivered.
    pub version: u64,
}

/// One counter; receives one visitor at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub id: WindowId,
    /// The letter of queue numbers, «Б» of «Б-14».
    pub letter: String,
    pub plans: Vec<WeekPlan>,
    /// One-off changes: the hours of that date instead of the plan's; none means shut.
    pub changes: BTreeMap<NaiveDate, Vec<CellRange>>,
    pub services: Vec<WindowService>,
    /// Who receives there and when; of several that hold for a date the last does, so that a replacement is written
    /// after what it replaces.
    pub posts: Vec<Post>,
    /// Hours that not everybody can have.
    pub kept: Vec<Kept>,
}

/// Somebody who receives and can be asked for by name (AVL-8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specialist {
    pub id: SpecialistId,
    pub name: Bilingual,
}

/// The dates between two, both included, on which something holds: on any working day unless narrowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dates {
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub weekdays: Option<Vec<Weekday>>,
}

/// That a specialist receives at a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// None: nobody is named for these days.
    pub specialist: Option<SpecialistId>,
    pub dates: Dates,
}

/// Who can have a window's time: each also what those before can (AVL-6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Share {
    #[default]
    Public,
    /// Who works here, on the phone with somebody.
    Operators,
    /// They, with a reason (OFC-4).
    Emergencies,
}

/// Hours of a window that are kept for a share until some time before they begin (AVL-6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub share: Share,
    pub hours: Vec<CellRange>,
    pub dates: Dates,
    /// So long before each of the hours begins, what is left of it goes to everybody.
    pub release: TimeDelta,
}

/// Weekly hours with the breaks already taken out, valid between two dates, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekPlan {
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    /// From Monday; each day's working intervals in order, not touching.
    pub days: [Vec<CellRange>; 7],
}

/// That a window receives for a service, and when: on any working day unless narrowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowService {
    pub service: ServiceId,
    pub weekdays: Option<Vec<Weekday>>,
    pub dates: Option<Vec<NaiveDate>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    pub on: NaiveDate,
    /// The cells that are shut; none means the whole day.
    pub cells: Option<CellRange>,
    /// The windows that are shut; none means all.
    pub windows: Option<Vec<WindowId>>,
    pub reason: Bilingual,
}

/// A text that stands between two dates, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub text: Bilingual,
}

impl Catalogue {
    /// Whether whoever books a service at an office is asked for an insurance policy.
    pub fn policy(&self, office: &Office, service: &Service) -> Demand {
        let region = self.regions.get(&office.region).map_or(Demand::Asked, |region| region.policy);
        region.and(service.policy)
    }

    /// What visitors of an office are to know: what its region says, then what it says itself.
    pub fn announcements<'a>(&'a self, office: &'a Office) -> impl Iterator<Item = &'a Announcement> {
        let region = self.regions.get(&office.region);
        region.into_iter().flat_map(|region| &region.announcements).chain(&office.announcements)
    }

    /// What whoever comes to an office on a date is to know.
    pub fn announced<'a>(
        &'a self,
        office: &'a Office,
        on: NaiveDate,
    ) -> impl Iterator<Item = &'a Announcement> {
        self.announcements(office).filter(move |one| one.from <= on && on <= one.to)
    }
}

/// A group of services under one heading (CAT-4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    pub id: CategoryId,
    pub name: Bilingual,
    /// Words people use for it.
    pub synonyms: Vec<String>,
    /// The order in which categories are shown.
    pub order: u16,
}

/// What is asked for (the sources' «тип обращения»).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequestKind {
    Certificate,
    Consultation,
    Application,
}

/// How one is received (the sources' «способ получения»).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    InPerson,
    ByPhone,
    Video,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub id: ServiceId,
    pub category: CategoryId,
    pub name: Bilingual,
    pub summary: Bilingual,
    pub synonyms: Vec<String>,
    pub kind: RequestKind,
    pub way: Way,
    /// Minutes, a multiple of 5, 5 to 240: a booking takes all of it in one window (AVL-3).
    pub duration_min: u16,
    /// Minutes kept free after each visit, a multiple of 5.
    pub buffer_min: u16,
    /// Working days until the result.
    pub term_days: u16,
    /// The least time between booking and start, in minutes (AVL-2: two hours).
    pub lead_min: u32,
    /// How many days ahead the calendar opens (AVL-2: 30, rolling at 08:00 office time).
    pub horizon_days: u16,
    pub bookable: bool,
    /// Whether whoever books it is asked for an insurance policy (ACC-12).
    pub policy: Demand,
    /// Whether the state's registry is asked if whoever books it is entitled (BKG-3).
    pub eligibility: Demand,
    /// Whether the application is signed: electronically by whoever books for themselves or for somebody who let them, on paper
    /// where staff do (BKG-8).
    pub signature: Demand,
    pub documents: Vec<DocumentNeed>,
    /// By when the copies among them are to be here as files (DOC-6).
    pub files_by: FilesBy,
    /// Extra typed fields of the application (CAT-5).
    pub fields: Vec<ExtraField>,
}

impl Service {
    /// The documents that are asked for as files: those of which a copy is.
    pub fn files(&self) -> impl Iterator<Item = &DocumentNeed> {
        self.documents.iter().filter(|need| need.copy && self.files_by != FilesBy::Never)
    }
}

/// By when copies are to be here as files (DOC-6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FilesBy {
    /// Before one may book, or wait.
    #[default]
    Booking,
    /// They can be uploaded until one comes, or brought.
    Visit,
    /// One brings them.
    Never,
}

impl FilesBy {
    pub const ALL: [FilesBy; 3] = [FilesBy::Booking, FilesBy::Visit, FilesBy::Never];

    pub fn name(self) -> &'static str {
        match self {
            FilesBy::Booking => "booking",
            FilesBy::Visit => "visit",
            FilesBy::Never => "never",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentNeed {
    pub document: DocumentId,
    pub name: Bilingual,
    /// What its file must be like.
    pub rules: FileRules,
    /// For how many days after its issue it counts; none means for good.
    pub valid_days: Option<u16>,
    pub original: bool,
    pub copy: bool,
    /// Under which condition; none means always.
    pub condition: Option<Bilingual>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraField {
    pub name: String,
    pub label: Bilingual,
    pub required: bool,
    pub kind: FieldKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    Text { max: u16 },
    Choice(Vec<(String, Bilingual)>),
    Date,
    Number { min: i64, max: i64 },
}

/// Public holidays and moved working days of the country.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkingCalendar {
    pub days: BTreeMap<NaiveDate, SpecialDay>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpecialDay {
    /// Nobody is received.
    Holiday,
    /// A day off made a working day: it follows the plan of another weekday.
    WorkingAs(Weekday),
    /// The eve of a holiday: everything ends an hour earlier.
    Short,
}
