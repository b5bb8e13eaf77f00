//! What the parts of a DOCX are there for: by their types, their relations and their elements (ECMA-376, parts 1 and 2).

use super::super::budget::Budget;
use super::super::fields::Fields;
use super::super::laid::Laid;
use super::super::links;
use super::layout::Layout;
use super::xml::{self, Element, Piece, Space};
use domain::document::{FileFormat, Unfit};
use std::collections::BTreeMap;

const MAIN: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const PROPERTIES: &str = "application/vnd.openxmlformats-officedocument.extended-properties+xml";
const TYPES: &str = "[Content_Types].xml";
/// Elements whose text says what a field does.
const INSTRUCTIONS: [&str; 2] = ["instrText", "delInstrText"];

/// The types of parts: by the name of a part, or else by its extension.
#[derive(Default)]
pub struct Types {
    parts: BTreeMap<String, String>,
    extensions: BTreeMap<String, String>,
}

/// What is to be done with a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Elements, also those that are relations to other parts.
    Xml,
    /// The text itself.
    Main,
    /// Where a program writes down how many pages it made of the text.
    Properties,
    /// Bytes that show nothing in the text: settings of a printer, a thumbnail.
    Other,
}

impl Types {
    pub fn read(bytes: &[u8], budget: &mut Budget) -> Result<Types, Unfit> {
        let mut types = Types::default();
        xml::each(bytes, budget, |piece| {
            let Piece::Start(element) = piece else { return Ok(()) };
            if element.space != Space::Types {
                return Err(Unfit::Damaged);
            }
            let get = |key| element.get(None, key).map(|value| value.unwrap_or_default().to_lowercase());
            let before = match element.name {
                "Override" => types.parts.insert(get("PartName")?, get("ContentType")?),
                "Default" => types.extensions.insert(get("Extension")?, get("ContentType")?),
                _ => None,
            };
            // Of two, readers take which they like.
            if before.is_some() { Err(Unfit::Damaged) } else { Ok(()) }
        })?;
        if types.any("macroenabled") || types.any("vbaproject") {
            return Err(Unfit::Macros);
        }
        if !types.parts.values().any(|kind| kind == MAIN) {
            return Err(Unfit::WrongContent { named: FileFormat::Docx, found: None });
        }
        Ok(types)
    }

    fn any(&self, part: &str) -> bool {
        self.parts.values().chain(self.extensions.values()).any(|kind| kind.contains(part))
    }

    /// Decides by name and type what a part is, of which only texts are taken.
    pub fn part(&self, name: &str) -> Result<Part, Unfit> {
        let name = name.to_lowercase();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if name == TYPES.to_lowercase() || extension == "rels" {
            return Ok(Part::Xml);
        }
        let kind = self.parts.get(&format!("/{name}")).or_else(|| self.extensions.get(extension));
        let kind = kind.map(String::as_str).unwrap_or_default();
        let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part) || kind.contains(part));
        if has(&["vbaproject", "vbadata", "macroenabled", "customui/"]) {
            Err(Unfit::Macros)
        } else if has(&["webextension"]) {
            Err(Unfit::Script)
        } else if has(&["embeddings/", "activex", "oleobject"]) {
            Err(Unfit::EmbeddedFile)
        } else if name.starts_with("docprops/thumbnail.") && kind.starts_with("image/") {
            Ok(Part::Other)
        } else if has(&["/media/"]) || kind.starts_with("image/") {
            Err(Unfit::Pictures)
        } else if kind.ends_with("printersettings") {
            Ok(Part::Other)
        } else if kind == MAIN {
            Ok(Part::Main)
        } else if kind == PROPERTIES {
            Ok(Part::Properties)
        } else if kind != "application/xhtml+xml" && (kind.ends_with("+xml") || kind.ends_with("/xml")) {
            Ok(Part::Xml)
        } else {
            Err(Unfit::EmbeddedFile)
        }
    }
}

/// What lies outside is an ordinary link, or the template that the text was begun from, on its author's own drive: Word writes
/// that down and asks for it again without telling anybody.
fn relation(kind: &str, target: &str, mode: Option<&str>) -> Result<(), Unfit> {
    let is_outside = mode.is_some_and(|mode| !mode.eq_ignore_ascii_case("internal"));
    match kind.rsplit('/').next().unwrap_or_default().to_lowercase().as_str() {
        "hyperlink" => return links::check(target.as_bytes()),
        "attachedtemplate" if is_on_drive(target) => return Ok(()),
        "vbaproject" | "wordvbadata" | "attachedtoolbars" | "extensibility" => return Err(Unfit::Macros),
        "webextension" | "webextensiontaskpanes" => return Err(Unfit::Script),
        "oleobject" | "package" | "control" | "activexcontrolbinary" | "afchunk" if !is_outside => {
            return Err(Unfit::EmbeddedFile);
        }
        _ => {}
    }
    let leads_away = target.contains(':') || target.starts_with("//") || target.contains('\\');
    if is_outside || leads_away { Err(Unfit::ExternalReference) } else { Ok(()) }
}

/// Whether a file lies on a drive that has a letter, and so on no other machine that the document names.
fn is_on_drive(target: &str) -> bool {
    let path = target.strip_prefix("file:///").unwrap_or(target).replace('\\', "/");
    let Some((drive, rest)) = path.split_once(":/") else { return false };
    let is_letter = drive.len() == 1 && drive.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_letter && !rest.contains(':') && !rest.contains("//")
}

/// An element that computes nothing, and what it brings in.
fn plain(element: &Element) -> Result<(), Unfit> {
    let get = |key| element.get(None, key);
    match element.name {
        "Relationship" => {
            relation(get("Type")?.unwrap_or_default(), get("Target")?.unwrap_or_default(), get("TargetMode")?)
        }
        "altChunk" | "object" | "OLEObject" | "control" => Err(Unfit::EmbeddedFile),
        "binData" => Err(Unfit::Pictures),
        "mailMerge" | "subDoc" => Err(Unfit::ExternalReference),
        "entryMacro" | "exitMacro" => Err(Unfit::Macros),
        "webVideoPr" => Err(Unfit::Media),
        "blip" if element.has("link") => Err(Unfit::ExternalReference),
        // Fills and pictures of the older drawings name their source themselves.
        "imagedata" | "fill" | "stroke" | "image" if element.has("src") || element.has("href") => {
            Err(Unfit::ExternalReference)
        }
        _ => Ok(()),
    }
}

fn is_of_field(name: &str) -> bool {
    matches!(name, "fldSimple" | "fldChar") || INSTRUCTIONS.contains(&name)
}

/// An element of a field. One of another space would begin or end a field here and not in a reader that leaves it out.
fn field(element: &Element, fields: &mut Fields) -> Result<(), Unfit> {
    if element.space != Space::Word {
        return Err(Unfit::Damaged);
    }
    let get = |key| element.get(Some(Space::Word), key);
    match element.name {
        "fldSimple" => {
            fields.begin()?;
            fields.text(get("instr")?.unwrap_or_default())?;
            fields.separate()
        }
        "fldChar" => match get("fldCharType")? {
            Some("begin") => fields.begin(),
            Some("separate") => fields.separate(),
            Some("end") => fields.end(),
            _ => Err(Unfit::Damaged),
        },
        _ => Ok(()),
    }
}

/// Looks at the elements of a part, at what its fields would do, and at its relations; counts what the text shows.
pub fn elements(part: Part, bytes: &[u8], laid: &mut Laid, budget: &mut Budget) -> Result<(), Unfit> {
    let mut fields = Fields::default();
    let (mut instructs, mut reader, mut around) = (0_usize, Layout::of(part), Vec::new());
    xml::each(bytes, budget, |piece| {
        reader.read(&piece, laid)?;
        match piece {
            Piece::Start(element) if is_of_field(element.name) => {
                around.push(element.space);
                instructs += usize::from(INSTRUCTIONS.contains(&element.name));
                field(&element, &mut fields)
            }
            Piece::Start(element) => {
                around.push(element.space);
                if element.space != Space::Word {
                    fields.enter();
                }
                plain(&element)
            }
            Piece::End(name) => match (name, around.pop()) {
                ("fldSimple", _) => fields.end(),
                (name, _) if INSTRUCTIONS.contains(&name) => {
                    instructs = instructs.saturating_sub(1);
                    Ok(())
                }
                (_, Some(Space::Word) | None) => Ok(()),
                (_, Some(_)) => fields.leave(),
            },
            // What a field came to is text as well, which another one may take for its instruction.
            Piece::Text(text) => {
                if instructs > 0 {
                    fields.instruction(text)
                } else {
                    fields.text(text.trim_matches(['\r', '\n']))
                }
            }
        }
    })?;
    fields.close()
}
