//! The text of a definition on its way, and the export that it is drafted of.

use crate::inspection::FoundTable;
use read::Book;
use vocab::Said;

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

/// The text of a definition on its way. Its keys are the same in both languages, and what it says to a person is not.
pub(super) struct Page {
    zh: String,
    en: String,
    /// Whether what only a person knows is filled with what can be read: the draft is tried like that.
    pub(super) is_filled: bool,
    /// Columns, headings and values whose unit is filled so.
    pub(super) stand_ins: Vec<String>,
}

impl Page {
    pub(super) fn new(is_filled: bool) -> Page {
        Page { zh: String::new(), en: String::new(), is_filled, stand_ins: Vec::new() }
    }

    /// Writes a line that says something to a person.
    pub(super) fn line(&mut self, line: &Said) {
        for (text, line) in [(&mut self.zh, line.zh()), (&mut self.en, line.en())] {
            text.push_str(line);
            text.push('\n');
        }
    }

    /// All of it, as what reads definitions reads it.
    pub(super) fn text(&self) -> &str {
        &self.en
    }

    pub(super) fn said(self) -> Said {
        Said::new(self.zh, self.en)
    }
}

impl std::fmt::Write for Page {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.zh.push_str(text);
        self.en.push_str(text);
        Ok(())
    }
}

/// A text as a string of TOML: its escapes are those of JSON.
pub(super) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
