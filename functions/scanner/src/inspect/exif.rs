//! The two things in Exif that a picture needs: its density and which way is up. Own code, since readers of Exif take all of
//! it, and nobody writes it without the rest.

use super::density::dpi;

const X_RESOLUTION: u16 = 0x011a;
const Y_RESOLUTION: u16 = 0x011b;
const ORIENTATION: u16 = 0x0112;
const RESOLUTION_UNIT: u16 = 0x0128;
/// Entries of the first directory that are looked at; cameras write about fifteen.
const ENTRIES_MAX: u16 = 200;

/// What was found in the first directory (Exif 2.32, 4.6.4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exif {
    /// Dots an inch, the lesser of both directions.
    pub dpi: Option<u32>,
    /// 2 to 8, for a picture that is turned or mirrored when shown.
    pub orientation: Option<u16>,
}

/// Reads a TIFF structure; what is not understood is not there.
pub fn read(tiff: &[u8]) -> Exif {
    directory(tiff).unwrap_or_default()
}

/// A TIFF structure with just these.
pub fn write(exif: Exif) -> Vec<u8> {
    let dpi = exif.dpi.unwrap_or(0);
    let entries: &[(u16, u16, u32)] = &[
        (ORIENTATION, 3, u32::from(exif.orientation.unwrap_or(1)) << 16),
        (X_RESOLUTION, 5, 62),
        (Y_RESOLUTION, 5, 62),
        (RESOLUTION_UNIT, 3, 2 << 16),
    ];
    let kept = if dpi > 0 { entries } else { &entries[..1] };
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0".to_vec();
    tiff.push(u8::try_from(kept.len()).unwrap_or_default());
    for (tag, kind, value) in kept {
        tiff.extend_from_slice(&tag.to_be_bytes());
        tiff.extend_from_slice(&kind.to_be_bytes());
        tiff.extend_from_slice(&1_u32.to_be_bytes());
        tiff.extend_from_slice(&value.to_be_bytes());
    }
    tiff.extend_from_slice(&[0; 4]);
    if dpi > 0 {
        tiff.extend_from_slice(&dpi.to_be_bytes());
        tiff.extend_from_slice(&1_u32.to_be_bytes());
    }
    tiff
}

struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl Tiff<'_> {
    fn short(&self, at: usize) -> Option<u16> {
        let two = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    }

    fn long(&self, at: usize) -> Option<u32> {
        let four = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    }
}

fn directory(bytes: &[u8]) -> Option<Exif> {
    let tiff = match bytes.get(..4)? {
        b"II\x2a\0" => Tiff { bytes, little: true },
        b"MM\0\x2a" => Tiff { bytes, little: false },
        _ => return None,
    };
    let first = tiff.long(4)? as usize;
    let (mut x, mut y, mut unit, mut orientation) = (None, None, 2, None);
    for entry in 0..tiff.short(first)?.min(ENTRIES_MAX) {
        let at = first.checked_add(2 + usize::from(entry) * 12)?;
        let Some(tag) = tiff.short(at) else { break };
        match tag {
            X_RESOLUTION => x = rational(&tiff, at),
            Y_RESOLUTION => y = rational(&tiff, at),
            RESOLUTION_UNIT => unit = tiff.short(at + 8)?,
            ORIENTATION => orientation = tiff.short(at + 8).filter(|way| (2..=8).contains(way)),
            _ => {}
        }
    }
    let inch = match unit {
        2 => Some(1_000),
        3 => Some(2_540),
        _ => None,
    };
    let of = |(dots, divisor): (u32, u32)| dpi(u64::from(dots), u64::from(divisor), inch?);
    Some(Exif { dpi: x.and_then(of).min(y.and_then(of)), orientation })
}

fn rational(tiff: &Tiff, entry: usize) -> Option<(u32, u32)> {
    let at = tiff.long(entry + 8)? as usize;
    Some((tiff.long(at)?, tiff.long(at.checked_add(4)?)?))
}

#[cfg(test)]
mod tests {
    use super::{Exif, read, write};

    #[test]
    fn what_is_written_reads_back() {
        for exif in [
            Exif { dpi: Some(300), orientation: Some(6) },
            Exif { dpi: None, orientation: Some(3) },
            Exif { dpi: Some(118), orientation: None },
        ] {
            assert_eq!(read(&write(exif)), exif);
        }
    }
}
