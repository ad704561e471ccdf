//! Models tried over tables without rows: what columns they give, and everything that is wrong with them at once.

use std::collections::{BTreeMap, BTreeSet};

use super::engine::{self, Table};
use super::sql::Models;
use super::sql::model::Model;
use config::ConfigError;
use config::document::did_you_mean_or;
use vocab::{Said, said};

/// The columns of `wanted`, given empty tables of what the models read.
///
/// # Errors
/// Every model that names a table or column that is not there, or is outside what the engine understands. A model that reads
/// one of these is not tried.
pub fn columns(
    models: &Models,
    mut tables: BTreeMap<String, Table>,
    wanted: &str,
) -> Result<Vec<String>, Vec<ConfigError>> {
    let mut mistakes = Vec::new();
    let mut failed: BTreeSet<&str> = BTreeSet::new();
    for model in models.ordered() {
        if model.reads.iter().any(|read| failed.contains(read.as_str())) {
            failed.insert(&model.table);
            continue;
        }
        match engine::try_one(model, &tables) {
            Ok(table) => {
                tables.insert(model.table.clone(), table);
            }
            Err(error) => {
                mistakes.push(mistake(model, &error, &tables));
                failed.insert(&model.table);
            }
        }
    }
    if mistakes.is_empty() { Ok(tables.get(wanted).map(Table::columns).unwrap_or_default()) } else { Err(mistakes) }
}

/// What is wrong with a model, where the word that the engine names stands in it.
fn mistake(model: &Model, error: &engine::Error, tables: &BTreeMap<String, Table>) -> ConfigError {
    let read: Vec<String> = model.reads.iter().filter_map(|read| tables.get(read)).flat_map(Table::columns).collect();
    let by_engine = match error {
        engine::Error::Engine { source, .. } => source.to_string(),
        _ => String::new(),
    };
    let (told, named, known): (Said, Vec<&str>, Vec<&str>) = match error {
        engine::Error::UnknownTable { table, .. } => (
            said!("`{table}` 既不是模型，也不是数据集", "`{table}` is neither a model nor a dataset"),
            vec![table],
            tables.keys().map(String::as_str).collect(),
        ),
        engine::Error::Overflow { .. } | engine::Error::Type { .. } => (error.said(), Vec::new(), Vec::new()),
        // The engine may go on over several lines, and puts words of the model in quotes.
        engine::Error::Engine { .. } => (
            Said::words(by_engine.lines().next().unwrap_or_default()),
            by_engine.split(['`', '\'', '"']).skip(1).step_by(2).collect(),
            read.iter().map(String::as_str).collect(),
        ),
    };
    let is_unknown = |word: &&str| !word.is_empty() && !known.contains(word) && place(&model.sql, word).is_some();
    let word = named.into_iter().find(is_unknown);
    let (line, column) = word.and_then(|word| place(&model.sql, word)).unwrap_or((0, 0));
    let near = word.map(|word| did_you_mean_or(word, &known, Said::default)).unwrap_or_default();
    ConfigError {
        file: model.file.clone(),
        line,
        column,
        message: said!("{told}{near}", "{told}{near}"; told, near),
        excerpt: line.checked_sub(1).and_then(|at| model.sql.lines().nth(at)).unwrap_or_default().to_owned(),
    }
}

/// Line and column of a whole word, from one.
fn place(sql: &str, word: &str) -> Option<(usize, usize)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    sql.lines().enumerate().filter(|(_, line)| !line.starts_with("--")).find_map(|(number, line)| {
        let (at, _) = line
            .match_indices(word)
            .find(|(at, _)| !line[..*at].ends_with(is_part) && !line[at + word.len()..].starts_with(is_part))?;
        Some((number + 1, line[..at].chars().count() + 1))
    })
}
