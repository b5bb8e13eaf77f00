//! Fields of Word documents: what a text computes when it is opened or printed (ECMA-376, part 1, 17.16). DOC and DOCX have the
//! same, written differently.

use super::budget::DEPTH_MAX;
use super::links;
use domain::document::Unfit;

/// Characters of one instruction; the longest that Word writes have some hundreds.
const INSTRUCTION_MAX: usize = 64 * 1024;

/// Bytes of what stands outside of a field and is called an instruction all the same, and pieces of it in a part: honest texts have
/// hardly any, and each is looked at together with all that follow it.
const STRAY_MAX: usize = 256;
const STRAYS_MAX: usize = 32;
/// Characters within which an instruction says what it does.
const KIND_MAX: usize = 64;

/// Takes the parts of fields as they come, however they are split up.
#[derive(Debug, Default)]
pub struct Fields {
    open: Vec<Field>,
    /// Instructions that belong to no field, as far as can be seen from here.
    stray: Field,
    strays: usize,
    /// Fields around what has fields of its own, and whether one of them is not said to its end.
    aside: Vec<(Vec<Field>, bool)>,
}

#[derive(Debug, Default)]
struct Field {
    instruction: String,
    /// The result follows, which is text of the field around it, if any.
    is_past: bool,
    /// What it does is said, in whole or in part, by what another field comes to.
    begins_with_field: bool,
    /// Where in the instruction something begins that may be one of its own.
    begins: Vec<usize>,
}

impl Fields {
    /// Something begins that readers may leave out, or take another thing for. What fields it has are its own, or readers would
    /// differ in where those around it end.
    pub fn enter(&mut self) {
        let is_unsaid = self.is_within_unsaid() || self.open.iter().any(|field| !field.is_past);
        self.aside.push((std::mem::take(&mut self.open), is_unsaid));
    }

    pub fn leave(&mut self) -> Result<(), Unfit> {
        let is_whole = self.open.is_empty();
        self.close()?;
        self.open = self.aside.pop().map(|(open, _)| open).unwrap_or_default();
        if is_whole { Ok(()) } else { Err(Unfit::Damaged) }
    }

    fn is_within_unsaid(&self) -> bool {
        self.aside.last().is_some_and(|(_, is_unsaid)| *is_unsaid)
    }

    /// Of an end or a separator that belongs to no field here.
    fn belongs_nowhere(&self) -> Result<(), Unfit> {
        let is_around = self.open.is_empty() && self.aside.iter().any(|(open, _)| !open.is_empty());
        if is_around { Err(Unfit::Damaged) } else { Ok(()) }
    }

    pub fn begin(&mut self) -> Result<(), Unfit> {
        if self.open.len() >= DEPTH_MAX {
            return Err(Unfit::TooComplex);
        }
        if let Some(outer) = self.open.last_mut().filter(|field| !field.is_past) {
            outer.begins_with_field |= !is_said(&outer.instruction);
        }
        self.open.push(Field::default());
        Ok(())
    }

    /// Text of an instruction, also what a field within it came to.
    pub fn text(&mut self, text: &str) -> Result<(), Unfit> {
        if self.is_within_unsaid() && !text.trim().is_empty() {
            return Err(Unfit::Damaged);
        }
        for field in self.open.iter_mut().rev() {
            if !field.is_past {
                field.instruction.push_str(text);
                let is_long = field.instruction.len() > INSTRUCTION_MAX;
                return if is_long { Err(Unfit::TooComplex) } else { Ok(()) };
            }
        }
        Ok(())
    }

    /// Text that the document calls an instruction. Where it stands in none that is open, texts beside the text, which have
    /// fields of their own, may have closed it too early: it may go on with any before it, or begin a field of its own.
    pub fn instruction(&mut self, text: &str) -> Result<(), Unfit> {
        if self.is_within_unsaid() {
            return Err(Unfit::Damaged);
        }
        let field = match self.open.last_mut() {
            Some(field) if !field.is_past => return self.text(text),
            Some(field) => field,
            None => &mut self.stray,
        };
        // What it does was said long ago, and nothing that follows changes that.
        if field.begins.is_empty() && field.instruction.len() > STRAY_MAX {
            field.instruction.clear();
        }
        self.strays += 1;
        if self.strays > STRAYS_MAX || field.instruction.len() + text.len() > 2 * STRAY_MAX {
            return Err(Unfit::TooComplex);
        }
        field.begins.push(field.instruction.len());
        field.instruction.push_str(text);
        check(field)?;
        field.begins.iter().try_for_each(|begin| check_kind(&field.instruction[*begin..]))
    }

    /// Whether text that stands here is shown, and no part of an instruction.
    pub fn is_shown(&self) -> bool {
        self.open.iter().all(|field| field.is_past)
    }

    pub fn separate(&mut self) -> Result<(), Unfit> {
        match self.open.last_mut() {
            Some(field) if !field.is_past => {
                field.is_past = true;
                check(field)
            }
            _ => self.belongs_nowhere(),
        }
    }

    pub fn end(&mut self) -> Result<(), Unfit> {
        match self.open.pop() {
            Some(field) if !field.is_past => check(&field),
            Some(_) => Ok(()),
            None => self.belongs_nowhere(),
        }
    }

    /// The text is over; whatever is still open counts as it is.
    pub fn close(&mut self) -> Result<(), Unfit> {
        while !self.open.is_empty() {
            self.end()?;
        }
        Ok(())
    }
}

fn check(field: &Field) -> Result<(), Unfit> {
    if field.begins_with_field {
        return Err(Unfit::ExternalReference);
    }
    check_kind(&field.instruction)
}

fn check_kind(instruction: &str) -> Result<(), Unfit> {
    let begun = instruction.trim_start_matches(|one: char| one.is_whitespace() || one.is_control());
    let head = begun.char_indices().nth(KIND_MAX).map_or(begun, |(end, _)| &begun[..end]);
    let Some((kind, _)) = words(head).into_iter().next() else { return Ok(()) };
    // What it is called ends where letters do: `DATE\@` is a date.
    let kind = kind.find(|one: char| !one.is_alphabetic()).map_or(kind.as_str(), |end| &kind[..end]);
    match kind.to_uppercase().as_str() {
        "DDE" | "DDEAUTO" | "LINK" | "IMPORT" | "INCLUDE" | "INCLUDETEXT" | "INCLUDEPICTURE" | "DATABASE"
        | "RD" | "PRINT" => Err(Unfit::ExternalReference),
        "EMBED" | "CONTROL" | "HTMLCONTROL" | "OCX" => Err(Unfit::EmbeddedFile),
        "MACROBUTTON" | "MACRO" => Err(Unfit::Macros),
        "HYPERLINK" => {
            let mut words = words(begun).into_iter().skip(1);
            match words.find(|(word, is_quoted)| *is_quoted || !word.starts_with('\\')) {
                Some((target, _)) => links::check(target.as_bytes()),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Whether an instruction has come so far that it is known what it does; a formula is known by its first sign.
fn is_said(instruction: &str) -> bool {
    let begun = instruction.trim_start();
    begun.starts_with('=') || begun.contains(|one: char| one.is_whitespace() || one.is_control())
}

/// The words of an instruction, and whether each stood in quotes; a backslash in them escapes.
fn words(instruction: &str) -> Vec<(String, bool)> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut chars = instruction.chars();
    while let Some(one) = chars.next() {
        match one {
            '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' => {
                if is_quoted || !word.is_empty() {
                    words.push((std::mem::take(&mut word), is_quoted));
                }
                is_quoted = !is_quoted;
            }
            '\\' if is_quoted => word.extend(chars.next()),
            one if !is_quoted && (one.is_whitespace() || one.is_control()) => {
                if !word.is_empty() {
                    words.push((std::mem::take(&mut word), false));
                }
            }
            one => word.push(one),
        }
    }
    if !word.is_empty() {
        words.push((word, is_quoted));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::Fields;
    use domain::document::Unfit;

    fn verdict(parts: &[&str]) -> Result<(), Unfit> {
        let mut fields = Fields::default();
        for part in parts {
            match *part {
                "{" => fields.begin()?,
                "|" => fields.separate()?,
                "}" => fields.end()?,
                "<" => fields.enter(),
                ">" => fields.leave()?,
                text => match text.strip_prefix("!") {
                    Some(instruction) => fields.instruction(instruction)?,
                    None => fields.text(text)?,
                },
            }
        }
        fields.close()
    }

    #[test]
    fn fields_compute_from_the_text_alone() {
        for good in [
            &["{", " PAGE ", "|", "1", "}"][..],
            &["{", " HYPERLINK \"https://example.ru\" \\o \"DDE\" ", "|", "x", "}"],
            &["{", " HYPERLINK \\l \"_Toc1\" ", "}"],
            &["{", "IF ", "{", "PAGE", "|", "1", "}", " = 1 \"DDEAUTO\" \"\"", "}"],
            &["{", "= ", "{", "PAGE", "|", "2", "}", " - 1", "}"],
            &["{", "={", "PAGE", "|", "2", "}", "-1", "}"],
            &["DDEAUTO"],
            &["!PAGE", "{", "PAGE", "|", "!", "}"],
            &["!REF print ", "!\\h", "! \\* MERGEFORMAT"],
            &["}", "|"],
            &["<", "}", "|", ">"],
            &["{", "HYPERLINK \"#a\"", "|", "<", "{", "PAGE", "|", "1", "}", "text", ">", "x", "}"],
            &["{", "PAGE", "<", " ", ">", "|", "1", "}"],
        ] {
            assert_eq!(verdict(good), Ok(()), "{good:?}");
        }
        for (bad, reason) in [
            (&["{", "DD", "EAU", "TO c:\\x", "|", "}"][..], Unfit::ExternalReference),
            (&["{", " ddeauto x"], Unfit::ExternalReference),
            (&["{", "{", "QUOTE 68 68 69", "|", "DDE", "}", " x", "}"], Unfit::ExternalReference),
            (&["{", "DD", "{", "QUOTE 69", "|", "x", "}", "", "}"], Unfit::ExternalReference),
            (&["{", "DDE\\x y", "}"], Unfit::ExternalReference),
            (&["{", "D", "|", "!DEAUTO x", "}"], Unfit::ExternalReference),
            (&["!DDE", "!AUTO x"], Unfit::ExternalReference),
            (&["!PAGE ", "!DDEAUTO x"], Unfit::ExternalReference),
            (&["!PAGE", "!DD", "!E", "!AUTO x"], Unfit::ExternalReference),
            (&["!HYPER", "!LINK ", "!\"file://host\""], Unfit::ExternalReference),
            (&["{", "PAGE", "|", "!DDE", "!AUTO x", "}"], Unfit::ExternalReference),
            (&["!PAGE"; 33], Unfit::TooComplex),
            (&["{", "PAGE", "|", "{", "INCLUDEPICTURE \"http://x\"", "}", "}"], Unfit::ExternalReference),
            (&["{", "EMBED Package", "}"], Unfit::EmbeddedFile),
            (&["{", "MACROBUTTON x y", "}"], Unfit::Macros),
            (&["{", "HYPERLINK \"file:\\\\\\\\host\\\\x\"", "}"], Unfit::ExternalReference),
            (&["{", "HYPERLINK \"\\\\\\\\host\\\\x\"", "}"], Unfit::ExternalReference),
            (&["{", "DD", "<", "}", ">", "!EAUTO x"], Unfit::Damaged),
            (&["{", "DD", "<", "|", ">", "!EAUTO x"], Unfit::Damaged),
            (&["{", "DD", "<", "!EAUTO x", ">", "}"], Unfit::Damaged),
            (&["{", "DD", "<", "<", "EAUTO x", ">", ">", "}"], Unfit::Damaged),
            (&["<", "{", "DD", ">", "!EAUTO x", "}"], Unfit::Damaged),
            (&["<", "{", "DDE x", ">"], Unfit::ExternalReference),
            (&["{"; 40], Unfit::TooComplex),
        ] {
            assert_eq!(verdict(bad), Err(reason), "{bad:?}");
        }
    }
}
