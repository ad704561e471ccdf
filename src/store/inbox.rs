//! Drop folders: what is in them, and reading a file that someone else may still be writing.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::disk::{Disk, Op, absent_as_none};
use super::error::{Error, Result};
use super::names::readable;

/// What tells a changed file from an unchanged one without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// Length.
    pub bytes: u64,
    /// Time of the last change of the content, in nanoseconds since 1970.
    pub mtime_ns: i64,
    /// Time of the last change of content or metadata: unlike the other it cannot be set, so a copy that keeps the
    /// original's time is still seen.
    pub ctime_ns: i64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Stamp {
            bytes: metadata.len(),
            mtime_ns: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            ctime_ns: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// A file in a drop folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxFile {
    /// Name relative to the folder, with `/`. Bytes that are not UTF-8 are written `\xC7`: nothing is guessed.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Length and times.
    pub stamp: Stamp,
}

/// All files below `dir`, by name. Left out are hidden files, the lock files of office programs (`~$…`) and unfinished
/// transfers (`….part`). Linked folders are followed, but no folder is entered twice, so loops end.
///
/// # Errors
/// [`Error::Io`] when a folder cannot be listed.
pub fn list_files(dir: &Path) -> Result<Vec<InboxFile>> {
    let disk = Disk::real();
    let mut files = Vec::new();
    let mut entered = BTreeSet::new();
    // Linked folders wait until all real ones are done: a file keeps its real name if it has one.
    let mut folders = vec![(String::new(), dir.to_owned())];
    let mut linked = Vec::new();
    while let Some((name, folder)) = folders.pop().or_else(|| linked.pop()) {
        let real = disk.run(Op::Read, &folder, || fs::canonicalize(&folder))?;
        if !entered.insert(real) {
            continue;
        }
        // In reverse, because the lists are worked off from their ends.
        for path in disk.list(&folder)?.into_iter().rev() {
            let Some(entry) = path.file_name().map(readable).filter(|entry| !is_unfinished(entry)) else { continue };
            let name = if name.is_empty() { entry } else { format!("{name}/{entry}") };
            // Gone since it was listed, or a link to nowhere: there is nothing to read.
            let Some(metadata) = disk.run(Op::Read, &path, || absent_as_none(fs::metadata(&path)))? else { continue };
            if metadata.is_file() {
                files.push(InboxFile { name, path, stamp: Stamp::of(&metadata) });
            } else if metadata.is_dir() {
                let list = if path.is_symlink() { &mut linked } else { &mut folders };
                list.push((name, path));
            }
        }
    }
    files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// Reads a whole file of at most `limit` bytes.
///
/// # Errors
/// [`Error::TooLarge`] beyond the limit; [`Error::StillChanging`] when it changed meanwhile; [`Error::Io`].
pub fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let disk = Disk::real();
    let file = disk.open(path)?;
    let stamp = || disk.run(Op::Read, path, || file.metadata()).map(|metadata| Stamp::of(&metadata));
    let before = stamp()?;
    if before.bytes > limit {
        return Err(Error::TooLarge { path: path.to_owned(), limit });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(before.bytes.min(limit)).unwrap_or(0));
    // One byte more than allowed, so that a file that grows is noticed too.
    disk.run(Op::Read, path, || (&file).take(limit.saturating_add(1)).read_to_end(&mut bytes))?;
    if bytes.len() as u64 > limit {
        return Err(Error::TooLarge { path: path.to_owned(), limit });
    }
    let after = stamp()?;
    if before != after || after.bytes != bytes.len() as u64 {
        return Err(Error::StillChanging { path: path.to_owned() });
    }
    Ok(bytes)
}

fn is_unfinished(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$") || name.to_ascii_lowercase().ends_with(".part")
}
