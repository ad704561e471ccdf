//! Drop folders: what is in them, and reading a file that someone else may still be writing.
//!
//! Whatever lies in a drop folder, the others in it are listed: a link to itself, a pipe or a folder that must not be read
//! is told with its name. Nothing is opened that is no plain file, since opening a pipe waits for whoever writes into it.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::disk::{Disk, absent_as_none};
use super::error::{Error, Result, Special};
use super::names::readable;
use super::operation::Op;
use vocab::transfer::{is_hidden, is_unfinished};

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

/// Something in a drop folder of which nothing can be read now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTaken {
    /// Name relative to the folder, as of an [`InboxFile`].
    pub name: String,
    /// What it is.
    pub why: Why,
}

/// Why something in a drop folder is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its name is that of a transfer which has not come to its end.
    Unfinished,
    /// The system does not let it be read: a file, or a folder with all in it.
    Unreadable(io::ErrorKind),
    /// A link to nowhere, or to itself.
    Link,
    /// No file.
    NoFile(Special),
    /// Its name holds a control character, which stands here as U+FFFD.
    Name,
    /// It changed after it was listed, or while it was read: its sender is still writing it.
    Changing,
}

/// What a drop folder holds, each by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Its files.
    pub files: Vec<InboxFile>,
    /// What is none, or cannot be read.
    pub others: Vec<NotTaken>,
}

/// All files below `dir`, by name. Left out are hidden files, the lock files of office programs (`~$…`), unfinished
/// transfers, and what is no file. Linked folders are followed, but no folder is entered twice, so loops end.
///
/// # Errors
/// [`Error::Io`] when a file or folder cannot be looked at.
pub fn list_files(dir: &Path) -> Result<Vec<InboxFile>> {
    let Listing { files, others } = list_inbox(dir)?;
    let unreadable = others.into_iter().find_map(|other| match other.why {
        Why::Unreadable(kind) => Some((other.name, kind)),
        _ => None,
    });
    match unreadable {
        Some((name, kind)) => Err(Error::Io { op: Op::Read, path: dir.join(name), source: kind.into() }),
        None => Ok(files),
    }
}

/// What lies below `dir`, as [`list_files`] lists it, and what is wrong with the rest.
///
/// # Errors
/// [`Error::Io`] when `dir` itself cannot be listed.
pub fn list_inbox(dir: &Path) -> Result<Listing> {
    let disk = Disk::real();
    let mut listing = Listing::default();
    let mut entered = BTreeSet::new();
    // Linked folders wait until all real ones are done: a file keeps its real name if it has one.
    let mut folders = vec![(String::new(), dir.to_owned())];
    let mut linked = Vec::new();
    while let Some((name, folder)) = folders.pop().or_else(|| linked.pop()) {
        let listed = disk.run(Op::Read, &folder, || fs::canonicalize(&folder)).and_then(|real| {
            // An inbox that is listed again and again is the same folder each time.
            if entered.insert(real) { disk.list(&folder) } else { Ok(Vec::new()) }
        });
        let entries = match listed {
            Ok(entries) => entries,
            Err(Error::Io { source, .. }) if !name.is_empty() => {
                listing.others.push(NotTaken { name, why: Why::Unreadable(source.kind()) });
                continue;
            }
            failed => failed?,
        };
        // In reverse, because the lists are worked off from their ends.
        for path in entries.into_iter().rev() {
            let Some(entry) = path.file_name().map(readable).filter(|entry| !is_hidden(entry)) else { continue };
            let name = if name.is_empty() { entry } else { format!("{name}/{entry}") };
            match look(&disk, &name, &path)? {
                Found::Gone => {}
                Found::File(stamp) => listing.files.push(InboxFile { name, path, stamp }),
                Found::Folder => if path.is_symlink() { &mut linked } else { &mut folders }.push((name, path)),
                Found::Other(why) => {
                    // A control character in a name is no reason to have it in a message.
                    let name = name.replace(char::is_control, "\u{FFFD}");
                    listing.others.push(NotTaken { name, why });
                }
            }
        }
    }
    listing.files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    listing.others.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(listing)
}

/// What an entry of a folder is.
enum Found {
    /// Nothing any more.
    Gone,
    File(Stamp),
    Folder,
    Other(Why),
}

fn look(disk: &Disk, name: &str, path: &Path) -> Result<Found> {
    let metadata = match disk.run(Op::Read, path, || absent_as_none(fs::metadata(path))) {
        Ok(Some(metadata)) => metadata,
        Ok(None) => return Ok(if path.is_symlink() { Found::Other(Why::Link) } else { Found::Gone }),
        Err(Error::Io { source, .. }) => {
            let is_denied = source.kind() == io::ErrorKind::PermissionDenied;
            let why = if path.is_symlink() && !is_denied { Why::Link } else { Why::Unreadable(source.kind()) };
            return Ok(Found::Other(why));
        }
        Err(error) => return Err(error),
    };
    Ok(if name.contains(char::is_control) {
        Found::Other(Why::Name)
    } else if metadata.is_dir() {
        Found::Folder
    } else if !metadata.is_file() {
        Found::Other(Why::NoFile(Special::of(metadata.file_type())))
    } else if is_unfinished(name) {
        Found::Other(Why::Unfinished)
    } else {
        Found::File(Stamp::of(&metadata))
    })
}

/// Reads a whole file of at most `limit` bytes.
///
/// # Errors
/// [`Error::TooLarge`] beyond the limit; [`Error::StillChanging`] when it changed meanwhile; [`Error::NoFile`]; [`Error::Io`].
pub fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>> {
    read(path, limit, None)
}

/// Like [`read_file`], of a file that must be as it was when it was listed.
///
/// # Errors
/// As [`read_file`].
pub fn read_listed(file: &InboxFile, limit: u64) -> Result<Vec<u8>> {
    read(&file.path, limit, Some(file.stamp))
}

fn read(path: &Path, limit: u64, listed: Option<Stamp>) -> Result<Vec<u8>> {
    let disk = Disk::real();
    // Before it is opened: a pipe would wait for a writer.
    let metadata = disk.run(Op::Read, path, || fs::metadata(path))?;
    if !metadata.is_file() && !metadata.is_dir() {
        return Err(Error::NoFile { path: path.to_owned(), what: Special::of(metadata.file_type()) });
    }
    let file = disk.open(path)?;
    let stamp = || disk.run(Op::Read, path, || file.metadata()).map(|metadata| Stamp::of(&metadata));
    let before = stamp()?;
    if listed.is_some_and(|listed| listed != before) {
        return Err(Error::StillChanging { path: path.to_owned() });
    }
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
