//! What can be made whole again without anything from outside: marker, catalogue, files of releases. What follows from exports is
//! made again by `run`.

use std::path::Path;

use super::access::StoreModes;
use super::catalog::{Catalog, Ingest};
use super::digest::Digest;
use super::disk::{Disk, parent_of};
use super::error::{Error, Result};
use super::lock::Lock;
use super::marker;
use super::names::{CATALOG, LOCK};
use super::save::Saving;
use super::store::Store;
use super::tables::Shelf;
use config::access::Access;
use vocab::{Problem, rules};

impl Store {
    /// Makes the marker and the catalogue usable again, where one is damaged, so that the store can be opened. A damaged catalogue
    /// stays beside the new one as `catalog.db.damaged`.
    ///
    /// # Errors
    /// [`Error::NotAStore`] and its like; [`Error::Locked`]; [`Error::Io`].
    pub fn make_usable(access: &Access, dir: &Path, started: &str) -> Result<()> {
        let disk = Disk::real();
        let modes = StoreModes::of(&disk, access)?;
        match marker::look(&disk, dir) {
            Err(Error::MarkerDamaged { .. }) if marker::is_unmarked(&disk, dir)? => {
                marker::write(&disk, dir, modes.private)?;
            }
            looked_at => drop(looked_at?),
        }
        let path = dir.join(CATALOG);
        if disk.file_len(&path)?.is_none() {
            return Ok(());
        }
        let _lock = Lock::take(&disk, &dir.join(LOCK), modes.private.file(), started)?;
        match Catalog::open(&disk, &path, modes.private.file()) {
            Err(Error::Damaged(problem)) if problem.rule == &rules::CATALOGUE_DAMAGED => {
                Catalog::salvage(&disk, &path, modes.private.file())
            }
            opened => opened.map(drop),
        }
    }

    /// Removes the rows of the catalogue that are damaged.
    ///
    /// # Errors
    /// [`Error::Catalog`].
    pub fn remove_damaged_rows(&self) -> Result<()> {
        self.catalog().remove_damaged()
    }

    /// Removes a table that nothing can make again, and the row that names it.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Catalog`].
    pub fn forget_tables(&self, key: Digest) -> Result<()> {
        let ingest = self.catalog().ingest(&key)?;
        self.catalog().forget_ingests(&[key])?;
        let kept = ingest.into_iter().flat_map(|ingest| [ingest.facts, ingest.quarantine]).flatten();
        for path in kept.map(|kept| self.path_of(&kept.file)) {
            self.disk.remove(&path)?;
            self.disk.sync_folder(parent_of(&path))?;
        }
        Ok(())
    }

    /// The key of the ingest that a damaged table belongs to.
    ///
    /// # Errors
    /// [`Error::Catalog`].
    pub fn key_of(&self, problem: &Problem) -> Result<Option<Digest>> {
        let file = &problem.place.file;
        let is_of = |shelf: Shelf, ingest: &Ingest| shelf.of(ingest).is_some_and(|kept| kept.file == *file);
        let mut ingests = self.catalog().ingests()?.into_iter();
        let found = ingests.find(|ingest| is_of(Shelf::Facts, ingest) || is_of(Shelf::Quarantine, ingest));
        Ok(found.map(|ingest| ingest.key))
    }

    /// Takes a file of a release from another release that has the same one whole. False where none has.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn restore_release_file(&self, id: &str, path: &str) -> Result<bool> {
        let manifest = self.manifest(id)?;
        let Some(entry) = manifest.file(path) else { return Ok(false) };
        for other in self.list_releases()?.into_iter().filter(|other| other != id) {
            let Ok(theirs) = self.manifest(&other) else { continue };
            for same in theirs.files.iter().filter(|file| file.sha256 == entry.sha256) {
                let Ok(bytes) = self.disk.read(&self.release_folder(&other).join(&same.path)) else { continue };
                if Digest::of(&bytes) == entry.sha256 {
                    let saving = Saving { modes: self.modes.published, ..self.saving() };
                    saving.save_bytes(&self.release_folder(id).join(path), &bytes)?;
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}
