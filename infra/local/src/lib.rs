//! The whole system in one process: the outside embedded, the functions called as the template says.

pub mod clock;
pub mod deliveries;
pub mod embedded;
mod feed;
pub mod functions;
mod http;
mod local_routes;
pub mod people;
pub mod race;
mod serve;
pub mod state;
pub mod story;
pub mod system;
pub mod template;
pub mod visitor;
