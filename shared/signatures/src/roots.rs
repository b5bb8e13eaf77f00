//! Whose signatures are trusted: PEM files in a folder that comes with the catalogue.

use crate::Trust;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The folder, read when the first signature is asked for: whoever starts a function for something else does not wait for it.
#[derive(Debug, Clone)]
pub struct Roots {
    folder: PathBuf,
    read: Arc<OnceLock<Option<Arc<Trust<'static>>>>>,
}

impl Roots {
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), read: Arc::default() }
    }

    /// None: nobody's signature is accepted.
    pub fn trust(&self) -> Option<&Arc<Trust<'static>>> {
        self.read.get_or_init(|| read(&self.folder)).as_ref()
    }
}

/// Reads the folder. None closes this way: nothing is there, or a file is of no use, for it is better to trust nobody than by
/// halves.
fn read(folder: &Path) -> Option<Arc<Trust<'static>>> {
    let (roots, lists) = (files(folder, "pem")?, files(folder, "crl")?);
    if roots.is_empty() {
        return None;
    }
    match Trust::read(&roots, &lists) {
        Ok(trust) => Some(Arc::new(trust)),
        Err(error) => {
            tracing::error!(%error, folder = %folder.display(), "no signature is accepted");
            None
        }
    }
}

/// The files of a kind, by name. A folder that is not there has none.
fn files(folder: &Path, kind: &str) -> Option<Vec<Vec<u8>>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Some(Vec::new()) };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == kind));
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        std::fs::read(path)
            .inspect_err(|error| tracing::error!(%error, path = %path.display(), "no signature is accepted"))
            .ok()
    };
    paths.iter().map(read).collect()
}
