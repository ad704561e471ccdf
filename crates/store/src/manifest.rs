//! What a release holds, file by file.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::disk::Disk;
use super::error::{Error, Result};
use super::names::readable;
use super::operation::Op;
use vocab::{Place, Problem, Said, rules, said};

/// Name of the manifest inside a release.
pub(super) const MANIFEST: &str = "manifest.json";

/// The list of a release's files, and what its maker says about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The release's id.
    pub release: String,
    /// What the publisher states, for example the program's version.
    pub about: BTreeMap<String, String>,
    /// All files but this one, by path.
    pub files: Vec<FileEntry>,
}

/// One file of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path relative to the release, with `/`.
    pub path: String,
    /// Length.
    pub bytes: u64,
    /// SHA-256 of the content.
    pub sha256: Digest,
}

/// How a release differs from its manifest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Path relative to the release; empty for its folder.
    pub path: String,
    /// What is wrong with it.
    pub kind: DifferenceKind,
}

impl Difference {
    /// The difference in words.
    pub fn said(&self) -> Said {
        let path = match self.path.as_str() {
            "" => said!("批次文件夹", "the folder"),
            path => Said::words(path),
        };
        let kind = self.kind.said();
        said!("{path}：{kind}", "{path} is {kind}"; path, kind)
    }

    /// The difference as what stops a command; `folder` is the release's.
    pub(super) fn into_error(self, folder: &Path) -> Error {
        let expected = said!("批次清单所列内容", "what the manifest lists");
        Error::Corrupt { path: folder.join(&self.path), expected, found: self.kind.said() }
    }
}

/// What can be wrong with a file of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// Listed but not there.
    Missing,
    /// There but not listed.
    Extra,
    /// There with other content.
    Changed,
}

impl DifferenceKind {
    /// In a word.
    pub fn said(self) -> Said {
        match self {
            DifferenceKind::Missing => said!("缺失", "missing"),
            DifferenceKind::Extra => said!("多出", "extra"),
            DifferenceKind::Changed => said!("已改变", "changed"),
        }
    }
}

impl Manifest {
    /// The entry of a file.
    pub fn file(&self, path: &str) -> Option<&FileEntry> {
        let at = self.files.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok()?;
        self.files.get(at)
    }

    /// The manifest as it is written into `folder`: the same content gives the same bytes.
    pub(super) fn to_json(&self, folder: &Path) -> Result<Vec<u8>> {
        let failed =
            |source: serde_json::Error| Error::Io { op: Op::Write, path: folder.join(MANIFEST), source: source.into() };
        let mut json = serde_json::to_vec_pretty(self).map_err(failed)?;
        json.push(b'\n');
        Ok(json)
    }

    /// Reads the manifest of the release in `folder`; `digest` is what it had when it was written, where that is known.
    pub(super) fn read(disk: &Disk, folder: &Path, digest: Option<Digest>) -> Result<Self> {
        let bytes = disk.read(&folder.join(MANIFEST))?;
        let is_whole = digest.is_none_or(|digest| Digest::of(&bytes) == digest);
        let read = is_whole.then(|| serde_json::from_slice(&bytes).ok()).flatten();
        let mut manifest: Manifest = read.ok_or_else(|| {
            let id = folder.file_name().map(readable).unwrap_or_default();
            let place = Place::file(&format!("releases/{id}/{MANIFEST}"));
            Error::Damaged(Box::new(Problem::new(&rules::MANIFEST_DAMAGED, place)))
        })?;
        // Lookups search it in order; someone may have edited the file.
        manifest.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(manifest)
    }

    /// Compares the files in `folder` with the list, reading every byte.
    pub(super) fn compare(&self, disk: &Disk, folder: &Path) -> Result<Vec<Difference>> {
        let mut differences = Vec::new();
        let mut present = BTreeMap::new();
        walk(disk, folder, "", &mut present)?;
        present.remove(MANIFEST);
        for entry in &self.files {
            let kind = match present.remove(&entry.path) {
                None => DifferenceKind::Missing,
                Some(true) if disk.digest(&folder.join(&entry.path))? == (entry.sha256, entry.bytes) => continue,
                Some(_) => DifferenceKind::Changed,
            };
            differences.push(Difference { path: entry.path.clone(), kind });
        }
        differences.extend(present.into_keys().map(|path| Difference { path, kind: DifferenceKind::Extra }));
        differences.sort_unstable();
        Ok(differences)
    }
}

/// Everything below `folder` that is not a folder, and whether it is a regular file.
fn walk(disk: &Disk, folder: &Path, prefix: &str, found: &mut BTreeMap<String, bool>) -> Result<()> {
    for path in disk.list(folder)? {
        let name = path.file_name().map(readable).unwrap_or_default();
        let name = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if path.is_dir() && !path.is_symlink() {
            walk(disk, &path, &name, found)?;
        } else {
            found.insert(name, path.is_file() && !path.is_symlink());
        }
    }
    Ok(())
}
