//! What tells a store from any other folder: the file `STORE`. Nothing is ever written into or removed from a folder that is not
//! empty and has none.

use std::path::Path;

use super::catalog::Catalog;
use super::disk::Disk;
use super::error::{Error, Result};
use super::lock::PROCESS;
use super::modes::Modes;
use super::names::{CATALOG, FOLDERS, LOCK, readable};
use super::pointer::Pointer;
use super::save::Saving;
use vocab::{Said, said};

/// The marker's name.
pub(super) const MARKER: &str = "STORE";
/// The marker before it is whole.
const UNFINISHED: &str = "STORE.part";
/// What this program makes. What an older program would misread takes the next number.
const FORMAT: u32 = 1;
/// What a file system makes by itself in its uppermost folder: a store may be a volume of its own.
pub(super) const RESCUED: &str = "lost+found";
const BEGINNING: &str = "mujun store, format ";
const REST: &str = "This folder is mujun's: what is in it is made, changed and removed by the program alone.\n";

/// Names of entries that a message tells of a folder that is no store.
const NAMES: usize = 3;

/// What a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Not there, or empty but for what a run that was killed at once may have left.
    Nothing,
    /// A store.
    Ours,
    /// A store of a program that wrote no marker yet.
    Unmarked,
}

/// Looks at a folder, changing nothing.
///
/// # Errors
/// [`Error::NotAStore`], [`Error::StoreFormat`], [`Error::MarkerDamaged`]; [`Error::LinkInStore`] where a link stands for a part
/// of the store: what is written or removed through it would be somewhere else.
pub(super) fn look(disk: &Disk, dir: &Path) -> Result<Found> {
    match disk.target(dir)? {
        None => return Ok(Found::Nothing),
        Some(target) if !target.is_dir() => {
            return Err(Error::NotAStore { path: dir.to_owned(), found: said!("文件", "a file") });
        }
        Some(_) => {}
    }
    let found = match disk.entry(&dir.join(MARKER))? {
        Some(_) => read(disk, dir).map(|()| Found::Ours)?,
        None => without_marker(disk, dir)?,
    };
    let holds = Pointer::ALL.map(Pointer::hold_name);
    for name in FOLDERS.iter().chain(&[CATALOG, LOCK]).chain(&holds) {
        let path = dir.join(name);
        if disk.entry(&path)?.is_some_and(|entry| entry.is_symlink()) {
            return Err(Error::LinkInStore { path });
        }
    }
    Ok(found)
}

/// Reads the marker; fine if it is the one that this program writes.
fn read(disk: &Disk, dir: &Path) -> Result<()> {
    let path = dir.join(MARKER);
    let is_file = disk.entry(&path)?.is_some_and(|entry| entry.is_file() && entry.len() <= 4096);
    let bytes = if is_file { disk.read(&path)? } else { Vec::new() };
    if bytes == text(FORMAT).as_bytes() {
        return Ok(());
    }
    let first = std::str::from_utf8(&bytes).ok().and_then(|text| text.strip_prefix(BEGINNING)?.lines().next());
    match first.and_then(|number| number.parse().ok()) {
        Some(found) if found > FORMAT => Err(Error::StoreFormat { path: dir.to_owned(), found, known: FORMAT }),
        _ => Err(Error::MarkerDamaged { path }),
    }
}

fn text(format: u32) -> String {
    format!("{BEGINNING}{format}\n{REST}")
}

fn without_marker(disk: &Disk, dir: &Path) -> Result<Found> {
    let entries = disk.list(dir)?;
    let name = |path: &Path| path.file_name().map(readable).unwrap_or_default();
    let mut foreign = Vec::new();
    for path in &entries {
        if !is_beginning(disk, path, &name(path))? {
            foreign.push(name(path));
        }
    }
    if foreign.is_empty() {
        return Ok(Found::Nothing);
    }
    if is_unmarked(disk, dir)? {
        return Ok(Found::Unmarked);
    }
    Err(Error::NotAStore { path: dir.to_owned(), found: told(&foreign) })
}

/// Some of these names, and how many they are.
fn told(names: &[String]) -> Said {
    let named = names.iter().take(NAMES).map(|name| Said::words(format!("`{}`", name.escape_default())));
    let named = Said::join(&named.collect::<Vec<_>>(), "、", ", ");
    match names.len() {
        ..=NAMES => named,
        count => said!("{named}等 {count} 项", "{named}, … ({count})"; named),
    }
}

/// Whether an entry is what a first run makes before the marker.
fn is_beginning(disk: &Disk, path: &Path, name: &str) -> Result<bool> {
    let is_small_file = disk.entry(path)?.is_some_and(|entry| entry.is_file() && entry.len() <= 4096);
    Ok(match name {
        UNFINISHED => is_small_file,
        RESCUED => true,
        LOCK if is_small_file => {
            let text = disk.read(path)?;
            text.is_empty() || text.starts_with(PROCESS.as_bytes())
        }
        _ => false,
    })
}

/// Whether a folder without a marker is a store all the same: our catalogue, and our folders beside it.
pub(super) fn is_unmarked(disk: &Disk, dir: &Path) -> Result<bool> {
    for folder in ["raw", "facts", "quarantine", "releases", "tmp"] {
        if !disk.entry(&dir.join(folder))?.is_some_and(|entry| entry.is_dir()) {
            return Ok(false);
        }
    }
    let catalog = dir.join(CATALOG);
    Ok(disk.entry(&catalog)?.is_some_and(|entry| entry.is_file()) && Catalog::is_ours(&catalog))
}

/// Writes the marker.
pub(super) fn write(disk: &Disk, dir: &Path, modes: Modes) -> Result<()> {
    let scratch = dir.join(UNFINISHED);
    disk.remove(&scratch)?;
    let saving = Saving { disk, scratch, modes, read_only: true, changed: None };
    saving.save_bytes(&dir.join(MARKER), text(FORMAT).as_bytes())
}
