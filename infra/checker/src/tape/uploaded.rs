//! What storage took from a citizen.

#[derive(Debug, Clone, Copy)]
pub struct Uploaded<'h> {
    /// `<citizen>/<service>/<file>`.
    pub key: &'h str,
    pub sha256: &'h str,
    /// Whether it is fit to be accepted.
    pub fit: bool,
}

/// What lies in storage when everything is over.
#[derive(Debug, Clone, Copy)]
pub struct Lying<'h> {
    /// Names of what is yet to be looked at.
    pub awaited: &'h [String],
    /// Names of what is kept, with its content.
    pub kept: &'h [(String, String)],
}
