//! Who signed, as their certificate says it.

use super::Refused;
use super::certificate::Known;
use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;
use der::{Any, Tag, Tagged};
use x509_cert::name::Name;

/// Longer values are taken for absent. Common names have 64 characters by X.520; those of Russian authorities are longer.
pub const VALUE_CHARS_MAX: usize = 256;
/// Of a whole name, which is cut there.
pub const NAME_CHARS_MAX: usize = 2_000;

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
    /// Names by RFC 4514.
    pub subject: String,
    pub issuer: String,
    pub not_before: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
}

impl Signer {
    pub(super) fn of(certificate: &Known) -> Result<Self, Refused> {
        let said = |oid| said(certificate, oid);
        let digits = |oid, count| {
            said(oid).filter(|text| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let (not_before, not_after) = certificate.validity();
        let whole = |name: &Name| name.to_string().chars().take(NAME_CHARS_MAX).collect();
        let signer = Self {
            common_name: said(COMMON_NAME),
            surname: said(SURNAME),
            given_name: said(GIVEN_NAME),
            snils: digits(SNILS, 11),
            inn: digits(INN, 12),
            serial: certificate.tbs().serial_number().to_string(),
            subject: whole(certificate.subject()),
            issuer: whole(certificate.issuer()),
            not_before: DateTime::from_timestamp(not_before, 0).unwrap_or(DateTime::<Utc>::MIN_UTC),
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
