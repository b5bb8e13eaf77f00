//! A JPEG file: one picture, whole, of the encodings that every program shows (ITU-T T.81).

mod behind;
mod segments;

use super::Accepted;
use super::budget::Budget;
use super::density;
use super::tone::Tone;
use domain::document::{FileFormat, FileRules, Unfit};
use jpeg_decoder::{Decoder, Error, PixelFormat};
use segments::Segments;

/// Bytes of decoded pixels. At an eighth of its size a picture of 40 megapixels takes 2.5 MB. Besides, a progressive picture
/// is held as coefficients, 2 bytes for each sample, 320 MB for the largest with four components.
const DECODED_MAX: usize = 16 * 1_048_576;

pub fn inspect(rules: &FileRules, bytes: &[u8], budget: &mut Budget) -> Result<Accepted, Unfit> {
    let segments = Segments::of(bytes, budget)?;
    let (whole, behind) = bytes.split_at(segments.end);
    if !behind::is_of_camera(&segments, behind) {
        return Err(Unfit::TrailingData);
    }
    let (width, height) = segments.frame;
    density::size(width, height)?;
    density::enough(rules.paper, width, height, segments.dpi())?;
    density::legible(rules, &tone(whole, width, height, budget)?)?;
    let clean = segments.clean(bytes);
    let bytes = (clean != bytes).then_some(clean);
    Ok(Accepted { format: FileFormat::Jpg, pages: Some(1), bytes })
}

/// Width and height of a picture within another file, which must be of the same sort; decides its size, too.
pub fn dimensions(bytes: &[u8], budget: &mut Budget) -> Result<(u32, u32), Unfit> {
    let (width, height) = Segments::of(bytes, budget)?.frame;
    density::size(width, height)?;
    Ok((width, height))
}

/// Decodes the whole picture, an eighth as wide and high, so that only coefficients are ever held in full.
pub fn tone(bytes: &[u8], width: u32, height: u32, budget: &mut Budget) -> Result<Tone, Unfit> {
    budget.pixels(u64::from(width) * u64::from(height))?;
    let mut decoder = Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(DECODED_MAX);
    let side = |pixels: u32| u16::try_from(pixels.div_ceil(8)).unwrap_or(u16::MAX);
    decoder.scale(side(width), side(height)).map_err(reason)?;
    let pixels = decoder.decode().map_err(reason)?;
    let format = decoder.info().ok_or(Unfit::Damaged)?.pixel_format;
    let mut tone = Tone::default();
    for pixel in pixels.chunks_exact(format.pixel_bytes()) {
        match (format, pixel) {
            (PixelFormat::L8, [level]) => tone.grey(*level),
            (PixelFormat::RGB24, [red, green, blue]) => tone.rgb(*red, *green, *blue),
            (PixelFormat::CMYK32, [cyan, magenta, yellow, black]) => {
                tone.cmyk(*cyan, *magenta, *yellow, *black);
            }
            _ => return Err(Unfit::UnknownEncoding),
        }
    }
    Ok(tone)
}

fn reason(error: Error) -> Unfit {
    match error {
        Error::Unsupported(_) => Unfit::UnknownEncoding,
        _ => Unfit::Damaged,
    }
}
