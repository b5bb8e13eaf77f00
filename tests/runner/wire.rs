//! The SDKs meet a table, queues, mail, SMS and keys that answer as AWS does.

use super::{Stage, sdk};
use aws_sdk_dynamodb::types::AttributeValue::{N, S};
use aws_sdk_kms::primitives::Blob;
use local::embedded::outbox::Channel;

#[tokio::test]
async fn an_unmet_condition_comes_back_with_the_old_item() {
    let stage = Stage::new().await;
    super::put(&stage.system, "a", &["1"]).await;
    let update = sdk::table(&stage.system)
        .update_item()
        .table_name("okno")
        .key("pk", S("a".into()))
        .key("sk", S("1".into()));
    let refused = update
        .update_expression("SET v = :v")
        .condition_expression("attribute_exists(nowhere)")
        .expression_attribute_values(":v", N("1".into()))
        .return_values_on_condition_check_failure(
            aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld,
        )
        .send()
        .await
        .expect_err("a refusal");
    let refused = refused.into_service_error();
    assert!(refused.is_conditional_check_failed_exception(), "{refused:?}");
}

#[tokio::test]
async fn a_malformed_request_is_a_validation_error_without_private_marks() {
    let stage = Stage::new().await;
    let refused =
        sdk::table(&stage.system).get_item().table_name("okno").key("pk", S("a".into())).send().await;
    let text = format!("{:?}", refused.expect_err("half a key"));
    assert!(text.contains("ValidationException") && !text.contains("VALIDATION"), "{text}");
}

#[tokio::test]
async fn a_mail_is_kept_whole() {
    use aws_sdk_sesv2::types::{Attachment, Body, Content, Destination, EmailContent, Message, MessageTag};
    let stage = Stage::new().await;
    let content = |text: &str| Content::builder().data(text).build().expect("content");
    let attachment = Attachment::builder()
        .file_name("visit.ics")
        .raw_content(Blob::new("BEGIN"))
        .build()
        .expect("attachment");
    let message = Message::builder()
        .subject(content("Вы записаны"))
        .body(Body::builder().text(content("текст")).html(content("<p>текст</p>")).build())
        .attachments(attachment)
        .build();
    let sent = sdk::mail(&stage.system)
        .send_email()
        .from_email_address("no-reply@okno.example")
        .destination(Destination::builder().to_addresses("anna@example.com").build())
        .content(EmailContent::builder().simple(message).build())
        .configuration_set_name("notices")
        .email_tags(MessageTag::builder().name("kind").value("booked").build().expect("tag"))
        .send()
        .await
        .expect("sent");
    assert_eq!(sent.message_id(), Some("mail-1"));
    let kept = stage.system.outbox().list(0, 10).expect("a list");
    let letter = &kept[0].letter;
    assert_eq!((letter.channel, letter.to.as_slice()), (Channel::Mail, &["anna@example.com".to_owned()][..]));
    assert_eq!(letter.subject.as_deref(), Some("Вы записаны"));
    assert_eq!(letter.html.as_deref(), Some("<p>текст</p>"));
    assert_eq!(letter.request["ConfigurationSetName"], "notices");
    assert_eq!(letter.request["EmailTags"][0]["Value"], "booked");
    assert_eq!(letter.request["Content"]["Simple"]["Attachments"][0]["FileName"], "visit.ics");
    assert_eq!(kept[0].sent_at, super::noon());
    assert!(stage.system.outbox().list(kept[0].number, 10).expect("a list").is_empty());
}

#[tokio::test]
async fn an_sms_is_kept_in_its_own_letters() {
    let stage = Stage::new().await;
    let sms = sdk::sms(&stage.system);
    sms.publish().phone_number("+79990001122").message("Код 123456 + «ёлка»").send().await.expect("sent");
    let kept = stage.system.outbox().list(0, 10).expect("a list");
    assert_eq!(kept[0].letter.text.as_deref(), Some("Код 123456 + «ёлка»"));
    assert_eq!(kept[0].letter.to, ["+79990001122"]);
    let refused = sms.publish().message("to nobody").send().await.expect_err("no phone").into_service_error();
    assert!(refused.is_invalid_parameter_exception(), "{refused:?}");
}

#[tokio::test]
async fn a_data_key_opens_only_in_its_own_context() {
    let stage = Stage::new().await;
    let keys = sdk::keys(&stage.system);
    let made = keys
        .generate_data_key_without_plaintext()
        .key_id("arn:aws:kms:local-1:000000000000:key/DataKey")
        .key_spec(aws_sdk_kms::types::DataKeySpec::Aes256)
        .encryption_context("purpose", "personal")
        .send()
        .await
        .expect("a key");
    let blob = made.ciphertext_blob().cloned().expect("a blob");
    let open = |purpose: &str| {
        keys.decrypt().ciphertext_blob(blob.clone()).encryption_context("purpose", purpose).send()
    };
    let opened = open("personal").await.expect("opened");
    assert_eq!(opened.plaintext().map(|plain| plain.as_ref().len()), Some(32));
    let refused = open("links").await.expect_err("another purpose").into_service_error();
    assert!(refused.is_invalid_ciphertext_exception(), "{refused:?}");
    let refused =
        keys.encrypt().key_id("other").plaintext(Blob::new("x")).send().await.expect_err("no such key");
    assert!(refused.into_service_error().is_not_found_exception());
}

#[tokio::test]
async fn a_queue_keeps_its_limits() {
    use aws_sdk_sqs::types::{QueueAttributeName, SendMessageBatchRequestEntry};
    let stage = Stage::new().await;
    let queues = sdk::queues(&stage.system);
    let url = local::template::queue_url("NoticesQueue");
    let entry = |id: usize| {
        let entry = SendMessageBatchRequestEntry::builder().id(id.to_string()).message_body(format!("m{id}"));
        entry.delay_seconds(if id == 0 { 0 } else { 60 }).build().expect("an entry")
    };
    let batch = |count: usize| {
        (0..count).fold(queues.send_message_batch().queue_url(&url), |batch, id| batch.entries(entry(id)))
    };
    assert_eq!(batch(10).send().await.expect("ten").successful().len(), 10);
    batch(11).send().await.expect_err("eleven are too many");
    let send = || queues.send_message().queue_url(&url);
    send().message_body("x".repeat(256 * 1024 + 1)).send().await.expect_err("too large");
    send().message_body("x").delay_seconds(901).send().await.expect_err("too late");
    let unknown = queues.send_message().queue_url("https://x/NoQueue").message_body("x").send().await;
    assert!(unknown.expect_err("unknown").into_service_error().is_queue_does_not_exist());
    let asked =
        queues.get_queue_attributes().queue_url(&url).attribute_names(QueueAttributeName::All).send().await;
    let attributes = asked.expect("attributes").attributes.expect("some");
    assert_eq!(attributes[&QueueAttributeName::ApproximateNumberOfMessages], "1");
    assert_eq!(attributes[&QueueAttributeName::ApproximateNumberOfMessagesDelayed], "9");
}
