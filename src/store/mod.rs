//! Bytes on disk: the only room that touches files.
//!
//! ```text
//! store/STORE                     what makes the folder a store: see [`marker`]
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
mod leftovers;
mod lock;
mod manifest;
mod marker;
mod modes;
mod names;
pub mod parquet;
mod pointer;
mod raw;
mod releases;
mod repair;
mod save;
mod tables;
mod usage;
mod verify;

use std::collections::{BTreeSet, HashSet};
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
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
pub use save::{SampleFile, SaveWriter, Saved, append, create_folder, create_sample, write_file, write_shared};
pub use tables::{Kept, Shelf};
pub use usage::Usage;

use crate::config::access::Access;
use crate::vocab::{Place, Problem, rules};
use changed::Changed;
use leftovers::Scratch;
use lock::Lock;
use marker::Found;
use modes::{Mode, StoreModes};
use save::Saving;

const FOLDERS: [&str; 6] = ["raw", "facts", "quarantine", RELEASES, REVISIONS, "tmp"];
const RELEASES: &str = "releases";
const REVISIONS: &str = "revisions";
const CATALOG: &str = "catalog.db";
const LOCK: &str = "lock";

/// A store that is open, for one writer or for any number of readers.
///
/// It can be shared between threads: saving files runs in parallel, the catalogue is behind a mutex.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    disk: Disk,
    modes: StoreModes,
    catalog: Mutex<Catalog>,
    /// Folders of exports and tables, until [`Store::settle`].
    changed: Changed,
    /// Exports that this process wrote, and read back.
    just_added: Mutex<HashSet<Digest>>,
    /// Numbers the temporary files of this process.
    serial: AtomicU64,
    /// What was found damaged and mended, or went without, until it is told.
    noted: Mutex<BTreeSet<Problem>>,
    /// Held as long as the store is open for writing; the operating system lets go of it when the process ends.
    _lock: Option<Lock>,
}

impl Store {
    /// Opens the store in `dir` for writing, creates what is missing, takes the lock and removes what a dead run left.
    ///
    /// `started` is the time the run started, as text: another run that finds the lock taken shows it.
    ///
    /// # Errors
    /// [`Error::NotAStore`] and its like when `dir` is something else; [`Error::Locked`] while another process writes;
    /// [`Error::Io`] and [`Error::Catalog`] when the disk or the catalogue refuse; [`Error::CatalogVersion`] when a newer version
    /// of the program made the catalogue.
    pub fn open(dir: &Path, started: &str) -> Result<Self> {
        Self::open_on(Disk::real(), dir, started)
    }

    /// Like [`Store::open`], on a given [`Disk`]: tests pass one that fails.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_on(disk: Disk, dir: &Path, started: &str) -> Result<Self> {
        Self::make(disk, dir, StoreModes::default(), started)
    }

    /// Like [`Store::open`], for those who may read it as the site declares.
    ///
    /// # Errors
    /// As [`Store::open`]; [`Error::NoGroup`].
    pub fn open_for(access: &Access, dir: &Path, started: &str) -> Result<Self> {
        let disk = Disk::real();
        let modes = StoreModes::of(&disk, access)?;
        let store = Self::make(disk, dir, modes, started)?;
        store.narrow()?;
        Ok(store)
    }

    fn make(disk: Disk, dir: &Path, modes: StoreModes, started: &str) -> Result<Self> {
        let found = marker::look(&disk, dir)?;
        disk.create_dirs(disk::parent_of(dir), None, None)?;
        disk.create_dirs(dir, Some(modes.own), None)?;
        let lock = Lock::take(&disk, &dir.join(LOCK), modes.private.file(), started)?;
        if found == Found::Nothing {
            marker::write(&disk, dir, modes.private)?;
        }
        for folder in FOLDERS {
            let modes = if folder == RELEASES { modes.published } else { modes.private };
            disk.create_dirs(&dir.join(folder), Some(modes), None)?;
        }
        let catalog = Catalog::open(&disk, &dir.join(CATALOG), modes.private.file())?;
        if found == Found::Unmarked {
            marker::write(&disk, dir, modes.private)?;
        }
        let store = Self::assemble(disk, dir, modes, catalog, Some(lock));
        if found == Found::Unmarked {
            store.note(Problem::new(&rules::MARKER_WRITTEN, Place::file(marker::MARKER)));
        }
        store.sweep_leftovers()?;
        Ok(store)
    }

    /// Opens an existing store for reading. No lock is taken, nothing is changed, and every write is refused.
    ///
    /// # Errors
    /// [`Error::NoStore`] when there is none in `dir`; else as [`Store::open`].
    pub fn open_existing(dir: &Path) -> Result<Self> {
        let disk = Disk::read_only();
        let path = dir.join(CATALOG);
        if marker::look(&disk, dir)? == Found::Nothing || disk.file_len(&path)?.is_none() {
            return Err(Error::NoStore { path: dir.to_owned() });
        }
        let catalog = Catalog::open_existing(&disk, &path)?;
        Ok(Self::assemble(disk, dir, StoreModes::default(), catalog, None))
    }

    fn assemble(disk: Disk, dir: &Path, modes: StoreModes, catalog: Catalog, lock: Option<Lock>) -> Self {
        let (changed, just_added, serial) = (Changed::default(), Mutex::default(), AtomicU64::new(0));
        let catalog = Mutex::new(catalog);
        let noted = Mutex::default();
        Store { dir: dir.to_owned(), disk, modes, catalog, changed, just_added, serial, noted, _lock: lock }
    }

    /// Gives the upper folders and the catalogue the mode that the site declares: an older program left them open to everyone. Those
    /// of another owner stay as they are: `verify` tells them.
    fn narrow(&self) -> Result<()> {
        let (private, published) = (self.modes.private, self.modes.published.folder());
        let folder = |name: &str| if name == RELEASES { published } else { private.folder() };
        let folders = FOLDERS.map(|name| (name, folder(name)));
        for (name, mode) in folders.into_iter().chain([CATALOG, LOCK].map(|name| (name, private.file()))) {
            self.give(&self.dir.join(name), |_| mode)?;
        }
        // The store's own folder may be somebody's who gave it a mode: it is only opened to those who may read releases.
        let through = self.modes.own.folder().bits & 0o001;
        self.give(&self.dir, |metadata| Mode { bits: metadata.mode() & 0o777 | through, group: None })
    }

    fn give(&self, path: &Path, mode: impl Fn(&Metadata) -> Mode) -> Result<()> {
        let Some(metadata) = self.disk.target(path)? else { return Ok(()) };
        let mode = mode(&metadata);
        if mode.is_of(&metadata) {
            return Ok(());
        }
        let set = self.disk.open(path).and_then(|file| self.disk.set_mode(path, &file, mode));
        set.or_else(|error| if error.is_denied() { Ok(()) } else { Err(error) })
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
        let rows = self.catalog().damaged_tables().into_iter().map(|table| {
            Problem::new(&rules::CATALOGUE_ROW_DAMAGED, Place::file(CATALOG)).value(format!("a row of {table}"))
        });
        let rows: Vec<Problem> = rows.collect();
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

    /// How files of the store are written: temporary files in `tmp/`, on the same file system as their destination.
    fn saving(&self) -> Saving<'_> {
        Saving {
            disk: &self.disk,
            scratch: self.scratch(Scratch::File),
            modes: self.modes.private,
            read_only: true,
            changed: None,
        }
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
}
