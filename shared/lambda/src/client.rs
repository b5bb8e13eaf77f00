//! One HTTP client and one configuration for all AWS clients, without aws-config: a page of code instead of a
//! second HTTP and TLS stack.

use crate::Settings;
use aws_sdk_s3::config::{RequestChecksumCalculation, ResponseChecksumValidation};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnector as _, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use outbound::files::Files;
use outbound::web::Web;
use outbound::{Outbound, OutboundError};
use std::time::Duration;

/// A request to the table that takes longer is of unknown fate; so is one to anything else.
const REQUEST_MOST: Duration = Duration::from_secs(2);
/// Of another system, in all; and of what it answers, in bytes.
const WEB_MOST: Duration = Duration::from_secs(3);
const WEB_BYTES_MAX: usize = 256 * 1024;
const CONNECT_MOST: Duration = Duration::from_secs(1);

const AMAZON_ROOTS: [&[u8]; 4] = [
    include_bytes!("../roots/Amazon_Root_CA_1.pem"),
    include_bytes!("../roots/Amazon_Root_CA_2.pem"),
    include_bytes!("../roots/Amazon_Root_CA_3.pem"),
    include_bytes!("../roots/Amazon_Root_CA_4.pem"),
];

/// TLS with Amazon's own roots: loading the system's store takes longer than all the rest of a cold start.
///
/// # Errors
/// When the roots cannot be read.
pub fn https(settings: &Settings) -> Result<SharedHttpClient, crate::Error> {
    let mut trust = TrustStore::empty().with_native_roots(settings.system_roots);
    if !settings.system_roots {
        for root in AMAZON_ROOTS {
            trust.add_pem_certificate(root);
        }
    }
    let context = TlsContext::builder().with_trust_store(trust).build()?;
    Ok(aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(context)
        .build_https())
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT_MOST).operation_timeout(REQUEST_MOST).build()
}

macro_rules! configured {
    ($sdk:ident, $service:literal, $settings:expr, $http:expr) => {{ configured!($sdk, $service, $settings, $http, |config| config) }};
    ($sdk:ident, $service:literal, $settings:expr, $http:expr, |$own:ident| $more:expr) => {{
        let mut config = $sdk::config::Builder::new()
            .behavior_version($sdk::config::BehaviorVersion::v2026_01_12())
            .region($sdk::config::Region::new($settings.region.clone()))
            .credentials_provider($settings.credentials.clone())
            .http_client($http.clone())
            // Use cases retry, knowing what a try means; a layer below would hide attempts of unknown fate.
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts());
        if let Some(url) = $settings.endpoint($service) {
            config = config.endpoint_url(url);
        }
        let $own = config;
        $sdk::Client::from_conf($more.build())
    }};
}

/// Sends what goes to other systems than AWS. Their certificates are of the system's authorities, which are loaded only
/// where there is such a system.
///
/// # Errors
/// When the roots cannot be read.
pub fn web(settings: &Settings) -> Result<SharedHttpConnector, crate::Error> {
    let others = settings.esia.is_some() || settings.registries.is_some();
    let trust = TrustStore::empty().with_native_roots(others);
    let context = TlsContext::builder().with_trust_store(trust).build()?;
    let within =
        HttpConnectorSettings::builder().connect_timeout(CONNECT_MOST).read_timeout(WEB_MOST).build();
    let connector = Connector::builder()
        .connector_settings(within)
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(context)
        .build();
    Ok(SharedHttpConnector::new(connector))
}

fn door(web: SharedHttpConnector) -> Web {
    Web::new(move |request| {
        let web = web.clone();
        Box::pin(async move {
            let failed = |source: Box<dyn std::error::Error + Send + Sync>| OutboundError::Unavailable {
                service: "another system",
                source,
            };
            let request = HttpRequest::try_from(request.map(SdkBody::from)).map_err(|e| failed(e.into()))?;
            let answer = web.call(request).await.map_err(|e| failed(e.into()))?;
            let status = answer.status().as_u16();
            let kind = answer.headers().get("content-type").map(str::to_owned);
            let body = axum::body::Body::new(answer.into_body());
            let body = axum::body::to_bytes(body, WEB_BYTES_MAX).await.map_err(|e| failed(e.into()))?;
            let mut response = axum::http::Response::builder().status(status);
            if let Some(kind) = kind {
                response = response.header("content-type", kind);
            }
            response.body(body.to_vec()).map_err(|e| failed(e.into()))
        })
    })
}

pub fn table(settings: &Settings, http: &SharedHttpClient) -> aws_sdk_dynamodb::Client {
    configured!(aws_sdk_dynamodb, "DYNAMODB", settings, http)
}

pub fn outbound(settings: &Settings, http: &SharedHttpClient, web: SharedHttpConnector) -> Outbound {
    Outbound {
        web: door(web),
        registries: settings.registries.clone(),
        sqs: configured!(aws_sdk_sqs, "SQS", settings, http),
        ses: configured!(aws_sdk_sesv2, "SESV2", settings, http),
        sns: configured!(aws_sdk_sns, "SNS", settings, http),
        kms: configured!(aws_sdk_kms, "KMS", settings, http),
        files: files(settings, http),
    }
}

fn files(settings: &Settings, http: &SharedHttpClient) -> Files {
    let endpoint = settings.endpoint("S3");
    let client = configured!(aws_sdk_s3, "S3", settings, http, |config| {
        // Elsewhere than on AWS a bucket has no host of its own, and not every storage knows the newer checksums.
        config
            .force_path_style(endpoint.is_some())
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
    });
    Files {
        client,
        uploads: settings.uploads_bucket.clone(),
        documents: settings.documents_bucket.clone(),
        endpoint: endpoint.map(str::to_owned),
        region: settings.region.clone(),
        credentials: settings.credentials.clone(),
    }
}
