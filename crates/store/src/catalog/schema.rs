//! The tables, and how an older catalogue becomes a newer one.

use rusqlite::{Connection, Result};

use super::seal;

/// The layout this program writes: the number of steps.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// Each step leads from the layout of its index to the next. A step that was released is never edited.
const STEPS: &[&str] = &[
    "
    CREATE TABLE exports (
        name            TEXT NOT NULL,
        digest          TEXT NOT NULL,
        source          TEXT,
        bytes           INTEGER NOT NULL,
        first_seen_run  TEXT NOT NULL,
        PRIMARY KEY (name, digest)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE ingests (
        key               TEXT PRIMARY KEY,
        digest            TEXT NOT NULL,
        source            TEXT NOT NULL,
        dataset           TEXT NOT NULL,
        period_from       TEXT,
        period_to         TEXT,
        vintage           TEXT,
        rows_total        INTEGER NOT NULL,
        rows_facts        INTEGER NOT NULL,
        rows_quarantined  INTEGER NOT NULL,
        rows_ignored      INTEGER NOT NULL,
        rows_other        INTEGER NOT NULL,
        facts_file        TEXT,
        quarantine_file   TEXT,
        problems_json     TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE runs (
        id        TEXT PRIMARY KEY,
        started   TEXT NOT NULL,
        finished  TEXT,
        outcome   TEXT,
        release   TEXT
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE seen (
        path      TEXT PRIMARY KEY,
        bytes     INTEGER NOT NULL,
        mtime_ns  INTEGER NOT NULL,
        ctime_ns  INTEGER NOT NULL,
        digest    TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE replies (
        source         TEXT PRIMARY KEY,
        url            TEXT NOT NULL,
        etag           TEXT,
        last_modified  TEXT,
        digest         TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
",
    "
    -- What the last run read of the inbox, and the ingest it used: the state that `quarantine` and `replay` start from.
    CREATE TABLE in_use (
        name    TEXT PRIMARY KEY,
        digest  TEXT NOT NULL,
        ingest  TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- What said the vintage: `name`, `caption` or `received`.
    ALTER TABLE ingests ADD COLUMN vintage_from TEXT;
",
    "
    -- What the archives among the exports hold, as JSON.
    CREATE TABLE archives (
        digest     TEXT PRIMARY KEY,
        opened_by  TEXT NOT NULL,
        contents   TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- What was seen before may be an archive.
    DELETE FROM seen;
",
    "
    -- What sources with an address answered last. An address may hold a secret, so only its hash is here.
    CREATE TABLE answers (
        source         TEXT PRIMARY KEY,
        address        TEXT,
        etag           TEXT,
        last_modified  TEXT,
        digest         TEXT,
        confirmed      TEXT,
        code           TEXT,
        found          TEXT,
        too_old        INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    INSERT INTO answers (source, digest, confirmed)
        SELECT source, digest, (SELECT max(first_seen_run) FROM exports WHERE exports.digest = replies.digest) FROM replies;
    DROP TABLE replies;
",
    "
    -- Why a run ended as it did.
    ALTER TABLE runs ADD COLUMN reason TEXT;
    -- Releases in the order in which they were published last, and the ingests that each was made from: what `gc` keeps.
    CREATE TABLE releases (
        number     INTEGER PRIMARY KEY,
        id         TEXT NOT NULL UNIQUE,
        readers    TEXT NOT NULL,
        part       INTEGER NOT NULL,
        published  TEXT NOT NULL
    ) STRICT;
    CREATE TABLE release_ingests (
        release  TEXT NOT NULL,
        ingest   TEXT NOT NULL,
        PRIMARY KEY (release, ingest)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO releases (id, readers, part, published)
        SELECT release, 'internal', 0, max(started) FROM runs WHERE release IS NOT NULL GROUP BY release ORDER BY max(started);
",
    "
    -- Every file and every row can be held against what was written. What was read before has no digests: it is read again.
    DELETE FROM ingests;
    DELETE FROM in_use;
    ALTER TABLE ingests ADD COLUMN facts_sha256 TEXT;
    ALTER TABLE ingests ADD COLUMN quarantine_sha256 TEXT;
    CREATE TABLE manifests (
        release  TEXT PRIMARY KEY,
        sha256   TEXT NOT NULL,
        seal     INTEGER
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE exports ADD COLUMN seal INTEGER;
    ALTER TABLE ingests ADD COLUMN seal INTEGER;
    ALTER TABLE runs ADD COLUMN seal INTEGER;
    ALTER TABLE seen ADD COLUMN seal INTEGER;
    ALTER TABLE answers ADD COLUMN seal INTEGER;
    ALTER TABLE releases ADD COLUMN seal INTEGER;
    ALTER TABLE release_ingests ADD COLUMN seal INTEGER;
    ALTER TABLE in_use ADD COLUMN seal INTEGER;
    ALTER TABLE archives ADD COLUMN seal INTEGER;
",
    "
    -- The pipeline that was run, and its time.
    ALTER TABLE runs ADD COLUMN pipeline TEXT;
    ALTER TABLE runs ADD COLUMN due TEXT;
",
    "
    -- What the program says, in Chinese too; none where an older program said it, or where both are the same.
    ALTER TABLE runs ADD COLUMN reason_zh TEXT;
    ALTER TABLE answers ADD COLUMN found_zh TEXT;
",
];

/// All tables. Each has the column `seal`.
pub(super) const TABLES: [&str; 10] =
    ["exports", "ingests", "runs", "seen", "answers", "in_use", "archives", "manifests", "releases", "release_ingests"];

/// Sets the connection up for a writer and takes the missing steps, all of them or none.
pub(super) fn prepare(connection: &mut Connection) -> Result<()> {
    // EXTRA also forces the folder to disk when the journal goes: a committed row survives a power failure.
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    connection.pragma_update(None, "synchronous", "EXTRA")?;
    // What is deleted is overwritten: older layouts held addresses, and these may hold secrets.
    connection.pragma_update(None, "secure_delete", true)?;
    let found = version(connection)?;
    let missing = usize::try_from(found).ok().and_then(|found| STEPS.get(found..)).unwrap_or_default();
    if missing.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for step in missing {
        transaction.execute_batch(step)?;
    }
    for table in TABLES {
        seal::seal_older(&transaction, table)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

/// The layout of the catalogue as it is.
pub(super) fn version(connection: &Connection) -> Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
