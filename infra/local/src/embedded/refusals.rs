//! How each service says no when it is made to.

use super::call::Call;
use super::faults::Service;
use super::{Answer, letters, objects};
use serde_json::{Value, json};

/// The service fails.
pub(super) fn unavailable(service: Service) -> Answer {
    match service {
        Service::Table => Answer::refusal(
            500,
            "com.amazonaws.dynamodb.v20120810#InternalServerError",
            "Internal server error",
        ),
        Service::Sms => letters::xml_refusal("InternalFailure", "The service is not available."),
        Service::Files => objects::refusal(503, "ServiceUnavailable", "The service is not available."),
        _ => Answer::refusal(503, "ServiceUnavailable", "The service is not available."),
    }
}

/// Too many requests.
pub(super) fn throttled(service: Service) -> Answer {
    match service {
        Service::Table => Answer::refusal(
            400,
            "com.amazon.coral.availability#ThrottlingException",
            "Rate of requests exceeds the allowed throughput.",
        ),
        Service::Mail => Answer::refusal(429, "TooManyRequestsException", "Maximum sending rate exceeded."),
        Service::Sms => letters::xml_refusal("Throttled", "Rate exceeded"),
        Service::Files => objects::refusal(503, "SlowDown", "Please reduce your request rate."),
        _ => Answer::refusal(400, "ThrottlingException", "Rate exceeded"),
    }
}

/// The table's refusal when another write is at work on an item; without marks the first item is said to be met.
pub(super) fn conflict(call: &Call, met: Option<&[bool]>) -> Answer {
    let prefix = "com.amazonaws.dynamodb.v20120810#";
    let message = "Transaction is ongoing for the item";
    if !call.operation.starts_with("Transact") {
        return Answer::refusal(400, &format!("{prefix}TransactionConflictException"), message);
    }
    let items = call.request["TransactItems"].as_array().map_or(1, Vec::len);
    let reasons: Vec<Value> = (0..items)
        .map(|at| match met.map_or(at == 0, |met| met.get(at).copied().unwrap_or(false)) {
            true => json!({ "Code": "TransactionConflict", "Message": message }),
            false => json!({ "Code": "None" }),
        })
        .collect();
    let codes: Vec<&str> = reasons.iter().filter_map(|reason| reason["Code"].as_str()).collect();
    Answer::json(
        400,
        &json!({
            "__type": format!("{prefix}TransactionCanceledException"),
            "Message": format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", codes.join(", ")),
            "CancellationReasons": reasons,
        }),
    )
}
