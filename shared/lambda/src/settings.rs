//! What a function is told by its environment; read once at start.

use aws_sdk_dynamodb::config::Credentials;
use outbound::registry::Registries;
use std::path::PathBuf;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub region: String,
    /// Of the function's role, as the runtime gives them; empty is nobody.
    pub credentials: Credentials,
    pub table: String,
    pub waitlist_queue_url: String,
    pub notices_queue_url: String,
    /// What becomes of uploads.
    pub uploads_queue_url: String,
    /// Who is to be asked about in registries.
    pub registries_queue_url: String,
    /// The registries of the state and of insurers; none: nobody is asked, and everything is checked by people.
    pub registries: Option<Registries>,
    /// The bucket that browsers upload to.
    pub uploads_bucket: String,
    /// The bucket of files that were looked at.
    pub documents_bucket: String,
    /// Where the stream's records go that cannot be understood.
    pub stream_dead_letters_url: String,
    /// Key id, alias or ARN of the key that wraps data keys.
    pub kms_key_id: String,
    /// The address mails come from.
    pub sender: String,
    /// Where links in messages lead, without a slash at the end.
    pub portal_url: String,
    pub catalogue_dir: PathBuf,
    /// Whether TLS trusts the system's roots instead of Amazon's, which are built in.
    pub system_roots: bool,
    /// Other endpoints than AWS's, by service: `DYNAMODB`, `SQS`, `SESV2`, `SNS`, `KMS`, `S3`.
    pub endpoints: Vec<(String, String)>,
}

#[derive(Debug, thiserror::Error)]
#[error("the environment lacks {}", .0.join(", "))]
pub struct SettingsError(Vec<&'static str>);

const SERVICES: [&str; 6] = ["DYNAMODB", "SQS", "SESV2", "SNS", "KMS", "S3"];

impl Settings {
    /// Reads settings by name.
    ///
    /// # Errors
    /// Names everything that is missing.
    pub fn read(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut missing = Vec::new();
        let mut need = |name: &'static str| {
            get(name).filter(|value| !value.is_empty()).unwrap_or_else(|| {
                missing.push(name);
                String::new()
            })
        };
        let settings = Self {
            region: need("AWS_REGION"),
            credentials: credentials(get),
            table: need("TABLE"),
            waitlist_queue_url: need("WAITLIST_QUEUE_URL"),
            notices_queue_url: need("NOTICES_QUEUE_URL"),
            uploads_queue_url: need("UPLOADS_QUEUE_URL"),
            registries_queue_url: need("REGISTRIES_QUEUE_URL"),
            registries: registries(get),
            uploads_bucket: need("UPLOADS_BUCKET"),
            documents_bucket: need("DOCUMENTS_BUCKET"),
            stream_dead_letters_url: need("STREAM_DEAD_LETTERS_URL"),
            kms_key_id: need("KMS_KEY_ID"),
            sender: need("SENDER"),
            portal_url: need("PORTAL_URL").trim_end_matches('/').to_owned(),
            catalogue_dir: PathBuf::from(need("CATALOGUE_DIR")),
            system_roots: get("SYSTEM_ROOTS").is_some_and(|value| value == "true"),
            endpoints: SERVICES
                .iter()
                .filter_map(|service| {
                    Some(((*service).to_owned(), get(&format!("AWS_ENDPOINT_URL_{service}"))?))
                })
                .collect(),
        };
        if missing.is_empty() { Ok(settings) } else { Err(SettingsError(missing)) }
    }

    /// From the process's environment.
    #[allow(clippy::disallowed_methods, reason = "this is the door")]
    pub fn from_environment() -> Result<Self, SettingsError> {
        Self::read(&|name| std::env::var(name).ok())
    }

    pub fn endpoint(&self, service: &str) -> Option<&str> {
        self.endpoints.iter().find(|(name, _)| name == service).map(|(_, url)| url.as_str())
    }
}

/// Both, or none.
fn registries(get: &dyn Fn(&str) -> Option<String>) -> Option<Registries> {
    let given = |name| get(name).filter(|value| !value.is_empty());
    let url = given("REGISTRIES_URL")?.trim_end_matches('/').to_owned();
    Some(Registries { url, token: given("REGISTRIES_TOKEN")? })
}

fn credentials(get: &dyn Fn(&str) -> Option<String>) -> Credentials {
    let told = |name: &str| get(name).unwrap_or_default();
    let token = get("AWS_SESSION_TOKEN");
    Credentials::new(told("AWS_ACCESS_KEY_ID"), told("AWS_SECRET_ACCESS_KEY"), token, None, "environment")
}
