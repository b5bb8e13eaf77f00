//! What people do, in their words, over HTTP.

mod accounts;
mod api;
mod booking;
mod finding;
mod holding;
mod lines;
mod registering;
mod showing;
mod waiting;
