//! What files may be called, and what papers demand.

use crate::document::{BadName, DPI_MIN, FILE_NAME_MAX, FileFormat, FileName, Paper, dpi_of_card};
use proptest::prelude::*;

#[test]
fn a_file_is_called_by_latin_letters_digits_and_underscores_with_one_dot() {
    for (name, format) in [
        ("passport.pdf", FileFormat::Pdf),
        ("a.JPG", FileFormat::Jpg),
        ("scan_2.jpeg", FileFormat::Jpg),
        ("_.Png", FileFormat::Png),
        ("1.doc", FileFormat::Doc),
        ("Spravka_01_12.DocX", FileFormat::Docx),
    ] {
        let parsed = FileName::parse(name).unwrap();
        assert_eq!((parsed.as_str(), parsed.format()), (name, format));
    }
    for (name, reason) in [
        ("", BadName::Empty),
        ("../a.pdf", BadName::Character { found: '/' }),
        ("..\\a.pdf", BadName::Character { found: '\\' }),
        ("a\u{202e}fdp.exe", BadName::Character { found: '\u{202e}' }),
        ("п.pdf", BadName::Character { found: 'п' }),
        ("а.pdf", BadName::Character { found: 'а' }),
        ("my scan.pdf", BadName::Character { found: ' ' }),
        ("a.pdf\0", BadName::Character { found: '\0' }),
        ("a-b.pdf", BadName::Character { found: '-' }),
        ("a.pdf.exe", BadName::Dots { found: 2 }),
        ("a..pdf", BadName::Dots { found: 2 }),
        ("pdf", BadName::Dots { found: 0 }),
        (".pdf", BadName::NoStem),
        ("a.", BadName::Extension { found: String::new() }),
        ("a.docm", BadName::Extension { found: "docm".to_owned() }),
    ] {
        assert_eq!(FileName::parse(name), Err(reason), "{name:?}");
    }
}

#[test]
fn a_name_has_at_most_a_hundred_characters() {
    let of = |chars: usize| FileName::parse(&format!("{}.pdf", "x".repeat(chars - 4)));
    assert!(of(FILE_NAME_MAX).is_ok());
    assert_eq!(of(101), Err(BadName::TooLong { chars: 101, max: 100 }));
}

#[test]
fn a_paper_has_its_pixels_at_300_dpi_either_way_up() {
    for paper in Paper::ALL {
        let (short, long) = paper.pixels();
        assert_eq!(paper.dpi_of(short, long), 300, "{}", paper.name());
        assert_eq!(paper.dpi_of(long, short), 300);
        assert_eq!(paper.dpi_of(short - 1, long), 299);
        assert_eq!(paper.dpi_of(short, long - 1), 299);
        assert_eq!(paper.dpi_of(2 * short, 2 * long), 600);
        assert_eq!(paper.dpi_of(0, u32::MAX), 0);
    }
}

#[test]
fn a_card_is_the_smallest_paper_and_may_be_cut_out_closely() {
    // 85.6 × 54 mm at 300 dpi, either way up, and as much as two millimetres less.
    for (width, height) in [(1011, 638), (638, 1011), (987, 614)] {
        assert!(dpi_of_card(width, height) >= DPI_MIN, "{width} × {height}");
    }
    for (width, height) in [(986, 614), (987, 613), (5000, 613), (100, 100)] {
        assert!(dpi_of_card(width, height) < DPI_MIN, "{width} × {height}");
    }
}

proptest! {
    #[test]
    fn whatever_is_taken_for_a_name_is_plain(name in r"[a-zA-Z0-9_./а \u{202e}]{0,8}(\.pdf|\.PNG|)") {
        if let Ok(taken) = FileName::parse(&name) {
            prop_assert_eq!(taken.as_str(), &name);
            prop_assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'));
            prop_assert_eq!(name.matches('.').count(), 1);
        }
    }
}
