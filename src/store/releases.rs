//! Published releases and the pointer to the one that readers see.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::Store;
use super::draft::is_draft;
use super::error::{Error, Result};
use super::manifest::{Difference, MANIFEST, Manifest};
use super::names::is_plain_name;

impl Store {
    /// The ids of all releases, sorted.
    ///
    /// # Errors
    /// [`Error::Io`] when the folder cannot be listed.
    pub fn list_releases(&self) -> Result<Vec<String>> {
        let paths = self.disk.list(&self.dir.join("releases"))?;
        let ids = paths.iter().filter(|path| !is_draft(path) && path.join(MANIFEST).is_file());
        Ok(ids.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect())
    }

    /// The folder of a release, whether or not it exists.
    pub fn release_folder(&self, id: &str) -> PathBuf {
        self.dir.join("releases").join(id)
    }

    /// What a release holds.
    ///
    /// # Errors
    /// [`Error::NoRelease`]; [`Error::Corrupt`] when its manifest cannot be read as one; [`Error::Io`].
    pub fn manifest(&self, id: &str) -> Result<Manifest> {
        self.must_exist(id)?;
        Manifest::read(&self.disk, &self.release_folder(id))
    }

    /// Reads every byte of a release and says how it differs from its manifest; nothing when it is whole.
    ///
    /// # Errors
    /// As [`Store::manifest`].
    pub fn verify_release(&self, id: &str) -> Result<Vec<Difference>> {
        self.manifest(id)?.compare(&self.disk, &self.release_folder(id))
    }

    /// The release that readers see, if there is one.
    ///
    /// # Errors
    /// [`Error::Io`] when the pointer cannot be read.
    pub fn current(&self) -> Result<Option<String>> {
        let target = self.disk.read_link(&self.dir.join("current"))?;
        Ok(target.and_then(|target| target.file_name()?.to_str().map(str::to_owned)))
    }

    /// Makes readers see the release `id`, older or newer.
    ///
    /// # Errors
    /// [`Error::NoRelease`]; [`Error::Io`], and the pointer is as it was.
    pub fn point_to(&self, id: &str) -> Result<()> {
        self.must_exist(id)?;
        let pointer = self.dir.join("current");
        let fresh = self.scratch("current");
        // Relative, so that the store can be moved or mounted elsewhere.
        self.disk.symlink(&Path::new("releases").join(id), &fresh)?;
        self.disk.rename(&fresh, &pointer).inspect_err(|_| {
            // Nothing depends on it: the next opening of the store removes what stays.
            let _ = self.disk.remove(&fresh);
        })?;
        self.disk.sync_folder(&self.dir)
    }

    /// Points to `id` and keeps later releases from moving the pointer.
    ///
    /// # Errors
    /// As [`Store::point_to`].
    pub fn pin(&self, id: &str) -> Result<()> {
        self.must_exist(id)?;
        // The marker first: should the second step fail, at least nothing newer gets published meanwhile.
        self.saving().save(&self.pin_file(), |file| writeln!(file, "{id}"))?;
        self.point_to(id)
    }

    /// Lets the next release move the pointer again. The pointer stays where it is.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn unpin(&self) -> Result<()> {
        self.disk.remove(&self.pin_file())?;
        self.disk.sync_folder(&self.dir)
    }

    /// The release that is pinned, if one is.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn pinned(&self) -> Result<Option<String>> {
        Ok(self.disk.read_text(&self.pin_file())?.map(|text| text.trim().to_owned()))
    }

    /// Removes a release that is neither current nor pinned. Files it shares with others stay with these.
    ///
    /// # Errors
    /// [`Error::ReleaseInUse`], [`Error::NoRelease`], [`Error::Io`].
    pub fn remove_release(&self, id: &str) -> Result<()> {
        self.must_exist(id)?;
        for (holder, reason) in [(self.current()?, "current"), (self.pinned()?, "pinned")] {
            if holder.as_deref() == Some(id) {
                return Err(Error::ReleaseInUse { id: id.to_owned(), reason });
            }
        }
        // Out of sight at once: a removal that is interrupted must not look like a damaged release.
        let doomed = self.scratch("removed");
        self.disk.rename(&self.release_folder(id), &doomed)?;
        self.disk.sync_folder(&self.dir.join("releases"))?;
        self.disk.remove(&doomed)
    }

    fn pin_file(&self) -> PathBuf {
        self.dir.join("pinned")
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
