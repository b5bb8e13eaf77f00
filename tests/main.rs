//! Everything that is tested, in one binary.

mod api;
mod costs;
mod events;
mod rights;
mod rooms;
mod runner;
mod stories;
