//! Bytes on disk: the only room that touches files.
//!
//! ```text
//! store/raw/ab/abcd…              every export ever received, by SHA-256, read-only
//! store/facts/<dataset>/<key>     clean facts; the key names what they were made from
//! store/quarantine/<dataset>/…    rows set aside
//! store/catalog.db                what is known about them
//! store/releases/<id>/            complete, immutable releases
//! store/current                   symlink to a release; changes by rename only
//! store/pinned                    present while an operator holds the pointer: the release, why, since when
//! store/current-public            the same of releases for the public, with pinned-public
//! store/lock, store/tmp/          one writer at a time, and its unfinished files
//! ```
//!
//! Everything is written in one way ([`save`]): temporary file, check, sync, rename, and the folder's sync, which
//! [`Store::settle`] does for many files at a time. Files come first and the catalogue row after them, so that a kill
//! at any moment leaves at worst a file that nothing names yet; the next run writes the same bytes to the same place.

mod catalog;
mod changed;
mod digest;
mod disk;
mod draft;
mod error;
mod gc;
mod inbox;
mod incoming;
mod lock;
mod manifest;
mod names;
pub mod parquet;
mod pointer;
mod raw;
mod releases;
mod save;
mod tables;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use catalog::{Answer, Archive, Catalog, Export, InUse, Ingest, Published, Run, Seen};
pub use digest::{Digest, content_key};
pub use disk::{Disk, Hook, Op, Watch};
pub use draft::{Committed, ReleaseDraft};
pub use error::{Error, Result};
pub use gc::{Freed, Needed, Waste};
pub use inbox::{InboxFile, Listing, NotTaken, Stamp, Why, list_files, list_inbox, read_file, read_listed};
pub use incoming::Incoming;
pub use manifest::{Difference, DifferenceKind, FileEntry, Manifest};
pub use pointer::{Held, Hold, Pointer};
pub use releases::resolve;
pub use save::{SampleFile, SaveWriter, Saved, create_sample, write_file};
pub use tables::Shelf;

use changed::Changed;
use lock::Lock;
use save::Saving;

const FOLDERS: [&str; 6] = ["raw", "facts", "quarantine", "releases", "revisions", "tmp"];

/// A store that is open, for one writer or for any number of readers.
///
/// It can be shared between threads: saving files runs in parallel, the catalogue is behind a mutex.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    disk: Disk,
    catalog: Mutex<Catalog>,
    /// Folders of exports and tables, until [`Store::settle`].
    changed: Changed,
    /// Exports that this process wrote, and read back.
    just_added: Mutex<HashSet<Digest>>,
    /// Numbers the temporary files of this process.
    serial: AtomicU64,
    /// Held as long as the store is open for writing; the operating system lets go of it when the process ends.
    _lock: Option<Lock>,
}

impl Store {
    /// Opens the store in `dir` for writing, creates what is missing, takes the lock and removes what a dead run left.
    ///
    /// `started` is the time the run started, as text: another run that finds the lock taken shows it.
    ///
    /// # Errors
    /// [`Error::Locked`] while another process writes; [`Error::Io`] and [`Error::Catalog`] when the disk or the
    /// catalogue refuse; [`Error::CatalogVersion`] when a newer version of the program made the catalogue.
    pub fn open(dir: &Path, started: &str) -> Result<Self> {
        Self::open_on(Disk::real(), dir, started)
    }

    /// Like [`Store::open`], on a given [`Disk`]: tests pass one that fails.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_on(disk: Disk, dir: &Path, started: &str) -> Result<Self> {
        disk.create_dirs(dir, None)?;
        let lock = Lock::take(&disk, &dir.join("lock"), started)?;
        for folder in FOLDERS {
            disk.create_dirs(&dir.join(folder), None)?;
        }
        let catalog = Catalog::open(&disk, &dir.join("catalog.db"))?;
        let store = Self::assemble(disk, dir, catalog, Some(lock));
        store.sweep_leftovers()?;
        Ok(store)
    }

    /// Opens an existing store for reading. No lock is taken, nothing is changed, and every write is refused.
    ///
    /// # Errors
    /// [`Error::NoStore`] when there is none in `dir`; else as [`Store::open`].
    pub fn open_existing(dir: &Path) -> Result<Self> {
        let disk = Disk::read_only();
        let path = dir.join("catalog.db");
        if disk.file_len(&path)?.is_none() {
            return Err(Error::NoStore { path: dir.to_owned() });
        }
        let catalog = Catalog::open_existing(&disk, &path)?;
        Ok(Self::assemble(disk, dir, catalog, None))
    }

    fn assemble(disk: Disk, dir: &Path, catalog: Catalog, lock: Option<Lock>) -> Self {
        let (changed, just_added, serial) = (Changed::default(), Mutex::default(), AtomicU64::new(0));
        Store { dir: dir.to_owned(), disk, catalog: Mutex::new(catalog), changed, just_added, serial, _lock: lock }
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

    /// How files of the store are written: temporary files in `tmp/`, on the same file system as their destination.
    fn saving(&self) -> Saving<'_> {
        Saving { disk: &self.disk, scratch: self.scratch("file"), read_only: true, changed: None }
    }

    /// How exports and tables are written: their folders are forced to disk for many at a time.
    fn saving_many(&self) -> Saving<'_> {
        Saving { changed: Some(&self.changed), ..self.saving() }
    }

    /// Forces the entries of all exports and tables saved so far to the disk: before the catalogue relies on them, since after
    /// a power failure a row must not name a file that is not there.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn settle(&self) -> Result<()> {
        self.changed.settle(&self.disk)
    }

    /// A name in `tmp/` that nobody else uses.
    fn scratch(&self, purpose: &str) -> PathBuf {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        self.dir.join("tmp").join(format!("{purpose}-{}-{serial}", std::process::id()))
    }

    /// Removes unfinished files and drafts. Only called under the lock: their writer is dead.
    fn sweep_leftovers(&self) -> Result<()> {
        for path in self.disk.list(&self.dir.join("tmp"))? {
            self.disk.remove(&path)?;
        }
        for path in self.disk.list(&self.dir.join("releases"))? {
            if draft::is_draft(&path) {
                self.disk.remove(&path)?;
            }
        }
        Ok(())
    }
}
