//! Reads values out of bytes (ISO 32000-2, 7.2 and 7.3), of files as well as of content streams.

use super::super::budget::{Budget, DEPTH_MAX};
use super::value::{Dict, Value};
use domain::document::Unfit;

/// Entries of one dictionary: readers look through all of them for each key. Those of resources have some dozens, and
/// those of names some thousands.
const ENTRIES_MAX: usize = 5_000;

/// A value, or a word that is none: an operator, or `endobj`.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Value(Value),
    Word(Vec<u8>),
}

/// Where to read from.
pub struct Lexer<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
    /// Whether `1 0 R` is a reference; in content it is three things.
    pub references: bool,
}

pub fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

pub fn is_delimiter(byte: u8) -> bool {
    b"()<>[]{}/%".contains(&byte)
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

impl Lexer<'_> {
    /// The next value or word; none at the end.
    ///
    /// # Errors
    /// [`Unfit::Damaged`] for what is neither, [`Unfit::TooComplex`].
    pub fn token(&mut self, budget: &mut Budget) -> Result<Option<Token>, Unfit> {
        let from = self.at;
        let token = self.nested(DEPTH_MAX, budget);
        budget.lex(self.at - from)?;
        token
    }

    /// The next value, which must be one.
    pub fn value(&mut self, budget: &mut Budget) -> Result<Value, Unfit> {
        match self.token(budget)? {
            Some(Token::Value(value)) => Ok(value),
            _ => Err(Unfit::Damaged),
        }
    }

    pub fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                let line = self.bytes[self.at..].iter().position(|byte| matches!(byte, 10 | 13));
                self.at = line.map_or(self.bytes.len(), |end| self.at + end);
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn nested(&mut self, depth: usize, budget: &mut Budget) -> Result<Option<Token>, Unfit> {
        self.skip_space();
        let Some(byte) = self.peek() else { return Ok(None) };
        let deeper = || depth.checked_sub(1).ok_or(Unfit::TooComplex);
        let value = match byte {
            b'/' => Value::Name(self.name()),
            b'(' => Value::Text(self.text()?),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => self.dict(deeper()?, budget)?,
            b'<' => Value::Text(self.hex()?),
            b'[' => self.array(deeper()?, budget)?,
            b'{' | b'}' => {
                self.at += 1;
                return Ok(Some(Token::Word(vec![byte])));
            }
            b')' | b']' | b'>' => return Err(Unfit::Damaged),
            _ => match self.word(budget)? {
                Token::Value(value) => value,
                word => return Ok(Some(word)),
            },
        };
        // Values of content are looked at one by one and not held.
        if self.references {
            budget.value()?
        } else {
            budget.step()?
        }
        Ok(Some(Token::Value(value)))
    }

    fn run(&mut self) -> &[u8] {
        let from = self.at;
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
        &self.bytes[from..self.at]
    }

    fn name(&mut self) -> Vec<u8> {
        self.at += 1;
        let raw = self.run();
        let mut name = Vec::with_capacity(raw.len());
        let mut at = 0;
        while let Some(byte) = raw.get(at) {
            let escaped = raw.get(at + 1).zip(raw.get(at + 2)).filter(|_| *byte == b'#');
            match escaped.and_then(|(high, low)| Some(digit(*high)? << 4 | digit(*low)?)) {
                Some(meant) => {
                    name.push(meant);
                    at += 3;
                }
                None => {
                    name.push(*byte);
                    at += 1;
                }
            }
        }
        name
    }

    fn word(&mut self, budget: &mut Budget) -> Result<Token, Unfit> {
        let references = self.references;
        let word = self.run().to_vec();
        match word.as_slice() {
            b"null" | b"true" | b"false" => return Ok(Token::Value(Value::Null)),
            _ => {}
        }
        let Some(number) = number(&word) else { return Ok(Token::Word(word)) };
        if references && word.iter().all(u8::is_ascii_digit) && self.take_rest_of_reference(budget)? {
            // A number that no object can have refers to none.
            return Ok(Token::Value(Value::Ref(number as u32)));
        }
        Ok(Token::Value(Value::Number(number)))
    }

    /// Behind the number of an object: its generation, and `R`.
    fn take_rest_of_reference(&mut self, budget: &mut Budget) -> Result<bool, Unfit> {
        let from = self.at;
        self.skip_space();
        let generation = self.run().to_vec();
        if !generation.is_empty() && generation.len() <= 5 && generation.iter().all(u8::is_ascii_digit) {
            self.skip_space();
            if self.run() == b"R" {
                return Ok(true);
            }
        }
        // A comment behind each of many numbers may go on to the end of the file.
        budget.lex(self.at - from)?;
        self.at = from;
        Ok(false)
    }

    fn text(&mut self) -> Result<Vec<u8>, Unfit> {
        let mut text = Vec::new();
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => self.escaped(&mut text),
                b'(' => {
                    open += 1;
                    if open > 1 {
                        text.push(byte);
                    }
                }
                b')' if open == 1 => return Ok(text),
                b')' => {
                    open -= 1;
                    text.push(byte);
                }
                _ => text.push(byte),
            }
        }
        Err(Unfit::Damaged)
    }

    fn escaped(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(10),
            b'r' => text.push(13),
            b't' => text.push(9),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(next @ b'0'..=b'7') = self.peek() else { break };
                    code = code * 8 + u32::from(next - b'0');
                    self.at += 1;
                }
                text.push((code & 0xff) as u8);
            }
            13 if self.peek() == Some(10) => self.at += 1,
            10 | 13 => {}
            other => text.push(other),
        }
    }

    fn hex(&mut self) -> Result<Vec<u8>, Unfit> {
        self.at += 1;
        let mut text = Vec::new();
        let mut half = None;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match (digit(byte), half) {
                (Some(high), None) => half = Some(high),
                (Some(low), Some(high)) => {
                    text.push(high << 4 | low);
                    half = None;
                }
                (None, _) if byte == b'>' => {
                    text.extend(half.map(|high| high << 4));
                    return Ok(text);
                }
                (None, _) if is_space(byte) => {}
                _ => return Err(Unfit::Damaged),
            }
        }
        Err(Unfit::Damaged)
    }

    fn array(&mut self, depth: usize, budget: &mut Budget) -> Result<Value, Unfit> {
        self.at += 1;
        let mut values = Vec::new();
        loop {
            self.skip_space();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Value::Array(values));
            }
            match self.nested(depth, budget)? {
                Some(Token::Value(value)) => values.push(value),
                _ => return Err(Unfit::Damaged),
            }
        }
    }

    fn dict(&mut self, depth: usize, budget: &mut Budget) -> Result<Value, Unfit> {
        self.at += 2;
        let mut pairs = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'>') if self.bytes.get(self.at + 1) == Some(&b'>') => {
                    self.at += 2;
                    return Ok(Value::Dict(Dict(pairs)));
                }
                Some(b'/') if pairs.len() >= ENTRIES_MAX => return Err(Unfit::TooComplex),
                Some(b'/') => {}
                _ => return Err(Unfit::Damaged),
            }
            let key = self.name();
            match self.nested(depth, budget)? {
                Some(Token::Value(value)) => pairs.push((key, value)),
                _ => return Err(Unfit::Damaged),
            }
        }
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn number(word: &[u8]) -> Option<f64> {
    let plain = word.iter().all(|byte| byte.is_ascii_digit() || b"+-.".contains(byte));
    let number = std::str::from_utf8(word).ok().filter(|_| plain)?.parse::<f64>().ok()?;
    number.is_finite().then_some(number)
}
