//! Asking the registries of the state and of insurers, by the contract in `infra/contracts/registries.md` (BKG-3, ACC-12).
//!
//! Nothing of a question or an answer is logged. An answer that contradicts itself, or the contract, is no clear one.

use crate::{Outbound, OutboundError};
use domain::citizen::Name;
use domain::profile::Paper;
use domain::registry::{
    Differing, EligibilityQuestion, EligibilitySaid, PolicyQuestion, PolicySaid, REASON_LETTERS_MAX,
};
use http::{Method, Request, header};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

const SERVICE: &str = "a registry";
/// Of the contract.
const VERSION: u32 = 1;
/// The largest answer that is read, in bytes.
const ANSWER_MAX: usize = 16 * 1024;
/// How long somebody who wants to book waits for a registry.
pub const WHILE_BOOKING: Duration = Duration::from_millis(1_500);
/// How long a worker does.
pub const AT_LEISURE: Duration = Duration::from_secs(3);

/// Where the registries are, and as whom they are asked. Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct Registries {
    /// Without a slash at the end.
    pub url: String,
    pub token: String,
}

impl fmt::Debug for Registries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registries").field("url", &self.url).finish_non_exhaustive()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PersonWire<'a> {
    surname: &'a str,
    given_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    patronymic: Option<&'a str>,
    birth_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    snils: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<DocumentWire<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DocumentWire<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<&'a str>,
    number: &'a str,
    issued_on: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PolicyWire<'a> {
    kind: &'a str,
    number: &'a str,
    issued_on: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Asked<'a> {
    version: u32,
    request_id: &'a str,
    person: PersonWire<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<PolicyWire<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    version: u32,
    request_id: String,
    outcome: String,
    reason: Option<String>,
    differs: Option<Vec<String>>,
}

fn person<'a>(name: &'a Name, birth_date: String) -> PersonWire<'a> {
    PersonWire {
        surname: &name.surname,
        given_name: &name.given,
        patronymic: name.patronymic.as_deref(),
        birth_date,
        snils: None,
        document: None,
    }
}

fn document(paper: &Paper) -> DocumentWire<'_> {
    DocumentWire {
        kind: paper.kind.name(),
        series: paper.series.as_deref(),
        number: &paper.number,
        issued_on: paper.issued_on.to_string(),
    }
}

/// An answer to the very question, in a version known here.
fn read(body: &[u8], request: &str) -> Option<Said> {
    let within = body.len() <= ANSWER_MAX;
    let said: Said = within.then(|| serde_json::from_slice(body).ok()).flatten()?;
    (said.version == VERSION && said.request_id == request).then_some(said)
}

fn policy(said: &Said) -> PolicySaid {
    let plain = said.reason.is_none() && said.differs.is_none();
    let known = PolicySaid::ALL.into_iter().find(|known| known.name() == said.outcome);
    known.filter(|_| plain).unwrap_or(PolicySaid::Unclear)
}

fn eligibility(said: Said) -> EligibilitySaid {
    match (said.outcome.as_str(), said.reason, said.differs) {
        ("eligible", None, None) => EligibilitySaid::Eligible,
        ("unknown-person", None, None) => EligibilitySaid::UnknownPerson,
        ("not-eligible", Some(reason), None) => {
            let reason = reason.trim();
            let sayable = !reason.is_empty()
                && reason.chars().count() <= REASON_LETTERS_MAX
                && !reason.chars().any(char::is_control);
            if sayable { EligibilitySaid::NotEligible(reason.to_owned()) } else { EligibilitySaid::Unclear }
        }
        ("differs", None, Some(named)) => {
            let known = |name: &String| Differing::ALL.into_iter().find(|known| known.name() == name);
            let all: Option<Vec<Differing>> = named.iter().map(known).collect();
            match all.filter(|all| !all.is_empty() && all.len() <= Differing::ALL.len()) {
                Some(all) => EligibilitySaid::Differs(all),
                None => EligibilitySaid::Unclear,
            }
        }
        _ => EligibilitySaid::Unclear,
    }
}

impl Outbound {
    /// Asks insurers whether a policy is good and its holder's.
    ///
    /// # Errors
    /// [`OutboundError::Unavailable`] when no answer comes within the time, or there is nobody to ask.
    pub async fn ask_policy(
        &self,
        question: &PolicyQuestion,
        within: Duration,
    ) -> Result<PolicySaid, OutboundError> {
        let insurance = &question.insurance;
        let asked = Asked {
            version: VERSION,
            request_id: &question.request,
            person: person(&question.name, question.birth_on.to_string()),
            service: None,
            policy: Some(PolicyWire {
                kind: insurance.kind.name(),
                number: &insurance.number,
                issued_on: insurance.issued_on.to_string(),
            }),
        };
        let said = self.ask("policies", &asked, within).await?;
        Ok(said.map_or(PolicySaid::Unclear, |said| policy(&said)))
    }

    /// Asks the state's registry whether somebody is entitled to a service.
    ///
    /// # Errors
    /// As [`Outbound::ask_policy`].
    pub async fn ask_eligibility(
        &self,
        question: &EligibilityQuestion,
        within: Duration,
    ) -> Result<EligibilitySaid, OutboundError> {
        let holder = &question.holder;
        let asked = Asked {
            version: VERSION,
            request_id: &question.request,
            person: PersonWire {
                snils: holder.snils.as_ref().map(|snils| snils.as_str()),
                document: holder.paper.as_ref().map(document),
                ..person(&holder.name, holder.birth_on.to_string())
            },
            service: Some(question.service.as_str()),
            policy: None,
        };
        let said = self.ask("eligibility", &asked, within).await?;
        Ok(said.map_or(EligibilitySaid::Unclear, eligibility))
    }

    /// None: something came that is no answer.
    async fn ask(
        &self,
        what: &str,
        asked: &Asked<'_>,
        within: Duration,
    ) -> Result<Option<Said>, OutboundError> {
        let failed = |why: String| OutboundError::Unavailable { service: SERVICE, source: why.into() };
        let registries =
            self.registries.as_ref().ok_or_else(|| failed("nobody is set to be asked".into()))?;
        let body = serde_json::to_vec(asked).map_err(|_| failed("the question cannot be written".into()))?;
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("{}/v1/{what}", registries.url))
            .header(header::AUTHORIZATION, format!("Bearer {}", registries.token))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .body(body)
            .map_err(|_| failed("the address or the token of the registries is none".into()))?;
        let answer = tokio::time::timeout(within, self.web.fetch(request)).await;
        let answer = answer.map_err(|_| failed("no answer in time".into()))??;
        match answer.status().as_u16() {
            200 => Ok(read(answer.body(), asked.request_id)),
            status => Err(failed(format!("it answered with {status}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eligible(body: &str) -> EligibilitySaid {
        read(body.as_bytes(), "q").map_or(EligibilitySaid::Unclear, eligibility)
    }

    #[test]
    fn an_answer_says_one_thing_or_is_unclear() {
        let whole = |rest: &str| format!(r#"{{"version":1,"requestId":"q",{rest}}}"#);
        let unclear = [
            r#""outcome":"eligible","reason":"x""#,
            r#""outcome":"eligible","differs":["name"]"#,
            r#""outcome":"not-eligible""#,
            r#""outcome":"not-eligible","reason":"  ""#,
            r#""outcome":"not-eligible","reason":"x","differs":["name"]"#,
            r#""outcome":"differs","differs":[]"#,
            r#""outcome":"differs","differs":["shoe-size"]"#,
            r#""outcome":"maybe""#,
            r#""outcome":"unclear""#,
        ];
        for rest in unclear {
            assert_eq!(eligible(&whole(rest)), EligibilitySaid::Unclear, "{rest}");
        }
        let long = format!(r#""outcome":"not-eligible","reason":"{}""#, "x".repeat(REASON_LETTERS_MAX + 1));
        assert_eq!(eligible(&whole(&long)), EligibilitySaid::Unclear);
        assert_eq!(eligible(&whole(r#""outcome":"eligible""#)), EligibilitySaid::Eligible);
        assert_eq!(eligible(&whole(r#""outcome":"eligible","later":1"#)), EligibilitySaid::Eligible);
        let refused = whole(r#""outcome":"not-eligible","reason":" x ""#);
        assert_eq!(eligible(&refused), EligibilitySaid::NotEligible("x".into()));
        let differs = whole(r#""outcome":"differs","differs":["birth-date","name"]"#);
        assert_eq!(eligible(&differs), EligibilitySaid::Differs(vec![Differing::BirthDate, Differing::Name]));
    }

    #[test]
    fn the_answer_to_another_question_or_in_another_version_is_none() {
        for body in [
            r#"{"version":2,"requestId":"q","outcome":"eligible"}"#,
            r#"{"version":1,"requestId":"p","outcome":"eligible"}"#,
            r#"{"version":1,"outcome":"eligible"}"#,
            "<html>",
            "",
        ] {
            assert_eq!(eligible(body), EligibilitySaid::Unclear, "{body}");
        }
        let padded = format!(
            r#"{{"version":1,"requestId":"q","outcome":"eligible","pad":"{}"}}"#,
            "x".repeat(ANSWER_MAX)
        );
        assert_eq!(eligible(&padded), EligibilitySaid::Unclear);
    }

    #[test]
    fn a_policy_is_what_was_said_and_nothing_between() {
        let said = |body: &str| read(body.as_bytes(), "q").map_or(PolicySaid::Unclear, |said| policy(&said));
        for known in PolicySaid::ALL {
            let body = format!(r#"{{"version":1,"requestId":"q","outcome":"{}"}}"#, known.name());
            assert_eq!(said(&body), known);
        }
        let torn = r#"{"version":1,"requestId":"q","outcome":"valid","reason":"void"}"#;
        assert_eq!(said(torn), PolicySaid::Unclear);
    }
}
