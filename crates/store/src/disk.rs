//! Every operation on the file system, in one place, so that a test can make the n-th of them fail.

#![allow(clippy::disallowed_methods, reason = "the one file through which the program touches the disk")]

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::changed::Changed;
use super::digest::{Digest, Hasher};
use super::error::{Error, ReadOnly, Result};
use super::modes::{Mode, Modes};
use super::operation::Op;

/// Asked before each operation; an error takes the operation's place.
pub type Hook = Arc<dyn Fn(Op, &Path) -> io::Result<()> + Send + Sync>;

/// Hooks on folders, asked by whoever works below them: a run opens its store and its inbox itself.
static WATCHED: RwLock<Vec<(PathBuf, Hook)>> = RwLock::new(Vec::new());
/// Whether there are any. No test, no question.
static IS_WATCHED: AtomicBool = AtomicBool::new(false);

/// A folder is watched as long as this lives.
pub struct Watch(PathBuf);

impl Drop for Watch {
    fn drop(&mut self) {
        let mut watched = WATCHED.write().unwrap_or_else(PoisonError::into_inner);
        watched.retain(|(folder, _)| *folder != self.0);
        IS_WATCHED.store(!watched.is_empty(), Ordering::SeqCst);
    }
}

/// Lets the hooks of a path's folders speak.
fn ask_watchers(op: Op, path: &Path) -> io::Result<()> {
    if !IS_WATCHED.load(Ordering::Relaxed) {
        return Ok(());
    }
    let watched = WATCHED.read().unwrap_or_else(PoisonError::into_inner);
    watched.iter().filter(|(folder, _)| path.starts_with(folder)).try_for_each(|(_, hook)| hook(op, path))
}

/// Folders that are forced out at a time: all of them mostly wait.
const THREADS: usize = 8;

/// The file system, as the store uses it.
#[derive(Clone, Default)]
pub struct Disk {
    hook: Option<Hook>,
    read_only: bool,
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disk").field("hooked", &self.hook.is_some()).field("read_only", &self.read_only).finish()
    }
}

impl Disk {
    /// The real file system.
    pub fn real() -> Self {
        Disk::default()
    }

    /// The real file system, refusing every change.
    pub fn read_only() -> Self {
        Disk { hook: None, read_only: true }
    }

    /// The real file system with `hook` asked before each operation.
    pub fn hooked(hook: Hook) -> Self {
        Disk { hook: Some(hook), read_only: false }
    }

    /// Has `hook` asked before each operation below a folder, through whatever disk: for tests of whole runs.
    pub fn watch(folder: &Path, hook: Hook) -> Watch {
        let mut watched = WATCHED.write().unwrap_or_else(PoisonError::into_inner);
        watched.push((folder.to_owned(), hook));
        IS_WATCHED.store(true, Ordering::SeqCst);
        Watch(folder.to_owned())
    }

    /// Lets the hook speak before `op`.
    pub(super) fn ask(&self, op: Op, path: &Path) -> io::Result<()> {
        if self.read_only && op.changes() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, ReadOnly));
        }
        ask_watchers(op, path)?;
        self.hook.as_ref().map_or(Ok(()), |hook| hook(op, path))
    }

    /// Runs one operation after asking the hook.
    pub(super) fn run<T>(&self, op: Op, path: &Path, action: impl FnOnce() -> io::Result<T>) -> Result<T> {
        self.ask(op, path).and_then(|()| action()).map_err(|source| Error::Io { op, path: path.to_owned(), source })
    }

    /// Makes a folder and its missing parents, with these modes or as the umask says. Each new entry is forced to the disk, or its
    /// folder noted in `changed`.
    pub(super) fn create_dirs(&self, path: &Path, modes: Option<Modes>, changed: Option<&Changed>) -> Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        let parent = parent_of(path);
        self.create_dirs(parent, modes, changed)?;
        // Narrow until it has its mode.
        let bits = if modes.is_some() { 0o700 } else { 0o777 };
        let made = self.run(Op::CreateDir, path, || match fs::DirBuilder::new().mode(bits).create(path) {
            // Another thread was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            result => result.map(|()| true),
        })?;
        if let Some(modes) = modes.filter(|_| made) {
            self.set_mode(path, &self.open(path)?, modes.folder())?;
        }
        self.changed(parent, changed)
    }

    /// An entry of `folder` has changed: forces it to the disk, or notes in `changed` that this is to be done.
    pub(super) fn changed(&self, folder: &Path, changed: Option<&Changed>) -> Result<()> {
        match changed {
            Some(changed) => {
                changed.note(folder);
                Ok(())
            }
            None => self.sync_folder(folder),
        }
    }

    /// Makes a file that must not exist yet. Nobody else can read it until it has its mode.
    pub(super) fn create_file(&self, path: &Path) -> Result<File> {
        self.create_file_with(path, 0o600)
    }

    /// Makes a file that must not exist yet with these permissions, as far as the umask allows them.
    pub(super) fn create_file_with(&self, path: &Path, bits: u32) -> Result<File> {
        let options = || OpenOptions::new().read(true).write(true).create_new(true).mode(bits).open(path);
        self.run(Op::CreateFile, path, options)
    }

    pub(super) fn open(&self, path: &Path) -> Result<File> {
        self.run(Op::Read, path, || File::open(path))
    }

    pub(super) fn read(&self, path: &Path) -> Result<Vec<u8>> {
        self.run(Op::Read, path, || fs::read(path))
    }

    /// Where a symbolic link points, or `None` where there is no link.
    pub(super) fn read_link(&self, path: &Path) -> Result<Option<PathBuf>> {
        self.run(Op::Read, path, || absent_as_none(fs::read_link(path)))
    }

    /// Whether what is at a path is a link; `None` where there is nothing.
    pub(super) fn is_link(&self, path: &Path) -> Result<Option<bool>> {
        Ok(self.entry(path)?.map(|metadata| metadata.is_symlink()))
    }

    /// Whether what is at a path is a folder of its own, and not a link to one; `None` where there is nothing.
    pub(super) fn is_folder(&self, path: &Path) -> Result<Option<bool>> {
        Ok(self.entry(path)?.map(|metadata| metadata.is_dir()))
    }

    /// Length of a file of its own, and not of one that a link leads to; `None` where there is none.
    pub(super) fn plain_len(&self, path: &Path) -> Result<Option<u64>> {
        Ok(self.entry(path)?.filter(fs::Metadata::is_file).map(|metadata| metadata.len()))
    }

    /// The path without links in it.
    pub(super) fn real_path(&self, path: &Path) -> Result<PathBuf> {
        self.run(Op::Read, path, || fs::canonicalize(path))
    }

    /// What is at a path; links are not followed.
    pub(super) fn entry(&self, path: &Path) -> Result<Option<fs::Metadata>> {
        self.run(Op::Read, path, || absent_as_none(fs::symlink_metadata(path)))
    }

    /// Length of a file, or `None` where there is no file.
    pub(super) fn file_len(&self, path: &Path) -> Result<Option<u64>> {
        let found = self.run(Op::Read, path, || absent_as_none(fs::metadata(path)))?;
        Ok(found.filter(fs::Metadata::is_file).map(|metadata| metadata.len()))
    }

    /// Digest and length of a file, in constant memory.
    pub(super) fn digest(&self, path: &Path) -> Result<(Digest, u64)> {
        let mut file = self.open(path)?;
        let mut hasher = Hasher::default();
        let mut buffer = vec![0; 128 * 1024];
        loop {
            match self.run(Op::Read, path, || file.read(&mut buffer))? {
                0 => return Ok(hasher.finish()),
                n => hasher.update(buffer.get(..n).unwrap_or_default()),
            }
        }
    }

    /// Whether a file holds exactly these bytes, in constant memory.
    pub(super) fn holds(&self, path: &Path, bytes: &[u8]) -> Result<bool> {
        let mut file = self.open(path)?;
        let mut buffer = vec![0; 128 * 1024];
        let mut rest = bytes;
        loop {
            let read = self.run(Op::Read, path, || file.read(&mut buffer))?;
            match rest.split_at_checked(read) {
                Some((same, after)) if Some(same) == buffer.get(..read) => rest = after,
                _ => return Ok(false),
            }
            if read == 0 {
                return Ok(rest.is_empty());
            }
        }
    }

    pub(super) fn sync_file(&self, path: &Path, file: &File) -> Result<()> {
        self.run(Op::SyncFile, path, || file.sync_all())
    }

    /// Forces the entries of a folder to the disk: without it a rename may be forgotten when the power fails.
    pub(super) fn sync_folder(&self, path: &Path) -> Result<()> {
        self.run(Op::SyncFolder, path, || File::open(path)?.sync_all())
    }

    /// Forces all folders noted so far to the disk.
    pub(super) fn settle(&self, changed: &Changed) -> Result<()> {
        let _settling = changed.settling.lock().unwrap_or_else(PoisonError::into_inner);
        let folders = changed.take();
        let of_each = folders.len().div_ceil(THREADS).max(1);
        // Plain threads: a worker of a pool would meanwhile begin another piece of work, which may come to this same lock.
        std::thread::scope(|scope| {
            let sync = |folders: &[PathBuf]| folders.iter().try_for_each(|folder| self.sync_folder(folder));
            let helpers = folders.chunks(of_each).map(|folders| scope.spawn(move || sync(folders)));
            let helpers: Vec<_> = helpers.collect();
            helpers.into_iter().try_for_each(|helper| helper.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
    }

    /// Gives a file or folder its group and permission bits, whatever the umask made of them. A folder that hands its group
    /// down goes on doing so.
    pub(super) fn set_mode(&self, path: &Path, file: &File, mode: Mode) -> Result<()> {
        self.run(Op::SetMode, path, || {
            if let Some(group) = mode.group {
                fchown(file, None, Some(group))?;
            }
            let metadata = file.metadata()?;
            let handed_down = if metadata.is_dir() { metadata.mode() & 0o2000 } else { 0 };
            file.set_permissions(fs::Permissions::from_mode(mode.bits | handed_down))
        })
    }

    /// What a path leads to, or `None` where that is nothing.
    pub(super) fn target(&self, path: &Path) -> Result<Option<fs::Metadata>> {
        self.run(Op::Read, path, || absent_as_none(fs::metadata(path)))
    }

    pub(super) fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        self.run(Op::Rename, to, || fs::rename(from, to))
    }

    pub(super) fn link(&self, original: &Path, link: &Path) -> Result<()> {
        self.run(Op::Link, link, || fs::hard_link(original, link))
    }

    pub(super) fn symlink(&self, target: &Path, link: &Path) -> Result<()> {
        self.run(Op::Symlink, link, || std::os::unix::fs::symlink(target, link))
    }

    /// Removes a file, a link, or a folder with all in it; fine when it is not there.
    pub(super) fn remove(&self, path: &Path) -> Result<()> {
        self.run(Op::Remove, path, || {
            let Some(metadata) = absent_as_none(fs::symlink_metadata(path))? else { return Ok(()) };
            if metadata.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
        })
    }

    /// The entries of a folder, sorted.
    pub(super) fn list(&self, path: &Path) -> Result<Vec<PathBuf>> {
        let mut entries = self.run(Op::List, path, || {
            fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()
        })?;
        entries.sort_unstable();
        Ok(entries)
    }
}

/// A file whose writes the hook can fail.
pub(super) struct HookedFile {
    pub(super) disk: Disk,
    pub(super) path: PathBuf,
    pub(super) file: File,
}

impl Write for HookedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.ask(Op::Write, &self.path)?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The folder a path is in; the working folder for a bare name.
pub(super) fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

pub(super) fn absent_as_none<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        // A file where a folder was has nothing below it.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}
