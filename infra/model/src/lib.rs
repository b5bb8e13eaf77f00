//! The hand-over of slots as a model that is explored in full: no slot is sold twice, lost, or offered out of turn.
//!
//! The code decides from what it read and commits on conditions. Whether the conditions suffice does not depend on
//! dates, offices or wire formats, so it can be shown for every order of events at once: this crate is the page, the
//! guards, the line, the offers, the workers and the clock without the rest, and [`prove`] visits every state that
//! they can reach. Then it takes each condition away ([`Guard`]) and shows the shortest way in which a claim breaks.
//!
//! # What happens in it
//!
//! Two slots of one page, an early and a late one; everything begins free. People book, cancel, move, join, pause,
//! resume, leave, accept («раньше» included: the later slot is given up in the same write) and decline. Everybody
//! reads first and writes later, and anything may come between: [`state::Write`] and [`state::Task`] are what is
//! under way. Answers get lost, retries are answered from the guard or refused behind a fence, writes arrive late.
//! Deadlines of offers pass at any moment. Workers look at freed slots, the clock lapses offers that have ended.
//!
//! # What is left out, and why nothing is lost by it
//!
//! * **Versions** are not counted. A write remembers whether what it read has been written since, which is all that
//!   the condition `v = :read` asks. Ids of offers and appointments likewise: an attempt knows whether what it is
//!   about is over. So the state is finite, and neither operations nor time need a bound.
//! * **What can never commit is forgotten at once**: a write whose conditions must fail changes nothing, and its
//!   reader may read again. Dying between read and write is the same as never having read.
//! * **Hints are no part of the state.** Nothing is decided from a hint, and a worker may look at any marked slot at
//!   any moment, which includes every late, repeated, reordered and even invented message. That they may be lost
//!   counts for one claim only, and there all of them are: C5 is asked of every state with every message lost, all
//!   workers dead and the clients silent. A number of ticks of the clock must then empty `freed`. That is stronger
//!   than an `eventually`, which the library checks on paths without loops only.
//! * **Rows of the line** that are void are dropped at once, since nobody believes them. Rows that count are there,
//!   for they can be wrongly dropped.
//! * **Names.** People out of line, workers and writes are interchangeable; the state keeps one of the forms that
//!   differ in names only ([`state::State::canonical`]). Those in line are numbered by ticket.
//! * **Composite operations**: leaving with an offer is declining and leaving, with anything between; the second silence is a lapse and a
//!   pausing with nothing between.
//! * **Cool-downs, daily caps and remembered starts that are forgotten again** only take possibilities away.
//!   Putting off lasts any time, and so does ε, the time from a reading to its commit: an accepting that was read
//!   before the end may commit after it, unless the lapse was first.
//! * **Items of one reading** are read at one instant in the largest world; [`Scope::TORN`] reads the guard later.
//!
//! # What it does not show
//!
//! That the code is this model: the rules are written a second time here, with the file beside each guard. Slots of
//! several cells and pages, other services' lines, closures, no-show, the 24-hour rule and notices are not in it.
//! More people or writes under way than [`Scope::ALL`] names are not explored. Without a guard, writes change the
//! present state and do not bring back what they had read, so what then breaks may break sooner in fact. States are
//! told apart by 64 bits: that two of eight million share them has a chance of two in a million.
//!
//! That a try which has yet to read finds its intention refused: here an intention ends with its refusal. The code keeps
//! the refusal under the request's key (`domain::active::Refused`) in the write that is the fence.
//!
//! C5 speaks of freed slots. That no slot is *free* beside somebody who waits is another worker's, who looks after
//! people and not slots ([`Model::limits`]); the simulation holds it to that.

mod actions;
mod canonical;
mod claims;
mod clients;
mod explore;
mod few;
mod guards;
mod model;
mod report;
mod scenes;
mod scope;
pub mod state;
mod words;
mod workers;

pub use actions::Action;
pub use claims::Claim;
pub use explore::{Budget, Counterexample, End, Explored};
pub use few::Few;
pub use guards::{Guard, Need};
pub use model::Model;
pub use report::{Report, Without, prove, without};
pub use scenes::Scene;
pub use scope::{Reads, Scope};
