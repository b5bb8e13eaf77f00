//! What chance makes of honest files: a verdict, and never a panic.
//!
//! The seeds are small files of each format, made in `small`, from outside and, where a check sum or an archive would hide it,
//! from inside. This is what is tried instead of a fuzzer that runs apart: a fixed number of changes each time, the same ones in
//! the loop and other ones in the properties. What it found stands in `found`. How long a verdict may take is no matter of
//! chance: the budget counts, and `corpus/files_slow.py` has what would take minutes if it did not.

use super::small::{self, Small};
use crate::inspect::by_content;
use domain::document::{FILE_BYTES_MAX, FileFormat, FileRules, Paper, Textual, Unfit};
use proptest::prelude::*;

/// Files that the loop makes of each small one.
const ROUNDS: u32 = 400;

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

#[test]
fn what_a_loop_of_changes_makes_is_judged() {
    for Small { format, seed, close } in small::all() {
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
        let (mut taken, mut data) = (0, seed.clone());
        for round in 0..ROUNDS {
            // Changes add up, and begin anew now and then.
            if round % 8 == 0 {
                data = seed.clone();
            }
            chance.change(&mut data);
            data.truncate(FILE_BYTES_MAX / 8);
            taken += u32::from(verdict(format, &close(&data)).is_ok());
        }
        println!("{format:?}: {taken} of {ROUNDS} taken");
        assert!(taken < ROUNDS, "{format:?}: whatever is changed is taken");
    }
}

/// A generator of numbers (xorshift), so that each run is the same.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound.max(1)
    }

    /// One of what fuzzers do.
    fn change(&mut self, data: &mut Vec<u8>) {
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
        let at = self.below(data.len());
        let much = self.below(64).min(data.len().saturating_sub(at));
        match self.below(6) {
            0 if !data.is_empty() => data[at] ^= 1 << self.below(8),
            1 if !data.is_empty() => data[at] = self.below(256) as u8,
            2 => drop(data.drain(at..at + much)),
            3 => {
                let part = data[at..at + much].to_vec();
                let place = self.below(data.len());
                data.splice(place..place, part);
            }
            4 => {
                let number = NUMBERS[self.below(NUMBERS.len())];
                let end = (at + number.len()).min(data.len());
                data.splice(at..end, number.iter().copied());
            }
            _ => {
                let part = data[at..at + much].to_vec();
                let place = self.below(data.len());
                let end = (place + much).min(data.len());
                data.splice(place..end, part);
            }
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
