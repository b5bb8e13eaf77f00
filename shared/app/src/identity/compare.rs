//! What another source says of a person, compared with what they say themselves: each difference by its field.

use super::Known;
use crate::called::plain;
use crate::refusal::WrongField;
use chrono::NaiveDate;

/// What a certificate or another system says of somebody; what it does not say is not compared, but for the SNILS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Surname, first name and patronymic in one, where they do not stand by themselves.
    pub whole_name: Option<String>,
    pub surname: Option<String>,
    /// The first name; in certificates with the patronymic.
    pub given_name: Option<String>,
    pub patronymic: Option<String>,
    pub birth_on: Option<NaiveDate>,
    /// 11 digits.
    pub snils: Option<String>,
    /// 12 digits.
    pub inn: Option<String>,
}

impl Said {
    /// Every field in which it is not what the profile says. Without a number that both have, a name would say nothing of
    /// who it is.
    pub(crate) fn differences(&self, known: &Known) -> Vec<WrongField> {
        let (name, profile) = (&known.person.name, known.profile());
        let mut wrong = Vec::new();
        let mut differs = |field: &str| wrong.push(WrongField::new(field, "said-otherwise"));
        let patronymic = name.patronymic.as_deref().unwrap_or_default();
        let given = match (&self.given_name, &self.patronymic) {
            (Some(given), Some(patronymic)) => Some(format!("{given} {patronymic}")),
            (given, _) => given.clone(),
        };
        match (&self.surname, given, &self.whole_name) {
            (Some(surname), Some(given), _) => {
                if plain(surname) != plain(&name.surname) {
                    differs("surname");
                }
                let (given, own) = (plain(&given), plain(&name.given));
                match given.strip_prefix(own.as_str()).filter(|rest| rest.is_empty() || rest.starts_with(' '))
                {
                    None => differs("givenName"),
                    Some(rest) if rest.trim() != plain(patronymic) => differs("patronymic"),
                    Some(_) => {}
                }
            }
            (_, _, whole) => {
                let own = format!("{} {} {patronymic}", name.surname, name.given);
                if whole.as_deref().map(plain) != Some(plain(&own)) {
                    differs("surname");
                }
            }
        }
        if self.birth_on.is_some_and(|on| Some(on) != profile.birth_on) {
            differs("birthDate");
        }
        let own_inn = profile.inn.as_ref().map(|inn| inn.as_str());
        if self.inn.is_some() && own_inn.is_some() && self.inn.as_deref() != own_inn {
            differs("inn");
        }
        let own_snils = profile.snils.as_ref().map(|snils| snils.as_str());
        match (self.snils.as_deref(), own_snils) {
            (Some(said), Some(own)) if said == own => {}
            (None, None) if self.inn.is_some() && own_inn.is_some() => {}
            (None, _) => wrong.push(WrongField::new("snils", "not-said-there")),
            _ => differs("snils"),
        }
        wrong
    }
}
