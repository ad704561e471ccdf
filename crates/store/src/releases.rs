//! Published releases.

use std::path::{Path, PathBuf};

use super::digest::Digest;
use super::disk::Disk;
use super::error::{Error, Result};
use super::manifest::{Difference, DifferenceKind, MANIFEST, Manifest};
use super::names::{RELEASES, draft_of, is_plain_name};
use super::store::Store;
use vocab::{Place, Problem, rules};

impl Store {
    /// The ids of all releases, sorted.
    ///
    /// # Errors
    /// [`Error::Io`] when the folder cannot be listed.
    pub fn list_releases(&self) -> Result<Vec<String>> {
        let paths = self.disk.list(&self.dir.join(RELEASES))?;
        let ids = paths.iter().filter(|path| draft_of(path).is_none() && path.join(MANIFEST).is_file());
        Ok(ids.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect())
    }

    /// The folder of a release, whether or not it exists.
    pub fn release_folder(&self, id: &str) -> PathBuf {
        self.dir.join("releases").join(id)
    }

    /// What a release holds.
    ///
    /// # Errors
    /// [`Error::NoRelease`]; [`Error::Damaged`] when its manifest is not what was written; [`Error::Io`].
    pub fn manifest(&self, id: &str) -> Result<Manifest> {
        self.must_exist(id)?;
        let digest = self.catalog().manifest(id)?;
        Manifest::read(&self.disk, &self.release_folder(id), digest)
    }

    /// A file of a release, if it lists it and has it whole; damage is noted.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn read_release_file(&self, manifest: &Manifest, path: &str) -> Result<Option<Vec<u8>>> {
        let Some(entry) = manifest.file(path) else { return Ok(None) };
        let file = self.release_folder(&manifest.release).join(path);
        let told = |rule| Problem::new(rule, Place::file(&format!("{RELEASES}/{}/{path}", manifest.release)));
        if self.disk.entry(&file)?.is_none_or(|entry| !entry.is_file()) {
            self.note(told(&rules::RELEASE_FILE_MISSING));
            return Ok(None);
        }
        let bytes = self.disk.read(&file)?;
        if Digest::of(&bytes) == entry.sha256 {
            return Ok(Some(bytes));
        }
        self.note(told(&rules::RELEASE_FILE_CHANGED));
        Ok(None)
    }

    /// Reads every byte of a release and says how it differs from its manifest; nothing when it is whole.
    ///
    /// # Errors
    /// As [`Store::manifest`].
    pub fn verify_release(&self, id: &str) -> Result<Vec<Difference>> {
        self.manifest(id)?.compare(&self.disk, &self.release_folder(id))
    }

    /// What a release lacks as far as names and lengths tell, if it lacks anything: cheap enough to be asked by every run.
    /// [`Store::verify_release`] reads every byte.
    ///
    /// # Errors
    /// [`Error::Io`] when the disk refuses.
    pub fn defect(&self, id: &str) -> Result<Option<Difference>> {
        let folder = self.release_folder(id);
        let at = |path: &str, kind| Some(Difference { path: path.to_owned(), kind });
        if !is_plain_name(id) || self.disk.is_folder(&folder)? != Some(true) {
            return Ok(at("", DifferenceKind::Missing));
        }
        if self.disk.plain_len(&folder.join(MANIFEST))?.is_none() {
            return Ok(at(MANIFEST, DifferenceKind::Missing));
        }
        let manifest = match self.manifest(id) {
            Ok(manifest) if manifest.release == id => manifest,
            Ok(_) | Err(Error::Damaged(_)) => return Ok(at(MANIFEST, DifferenceKind::Changed)),
            Err(error) => return Err(error),
        };
        for entry in &manifest.files {
            let kind = match self.disk.plain_len(&folder.join(&entry.path))? {
                Some(bytes) if bytes == entry.bytes => continue,
                Some(_) => DifferenceKind::Changed,
                None => DifferenceKind::Missing,
            };
            return Ok(at(&entry.path, kind));
        }
        Ok(None)
    }

    fn must_exist(&self, id: &str) -> Result<()> {
        let folder = self.release_folder(id);
        if is_plain_name(id) && self.disk.file_len(&folder.join(MANIFEST))?.is_some() {
            Ok(())
        } else {
            Err(Error::NoRelease { id: id.to_owned(), path: self.dir.join("releases") })
        }
    }
}

/// The folder itself, whatever links lead to it: what a reader goes on with while pointers move.
///
/// # Errors
/// [`Error::Io`] when it is not there.
pub fn resolve(folder: &Path) -> Result<PathBuf> {
    Disk::real().real_path(folder)
}
