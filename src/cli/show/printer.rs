//! Prints results in one format and one language.

use std::fmt::Write as _;
use std::io::Write as _;

use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use super::problem::problem_text;
use crate::cli::args::{Format, Lang};
use crate::cli::escape::escaped;
use vocab::Problem;

/// Prints results in one format and one language.
pub struct Printer {
    pub(super) format: Format,
    pub lang: Lang,
}

/// Shown where there is no value.
pub(super) const NONE: &str = "—";

impl Printer {
    /// A printer.
    pub fn new(format: Format, lang: Lang) -> Self {
        Printer { format, lang }
    }

    /// The one of two texts that is in the language of the printer.
    pub fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Text or JSON on standard output; a closed pipe is the reader's business.
    pub fn out(&self, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) {
        let result = match self.format {
            Format::Text => text(),
            Format::Json => format!("{}\n", json()),
        };
        let _ = std::io::stdout().lock().write_all(escaped(&result).as_bytes());
    }

    /// One line on standard error.
    pub fn line(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", escaped(text));
    }

    /// One problem: place, rule, what stood there, what would be valid, the way out.
    pub fn problem(&self, problem: &Problem) -> String {
        problem_text(problem, self.lang)
    }
}

/// The room that a text takes on a terminal: a Chinese character has two columns.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Columns lined up by the width that characters have on a terminal.
pub(super) fn table<const N: usize>(head: &[String; N], rows: &[[String; N]]) -> String {
    let widths: Vec<usize> =
        (0..N).map(|i| rows.iter().chain([head]).map(|row| width(&row[i])).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in [head].into_iter().chain(rows) {
        text.push(' ');
        for (i, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[i] - width(cell));
            // Names to the left, figures to the right.
            let _ = if i == 0 || i == N - 1 { write!(text, " {cell}{pad}") } else { write!(text, "  {pad}{cell}") };
            if i + 2 == N {
                text.push(' ');
            }
        }
        let trimmed = text.trim_end_matches(' ').len();
        text.truncate(trimmed);
        text.push('\n');
    }
    text
}
