//! Why a file is refused: a closed list, so that each reason has its sentence (DOC-3).

use super::FileFormat;

/// The reason for which a file is refused, with what to tell about it (DOC-1, DOC-3, DOC-8, DOC-9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// No bytes at all.
    Empty,
    /// Bytes there are and the most there may be.
    TooLarge { bytes: usize, max: usize },
    /// What the name promises and what the content is; none if it is nothing that we take (DOC-3).
    WrongContent { named: FileFormat, found: Option<FileFormat> },
    /// A text, where the kind asks for a scan (DOC-1).
    FormatNotAllowed { format: FileFormat },
    /// Cut off, inconsistent, or not readable to its end.
    Damaged,
    /// Something stands behind the end of what the name promises: two files in one, or the like.
    TrailingData,
    /// Reading it would take more time or memory than any honest file needs.
    TooComplex,
    /// Is encrypted, even if it opens without a password: what is in it cannot be looked at.
    Encrypted,
    /// Has JavaScript.
    Script,
    /// Starts a program.
    Launches,
    /// Does something by itself when it is opened, printed or closed.
    ActsOnOpening,
    /// Has a file inside: an attachment, an embedded object, a control.
    EmbeddedFile,
    /// Has sound, film or a three-dimensional scene.
    Media,
    /// Has a form that sends or fetches data, or that has a program of its own (XFA).
    ActiveForm,
    /// Has macros (DOC-1).
    Macros,
    /// Takes something from outside itself: a template, a picture, another file.
    ExternalReference,
    /// Has pictures in a text (DOC-1: text only); a scan goes in as PDF, JPG or PNG.
    Pictures,
    /// Has data in an encoding that no standard names.
    UnknownEncoding,
    /// Is a moving picture.
    Animated,
    /// Pixels that a picture says it has and the most it may have.
    TooManyPixels { pixels: u64, max: u64 },
    /// Dots an inch, over the paper or as recorded, and the least that is needed (DOC-1, DOC-9).
    TooCoarse { dpi: u32, needed: u32 },
    /// Nothing is on the page, counted from 1 (DOC-9).
    BlankPage { page: u32 },
    /// The page, counted from 1, is grey where the kind demands colour (DOC-8).
    NotColour { page: u32 },
    /// Pages there are and the most there may be (DOC-9).
    TooManyPages { pages: u32, max: u16 },
}

impl Unfit {
    /// The facts of its sentence, by name.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let format = |format: &FileFormat| format.name().to_owned();
        match self {
            Unfit::TooLarge { bytes, max } => vec![("bytes", bytes.to_string()), ("max", max.to_string())],
            Unfit::WrongContent { named, found } => {
                let mut facts = vec![("named", format(named))];
                facts.extend(found.as_ref().map(|found| ("found", format(found))));
                facts
            }
            Unfit::FormatNotAllowed { format: given } => vec![("format", format(given))],
            Unfit::TooManyPixels { pixels, max } => {
                vec![("pixels", pixels.to_string()), ("max", max.to_string())]
            }
            Unfit::TooCoarse { dpi, needed } => {
                vec![("dpi", dpi.to_string()), ("needed", needed.to_string())]
            }
            Unfit::BlankPage { page } | Unfit::NotColour { page } => vec![("page", page.to_string())],
            Unfit::TooManyPages { pages, max } => {
                vec![("pages", pages.to_string()), ("max", max.to_string())]
            }
            _ => Vec::new(),
        }
    }

    /// A stable name of the reason.
    pub fn name(&self) -> &'static str {
        match self {
            Unfit::Empty => "empty",
            Unfit::TooLarge { .. } => "too-large",
            Unfit::WrongContent { .. } => "wrong-content",
            Unfit::FormatNotAllowed { .. } => "format-not-allowed",
            Unfit::Damaged => "damaged",
            Unfit::TrailingData => "trailing-data",
            Unfit::TooComplex => "too-complex",
            Unfit::Encrypted => "encrypted",
            Unfit::Script => "script",
            Unfit::Launches => "launches",
            Unfit::ActsOnOpening => "acts-on-opening",
            Unfit::EmbeddedFile => "embedded-file",
            Unfit::Media => "media",
            Unfit::ActiveForm => "active-form",
            Unfit::Macros => "macros",
            Unfit::ExternalReference => "external-reference",
            Unfit::Pictures => "pictures",
            Unfit::UnknownEncoding => "unknown-encoding",
            Unfit::Animated => "animated",
            Unfit::TooManyPixels { .. } => "too-many-pixels",
            Unfit::TooCoarse { .. } => "too-coarse",
            Unfit::BlankPage { .. } => "blank-page",
            Unfit::NotColour { .. } => "not-colour",
            Unfit::TooManyPages { .. } => "too-many-pages",
        }
    }
}
