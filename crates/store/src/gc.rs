//! What no kept release needs is removed: only what the store itself has made, told by its place and name. Links are not followed.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::catalog::Published;
use super::digest::Digest;
use super::error::Result;
use super::leftovers::Scratch;
use super::manifest::MANIFEST;
use super::names::{REVISIONS, draft_of, is_plain_name, readable};
use super::pointer::{Held, Pointer};
use super::store::Store;

/// What must stay. Releases that are pointed to or held stay in any case.
#[derive(Debug, Clone, Default)]
pub struct Needed {
    /// Releases.
    pub releases: BTreeSet<String>,
    /// Keys of ingests: their facts, and the rows they set aside.
    pub ingests: BTreeSet<Digest>,
    /// Raw exports; none to keep them all.
    pub raw: Option<BTreeSet<Digest>>,
}

/// A kind of thing in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Waste {
    /// Releases.
    Releases,
    /// What releases changed in one another.
    Revisions,
    /// Facts of exports.
    Facts,
    /// Rows of exports that were set aside.
    Quarantine,
    /// Exports as they came.
    Raw,
}

/// What the removal of all things of a kind frees. A file that a kept release shares takes its room still.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Freed {
    /// The kind.
    pub kind: Waste,
    /// How many things.
    pub count: u64,
    /// Bytes of their files.
    pub bytes: u64,
    /// Files and folders.
    pub inodes: u64,
}

/// A thing that nobody needs.
struct Thing {
    kind: Waste,
    /// Its name, without the suffix of a file.
    name: String,
    path: PathBuf,
}

impl Store {
    /// All releases, the one published last at the end. Those that the catalogue does not know, since it was lost or an older
    /// program made them, come first, by the time at which they were made.
    ///
    /// # Errors
    /// [`super::Error::Io`], [`super::Error::Catalog`].
    pub fn published(&self) -> Result<Vec<Published>> {
        let known = self.catalog().releases()?;
        let mut unknown = Vec::new();
        for id in self.list_releases()?.into_iter().filter(|id| known.iter().all(|known| known.id != *id)) {
            let Ok(manifest) = self.manifest(&id) else { continue };
            let made = self.disk.entry(&self.release_folder(&id).join(MANIFEST))?.map_or(0, |found| found.mtime());
            let made = jiff::Timestamp::from_second(made).unwrap_or_default();
            let readers = Pointer::of(&manifest).profile();
            let part = manifest.about.get("scope").is_some_and(|scope| scope == "part");
            unknown.push(Published { id, readers: readers.to_owned(), part, published: made.to_string() });
        }
        unknown.sort_by(|a, b| (&a.published, &a.id).cmp(&(&b.published, &b.id)));
        Ok(unknown.into_iter().chain(known).collect())
    }

    /// Releases that pointers name, or are held at.
    ///
    /// # Errors
    /// [`super::Error::Io`].
    pub fn in_sight(&self) -> Result<BTreeSet<String>> {
        let mut releases = BTreeSet::new();
        for pointer in Pointer::ALL {
            releases.extend(self.pointed(pointer)?);
            if let Held::At(hold) = self.held(pointer)? {
                releases.insert(hold.release);
            }
        }
        Ok(releases)
    }

    /// Says what would go if only this stayed, by kind.
    ///
    /// # Errors
    /// [`super::Error::Io`], [`super::Error::Catalog`].
    pub fn waste(&self, needed: &Needed) -> Result<Vec<Freed>> {
        self.weigh(&self.things(needed)?)
    }

    /// Removes all but this, and says what went. A removal that is stopped leaves what the next one finds again.
    ///
    /// # Errors
    /// [`super::Error::Io`], [`super::Error::Catalog`].
    pub fn remove_waste(&self, needed: &Needed) -> Result<Vec<Freed>> {
        let things = self.things(needed)?;
        let freed = self.weigh(&things)?;
        // Folders get out of sight at once: one that is removed in part must not look like a damaged release.
        let (folders, files): (Vec<Thing>, Vec<Thing>) =
            things.into_iter().partition(|thing| matches!(thing.kind, Waste::Releases | Waste::Revisions));
        let mut doomed: Vec<PathBuf> = Vec::new();
        for thing in &folders {
            let scratch = self.scratch(Scratch::Removed);
            self.disk.rename(&thing.path, &scratch)?;
            doomed.push(scratch);
        }
        if !folders.is_empty() {
            self.disk.sync_folder(&self.dir.join("releases"))?;
        }
        // The catalogue forgets files before they go: a row must not name what is not there.
        self.forget(needed, &folders, &files)?;
        doomed.extend(files.into_iter().map(|thing| thing.path));
        doomed.iter().try_for_each(|path| self.disk.remove(path))?;
        Ok(freed)
    }

    fn forget(&self, needed: &Needed, folders: &[Thing], files: &[Thing]) -> Result<()> {
        let mut catalog = self.catalog();
        let gone = |id: &String| folders.iter().any(|thing| thing.kind == Waste::Releases && thing.name == *id);
        let mut releases = Vec::new();
        for Published { id, .. } in catalog.releases()? {
            // One that other hands removed is forgotten too.
            if gone(&id) || self.disk.entry(&self.release_folder(&id))?.is_none() {
                releases.push(id);
            }
        }
        let ingests: Vec<Digest> =
            catalog.ingest_keys()?.into_iter().filter(|key| !needed.ingests.contains(key)).collect();
        let raw = files.iter().filter(|thing| thing.kind == Waste::Raw).filter_map(|thing| thing.name.parse().ok());
        catalog.forget(&releases, &ingests, &raw.collect::<Vec<_>>())
    }

    fn things(&self, needed: &Needed) -> Result<Vec<Thing>> {
        let mut things = self.old_releases(needed)?;
        for path in self.disk.list(&self.dir.join(REVISIONS))? {
            let name = path.file_name().map(readable).unwrap_or_default();
            let Some((_, newer)) = name.split_once('-').filter(|(older, newer)| is_id(older) && is_id(newer)) else {
                continue;
            };
            if !needed.releases.contains(newer) {
                things.push(Thing { kind: Waste::Revisions, name, path });
            }
        }
        for (kind, shelf) in [(Waste::Facts, "facts"), (Waste::Quarantine, "quarantine")] {
            let files = self.files_by_digest(&self.dir.join(shelf), ".parquet")?;
            let unneeded = files.into_iter().filter(|(digest, _)| !needed.ingests.contains(digest));
            things.extend(unneeded.map(|(digest, path)| Thing { kind, name: digest.to_string(), path }));
        }
        if let Some(raw) = &needed.raw {
            let files = self.files_by_digest(&self.dir.join("raw"), "")?;
            let unneeded = files.into_iter().filter(|(digest, _)| !raw.contains(digest));
            things.extend(unneeded.map(|(digest, path)| Thing { kind: Waste::Raw, name: digest.to_string(), path }));
        }
        Ok(things)
    }

    fn old_releases(&self, needed: &Needed) -> Result<Vec<Thing>> {
        let kept = self.in_sight()?;
        let kept = |id: &String| needed.releases.contains(id) || kept.contains(id);
        let ours: BTreeSet<String> = self.published()?.into_iter().map(|release| release.id).collect();
        let mut things = Vec::new();
        for path in self.disk.list(&self.dir.join("releases"))?.into_iter().filter(|path| draft_of(path).is_none()) {
            let name = path.file_name().map(readable).unwrap_or_default();
            if ours.contains(&name) && !kept(&name) && self.disk.is_folder(&path)? == Some(true) {
                things.push(Thing { kind: Waste::Releases, name, path });
            }
        }
        Ok(things)
    }

    /// The files in the folders of `folder` that are called by a digest.
    fn files_by_digest(&self, folder: &Path, suffix: &str) -> Result<Vec<(Digest, PathBuf)>> {
        let mut files = Vec::new();
        for shelf in self.disk.list(folder)? {
            let is_ours = is_plain_name(&shelf.file_name().map(readable).unwrap_or_default());
            if !is_ours || self.disk.is_folder(&shelf)? != Some(true) {
                continue;
            }
            for path in self.disk.list(&shelf)? {
                let name = path.file_name().map(readable).unwrap_or_default();
                let digest = name.strip_suffix(suffix).and_then(|stem| stem.parse().ok());
                if let (Some(digest), Some(_)) = (digest, self.disk.plain_len(&path)?) {
                    files.push((digest, path));
                }
            }
        }
        Ok(files)
    }

    /// What things weigh, by kind. A file with several names counts once, and only if all of them go.
    fn weigh(&self, things: &[Thing]) -> Result<Vec<Freed>> {
        let mut freed: BTreeMap<Waste, Freed> = BTreeMap::new();
        let mut names: BTreeMap<(u64, u64), u64> = BTreeMap::new();
        for thing in things {
            let kind = thing.kind;
            let sum = freed.entry(kind).or_insert(Freed { kind, count: 0, bytes: 0, inodes: 0 });
            sum.count += 1;
            let mut paths = vec![thing.path.clone()];
            while let Some(path) = paths.pop() {
                let Some(found) = self.disk.entry(&path)? else { continue };
                if found.is_dir() {
                    sum.inodes += 1;
                    paths.extend(self.disk.list(&path)?);
                    continue;
                }
                let seen = names.entry((found.dev(), found.ino())).or_default();
                *seen += 1;
                if *seen == found.nlink() {
                    (sum.bytes, sum.inodes) = (sum.bytes + found.len(), sum.inodes + 1);
                }
            }
        }
        Ok(freed.into_values().collect())
    }
}

/// Whether a name is that of a release of a run: sixteen hexadecimal digits.
fn is_id(name: &str) -> bool {
    name.len() == 16 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
