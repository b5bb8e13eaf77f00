//! The table, the queues, the keys and the door, as the template writes them.

use super::intrinsics::{ACCOUNT, Names, REGION, resource_of};
use super::node::{Node, Refusal};
use super::{Bucket, Function, Queue, Redrive, TableDefinition, Template, arn, queue_url};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The table's name where the template leaves it to AWS.
const TABLE_NAME: &str = "okno";

const CREATION: [&str; 4] = ["AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode"];

/// Parameters stand for their defaults; the pseudo parameters for this process.
pub(super) fn name_parameters(node: &Node<'_>, names: &mut Names) -> Result<(), Refusal> {
    for (name, parameter) in node.fields()?.drain() {
        let mut fields = parameter.fields()?;
        let given = fields.take("Default").map(|default| names.text(&default)).transpose()?;
        match given {
            Some(default) => names.refs.insert(name.to_owned(), default),
            None => names.open.insert(name.to_owned(), format!("${{{name}}}")),
        };
    }
    let pseudo = [
        ("AccountId", ACCOUNT),
        ("Region", REGION),
        ("Partition", "aws"),
        ("StackName", "okno"),
        ("URLSuffix", "amazonaws.com"),
    ];
    names.refs.extend(pseudo.map(|(name, value)| (format!("AWS::{name}"), value.to_owned())));
    Ok(())
}

/// What `!Ref` and `!GetAtt` on a resource give.
pub(super) fn name_resource(
    name: &str,
    kind: &str,
    properties: Option<&Node<'_>>,
    names: &mut Names,
) -> Result<(), Refusal> {
    let mut attributes: Vec<(&str, String)> = Vec::new();
    let reference = match kind {
        "AWS::DynamoDB::Table" => {
            let given =
                properties.map(Node::fields).transpose()?.and_then(|mut fields| fields.take("TableName"));
            let table = given.map_or(Ok(TABLE_NAME.to_owned()), |node| names.text(&node))?;
            attributes.push(("Arn", arn("dynamodb", &format!("table/{table}"))));
            attributes.push(("StreamArn", stream_arn(&table)));
            table
        }
        "AWS::SQS::Queue" => {
            attributes.push(("Arn", arn("sqs", name)));
            attributes.push(("QueueName", name.to_owned()));
            queue_url(name)
        }
        "AWS::S3::Bucket" => {
            let bucket = format!("okno-{}", name.to_ascii_lowercase());
            attributes.push(("Arn", format!("arn:aws:s3:::{bucket}")));
            bucket
        }
        "AWS::Logs::LogGroup" => {
            attributes.push(("Arn", arn("logs", &format!("log-group:{name}"))));
            name.to_owned()
        }
        "AWS::KMS::Key" => {
            attributes.push(("Arn", arn("kms", &format!("key/{name}"))));
            name.to_owned()
        }
        _ => name.to_owned(),
    };
    names.refs.insert(name.to_owned(), reference);
    names
        .attributes
        .extend(attributes.into_iter().map(|(attribute, value)| (format!("{name}.{attribute}"), value)));
    Ok(())
}

/// The stream's name in events.
pub(crate) fn stream_arn(table: &str) -> String {
    arn("dynamodb", &format!("table/{table}/stream/local"))
}

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    table: Option<TableDefinition>,
    queues: BTreeMap<String, Queue>,
    buckets: BTreeMap<String, Bucket>,
    keys: Vec<String>,
}

impl Found {
    /// # Errors
    /// When the type or a property is not understood.
    pub fn read(&mut self, name: &str, kind: &str, node: &Node<'_>, names: &Names) -> Result<(), Refusal> {
        let mut resource = node.fields()?;
        resource.ignore(&["DeletionPolicy", "UpdateReplacePolicy", "Metadata", "DependsOn"]);
        let kind_node = resource.need("Type")?;
        let properties = resource.take("Properties");
        resource.finish()?;
        match (kind, properties) {
            ("AWS::DynamoDB::Table", Some(properties)) if self.table.is_some() => {
                Err(properties.refuse("is a second table; the runner serves one"))
            }
            ("AWS::DynamoDB::Table", Some(properties)) => {
                self.table = Some(table(name, &properties, names)?);
                Ok(())
            }
            ("AWS::SQS::Queue", properties) => {
                self.queues.insert(name.to_owned(), queue(properties.as_ref())?);
                Ok(())
            }
            ("AWS::S3::Bucket", Some(properties)) => {
                let known_as = names.refs.get(name).cloned().unwrap_or_default();
                self.buckets.insert(known_as, bucket(&properties, names)?);
                Ok(())
            }
            ("AWS::KMS::Key", Some(properties)) => {
                self.keys.push(name.to_owned());
                key(&properties)
            }
            ("AWS::Serverless::HttpApi", properties) => door(properties.as_ref()),
            _ => Err(kind_node.refuse(format!("{kind} is not understood"))),
        }
    }

    /// Ties the queues to those who send their failures to them.
    pub fn finish(mut self, functions: Vec<Function>) -> Result<Template, Refusal> {
        let refuse = |path: String, reason: String| Refusal { path, reason };
        let redrives = self.queues.iter().filter_map(|(name, queue)| Some((name, queue.redrive.as_ref()?)));
        let mut dead: Vec<(String, String)> = redrives
            .map(|(name, redrive)| {
                (format!("Resources.{name}.Properties.RedrivePolicy"), redrive.queue.clone())
            })
            .collect();
        for function in &functions {
            let at = format!("Resources.{}.Properties.Events", function.name);
            for source in &function.queues {
                if !self.queues.contains_key(&source.queue) {
                    return Err(refuse(at, format!("{} is not a queue of this template", source.queue)));
                }
            }
            dead.extend(
                function.streams.iter().filter_map(|source| Some((at.clone(), source.on_failure.clone()?))),
            );
        }
        for (path, target) in dead {
            match self.queues.get_mut(&target) {
                Some(queue) => queue.holds_dead_letters = true,
                None => return Err(refuse(path, format!("{target} is not a queue of this template"))),
            }
        }
        let table = self
            .table
            .ok_or_else(|| refuse("Resources".into(), "there is no AWS::DynamoDB::Table".into()))?;
        Ok(Template { table, queues: self.queues, buckets: self.buckets, functions, keys: self.keys })
    }
}

fn table(name: &str, properties: &Node<'_>, names: &Names) -> Result<TableDefinition, Refusal> {
    let mut fields = properties.fields()?;
    fields.ignore(&[
        "PointInTimeRecoverySpecification",
        "DeletionProtectionEnabled",
        "SSESpecification",
        "Tags",
        "TableName",
    ]);
    let mut create = serde_json::Map::new();
    for property in CREATION {
        if let Some(node) = fields.take(property) {
            let value: Value = serde_json::to_value(node.value).map_err(|_| node.not_understood())?;
            create.insert(property.to_owned(), value);
        }
    }
    if let Some(node) = fields.take("StreamSpecification") {
        let mut stream = node.fields()?;
        let view = stream.need("StreamViewType")?.text()?;
        create.insert("StreamSpecification".into(), json!({ "StreamEnabled": true, "StreamViewType": view }));
        stream.finish()?;
    }
    let mut ttl = None;
    if let Some(node) = fields.take("TimeToLiveSpecification") {
        let mut spec = node.fields()?;
        let attribute = spec.need("AttributeName")?.text()?;
        if spec.need("Enabled")?.switch()? {
            ttl = Some(attribute.to_owned());
        }
        spec.finish()?;
    }
    fields.finish()?;
    let key = |kind: &str| {
        let schema = create.get("KeySchema")?.as_array()?;
        let element = schema.iter().find(|element| element["KeyType"] == kind)?;
        element["AttributeName"].as_str().map(str::to_owned)
    };
    let partition_key = key("HASH").ok_or_else(|| properties.refuse("KeySchema has no HASH key"))?;
    let sort_key = key("RANGE");
    let table_name = names.refs.get(name).cloned().unwrap_or_else(|| TABLE_NAME.to_owned());
    create.insert("TableName".into(), json!(table_name));
    Ok(TableDefinition { name: table_name, partition_key, sort_key, ttl, create: Value::Object(create) })
}

fn queue(properties: Option<&Node<'_>>) -> Result<Queue, Refusal> {
    let mut queue = Queue { delay_s: 0, visibility_s: 30, redrive: None, holds_dead_letters: false };
    let Some(properties) = properties else { return Ok(queue) };
    let mut fields = properties.fields()?;
    // Messages are kept here for ever, so that a moved clock loses none.
    fields.ignore(&["MessageRetentionPeriod", "SqsManagedSseEnabled", "KmsMasterKeyId", "QueueName", "Tags"]);
    if let Some(node) = fields.take("DelaySeconds") {
        queue.delay_s = node.number(0, 900)?;
    }
    if let Some(node) = fields.take("VisibilityTimeout") {
        queue.visibility_s = node.number(0, 43_200)?;
    }
    if let Some(node) = fields.take("RedrivePolicy") {
        let mut policy = node.fields()?;
        let target = resource_of(&policy.need("deadLetterTargetArn")?, "Arn")?;
        let receives_max = u32::try_from(policy.need("maxReceiveCount")?.number(1, 1_000)?).unwrap_or(1_000);
        policy.finish()?;
        queue.redrive = Some(Redrive { queue: target, receives_max });
    }
    fields.finish()?;
    Ok(queue)
}

fn bucket(properties: &Node<'_>, names: &Names) -> Result<Bucket, Refusal> {
    let mut bucket = Bucket::default();
    let mut fields = properties.fields()?;
    // Who may see it is between browsers and AWS.
    fields.ignore(&["CorsConfiguration", "OwnershipControls", "PublicAccessBlockConfiguration", "Tags"]);
    if let Some(node) = fields.take("BucketEncryption") {
        let mut encryption = node.fields()?;
        for rule in encryption.need("ServerSideEncryptionConfiguration")?.list()? {
            let mut rule = rule.fields()?;
            // Without it the context would be the object's name.
            let narrow = rule.need("BucketKeyEnabled")?;
            if !narrow.switch()? {
                return Err(narrow.not_understood());
            }
            let mut default = rule.need("ServerSideEncryptionByDefault")?.fields()?;
            rule.finish()?;
            default.need("SSEAlgorithm")?.only("aws:kms")?;
            bucket.key = Some(names.text(&default.need("KMSMasterKeyID")?)?);
            default.finish()?;
        }
        encryption.finish()?;
    }
    if let Some(node) = fields.take("LifecycleConfiguration") {
        let mut lifecycle = node.fields()?;
        for rule in lifecycle.need("Rules")?.list()? {
            let mut rule = rule.fields()?;
            rule.ignore(&["AbortIncompleteMultipartUpload"]);
            rule.need("Status")?.only("Enabled")?;
            bucket.expires_days = Some(rule.need("ExpirationInDays")?.number(1, 3_650)?);
            rule.finish()?;
        }
        lifecycle.finish()?;
    }
    if let Some(node) = fields.take("NotificationConfiguration") {
        let mut notification = node.fields()?;
        for one in notification.need("QueueConfigurations")?.list()? {
            let mut one = one.fields()?;
            let event = one.need("Event")?.text()?.to_owned();
            bucket.tells.push((event, resource_of(&one.need("Queue")?, "Arn")?));
            one.finish()?;
        }
        notification.finish()?;
    }
    fields.finish()?;
    Ok(bucket)
}

fn key(properties: &Node<'_>) -> Result<(), Refusal> {
    let mut fields = properties.fields()?;
    fields.ignore(&[
        "Description",
        "Enabled",
        "EnableKeyRotation",
        "KeyPolicy",
        "PendingWindowInDays",
        "Tags",
    ]);
    fields.finish()
}

fn door(properties: Option<&Node<'_>>) -> Result<(), Refusal> {
    let Some(properties) = properties else { return Ok(()) };
    let mut fields = properties.fields()?;
    fields.ignore(&[
        "AccessLogSettings",
        "CorsConfiguration",
        "DefaultRouteSettings",
        "FailOnWarnings",
        "Name",
        "StageName",
        "Tags",
    ]);
    fields.finish()
}
