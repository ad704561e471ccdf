//! What the store takes on the disk.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use super::error::Result;
use super::names::{CATALOG, RELEASES, REVISIONS};
use super::store::Store;

/// What a part of the store takes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Usage {
    /// The part, by its name in the store.
    pub part: &'static str,
    /// Bytes of its files.
    pub bytes: u64,
    /// Files.
    pub files: u64,
}

impl Store {
    /// What each part takes. A file that several releases share counts once. Links are not followed.
    ///
    /// # Errors
    /// [`super::Error::Io`].
    pub fn usage(&self) -> Result<Vec<Usage>> {
        let mut known = BTreeSet::new();
        let parts = ["raw", "facts", "quarantine", RELEASES, REVISIONS, CATALOG];
        parts.into_iter().map(|part| self.weigh_part(part, &mut known)).collect()
    }

    fn weigh_part(&self, part: &'static str, known: &mut BTreeSet<(u64, u64)>) -> Result<Usage> {
        let mut usage = Usage { part, bytes: 0, files: 0 };
        let mut paths: Vec<PathBuf> = vec![self.dir.join(part)];
        while let Some(path) = paths.pop() {
            let Some(found) = self.disk.entry(&path)? else { continue };
            if found.is_dir() {
                paths.extend(self.disk.list(&path)?);
            } else if known.insert((found.dev(), found.ino())) {
                (usage.bytes, usage.files) = (usage.bytes + found.len(), usage.files + 1);
            }
        }
        Ok(usage)
    }
}
