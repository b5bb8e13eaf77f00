//! The segments of a JPEG file, from its first marker to its last, and the file without those that nobody needs.

use super::super::budget::Budget;
use super::super::density::dpi;
use super::super::exif::{self, Exif};
use domain::document::Unfit;
use std::ops::Range;

/// Scans of one picture. Programs write ten or so; each goes over every block, so thousands would take minutes.
const SCANS_MAX: usize = 32;

/// What the markers say, without decoding.
pub struct Segments {
    /// Width and height in pixels.
    pub frame: (u32, u32),
    /// Where the picture ends, after its last marker.
    pub end: usize,
    /// Says that other pictures stand behind this one.
    pub lists_pictures: bool,
    /// Says that a film stands behind it.
    pub announces_film: bool,
    jfif: Option<Jfif>,
    exif: Exif,
    /// What must be kept, in order.
    kept: Vec<Range<usize>>,
}

struct Jfif {
    version: [u8; 2],
    unit: u8,
    x: u16,
    y: u16,
}

impl Segments {
    /// Goes from marker to marker. Whatever lies between segments, a second frame, or an end before the end is
    /// [`Unfit::Damaged`].
    pub fn of(bytes: &[u8], budget: &mut Budget) -> Result<Segments, Unfit> {
        let mut found = Segments {
            frame: (0, 0),
            end: 0,
            lists_pictures: false,
            announces_film: false,
            jfif: None,
            exif: Exif::default(),
            kept: Vec::new(),
        };
        let (mut at, mut scans) = (2, 0);
        loop {
            budget.object()?;
            let (begin, marker) = marker(bytes, at)?;
            if marker == 0xd9 {
                found.end = begin + 2;
                break;
            }
            let body = body(bytes, begin + 2)?;
            at = body.end;
            let data = &bytes[body];
            match marker {
                0xc0..=0xc2 => found.frame(data)?,
                // Lossless, hierarchical and arithmetic pictures, which browsers do not show.
                0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return Err(Unfit::UnknownEncoding),
                0xe0 => found.density(data),
                0xe1 if data.starts_with(b"Exif\0\0") => found.exif = exif::read(&data[6..]),
                0xe1 => found.announces_film |= announces_film(data),
                0xe2 => found.lists_pictures |= data.starts_with(b"MPF\0"),
                0xda => {
                    scans += 1;
                    at = entropy_end(bytes, at);
                }
                0x01..=0xbf | 0xd0..=0xd8 => return Err(Unfit::Damaged),
                _ => {}
            }
            let is_needed = match marker {
                0xe2 => data.starts_with(b"ICC_PROFILE\0"),
                0xee => data.starts_with(b"Adobe"),
                0xe0..=0xfe => false,
                _ => true,
            };
            if is_needed {
                found.kept.push(begin..at);
            }
            if scans > SCANS_MAX {
                return Err(Unfit::TooComplex);
            }
        }
        if scans == 0 || found.frame.0 == 0 { Err(Unfit::Damaged) } else { Ok(found) }
    }

    /// Dots an inch as recorded, the lesser of both directions: by JFIF, or else by Exif.
    pub fn dpi(&self) -> Option<u32> {
        let jfif = self.jfif.as_ref().and_then(|jfif| {
            let inch = match jfif.unit {
                1 => 1_000,
                2 => 2_540,
                _ => return None,
            };
            dpi(u64::from(jfif.x.min(jfif.y)), 1, inch)
        });
        jfif.or(self.exif.dpi)
    }

    /// The file with its pixels as they are and of the rest only what shows them: density, which way is up, colours.
    pub fn clean(&self, bytes: &[u8]) -> Vec<u8> {
        let mut clean = vec![0xff, 0xd8];
        if let Some(Jfif { version, unit, x, y }) = &self.jfif {
            clean.extend_from_slice(b"\xff\xe0\0\x10JFIF\0");
            clean.extend_from_slice(&[version[0], version[1], *unit]);
            clean.extend_from_slice(&x.to_be_bytes());
            clean.extend_from_slice(&y.to_be_bytes());
            clean.extend_from_slice(&[0, 0]);
        }
        if self.exif != Exif::default() {
            let tiff = exif::write(self.exif);
            let length = u16::try_from(tiff.len() + 8).unwrap_or_default();
            clean.extend_from_slice(b"\xff\xe1");
            clean.extend_from_slice(&length.to_be_bytes());
            clean.extend_from_slice(b"Exif\0\0");
            clean.extend_from_slice(&tiff);
        }
        for part in &self.kept {
            clean.extend_from_slice(&bytes[part.clone()]);
        }
        clean.extend_from_slice(&[0xff, 0xd9]);
        clean
    }

    fn frame(&mut self, data: &[u8]) -> Result<(), Unfit> {
        match data {
            [8, y1, y0, x1, x0, ..] if self.frame == (0, 0) => {
                let (width, height) = (u16::from_be_bytes([*x1, *x0]), u16::from_be_bytes([*y1, *y0]));
                self.frame = (u32::from(width), u32::from(height));
                if width == 0 || height == 0 { Err(Unfit::Damaged) } else { Ok(()) }
            }
            [12, ..] => Err(Unfit::UnknownEncoding),
            _ => Err(Unfit::Damaged),
        }
    }

    fn density(&mut self, data: &[u8]) {
        if let [b'J', b'F', b'I', b'F', 0, major, minor, unit, x1, x0, y1, y0, ..] = data
            && self.jfif.is_none()
        {
            let (x, y) = (u16::from_be_bytes([*x1, *x0]), u16::from_be_bytes([*y1, *y0]));
            self.jfif = Some(Jfif { version: [*major, *minor], unit: *unit, x, y });
        }
    }
}

/// By the names that programs gave it, in the description of the picture.
fn announces_film(data: &[u8]) -> bool {
    data.windows(11).any(|window| window == b"MotionPhoto")
        || data.windows(10).any(|window| window == b"MicroVideo")
}

/// Where the marker at a place begins, which may be filled up before it, and which it is.
fn marker(bytes: &[u8], at: usize) -> Result<(usize, u8), Unfit> {
    let fill = bytes[at..].iter().take_while(|byte| **byte == 0xff).count();
    let marker = *bytes.get(at + fill).ok_or(Unfit::Damaged)?;
    if fill == 0 || marker == 0 { Err(Unfit::Damaged) } else { Ok((at + fill - 1, marker)) }
}

/// What is in a segment, without its length.
fn body(bytes: &[u8], at: usize) -> Result<Range<usize>, Unfit> {
    let length = bytes.get(at..at + 2).ok_or(Unfit::Damaged)?;
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    let end = at + length;
    if length < 2 || end > bytes.len() { Err(Unfit::Damaged) } else { Ok(at + 2..end) }
}

/// Where coded data end: at a marker that is none of their own.
fn entropy_end(bytes: &[u8], at: usize) -> usize {
    let own = |byte: u8| byte == 0 || (0xd0..=0xd7).contains(&byte);
    let found = bytes[at..].windows(2).position(|pair| pair[0] == 0xff && pair[1] != 0xff && !own(pair[1]));
    found.map_or(bytes.len(), |offset| at + offset)
}
