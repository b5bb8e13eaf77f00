//! One file in, a verdict out.

mod budget;
pub(crate) mod crc;
mod density;
mod doc;
mod docx;
mod exif;
mod fields;
mod inflate;
mod jpg;
mod laid;
mod links;
mod pdf;
mod png;
mod sniff;
mod tone;

use budget::Budget;
use domain::document::{FILE_BYTES_MAX, FileFormat, FileRules, Unfit};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A file that is fit to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub format: FileFormat,
    /// Pages: of a PDF its own; a picture is one; none for a text, which has no pages until it is laid out.
    pub pages: Option<u32>,
    /// What is to be kept instead of what came, when something was taken out of it that is not needed to show it: where
    /// and with which device a picture was made, its comments, its thumbnail.
    pub bytes: Option<Vec<u8>>,
}

/// Looks at a whole file that is named as of a format, of at most [`FILE_BYTES_MAX`] bytes, and decides. Takes no longer and needs no more memory than
/// what one file may spend lets it.
///
/// # Errors
/// The first reason that is found for which the file is not taken.
pub fn inspect(format: FileFormat, rules: &FileRules, bytes: &[u8]) -> Result<Accepted, Unfit> {
    if bytes.is_empty() {
        return Err(Unfit::Empty);
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Unfit::TooLarge { bytes: bytes.len(), max: FILE_BYTES_MAX });
    }
    if !rules.takes(format) {
        return Err(Unfit::FormatNotAllowed { format });
    }
    // The parsers are not ours. None is known to panic; one that does must not take the function with it.
    catch_unwind(AssertUnwindSafe(|| by_content(format, rules, bytes))).unwrap_or(Err(Unfit::Damaged))
}

/// Without the net, so that tests see what falls into it.
pub(crate) fn by_content(named: FileFormat, rules: &FileRules, bytes: &[u8]) -> Result<Accepted, Unfit> {
    let found = sniff::format(bytes);
    if found != Some(named) {
        // Word encrypts a DOCX by putting it into a compound file, as which it looks like a DOC.
        let sealed = named == FileFormat::Docx && found == Some(FileFormat::Doc) && doc::is_sealed(bytes);
        return Err(if sealed { Unfit::Encrypted } else { Unfit::WrongContent { named, found } });
    }
    if named != FileFormat::Docx && sniff::ends_as_zip(bytes) {
        return Err(Unfit::TrailingData);
    }
    let mut budget = Budget::default();
    match named {
        FileFormat::Pdf => pdf::inspect(rules, bytes, &mut budget),
        FileFormat::Jpg => jpg::inspect(rules, bytes, &mut budget),
        FileFormat::Png => png::inspect(rules, bytes, &mut budget),
        FileFormat::Doc => doc::inspect(rules, bytes, &mut budget),
        FileFormat::Docx => docx::inspect(rules, bytes, &mut budget),
    }
}
