//! The tables that models read as far as they need no export: a dataset without rows, the calendar, areas and lists; and what becomes
//! of the columns of facts there.

use config::site::Site;
use config::source::{Across, Kind, PeriodFrom, Source};
use model::Models;
use model::indicators::{Collected, Held};
use vocab::codes::UnitNumber;
use vocab::frame::{Frame, TextColumn, Values};
use vocab::level::Level;
use vocab::period::Quarter;
use vocab::scalars::Scalars;

/// Enterprises under one number: models join and group on integers, and no code of an enterprise gets into them.
pub(super) fn numbered(frame: Frame) -> Frame {
    let Some(codes) = frame.texts("unit_code") else { return frame };
    let units: Scalars<i64> = codes.iter().map(|code| Some(UnitNumber::of(code?)?.0)).collect();
    frame.with("unit_number", Values::Int(units)).without(&["unit_code"])
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
pub(super) fn calendar_of(quarters: &[Quarter]) -> Frame {
    calendar_since(quarters.first().copied(), quarters)
}

/// The table of these quarters, where the records begin in another one.
pub(super) fn calendar_since(first: Option<Quarter>, quarters: &[Quarter]) -> Frame {
    let firsts = Scalars::repeat(first.map(Quarter::column), quarters.len());
    let quarters = quarters.iter().map(|quarter| Some(quarter.column())).collect();
    Frame::new().with("quarter", Values::Int(quarters)).with("first_quarter", Values::Int(firsts))
}

/// The quarters of the calendar that each list speaks of: models tell by it what is on no list from what no list tells.
pub(super) fn list_quarters(collected: &Collected, quarters: &Scalars<i64>) -> Frame {
    let (mut datasets, mut held) = (TextColumn::default(), Vec::new());
    for (dataset, one) in collected.iter().filter(|(_, held)| matches!(held, Held::Until(_))) {
        let quarters = quarters.iter().flatten().filter_map(Quarter::of_column);
        for quarter in quarters.filter(|quarter| one.holds(*quarter)) {
            datasets.push(Some(dataset));
            held.push(quarter.column());
        }
    }
    Frame::new().with("dataset", Values::Text(datasets)).with("quarter", Values::Int(held.into()))
}

/// The levels of areas.
pub(super) fn levels() -> Frame {
    Frame::new().with("level", Values::Text(Level::ALL.iter().map(|level| Some(level.as_str())).collect()))
}

pub(super) fn province(site: &Site) -> Frame {
    Frame::new()
        .with("ref_area", Values::Same(Some(site.province_code.clone()), 1))
        .with("ref_area_name", Values::Same(Some(site.province_name.clone()), 1))
}
