//! Large states put straight into the table, in the form in which the store writes them: for counting, not for stories.

use crate::World;
use domain::waitlist::{Bucket, Class};
use domain::{AppointmentId, CitizenId, Ticket, Ulid};
use serde_json::{Value, json};
use store::Key;
use store::keys::{self, Due};

/// Items in one bulk write.
const BULK: usize = 25;

impl World {
    /// `people` more who wait for a date's starts in the office, behind everybody who waits already. Nobody asks who
    /// they are as long as somebody stands before them.
    pub async fn crowd(&self, office: &str, service: &str, on: &str, people: u64) {
        let service = service.parse().expect("a service");
        let local = format!("{on}T10:00:00").parse().expect("a time");
        let office = office.parse().expect("an office");
        // The last of a start's eight lines is the narrowest: this day, this part of it, this week.
        let bucket = Bucket::of_start(&office, local).pop().expect("a line");
        let at = u64::try_from(self.system.now().timestamp_millis()).expect("after 1970") + 60_000;
        let rows = (0..people).map(|n| {
            let ticket = Ticket(Ulid::from_parts(at + n, 0));
            let citizen = CitizenId(Ulid::from_parts(at, u128::from(n)));
            let key = keys::line_row(&service, &bucket, Class::Ordinary, ticket);
            item(&key, json!({ "cit": { "S": citizen.to_string() }, "ep": { "N": "1" } }))
        });
        self.bulk(rows).await;
    }

    /// Appointments as far as the index of starts knows them.
    pub async fn starts(&self, at: &str, appointments: u64) {
        let due = keys::due_at(crate::time(at));
        let rows = (0..appointments).map(|n| {
            let (citizen, id) =
                (CitizenId(Ulid::from(u128::from(n))), AppointmentId(Ulid::from(u128::from(n))));
            let key = keys::appointment(citizen, id);
            let shard = keys::shard(&key);
            // Under another name, so that nobody follows the record as an appointment's.
            let key = Key { sk: format!("X{}", key.sk), ..key };
            item(
                &key,
                json!({ keys::DUE_PK: { "S": Due::Start.partition(shard) }, keys::DUE_SK: { "S": due } }),
            )
        });
        self.bulk(rows).await;
    }

    /// Takes every other half hour of each window of the office «large» on each day of a month.
    pub async fn half_book(&self, month: &str) {
        let office: domain::OfficeId = "large".parse().expect("an office");
        let first: chrono::NaiveDate = format!("{month}-01").parse().expect("a month");
        let same = |on: &chrono::NaiveDate| chrono::Datelike::month(on) == chrono::Datelike::month(&first);
        let taken: Vec<String> =
            (9 * 12..18 * 12).filter(|cell| cell / 6 % 2 == 0).map(|cell| cell.to_string()).collect();
        let windows = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        let pages = first.iter_days().take_while(same).flat_map(|on| windows.map(|window| (on, window)));
        let rows = pages.map(|(on, window)| {
            let window = window.parse().expect("a window");
            let key = keys::page(&domain::page::PageKey { office: office.clone(), window, on });
            item(&key, json!({ "t": { "NS": taken }, "v": { "N": "9" } }))
        });
        self.bulk(rows).await;
    }

    /// Writes behind everybody's back: the records are read off the stream and lost.
    async fn bulk(&self, items: impl Iterator<Item = Value>) {
        self.settle().await;
        let database = self.system.table().database();
        let table = self.system.table().name();
        let mut items = items.peekable();
        let mut written = 0;
        while items.peek().is_some() {
            let puts: Vec<Value> =
                items.by_ref().take(BULK).map(|item| json!({ "PutRequest": { "Item": item } })).collect();
            written += puts.len();
            let request = json!({ "RequestItems": { table: puts } });
            let request = serde_json::from_value(request).expect("a bulk write");
            database.batch_write_item(request).expect("written");
        }
        self.system.deliveries().drop_next("changefeed", written);
        self.settle().await;
    }
}

fn item(key: &Key, attributes: Value) -> Value {
    let mut item = attributes;
    item[keys::PK] = json!({ "S": key.pk });
    item[keys::SK] = json!({ "S": key.sk });
    item
}
