//! What people do, in their words, over HTTP.

mod accounts;
mod acts;
mod api;
mod booking;
mod cabinet;
mod faults;
mod figures;
mod finding;
mod hoarding;
mod holding;
mod lines;
mod offices;
mod operator;
mod outages;
mod reception;
mod references;
mod registering;
mod retries;
mod shares;
mod showing;
mod shown;
mod specialists;
mod staff;
mod staff_rights;
mod telling;
mod waiting;
