//! What chance or a reader of the code has found, each with the least that shows it.

use super::small;
use crate::inspect::by_content;
use domain::document::{FileFormat, FileRules, Unfit};

fn pdf(file: &[u8]) -> Result<(), Unfit> {
    by_content(FileFormat::Pdf, &FileRules::default(), file).map(|_| ())
}

/// A page in the middle of which something stands.
fn beside(what: &str) -> Vec<u8> {
    let file = String::from_utf8(small::pdf(small::CONTENT)).unwrap();
    file.replacen("10 0 obj 12 endobj", &format!("10 0 obj 12 endobj {what}"), 1).into_bytes()
}

#[test]
fn operators_that_paint_nothing_leave_a_page_blank() {
    // Found by chance: bytes without a meaning were a page with something on it.
    for nothing in [
        "f",
        "S",
        "b*",
        "sh",
        "n f",
        "0 0 9 9 re n f",
        "9 9 m f",
        "0 0 9 9 re W n S",
        "\u{9f}f\u{fc} S\u{e9} ' \" f",
    ] {
        assert_eq!(pdf(&small::pdf(nothing.as_bytes())), Err(Unfit::BlankPage { page: 1 }), "{nothing}");
    }
    for something in
        ["0 0 9 9 re f", "0 0 m 9 9 l S", "/Sh sh", "1 g 0 0 9 9 re f 0 g 0 0 9 9 re f", "(a) Tj"]
    {
        assert_eq!(pdf(&small::pdf(something.as_bytes())), Ok(()), "{something}");
    }
}

#[test]
fn what_looks_like_an_object_is_one_that_can_be_read() {
    for honest in [
        "% an object, a project; obj\n",
        "% obj (\n",
        "12 0 obj (a subject, obj) endobj",
        "12 0 obj [(obj [<)] endobj",
        "12 0 obj endobj",
    ] {
        assert_eq!(pdf(&beside(honest)), Ok(()), "{honest}");
    }
    let broken = "<</S/JavaScript oops>>";
    for hidden in [
        format!("12 0 obj {broken} endobj"),
        format!("+12 +0 obj {broken} endobj"),
        format!("12 0 %note\nobj {broken} endobj"),
        format!("12 0 %note\nobj [{broken}] endobj"),
        format!("12 0 obj <</Length {}>> stream\n13 0 obj {broken}\nendstream endobj", 9 + broken.len()),
    ] {
        assert_eq!(pdf(&beside(&hidden)), Err(Unfit::Damaged), "{hidden}");
    }
}

#[test]
fn what_readers_differ_in_is_refused() {
    let packed = |keys: &str| {
        let objects = "20 0 <</S/Other>>";
        beside(&format!(
            "12 0 obj <<{keys}/Length {}>> stream\n{objects}\nendstream endobj 13 0 obj 1 endobj",
            objects.len()
        ))
    };
    assert_eq!(pdf(&packed("/Type/ObjStm/N 1/First 5")), Ok(()));
    for keys in [
        "/N 13 0 R/First 5",
        "/N 1/N 0/First 5",
        "/N 1/First 5/First 99",
        "/N 1/First 5/DP<</Predictor 2>>",
        "/N 1/First 5/Filter null/Filter null",
    ] {
        assert_eq!(pdf(&packed(keys)), Err(Unfit::Damaged), "{keys}");
    }
}
