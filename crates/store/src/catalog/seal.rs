//! Seals: what tells a row as it was written from one that was damaged since. SQLite finds pages that do not fit together, not a
//! figure with another digit.

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result, Row, params_from_iter};

use crate::digest::content_key;

/// The column that holds the seal; every table has it.
pub(super) const SEAL: &str = "seal";

/// A row to be written: its columns and their values.
pub(super) type Columns = Vec<(&'static str, Value)>;

/// The seal over the values of a row. A column without a value is no part of it, so that one can be added to a table.
fn seal<'v>(columns: impl Iterator<Item = (&'v str, ValueRef<'v>)>) -> i64 {
    let mut parts: Vec<(&str, Vec<u8>)> = columns
        .filter(|(name, _)| *name != SEAL)
        .filter_map(|(name, value)| {
            let bytes = match value {
                ValueRef::Null => return None,
                ValueRef::Integer(number) => [b"i".as_slice(), &number.to_le_bytes()].concat(),
                ValueRef::Real(number) => [b"r".as_slice(), &number.to_le_bytes()].concat(),
                ValueRef::Text(text) => [b"t".as_slice(), text].concat(),
                ValueRef::Blob(blob) => [b"b".as_slice(), blob].concat(),
            };
            Some((name, bytes))
        })
        .collect();
    parts.sort();
    content_key(parts.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes.as_slice()])).leading_bits()
}

/// The statement that writes such rows into a table, and the values of one with its seal.
pub(super) fn insert(table: &str, columns: &Columns) -> (String, Vec<Value>) {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).chain([SEAL]).collect();
    let places: Vec<String> = (1..=names.len()).map(|number| format!("?{number}")).collect();
    let sql = format!("INSERT OR REPLACE INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
    let sealed = seal(columns.iter().map(|(name, value)| (*name, ValueRef::from(value))));
    (sql, columns.iter().map(|(_, value)| value.clone()).chain([sealed.into()]).collect())
}

/// Whether a row of a whole table (`SELECT *`) is as it was written.
pub(super) fn is_whole(row: &Row<'_>) -> bool {
    let values = row.as_ref().column_names().enumerate().map(|(at, name)| Ok((name, row.get_ref(at)?)));
    let Ok(values) = values.collect::<Result<Vec<_>>>() else { return false };
    let sealed = row.get::<_, i64>(SEAL);
    sealed.is_ok_and(|sealed| sealed == seal(values.into_iter()))
}

/// Seals the rows of a table that have no seal yet: those of an older layout.
pub(super) fn seal_older(connection: &Connection, table: &str) -> Result<()> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table} WHERE {SEAL} IS NULL"))?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let rows = statement.query_map([], |row| (0..names.len()).map(|at| row.get(at)).collect::<Result<Vec<Value>>>())?;
    let rows = rows.collect::<Result<Vec<_>>>()?;
    connection.execute(&format!("DELETE FROM {table} WHERE {SEAL} IS NULL"), [])?;
    for mut values in rows {
        let sealed = seal(names.iter().map(String::as_str).zip(values.iter().map(ValueRef::from)));
        let places: Vec<String> = (1..=names.len()).map(|number| format!("?{number}")).collect();
        if let Some(place) = names.iter().position(|name| name == SEAL).and_then(|at| values.get_mut(at)) {
            *place = sealed.into();
        }
        let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
        connection.execute(&sql, params_from_iter(values))?;
    }
    Ok(())
}
