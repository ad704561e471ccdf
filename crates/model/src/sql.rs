//! The SQL models: one file, one `SELECT`, one table named after the file, in folders by what they have rows for.
//!
//! The order in which they run follows from the tables they name. Models keep to the subset of SQL on which Polars and
//! Spark give equal results; what is outside it is refused, before anything runs.

pub(crate) mod model;
pub(crate) mod subset;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use sqlparser::ast::Statement;

pub use model::Model;

use super::keys;
use super::measures::{self, Tables};
use super::words::{self, Words};
use config::ConfigError;
use config::document::list;
use config::measure::Measure;
use config::source::Source;
use model::GIVEN;
use subset::{Place, tokens};
use vocab::{Said, said};

/// All models, each after those it reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Models {
    ordered: Vec<Model>,
    /// Every word in them: names of tables and columns, and what else SQL is made of.
    words: BTreeSet<String>,
    /// What words of our own stand for.
    macros: Words,
}

/// The table that [`Models::of_one`] gives, with the columns `park_code`, `quarter` and `part`.
pub const PART: &str = "part_of_park";

impl Models {
    /// Reads models from their texts by file name (`area/area.sql`).
    ///
    /// # Errors
    /// Every model that cannot be parsed or is outside the common subset, and every cycle.
    pub fn resolve(files: &BTreeMap<String, String>) -> Result<Models, Vec<ConfigError>> {
        Models::with_measures(files, &[], &[])
    }

    /// Reads models from their texts by file name, with the words that `words.sql` among them adds to SQL, and adds those that sum
    /// measures over their tables and over datasets.
    ///
    /// # Errors
    /// Every model that cannot be parsed or is outside the common subset, two models of one table, every mistake of the measures
    /// with regard to their tables, and every cycle.
    pub fn with_measures(
        files: &BTreeMap<String, String>,
        measures: &[Measure],
        sources: &[Source],
    ) -> Result<Models, Vec<ConfigError>> {
        let (words, mut errors) = match files.get(words::FILE).map(|text| read_words(text)) {
            Some(Ok(words)) => (words, Vec::new()),
            Some(Err(error)) => (Words::default(), vec![error]),
            None => (Words::default(), Vec::new()),
        };
        let (mut models, found) = read(files, &words);
        errors.extend(found);
        errors.extend(sources.iter().filter_map(|source| {
            let model = models.get(&source.dataset)?;
            let id = &source.id;
            Some(taken(model, said!("是 sources/{id}.toml 的事实", "the facts of sources/{id}.toml")))
        }));
        let given = models.values().filter(|model| GIVEN.contains(&model.table.as_str()));
        let by_us = || said!("由登记库或本程序提供", "given by the registers or the program");
        errors.extend(given.map(|model| taken(model, by_us())));
        if errors.is_empty() {
            let tables = Tables::of(&models, sources);
            errors.extend(measures::mistakes(measures, &tables));
            let compiled = if errors.is_empty() { measures::compile(measures, &tables) } else { BTreeMap::new() };
            let (compiled, found) = read(&compiled, &words);
            errors.extend(found);
            let twice = models.values().filter(|model| compiled.contains_key(&model.table));
            let of_measures = || said!("由 config/measures 中的度量生成", "made of the measures in config/measures");
            errors.extend(twice.map(|model| taken(model, of_measures())));
            models.extend(compiled);
        }
        match order(models) {
            Ok(ordered) if errors.is_empty() => Ok(Models { words: words_of(&ordered), ordered, macros: words }),
            Ok(_) => Err(errors),
            Err(cycle) => {
                errors.push(in_a_circle(&cycle));
                Err(errors)
            }
        }
    }

    /// The models in the order in which they run.
    pub fn ordered(&self) -> &[Model] {
        &self.ordered
    }

    /// Tables of which rows are joined by enterprise and quarter.
    pub(super) fn joined(&self) -> BTreeSet<String> {
        let of_model = |model: &Model| match &model.statement {
            Statement::Query(query) => keys::tables_joined(query),
            _ => Vec::new(),
        };
        self.ordered.iter().flat_map(of_model).collect()
    }

    /// Tables that models read and none makes: facts and registers.
    pub fn inputs(&self) -> BTreeSet<&str> {
        let made: BTreeSet<&str> = self.ordered.iter().map(|model| model.table.as_str()).collect();
        self.ordered
            .iter()
            .flat_map(|model| &model.reads)
            .map(String::as_str)
            .filter(|table| !made.contains(table))
            .collect()
    }

    /// A table's model, and those that it rests on; none where no model makes it.
    #[must_use]
    pub fn under(&self, table: &str) -> Models {
        let mut wanted = BTreeSet::from([table]);
        let mut ordered: Vec<Model> = Vec::new();
        for model in self.ordered.iter().rev() {
            if wanted.contains(model.table.as_str()) {
                wanted.extend(model.reads.iter().map(String::as_str));
                ordered.push(model.clone());
            }
        }
        ordered.reverse();
        Models { words: words_of(&ordered), ordered, macros: self.macros.clone() }
    }

    /// The models under [`PART`], which gives one measure of each park and quarter without what parks must meet to have it; none
    /// where the measure is no sum over rows.
    pub fn of_one(&self, measures: &[Measure], sources: &[Source], measure: &str) -> Option<Models> {
        let known = self.ordered.iter().map(|model| (model.table.clone(), model.clone())).collect();
        let text = measures::of_one(measures, &Tables::of(&known, sources), measure)?;
        let part = Model::read(&format!("{PART}.sql"), &text, &self.macros).ok()?;
        let ordered = self.ordered.iter().cloned().chain([part]).collect();
        Some(Models { ordered, words: BTreeSet::new(), macros: self.macros.clone() }.under(PART))
    }

    /// Whether some model ranks rows among one another: what one row comes to then depends on the others.
    pub fn has_ranks(&self) -> bool {
        ["RANK", "DENSE_RANK", "ROW_NUMBER"].iter().any(|word| self.words.contains(*word))
    }

    /// Whether any model names this column (or anything else so called): what no model names need not be loaded.
    pub fn mentions(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

/// Every word in the texts of models.
fn words_of(models: &[Model]) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    models.iter().flat_map(|model| model.sql.split(move |c: char| !is_part(c))).map(str::to_owned).collect()
}

/// The models in these files by their tables, and what is wrong with them.
fn read(files: &BTreeMap<String, String>, words: &Words) -> (BTreeMap<String, Model>, Vec<ConfigError>) {
    let mut errors = Vec::new();
    let mut models: BTreeMap<String, Model> = BTreeMap::new();
    let files: Vec<(&String, &String)> = files.iter().filter(|(file, _)| *file != words::FILE).collect();
    let parse = |(file, text): &(&String, &String)| Model::read(file, text, words);
    let parsed: Vec<Result<Model, Place>> = files.par_iter().map(parse).collect();
    for ((file, text), parsed) in files.into_iter().zip(parsed) {
        match parsed {
            Ok(model) => match models.get(&model.table) {
                Some(first) => {
                    let first = &first.file;
                    errors.push(taken(&model, said!("由 {first} 生成", "made by {first}")));
                }
                None => _ = models.insert(model.table.clone(), model),
            },
            Err(place) => errors.push(mistake(file, text, place)),
        }
    }
    (models, errors)
}

fn mistake(file: &str, text: &str, (line, column, message): Place) -> ConfigError {
    let excerpt = text.lines().nth(line.saturating_sub(1)).unwrap_or("").to_owned();
    ConfigError { file: file.to_owned(), line, column, message, excerpt }
}

/// A model whose table is there already.
fn taken(model: &Model, already: Said) -> ConfigError {
    let table = &model.table;
    let message = said!(
        "表 `{table}` 已{already}：请将其中之一改名",
        "the table `{table}` is already {already}: give one of them another name";
        already
    );
    ConfigError { file: model.file.clone(), line: 0, column: 0, message, excerpt: String::new() }
}

/// Models that read each other.
fn in_a_circle(models: &[String]) -> ConfigError {
    let file = format!("{}.sql", models[0]);
    let models = list(models);
    let message = said!("这些模型循环引用：{models}", "these models read each other in a circle: {models}"; models);
    ConfigError { file, line: 0, column: 0, message, excerpt: String::new() }
}

fn read_words(text: &str) -> Result<Words, ConfigError> {
    let read = tokens(text).and_then(|_| Words::read(text).map_err(|error| (1, 1, error)));
    read.map_err(|place| mistake(words::FILE, text, place))
}

fn order(mut models: BTreeMap<String, Model>) -> Result<Vec<Model>, Vec<String>> {
    let mut ordered = Vec::with_capacity(models.len());
    while !models.is_empty() {
        let ready = models.values().find(|model| model.reads.iter().all(|read| !models.contains_key(read)));
        let Some(table) = ready.map(|model| model.table.clone()) else {
            return Err(models.into_keys().collect());
        };
        ordered.extend(models.remove(&table));
    }
    Ok(ordered)
}
