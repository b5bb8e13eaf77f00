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
    /// Of whom something may be kept no longer.
    pub retention_queue_url: String,
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
    /// The page on which passkeys are used, if that is not the portal: its host is the one that they are for.
    pub passkey_origin: Option<String>,
    pub catalogue_dir: PathBuf,
    /// Countries whose phones get codes, by ISO 3166-1 with commas between; and SMS with codes in an hour, all together.
    pub phone_countries: String,
    pub codes_an_hour: u32,
    /// Certificates of the authorities whose signatures are trusted, as PEM files; an empty or absent folder: none.
    pub signature_roots_dir: PathBuf,
    /// The unified system of identification; none: nobody is confirmed by it.
    pub esia: Option<EsiaSettings>,
    /// Whether TLS trusts the system's roots instead of Amazon's, which are built in.
    pub system_roots: bool,
    /// Other endpoints than AWS's, by service: `DYNAMODB`, `SQS`, `SESV2`, `SNS`, `KMS`, `S3`.
    pub endpoints: Vec<(String, String)>,
}

/// By what this system is known to the unified system of identification.
#[derive(Clone, PartialEq, Eq)]
pub struct EsiaSettings {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
}

impl std::fmt::Debug for EsiaSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EsiaSettings").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl EsiaSettings {
    /// All three, or none.
    fn read(get: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let given = |name| get(name).filter(|value| !value.is_empty());
        Some(Self {
            issuer: given("ESIA_ISSUER")?,
            client_id: given("ESIA_CLIENT_ID")?,
            client_secret: given("ESIA_CLIENT_SECRET")?,
        })
    }
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
        let codes_an_hour = need("CODES_AN_HOUR").parse();
        let settings = Self {
            phone_countries: need("PHONE_COUNTRIES"),
            codes_an_hour: codes_an_hour.unwrap_or_default(),
            region: need("AWS_REGION"),
            credentials: credentials(get),
            table: need("TABLE"),
            waitlist_queue_url: need("WAITLIST_QUEUE_URL"),
            notices_queue_url: need("NOTICES_QUEUE_URL"),
            uploads_queue_url: need("UPLOADS_QUEUE_URL"),
            registries_queue_url: need("REGISTRIES_QUEUE_URL"),
            retention_queue_url: need("RETENTION_QUEUE_URL"),
            registries: registries(get),
            uploads_bucket: need("UPLOADS_BUCKET"),
            documents_bucket: need("DOCUMENTS_BUCKET"),
            stream_dead_letters_url: need("STREAM_DEAD_LETTERS_URL"),
            kms_key_id: need("KMS_KEY_ID"),
            sender: need("SENDER"),
            portal_url: need("PORTAL_URL").trim_end_matches('/').to_owned(),
            passkey_origin: get("PASSKEY_ORIGIN").filter(|given| !given.is_empty()),
            catalogue_dir: PathBuf::from(need("CATALOGUE_DIR")),
            signature_roots_dir: get("SIGNATURE_ROOTS_DIR").filter(|given| !given.is_empty()).map_or_else(
                || PathBuf::from(get("CATALOGUE_DIR").unwrap_or_default()).join("roots"),
                PathBuf::from,
            ),
            esia: EsiaSettings::read(get),
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
