//! What is known of how a text will be laid out, before any program does it (DOC-9).

use domain::document::{FileRules, Unfit};

/// Characters of a page in the smallest letters that can be read; usual ones are a third of that.
const CHARACTERS_MAX: usize = 10_000;

/// Text that is shown and the pages that it fills at least.
#[derive(Debug, Default)]
pub struct Laid {
    characters: usize,
    has_letters: bool,
    breaks: usize,
    /// Breaks behind which nothing came yet.
    open: usize,
    /// Pages that there were when the text was last laid out, by what the program that did it wrote down.
    told: usize,
}

impl Laid {
    pub fn text(&mut self, text: &str) {
        self.characters += text.chars().count();
        if text.chars().any(char::is_alphanumeric) {
            self.has_letters = true;
            self.breaks += std::mem::take(&mut self.open);
        }
    }

    /// A page ends; one before and one behind all text are none.
    pub fn page_break(&mut self) {
        self.open += usize::from(self.has_letters);
    }

    pub fn told(&mut self, pages: usize) {
        self.told = self.told.max(pages);
    }

    /// Takes back breaks that may end no page.
    pub fn spare(&mut self, breaks: usize) {
        self.breaks = self.breaks.saturating_sub(breaks);
    }

    /// Refuses a text in which there is nothing to read, and one that has more pages than its kind may have. How many it has only
    /// the program knows that shows it; here are those that it has at least.
    pub fn judge(&self, rules: &FileRules) -> Result<(), Unfit> {
        if !self.has_letters {
            return Err(Unfit::BlankPage { page: 1 });
        }
        let pages = self.told.max(self.breaks + 1).max(self.characters.div_ceil(CHARACTERS_MAX));
        if pages > usize::from(rules.pages_max) {
            let pages = u32::try_from(pages).unwrap_or(u32::MAX);
            return Err(Unfit::TooManyPages { pages, max: rules.pages_max });
        }
        Ok(())
    }
}
