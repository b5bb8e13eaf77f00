//! Undoes the predictors that stand before compression (ISO 32000-2, 7.4.4.4), row by row.

use super::value::{Dict, Value};
use domain::document::Unfit;

/// Bytes of one row: of 55,000 pixels with four samples of 16 bits.
const ROW_MAX: usize = 440_000;

/// Rows as they come.
pub struct Rows {
    predictor: Predictor,
    /// Bytes from one pixel to the next, at least 1.
    step: usize,
    row: Vec<u8>,
    before: Vec<u8>,
    /// The pixel to the left, and the one above that.
    left: Vec<u8>,
    corner: Vec<u8>,
    filled: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Predictor {
    /// A byte before each row says which.
    Png,
    /// Each sample of 8 bits less the one before it.
    Tiff,
    /// What it predicts is not undone: bytes as they are, whose sum and size are right.
    Other,
}

impl Rows {
    /// None if there is no predictor.
    pub fn of(parameters: &Dict) -> Option<Rows> {
        let get = |key: &[u8], default| parameters.get(key).and_then(Value::count).unwrap_or(default);
        let bits = get(b"BitsPerComponent", 8);
        let predictor = match get(b"Predictor", 1) {
            0 | 1 => return None,
            2 if bits == 8 => Predictor::Tiff,
            10..=15 => Predictor::Png,
            _ => Predictor::Other,
        };
        let pixel = get(b"Colors", 1).saturating_mul(bits);
        let bytes = pixel.saturating_mul(get(b"Columns", 1)).div_ceil(8).clamp(1, ROW_MAX + 1);
        let mark = usize::from(predictor == Predictor::Png);
        let step = pixel.div_ceil(8).clamp(1, bytes);
        Some(Rows {
            predictor,
            step,
            row: vec![0; bytes + mark],
            before: vec![0; bytes],
            left: vec![0; step],
            corner: vec![0; step],
            filled: 0,
        })
    }

    /// Whether what comes out is what a reader sees.
    pub fn is_undone(&self) -> bool {
        self.predictor != Predictor::Other
    }

    pub fn push(&mut self, mut piece: &[u8], sink: &mut impl FnMut(&[u8])) -> Result<(), Unfit> {
        if self.before.len() > ROW_MAX {
            return Err(Unfit::TooComplex);
        }
        while !piece.is_empty() {
            let much = piece.len().min(self.row.len() - self.filled);
            self.row[self.filled..self.filled + much].copy_from_slice(&piece[..much]);
            self.filled += much;
            piece = &piece[much..];
            if self.filled == self.row.len() {
                self.filled = 0;
                self.undo()?;
                sink(&self.before);
            }
        }
        Ok(())
    }

    /// The last row, if it was not whole.
    pub fn rest(&mut self, sink: &mut impl FnMut(&[u8])) -> Result<(), Unfit> {
        let mark = usize::from(self.predictor == Predictor::Png);
        if self.filled > mark {
            let bytes = self.filled - mark;
            self.row[self.filled..].fill(0);
            self.undo()?;
            sink(&self.before[..bytes]);
        }
        Ok(())
    }

    /// Leaves the row's meaning in `before`.
    fn undo(&mut self) -> Result<(), Unfit> {
        let step = self.step;
        match self.predictor {
            Predictor::Other => self.before.copy_from_slice(&self.row),
            Predictor::Tiff => {
                for at in 0..self.row.len() {
                    let left = if at < step { 0 } else { self.before[at - step] };
                    self.before[at] = self.row[at].wrapping_add(left);
                }
            }
            Predictor::Png => {
                let kind = self.row[0];
                let Rows { left, corner, .. } = self;
                left.fill(0);
                corner.fill(0);
                for at in 0..self.before.len() {
                    let (place, up) = (at % step, self.before[at]);
                    let predicted = match kind {
                        0 => 0,
                        1 => left[place],
                        2 => up,
                        3 => ((u16::from(left[place]) + u16::from(up)) / 2) as u8,
                        4 => paeth(left[place], up, corner[place]),
                        _ => return Err(Unfit::Damaged),
                    };
                    let byte = self.row[at + 1].wrapping_add(predicted);
                    corner[place] = up;
                    left[place] = byte;
                    self.before[at] = byte;
                }
            }
        }
        Ok(())
    }
}

/// Which of the three neighbours is nearest to what they foretell (PNG, 9.4).
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |one: u8| (estimate - i16::from(one)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}
