//! What a request brings: language, session, key for retries, parameters, body.

use super::Problem;
use app::refusal::WrongField;
use app::staff::StaffBearer;
use app::{Bearer, Caller, Refusal};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, USER_AGENT};
use axum::http::request::Parts;
use domain::limits::DEVICE_MAX;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::convert::Infallible;
use text::Lang;
use utoipa::IntoParams;

/// The largest body, in bytes.
pub const BODY_MAX: usize = 64 * 1024;
/// The longest `Idempotency-Key`, in characters.
const KEY_MAX: usize = 128;

/// The language asked for by `Accept-Language`; Russian unless English is preferred.
#[derive(Debug, Clone, Copy)]
pub struct Language(pub Lang);

impl Language {
    fn of(parts: &Parts) -> Lang {
        let asked = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        asked.map(Lang::from_accept_language).unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Self::of(parts)))
    }
}

/// The session's token, not checked yet: that is done by the use case, in its first read.
#[derive(Debug, Clone)]
pub struct Session(pub Bearer);

fn token(parts: &Parts) -> Result<&str, Refusal> {
    let value = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = value.and_then(|value| value.split_once(' ')).ok_or(Refusal::Unauthorized)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(Refusal::Unauthorized) }
}

/// What the device calls itself, as far as it is kept: readable, and no longer than is shown.
#[derive(Debug, Clone)]
pub struct Device(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Device {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let said = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        let said = said.map(|said| said.trim().chars().take(DEVICE_MAX).collect::<String>());
        Ok(Self(said.filter(|said| !said.is_empty())))
    }
}

/// The session of somebody who works here, not checked yet.
#[derive(Debug, Clone)]
pub struct StaffSession(pub StaffBearer);

impl<S: Send + Sync> FromRequestParts<S> for StaffSession {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let read = token(parts).and_then(StaffBearer::parse);
        read.map(Self).map_err(|_| Problem::new(Language::of(parts), "unauthorized"))
    }
}

/// In whose name a member asks, or a citizen who acts for another.
pub const ACTING_FOR: &str = "acting-for";

/// The header by which one acts for another, where staff may, too.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct ActingFor {
    /// For whom one acts: with a session of staff a citizen whom one identified a moment ago; with one's own, somebody who let one.
    #[param(rename = "Acting-For")]
    _citizen: Option<String>,
}

/// The same, where only representatives may.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct ForSomebody {
    /// For whom one acts: somebody who let one.
    #[param(rename = "Acting-For")]
    _citizen: Option<String>,
}

/// Whoever acts: a citizen, or a member or a representative for the citizen of the header `Acting-For`. Nothing of it is checked
/// yet.
#[derive(Debug, Clone)]
pub struct Asker(pub Caller);

impl Asker {
    fn read(parts: &Parts) -> Result<Self, Refusal> {
        let token = token(parts)?;
        let Some(citizen) = parts.headers.get(ACTING_FOR) else {
            return Bearer::parse(token).map(|bearer| Self(Caller::Session(bearer)));
        };
        let citizen = citizen.to_str().ok().and_then(|citizen| citizen.trim().parse().ok());
        // Nobody identified somebody who cannot be, nor acts for them.
        if let Ok(bearer) = StaffBearer::parse(token) {
            return citizen.map(|citizen| Self(Caller::Staff(bearer, citizen))).ok_or(Refusal::NotIdentified);
        }
        let bearer = Bearer::parse(token)?;
        let citizen = citizen.ok_or(Refusal::NotRepresented)?;
        Ok(Self(match citizen == bearer.citizen {
            true => Caller::Session(bearer),
            false => Caller::Representative(bearer, citizen),
        }))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::read(parts).map_err(|refusal| {
            let code = match refusal {
                Refusal::NotIdentified => "not-identified",
                Refusal::NotRepresented => "not-represented",
                _ => "unauthorized",
            };
            Problem::new(Language::of(parts), code)
        })
    }
}

/// Whoever acts, where the secret of a link may do instead.
impl<S: Send + Sync> axum::extract::OptionalFromRequestParts<S> for Asker {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem> {
        if !parts.headers.contains_key(AUTHORIZATION) {
            return Ok(None);
        }
        <Self as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Session {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let session = token(parts).and_then(Bearer::parse);
        let session = session.map_err(|_| Problem::new(Language::of(parts), "unauthorized"))?;
        // Whoever means another shall not change what is their own.
        match parts.headers.contains_key(ACTING_FOR) {
            true => Err(Problem::new(Language::of(parts), "own-only")),
            false => Ok(Self(session)),
        }
    }
}

/// A session where one is welcome but not needed. A token that cannot be one is refused all the same.
impl<S: Send + Sync> axum::extract::OptionalFromRequestParts<S> for Session {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem> {
        if !parts.headers.contains_key(AUTHORIZATION) {
            return Ok(None);
        }
        <Self as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
    }
}

/// The client's key for retries, 1 to 128 visible characters.
#[derive(Debug, Clone)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        let text = value.to_str().ok().map(str::trim);
        let fits = text.filter(|key| (1..=KEY_MAX).contains(&key.len()));
        fits.map(|key| Self(Some(key.to_owned()))).ok_or_else(|| {
            let wrong = WrongField::new("Idempotency-Key", "not-a-key").with("max", KEY_MAX);
            fields(Language::of(parts), vec![wrong])
        })
    }
}

/// Query parameters, all as text; one that is not known is refused, for it would be ignored in silence.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let lang = Language::of(parts);
        let query = parts.uri.query().unwrap_or_default();
        let mut given = Map::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            // One of the two would be ignored in silence.
            if given.insert(name.to_string(), Value::String(value.into_owned())).is_some() {
                return Err(fields(lang, vec![WrongField::new(name.into_owned(), "given-twice")]));
            }
        }
        typed(Value::Object(given)).map(Self).map_err(|wrong| fields(lang, vec![wrong]))
    }
}

/// A JSON body of at most [`BODY_MAX`].
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Asked<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let lang = Language::of(&parts);
        let bytes = axum::body::to_bytes(body, BODY_MAX).await;
        let bytes = bytes
            .map_err(|_| Problem::new(lang, "body-too-large").arg("max-kb", (BODY_MAX / 1024) as i64))?;
        let bytes: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let value: Value = serde_json::from_slice(bytes).map_err(|_| Problem::new(lang, "malformed-json"))?;
        if !value.is_object() {
            return Err(Problem::new(lang, "malformed-json"));
        }
        typed(value).map(Self).map_err(|wrong| fields(lang, vec![wrong]))
    }
}

fn fields(lang: Lang, wrong: Vec<WrongField>) -> Problem {
    wrong.into_iter().fold(Problem::new(lang, "invalid-request"), |problem, wrong| {
        let args =
            wrong.facts.iter().fold(text::Args::new(), |args, (name, value)| args.with(name, value.as_str()));
        let message = text::field_error(lang, wrong.code, &args);
        problem.error(super::FieldProblem { field: wrong.field, code: wrong.code.to_owned(), message })
    })
}

/// Reads a value into its type; the error names the field.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T, WrongField> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let message = error.inner().to_string();
        let quoted = message.split('`').nth(1).unwrap_or_default();
        let at = |field: &str| if path == "." { field.to_owned() } else { format!("{path}.{field}") };
        if message.starts_with("unknown field") {
            let known = if path.ends_with(quoted) { path.clone() } else { at(quoted) };
            WrongField::new(known, "unknown-field")
        } else if message.starts_with("missing field") {
            WrongField::new(at(quoted), "required")
        } else {
            WrongField::new(path, "wrong-type")
        }
    })
}
