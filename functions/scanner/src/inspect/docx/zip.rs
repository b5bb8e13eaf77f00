//! A ZIP archive that reads the same whoever reads it (APPNOTE 6.3).
//!
//! Own code: what matters here is what libraries put up with. Entries lie one behind the other from the first byte to the
//! directory, nothing between them, nothing behind it; both descriptions of each agree; sizes are counted, not believed.

use super::super::budget::Budget;
use super::super::crc::crc32;
use super::super::inflate::{self, More};
use domain::document::Unfit;
use miniz_oxide::DataFormat;
use std::collections::BTreeSet;
use std::ops::Range;

/// Entries of one archive; Word writes about fifteen.
const ENTRIES_MAX: u16 = 1_000;
/// Bytes of one entry, inflated.
const ENTRY_MAX: usize = 32 * 1_048_576;
/// How much larger an entry may get, once it is large: text is deflated to a tenth, seldom to a fiftieth.
const RATIO_MAX: usize = 200;
const RATIO_FROM: usize = 1_048_576;
const END: usize = 22;
/// Bytes behind an entry that was written before its size was known.
const DESCRIPTOR_MAX: usize = 24;

/// An entry and where its data are.
pub struct Entry {
    pub name: String,
    method: u16,
    sum: u32,
    size: usize,
    data: Range<usize>,
}

/// The entries of an archive that is nothing else.
pub fn entries(bytes: &[u8], budget: &mut Budget) -> Result<Vec<Entry>, Unfit> {
    let end = end(bytes)?;
    let field = |at| short(bytes, end + at).ok_or(Unfit::Damaged);
    let (count, size) = (field(10)?, long(bytes, end + 12).ok_or(Unfit::Damaged)?);
    let from = long(bytes, end + 16).ok_or(Unfit::Damaged)?;
    if count > ENTRIES_MAX {
        return Err(Unfit::TooComplex);
    }
    if field(4)? != 0 || field(6)? != 0 || field(8)? != count || from.checked_add(size) != Some(end) {
        return Err(Unfit::Damaged);
    }
    let (mut at, mut before, mut entries, mut names) = (from, 0, Vec::new(), BTreeSet::new());
    let mut described = Vec::new();
    for _ in 0..count {
        budget.object()?;
        let (next, offset, entry) = described_at(bytes, at).ok_or(Unfit::Damaged)??;
        at = next;
        // A folder holds nothing itself; what is not ASCII may be called otherwise elsewhere.
        let is_odd = !entry.name.is_ascii() || (entry.name.ends_with('/') && entry.size > 0);
        if is_odd || !names.insert(entry.name.to_lowercase()) {
            return Err(Unfit::Damaged);
        }
        described.push((offset, entry));
    }
    described.sort_by_key(|(offset, _)| *offset);
    for (offset, mut entry) in described {
        let gap = offset.checked_sub(before).ok_or(Unfit::Damaged)?;
        let data = data(bytes, offset, &entry).ok_or(Unfit::Damaged)?;
        // The first begins the file; before the others there may be the former one's descriptor.
        if gap > if before == 0 { 0 } else { DESCRIPTOR_MAX } {
            return Err(Unfit::TrailingData);
        }
        entry.data = data..data + entry.data.len();
        before = entry.data.end;
        entries.push(entry);
    }
    let gap = from.checked_sub(before).ok_or(Unfit::Damaged)?;
    if at != end {
        return Err(Unfit::Damaged);
    }
    if gap > DESCRIPTOR_MAX { Err(Unfit::TrailingData) } else { Ok(entries) }
}

/// Inflates an entry, counting.
pub fn read(bytes: &[u8], entry: &Entry, budget: &mut Budget) -> Result<Vec<u8>, Unfit> {
    let packed = &bytes[entry.data.clone()];
    let plain = match entry.method {
        0 => {
            budget.inflate(packed.len())?;
            packed.to_vec()
        }
        8 => {
            let mut plain = Vec::new();
            let taken = inflate::each(packed, DataFormat::Raw, |piece| {
                budget.inflate(piece.len())?;
                plain.extend_from_slice(piece);
                let is_bomb = plain.len() > RATIO_FROM && plain.len() / RATIO_MAX > packed.len();
                if is_bomb || plain.len() > ENTRY_MAX { Err(Unfit::TooComplex) } else { Ok(More::Wanted) }
            })?;
            if taken != packed.len() {
                return Err(Unfit::Damaged);
            }
            plain
        }
        _ => return Err(Unfit::UnknownEncoding),
    };
    if plain.len() != entry.size || crc32(&plain) != entry.sum { Err(Unfit::Damaged) } else { Ok(plain) }
}

/// Where the record is that ends an archive: at the very end, without a comment.
fn end(bytes: &[u8]) -> Result<usize, Unfit> {
    const MARK: &[u8] = b"PK\x05\x06";
    let last = bytes.len().checked_sub(END).ok_or(Unfit::Damaged)?;
    if bytes[last..].starts_with(MARK) && short(bytes, last + 20) == Some(0) {
        return Ok(last);
    }
    let anywhere = bytes.windows(MARK.len()).any(|window| window == MARK);
    Err(if anywhere { Unfit::TrailingData } else { Unfit::Damaged })
}

/// An entry as the directory describes it: where the next description is, where the entry is, and what.
fn described_at(bytes: &[u8], at: usize) -> Option<Result<(usize, usize, Entry), Unfit>> {
    if !bytes.get(at..)?.starts_with(b"PK\x01\x02") {
        return None;
    }
    let flags = short(bytes, at + 8)?;
    // Encrypted, strongly encrypted, with a hidden directory.
    if flags & (1 | 1 << 6 | 1 << 13) != 0 {
        return Some(Err(Unfit::Encrypted));
    }
    let length = |place| short(bytes, at + place).map(usize::from);
    let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
    let name = bytes.get(at + 46..at + 46 + name)?;
    let next = at + 46 + name.len() + extra + comment;
    let name = std::str::from_utf8(name).ok()?.to_owned();
    if !is_plain(&name) {
        return None;
    }
    let packed = long(bytes, at + 20)?;
    let entry = Entry {
        name,
        method: short(bytes, at + 10)?,
        sum: u32::try_from(long(bytes, at + 16)?).ok()?,
        size: long(bytes, at + 24)?,
        data: 0..packed,
    };
    Some(Ok((next, long(bytes, at + 42)?, entry)))
}

/// A name that leads nowhere else.
fn is_plain(name: &str) -> bool {
    let parts = name.strip_suffix('/').unwrap_or(name);
    !name.contains(['\\', ':'])
        && !name.chars().any(char::is_control)
        && parts.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Where an entry's data begin, if its own description agrees with the directory's.
fn data(bytes: &[u8], at: usize, entry: &Entry) -> Option<usize> {
    let name = usize::from(short(bytes, at + 26)?);
    let data = at + 30 + name + usize::from(short(bytes, at + 28)?);
    let sizes_follow = short(bytes, at + 6)? & 8 != 0;
    let agrees = bytes.get(at..)?.starts_with(b"PK\x03\x04")
        && bytes.get(at + 30..at + 30 + name)? == entry.name.as_bytes()
        && short(bytes, at + 8)? == entry.method
        && (sizes_follow || (long(bytes, at + 18)?, long(bytes, at + 22)?) == (entry.data.len(), entry.size));
    (agrees && data.checked_add(entry.data.len())? <= bytes.len()).then_some(data)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.first_chunk().map(|two| u16::from_le_bytes(*two))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..at.checked_add(4)?)?.first_chunk().map(|four| u32::from_le_bytes(*four) as usize)
}
