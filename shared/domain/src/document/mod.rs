//! Files that citizens attach: how one is called, what a kind of document demands of it, and why it is refused
//! (DOC-1, DOC-2, DOC-3, DOC-8, DOC-9).

mod folder;
mod name;
mod rules;
mod unfit;

pub use folder::{
    FILES_EACH_MAX, FILES_MAX, File, FileState, Folder, LOOK_AFTER, LOOK_FOR, LOOKS_MAX, Lack, Reason,
    UPLOAD_WINDOW,
};
pub use name::{BadName, FileName};
pub use rules::{Colour, FileFormat, FileRules, Paper, Textual, dpi_of_card};
pub use unfit::Unfit;

/// Bytes of one file, inclusive (DOC-1: 5 MB, and a MB is 1,048,576 bytes).
pub const FILE_BYTES_MAX: usize = 5 * 1_048_576;
/// Bytes of all files of an application together, inclusive (DOC-1: 20 MB).
pub const APPLICATION_BYTES_MAX: usize = 20 * 1_048_576;
/// Pixels of one picture, inclusive: A4 at 600 dpi has 35 million. A file of a few bytes can claim billions.
pub const PIXELS_MAX: u64 = 40_000_000;
/// Dots an inch that a scan must have recorded (DOC-1), unless it has the paper's pixels.
pub const DPI_MIN: u32 = 300;
/// Dots an inch below which a page of a PDF cannot be read (DOC-9), counted over the paper it stands for.
pub const LEGIBLE_DPI_MIN: u32 = 150;
/// Pages of a document of the usual kind, inclusive (DOC-9); a kind may say otherwise.
pub const PAGES_MAX: u16 = 10;
/// Characters of a file's name, inclusive, with its extension.
pub const FILE_NAME_MAX: usize = 100;
