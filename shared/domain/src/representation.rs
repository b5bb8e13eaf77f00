//! Acting for somebody else: by a power of attorney, or as the parent of a minor child (ACC-10).

use crate::citizen::Name;
use crate::profile::{Snils, age};
use crate::{CitizenId, GrantId, RegionId, ServiceId, StaffId};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// The age from which nobody is represented as a child any more, in years (Civil Code, article 21).
pub const MAJORITY: u32 = 18;
/// How long a power of attorney is good that names no term, in years (Civil Code, article 186).
pub const ATTORNEY_YEARS: u32 = 1;
/// The longest term that is believed, in years.
pub const ATTORNEY_YEARS_MAX: u32 = 50;
/// Both sides hear so long before a grant ends: it ends at midnight, and they hear at ten in the morning.
pub const WARNED_BEFORE: TimeDelta = TimeDelta::hours(7 * 24 - 10);
/// That its date has come is written down, and told, so long after: at ten in the morning. It does not hold meanwhile.
pub const TOLD_AFTER: TimeDelta = TimeDelta::hours(10);
/// By when staff are to decide about an application.
pub const DECIDE_WITHIN: TimeDelta = TimeDelta::days(2);
/// Grants kept between two people; those that are over go first.
pub const GRANTS_KEPT: usize = 5;
/// Applications of one representative that wait to be decided.
pub const WAITING_MAX: usize = 5;
/// Services that a power of attorney may name.
pub const SERVICES_MAX: usize = 20;
/// Characters of a power of attorney's number.
pub const NUMBER_MAX: usize = 50;

/// By which right somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantKind {
    Attorney,
    Parent,
}

impl GrantKind {
    pub const ALL: [GrantKind; 2] = [GrantKind::Attorney, GrantKind::Parent];

    pub fn name(self) -> &'static str {
        match self {
            GrantKind::Attorney => "attorney",
            GrantKind::Parent => "parent",
        }
    }
}

/// What the paper says by which somebody acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantPaper {
    Attorney {
        number: String,
        /// The notary, or whoever else certified it.
        issued_by: String,
        issued_on: NaiveDate,
        /// The last date on which it is good.
        valid_until: NaiveDate,
    },
    /// A certificate of birth: Roman digits, hyphen, two letters; six digits.
    Birth { series: String, number: String, issued_on: NaiveDate },
}

impl GrantPaper {
    pub fn kind(&self) -> GrantKind {
        match self {
            GrantPaper::Attorney { .. } => GrantKind::Attorney,
            GrantPaper::Birth { .. } => GrantKind::Parent,
        }
    }
}

/// What the representative said: of whom, and by which paper. Kept sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub name: Name,
    pub birth_on: NaiveDate,
    pub snils: Snils,
    pub paper: GrantPaper,
}

impl Said {
    /// The first date on which it is no longer good: the day after the last one, or the eighteenth birthday.
    pub fn over_on(&self) -> Option<NaiveDate> {
        match &self.paper {
            GrantPaper::Attorney { valid_until, .. } => valid_until.succ_opt(),
            GrantPaper::Birth { .. } => age(self.birth_on, MAJORITY),
        }
    }
}

/// For what one may act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    Everything,
    Services(Vec<ServiceId>),
}

impl Scope {
    pub fn covers(&self, service: &ServiceId) -> bool {
        match self {
            Scope::Everything => true,
            Scope::Services(services) => services.contains(service),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantState {
    /// To be decided by staff.
    Waiting,
    InForce,
    Refused,
    Ended,
}

impl GrantState {
    pub const ALL: [GrantState; 4] =
        [GrantState::Waiting, GrantState::InForce, GrantState::Refused, GrantState::Ended];

    pub fn name(self) -> &'static str {
        match self {
            GrantState::Waiting => "waiting",
            GrantState::InForce => "in-force",
            GrantState::Refused => "refused",
            GrantState::Ended => "ended",
        }
    }

    /// Whether nothing comes of it any more.
    pub fn is_over(self) -> bool {
        matches!(self, GrantState::Refused | GrantState::Ended)
    }
}

/// Who ended it, or what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndedBy {
    Representative,
    Beneficiary,
    /// Its date came.
    Term,
    /// The paper was revoked, or a court decided so.
    Staff,
}

impl EndedBy {
    pub const ALL: [EndedBy; 4] =
        [EndedBy::Representative, EndedBy::Beneficiary, EndedBy::Term, EndedBy::Staff];

    pub fn name(self) -> &'static str {
        match self {
            EndedBy::Representative => "representative",
            EndedBy::Beneficiary => "beneficiary",
            EndedBy::Term => "term",
            EndedBy::Staff => "staff",
        }
    }
}

/// How somebody who works here ended a right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    pub by: StaffId,
    /// Since when the paper does not count: that of a revocation, or of a decision.
    pub since: NaiveDate,
    /// In their words, sealed.
    pub why: Vec<u8>,
}

/// The right of one person to act for another by one paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub id: GrantId,
    pub kind: GrantKind,
    pub scope: Scope,
    /// Whose staff decide.
    pub region: RegionId,
    pub asked_at: DateTime<Utc>,
    /// From this instant on it does not hold.
    pub ends_at: DateTime<Utc>,
    pub state: GrantState,
    /// [`Said`], sealed.
    pub said: Vec<u8>,
    /// Who decided, and when.
    pub decided: Option<(StaffId, DateTime<Utc>)>,
    /// What was found, in their words, sealed.
    pub reason: Option<Vec<u8>>,
    pub ended: Option<(EndedBy, DateTime<Utc>)>,
    /// By staff: who, since when, and why.
    pub stopped: Option<Stopped>,
    /// Whether it was told that it ends soon.
    pub warned: bool,
}

impl Grant {
    /// Whether one may act by it now: decided by the clock here, whether or not anybody wrote down that it is over.
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.state == GrantState::InForce && now < self.ends_at
    }

    /// How it stands now, whether or not anybody wrote down that its date has come.
    pub fn state_at(&self, now: DateTime<Utc>) -> GrantState {
        if self.state.is_over() || now < self.ends_at { self.state } else { GrantState::Ended }
    }

    /// When somebody is to look at it next.
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        match self.state {
            GrantState::InForce if !self.warned => Some(self.ends_at - WARNED_BEFORE),
            GrantState::InForce => Some(self.ends_at + TOLD_AFTER),
            // What waits is staff's to end.
            GrantState::Waiting | GrantState::Refused | GrantState::Ended => None,
        }
    }

    /// Ends it, if it was not over before.
    pub fn end(&mut self, by: EndedBy, at: DateTime<Utc>) -> bool {
        let ends = !self.state.is_over();
        if ends {
            (self.state, self.ended) = (GrantState::Ended, Some((by, at)));
        }
        ends
    }
}

/// No more grants between two people: none of those kept is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyGrants;

/// Everything by which one person acts for another: one item, so that a right, its renewal and its end are never seen apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Representation {
    pub beneficiary: CitizenId,
    pub representative: CitizenId,
    /// None: nothing was ever written.
    pub version: Option<u64>,
    /// Oldest first.
    pub grants: Vec<Grant>,
}

impl Representation {
    pub fn new(beneficiary: CitizenId, representative: CitizenId) -> Self {
        Self { beneficiary, representative, version: None, grants: Vec::new() }
    }

    /// Whether anything may be done now.
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.grants.iter().any(|grant| grant.holds(now))
    }

    /// The grant by which something of a service may be done now.
    pub fn by(&self, service: &ServiceId, now: DateTime<Utc>) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.holds(now) && grant.scope.covers(service))
    }

    pub fn grant(&self, id: GrantId) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.id == id)
    }

    pub fn grant_mut(&mut self, id: GrantId) -> Option<&mut Grant> {
        self.grants.iter_mut().find(|grant| grant.id == id)
    }

    /// Takes an application in; of what is over the oldest goes for it.
    ///
    /// # Errors
    /// [`TooManyGrants`].
    pub fn add(&mut self, grant: Grant) -> Result<(), TooManyGrants> {
        if self.grants.len() >= GRANTS_KEPT {
            let over = self.grants.iter().position(|kept| kept.state.is_over()).ok_or(TooManyGrants)?;
            self.grants.remove(over);
        }
        self.grants.push(grant);
        Ok(())
    }

    /// Since when nothing may be done, nor comes of what was asked; none: something does.
    pub fn over_since(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let over = |grant: &Grant| {
            let decided = grant.decided.map(|(_, at)| at).filter(|_| grant.state == GrantState::Refused);
            let ended = grant.ended.map(|(_, at)| at).or(decided).unwrap_or(grant.ends_at);
            grant.state_at(now).is_over().then_some(ended)
        };
        let all: Option<Vec<_>> = self.grants.iter().map(over).collect();
        all?.into_iter().max()
    }

    /// When somebody is to look at it next.
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        self.grants.iter().filter_map(Grant::due_at).min()
    }

    /// Whether the representative is one of those who may act at some time.
    pub fn counts(&self) -> bool {
        self.grants.iter().any(|grant| grant.state == GrantState::InForce)
    }
}

/// Why a number of a certificate of birth is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateFault {
    Series,
    Number,
}

/// Reads series and number of a certificate of birth: `II-МЮ`, `123456`. Cyrillic letters that look like Roman digits are
/// taken for these, and small ones for capitals.
///
/// # Errors
/// [`CertificateFault`].
pub fn certificate(series: &str, number: &str) -> Result<(String, String), CertificateFault> {
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    let (series, number) = (plain(series).replace(['\u{2013}', '\u{2014}'], "-"), plain(number));
    let (roman, letters) = series.split_once('-').ok_or(CertificateFault::Series)?;
    let roman: String = roman
        .chars()
        .map(|c| match c {
            '\u{425}' => 'X',
            '\u{421}' => 'C',
            '\u{406}' => 'I',
            other => other,
        })
        .collect();
    let fits = (1..=7).contains(&roman.len())
        && roman.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'))
        && letters.chars().count() == 2
        && letters.chars().all(|c| ('\u{410}'..='\u{42f}').contains(&c));
    if !fits {
        return Err(CertificateFault::Series);
    }
    if number.len() != 6 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(CertificateFault::Number);
    }
    Ok((format!("{roman}-{letters}"), number))
}

/// Whether somebody is of age on a date.
pub fn is_of_age(birth_on: NaiveDate, today: NaiveDate) -> bool {
    age(birth_on, MAJORITY).is_none_or(|grown| grown <= today)
}

/// The last date of a power of attorney that names no term.
pub fn attorney_until(issued_on: NaiveDate, years: u32) -> Option<NaiveDate> {
    age(issued_on, years)?.pred_opt()
}
