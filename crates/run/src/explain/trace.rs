//! The rows of exports that a park's figure comes from, found by the models themselves.
//!
//! First each enterprise of the park is made a park of its own, and the models say what it adds: where that comes to
//! the figure, it is the sum of these. Then cells are taken away in copies of an enterprise, first a column at a time
//! and then cell by cell: what a cell adds is by how much less there is with a zero in its place; one that adds
//! nothing, and without which there would be another figure, decides about it. What is only reported by the park is
//! traced likewise, in copies of the whole park. Where the parts do not come to the figure, that is said, and nothing
//! is told of them.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::cells::{Cells, Found};
use super::copies::{Change, Copied, Park, is_of_units, park_column};
use super::explained::{Contribution, Rest, Shared, Traced};
use super::inputs::{Exports, Inputs};
use super::release::Release;
use crate::between::latest::ADDRESS;
use crate::failure::Failure;
use crate::setup::Setup;
use config::indicator::dimension_of;
use config::measure::{Made, Measure};
use config::source::{Kind, Source};
use model::Models;
use store::Store;
use vocab::codes::UnitNumber;
use vocab::period::Quarter;
use vocab::unit::Dimension;

/// Copies that are given to the models at a time: more take more memory, fewer take longer.
const AT_ONCE: usize = 4_000;

/// How it was traced, in the words of the JSON.
const BY_ENTERPRISES: &str = "enterprises";
const BY_CELLS: &str = "cells";
const BY_NONE: &str = "none";

/// Finds rows.
pub(super) struct Tracer<'a> {
    setup: &'a Setup,
    store: &'a Store,
    exports: &'a Exports,
    is_public: bool,
    most: usize,
    /// The park, where nothing is asked of others.
    only: Option<String>,
    inputs: RefCell<BTreeMap<Quarter, Rc<Inputs<'a>>>>,
    models: RefCell<BTreeMap<String, Option<Rc<Models>>>>,
    cells: Cells<'a>,
}

/// What a contribution depends on.
#[derive(Debug, Clone, Default)]
struct Depends<'s> {
    cells: Vec<Found<'s>>,
    /// Columns of which no single cell matters, and all together do.
    together: BTreeSet<String>,
}

impl<'a> Tracer<'a> {
    pub(super) fn new(
        setup: &'a Setup,
        store: &'a Store,
        release: &Release<'_>,
        exports: &'a Exports,
        (most, only): (usize, Option<String>),
    ) -> Tracer<'a> {
        let (inputs, models) = (RefCell::default(), RefCell::default());
        let cells = Cells::new(setup, store, exports);
        Tracer { setup, store, exports, is_public: release.is_public(), most, only, inputs, models, cells }
    }

    fn inputs(&self, quarter: Quarter) -> Result<Rc<Inputs<'a>>, Failure> {
        if let Some(inputs) = self.inputs.borrow().get(&quarter) {
            return Ok(inputs.clone());
        }
        let inputs = Inputs::new(self.setup, self.store, self.exports, quarter)?;
        let inputs = Rc::new(match &self.only {
            Some(park) => {
                let units = Park::of(&inputs, park).units();
                inputs.of_units(units)
            }
            None => inputs,
        });
        self.inputs.borrow_mut().insert(quarter, inputs.clone());
        Ok(inputs)
    }

    /// The models that a measure of a park rests on; none where there are none.
    fn models(&self, measure: &Measure) -> Option<Rc<Models>> {
        if let Some(known) = self.models.borrow().get(&measure.name) {
            return known.clone();
        }
        let config = &self.setup.config;
        let models = match &measure.made {
            Made::Taken { from, .. } => Some(self.setup.models.under(from)),
            _ => self.setup.models.of_one(&config.measures, &config.sources, &measure.name),
        };
        let models = models.map(Rc::new);
        self.models.borrow_mut().insert(measure.name.clone(), models.clone());
        models
    }

    /// What a figure of a park comes from; `depth` says whether cells are looked for. None where nothing can be said.
    pub(super) fn trace(
        &self,
        measure: &Measure,
        park: &str,
        quarter: Quarter,
        value: i64,
        depth: usize,
    ) -> Result<Option<Traced>, Failure> {
        let Some(models) = self.models(measure) else { return Ok(None) };
        let inputs = self.inputs(quarter)?;
        let mut traced = Traced { by: BY_NONE, shared: self.shared(&inputs, &models), ..Traced::default() };
        let is_of_rows = matches!(measure.made, Made::Rows(_)) && !models.has_ranks();
        let is_traceable = is_of_rows && self.exports.are_there && !self.is_public;
        if !is_traceable {
            return Ok(Some(traced));
        }
        let mut subject = Subject { models: &models, inputs: &inputs, park: Park::of(&inputs, park) };
        if models.inputs().contains("stay") {
            let is_count = dimension_of(&measure.name).is_none_or(|of| of == Dimension::Count);
            self.by_enterprises(&mut subject, (value, is_count), depth, &mut traced)?;
        } else if inputs.datasets(&models).iter().any(|source| park_column(source).is_some()) {
            self.by_cells(&mut subject, value, &mut traced)?;
        }
        Ok(Some(traced))
    }

    fn by_enterprises(
        &self,
        subject: &mut Subject<'_, 'a>,
        (value, is_count): (i64, bool),
        depth: usize,
        traced: &mut Traced,
    ) -> Result<(), Failure> {
        let units: Vec<Option<UnitNumber>> = subject.park.units().into_iter().map(Some).collect();
        let parts = subject.parts(&units)?;
        let sum = parts.iter().flatten().fold(0_i64, |sum, part| sum.saturating_add(*part));
        let difference = value.saturating_sub(sum);
        let mut adding: Vec<(UnitNumber, i64)> =
            units.iter().zip(&parts).filter_map(|(unit, part)| Some(((*unit)?, (*part)?))).collect();
        // Who is not counted is not in a count.
        adding.retain(|(_, part)| !is_count || *part != 0);
        let contributors = adding.len();
        // A last digit for each enterprise may be lost where something is rounded once for all of them; no count is rounded.
        let tolerance = if is_count { 0 } else { contributors as u64 };
        if difference.unsigned_abs() > tolerance {
            return Ok(());
        }
        subject.keep_what_matters(&units, &parts, &mut traced.shared)?;
        adding.sort_by_key(|(unit, part)| (Reverse(part.unsigned_abs()), *unit));
        let shown = if self.most == 0 { adding.len() } else { adding.len().min(self.most) };
        let shown = if adding.len() == shown + 1 { adding.len() } else { shown };
        let share = |part: i64| (value != 0).then(|| part as f64 / value as f64);
        let told: Vec<Option<UnitNumber>> = adding[..shown].iter().map(|(unit, _)| Some(*unit)).collect();
        let depends = if depth > 1 { subject.depends(&told, is_of_units)? } else { vec![Depends::default(); shown] };
        for ((unit, part), Depends { cells, together }) in adding[..shown].iter().zip(depends) {
            let cells = self.cells.told(subject.inputs, &cells)?;
            let (unit_code, together) = (Some(unit.code()), together.into_iter().collect());
            traced.parts.push(Contribution {
                unit_code,
                value: *part,
                share: share(*part),
                cells,
                together,
                rest: None,
            });
        }
        let left = adding[shown..].iter().fold(0_i64, |sum, (_, part)| sum.saturating_add(*part));
        let rest = Rest { count: adding.len() - shown, value: left, share: share(left) };
        traced.rest = Some(rest).filter(|rest| rest.count > 0);
        (traced.by, traced.holds, traced.difference) = (BY_ENTERPRISES, difference == 0, difference);
        traced.contributors = contributors;
        Ok(())
    }

    /// What a figure that only the park reports depends on.
    fn by_cells(&self, subject: &mut Subject<'_, 'a>, value: i64, traced: &mut Traced) -> Result<(), Failure> {
        if subject.parts(&[None])? != [Some(value)] {
            return Ok(());
        }
        subject.keep_what_matters(&[None], &[Some(value)], &mut traced.shared)?;
        let is_of_park = |source: &Source| !is_of_units(source) && park_column(source).is_some();
        let depends = subject.depends(&[None], is_of_park)?.pop().unwrap_or_default();
        let Depends { cells: mut found, together } = depends;
        let added = found.iter().filter_map(|one| one.adds).fold(0_i64, i64::saturating_add);
        // A count adds nothing up: its cells decide whether the park is counted.
        let is_sum = added == value || found.iter().all(|one| one.adds.is_none());
        let rest = self.rest_of_rows(value, &mut found);
        let cells = self.cells.told(subject.inputs, &found)?;
        let together = together.into_iter().collect();
        traced.parts.push(Contribution { unit_code: None, value, share: Some(1.0), cells, together, rest });
        (traced.by, traced.contributors) = (BY_CELLS, 1);
        (traced.holds, traced.difference) = (is_sum, if is_sum { 0 } else { value.saturating_sub(added) });
        Ok(())
    }

    /// Leaves the cells of the rows that add most, and tells what the others come to.
    fn rest_of_rows(&self, value: i64, found: &mut Vec<Found<'_>>) -> Option<Rest> {
        let mut rows: BTreeMap<(String, usize), i64> = BTreeMap::new();
        let row_of = |one: &Found<'_>| (one.source.dataset.clone(), one.row);
        for one in found.iter() {
            let of_row = rows.entry(row_of(one)).or_default();
            *of_row = of_row.saturating_add(one.adds.unwrap_or(0));
        }
        let mut order: Vec<((String, usize), i64)> = rows.into_iter().collect();
        order.sort_by_key(|(row, adds)| (Reverse(adds.unsigned_abs()), row.clone()));
        if self.most == 0 || order.len() <= self.most + 1 {
            return None;
        }
        let left = order.split_off(self.most);
        found.retain(|one| order.iter().any(|(row, _)| *row == row_of(one)));
        let sum = left.iter().fold(0_i64, |sum, (_, adds)| sum.saturating_add(*adds));
        let share = (value != 0).then(|| sum as f64 / value as f64);
        Some(Rest { count: left.len(), value: sum, share })
    }

    /// What a figure rests on beside rows of enterprises and of the park.
    fn shared(&self, inputs: &Inputs<'a>, models: &Models) -> Vec<Shared> {
        let named = |source: &Source| {
            let held = self.exports.holding(&source.dataset, inputs.span());
            held.map(|one| one.export.name.clone()).collect()
        };
        let is_shared = |source: &&Source| !is_of_units(source) && park_column(source).is_none();
        let of_datasets = inputs.datasets(models).into_iter().filter(is_shared).map(|source| Shared {
            table: source.dataset.clone(),
            is_register: false,
            files: named(source),
        });
        let names = models.inputs();
        let registers = self.setup.register_names();
        let of_registers = registers
            .into_iter()
            .filter(|(table, _)| names.contains(table.as_str()))
            .map(|(table, file)| Shared { table, is_register: true, files: vec![file] });
        of_datasets.chain(of_registers).collect()
    }
}

/// A measure of a park in a quarter, and what it is traced through.
struct Subject<'s, 'a> {
    models: &'s Models,
    inputs: &'s Inputs<'a>,
    park: Park<'s>,
}

/// What is changed in a copy of the enterprise at this position, or of the park.
type Changed = (usize, Change);

impl<'a> Subject<'_, 'a> {
    /// What each enterprise, or the park as a whole, has of the measure.
    fn parts(&mut self, units: &[Option<UnitNumber>]) -> Result<Vec<Option<i64>>, Failure> {
        self.run(&units.iter().map(|unit| Copied { unit: *unit, change: None }).collect::<Vec<_>>())
    }

    fn run(&mut self, copies: &[Copied]) -> Result<Vec<Option<i64>>, Failure> {
        let mut parts = Vec::with_capacity(copies.len());
        for some in copies.chunks(AT_ONCE) {
            parts.extend(self.park.parts(self.models, some, None)?);
        }
        Ok(parts)
    }

    /// Leaves of what models read for all alike that without which there would be another figure. Where enterprises and
    /// parks are is always among it.
    fn keep_what_matters(
        &mut self,
        units: &[Option<UnitNumber>],
        parts: &[Option<i64>],
        shared: &mut Vec<Shared>,
    ) -> Result<(), Failure> {
        let copies: Vec<Copied> = units.iter().map(|unit| Copied { unit: *unit, change: None }).collect();
        for one in std::mem::take(shared) {
            let is_place = ["park", "stay"].contains(&one.table.as_str());
            if is_place || self.park.parts(self.models, &copies, Some(&one.table))? != parts {
                shared.push(one);
            }
        }
        Ok(())
    }

    /// The cells that the part of each enterprise, or of the park, depends on, in datasets that are looked at.
    fn depends(
        &mut self,
        units: &[Option<UnitNumber>],
        is_looked_at: impl Fn(&Source) -> bool,
    ) -> Result<Vec<Depends<'a>>, Failure> {
        let sources: Vec<&'a Source> =
            self.inputs.datasets(self.models).into_iter().filter(|source| is_looked_at(source)).collect();
        let base = self.parts(units)?;
        let mut columns: Vec<(&'a Source, String)> = Vec::new();
        for source in sources {
            columns.extend(self.columns(source)?.into_iter().map(|column| (source, column)));
        }
        // First whole columns, so that few are looked at cell by cell.
        let of_unit = |at: usize| {
            columns
                .iter()
                .flat_map(move |(source, column)| changes(source, column, None).map(move |change| (at, change)))
        };
        let whole: Vec<Changed> = (0..units.len()).flat_map(of_unit).collect();
        let given = self.changed(units, &whole)?;
        let mut matter: Vec<BTreeSet<(String, String)>> = vec![BTreeSet::new(); units.len()];
        for ((at, change), part) in whole.iter().zip(given) {
            if part != base[*at] {
                matter[*at].insert((change.dataset.clone(), change.column.clone()));
            }
        }
        let mut single: Vec<Changed> = Vec::new();
        for (at, unit) in units.iter().enumerate() {
            let is_one =
                |(source, column): &&(&Source, String)| matter[at].contains(&(source.dataset.clone(), column.clone()));
            for (source, column) in columns.iter().filter(is_one) {
                let rows = self.park.rows_of(source, *unit)?;
                single.extend(rows.into_iter().flat_map(|row| changes(source, column, Some(row))).map(|one| (at, one)));
            }
        }
        let given = self.changed(units, &single)?;
        let mut found: Vec<Depends<'a>> = vec![Depends::default(); units.len()];
        for ((at, change), part) in single.iter().zip(given) {
            let source = columns.iter().map(|(source, _)| *source).find(|source| source.dataset == change.dataset);
            if let Some(source) = source.filter(|_| part != base[*at]) {
                found[*at].take_in(source, change, base[*at].unwrap_or(0).saturating_sub(part.unwrap_or(0)));
            }
        }
        found.iter_mut().zip(matter).for_each(|(depends, matter)| depends.note_together(&matter));
        Ok(found)
    }

    /// What the models give for copies with these changes.
    fn changed(&mut self, units: &[Option<UnitNumber>], changes: &[Changed]) -> Result<Vec<Option<i64>>, Failure> {
        let copied = |(at, change): &Changed| Copied { unit: units[*at], change: Some(change.clone()) };
        self.run(&changes.iter().map(copied).collect::<Vec<_>>())
    }

    /// The columns of a dataset that the models name, but for those that say whose a row is and where it stands.
    fn columns(&self, source: &Source) -> Result<Vec<String>, Failure> {
        let facts = self.inputs.facts(source)?;
        let keys = ["unit_number", "quarter"];
        let is_key = |name: &str| keys.contains(&name) || ADDRESS.contains(&name) || park_column(source) == Some(name);
        let names = facts.columns().iter().map(|(name, _)| name.clone());
        Ok(names.filter(|name| !is_key(name) && self.models.mentions(name)).collect())
    }
}

impl<'s> Depends<'s> {
    /// Takes in a cell without which, or with zero in its place, there is so much less.
    fn take_in(&mut self, source: &'s Source, change: &Change, less: i64) {
        let Some(row) = change.row else { return };
        let adds = Some(less).filter(|less| change.to_zero && *less != 0);
        let is_it = |one: &&mut Found<'_>| {
            one.row == row && one.column == change.column && one.source.dataset == source.dataset
        };
        match self.cells.iter_mut().find(is_it) {
            Some(known) => known.adds = known.adds.or(adds),
            None => self.cells.push(Found { source, column: change.column.clone(), row, adds }),
        }
    }

    /// Notes the columns that matter and of which no single cell does.
    fn note_together(&mut self, matter: &BTreeSet<(String, String)>) {
        let is_alone = |(dataset, column): &(String, String)| {
            self.cells.iter().any(|one| one.source.dataset == *dataset && one.column == *column)
        };
        let together = matter.iter().filter(|one| !is_alone(one));
        self.together = together.map(|(dataset, column)| format!("{dataset}.{column}")).collect();
    }
}

/// A cell, or a column, without anything in it; and a number as zero.
fn changes(source: &Source, column: &str, row: Option<usize>) -> impl Iterator<Item = Change> + use<> {
    let kind = source.columns.iter().find(|declared| declared.name == column).map(|declared| &declared.kind);
    let is_number = kind.is_none_or(|kind| *kind == Kind::Number);
    let (dataset, column) = (source.dataset.clone(), column.to_owned());
    [false, true].into_iter().filter(move |to_zero| is_number || !to_zero).map(move |to_zero| Change {
        dataset: dataset.clone(),
        column: column.clone(),
        row,
        to_zero,
    })
}
