//! What can be wrong with a value of a data file, and how to mend it.

/// One mistake. Each message ends with what to write instead.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    #[error("cannot be read ({0}): put the file there and let the system read it")]
    Unreadable(String),
    #[error("is larger than {max} bytes: split or shorten it")]
    TooLarge { max: u64 },
    #[error("is not of the right shape: {0}")]
    Shape(String),
    #[error("the office's id is `{id}`: name the file `{id}.toml`, or correct the id")]
    FileName { id: String },

    #[error("`{given}` is not an id: use 1 to {max} of the characters A-Z a-z 0-9 -")]
    Id { given: String, max: usize },
    #[error("`{given}` is not a region's code: write it as in ISO 3166-2, for example `RU-MOW`")]
    RegionCode { given: String },
    #[error("`{given}` is not a window's id: use one letter, a to z")]
    WindowLetterId { given: String },
    #[error("`{given}` is not a name of a field: begin with a-z, then up to 31 of a-z A-Z 0-9")]
    FieldName { given: String },
    #[error("the office has no window `{given}`: correct it, or leave `windows` out for all of them")]
    NoSuchWindow { given: String },
    #[error("the office has no specialist `{given}`: add them under [[specialists]] or correct the spelling")]
    NoSuchSpecialist { given: String },
    #[error("is `{is}` and stays so: appointments and rights hang on it")]
    Fixed { is: String },
    #[error(
        "`{given}` is missing: appointments name it, so put it back (a service that nobody is to book has `bookable = false`)"
    )]
    Dropped { given: String },
    #[error("`{given}` is there twice: remove one or rename it")]
    Duplicate { given: String },
    #[error("`{given}` is not in {file}: add it there or correct the spelling")]
    Unknown { given: String, file: &'static str },

    #[error("is empty: write something people can read")]
    Empty,
    #[error("has {given} characters: shorten it to {max}")]
    TooLong { given: usize, max: usize },
    #[error("has {given} entries: keep at most {max}")]
    TooMany { given: usize, max: usize },
    #[error("has no entries: give at least one, or leave the key out where it is optional")]
    None,

    #[error("`{given}` is not a time zone: use an IANA name, for example `Europe/Moscow`")]
    Zone { given: String },
    #[error("`{given}` is not a date: write it as 2026-12-31")]
    Date { given: String },
    #[error("ends before it begins: swap valid_from and valid_to")]
    Validity,
    #[error("ends before it begins: swap from and to")]
    FromAfterTo,
    #[error("`{given}` is not a weekday: use mon, tue, wed, thu, fri, sat or sun")]
    Weekday { given: String },
    #[error("`{given}` are not hours: write them as 09:00-13:00, no later than 24:00")]
    Hours { given: String },
    #[error("`{given}` is off the five-minute grid: begin and end at multiples of 5 minutes")]
    OffGrid { given: String },
    #[error("`{given}` ends before it begins: swap its times, or split it at midnight")]
    Reversed { given: String },
    #[error("`{given}` overlaps or touches the hours before it: order them, and join what touches")]
    Overlap { given: String },

    #[error("`{given}` is not a phone: write it as E.164, + and 8 to 15 digits, for example +74951234567")]
    Phone { given: String },
    #[error("`{given}` is not an address: write it as https://video.example.ru/room, up to {max} characters")]
    Address { given: String, max: usize },
    #[error("`{given}` is not a queue letter: use one capital Cyrillic letter, А to Я")]
    QueueLetter { given: String },
    #[error("{given} is out of bounds: use {min} to {max}")]
    OutOfBounds { given: String, min: String, max: String },
    #[error("{given} is not a multiple of 5 minutes: round it")]
    NotMultiple { given: i64 },
    #[error("a working day follows some weekday: add as = \"mon\" (or another)")]
    WorkingAsWhat,
    #[error("a signature in colour shows on no text: keep `colour` or `textual`")]
    TextInColour,
    #[error("only a working day follows a weekday: remove `as`")]
    AsOfOther,
    #[error("a document is shown as something: set original, copy or both to true")]
    NeitherOriginalNorCopy,
    #[error("a {kind} field needs {needs}")]
    FieldNeeds { kind: &'static str, needs: &'static str },
    #[error("a {kind} field has no `{key}`: remove it")]
    FieldHasNo { kind: &'static str, key: &'static str },
}
