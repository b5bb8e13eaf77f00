//! XML as documents have it: elements and their attributes, without definitions of its own (ECMA-376, part 2, 6.1.4).

use super::super::budget::{Budget, DEPTH_MAX};
use domain::document::Unfit;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// Elements within each other: tables in tables in text boxes go to some forty.
const ELEMENTS_MAX: usize = 8 * DEPTH_MAX;

/// Attributes of one element; Word writes some forty at the root.
const ATTRIBUTES_MAX: usize = 256;

/// An element that begins, one that ends, or text between.
pub enum Piece<'a> {
    Start(&'a str, Vec<(&'a str, String)>),
    End(&'a str),
    Text(&'a str),
}

/// Gives each piece to `sink`, names without their prefixes. An element without content begins and ends.
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
    let (mut depth, mut elements) = (0_usize, 0_usize);
    loop {
        budget.step()?;
        match reader.read_event().map_err(|_| Unfit::Damaged)? {
            Event::Start(start) => {
                depth += 1;
                if depth > ELEMENTS_MAX {
                    return Err(Unfit::TooComplex);
                }
                elements += 1;
                element(&start, budget, &mut sink)?;
            }
            Event::Empty(start) => {
                elements += 1;
                element(&start, budget, &mut sink)?;
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

fn element(
    start: &BytesStart,
    budget: &mut Budget,
    sink: &mut impl FnMut(Piece) -> Result<(), Unfit>,
) -> Result<(), Unfit> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        budget.step()?;
        if attributes.len() >= ATTRIBUTES_MAX {
            return Err(Unfit::TooComplex);
        }
        let attribute = attribute.map_err(|_| Unfit::Damaged)?;
        let value =
            attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|_| Unfit::Damaged)?.into_owned();
        let key: &str = attribute.key.into_inner();
        attributes.push((key.rsplit(':').next().unwrap_or(key), value));
    }
    sink(Piece::Start(start.local_name().as_ref(), attributes))
}
