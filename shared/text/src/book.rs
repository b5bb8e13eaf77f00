//! The shelf of words: the .ftl files, compiled in, and how a message is taken from them.

use crate::{Args, Lang};
use fluent::FluentResource;
use fluent::concurrent::FluentBundle;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// A file of words; each exists in both languages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum File {
    /// Refusals (`<code>` with `.detail`) and errors of fields (`field-<code>`).
    Problems,
    /// Mails, SMS and inbox messages.
    Notices,
    /// Names of states, actions, reasons and buttons.
    Labels,
    /// Names of what people take away of themselves.
    Taken,
}

impl File {
    pub const ALL: [File; 4] = [File::Problems, File::Notices, File::Labels, File::Taken];
}

/// The words of a file as they were written.
pub(crate) fn source(lang: Lang, file: File) -> &'static str {
    match (lang, file) {
        (Lang::Ru, File::Problems) => include_str!("../ftl/ru/problems.ftl"),
        (Lang::Ru, File::Notices) => include_str!("../ftl/ru/notices.ftl"),
        (Lang::Ru, File::Labels) => include_str!("../ftl/ru/labels.ftl"),
        (Lang::Ru, File::Taken) => include_str!("../ftl/ru/taken.ftl"),
        (Lang::En, File::Problems) => include_str!("../ftl/en/problems.ftl"),
        (Lang::En, File::Notices) => include_str!("../ftl/en/notices.ftl"),
        (Lang::En, File::Labels) => include_str!("../ftl/en/labels.ftl"),
        (Lang::En, File::Taken) => include_str!("../ftl/en/taken.ftl"),
    }
}

/// The keys of a file in one language, in the order in which they are written.
pub fn known_codes(lang: Lang, file: File) -> impl Iterator<Item = &'static str> {
    source(lang, file)
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once('=').map(|(key, _)| key.trim_end()))
}

type Bundle = FluentBundle<FluentResource>;

static SHELF: LazyLock<[[Bundle; 4]; 2]> =
    LazyLock::new(|| Lang::ALL.map(|lang| File::ALL.map(|file| open(lang, file))));

fn open(lang: Lang, file: File) -> Bundle {
    // Decides which plural form a number takes.
    let locale: LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // The marks would be read aloud, counted in SMS and copied with codes; both languages run left to right.
    bundle.set_use_isolating(false);
    // A broken entry is left out; a test holds that there is none.
    let resource =
        FluentResource::try_new(source(lang, file).to_owned()).unwrap_or_else(|(readable, _)| readable);
    bundle.add_resource_overriding(resource);
    bundle
}

/// A message, or one attribute of it; none if it does not exist or a fact that it needs is not in `args`.
pub(crate) fn say(lang: Lang, file: File, id: &str, attribute: Option<&str>, args: &Args) -> Option<String> {
    let bundle = &SHELF[lang as usize][file as usize];
    let message = bundle.get_message(id)?;
    let pattern = match attribute {
        Some(name) => message.get_attribute(name)?.value(),
        None => message.value()?,
    };
    let mut errors = Vec::new();
    let said = bundle.format_pattern(pattern, Some(&args.fluent()), &mut errors).into_owned();
    errors.is_empty().then_some(said)
}

/// A message with all its facts, else its `.plain` form, which needs none or fewer.
pub(crate) fn say_or_plain(lang: Lang, file: File, id: &str, args: &Args) -> Option<String> {
    say(lang, file, id, None, args).or_else(|| say(lang, file, id, Some("plain"), args))
}
