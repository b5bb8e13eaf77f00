//! Refusals in words: the title, the way out, and what is wrong with a field.

use crate::book::{File, say, say_or_plain};
use crate::{Args, Lang};

/// What was refused, in a few words; an unknown code reads like `internal`.
pub fn problem_title(lang: Lang, code: &str, args: &Args) -> String {
    say_or_plain(lang, File::Problems, code, args)
        .or_else(|| say(lang, File::Problems, "internal", None, args))
        .unwrap_or_default()
}

/// Why, and the way out; without the facts that are not in `args`, none if nothing is left to say.
pub fn problem_detail(lang: Lang, code: &str, args: &Args) -> Option<String> {
    say(lang, File::Problems, code, Some("detail"), args)
        .or_else(|| say(lang, File::Problems, code, Some("plain-detail"), args))
}

/// What is wrong with a field and how to mend it, for `field-<code>`; an unknown code asks to check it.
pub fn field_error(lang: Lang, code: &str, args: &Args) -> String {
    let id = format!("field-{code}");
    say_or_plain(lang, File::Problems, &id, args)
        .or_else(|| say(lang, File::Problems, "field-invalid", None, args))
        .unwrap_or_default()
}
