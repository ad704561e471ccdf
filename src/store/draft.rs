//! A release in the making: a hidden folder that becomes the release by one rename.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Store;
use super::changed::Changed;
use super::digest::Digest;
use super::disk::parent_of;
use super::error::{Error, Result};
use super::manifest::{FileEntry, MANIFEST, Manifest};
use super::names::is_plain_name;
use super::save::Saving;

const PREFIX: &str = ".draft-";

/// Whether a path in `releases/` is a draft.
pub(super) fn is_draft(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(PREFIX.as_bytes()))
}

/// A release that nobody sees yet. Dropping it without [`ReleaseDraft::commit`] throws it away.
///
/// Files may be saved from several threads.
#[derive(Debug)]
pub struct ReleaseDraft<'a> {
    store: &'a Store,
    id: String,
    folder: PathBuf,
    /// The release that readers see now: files that come out the same are shared with it.
    base: Option<Manifest>,
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
    /// Readers see it now; false while another release is pinned.
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
        let folder = self.dir.join("releases").join(format!("{PREFIX}{id}"));
        self.disk.remove(&folder)?;
        self.disk.create_dirs(&folder, None)?;
        let base = match self.current()? {
            // A damaged predecessor only means that nothing is shared with it.
            Some(current) => self.manifest(&current).ok(),
            None => None,
        };
        Ok(ReleaseDraft {
            store: self,
            id: id.to_owned(),
            folder,
            base,
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

    /// Saves a file at `path` (relative, with `/`). If the current release has the same bytes there, the two share them.
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
        let shared = match &self.base {
            Some(base) if base.file(path) == Some(&entry) => self.share(&base.release, &entry)?,
            _ => false,
        };
        if !shared {
            self.saving().save_bytes(&self.folder.join(path), bytes)?;
        }
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
        if disk.file_len(&original)? != Some(entry.bytes) || disk.digest(&original)?.0 != entry.sha256 {
            return Ok(false);
        }
        let link = self.folder.join(&entry.path);
        disk.create_dirs(parent_of(&link), Some(&self.changed))?;
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
        Saving { changed: Some(&self.changed), ..self.store.saving() }
    }

    /// Publishes: lists the files, forces all folders to disk, renames the draft and moves the pointer, unless it is
    /// pinned. A release of the same name with the same files is used as it is.
    ///
    /// # Errors
    /// [`Error::ReleaseDiffers`] when the name is taken by other files; [`Error::Corrupt`] when it is taken by the same
    /// files and these are damaged; [`Error::Io`]. Readers then still see the release they saw before, and the
    /// release can be begun again.
    pub fn commit(self) -> Result<Committed> {
        let (store, disk) = (self.store, &self.store.disk);
        let manifest = self.manifest();
        let json = manifest.to_json().map_err(|source| Error::Io {
            op: super::Op::Write,
            path: self.folder.join(MANIFEST),
            source,
        })?;
        let release = store.release_folder(&self.id);
        let reused = release.is_dir();
        if reused {
            self.check_same(&release, &manifest, &json)?;
        } else {
            self.saving().save_bytes(&self.folder.join(MANIFEST), &json)?;
            self.changed.settle(disk)?;
            disk.rename(&self.folder, &release)?;
        }
        // Also when it was there: the attempt that made it may have been killed just after the rename.
        disk.sync_folder(parent_of(&release))?;
        let is_current = match store.pinned()? {
            Some(pinned) => pinned == self.id,
            None => true,
        };
        if is_current {
            store.point_to(&self.id)?;
        }
        Ok(Committed { id: self.id.clone(), reused, is_current })
    }

    fn manifest(&self) -> Manifest {
        Manifest {
            release: self.id.clone(),
            about: self.about.clone(),
            files: self.files().values().flatten().cloned().collect(),
        }
    }

    fn check_same(&self, release: &Path, manifest: &Manifest, json: &[u8]) -> Result<()> {
        let disk = &self.store.disk;
        if disk.read(&release.join(MANIFEST))? != json {
            return Err(Error::ReleaseDiffers { id: self.id.clone(), path: release.to_owned() });
        }
        match manifest.compare(disk, release)?.first() {
            None => Ok(()),
            Some(difference) => Err(Error::Corrupt {
                path: release.join(&difference.path),
                expected: "what the manifest lists".to_owned(),
                found: format!("{:?}", difference.kind).to_lowercase(),
            }),
        }
    }
}

impl Drop for ReleaseDraft<'_> {
    fn drop(&mut self) {
        // After a commit there is nothing left; after a failure this frees the space at once. If it fails too, the
        // next opening of the store does it.
        let _ = self.store.disk.remove(&self.folder);
    }
}
