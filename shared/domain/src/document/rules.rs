//! What a kind of document demands of its file.

use super::PAGES_MAX;

/// What a file can be (DOC-1). `jpg` and `jpeg` are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileFormat {
    Pdf,
    Jpg,
    Png,
    /// Word's binary format, of 97 to 2003.
    Doc,
    /// Word's XML format (ECMA-376).
    Docx,
}

impl FileFormat {
    pub const ALL: [FileFormat; 5] =
        [FileFormat::Pdf, FileFormat::Jpg, FileFormat::Png, FileFormat::Doc, FileFormat::Docx];

    pub fn name(self) -> &'static str {
        match self {
            FileFormat::Pdf => "pdf",
            FileFormat::Jpg => "jpg",
            FileFormat::Png => "png",
            FileFormat::Doc => "doc",
            FileFormat::Docx => "docx",
        }
    }

    /// The media type (IANA) under which it is sent and kept.
    pub fn content_type(self) -> &'static str {
        match self {
            FileFormat::Pdf => "application/pdf",
            FileFormat::Jpg => "image/jpeg",
            FileFormat::Png => "image/png",
            FileFormat::Doc => "application/msword",
            FileFormat::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    /// The format of an extension without its dot, in any letter case.
    pub fn of(extension: &str) -> Option<FileFormat> {
        let extension = extension.to_ascii_lowercase();
        if extension == "jpeg" {
            return Some(FileFormat::Jpg);
        }
        FileFormat::ALL.into_iter().find(|format| format.name() == extension)
    }

    /// Whether it is a text that a program lays out, and has neither pages nor dots until then.
    pub fn is_textual(self) -> bool {
        matches!(self, FileFormat::Doc | FileFormat::Docx)
    }
}

/// The paper that a scan stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Paper {
    A4,
    /// Two facing pages of a passport.
    PassportSpread,
}

impl Paper {
    pub const ALL: [Paper; 2] = [Paper::A4, Paper::PassportSpread];

    pub fn name(self) -> &'static str {
        match self {
            Paper::A4 => "a4",
            Paper::PassportSpread => "passport-spread",
        }
    }

    /// Pixels of the short and the long side at [`DPI_MIN`](super::DPI_MIN) (DOC-1).
    pub fn pixels(self) -> (u32, u32) {
        match self {
            Paper::A4 => (2480, 3508),
            Paper::PassportSpread => (1476, 2079),
        }
    }

    /// Dots an inch of a picture of so many pixels if it shows the whole paper, either way up (DOC-1). Rounded down.
    pub fn dpi_of(self, width: u32, height: u32) -> u32 {
        dpi_over(self.pixels(), width, height)
    }
}

/// Dots an inch of a picture over a paper of so many pixels at [`DPI_MIN`](super::DPI_MIN), either way up. Rounded down.
fn dpi_over((short, long): (u32, u32), width: u32, height: u32) -> u32 {
    let over = |pixels: u32, side: u32| u64::from(pixels) * u64::from(super::DPI_MIN) / u64::from(side);
    let dpi = over(width.min(height), short).min(over(width.max(height), long));
    u32::try_from(dpi).unwrap_or(u32::MAX)
}

/// Dots an inch of a picture if it shows a card as banks and clinics give out (ISO/IEC 7810, ID-1: 85.6 × 54 mm), from which up
/// to two millimetres were cut off: the smallest paper that anybody brings. Rounded down.
pub fn dpi_of_card(width: u32, height: u32) -> u32 {
    dpi_over((614, 987), width, height)
}

/// Whether a kind needs colour: those that bear a signature do (DOC-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    Any,
    Demanded,
}

/// Whether a kind may come as DOC or DOCX: textual certificates may (DOC-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Textual {
    Allowed,
    Refused,
}

/// What a kind of document demands of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRules {
    pub paper: Paper,
    pub colour: Colour,
    pub textual: Textual,
    /// Pages, inclusive (DOC-9): of a PDF its own, a picture is one, and of a text those that it has at least.
    pub pages_max: u16,
}

impl FileRules {
    /// Whether a file of a format will do. A text will where it is allowed (DOC-1) and no signature has to show in colour, since
    /// nobody signs a text by hand (DOC-8).
    pub fn takes(&self, format: FileFormat) -> bool {
        !format.is_textual() || (self.textual == Textual::Allowed && self.colour == Colour::Any)
    }
}

impl Default for FileRules {
    fn default() -> FileRules {
        FileRules { paper: Paper::A4, colour: Colour::Any, textual: Textual::Refused, pages_max: PAGES_MAX }
    }
}
