//! SMS: the shortest true wording, and how many segments it costs.

use super::Notice;
use crate::book::{File, say};
use crate::{Args, Lang};

/// Segments an SMS may take.
const SEGMENTS_MAX: usize = 2;
/// The same where it carries a link, which alone fills one.
const SEGMENTS_WITH_LINK_MAX: usize = 3;
/// Characters of an office's name that an SMS begins with.
const OFFICE_MAX: usize = 50;
/// A name cut shorter than this says nothing.
const OFFICE_MIN: usize = 8;

/// The fullest wording that fits, with as much of the office's name as fits; else the fullest one whose facts
/// are there, however long: a link is never dropped to save a segment. None if nothing can be said.
pub fn render(lang: Lang, notice: &Notice, facts: &Args) -> Option<String> {
    let id = format!("{}-sms", notice.words());
    let max = if notice.link.is_some() { SEGMENTS_WITH_LINK_MAX } else { SEGMENTS_MAX };
    let office = notice.office.map(|office| office.name).unwrap_or_default();
    let lengths = (OFFICE_MIN..=OFFICE_MAX).rev();

    // Whoever acts for somebody reads first for whom.
    let behalf = notice.behalf.and_then(|_| say(lang, File::Notices, "behalf-sms", None, facts));
    let whole = |said: String| match &behalf {
        Some(behalf) => format!("{behalf} {said}"),
        None => said,
    };
    for attribute in [Some("reason"), None, Some("short")] {
        for length in lengths.clone() {
            let args = match office {
                "" => facts.clone(),
                name => facts.clone().with("office", cut(name, length)),
            };
            // A fact is missing: no length of the name will help.
            let Some(said) = say(lang, File::Notices, &id, attribute, &args).map(&whole) else { break };
            if segments(&said) <= max {
                return Some(said);
            }
        }
    }
    ["brief", "plain", "plainest"]
        .into_iter()
        .find_map(|attribute| say(lang, File::Notices, &id, Some(attribute), facts))
        .map(whole)
}

/// A name in at most `max` characters: whole, else the proper name within it («Арбат» of «Отделение «Арбат»»),
/// else its beginning with two dots where it was cut: the sentence goes on with a full stop, and the one sign
/// for it would cost a Latin text half of its segment.
fn cut(name: &str, max: usize) -> String {
    let name = crate::clean::line(name);
    if name.chars().count() <= max {
        return name;
    }
    if let Some(proper) = proper(&name).filter(|proper| proper.chars().count() <= max) {
        return proper.to_owned();
    }
    let kept: String = name.chars().take(max - 2).collect();
    format!("{}..", kept.trim_end_matches([' ', ',', '.', '«', '"', '(', '-']))
}

/// What stands in quotation marks, with them.
fn proper(name: &str) -> Option<&str> {
    let from = name.find('«')?;
    let to = from + name[from..].find('»')? + '»'.len_utf8();
    (to - from > "«»".len()).then(|| &name[from..to])
}

/// How many segments a text takes: 160 septets or 153 in each of several (3GPP TS 23.038), 70 and 67
/// UTF-16 units if it has a character outside the GSM alphabet.
pub fn segments(text: &str) -> usize {
    let (length, single, several) = match septets(text) {
        Some(septets) => (septets, 160, 153),
        None => (text.encode_utf16().count(), 70, 67),
    };
    if length <= single { 1 } else { length.div_ceil(several) }
}

/// None if a character is outside the GSM alphabet.
fn septets(text: &str) -> Option<usize> {
    const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà";
    const EXTENDED: &str = "^{}\\[~]|€\u{c}";
    text.chars()
        .map(|c| match c {
            c if c.is_ascii_alphabetic() || BASIC.contains(c) => Some(1),
            c if EXTENDED.contains(c) => Some(2),
            _ => None,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{cut, segments};

    #[test]
    fn segments_are_counted_by_alphabet() {
        for (text, expected) in [
            (String::new(), 1),
            ("a".repeat(160), 1),
            ("a".repeat(161), 2),
            ("a".repeat(306), 2),
            ("a".repeat(307), 3),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            ("я".repeat(70), 1),
            ("я".repeat(71), 2),
            ("я".repeat(134), 2),
            ("я".repeat(135), 3),
        ] {
            assert_eq!(segments(&text), expected, "{} characters", text.chars().count());
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(cut("Центр", 8), "Центр");
        assert_eq!(cut("Отделение по работе", 12), "Отделение..");
        assert_eq!(cut("Отделение «Арбат»", 16), "«Арбат»");
        assert_eq!(cut("Отделение «Арбат»", 17), "Отделение «Арбат»");
        assert_eq!(cut("Отделение «Замоскворечье»", 12), "Отделение..");
        assert_eq!(cut("Отделение »Арбат« и «", 12), "Отделение..");
    }
}
