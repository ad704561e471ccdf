//! What is known about exports, ingests, runs and sources: a SQLite file.
//!
//! Rows are written after the files they name and hold nothing that the inbox, the raw exports and the configuration
//! could not give again. A rollback journal, not a write-ahead log: the catalogue is one file that can be copied, and
//! there is one writer. Each call is one transaction.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Params, Row, Statement, Transaction};

use super::digest::Digest;
use super::disk::{Disk, Op};
use super::error::{Error, Result};
use super::inbox::Stamp;

mod answers;
mod releases;
mod rows;
mod schema;

pub use answers::Answer;
pub use releases::Published;
pub use rows::{Archive, Export, InUse, Ingest, Run, Seen};

/// The catalogue of a store.
#[derive(Debug)]
pub struct Catalog {
    path: PathBuf,
    disk: Disk,
    connection: Connection,
}

impl Catalog {
    /// Opens or creates the catalogue for the one writer.
    pub(super) fn open(disk: &Disk, path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut catalog = Self::connect(disk, path, flags)?;
        catalog.ask()?;
        schema::prepare(&mut catalog.connection).map_err(failed(path))?;
        catalog.check_version()?;
        Ok(catalog)
    }

    /// Opens an existing catalogue for a reader. The connection may write, because after a kill the first to open the
    /// file has to roll the journal back; statements may not.
    pub(super) fn open_existing(disk: &Disk, path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let catalog = Self::connect(disk, path, flags)?;
        catalog.connection.pragma_update(None, "query_only", true).map_err(failed(path))?;
        catalog.check_version()?;
        Ok(catalog)
    }

    fn connect(disk: &Disk, path: &Path, flags: OpenFlags) -> Result<Self> {
        let connection = Connection::open_with_flags(path, flags).map_err(failed(path))?;
        connection.busy_timeout(Duration::from_secs(10)).map_err(failed(path))?;
        Ok(Catalog { path: path.to_owned(), disk: disk.clone(), connection })
    }

    fn check_version(&self) -> Result<()> {
        let found = schema::version(&self.connection).map_err(failed(&self.path))?;
        if found == schema::VERSION {
            Ok(())
        } else {
            Err(Error::CatalogVersion { path: self.path.clone(), found, known: schema::VERSION })
        }
    }

    /// Lets a test fail or forbid the transaction that is about to begin.
    fn ask(&self) -> Result<()> {
        self.disk.run(Op::Catalog, &self.path, || Ok(()))
    }

    /// Writes all rows in one transaction, or none.
    fn put<R>(
        &mut self,
        sql: &str,
        rows: &[R],
        put: impl FnMut(&mut Statement<'_>, &R) -> rusqlite::Result<usize>,
    ) -> Result<()> {
        if rows.is_empty() { Ok(()) } else { self.replace("", sql, rows, put) }
    }

    /// Does `write` in one transaction.
    fn change(&mut self, write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>) -> Result<()> {
        self.ask()?;
        let change = || {
            let transaction = self.connection.transaction()?;
            write(&transaction)?;
            transaction.commit()
        };
        change().map_err(failed(&self.path))
    }

    /// Does away with what `first` deletes and writes all rows, in one transaction.
    fn replace<R>(
        &mut self,
        first: &str,
        sql: &str,
        rows: &[R],
        mut put: impl FnMut(&mut Statement<'_>, &R) -> rusqlite::Result<usize>,
    ) -> Result<()> {
        self.change(|transaction| {
            transaction.execute_batch(first)?;
            let mut statement = transaction.prepare_cached(sql)?;
            rows.iter().try_for_each(|row| put(&mut statement, row).map(drop))
        })
    }

    fn get<R>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<R>,
    ) -> Result<Vec<R>> {
        let get = || self.connection.prepare_cached(sql)?.query_map(params, read)?.collect::<rusqlite::Result<_>>();
        get().map_err(failed(&self.path))
    }

    fn get_one<R>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<R>,
    ) -> Result<Option<R>> {
        let get = || self.connection.prepare_cached(sql)?.query_row(params, read).optional();
        get().map_err(failed(&self.path))
    }
}

fn failed(path: &Path) -> impl Fn(rusqlite::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Catalog { path: path.clone(), source }
}

impl ToSql for Digest {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.to_string().into())
    }
}

impl FromSql for Digest {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map_err(FromSqlError::other)
    }
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
