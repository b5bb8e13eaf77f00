//! The unified system of identification, by OpenID Connect: where somebody signs in, and who the answer says they are.
//! What is asked of the other side is written in `infra/contracts/esia.md`.

use crate::OutboundError;
use crate::web::Web;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures::future::BoxFuture;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse as _,
};
use serde::Deserialize;

const SERVICE: &str = "ESIA";
/// How old what it says may be, and how far its clock may be ahead.
const SAID_WITHIN: TimeDelta = TimeDelta::minutes(10);
const AHEAD: TimeDelta = TimeDelta::minutes(2);

/// By what this system is known there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub issuer: String,
    pub id: String,
    pub secret: String,
    /// Where whoever signed in comes back.
    pub redirect: String,
}

/// What ties an answer to the question. Not for logs.
pub struct Ties {
    pub state: String,
    pub nonce: String,
    /// Of PKCE: 43 to 128 characters.
    pub verifier: String,
}

/// Who somebody is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Stated {
    pub family_name: Option<String>,
    pub given_name: Option<String>,
    pub middle_name: Option<String>,
    pub birthdate: Option<NaiveDate>,
    /// 11 digits.
    pub snils: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum EsiaFault {
    /// It is down or slow, or answers what nobody understands.
    #[error(transparent)]
    Unavailable(#[from] OutboundError),
    /// It does not take the code: used, too old, somebody else's.
    #[error("the code is refused: {0}")]
    CodeRefused(String),
    /// What it says is not to be believed: signature, issuer, audience, nonce or age.
    #[error("the answer is not to be believed: {0}")]
    NotBelieved(String),
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> EsiaFault {
    EsiaFault::Unavailable(OutboundError::unavailable(SERVICE)(error))
}

fn unclear(what: impl std::fmt::Display) -> EsiaFault {
    unavailable(std::io::Error::other(what.to_string()))
}

/// The door as the library wants it.
fn through(
    web: &Web,
) -> impl Fn(HttpRequest) -> BoxFuture<'static, Result<HttpResponse, OutboundError>> + Send + Sync + 'static {
    let web = web.clone();
    move |request| {
        let web = web.clone();
        Box::pin(async move { web.fetch(request).await })
    }
}

async fn described(web: &Web, client: &Client) -> Result<CoreProviderMetadata, EsiaFault> {
    let issuer = IssuerUrl::new(client.issuer.clone()).map_err(unavailable)?;
    let send = through(web);
    CoreProviderMetadata::discover_async(issuer, &send).await.map_err(unclear)
}

/// Where somebody is to sign in.
///
/// # Errors
/// [`EsiaFault::Unavailable`].
pub fn address(web: Web, client: Client, ties: Ties) -> BoxFuture<'static, Result<String, EsiaFault>> {
    Box::pin(async move { address_of(&web, &client, &ties).await })
}

async fn address_of(web: &Web, client: &Client, ties: &Ties) -> Result<String, EsiaFault> {
    let described = described(web, client).await?;
    let redirect = RedirectUrl::new(client.redirect.clone()).map_err(unavailable)?;
    let challenge =
        PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(ties.verifier.clone()));
    let asked = CoreClient::from_provider_metadata(described, ClientId::new(client.id.clone()), None)
        .set_redirect_uri(redirect);
    let (state, nonce) = (ties.state.clone(), ties.nonce.clone());
    let (address, _, _) = asked
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || CsrfToken::new(state),
            move || Nonce::new(nonce),
        )
        .add_scope(Scope::new("profile".to_owned()))
        .add_scope(Scope::new("snils".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    Ok(address.to_string())
}

/// Who it says signed in, for the code with which they came back.
///
/// # Errors
/// [`EsiaFault`].
pub fn stated(
    web: Web,
    client: Client,
    ties: Ties,
    code: String,
    now: DateTime<Utc>,
) -> BoxFuture<'static, Result<Stated, EsiaFault>> {
    Box::pin(async move { stated_for(&web, &client, &ties, &code, now).await })
}

async fn stated_for(
    web: &Web,
    client: &Client,
    ties: &Ties,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Stated, EsiaFault> {
    let described = described(web, client).await?;
    let redirect = RedirectUrl::new(client.redirect.clone()).map_err(unavailable)?;
    let secret = ClientSecret::new(client.secret.clone());
    let known = CoreClient::from_provider_metadata(described, ClientId::new(client.id.clone()), Some(secret))
        .set_redirect_uri(redirect);
    let send = through(web);
    let answer = known
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .map_err(unavailable)?
        .set_pkce_verifier(PkceCodeVerifier::new(ties.verifier.clone()))
        .request_async(&send)
        .await
        .map_err(|error| match error {
            RequestTokenError::ServerResponse(said) => EsiaFault::CodeRefused(said.error().to_string()),
            other => unclear(other),
        })?;
    let token = answer.id_token().ok_or_else(|| EsiaFault::NotBelieved("it has no id_token".to_owned()))?;
    let verifier = known
        .id_token_verifier()
        .set_allowed_algs([
            CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        ])
        .set_time_fn(move || now)
        .set_issue_time_verifier_fn(move |at| match now - at {
            age if age > SAID_WITHIN || age < -AHEAD => Err(format!("said at {at}")),
            _ => Ok(()),
        });
    token
        .claims(&verifier, &Nonce::new(ties.nonce.clone()))
        .map_err(|error| EsiaFault::NotBelieved(error.to_string()))?;
    // The signature holds: what is read now is what was signed.
    let text = token.to_string();
    let payload = text.split('.').nth(1).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    serde_json::from_slice(&payload.unwrap_or_default())
        .map_err(|error| EsiaFault::NotBelieved(error.to_string()))
}
