//! The text of a Word document and what its fields would do ([MS-DOC], 2.4 and 2.5).

use super::super::budget::Budget;
use super::super::fields::Fields;
use super::super::laid::Laid;
use domain::document::Unfit;

/// The first version of the format, Word 97; older ones are written otherwise.
const FIB_MIN: u16 = 0x00c1;
const ENCRYPTED: u16 = 0x0100;
const SECOND_TABLE: u16 = 0x0200;

/// Where the parts of a document are: pairs of an offset and a length ([MS-DOC], 2.5.5).
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// Its sections.
    Sections = 6,
    /// Fields of the main text, of headers, foot notes, comments, end notes, and of boxes in the text and in headers.
    FieldsOfMain = 16,
    FieldsOfHeaders = 17,
    FieldsOfFootNotes = 18,
    FieldsOfComments = 19,
    FieldsOfEndNotes = 48,
    FieldsOfBoxes = 57,
    FieldsOfHeaderBoxes = 59,
    /// What is true of the whole document.
    Document = 31,
    /// Where its template comes from, among other names.
    Names = 32,
    /// The pieces of the text.
    Text = 33,
    /// Drawings of the whole document.
    Drawings = 50,
}

const FIELDS: [Part; 7] = [
    Part::FieldsOfMain,
    Part::FieldsOfHeaders,
    Part::FieldsOfFootNotes,
    Part::FieldsOfComments,
    Part::FieldsOfEndNotes,
    Part::FieldsOfBoxes,
    Part::FieldsOfHeaderBoxes,
];

/// The head of the main stream, the FIB.
pub struct Head<'a> {
    flags: u16,
    pairs: &'a [u8],
}

impl<'a> Head<'a> {
    pub fn read(main: &'a [u8]) -> Result<Head<'a>, Unfit> {
        if short(main, 0) != Some(0xa5ec) {
            return Err(Unfit::Damaged);
        }
        if short(main, 2).ok_or(Unfit::Damaged)? < FIB_MIN {
            return Err(Unfit::UnknownEncoding);
        }
        let flags = short(main, 10).ok_or(Unfit::Damaged)?;
        if flags & ENCRYPTED != 0 {
            return Err(Unfit::Encrypted);
        }
        Head::pairs(main, flags).ok_or(Unfit::Damaged)
    }

    /// Behind two lists, of as many words and double words as each says.
    fn pairs(main: &'a [u8], flags: u16) -> Option<Head<'a>> {
        let words = 34 + 2 * usize::from(short(main, 32)?);
        let double_words = words + 2 + 4 * usize::from(short(main, words)?);
        let count = usize::from(short(main, double_words)?);
        let pairs = main.get(double_words + 2..double_words + 2 + 8 * count)?;
        Some(Head { flags, pairs })
    }

    /// The stream in which the parts are.
    pub fn table(&self) -> &'static str {
        if self.flags & SECOND_TABLE == 0 { "0Table" } else { "1Table" }
    }

    /// A part, empty if there is none.
    pub fn part<'b>(&self, part: Part, table: &'b [u8]) -> Result<&'b [u8], Unfit> {
        let at = 8 * part as usize;
        let Some((from, length)) = long(self.pairs, at).zip(long(self.pairs, at + 4)) else { return Ok(&[]) };
        if length == 0 {
            return Ok(&[]);
        }
        let from = from as usize;
        table.get(from..from.saturating_add(length as usize)).ok_or(Unfit::Damaged)
    }
}

/// Reads all the text, with foot notes, headers and the like, for its fields; and where the template comes from. Counts what is
/// shown.
pub fn check(
    head: &Head,
    main: &[u8],
    table: &[u8],
    laid: &mut Laid,
    budget: &mut Budget,
) -> Result<(), Unfit> {
    check_names(head.part(Part::Names, table)?)?;
    for fields in FIELDS {
        check_kinds(head.part(fields, table)?, budget)?;
    }
    let mut pieces = head.part(Part::Text, table)?;
    // Before the pieces there may be formatting.
    while let [1, low, high, ..] = pieces {
        budget.step()?;
        let length = 3 + usize::from(u16::from_le_bytes([*low, *high]));
        pieces = pieces.get(length..).ok_or(Unfit::Damaged)?;
    }
    let [2, _, _, _, _, pieces @ ..] = pieces else { return Err(Unfit::Damaged) };
    let mut fields = Fields::default();
    let count = pieces.len().saturating_sub(4) / 12;
    for piece in 0..count {
        let places = long(pieces, 4 * piece).zip(long(pieces, 4 * piece + 4));
        let at = long(pieces, 4 * (count + 1) + 8 * piece + 2);
        let ((from, to), at) = places.zip(at).ok_or(Unfit::Damaged)?;
        let chars = to.checked_sub(from).ok_or(Unfit::Damaged)? as usize;
        read(&mut fields, laid, main, at, chars, budget)?;
    }
    // Sections end with the same sign as pages and need not begin one ([MS-DOC], 2.8.26); each has a place and 12 bytes.
    laid.spare((head.part(Part::Sections, table)?.len().saturating_sub(4) / 16).saturating_sub(1));
    // Pages, as whoever wrote the document counted them ([MS-DOC], 2.7.2).
    laid.told(short(head.part(Part::Document, table)?, 46).unwrap_or_default().into());
    fields.close()
}

/// One piece, of one or two bytes a character.
fn read(
    fields: &mut Fields,
    laid: &mut Laid,
    main: &[u8],
    at: u32,
    chars: usize,
    budget: &mut Budget,
) -> Result<(), Unfit> {
    let offset = (at & 0x3fff_ffff) as usize;
    let is_narrow = at & 0x4000_0000 != 0;
    let (from, width) = if is_narrow { (offset / 2, 1) } else { (offset, 2) };
    let end = from.saturating_add(chars.saturating_mul(width));
    let bytes = main.get(from..end).ok_or(Unfit::Damaged)?;
    budget.steps(chars)?;
    for one in bytes.chunks_exact(width) {
        let code = if is_narrow { u16::from(one[0]) } else { u16::from_le_bytes([one[0], one[1]]) };
        match code {
            0x13 => fields.begin()?,
            0x14 => fields.separate()?,
            0x15 => fields.end()?,
            0x0c => laid.page_break(),
            code => {
                let character = char::from_u32(u32::from(code)).unwrap_or(char::REPLACEMENT_CHARACTER);
                let mut bytes = [0; 4];
                let text = &*character.encode_utf8(&mut bytes);
                if fields.is_shown() {
                    laid.text(text);
                }
                fields.text(text)?;
            }
        }
    }
    Ok(())
}

/// Fields have a number beside their words that says what they do ([MS-DOC], 2.9.90), whatever the words say: places, one more
/// than there are marks, and the marks, of two bytes each.
fn check_kinds(fields: &[u8], budget: &mut Budget) -> Result<(), Unfit> {
    let count = fields.len().saturating_sub(4) / 6;
    budget.steps(count)?;
    for mark in fields.get(4 * (count + 1)..).unwrap_or_default().chunks_exact(2) {
        match (mark[0] & 0x1f, mark[1]) {
            // RD, INCLUDE, DDE, DDEAUTO, PRINT, IMPORT, LINK, INCLUDEPICTURE, INCLUDETEXT, DATABASE.
            (0x13, 11 | 36 | 45 | 46 | 48 | 55 | 56 | 67 | 68 | 78) => return Err(Unfit::ExternalReference),
            // EMBED, CONTROL, HTMLCONTROL.
            (0x13, 58 | 87 | 91) => return Err(Unfit::EmbeddedFile),
            // MACROBUTTON, MACRO.
            (0x13, 51 | 76) => return Err(Unfit::Macros),
            _ => {}
        }
    }
    Ok(())
}

/// The template is taken from this machine's own folder, not from another one ([MS-DOC], 2.9.278).
fn check_names(names: &[u8]) -> Result<(), Unfit> {
    let plain: String =
        names.chunks_exact(2).map(|pair| char::from(if pair[1] == 0 { pair[0] } else { b'?' })).collect();
    let is_far = plain.contains("://") || plain.contains("\\\\");
    if is_far { Err(Unfit::ExternalReference) } else { Ok(()) }
}

pub fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.first_chunk().map(|two| u16::from_le_bytes(*two))
}

pub fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.first_chunk().map(|four| u32::from_le_bytes(*four))
}
