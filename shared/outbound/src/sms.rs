//! SMS through SNS.

use crate::{Outbound, OutboundError};
use aws_sdk_sns::operation::publish::PublishError;
use aws_sdk_sns::types::MessageAttributeValue;

const SERVICE: &str = "SNS";

impl Outbound {
    /// Sends a transactional SMS to a phone in E.164 and answers the provider's message id.
    pub async fn send_sms(&self, to: &str, text: &str) -> Result<String, OutboundError> {
        let kind = MessageAttributeValue::builder().data_type("String").string_value("Transactional").build();
        let answer = self
            .sns
            .publish()
            .phone_number(to)
            .message(text)
            .message_attributes("AWS.SNS.SMS.SMSType", kind.map_err(OutboundError::unavailable(SERVICE))?)
            .send()
            .await;
        match answer {
            Ok(answer) => Ok(answer.message_id.unwrap_or_default()),
            Err(error) => match error.as_service_error() {
                Some(
                    PublishError::InvalidParameterException(_)
                    | PublishError::InvalidParameterValueException(_),
                ) => Err(OutboundError::Refused { service: SERVICE, why: "number refused".to_owned() }),
                _ => Err(OutboundError::unavailable(SERVICE)(error)),
            },
        }
    }
}
