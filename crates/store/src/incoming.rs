//! An answer on its way in: a temporary file, which becomes a raw export only once somebody says that it is one.

use std::io::{self, Seek as _, Write as _};
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
    /// When the disk refuses; says what and where.
    pub fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.file.is_none() {
            let file = self.disk.create_file(&self.path).map_err(io::Error::other)?;
            self.file = Some(HookedFile { disk: self.disk.clone(), path: self.path.clone(), file });
        }
        let written = self.file.as_mut().map_or(Ok(()), |file| file.write_all(bytes));
        written.map_err(|source| self.failed(source))
    }

    /// Forgets what has arrived.
    ///
    /// # Errors
    /// When the disk refuses; says what and where.
    pub fn restart(&mut self) -> io::Result<()> {
        let Some(HookedFile { file, .. }) = &mut self.file else { return Ok(()) };
        let emptied = file.set_len(0).and_then(|()| file.rewind());
        emptied.map_err(|source| self.failed(source))
    }

    /// All that arrived.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn read(&self) -> Result<Vec<u8>> {
        if self.file.is_some() { self.disk.read(&self.path) } else { Ok(Vec::new()) }
    }

    fn failed(&self, source: io::Error) -> io::Error {
        io::Error::other(Error::Io { op: Op::Write, path: self.path.clone(), source })
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
