//! Passwords: the rule (ACC-1), and hashing them slowly, one at a time.

use crate::refusal::WrongField;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::limits::{PASSWORD_MAX, PASSWORD_MIN};
use icu_normalizer::ComposingNormalizerBorrowed;
use std::borrow::Cow;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Semaphore;

/// Memory and passes of one hash (OWASP's first choice for Argon2id): 19 MiB, 2.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// The same in words.
pub const PARAMETERS: &str = "Argon2id, 19 MiB, 2 passes, 1 lane";

/// Digits of a phone without its country.
const NATIONAL_DIGITS: usize = 10;

/// One hash at a time, so that memory stays bounded however many sign in.
static ONE: Semaphore = Semaphore::const_new(1);

/// The passwords that people choose most, of those that meet the rule but for a letter's case; in lower case.
const COMMON: &str = "
    password1 password12 password123 password1234 passw0rd passw0rd1 p@ssw0rd p@ssw0rd1 p@ssword1 pa55word
    pa55w0rd qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyu1 qwertyuiop1 qwertyuiop123
    qwerty11 qwerty77 qwerty00 qwerty2024 qwerty2025 qwerty2026 123qwerty 1234qwer 12345qwerty 123456qwerty
    1qwerty1 qwer1234 qwer4321 qweasd123 qweasdzxc1 qweqwe123 qwe123qwe 123qweasd 123qweasdzxc 1q2w3e4r
    1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 zaq12wsx
    zaq1zaq1 zaq1xsw2 qaz123wsx qazwsx12 qazwsx123 qazwsxedc1 asdfghjk1 asdfgh123 asdf1234 asdasd123
    zxcvbnm1 zxcvbnm123 zxcv1234 zxc123zxc abc12345 abcd1234 abc123456 abcd12345 abcdef12 abcdefg1 aa123456
    aa12345678 aaa12345 123456aa 1a2b3c4d a1b2c3d4 a1s2d3f4 z1x2c3v4 admin123 admin1234 admin12345
    administrator1 welcome1 welcome12 welcome123 letmein1 letmein123 iloveyou1 iloveyou2 iloveyou123
    sunshine1 princess1 football1 baseball1 superman1 trustno1 monkey123 dragon12 dragon123 master123
    michael1 jennifer1 jordan23 charlie1 liverpool1 chelsea1 arsenal1 barcelona1 juventus1 blink182
    spiderman1 pokemon1 pokemon123 starwars1 computer1 internet1 samsung1 samsung123 iphone12 android1
    windows10 microsoft1 google123 facebook1 vkontakte1 telegram1 whatsapp1 changeme1 changeme123 default1
    temp1234 test1234 test12345 testtest1 hello123 hello1234 secret123 login123 user1234 guest123 root1234
    root12345 pass1234 pass12345 pass123456 mypass123 mypassword1 newpass1 killer123 shadow123 hunter12
    hunter123 freedom1 whatever1 summer2024 summer2025 summer2026 winter2024 winter2025 winter2026
    spring2026 autumn2026 january1 december1 moscow2026 moscow777 russia2025 russia2026 spartak1 spartak1922
    zenit1925 dinamo1923 cska1911 gfhjkm12 gfhjkm123 gfhjkm1234 ghbdtn12 ghbdtn123 yfnfif123 cjkysirj1
    natasha1 nastya123 marina123 andrey123 sergey123 vladimir1 alexander1 ekaterina1 gosuslugi1 gosuslugi123
    пароль12 пароль123 пароль1234 пароль12345 мойпароль1 йцукен12 йцукен123 йцукен1234 йцукенгш1 йцукенгшщз1
    фывапро1 фывапролдж1 ячсмить1 йцуфыв123 1й2ц3у4к 1й2ц3у4к5е й1ц2у3к4 привет12 привет123 привет1234
    любовь123 солнышко1 солнце123 наташа123 настенька1 марина123 сергей123 андрей123 александр1 екатерина1
    владимир1 максим123 россия12 россия123 россия2025 россия2026 москва12 москва123 москва777 москва2026
    спартак1 спартак1922 зенит1925 динамо1923 госуслуги1 госуслуги12 госуслуги123 запись123 очередь1
    справка1 пенсия123 администратор1 админ123 тест1234 лето2025 лето2026 зима2026 весна2026 осень2026
";

/// One writing of what looks the same and is typed with the same keys: one keyboard sends «й» whole, another in two parts
/// (NFC, as RFC 8265 has it).
fn written(password: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(password)
}

/// What is wrong with a password; everything that is.
pub fn check(field: &str, password: &str, personal: &[&str]) -> Vec<WrongField> {
    let password = written(password);
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
    let guessed = COMMON.split_whitespace().any(|common| common == lower)
        || personal.iter().any(|part| part.chars().count() >= 5 && lower.contains(&part.to_lowercase()));
    if guessed {
        wrong.push(WrongField::new(field, "password-common"));
    }
    wrong
}

/// Whether a password has a phone in it, in any writing; the phone is in E.164.
pub fn has_phone(password: &str, phone: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let phone = digits(phone);
    // With +7, 8 or nothing before it: the last ten digits are the subscriber's.
    let national = &phone[phone.len().saturating_sub(NATIONAL_DIGITS)..];
    !national.is_empty() && digits(password).contains(national)
}

fn argon() -> Argon2<'static> {
    // These figures are within what the algorithm takes.
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password, in PHC form; none when the process is ending.
pub async fn hash(password: String, salt: [u8; 16]) -> Option<String> {
    alone(&ONE, move || {
        let hash: Result<argon2::PasswordHash, _> =
            argon().hash_password_with_salt(written(&password).as_bytes(), &salt);
        hash.ok().map(|hash| hash.to_string())
    })
    .await?
}

/// Whether a password fits a hash. Without a hash it costs the same and is false: nobody can tell an unknown
/// account by the time that its refusal takes. What was hashed as it was typed, before there was one writing, fits so too.
pub async fn fits(password: String, hash: Option<String>) -> bool {
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
    let fits = alone(&ONE, move || {
        let is = |password: &str| argon().verify_password(password.as_bytes(), hash.as_str()).is_ok();
        let one = written(&password);
        is(&one) || (one != password && is(&password))
    });
    let fits = fits.await;
    known && fits.unwrap_or(false)
}

/// A hash of the same cost that no password is known to have. Written out, or the first unknown login of a
/// process would pay for two.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Does the work when it is its turn. The turn lasts as long as the work, even when nobody waits for it any more.
async fn alone<T: Send + 'static>(
    turns: &'static Semaphore,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    // On a runtime of one thread it is nobody else's turn meanwhile.
    if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
        return Some(work());
    }
    let turn = turns.acquire().await.ok()?;
    let work = move || {
        let _turn = turn;
        work()
    };
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

    #[test]
    fn every_common_password_would_pass_but_for_a_letters_case() {
        for common in COMMON.split_whitespace() {
            let mut letters = common.chars();
            let at = letters.position(char::is_alphabetic).unwrap();
            let upper: String = common
                .chars()
                .enumerate()
                .flat_map(|(i, c)| if i == at { c.to_uppercase().collect() } else { vec![c] })
                .collect();
            assert_eq!(codes(&upper), ["password-common"], "{upper}");
        }
        assert!(COMMON.split_whitespace().count() >= 200);
    }

    #[test]
    fn a_phone_is_found_in_any_writing() {
        for password in ["+79990001122Aa", "Аня8(999)000-11-22", "a9990001122B"] {
            assert!(has_phone(password, "+79990001122"), "{password}");
        }
        for password in ["Осенний7лес", "a9990001123B", ""] {
            assert!(!has_phone(password, "+79990001122"), "{password}");
        }
        assert!(!has_phone("Str0ngEnough", ""));
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hash = hash("Осенний7лес".into(), [7; 16]).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(fits("Осенний7лес".into(), Some(hash.clone())).await);
        assert!(!fits("Осенний8лес".into(), Some(hash)).await);
        assert!(!fits("nobody".into(), None).await);
    }

    #[tokio::test]
    async fn what_looks_the_same_is_the_same_however_it_was_typed() {
        // «й» whole, and «и» with its breve.
        let (whole, parts) = ("Дли\u{439}ный7", "Дли\u{438}\u{306}ный7");
        for set in [whole, parts] {
            let hash = hash(set.into(), [7; 16]).await.unwrap();
            for said in [whole, parts] {
                assert!(fits(said.into(), Some(hash.clone())).await);
            }
        }
        // One that was hashed in parts before.
        let before = argon().hash_password_with_salt(parts.as_bytes(), &[7; 16]).unwrap();
        assert!(fits(parts.into(), Some(before.to_string())).await);
        // And the rule counts letters.
        assert_eq!(codes("\u{419}цукен123"), ["password-common"]);
        assert_eq!(codes("\u{418}\u{306}цукен123"), ["password-common"]);
    }

    #[tokio::test]
    async fn nobodys_hash_costs_what_every_hash_costs() {
        let hash = hash("Осенний7лес".into(), [7; 16]).await.unwrap();
        let parts = |hash: &str| hash.split('$').map(str::to_owned).collect::<Vec<_>>();
        let (one, nobodys) = (parts(&hash), parts(NOBODYS));
        assert_eq!(one[..4], nobodys[..4]);
        assert_eq!((one[4].len(), one[5].len()), (nobodys[4].len(), nobodys[5].len()));
        // It is computed to the end, not refused as no hash at all.
        let refused = argon().verify_password(b"nobody", NOBODYS).unwrap_err();
        assert_eq!(
            refused.to_string(),
            argon().verify_password(b"nobody", hash.as_str()).unwrap_err().to_string()
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_turn_lasts_as_long_as_its_work_though_nobody_waits() {
        // Of its own: other tests hash meanwhile.
        static TURNS: Semaphore = Semaphore::const_new(1);
        let (go_on, wait) = std::sync::mpsc::channel::<()>();
        let (started, begun) = tokio::sync::oneshot::channel();
        let abandoned = tokio::spawn(alone(&TURNS, move || {
            let _ = started.send(());
            let _ = wait.recv();
        }));
        begun.await.unwrap();
        abandoned.abort();
        assert!(abandoned.await.unwrap_err().is_cancelled());
        assert!(TURNS.try_acquire().is_err());
        go_on.send(()).unwrap();
        assert_eq!(alone(&TURNS, || 7).await, Some(7));
    }
}
