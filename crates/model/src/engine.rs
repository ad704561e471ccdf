//! The embedded engine: Polars' SQLContext, each model as soon as the tables it reads are there, each table dropped when nobody
//! will read it any more.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};

use polars::prelude::{
    BooleanChunked, ChunkedArray, Column, DataFrame, DataType, Float64Chunked, IdxCa, Int64Chunked, IntoColumn,
    IntoLazy, NewChunkedArray, PolarsError, PolarsNumericType, StringChunked, StringChunkedBuilder,
};
use polars::series::IsSorted;
use polars::sql::SQLContext;
use rayon::prelude::*;

use super::bounds::{self, Kind, Relation, Size};
use super::guard::{Guarded, guard};
use super::keys::{self, Moment};
use super::sql::Models;
use super::sql::model::Model;
use super::sql::subset::parse;
use vocab::frame::{Frame, TextColumn, Values};
use vocab::scalars::Scalars;
use vocab::{Said, said};

/// Why models could not be run. Bad data is never among the reasons.
#[derive(Debug)]
pub enum Error {
    /// A model names a table that is neither a model nor an input.
    UnknownTable {
        /// The model.
        model: String,
        /// The table it names.
        table: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The engine refused a statement.
    Engine {
        /// The model.
        model: String,
        /// What the engine says.
        source: PolarsError,
    },
    /// A sum, difference or product does not fit into 64 bits.
    Overflow {
        /// The model.
        model: String,
        /// The columns it is computed from.
        columns: Vec<String>,
    },
    /// A column is of a type that no table may have.
    Type {
        /// The model.
        model: String,
        /// The column.
        column: String,
        /// Its type, as the engine calls it.
        kind: String,
    },
}

impl Error {
    /// What went wrong, and in which model.
    pub fn said(&self) -> Said {
        match self {
            Error::UnknownTable { model, table, known } => {
                let known = listed(known);
                said!(
                    "模型 `{model}` 读取 `{table}`，而它既不是模型也不是数据集；现有数据集：{known}",
                    "model `{model}` reads `{table}`, which is neither a model nor a dataset; datasets here: {known}";
                    known
                )
            }
            Error::Engine { model, source } => said!("模型 `{model}`：{source}", "model `{model}`: {source}"),
            Error::Overflow { model, columns } => {
                let columns = listed(columns);
                said!(
                    "模型 `{model}`：由 {columns} 计算的结果超出 64 位整数",
                    "model `{model}`: what is computed from {columns} does not fit into 64 bits";
                    columns
                )
            }
            Error::Type { model, column, kind } => said!(
                "模型 `{model}`：列 `{column}` 的类型为 {kind}，任何表都不得使用该类型",
                "model `{model}`: column `{column}` has type {kind}, which no table may have"
            ),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said().en())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Engine { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Names, one behind the other.
fn listed(names: &[String]) -> Said {
    Said::new(names.join("、"), names.join(", "))
}

/// A table as the engine holds it. Copies share their columns, and what was found out about them.
#[derive(Debug, Clone)]
pub struct Table {
    frame: DataFrame,
    known: Arc<OnceLock<Relation>>,
    /// The numbers of its rows by an enterprise and a moment, if they have such.
    keys: Arc<Mutex<BTreeMap<Moment, Option<Keys>>>>,
}

/// A number for each row of a table.
#[derive(Debug, Clone)]
struct Keys {
    column: Column,
    is_in_order: bool,
    is_unique: bool,
}

impl From<DataFrame> for Table {
    fn from(frame: DataFrame) -> Self {
        Table { frame, known: Arc::default(), keys: Arc::default() }
    }
}

impl Table {
    /// The table `name` with what is in `frame`.
    ///
    /// # Errors
    /// When the engine refuses it.
    pub fn of(name: &str, frame: Frame) -> Result<Table, Error> {
        to_polars(frame).map(Table::from).map_err(|source| Error::Engine { model: name.to_owned(), source })
    }

    /// Adds the rows of another table; columns that this one does not have are left out.
    ///
    /// # Errors
    /// When the other lacks a column of this one.
    pub fn append(&mut self, name: &str, other: &Table) -> Result<(), Error> {
        let columns = self.frame.get_column_names_owned();
        let appended = other.frame.select(columns).and_then(|other| self.frame.vstack_mut(&other).map(|_| ()));
        (self.known, self.keys) = Default::default();
        appended.map_err(|source| Error::Engine { model: name.to_owned(), source })
    }

    /// Its rows as a table of ours.
    ///
    /// # Errors
    /// When it has a column that no table may have.
    pub fn to_frame(&self, name: &str) -> Result<Frame, Error> {
        from_polars(name, &self.frame)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    /// The names of its columns.
    pub fn columns(&self) -> Vec<String> {
        self.frame.get_column_names().into_iter().map(ToString::to_string).collect()
    }

    /// What is known of its columns.
    fn relation(&self) -> Relation {
        self.known.get_or_init(|| self.look()).clone()
    }

    fn look(&self) -> Relation {
        let column = |column: &Column| {
            let series = column.as_materialized_series();
            let (kind, is_unique) = match series.dtype() {
                DataType::Int64 => match series.i64() {
                    Ok(numbers) => (Kind::Whole(Size::of(numbers.data_views())), never_repeats(numbers)),
                    Err(_) => (Kind::Whole(Size::UNKNOWN), false),
                },
                dtype if dtype.is_integer() => {
                    (Kind::Whole(Size::each(2_f64.powi(32), self.frame.height() as f64)), false)
                }
                dtype if dtype.is_float() => (Kind::Float(Size::UNKNOWN), false),
                DataType::String => (Kind::Text(f64::INFINITY), false),
                _ => (Kind::Other, false),
            };
            (column.name().to_string(), bounds::Column { kind, is_unique, is_full: column.null_count() == 0 })
        };
        Relation { rows: self.frame.height() as f64, columns: self.frame.columns().iter().map(column).collect() }
    }

    /// The numbers of its rows by an enterprise and a moment; none where a row has none.
    fn keys(&self, moment: &Moment) -> Option<Keys> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if !keys.contains_key(moment) {
            keys.insert(moment.clone(), self.number(moment));
        }
        keys.get(moment).cloned().flatten()
    }

    fn number(&self, moment: &Moment) -> Option<Keys> {
        let mut whole = BTreeMap::new();
        for name in moment.columns().chain([keys::UNIT]) {
            let numbers = self.frame.column(name).ok()?.as_materialized_series().i64().ok()?;
            if numbers.null_count() > 0 {
                return None;
            }
            whole.insert(name.to_owned(), numbers.rechunk());
        }
        let numbers = moment.keys(|name| whole.get(name)?.cont_slice().ok())?;
        let numbers = Int64Chunked::from_vec(moment.name().into(), numbers);
        let is_unique = never_repeats(&numbers);
        let mut column = numbers.into_column();
        let is_in_order = is_unique || is_in_order(&column);
        if is_in_order {
            column.set_sorted_flag(IsSorted::Ascending);
        }
        Some(Keys { column, is_in_order, is_unique })
    }

    /// Puts rows of enterprises in the order of enterprise and quarter: what is joined on these is then merged.
    ///
    /// # Errors
    /// When the engine refuses it.
    pub fn put_in_order(&mut self, name: &str) -> Result<(), Error> {
        let failed = |source| Error::Engine { model: name.to_owned(), source };
        let own = Moment::own();
        let Some(Keys { column, is_in_order: false, .. }) = self.keys(&own) else { return Ok(()) };
        let numbers = column.as_materialized_series().i64().map_err(failed)?;
        let mut order: Vec<(i64, u32)> = numbers.iter().flatten().zip(0..).collect();
        order.sort_by_key(|(key, _)| *key);
        let order = IdxCa::from_vec("order".into(), order.into_iter().map(|(_, row)| row).collect());
        *self = with_order_told(self.frame.take(&order).map_err(failed)?).into();
        Ok(())
    }
}

/// The tables that a statement reads, and by which numbers it joins them.
struct Reads {
    tables: BTreeMap<String, Table>,
    keyed: RefCell<BTreeMap<String, BTreeSet<Moment>>>,
}

impl Reads {
    fn of(tables: BTreeMap<String, Table>) -> Reads {
        Reads { tables, keyed: RefCell::default() }
    }

    /// Runs a statement, as it is or guarded.
    fn execute(&self, model: &str, sql: &str, guarded: Guarded) -> Result<DataFrame, Error> {
        let failed = |source| Error::Engine { model: model.to_owned(), source };
        let mut context = SQLContext::new();
        for (name, table) in &self.tables {
            let name = if guarded.statement.is_some() { keys::as_it_is(name) } else { name.clone() };
            context.register(&name, table.frame.clone().lazy());
        }
        for (name, moments) in self.keyed.borrow().iter() {
            let Some(table) = self.tables.get(name) else { continue };
            let numbers: Vec<Column> = moments.iter().filter_map(|moment| Some(table.keys(moment)?.column)).collect();
            let frame = table.frame.hstack(&numbers).map_err(failed)?;
            context.register(&keys::with_keys(name), frame.lazy());
        }
        let Guarded { statement, doubtful } = guarded;
        let made = context.execute(statement.as_deref().unwrap_or(sql)).and_then(|query| query.collect());
        made.map_err(|source| {
            if does_not_fit(&source) {
                Error::Overflow { model: model.to_owned(), columns: doubtful.into_iter().collect() }
            } else {
                failed(source)
            }
        })
    }
}

impl keys::Tables for Reads {
    fn relation(&self, name: &str) -> Option<Relation> {
        let table = self.tables.get(keys::without_keys(name))?;
        let mut relation = table.relation();
        let keyed = self.keyed.borrow();
        for moment in keyed.get(keys::without_keys(name)).into_iter().flatten() {
            if let (Some(keys), true) = (table.keys(moment), name != keys::without_keys(name)) {
                let kind = Kind::Whole(Size::UNKNOWN);
                let column = bounds::Column { kind, is_unique: keys.is_unique, is_full: true };
                relation.columns.push((moment.name(), column));
            }
        }
        Some(relation)
    }

    fn has_keys(&self, name: &str, moment: &Moment) -> bool {
        let has = self.tables.get(name).is_some_and(|table| table.keys(moment).is_some());
        if has {
            self.keyed.borrow_mut().entry(name.to_owned()).or_default().insert(moment.clone());
        }
        has
    }
}

/// Runs `models` over `inputs` and gives the tables for which `wanted` holds. Models that do not wait for one another run at
/// the same time.
///
/// # Errors
/// When a model names an unknown table or column, or is outside what the engine understands.
pub fn run(
    models: &Models,
    inputs: BTreeMap<String, Table>,
    wanted: impl Fn(&str) -> bool + Sync,
) -> Result<BTreeMap<String, Frame>, Error> {
    let made: BTreeSet<&str> = models.ordered().iter().map(|model| model.table.as_str()).collect();
    for model in models.ordered() {
        check_reads(model, &inputs, &made)?;
    }
    let tables = inputs
        .into_iter()
        .map(|(name, table)| (name, Table { frame: with_order_told(table.frame), ..table }))
        .collect();
    let joined = models.joined();
    let work = Mutex::new(Work {
        waiting: models.ordered().iter().collect(),
        running: 0,
        tables,
        results: BTreeMap::new(),
        error: None,
    });
    let changed = Condvar::new();
    on_all_processors(&|| serve(&work, &changed, &wanted, &|table| joined.contains(table)));
    let Work { results, error, .. } = work.into_inner().unwrap_or_else(PoisonError::into_inner);
    error.map_or(Ok(results), Err)
}

/// Holds what a model reads against what is there or will be made.
fn check_reads(model: &Model, inputs: &BTreeMap<String, Table>, made: &BTreeSet<&str>) -> Result<(), Error> {
    let is_there = |table: &&String| inputs.contains_key(*table) || made.contains(table.as_str());
    match model.reads.iter().find(|table| !is_there(table)) {
        Some(table) => {
            let known = inputs.keys().cloned().collect();
            Err(Error::UnknownTable { model: model.table.clone(), table: table.clone(), known })
        }
        None => Ok(()),
    }
}

/// Runs one model over tables that hold all it reads.
///
/// # Errors
/// When it names an unknown table or column, or is outside what the engine understands.
pub(super) fn try_one(model: &Model, tables: &BTreeMap<String, Table>) -> Result<Table, Error> {
    check_reads(model, tables, &BTreeSet::new())?;
    Ok(make(model, tables_of(model, tables), false, false)?.0)
}

/// The tables that a model reads.
fn tables_of(model: &Model, tables: &BTreeMap<String, Table>) -> BTreeMap<String, Table> {
    model.reads.iter().filter_map(|name| Some((name.clone(), tables.get(name)?.clone()))).collect()
}

/// Stack of a thread that runs models: the engine goes deep into a statement.
const STACK: usize = 8 << 20;

/// How far a run of models is.
struct Work<'m> {
    /// Models that were not begun, each after those it reads.
    waiting: Vec<&'m Model>,
    /// Models that were begun and are not done.
    running: usize,
    /// Tables that somebody still reads.
    tables: BTreeMap<String, Table>,
    results: BTreeMap<String, Frame>,
    error: Option<Error>,
}

impl<'m> Work<'m> {
    /// The next model whose tables are all there.
    fn next(&mut self) -> Option<&'m Model> {
        let is_ready = |model: &&Model| model.reads.iter().all(|table| self.tables.contains_key(table));
        let at = self.waiting.iter().position(is_ready)?;
        self.running += 1;
        Some(self.waiting.remove(at))
    }
}

/// One more or one less thread has something to do, however a model ended.
struct Running<'a, 'm> {
    work: &'a Mutex<Work<'m>>,
    changed: &'a Condvar,
}

impl Drop for Running<'_, '_> {
    fn drop(&mut self) {
        self.work.lock().unwrap_or_else(PoisonError::into_inner).running -= 1;
        self.changed.notify_all();
    }
}

/// Runs one model after another until none is left.
fn serve(
    work: &Mutex<Work<'_>>,
    changed: &Condvar,
    wanted: &(impl Fn(&str) -> bool + Sync),
    joined: &(impl Fn(&str) -> bool + Sync),
) {
    let mut held = work.lock().unwrap_or_else(PoisonError::into_inner);
    while held.error.is_none() && !held.waiting.is_empty() {
        let Some(model) = held.next() else {
            if held.running == 0 {
                return;
            }
            held = changed.wait(held).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        let reads = tables_of(model, &held.tables);
        drop(held);
        let running = Running { work, changed };
        let made = make(model, reads, wanted(&model.table), joined(&model.table));
        finish(&mut work.lock().unwrap_or_else(PoisonError::into_inner), model, made);
        drop(running);
        held = work.lock().unwrap_or_else(PoisonError::into_inner);
    }
}

/// The table of a model, and its rows if they are wanted.
fn make(
    model: &Model,
    reads: BTreeMap<String, Table>,
    is_wanted: bool,
    is_joined: bool,
) -> Result<(Table, Option<Frame>), Error> {
    let failed = |source| Error::Engine { model: model.table.clone(), source };
    let reads = Reads::of(reads);
    let guarded = guard(&model.statement, &reads);
    let made = reads.execute(&model.table, &model.sql, guarded)?;
    drop(reads);
    let rows = is_wanted.then(|| from_polars(&model.table, &made)).transpose()?;
    let mut table = Table::from(with_order_told(with_whole_numbers(made).map_err(failed)?));
    if is_joined {
        table.put_in_order(&model.table)?;
    }
    Ok((table, rows))
}

/// A table whose counts are numbers like all others: the engine has smaller ones for them, which wrap sooner.
fn with_whole_numbers(mut frame: DataFrame) -> Result<DataFrame, PolarsError> {
    let is_small = |column: &&Column| column.dtype().is_integer() && *column.dtype() != DataType::Int64;
    let small: Vec<Column> = frame.columns().iter().filter(is_small).cloned().collect();
    for column in small {
        frame.with_column(column.cast(&DataType::Int64)?)?;
    }
    Ok(frame)
}

/// Whether the engine could not make a whole number of a floating point number: nothing else does that than one that is too large.
fn does_not_fit(error: &PolarsError) -> bool {
    error.to_string().contains("conversion from `f64` to `i64` failed")
}

/// A table whose columns of whole numbers that are in order are known to be: the engine merges what it joins on them, and needs
/// no table of hashes. Of the others, this looks at a few values only.
fn with_order_told(mut frame: DataFrame) -> DataFrame {
    let in_order: Vec<Column> = frame.columns().iter().filter(|column| is_in_order(column)).cloned().collect();
    for column in in_order {
        let mut series = column.take_materialized_series();
        series.set_sorted_flag(IsSorted::Ascending);
        // It replaces itself, so nothing can be wrong with its name or length.
        let _ = frame.with_column(series.into_column());
    }
    frame
}

fn is_in_order(column: &Column) -> bool {
    column.as_materialized_series().i64().is_ok_and(|numbers| {
        let mut last = i64::MIN;
        numbers.null_count() == 0
            && numbers.data_views().all(|values| {
                let (Some(first), Some(end)) = (values.first(), values.last()) else { return true };
                let follows = std::mem::replace(&mut last, *end) <= *first;
                follows && values.is_sorted()
            })
    })
}

/// Whether the numbers rise from row to row, so that none stands twice.
fn never_repeats(numbers: &Int64Chunked) -> bool {
    let mut last = i64::MIN;
    numbers.null_count() == 0
        && numbers.data_views().all(|values| {
            let (Some(first), Some(end)) = (values.first(), values.last()) else { return true };
            let follows = std::mem::replace(&mut last, *end) < *first;
            follows && values.is_sorted_by(|a, b| a < b)
        })
}

/// Keeps what a model made, and drops the tables that nobody will read any more.
fn finish<'m>(work: &mut Work<'m>, model: &'m Model, made: Result<(Table, Option<Frame>), Error>) {
    match made {
        Ok((table, rows)) => {
            work.tables.insert(model.table.clone(), table);
            work.results.extend(rows.map(|rows| (model.table.clone(), rows)));
        }
        Err(error) => work.error = work.error.take().or(Some(error)),
    }
    let Work { waiting, tables, .. } = work;
    tables.retain(|table, _| waiting.iter().any(|model| model.reads.contains(table)));
}

/// Does `count` pieces of work that call the engine, on as many threads as there are processors; gives the results in order. On
/// plain threads, as models are.
pub(super) fn spread<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let results: Vec<Mutex<Option<T>>> = (0..count).map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let serve = || {
        while let at = next.fetch_add(1, Ordering::Relaxed)
            && let Some(result) = results.get(at)
        {
            *result.lock().unwrap_or_else(PoisonError::into_inner) = Some(work(at));
        }
    };
    on_all_processors(&serve);
    results.into_iter().filter_map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

/// Calls `serve` on as many threads as there are processors. Plain threads and no tasks: while the engine computes, a worker of
/// a pool would begin the next piece of work on the same stack, and another one on top of that.
fn on_all_processors(serve: &(impl Fn() + Sync)) {
    std::thread::scope(|scope| {
        for _ in 1..rayon::current_num_threads() {
            // A thread that cannot be started is one less: this one goes through everything if need be.
            let helper = std::thread::Builder::new().stack_size(STACK);
            let _ = helper.spawn_scoped(scope, serve);
        }
        serve();
    });
}

/// Runs one statement over tables.
///
/// # Errors
/// When the engine refuses it.
pub fn query(sql: &str, tables: &[(&str, &Table)]) -> Result<Frame, Error> {
    const MODEL: &str = "indicators";
    let reads = Reads::of(tables.iter().map(|(name, table)| ((*name).to_owned(), (*table).clone())).collect());
    // What this parser does not know, the engine may still refuse in its own words.
    let guarded = parse(sql).map_or_else(|_| Guarded::default(), |statement| guard(&statement, &reads));
    let made = reads.execute(MODEL, sql, guarded)?;
    from_polars(MODEL, &made)
}

fn to_polars(frame: Frame) -> Result<DataFrame, PolarsError> {
    let column = |(name, values): (String, Values)| {
        let name = name.as_str().into();
        match values {
            Values::Int(values) => {
                let (values, present) = values.into_parts();
                Int64Chunked::from_vec_validity(name, values, present.map(FromIterator::from_iter)).into_column()
            }
            Values::Float(values) => {
                let (values, present) = values.into_parts();
                Float64Chunked::from_vec_validity(name, values, present.map(FromIterator::from_iter)).into_column()
            }
            Values::Bool(values) => BooleanChunked::from_iter_options(name, values.iter()).into_column(),
            Values::Text(values) => text_to_polars(name, &values).into_column(),
            Values::Same(value, rows) => {
                StringChunked::from_iter_options(name, std::iter::repeat_n(value.as_deref(), rows)).into_column()
            }
        }
    };
    DataFrame::new(frame.rows(), frame.into_columns().into_iter().map(column).collect())
}

fn text_to_polars(name: polars::prelude::PlSmallStr, values: &TextColumn) -> StringChunked {
    let mut builder = StringChunkedBuilder::new(name, values.len());
    for value in values.iter() {
        builder.append_option(value);
    }
    builder.finish()
}

/// Numbers of the engine as a column of ours.
fn scalars<T: PolarsNumericType>(values: &ChunkedArray<T>) -> Scalars<T::Native> {
    match values.null_count() {
        0 => values.data_views().collect::<Vec<_>>().concat().into(),
        _ => values.iter().collect(),
    }
}

/// The table that a model made, as one of ours.
fn from_polars(model: &str, table: &DataFrame) -> Result<Frame, Error> {
    let failed = |source| Error::Engine { model: model.to_owned(), source };
    let values = |column: &Column| {
        let series = column.as_materialized_series();
        Ok(match series.dtype() {
            DataType::String => Values::Text(series.str().map_err(failed)?.iter().collect()),
            DataType::Boolean => Values::Bool(series.bool().map_err(failed)?.iter().collect()),
            dtype if dtype.is_float() => {
                let numbers = series.cast(&DataType::Float64).map_err(failed)?;
                Values::Float(scalars(numbers.f64().map_err(failed)?))
            }
            dtype if dtype.is_integer() => {
                let numbers = series.cast(&DataType::Int64).map_err(failed)?;
                Values::Int(scalars(numbers.i64().map_err(failed)?))
            }
            DataType::Null => Values::Int(Scalars::repeat(None, series.len())),
            other => {
                let (model, column, kind) = (model.to_owned(), column.name().to_string(), other.to_string());
                return Err(Error::Type { model, column, kind });
            }
        })
    };
    let columns: Vec<Result<Values, Error>> = table.columns().par_iter().map(values).collect();
    table
        .columns()
        .iter()
        .zip(columns)
        .try_fold(Frame::new(), |frame, (column, values)| Ok(frame.with(column.name().as_str(), values?)))
}
