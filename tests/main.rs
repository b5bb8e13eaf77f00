//! Everything that is tested, in one binary.

mod costs;
mod events;
mod runner;
mod stories;
