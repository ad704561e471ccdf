//! What sources with an address answered last.

use rusqlite::Row;

use super::database::{Catalog, said_in, told_in};
use crate::digest::Digest;
use crate::error::Result;
use vocab::Said;

/// Where it stands what was found.
const FOUND: [&str; 2] = ["found", "found_zh"];

/// A source with an address: its last good answer, what the next request can refer to, and what is wrong with it now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The source definition; behind it, where each period has an export of its own, the period.
    pub source: String,
    /// Stands for the address that was asked: another one makes entity tag and date void. Never the address itself.
    pub address: Option<Digest>,
    /// Its entity tag.
    pub etag: Option<String>,
    /// Its date of last modification, as the server wrote it.
    pub last_modified: Option<String>,
    /// The last good answer; none if there never was one.
    pub digest: Option<Digest>,
    /// The run that last heard from the server that it holds.
    pub confirmed: Option<String>,
    /// The problem code of what came instead the last time, if that was no good answer.
    pub code: Option<String>,
    /// What was found then.
    pub found: Option<Said>,
    /// Whether the last good answer was older than its limit then.
    pub too_old: bool,
}

impl Catalog {
    /// Remembers what sources answered.
    ///
    /// # Errors
    /// [`crate::Error::Catalog`].
    pub fn put_answers(&mut self, answers: &[Answer]) -> Result<()> {
        self.put("answers", answers, |row| {
            let columns = vec![
                ("source", row.source.clone().into()),
                ("address", row.address.into()),
                ("etag", row.etag.clone().into()),
                ("last_modified", row.last_modified.clone().into()),
                ("digest", row.digest.into()),
                ("confirmed", row.confirmed.clone().into()),
                ("code", row.code.clone().into()),
                ("too_old", row.too_old.into()),
            ];
            columns.into_iter().chain(told_in(FOUND, row.found.as_ref())).collect()
        })
    }

    /// What a source answered last.
    ///
    /// # Errors
    /// [`crate::Error::Catalog`].
    pub fn answer(&self, source: &str) -> Result<Option<Answer>> {
        Ok(self.get_all("answers", "WHERE source = ?1", [source], answer)?.pop())
    }

    /// What all sources answered last.
    ///
    /// # Errors
    /// [`crate::Error::Catalog`].
    pub fn answers(&self) -> Result<Vec<Answer>> {
        self.get_all("answers", "ORDER BY source", [], answer)
    }
}

fn answer(row: &Row<'_>) -> rusqlite::Result<Answer> {
    Ok(Answer {
        source: row.get("source")?,
        address: row.get("address")?,
        etag: row.get("etag")?,
        last_modified: row.get("last_modified")?,
        digest: row.get("digest")?,
        confirmed: row.get("confirmed")?,
        code: row.get("code")?,
        found: said_in(FOUND, row)?,
        too_old: row.get("too_old")?,
    })
}
