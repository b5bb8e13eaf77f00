//! The text of an application that is signed electronically (BKG-8).

use crate::{Args, Lang, label_with, when};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// What the text says. What is not there is left out.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    pub id: &'a str,
    /// To whom it is handed in.
    pub agency: &'a str,
    /// Who signs.
    pub by: &'a str,
    /// For whom, where that is somebody else.
    pub behalf: Option<&'a str>,
    pub service: &'a str,
    pub purpose: Option<&'a str>,
    /// The service's own fields: what each is called, and the answer.
    pub fields: &'a [(&'a str, &'a str)],
    pub preferred: &'a [(NaiveDate, NaiveDate)],
    pub phone: Option<&'a str>,
    pub email: Option<&'a str>,
    pub rules_version: &'a str,
    pub asked_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// By whose clock.
    pub zone: Tz,
    pub nonce: &'a str,
}

/// The text, in a language.
///
/// **Canonical form**: UTF-8 without a mark at its beginning; one fact a line, each line with its name, a colon, a space and what
/// is said; every line, the last one too, ends with one LF. Whatever a person wrote has its runs of blanks (line ends among them)
/// made one space and loses control, invisible and direction-changing characters, so no answer can look like another line. Nobody
/// makes the text anew: what is given out is kept to the letter, and these bytes are what a signature is verified against.
pub fn statement(lang: Lang, said: &Statement<'_>) -> String {
    let line = |key: &str, value: &str| Some(label_with(lang, key, &Args::new().with("value", value)));
    let dates = said.preferred.iter().map(|(from, to)| match from == to {
        true => day(*from),
        false => format!("{} – {}", day(*from), day(*to)),
    });
    let dates = dates.collect::<Vec<_>>().join("; ");
    let mut lines = vec![
        line("statement-title", said.id),
        line("statement-to", said.agency),
        line("statement-by", said.by),
        said.behalf.and_then(|who| line("statement-behalf", who)),
        line("statement-service", said.service),
        said.purpose.and_then(|purpose| line("statement-purpose", purpose)),
    ];
    lines.extend(said.fields.iter().map(|(name, value)| {
        Some(label_with(lang, "statement-field", &Args::new().with("name", *name).with("value", *value)))
    }));
    lines.extend([
        (!dates.is_empty()).then(|| line("statement-dates", &dates)).flatten(),
        said.phone.and_then(|phone| line("statement-phone", phone)),
        said.email.and_then(|email| line("statement-email", email)),
        line("statement-rules", said.rules_version),
        line("statement-asked", &when(lang, said.asked_at, said.zone)),
        line("statement-until", &when(lang, said.expires_at, said.zone)),
        line("statement-nonce", said.nonce),
    ]);
    lines.into_iter().flatten().map(|line| line + "\n").collect()
}

fn day(on: NaiveDate) -> String {
    on.format("%d.%m.%Y").to_string()
}
