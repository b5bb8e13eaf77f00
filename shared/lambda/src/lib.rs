//! The edge kit: what every function needs between the Lambda runtime and its use case.
//!
//! [`boot`] starts a function, [`Edge`] is all that it then has, [`http`] parses requests and words answers,
//! [`batch`] lifts a handler of one message to a handler of many.

pub mod batch;
pub mod boot;
pub mod client;
pub mod clock;
mod edge;
pub mod http;
pub mod settings;
pub mod telling;

pub use edge::{Edge, Known};
pub use lambda_runtime::Error;
pub use settings::Settings;
