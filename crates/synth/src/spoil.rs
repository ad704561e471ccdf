//! Which rows of a file are spoiled, and how. The plan of a file depends on its form and quarter only.

use super::dice::{Seed, Topic};
use super::error::Error;
use super::quarter::Quarter;
use super::register::World;
use super::write::{Cell, Sink, Spoiled};

/// The last character of the credit code is wrong.
pub(super) const CHECK_DIGIT: &str = "check_digit";
/// The row was there before.
pub(super) const DUPLICATE_ROW: &str = "duplicate_row";
/// The credit code is valid and in no register.
pub(super) const UNKNOWN_UNIT: &str = "unknown_unit";
/// The park is in no register.
pub(super) const UNKNOWN_PARK: &str = "unknown_park";
/// Text in a required number.
pub(super) const NOT_A_NUMBER: &str = "not_a_number";
/// A missing symbol in a required number.
pub(super) const VALUE_REQUIRED: &str = "value_required";

/// A word that is not among those a column knows.
pub(super) const NOT_IN_LIST: &str = "not_in_list";

/// A form in which every enterprise is a row.
#[derive(Clone, Copy)]
pub(super) enum Form {
    B203,
    B204,
    Energy,
    Tax,
    Research = 12,
    Emission = 20,
    Filing,
    Meter,
}

/// The spoiled rows of one file.
pub(super) struct Plan {
    /// A further row, if the file has one.
    pub extra: Option<Extra>,
    /// Rows whose required number is spoiled in the first sending.
    pub replaced: Vec<(usize, &'static str)>,
}

/// A further row: made from data row `model`, written right after data row `after`.
pub(super) struct Extra {
    pub kind: &'static str,
    model: usize,
    after: usize,
}

/// Whether a form gets a revised file for a quarter: two quarters of B203, one of B204-1.
pub(super) fn is_revised(world: &World, form: Form, quarter: Quarter) -> bool {
    let place = quarter.since(world.from) as usize;
    let quarters = world.quarters;
    match form {
        Form::B203 => place == quarters / 3 || (quarters > 3 && place == 2 * quarters / 3 + 1),
        Form::B204 => place == quarters / 2,
        Form::Energy | Form::Tax | Form::Research | Form::Emission | Form::Filing | Form::Meter => false,
    }
}

/// The plan of a first sending with `rows` data rows.
pub(super) fn plan(world: &World, form: Form, quarter: Quarter, rows: usize) -> Plan {
    let mut dice = world.seed.at(Topic::Spoil, form as u64, quarter.key());
    let mut replaced = Vec::new();
    if rows < 4 {
        return Plan { extra: None, replaced };
    }
    if is_revised(world, form, quarter) {
        let first = dice.below(rows);
        replaced.push((first, NOT_A_NUMBER));
        if matches!(form, Form::B203) {
            replaced.push(((first + 1 + dice.below(rows - 1)) % rows, VALUE_REQUIRED));
        }
    }
    // In turn, so that every form meets every kind within four quarters.
    let turn = (quarter.since(world.from) as usize + form as usize) % 4;
    let extra = [Some(CHECK_DIGIT), Some(DUPLICATE_ROW), Some(UNKNOWN_UNIT), None][turn].map(|kind| {
        let mut model = dice.below(rows);
        while replaced.iter().any(|&(row, _)| row == model) {
            model = (model + 1) % rows;
        }
        Extra { kind, model, after: (model + dice.below(40)).min(rows - 1) }
    });
    Plan { extra, replaced }
}

/// Data rows on their way into a file, with the planned further row among them.
pub(super) struct Rows<'a, S: Sink> {
    sink: &'a mut S,
    extra: Option<Extra>,
    /// The further row, once its model has passed.
    model: Vec<Cell>,
    /// Data rows without the further one.
    written: usize,
    /// Data rows, the further one included.
    pub rows: u64,
    pub spoiled: Vec<Spoiled>,
}

impl<'a, S: Sink> Rows<'a, S> {
    /// Rows into a sink; `extra` is what the plan holds.
    pub(super) fn new(sink: &'a mut S, extra: Option<Extra>) -> Self {
        Self { sink, extra, model: Vec::new(), written: 0, rows: 0, spoiled: Vec::new() }
    }

    /// Writes the data row of an enterprise; `kind` is given when it is spoiled itself. Key and name are columns 0 and 1.
    pub(super) fn write(
        &mut self,
        world: &World,
        enterprise: usize,
        cells: &[Cell],
        kind: Option<&'static str>,
    ) -> Result<(), Error> {
        let row = self.sink.row(cells)?;
        self.rows += 1;
        self.spoiled.extend(kind.map(|kind| Spoiled { row, kind }));
        let place = self.written;
        self.written += 1;
        let Some(extra) = &self.extra else { return Ok(()) };
        if place == extra.model {
            self.model = cells.to_vec();
            spoil_key(world, enterprise, extra.kind, self.rows, &mut self.model);
        }
        if place == extra.after {
            let row = self.sink.row(&self.model)?;
            self.rows += 1;
            self.spoiled.push(Spoiled { row, kind: extra.kind });
        }
        Ok(())
    }
}

/// Makes a further row of a copy of a good one.
fn spoil_key(world: &World, enterprise: usize, kind: &str, salt: u64, cells: &mut [Cell]) {
    let [key, name, ..] = cells else { return };
    match kind {
        CHECK_DIGIT => *key = world.enterprises[enterprise].code.broken(salt as usize).into(),
        UNKNOWN_UNIT => {
            let (code, stranger) = world.stranger(salt % 97);
            *key = code.into();
            *name = stranger.into();
        }
        _ => {}
    }
}

/// How much the first sending of a form says instead of 1, for an enterprise that restates it later.
fn first_sending(seed: Seed, form: Form, quarter: Quarter, enterprise: usize) -> Option<f64> {
    let mut dice = seed.at(Topic::FirstSending, enterprise as u64, quarter.key() * 8 + form as u64);
    dice.chance(0.015).then(|| dice.between(0.94, 1.06))
}

/// The factor of values an enterprise restates later, by the place of its row; 1 for all others.
pub(super) fn first_factor(world: &World, form: Form, quarter: Quarter, enterprise: usize) -> f64 {
    if !is_revised(world, form, quarter) {
        return 1.0;
    }
    first_sending(world.seed, form, quarter, enterprise).unwrap_or(1.0)
}

/// Whether a row belongs in the revised file: it was spoiled in the first sending, or is restated.
pub(super) fn is_in_revision(world: &World, form: Form, quarter: Quarter, enterprise: usize, spoiled: bool) -> bool {
    spoiled || first_sending(world.seed, form, quarter, enterprise).is_some()
}

/// A value of the first sending.
pub(super) fn scaled(value: i64, factor: f64) -> i64 {
    if factor == 1.0 { value } else { (value as f64 * factor).round() as i64 }
}
