//! Facts and quarantined rows: one file for each export, dataset and version of the rules; and what releases change in one
//! another.

use super::Store;
use super::digest::Digest;
use super::error::{Error, Result};
use super::names::is_plain_name;

/// Which of the two kinds of table a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shelf {
    /// Rows that passed.
    Facts,
    /// Rows that were set aside, with their reasons.
    Quarantine,
}

impl Shelf {
    fn folder(self) -> &'static str {
        match self {
            Shelf::Facts => "facts",
            Shelf::Quarantine => "quarantine",
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
    /// Saves a table, whole, under its key and gives its name in the catalogue, which may be told it after
    /// [`Store::settle`]. An interrupted run may have saved the same bytes before: they are replaced.
    ///
    /// # Errors
    /// [`Error::BadName`] as [`Shelf::file`]; [`Error::Io`] when the disk fails.
    pub fn save_table(&self, shelf: Shelf, dataset: &str, key: &Digest, bytes: &[u8]) -> Result<String> {
        let file = shelf.file(dataset, key)?;
        self.saving_many().save_bytes(&self.path_of(&file), bytes)?;
        Ok(file)
    }

    /// Saves a table of what one release changed in another one, and gives its name relative to the store.
    ///
    /// # Errors
    /// [`Error::BadName`] when a name cannot be that of a file; [`Error::Io`] when the disk fails.
    pub fn save_revisions(&self, releases: &str, table: &str, bytes: &[u8]) -> Result<String> {
        if let Some(name) = [releases, table].into_iter().find(|name| !is_plain_name(name)) {
            return Err(Error::BadName { name: name.to_owned() });
        }
        let file = format!("revisions/{releases}/{table}.parquet");
        self.saving().save_bytes(&self.path_of(&file), bytes)?;
        Ok(file)
    }
}
