//! The two languages people read, and how a request chooses one.

/// How many ranges of an `Accept-Language` header are looked at.
const RANGES_MAX: usize = 32;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Lang {
    #[default]
    Ru,
    En,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::Ru, Lang::En];

    /// Chooses by an `Accept-Language` header (RFC 9110, section 12.5.4): the greater quality wins, the
    /// earlier range among equals, Russian if neither language is asked for or the header makes no sense.
    pub fn from_accept_language(header: &str) -> Lang {
        let (mut ru, mut en, mut any) = (None, None, None);
        for (place, range) in header.split(',').take(RANGES_MAX).enumerate() {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let Some(quality) = parts.next().map_or(Some(1000), quality) else { continue };
            let wish = match tag.split('-').next().unwrap_or_default() {
                "ru" => &mut ru,
                "en" => &mut en,
                "*" => &mut any,
                _ => continue,
            };
            // `en-GB;q=0.8, en;q=0.7` asks for English once, with the better quality.
            if wish.is_none_or(|(known, _)| quality > known) {
                *wish = Some((quality, place));
            }
        }
        let (ru, ru_place) = ru.or(any).unwrap_or((0, usize::MAX));
        let (en, en_place) = en.or(any).unwrap_or((0, usize::MAX));
        if en > ru || (en == ru && en > 0 && en_place < ru_place) { Lang::En } else { Lang::Ru }
    }

    /// The ISO 639-1 code, as in the `lang` attribute and `Content-Language`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Ru => "ru",
            Lang::En => "en",
        }
    }

    /// Reads a code as [`Lang::code`] writes it.
    pub fn parse(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }
}

/// Thousandths, 0 to 1000; none if it is not a quality.
fn quality(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let value: f32 = value.trim().parse().ok()?;
    (0.0..=1.0).contains(&value).then_some((value * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn the_language_wished_for_most_is_chosen() {
        for (header, expected) in [
            ("", Lang::Ru),
            ("ru", Lang::Ru),
            ("en", Lang::En),
            ("EN-us", Lang::En),
            ("en-US,en;q=0.9,ru;q=0.8", Lang::En),
            ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", Lang::Ru),
            ("en;q=0.3, ru;q=0.4", Lang::Ru),
            ("ru;q=0.5, en;q=0.5", Lang::Ru),
            ("en;q=0.5, ru;q=0.5", Lang::En),
            ("de, en;q=0.5", Lang::En),
            ("de, fr", Lang::Ru),
            ("*", Lang::Ru),
            ("en;q=0.5, *;q=0.8", Lang::Ru),
            ("ru;q=0, *", Lang::En),
            ("en;q=0", Lang::Ru),
            ("en;q=2, ru;q=x", Lang::Ru),
            ("english", Lang::Ru),
            (";;,,q=1;=", Lang::Ru),
        ] {
            assert_eq!(Lang::from_accept_language(header), expected, "{header}");
        }
    }

    #[test]
    fn a_code_is_read_back() {
        for lang in Lang::ALL {
            assert_eq!(Lang::parse(lang.code()), Some(lang));
        }
        assert_eq!(Lang::parse("de"), None);
    }
}
