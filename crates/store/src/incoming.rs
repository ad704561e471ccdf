//! An answer on its way in: a temporary file, which becomes a raw export only once somebody says that it is one.

use std::io::{Seek as _, Write as _};
use std::path::PathBuf;

use super::disk::{Disk, HookedFile};
use super::error::{Error, Result};
use super::leftovers::Scratch;
use super::operation::Op;
use super::store::Store;

/// Bytes that arrive piece by piece. It may begin anew; dropped, it leaves nothing behind.
pub struct Incoming {
    disk: Disk,
    path: PathBuf,
    /// None until something arrives: most sources have nothing new.
    file: Option<HookedFile>,
}

impl Store {
    /// A place for bytes that may arrive.
    pub fn incoming(&self) -> Incoming {
        Incoming { disk: self.disk.clone(), path: self.scratch(Scratch::Incoming), file: None }
    }
}

impl Incoming {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn add(&mut self, bytes: &[u8]) -> Result<()> {
        if self.file.is_none() {
            let file = self.disk.create_file(&self.path)?;
            self.file = Some(HookedFile { disk: self.disk.clone(), path: self.path.clone(), file });
        }
        let written = self.file.as_mut().map_or(Ok(()), |file| file.write_all(bytes));
        written.map_err(|source| Error::Io { op: Op::Write, path: self.path.clone(), source })
    }

    /// Forgets what has arrived.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn restart(&mut self) -> Result<()> {
        let Some(HookedFile { file, .. }) = &mut self.file else { return Ok(()) };
        let emptied = file.set_len(0).and_then(|()| file.rewind());
        emptied.map_err(|source| Error::Io { op: Op::Write, path: self.path.clone(), source })
    }

    /// All that arrived.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn read(&self) -> Result<Vec<u8>> {
        if self.file.is_some() { self.disk.read(&self.path) } else { Ok(Vec::new()) }
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if self.file.is_some() {
            // Nothing depends on this: what stays is removed when the store is next opened.
            let _ = self.disk.remove(&self.path);
        }
    }
}
