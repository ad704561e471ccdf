//! The rows of each table, and the calls that write and read them.

use rusqlite::{Row, params};

use super::{Catalog, signed, stamp, unsigned};
use crate::store::digest::Digest;
use crate::store::error::Result;
use crate::store::inbox::Stamp;

/// An export that was received: a name and a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Name relative to its inbox.
    pub name: String,
    /// Where its bytes are in `raw/`.
    pub digest: Digest,
    /// The source definition that claims it, if one does.
    pub source: Option<String>,
    /// Length.
    pub bytes: u64,
    /// The run that received it first.
    pub first_seen_run: String,
}

/// An export that was read: what became of it under one source definition and one version of the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingest {
    /// Stands for all that went into it (see [`crate::store::content_key`]).
    pub key: Digest,
    /// The raw export.
    pub digest: Digest,
    /// The source definition.
    pub source: String,
    /// The dataset it belongs to.
    pub dataset: String,
    /// First period of its rows.
    pub period_from: Option<String>,
    /// Last period of its rows.
    pub period_to: Option<String>,
    /// When it was sent.
    pub vintage: Option<String>,
    /// What said so: `name`, `caption` or `received`.
    pub vintage_from: Option<String>,
    /// Rows read; the sum of the next four.
    pub rows_total: u64,
    /// Rows that became facts.
    pub rows_facts: u64,
    /// Rows set aside.
    pub rows_quarantined: u64,
    /// Rows left out by a named rule.
    pub rows_ignored: u64,
    /// Captions, headers, notes.
    pub rows_other: u64,
    /// The facts, relative to the store.
    pub facts_file: Option<String>,
    /// The rows set aside, relative to the store.
    pub quarantine_file: Option<String>,
    /// The problems found, as JSON.
    pub problems_json: String,
}

/// The ingest that the last run used of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    /// The export's name.
    pub name: String,
    /// Its content.
    pub digest: Digest,
    /// The key of the ingest.
    pub ingest: Digest,
}

/// A run of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its name.
    pub id: String,
    /// When it started.
    pub started: String,
    /// When it ended; none while it goes on, and for one that was killed.
    pub finished: Option<String>,
    /// How it ended: `published`, `nothing_to_do`, `refused`, `failed`, `interrupted`; none while it goes on.
    pub outcome: Option<String>,
    /// Why it was refused, failed or was interrupted.
    pub reason: Option<String>,
    /// The release it published.
    pub release: Option<String>,
}

impl Run {
    /// A run that has just begun. Two of the same second have different processes.
    pub fn begun(started: &str) -> Self {
        let id = format!("{started} {}", std::process::id());
        Run { id, started: started.to_owned(), finished: None, outcome: None, reason: None, release: None }
    }
}

/// A file of an inbox that was hashed, and what it looked like then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Where it was.
    pub path: String,
    /// Length and times.
    pub stamp: Stamp,
    /// Its content.
    pub digest: Digest,
}

/// An export that is an archive, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// The archive.
    pub digest: Digest,
    /// Stands for the program and the limits that it was opened with.
    pub opened_by: Digest,
    /// Its members and what is wrong with them, as JSON.
    pub contents: String,
}

impl Catalog {
    /// Writes exports. One that is known keeps the run that saw it first.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`], as every call of the catalogue; nothing is written then.
    pub fn put_exports(&mut self, exports: &[Export]) -> Result<()> {
        let sql = "INSERT INTO exports (name, digest, source, bytes, first_seen_run) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (name, digest) DO UPDATE SET source = excluded.source, bytes = excluded.bytes";
        self.put(sql, exports, |statement, row| {
            statement.execute(params![row.name, row.digest, row.source, signed(row.bytes), row.first_seen_run])
        })
    }

    /// All exports, by name and digest.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn exports(&self) -> Result<Vec<Export>> {
        self.get("SELECT * FROM exports ORDER BY name, digest", [], |row| {
            Ok(Export {
                name: row.get("name")?,
                digest: row.get("digest")?,
                source: row.get("source")?,
                bytes: unsigned(row, "bytes")?,
                first_seen_run: row.get("first_seen_run")?,
            })
        })
    }

    /// Writes ingests, replacing those of the same key. Their files must be saved before.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn put_ingests(&mut self, ingests: &[Ingest]) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO ingests (key, digest, source, dataset, period_from, period_to, vintage,
                       rows_total, rows_facts, rows_quarantined, rows_ignored, rows_other,
                       facts_file, quarantine_file, problems_json, vintage_from)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
        self.put(sql, ingests, |statement, row| {
            statement.execute(params![
                row.key,
                row.digest,
                row.source,
                row.dataset,
                row.period_from,
                row.period_to,
                row.vintage,
                signed(row.rows_total),
                signed(row.rows_facts),
                signed(row.rows_quarantined),
                signed(row.rows_ignored),
                signed(row.rows_other),
                row.facts_file,
                row.quarantine_file,
                row.problems_json,
                row.vintage_from,
            ])
        })
    }

    /// The ingest of that key, if it was done.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn ingest(&self, key: &Digest) -> Result<Option<Ingest>> {
        self.get_one("SELECT * FROM ingests WHERE key = ?1", [key], ingest)
    }

    /// All ingests, by dataset and key.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn ingests(&self) -> Result<Vec<Ingest>> {
        self.get("SELECT * FROM ingests ORDER BY dataset, key", [], ingest)
    }

    /// Says which ingest stands for each export from now on; what was said before is forgotten.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn put_in_use(&mut self, in_use: &[InUse]) -> Result<()> {
        self.replace(
            "DELETE FROM in_use",
            "INSERT INTO in_use (name, digest, ingest) VALUES (?1, ?2, ?3)",
            in_use,
            |statement, row| statement.execute(params![row.name, row.digest, row.ingest]),
        )
    }

    /// The ingests that the last run used, each with the name of its export, by name.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn in_use(&self) -> Result<Vec<(String, Ingest)>> {
        let sql = "SELECT in_use.name AS export, ingests.* FROM in_use
                   JOIN ingests ON ingests.key = in_use.ingest ORDER BY in_use.name";
        self.get(sql, [], |row| Ok((row.get("export")?, ingest(row)?)))
    }

    /// Writes a run, at its start and again at its end.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn put_run(&mut self, run: &Run) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO runs (id, started, finished, outcome, release, reason)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        // There is one writer: a run without an outcome that is not this one did not reach its end.
        let stopped =
            "UPDATE runs SET outcome = 'interrupted', reason = 'it did not reach its end' WHERE outcome IS NULL";
        self.replace(stopped, sql, std::slice::from_ref(run), |statement, row| {
            statement.execute(params![row.id, row.started, row.finished, row.outcome, row.release, row.reason])
        })
    }

    /// All runs, oldest first.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn runs(&self) -> Result<Vec<Run>> {
        self.get("SELECT * FROM runs ORDER BY started, id", [], |row| {
            Ok(Run {
                id: row.get("id")?,
                started: row.get("started")?,
                finished: row.get("finished")?,
                outcome: row.get("outcome")?,
                reason: row.get("reason")?,
                release: row.get("release")?,
            })
        })
    }

    /// Remembers the content of the files in the inbox, so that an unchanged inbox need not be read; others are forgotten.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn put_seen(&mut self, seen: &[Seen]) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO seen (path, bytes, mtime_ns, ctime_ns, digest) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.replace("DELETE FROM seen", sql, seen, |statement, row| {
            let Stamp { bytes, mtime_ns, ctime_ns } = row.stamp;
            statement.execute(params![row.path, signed(bytes), mtime_ns, ctime_ns, row.digest])
        })
    }

    /// All remembered inbox files, by path.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn seen(&self) -> Result<Vec<Seen>> {
        self.get("SELECT * FROM seen ORDER BY path", [], |row| {
            Ok(Seen { path: row.get("path")?, stamp: stamp(row)?, digest: row.get("digest")? })
        })
    }

    /// Remembers what archives hold. To be called before [`Catalog::put_seen`]: what was seen and is not here is none.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn put_archives(&mut self, archives: &[Archive]) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO archives (digest, opened_by, contents) VALUES (?1, ?2, ?3)";
        self.put(sql, archives, |statement, row| statement.execute(params![row.digest, row.opened_by, row.contents]))
    }

    /// All archives that were opened, by digest.
    ///
    /// # Errors
    /// [`crate::store::Error::Catalog`].
    pub fn archives(&self) -> Result<Vec<Archive>> {
        self.get("SELECT * FROM archives ORDER BY digest", [], |row| {
            Ok(Archive { digest: row.get("digest")?, opened_by: row.get("opened_by")?, contents: row.get("contents")? })
        })
    }
}

fn ingest(row: &Row<'_>) -> rusqlite::Result<Ingest> {
    Ok(Ingest {
        key: row.get("key")?,
        digest: row.get("digest")?,
        source: row.get("source")?,
        dataset: row.get("dataset")?,
        period_from: row.get("period_from")?,
        period_to: row.get("period_to")?,
        vintage: row.get("vintage")?,
        vintage_from: row.get("vintage_from")?,
        rows_total: unsigned(row, "rows_total")?,
        rows_facts: unsigned(row, "rows_facts")?,
        rows_quarantined: unsigned(row, "rows_quarantined")?,
        rows_ignored: unsigned(row, "rows_ignored")?,
        rows_other: unsigned(row, "rows_other")?,
        facts_file: row.get("facts_file")?,
        quarantine_file: row.get("quarantine_file")?,
        problems_json: row.get("problems_json")?,
    })
}
