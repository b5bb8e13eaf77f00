//! A path through the states, told in words: one line a step.

use crate::actions::Action;
use crate::few::Few;
use crate::guards::Guard;
use crate::model::Model;
use crate::state::{At, Does, Line, State, What, Who};

const NAMES: [&str; 3] = ["Anna", "Boris", "Vera"];

fn slot(at: At) -> &'static str {
    ["the early slot", "the late slot"][usize::from(at)]
}

fn name(state: &State, who: Who) -> &'static str {
    NAMES[usize::from(state.names[usize::from(who)])]
}

/// What a write does, after a name with «'s».
fn noun(what: What) -> String {
    match what {
        What::Book(at) => format!("booking of {}", slot(at)),
        What::Record(at) => format!("appointment for {}", slot(at)),
        What::Cancel(at) => format!("cancelling of {}", slot(at)),
        What::Move(from) => format!("move from {} to the other", slot(from)),
        What::Join => "joining".to_owned(),
        What::Pause => "pausing".to_owned(),
        What::Resume => "resuming".to_owned(),
        What::Leave => "leaving".to_owned(),
        What::Accept(at) => format!("accepting of {}", slot(at)),
        What::Decline(at) => format!("declining of {}", slot(at)),
        What::Lapse(at) => format!("lapse of the offer of {}", slot(at)),
    }
}

impl Model {
    /// One step.
    pub(crate) fn told(&self, before: &State, action: &Action) -> String {
        let whose = |i: usize| match before.writes[i] {
            Some(write) => format!("{}'s {}", name(before, write.who), noun(write.what)),
            None => "nothing".to_owned(),
        };
        match action {
            Action::Send(who, what) => {
                let told = match what {
                    What::Book(_) if !self.has(Guard::AnswerAfterCommit) => ", and «yours» is answered",
                    _ => "",
                };
                format!("{}'s {}: all is read, the write is under way{told}", name(before, *who), noun(*what))
            }
            Action::Begin(who, what) => {
                format!("{}'s {}: the item is read, the guard not yet", name(before, *who), noun(*what))
            }
            Action::GoOn(i) => format!("{}: the guard is read, the write is under way", whose(*i)),
            Action::Commit(i) => format!("{} commits", whose(*i)),
            Action::CommitUnheard(i) => {
                format!("{} commits; the answer is lost, and the retry is refused", whose(*i))
            }
            Action::Refuse(i) => {
                let fence = if self.has(Guard::FenceBeforeRefusal) { ", behind a fence" } else { "" };
                format!("{} seems lost; the retry is refused for good{fence}", whose(*i))
            }
            Action::Expire(at, who) => {
                format!("the offer of {} to {} reaches its end", slot(*at), name(before, *who))
            }
            Action::Look(at, does) => {
                format!("a worker looks at {} and is about to {}", slot(*at), does_what(before, *does))
            }
            Action::LookAtEntry(at, who) => {
                let name = name(before, *who);
                format!("a worker looks at {} and reads {name}'s entry, not yet the guard", slot(*at))
            }
            Action::LookAtGuard(i) => match before.workers[*i].map(|task| task.does) {
                Some(Does::Offer(who)) => format!("the worker reads {}'s guard as well", name(before, who)),
                _ => "the worker goes on".to_owned(),
            },
            Action::Serve(i) => match before.workers[*i] {
                Some(task) => {
                    let does = does_what(before, task.does);
                    format!("the worker's write about {} commits: it is to {does}", slot(task.at))
                }
                None => "nothing".to_owned(),
            },
            Action::RowComes(who) => format!("{}'s row is put in the line", name(before, *who)),
            Action::RowGoes(who) => {
                format!("a late record of {}'s pause takes the row away", name(before, *who))
            }
        }
    }

    /// How a state stands, as far as the claims ask: one line a slot and one a person with something to tell.
    pub(crate) fn situation(&self, state: &State) -> Vec<String> {
        let slots = (0..self.scope.slots).map(|at| {
            let this = state.slot(at);
            let mut says = vec![if this.taken { "taken" } else { "free" }.to_owned()];
            says.extend(this.freed.then(|| "freed".to_owned()));
            says.extend(this.appointments.iter().map(|who| format!("appointment of {}", name(state, who))));
            says.extend(this.offers.iter().map(|who| {
                let ended = if this.expired.has(who) { "ended" } else { "open" };
                format!("{ended} offer to {}", name(state, who))
            }));
            format!("{}: {}", slot(at), says.join(", "))
        });
        let people = (0..self.scope.people).filter_map(|who| {
            let person = state.person(who);
            let mut says = Vec::new();
            match person.line {
                Line::Out => {}
                Line::Waiting => says.push("waits".to_owned()),
                Line::Paused => says.push("has paused".to_owned()),
            }
            says.extend(listed("declined", person.declined));
            says.extend(person.on_entry.map(|at| format!("entry: offer of {}", slot(at))));
            says.extend(person.on_guard.map(|at| format!("guard: offer of {}", slot(at))));
            says.extend(listed("was told «yours» of", person.promised));
            (!says.is_empty()).then(|| format!("{}: {}", name(state, who), says.join(", ")))
        });
        slots.chain(people).collect()
    }
}

fn does_what(state: &State, does: Does) -> String {
    match does {
        Does::Offer(who) => format!("offer it to {}", name(state, who)),
        Does::PutOff => "put it off: nobody was found".to_owned(),
        Does::GoOn(behind) => format!("go on behind place {behind} of the line"),
        Does::Release => "release it to the public".to_owned(),
    }
}

fn listed(what: &str, slots: Few) -> Option<String> {
    let slots: Vec<&str> = slots.iter().map(slot).collect();
    (!slots.is_empty()).then(|| format!("{what} {}", slots.join(" and ")))
}
