//! What is on a disk after the power failed, from what was done and what of it was forced out.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use store::{Disk, Op, Watch};
use tempfile::TempDir;

use crate::support::folder;

/// What a name in a folder leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    /// A file, by its number.
    File(u64),
    /// Likewise a folder.
    Folder(u64),
    Link(PathBuf),
}

/// What is known of a disk that is written to.
#[derive(Default)]
struct Journal {
    operations: usize,
    /// Files whose bytes were forced out.
    forced: BTreeSet<u64>,
    /// Entries of folders as they were last forced out, by the folder's number.
    entries: BTreeMap<u64, BTreeMap<OsString, Entry>>,
}

/// A store on a disk that stops at an operation.
pub struct Power {
    root: PathBuf,
    journal: Arc<Mutex<Journal>>,
    /// Files that are gone from their folders, by their numbers.
    graveyard: Arc<TempDir>,
    watch: Watch,
}

fn entries(path: &Path) -> BTreeMap<OsString, Entry> {
    let Ok(listed) = fs::read_dir(path) else { return BTreeMap::new() };
    let entry = |entry: io::Result<fs::DirEntry>| {
        let entry = entry.ok()?;
        let (path, metadata) = (entry.path(), fs::symlink_metadata(entry.path()).ok()?);
        let is = if metadata.is_symlink() {
            Entry::Link(fs::read_link(&path).ok()?)
        } else if metadata.is_dir() {
            Entry::Folder(metadata.ino())
        } else {
            Entry::File(metadata.ino())
        };
        Some((entry.file_name(), is))
    };
    listed.filter_map(entry).collect()
}

impl Power {
    /// Watches a store; the power fails before its `at`-th operation.
    pub fn watch(root: &Path, at: usize) -> Power {
        let journal = Arc::new(Mutex::new(Journal::default()));
        // On the same file system, since files are kept by linking them.
        let graveyard = Arc::new(folder());
        remember(root, &mut journal.lock().unwrap());
        let (noted, buried) = (journal.clone(), graveyard.clone());
        let hook = move |op: Op, path: &Path| {
            let mut journal = noted.lock().unwrap();
            journal.operations += 1;
            if journal.operations > at {
                return Err(io::Error::other("no power"));
            }
            journal.note(op, path, buried.path());
            Ok(())
        };
        let watch = Disk::watch(root, Arc::new(hook));
        Power { root: root.to_owned(), journal, graveyard, watch }
    }

    /// Puts into an empty folder what the disk may hold now.
    pub fn leave(self, to: &Path, seed: u64) {
        let Power { root, journal, graveyard, watch } = self;
        drop(watch);
        let mut left =
            Left { journal: &journal.lock().unwrap(), graveyard: graveyard.path(), dice: Dice(seed | 1), root: &root };
        left.folder(&root, to);
    }
}

/// What was there before is on the disk.
fn remember(folder: &Path, journal: &mut Journal) {
    let found = entries(folder);
    for (name, entry) in &found {
        match entry {
            Entry::File(number) => drop(journal.forced.insert(*number)),
            Entry::Folder(_) => remember(&folder.join(name), journal),
            Entry::Link(_) => {}
        }
    }
    if let Ok(metadata) = fs::metadata(folder) {
        journal.entries.insert(metadata.ino(), found);
    }
}

impl Journal {
    fn note(&mut self, op: Op, path: &Path, graveyard: &Path) {
        match op {
            Op::SyncFile => drop(fs::metadata(path).map(|metadata| self.forced.insert(metadata.ino()))),
            Op::Write => drop(fs::metadata(path).map(|metadata| self.forced.remove(&metadata.ino()))),
            Op::SyncFolder => {
                if let Ok(metadata) = fs::metadata(path) {
                    self.entries.insert(metadata.ino(), entries(path));
                }
            }
            Op::Rename | Op::Remove => bury(path, graveyard),
            _ => {}
        }
    }
}

/// Keeps the files that a name leads to, since the name may still lead to them after the power failed.
fn bury(path: &Path, graveyard: &Path) {
    let Ok(metadata) = fs::symlink_metadata(path) else { return };
    if metadata.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            bury(&entry.path(), graveyard);
        }
    } else if metadata.is_file() {
        let _ = fs::hard_link(path, graveyard.join(metadata.ino().to_string()));
    }
}

/// A generator of Knuth's; its high bits are the good ones.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % count
    }
}

/// What is left on the disk.
struct Left<'a> {
    journal: &'a Journal,
    graveyard: &'a Path,
    dice: Dice,
    root: &'a Path,
}

impl Left<'_> {
    /// A folder: each entry that has changed since the folder was forced out is the old one or the new one.
    fn folder(&mut self, from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        let now = entries(from);
        let number = fs::metadata(from).unwrap().ino();
        let then = self.journal.entries.get(&number).cloned().unwrap_or_default();
        let names: BTreeSet<&OsString> = now.keys().chain(then.keys()).collect();
        for name in names {
            let is_own = name.to_str().is_some_and(|name| name == "lock" || name.starts_with("catalog.db"));
            let entry = match (then.get(name), now.get(name)) {
                // SQLite and the lock see to themselves.
                (_, new) if is_own => new,
                (old, new) if old == new => new,
                (old, new) => {
                    if self.dice.below(2) == 0 {
                        old
                    } else {
                        new
                    }
                }
            };
            if let Some(entry) = entry {
                self.entry(entry, &from.join(name), &to.join(name), is_own);
            }
        }
    }

    fn entry(&mut self, entry: &Entry, from: &Path, to: &Path, is_own: bool) {
        match entry {
            Entry::Link(target) => symlink(target, to).unwrap(),
            // One that was taken away or renamed since does not come back: the next run would only sweep it away.
            Entry::Folder(number) if fs::symlink_metadata(from).is_ok_and(|metadata| metadata.ino() == *number) => {
                self.folder(from, to);
            }
            Entry::Folder(_) => {}
            Entry::File(number) => {
                let is_there = fs::symlink_metadata(from).is_ok_and(|metadata| metadata.ino() == *number);
                let source = if is_there { from.to_owned() } else { self.graveyard.join(number.to_string()) };
                // A name that was moved elsewhere and came back: its file lies somewhere else now.
                let Some(bytes) = fs::read(&source).ok().or_else(|| self.find(*number)) else { return };
                let is_safe = is_own || self.journal.forced.contains(number);
                let bytes = if is_safe { bytes } else { self.torn(bytes) };
                fs::write(to, bytes).unwrap();
                let mode = fs::metadata(&source).map_or(0o644, |metadata| metadata.mode());
                fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
            }
        }
    }

    /// A file that was not forced out: whole, nothing, a part of it, or zeros.
    fn torn(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        let length = bytes.len();
        match self.dice.below(4) {
            0 => bytes,
            1 => Vec::new(),
            2 => {
                bytes.truncate(self.dice.below(length.max(1) as u64) as usize);
                bytes
            }
            _ => {
                let from = self.dice.below(length.max(1) as u64) as usize;
                bytes[from.min(length)..].fill(0);
                bytes
            }
        }
    }

    fn find(&self, number: u64) -> Option<Vec<u8>> {
        let mut folders = vec![self.root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let metadata = fs::symlink_metadata(entry.path()).ok()?;
                if metadata.is_dir() {
                    folders.push(entry.path());
                } else if metadata.is_file() && metadata.ino() == number {
                    return fs::read(entry.path()).ok();
                }
            }
        }
        None
    }
}
