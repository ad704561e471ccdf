//! Mistakes in configuration files, as they are told: the line, and what is wrong with it.

use vocab::{Said, said};

/// One mistake in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigError {
    /// The file, relative to the configuration folder.
    pub file: String,
    /// Line and column, counted from one; zero where the whole file is meant.
    pub line: usize,
    /// Column in characters, counted from one.
    pub column: usize,
    /// What is wrong, and what would be valid.
    pub message: Said,
    /// The line itself.
    pub excerpt: String,
}

impl ConfigError {
    /// A mistake of a whole file.
    pub(super) fn in_file(file: impl Into<String>, message: Said) -> Self {
        ConfigError { file: file.into(), line: 0, column: 0, message, excerpt: String::new() }
    }

    /// All of it: the place, what is wrong, and the line with a mark under the column.
    pub fn said(&self) -> Said {
        let ConfigError { file, line, column, message, excerpt } = self;
        if *line == 0 {
            return said!("{file}：{message}", "{file}: {message}"; message);
        }
        // As a width, a column is no reference.
        let (mark, width) = ("^", *column);
        said!(
            "{file}:{line}:{column}：{message}\n  | {excerpt}\n  | {mark:>width$}",
            "{file}:{line}:{column}: {message}\n  | {excerpt}\n  | {mark:>width$}";
            message
        )
    }
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.said().en())
    }
}
