//! The rows of each table, and the calls that write and read them.

use std::collections::BTreeMap;

use rusqlite::Row;

use super::database::{Catalog, said_in, told_in};
use crate::digest::Digest;
use crate::error::Result;
use crate::inbox::Stamp;
use vocab::{Said, said};

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

/// A table of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where it is, relative to the store.
    pub file: String,
    /// Its SHA-256.
    pub digest: Digest,
}

/// An export that was read: what became of it under one source definition and one version of the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingest {
    /// Stands for all that went into it (see [`crate::content_key`]).
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
    /// The facts.
    pub facts: Option<Kept>,
    /// The rows set aside.
    pub quarantine: Option<Kept>,
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

/// Where it stands why a run ended as it did.
const REASON: [&str; 2] = ["reason", "reason_zh"];

/// A run of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its name.
    pub id: String,
    /// When it started.
    pub started: String,
    /// When it ended; none while it goes on, and for one that was killed.
    pub finished: Option<String>,
    /// How it ended: `published`, `nothing_to_do`, `taken_in`, `waits`, `refused`, `failed`, `interrupted`; none while it goes on.
    pub outcome: Option<String>,
    /// Why it was refused, failed or was interrupted.
    pub reason: Option<Said>,
    /// The release it published.
    pub release: Option<String>,
    /// The pipeline it was a run of.
    pub pipeline: Option<String>,
    /// The last time of that pipeline that had come when it started.
    pub due: Option<String>,
}

impl Run {
    /// A run that has just begun. Two of the same second have different processes.
    pub fn begun(started: &str) -> Self {
        let id = format!("{started} {}", std::process::id());
        let started = started.to_owned();
        Run { id, started, finished: None, outcome: None, reason: None, release: None, pipeline: None, due: None }
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
    /// [`crate::Error::Catalog`] and [`crate::Error::Damaged`], as every call of the catalogue; nothing is written then.
    pub fn put_exports(&mut self, exports: &[Export]) -> Result<()> {
        let known: BTreeMap<(String, Digest), String> =
            self.exports()?.into_iter().map(|row| ((row.name, row.digest), row.first_seen_run)).collect();
        self.put("exports", exports, |row| {
            let first = known.get(&(row.name.clone(), row.digest)).unwrap_or(&row.first_seen_run);
            vec![
                ("name", row.name.clone().into()),
                ("digest", row.digest.into()),
                ("source", row.source.clone().into()),
                ("bytes", signed(row.bytes).into()),
                ("first_seen_run", first.clone().into()),
            ]
        })
    }

    /// All exports, by name and digest.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub fn exports(&self) -> Result<Vec<Export>> {
        self.get_all("exports", "ORDER BY name, digest", [], |row| {
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
    /// As [`Catalog::put_exports`].
    pub fn put_ingests(&mut self, ingests: &[Ingest]) -> Result<()> {
        self.put("ingests", ingests, |row| {
            vec![
                ("key", row.key.into()),
                ("digest", row.digest.into()),
                ("source", row.source.clone().into()),
                ("dataset", row.dataset.clone().into()),
                ("period_from", row.period_from.clone().into()),
                ("period_to", row.period_to.clone().into()),
                ("vintage", row.vintage.clone().into()),
                ("vintage_from", row.vintage_from.clone().into()),
                ("rows_total", signed(row.rows_total).into()),
                ("rows_facts", signed(row.rows_facts).into()),
                ("rows_quarantined", signed(row.rows_quarantined).into()),
                ("rows_ignored", signed(row.rows_ignored).into()),
                ("rows_other", signed(row.rows_other).into()),
                ("facts_file", row.facts.as_ref().map(|kept| kept.file.clone()).into()),
                ("facts_sha256", row.facts.as_ref().map(|kept| kept.digest).into()),
                ("quarantine_file", row.quarantine.as_ref().map(|kept| kept.file.clone()).into()),
                ("quarantine_sha256", row.quarantine.as_ref().map(|kept| kept.digest).into()),
                ("problems_json", row.problems_json.clone().into()),
            ]
        })
    }

    /// The ingest of that key, if it was done.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub fn ingest(&self, key: &Digest) -> Result<Option<Ingest>> {
        Ok(self.get("ingests", "WHERE key = ?1", [key], ingest)?.pop())
    }

    /// All ingests, by dataset and key.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub fn ingests(&self) -> Result<Vec<Ingest>> {
        self.get("ingests", "ORDER BY dataset, key", [], ingest)
    }

    /// Forgets ingests: the next run makes them again.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub fn forget_ingests(&mut self, keys: &[Digest]) -> Result<()> {
        let list: Vec<String> = keys.iter().map(|key| format!("'{key}'")).collect();
        let list = list.join(", ");
        let first = format!("DELETE FROM in_use WHERE ingest IN ({list}); DELETE FROM ingests WHERE key IN ({list});");
        self.replace(&first, "ingests", &[], |(): &()| Vec::new())
    }

    /// Says which ingest stands for each export from now on; what was said before is forgotten.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub fn put_in_use(&mut self, in_use: &[InUse]) -> Result<()> {
        self.replace("DELETE FROM in_use", "in_use", in_use, |row| {
            vec![("name", row.name.clone().into()), ("digest", row.digest.into()), ("ingest", row.ingest.into())]
        })
    }

    /// The ingests that the last run used, each with the name of its export, by name.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub fn in_use(&self) -> Result<Vec<(String, Ingest)>> {
        let ingests: BTreeMap<Digest, Ingest> = self.ingests()?.into_iter().map(|row| (row.key, row)).collect();
        let with_ingest = |row: InUse| Some((row.name, ingests.get(&row.ingest)?.clone()));
        Ok(self.names_in_use()?.into_iter().filter_map(with_ingest).collect())
    }

    /// The contents that the last run used, by the names of the exports.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub fn names_in_use(&self) -> Result<Vec<InUse>> {
        self.get("in_use", "ORDER BY name", [], |row| {
            Ok(InUse { name: row.get("name")?, digest: row.get("digest")?, ingest: row.get("ingest")? })
        })
    }

    /// Writes a run, at its start and again at its end.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub fn put_run(&mut self, run: &Run) -> Result<()> {
        // There is one writer: a run without an outcome that is not this one did not reach its end.
        let stopped = self.get("runs", "WHERE outcome IS NULL", [], read_run)?.into_iter().map(|stopped| Run {
            outcome: Some("interrupted".to_owned()),
            reason: Some(said!("未运行到结束", "it did not reach its end")),
            ..stopped
        });
        let rows: Vec<Run> = stopped.chain([run.clone()]).collect();
        self.put("runs", &rows, |row| {
            let columns = vec![
                ("id", row.id.clone().into()),
                ("started", row.started.clone().into()),
                ("finished", row.finished.clone().into()),
                ("outcome", row.outcome.clone().into()),
                ("release", row.release.clone().into()),
                ("pipeline", row.pipeline.clone().into()),
                ("due", row.due.clone().into()),
            ];
            columns.into_iter().chain(told_in(REASON, row.reason.as_ref())).collect()
        })
    }

    /// All runs, oldest first.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub fn runs(&self) -> Result<Vec<Run>> {
        // Those of one second by the numbers of their processes, which stand behind the time.
        self.get("runs", "ORDER BY started, CAST(SUBSTR(id, LENGTH(started) + 2) AS INTEGER), id", [], read_run)
    }

    /// Remembers the content of the files in the inbox, so that an unchanged inbox need not be read; others are forgotten.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub fn put_seen(&mut self, seen: &[Seen]) -> Result<()> {
        self.replace("DELETE FROM seen", "seen", seen, |row| {
            let Stamp { bytes, mtime_ns, ctime_ns } = row.stamp;
            vec![
                ("path", row.path.clone().into()),
                ("bytes", signed(bytes).into()),
                ("mtime_ns", mtime_ns.into()),
                ("ctime_ns", ctime_ns.into()),
                ("digest", row.digest.into()),
            ]
        })
    }

    /// All remembered inbox files, by path.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub fn seen(&self) -> Result<Vec<Seen>> {
        self.get("seen", "ORDER BY path", [], |row| {
            Ok(Seen { path: row.get("path")?, stamp: stamp(row)?, digest: row.get("digest")? })
        })
    }

    /// Remembers what archives hold. To be called before [`Catalog::put_seen`]: what was seen and is not here is none.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub fn put_archives(&mut self, archives: &[Archive]) -> Result<()> {
        self.put("archives", archives, |row| {
            vec![
                ("digest", row.digest.into()),
                ("opened_by", row.opened_by.into()),
                ("contents", row.contents.clone().into()),
            ]
        })
    }

    /// All archives that were opened, by digest. One without its row would be taken for an export that is none.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub fn archives(&self) -> Result<Vec<Archive>> {
        self.get_all("archives", "ORDER BY digest", [], |row| {
            Ok(Archive { digest: row.get("digest")?, opened_by: row.get("opened_by")?, contents: row.get("contents")? })
        })
    }

    /// Remembers the digest of a release's manifest.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub(crate) fn put_manifest(&mut self, release: &str, digest: Digest) -> Result<()> {
        self.put("manifests", &[(release, digest)], |(release, digest)| {
            vec![("release", (*release).to_owned().into()), ("sha256", (*digest).into())]
        })
    }

    /// The digest of a release's manifest; none if an older program made the release.
    ///
    /// # Errors
    /// As [`Catalog::put_exports`].
    pub(crate) fn manifest(&self, release: &str) -> Result<Option<Digest>> {
        Ok(self.get("manifests", "WHERE release = ?1", [release], |row| row.get("sha256"))?.pop())
    }
}

fn read_run(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        id: row.get("id")?,
        started: row.get("started")?,
        finished: row.get("finished")?,
        outcome: row.get("outcome")?,
        reason: said_in(REASON, row)?,
        release: row.get("release")?,
        pipeline: row.get("pipeline")?,
        due: row.get("due")?,
    })
}

fn ingest(row: &Row<'_>) -> rusqlite::Result<Ingest> {
    let kept = |file: &str, digest: &str| -> rusqlite::Result<Option<Kept>> {
        Ok(row.get::<_, Option<String>>(file)?.zip(row.get(digest)?).map(|(file, digest)| Kept { file, digest }))
    };
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
        facts: kept("facts_file", "facts_sha256")?,
        quarantine: kept("quarantine_file", "quarantine_sha256")?,
        problems_json: row.get("problems_json")?,
    })
}

/// SQLite's integers are signed; no count of bytes or rows comes near the difference.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn unsigned(row: &Row<'_>, column: &str) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(|count| u64::try_from(count).unwrap_or(0))
}

fn stamp(row: &Row<'_>) -> rusqlite::Result<Stamp> {
    Ok(Stamp { bytes: unsigned(row, "bytes")?, mtime_ns: row.get("mtime_ns")?, ctime_ns: row.get("ctime_ns")? })
}
