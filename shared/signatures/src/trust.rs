//! Whom one trusts: roots, lists of what they have revoked, and whoever checks GOST; all of it given by configuration.

use super::armour::{open_all, strict};
use super::certificate::Known;
use super::gost::GostVerifier;
use std::fmt;
use thiserror::Error;
use x509_cert::crl::CertificateList;

pub const ROOTS_MAX: usize = 256;
pub const LISTS_MAX: usize = 256;
/// Of one file of configuration. Lists of big authorities have a few MiB.
const FILE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Read once, when a function starts.
#[derive(Clone)]
pub struct Trust<'a> {
    pub(super) roots: Vec<Known>,
    pub(super) lists: Vec<CertificateList>,
    pub(super) gost: Option<&'a dyn GostVerifier>,
}

/// Which file of the configuration is of no use; counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BadTrust {
    #[error("root {at} is not a certificate (v3) in DER or PEM")]
    Root { at: usize },
    #[error("list {at} is not a list of revoked certificates (v2) in DER or PEM")]
    List { at: usize },
    #[error("there are more than {max}")]
    TooMany { max: usize },
}

impl<'a> Trust<'a> {
    /// Reads `roots` (DER, or PEM with one or more in a file) and `crls` (DER or PEM). A root is trusted since it is given: its
    /// own signature is not looked at, while its validity, cA, keyCertSign and pathLen are, each time.
    ///
    /// # Errors
    /// Names the first file that is of no use: it is better not to start than to trust by halves.
    pub fn read<R: AsRef<[u8]>, C: AsRef<[u8]>>(roots: &[R], crls: &[C]) -> Result<Self, BadTrust> {
        let mut read = Self { roots: Vec::new(), lists: Vec::new(), gost: None };
        for (at, file) in roots.iter().enumerate() {
            read.roots
                .extend(file_of(file.as_ref(), "CERTIFICATE", Known::read).ok_or(BadTrust::Root { at })?);
        }
        for (at, file) in crls.iter().enumerate() {
            read.lists.extend(file_of(file.as_ref(), "X509 CRL", strict).ok_or(BadTrust::List { at })?);
        }
        match (read.roots.len(), read.lists.len()) {
            (roots, _) if roots > ROOTS_MAX => Err(BadTrust::TooMany { max: ROOTS_MAX }),
            (_, lists) if lists > LISTS_MAX => Err(BadTrust::TooMany { max: LISTS_MAX }),
            _ => Ok(read),
        }
    }

    #[must_use]
    pub fn with_gost(self, gost: &'a dyn GostVerifier) -> Self {
        Self { gost: Some(gost), ..self }
    }
}

impl fmt::Debug for Trust<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (roots, lists) = (self.roots.len(), self.lists.len());
        write!(f, "Trust {{ roots: {roots}, lists: {lists}, gost: {} }}", self.gost.is_some())
    }
}

fn file_of<T>(file: &[u8], label: &str, read: impl Fn(&[u8]) -> Option<T>) -> Option<Vec<T>> {
    let parts = (file.len() <= FILE_BYTES_MAX).then(|| open_all(file, label))??;
    let read: Option<Vec<T>> = parts.iter().map(|part| read(part)).collect();
    read.filter(|some| !some.is_empty())
}
