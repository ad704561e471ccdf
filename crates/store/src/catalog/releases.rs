//! Releases in the order in which they were published, what each was made from, and what goes with them.

use rusqlite::params_from_iter;

use super::database::Catalog;
use super::seal::{self, Columns};
use crate::digest::Digest;
use crate::error::Result;

/// A release that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The release.
    pub id: String,
    /// For whom: `internal` or `public`.
    pub readers: String,
    /// Whether it holds a part only: some quarters, or what was known on an earlier day.
    pub part: bool,
    /// When the run started that published it last.
    pub published: String,
}

impl Catalog {
    /// Notes that a release was published, as the newest one, from these ingests.
    ///
    /// # Errors
    /// [`crate::Error::Catalog`], as every call of the catalogue; nothing is written then.
    pub fn put_release(&mut self, release: &Published, ingests: &[Digest]) -> Result<()> {
        self.change(|transaction| {
            let Published { id, readers, part, published } = release;
            transaction.execute("DELETE FROM releases WHERE id = ?1", [id])?;
            transaction.execute("DELETE FROM release_ingests WHERE release = ?1", [id])?;
            let newest: Option<i64> =
                transaction.query_row("SELECT max(number) FROM releases", [], |row| row.get(0))?;
            let row: Columns = vec![
                ("number", newest.map_or(1, |number| number + 1).into()),
                ("id", id.clone().into()),
                ("readers", readers.clone().into()),
                ("part", (*part).into()),
                ("published", published.clone().into()),
            ];
            let of_ingest = |ingest: &Digest| vec![("release", id.clone().into()), ("ingest", (*ingest).into())];
            let rows = ingests.iter().map(|ingest| ("release_ingests", of_ingest(ingest)));
            for (table, columns) in rows.chain([("releases", row)]) {
                let (sql, values) = seal::insert(table, &columns);
                transaction.prepare_cached(&sql)?.execute(params_from_iter(values))?;
            }
            Ok(())
        })
    }

    /// All releases, the one published last at the end.
    ///
    /// # Errors
    /// [`crate::Error::Catalog`].
    pub fn releases(&self) -> Result<Vec<Published>> {
        self.get("releases", "ORDER BY number", [], |row| {
            Ok(Published {
                id: row.get("id")?,
                readers: row.get("readers")?,
                part: row.get("part")?,
                published: row.get("published")?,
            })
        })
    }

    /// The ingests that a release was made from; none where an older program made it.
    ///
    /// # Errors
    /// [`crate::Error::Catalog`].
    pub fn ingests_of(&self, release: &str) -> Result<Vec<Digest>> {
        self.get("release_ingests", "WHERE release = ?1 ORDER BY ingest", [release], |row| row.get("ingest"))
    }

    /// The keys of all ingests.
    ///
    /// # Errors
    /// [`crate::Error::Catalog`].
    pub fn ingest_keys(&self) -> Result<Vec<Digest>> {
        self.get("ingests", "ORDER BY key", [], |row| row.get("key"))
    }

    /// The last answers of all sources that are fetched.
    ///
    /// # Errors
    /// [`crate::Error::Catalog`].
    pub fn replied(&self) -> Result<Vec<Digest>> {
        Ok(self.answers()?.into_iter().filter_map(|answer| answer.digest).collect())
    }

    /// Forgets releases, ingests, and the exports of these contents.
    ///
    /// # Errors
    /// [`crate::Error::Catalog`]; nothing is forgotten then.
    pub fn forget(&mut self, releases: &[String], ingests: &[Digest], exports: &[Digest]) -> Result<()> {
        if releases.is_empty() && ingests.is_empty() && exports.is_empty() {
            return Ok(());
        }
        self.change(|transaction| {
            for id in releases {
                transaction.execute("DELETE FROM releases WHERE id = ?1", [id])?;
                transaction.execute("DELETE FROM release_ingests WHERE release = ?1", [id])?;
                transaction.execute("DELETE FROM manifests WHERE release = ?1", [id])?;
            }
            for key in ingests {
                transaction.execute("DELETE FROM ingests WHERE key = ?1", [key])?;
            }
            for digest in exports {
                transaction.execute("DELETE FROM exports WHERE digest = ?1", [digest])?;
                transaction.execute("DELETE FROM archives WHERE digest = ?1", [digest])?;
            }
            Ok(())
        })
    }
}
