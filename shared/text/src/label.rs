//! Names of states, actions, reasons and buttons, as people read them.

use crate::book::{File, say};
use crate::{Args, Lang};

/// The words for a key of `labels.ftl`. An unknown key comes back as it is: visible, but harmless.
pub fn label(lang: Lang, key: &str) -> String {
    label_with(lang, key, &Args::new())
}

/// The same with what it tells.
pub fn label_with(lang: Lang, key: &str, args: &Args) -> String {
    say(lang, File::Labels, key, None, args).unwrap_or_else(|| key.to_owned())
}

/// What a member of what people take away of themselves is called; none for one that somebody else named.
pub fn taken(lang: Lang, member: &str) -> Option<String> {
    say(lang, File::Taken, member, None, &Args::new())
}
