//! What a file is by its first bytes (DOC-3), and whether it is something else by its last ones.

use domain::document::FileFormat;

const BEGINNINGS: [(&[u8], FileFormat); 5] = [
    (b"%PDF-", FileFormat::Pdf),
    (&[0xff, 0xd8, 0xff], FileFormat::Jpg),
    (b"\x89PNG\r\n\x1a\n", FileFormat::Png),
    (&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], FileFormat::Doc),
    (b"PK\x03\x04", FileFormat::Docx),
];

/// The format whose mark stands at the very beginning. Readers that look for a mark further on are not followed: a file
/// that has one there is something else as well.
pub fn format(bytes: &[u8]) -> Option<FileFormat> {
    BEGINNINGS.into_iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, format)| format)
}

/// Whether a reader of ZIP archives, which begin at their end, would find one in a file that is none. The record that it looks
/// for has a comment that should reach exactly to the end of the file; some readers take any.
pub fn ends_as_zip(bytes: &[u8]) -> bool {
    const RECORD: usize = 22;
    let from = bytes.len().saturating_sub(RECORD + usize::from(u16::MAX));
    let tail = &bytes[from..];
    tail.windows(RECORD).any(|record| record.starts_with(b"PK\x05\x06"))
}
