//! A PNG file: one picture, whole, and nothing beside it (PNG, third edition).

mod chunks;

use super::Accepted;
use super::budget::Budget;
use super::density;
use super::tone::Tone;
use chunks::Chunks;
use domain::document::{FileFormat, FileRules, Unfit};
use png::{ColorType, Decoder, DecodingError, Transformations};
use std::io::Cursor;

pub fn inspect(rules: &FileRules, bytes: &[u8], budget: &mut Budget) -> Result<Accepted, Unfit> {
    let chunks = Chunks::of(bytes, budget)?;
    if chunks.end < bytes.len() {
        return Err(Unfit::TrailingData);
    }
    density::size(chunks.width, chunks.height)?;
    density::enough(rules.paper, chunks.width, chunks.height, chunks.dpi())?;
    let clean = chunks.clean(bytes);
    budget.pixels(u64::from(chunks.width) * u64::from(chunks.height))?;
    chunks.check_rows(bytes)?;
    density::legible(rules, &tone(&clean).map_err(reason)??)?;
    let bytes = (clean != bytes).then_some(clean);
    Ok(Accepted { format: FileFormat::Png, pages: Some(1), bytes })
}

/// Decodes row by row, also what is interlaced, so that a few rows are held: one has at most 55,000 pixels of 8 bytes, or the
/// picture would be too large or too narrow for the paper.
fn tone(clean: &[u8]) -> Result<Result<Tone, Unfit>, DecodingError> {
    let mut decoder = Decoder::new(Cursor::new(clean));
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info()?;
    let (colours, _) = reader.output_color_type();
    let mut tone = Tone::default();
    while let Some(row) = reader.next_row()? {
        for pixel in row.data().chunks_exact(colours.samples()) {
            match (colours, pixel) {
                (ColorType::Grayscale, [level]) => tone.grey(*level),
                (ColorType::GrayscaleAlpha, [level, alpha]) => tone.grey(on_white(*level, *alpha)),
                (ColorType::Rgb, [red, green, blue]) => tone.rgb(*red, *green, *blue),
                (ColorType::Rgba, [red, green, blue, alpha]) => {
                    let [red, green, blue] = [*red, *green, *blue].map(|level| on_white(level, *alpha));
                    tone.rgb(red, green, blue);
                }
                _ => return Ok(Err(Unfit::UnknownEncoding)),
            }
        }
    }
    reader.finish()?;
    Ok(Ok(tone))
}

/// A level as it is seen on white paper.
fn on_white(level: u8, alpha: u8) -> u8 {
    let seen = 255 - (u32::from(255 - level) * u32::from(alpha)) / 255;
    u8::try_from(seen).unwrap_or(u8::MAX)
}

fn reason(error: DecodingError) -> Unfit {
    match error {
        DecodingError::LimitsExceeded => Unfit::TooComplex,
        _ => Unfit::Damaged,
    }
}
