//! The deployment template as the runner understands it: table, queues, functions, and loud refusals of the rest.

mod functions;
mod intrinsics;
mod node;
mod resources;
mod rights;

pub use intrinsics::{ACCOUNT, REGION};
pub use node::Refusal;

use intrinsics::Names;
use node::Node;
pub(crate) use resources::stream_arn;
pub use rights::{Resources, Statement, Use};
use serde_norway::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Resource types that have no meaning in one process.
const ONLY_ON_AWS: [&str; 6] = [
    "AWS::CloudWatch::Alarm",
    "AWS::Logs::LogGroup",
    "AWS::Serverless::LayerVersion",
    "AWS::KMS::Alias",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
];

/// Why there is no template to run.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    #[error("the template {path} cannot be read")]
    Read { path: String, source: std::io::Error },
    #[error("the template is not YAML")]
    Yaml(#[from] serde_norway::Error),
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Everything the runner takes from the template.
#[derive(Debug, Clone)]
pub struct Template {
    pub table: TableDefinition,
    /// By logical name.
    pub queues: BTreeMap<String, Queue>,
    /// By the name by which requests know them.
    pub buckets: BTreeMap<String, Bucket>,
    /// In the template's order of names.
    pub functions: Vec<Function>,
    /// Logical names of the KMS keys.
    pub keys: Vec<String>,
}

/// The one table.
#[derive(Debug, Clone)]
pub struct TableDefinition {
    pub name: String,
    pub partition_key: String,
    pub sort_key: Option<String>,
    /// The attribute whose seconds since 1970 say when an item may be swept.
    pub ttl: Option<String>,
    /// The request that creates it.
    pub create: serde_json::Value,
}

/// A queue and its rules, times in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    pub delay_s: i64,
    pub visibility_s: i64,
    pub redrive: Option<Redrive>,
    /// Whether another queue, or a stream, sends its failures here.
    pub holds_dead_letters: bool,
}

/// A bucket and its rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bucket {
    /// ARN of the key with which its objects are sealed.
    pub key: Option<String>,
    /// After so many days an object goes by itself.
    pub expires_days: Option<i64>,
    /// Events (`s3:ObjectCreated:Post`) and the queues that hear of them.
    pub tells: Vec<(String, String)>,
}

/// Where a message goes that was received too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redrive {
    pub queue: String,
    pub receives_max: u32,
}

/// A function with everything that can call it.
#[derive(Debug, Clone)]
pub struct Function {
    /// The resource's name: `WaitlistWorkerFunction`.
    pub name: String,
    /// The package built into it: `waitlist-worker`.
    pub package: String,
    pub timeout: Duration,
    pub environment: BTreeMap<String, String>,
    /// What its role allows; `None` without a role of its own, and then nothing is held against it.
    pub rights: Option<Vec<Statement>>,
    pub routes: Vec<Route>,
    pub streams: Vec<StreamSource>,
    pub queues: Vec<QueueSource>,
    pub schedules: Vec<Schedule>,
}

/// A public route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub method: String,
    /// With `{name}` for a segment that varies.
    pub path: String,
}

/// How the table's stream calls a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamSource {
    pub batch_size: usize,
    /// How often a failed batch is tried again.
    pub retries_max: u32,
    /// How long a failed batch is tried again, in seconds; `None` for as long as the retries last.
    pub age_max_s: Option<i64>,
    pub bisects: bool,
    pub reports_failures: bool,
    /// The queue that hears of records given up.
    pub on_failure: Option<String>,
}

/// How a queue calls a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueSource {
    pub queue: String,
    pub batch_size: usize,
    pub reports_failures: bool,
}

/// How time calls a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub name: String,
    pub every: Duration,
}

impl Template {
    /// # Errors
    /// When the file cannot be read, is not YAML, or says something the runner does not understand.
    pub fn read(path: &Path) -> Result<Self, TemplateError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| TemplateError::Read { path: path.display().to_string(), source })?;
        Self::parse(&text)
    }

    /// # Errors
    /// As [`Template::read`], without the reading.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let document: Value = serde_norway::from_str(text)?;
        Ok(read_document(&Node::root(&document))?)
    }
}

/// The address by which functions and clients know a queue.
pub fn queue_url(queue: &str) -> String {
    format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{queue}")
}

/// The name in the resource-name format of AWS.
pub fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}")
}

fn read_document(document: &Node<'_>) -> Result<Template, Refusal> {
    let mut top = document.fields()?;
    top.ignore(&["AWSTemplateFormatVersion", "Description", "Conditions", "Outputs", "Metadata"]);
    top.need("Transform")?.only("AWS::Serverless-2016-10-31")?;
    let mut names = Names::default();
    if let Some(parameters) = top.take("Parameters") {
        resources::name_parameters(&parameters, &mut names)?;
    }
    let globals = top.take("Globals");
    let resources = top.need("Resources")?.fields()?.drain();
    top.finish()?;

    let mut typed = Vec::with_capacity(resources.len());
    for (name, node) in &resources {
        let mut fields = node.fields()?;
        let kind = fields.need("Type")?.text()?;
        resources::name_resource(name, kind, fields.take("Properties").as_ref(), &mut names)?;
        typed.push((*name, kind, node));
    }
    let mut found = resources::Found::default();
    let mut functions = Vec::new();
    let mut roles = BTreeMap::new();
    for (name, kind, node) in typed {
        match kind {
            "AWS::Serverless::Function" => functions.push((name, node)),
            "AWS::IAM::Role" => {
                roles.insert(name.to_owned(), rights::role(node, &names)?);
            }
            kind if ONLY_ON_AWS.contains(&kind) => {}
            kind => found.read(name, kind, node, &names)?,
        }
    }
    let defaults = functions::Defaults::read(globals.as_ref(), &names)?;
    let functions = functions
        .into_iter()
        .map(|(name, node)| functions::read(name, node, &defaults, &names, &roles))
        .collect::<Result<Vec<_>, _>>()?;
    found.finish(functions)
}
