//! Takes out of foreign words what could disguise or break the sentence around them.

/// A name longer than this is not read to the end by anybody, in characters.
const NAME_MAX: usize = 60;

/// One line without control, direction-changing or invisible characters; runs of blanks become one space.
pub fn line(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if c.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control() && !is_invisible(c) {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

/// What can be part of a person's name and nothing else. A stranger chooses the name in the mail that
/// confirms an address, so it must not be able to carry a link or a message.
pub fn name(words: &str) -> String {
    let kept: String = line(words)
        .chars()
        .filter(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | 'ʼ'))
        .take(NAME_MAX)
        .collect();
    line(&kept)
}

/// Bidirectional controls (Unicode Standard Annex 9), zero-width and other formatting characters.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{line, name};

    #[test]
    fn controls_and_disguises_are_taken_out() {
        for (words, expected) in [
            ("Анна\u{202e}авИ", "АннаавИ"),
            ("a\r\nBcc: b@c.d", "a Bcc: b@c.d"),
            ("\u{0}\u{7}x\u{200b}\u{2066}y\u{feff}", "xy"),
            ("  две \t строки\n\n", "две строки"),
        ] {
            assert_eq!(line(words), expected);
        }
    }

    #[test]
    fn a_name_carries_no_link() {
        assert_eq!(name("http://evil.example/?a=1"), "httpevilexamplea");
        assert_eq!(name("Анна-Мария О’Коннор"), "Анна-Мария О’Коннор");
        assert_eq!(name(&"я".repeat(500)).chars().count(), 60);
        assert_eq!(name("123"), "");
    }
}
