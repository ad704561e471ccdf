//! Raw exports, kept for ever under the hash of their content.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{MutexGuard, PoisonError};

use super::Store;
use super::digest::Digest;
use super::disk::parent_of;
use super::error::{Error, Result};

impl Store {
    /// Keeps an export. One that is there already is not written again. [`Store::settle`] comes before the catalogue names it.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the file of that name has another length; [`Error::Io`].
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
            Some(found) if found == expected => self.changed.note(parent_of(&path)),
            Some(found) => {
                let (expected, found) = (format!("{expected} bytes"), format!("{found} bytes"));
                return Err(Error::Corrupt { path, expected, found });
            }
        }
        Ok(digest)
    }

    /// The export with that digest. What this process wrote and read back itself is not hashed once more.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the file no longer has the digest it is named by; [`Error::Io`] when it is not there.
    pub fn read_raw(&self, digest: &Digest) -> Result<Vec<u8>> {
        let path = self.raw_path(digest);
        let bytes = self.disk.read(&path)?;
        if self.just_added().contains(digest) {
            return Ok(bytes);
        }
        let found = Digest::of(&bytes);
        if found == *digest {
            Ok(bytes)
        } else {
            let (expected, found) = (format!("SHA-256 {digest}"), format!("SHA-256 {found}"));
            Err(Error::Corrupt { path, expected, found })
        }
    }

    fn just_added(&self) -> MutexGuard<'_, HashSet<Digest>> {
        self.just_added.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn raw_path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        let shard = name.get(..2).unwrap_or_default();
        self.dir.join("raw").join(shard).join(&name)
    }
}
