//! Links that are good for a moment: signed over the whole address by whoever may get.

use super::{Objects, SECRET};
use crate::template::REGION;
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::client::identity::Identity;
use chrono::{NaiveDateTime, TimeDelta};
use std::time::Duration;

/// What the signature added to an address, and is therefore not signed.
const ADDED: [&str; 6] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
];

/// A link as it came.
#[derive(Debug, Clone)]
pub(crate) struct Link<'a> {
    pub host: &'a str,
    pub path: &'a str,
    pub query: &'a str,
}

impl Objects {
    /// Who signed a link, by the key's id; none when it is not good, or no longer.
    pub(crate) fn signer(&self, link: &Link<'_>) -> Option<String> {
        let given: Vec<(String, String)> =
            form_urlencoded::parse(link.query.as_bytes()).into_owned().collect();
        let of = |name: &str| given.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
        let signer = of("X-Amz-Credential")?.split('/').next()?.to_owned();
        let at = NaiveDateTime::parse_from_str(of("X-Amz-Date")?, "%Y%m%dT%H%M%SZ").ok()?.and_utc();
        let good_for: u32 = of("X-Amz-Expires")?.parse().ok()?;
        let until = at + TimeDelta::seconds(i64::from(good_for));
        if self.clock.now() > until {
            return None;
        }
        let kept: Vec<&str> =
            link.query.split('&').filter(|pair| !ADDED.iter().any(|added| pair.starts_with(added))).collect();
        let address = format!("http://{}{}?{}", link.host, link.path, kept.join("&"));
        let identity: Identity =
            aws_sdk_dynamodb::config::Credentials::new(&signer, SECRET, None, None, "local").into();
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(u64::from(good_for)));
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        let params = SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name("s3")
            .time(at.into())
            .settings(settings)
            .build()
            .ok()?;
        let request =
            SignableRequest::new("GET", &address, std::iter::empty(), SignableBody::UnsignedPayload).ok()?;
        let (_, signature) = sign(request, &params.into()).ok()?.into_parts();
        (of("X-Amz-Signature") == Some(signature.as_str())).then_some(signer)
    }
}
