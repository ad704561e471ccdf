//! A damaged catalogue: what of it is whole, and a new one of that.

use std::path::Path;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OpenFlags, Result as Answer, params_from_iter};

use super::database::{Catalog, damaged, damaged_row, failed};
use super::{schema, seal};
use crate::disk::{Disk, parent_of};
use crate::error::{Error, Result};
use crate::modes::Mode;
use crate::names::CATALOG;
use vocab::{Place, Problem, rules, said};

impl Catalog {
    /// What is wrong with the catalogue: its pages, or else rows of its tables.
    pub(crate) fn damage(&self) -> Vec<Problem> {
        let pages = self.check_pages().err().map(|_| damaged_problem());
        if pages.is_some() {
            return pages.into_iter().collect();
        }
        let mut found = Vec::new();
        for table in schema::TABLES {
            match damaged_rows(&self.connection, table) {
                Ok(rows) if rows.is_empty() => {}
                Ok(_) => found.push(damaged_row(table)),
                Err(_) => found.push(damaged_problem()),
            }
        }
        found
    }

    /// Removes the rows that are damaged. The inbox is then read anew: what was seen in it may be an archive whose row is gone.
    pub(crate) fn remove_damaged(&mut self) -> Result<()> {
        self.ask()?;
        let remove = |connection: &mut Connection| -> Answer<()> {
            let transaction = connection.transaction()?;
            for table in schema::TABLES {
                for row in damaged_rows(&transaction, table)? {
                    let is_it: Vec<String> = row.iter().map(|(name, _)| format!("{name} IS ?")).collect();
                    let sql = format!("DELETE FROM {table} WHERE {}", is_it.join(" AND "));
                    transaction.execute(&sql, params_from_iter(row.into_iter().map(|(_, value)| value)))?;
                }
            }
            transaction.execute("DELETE FROM seen", [])?;
            transaction.commit()
        };
        remove(&mut self.connection).map_err(failed(&self.path))?;
        self.damaged.borrow_mut().clear();
        Ok(())
    }

    /// Makes a new catalogue of the rows of a damaged one that are whole; the damaged one stays beside it.
    pub(crate) fn salvage(disk: &Disk, path: &Path, mode: Mode) -> Result<()> {
        let (fresh, old) = (path.with_extension("db.new"), path.with_extension("db.damaged"));
        disk.remove(&fresh)?;
        let mut catalog = Catalog::open(disk, &fresh, mode)?;
        if let Ok(source) = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY) {
            let copied = copy_whole(&source, &mut catalog.connection);
            copied.map_err(failed(&fresh))?;
        }
        drop(catalog);
        disk.rename(path, &old)?;
        disk.rename(&fresh, path)?;
        disk.sync_folder(parent_of(path))
    }
}

fn damaged_problem() -> Problem {
    match damaged(said!("数据页互不相符", "its pages do not fit together")) {
        Error::Damaged(problem) => *problem,
        _ => Problem::new(&rules::CATALOGUE_DAMAGED, Place::file(CATALOG)),
    }
}

/// The values of a row with the names of its columns.
type RawRow = Vec<(String, Value)>;

fn damaged_rows(connection: &Connection, table: &str) -> Answer<Vec<RawRow>> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}"))?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if !seal::is_whole(row) {
            let value = |at| Ok(owned(row.get_ref(at)?));
            let values = (0..names.len()).map(value).collect::<Answer<Vec<Value>>>()?;
            found.push(names.iter().cloned().zip(values).collect());
        }
    }
    Ok(found)
}

/// A value as it is: text that is damaged may be none.
fn owned(value: ValueRef<'_>) -> Value {
    Value::try_from(value).unwrap_or_else(|_| match value {
        ValueRef::Text(bytes) => Value::Blob(bytes.to_vec()),
        _ => Value::Null,
    })
}

/// Copies the rows that are whole, as far as each table can be read. What was seen of the inbox is left out: it is read anew.
fn copy_whole(from: &Connection, to: &mut Connection) -> Answer<()> {
    let transaction = to.transaction()?;
    for table in schema::TABLES.into_iter().filter(|table| *table != "seen") {
        let Ok(mut statement) = from.prepare(&format!("SELECT * FROM {table}")) else { continue };
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let places: Vec<String> = (1..=names.len()).map(|number| format!("?{number}")).collect();
        let sql = format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
        let Ok(mut rows) = statement.query([]) else { continue };
        while let Ok(Some(row)) = rows.next() {
            if seal::is_whole(row) {
                let values = (0..names.len()).map(|at| row.get::<_, Value>(at)).collect::<Answer<Vec<_>>>()?;
                transaction.execute(&sql, params_from_iter(values))?;
            }
        }
    }
    transaction.commit()
}
