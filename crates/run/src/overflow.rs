//! What a sum that does not fit into 64 bits comes from: the facts are looked at once more, since that is rare.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::between::latest::ORIGIN;
use super::failure::Failure;
use super::ingested::{AllIngested, Ingested};
use super::load::read_table;
use super::setup::Setup;
use config::document::list;
use config::source::{Kind, Source};
use model::engine::Error;
use store::{Shelf, Store};
use vocab::{Place, Problem, Said, rules, said};

/// Places that are named.
const NAMED: usize = 3;

/// A column of facts, with what its figures come to.
struct Load<'a> {
    source: &'a Source,
    column: String,
    total: u128,
    /// The largest figures, and where they are.
    largest: Vec<(Reverse<u64>, Place)>,
}

/// The failure that an error of a model is. Where sums do not fit, it names the column of facts that weighs most, and where its
/// largest figures are; never the figures.
pub(super) fn failure(setup: &Setup, store: &Store, all: &AllIngested, error: Error) -> Failure {
    let Error::Overflow { model, columns } = error else { return error.into() };
    let read = tables_under(setup, &model);
    let mut loads: Vec<Load<'_>> = Vec::new();
    for one in &all.exports {
        let source = one.source(setup);
        if read.as_ref().is_none_or(|tables| tables.contains(&source.dataset))
            && let Err(failure) = weigh(store, one, source, &mut loads)
        {
            return failure;
        }
    }
    let named = loads.iter().filter(|load| columns.contains(&load.column)).max_by_key(|load| load.total);
    let heaviest = named.or_else(|| loads.iter().max_by_key(|load| load.total));
    let found = match list(&columns) {
        _ if columns.is_empty() => Said::words(&model),
        columns => said!("{model}：{columns}", "{model}: {columns}"; columns),
    };
    let problem = Problem::new(&rules::SUM_TOO_LARGE, heaviest.map_or_else(|| Place::file(&model), Load::first));
    let places = heaviest.map(Load::told).unwrap_or_default();
    Failure::Refused(vec![problem.said(found).expected(places)])
}

/// The tables that a model rests on; none for what rests on all.
fn tables_under(setup: &Setup, model: &str) -> Option<BTreeSet<String>> {
    let models = setup.models.ordered();
    if models.iter().all(|one| one.table != model) {
        return None;
    }
    let mut tables = BTreeSet::from([model.to_owned()]);
    // Each model stands after those it reads.
    for one in models.iter().rev() {
        if tables.contains(&one.table) {
            tables.extend(one.reads.iter().cloned());
        }
    }
    Some(tables)
}

/// Adds the figures of an export to what its columns come to.
fn weigh<'a>(store: &Store, one: &Ingested, source: &'a Source, loads: &mut Vec<Load<'a>>) -> Result<(), Failure> {
    let numbers = source.columns.iter().filter(|column| column.kind == Kind::Number).map(|column| column.name.as_str());
    let numbers: Vec<&str> = numbers.chain([source.value_name.as_str()]).collect();
    let facts = read_table(store, &one.ingest, Shelf::Facts, |name| ORIGIN.contains(&name) || numbers.contains(&name))?;
    let (rows, sheets) = (facts.ints(ORIGIN[0]), facts.column(ORIGIN[1]));
    for (name, values) in numbers.iter().filter_map(|name| Some((*name, facts.ints(name)?))) {
        let at = loads.iter().position(|load| load.source.dataset == source.dataset && load.column == name);
        let at = at.unwrap_or_else(|| {
            loads.push(Load { source, column: name.to_owned(), total: 0, largest: Vec::new() });
            loads.len() - 1
        });
        for (row, value) in values.iter().enumerate().filter_map(|(row, value)| Some((row, value?.unsigned_abs()))) {
            loads[at].total += u128::from(value);
            loads[at].keep(value, || {
                let number = rows.and_then(|rows| rows.get(row)).and_then(|number| u32::try_from(number).ok());
                let sheet = sheets.and_then(|sheets| sheets.text(row)).unwrap_or_default();
                Place { row: number, sheet, ..Place::file(&one.export.name) }
            });
        }
    }
    Ok(())
}

impl Load<'_> {
    fn keep(&mut self, value: u64, place: impl FnOnce() -> Place) {
        let is_large = self.largest.len() < NAMED || self.largest.last().is_some_and(|(least, _)| value > least.0);
        if is_large {
            self.largest.push((Reverse(value), place()));
            self.largest.sort();
            self.largest.truncate(NAMED);
        }
    }

    fn first(&self) -> Place {
        self.largest.first().map_or_else(|| Place::file(&self.source.dataset), |(_, place)| place.clone())
    }

    /// Dataset and column, and where the largest figures are.
    fn told(&self) -> Vec<String> {
        let column = format!("{}.{} (config/sources/{}.toml)", self.source.dataset, self.column, self.source.id);
        [column].into_iter().chain(self.largest.iter().map(|(_, place)| place.to_string())).collect()
    }
}
