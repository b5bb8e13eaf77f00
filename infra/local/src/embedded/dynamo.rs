//! The table's wire protocol: an operation's name and JSON body to the emulator's typed methods and back.

use super::Answer;
use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Prefixes by which the emulator's deserialisation says which error it means; none of them belongs on the wire.
const SERIALISATION: [&str; 2] = ["SERIALIZATION_AS_READ:", "SERIALIZATION:"];
const VALIDATION: [&str; 3] = ["VALIDATION_AS_READ:", "VALIDATION_REQUEST:", "VALIDATION:"];

/// Serves one request. It blocks: on the emulator's mutex and on the disk.
pub(super) fn dispatch(database: &Database, operation: &str, body: &[u8]) -> Answer {
    let answer = match operation {
        "GetItem" => call(body, |request| database.get_item(request)),
        "PutItem" => call(body, |request| database.put_item(request)),
        "UpdateItem" => call(body, |request| database.update_item(request)),
        "DeleteItem" => call(body, |request| database.delete_item(request)),
        "Query" => call(body, |request| database.query(request)),
        "Scan" => call(body, |request| database.scan(request)),
        "BatchGetItem" => call(body, |request| database.batch_get_item(request)),
        "BatchWriteItem" => call(body, |request| database.batch_write_item(request)),
        "TransactGetItems" => call(body, |request| database.transact_get_items(request)),
        "TransactWriteItems" => call(body, |request| database.transact_write_items(request)),
        "DescribeTable" => call(body, |request| database.describe_table(request)),
        "ListTables" => call(body, |request| database.list_tables(request)),
        _ => return Answer::refusal(400, "com.amazon.coral.service#UnknownOperationException", operation),
    };
    answer.unwrap_or_else(|error| Answer {
        status: error.status_code(),
        content_type: "application/x-amz-json-1.0",
        body: error.to_json().into_bytes(),
        query_error: None,
    })
}

fn call<Q: DeserializeOwned, A: Serialize>(
    body: &[u8],
    run: impl FnOnce(Q) -> Result<A, DynoxideError>,
) -> Result<Answer, DynoxideError> {
    let request = serde_json::from_slice(body).map_err(|error| classify(&error.to_string()))?;
    let answer = run(request)?;
    let body =
        serde_json::to_vec(&answer).map_err(|error| DynoxideError::InternalServerError(error.to_string()))?;
    Ok(Answer { status: 200, content_type: "application/x-amz-json-1.0", body, query_error: None })
}

fn classify(message: &str) -> DynoxideError {
    for marker in SERIALISATION {
        if let Some(rest) = message.strip_prefix(marker) {
            return DynoxideError::SerializationException(without_position(rest));
        }
    }
    for marker in VALIDATION {
        if let Some(rest) = message.strip_prefix(marker) {
            return DynoxideError::ValidationException(without_position(rest));
        }
    }
    DynoxideError::SerializationException(message.to_owned())
}

/// The message without the place in the body that the JSON reader adds.
fn without_position(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(before, _)| before).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_markers_do_not_reach_the_wire() {
        let error = classify("VALIDATION:The parameter is missing at line 1 column 7");
        assert!(
            matches!(&error, DynoxideError::ValidationException(text) if text == "The parameter is missing")
        );
        let error = classify("SERIALIZATION:odd at line 1 column 7");
        assert!(matches!(&error, DynoxideError::SerializationException(text) if text == "odd"));
    }
}
