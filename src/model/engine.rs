//! The embedded engine: Polars' SQLContext, one model at a time, each table dropped after its last reader.

use std::collections::BTreeMap;

use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataType, Float64Chunked, Int64Chunked, IntoColumn, IntoLazy, NewChunkedArray,
    PolarsError, StringChunked, StringChunkedBuilder,
};
use polars::sql::SQLContext;

use super::sql::Models;
use crate::vocab::frame::{Frame, TextColumn, Values};

/// Why models could not be run. Bad data is never among the reasons.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A model names a table that is neither a model nor an input.
    #[error("model `{model}` reads `{table}`, which is neither a model nor a dataset; datasets here: {known}")]
    UnknownTable {
        /// The model.
        model: String,
        /// The table it names.
        table: String,
        /// What there is.
        known: String,
    },
    /// The engine refused a statement.
    #[error("model `{model}`: {source}")]
    Engine {
        /// The model.
        model: String,
        /// What the engine says.
        source: PolarsError,
    },
}

/// A table as the engine holds it. Copies share their columns.
#[derive(Debug, Clone)]
pub struct Table(DataFrame);

impl Table {
    /// The table `name` with what is in `frame`.
    ///
    /// # Errors
    /// When the engine refuses it.
    pub fn of(name: &str, frame: Frame) -> Result<Table, Error> {
        to_polars(frame).map(Table).map_err(|source| Error::Engine { model: name.to_owned(), source })
    }

    /// Adds the rows of another table; columns that this one does not have are left out.
    ///
    /// # Errors
    /// When the other lacks a column of this one.
    pub fn append(&mut self, name: &str, other: &Table) -> Result<(), Error> {
        let columns = self.0.get_column_names_owned();
        let appended = other.0.select(columns).and_then(|other| self.0.vstack_mut(&other).map(|_| ()));
        appended.map_err(|source| Error::Engine { model: name.to_owned(), source })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.0.height()
    }
}

/// Runs `models` over `inputs` and gives the tables for which `wanted` holds.
///
/// # Errors
/// When a model names an unknown table or column, or is outside what the engine understands.
pub fn run(
    models: &Models,
    inputs: BTreeMap<String, Table>,
    wanted: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, Frame>, Error> {
    let known = inputs.keys().cloned().collect::<Vec<_>>().join(", ");
    let mut tables = inputs;
    let mut results = BTreeMap::new();
    for (position, model) in models.ordered().iter().enumerate() {
        let failed = |source| Error::Engine { model: model.table.clone(), source };
        let mut context = SQLContext::new();
        for table in &model.reads {
            let Some(Table(frame)) = tables.get(table) else {
                return Err(Error::UnknownTable { model: model.table.clone(), table: table.clone(), known });
            };
            context.register(table, frame.clone().lazy());
        }
        let made = context.execute(&model.sql).and_then(|query| query.collect()).map_err(failed)?;
        if wanted(&model.table) {
            results.insert(model.table.clone(), from_polars(&made).map_err(failed)?);
        }
        tables.insert(model.table.clone(), Table(made));
        let later = &models.ordered()[position + 1..];
        tables.retain(|table, _| later.iter().any(|model| model.reads.contains(table)));
    }
    Ok(results)
}

/// Runs one statement over tables.
///
/// # Errors
/// When the engine refuses it.
pub fn query(sql: &str, tables: &[(&str, &Table)]) -> Result<Frame, Error> {
    let failed = |source| Error::Engine { model: "indicators".to_owned(), source };
    let mut context = SQLContext::new();
    for (name, Table(frame)) in tables {
        context.register(name, frame.clone().lazy());
    }
    let made = context.execute(sql).and_then(|query| query.collect()).map_err(failed)?;
    from_polars(&made).map_err(failed)
}

fn to_polars(frame: Frame) -> Result<DataFrame, PolarsError> {
    let rows = frame.rows();
    let columns = frame
        .into_columns()
        .into_iter()
        .map(|(name, values)| {
            let name = name.as_str().into();
            match values {
                Values::Int(values) => Int64Chunked::from_iter_options(name, values.into_iter()).into_column(),
                Values::Float(values) => Float64Chunked::from_iter_options(name, values.into_iter()).into_column(),
                Values::Bool(values) => BooleanChunked::from_iter_options(name, values.into_iter()).into_column(),
                Values::Text(values) => text_to_polars(name, &values).into_column(),
                Values::Same(value, rows) => {
                    StringChunked::from_iter_options(name, std::iter::repeat_n(value, rows)).into_column()
                }
            }
        })
        .collect::<Vec<Column>>();
    DataFrame::new(rows, columns)
}

fn text_to_polars(name: polars::prelude::PlSmallStr, values: &TextColumn) -> StringChunked {
    let mut builder = StringChunkedBuilder::new(name, values.len());
    for value in values.iter() {
        builder.append_option(value);
    }
    builder.finish()
}

fn from_polars(table: &DataFrame) -> Result<Frame, PolarsError> {
    let mut frame = Frame::new();
    for column in table.columns() {
        let series = column.as_materialized_series();
        let values = match series.dtype() {
            DataType::String => Values::Text(series.str()?.iter().collect()),
            DataType::Boolean => Values::Bool(series.bool()?.iter().collect()),
            dtype if dtype.is_float() => Values::Float(series.cast(&DataType::Float64)?.f64()?.iter().collect()),
            dtype if dtype.is_integer() => Values::Int(series.cast(&DataType::Int64)?.i64()?.iter().collect()),
            DataType::Null => Values::Int(vec![None; series.len()]),
            other => {
                return Err(PolarsError::SchemaMismatch(
                    format!("column `{}` has type {other}, which no table may have", column.name()).into(),
                ));
            }
        };
        frame = frame.with(column.name().as_str(), values);
    }
    Ok(frame)
}
