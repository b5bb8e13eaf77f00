//! Phones, addresses and names as people write them, parsed at the door (ACC-1, ACC-3).

use crate::floods::Floods;
use core::str::FromStr;
use domain::limits::{EMAIL_MAX, NAME_MAX};
use phonenumber::Type;
use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;
use store::Vault;

/// Characters of a phone in its longest common writing: what is longer is not worth parsing.
const PHONE_TEXT_MAX: usize = 40;

/// A mobile phone that may be sent to, in E.164 from any common writing.
///
/// # Errors
/// The code of the field error: `not-a-phone`, `country-not-served`, `not-a-mobile` (codes and notices come by SMS).
pub fn phone(text: &str, floods: &Floods) -> Result<String, &'static str> {
    read(text, |country| floods.serve(country))
}

/// A mobile phone of any country in E.164, from any common writing; `8 (999) 000-11-22` is a Russian one.
///
/// # Errors
/// As [`phone`].
pub fn number(text: &str) -> Result<String, &'static str> {
    read(text, |_| true)
}

fn read(text: &str, served: impl Fn(Id) -> bool) -> Result<String, &'static str> {
    let text = text.trim();
    if text.len() > PHONE_TEXT_MAX {
        return Err("not-a-phone");
    }
    let number = phonenumber::parse(Some(Id::RU), text).map_err(|_| "not-a-phone")?;
    let country = number.country().id();
    if !phonenumber::is_valid(&number) || number.extension().is_some() {
        return Err("not-a-phone");
    }
    if !country.is_some_and(served) {
        return Err("country-not-served");
    }
    // Where the two cannot be told apart, as in North America, it may be a mobile.
    if !matches!(number.number_type(&DATABASE), Type::Mobile | Type::FixedLineOrMobile) {
        return Err("not-a-mobile");
    }
    Ok(number.format().mode(phonenumber::Mode::E164).to_string())
}

/// An address in lower case, its domain in the letters of its language, without the spaces around it. The link
/// that is sent proves the rest.
///
/// # Errors
/// `not-an-email`; `mailbox-not-latin` for a mailbox in other letters, to which most providers do not deliver.
pub fn email(text: &str) -> Result<String, &'static str> {
    let text = text.trim().to_lowercase();
    let (local, domain) = text.rsplit_once('@').ok_or("not-an-email")?;
    let (domain, readable) = idna::domain_to_unicode(domain);
    readable.map_err(|_| "not-an-email")?;
    let text = format!("{local}@{domain}");
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let host = domain.split('.').count() >= 2 && domain.split('.').all(label);
    let sane = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let mailbox = (1..=64).contains(&local.len())
        && local.chars().all(sane)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    if !(host && mailbox && text.len() <= EMAIL_MAX) {
        return Err("not-an-email");
    }
    if local.is_ascii() { Ok(text) } else { Err("mailbox-not-latin") }
}

/// A part of a name, its spaces collapsed.
///
/// # Errors
/// `required`, `too-long`, `bad-characters`, `no-letters`.
pub fn name(text: &str) -> Result<String, &'static str> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err("required");
    }
    if name.chars().count() > NAME_MAX {
        return Err("too-long");
    }
    let fits = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.' | '(' | ')');
    if !name.chars().all(fits) {
        return Err("bad-characters");
    }
    if name.chars().any(char::is_alphabetic) { Ok(name) } else { Err("no-letters") }
}

/// What one signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    Phone(String),
    Email(String),
    /// Neither a phone nor an address: nobody's, and answered like any unknown one.
    Nobody(String),
}

impl Login {
    /// The keyed hash under which its owner is found.
    pub fn hash(&self, vault: &Vault) -> String {
        match self {
            Login::Phone(phone) => vault.lookup("phone", phone),
            Login::Email(email) => vault.lookup("email", email),
            Login::Nobody(text) => vault.lookup("nobody", text),
        }
    }
}

impl FromStr for Login {
    type Err = core::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        Ok(if compact.contains('@') {
            email(&compact).map_or_else(|_| Login::Nobody(compact.to_lowercase()), Login::Email)
        } else {
            number(&compact).map_or_else(|_| Login::Nobody(compact.to_lowercase()), Login::Phone)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn phone(text: &str) -> Result<String, &'static str> {
        super::phone(text, &Floods::new("RU", 100).expect("a country"))
    }

    proptest! {
        #[test]
        fn whatever_is_read_reads_the_same_again(text in r"[ +\-()0-9a-zA-Zа-яА-Я@.;=']{0,40}|\PC{0,40}") {
            if let Ok(read) = number(&text) {
                prop_assert_eq!(number(&read), Ok(read));
            }
            if let Ok(read) = email(&text) {
                prop_assert_eq!(email(&read), Ok(read));
            }
            if let Ok(read) = name(&text) {
                prop_assert_eq!(name(&read), Ok(read));
            }
        }

        #[test]
        fn a_login_is_the_same_however_spaced(digits in "9[0-9]{9}", at in 0..10_usize) {
            let spaced = format!(" 8 {} {} ", &digits[..at], &digits[at..]);
            prop_assert_eq!(spaced.parse::<Login>(), format!("+7{digits}").parse::<Login>());
        }

        #[test]
        fn phone_contexts_and_extensions_do_no_harm(text in r"[+0-9;,#x.=a-z: ]{0,12}(;phone-context=|ext|;ext=|tel:)[+0-9;.=a-z]{0,16}") {
            prop_assert!(phone(&text).is_err() || phone(&text).is_ok_and(|read| read.starts_with("+7")));
        }
    }

    #[test]
    fn any_common_writing_of_a_phone_is_one_phone() {
        for text in [
            "8 (999) 000-11-22",
            "+7 999 000 11 22",
            "+79990001122",
            " 89990001122 ",
            "9990001122",
            "7-999-000-11-22",
        ] {
            assert_eq!(phone(text).as_deref(), Ok("+79990001122"), "{text}");
        }
        for text in ["", "12", "+7 999 000 11 2", "телефон", "+79990001122 ext 5"] {
            assert_eq!(phone(text), Err("not-a-phone"), "{text}");
        }
        // Kazakhstan has the same +7.
        for text in ["+44 20 7946 0958", "+7 701 123 45 67", "+992 93 123 4567"] {
            assert_eq!(phone(text), Err("country-not-served"), "{text}");
        }
        for text in ["+7 495 123-45-67", "8 (343) 371-00-00"] {
            assert_eq!(phone(text), Err("not-a-mobile"), "{text}");
        }
        assert_eq!(phone(&"9".repeat(60_000)), Err("not-a-phone"));
    }

    #[test]
    fn spaces_and_case_of_a_login_never_matter() {
        assert_eq!(" Anna @Example.RU ".parse(), Ok(Login::Email("anna@example.ru".into())));
        assert_eq!("8 999 000-11-22".parse(), Ok(Login::Phone("+79990001122".into())));
        assert_eq!("???".parse(), Ok(Login::Nobody("???".into())));
    }

    #[test]
    fn an_address_has_a_mailbox_and_a_domain() {
        for text in ["anna@example.ru", "a.b+c@mail.example.com", "anna@почта.рф"] {
            assert!(email(text).is_ok(), "{text}");
        }
        assert_eq!(email("Anna@XN--80A1ACNY.xn--p1ai").as_deref(), Ok("anna@почта.рф"));
        assert_eq!(email("анна@почта.рф"), Err("mailbox-not-latin"));
        for text in [
            "anna",
            "anna@",
            "@example.ru",
            "a b@example.ru",
            "anna@localhost",
            "anna@-x.ru",
            "anna@xn--x.ru",
            "a..b@example.ru",
            "anna@example.ru\nbcc: x@y.ru",
        ] {
            assert_eq!(email(text), Err("not-an-email"), "{text}");
        }
    }

    #[test]
    fn a_name_is_letters() {
        assert_eq!(name("  Анна   Мария ").as_deref(), Ok("Анна Мария"));
        assert_eq!(name("О’Коннор-Петрова").as_deref(), Ok("О’Коннор-Петрова"));
        assert_eq!(name(" "), Err("required"));
        assert_eq!(name("- -"), Err("no-letters"));
        assert_eq!(name("Анна\u{202e}"), Err("bad-characters"));
        assert_eq!(name("http://x"), Err("bad-characters"));
    }
}
