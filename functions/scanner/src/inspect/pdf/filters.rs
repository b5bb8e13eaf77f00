//! Undoes the encodings of streams (ISO 32000-2, 7.4), within the budget.

use super::super::budget::Budget;
use super::super::inflate::{self, More};
use super::predict::Rows;
use super::value::{Dict, Value};
use domain::document::Unfit;
use miniz_oxide::DataFormat;

/// Encodings that are laid over each other; one or two are usual.
const FILTERS_MAX: usize = 6;
/// What beginning to undo one costs, as much as so many operators: a window and a buffer are made.
const STAGE_STEPS: usize = 64;
/// Of an encoding that has no parameters.
static NONE: Dict = Dict(Vec::new());

/// An encoding, by its name or its short one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    Hex,
    Base85,
    RunLength,
    Flate,
    Lzw,
    /// A JPEG picture.
    Dct,
    /// A JPEG 2000 picture.
    Jpx,
    /// A fax picture: black and white.
    Fax,
    /// A JBIG2 picture: black and white.
    Jbig2,
}

impl Filter {
    fn of(name: &[u8]) -> Result<Filter, Unfit> {
        Ok(match name {
            b"ASCIIHexDecode" | b"AHx" => Filter::Hex,
            b"ASCII85Decode" | b"A85" => Filter::Base85,
            b"RunLengthDecode" | b"RL" => Filter::RunLength,
            b"FlateDecode" | b"Fl" => Filter::Flate,
            b"LZWDecode" | b"LZW" => Filter::Lzw,
            b"DCTDecode" | b"DCT" => Filter::Dct,
            b"JPXDecode" => Filter::Jpx,
            b"CCITTFaxDecode" | b"CCF" => Filter::Fax,
            b"JBIG2Decode" => Filter::Jbig2,
            b"Crypt" => return Err(Unfit::Encrypted),
            _ => return Err(Unfit::UnknownEncoding),
        })
    }

    pub fn is_picture(self) -> bool {
        matches!(self, Filter::Dct | Filter::Jpx | Filter::Fax | Filter::Jbig2)
    }
}

/// The encodings of a stream, the outermost first, each with its parameters.
///
/// # Errors
/// [`Unfit::Damaged`] for what readers differ in, so that what one of them sees is hidden from the others: keys that stand
/// there twice or under two names, parameters that lie elsewhere. Pictures' own parameters may.
pub fn chain<'a>(dict: &'a Dict, budget: &mut Budget) -> Result<Vec<(Filter, &'a Dict)>, Unfit> {
    budget.steps(dict.0.len())?;
    if dict.times(b"Filter") > 1 || dict.times(b"DecodeParms") > 1 || dict.times(b"DP") > 0 {
        return Err(Unfit::Damaged);
    }
    let names = match dict.get(b"Filter") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(names)) => names.iter().collect(),
        Some(name) => vec![name],
    };
    if names.len() > FILTERS_MAX {
        return Err(Unfit::TooComplex);
    }
    let parameters = match dict.get(b"DecodeParms") {
        Some(Value::Array(all)) => all.iter().collect(),
        other => other.into_iter().collect::<Vec<_>>(),
    };
    let with = |(place, name): (usize, &Value)| {
        let filter = Filter::of(name.name().ok_or(Unfit::UnknownEncoding)?)?;
        let own = match parameters.get(place) {
            Some(Value::Dict(own)) => own,
            Some(Value::Ref(_)) if !filter.is_picture() => return Err(Unfit::Damaged),
            _ => &NONE,
        };
        budget.steps(own.0.len())?;
        let refers = own.0.iter().any(|(_, value)| matches!(value, Value::Ref(_)));
        if refers && !filter.is_picture() { Err(Unfit::Damaged) } else { Ok((filter, own)) }
    };
    names.into_iter().enumerate().map(with).collect()
}

/// Decodes a stream that is no picture.
pub fn whole(dict: &Dict, data: &[u8], budget: &mut Budget) -> Result<Vec<u8>, Unfit> {
    let chain = chain(dict, budget)?;
    if chain.iter().any(|(filter, _)| filter.is_picture()) {
        return Err(Unfit::UnknownEncoding);
    }
    decode(&chain, data, budget)
}

/// Undoes encodings that are no pictures, one after the other. What goes in counts as well as what comes out: streams may
/// lie over each other and come to nothing.
pub fn decode(chain: &[(Filter, &Dict)], data: &[u8], budget: &mut Budget) -> Result<Vec<u8>, Unfit> {
    budget.lex(data.len())?;
    let mut data = data.to_vec();
    for (filter, parameters) in chain {
        budget.lex(data.len())?;
        budget.steps(STAGE_STEPS)?;
        let out = once(*filter, &data, parameters, budget)?;
        data = match Rows::of(parameters).filter(|_| matches!(filter, Filter::Flate | Filter::Lzw)) {
            Some(rows) if !rows.is_undone() => return Err(Unfit::UnknownEncoding),
            Some(mut rows) => {
                let mut plain = Vec::with_capacity(out.len());
                rows.push(&out, &mut |row| plain.extend_from_slice(row))?;
                rows.rest(&mut |row| plain.extend_from_slice(row))?;
                plain
            }
            None => out,
        };
    }
    Ok(data)
}

/// Inflates and gives row by row what is too much to hold: a deflated picture, of which `needed` bytes are looked at.
pub fn rows(
    parameters: &Dict,
    data: &[u8],
    needed: usize,
    sink: &mut impl FnMut(&[u8]),
) -> Result<(), Unfit> {
    let mut rows = Rows::of(parameters);
    let mut seen = 0;
    inflate::each(data, DataFormat::Zlib, |piece| {
        match &mut rows {
            Some(rows) => rows.push(piece, &mut |row| {
                seen += row.len();
                sink(row);
            })?,
            None => {
                seen += piece.len();
                sink(piece);
            }
        }
        Ok(if seen >= needed { More::Enough } else { More::Wanted })
    })?;
    if seen < needed { Err(Unfit::Damaged) } else { Ok(()) }
}

fn once(filter: Filter, data: &[u8], parameters: &Dict, budget: &mut Budget) -> Result<Vec<u8>, Unfit> {
    // Programs write a page without content as nothing, whatever it says of its encoding.
    if data.is_empty() {
        return Ok(Vec::new());
    }
    match filter {
        Filter::Flate => inflate::all(data, DataFormat::Zlib, budget).map(|(out, _)| out),
        Filter::Lzw => lzw(data, parameters, budget),
        Filter::Hex => hex(data, budget),
        Filter::Base85 => base85(data, budget),
        Filter::RunLength => run_length(data, budget),
        Filter::Dct | Filter::Jpx | Filter::Fax | Filter::Jbig2 => Err(Unfit::UnknownEncoding),
    }
}

fn lzw(data: &[u8], parameters: &Dict, budget: &mut Budget) -> Result<Vec<u8>, Unfit> {
    use weezl::{BitOrder, LzwStatus, decode::Decoder};
    let early = parameters.get(b"EarlyChange").and_then(Value::count) != Some(0);
    let mut decoder = match early {
        true => Decoder::with_tiff_size_switch(BitOrder::Msb, 8),
        false => Decoder::new(BitOrder::Msb, 8),
    };
    let (mut out, mut piece, mut taken) = (Vec::new(), vec![0; 64 * 1024], 0);
    loop {
        let result = decoder.decode_bytes(&data[taken..], &mut piece);
        taken += result.consumed_in;
        budget.inflate(result.consumed_out)?;
        out.extend_from_slice(&piece[..result.consumed_out]);
        match result.status {
            Ok(LzwStatus::Done) => return Ok(out),
            Ok(LzwStatus::Ok) if result.consumed_in + result.consumed_out > 0 => {}
            _ => return Err(Unfit::Damaged),
        }
    }
}

fn hex(data: &[u8], budget: &mut Budget) -> Result<Vec<u8>, Unfit> {
    budget.inflate(data.len() / 2)?;
    let mut digits = Vec::new();
    for byte in data.iter().take_while(|byte| **byte != b'>').filter(|byte| !super::lexer::is_space(**byte)) {
        let digit = char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        digits.push(digit.ok_or(Unfit::Damaged)?);
    }
    Ok(digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect())
}

fn base85(data: &[u8], budget: &mut Budget) -> Result<Vec<u8>, Unfit> {
    let (mut out, mut group) = (Vec::new(), Vec::new());
    for byte in data.iter().take_while(|byte| **byte != b'~').filter(|byte| !super::lexer::is_space(**byte)) {
        budget.inflate(1)?;
        match byte {
            b'z' if group.is_empty() => {
                budget.inflate(3)?;
                out.extend_from_slice(&[0; 4]);
            }
            b'!'..=b'u' => group.push(byte - b'!'),
            _ => return Err(Unfit::Damaged),
        }
        if group.len() == 5 {
            out.extend_from_slice(&of_base85(&group)?);
            group.clear();
        }
    }
    if !group.is_empty() {
        let bytes = group.len() - 1;
        group.resize(5, 84);
        out.extend_from_slice(&of_base85(&group)?[..bytes]);
    }
    Ok(out)
}

fn of_base85(group: &[u8]) -> Result<[u8; 4], Unfit> {
    let number = group.iter().fold(0_u64, |number, digit| number * 85 + u64::from(*digit));
    u32::try_from(number).map(u32::to_be_bytes).map_err(|_| Unfit::Damaged)
}

fn run_length(data: &[u8], budget: &mut Budget) -> Result<Vec<u8>, Unfit> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(length) = data.get(at) {
        let length = usize::from(*length);
        match length {
            128 => break,
            0..128 => {
                let run = data.get(at + 1..at + 2 + length).ok_or(Unfit::Damaged)?;
                budget.inflate(run.len())?;
                out.extend_from_slice(run);
                at += 2 + length;
            }
            _ => {
                let byte = *data.get(at + 1).ok_or(Unfit::Damaged)?;
                budget.inflate(257 - length)?;
                out.extend(std::iter::repeat_n(byte, 257 - length));
                at += 2;
            }
        }
    }
    Ok(out)
}
