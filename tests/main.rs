//! Everything that is tested, in one binary.

mod costs;
mod runner;
mod stories;
