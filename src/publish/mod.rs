//! Tables to the files of a release: Parquet with units and descriptions in the footer, CSV, and the data dictionary.
//!
//! Everything is decided here before a byte is written: a [`Release`] is a list of named tables, in a fixed order, each laid
//! out when its turn comes.

pub mod dictionary;
mod handbook;
mod tables;

use std::collections::BTreeMap;

pub use dictionary::Dictionary;
pub use handbook::{Language, handbook};
pub use tables::{Edition, Part, Release, Span, Table, TextFile, assemble, label};

use crate::vocab::frame::{Frame, Values};

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

/// A table as CSV: UTF-8 with a byte order mark, so that spreadsheet programs show Chinese; nulls are empty.
pub fn csv(frame: &Frame) -> String {
    let mut text = String::from("\u{feff}");
    let names: Vec<String> = frame.columns().iter().map(|(name, _)| name.clone()).collect();
    text.push_str(&names.join(","));
    text.push('\n');
    for row in 0..frame.rows() {
        for (position, (_, values)) in frame.columns().iter().enumerate() {
            if position > 0 {
                text.push(',');
            }
            text.push_str(&cell(values, row));
        }
        text.push('\n');
    }
    text
}

fn cell(values: &Values, row: usize) -> String {
    let text = values.text(row).unwrap_or_default();
    let text = if matches!(values, Values::Text(_) | Values::Same(..)) { defused(text) } else { text };
    quoted(text)
}

/// A raw cell of an export in CSV that people open in a spreadsheet program: as it was, but that a formula is not run,
/// and that a code of many digits, which the program would round, has a tab before it.
pub fn raw_cell(text: &str) -> String {
    let all = |allowed: fn(&u8) -> bool| text.bytes().all(|byte| allowed(&byte));
    if all(|byte| byte.is_ascii_digit()) && text.len() > 11 {
        return format!("\t{text}");
    }
    let number = all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b','));
    quoted(if number { text.to_owned() } else { defused(text.to_owned()) })
}

fn quoted(text: String) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// A text that a spreadsheet program would run as a formula is written as text.
fn defused(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}
