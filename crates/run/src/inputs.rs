//! The tables that models read as far as they need no export: a dataset without rows, the calendar, areas and lists; and what becomes
//! of the columns of facts there.

use config::indicator::LEVELS;
use config::site::Site;
use config::source::{Across, Kind, PeriodFrom, Source};
use model::Models;
use model::indicators::{Collected, Held};
use vocab::frame::{Frame, TextColumn, Values};
use vocab::scalars::Scalars;

/// Enterprises under one number: models join and group on integers, and no code of an enterprise gets into them.
pub(super) fn numbered(frame: Frame) -> Frame {
    let Some(codes) = frame.texts("unit_code") else { return frame };
    let units: Scalars<i64> = codes.iter().map(|code| unit_number(code?)).collect();
    frame.with("unit_number", Values::Int(units)).without(&["unit_code"])
}

/// An organisation code read as a number of base 36.
fn unit_number(code: &str) -> Option<i64> {
    code.bytes()
        .try_fold(0_i64, |number, byte| number.checked_mul(36)?.checked_add(i64::from(char::from(byte).to_digit(36)?)))
}

/// The organisation code of a number: the way back of [`numbered`].
pub(super) fn unit_code(number: i64) -> String {
    let mut rest = number.unsigned_abs();
    let mut code = ['0'; 9];
    for character in code.iter_mut().rev() {
        *character = char::from_digit((rest % 36) as u32, 36).unwrap_or('0').to_ascii_uppercase();
        rest /= 36;
    }
    code.into_iter().collect()
}

/// Whether the models need a column of facts: they name it, or it makes the keys they join on.
pub(super) fn is_wanted(models: &Models, column: &str) -> bool {
    column == "unit_code" || models.mentions(column)
}

/// Whether a definition's facts carry quarters.
pub(super) fn has_quarters(source: &Source) -> bool {
    let in_rows = || source.columns.iter().any(|column| column.kind == Kind::Period && column.required);
    source.period == PeriodFrom::Caption || source.layout.across == Across::Period || in_rows()
}

/// A dataset without rows still has its columns: a model that reads it finds nothing, not an error.
pub(super) fn empty(models: &Models, source: &Source) -> Frame {
    let mut frame = Frame::new();
    for column in source.columns.iter().filter(|column| is_wanted(models, &column.name)) {
        let values = match column.kind {
            Kind::Number | Kind::Date => Values::Int(Scalars::default()),
            _ => Values::Text(Default::default()),
        };
        frame = frame.with(column.name.clone(), values);
    }
    if has_quarters(source) {
        frame = frame.with("quarter", Values::Int(Scalars::default()));
    }
    if source.layout.across != Across::None && models.mentions(&source.value_name) {
        frame = frame.with(source.value_name.clone(), Values::Int(Scalars::default()));
    }
    // What stands across is told apart by columns that nobody declared.
    let added: &[&str] = match source.layout.across {
        Across::None => &[],
        Across::Period => &["period", "unit"],
        Across::Indicator => &["indicator", "unit"],
    };
    let is_declared = |name: &str| source.columns.iter().any(|column| column.name == name);
    for name in added.iter().filter(|name| models.mentions(name) && !is_declared(name)) {
        frame = frame.with(*name, Values::Text(Default::default()));
    }
    frame
}

/// The table of rows of a dataset that are set aside: where no row means none, models must tell them from rows that were never sent.
pub(super) fn set_aside_table(source: &Source) -> String {
    format!("{}_set_aside", source.dataset)
}

/// The table of these quarters.
pub(super) fn calendar_of(quarters: &[i64]) -> Frame {
    calendar_since(quarters.first().copied().unwrap_or_default(), quarters)
}

/// The table of these quarters, where the records begin in another one.
pub(super) fn calendar_since(first: i64, quarters: &[i64]) -> Frame {
    let firsts = Scalars::repeat(Some(first), quarters.len());
    Frame::new().with("quarter", Values::Int(quarters.to_vec().into())).with("first_quarter", Values::Int(firsts))
}

/// The quarters of the calendar that each list speaks of: models tell by it what is on no list from what no list tells.
pub(super) fn list_quarters(collected: &Collected, quarters: &Scalars<i64>) -> Frame {
    let (mut datasets, mut held) = (TextColumn::default(), Vec::new());
    for (dataset, one) in collected.iter().filter(|(_, held)| matches!(held, Held::Until(_))) {
        for quarter in quarters.iter().flatten().filter(|quarter| one.holds(*quarter)) {
            datasets.push(Some(dataset));
            held.push(quarter);
        }
    }
    Frame::new().with("dataset", Values::Text(datasets)).with("quarter", Values::Int(held.into()))
}

/// The levels of areas.
pub(super) fn levels() -> Frame {
    Frame::new().with("level", Values::Text(LEVELS.iter().map(|level| Some(*level)).collect()))
}

pub(super) fn province(site: &Site) -> Frame {
    Frame::new()
        .with("ref_area", Values::Same(Some(site.province_code.clone()), 1))
        .with("ref_area_name", Values::Same(Some(site.province_name.clone()), 1))
}
