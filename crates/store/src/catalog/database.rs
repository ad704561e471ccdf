//! The file of the catalogue: opened, and its rows written and read, each call in one transaction.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Params, Row, Transaction, params_from_iter};

use super::schema;
use super::seal::{self, Columns};
use crate::digest::Digest;
use crate::disk::Disk;
use crate::error::{Error, Result};
use crate::modes::Mode;
use crate::names::CATALOG;
use crate::operation::Op;
use vocab::{Place, Problem, Said, rules, said};

/// The catalogue of a store.
#[derive(Debug)]
pub struct Catalog {
    pub(super) path: PathBuf,
    disk: Disk,
    pub(super) connection: Connection,
    /// Tables in which damaged rows were met.
    pub(super) damaged: RefCell<BTreeSet<&'static str>>,
}

impl Catalog {
    /// Opens or creates the catalogue for the one writer.
    pub(crate) fn open(disk: &Disk, path: &Path, mode: Mode) -> Result<Self> {
        if disk.entry(path)?.is_none() {
            // SQLite would give it, and with it the journal, the mode that the umask says.
            disk.set_mode(path, &disk.create_file(path)?, mode)?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut catalog = Self::connect(disk, path, flags)?;
        catalog.ask()?;
        catalog.check_pages()?;
        schema::prepare(&mut catalog.connection).map_err(failed(path))?;
        catalog.check_version()?;
        Ok(catalog)
    }

    /// Opens an existing catalogue for a reader. The connection may write, because after a kill the first to open the
    /// file has to roll the journal back; statements may not.
    pub(crate) fn open_existing(disk: &Disk, path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let catalog = Self::connect(disk, path, flags)?;
        catalog.connection.pragma_update(None, "query_only", true).map_err(failed(path))?;
        catalog.check_version()?;
        Ok(catalog)
    }

    /// Whether a file is a catalogue. The connection may not change it: nothing says yet that it may be changed.
    pub(crate) fn is_ours(path: &Path) -> bool {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let names = "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('exports', 'ingests', 'runs', 'seen')";
        let count = Connection::open_with_flags(path, flags)
            .and_then(|connection| connection.query_row(names, [], |row| row.get::<_, i64>(0)));
        count.is_ok_and(|count| count == 4)
    }

    fn connect(disk: &Disk, path: &Path, flags: OpenFlags) -> Result<Self> {
        let connection = Connection::open_with_flags(path, flags).map_err(failed(path))?;
        connection.busy_timeout(Duration::from_secs(10)).map_err(failed(path))?;
        Ok(Catalog { path: path.to_owned(), disk: disk.clone(), connection, damaged: RefCell::default() })
    }

    /// Looks whether the pages fit together; what stands in the rows is told by their seals.
    pub(crate) fn check_pages(&self) -> Result<()> {
        let answer: String = self
            .connection
            .pragma_query_value(None, "integrity_check", |row| row.get(0))
            .map_err(failed(&self.path))?;
        if answer == "ok" { Ok(()) } else { Err(damaged(Said::words(answer))) }
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
    pub(super) fn ask(&self) -> Result<()> {
        self.disk.run(Op::Catalog, &self.path, || Ok(()))
    }

    /// Writes all rows of a table in one transaction, or none; one of the same key is replaced.
    pub(super) fn put<R>(&mut self, table: &str, rows: &[R], columns: impl FnMut(&R) -> Columns) -> Result<()> {
        if rows.is_empty() { Ok(()) } else { self.replace("", table, rows, columns) }
    }

    /// Does `write` in one transaction.
    pub(super) fn change(&mut self, write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>) -> Result<()> {
        self.ask()?;
        let change = || {
            let transaction = self.connection.transaction()?;
            write(&transaction)?;
            transaction.commit()
        };
        change().map_err(failed(&self.path))
    }

    /// Does away with what `first` deletes and writes all rows, in one transaction.
    pub(super) fn replace<R>(
        &mut self,
        first: &str,
        table: &str,
        rows: &[R],
        mut columns: impl FnMut(&R) -> Columns,
    ) -> Result<()> {
        self.change(|transaction| {
            transaction.execute_batch(first)?;
            for row in rows {
                let (sql, values) = seal::insert(table, &columns(row));
                transaction.prepare_cached(&sql)?.execute(params_from_iter(values))?;
            }
            Ok(())
        })
    }

    /// Reads rows of a whole table: `rest` says which, and in what order. Rows that are damaged are left out and told, since what
    /// such a table holds is made again; see [`Catalog::get_all`] for the others.
    pub(super) fn get<R>(
        &self,
        table: &'static str,
        rest: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<R>,
    ) -> Result<Vec<R>> {
        let get = || {
            let mut statement = self.connection.prepare_cached(&format!("SELECT * FROM {table} {rest}"))?;
            let mut rows = statement.query(params)?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                if seal::is_whole(row) {
                    found.push(read(row)?);
                } else {
                    self.damaged.borrow_mut().insert(table);
                }
            }
            Ok(found)
        };
        get().map_err(failed(&self.path))
    }

    /// Reads rows of a whole table whose content nothing can give again: with a damaged one there is no going on.
    pub(super) fn get_all<R>(
        &self,
        table: &'static str,
        rest: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<R>,
    ) -> Result<Vec<R>> {
        let rows = self.get(table, rest, params, read)?;
        if self.damaged.borrow().contains(table) {
            return Err(Error::Damaged(Box::new(damaged_row(table))));
        }
        Ok(rows)
    }

    /// Tables in which damaged rows were met.
    pub(crate) fn damaged_tables(&self) -> Vec<&'static str> {
        self.damaged.borrow().iter().copied().collect()
    }
}

/// What SQLite says when the machine is at fault. All else is damage: the statements are right.
const OF_THE_MACHINE: [ErrorCode; 9] = [
    ErrorCode::DatabaseBusy,
    ErrorCode::DatabaseLocked,
    ErrorCode::SystemIoFailure,
    ErrorCode::DiskFull,
    ErrorCode::CannotOpen,
    ErrorCode::ReadOnly,
    ErrorCode::PermissionDenied,
    ErrorCode::OutOfMemory,
    ErrorCode::OperationInterrupted,
];

pub(super) fn failed(path: &Path) -> impl Fn(rusqlite::Error) -> Error {
    let path = path.to_owned();
    move |source| match source.sqlite_error_code() {
        Some(code) if OF_THE_MACHINE.contains(&code) => Error::Catalog { path: path.clone(), source },
        _ => damaged(Said::words(source.to_string())),
    }
}

pub(super) fn damaged(found: Said) -> Error {
    Error::Damaged(Box::new(Problem::new(&rules::CATALOGUE_DAMAGED, Place::file(CATALOG)).said(found)))
}

/// That a table holds a row that is not what was written.
pub(crate) fn damaged_row(table: &str) -> Problem {
    let found = said!("{table} 中的一条记录", "a row of {table}");
    Problem::new(&rules::CATALOGUE_ROW_DAMAGED, Place::file(CATALOG)).said(found)
}

/// What is said, in the columns of these names: in English, and in Chinese where that is another text.
pub(super) fn told_in([en, zh]: [&'static str; 2], text: Option<&Said>) -> [(&'static str, Value); 2] {
    let in_chinese = text.filter(|text| text.is_in_both()).map(|text| text.zh().to_owned());
    [(en, text.map(|text| text.en().to_owned()).into()), (zh, in_chinese.into())]
}

/// What is said in these columns of a row. An older program wrote English alone.
pub(super) fn said_in([en, zh]: [&'static str; 2], row: &Row<'_>) -> rusqlite::Result<Option<Said>> {
    let (en, zh): (Option<String>, Option<String>) = (row.get(en)?, row.get(zh)?);
    Ok(en.map(|en| match zh {
        Some(zh) => Said::new(zh, en),
        None => Said::words(en),
    }))
}

impl ToSql for Digest {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.to_string().into())
    }
}

impl From<Digest> for Value {
    fn from(digest: Digest) -> Value {
        digest.to_string().into()
    }
}

impl FromSql for Digest {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map_err(FromSqlError::other)
    }
}
