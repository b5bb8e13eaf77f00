//! Whether a picture has dots enough for the paper that it stands for (DOC-1, DOC-9).

use super::tone::Tone;
use domain::document::{Colour, DPI_MIN, FileRules, LEGIBLE_DPI_MIN, PIXELS_MAX, Paper, Unfit, dpi_of_card};

/// Bounds what a picture may claim, before anything is decoded.
pub fn size(width: u32, height: u32) -> Result<u64, Unfit> {
    let pixels = u64::from(width) * u64::from(height);
    match pixels {
        0 => Err(Unfit::Damaged),
        pixels if pixels > PIXELS_MAX => Err(Unfit::TooManyPixels { pixels, max: PIXELS_MAX }),
        pixels => Ok(pixels),
    }
}

/// Takes a picture with the paper's pixels, or with 300 dpi recorded. Most kinds come on sheets as well as on cards and in small
/// books, and only the recorded density tells which it was. But it is only a number that any program writes, a picture of 100 by
/// 100 pixels has it as easily; so there must be pixels enough for the smallest paper that there is, a card.
pub fn enough(paper: Paper, width: u32, height: u32, recorded: Option<u32>) -> Result<(), Unfit> {
    let over = paper.dpi_of(width, height);
    let recorded = recorded.unwrap_or(0);
    if over >= DPI_MIN || is_small_paper(width, height, recorded) {
        Ok(())
    } else if recorded >= DPI_MIN {
        Err(Unfit::TooCoarse { dpi: dpi_of_card(width, height), needed: DPI_MIN })
    } else {
        Err(Unfit::TooCoarse { dpi: recorded.max(over), needed: DPI_MIN })
    }
}

/// Whether a picture on a page of its own size can be read: it has dots enough on the page, and over the paper as well, unless it
/// shows a smaller one. A page of a few millimetres has any number of dots an inch.
pub fn enough_on_page(paper: Paper, width: u32, height: u32, dpi: u32) -> Result<(), Unfit> {
    let least = dpi.min(paper.dpi_of(width, height));
    if least >= LEGIBLE_DPI_MIN || is_small_paper(width, height, dpi) {
        Ok(())
    } else {
        Err(Unfit::TooCoarse { dpi: least, needed: LEGIBLE_DPI_MIN })
    }
}

fn is_small_paper(width: u32, height: u32, dpi: u32) -> bool {
    dpi >= DPI_MIN && dpi_of_card(width, height) >= DPI_MIN
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
