//! The short number of an appointment, and its place in a window's queue (BKG-1).

use crate::catalogue::{Catalogue, Office};
use crate::schedule::open_intervals;
use crate::{Moment, WindowId, moment::Draw};
use chrono::NaiveDate;

/// Crockford's letters: none of I, L, O, U, which are misread.
pub const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters before the check character: 40 bits that nobody guesses.
const LENGTH: usize = 8;

/// Eight letters and a check character by ISO 7064 MOD 37-2, which catches every single slip and
/// every swap of neighbours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(String);

impl Number {
    /// Drawn from chance, until the check character too is one of the letters.
    pub fn draw(moment: &Moment) -> Self {
        let bytes: [u8; 64] = moment.bytes(Draw::Number);
        bytes
            .chunks_exact(LENGTH)
            .map(|chunk| chunk.iter().map(|b| LETTERS[usize::from(b % 32)] as char).collect::<String>())
            .find_map(|body| {
                let check = check(&body)?;
                LETTERS.contains(&(check as u8)).then(|| Self(format!("{body}{check}")))
            })
            // One draw in seven fails; eight in a row once in seven million: then the zero body, whose check
            // is 1. A number names an appointment within one office and day only.
            .unwrap_or_else(|| Self("000000001".to_owned()))
    }

    /// In place of one that is nobody's any more.
    pub fn nobodys() -> Self {
        Self("000000001".to_owned())
    }

    /// Reads what a person typed. None when the check character does not fit.
    pub fn parse(text: &str) -> Option<Self> {
        let clean = as_letters(text);
        let body = clean.get(..LENGTH)?;
        let fits = clean.len() == LENGTH + 1
            && clean.bytes().all(|b| LETTERS.contains(&b))
            && check(body) == clean.chars().last();
        fits.then_some(Self(clean))
    }

    /// As kept in keys.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As people read it: `7K4M-29QX-C`.
impl core::fmt::Display for Number {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }
}

/// What a person typed as [`LETTERS`]: case, spaces, hyphens and the usual misreadings do not matter.
pub fn as_letters(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—'));
    kept.map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    })
    .collect()
}

/// ISO 7064 MOD 37-2 over 0–9, A–Z: the pure system, for the hybrid MOD 37,36 misses some swaps. None when
/// the check would be its extra character `*`, or the body has other characters.
fn check(body: &str) -> Option<char> {
    let mut sum = 0;
    for c in body.chars() {
        sum = (sum + c.to_digit(36)?) * 2 % 37;
    }
    core::char::from_digit((38 - sum) % 37, 36).map(|c| c.to_ascii_uppercase())
}

/// Six digits that are told at the door together with the number.
pub fn visit_code(moment: &Moment) -> String {
    format!("{:06}", moment.below(Draw::Code, 1_000_000))
}

/// «Б-14»: the window's letter and the order of the start, counted in cells from the day's opening, so
/// that it grows with the time and two visits of a day never share it.
pub fn queue_number(
    catalogue: &Catalogue,
    office: &Office,
    window: &WindowId,
    on: NaiveDate,
    cell: u16,
) -> String {
    let Some(window) = office.windows.iter().find(|candidate| candidate.id == *window) else {
        return format!("{cell}");
    };
    let opening =
        open_intervals(&catalogue.calendar, office, window, on).first().map_or(0, |interval| interval.from());
    format!("{}-{}", window.letter, cell.saturating_sub(opening) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of ISBT 128, which uses the same system for the numbers of blood donations.
    #[test]
    fn the_check_character_is_the_standards() {
        assert_eq!(check("G123498654321"), Some('H'));
    }

    #[test]
    fn the_last_resort_is_a_number_too() {
        assert!(Number::parse("000000001").is_some());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn a_drawn_number_reads_back_however_it_is_typed(seed: [u8; 32]) {
            let number = Number::draw(&Moment::new(Default::default(), seed));
            prop_assert_eq!(Number::parse(&number.to_string()), Some(number.clone()));
            let sloppy = format!("  {} ", number.to_string().to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l"));
            prop_assert_eq!(Number::parse(&sloppy), Some(number));
        }

        #[test]
        fn one_wrong_letter_is_always_noticed(seed: [u8; 32], at in 0usize..9, other in 0usize..32) {
            let number = Number::draw(&Moment::new(Default::default(), seed));
            let mut typed = number.as_str().as_bytes().to_vec();
            prop_assume!(typed[at] != LETTERS[other]);
            typed[at] = LETTERS[other];
            prop_assert_eq!(Number::parse(core::str::from_utf8(&typed).unwrap()), None);
        }

        #[test]
        fn two_swapped_neighbours_are_always_noticed(seed: [u8; 32], at in 0usize..8) {
            let number = Number::draw(&Moment::new(Default::default(), seed));
            let mut typed = number.as_str().as_bytes().to_vec();
            prop_assume!(typed[at] != typed[at + 1]);
            typed.swap(at, at + 1);
            prop_assert_eq!(Number::parse(core::str::from_utf8(&typed).unwrap()), None);
        }
    }
}
