//! What a request does to the outside, as rights speak of it: actions, resources, and what conditions ask for.

use super::faults::{Service, actions};
use crate::template::{Bucket, Use, arn};
use serde_json::Value;
use std::collections::BTreeMap;

/// Under which identity mail goes: the template leaves that to whoever deploys it.
const IDENTITY: &str = "${SenderIdentityArn}";

/// Everything that a request does; `None` when it is of a kind that nobody has described here.
pub(super) fn uses(
    service: Service,
    operation: &str,
    request: &Value,
    buckets: &BTreeMap<String, Bucket>,
) -> Option<Vec<Use>> {
    let plain = |action: &str, resource: String| Use {
        action: action.to_owned(),
        resource,
        context: BTreeMap::new(),
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let table = |value: &Value| arn("dynamodb", &format!("table/{}", text(value)));
    let queue = |url: &Value| arn("sqs", text(url).rsplit('/').next().unwrap_or_default());
    Some(match (service, operation) {
        (Service::Table, "Query" | "Scan") => {
            let index =
                request["IndexName"].as_str().map(|index| format!("/index/{index}")).unwrap_or_default();
            vec![plain(&format!("dynamodb:{operation}"), table(&request["TableName"]) + &index)]
        }
        (Service::Table, "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem") => {
            vec![plain(&format!("dynamodb:{operation}"), table(&request["TableName"]))]
        }
        (Service::Table, "BatchGetItem") => {
            let tables = request["RequestItems"].as_object()?.keys();
            let read =
                |name: &String| plain("dynamodb:BatchGetItem", arn("dynamodb", &format!("table/{name}")));
            tables.map(read).collect()
        }
        // A transaction needs the right of each of its actions and none of its own.
        (Service::Table, "TransactWriteItems") => {
            let mut all = Vec::new();
            for (name, action) in actions(request) {
                let right = match name {
                    "Put" => "dynamodb:PutItem",
                    "Update" => "dynamodb:UpdateItem",
                    "Delete" => "dynamodb:DeleteItem",
                    "ConditionCheck" => "dynamodb:ConditionCheckItem",
                    _ => return None,
                };
                all.push(plain(right, table(&action["TableName"])));
            }
            all
        }
        (Service::Queues, "SendMessage" | "SendMessageBatch") => {
            vec![plain("sqs:SendMessage", queue(&request["QueueUrl"]))]
        }
        (Service::Mail, "SendEmail") => {
            let from = text(&request["FromEmailAddress"]);
            let address = from.rsplit('<').next().unwrap_or_default().trim_end_matches('>').to_owned();
            let context = BTreeMap::from([("ses:FromAddress".to_owned(), address)]);
            vec![Use { context, ..plain("ses:SendEmail", IDENTITY.to_owned()) }]
        }
        // A phone has no name among resources: it is whatever is no topic.
        (Service::Sms, "Publish") => vec![plain("sns:Publish", "a phone".to_owned())],
        (Service::Keys, "Decrypt" | "GenerateDataKeyWithoutPlaintext") => {
            let bound = request["EncryptionContext"].as_object()?.iter();
            let context = bound.map(|(name, value)| (format!("kms:EncryptionContext:{name}"), text(value)));
            vec![Use {
                context: context.collect(),
                ..plain(&format!("kms:{operation}"), text(&request["KeyId"]))
            }]
        }
        (Service::Files, "ListObjectsV2") => {
            vec![plain("s3:ListBucket", format!("arn:aws:s3:::{}", text(&request["Bucket"])))]
        }
        (Service::Files, "GetObject" | "PutObject" | "DeleteObject") => {
            let (bucket, key) = (text(&request["Bucket"]), text(&request["Key"]));
            let bucket_arn = format!("arn:aws:s3:::{bucket}");
            let mut all = vec![plain(&format!("s3:{operation}"), format!("{bucket_arn}/{key}"))];
            // The store seals with a key in the name of whoever asks. It binds to the bucket what it seals.
            let seals = match operation {
                "PutObject" => Some("kms:GenerateDataKey"),
                "GetObject" => Some("kms:Decrypt"),
                _ => None,
            };
            if let (Some(right), Some(key)) = (seals, buckets.get(&bucket)?.key.as_ref()) {
                let context = BTreeMap::from([("kms:EncryptionContext:aws:s3:arn".to_owned(), bucket_arn)]);
                all.push(Use { context, ..plain(right, key.clone()) });
            }
            all
        }
        _ => return None,
    })
}
