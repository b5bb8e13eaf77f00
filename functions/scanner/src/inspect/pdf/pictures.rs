//! Pictures in a PDF: how large they say they are, and what they look like (ISO 32000-2, 8.9).

use super::super::budget::Budget;
use super::super::density;
use super::super::jpg;
use super::super::tone::Tone;
use super::file::{File, Object};
use super::filters::{self, Filter};
use super::value::{Dict, Value};
use domain::document::Unfit;

/// What a picture looks like, as far as is known: some encodings are not undone here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    pub is_blank: bool,
    pub is_grey: bool,
}

/// What the samples of a pixel mean.
enum Space {
    Grey,
    Rgb,
    Cmyk,
    /// One sample, which is a place in a palette.
    Palette(Vec<[u8; 3]>),
}

/// Bounds what pictures claim, drawn or not.
pub fn check_size(file: &File, dict: &Dict) -> Result<(), Unfit> {
    let (width, height) = size(file, dict);
    density::size(width, height).map(|_| ())
}

fn size(file: &File, dict: &Dict) -> (u32, u32) {
    let side = |key| {
        let side = file.get(dict, key).and_then(Value::count).unwrap_or(0);
        u32::try_from(side).unwrap_or(u32::MAX)
    };
    (side(b"Width"), side(b"Height"))
}

/// Decodes a picture and looks at it.
pub fn sight(file: &File, object: &Object, budget: &mut Budget) -> Result<Sight, Unfit> {
    let (Value::Dict(dict), Some(stream)) = (&object.value, &object.stream) else {
        return Err(Unfit::Damaged);
    };
    let data = &file.bytes[stream.clone()];
    let chain = filters::chain(dict, budget)?;
    let space = space(file, dict, budget)?;
    let grey = matches!(space, Some(Space::Grey));
    match chain.split_last() {
        Some(((Filter::Dct, _), before)) => {
            let data = filters::decode(before, data, budget)?;
            let (width, height) = jpg::dimensions(&data, budget)?;
            Ok(seen(&jpg::tone(&data, width, height, budget)?))
        }
        Some(((Filter::Fax | Filter::Jbig2, _), _)) => Ok(Sight { is_blank: false, is_grey: true }),
        Some(((Filter::Jpx, _), _)) => Ok(Sight { is_blank: false, is_grey: grey }),
        _ => {
            let Some(space) = space else { return Ok(Sight { is_blank: false, is_grey: false }) };
            raw(file, dict, &space, data, budget)
        }
    }
}

fn seen(tone: &Tone) -> Sight {
    Sight { is_blank: tone.is_blank(), is_grey: tone.is_grey() }
}

/// A picture of plain samples, which are looked at as they come.
fn raw(file: &File, dict: &Dict, space: &Space, data: &[u8], budget: &mut Budget) -> Result<Sight, Unfit> {
    let (width, height) = size(file, dict);
    budget.pixels(density::size(width, height)?)?;
    let mask = file.get(dict, b"ImageMask").is_some() && file.get(dict, b"BitsPerComponent").is_none();
    let bits = if mask { 1 } else { file.get(dict, b"BitsPerComponent").and_then(Value::count).unwrap_or(1) };
    if !matches!(bits, 1 | 2 | 4 | 8 | 16) {
        return Err(Unfit::Damaged);
    }
    let samples = match space {
        Space::Grey | Space::Palette(_) => 1,
        Space::Rgb => 3,
        Space::Cmyk => 4,
    };
    let row = (width as usize * samples * bits).div_ceil(8);
    let needed = row * height as usize;
    let mut eye = Eye {
        tone: Tone::default(),
        space,
        bits,
        samples,
        width: width as usize,
        row: Vec::new(),
        bytes: row,
    };
    let chain = filters::chain(dict, budget)?;
    match chain.split_last() {
        Some(((Filter::Flate, parameters), before)) => {
            let data = filters::decode(before, data, budget)?;
            budget.lex(data.len())?;
            filters::rows(parameters, &data, needed, &mut |piece| eye.push(piece))?;
        }
        _ => {
            let data = filters::decode(&chain, data, budget)?;
            eye.push(data.get(..needed).ok_or(Unfit::Damaged)?);
        }
    }
    Ok(seen(&eye.tone))
}

/// Takes bytes as they come and looks at whole rows.
struct Eye<'a> {
    tone: Tone,
    space: &'a Space,
    bits: usize,
    samples: usize,
    width: usize,
    row: Vec<u8>,
    bytes: usize,
}

impl Eye<'_> {
    fn push(&mut self, mut piece: &[u8]) {
        while !piece.is_empty() {
            let much = piece.len().min(self.bytes - self.row.len());
            self.row.extend_from_slice(&piece[..much]);
            piece = &piece[much..];
            if self.row.len() == self.bytes {
                for pixel in 0..self.width {
                    self.look(pixel * self.samples);
                }
                self.row.clear();
            }
        }
    }

    fn look(&mut self, first: usize) {
        match self.space {
            Space::Grey => self.tone.grey(self.level(first)),
            Space::Rgb => self.tone.rgb(self.level(first), self.level(first + 1), self.level(first + 2)),
            Space::Cmyk => self.tone.cmyk(
                self.level(first),
                self.level(first + 1),
                self.level(first + 2),
                self.level(first + 3),
            ),
            Space::Palette(colours) => {
                let [red, green, blue] = colours.get(self.sample(first)).copied().unwrap_or_default();
                self.tone.rgb(red, green, blue);
            }
        }
    }

    /// A sample as a level of 0 to 255.
    fn level(&self, place: usize) -> u8 {
        let most = if self.bits >= 8 { 255 } else { (1 << self.bits) - 1 };
        u8::try_from(self.sample(place) * 255 / most).unwrap_or(u8::MAX)
    }

    /// A sample; of 16 bits the upper half.
    fn sample(&self, place: usize) -> usize {
        let byte = |at: usize| usize::from(self.row.get(at).copied().unwrap_or_default());
        match self.bits {
            16 => byte(place * 2),
            8 => byte(place),
            bits => {
                let at = place * bits;
                (byte(at / 8) >> (8 - bits - at % 8)) & ((1 << bits) - 1)
            }
        }
    }
}

fn space(file: &File, dict: &Dict, budget: &mut Budget) -> Result<Option<Space>, Unfit> {
    let Some(value) = dict.get(b"ColorSpace") else {
        return Ok(dict.get(b"ImageMask").map(|_| Space::Grey));
    };
    match plain(file, value) {
        Some(space) => Ok(Some(space)),
        None => palette(file, value, budget),
    }
}

/// A colour space that is not made of another one.
fn plain(file: &File, value: &Value) -> Option<Space> {
    let value = file.resolve(value);
    let name = value.name().or_else(|| file.resolve(value.array()?.first()?).name())?;
    let samples = match name {
        b"DeviceGray" | b"CalGray" | b"G" => 1,
        b"DeviceRGB" | b"CalRGB" | b"RGB" => 3,
        b"DeviceCMYK" | b"CMYK" => 4,
        b"ICCBased" => {
            let profile = file.resolve(value.array()?.get(1)?).dict()?;
            file.get(profile, b"N")?.count()?
        }
        _ => return None,
    };
    match samples {
        1 => Some(Space::Grey),
        3 => Some(Space::Rgb),
        4 => Some(Space::Cmyk),
        _ => None,
    }
}

/// A palette of at most 256 colours of red, green and blue, or of greys.
fn palette(file: &File, value: &Value, budget: &mut Budget) -> Result<Option<Space>, Unfit> {
    let Some([kind, base, _, table, ..]) = file.resolve(value).array() else { return Ok(None) };
    if !matches!(file.resolve(kind).name(), Some(b"Indexed" | b"I")) {
        return Ok(None);
    }
    let inflated;
    let table = match (file.resolve(table), file.object(table)) {
        (Value::Text(table), _) => table.as_slice(),
        (Value::Dict(dict), Some((_, Object { stream: Some(stream), .. }))) => {
            inflated = filters::whole(dict, &file.bytes[stream.clone()], budget)?;
            &inflated
        }
        _ => return Ok(None),
    };
    let colours = match plain(file, base) {
        Some(Space::Rgb) => table.chunks_exact(3).take(256).map(|one| [one[0], one[1], one[2]]).collect(),
        Some(Space::Grey) => table.iter().take(256).map(|level| [*level; 3]).collect(),
        _ => return Ok(None),
    };
    Ok(Some(Space::Palette(colours)))
}
