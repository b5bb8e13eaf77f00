//! The whole system in one process: the outside embedded, the functions called as the template says.

pub mod audit;
pub mod clock;
pub mod deliveries;
mod describe;
pub mod embedded;
mod environments;
mod feed;
pub mod functions;
mod http;
pub mod invocation;
pub mod invoke;
mod local_routes;
pub mod month;
mod options;
pub mod people;
pub mod processes;
pub mod prove;
pub mod race;
mod record;
mod serve;
pub mod simulation;
pub mod state;
mod storage_routes;
pub mod story;
pub mod system;
pub mod template;
pub mod visitor;
