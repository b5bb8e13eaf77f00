//! Passwords: the rule (ACC-1), and hashing them slowly, one at a time.

use crate::refusal::WrongField;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::limits::{PASSWORD_MAX, PASSWORD_MIN};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Memory and passes of one hash (OWASP's first choice for Argon2id): 19 MiB, 2.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// One hash at a time, so that memory stays bounded however many sign in.
static ONE: Semaphore = Semaphore::const_new(1);

/// Of the passwords that people choose most, those that meet the rule or differ from it by a letter's case.
const COMMON: &[&str] = &[
    "password1",
    "passw0rd",
    "p@ssw0rd",
    "qwerty12",
    "qwerty123",
    "qwerty1234",
    "qwerty12345",
    "qwertyu1",
    "qwertyuiop1",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "zaq12wsx",
    "q1w2e3r4",
    "q1w2e3r4t5",
    "abc12345",
    "abcd1234",
    "a1234567",
    "aa123456",
    "admin123",
    "administrator1",
    "welcome1",
    "letmein1",
    "iloveyou1",
    "sunshine1",
    "princess1",
    "football1",
    "baseball1",
    "superman1",
    "trustno1",
    "monkey123",
    "dragon123",
    "master123",
    "michael1",
    "jordan23",
    "charlie1",
    "liverpool1",
    "chelsea1",
    "arsenal1",
    "blink182",
    "spiderman1",
    "pokemon1",
    "starwars1",
    "computer1",
    "internet1",
    "samsung1",
    "changeme1",
    "password12",
    "password123",
    "password1234",
    "asdfghjk1",
    "asdf1234",
    "zxcvbnm1",
    "zxcv1234",
    "test1234",
    "hello123",
    "secret123",
    "login123",
    "user1234",
    "guest123",
    "root1234",
    "пароль123",
    "пароль12",
    "пароль1",
    "йцукен12",
    "йцукен123",
    "йцукенгш1",
    "привет123",
    "любовь123",
    "наташа123",
    "россия1",
    "россия2026",
    "москва123",
    "спартак1922",
    "gfhjkm123",
    "ghbdtn123",
    "gosuslugi1",
    "gosuslugi123",
    "госуслуги1",
    "госуслуги123",
];

/// What is wrong with a password; everything that is.
pub fn check(field: &str, password: &str, personal: &[&str]) -> Vec<WrongField> {
    let mut wrong = Vec::new();
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        wrong.push(WrongField::new(field, "password-too-short").with("min", PASSWORD_MIN));
    }
    if length > PASSWORD_MAX {
        wrong.push(WrongField::new(field, "password-too-long").with("max", PASSWORD_MAX));
    }
    if !password.chars().any(|c| c.is_ascii_digit()) {
        wrong.push(WrongField::new(field, "password-needs-digit"));
    }
    if !password.chars().any(char::is_lowercase) {
        wrong.push(WrongField::new(field, "password-needs-lower"));
    }
    if !password.chars().any(char::is_uppercase) {
        wrong.push(WrongField::new(field, "password-needs-upper"));
    }
    let lower = password.to_lowercase();
    let guessed = COMMON.contains(&lower.as_str())
        || personal.iter().any(|part| part.chars().count() >= 5 && lower.contains(&part.to_lowercase()));
    if guessed {
        wrong.push(WrongField::new(field, "password-common"));
    }
    wrong
}

fn argon() -> Argon2<'static> {
    // These figures are within what the algorithm takes.
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password, in PHC form.
///
/// # Errors
/// None in practice; an empty answer never verifies.
pub async fn hash(password: String, salt: [u8; 16]) -> String {
    alone(move || {
        let hash: Result<argon2::PasswordHash, _> =
            argon().hash_password_with_salt(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).unwrap_or_default()
    })
    .await
    .unwrap_or_default()
}

/// Whether a password fits a hash. Without a hash it costs the same and is false: nobody can tell an unknown
/// account by the time that its refusal takes.
pub async fn fits(password: String, hash: Option<String>) -> bool {
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(|| DUMMY.clone());
    let fits = alone(move || argon().verify_password(password.as_bytes(), hash.as_str()).is_ok()).await;
    known && fits.unwrap_or(false)
}

/// A hash of nobody's password, of the same cost.
static DUMMY: LazyLock<String> = LazyLock::new(|| {
    let hash: Result<argon2::PasswordHash, _> = argon().hash_password_with_salt(b"nobody", &[0; 16]);
    hash.map(|hash| hash.to_string()).unwrap_or_default()
});

async fn alone<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _turn = ONE.acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(password: &str) -> Vec<&'static str> {
        check("password", password, &["anna.petrova", "+79990001122"])
            .iter()
            .map(|wrong| wrong.code)
            .collect()
    }

    #[test]
    fn the_rule_names_everything_that_is_missing() {
        assert_eq!(codes("Осенний7лес"), [""; 0]);
        assert_eq!(codes("Str0ngEnough"), [""; 0]);
        assert_eq!(codes("abc"), ["password-too-short", "password-needs-digit", "password-needs-upper"]);
        assert_eq!(codes("ДЛИННЫЙПАРОЛЬ"), ["password-needs-digit", "password-needs-lower"]);
        assert_eq!(codes("Qwerty123"), ["password-common"]);
        assert_eq!(codes("Anna.Petrova1"), ["password-common"]);
        assert_eq!(codes(&format!("aA1{}", "x".repeat(130))), ["password-too-long"]);
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hash = hash("Осенний7лес".into(), [7; 16]).await;
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(fits("Осенний7лес".into(), Some(hash.clone())).await);
        assert!(!fits("Осенний8лес".into(), Some(hash)).await);
        assert!(!fits("nobody".into(), None).await);
    }
}
