//! The form that ends a registration, and everything that can be wrong with it (ACC-1).

use crate::fields::Fields;
use crate::refusal::WrongField;
use crate::{Refusal, contact, password};
use domain::citizen::Name;

/// The texts that are accepted, by version: a new version is accepted anew.
pub const AGREEMENT_VERSION: &str = "2026-11";
pub const CONSENT_VERSION: &str = "2026-11";

/// What the new citizen filled in, as it came. Neither this nor what is made of it is printed anywhere.
#[derive(Clone, Default)]
pub struct Form {
    pub surname: Option<String>,
    pub given_name: Option<String>,
    pub patronymic: Option<String>,
    pub email: Option<String>,
    pub password: Option<String>,
    pub language: String,
    /// The version of the agreement accepted; none when it was not.
    pub agreement: Option<String>,
    pub consent: Option<String>,
}

/// The same, checked.
#[derive(Clone)]
pub struct NewCitizen {
    pub name: Name,
    pub email: String,
    pub(super) password: String,
    pub(super) language: String,
}

impl NewCitizen {
    /// Reads the form, naming everything that is wrong with it.
    ///
    /// # Errors
    /// [`Refusal::Fields`].
    pub fn parse(form: &Form) -> Result<Self, Refusal> {
        let mut fields = Fields::new();
        let name = fields.name(&form.surname, &form.given_name, &form.patronymic);
        let email = fields.read_by("email", form.email.as_ref(), contact::email).unwrap_or_default();
        let password = form.password.clone().unwrap_or_default();
        let mailbox = email.split('@').next().unwrap_or_default().to_owned();
        if password.is_empty() {
            fields.add("password", "required");
        } else {
            fields.all(password::check("password", &password, &[&mailbox]));
        }
        for (field, given, now) in
            [("agreement", &form.agreement, AGREEMENT_VERSION), ("consent", &form.consent, CONSENT_VERSION)]
        {
            match given.as_deref() {
                None => fields.add(field, "must-accept"),
                Some(version) if version != now => {
                    fields.wrong(WrongField::new(field, "old-version").with("version", now));
                }
                Some(_) => {}
            }
        }
        fields.finish()?;
        Ok(Self { name, email, password, language: form.language.clone() })
    }

    /// Refuses a password that has the phone in it, in any writing. The form itself does not know the phone.
    pub(super) fn suits(&self, phone: &str) -> Result<(), Refusal> {
        if password::has_phone(&self.password, phone) {
            Err(Refusal::Fields(vec![WrongField::new("password", "password-common")]))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Form {
        let given = |text: &str| Some(text.to_owned());
        Form {
            surname: given(" Петрова "),
            given_name: given("Анна"),
            patronymic: given("  "),
            email: given(" Anna.Petrova@Example.RU"),
            password: given("Осенний7лес"),
            language: "ru".to_owned(),
            agreement: given(AGREEMENT_VERSION),
            consent: given(CONSENT_VERSION),
        }
    }

    fn wrong(form: &Form) -> Vec<(String, &'static str)> {
        match NewCitizen::parse(form) {
            Err(Refusal::Fields(wrong)) => wrong.into_iter().map(|w| (w.field, w.code)).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_filled_form_is_read_without_stray_spaces() {
        let Ok(new) = NewCitizen::parse(&filled()) else { panic!("refused: {:?}", wrong(&filled())) };
        assert_eq!((new.name.surname.as_str(), new.name.given.as_str()), ("Петрова", "Анна"));
        assert_eq!((new.name.patronymic.as_deref(), new.email.as_str()), (None, "anna.petrova@example.ru"));
    }

    #[test]
    fn an_empty_form_is_told_everything_at_once() {
        let expected = [
            ("surname", "required"),
            ("givenName", "required"),
            ("email", "required"),
            ("password", "required"),
            ("agreement", "must-accept"),
            ("consent", "must-accept"),
        ];
        assert_eq!(wrong(&Form::default()), expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn agreement_and_consent_are_two_and_of_the_version_in_force() {
        let old = Form { consent: Some("2020-01".to_owned()), ..filled() };
        assert_eq!(wrong(&old), [("consent".to_owned(), "old-version")]);
        let none = Form { agreement: None, ..filled() };
        assert_eq!(wrong(&none), [("agreement".to_owned(), "must-accept")]);
    }

    #[test]
    fn a_password_is_neither_ones_address_nor_ones_phone() {
        let address = Form { password: Some("Anna.Petrova1".to_owned()), ..filled() };
        assert_eq!(wrong(&address), [("password".to_owned(), "password-common")]);
        let phone = Form { password: Some("Аня 8 (999) 000-11-22".to_owned()), ..filled() };
        let Ok(new) = NewCitizen::parse(&phone) else { panic!("the form does not know the phone") };
        assert!(matches!(new.suits("+79990001122"), Err(Refusal::Fields(_))));
        assert!(new.suits("+79990001123").is_ok());
    }
}
