//! Where a link may lead: to an ordinary page or mail box, which opens when a person clicks on it and not before.

use domain::document::Unfit;

const ORDINARY: [&[u8]; 4] = [b"http", b"https", b"mailto", b"tel"];
const SCRIPTS: [&[u8]; 3] = [b"javascript", b"vbscript", b"data"];

/// Takes `http`, `https`, `mailto` and `tel`, and what has no scheme and is no path to another machine: programs write
/// `www.example.ru` like that.
pub fn check(uri: &[u8]) -> Result<(), Unfit> {
    // Whatever readers leave out does not hide a scheme.
    let plain: Vec<u8> =
        uri.iter().filter(|byte| byte.is_ascii_graphic()).map(u8::to_ascii_lowercase).collect();
    let end = plain.iter().position(|byte| b":/?#\\".contains(byte));
    match end.map(|end| (plain[end], &plain[..end])) {
        Some((b':', scheme)) if ORDINARY.contains(&scheme) => Ok(()),
        Some((b':', scheme)) if SCRIPTS.contains(&scheme) => Err(Unfit::Script),
        Some((b':', _)) => Err(Unfit::ExternalReference),
        Some((b'\\', _)) => Err(Unfit::ExternalReference),
        Some((b'/', [])) if matches!(plain.get(1), Some(b'/' | b'\\')) => Err(Unfit::ExternalReference),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use domain::document::Unfit;

    #[test]
    fn a_link_leads_to_a_page_or_a_mail_box() {
        for good in ["https://example.ru/?q=a:b", "HTTP://a", "mailto:a@b.ru", "www.example.ru", "#part", ""]
        {
            assert_eq!(check(good.as_bytes()), Ok(()), "{good}");
        }
        for bad in
            ["file:///etc/passwd", "\\\\host\\share", "//host/share", "/\\host", "C:\\a.exe", "ms-word:x"]
        {
            assert_eq!(check(bad.as_bytes()), Err(Unfit::ExternalReference), "{bad}");
        }
        for script in ["javascript:alert(1)", " Java\nScript:x", "\0j\0avascript:x", "data:text/html,x"] {
            assert_eq!(check(script.as_bytes()), Err(Unfit::Script), "{script}");
        }
    }
}
