//! Everything that is tested, in one binary.

mod runner;
mod stories;
