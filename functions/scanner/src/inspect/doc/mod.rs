//! A DOC file: a compound file ([MS-CFB]) in which there is a Word document ([MS-DOC]) and nothing else.

mod drawings;
mod word;

use super::Accepted;
use super::budget::Budget;
use super::laid::Laid;
use cfb::CompoundFile;
use domain::document::{FileFormat, FileRules, Unfit};
use std::io::{Cursor, Read};
use std::path::Component;

type Compound<'a> = CompoundFile<Cursor<&'a [u8]>>;

/// Entries of one file; Word writes about ten.
const ENTRIES_MAX: usize = 1_000;
/// Entries that hold macros, in lower case ([MS-OVBA], 2.2).
const MACROS: [&str; 4] = ["macros", "_vba_project_cur", "vba", "_vba_project"];

pub fn inspect(rules: &FileRules, bytes: &[u8], budget: &mut Budget) -> Result<Accepted, Unfit> {
    let mut compound = open(bytes)?;
    let names = names(&compound, budget)?;
    let has = |name: &str| names.iter().any(|path| path.len() == 1 && path[0] == name);
    if has("EncryptedPackage") || has("EncryptionInfo") {
        return Err(Unfit::Encrypted);
    }
    if !has("WordDocument") {
        return Err(Unfit::WrongContent { named: FileFormat::Doc, found: None });
    }
    if names.iter().flatten().any(|name| MACROS.contains(&name.to_lowercase().as_str())) {
        return Err(Unfit::Macros);
    }
    names.iter().try_for_each(|path| judge(path))?;
    let main = stream(&mut compound, "WordDocument", budget)?;
    let head = word::Head::read(&main)?;
    let table = stream(&mut compound, head.table(), budget)?;
    let data = if has("Data") { stream(&mut compound, "Data", budget)? } else { Vec::new() };
    let mut laid = Laid::default();
    word::check(&head, &main, &table, &mut laid, budget)?;
    drawings::check(&head, &main, &table, &data, budget)?;
    laid.judge(rules)?;
    Ok(Accepted { format: FileFormat::Doc, pages: None, bytes: None })
}

/// Whether a compound file is what Word makes of a DOCX with a password ([MS-OFFCRYPTO]).
pub fn is_sealed(bytes: &[u8]) -> bool {
    open(bytes).is_ok_and(|compound| compound.is_stream("/EncryptedPackage"))
}

/// Files of at most 5 MB list all their sectors in their header, so a list of lists is refused: it could name one list a
/// million times. The parser itself finds loops.
fn open(bytes: &[u8]) -> Result<Compound<'_>, Unfit> {
    const NONE: [[u8; 4]; 2] = [[0xfe, 0xff, 0xff, 0xff], [0xff; 4]];
    match bytes.get(68..72) {
        Some(first) if NONE.iter().any(|none| none == first) => {}
        _ => return Err(Unfit::Damaged),
    }
    CompoundFile::open(Cursor::new(bytes)).map_err(|_| Unfit::Damaged)
}

/// Each entry as the names that lead to it.
fn names(compound: &Compound, budget: &mut Budget) -> Result<Vec<Vec<String>>, Unfit> {
    let mut names = Vec::new();
    for entry in compound.walk() {
        budget.object()?;
        let path = entry.path().components().filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        });
        names.push(path.collect());
        if names.len() > ENTRIES_MAX {
            return Err(Unfit::TooComplex);
        }
    }
    Ok(names)
}

/// Whether an entry belongs to a text.
fn judge(path: &[String]) -> Result<(), Unfit> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match names.as_slice() {
        []
        | ["WordDocument" | "0Table" | "1Table" | "Data" | "\u{5}SummaryInformation"]
        | ["\u{5}DocumentSummaryInformation" | "\u{1}CompObj" | "\u{1}Ole"]
        // Empty where nothing is embedded.
        | ["ObjectPool"]
        // Signatures and data of forms, as XML.
        | ["_signatures" | "_xmlsignatures" | "MsoDataStore", ..] => Ok(()),
        _ => Err(Unfit::EmbeddedFile),
    }
}

fn stream(compound: &mut Compound, name: &str, budget: &mut Budget) -> Result<Vec<u8>, Unfit> {
    let stream = compound.open_stream(format!("/{name}")).map_err(|_| Unfit::Damaged)?;
    let length = stream.len();
    budget.inflate(usize::try_from(length).map_err(|_| Unfit::Damaged)?)?;
    let mut bytes = Vec::new();
    stream.take(length).read_to_end(&mut bytes).map_err(|_| Unfit::Damaged)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(Unfit::Damaged) }
}
