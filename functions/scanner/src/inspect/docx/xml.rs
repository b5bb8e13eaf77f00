//! XML as documents have it: elements and their attributes, without definitions of its own (ECMA-376, part 2, 6.1.4).

use super::super::budget::{Budget, DEPTH_MAX};
use domain::document::Unfit;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::BTreeMap;

/// Elements within each other: tables in tables in text boxes go to some forty.
const ELEMENTS_MAX: usize = 8 * DEPTH_MAX;

/// Attributes of one element; Word writes some forty at the root.
const ATTRIBUTES_MAX: usize = 256;

/// What a prefix stands for, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    /// Words of a text, by either edition of the standard.
    Word,
    /// The types of parts.
    Types,
    Other,
}

impl Space {
    fn of(name: &str) -> Space {
        match name {
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Space::Word,
            "http://schemas.openxmlformats.org/package/2006/content-types" => Space::Types,
            _ => Space::Other,
        }
    }
}

/// An element that begins, with its attributes but for those that say what prefixes stand for.
pub struct Element<'a> {
    pub name: &'a str,
    pub space: Space,
    attributes: Vec<Attribute<'a>>,
}

struct Attribute<'a> {
    name: &'a str,
    /// None if it has no prefix, and so belongs to its element alone.
    space: Option<Space>,
    value: String,
}

impl Element<'_> {
    /// The value of an attribute of a space.
    ///
    /// # Errors
    /// [`Unfit::Damaged`] if it is called so in another one, alone or beside it: no program writes that, and readers differ
    /// in which they take.
    pub fn get(&self, space: Option<Space>, name: &str) -> Result<Option<&str>, Unfit> {
        let mut named = self.attributes.iter().filter(|one| one.name == name);
        match (named.next(), named.next()) {
            (None, _) => Ok(None),
            (Some(one), None) if one.space == space => Ok(Some(&one.value)),
            _ => Err(Unfit::Damaged),
        }
    }

    /// Whether there is an attribute that is called so, of whatever space.
    pub fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|one| one.name == name)
    }
}

/// An element that begins, one that ends, by its name without a prefix, or text between.
pub enum Piece<'a> {
    Start(Element<'a>),
    End(&'a str),
    Text(&'a str),
}

/// Gives each piece to `sink`. An element without content begins and ends.
///
/// # Errors
/// What `sink` says; [`Unfit::ExternalReference`] for definitions and the entities that need them,
/// [`Unfit::UnknownEncoding`] for anything but UTF-8, [`Unfit::Damaged`] for what is no XML.
pub fn each(
    bytes: &[u8],
    budget: &mut Budget,
    mut sink: impl FnMut(Piece) -> Result<(), Unfit>,
) -> Result<(), Unfit> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| Unfit::UnknownEncoding)?;
    if text.contains('\0') {
        return Err(Unfit::UnknownEncoding);
    }
    let mut reader = Reader::from_str(text);
    let (mut depth, mut elements, mut spaces) = (0_usize, 0_usize, Spaces::default());
    loop {
        budget.step()?;
        match reader.read_event().map_err(|_| Unfit::Damaged)? {
            Event::Start(start) => {
                depth += 1;
                if depth > ELEMENTS_MAX {
                    return Err(Unfit::TooComplex);
                }
                elements += 1;
                element(&start, &mut spaces, budget, &mut sink)?;
            }
            Event::Empty(start) => {
                elements += 1;
                element(&start, &mut spaces, budget, &mut sink)?;
                sink(Piece::End(start.local_name().as_ref()))?;
            }
            Event::End(end) => {
                depth = depth.checked_sub(1).ok_or(Unfit::Damaged)?;
                sink(Piece::End(end.local_name().as_ref()))?;
            }
            Event::Text(text) => sink(Piece::Text(&text.into_inner()))?,
            Event::CData(text) => sink(Piece::Text(&text.into_inner()))?,
            Event::GeneralRef(reference) => {
                let code = reference.resolve_char_ref().map_err(|_| Unfit::Damaged)?;
                let meant = match (code, &*reference.into_inner()) {
                    (Some(code), _) => code,
                    (None, "lt") => '<',
                    (None, "gt") => '>',
                    (None, "amp") => '&',
                    (None, "quot") => '"',
                    (None, "apos") => '\'',
                    _ => return Err(Unfit::ExternalReference),
                };
                sink(Piece::Text(meant.encode_utf8(&mut [0; 4])))?;
            }
            Event::Decl(declaration) => match declaration.encoding() {
                None => {}
                Some(Ok(name)) if ["utf-8", "us-ascii"].contains(&name.to_lowercase().as_str()) => {}
                Some(_) => return Err(Unfit::UnknownEncoding),
            },
            Event::DocType(_) => return Err(Unfit::ExternalReference),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if depth == 0 && elements > 0 { Ok(()) } else { Err(Unfit::Damaged) }
}

/// What prefixes stand for, by each; the one of elements without a prefix is empty.
#[derive(Default)]
struct Spaces(BTreeMap<String, Space>);

impl Spaces {
    /// A prefix stands for one space in the whole part, as far as it matters: what it stood for where would be a question
    /// that readers answer differently.
    fn declare(&mut self, prefix: &str, name: &str) -> Result<(), Unfit> {
        let space = Space::of(name);
        match self.0.insert(prefix.to_owned(), space) {
            Some(before) if before != space => Err(Unfit::Damaged),
            _ => Ok(()),
        }
    }

    fn of(&self, prefix: &str) -> Space {
        self.0.get(prefix).copied().unwrap_or(Space::Other)
    }
}

fn element(
    start: &BytesStart,
    spaces: &mut Spaces,
    budget: &mut Budget,
    sink: &mut impl FnMut(Piece) -> Result<(), Unfit>,
) -> Result<(), Unfit> {
    let mut written = Vec::new();
    for attribute in start.attributes() {
        budget.step()?;
        if written.len() >= ATTRIBUTES_MAX {
            return Err(Unfit::TooComplex);
        }
        let attribute = attribute.map_err(|_| Unfit::Damaged)?;
        let value =
            attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|_| Unfit::Damaged)?.into_owned();
        let key: &str = attribute.key.into_inner();
        match (key, key.split_once(':')) {
            ("xmlns", _) => spaces.declare("", &value)?,
            (_, Some(("xmlns", prefix))) => spaces.declare(prefix, &value)?,
            (_, parts) => written.push((parts, key, value)),
        }
    }
    // Only now, since what a prefix stands for may be said behind its use.
    let attribute = |(parts, key, value)| match parts {
        Some((prefix, name)) => Attribute { name, space: Some(spaces.of(prefix)), value },
        None => Attribute { name: key, space: None, value },
    };
    let attributes = written.into_iter().map(attribute).collect();
    let name: &str = start.name().into_inner();
    let (prefix, name) = name.split_once(':').unwrap_or(("", name));
    sink(Piece::Start(Element { name, space: spaces.of(prefix), attributes }))
}
