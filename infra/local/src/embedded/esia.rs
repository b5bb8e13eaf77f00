//! A stand-in for the unified system of identification: it knows a few people, and can be told to misbehave.

use super::Answer;
use crate::clock::{RunnerClock, lock};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

pub const ISSUER: &str = "https://esia.example";
const CLIENT: &str = "okno";
const SECRET: &str = "only-here";
/// Seconds for which a code is good, and what is said of somebody.
const CODE_S: i64 = 60;
const TOKEN_S: i64 = 300;

/// What a function is told by its environment.
pub fn settings() -> [(String, String); 3] {
    [("ESIA_ISSUER", ISSUER), ("ESIA_CLIENT_ID", CLIENT), ("ESIA_CLIENT_SECRET", SECRET)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
}

/// How it misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// No answer comes.
    Silent,
    /// It signs by a key that it does not publish.
    WrongKey,
    /// It answers another question.
    WrongNonce,
    /// What it says was said an hour ago.
    Stale,
    /// It speaks to somebody else.
    WrongAudience,
}

/// Somebody signed in and is on the way back.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Visit {
    person: String,
    nonce: String,
    challenge: String,
    redirect: String,
    at: i64,
}

#[derive(Debug)]
pub struct Esia {
    clock: Arc<RunnerClock>,
    mood: Mutex<Mood>,
    /// Codes that were taken; all that it must know of a code stands in it.
    taken: Mutex<HashSet<String>>,
}

/// Those whom it knows: whom the demonstration's profile names, somebody else, and somebody without SNILS.
const PEOPLE: &str = include_str!("people.json");

fn person(name: &str) -> Option<Value> {
    let people: HashMap<String, Value> = serde_json::from_str(PEOPLE).ok()?;
    people.get(name).cloned()
}

fn key(which: u8) -> SigningKey {
    // Of a stand-in, and known to everybody: it opens nothing.
    SigningKey::from_slice(&[which; 32]).unwrap_or_else(|_| unreachable!("a small number is a key"))
}

impl Esia {
    pub(crate) fn new(clock: Arc<RunnerClock>) -> Self {
        Self { clock, mood: Mutex::new(Mood::Well), taken: Mutex::default() }
    }

    pub fn set(&self, mood: Mood) {
        *lock(&self.mood) = mood;
    }

    /// Somebody whom it knows signs in at an address that a function gave out, and agrees; answers where they are sent back
    /// to. None: the address is not one of its own, or it knows nobody of that name.
    pub fn sign_in(&self, address: &str, name: &str) -> Option<String> {
        person(name)?;
        let query = address.strip_prefix(&format!("{ISSUER}/authorize?"))?;
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let of = |name: &str| asked.get(name).cloned();
        let method = (of("code_challenge_method")?, of("response_type")?, of("client_id")?);
        if method != ("S256".to_owned(), "code".to_owned(), CLIENT.to_owned()) {
            return None;
        }
        let visit = Visit {
            person: name.to_owned(),
            nonce: of("nonce")?,
            challenge: of("code_challenge")?,
            redirect: of("redirect_uri")?,
            at: self.clock.now().timestamp(),
        };
        let code = BASE64.encode(serde_json::to_vec(&visit).ok()?);
        let back = form_urlencoded::Serializer::new(String::new())
            .append_pair("code", &code)
            .append_pair("state", &of("state")?)
            .finish();
        Some(format!("{}?{back}", visit.redirect))
    }

    /// What it answers to a request of a function; none when it is not asked, or stays silent.
    pub(crate) fn serve(&self, path: &str, body: &[u8]) -> Option<Answer> {
        if *lock(&self.mood) == Mood::Silent {
            return None;
        }
        let answer = match path {
            "/.well-known/openid-configuration" => Answer::json(200, &description()),
            "/jwks" => Answer::json(200, &json!({ "keys": [published()] })),
            "/token" => match self.token(body) {
                Some(said) => Answer::json(200, &said),
                None => Answer::json(400, &json!({ "error": "invalid_grant" })),
            },
            _ => Answer::json(404, &json!({})),
        };
        Some(Answer { content_type: "application/json", ..answer })
    }

    /// A code is good once, for whoever knows what its question was made of.
    fn token(&self, body: &[u8]) -> Option<Value> {
        let form: HashMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
        let code = form.get("code")?;
        let visit: Visit = serde_json::from_slice(&BASE64.decode(code).ok()?).ok()?;
        if !lock(&self.taken).insert(code.clone()) {
            return None;
        }
        let now = self.clock.now().timestamp();
        let challenge = BASE64.encode(Sha256::digest(form.get("code_verifier")?));
        let fits = challenge == visit.challenge
            && form.get("redirect_uri") == Some(&visit.redirect)
            && now - visit.at <= CODE_S;
        let token = fits.then(|| self.said(&visit, now))?;
        Some(
            json!({ "access_token": "none", "token_type": "Bearer", "expires_in": TOKEN_S, "id_token": token }),
        )
    }

    fn said(&self, visit: &Visit, now: i64) -> String {
        let mood = *lock(&self.mood);
        let at = if mood == Mood::Stale { now - 3600 } else { now };
        let mut claims = person(&visit.person).unwrap_or_default();
        claims["iss"] = json!(ISSUER);
        claims["sub"] = json!(&visit.person);
        claims["aud"] = json!(if mood == Mood::WrongAudience { "another" } else { CLIENT });
        claims["nonce"] = json!(if mood == Mood::WrongNonce { "another" } else { &visit.nonce });
        claims["iat"] = json!(at);
        claims["exp"] = json!(at + TOKEN_S);
        let head = BASE64.encode(json!({ "alg": "ES256", "typ": "JWT", "kid": "one" }).to_string());
        let signed = format!("{head}.{}", BASE64.encode(claims.to_string()));
        let by = key(if mood == Mood::WrongKey { 2 } else { 1 });
        let signature: Signature = by.sign(signed.as_bytes());
        format!("{signed}.{}", BASE64.encode(signature.to_bytes()))
    }
}

fn description() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/authorize"),
        "token_endpoint": format!("{ISSUER}/token"),
        "jwks_uri": format!("{ISSUER}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    })
}

fn published() -> Value {
    let point = key(1).verifying_key().to_sec1_point(false);
    let half = |half: Option<&[u8]>| BASE64.encode(half.unwrap_or_default());
    let (x, y) = (point.x().map(|x| x.as_slice()), point.y().map(|y| y.as_slice()));
    json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "one", "x": half(x), "y": half(y) })
}
