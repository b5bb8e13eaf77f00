//! What browsers post: a form whose policy says what is taken, signed by whoever may put.

use super::{OBJECT_MAX_BYTES, Object, Objects, SECRET, failed, refusal};
use crate::embedded::Answer;
use crate::template::REGION;
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use std::collections::BTreeMap;

/// A form as it came. Names of fields are in small letters.
#[derive(Debug, Clone, Default)]
pub struct Posted {
    pub fields: BTreeMap<String, String>,
    pub file: Vec<u8>,
}

/// Fields that a policy need not name.
const FREE: [&str; 3] = ["policy", "x-amz-signature", "file"];

impl Posted {
    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Whose key signed it, by the key's id.
    pub fn signer(&self) -> &str {
        self.field("x-amz-credential").split('/').next().unwrap_or_default()
    }

    fn is_signed(&self) -> bool {
        let scope: Vec<&str> = self.field("x-amz-credential").split('/').skip(1).collect();
        let [day, REGION, "s3", "aws4_request"] = scope[..] else { return false };
        let Ok(on) = NaiveDate::parse_from_str(day, "%Y%m%d") else { return false };
        let at = on.and_time(chrono::NaiveTime::MIN).and_utc();
        let key = generate_signing_key(SECRET, at.into(), REGION, "s3");
        self.field("x-amz-algorithm") == "AWS4-HMAC-SHA256"
            && calculate_signature(key, self.field("policy").as_bytes()) == self.field("x-amz-signature")
    }

    /// Holds the form to its policy.
    fn check(&self, bucket: &str, now: DateTime<Utc>) -> Result<(), Answer> {
        let denied = |why: &str| refusal(403, "AccessDenied", &format!("Invalid according to Policy: {why}"));
        let malformed = || refusal(400, "InvalidPolicyDocument", "The policy is not understood.");
        let policy = STANDARD.decode(self.field("policy")).map_err(|_| malformed())?;
        let policy: Value = serde_json::from_slice(&policy).map_err(|_| malformed())?;
        let until = policy["expiration"].as_str().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
        if until.ok_or_else(malformed)? <= now {
            return Err(denied("Policy expired."));
        }
        let mut named: Vec<String> = FREE.map(str::to_owned).to_vec();
        let given =
            |name: &str| if name == "bucket" { bucket.to_owned() } else { self.field(name).to_owned() };
        for condition in policy["conditions"].as_array().ok_or_else(malformed)? {
            if let Some(exact) = condition.as_object() {
                for (name, value) in exact {
                    let name = name.to_ascii_lowercase();
                    if value.as_str() != Some(given(&name).as_str()) {
                        return Err(denied(&format!("{name} is not as agreed")));
                    }
                    named.push(name);
                }
                continue;
            }
            let parts = condition.as_array().ok_or_else(malformed)?;
            match (parts.first().and_then(Value::as_str), &parts[..]) {
                (Some("content-length-range"), [_, least, most]) => {
                    let bytes = Some(self.file.len() as u64);
                    if bytes < least.as_u64() {
                        return Err(refusal(
                            400,
                            "EntityTooSmall",
                            "Your proposed upload is smaller than allowed.",
                        ));
                    }
                    if bytes > most.as_u64() {
                        return Err(refusal(
                            400,
                            "EntityTooLarge",
                            "Your proposed upload is larger than allowed.",
                        ));
                    }
                }
                (Some(how @ ("eq" | "starts-with")), [_, name, value]) => {
                    let name = name.as_str().and_then(|name| name.strip_prefix('$')).ok_or_else(malformed)?;
                    let (name, value) = (name.to_ascii_lowercase(), value.as_str().ok_or_else(malformed)?);
                    let found = given(&name);
                    if !(if how == "eq" { found == value } else { found.starts_with(value) }) {
                        return Err(denied(&format!("{name} is not as agreed")));
                    }
                    named.push(name);
                }
                _ => return Err(malformed()),
            }
        }
        match self.fields.keys().find(|name| !named.contains(name)) {
            Some(more) => Err(denied(&format!("Extra input fields: {more}"))),
            None => Ok(()),
        }
    }
}

impl Objects {
    /// Takes what a browser posts, if its form is good.
    pub(crate) fn post(&self, bucket: &str, posted: &Posted) -> Answer {
        if !posted.is_signed() {
            return refusal(403, "SignatureDoesNotMatch", "The signature does not fit the policy.");
        }
        if let Err(refused) = posted.check(bucket, self.clock.now()) {
            return refused;
        }
        if posted.file.len() > OBJECT_MAX_BYTES {
            return refusal(
                400,
                "EntityTooLarge",
                "Your proposed upload exceeds the maximum allowed object size.",
            );
        }
        let object =
            Object { content_type: posted.field("content-type").to_owned(), bytes: posted.file.clone() };
        match self.put(bucket, posted.field("key"), &object, "Post") {
            Ok(()) => Answer {
                status: 201,
                content_type: "application/xml",
                body: b"<PostResponse/>".to_vec(),
                query_error: None,
            },
            Err(error) => failed(&error),
        }
    }
}
