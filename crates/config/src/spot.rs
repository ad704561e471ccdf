//! Places in configuration files, kept for mistakes that show only once everything is read.

use std::collections::BTreeMap;

use super::error::ConfigError;
use vocab::Said;
use vocab::address::masked;

/// Where one value stands in a configuration file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spot {
    /// The file, relative to the configuration folder.
    pub(super) file: String,
    /// Line, counted from one.
    pub(super) line: usize,
    /// Column in characters, counted from one.
    pub(super) column: usize,
    /// The lines it stands on, whole.
    pub(super) lines: Vec<String>,
}

impl Spot {
    /// A mistake in the value.
    pub fn error(&self, message: Said) -> ConfigError {
        ConfigError {
            file: self.file.clone(),
            line: self.line,
            column: self.column,
            message,
            excerpt: self.lines.first().map(|line| masked(line).into_owned()).unwrap_or_default(),
        }
    }

    /// A mistake in a word of the value, shown where the word first stands.
    pub fn error_at(&self, word: &str, message: Said) -> ConfigError {
        let mut error = self.error(message);
        let found = self.lines.iter().enumerate().find_map(|(number, line)| {
            // On its first line, what stands before the value is not part of it.
            let before = if number == 0 { self.column - 1 } else { 0 };
            let skipped = line.char_indices().nth(before).map_or(line.len(), |(at, _)| at);
            Some((number, line[..skipped + word_in(&line[skipped..], word)?].chars().count() + 1))
        });
        if let Some((number, column)) = found {
            error.line = self.line + number;
            error.column = column;
            error.excerpt = masked(&self.lines[number]).into_owned();
        }
        error
    }
}

/// Where a word begins in a text, as a whole word.
fn word_in(text: &str, word: &str) -> Option<usize> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word)
        .map(|(at, _)| at)
        .find(|&at| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

/// Where a table of a configuration file and its values stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spots {
    pub(super) table: Spot,
    pub(super) keys: BTreeMap<String, Spot>,
}

impl Spots {
    /// Where the value of a key stands; the table, if the key is not there.
    pub fn of(&self, key: &str) -> &Spot {
        self.keys.get(key).unwrap_or(&self.table)
    }
}
