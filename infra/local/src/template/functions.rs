//! Functions of the template and what calls them: routes, the stream, queues, schedules.

use super::intrinsics::{Names, resource_of};
use super::node::{Fields, Node, Refusal};
use super::{Function, QueueSource, Route, Schedule, Statement, StreamSource};
use std::collections::BTreeMap;
use std::time::Duration;

/// What matters to a function only on AWS.
const ONLY_ON_AWS: [&str; 16] = [
    "Architectures",
    "AutoPublishAlias",
    "AutoPublishAliasAllProperties",
    "CodeUri",
    "DeploymentPreference",
    "Description",
    "Handler",
    "Layers",
    "LoggingConfig",
    "MemorySize",
    "PermissionsBoundary",
    "Policies",
    "ReservedConcurrentExecutions",
    "Runtime",
    "Tags",
    "Tracing",
];

/// What AWS takes where neither the function nor `Globals` says it.
const TIMEOUT_S: i64 = 3;

/// What `Globals.Function` gives every function.
#[derive(Debug)]
pub(super) struct Defaults {
    environment: BTreeMap<String, String>,
    timeout_s: i64,
}

impl Defaults {
    pub fn read(globals: Option<&Node<'_>>, names: &Names) -> Result<Self, Refusal> {
        let mut defaults = Self { environment: BTreeMap::new(), timeout_s: TIMEOUT_S };
        let Some(globals) = globals else { return Ok(defaults) };
        let mut sections = globals.fields()?;
        if let Some(function) = sections.take("Function") {
            let mut fields = function.fields()?;
            fields.ignore(&ONLY_ON_AWS);
            defaults.environment = environment(&mut fields, names)?;
            defaults.timeout_s = timeout(&mut fields, TIMEOUT_S)?;
            fields.finish()?;
        }
        sections.finish()?;
        Ok(defaults)
    }
}

pub(super) fn read(
    name: &str,
    node: &Node<'_>,
    defaults: &Defaults,
    names: &Names,
    roles: &BTreeMap<String, Vec<Statement>>,
) -> Result<Function, Refusal> {
    let mut resource = node.fields()?;
    resource.ignore(&["Type", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy"]);
    let package = package(name, node, &mut resource)?;
    let properties = resource.need("Properties")?;
    resource.finish()?;
    let mut fields = properties.fields()?;
    fields.ignore(&ONLY_ON_AWS);
    let mut own = environment(&mut fields, names)?;
    let mut environment = defaults.environment.clone();
    environment.append(&mut own);
    let timeout_s = timeout(&mut fields, defaults.timeout_s)?;
    let rights = fields.take("Role").map(|node| rights(&node, roles)).transpose()?;
    let events = fields.take("Events");
    fields.finish()?;
    let mut function = Function {
        name: name.to_owned(),
        package,
        timeout: Duration::from_secs(timeout_s.unsigned_abs()),
        environment,
        rights,
        routes: Vec::new(),
        streams: Vec::new(),
        queues: Vec::new(),
        schedules: Vec::new(),
    };
    for (event_name, event) in
        events.map(|events| events.fields()).transpose()?.map_or(Vec::new(), |mut all| all.drain())
    {
        read_event(&mut function, event_name, &event)?;
    }
    Ok(function)
}

/// The package by the resource's name, `WaitlistWorkerFunction` → `waitlist-worker`; the build's binary must agree.
fn package(name: &str, node: &Node<'_>, resource: &mut Fields<'_>) -> Result<String, Refusal> {
    let stem = name.strip_suffix("Function").filter(|stem| !stem.is_empty());
    let stem = stem.ok_or_else(|| node.refuse("a function's resource is named <Package>Function"))?;
    let mut package = String::new();
    for letter in stem.chars() {
        if letter.is_uppercase() && !package.is_empty() {
            package.push('-');
        }
        package.extend(letter.to_lowercase());
    }
    let Some(metadata) = resource.take("Metadata") else { return Ok(package) };
    let mut build = metadata.fields()?;
    build.ignore(&["BuildMethod"]);
    if let Some(properties) = build.take("BuildProperties") {
        let mut properties = properties.fields()?;
        if let Some(binary) = properties.take("Binary")
            && binary.text()? != package
        {
            return Err(binary.refuse(format!("must be {package}, after the name {name}")));
        }
        properties.finish()?;
    }
    build.finish()?;
    Ok(package)
}

fn environment(fields: &mut Fields<'_>, names: &Names) -> Result<BTreeMap<String, String>, Refusal> {
    let Some(node) = fields.take("Environment") else { return Ok(BTreeMap::new()) };
    let mut section = node.fields()?;
    let variables = section.need("Variables")?;
    section.finish()?;
    variables
        .fields()?
        .drain()
        .into_iter()
        .map(|(name, node)| Ok((name.to_owned(), names.text(&node)?)))
        .collect()
}

fn rights(node: &Node<'_>, roles: &BTreeMap<String, Vec<Statement>>) -> Result<Vec<Statement>, Refusal> {
    let role = resource_of(node, "Arn")?;
    roles.get(&role).cloned().ok_or_else(|| node.refuse(format!("{role} is not a role of this template")))
}

fn timeout(fields: &mut Fields<'_>, default_s: i64) -> Result<i64, Refusal> {
    fields.take("Timeout").map_or(Ok(default_s), |node| node.number(1, 900))
}

fn read_event(function: &mut Function, name: &str, event: &Node<'_>) -> Result<(), Refusal> {
    let mut fields = event.fields()?;
    let kind = fields.need("Type")?;
    let properties = fields.need("Properties")?;
    fields.finish()?;
    let mut properties = properties.fields()?;
    match kind.text()? {
        "HttpApi" => function.routes.push(route(&mut properties)?),
        "DynamoDB" => function.streams.push(stream(&mut properties)?),
        "SQS" => function.queues.push(queue(&mut properties)?),
        "Schedule" => function.schedules.push(schedule(name, &mut properties)?),
        other => return Err(kind.refuse(format!("{other} is not understood"))),
    }
    properties.finish()
}

fn route(properties: &mut Fields<'_>) -> Result<Route, Refusal> {
    properties.ignore(&["ApiId"]);
    let method = properties.need("Method")?;
    let path = properties.need("Path")?;
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let upper = method.text()?.to_ascii_uppercase();
    if !known.contains(&upper.as_str()) {
        return Err(method.not_understood());
    }
    let text = path.text()?;
    if !text.starts_with('/') || text.contains('+') {
        return Err(path.not_understood());
    }
    Ok(Route { method: upper, path: text.to_owned() })
}

fn stream(properties: &mut Fields<'_>) -> Result<StreamSource, Refusal> {
    resource_of(&properties.need("Stream")?, "StreamArn")?;
    properties.need("StartingPosition")?.only("TRIM_HORIZON")?;
    // Batches are served as they come and one shard at a time: both only make a difference in speed.
    if let Some(node) = properties.take("ParallelizationFactor") {
        node.number(1, 10)?;
    }
    if let Some(node) = properties.take("MaximumBatchingWindowInSeconds") {
        node.number(0, 300)?;
    }
    let on_failure = properties.take("DestinationConfig").map(|node| on_failure(&node)).transpose()?;
    Ok(StreamSource {
        batch_size: size(properties, 100, 1_000)?,
        retries_max: match properties.take("MaximumRetryAttempts") {
            // -1 is without end.
            Some(node) => u32::try_from(node.number(-1, 10_000)?).unwrap_or(u32::MAX),
            None => u32::MAX,
        },
        age_max_s: properties
            .take("MaximumRecordAgeInSeconds")
            .map(|node| node.number(60, 604_800))
            .transpose()?,
        bisects: properties.take("BisectBatchOnFunctionError").map_or(Ok(false), |node| node.switch())?,
        reports_failures: reports_failures(properties)?,
        on_failure,
    })
}

fn on_failure(node: &Node<'_>) -> Result<String, Refusal> {
    let mut config = node.fields()?;
    let target = config.need("OnFailure")?;
    config.finish()?;
    let mut target = target.fields()?;
    if let Some(kind) = target.take("Type") {
        kind.only("SQS")?;
    }
    let queue = resource_of(&target.need("Destination")?, "Arn")?;
    target.finish()?;
    Ok(queue)
}

fn queue(properties: &mut Fields<'_>) -> Result<QueueSource, Refusal> {
    let queue = resource_of(&properties.need("Queue")?, "Arn")?;
    // One process serves each queue one batch after the other.
    if let Some(node) = properties.take("ScalingConfig") {
        let mut scaling = node.fields()?;
        scaling.need("MaximumConcurrency")?.number(2, 1_000)?;
        scaling.finish()?;
    }
    if let Some(node) = properties.take("MaximumBatchingWindowInSeconds") {
        node.number(0, 300)?;
    }
    Ok(QueueSource {
        queue,
        batch_size: size(properties, 10, 10)?,
        reports_failures: reports_failures(properties)?,
    })
}

fn size(properties: &mut Fields<'_>, default: i64, max: i64) -> Result<usize, Refusal> {
    let size = properties.take("BatchSize").map_or(Ok(default), |node| node.number(1, max))?;
    Ok(usize::try_from(size).unwrap_or(1))
}

fn reports_failures(properties: &mut Fields<'_>) -> Result<bool, Refusal> {
    let Some(node) = properties.take("FunctionResponseTypes") else { return Ok(false) };
    for kind in node.list()? {
        kind.only("ReportBatchItemFailures")?;
    }
    Ok(true)
}

fn schedule(name: &str, properties: &mut Fields<'_>) -> Result<Schedule, Refusal> {
    properties.ignore(&["Description", "Name"]);
    if let Some(enabled) = properties.take("Enabled")
        && !enabled.switch()?
    {
        return Err(enabled.refuse("a schedule that is switched off is not understood; leave it out"));
    }
    let node = properties.need("Schedule")?;
    let every =
        rate(node.text()?).ok_or_else(|| node.refuse("only rate(<n> minutes|hours|days) is understood"))?;
    Ok(Schedule { name: name.to_owned(), every })
}

fn rate(expression: &str) -> Option<Duration> {
    let (number, unit) = expression.strip_prefix("rate(")?.strip_suffix(')')?.split_once(' ')?;
    let number: u64 = number.parse().ok().filter(|number| (1..=1_000).contains(number))?;
    let unit_s = match unit {
        "minute" | "minutes" => 60,
        "hour" | "hours" => 3_600,
        "day" | "days" => 86_400,
        _ => return None,
    };
    Some(Duration::from_secs(number * unit_s))
}
