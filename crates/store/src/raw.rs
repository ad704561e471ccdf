//! Raw exports, kept for ever under the hash of their content.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{MutexGuard, PoisonError};

use super::digest::Digest;
use super::disk::parent_of;
use super::error::{Error, Result};
use super::store::Store;
use vocab::rules::Rule;
use vocab::{Place, Problem, rules, said};

impl Store {
    /// Keeps an export. One that is there already is not written again, unless it is damaged. [`Store::settle`] comes before the catalogue names it.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn add_raw(&self, bytes: &[u8]) -> Result<Digest> {
        let digest = Digest::of(bytes);
        let path = self.raw_path(&digest);
        let expected = bytes.len() as u64;
        match self.disk.file_len(&path)? {
            None => {
                self.saving_many().save_bytes(&path, bytes)?;
                self.just_added().insert(digest);
            }
            // The run that wrote it may have been killed before it forced the folder to disk, and the catalogue is
            // about to rely on it.
            Some(found) if found == expected && self.disk.holds(&path, bytes)? => self.changed.note(parent_of(&path)),
            Some(_) => {
                self.saving_many().save_bytes(&path, bytes)?;
                self.note(self.raw_problem(&rules::RAW_DAMAGED, &digest).said(said!("已重写", "written anew")));
            }
        }
        Ok(digest)
    }

    /// The export with that digest. What this process wrote and read back itself is not hashed once more.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the file no longer has the digest it is named by or is not there; [`Error::Io`].
    pub fn read_raw(&self, digest: &Digest) -> Result<Vec<u8>> {
        let path = self.raw_path(digest);
        if self.disk.entry(&path)?.is_none_or(|entry| !entry.is_file()) {
            return Err(Error::Damaged(Box::new(self.raw_problem(&rules::RAW_MISSING, digest))));
        }
        let bytes = self.disk.read(&path)?;
        if self.just_added().contains(digest) || Digest::of(&bytes) == *digest {
            Ok(bytes)
        } else {
            Err(Error::Damaged(Box::new(self.raw_problem(&rules::RAW_DAMAGED, digest))))
        }
    }

    /// Keeps an export again that was damaged or gone, and tells it.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn restore_raw(&self, bytes: &[u8], problem: Problem) -> Result<()> {
        self.saving_many().save_bytes(&self.raw_path(&Digest::of(bytes)), bytes)?;
        self.note(problem.said(said!("已从收件目录重新留存", "taken from the inbox again")));
        Ok(())
    }

    fn raw_problem(&self, rule: &'static Rule, digest: &Digest) -> Problem {
        let path = self.raw_path(digest);
        let file = path.strip_prefix(&self.dir).unwrap_or(&path);
        Problem::new(rule, Place::file(&file.to_string_lossy()))
    }

    fn just_added(&self) -> MutexGuard<'_, HashSet<Digest>> {
        self.just_added.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn raw_path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        let shard = name.get(..2).unwrap_or_default();
        self.dir.join("raw").join(shard).join(&name)
    }
}
