//! What one changes of what one says of oneself, part by part (ACC-7, ACC-12).

use crate::oneself::{ProfileView, elsewhere, profile_view};
use app::account::profile::{self, AddressForm, Form, NameForm, PaperForm, Part, PolicyForm};
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use lambda::Edge;
use lambda::http::{Asked, Device, Language, NO_STORE, Problem, ProblemBody, Session};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// What changes (RFC 7396): what is absent stays, what is `null` is taken away, what is there is put whole.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProfileChange {
    name: Option<NameRequest>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    birth_date: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<PaperRequest>)]
    identity_document: Option<Option<PaperRequest>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    snils: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    inn: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<AddressRequest>)]
    address: Option<Option<AddressRequest>>,
    /// Another place by which to look for offices: the town where one works.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    work_town_id: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<PolicyRequest>)]
    policy: Option<Option<PolicyRequest>>,
    /// `both`, `mail` or `sms`.
    notices_by: Option<String>,
    /// `ru` or `en`.
    language: Option<String>,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NameRequest {
    #[schema(required = true, nullable = false)]
    surname: Option<String>,
    #[schema(required = true, nullable = false)]
    given_name: Option<String>,
    patronymic: Option<String>,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PaperRequest {
    /// `passport`, `temporary-card`, `foreign-passport`, `residence-permit` or `refugee-card`.
    #[schema(required = true, nullable = false)]
    kind: Option<String>,
    /// Of passports only: four digits.
    series: Option<String>,
    #[schema(required = true, nullable = false)]
    number: Option<String>,
    #[schema(required = true, nullable = false)]
    issued_on: Option<String>,
    #[schema(required = true, nullable = false)]
    issued_by: Option<String>,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AddressRequest {
    #[schema(required = true, nullable = false)]
    region_id: Option<String>,
    /// The town, or the nearest one of `/v1/towns`.
    town_id: Option<String>,
    /// As the passport has it.
    #[schema(required = true, nullable = false)]
    text: Option<String>,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PolicyRequest {
    /// `compulsory`, `voluntary` or `none`.
    #[schema(required = true, nullable = false)]
    kind: Option<String>,
    number: Option<String>,
    issued_on: Option<String>,
    /// Of `none`: why.
    reason: Option<String>,
}

/// Tells what is `null` from what is absent.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

fn part<T, U>(given: Option<Option<T>>, read: impl FnOnce(T) -> U) -> Part<U> {
    match given {
        None => Part::Kept,
        Some(None) => Part::Cleared,
        Some(Some(given)) => Part::Given(read(given)),
    }
}

fn form(asked: ProfileChange) -> Form {
    Form {
        name: asked.name.map(|name| NameForm {
            surname: name.surname,
            given_name: name.given_name,
            patronymic: name.patronymic,
        }),
        birth_on: part(asked.birth_date, |given| given),
        paper: part(asked.identity_document, |paper| PaperForm {
            kind: paper.kind,
            series: paper.series,
            number: paper.number,
            issued_on: paper.issued_on,
            issued_by: paper.issued_by,
        }),
        snils: part(asked.snils, |given| given),
        inn: part(asked.inn, |given| given),
        address: part(asked.address, |address| AddressForm {
            region: address.region_id,
            town: address.town_id,
            text: address.text,
        }),
        work: part(asked.work_town_id, |given| given),
        policy: part(asked.policy, |policy| PolicyForm {
            kind: policy.kind,
            number: policy.number,
            issued_on: policy.issued_on,
            reason: policy.reason,
        }),
        reach: asked.notices_by,
        language: asked.language,
    }
}

/// Changes what one says of oneself.
#[utoipa::path(patch, path = "/v1/me/profile", tag = "me", request_body = ProfileChange, security(("session" = [])),
    responses((status = 200, body = ProfileView), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub async fn change(
    State(edge): State<Edge>,
    Language(lang): Language,
    Session(bearer): Session,
    Device(device): Device,
    Asked(request): Asked<ProfileChange>,
) -> Result<impl IntoResponse, Problem> {
    let say = |refusal| Problem::of(&edge, lang, refusal);
    let vault = edge.vault().await.map_err(|error| say(error.into()))?;
    let form = form(request);
    let changed =
        profile::change(edge.app(), &vault, &bearer, &form, device.as_deref()).await.map_err(say)?;
    let mut view = profile_view(&edge, changed.oneself, lang);
    view.identity_ended = changed.ended.then(|| text::label(lang, "identity-ended"));
    view.elsewhere = changed.elsewhere.into_iter().map(|one| elsewhere(&edge, one, lang)).collect();
    Ok(([NO_STORE], Json(view)))
}
