//! What a picture looks like as a whole: whether anything is on it (DOC-9), and whether it has colour (DOC-8).

/// How far, of 255, a pixel's brightness must lie from the usual one to be something on the page.
const MARK: usize = 24;
/// One pixel in so many must be something: a short signature on an A4 page is one in 700.
const MARKED_ONE_IN: u64 = 5_000;
/// How far apart, of 255, red, green and blue must lie for a pixel to be coloured: more than what noise makes of grey.
const CHROMA: u8 = 24;
/// One pixel in so many must be coloured: a signature in blue ink on an A4 page is one in 700.
const COLOURED_ONE_IN: u64 = 2_000;

/// Brightness and colour of pixels, counted.
#[derive(Debug, Clone)]
pub struct Tone {
    brightness: [u64; 256],
    coloured: u64,
    seen: u64,
}

impl Default for Tone {
    fn default() -> Tone {
        Tone { brightness: [0; 256], coloured: 0, seen: 0 }
    }
}

impl Tone {
    pub fn grey(&mut self, level: u8) {
        self.brightness[usize::from(level)] += 1;
        self.seen += 1;
    }

    pub fn rgb(&mut self, red: u8, green: u8, blue: u8) {
        let level = (u32::from(red) * 77 + u32::from(green) * 150 + u32::from(blue) * 29) >> 8;
        self.brightness[level.min(255) as usize] += 1;
        let chroma = red.max(green).max(blue) - red.min(green).min(blue);
        self.coloured += u64::from(chroma >= CHROMA);
        self.seen += 1;
    }

    /// Inks, of which none is white.
    pub fn cmyk(&mut self, cyan: u8, magenta: u8, yellow: u8, black: u8) {
        let of = |ink: u8| {
            let level = u32::from(255 - ink) * u32::from(255 - black) / 255;
            u8::try_from(level).unwrap_or(u8::MAX)
        };
        self.rgb(of(cyan), of(magenta), of(yellow));
    }

    /// Nothing, or next to nothing, differs from the brightness that most pixels have.
    pub fn is_blank(&self) -> bool {
        let usual = (0..256).max_by_key(|level| self.brightness[*level]).unwrap_or_default();
        let near = usual.saturating_sub(MARK)..(usual + MARK + 1).min(256);
        let marked = self.seen - self.brightness[near].iter().sum::<u64>();
        marked * MARKED_ONE_IN < self.seen.max(1)
    }

    /// Nothing, or next to nothing, is coloured.
    pub fn is_grey(&self) -> bool {
        self.coloured * COLOURED_ONE_IN < self.seen.max(1)
    }
}
