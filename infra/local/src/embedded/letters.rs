//! The mail and SMS services: what they are given goes to the outbox, whole.

use super::Answer;
use super::outbox::{Channel, Letter, Outbox};
use serde_json::{Map, Value, json};

/// Serves `POST /v2/email/outbound-emails`.
pub(super) fn mail(outbox: &Outbox, body: &[u8]) -> Answer {
    let Ok(request) = serde_json::from_slice::<Value>(body) else {
        return Answer::refusal(400, "BadRequestException", "The request is not JSON.");
    };
    let to: Vec<String> = ["ToAddresses", "CcAddresses", "BccAddresses"]
        .iter()
        .filter_map(|list| request["Destination"][list].as_array())
        .flatten()
        .filter_map(|address| address.as_str().map(str::to_owned))
        .collect();
    let content = &request["Content"];
    let simple = &content["Simple"];
    let raw = content["Raw"]["Data"].is_string();
    if (to.is_empty() && !raw) || (!raw && !simple.is_object() && !content["Template"].is_object()) {
        return Answer::refusal(
            400,
            "BadRequestException",
            "A mail needs somebody to go to and something to say.",
        );
    }
    if to.iter().any(|address| !address.is_ascii()) {
        return Answer::refusal(400, "BadRequestException", "Domain or mailbox contains illegal characters.");
    }
    let text = |value: &Value| value["Data"].as_str().map(str::to_owned);
    keep(
        outbox,
        Letter {
            channel: Channel::Mail,
            to,
            from: request["FromEmailAddress"].as_str().map(str::to_owned),
            subject: text(&simple["Subject"]),
            text: text(&simple["Body"]["Text"]),
            html: text(&simple["Body"]["Html"]),
            request,
        },
    )
    .map_or_else(
        |refusal| refusal,
        |number| Answer::json(200, &json!({ "MessageId": format!("mail-{number}") })),
    )
}

/// Serves the SMS service's form protocol.
pub(super) fn sms(outbox: &Outbox, form: &[u8]) -> Answer {
    let fields = form_fields(form);
    let field = |name: &str| fields.get(name).and_then(Value::as_str);
    if field("Action") != Some("Publish") {
        return xml_refusal("InvalidAction", "Only Publish is served.");
    }
    let (Some(phone), Some(message)) = (field("PhoneNumber"), field("Message")) else {
        return xml_refusal("InvalidParameter", "Only messages to a phone number are served.");
    };
    if !phone.starts_with('+') || message.is_empty() {
        return xml_refusal("InvalidParameter", "Invalid parameter: PhoneNumber or Message");
    }
    let letter = Letter {
        channel: Channel::Sms,
        to: vec![phone.to_owned()],
        from: None,
        subject: None,
        text: Some(message.to_owned()),
        html: None,
        request: Value::Object(fields.clone()),
    };
    match keep(outbox, letter) {
        Ok(number) => xml(
            200,
            format!(
                "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult>\
             <MessageId>sms-{number}</MessageId></PublishResult></PublishResponse>"
            ),
        ),
        Err(_) => xml_refusal("InternalFailure", "The outbox failed."),
    }
}

fn keep(outbox: &Outbox, letter: Letter) -> Result<i64, Answer> {
    outbox.keep(&letter).map_err(|error| Answer::refusal(500, "InternalFailure", error.to_string()))
}

fn xml(status: u16, body: String) -> Answer {
    Answer { status, content_type: "text/xml", body: body.into_bytes(), query_error: None }
}

pub(super) fn xml_refusal(code: &str, message: &str) -> Answer {
    let (status, blame) = if code == "InternalFailure" || code == "ServiceUnavailable" {
        (503, "Receiver")
    } else {
        (400, "Sender")
    };
    xml(
        status,
        format!(
            "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>{blame}</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
        ),
    )
}

fn form_fields(form: &[u8]) -> Map<String, Value> {
    form.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let cut = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let value = pair.get(cut + 1..).unwrap_or_default();
            (unescape(&pair[..cut]), Value::String(unescape(value)))
        })
        .collect()
}

/// Undoes the form encoding: `+` is a space, `%41` a byte.
fn unescape(text: &[u8]) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let escaped =
            (*byte == b'%').then(|| Some(digit(text.get(at + 1))? * 16 + digit(text.get(at + 2))?)).flatten();
        match escaped.and_then(|value| u8::try_from(value).ok()) {
            Some(value) => {
                bytes.push(value);
                at += 3;
            }
            None => {
                bytes.push(if *byte == b'+' { b' ' } else { *byte });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_comes_back_as_it_was_written() {
        let fields = form_fields(
            "Action=Publish&Message=%D0%9A%D0%BE%D0%B4+1%2B1%3D2&PhoneNumber=%2B79990001122".as_bytes(),
        );
        assert_eq!(fields["Message"], "Код 1+1=2");
        assert_eq!(fields["PhoneNumber"], "+79990001122");
    }
}
