//! Copies of the enterprises of a park, each as a park of its own: the models then say of each what it adds, and what
//! it would add if a cell were another one. Nothing of a model is written twice, and whatever a park's sum is made of
//! is found.
//!
//! Where only the park itself reports, the park is copied as a whole.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::inputs::Inputs;
use crate::failure::Failure;
use config::source::{Kind, Source};
use model::Models;
use model::engine::{self, Table};
use model::sql::PART;
use vocab::codes::UnitNumber;
use vocab::frame::{Frame, Values};
use vocab::period::{Quarter, Span};

/// What is changed in a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// The dataset.
    pub(super) dataset: String,
    /// The column.
    pub(super) column: String,
    /// The row of the dataset; all rows of the copy where it is none.
    pub(super) row: Option<usize>,
    /// Whether nothing stands there, or zero.
    pub(super) to_zero: bool,
}

/// A copy of an enterprise, or of the park as a whole, with at most one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Copied {
    /// The enterprise; none for the park as a whole.
    pub(super) unit: Option<UnitNumber>,
    pub(super) change: Option<Change>,
}

/// A park, with the codes and the numbers under which something of it may stand: its own of any time, and of those
/// that became it.
pub(super) struct Park<'a> {
    code: String,
    codes: BTreeSet<String>,
    numbers: Vec<i64>,
    inputs: &'a Inputs<'a>,
    /// The rows of each dataset by enterprise, or those of the park under the enterprise 0.
    rows: HashMap<String, BTreeMap<UnitNumber, Vec<usize>>>,
    /// Of each dataset, a row of each quarter: models ask in which quarters there is anything.
    witnesses: HashMap<String, Vec<usize>>,
}

/// Numbers of parks that are not copied begin here.
const OTHERS: i64 = 1 << 40;

/// The number of an enterprise that is in no park.
const NOBODY: UnitNumber = UnitNumber(0);

fn text(frame: &Frame, column: &str, row: usize) -> Option<String> {
    frame.column(column).and_then(|values| values.text(row))
}

fn int(frame: &Frame, column: &str, row: usize) -> Option<i64> {
    frame.ints(column).and_then(|values| values.get(row))
}

fn unit(frame: &Frame, row: usize) -> Option<UnitNumber> {
    int(frame, "unit_number", row).map(UnitNumber)
}

/// The column of a dataset that names a park.
pub(super) fn park_column(source: &Source) -> Option<&str> {
    source.columns.iter().find(|column| column.kind == Kind::Park).map(|column| column.name.as_str())
}

/// Whether the rows of a dataset are of enterprises.
pub(super) fn is_of_units(source: &Source) -> bool {
    source.columns.iter().any(|column| column.kind == Kind::UnitCode)
}

impl<'a> Park<'a> {
    pub(super) fn of(inputs: &'a Inputs<'a>, code: &str) -> Park<'a> {
        let register = |name: &str| inputs.registers.iter().find(|(known, _)| known == name).map(|(_, frame)| frame);
        let numbers_of = register("park_number");
        let number = |wanted: &str| {
            let frame = numbers_of?;
            (0..frame.rows())
                .find(|&row| text(frame, "park_code", row).as_deref() == Some(wanted))
                .and_then(|row| int(frame, "park_number", row))
        };
        let own = number(code).unwrap_or_default();
        let mut numbers = BTreeSet::from([own]);
        if let Some(heirs) = register("park_heir") {
            let is_heir = |row: &usize| int(heirs, "park_number", *row) == Some(own);
            numbers.extend((0..heirs.rows()).filter(is_heir).filter_map(|row| int(heirs, "was_number", row)));
        }
        let mut codes = BTreeSet::from([code.to_owned()]);
        for name in ["park_number", "park_succession"] {
            let Some(frame) = register(name) else { continue };
            let is_its = |row: &usize| int(frame, "park_number", *row).is_some_and(|number| numbers.contains(&number));
            codes.extend((0..frame.rows()).filter(is_its).filter_map(|row| text(frame, "park_code", row)));
        }
        let numbers = numbers.into_iter().collect();
        Park { code: code.to_owned(), codes, numbers, inputs, rows: HashMap::new(), witnesses: HashMap::new() }
    }

    /// The enterprises that were in it in one of the quarters in question.
    pub(super) fn units(&self) -> Vec<UnitNumber> {
        let Some((_, stays)) = self.inputs.registers.iter().find(|(name, _)| name == "stay") else { return Vec::new() };
        let in_question = self.inputs.span();
        let is_its = |row: &usize| {
            let stay = int(stays, "from_quarter", *row).zip(int(stays, "to_quarter", *row));
            text(stays, "park_code", *row).is_some_and(|code| self.codes.contains(&code))
                && stay.is_some_and(|(from, to)| Span::of_columns(from, to).meets(in_question))
        };
        let units = (0..stays.rows()).filter(is_its).filter_map(|row| unit(stays, row));
        units.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The rows of an enterprise in a dataset; those that name the park, where the dataset is of parks.
    pub(super) fn rows_of(&mut self, source: &Source, unit: Option<UnitNumber>) -> Result<Vec<usize>, Failure> {
        self.index(source)?;
        let rows = self.rows.get(&source.dataset).and_then(|rows| rows.get(&unit.unwrap_or(NOBODY)));
        Ok(rows.cloned().unwrap_or_default())
    }

    fn index(&mut self, source: &Source) -> Result<Rc<Frame>, Failure> {
        let facts = self.inputs.facts(source)?;
        if self.rows.contains_key(&source.dataset) {
            return Ok(facts);
        }
        let mut rows: BTreeMap<UnitNumber, Vec<usize>> = BTreeMap::new();
        let mut witnesses: BTreeMap<Quarter, usize> = BTreeMap::new();
        let units = facts.ints("unit_number");
        let parks = park_column(source).and_then(|column| facts.column(column));
        for row in 0..facts.rows() {
            if let Some(units) = units {
                if let Some(unit) = units.get(row) {
                    rows.entry(UnitNumber(unit)).or_default().push(row);
                }
            } else if parks.and_then(|parks| parks.text(row)).is_some_and(|code| self.codes.contains(&code)) {
                rows.entry(NOBODY).or_default().push(row);
            }
            if let Some(quarter) = int(&facts, "quarter", row).and_then(Quarter::of_column) {
                witnesses.entry(quarter).or_insert(row);
            }
        }
        self.rows.insert(source.dataset.clone(), rows);
        self.witnesses.insert(source.dataset.clone(), witnesses.into_values().collect());
        Ok(facts)
    }

    /// What the models give for each copy, in the order of the copies; one table may be without rows.
    pub(super) fn parts(
        &mut self,
        models: &Models,
        copies: &[Copied],
        without: Option<&str>,
    ) -> Result<Vec<Option<i64>>, Failure> {
        let names = models.inputs();
        let mut tables: BTreeMap<String, Frame> = BTreeMap::new();
        for (name, frame) in &self.inputs.registers {
            if names.contains(name.as_str()) {
                tables.insert(name.clone(), self.register(name, frame, copies));
            }
        }
        tables.extend(self.inputs.of_quarter_tables().into_iter().filter(|(name, _)| names.contains(name.as_str())));
        for source in self.inputs.datasets(models) {
            tables.insert(source.dataset.clone(), self.dataset(source, copies)?);
        }
        for source in &self.inputs.sources_set_aside(models) {
            let aside = self.inputs.set_aside(source)?;
            tables.insert(format!("{}_set_aside", source.dataset), self.set_aside(&aside, copies));
        }
        let mut given = BTreeMap::new();
        for (name, frame) in tables {
            let frame = if without == Some(&name) { frame.take(&[]) } else { frame };
            let mut table = Table::of(&name, frame)?;
            table.put_in_order(&name)?;
            given.insert(name, table);
        }
        let made = engine::run(models, given, |table| table == PART)?;
        let mut parts = vec![None; copies.len()];
        if let Some(made) = made.get(PART) {
            let (end, quarter) = (format!(":{}", self.code), self.inputs.quarter.column());
            for row in (0..made.rows()).filter(|&row| int(made, "quarter", row) == Some(quarter)) {
                let code = text(made, "park_code", row).unwrap_or_default();
                let copy = code.strip_suffix(&end).and_then(|copy| copy.parse::<usize>().ok());
                if let Some(part) = copy.and_then(|copy| parts.get_mut(copy)) {
                    *part = int(made, "part", row);
                }
            }
        }
        Ok(parts)
    }

    /// The number of a park's copy.
    fn number(&self, copy: usize, number: i64) -> Option<i64> {
        let at = self.numbers.iter().position(|known| *known == number)?;
        Some((copy * self.numbers.len() + at + 1) as i64)
    }

    /// A register with the rows of the park for each copy, and those of other parks as they are.
    fn register(&self, name: &str, frame: &Frame, copies: &[Copied]) -> Frame {
        match name {
            "stay" => self.stays(frame, copies),
            "park" | "park_number" | "park_succession" | "leading_industry" | "cluster_member" => {
                self.by_code(frame, copies)
            }
            "park_heir" => self.heirs(frame, copies),
            _ => frame.clone(),
        }
    }

    fn by_code(&self, frame: &Frame, copies: &[Copied]) -> Frame {
        let is_its = |row: usize| text(frame, "park_code", row).is_some_and(|code| self.codes.contains(&code));
        let is_own_number = |row: usize| {
            let number = int(frame, "park_number", row);
            number.is_none_or(|number| self.numbers.contains(&number))
        };
        let others: Vec<usize> = (0..frame.rows()).filter(|row| !is_its(*row)).collect();
        let own: Vec<usize> = (0..frame.rows()).filter(|row| is_its(*row) && is_own_number(*row)).collect();
        let mut rows = others.clone();
        (0..copies.len()).for_each(|_| rows.extend(&own));
        let copy_of = |at: usize| (at >= others.len()).then(|| (at - others.len()) / own.len().max(1));
        let codes = rows.iter().enumerate().map(|(at, &row)| {
            let code = text(frame, "park_code", row)?;
            Some(copy_of(at).map_or(code.clone(), |copy| format!("{copy}:{code}")))
        });
        let made = replaced(frame.take(&rows), "park_code", Values::Text(codes.collect()));
        if frame.ints("park_number").is_none() {
            return made;
        }
        let numbers = rows.iter().enumerate().map(|(at, &row)| {
            let number = int(frame, "park_number", row)?;
            copy_of(at).map_or(Some(number + OTHERS), |copy| self.number(copy, number))
        });
        replaced(made, "park_number", Values::Int(numbers.collect()))
    }

    fn heirs(&self, frame: &Frame, copies: &[Copied]) -> Frame {
        let pair = |row: usize| Some((int(frame, "was_number", row)?, int(frame, "park_number", row)?));
        let is_own = |number: &i64| self.numbers.contains(number);
        let own: Vec<usize> =
            (0..frame.rows()).filter(|&row| pair(row).is_some_and(|(was, is)| is_own(&was) && is_own(&is))).collect();
        let rows: Vec<usize> = (0..copies.len()).flat_map(|_| own.iter().copied()).collect();
        let number = |column: &'static str| {
            let numbers =
                rows.iter().enumerate().map(|(at, &row)| self.number(at / own.len().max(1), int(frame, column, row)?));
            Values::Int(numbers.collect())
        };
        let (was, is) = (number("was_number"), number("park_number"));
        replaced(replaced(frame.take(&rows), "was_number", was), "park_number", is)
    }

    /// The stays of the copied enterprises: in the copies of the park, or elsewhere as they are.
    fn stays(&self, frame: &Frame, copies: &[Copied]) -> Frame {
        let mut of_units: HashMap<UnitNumber, Vec<usize>> = HashMap::new();
        for row in 0..frame.rows() {
            if let Some(unit) = unit(frame, row) {
                of_units.entry(unit).or_default().push(row);
            }
        }
        let pairs: Vec<(usize, usize)> = copies
            .iter()
            .enumerate()
            .flat_map(|(copy, one)| {
                let rows = one.unit.and_then(|unit| of_units.get(&unit)).cloned().unwrap_or_default();
                rows.into_iter().map(move |row| (copy, row))
            })
            .collect();
        let rows: Vec<usize> = pairs.iter().map(|(_, row)| *row).collect();
        let codes = pairs.iter().map(|(copy, row)| {
            let code = text(frame, "park_code", *row)?;
            Some(if self.codes.contains(&code) { format!("{copy}:{code}") } else { code })
        });
        let units = pairs.iter().map(|(copy, _)| Some(*copy as i64 + 1)).collect();
        let made = replaced(frame.take(&rows), "park_code", Values::Text(codes.collect()));
        replaced(made, "unit_number", Values::Int(units))
    }

    /// A dataset with the rows of each copy, changed as it says.
    fn dataset(&mut self, source: &Source, copies: &[Copied]) -> Result<Frame, Failure> {
        let facts = self.index(source)?;
        let is_of_units = is_of_units(source);
        let Some(park) =
            park_column(source).filter(|_| !is_of_units).map(str::to_owned).or(is_of_units.then(String::new))
        else {
            return Ok((*facts).clone());
        };
        let empty = BTreeMap::new();
        let of_units = self.rows.get(&source.dataset).unwrap_or(&empty);
        let mut pairs: Vec<(Option<usize>, usize)> = Vec::new();
        if is_of_units {
            pairs.extend(self.witnesses.get(&source.dataset).into_iter().flatten().map(|row| (None, *row)));
        } else if copies.iter().all(|copy| copy.unit.is_some()) {
            return Ok((*facts).clone());
        }
        for (at, copy) in copies.iter().enumerate() {
            let key = if is_of_units { copy.unit } else { Some(NOBODY).filter(|_| copy.unit.is_none()) };
            let rows = key.and_then(|key| of_units.get(&key)).into_iter().flatten();
            pairs.extend(rows.map(|row| (Some(at), *row)));
        }
        let rows: Vec<usize> = pairs.iter().map(|(_, row)| *row).collect();
        let mut frame = facts.take(&rows);
        if is_of_units {
            let numbers = pairs.iter().map(|(copy, _)| Some(copy.map_or(NOBODY.0, |copy| copy as i64 + 1)));
            frame = replaced(frame, "unit_number", Values::Int(numbers.collect()));
        } else {
            let codes = pairs.iter().map(|(copy, row)| Some(format!("{}:{}", (*copy)?, text(&facts, &park, *row)?)));
            frame = replaced(frame, &park, Values::Text(codes.collect()));
        }
        Ok(changed(frame, &source.dataset, &pairs, copies))
    }

    fn set_aside(&self, frame: &Frame, copies: &[Copied]) -> Frame {
        let mut pairs: Vec<(i64, usize)> = Vec::new();
        for row in 0..frame.rows() {
            let unit = unit(frame, row);
            let mine = copies.iter().enumerate().filter(|(_, copy)| unit.is_some() && copy.unit == unit);
            pairs.extend(mine.map(|(at, _)| (at as i64 + 1, row)));
        }
        let rows: Vec<usize> = pairs.iter().map(|(_, row)| *row).collect();
        let units = pairs.iter().map(|(unit, _)| Some(*unit)).collect();
        replaced(frame.take(&rows), "unit_number", Values::Int(units))
    }
}

/// A table with other values in a column.
fn replaced(frame: Frame, column: &str, values: Values) -> Frame {
    frame.without(&[column]).with(column, values)
}

/// The rows of copies with what is changed in them.
fn changed(frame: Frame, dataset: &str, pairs: &[(Option<usize>, usize)], copies: &[Copied]) -> Frame {
    let mut changes: BTreeMap<&str, Vec<(usize, bool)>> = BTreeMap::new();
    for (at, (copy, row)) in pairs.iter().enumerate() {
        let change = copy.and_then(|copy| copies[copy].change.as_ref()).filter(|change| change.dataset == dataset);
        if let Some(change) = change.filter(|change| change.row.is_none_or(|only| only == *row)) {
            changes.entry(&change.column).or_default().push((at, change.to_zero));
        }
    }
    let mut made = Frame::new();
    for (name, values) in frame.into_columns() {
        let values = match (changes.get(name.as_str()), values) {
            (Some(changes), Values::Int(mut numbers)) => {
                // Where nothing stands, nothing is changed.
                let there = |(at, _): &&(usize, bool)| numbers.get(*at).is_some();
                let changes: Vec<(usize, bool)> = changes.iter().filter(there).copied().collect();
                changes.into_iter().for_each(|(at, to_zero)| numbers.set(at, to_zero.then_some(0)));
                Values::Int(numbers)
            }
            (Some(changes), texts) => {
                let gone: BTreeSet<usize> = changes.iter().map(|(at, _)| *at).collect();
                let kept = (0..texts.len()).map(|at| texts.text(at).filter(|_| !gone.contains(&at)));
                Values::Text(kept.collect())
            }
            (None, values) => values,
        };
        made = made.with(name, values);
    }
    made
}
