//! What a page shows: whether anything is drawn on it, and which pictures how large (ISO 32000-2, 8 and 9).

use super::super::budget::{Budget, DEPTH_MAX};
use super::file::File;
use super::filters;
use super::lexer::{Lexer, Token, is_delimiter, is_space};
use super::pages::Page;
use super::value::{Dict, Value};
use domain::document::Unfit;

/// Pictures drawn on one page.
const PICTURES_MAX: usize = 10_000;
/// States kept on one page.
const STATES_MAX: usize = 1_000;
/// Operands of one operator; most have six.
const OPERANDS_MAX: usize = 1_000;

/// What was found on a page.
#[derive(Default)]
pub struct Look {
    /// Whether text, lines or areas are drawn that can be seen on white.
    pub drawn: bool,
    pub pictures: Vec<Picture>,
}

/// A picture as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The object; none if it lies within the content.
    pub number: Option<u32>,
    /// Width and height in pixels.
    pub pixels: (u32, u32),
    /// Width and height in inches.
    pub inches: (f64, f64),
}

type Matrix = [f64; 6];

#[derive(Clone)]
struct State {
    matrix: Matrix,
    fill_is_white: bool,
    stroke_is_white: bool,
    /// Lines or areas have been laid out that the next operator paints.
    has_path: bool,
    /// Text for searching under a scan is drawn like that.
    text_is_invisible: bool,
}

struct Painter<'a, 'b> {
    file: &'a File<'a>,
    budget: &'b mut Budget,
    look: Look,
}

/// Carries out a page's content as far as it shows something.
pub fn look(file: &File, page: &Page, budget: &mut Budget) -> Result<Look, Unfit> {
    let mut content = Vec::new();
    let parts = match file.get(page.dict, b"Contents") {
        Some(Value::Array(parts)) => parts.iter().collect(),
        _ => page.dict.get(b"Contents").into_iter().collect::<Vec<_>>(),
    };
    for part in parts {
        budget.step()?;
        let Some((_, object)) = file.object(part) else { continue };
        if let (Value::Dict(dict), Some(stream)) = (&object.value, &object.stream) {
            content.extend(filters::whole(dict, &file.bytes[stream.clone()], budget)?);
            content.push(b'\n');
        }
    }
    let mut painter = Painter { file, budget, look: Look::default() };
    let unit = file.get(page.dict, b"UserUnit").and_then(Value::number).unwrap_or(1.0) / 72.0;
    let state = State {
        matrix: [unit, 0.0, 0.0, unit, 0.0, 0.0],
        fill_is_white: false,
        stroke_is_white: false,
        has_path: false,
        text_is_invisible: false,
    };
    painter.run(&content, page.resources, state, DEPTH_MAX)?;
    Ok(painter.look)
}

impl<'a> Painter<'a, '_> {
    fn run(
        &mut self,
        content: &[u8],
        resources: Option<&'a Dict>,
        mut state: State,
        depth: usize,
    ) -> Result<(), Unfit> {
        let mut lexer = Lexer { bytes: content, at: 0, references: false };
        let (mut operands, mut states) = (Vec::new(), Vec::new());
        loop {
            self.budget.step()?;
            let operator = match lexer.token(self.budget) {
                Ok(None) => return Ok(()),
                Ok(Some(Token::Value(value))) => {
                    operands.push(value);
                    if operands.len() > OPERANDS_MAX {
                        return Err(Unfit::TooComplex);
                    }
                    continue;
                }
                Ok(Some(Token::Word(operator))) => operator,
                Err(Unfit::TooComplex) => return Err(Unfit::TooComplex),
                // Readers go on behind what they do not understand.
                Err(_) => {
                    lexer.at += 1;
                    continue;
                }
            };
            match operator.as_slice() {
                b"q" if states.len() >= STATES_MAX => return Err(Unfit::TooComplex),
                b"q" => states.push(state.clone()),
                b"Q" => state = states.pop().unwrap_or(state),
                b"Do" => self.draw(operands.last(), resources, &state, depth)?,
                b"BI" => self.draw_inline(&mut lexer, &state)?,
                operator => self.look.drawn |= state.apply(operator, &operands),
            }
            operands.clear();
        }
    }

    /// A picture, or a form, which is content of its own.
    fn draw(
        &mut self,
        name: Option<&Value>,
        resources: Option<&'a Dict>,
        state: &State,
        depth: usize,
    ) -> Result<(), Unfit> {
        let file = self.file;
        let all = resources.and_then(|resources| file.get(resources, b"XObject")).and_then(Value::dict);
        let looked_at = [resources, all].into_iter().flatten().map(|dict| dict.0.len()).sum();
        self.budget.steps(looked_at)?;
        let named = all.zip(name.and_then(Value::name)).and_then(|(all, name)| all.get(name));
        let Some((number, object)) = named.and_then(|value| file.object(value)) else { return Ok(()) };
        let (Value::Dict(dict), Some(stream)) = (&object.value, &object.stream) else { return Ok(()) };
        self.budget.steps(dict.0.len())?;
        if file.get(dict, b"Subtype").and_then(Value::name) == Some(b"Image") {
            let side = |key| file.get(dict, key).and_then(Value::count).unwrap_or(0);
            return self.put(Some(number), (side(b"Width"), side(b"Height")), state);
        }
        let deeper = depth.checked_sub(1).ok_or(Unfit::TooComplex)?;
        let content = filters::whole(dict, &file.bytes[stream.clone()], self.budget)?;
        let mut inner = state.clone();
        if let Some(matrix) = file.get(dict, b"Matrix").and_then(Value::array).and_then(matrix) {
            inner.matrix = times(&matrix, &inner.matrix);
        }
        let own = file.get(dict, b"Resources").and_then(Value::dict).or(resources);
        self.run(&content, own, inner, deeper)
    }

    /// A picture within the content: its keys, its bytes, its end.
    fn draw_inline(&mut self, lexer: &mut Lexer, state: &State) -> Result<(), Unfit> {
        let mut pairs = Vec::new();
        loop {
            match lexer.token(self.budget)? {
                Some(Token::Value(Value::Name(key))) => pairs.push((key, lexer.value(self.budget)?)),
                Some(Token::Word(word)) if word == b"ID" => break,
                _ => return Err(Unfit::Damaged),
            }
        }
        let rest = &lexer.bytes[lexer.at..];
        let is_end = |window: &[u8]| {
            is_space(window[0])
                && &window[1..3] == b"EI"
                && window.get(3).is_none_or(|byte| is_space(*byte) || is_delimiter(*byte))
        };
        let end = (0..rest.len().saturating_sub(2)).find(|at| is_end(&rest[*at..rest.len().min(at + 4)]));
        let end = end.ok_or(Unfit::Damaged)?;
        self.budget.lex(end)?;
        lexer.at += end + 3;
        let dict = Dict(pairs);
        let side = |long: &[u8], short: &[u8]| {
            dict.get(short).or_else(|| dict.get(long)).and_then(Value::count).unwrap_or(0)
        };
        self.put(None, (side(b"Width", b"W"), side(b"Height", b"H")), state)
    }

    fn put(&mut self, number: Option<u32>, pixels: (usize, usize), state: &State) -> Result<(), Unfit> {
        let [a, b, c, d, ..] = state.matrix;
        let of = |pixels: usize| u32::try_from(pixels).unwrap_or(u32::MAX);
        let pixels = (of(pixels.0), of(pixels.1));
        self.look.pictures.push(Picture { number, pixels, inches: (a.hypot(b), c.hypot(d)) });
        if self.look.pictures.len() > PICTURES_MAX { Err(Unfit::TooComplex) } else { Ok(()) }
    }
}

impl State {
    /// Carries out an operator. Answers whether it draws something that can be seen on white.
    fn apply(&mut self, operator: &[u8], operands: &[Value]) -> bool {
        match operator {
            b"cm" => {
                if let Some(matrix) = matrix(operands) {
                    self.matrix = times(&matrix, &self.matrix);
                }
            }
            b"g" | b"rg" => self.fill_is_white = all(operands, 1.0),
            b"G" | b"RG" => self.stroke_is_white = all(operands, 1.0),
            b"k" => self.fill_is_white = all(operands, 0.0),
            b"K" => self.stroke_is_white = all(operands, 0.0),
            b"cs" | b"sc" | b"scn" => self.fill_is_white = false,
            b"CS" | b"SC" | b"SCN" => self.stroke_is_white = false,
            b"Tr" => {
                let mode = operands.last().and_then(Value::count);
                self.text_is_invisible = matches!(mode, Some(3 | 7));
            }
            b"Tj" | b"TJ" | b"'" | b"\"" => {
                let text = operands.last().is_some_and(has_text);
                return text && !self.text_is_invisible && !self.fill_is_white;
            }
            b"l" | b"c" | b"v" | b"y" | b"re" => self.has_path = true,
            b"n" => self.has_path = false,
            b"f" | b"F" | b"f*" => return self.paints(!self.fill_is_white),
            b"S" | b"s" => return self.paints(!self.stroke_is_white),
            b"B" | b"B*" | b"b" | b"b*" => return self.paints(!self.fill_is_white || !self.stroke_is_white),
            b"sh" => return operands.last().and_then(Value::name).is_some(),
            _ => {}
        }
        false
    }

    /// Ends a path, which is seen if there was one.
    fn paints(&mut self, is_seen: bool) -> bool {
        std::mem::take(&mut self.has_path) && is_seen
    }
}

fn has_text(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.iter().any(|byte| *byte != b' '),
        Value::Array(parts) => parts.iter().any(|part| matches!(part, Value::Text(_)) && has_text(part)),
        _ => false,
    }
}

fn all(operands: &[Value], level: f64) -> bool {
    !operands.is_empty() && operands.iter().all(|value| value.number() == Some(level))
}

fn matrix(values: &[Value]) -> Option<Matrix> {
    let numbers: Vec<f64> = values.iter().map_while(Value::number).collect();
    numbers.try_into().ok()
}

/// First one, then the other.
fn times(one: &Matrix, other: &Matrix) -> Matrix {
    let [a, b, c, d, e, f] = *one;
    let [g, h, i, j, k, l] = *other;
    [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l]
}
