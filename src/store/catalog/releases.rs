//! Releases in the order in which they were published, what each was made from, and what goes with them.

use rusqlite::params;

use super::Catalog;
use crate::store::digest::Digest;
use crate::store::error::Result;

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
    /// [`crate::store::Error::Catalog`], as every call of the catalogue; nothing is written then.
    pub fn put_release(&mut self, release: &Published, ingests: &[Digest]) -> Result<()> {
        self.change(|transaction| {
            let Published { id, readers, part, published } = release;
            transaction.execute("DELETE FROM releases WHERE id = ?1", [id])?;
            transaction.execute("DELETE FROM release_ingests WHERE release = ?1", [id])?;
            transaction.execute(
                "INSERT INTO releases (id, readers, part, published) VALUES (?1, ?2, ?3, ?4)",
                params![id, readers, part, published],
            )?;
            let mut statement = transaction.prepare_cached("INSERT OR IGNORE INTO release_ingests VALUES (?1, ?2)")?;
            ingests.iter().try_for_each(|ingest| statement.execute(params![id, ingest]).map(drop))
        })
    }

    /// All releases, the one published last at the end.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn releases(&self) -> Result<Vec<Published>> {
        self.get("SELECT * FROM releases ORDER BY number", [], |row| {
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
    /// [`crate::store::Error::Catalog`].
    pub fn ingests_of(&self, release: &str) -> Result<Vec<Digest>> {
        let sql = "SELECT ingest FROM release_ingests WHERE release = ?1 ORDER BY ingest";
        self.get(sql, [release], |row| row.get(0))
    }

    /// The keys of all ingests.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn ingest_keys(&self) -> Result<Vec<Digest>> {
        self.get("SELECT key FROM ingests ORDER BY key", [], |row| row.get(0))
    }

    /// The last answers of all sources that are fetched.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn replied(&self) -> Result<Vec<Digest>> {
        self.get("SELECT digest FROM answers WHERE digest IS NOT NULL", [], |row| row.get(0))
    }

    /// Forgets releases, ingests, and the exports of these contents.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`]; nothing is forgotten then.
    pub fn forget(&mut self, releases: &[String], ingests: &[Digest], exports: &[Digest]) -> Result<()> {
        if releases.is_empty() && ingests.is_empty() && exports.is_empty() {
            return Ok(());
        }
        self.change(|transaction| {
            for id in releases {
                transaction.execute("DELETE FROM releases WHERE id = ?1", [id])?;
                transaction.execute("DELETE FROM release_ingests WHERE release = ?1", [id])?;
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
