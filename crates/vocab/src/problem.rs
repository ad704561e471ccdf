//! One vocabulary of findings: everything that is wrong with data, wherever it is found, is a [`Problem`].
//!
//! A problem is data, not an error. It names the rule that was broken (a row of [`super::rules`]), the place, what
//! stood there, and what would have been valid. Text, JSON and HTML are renderings of the same value.

use super::rules::Rule;
use super::said::Said;
use crate::said;

/// Where a problem is. Rows and columns count from one, as a spreadsheet shows them; for delimited text the row is
/// the physical line on which the record starts.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The export's name as it was received, relative to its inbox.
    pub file: String,
    /// Sheet name, or empty where the format has none.
    pub sheet: String,
    /// Row or line, counted from one.
    pub row: Option<u32>,
    /// Column, counted from one.
    pub column: Option<u32>,
}

impl Place {
    /// The whole file.
    pub fn file(name: &str) -> Self {
        Place { file: name.to_owned(), ..Place::default() }
    }

    /// The same file and sheet at another row.
    pub fn at_row(&self, row: u32) -> Self {
        Place { row: Some(row), column: None, ..self.clone() }
    }

    /// The same row at another column (counted from one).
    pub fn at_column(&self, column: u32) -> Self {
        Place { column: Some(column), ..self.clone() }
    }
}

impl std::fmt::Display for Place {
    /// `inbox/file.xlsx!Sheet1:R12C5`, shortened to what is known.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        if !self.sheet.is_empty() {
            write!(f, "!{}", self.sheet)?;
        }
        match (self.row, self.column) {
            (Some(row), Some(column)) => write!(f, ":R{row}C{column}"),
            (Some(row), None) => write!(f, ":R{row}"),
            (None, Some(column)) => write!(f, ":C{column}"),
            (None, None) => Ok(()),
        }
    }
}

/// One finding about data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where it is.
    pub place: Place,
    /// Which rule was broken.
    pub rule: &'static Rule,
    /// What stood there. Never a unit-level figure: those stay in quarantine, and this is left empty.
    pub value: Option<Said>,
    /// What would have been valid, nearest first.
    pub expected: Vec<String>,
}

impl Problem {
    /// A finding of `rule` at `place`, with nothing said of the value yet.
    pub fn new(rule: &'static Rule, place: Place) -> Self {
        Problem { place, rule, value: None, expected: Vec::new() }
    }

    /// Gives the words that stood there. Only for text that identifies nobody: labels, units, periods, park codes.
    #[must_use]
    pub fn value(self, words: impl Into<String>) -> Self {
        self.said(Said::words(words))
    }

    /// Says in this program's words what was found, with [`said!`](crate::said!).
    #[must_use]
    pub fn said(mut self, found: Said) -> Self {
        self.value = Some(found);
        self
    }

    /// Adds how often it was found: `万元 ×12`.
    #[must_use]
    pub fn times(mut self, count: u64) -> Self {
        let found = self.value.take().unwrap_or_default();
        self.said(said!("{found} ×{count}", "{found} ×{count}"; found))
    }

    /// Says what would have been valid.
    #[must_use]
    pub fn expected<S: Into<String>>(mut self, expected: impl IntoIterator<Item = S>) -> Self {
        self.expected = expected.into_iter().map(Into::into).collect();
        self
    }
}
