//! Mistakes in configuration files, as they are told: the line, and what is wrong with it.

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
    pub message: String,
    /// The line itself.
    pub excerpt: String,
}

impl ConfigError {
    /// A mistake of a whole file.
    pub(super) fn in_file(file: impl Into<String>, message: impl Into<String>) -> Self {
        ConfigError { file: file.into(), line: 0, column: 0, message: message.into(), excerpt: String::new() }
    }
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.line == 0 {
            return write!(f, "{}: {}", self.file, self.message);
        }
        writeln!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        writeln!(f, "  | {}", self.excerpt)?;
        write!(f, "  | {:>width$}", "^", width = self.column)
    }
}
