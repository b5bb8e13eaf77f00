//! What the runner does not understand it refuses, saying where.

use super::TEMPLATE;
use local::template::{Template, TemplateError};
use std::time::Duration;

fn refusal(from: &str, to: &str) -> String {
    let changed = TEMPLATE.replacen(from, to, 1);
    assert_ne!(changed, TEMPLATE, "{from} is in the template");
    match Template::parse(&changed) {
        Err(TemplateError::Refused(refusal)) => refusal.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_reads_what_it_needs() {
    let template = Template::parse(TEMPLATE).expect("a template");
    let booking = template.functions.iter().find(|function| function.package == "booking").expect("booking");
    assert_eq!(booking.routes.len(), 2);
    assert_eq!(booking.timeout, Duration::from_secs(10));
    assert_eq!(booking.environment["TABLE"], "okno");
    assert_eq!(booking.environment["PORTAL_URL"], "https://okno.example/citizens");
    assert_eq!(booking.environment["NOTICES_QUEUE_URL"], local::template::queue_url("NoticesQueue"));
    let queue = &template.queues["NoticesQueue"];
    assert_eq!(
        (queue.visibility_s, queue.redrive.as_ref().map(|redrive| redrive.receives_max)),
        (60, Some(5))
    );
    assert!(template.queues["ChangefeedDeadLetters"].holds_dead_letters);
    assert_eq!(template.table.ttl.as_deref(), Some("ttl"));
}

#[test]
fn it_refuses_what_it_does_not_understand() {
    for (from, to, said) in [
        (
            "VisibilityTimeout: 60",
            "FifoQueue: true",
            "Resources.NoticesQueue.Properties.FifoQueue: not understood",
        ),
        (
            "BillingMode: PAY_PER_REQUEST",
            "KinesisStreamSpecification: {}",
            "Resources.Table.Properties.KinesisStreamSpecification: not understood",
        ),
        (
            "Type: AWS::SQS::Queue }",
            "Type: AWS::SNS::Topic }",
            "Resources.NoticesDeadLetters.Type: AWS::SNS::Topic is not understood",
        ),
        (
            "rate(1 minute)",
            "cron(0 9 * * ? *)",
            "Resources.ClockFunction.Properties.Events.EveryMinute.Properties.Schedule: only rate(<n> minutes|hours|days) is understood",
        ),
        (
            "MaximumRetryAttempts: 3",
            "TumblingWindowInSeconds: 3",
            "Resources.ChangefeedFunction.Properties.Events.Changes.Properties.TumblingWindowInSeconds: not understood",
        ),
        (
            "Type: Schedule",
            "Type: S3",
            "Resources.ClockFunction.Properties.Events.EveryMinute.Type: S3 is not understood",
        ),
        (
            "Binary: booking",
            "Binary: bookings",
            "Resources.BookingFunction.Metadata.BuildProperties.Binary: must be booking, after the name BookingFunction",
        ),
        ("Timeout: 10", "EphemeralStorage: 10", "Globals.Function.EphemeralStorage: not understood"),
        (
            "!GetAtt NoticesDeadLetters.Arn",
            "!GetAtt NoQueue.Arn",
            "Resources.NoticesQueue.Properties.RedrivePolicy: NoQueue is not a queue of this template",
        ),
        (
            "!Ref Table\n",
            "!Ref Tables\n",
            "Globals.Function.Environment.Variables.TABLE: Tables has no value here",
        ),
        (
            "!GetAtt ClockRole.Arn",
            "!GetAtt NoRole.Arn",
            "Resources.ClockFunction.Properties.Role: NoRole is not a role of this template",
        ),
        (
            "Effect: Allow",
            "Effect: Deny",
            "Resources.ClockRole.Properties.Policies.0.PolicyDocument.Statement.0.Effect: not understood",
        ),
        (
            "dynamodb:PutItem",
            "dynamodb:Put*",
            "Resources.ClockRole.Properties.Policies.0.PolicyDocument.Statement.0.Action: dynamodb:Put* is not one action; name each",
        ),
        (
            "StringEquals",
            "StringLike",
            "Resources.ClockRole.Properties.Policies.0.PolicyDocument.Statement.1.Condition.StringEquals: is missing",
        ),
        (
            "Resource: [!GetAtt DataKey.Arn]",
            "Resource: [!GetAtt NoKey.Arn]",
            "Resources.ClockRole.Properties.Policies.0.PolicyDocument.Statement.1.Resource.0: NoKey.Arn has no value here",
        ),
    ] {
        assert_eq!(refusal(from, to), said);
    }
}

#[test]
fn it_understands_what_is_deployed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let template = Template::read(&root.join("infra/template.yaml")).expect("the deployed template");
    let mut packages: Vec<String> =
        template.functions.iter().map(|function| function.package.clone()).collect();
    let functions = std::fs::read_dir(root.join("functions")).expect("the functions");
    let mut folders: Vec<String> =
        functions.map(|entry| entry.expect("a folder").file_name().to_string_lossy().into_owned()).collect();
    packages.sort();
    folders.sort();
    assert_eq!(packages, folders);
}
