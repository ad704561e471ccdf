//! Tables to the files of a release: Parquet with units and descriptions in the footer, CSV, and the data dictionary.
//!
//! Everything is decided here before a byte is written: a [`Release`] is a list of named tables, in a fixed order, each laid
//! out when its turn comes.

mod csv;
pub mod dictionary;
pub mod handbook;
mod tables;

use std::collections::BTreeMap;

pub use csv::{csv, quoted, raw_cell, text_cell};
pub use dictionary::Dictionary;
pub use handbook::{Language, document, handbook, horizon};
pub use tables::{Later, Part, Release, Table, TextFile, assemble};

use vocab::frame::Frame;

/// What goes into the footer of a Parquet file: what the table is, and for each column its unit and meaning.
pub fn footer(
    table: &str,
    frame: &Frame,
    dictionary: &Dictionary,
    about: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let columns: serde_json::Map<String, serde_json::Value> =
        frame.columns().iter().map(|(name, _)| (name.clone(), dictionary.column(name).to_json())).collect();
    let mut footer: BTreeMap<String, String> =
        about.iter().map(|(key, value)| (format!("mujun.{key}"), value.clone())).collect();
    footer.insert("mujun.table".to_owned(), table.to_owned());
    footer.insert("mujun.description".to_owned(), dictionary.table(table));
    footer.insert("mujun.columns".to_owned(), serde_json::Value::Object(columns).to_string());
    footer
}
