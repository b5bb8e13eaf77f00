//! SNILS and INN: digits whose last ones are reckoned from the others, so that a slip of the pen is noticed.

/// Why a number is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// Something else than digits and what people put between them.
    NotDigits,
    /// Too few digits, or too many.
    Length,
    /// The check digits do not fit the others.
    Check,
}

/// The digits of what a person typed; spaces and hyphens between them do not matter.
fn digits<const N: usize>(text: &str) -> Result<[u32; N], NumberFault> {
    let kept = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—'));
    // One more than fits tells that there are too many, and bounds the work.
    let found: Option<Vec<u32>> = kept.take(N + 1).map(|c| c.to_digit(10)).collect();
    found.ok_or(NumberFault::NotDigits)?.try_into().map_err(|_| NumberFault::Length)
}

fn text(digits: &[u32]) -> String {
    digits.iter().filter_map(|digit| core::char::from_digit(*digit, 10)).collect()
}

fn weighed(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// The number of an individual pension account: nine digits and two that check them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snils(String);

impl Snils {
    /// Up to this one, numbers were given without check digits.
    const UNCHECKED_MAX: u32 = 1_001_998;

    /// # Errors
    /// [`NumberFault`].
    pub fn parse(given: &str) -> Result<Self, NumberFault> {
        let digits: [u32; 11] = digits(given)?;
        let body = digits[..9].iter().fold(0, |number, digit| number * 10 + digit);
        let sum = weighed(&digits[..9], &[9, 8, 7, 6, 5, 4, 3, 2, 1]);
        // 100 and 101 are written «00».
        let check = sum % 101 % 100;
        let fits = body > 0 && (body <= Self::UNCHECKED_MAX || check == digits[9] * 10 + digits[10]);
        if fits { Ok(Self(text(&digits))) } else { Err(NumberFault::Check) }
    }

    /// Eleven digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As it is printed: `112-233-445 95`.
impl core::fmt::Display for Snils {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}-{}-{} {}", &self.0[..3], &self.0[3..6], &self.0[6..9], &self.0[9..])
    }
}

/// A person's taxpayer number: ten digits and two that check them (that of an organisation is shorter).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inn(String);

impl Inn {
    /// # Errors
    /// [`NumberFault`].
    pub fn parse(given: &str) -> Result<Self, NumberFault> {
        let digits: [u32; 12] = digits(given)?;
        let check = |count: usize, weights: &[u32]| weighed(&digits[..count], weights) % 11 % 10;
        let fits = check(10, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == digits[10]
            && check(11, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == digits[11]
            // The first two name a region; none is 00.
            && (digits[0], digits[1]) != (0, 0);
        if fits { Ok(Self(text(&digits))) } else { Err(NumberFault::Check) }
    }

    /// Twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
