//! Where everything is: every key of the table is made here and nowhere else.

mod audit;
mod floods;
mod folders;
mod identity;
mod offices;
mod passkeys;
mod queues;
mod registries;
mod representatives;
mod signing;
mod unlocks;

use crate::Item;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::page::PageKey;
use domain::waitlist::{Bucket, Class};
use domain::{
    AccountEventId, AppointmentId, CallNoteId, CitizenId, InvitationId, OfferId, OfficeId, OperationId,
    ProofId, RegistrationId, ServiceId, StaffId, Ticket, WindowId,
};

pub use audit::*;
pub use floods::*;
pub use folders::*;
pub use identity::*;
pub use offices::*;
pub use passkeys::*;
pub use queues::*;
pub use registries::*;
pub use representatives::*;
pub use signing::*;
pub use unlocks::*;

/// Names of attributes and indexes that the template repeats.
pub const PK: &str = "pk";
pub const SK: &str = "sk";
pub const DUE_INDEX: &str = "due";
pub const DUE_PK: &str = "dp";
pub const DUE_SK: &str = "ds";
pub const DAY_INDEX: &str = "day";
pub const DAY_PK: &str = "yp";
pub const DAY_SK: &str = "ys";
pub const TTL: &str = "ttl";

/// Shards of the due index: four thousand due items a second.
pub const SHARDS: u8 = 4;

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub pk: String,
    pub sk: String,
}

impl Key {
    fn new(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }

    pub fn item(&self) -> Item {
        Item::from([
            (PK.to_owned(), AttributeValue::S(self.pk.clone())),
            (SK.to_owned(), AttributeValue::S(self.sk.clone())),
        ])
    }

    pub fn of(item: &Item) -> Option<Self> {
        let text = |name| item.get(name).and_then(|value| value.as_s().ok()).cloned();
        Some(Self { pk: text(PK)?, sk: text(SK)? })
    }

    /// The citizen in whose partition this is.
    pub fn citizen(&self) -> Option<CitizenId> {
        self.pk.strip_prefix(CITIZEN)?.parse().ok()
    }
}

impl core::fmt::Display for Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}/{}", self.pk, self.sk)
    }
}

pub const CITIZEN: &str = "CIT#";
pub fn citizen_pk(citizen: CitizenId) -> String {
    format!("{CITIZEN}{citizen}")
}

fn of_citizen(citizen: CitizenId, sk: impl Into<String>) -> Key {
    Key::new(citizen_pk(citizen), sk)
}

pub const ME: &str = "ME";
pub fn me(citizen: CitizenId) -> Key {
    of_citizen(citizen, ME)
}

pub fn auth(citizen: CitizenId) -> Key {
    of_citizen(citizen, "AUTH")
}

/// What a citizen says of themselves besides name and contacts.
pub fn profile(citizen: CitizenId) -> Key {
    of_citizen(citizen, PROFILE)
}

pub const PROFILE: &str = "PROFILE";
pub const ACTIVE: &str = "ACTIVE";
pub fn active(citizen: CitizenId) -> Key {
    of_citizen(citizen, ACTIVE)
}

pub const SESSION: &str = "SESS#";
pub fn session(citizen: CitizenId, hash: &str) -> Key {
    of_citizen(citizen, format!("{SESSION}{hash}"))
}

pub const DEVICE: &str = "DEVICE#";
pub fn device(citizen: CitizenId, hash: &str) -> Key {
    of_citizen(citizen, format!("{DEVICE}{hash}"))
}

pub const APPOINTMENT: &str = "APPT#";
pub fn appointment(citizen: CitizenId, id: AppointmentId) -> Key {
    of_citizen(citizen, format!("{APPOINTMENT}{id}"))
}

pub const OFFER: &str = "OFFER#";
pub fn offer(citizen: CitizenId, id: OfferId) -> Key {
    of_citizen(citizen, format!("{OFFER}{id}"))
}

pub const ENTRY: &str = "WAIT#";
pub fn entry(citizen: CitizenId, service: &ServiceId) -> Key {
    of_citizen(citizen, format!("{ENTRY}{service}"))
}

pub const NOTE: &str = "NOTE#";
pub fn note(citizen: CitizenId, id: &str) -> Key {
    of_citizen(citizen, format!("{NOTE}{id}"))
}

/// A row of an appointment's history, by the change's version.
pub fn appointment_log(citizen: CitizenId, id: AppointmentId, version: u64) -> Key {
    of_citizen(citizen, format!("{}{version:06}", log_prefix(&id.to_string())))
}

/// A row of the history of waiting for a service, which is one however often somebody joins anew. By the change's
/// operation: whoever is served by booking is so without having been read, and the change has no number.
pub fn place_log(citizen: CitizenId, service: &ServiceId, operation: OperationId) -> Key {
    of_citizen(citizen, format!("{}{operation}", log_prefix(service.as_str())))
}

/// A row of waiting's history that no version of the place made: being passed over for an offer.
pub fn passed_log(citizen: CitizenId, service: &ServiceId, offer: OfferId) -> Key {
    of_citizen(citizen, format!("{}~{offer}", log_prefix(service.as_str())))
}

/// Identifiers of appointments and of services never look alike.
pub fn log_prefix(subject: &str) -> String {
    format!("{LOG}{subject}#")
}

const LOG: &str = "LOG#";
/// Reads back whose history a citizen's row belongs to: the id of an appointment or of a service.
pub fn read_log(key: &Key) -> Option<(CitizenId, &str)> {
    let (subject, _) = key.sk.strip_prefix(LOG)?.split_once('#')?;
    Some((key.citizen()?, subject))
}

/// All who work here stand together: one query lists them.
pub const STAFF: &str = "STAFF";
pub fn member(id: StaffId) -> Key {
    Key::new(STAFF.to_owned(), id.to_string())
}

/// What is one member's own.
pub fn staff_pk(id: StaffId) -> String {
    format!("STAFF#{id}")
}

pub fn staff_auth(id: StaffId) -> Key {
    Key::new(staff_pk(id), "AUTH")
}

pub fn staff_session(id: StaffId, hash: &str) -> Key {
    Key::new(staff_pk(id), format!("SESS#{hash}"))
}

/// Reads the member back whose history a row belongs to.
pub fn read_staff_log(key: &Key) -> Option<StaffId> {
    key.sk.starts_with(STAFF_LOG).then(|| key.pk.strip_prefix(STAFF)?.strip_prefix('#')?.parse().ok())?
}

pub const STAFF_LOG: &str = "LOG#";
/// A row of a member's history, by the version that the change made.
pub fn staff_log(id: StaffId, version: u64) -> Key {
    Key::new(staff_pk(id), format!("{STAFF_LOG}{version:06}"))
}

/// What a member knows of who a citizen is.
pub fn identification(member: StaffId, citizen: CitizenId) -> Key {
    Key::new(staff_pk(member), format!("CALLER#{citizen}"))
}

/// Who can do everything everywhere.
pub fn administrators() -> Key {
    Key::new("ADMINS".to_owned(), "ADMINS")
}

pub const INVITATION: &str = "INVITE#";
pub fn invitation(id: InvitationId) -> Key {
    Key::new(format!("{INVITATION}{id}"), "INVITE")
}

pub fn login(hash: &str) -> Key {
    Key::new(format!("LOGIN#{hash}"), "LOGIN")
}

/// Everybody of one name.
pub fn name_pk(hash: &str) -> String {
    format!("NAME#{hash}")
}

pub fn name(hash: &str, citizen: CitizenId) -> Key {
    Key::new(name_pk(hash), format!("{CITIZEN_OF_NAME}{citizen}"))
}

pub const CITIZEN_OF_NAME: &str = "CIT#";

pub const REGISTRATION: &str = "REG#";
pub fn registration(id: RegistrationId) -> Key {
    Key::new(format!("{REGISTRATION}{id}"), "REG")
}

pub const PROOF: &str = "PROOF#";
pub fn proof(id: ProofId) -> Key {
    Key::new(format!("{PROOF}{id}"), "PROOF")
}

/// What happened to a cabinet, by time.
pub const ACCOUNT_EVENT: &str = "EVENT#";
pub fn account_event(citizen: CitizenId, id: AccountEventId) -> Key {
    Key::new(citizen_pk(citizen), format!("{ACCOUNT_EVENT}{id}"))
}

/// What was written down about somebody's calls, by time.
pub const CALL_NOTE: &str = "CALL#";
pub fn call_note(citizen: CitizenId, id: CallNoteId) -> Key {
    of_citizen(citizen, format!("{CALL_NOTE}{id}"))
}

pub fn wrapped_key(purpose: &str) -> Key {
    Key::new("KEYS".to_owned(), purpose)
}

pub fn watermark() -> Key {
    Key::new("CLOCK".to_owned(), "WATERMARK")
}

pub const PAGES: &str = "PAGES#";
/// All pages of an office's month stand together: one query reads a month.
pub fn pages(office: &OfficeId, month: NaiveDate) -> String {
    format!("{PAGES}{office}#{:02}{:02}", month.year() % 100, month.month())
}

pub fn page(key: &PageKey) -> Key {
    Key::new(pages(&key.office, key.on), format!("{:02}#{}", key.on.day(), key.window))
}

/// The prefix of a date's pages within its month.
pub fn page_day(on: NaiveDate) -> String {
    format!("{:02}#", on.day())
}

/// What stands behind all of a date's pages and before those of the next.
pub fn page_day_end(on: NaiveDate) -> String {
    format!("{:02}$", on.day())
}

/// Reads a page's key back.
pub fn read_page(key: &Key) -> Option<PageKey> {
    let (office, month) = key.pk.strip_prefix(PAGES)?.rsplit_once('#')?;
    let (day, window) = key.sk.split_once('#')?;
    let number = |text: &str| text.parse::<u32>().ok();
    let year = 2000 + i32::try_from(number(month.get(..2)?)?).ok()?;
    let on = NaiveDate::from_ymd_opt(year, number(month.get(2..)?)?, number(day)?)?;
    Some(PageKey { office: office.parse().ok()?, window: window.parse().ok()?, on })
}

/// What goes on at the windows of an office, by date.
pub fn desks(office: &OfficeId) -> String {
    format!("DESK#{office}")
}

/// The prefix of a date's windows.
pub fn desks_on(on: NaiveDate) -> String {
    format!("{on}#")
}

pub fn desk(page: &PageKey) -> Key {
    Key::new(desks(&page.office), format!("{}{}", desks_on(page.on), page.window))
}

/// Reads the window of a desk back.
pub fn read_desk(item: &Item) -> Option<WindowId> {
    Key::of(item)?.sk.rsplit_once('#')?.1.parse().ok()
}

pub const LINE: &str = "LINE#";
pub fn line(service: &ServiceId, bucket: &Bucket) -> String {
    format!("{LINE}{}#{service}#{}", bucket.office, bucket.code())
}

pub fn line_row(service: &ServiceId, bucket: &Bucket, class: Class, ticket: Ticket) -> Key {
    Key::new(line(service, bucket), format!("{}#{ticket}", class.digit()))
}

/// Keys of the day index: an office's date, by start, window and number.
pub fn day(office: &OfficeId, on: NaiveDate) -> String {
    format!("DAY#{office}#{on}")
}

pub fn day_row(cell: u16, window: &WindowId, number: &str) -> String {
    format!("{cell:03}#{window}#{number}")
}

/// What is found by due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Work to be done once: the key goes when it is done.
    Work,
    /// Starts of appointments: the key stays, a watermark says how far the clock has come.
    Start,
    /// Cabinets in which something may have had its term: seldom looked for, and apart, so that no crowd of them keeps other
    /// work waiting.
    Keep,
}

impl Due {
    /// The shard's partition.
    pub fn partition(self, shard: u8) -> String {
        let name = match self {
            Due::Work => "work",
            Due::Start => "start",
            // One partition bears what is written once a month for each cabinet.
            Due::Keep => return "DUE#keep".to_owned(),
        };
        format!("DUE#{name}#{shard}")
    }
}

/// Which shard an item's due time stands in: any fixed function of its key.
pub fn shard(key: &Key) -> u8 {
    let sum =
        key.pk.bytes().chain(key.sk.bytes()).fold(0u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte));
    (sum % u32::from(SHARDS)) as u8
}

/// The order in a due partition: the second, in ten digits until the year 2286.
pub fn due_at(at: DateTime<Utc>) -> String {
    format!("{:010}", at.timestamp())
}

/// Reads the second back.
pub fn read_due(sort: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(sort.get(..10)?.parse().ok()?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_key_reads_back() {
        let key = PageKey {
            office: "msk-taganka".parse().unwrap(),
            window: "a".parse().unwrap(),
            on: NaiveDate::from_ymd_opt(2026, 12, 3).unwrap(),
        };
        assert_eq!(page(&key), Key { pk: "PAGES#msk-taganka#2612".into(), sk: "03#a".into() });
        assert_eq!(read_page(&page(&key)), Some(key));
    }
}
