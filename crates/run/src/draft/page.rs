//! The text of a definition on its way, and the export that it is drafted of.

use crate::inspection::FoundTable;
use read::Book;

/// An export that a definition is drafted of.
#[derive(Clone, Copy)]
pub(super) struct Drafted<'d> {
    /// The export's name, without folders and without that of gzip.
    pub(super) name: &'d str,
    pub(super) book: &'d Book,
    pub(super) tables: &'d [FoundTable],
    /// The table that the file is for.
    pub(super) first: &'d FoundTable,
}

/// What values that stand across are called in the facts of a draft.
pub(super) const VALUE: &str = "value";

/// The text of a definition on its way.
pub(super) struct Page {
    pub(super) text: String,
    /// Whether what only a person knows is filled with what can be read: the draft is tried like that.
    pub(super) is_filled: bool,
    /// Columns, headings and values whose unit is filled so.
    pub(super) stand_ins: Vec<String>,
}

impl std::fmt::Write for Page {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.text.push_str(text);
        Ok(())
    }
}

/// A text as a string of TOML: its escapes are those of JSON.
pub(super) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
