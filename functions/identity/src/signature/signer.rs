//! Who signed, as their certificate says it.

use super::Refused;
use super::certificate::Known;
use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;
use der::{Any, Tag, Tagged};

/// Longer values are taken for absent. Common names have 64 characters by X.520; those of Russian authorities are longer.
pub const VALUE_CHARS_MAX: usize = 256;
/// Of an issuer's whole name, which is cut there.
pub const ISSUER_CHARS_MAX: usize = 2_000;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SURNAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.4");
const GIVEN_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.42");
// RFC 9215, section 5: NumericStrings of 11 and 12 digits.
const SNILS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.100.3");
const INN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.3.131.1.1");

/// At least one of common name and surname is there. Nothing is made of what a subject says twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// Of a person: surname, name and patronymic. Of an organisation: its name, while surname and given name are the head's.
    pub common_name: Option<String>,
    pub surname: Option<String>,
    /// In Russian qualified certificates name and patronymic.
    pub given_name: Option<String>,
    /// 11 digits; their check digits are not looked at.
    pub snils: Option<String>,
    /// 12 digits; their check digits are not looked at.
    pub inn: Option<String>,
    /// Of the certificate, hexadecimal, with colons; with `issuer` it tells the certificate from all others.
    pub serial: String,
    /// The issuer's name by RFC 4514.
    pub issuer: String,
    pub not_after: DateTime<Utc>,
}

impl Signer {
    pub(super) fn of(certificate: &Known) -> Result<Self, Refused> {
        let said = |oid| said(certificate, oid);
        let digits = |oid, count| {
            said(oid).filter(|text| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let (_, not_after) = certificate.validity();
        let signer = Self {
            common_name: said(COMMON_NAME),
            surname: said(SURNAME),
            given_name: said(GIVEN_NAME),
            snils: digits(SNILS, 11),
            inn: digits(INN, 12),
            serial: certificate.tbs().serial_number().to_string(),
            issuer: certificate.issuer().to_string().chars().take(ISSUER_CHARS_MAX).collect(),
            not_after: DateTime::from_timestamp(not_after, 0).unwrap_or(DateTime::<Utc>::MAX_UTC),
        };
        match (&signer.common_name, &signer.surname) {
            (None, None) => Err(Refused::Nameless),
            _ => Ok(signer),
        }
    }
}

fn said(certificate: &Known, oid: ObjectIdentifier) -> Option<String> {
    let mut values = certificate.subject().iter().filter(|one| one.oid == oid);
    let (value, None) = (values.next()?, values.next()) else { return None };
    let text = text(&value.value)?.trim().to_owned();
    let fits =
        !text.is_empty() && text.chars().count() <= VALUE_CHARS_MAX && !text.chars().any(char::is_control);
    fits.then_some(text)
}

fn text(value: &Any) -> Option<String> {
    match value.tag() {
        Tag::Utf8String => String::from_utf8(value.value().to_vec()).ok(),
        Tag::PrintableString | Tag::NumericString | Tag::Ia5String if value.value().is_ascii() => {
            String::from_utf8(value.value().to_vec()).ok()
        }
        Tag::BmpString => {
            let (pairs, rest) = value.value().as_chunks::<2>();
            let units: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            String::from_utf16(&units).ok().filter(|_| rest.is_empty())
        }
        _ => None,
    }
}
