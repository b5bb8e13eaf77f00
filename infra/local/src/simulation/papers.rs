//! Papers of a run: rights to act for others as they were committed, and what waits for staff to decide; and what people do
//! about them.

use super::Person;
use super::asked::{Asked, Asker, change};
use super::dice::Dice;
use super::family::{Acting, OFFICE};
use super::starts::today;
use checker::history::{Action, Record};
use chrono::{DateTime, Days, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use store::keys;

/// How often a request is about papers, in a thousand: while something waits to be decided, and else.
const WAITING_PER_MILLE: u64 = 120;
const IDLE_PER_MILLE: u64 = 25;

/// How often it is whoever acts for another whose turn it is, in a thousand: while they may, and else.
const ACTS_PER_MILLE: u64 = 500;
const IN_VAIN_PER_MILLE: u64 = 80;
/// How often somebody decides what was decided already, in a thousand.
const LATE_PER_MILLE: u64 = 150;
const DECIDED_KEPT: usize = 3;

/// How often a cabinet that is closed to booking is opened, rather than another closed, in a thousand.
const OPENED_PER_MILLE: u64 = 700;

/// How often a right is ended while somebody acts by it, in a thousand requests at such a time.
const MEANWHILE_PER_MILLE: u64 = 15;

/// Somebody whose request is under way, and who asks for them.
#[derive(Debug, Clone)]
pub struct Busy {
    pub whose: String,
    pub by: Option<String>,
}

/// What of a right can be seen by everybody whom it is about.
#[derive(Debug, Clone)]
struct Grant {
    id: String,
    state: String,
    ends_at: DateTime<Utc>,
}

/// Rights and queues, as they were committed.
#[derive(Debug, Clone, Default)]
pub struct Papers {
    /// By beneficiary and representative.
    between: BTreeMap<(String, String), Vec<Grant>>,
    /// What waits to be decided: the path of each.
    waiting: BTreeMap<(String, String), String>,
    /// What was decided last: somebody may not have heard of it.
    decided: VecDeque<String>,
    /// Those whose cabinets are closed to booking.
    blocked: BTreeSet<String>,
    /// Who asked last to take each.
    takers: BTreeMap<String, Asker>,
}

impl Papers {
    /// Takes in a change of the table.
    pub fn follow(&mut self, record: &Record) {
        if let Some(path) = waiting(record) {
            let key = (record.pk.clone(), record.sk.clone());
            match &record.new {
                Some(_) => self.waiting.insert(key, path),
                None => {
                    self.decided.push_back(path);
                    let spare = self.decided.len().saturating_sub(DECIDED_KEPT);
                    self.decided.drain(..spare);
                    self.waiting.remove(&key)
                }
            };
        }
        if record.sk == keys::ME {
            let citizen = record.pk.trim_start_matches(keys::CITIZEN).to_owned();
            match record.new.as_ref().is_some_and(|new| new["blk"].is_object()) {
                true => self.blocked.insert(citizen),
                false => self.blocked.remove(&citizen),
            };
        }
        let Some(representative) = record.sk.strip_prefix(keys::REPRESENTATION) else { return };
        let citizen = record.pk.trim_start_matches(keys::CITIZEN).to_owned();
        let grants = record.new.as_ref().and_then(|new| new["gr"]["L"].as_array().cloned());
        let grants = grants.unwrap_or_default().iter().map(grant).collect();
        self.between.insert((citizen, representative.to_owned()), grants);
    }

    /// Whether somebody who acts for another does something now: mostly as long as they may.
    pub fn is_about(&self, (whom, by): (&str, &str), now: DateTime<Utc>, dice: &mut Dice) -> bool {
        let grants = self.between.get(&(whom.to_owned(), by.to_owned()));
        let holds = |grant: &Grant| grant.state == "in-force" && now < grant.ends_at;
        let may = grants.is_some_and(|grants| grants.iter().any(holds));
        dice.strikes(if may { ACTS_PER_MILLE } else { IN_VAIN_PER_MILLE })
    }

    /// When rights that are in force end.
    pub fn ends(&self) -> Vec<DateTime<Utc>> {
        let all = self.between.values().flatten();
        all.filter(|grant| grant.state == "in-force").map(|grant| grant.ends_at).collect()
    }

    /// What somebody does about papers next, now and then: who, and what.
    pub fn next(
        &mut self,
        dice: &mut Dice,
        now: DateTime<Utc>,
        (people, family): (&[Person], &[Acting]),
        busy: &[Busy],
    ) -> Option<(Person, Asked)> {
        // Ended just then, what is on its way must not come about.
        if busy.iter().any(|busy| busy.by.is_some()) && dice.strikes(MEANWHILE_PER_MILLE) {
            return self.end(dice, people, busy);
        }
        let waits = !self.waiting.is_empty();
        if !dice.strikes(if waits { WAITING_PER_MILLE } else { IDLE_PER_MILLE }) {
            return None;
        }
        match dice.below(17) {
            0..=6 if waits => self.decide(dice),
            0..=4 => ask(dice, now, people, family),
            5..=6 => say_policy(dice, people),
            7..=8 => unlock(dice, people),
            9..=11 => self.block(dice, people, busy),
            _ => self.end(dice, people, &[]),
        }
    }

    /// One of two who work here takes or decides what waits, or what the other has taken.
    fn decide(&mut self, dice: &mut Dice) -> Option<(Person, Asked)> {
        let over: Vec<&String> = self.decided.iter().collect();
        let paths: Vec<&String> = self.waiting.values().collect();
        let late = dice.strikes(LATE_PER_MILLE).then(|| dice.pick(&over)).flatten();
        let path = (*late.or_else(|| dice.pick(&paths))?).clone();
        let (queue, id) = path.rsplit_once('/')?;
        let (queue, id) = (queue.to_owned(), id.to_owned());
        // An unlock is nobody's to take: whoever did not open it decides.
        let alone = queue == "unlocks";
        let [yes, no] = if queue == "checks/policies" { ["valid", "void"] } else { ["approved", "refused"] };
        let mut body = json!({ "officeId": OFFICE });
        if alone {
            body = json!({});
        }
        let (verb, action) = match dice.below(5) {
            0..=1 if !alone => ("take", Action::Take { queue, id }),
            n => {
                let result = if n == 4 { no } else { yes };
                (body["result"], body["reason"]) = (json!(result), json!("the paper was seen"));
                ("decide", Action::Decide { queue, id, result: result.to_owned() })
            }
        };
        let either = if dice.strikes(500) { Asker::Desk } else { Asker::Colleague };
        let asker = match (&action, self.takers.get(&path)) {
            (Action::Decide { .. }, Some(taker)) if dice.strikes(700) => *taker,
            _ => either,
        };
        if matches!(action, Action::Take { .. }) {
            self.takers.insert(path.clone(), asker);
        }
        Some((nobody(), Asked { asker, ..change(action, format!("/v1/staff/{path}/{verb}"), body) }))
    }

    /// Whoever manages the office closes somebody's cabinet to booking, as often as not while they ask for something; or opens one
    /// that is closed.
    fn block(&self, dice: &mut Dice, people: &[Person], busy: &[Busy]) -> Option<(Person, Asked)> {
        let closed: Vec<&Person> = people.iter().filter(|person| self.blocked.contains(&person.id)).collect();
        let at_it = |person: &&Person| busy.iter().any(|busy| busy.whose == person.id);
        let at_it: Vec<&Person> = people.iter().filter(at_it).collect();
        let (person, verb) = match dice.pick(&closed) {
            Some(person) if dice.strikes(OPENED_PER_MILLE) => (*person, "unblock"),
            _ => match dice.pick(&at_it) {
                Some(person) if dice.strikes(500) => (*person, "block"),
                _ => (dice.pick(people)?, "block"),
            },
        };
        let mut body = json!({ "officeId": OFFICE, "reason": "places were passed on" });
        let citizen = person.id.clone();
        let action = if verb == "block" {
            body["ground"] = json!("resale");
            Action::Block { citizen }
        } else {
            Action::Unblock { citizen }
        };
        let asker = if dice.strikes(500) { Asker::Desk } else { Asker::Colleague };
        let path = format!("/v1/staff/citizens/{}/{verb}", person.id);
        Some((nobody(), Asked { asker, ..change(action, path, body) }))
    }

    /// Either side ends what stands between them; of some who act just now, if any are named.
    fn end(&self, dice: &mut Dice, people: &[Person], busy: &[Busy]) -> Option<(Person, Asked)> {
        let acts = |whom: &String, by: &String| {
            busy.is_empty() || busy.iter().any(|busy| busy.whose == *whom && busy.by.as_ref() == Some(by))
        };
        let between = self.between.iter().filter(|((whom, by), _)| acts(whom, by));
        let open = between.flat_map(|((whom, by), grants)| {
            let open = grants.iter().filter(|grant| matches!(&*grant.state, "in-force" | "waiting"));
            open.flat_map(move |grant| [(by, "representations", grant), (whom, "representatives", grant)])
        });
        // Who has no cabinet ends nothing.
        let own = |id: &str| people.iter().find(|person| person.id == id);
        let ends: Vec<_> = open.filter_map(|(who, side, grant)| Some((own(who)?, side, grant))).collect();
        let (who, side, grant) = dice.pick(&ends)?;
        let path = format!("/v1/me/{side}/{}/end", grant.id);
        Some(((*who).clone(), change(Action::EndRight { grant: grant.id.clone() }, path, Value::Null)))
    }
}

/// Somebody who has lost every way in stands at the counter; or thinks better of it, or was not the owner.
fn unlock(dice: &mut Dice, people: &[Person]) -> Option<(Person, Asked)> {
    let person = dice.pick(people)?.clone();
    if dice.strikes(400) {
        let path = "/v1/me/unlock/stop".to_owned();
        return Some((person, change(Action::StopUnlock, path, json!({}))));
    }
    let phone = format!("+79{:09}", 700_000_000 + dice.below(1_000_000));
    let body = json!({ "officeId": OFFICE, "phone": phone, "reason": "the phone was lost" });
    let action = Action::OpenUnlock { citizen: person.id.clone() };
    let asked = change(action, format!("/v1/staff/citizens/{}/unlocks", person.id), body);
    Some((nobody(), Asked { asker: Asker::Desk, ..asked }))
}

/// Says a policy of which insurers know, know nothing, or that it is none.
fn say_policy(dice: &mut Dice, people: &[Person]) -> Option<(Person, Asked)> {
    let number = match dice.below(5) {
        0 => "7700001234567891",
        1..=3 => "7700001234567893",
        _ => "7700001234567890",
    };
    let body = json!({ "policy": { "kind": "compulsory", "number": number, "issuedOn": "2012-06-01" } });
    let path = "/v1/me/profile".to_owned();
    let say = Asked { method: http::Method::PATCH, ..change(Action::SayPolicy, path, body) };
    Some((dice.pick(people)?.clone(), say))
}

/// Whoever acted asks to act again, till some day soon.
fn ask(dice: &mut Dice, now: DateTime<Utc>, people: &[Person], family: &[Acting]) -> Option<(Person, Asked)> {
    let Acting { by, whom, form } = dice.pick(family)?;
    let mut form = form.clone();
    if form["kind"] == "attorney" {
        let until = today(now).checked_add_days(Days::new(dice.below(3)))?;
        form["validUntil"] = json!(until);
    }
    let action = Action::AskRight { whom: whom.clone() };
    Some((people.get(*by)?.clone(), change(action, "/v1/me/representations".to_owned(), form)))
}

/// Where what waits in a queue is decided, by its row.
fn waiting(record: &Record) -> Option<String> {
    let row = record.new.as_ref().or(record.old.as_ref())?;
    let part = |name: &str| row[name]["S"].as_str().unwrap_or_default().to_owned();
    if record.pk.starts_with("GRANTS#") {
        return Some(format!("representations/{}.{}.{}", part("ben"), part("rep"), part("g")));
    }
    if record.pk.starts_with("UNLOCKS#") {
        // Behind when it was asked for stands its own id.
        let id = record.sk.rsplit('#').next()?;
        return Some(format!("unlocks/{}.{id}", part("cit")));
    }
    let since = row["at"]["N"].as_str().unwrap_or_default();
    record.pk.starts_with("POLICIES#").then(|| format!("checks/policies/{}.{since}", part("cit")))
}

fn grant(one: &Value) -> Grant {
    let one = &one["M"];
    let ends_at = one["un"]["N"].as_str().and_then(|ms| DateTime::from_timestamp_millis(ms.parse().ok()?));
    let text = |name: &str| one[name]["S"].as_str().unwrap_or_default().to_owned();
    Grant { id: text("id"), state: text("st"), ends_at: ends_at.unwrap_or_default() }
}

/// Who works here is no citizen.
pub fn nobody() -> Person {
    let none = String::new;
    Person { id: none(), phone: none(), email: none(), token: none(), device: none() }
}
