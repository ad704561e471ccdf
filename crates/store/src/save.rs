//! The one way a file gets onto the disk.
//!
//! Written beside its destination, counted and hashed on the way, read back, forced to the disk, renamed. Whoever looks
//! at the destination sees the old file, the new file or none, never a part of one.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::changed::Changed;
use super::digest::{Digest, Hasher};
use super::disk::{Disk, HookedFile, parent_of};
use super::error::{Error, Result};
use super::modes::Modes;
use super::operation::Op;
use config::access::Readers;
use vocab::said;

/// A file that is safely on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Where it is.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256.
    pub digest: Digest,
}

/// What a producer writes into: buffers, counts and hashes.
pub struct SaveWriter {
    file: BufWriter<HookedFile>,
    hasher: Hasher,
}

impl Write for SaveWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// How one file is to be saved.
pub(super) struct Saving<'a> {
    pub(super) disk: &'a Disk,
    /// The temporary file: on the same file system as the destination, used by nobody else.
    pub(super) scratch: PathBuf,
    /// Group and permission bits of the file and of folders that are missing.
    pub(super) modes: Modes,
    /// Whether the file will never change again.
    pub(super) read_only: bool,
    /// Where to note that the folder has yet to be forced to disk; none to do it at once.
    pub(super) changed: Option<&'a Changed>,
}

impl Saving<'_> {
    /// Writes bytes that are in memory to `path`. Read back, they are compared with themselves: no digest is needed.
    pub(super) fn save_bytes(self, path: &Path, bytes: &[u8]) -> Result<()> {
        let disk = self.disk;
        let file = disk.create_file(&self.scratch)?;
        let _temporary = Temporary { disk, path: &self.scratch };
        let mut hooked = HookedFile { disk: disk.clone(), path: self.scratch.clone(), file };
        hooked.write_all(bytes).map_err(|source| Error::Io { op: Op::Write, path: self.scratch.clone(), source })?;
        if !disk.holds(&self.scratch, bytes)? {
            let length = bytes.len();
            let expected = said!("{length} 字节", "{length} bytes");
            let found = said!("读回时内容不同", "other bytes when it was read back");
            return Err(Error::Corrupt { path: path.to_owned(), expected, found });
        }
        self.place(&hooked.file, path)
    }

    /// Writes what `fill` produces to `path`. It is read back and held against the digest of what was written.
    pub(super) fn save(self, path: &Path, fill: impl FnOnce(&mut SaveWriter) -> io::Result<()>) -> Result<Saved> {
        let disk = self.disk;
        let file = disk.create_file(&self.scratch)?;
        let _temporary = Temporary { disk, path: &self.scratch };
        let failed = |source| Error::Io { op: Op::Write, path: self.scratch.clone(), source };

        let hooked = HookedFile { disk: disk.clone(), path: self.scratch.clone(), file };
        let mut writer = SaveWriter { file: BufWriter::with_capacity(128 * 1024, hooked), hasher: Hasher::default() };
        fill(&mut writer).map_err(failed)?;
        let SaveWriter { file, hasher } = writer;
        let file = file.into_inner().map_err(|error| failed(error.into_error()))?.file;
        let (digest, bytes) = hasher.finish();

        let found = disk.digest(&self.scratch)?;
        if found != (digest, bytes) {
            let show = |(digest, bytes): (Digest, u64)| {
                said!("{bytes} 字节，SHA-256 为 {digest}", "{bytes} bytes with SHA-256 {digest}")
            };
            return Err(Error::Corrupt { path: path.to_owned(), expected: show((digest, bytes)), found: show(found) });
        }
        self.place(&file, path)?;
        Ok(Saved { path: path.to_owned(), bytes, digest })
    }

    /// Forces a checked file to the disk and moves it into place.
    fn place(&self, file: &File, path: &Path) -> Result<()> {
        let Saving { disk, scratch, modes, read_only, changed } = self;
        // Before the rename: under its final name a file has no other mode for a moment.
        let mode = if *read_only { modes.kept() } else { modes.file() };
        disk.set_mode(scratch, file, mode)?;
        disk.sync_file(scratch, file)?;
        let folder = parent_of(path);
        disk.create_dirs(folder, Some(*modes), *changed)?;
        disk.rename(scratch, path)?;
        disk.changed(folder, *changed)
    }
}

/// Removes the temporary file, unless it was renamed away.
struct Temporary<'a> {
    disk: &'a Disk,
    path: &'a Path,
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        // Nothing depends on this: what stays is removed when the store is next opened.
        let _ = self.disk.remove(self.path);
    }
}

/// Writes a file that is not part of a store, replacing what is there. It stays writable and belongs to the user, and to nobody else:
/// what is written like this holds single enterprises.
///
/// # Errors
/// [`Error::Io`] when the disk refuses; [`Error::BadName`] when `path` names no file.
pub fn write_file(path: &Path, fill: impl FnOnce(&mut SaveWriter) -> io::Result<()>) -> Result<Saved> {
    beside(&Disk::real(), path, Modes::USER, |saving| saving.save(path, fill))
}

/// Saves a file that is not part of a store, by way of one beside it.
fn beside<T>(disk: &Disk, path: &Path, modes: Modes, save: impl FnOnce(Saving<'_>) -> Result<T>) -> Result<T> {
    let name = path.file_name().ok_or_else(|| Error::BadName { name: path.display().to_string() })?;
    let folder = parent_of(path);
    disk.create_dirs(folder, None, None)?;
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}.part", std::process::id()));
    let scratch = folder.join(temporary);
    // A killed process of the same number may have left one.
    disk.remove(&scratch)?;
    save(Saving { disk, scratch, modes, read_only: false, changed: None })
}

/// Writes a file that is not part of a store and that everybody may read, replacing what is there: whoever looks sees the old one or
/// the new one, whole.
///
/// # Errors
/// As [`write_file`].
pub fn write_shared(path: &Path, bytes: &[u8]) -> Result<()> {
    let modes = Modes::published(Readers::All);
    beside(&Disk::real(), path, modes, |saving| saving.save_bytes(path, bytes))
}

/// Adds lines to a file that is not part of a store; it is made if need be.
///
/// # Errors
/// [`Error::Io`] when the disk refuses.
pub fn append(path: &Path, lines: &[u8]) -> Result<()> {
    let disk = Disk::real();
    disk.create_dirs(parent_of(path), None, None)?;
    let open = || OpenOptions::new().append(true).create(true).mode(0o640).open(path);
    // In one piece: two commands may end at the same time.
    disk.run(Op::Write, path, || open()?.write_all(lines))
}

/// A sample file that is written bit by bit. It is the user's, and lost with a crash: it can be made again.
pub type SampleFile = BufWriter<File>;

/// Makes a folder for a new installation, with its parents, and gives the name of something that lies in it already.
///
/// # Errors
/// [`Error::Io`].
pub fn create_folder(path: &Path) -> Result<Option<String>> {
    let disk = Disk::real();
    disk.create_dirs(path, None, None)?;
    let first = disk.list(path)?.into_iter().next();
    Ok(first.and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned())))
}

/// Opens a sample file, replacing what is there.
///
/// # Errors
/// [`Error::Io`] when the disk refuses.
pub fn create_sample(path: &Path) -> Result<SampleFile> {
    let disk = Disk::real();
    disk.create_dirs(parent_of(path), None, None)?;
    disk.remove(path)?;
    Ok(BufWriter::with_capacity(1 << 20, disk.create_file_with(path, 0o666)?))
}
