//! A release in the making: a hidden folder that becomes the release by one rename.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::changed::Changed;
use super::digest::Digest;
use super::disk::parent_of;
use super::error::{Error, Result};
use super::leftovers::Scratch;
use super::manifest::{FileEntry, MANIFEST, Manifest};
use super::names::{DRAFT, is_plain_name};
use super::pointer::{Held, Pointer};
use super::save::Saving;
use super::store::Store;

/// A release that nobody sees yet. Dropping it without [`ReleaseDraft::commit`] throws it away.
///
/// Files may be saved from several threads.
#[derive(Debug)]
pub struct ReleaseDraft<'a> {
    store: &'a Store,
    id: String,
    folder: PathBuf,
    /// The releases that readers see now and the newest one: files that come out the same are shared with them.
    bases: Vec<Manifest>,
    about: BTreeMap<String, String>,
    changed: Changed,
    /// By path; none while the file is being made.
    files: Mutex<BTreeMap<String, Option<FileEntry>>>,
}

/// How a commit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The release's id.
    pub id: String,
    /// The release was there already with the same files.
    pub reused: bool,
    /// Its readers see it now; false while the pointer is held elsewhere, or was left.
    pub is_current: bool,
}

impl Store {
    /// Begins a release. A draft of the same name that a failed attempt left is removed.
    ///
    /// # Errors
    /// [`Error::BadName`] when `id` cannot be a folder; [`Error::Io`].
    pub fn begin_release(&self, id: &str) -> Result<ReleaseDraft<'_>> {
        if !is_plain_name(id) {
            return Err(Error::BadName { name: id.to_owned() });
        }
        let folder = self.dir.join("releases").join(format!("{DRAFT}{id}"));
        self.disk.remove(&folder)?;
        self.disk.create_dirs(&folder, Some(self.modes.published), None)?;
        let mut bases: BTreeSet<String> =
            self.catalog().releases()?.pop().map(|newest| newest.id).into_iter().collect();
        for pointer in Pointer::ALL {
            bases.extend(self.pointed(pointer)?);
        }
        // A damaged predecessor only means that nothing is shared with it.
        let bases = bases.iter().filter_map(|id| self.manifest(id).ok()).collect();
        Ok(ReleaseDraft {
            store: self,
            id: id.to_owned(),
            folder,
            bases,
            about: BTreeMap::new(),
            changed: Changed::default(),
            files: Mutex::default(),
        })
    }
}

impl ReleaseDraft<'_> {
    /// States something about the release in its manifest. Only what the same inputs give again: no times.
    pub fn about(&mut self, key: &str, value: &str) {
        self.about.insert(key.to_owned(), value.to_owned());
    }

    /// Saves a file at `path` (relative, with `/`). If a release that readers see has the same bytes there, the two share them.
    ///
    /// # Errors
    /// [`Error::BadName`] for a path that leads out of the release or is hidden; [`Error::Twice`]; [`Error::Io`] when
    /// the disk fails.
    pub fn save(&self, path: &str, bytes: &[u8]) -> Result<FileEntry> {
        self.reserve(path)?;
        let made = self.make(path, bytes);
        self.settle(path, made.as_ref().ok());
        made
    }

    fn make(&self, path: &str, bytes: &[u8]) -> Result<FileEntry> {
        let entry = FileEntry { path: path.to_owned(), bytes: bytes.len() as u64, sha256: Digest::of(bytes) };
        for base in self.bases.iter().filter(|base| base.file(path) == Some(&entry)) {
            if self.share(&base.release, &entry)? {
                return Ok(entry);
            }
        }
        self.saving().save_bytes(&self.folder.join(path), bytes)?;
        Ok(entry)
    }

    /// Takes a file from an older release, by hard link, after checking its bytes. False when that release does not
    /// have it, it is damaged there, or it cannot be linked: then it has to be made again.
    ///
    /// # Errors
    /// [`Error::BadName`], [`Error::Twice`] and [`Error::Io`] as [`ReleaseDraft::save`].
    pub fn link_from(&self, older: &Manifest, path: &str) -> Result<bool> {
        let Some(entry) = older.file(path) else { return Ok(false) };
        self.reserve(path)?;
        let shared = self.share(&older.release, entry);
        self.settle(path, matches!(shared, Ok(true)).then_some(entry));
        shared
    }

    /// Links a file of another release into this one, unless it is damaged there.
    fn share(&self, release: &str, entry: &FileEntry) -> Result<bool> {
        let disk = &self.store.disk;
        let original = self.store.release_folder(release).join(&entry.path);
        // A link has the mode of what it is a link to: what the site declares now may be another one.
        let mode = self.store.modes.published.kept();
        let is_whole = |file: &Metadata| file.is_file() && file.len() == entry.bytes && mode.is_of(file);
        if !disk.entry(&original)?.as_ref().is_some_and(is_whole) || disk.digest(&original)?.0 != entry.sha256 {
            return Ok(false);
        }
        let link = self.folder.join(&entry.path);
        disk.create_dirs(parent_of(&link), Some(self.store.modes.published), Some(&self.changed))?;
        // Not every file system has hard links, or any number of them, or allows them on another owner's file. Then
        // the file is made again; if the disk itself is at fault, that fails too, and says so.
        let linked = disk.link(&original, &link).is_ok();
        self.changed.note(parent_of(&link));
        Ok(linked)
    }

    /// Keeps `path` for one file, also against other threads.
    fn reserve(&self, path: &str) -> Result<()> {
        if path == MANIFEST || !path.split('/').all(is_plain_name) {
            return Err(Error::BadName { name: path.to_owned() });
        }
        match self.files().entry(path.to_owned()) {
            Entry::Occupied(_) => Err(Error::Twice { release: self.id.clone(), path: path.to_owned() }),
            Entry::Vacant(place) => {
                place.insert(None);
                Ok(())
            }
        }
    }

    /// Lists what was put at `path`, or gives the name free again.
    fn settle(&self, path: &str, made: Option<&FileEntry>) {
        match made {
            Some(entry) => self.files().insert(path.to_owned(), Some(entry.clone())),
            None => self.files().remove(path),
        };
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Option<FileEntry>>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Folders are forced to disk once, at the commit: until then nobody relies on the draft.
    fn saving(&self) -> Saving<'_> {
        Saving { modes: self.store.modes.published, changed: Some(&self.changed), ..self.store.saving() }
    }

    /// Publishes: [`ReleaseDraft::shelve`], and the pointer moves unless it is held.
    ///
    /// # Errors
    /// As [`ReleaseDraft::shelve`]. Readers then still see the release they saw before.
    pub fn commit(self) -> Result<Committed> {
        let (store, pointer) = (self.store, Pointer::of(&self.manifest()));
        let shelved = self.shelve()?;
        let is_current = match store.held(pointer)? {
            Held::At(hold) => hold.release == shelved.id,
            Held::Free | Held::Void(_) => true,
        };
        if is_current {
            store.point_to(&shelved.id)?;
        }
        Ok(Committed { is_current, ..shelved })
    }

    /// Puts the release beside the others: lists the files, forces all folders to disk, renames the draft. A release of the same
    /// name with the same files is used as it is; one that is damaged is replaced whole, never mended file by file under
    /// its readers. No pointer moves.
    ///
    /// # Errors
    /// [`Error::ReleaseDiffers`] when the name is taken by a whole release of other files; [`Error::Io`]. The release can be
    /// begun again then.
    pub fn shelve(self) -> Result<Committed> {
        let (store, disk) = (self.store, &self.store.disk);
        let manifest = self.manifest();
        let json = manifest.to_json(&self.folder)?;
        let release = store.release_folder(&self.id);
        let found = self.found(&release, &manifest, &json)?;
        if found != Found::Same {
            self.saving().save_bytes(&self.folder.join(MANIFEST), &json)?;
            disk.settle(&self.changed)?;
            let damaged = store.scratch(Scratch::Removed);
            if found == Found::Damaged {
                disk.rename(&release, &damaged)?;
            }
            disk.rename(&self.folder, &release)?;
            disk.remove(&damaged)?;
        }
        // Also when it was there: the attempt that made it may have been killed just after the rename.
        disk.sync_folder(parent_of(&release))?;
        store.catalog().put_manifest(&self.id, Digest::of(&json))?;
        let is_current = store.pointed(Pointer::of(&manifest))?.as_ref() == Some(&self.id);
        Ok(Committed { id: self.id.clone(), reused: found == Found::Same, is_current })
    }

    fn manifest(&self) -> Manifest {
        Manifest {
            release: self.id.clone(),
            about: self.about.clone(),
            files: self.files().values().flatten().cloned().collect(),
        }
    }

    /// What has the release's name already.
    fn found(&self, release: &Path, manifest: &Manifest, json: &[u8]) -> Result<Found> {
        let (store, disk) = (self.store, &self.store.disk);
        if disk.entry(release)?.is_none() {
            return Ok(Found::Nothing);
        }
        if store.defect(&self.id)?.is_some() {
            return Ok(Found::Damaged);
        }
        let is_same = disk.holds(&release.join(MANIFEST), json)?;
        let other = if is_same { None } else { Some(store.manifest(&self.id)?) };
        let differences = other.as_ref().unwrap_or(manifest).compare(disk, release)?;
        match (is_same, differences.is_empty()) {
            (_, false) => Ok(Found::Damaged),
            (true, true) => Ok(Found::Same),
            (false, true) => Err(Error::ReleaseDiffers { id: self.id.clone(), path: release.to_owned() }),
        }
    }
}

/// What stands where a release is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Same,
    Damaged,
}

impl Drop for ReleaseDraft<'_> {
    fn drop(&mut self) {
        // After a commit there is nothing left; after a failure this frees the space at once. If it fails too, the
        // next opening of the store does it.
        let _ = self.store.disk.remove(&self.folder);
    }
}
