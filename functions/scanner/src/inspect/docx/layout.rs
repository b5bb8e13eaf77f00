//! What of a part tells how its text is laid out (DOC-9).

use super::super::laid::Laid;
use super::parts::Part;
use super::xml::{Element, Piece, Space};
use domain::document::Unfit;

/// Reads along.
pub struct Layout {
    part: Part,
    /// Pages begun when the text was last shown, by the marks that the program left.
    begun: usize,
    /// Within text that is shown, or within the number of pages.
    counts: bool,
}

impl Layout {
    pub fn of(part: Part) -> Layout {
        Layout { part, begun: 1, counts: false }
    }

    pub fn read(&mut self, piece: &Piece, laid: &mut Laid) -> Result<(), Unfit> {
        match (self.part, piece) {
            (Part::Main, Piece::Start(element)) if element.space == Space::Word => {
                self.element(element, laid)?;
            }
            (Part::Properties, Piece::Start(element)) => self.counts = element.name == "Pages",
            (Part::Main | Part::Properties, Piece::End("t" | "Pages")) => self.counts = false,
            (Part::Main, Piece::Text(text)) if self.counts => laid.text(text),
            (Part::Properties, Piece::Text(text)) if self.counts => {
                laid.told(text.trim().parse().unwrap_or_default());
            }
            _ => {}
        }
        Ok(())
    }

    fn element(&mut self, element: &Element, laid: &mut Laid) -> Result<(), Unfit> {
        let get = |key| element.get(Some(Space::Word), key);
        match element.name {
            "t" => self.counts = true,
            "br" if get("type")? == Some("page") => laid.page_break(),
            "pageBreakBefore" if !matches!(get("val")?, Some("0" | "false" | "off")) => laid.page_break(),
            "lastRenderedPageBreak" => {
                self.begun += 1;
                laid.told(self.begun);
            }
            _ => {}
        }
        Ok(())
    }
}
