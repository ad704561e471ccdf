//! One SQL model: one file, one `SELECT`, one table named after the file, and the tables that it reads.

use std::collections::BTreeSet;

use sqlparser::ast::Statement;

use super::subset::{Place, parse, tokens};
use crate::words::Words;

/// One model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// The table it makes.
    pub table: String,
    /// The file it stands in, relative to the folder of models.
    pub file: String,
    /// Its statement.
    pub sql: String,
    /// The same, parsed, with words of our own written out.
    pub(crate) statement: Statement,
    /// What the comment above the statement says the table is.
    pub description: String,
    /// The tables it reads.
    pub reads: BTreeSet<String>,
}

impl Model {
    /// Reads a model from the text of its file.
    pub(super) fn read(file: &str, text: &str, words: &Words) -> Result<Model, Place> {
        let table = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".sql");
        let reads = tokens(text)?;
        let mut statement = parse(text).map_err(|error| (1, 1, error))?;
        words.write_out(&mut statement).map_err(|error| (1, 1, error))?;
        let description =
            text.lines().map_while(|line| line.strip_prefix("--")).map(str::trim).collect::<Vec<_>>().join(" ");
        Ok(Model {
            table: table.to_owned(),
            file: file.to_owned(),
            sql: text.to_owned(),
            statement,
            description,
            reads,
        })
    }

    /// Its statement with words of our own written out, as any engine takes it.
    pub fn written_out(&self) -> String {
        self.statement.to_string()
    }
}

/// Tables that models read and no export gives: the registers, and what the program says of quarters and areas.
pub(crate) const GIVEN: &[&str] = &[
    "calendar",
    "cluster_member",
    "directly_administered",
    "leading_industry",
    "level",
    "list_quarter",
    "park",
    "park_heir",
    "park_number",
    "park_succession",
    "province",
    "region",
    "stay",
    "value_added_rate",
];
