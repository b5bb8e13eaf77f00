//! What one file may spend, whatever it says of itself.

use domain::document::Unfit;

/// How deep things may lie in each other: arrays, dictionaries, forms, page trees, elements.
pub const DEPTH_MAX: usize = 32;

const INFLATED_MAX: u64 = 64 * 1_048_576;
/// Five pages at 600 dpi, or twenty at 300.
const PIXELS_ALL_MAX: u64 = 200_000_000;
const OBJECTS_MAX: u64 = 100_000;
const VALUES_MAX: u64 = 2_000_000;
const STEPS_MAX: u64 = 8_000_000;
/// Thirteen times the largest file.
const LEXED_MAX: u64 = 64 * 1_048_576;

/// What is left to spend. All of it together takes some seconds and, since what is inflated and parsed is held, about
/// 200 MB; honest files take a hundredth.
#[derive(Debug)]
pub struct Budget {
    inflated: u64,
    pixels: u64,
    objects: u64,
    values: u64,
    steps: u64,
    lexed: u64,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget {
            inflated: INFLATED_MAX,
            pixels: PIXELS_ALL_MAX,
            objects: OBJECTS_MAX,
            values: VALUES_MAX,
            steps: STEPS_MAX,
            lexed: LEXED_MAX,
        }
    }
}

impl Budget {
    /// Bytes that come out of a decompressor or another decoder and are looked at as such.
    pub fn inflate(&mut self, bytes: usize) -> Result<(), Unfit> {
        spend(&mut self.inflated, bytes as u64)
    }

    /// Pixels decoded, of all pictures together.
    pub fn pixels(&mut self, pixels: u64) -> Result<(), Unfit> {
        spend(&mut self.pixels, pixels)
    }

    /// Objects, entries, chunks, parts.
    pub fn object(&mut self) -> Result<(), Unfit> {
        spend(&mut self.objects, 1)
    }

    /// Values within objects, which are held.
    pub fn value(&mut self) -> Result<(), Unfit> {
        spend(&mut self.values, 1)
    }

    /// Whatever else is done one by one: operators, references followed, XML events.
    pub fn step(&mut self) -> Result<(), Unfit> {
        spend(&mut self.steps, 1)
    }

    pub fn steps(&mut self, steps: usize) -> Result<(), Unfit> {
        spend(&mut self.steps, steps as u64)
    }

    /// Bytes read by a lexer: places may be looked at twice, not without end.
    pub fn lex(&mut self, bytes: usize) -> Result<(), Unfit> {
        spend(&mut self.lexed, bytes as u64)
    }
}

fn spend(left: &mut u64, much: u64) -> Result<(), Unfit> {
    *left = left.checked_sub(much).ok_or(Unfit::TooComplex)?;
    Ok(())
}
