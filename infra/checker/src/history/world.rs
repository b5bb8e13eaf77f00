//! What is there before anything happens: offices, hours, services, and the limits that the claims speak of.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct World {
    pub offices: Vec<Office>,
    pub services: Vec<Service>,
    #[serde(default)]
    pub limits: Limits,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    pub id: String,
    /// An IANA name (`Europe/Moscow`) or a fixed offset (`+03:00`).
    pub zone: String,
    /// Whether absence becomes a no-show here (VIS-2).
    pub no_show: bool,
    pub windows: Vec<Window>,
}

/// A counter and its plan. Dates that are not listed are shut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub id: String,
    /// The services that it receives, on every date that does not name its own.
    pub services: Vec<String>,
    pub days: Vec<Day>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    pub on: String,
    /// Open intervals in order, not touching: breaks, holidays and closures are taken out already.
    pub open: Vec<Cells>,
    /// The services received on this date, where they are not the window's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub services: Option<Vec<String>>,
    /// The specialist who receives there on this date, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// What of it the public cannot have until some time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Kept>,
}

/// Cells that only those who work there give, until an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub cells: Cells,
    pub until_s: i64,
}

/// A run of cells, `from` included, `to` excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cells {
    pub from: u16,
    pub to: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    pub id: String,
    /// Cells of the visit itself.
    pub length: u16,
    /// Cells kept free after it; cut at the open interval's end.
    pub buffer: u16,
    /// The least time between booking and start, in minutes.
    pub lead_min: u32,
    /// How many days ahead the calendar opens, rolling at 08:00 office time.
    pub horizon_days: u16,
}

/// The numbers of the claims. The defaults are those of the requirements; a scenario states what it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// A request to the table may be under way so long: half of ε.
    pub request_timeout_us: i64,
    /// Any clock may be so far from the true time: the other half of ε.
    pub clock_error_us: i64,
    /// No invocation of a function lasts longer; what it read first is at most so old when it commits.
    pub invocation_us: i64,
    /// A reading that only looks (search, alternatives) may be so old.
    pub look_lag_us: i64,
    /// C5's T: a freed slot with somebody eligible is offered within this.
    pub served_within_s: i64,
    /// C9: a notice may not contradict what was committed so long before it was sent.
    pub contradiction_after_s: i64,
    /// C5: which cells must not be there while somebody eligible waits.
    pub free_cells: FreeCells,
    /// CHG-1, CHG-2: the latest change by oneself, before the start.
    pub cut_off_s: i64,
    /// VIS-2: absence is a no-show so long after the start.
    pub no_show_after_s: i64,
    /// BKG-2: active appointments of a beneficiary.
    pub appointments_max: usize,
    /// BKG-5: finished operations remembered for retries.
    pub operations_kept: usize,
    /// PRV-3: a cabinet goes so long after that was asked for.
    pub deletion_after_s: i64,
    /// …and closed cabinets are looked for so seldom.
    pub cabinets_every_s: i64,
    /// WTL-3: the local hours in which people may be written to and an offer's clock runs.
    pub awake_from_hour: u32,
    pub awake_to_hour: u32,
    /// An offer is held for a quarter of the time left, at most this, of allowed time…
    pub offer_longest_s: i64,
    /// …with less than this it is not made…
    pub offer_shortest_s: i64,
    /// …and it ends this long before the start at the latest.
    pub offer_before_start_s: i64,
    /// Offers that a place gets on a day of the office.
    pub offers_a_day: u64,
}

impl Limits {
    /// C8's ε: by so much may a commit be later than the decision that it writes.
    pub fn epsilon_us(&self) -> i64 {
        self.request_timeout_us + self.clock_error_us
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_timeout_us: 2_000_000,
            clock_error_us: 2_000_000,
            invocation_us: 30_000_000,
            look_lag_us: 1_000_000,
            served_within_s: 600,
            contradiction_after_s: 60,
            free_cells: FreeCells::FreedAndFree,
            cut_off_s: 24 * 3600,
            no_show_after_s: 600,
            appointments_max: 5,
            operations_kept: 8,
            deletion_after_s: 7 * 24 * 3600,
            cabinets_every_s: 900,
            awake_from_hour: 8,
            awake_to_hour: 21,
            offer_longest_s: 7_200,
            offer_shortest_s: 900,
            offer_before_start_s: 3 * 3600,
            offers_a_day: 3,
        }
    }
}

/// Which cells count against C5 at the end of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FreeCells {
    /// As the claim is worded: «no cell is free or freed while someone eligible waits for it».
    FreedAndFree,
    /// Freed, and free ones that were given up at some time: slots that nobody ever had do not count.
    FreedAndReleased,
    /// Weaker: cells that are public are not counted, for anybody may book them.
    Freed,
}
