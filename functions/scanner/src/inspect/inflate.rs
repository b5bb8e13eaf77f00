//! Deflated data, inflated piece by piece so that a bomb is noticed when it has cost one piece.

use super::budget::Budget;
use domain::document::Unfit;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

const PIECE: usize = 64 * 1024;

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    Wanted,
    Enough,
}

/// Inflates all, within the budget. Answers the bytes and how many of the input they took.
pub fn all(data: &[u8], format: DataFormat, budget: &mut Budget) -> Result<(Vec<u8>, usize), Unfit> {
    let mut out = Vec::new();
    let taken = each(data, format, |piece| {
        budget.inflate(piece.len())?;
        out.extend_from_slice(piece);
        Ok(More::Wanted)
    })?;
    Ok((out, taken))
}

/// Gives each inflated piece to `sink`, which counts them. Answers how many bytes of the input were taken. Data that
/// ends before it says it does, or whose check sum is wrong, is [`Unfit::Damaged`].
pub fn each(
    data: &[u8],
    format: DataFormat,
    mut sink: impl FnMut(&[u8]) -> Result<More, Unfit>,
) -> Result<usize, Unfit> {
    let mut state = InflateState::new_boxed(format);
    let mut piece = vec![0; PIECE];
    let mut taken = 0;
    loop {
        let result = inflate(&mut state, &data[taken..], &mut piece, MZFlush::None);
        taken += result.bytes_consumed;
        if sink(&piece[..result.bytes_written])? == More::Enough {
            return Ok(taken);
        }
        match result.status {
            Ok(MZStatus::StreamEnd) => return Ok(taken),
            Ok(_) if result.bytes_consumed + result.bytes_written > 0 => {}
            _ => return Err(Unfit::Damaged),
        }
    }
}
