//! A DOCX file: a ZIP archive in which there is a text, and nothing else (ECMA-376).

mod layout;
mod parts;
mod xml;
mod zip;

use super::Accepted;
use super::budget::Budget;
use super::laid::Laid;
use domain::document::{FileFormat, FileRules, Unfit};
use parts::{Part, Types};

pub fn inspect(rules: &FileRules, bytes: &[u8], budget: &mut Budget) -> Result<Accepted, Unfit> {
    let entries = zip::entries(bytes, budget)?;
    let list = entries.iter().find(|entry| entry.name == "[Content_Types].xml");
    let list = list.ok_or(Unfit::WrongContent { named: FileFormat::Docx, found: None })?;
    let types = Types::read(&zip::read(bytes, list, budget)?, budget)?;
    // By their names first, which is cheap and says most.
    let files = || entries.iter().filter(|entry| !entry.name.ends_with('/'));
    let kinds = files().map(|entry| types.part(&entry.name)).collect::<Result<Vec<Part>, Unfit>>()?;
    let mut laid = Laid::default();
    for (entry, kind) in files().zip(kinds) {
        let plain = zip::read(bytes, entry, budget)?;
        if kind != Part::Other {
            parts::elements(kind, &plain, &mut laid, budget)?;
        }
    }
    laid.judge(rules)?;
    Ok(Accepted { format: FileFormat::Docx, pages: None, bytes: None })
}
