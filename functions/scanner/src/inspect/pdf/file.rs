//! Every object of a PDF, in whatever revision and wherever it lies.
//!
//! Own code. What is hidden in a file is hidden from readers that follow its table of objects: an earlier revision, an object
//! that the table leaves out. So the table is not used: whatever looks like an object is one. Of several with one number
//! the last is the current one, as revisions are only ever appended.

use super::super::budget::Budget;
use super::filters;
use super::lexer::{Lexer, Token, is_delimiter, is_space};
use super::value::{Dict, Value};
use domain::document::Unfit;
use std::collections::BTreeMap;
use std::ops::Range;

/// One object, in one revision.
#[derive(Debug)]
pub struct Object {
    pub value: Value,
    /// The bytes of a stream, as they stand in the file.
    pub stream: Option<Range<usize>>,
}

/// All that is in a file.
pub struct File<'a> {
    pub bytes: &'a [u8],
    pub objects: Vec<Object>,
    /// The dictionaries of all trailers, the current one last.
    pub trailers: Vec<Dict>,
    /// Which objects have a number, the current one last.
    numbered: BTreeMap<u32, Vec<usize>>,
}

/// Something that looks like an object, before it is known where streams end.
struct Candidate {
    at: usize,
    number: Option<u32>,
    value: Option<Value>,
    /// It begins as what has a dictionary, readable or not.
    opens: bool,
    /// Where the bytes of its stream begin.
    data: Option<usize>,
    stream: Option<Range<usize>>,
}

impl Candidate {
    /// Whether it is a stream of objects. Whatever has the keys of one is, whatever its type says.
    fn packs(&self) -> bool {
        let dict = self.value.as_ref().and_then(Value::dict);
        dict.is_some_and(|dict| dict.times(b"N") > 0 && dict.times(b"First") > 0)
    }

    fn is_whole(&self) -> bool {
        self.value.is_some() && self.data.is_none() == self.stream.is_none()
    }
}

impl<'a> File<'a> {
    pub fn read(bytes: &'a [u8], budget: &mut Budget) -> Result<File<'a>, Unfit> {
        let mut file = File { bytes, objects: Vec::new(), trailers: Vec::new(), numbered: BTreeMap::new() };
        let mut candidates = candidates(bytes, budget)?;
        file.trailers = trailers(bytes, &candidates, budget)?;
        // Nothing but numbers is readable then.
        if file.trailers.iter().any(|trailer| trailer.get(b"Encrypt").is_some()) {
            return Err(Unfit::Encrypted);
        }
        let lengths = lengths(&candidates);
        for candidate in &mut candidates {
            candidate.stream = stream(bytes, candidate, |number| lengths.get(&number).copied());
        }
        // A length may lie in a stream of objects; these themselves must be readable without.
        let within = packed(bytes, &candidates, budget)?;
        let inner: BTreeMap<u32, usize> =
            within.iter().flatten().filter_map(|(number, value)| Some((*number, value.count()?))).collect();
        let mut covered = 0;
        for (mut candidate, within) in candidates.into_iter().zip(within) {
            if candidate.stream.is_none() {
                candidate.stream = stream(bytes, &candidate, |number| inner.get(&number).copied());
                if candidate.stream.is_some() && candidate.packs() {
                    return Err(Unfit::Damaged);
                }
            }
            // One that lies within a stream is reached by a table that says so, and readers make something of what is
            // not quite right. What looks like one only by chance has no number.
            if (candidate.number.is_some() || candidate.opens) && !candidate.is_whole() {
                return Err(Unfit::Damaged);
            }
            let hidden = candidate.at < covered;
            if !hidden && candidate.number.is_some() {
                covered = candidate.stream.as_ref().map_or(covered, |stream| stream.end);
            }
            let number = candidate.number.filter(|_| !hidden);
            if let Some(value) = candidate.value {
                file.put(number, Object { value, stream: candidate.stream });
            }
            for (inner, value) in within {
                file.put(number.map(|_| inner), Object { value, stream: None });
            }
        }
        Ok(file)
    }

    /// The current value of what may be a reference, followed at most a few times.
    pub fn resolve<'b>(&'b self, value: &'b Value) -> &'b Value {
        let mut value = value;
        for _ in 0..8 {
            let Value::Ref(number) = value else { return value };
            match self.current(*number) {
                Some(object) => value = &object.value,
                None => return &Value::Null,
            }
        }
        &Value::Null
    }

    /// The object that a reference leads to.
    pub fn object(&self, value: &Value) -> Option<(u32, &Object)> {
        let mut value = value;
        for _ in 0..8 {
            let Value::Ref(number) = value else { return None };
            let object = self.current(*number)?;
            if !matches!(object.value, Value::Ref(_)) {
                return Some((*number, object));
            }
            value = &object.value;
        }
        None
    }

    /// The value of a key, resolved.
    pub fn get<'b>(&'b self, dict: &'b Dict, key: &[u8]) -> Option<&'b Value> {
        dict.get(key).map(|value| self.resolve(value)).filter(|value| **value != Value::Null)
    }

    /// Every object that ever had a number.
    pub fn revisions(&self, number: u32) -> impl Iterator<Item = &Object> {
        self.numbered.get(&number).into_iter().flatten().map(|place| &self.objects[*place])
    }

    fn current(&self, number: u32) -> Option<&Object> {
        self.numbered.get(&number)?.last().map(|place| &self.objects[*place])
    }

    fn put(&mut self, number: Option<u32>, object: Object) {
        if let Some(number) = number {
            self.numbered.entry(number).or_default().push(self.objects.len());
        }
        self.objects.push(object);
    }
}

/// The dictionaries behind the word, and those of tables that are streams, by their places in the file.
fn trailers(bytes: &[u8], candidates: &[Candidate], budget: &mut Budget) -> Result<Vec<Dict>, Unfit> {
    let table = |one: &Candidate| {
        let dict = one.value.as_ref()?.dict()?;
        dict.has_name(b"Type", b"XRef").then(|| (one.at, dict.clone()))
    };
    let mut found: Vec<(usize, Dict)> = candidates.iter().filter_map(table).collect();
    for at in places(bytes, b"trailer") {
        budget.object()?;
        match (Lexer { bytes, at: at + 7, references: true }).value(budget) {
            Ok(Value::Dict(dict)) => found.push((at, dict)),
            Err(Unfit::TooComplex) => return Err(Unfit::TooComplex),
            _ => {}
        }
    }
    found.sort_by_key(|(at, _)| *at);
    Ok(found.into_iter().map(|(_, dict)| dict).collect())
}

fn places<'a>(bytes: &'a [u8], word: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    bytes.windows(word.len()).enumerate().filter(move |(_, window)| *window == word).map(|(at, _)| at)
}

/// Whatever follows the word `obj`, wherever it stands.
fn candidates(bytes: &[u8], budget: &mut Budget) -> Result<Vec<Candidate>, Unfit> {
    let mut candidates = Vec::new();
    for at in places(bytes, b"obj") {
        if bytes[..at].ends_with(b"end") {
            continue;
        }
        budget.object()?;
        let number = number_before(bytes, at);
        let mut lexer = Lexer { bytes, at: at + 3, references: true };
        lexer.skip_space();
        budget.lex(lexer.at - at)?;
        let from = lexer.at;
        let value = match lexer.token(budget) {
            Ok(Some(Token::Value(value))) => Some(value),
            // An object may be empty, which is null.
            Ok(Some(Token::Word(word))) if word == b"endobj" => Some(Value::Null),
            Err(Unfit::TooComplex) => return Err(Unfit::TooComplex),
            _ => None,
        };
        let data = if matches!(value, Some(Value::Dict(_))) { data(&mut lexer, budget)? } else { None };
        let opens = opens(&bytes[from..lexer.at.min(bytes.len())]);
        candidates.push(Candidate { at, number, value, opens, data, stream: None });
    }
    Ok(candidates)
}

/// Whether what was read begins as a dictionary, or as an array with one in it.
fn opens(read: &[u8]) -> bool {
    read.starts_with(b"<<") || (read.starts_with(b"[") && places(read, b"<<").next().is_some())
}

/// The number of an object, which stands before its generation and the word.
fn number_before(bytes: &[u8], at: usize) -> Option<u32> {
    let before = &bytes[at.saturating_sub(40)..at];
    let mut words =
        before.split(|byte| is_space(*byte) || is_delimiter(*byte)).rev().filter(|word| !word.is_empty());
    let generation = words.next()?;
    let number = words.next()?;
    // `trailing` junk such as `endobj5 0 obj` is split nowhere; its digits count all the same.
    let from = number.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |place| place + 1);
    let number = &number[from..];
    // A sign before either is put up with, too.
    let generation = generation.strip_prefix(b"+").or(generation.strip_prefix(b"-")).unwrap_or(generation);
    if number.is_empty() || generation.is_empty() || !generation.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// Where the bytes of a stream begin, if one follows.
fn data(lexer: &mut Lexer, budget: &mut Budget) -> Result<Option<usize>, Unfit> {
    let from = lexer.at;
    lexer.skip_space();
    budget.lex(lexer.at - from)?;
    let Some(rest) = lexer.bytes[lexer.at..].strip_prefix(b"stream") else { return Ok(None) };
    let line = match rest {
        [13, 10, ..] => 2,
        [10 | 13, ..] => 1,
        _ => 0,
    };
    Ok(Some(lexer.at + 6 + line))
}

/// Whole numbers that are objects of their own: the lengths of streams.
fn lengths(candidates: &[Candidate]) -> BTreeMap<u32, usize> {
    let length = |one: &Candidate| Some((one.number?, one.value.as_ref()?.count()?));
    candidates.iter().filter_map(length).collect()
}

/// The bytes of a stream: as many as it says, and then its end. Where both differ, readers do.
fn stream(
    bytes: &[u8],
    candidate: &Candidate,
    length: impl Fn(u32) -> Option<usize>,
) -> Option<Range<usize>> {
    let from = candidate.data?;
    let length = match candidate.value.as_ref()?.dict()?.get(b"Length")? {
        Value::Ref(number) => length(*number)?,
        value => value.count()?,
    };
    let end = from.checked_add(length)?;
    let mut lexer = Lexer { bytes, at: end, references: false };
    let gap = bytes.get(end..)?.iter().take(3).take_while(|byte| is_space(**byte)).count();
    lexer.at += gap;
    (gap <= 2 && bytes[lexer.at..].starts_with(b"endstream")).then_some(from..end)
}

/// What lies in streams of objects, for each candidate.
fn packed(
    bytes: &[u8],
    candidates: &[Candidate],
    budget: &mut Budget,
) -> Result<Vec<Vec<(u32, Value)>>, Unfit> {
    candidates.iter().map(|candidate| unpack(bytes, candidate, budget)).collect()
}

fn unpack(bytes: &[u8], candidate: &Candidate, budget: &mut Budget) -> Result<Vec<(u32, Value)>, Unfit> {
    let (Some(Value::Dict(dict)), Some(stream), true) =
        (&candidate.value, &candidate.stream, candidate.packs())
    else {
        return Ok(Vec::new());
    };
    // No program says them twice or lets them refer to another object: what they are is then a matter of opinion.
    let once = |key| dict.get(key).filter(|_| dict.times(key) == 1).and_then(Value::count);
    let (count, first) = once(b"N").zip(once(b"First")).ok_or(Unfit::Damaged)?;
    let data = filters::whole(dict, &bytes[stream.clone()], budget)?;
    let mut head = Lexer { bytes: &data, at: 0, references: false };
    let mut values = Vec::new();
    for _ in 0..count {
        budget.object()?;
        let number = head.value(budget)?.count().and_then(|number| u32::try_from(number).ok());
        let offset = head.value(budget)?.count();
        let (Some(number), Some(offset)) = (number, offset) else { return Err(Unfit::Damaged) };
        let at = first.saturating_add(offset).min(data.len());
        values.push((number, Lexer { bytes: &data, at, references: true }.value(budget)?));
    }
    Ok(values)
}
