//! The files that a citizen keeps for a service: one item, so that their number and size are bounded in the write that
//! changes them. Names are sealed one by one.

use super::{at, id, ms, named, read, unknown, write};
use crate::{Item, Key, StoreError, Vault, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::NaiveDate;
use domain::document::{File, FileFormat, FileName, FileState, Folder, Reason};
use domain::{CitizenId, FileId, ServiceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Serialize, Deserialize)]
struct Wire {
    v: u64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    an: BTreeMap<String, bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fs: Vec<FileWire>,
}

#[derive(Debug, Serialize, Deserialize)]
struct FileWire {
    id: String,
    d: String,
    #[serde(with = "serde_bytes")]
    n: Vec<u8>,
    f: String,
    b: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<NaiveDate>,
    /// `w` awaited until `at`, `a` accepted and `r` refused at `at`.
    s: char,
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pg: Option<u32>,
    #[serde(default, with = "serde_bytes", skip_serializing_if = "Option::is_none")]
    sha: Option<Vec<u8>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<(String, Vec<(String, String)>)>,
    /// Looks that were begun.
    #[serde(default, skip_serializing_if = "is_none")]
    lk: u8,
}

fn is_none(looks: &u8) -> bool {
    *looks == 0
}

/// A folder that nobody wrote to is empty.
pub fn from_item(item: Option<&Item>) -> Result<Folder, StoreError> {
    let Some(item) = item else { return Ok(Folder::default()) };
    let wire: Wire = read(item)?;
    let answers = wire.an.into_iter().map(|(document, holds)| Ok((id(&document, "document")?, holds)));
    Ok(Folder {
        version: wire.v,
        answers: answers.collect::<Result<_, StoreError>>()?,
        files: wire.fs.into_iter().map(file).collect::<Result<_, _>>()?,
    })
}

fn file(wire: FileWire) -> Result<File, StoreError> {
    let when = at(wire.at)?;
    Ok(File {
        id: id(&wire.id, "file")?,
        document: id(&wire.d, "document")?,
        name: wire.n,
        format: named(&FileFormat::ALL, FileFormat::name, &wire.f, "format")?,
        bytes: wire.b,
        issued_on: wire.on,
        state: match wire.s {
            'w' => FileState::Awaited { until: when },
            'a' => FileState::Accepted { at: when, pages: wire.pg, sha256: wire.sha.unwrap_or_default() },
            'r' => {
                let (code, facts) = wire.why.ok_or_else(unknown("reason"))?;
                FileState::Refused { at: when, reason: Reason { code, facts } }
            }
            _ => return Err(unknown("state of a file")()),
        },
        looks: wire.lk,
    })
}

/// The folder as it is kept: due when somebody is to look after what was to come, or when `due` says so.
pub fn to_item(citizen: CitizenId, service: &ServiceId, folder: &Folder) -> Result<(Key, Item), StoreError> {
    let key = keys::folder(citizen, service);
    let wire = Wire {
        v: folder.version,
        an: folder.answers.iter().map(|(document, holds)| (document.to_string(), *holds)).collect(),
        fs: folder.files.iter().map(file_wire).collect(),
    };
    let mut item = write(&key, &wire)?;
    if let Some(due) = folder.due_at() {
        let shard = keys::Due::Work.partition(keys::shard(&key));
        item.insert(keys::DUE_PK.into(), AttributeValue::S(shard));
        item.insert(keys::DUE_SK.into(), AttributeValue::S(keys::due_at(due)));
    }
    Ok((key, item))
}

fn file_wire(file: &File) -> FileWire {
    let mut wire = FileWire {
        id: file.id.to_string(),
        d: file.document.to_string(),
        n: file.name.clone(),
        f: file.format.name().to_owned(),
        b: file.bytes,
        on: file.issued_on,
        s: 'w',
        at: 0,
        pg: None,
        sha: None,
        why: None,
        lk: file.looks,
    };
    match &file.state {
        FileState::Awaited { until } => wire.at = ms(*until),
        FileState::Accepted { at, pages, sha256 } => {
            (wire.s, wire.at, wire.pg, wire.sha) = ('a', ms(*at), *pages, Some(sha256.clone()));
        }
        FileState::Refused { at, reason } => {
            let why = (reason.code.clone(), reason.facts.clone());
            (wire.s, wire.at, wire.why) = ('r', ms(*at), Some(why));
        }
    }
    wire
}

/// Seals the name of a file, for its owner and this file.
pub fn seal_name(
    vault: &Vault,
    citizen: CitizenId,
    file: FileId,
    name: &FileName,
    nonce: [u8; 12],
) -> Result<Vec<u8>, StoreError> {
    vault.seal(&keys::citizen_pk(citizen), &attribute(file), name.as_str(), nonce)
}

pub fn open_name(vault: &Vault, citizen: CitizenId, file: &File) -> Result<FileName, StoreError> {
    let name = vault.open(&keys::citizen_pk(citizen), &attribute(file.id), &file.name)?;
    FileName::parse(&name).map_err(|_| unknown("name of a file")())
}

fn attribute(file: FileId) -> String {
    format!("file {file}")
}
