//! Folders whose entries have changed and were not forced to the disk yet: once for many files, before anything relies on them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

#[derive(Debug, Default)]
pub(super) struct Changed {
    folders: Mutex<BTreeSet<PathBuf>>,
    /// Held while folders are forced out: who finds none left must still wait for those that another thread took.
    pub(super) settling: Mutex<()>,
}

impl Changed {
    /// Notes that an entry of `folder` has changed.
    pub(super) fn note(&self, folder: &Path) {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned());
    }

    /// The folders noted so far, which are noted no longer.
    pub(super) fn take(&self) -> Vec<PathBuf> {
        let folders = std::mem::take(&mut *self.folders.lock().unwrap_or_else(PoisonError::into_inner));
        folders.into_iter().collect()
    }
}
