//! Files that people of a run bring: announced, posted to storage once, twice or never, replaced, taken back (DOC-4).

use super::Person;
use super::asked::{Asked, change, read};
use super::dice::Dice;
use crate::people::page;
use crate::system::System;
use crate::visitor::Ask;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use checker::history::{Action, What};
use http::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::VecDeque;

/// The service that asks for files.
const SERVICE: &str = "grant";
/// How often a request is about files, in a thousand; and how often somebody posts who may, in a thousand steps.
const PER_MILLE: u64 = 15;
const POSTS_PER_MILLE: u64 = 40;
/// How often what was posted is posted once more, in a thousand.
const AGAIN_PER_MILLE: u64 = 350;
/// Forms that are remembered.
const FORMS_KEPT: usize = 8;

/// A form for an upload, as it was answered.
#[derive(Debug, Clone)]
struct Form {
    url: String,
    fields: Vec<(String, String)>,
    /// The object's name, which tells whose and which file it is.
    key: String,
}

/// What people have announced, and may post.
#[derive(Debug, Clone, Default)]
pub struct Uploads {
    forms: VecDeque<Form>,
    /// Who brought which file.
    files: VecDeque<(String, String)>,
}

impl Uploads {
    /// What somebody does about files next, now and then.
    pub fn next(&self, dice: &mut Dice, people: &[Person]) -> Option<(Person, Asked)> {
        if !dice.strikes(PER_MILLE) {
            return None;
        }
        let files: Vec<_> = self.files.iter().collect();
        let person = dice.pick(people)?.clone();
        match dice.below(6) {
            0 => {
                let (whose, file) = *dice.pick(&files)?;
                let person = people.iter().find(|person| person.id == *whose)?.clone();
                let path = format!("/v1/documents/{SERVICE}/files/{file}");
                let back = read(Action::TakeBack { file: file.clone() }, path);
                Some((person, Asked { method: Method::DELETE, ..back }))
            }
            1 => Some((person, read(Action::Folder, format!("/v1/documents/{SERVICE}")))),
            // Each names its file so that none is taken for one that is announced already.
            n => {
                let (name, size) = (format!("passport{n}x{}.pdf", dice.below(1_000)), page(WORDS[0]).len());
                let body = json!({ "document": "passport", "fileName": name, "size": size });
                Some((person, change(Action::Attach, format!("/v1/documents/{SERVICE}/files"), body)))
            }
        }
    }

    /// Learns from an answer.
    pub fn hear(&mut self, action: &Action, status: u16, body: &Value) {
        if !matches!(action, Action::Attach) || status != 201 {
            return;
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let fields = body["upload"]["fields"].as_object().cloned().unwrap_or_default();
        let fields = fields.into_iter().map(|(name, value)| (name, text(&value))).collect();
        let key = text(&body["upload"]["fields"]["key"]);
        let mut parts = key.split('/').map(str::to_owned);
        if let (Some(whose), Some(_), Some(file)) = (parts.next(), parts.next(), parts.next()) {
            self.files.push_back((whose, file));
        }
        self.forms.push_back(Form { url: text(&body["upload"]["url"]), fields, key });
        while self.forms.len() > FORMS_KEPT {
            self.forms.pop_front();
        }
        while self.files.len() > FORMS_KEPT {
            self.files.pop_front();
        }
    }

    /// Somebody posts a file, or another one by the same form, or what is none; answers what lies in storage then.
    pub async fn post(&mut self, dice: &mut Dice, system: &System) -> Option<What> {
        if self.forms.is_empty() || !dice.strikes(POSTS_PER_MILLE) {
            return None;
        }
        let at = usize::try_from(dice.below(self.forms.len() as u64)).ok()?;
        let form = self.forms.get(at)?.clone();
        if !dice.strikes(AGAIN_PER_MILLE) {
            self.forms.remove(at);
        }
        let (fit, bytes) = match dice.below(4) {
            0 => (false, vec![b'?'; page(WORDS[0]).len()]),
            n => (true, page(WORDS[usize::from(n == 1)])),
        };
        let sha256 = STANDARD_NO_PAD.encode(Sha256::digest(&bytes));
        let answer = system.ask(Ask::form(&form.url, &form.fields, &bytes)).await;
        (200..300).contains(&answer.status).then_some(What::Uploaded { key: form.key, sha256, fit })
    }
}

/// What stands on the pages, of one length.
const WORDS: [&str; 2] = ["passport", "passpart"];

/// Everything that lies in storage, as the checker knows it.
pub fn lying(system: &System) -> Result<What, super::Failure> {
    let (mut awaited, mut kept) = (Vec::new(), Vec::new());
    for (name, bucket) in system.objects().buckets() {
        for key in system.objects().keys(name)? {
            // What storage tells of is yet to be looked at.
            if !bucket.tells.is_empty() {
                awaited.push(key);
            } else if let Some(object) = system.objects().get(name, &key)? {
                kept.push((key, STANDARD_NO_PAD.encode(Sha256::digest(&object.bytes))));
            }
        }
    }
    Ok(What::Lying { awaited, kept })
}
