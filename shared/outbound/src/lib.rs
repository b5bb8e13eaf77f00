//! The outside that is written to: queues, mail, SMS, files, the key service, registries, and other systems.
//!
//! One client each, handed in ready made; what a caller may do is a function here.

pub mod esia;
pub mod files;
pub mod keys;
pub mod mail;
pub mod queue;
pub mod registry;
pub mod sms;
pub mod web;

/// The clients of the outside. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbound {
    pub sqs: aws_sdk_sqs::Client,
    pub ses: aws_sdk_sesv2::Client,
    pub sns: aws_sdk_sns::Client,
    pub kms: aws_sdk_kms::Client,
    pub files: files::Files,
    /// Whoever is asked about people; none: nobody answers.
    pub registries: Option<registry::Registries>,
    /// Everything that is not AWS.
    pub web: web::Web,
}

/// The outside did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// Down, slow or throttled: try again later.
    #[error("{service} is unavailable")]
    Unavailable {
        service: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It will never take this: the address is refused, the text is not sendable.
    #[error("{service} refuses for good: {why}")]
    Refused { service: &'static str, why: String },
}

impl OutboundError {
    fn unavailable<E: std::error::Error + Send + Sync + 'static>(
        service: &'static str,
    ) -> impl Fn(E) -> Self {
        move |error| Self::Unavailable { service, source: Box::new(error) }
    }
}
