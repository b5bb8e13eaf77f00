//! What chance makes of honest files: a verdict, and never a panic.
//!
//! The seeds are small files of each format, made in `small`, from outside and, where a check sum or an archive would hide it,
//! from inside. The properties make changes of some kinds; the target of a fuzzer makes any. What they found stands in
//! `found`. How long a verdict may take is no matter of chance: the budget counts, and `corpus/files_slow.py` has what would
//! take minutes if it did not.

use super::small::{self, Small};
use crate::inspect::by_content;
use domain::document::{FILE_BYTES_MAX, FileFormat, FileRules, Paper, Textual, Unfit};
use proptest::prelude::*;

/// Inputs that are drawn in the suite.
const ROUNDS: usize = 3_000;
/// Changes of one file, each of so many bytes of the input.
const EDITS_MAX: usize = 24;
const EDIT: usize = 6;

fn rules() -> FileRules {
    FileRules { paper: Paper::PassportSpread, textual: Textual::Allowed, ..FileRules::default() }
}

/// The verdict, without the net for panics.
fn verdict(format: FileFormat, bytes: &[u8]) -> Result<(), Unfit> {
    by_content(format, &rules(), bytes).map(|_| ())
}

#[test]
fn the_small_files_are_taken() {
    for Small { format, seed, close } in small::all() {
        assert_eq!(verdict(format, &close(&seed)), Ok(()), "{format:?}");
    }
}

#[test]
fn a_small_file_is_damaged_wherever_it_is_cut_off() {
    for Small { format, seed, .. } in small::all().into_iter().filter(|small| small.seed.len() > 1_500) {
        // Without what the last sector of a compound file is filled up with.
        let end = seed.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        for part in 1..100 {
            let cut = &seed[..end * part / 100];
            let Err(unfit) = verdict(format, cut) else { panic!("{format:?}: taken at {part} %") };
            assert!(
                matches!(unfit, Unfit::Damaged | Unfit::TrailingData | Unfit::WrongContent { .. }),
                "{unfit:?}"
            );
        }
    }
}

/// The target of a fuzzer: which small file, and what is done to it. In the suite bolero draws some thousands of inputs by chance;
/// `cargo bolero test` goes on from those that reach new code.
#[test]
fn whatever_becomes_of_a_file_is_judged() {
    let all = small::all();
    bolero::check!().with_iterations(ROUNDS).with_max_len(EDITS_MAX * EDIT + 1).for_each(|input: &[u8]| {
        let Some((which, edits)) = input.split_first() else { return };
        let Small { format, seed, close } = &all[usize::from(*which) % all.len()];
        let mut data = seed.clone();
        edits.as_chunks::<EDIT>().0.iter().for_each(|edit| change(&mut data, *edit));
        data.truncate(FILE_BYTES_MAX / 8);
        // From inside what a check sum or an archive hides, and from outside what it does not.
        let _ = verdict(*format, &close(&data));
        let _ = verdict(*format, &data);
    });
}

/// One of what fuzzers do: what, two bytes of where, how much, two bytes of whither.
fn change(data: &mut Vec<u8>, [what, at, at_low, much, place, place_low]: [u8; EDIT]) {
    const NUMBERS: [&[u8]; 8] = [
        &[0xff; 4],
        &[0; 4],
        &[0xff, 0xff, 0xff, 0x7f],
        &[0x80, 0, 0, 0],
        b"99999999",
        b"-1",
        b"[[[[",
        b"<<<<",
    ];
    let whole = data.len();
    // Of the whole, so that small files and large ones are reached to their ends.
    let part = |high: u8, low: u8| whole * usize::from(u16::from_be_bytes([high, low])) / 65_536;
    let (at, place) = (part(at, at_low), part(place, place_low));
    let end = (at + usize::from(much) % 64).min(whole);
    match what % 6 {
        0 if whole > 0 => data[at] ^= 1 << (much % 8),
        1 if whole > 0 => data[at] = much,
        2 => drop(data.drain(at..end)),
        3 => {
            let again = data[at..end].to_vec();
            data.splice(place..place, again);
        }
        4 => {
            let number = NUMBERS[usize::from(much) % NUMBERS.len()];
            data.splice(at..(at + number.len()).min(whole), number.iter().copied());
        }
        _ => {
            let over = data[at..end].to_vec();
            data.splice(place..(place + over.len()).min(whole), over);
        }
    }
}

fn any_small() -> impl Strategy<Value = Small> {
    (0..small::all().len()).prop_map(|place| small::all().swap_remove(place)).no_shrink()
}

impl std::fmt::Debug for Small {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:?}", self.format)
    }
}

/// Words of which hostile PDFs are made.
const WORDS: [&str; 40] = [
    "1 0 obj",
    "2 0 obj",
    "3 0 obj",
    "endobj",
    "<<",
    ">>",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "/Type",
    "/Page",
    "/Pages",
    "/Kids",
    "/Length",
    "/N",
    "/First",
    "/ObjStm",
    "/Contents",
    "/MediaBox",
    "1 0 R",
    "2 0 R",
    "3 0 R",
    "stream\n",
    "\nendstream",
    "0",
    "1",
    "595",
    "-9",
    "1e9",
    "/Filter",
    "/FlateDecode",
    "/ASCII85Decode",
    "/Width",
    "%",
    "\n",
    "/#4a#53",
    "trailer",
];

proptest! {
    // What is found becomes a test of its own, in `found`, and not a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn random_bytes_behind_a_mark_are_judged(small in any_small(), bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let file = [&small.seed[..small.seed.len().min(16)], &bytes].concat();
        let _ = verdict(small.format, &(small.close)(&file));
        prop_assert!(verdict(small.format, &bytes).is_err());
    }

    #[test]
    fn changed_bytes_are_judged(
        small in any_small(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        end in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut file = small.seed.clone();
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if is_cut {
            file.truncate(end.index(file.len()));
        }
        let _ = verdict(small.format, &(small.close)(&file));
    }

    #[test]
    fn pdfs_of_random_words_are_judged(words in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..200)) {
        let file = format!("%PDF-1.7\n{} trailer <</Root 1 0 R>> startxref 9\n%%EOF", words.join(" "));
        let _ = verdict(FileFormat::Pdf, file.as_bytes());
        let page = "1 0 obj <</Pages 2 0 R>> endobj 2 0 obj <</Kids[3 0 R]/MediaBox[0 0 9 9]>> endobj 3 0 obj <</Contents 4 0 R>>";
        let content = words.join(" ");
        let stream = format!("4 0 obj <</Length {}>> stream\n{content}\nendstream endobj", content.len());
        let file = format!("%PDF-1.7\n{page} endobj {stream} trailer <</Root 1 0 R>> startxref 9\n%%EOF");
        let _ = verdict(FileFormat::Pdf, file.as_bytes());
    }
}
