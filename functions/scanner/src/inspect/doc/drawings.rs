//! Pictures in a Word document ([MS-DOC], 2.9.192; [MS-ODRAW], 2.2).

use super::super::budget::Budget;
use super::word::{Head, Part, long, short};
use domain::document::Unfit;

/// The record that holds the pictures of the document's shapes.
const STORE: u16 = 0xf001;
/// Records that are pictures: EMF, WMF, PICT, JPEG, PNG, DIB, TIFF, JPEG in CMYK.
const PICTURES: [u16; 8] = [0xf01a, 0xf01b, 0xf01c, 0xf01d, 0xf01e, 0xf01f, 0xf029, 0xf02a];
/// What such a record says of itself: whose kinds and how many check sums it has.
const INSTANCES: [u16; 18] = [
    0x3d4, 0x3d5, 0x216, 0x217, 0x542, 0x543, 0x46a, 0x46b, 0x6e2, 0x6e3, 0x6e0, 0x6e1, 0x7a8, 0x7a9, 0x6e4,
    0x6e5, 0x6e6, 0x6e7,
];

/// Refuses a document in which there is a picture, in its text or beside it.
pub fn check(head: &Head, main: &[u8], table: &[u8], data: &[u8], budget: &mut Budget) -> Result<(), Unfit> {
    if stores_pictures(head.part(Part::Drawings, table)?, budget)? || begins_with_picture(data, budget)? {
        return Err(Unfit::Pictures);
    }
    let any = [main, table, data].into_iter().any(has_picture);
    if any { Err(Unfit::Pictures) } else { Ok(()) }
}

/// Whether the drawings of the document have pictures, in the file or linked. They begin with a container of records.
fn stores_pictures(drawings: &[u8], budget: &mut Budget) -> Result<bool, Unfit> {
    let mut at = 8;
    while let Some((head, kind)) = short(drawings, at).zip(short(drawings, at + 2)) {
        budget.step()?;
        if kind == STORE && head >> 4 > 0 {
            return Ok(true);
        }
        let length = long(drawings, at + 4).unwrap_or(u32::MAX) as usize;
        at = at.saturating_add(8).saturating_add(length);
    }
    Ok(false)
}

/// Whether the stream of data, a row of blocks with their lengths, has one that is a picture. Links have blocks as well.
fn begins_with_picture(data: &[u8], budget: &mut Budget) -> Result<bool, Unfit> {
    let mut at = 0;
    while let (Some(length), Some(0x44), Some(kind)) =
        (long(data, at), short(data, at + 4), short(data, at + 6))
    {
        budget.step()?;
        if matches!(kind, 0x64 | 0x66) {
            return Ok(true);
        }
        at = at.saturating_add((length as usize).max(1));
    }
    Ok(false)
}

/// Whether a picture lies anywhere in a stream, by the marks that pictures and their records begin with.
fn has_picture(stream: &[u8]) -> bool {
    stream.windows(8).any(|window| {
        let head = u16::from_le_bytes([window[0], window[1]]);
        let kind = u16::from_le_bytes([window[2], window[3]]);
        let is_record = PICTURES.contains(&kind) && head & 0xf == 0 && INSTANCES.contains(&(head >> 4));
        is_record
            || window == b"\x89PNG\r\n\x1a\n"
            || (window.starts_with(b"\xff\xd8\xff") && is_jpeg(window))
    })
}

/// A JPEG file goes on with a segment of its own.
fn is_jpeg(window: &[u8]) -> bool {
    matches!(window[3], 0xe0..=0xef | 0xdb | 0xc0..=0xc4 | 0xfe)
}
