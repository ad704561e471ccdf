//! Facts and quarantined rows: one file for each export, dataset and version of the rules; and what releases change in one
//! another.

use std::collections::BTreeMap;

use super::catalog::{Ingest, Kept};
use super::digest::Digest;
use super::error::{Error, Result};
use super::manifest::{FileEntry, MANIFEST, Manifest};
use super::names::{REVISIONS, is_plain_name};
use super::store::Store;
use vocab::rules::Rule;
use vocab::{Place, Problem, rules};

/// Which of the two kinds of table a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shelf {
    /// Rows that passed.
    Facts,
    /// Rows that were set aside, with their reasons.
    Quarantine,
}

impl Shelf {
    pub(super) fn folder(self) -> &'static str {
        match self {
            Shelf::Facts => "facts",
            Shelf::Quarantine => "quarantine",
        }
    }

    pub(super) fn of(self, ingest: &Ingest) -> Option<&Kept> {
        match self {
            Shelf::Facts => ingest.facts.as_ref(),
            Shelf::Quarantine => ingest.quarantine.as_ref(),
        }
    }

    /// What it is called when a table of this kind is damaged, and when it is gone.
    pub(super) fn rules(self) -> [&'static Rule; 2] {
        match self {
            Shelf::Facts => [&rules::FACTS_DAMAGED, &rules::FACTS_MISSING],
            Shelf::Quarantine => [&rules::QUARANTINE_DAMAGED, &rules::QUARANTINE_MISSING],
        }
    }

    /// The file of `key` in `dataset`, relative to the store: what the catalogue holds. The key stands for all the file
    /// was made from (see [`super::content_key`]), so the same key means the same bytes.
    ///
    /// # Errors
    /// [`Error::BadName`] when the dataset's name cannot be a folder.
    pub fn file(self, dataset: &str, key: &Digest) -> Result<String> {
        if !is_plain_name(dataset) {
            return Err(Error::BadName { name: dataset.to_owned() });
        }
        Ok(format!("{}/{dataset}/{key}.parquet", self.folder()))
    }
}

impl Store {
    /// Saves a table, whole, under its key and gives what the catalogue holds of it, which may be told it after
    /// [`Store::settle`]. An interrupted run may have saved the same bytes before: they are replaced.
    ///
    /// # Errors
    /// [`Error::BadName`] as [`Shelf::file`]; [`Error::Io`] when the disk fails.
    pub fn save_table(&self, shelf: Shelf, dataset: &str, key: &Digest, bytes: &[u8]) -> Result<Kept> {
        let file = shelf.file(dataset, key)?;
        self.saving_many().save_bytes(&self.path_of(&file), bytes)?;
        Ok(Kept { file, digest: Digest::of(bytes) })
    }

    /// The facts of an ingest, or its rows that were set aside: the bytes that were saved, or none at all.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the file is gone or holds something else; [`Error::Io`].
    pub fn read_table(&self, ingest: &Ingest, shelf: Shelf) -> Result<Option<Vec<u8>>> {
        let Some(kept) = shelf.of(ingest) else { return Ok(None) };
        let [damaged, missing] = shelf.rules();
        let path = self.path_of(&kept.file);
        let told = |rule| Error::Damaged(Box::new(Problem::new(rule, Place::file(&kept.file))));
        if self.disk.entry(&path)?.is_none_or(|entry| !entry.is_file()) {
            return Err(told(missing));
        }
        let bytes = self.disk.read(&path)?;
        if Digest::of(&bytes) == kept.digest { Ok(Some(bytes)) } else { Err(told(damaged)) }
    }

    /// Saves the tables of what one release changed in another one, each with its name, and a manifest of them. Gives their folder,
    /// relative to the store.
    ///
    /// # Errors
    /// [`Error::BadName`] when a name cannot be that of a file; [`Error::Io`] when the disk fails.
    pub fn save_revisions(&self, releases: &str, tables: &[(&str, Vec<u8>)]) -> Result<String> {
        let names = || std::iter::once(releases).chain(tables.iter().map(|(name, _)| *name));
        if let Some(name) = names().find(|name| !is_plain_name(name)) {
            return Err(Error::BadName { name: name.to_owned() });
        }
        let folder = format!("{REVISIONS}/{releases}");
        let mut files = Vec::new();
        for (name, bytes) in tables {
            let path = format!("{name}.parquet");
            self.saving().save_bytes(&self.path_of(&format!("{folder}/{path}")), bytes)?;
            files.push(FileEntry { path, bytes: bytes.len() as u64, sha256: Digest::of(bytes) });
        }
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let manifest = Manifest { release: releases.to_owned(), about: BTreeMap::new(), files };
        let path = self.path_of(&folder);
        self.saving().save_bytes(&path.join(MANIFEST), &manifest.to_json(&path)?)?;
        Ok(folder)
    }
}
