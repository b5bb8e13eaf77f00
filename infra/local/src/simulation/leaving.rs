//! Who leaves: cabinets whose owners want them deleted, or think better of it (PRV-3).

use super::Person;
use super::asked::{Asked, change};
use super::dice::Dice;
use super::papers::Busy;
use super::scene::PASSWORD;
use checker::history::{Action, Record};
use http::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::keys;

/// How often a request is about that, in a thousand.
const PER_MILLE: u64 = 8;
/// How often somebody asks who knows well that something stands in the way, in a thousand.
const IN_VAIN_PER_MILLE: u64 = 150;
/// How often somebody who is leaving does anything else, in a thousand.
const WHILE_LEAVING_PER_MILLE: u64 = 150;

/// How far somebody has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Stays,
    Asked,
    Closed,
}

/// Cabinets, as they were committed.
#[derive(Debug, Clone, Default)]
pub struct Leaving {
    stages: BTreeMap<String, Stage>,
    /// Those who hold something, wait, or are offered something.
    held: BTreeSet<String>,
}

impl Leaving {
    /// Takes in a change of the table.
    pub fn follow(&mut self, record: &Record) {
        let Some(citizen) = record.pk.strip_prefix(keys::CITIZEN) else { return };
        match (record.sk.as_str(), &record.new) {
            (keys::ME, Some(new)) => {
                let there = |name: &str| new[name].is_object();
                let stage = match (there("end"), there("del")) {
                    (true, _) => Stage::Closed,
                    (false, true) => Stage::Asked,
                    (false, false) => Stage::Stays,
                };
                self.stages.insert(citizen.to_owned(), stage);
            }
            (keys::ACTIVE, new) => {
                let some = |list: &str| {
                    let list = new.as_ref().and_then(|new| new[list]["L"].as_array());
                    list.is_some_and(|list| !list.is_empty())
                };
                let offered = new.as_ref().is_some_and(|new| new["of"].is_object());
                match some("ap") || some("wt") || offered {
                    true => self.held.insert(citizen.to_owned()),
                    false => self.held.remove(citizen),
                };
            }
            _ => {}
        }
    }

    /// Whether somebody does something now: who leaves does little.
    pub fn is_about(&self, citizen: &str, dice: &mut Dice) -> bool {
        match self.stages.get(citizen) {
            Some(Stage::Asked | Stage::Closed) => dice.strikes(WHILE_LEAVING_PER_MILLE),
            _ => true,
        }
    }

    /// Those whose cabinets were closed.
    pub fn closed(&self) -> Vec<String> {
        let closed = self.stages.iter().filter(|(_, stage)| **stage == Stage::Closed);
        closed.map(|(citizen, _)| citizen.clone()).collect()
    }

    /// Now and then somebody asks for the deletion of their cabinet, or stops it.
    pub fn next(&self, dice: &mut Dice, people: &[Person], busy: &[Busy]) -> Option<(Person, Asked)> {
        if !dice.strikes(PER_MILLE) {
            return None;
        }
        // As often as not while something else of theirs is under way.
        let at_it = |person: &&Person| busy.iter().any(|busy| busy.whose == person.id);
        let at_it: Vec<&Person> = people.iter().filter(at_it).collect();
        let person = match dice.pick(&at_it) {
            Some(person) if dice.strikes(500) => (*person).clone(),
            _ => dice.pick(people)?.clone(),
        };
        let path = "/v1/me/deletion".to_owned();
        match self.stages.get(&person.id) {
            // Now and then who has gone tries it once more.
            Some(Stage::Asked | Stage::Closed) => {
                let stop = change(Action::StopDeletion, path, Value::Null);
                Some((person, Asked { method: Method::DELETE, body: None, ..stop }))
            }
            _ if self.held.contains(&person.id) && !dice.strikes(IN_VAIN_PER_MILLE) => None,
            _ => Some((person, change(Action::AskDeletion, path, json!({ "password": PASSWORD })))),
        }
    }
}
