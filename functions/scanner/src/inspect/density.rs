//! Whether a picture has dots enough for the paper that it stands for (DOC-1, DOC-9).

use super::tone::Tone;
use domain::document::{Colour, DPI_MIN, FileRules, LEGIBLE_DPI_MIN, PIXELS_MAX, Paper, Unfit};

/// Bounds what a picture may claim, before anything is decoded.
pub fn size(width: u32, height: u32) -> Result<u64, Unfit> {
    let pixels = u64::from(width) * u64::from(height);
    match pixels {
        0 => Err(Unfit::Damaged),
        pixels if pixels > PIXELS_MAX => Err(Unfit::TooManyPixels { pixels, max: PIXELS_MAX }),
        pixels => Ok(pixels),
    }
}

/// Takes a picture with the paper's pixels, or with 300 dpi recorded. What is recorded is only a number that any program
/// writes, a picture of 100 by 100 pixels has it as easily; so half of the paper's pixels must be there on each side, which
/// is what a half sheet or a card has, and no less than can be read if it shows the whole sheet.
pub fn enough(paper: Paper, width: u32, height: u32, recorded: Option<u32>) -> Result<(), Unfit> {
    let over = paper.dpi_of(width, height);
    let recorded = recorded.unwrap_or(0);
    if over >= DPI_MIN || (recorded >= DPI_MIN && over >= LEGIBLE_DPI_MIN) {
        Ok(())
    } else if recorded >= DPI_MIN {
        Err(Unfit::TooCoarse { dpi: over, needed: LEGIBLE_DPI_MIN })
    } else {
        Err(Unfit::TooCoarse { dpi: recorded.max(over), needed: DPI_MIN })
    }
}

/// Refuses a picture, which is a page, on which there is nothing, or no colour where it is demanded.
pub fn legible(rules: &FileRules, tone: &Tone) -> Result<(), Unfit> {
    if tone.is_blank() {
        return Err(Unfit::BlankPage { page: 1 });
    }
    if rules.colour == Colour::Demanded && tone.is_grey() {
        return Err(Unfit::NotColour { page: 1 });
    }
    Ok(())
}

/// Dots an inch of a density in dots a unit, of which an inch has so many thousandths; to the nearest, since 300 dpi is
/// written as 11,811 dots a metre.
pub fn dpi(dots: u64, divisor: u64, unit_in_inch_thousandths: u64) -> Option<u32> {
    let divisor = divisor.checked_mul(1_000)?;
    let dots = dots.checked_mul(unit_in_inch_thousandths)?.checked_add(divisor / 2)?;
    u32::try_from(dots.checked_div(divisor)?).ok().filter(|dpi| *dpi > 0)
}
