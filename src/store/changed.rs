//! Folders whose entries have changed and were not forced to the disk yet: once for many files, before anything relies on them.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::disk::Disk;
use super::error::Result;

/// Folders that are forced out at a time: all of them mostly wait.
const THREADS: usize = 8;

#[derive(Debug, Default)]
pub(super) struct Changed {
    folders: Mutex<BTreeSet<PathBuf>>,
    /// Held while folders are forced out: who finds none left must still wait for those that another thread took.
    settling: Mutex<()>,
}

impl Changed {
    /// Notes that an entry of `folder` has changed.
    pub(super) fn note(&self, folder: &Path) {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned());
    }

    /// Forces all folders noted so far to the disk.
    pub(super) fn settle(&self, disk: &Disk) -> Result<()> {
        let _settling = self.settling.lock().unwrap_or_else(PoisonError::into_inner);
        let folders = std::mem::take(&mut *self.folders.lock().unwrap_or_else(PoisonError::into_inner));
        let folders: Vec<PathBuf> = folders.into_iter().collect();
        let of_each = folders.len().div_ceil(THREADS).max(1);
        // Plain threads: a worker of a pool would meanwhile begin another piece of work, which may come to this same lock.
        std::thread::scope(|scope| {
            let sync = |folders: &[PathBuf]| folders.iter().try_for_each(|folder| disk.sync_folder(folder));
            let helpers = folders.chunks(of_each).map(|folders| scope.spawn(move || sync(folders)));
            let helpers: Vec<_> = helpers.collect();
            helpers.into_iter().try_for_each(|helper| helper.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
    }
}
