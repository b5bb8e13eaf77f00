//! An effort before something is done for a stranger while too much is asked or guessed: work for their device, or half a
//! minute's wait for those whose browser computes nothing (ACC-5).
//!
//! Both are bound to what they are for and good once: what was spent stands in the table.

use crate::{App, Refusal};
use altcha::{
    Challenge, ChallengeParameters, HmacAlgorithm, Payload, SolveChallengeOptions, VerifySolutionOptions,
    sign_challenge, solve_challenge, verify_solution,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::Moment;
use domain::moment::Draw;
use std::collections::BTreeMap;
use store::vault::{ClearKey, hash_text, mac};
use subtle::ConstantTimeEq;

/// One try of the work: so many rounds of SHA-256. Browsers do them natively, about a million a second on a weak phone.
const ALGORITHM: &str = "PBKDF2/SHA-256";
const ROUNDS: u32 = 5_000;
/// One try in 256 is right: 1.3 million rounds on the average, half a second on a computer, one to three on a phone. To check
/// takes us the rounds of one try.
const PREFIX: &str = "00";
const KEY_LEN: usize = 32;
/// How long the other way takes, in which nothing is computed.
pub const WAIT: TimeDelta = TimeDelta::seconds(30);
/// How long either is good for.
const VALID: TimeDelta = TimeDelta::minutes(10);
/// The longest answer that is looked at, in characters.
pub const EFFORT_MAX: usize = 2_000;

/// What of a challenge is ours: what it is for, and until when it is good.
const FOR: &str = "for";
const UNTIL: &str = "until";
const WAITED: &str = "wait";

/// How somebody may show an effort.
#[derive(Debug, Clone)]
pub struct Demand {
    /// For ALTCHA's widget, or any other solver of its second version.
    pub challenge: Challenge,
    /// Or this, no sooner than after [`WAIT`].
    pub wait: String,
}

/// An effort as it was shown, and the key by which it is known.
#[derive(Clone, Copy)]
pub struct Effort<'a> {
    pub key: &'a ClearKey,
    /// ALTCHA's payload, or the token for having waited.
    pub given: Option<&'a str>,
}

/// What there is to do for something that is named, by whoever did nothing yet.
pub(crate) fn demand(effort: Effort<'_>, of: &str, moment: &Moment) -> Refusal {
    let until = moment.now + VALID;
    let [nonce, salt] = [0, 16].map(|at| hex(&moment.bytes::<32>(Draw::Effort)[at..at + 16]));
    let data = BTreeMap::from([
        (FOR.to_owned(), hash_text(of.as_bytes()).into()),
        (UNTIL.to_owned(), until.timestamp().into()),
    ]);
    let mut parameters = ChallengeParameters {
        algorithm: ALGORITHM.to_owned(),
        cost: ROUNDS,
        data: Some(data),
        // The library would look at a clock of its own.
        expires_at: None,
        key_length: KEY_LEN,
        key_prefix: PREFIX.to_owned(),
        key_signature: None,
        memory_cost: None,
        nonce: nonce.clone(),
        parallelism: None,
        salt,
    };
    match sign_challenge(&HmacAlgorithm::Sha256, &mut parameters, None, &secret(effort.key), None) {
        Ok(challenge) => {
            let wait = waiting(effort.key, of, moment.now + WAIT, until, &nonce);
            Refusal::EffortNeeded(Box::new(Demand { challenge, wait }))
        }
        // What is signed is written above.
        Err(_) => Refusal::Busy,
    }
}

fn secret(key: &ClearKey) -> String {
    hex(&mac(key, &[b"effort"]))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn waiting(key: &ClearKey, of: &str, from: DateTime<Utc>, until: DateTime<Utc>, nonce: &str) -> String {
    let (from, until) = (from.timestamp(), until.timestamp());
    let parts = [&b"wait"[..], of.as_bytes(), &from.to_be_bytes(), &until.to_be_bytes(), nonce.as_bytes()];
    format!("{WAITED}.{from}.{until}.{nonce}.{}", URL_SAFE_NO_PAD.encode(mac(key, &parts)))
}

/// Whether an effort was shown for this; what was shown is spent. What is wrong, too old, too early or spent shows nothing.
///
/// # Errors
/// Those of the table.
pub(crate) async fn shown(
    app: &App,
    effort: Effort<'_>,
    of: &str,
    now: DateTime<Utc>,
) -> Result<bool, Refusal> {
    let given = effort.given.map(str::trim).filter(|given| given.len() <= EFFORT_MAX);
    let Some(name) = given.and_then(|given| good(effort.key, given, of, now)) else { return Ok(false) };
    Ok(app.store.spend(&hash_text(name.as_bytes()), now + VALID).await?)
}

/// The name by which a good effort is spent.
fn good(key: &ClearKey, given: &str, of: &str, now: DateTime<Utc>) -> Option<String> {
    if given.starts_with(WAITED) { waited(key, given, of, now) } else { worked(key, given, of, now) }
}

fn waited(key: &ClearKey, given: &str, of: &str, now: DateTime<Utc>) -> Option<String> {
    let mut parts = given.split('.').skip(1);
    let mut time = || DateTime::from_timestamp(parts.next()?.parse().ok()?, 0);
    let (from, until) = (time()?, time()?);
    let right = waiting(key, of, from, until, parts.next()?);
    let good = bool::from(right.as_bytes().ct_eq(given.as_bytes())) && (from..until).contains(&now);
    good.then_some(right)
}

fn worked(key: &ClearKey, given: &str, of: &str, now: DateTime<Utc>) -> Option<String> {
    let Payload { challenge, solution } = serde_json::from_slice(&STANDARD.decode(given).ok()?).ok()?;
    let ours = challenge.parameters.data.as_ref()?;
    let until = DateTime::from_timestamp(ours.get(UNTIL)?.as_i64()?, 0)?;
    if ours.get(FOR)?.as_str()? != hash_text(of.as_bytes()) || now >= until {
        return None;
    }
    let checked = verify_solution(VerifySolutionOptions::new(&challenge, &solution, secret(key))).ok()?;
    checked.verified.then_some(challenge.parameters.nonce)
}

/// What a device answers to a challenge: for those who play a visitor. None when it finds nothing in a minute and a half.
pub fn solve(challenge: &str) -> Option<String> {
    let challenge: Challenge = serde_json::from_str(challenge).ok()?;
    let solution = solve_challenge(SolveChallengeOptions::new(&challenge)).ok()??;
    Some(STANDARD.encode(serde_json::to_string(&Payload { challenge, solution }).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(1_000_000 + seconds)
    }

    fn asked(key: &ClearKey) -> Demand {
        let moment = Moment::new(at(0), [7; 32]);
        match demand(Effort { key, given: None }, "sign-in/anna", &moment) {
            Refusal::EffortNeeded(demand) => *demand,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn waiting_counts_between_half_a_minute_and_ten_and_for_what_it_was_asked() {
        let (key, other) = (ClearKey::new([1; 32]), ClearKey::new([2; 32]));
        let wait = asked(&key).wait;
        let good = |key, given: &str, of, after| good(key, given, of, at(after)).is_some();
        for (after, expected) in [(0, false), (29, false), (30, true), (599, true), (600, false)] {
            assert_eq!(good(&key, &wait, "sign-in/anna", after), expected, "{after}");
        }
        assert!(!good(&other, &wait, "sign-in/anna", 60) && !good(&key, &wait, "sign-in/boris", 60));
        // Nobody shortens it.
        let sooner = wait.replace(&at(30).timestamp().to_string(), &at(0).timestamp().to_string());
        assert!(sooner != wait && !good(&key, &sooner, "sign-in/anna", 60));
        for text in ["", "wait", "wait.", "wait.1.2", "wait.x.y.z.m", "e30=", "!"] {
            assert!(!good(&key, text, "sign-in/anna", 60), "{text}");
        }
    }

    #[test]
    fn work_counts_for_ten_minutes_and_for_what_it_was_asked() {
        let (key, other) = (ClearKey::new([1; 32]), ClearKey::new([2; 32]));
        let challenge = serde_json::to_string(&asked(&key).challenge).expect("a challenge");
        let done = solve(&challenge).expect("a solution");
        let good = |key, given: &str, of, after| good(key, given, of, at(after)).is_some();
        assert!(good(&key, &done, "sign-in/anna", 1) && !good(&key, &done, "sign-in/anna", 600));
        assert!(!good(&other, &done, "sign-in/anna", 1) && !good(&key, &done, "sign-in/boris", 1));
        // An easier challenge is not ours.
        let easy = challenge.replace("\"keyPrefix\":\"00\"", "\"keyPrefix\":\"\"");
        assert!(easy != challenge && !good(&key, &solve(&easy).expect("a solution"), "sign-in/anna", 1));
        let lazy = Payload {
            challenge: serde_json::from_str(&challenge).expect("a challenge"),
            solution: altcha::Solution { counter: 0, derived_key: "00".repeat(32), time: None },
        };
        let lazy = STANDARD.encode(serde_json::to_string(&lazy).expect("a payload"));
        assert!(!good(&key, &lazy, "sign-in/anna", 1));
    }
}
