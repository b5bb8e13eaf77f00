//! Mail through SES: plain text and HTML side by side.

use crate::{Outbound, OutboundError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageTag};

const SERVICE: &str = "SES";

/// A mail to one person.
#[derive(Debug, Clone, Copy)]
pub struct Mail<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub html: &'a str,
    /// The notice's number: the same for every try, so that duplicates can be told.
    pub number: &'a str,
}

impl Outbound {
    /// Sends a mail and answers the provider's message id.
    pub async fn send_mail(&self, mail: &Mail<'_>) -> Result<String, OutboundError> {
        let content = |data: &str| {
            Content::builder()
                .data(data)
                .charset("UTF-8")
                .build()
                .map_err(OutboundError::unavailable(SERVICE))
        };
        let body = Body::builder().text(content(mail.text)?).html(content(mail.html)?).build();
        let message = Message::builder().subject(content(mail.subject)?).body(body).build();
        // Tags take letters, digits, `_` and `-` only.
        let number: String = mail
            .number
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' })
            .collect();
        let tag = MessageTag::builder().name("notice").value(number).build();
        let answer = self
            .ses
            .send_email()
            .from_email_address(mail.from)
            .destination(Destination::builder().to_addresses(ascii(mail.to)?).build())
            .content(EmailContent::builder().simple(message).build())
            .email_tags(tag.map_err(OutboundError::unavailable(SERVICE))?)
            .send()
            .await;
        match answer {
            Ok(answer) => Ok(answer.message_id.unwrap_or_default()),
            Err(error) => match error.as_service_error() {
                Some(SendEmailError::MessageRejected(_) | SendEmailError::BadRequestException(_)) => {
                    Err(OutboundError::Refused { service: SERVICE, why: "message rejected".to_owned() })
                }
                _ => Err(OutboundError::unavailable(SERVICE)(error)),
            },
        }
    }
}

/// The address with its domain in Punycode (RFC 3492): SES takes no other letters.
fn ascii(address: &str) -> Result<String, OutboundError> {
    let refused = || OutboundError::Refused { service: SERVICE, why: "not an address".to_owned() };
    let (mailbox, domain) = address.rsplit_once('@').ok_or_else(refused)?;
    let domain = idna::domain_to_ascii(domain).map_err(|_| refused())?;
    Ok(format!("{mailbox}@{domain}"))
}
