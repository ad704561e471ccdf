//! A store that is open: where it is, how it is written, and what was found damaged in it.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::access::StoreModes;
use super::catalog::{Catalog, damaged_row};
use super::changed::Changed;
use super::digest::Digest;
use super::disk::Disk;
use super::error::{Error, Result};
use super::leftovers::Scratch;
use super::lock::Lock;
use super::save::Saving;
use vocab::{Problem, rules};

/// A store that is open, for one writer or for any number of readers.
///
/// It can be shared between threads: saving files runs in parallel, the catalogue is behind a mutex.
#[derive(Debug)]
pub struct Store {
    pub(super) dir: PathBuf,
    pub(super) disk: Disk,
    pub(super) modes: StoreModes,
    catalog: Mutex<Catalog>,
    /// Folders of exports and tables, until [`Store::settle`].
    pub(super) changed: Changed,
    /// Exports that this process wrote, and read back.
    pub(super) just_added: Mutex<HashSet<Digest>>,
    /// Numbers the temporary files of this process.
    serial: AtomicU64,
    /// What was found damaged and mended, or went without, until it is told.
    noted: Mutex<BTreeSet<Problem>>,
    /// Held as long as the store is open for writing; the operating system lets go of it when the process ends.
    _lock: Option<Lock>,
}

impl Store {
    /// The store in `dir`, whose parts were opened.
    pub(super) fn assemble(disk: Disk, dir: &Path, modes: StoreModes, catalog: Catalog, lock: Option<Lock>) -> Self {
        let (changed, just_added, serial) = (Changed::default(), Mutex::default(), AtomicU64::new(0));
        let catalog = Mutex::new(catalog);
        let noted = Mutex::default();
        Store { dir: dir.to_owned(), disk, modes, catalog, changed, just_added, serial, noted, _lock: lock }
    }

    /// Notes what was found damaged: it is part of no release, and is told by whoever works with the store.
    pub fn note(&self, problem: Problem) {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).insert(problem);
    }

    /// Whether rows of the catalogue were met that are damaged.
    pub fn has_damaged_rows(&self) -> bool {
        !self.catalog().damaged_tables().is_empty()
    }

    /// That no row was left out of what was read so far: for what must know them all.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub fn all_rows_are_whole(&self) -> Result<()> {
        let damaged = self.noted().into_iter().find(|problem| problem.rule == &rules::CATALOGUE_ROW_DAMAGED);
        damaged.map_or(Ok(()), |problem| Err(Error::Damaged(Box::new(problem))))
    }

    /// What was found damaged since the store was opened, and what became of it.
    pub fn noted(&self) -> Vec<Problem> {
        let rows: Vec<Problem> = self.catalog().damaged_tables().into_iter().map(damaged_row).collect();
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().chain(rows).collect()
    }

    /// The folder the store is in.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The catalogue. The guard should be short-lived: other threads wait for it.
    pub fn catalog(&self) -> MutexGuard<'_, Catalog> {
        // A panic while the guard was held rolled its transaction back: the catalogue behind it is whole.
        self.catalog.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where `relative` (as the catalogue writes it, with `/`) is on disk.
    pub fn path_of(&self, relative: &str) -> PathBuf {
        self.dir.join(relative)
    }

    /// Whether the file that a catalogue row names is there: files can be lost to other hands.
    ///
    /// # Errors
    /// [`Error::Io`] when the folder cannot be read.
    pub fn holds(&self, relative: &str) -> Result<bool> {
        Ok(self.disk.file_len(&self.path_of(relative))?.is_some())
    }

    /// A name in `tmp/` that nobody else uses.
    pub(super) fn scratch(&self, purpose: Scratch) -> PathBuf {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        self.dir.join("tmp").join(format!("{}-{}-{serial}", purpose.word(), std::process::id()))
    }

    /// How files of the store are written: temporary files in `tmp/`, on the same file system as their destination.
    pub(super) fn saving(&self) -> Saving<'_> {
        Saving {
            disk: &self.disk,
            scratch: self.scratch(Scratch::File),
            modes: self.modes.private,
            read_only: true,
            changed: None,
        }
    }

    /// How exports and tables are written: their folders are forced to disk for many at a time.
    pub(super) fn saving_many(&self) -> Saving<'_> {
        Saving { changed: Some(&self.changed), ..self.saving() }
    }

    /// Forces the entries of all exports and tables saved so far to the disk: before the catalogue relies on them, since after
    /// a power failure a row must not name a file that is not there.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn settle(&self) -> Result<()> {
        self.disk.settle(&self.changed)
    }
}
