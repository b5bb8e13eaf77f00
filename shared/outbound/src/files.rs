//! Files through S3: a form by which a browser uploads straight into one bucket, what was looked at in another, and links
//! that are good for a moment (DOC-4, DOC-7).

use crate::{Outbound, OutboundError};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Credentials;
use aws_sdk_s3::error::{DisplayErrorContext, SdkError};
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use std::time::Duration;

const SERVICE: &str = "S3";

/// Where files lie, and who signs for them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files {
    pub client: Client,
    /// Where browsers upload to: nothing here is to be trusted.
    pub uploads: String,
    /// Where what was looked at is kept.
    pub documents: String,
    /// The address of a bucket is `<scheme>://<bucket>.<host>` on AWS and `<endpoint>/<bucket>` elsewhere.
    pub endpoint: Option<String>,
    pub region: String,
    pub credentials: Credentials,
}

/// What a browser may upload.
#[derive(Debug, Clone, Copy)]
pub struct Upload<'a> {
    pub key: &'a str,
    pub content_type: &'a str,
    /// Exactly so many bytes.
    pub bytes: u64,
    pub until: DateTime<Utc>,
}

/// A form that a browser posts with the file in its last field, `file`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadForm {
    pub url: String,
    pub fields: Vec<(&'static str, String)>,
}

impl Files {
    fn bucket_url(&self, bucket: &str) -> String {
        match &self.endpoint {
            Some(endpoint) => format!("{}/{bucket}", endpoint.trim_end_matches('/')),
            None => format!("https://{bucket}.s3.{}.amazonaws.com/", self.region),
        }
    }

    /// Signs the form: whatever it does not fix, storage refuses.
    fn form(&self, upload: &Upload<'_>, now: DateTime<Utc>) -> UploadForm {
        let day = now.format("%Y%m%d");
        let scope = format!("{}/{day}/{}/s3/aws4_request", self.credentials.access_key_id(), self.region);
        let mut fields = vec![
            ("key", upload.key.to_owned()),
            ("Content-Type", upload.content_type.to_owned()),
            ("success_action_status", "201".to_owned()),
            ("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
            ("x-amz-credential", scope),
            ("x-amz-date", now.format("%Y%m%dT%H%M%SZ").to_string()),
        ];
        if let Some(token) = self.credentials.session_token() {
            fields.push(("x-amz-security-token", token.to_owned()));
        }
        let mut conditions: Vec<Value> = fields.iter().map(|(name, value)| json!({ *name: value })).collect();
        conditions.push(json!({ "bucket": self.uploads }));
        conditions.push(json!(["content-length-range", upload.bytes, upload.bytes]));
        let until = upload.until.to_rfc3339_opts(SecondsFormat::Millis, true);
        let policy = STANDARD.encode(json!({ "expiration": until, "conditions": conditions }).to_string());
        let key = generate_signing_key(self.credentials.secret_access_key(), now.into(), &self.region, "s3");
        let signature = calculate_signature(key, policy.as_bytes());
        fields.push(("policy", policy));
        fields.push(("x-amz-signature", signature));
        UploadForm { url: self.bucket_url(&self.uploads), fields }
    }
}

impl Outbound {
    /// A form by which whoever has it can upload one file, once or again, until its end. Signs, and asks nobody.
    pub fn upload_form(&self, upload: &Upload<'_>, now: DateTime<Utc>) -> UploadForm {
        self.files.form(upload, now)
    }

    /// What was uploaded under a key; none if nothing was.
    ///
    /// # Errors
    /// [`OutboundError::Unavailable`], also when it has more than `bytes_max`: the form lets nobody upload that.
    pub async fn uploaded(&self, key: &str, bytes_max: usize) -> Result<Option<Vec<u8>>, OutboundError> {
        let asked = self.files.client.get_object().bucket(&self.files.uploads).key(key);
        let answer = match asked.send().await {
            Ok(answer) => answer,
            Err(SdkError::ServiceError(refused)) if matches!(refused.err(), GetObjectError::NoSuchKey(_)) => {
                return Ok(None);
            }
            Err(error) => return Err(unavailable(error)),
        };
        let bytes = usize::try_from(answer.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
        if bytes > bytes_max {
            return Err(unavailable(std::io::Error::other("larger than any form allows")));
        }
        let body = answer.body.collect().await.map_err(unavailable)?;
        Ok(Some(body.to_vec()))
    }

    /// Keeps a file that was looked at.
    pub async fn keep_document(
        &self,
        key: &str,
        content_type: &str,
        bytes: Vec<u8>,
    ) -> Result<(), OutboundError> {
        let put = self.files.client.put_object().bucket(&self.files.documents).key(key);
        put.content_type(content_type).body(ByteStream::from(bytes)).send().await.map_err(unavailable)?;
        Ok(())
    }

    /// Lets go of what was uploaded; gone already is as good.
    pub async fn drop_upload(&self, key: &str) -> Result<(), OutboundError> {
        self.drop_file(&self.files.uploads, key).await
    }

    /// Lets go of a file that was kept; gone already is as good.
    pub async fn drop_document(&self, key: &str) -> Result<(), OutboundError> {
        self.drop_file(&self.files.documents, key).await
    }

    /// Lets go of everything that was kept under a prefix: of one file, a few objects at most.
    ///
    /// # Errors
    /// [`OutboundError::Unavailable`], also when not all of it could be seen at once.
    pub async fn drop_documents(&self, prefix: &str) -> Result<(), OutboundError> {
        self.drop_documents_but(prefix, None).await
    }

    /// The same, of everything but one key.
    ///
    /// # Errors
    /// As [`Outbound::drop_documents`].
    pub async fn drop_documents_but(&self, prefix: &str, kept: Option<&str>) -> Result<(), OutboundError> {
        self.drop_all(&self.files.documents, prefix, kept).await
    }

    /// Lets go of everything that was uploaded under a prefix.
    ///
    /// # Errors
    /// As [`Outbound::drop_documents`].
    pub async fn drop_uploads(&self, prefix: &str) -> Result<(), OutboundError> {
        self.drop_all(&self.files.uploads, prefix, None).await
    }

    async fn drop_all(&self, bucket: &str, prefix: &str, but: Option<&str>) -> Result<(), OutboundError> {
        let asked = self.files.client.list_objects_v2().bucket(bucket).prefix(prefix);
        let found = asked.send().await.map_err(unavailable)?;
        let keys = found.contents().iter().filter_map(|object| object.key());
        for key in keys.filter(|key| Some(*key) != but) {
            self.drop_file(bucket, key).await?;
        }
        if found.is_truncated() == Some(true) {
            return Err(unavailable(std::io::Error::other("more lies there than was seen")));
        }
        Ok(())
    }

    async fn drop_file(&self, bucket: &str, key: &str) -> Result<(), OutboundError> {
        let dropped = self.files.client.delete_object().bucket(bucket).key(key).send().await;
        dropped.map(drop).map_err(unavailable)
    }

    /// An address under which a kept file can be had for a moment by whoever knows it, as `name`. Signs, and asks nobody.
    ///
    /// # Errors
    /// [`OutboundError::Unavailable`] when there is nothing to sign with.
    pub async fn document_link(
        &self,
        key: &str,
        name: &str,
        now: DateTime<Utc>,
        good_for: TimeDelta,
    ) -> Result<String, OutboundError> {
        let good_for = good_for.to_std().unwrap_or(Duration::from_secs(1));
        let config = PresigningConfig::builder().start_time(now.into()).expires_in(good_for).build();
        let asked = self.files.client.get_object().bucket(&self.files.documents).key(key);
        let asked = asked.response_content_disposition(format!("attachment; filename=\"{name}\""));
        let signed = asked.presigned(config.map_err(unavailable)?).await.map_err(unavailable)?;
        Ok(signed.uri().to_owned())
    }
}

/// What the SDK says of an error by itself is «service error»; what it was stands in its sources.
fn unavailable<E: std::error::Error + Send + Sync + 'static>(error: E) -> OutboundError {
    let text = DisplayErrorContext(&error).to_string();
    OutboundError::Unavailable { service: SERVICE, source: text.into() }
}
