//! The chunks of a PNG file, and the file without those that nobody needs.

use super::super::budget::Budget;
use super::super::crc::crc32;
use super::super::density::dpi;
use super::super::exif::{self, Exif};
use super::super::inflate::{self, More};
use domain::document::Unfit;
use miniz_oxide::DataFormat;
use std::ops::Range;

const SIGNATURE: usize = 8;
/// What shows the pixels. All else that may be left out (PNG, 5.4) is: text, time, other pictures.
const KEPT: [&[u8; 4]; 13] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs",
    b"cICP", b"iCCP",
];

/// What the chunks say, without decoding.
#[derive(Debug, Default)]
pub struct Chunks {
    pub width: u32,
    pub height: u32,
    /// Where the picture ends, after its last chunk.
    pub end: usize,
    /// Bits of one pixel.
    bits: u64,
    dots_a_metre: Option<(u32, u32)>,
    exif: Exif,
    kept: Vec<Range<usize>>,
    /// Where the deflated rows are.
    rows: Vec<Range<usize>>,
}

impl Chunks {
    /// Goes from chunk to chunk. Check sums are the decoder's, of those that are kept.
    pub fn of(bytes: &[u8], budget: &mut Budget) -> Result<Chunks, Unfit> {
        let mut found = Chunks::default();
        let mut at = SIGNATURE;
        loop {
            budget.object()?;
            let (kind, body, end) = chunk(bytes, at)?;
            if (at == SIGNATURE) != (kind == b"IHDR") {
                return Err(Unfit::Damaged);
            }
            let data = &bytes[body.clone()];
            match kind {
                b"IHDR" if data.len() == 13 => {
                    found.bits = u64::from(data[8]) * samples(data[9]).ok_or(Unfit::Damaged)?;
                    found.width = long(data, 0).ok_or(Unfit::Damaged)?;
                    found.height = long(data, 4).ok_or(Unfit::Damaged)?;
                }
                b"pHYs" if data.get(8) == Some(&1) => found.dots_a_metre = long(data, 0).zip(long(data, 4)),
                b"IDAT" => found.rows.push(body),
                b"eXIf" => found.exif = exif::read(data),
                b"iCCP" => check_profile(data, budget)?,
                b"IEND" if !data.is_empty() => return Err(Unfit::Damaged),
                b"acTL" | b"fcTL" | b"fdAT" => return Err(Unfit::Animated),
                _ if KEPT.contains(&kind) => {}
                // The first letter's case says whether the picture can be shown without it.
                _ if kind[0].is_ascii_uppercase() => return Err(Unfit::UnknownEncoding),
                _ => {}
            }
            if KEPT.contains(&kind) {
                found.kept.push(at..end);
            }
            at = end;
            if kind == b"IEND" {
                found.end = end;
                return Ok(found);
            }
        }
    }

    /// Refuses rows that go on where the picture ends: a decoder that inflates all of them never gets done. Whether they are
    /// whole is the decoder's to say.
    pub fn check_rows(&self, bytes: &[u8]) -> Result<(), Unfit> {
        let row = (u64::from(self.width) * self.bits).div_ceil(8) + 1;
        // Interlaced, there are up to twice as many rows, and each is filled up by itself.
        let most = (row + 4) * u64::from(self.height) + 64;
        let packed: Vec<u8> = self.rows.iter().flat_map(|part| &bytes[part.clone()]).copied().collect();
        let mut seen = 0;
        let inflated = inflate::each(&packed, DataFormat::Zlib, |piece| {
            seen += piece.len() as u64;
            if seen > most { Err(Unfit::TooComplex) } else { Ok(More::Wanted) }
        });
        if inflated == Err(Unfit::TooComplex) { Err(Unfit::TooComplex) } else { Ok(()) }
    }

    /// Dots an inch as recorded, the lesser of both directions.
    pub fn dpi(&self) -> Option<u32> {
        let metre = |(x, y): (u32, u32)| dpi(u64::from(x.min(y)) * 254, 10_000, 1_000);
        self.dots_a_metre.and_then(metre).or(self.exif.dpi)
    }

    /// The file with its pixels as they are and of the rest only what shows them: density, which way is up, colours.
    pub fn clean(&self, bytes: &[u8]) -> Vec<u8> {
        let mut clean = bytes[..SIGNATURE].to_vec();
        for (place, part) in self.kept.iter().enumerate() {
            if place == 1 && self.exif != Exif::default() {
                clean.extend_from_slice(&exif_chunk(self.exif));
            }
            clean.extend_from_slice(&bytes[part.clone()]);
        }
        clean
    }
}

/// A profile is inflated by whoever shows the picture, so it is measured here.
fn check_profile(data: &[u8], budget: &mut Budget) -> Result<(), Unfit> {
    let name = data.iter().position(|byte| *byte == 0).ok_or(Unfit::Damaged)?;
    let packed = data.get(name + 2..).ok_or(Unfit::Damaged)?;
    inflate::all(packed, DataFormat::Zlib, budget).map(|_| ())
}

/// Samples of a pixel, by the type of its colours (PNG, table 9).
fn samples(colours: u8) -> Option<u64> {
    match colours {
        0 | 3 => Some(1),
        2 => Some(3),
        4 => Some(2),
        6 => Some(4),
        _ => None,
    }
}

fn chunk(bytes: &[u8], at: usize) -> Result<(&[u8; 4], Range<usize>, usize), Unfit> {
    let length = long(bytes, at).ok_or(Unfit::Damaged)? as usize;
    let kind = bytes.get(at + 4..at + 8).and_then(|kind| kind.first_chunk()).ok_or(Unfit::Damaged)?;
    let end = at + 8 + length + 4;
    if end > bytes.len() { Err(Unfit::Damaged) } else { Ok((kind, at + 8..end - 4, end)) }
}

fn exif_chunk(exif: Exif) -> Vec<u8> {
    let tiff = exif::write(exif);
    let mut chunk = u32::try_from(tiff.len()).unwrap_or_default().to_be_bytes().to_vec();
    chunk.extend_from_slice(b"eXIf");
    chunk.extend_from_slice(&tiff);
    let sum = crc32(&chunk[4..]);
    chunk.extend_from_slice(&sum.to_be_bytes());
    chunk
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at.checked_add(4)?)
        .and_then(|four| four.first_chunk())
        .map(|four| u32::from_be_bytes(*four))
}
