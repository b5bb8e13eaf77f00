//! Second factors: codes of an authenticator (RFC 6238), and recovery codes for the day it is lost (ACC-4).

use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::limits::{RECOVERY_CODES, SECOND_FACTOR_PAUSE, SECOND_FACTOR_TRIES};
use domain::moment::Draw;
use domain::number::{LETTERS, as_letters};
use domain::{Moment, Ulid};
use std::collections::BTreeSet;
use store::items::factor::{Factor, open_secret};
use store::items::proof::Proof;
use store::vault::{ClearKey, mac};
use store::{Commit, Key, Vault};
use totp_rs::{Builder, Secret, Totp};

/// What the authenticator shows beside the account.
const ISSUER: &str = "Okno";
/// Bytes of a secret (RFC 4226, 4: 160 bits).
const SECRET_LEN: usize = 20;
/// Letters of a recovery code: 50 bits.
const RECOVERY_LEN: usize = 10;

/// The secret that an authenticator gets, of an invitation or a citizen: derived from what was drawn when setting it up began,
/// so that nobody who began before knows it.
pub(crate) fn secret_of(key: &ClearKey, of: Ulid, drawn: &[u8]) -> String {
    let mac = mac(key, &[b"authenticator", &of.to_bytes(), drawn]);
    Secret::new(mac[..SECRET_LEN].into()).to_base32()
}

fn totp(secret: &str, account: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    // An address has no colon, or it is none of ours.
    Builder::new().with_secret(secret).with_account_name(account).with_issuer(Some(ISSUER)).build().ok()
}

fn seconds(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp()).unwrap_or(0)
}

/// The address that an authenticator reads as a QR code.
pub(crate) fn address(secret: &str, account: &str) -> Option<String> {
    totp(secret, account)?.to_url().ok()
}

/// The step of which this is the code; the one before and the one after count, for clocks that are not right.
pub(crate) fn step_of(secret: &str, code: &str, now: DateTime<Utc>) -> Option<u64> {
    totp(secret, "")?.check(&spaceless(code), seconds(now))
}

/// The code that an authenticator with this secret shows.
pub fn code_at(secret: &str, at: DateTime<Utc>) -> Option<String> {
    Some(totp(secret, "")?.generate(seconds(at)).to_string())
}

fn spaceless(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace()).collect()
}

/// New recovery codes as people keep them: `7K4M2-9QXC8`.
pub(crate) fn recovery_codes(moment: &Moment) -> Vec<String> {
    let bytes: [u8; RECOVERY_CODES * RECOVERY_LEN] = moment.bytes(Draw::Recovery);
    let letters =
        |chunk: &[u8]| -> String { chunk.iter().map(|b| LETTERS[usize::from(b % 32)] as char).collect() };
    let halves = bytes.chunks_exact(RECOVERY_LEN).map(|chunk| chunk.split_at(RECOVERY_LEN / 2));
    halves.map(|(one, other)| format!("{}-{}", letters(one), letters(other))).collect()
}

/// Keyed hashes of recovery codes, however they are written.
pub(crate) fn hashes(vault: &Vault, codes: &[String]) -> BTreeSet<String> {
    codes.iter().map(|code| vault.lookup("recovery", &as_letters(code))).collect()
}

/// What opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Opened {
    Authenticator {
        step: u64,
    },
    /// The recovery code with this hash: it opens once.
    Recovery {
        hash: String,
    },
    /// The code of this proof, which went to the cabinet's phone.
    Sms(Box<Proof>),
}

/// The recovery code left that this is, however it is written.
pub(crate) fn recovery(vault: &Vault, factor: &Factor, code: &str) -> Option<Opened> {
    let hash = vault.lookup("recovery", &as_letters(code));
    factor.recovery.contains(&hash).then_some(Opened::Recovery { hash })
}

/// The authenticator's code, if this is one and newer than the last one used.
fn authenticator(factor: &Factor, secret: &str, code: &str, now: DateTime<Utc>) -> Option<Opened> {
    let step = step_of(secret, code, now).filter(|step| *step > factor.last_step)?;
    Some(Opened::Authenticator { step })
}

/// Whether a code opens. A recovery code is found by its hash: fifty bits of chance need no counter, and whoever has one is
/// let in while guesses of others keep the authenticator shut. Everything else is counted before it is compared, so that many
/// at once are no more guesses than one after another.
///
/// # Errors
/// [`Refusal::TooManyTries`] after five wrong codes; [`Refusal::Busy`].
pub(crate) async fn open(
    app: &App,
    vault: &Vault,
    key: &Key,
    factor: &Factor,
    code: &str,
    moment: &Moment,
) -> Result<Option<Opened>, Refusal> {
    if let Some(opened) = recovery(vault, factor, code) {
        return Ok(Some(opened));
    }
    let before = wrong_before(factor, moment.now)?;
    if !app.store.count_wrong(key, factor, before + 1, moment.now).await? {
        return Err(Refusal::Busy);
    }
    let secret = open_secret(vault, key, &factor.secret)?;
    Ok(authenticator(factor, &secret, code, moment.now))
}

/// Wrong codes that count against the next one.
fn wrong_before(factor: &Factor, now: DateTime<Utc>) -> Result<u32, Refusal> {
    if factor.wrong < SECOND_FACTOR_TRIES {
        return Ok(factor.wrong);
    }
    let until = factor.wrong_at.unwrap_or(now) + SECOND_FACTOR_PAUSE;
    if now < until {
        return Err(Refusal::TooManyTries { seconds: (until - now).num_seconds().max(1) });
    }
    Ok(0)
}

/// What opened once does not open again.
pub(crate) fn use_up(
    app: &App,
    commit: &mut Commit,
    key: &Key,
    factor: &Factor,
    opened: &Opened,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    match opened {
        Opened::Authenticator { step } => app.store.use_step(commit, key, *step),
        Opened::Sms(proof) => app.store.use_proof(commit, proof, now),
        Opened::Recovery { hash } => {
            let mut after = factor.clone();
            after.recovery.remove(hash);
            app.store.keep_recovery(commit, key, factor, &after)?;
        }
    }
    Ok(())
}

/// New recovery codes in place of all before.
pub(crate) fn renew(
    app: &App,
    vault: &Vault,
    commit: &mut Commit,
    key: &Key,
    factor: &Factor,
    opened: &Opened,
    moment: &Moment,
) -> Result<Vec<String>, Refusal> {
    let codes = recovery_codes(moment);
    let mut after = factor.clone();
    after.recovery = hashes(vault, &codes);
    match opened {
        // Two changes of one item are one action: the step rides along.
        Opened::Authenticator { step } => after.last_step = *step,
        Opened::Sms(proof) => app.store.use_proof(commit, proof, moment.now),
        Opened::Recovery { .. } => {}
    }
    app.store.keep_recovery(commit, key, factor, &after)?;
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    /// RFC 6238, appendix B: the secret is «12345678901234567890», the codes are the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(code_at(secret, at(seconds)).as_deref(), Some(code));
        }
        assert_eq!(step_of(secret, " 287 082 ", at(59)), Some(1));
        for (seconds, expected) in [(0, Some(1)), (89, Some(1)), (90, None)] {
            assert_eq!(step_of(secret, "287082", at(seconds)), expected, "{seconds}");
        }
    }

    #[test]
    fn a_secret_is_of_its_invitation_and_opening_and_goes_into_an_authenticator() {
        let of = |key, id: u128, drawn: &[u8]| secret_of(&ClearKey::new([key; 32]), Ulid::from(id), drawn);
        let secret = of(1, 7, b"x");
        assert_eq!(secret, of(1, 7, b"x"));
        assert!([of(2, 7, b"x"), of(1, 8, b"x"), of(1, 7, b"y")].iter().all(|other| *other != secret));
        let address = address(&secret, "anna@example.ru").expect("an address");
        assert!(address.starts_with("otpauth://totp/Okno:anna%40example"), "{address}");
        assert!(
            address.contains(&format!("secret={}", secret)) && address.contains("issuer=Okno"),
            "{address}"
        );
    }

    fn auth(vault: &Vault, codes: &[String]) -> Factor {
        Factor::new(domain::account::FactorBy::Authenticator, Vec::new(), 0, hashes(vault, codes))
    }

    #[test]
    fn a_recovery_code_is_read_however_it_is_written_and_a_used_code_opens_nothing() {
        let vault = Vault::new(ClearKey::new([1; 32]), ClearKey::new([2; 32]));
        let codes = recovery_codes(&Moment::new(at(0), [5; 32]));
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), RECOVERY_CODES);
        let mut auth = auth(&vault, &codes);
        let secret = secret_of(&ClearKey::new([1; 32]), Ulid::from(7_u128), b"x");
        let sloppy = codes[3].to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        let Some(Opened::Recovery { hash }) = recovery(&vault, &auth, &sloppy) else {
            panic!("{sloppy} does not open")
        };
        auth.recovery.remove(&hash);
        assert_eq!(recovery(&vault, &auth, &codes[3]), None);
        let code = code_at(&secret, at(1000)).expect("a code");
        assert_eq!(authenticator(&auth, &secret, &code, at(1000)), Some(Opened::Authenticator { step: 33 }));
        auth.last_step = 33;
        assert_eq!(authenticator(&auth, &secret, &code, at(1000)), None, "a code opens once");
    }
}
