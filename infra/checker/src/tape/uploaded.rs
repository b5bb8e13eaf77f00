//! What storage took from a citizen.

#[derive(Debug, Clone, Copy)]
pub struct Uploaded<'h> {
    /// `<citizen>/<service>/<file>`.
    pub key: &'h str,
    pub sha256: &'h str,
    /// Whether it is fit to be accepted.
    pub fit: bool,
}
