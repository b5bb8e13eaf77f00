//! HTTP as the API's gateway gives it to a function: event format 2.0, and the answer back.

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};

/// A request as an event.
pub fn of_request(parts: &Parts, body: &[u8]) -> String {
    let mut headers = Map::new();
    for name in parts.headers.keys() {
        let all: Vec<String> = parts
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        headers.insert(name.as_str().to_owned(), json!(all.join(",")));
    }
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    let text = std::str::from_utf8(body);
    let agent = headers.get("user-agent").cloned().unwrap_or_default();
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": parts.uri.query().unwrap_or_default(),
        "headers": headers,
        "requestContext": {
            "accountId": crate::template::ACCOUNT,
            "apiId": "local",
            "domainName": "localhost",
            "domainPrefix": "localhost",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": agent,
            },
            "requestId": "local",
            "routeKey": "$default",
            "stage": "$default",
            "time": "",
            "timeEpoch": 0,
        },
        "body": text.map_or_else(|_| STANDARD.encode(body), str::to_owned),
        "isBase64Encoded": text.is_err(),
    })
    .to_string()
}

/// A function's answer as a response; none when it is no such answer.
pub fn to_response(answer: &[u8]) -> Option<Response> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let status = u16::try_from(answer["statusCode"].as_u64()?).ok()?;
    let text = answer["body"].as_str().unwrap_or_default();
    let body = match answer["isBase64Encoded"] == true {
        true => STANDARD.decode(text).ok()?,
        false => text.as_bytes().to_vec(),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).ok()?;
    let single = answer["headers"].as_object().into_iter().flatten();
    let multiple = answer["multiValueHeaders"].as_object().into_iter().flatten();
    let multiple =
        multiple.flat_map(|(name, all)| all.as_array().into_iter().flatten().map(move |v| (name, v)));
    for (name, value) in single.chain(multiple) {
        let name = HeaderName::try_from(name.as_str()).ok()?;
        let value = HeaderValue::try_from(value.as_str()?).ok()?;
        if !response.headers().contains_key(&name) {
            response.headers_mut().append(name, value);
        }
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_comes_through_whole() {
        let request = http::Request::post("/v1/services?q=%D0%B0&limit=5")
            .header("accept-language", "ru")
            .header("accept-language", "en");
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        let event: Value = serde_json::from_str(&of_request(&parts, "{\"а\":1}".as_bytes())).expect("JSON");
        assert_eq!(event["rawPath"], "/v1/services");
        assert_eq!(event["rawQueryString"], "q=%D0%B0&limit=5");
        assert_eq!(event["headers"]["accept-language"], "ru,en");
        assert_eq!(event["body"], "{\"а\":1}");
        let event: Value = serde_json::from_str(&of_request(&parts, &[0xff])).expect("JSON");
        assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!("/w=="), &json!(true)));
    }

    #[test]
    fn an_answer_that_is_none_is_no_response() {
        let answer = br#"{"statusCode":201,"headers":{"etag":"1"},"body":"x","isBase64Encoded":false}"#;
        let response = to_response(answer).expect("a response");
        assert_eq!((response.status().as_u16(), response.headers()["etag"].as_bytes()), (201, &b"1"[..]));
        assert!(to_response(b"{}").is_none());
        assert!(to_response(b"nonsense").is_none());
    }
}
