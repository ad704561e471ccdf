//! Opening a store: for its one writer, or for any number of readers.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::access::StoreModes;
use super::catalog::Catalog;
use super::disk::{Disk, parent_of};
use super::error::{Error, Result};
use super::leftovers::is_scratch;
use super::lock::Lock;
use super::marker::{self, Found};
use super::modes::Mode;
use super::names::{CATALOG, FOLDERS, LOCK, RELEASES, draft_of};
use super::store::Store;
use config::access::Access;
use vocab::{Place, Problem, rules};

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
        disk.create_dirs(parent_of(dir), None, None)?;
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

    /// Removes unfinished files and drafts. Only called under the lock: their writer is dead. What has another name or is of
    /// another kind than this program makes stays: `verify` tells it.
    fn sweep_leftovers(&self) -> Result<()> {
        for path in self.disk.list(&self.dir.join("tmp"))? {
            if self.disk.entry(&path)?.is_some_and(|entry| is_scratch(&path, &entry)) {
                self.disk.remove(&path)?;
            }
        }
        for path in self.disk.list(&self.dir.join("releases"))? {
            if draft_of(&path).is_some() && self.disk.entry(&path)?.is_some_and(|entry| entry.is_dir()) {
                self.disk.remove(&path)?;
            }
        }
        Ok(())
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
}
