//! Which columns there are, known without data: the models run over tables without rows.

use std::collections::BTreeMap;

use super::failure::Failure;
use super::inputs::{calendar_of, empty, levels, list_quarters, numbered, set_aside_table};
use clean::Registers;
use config::source::Source;
use config::{Config, ConfigError};
use model::engine::Table;
use model::{Areas, Models};
use vocab::frame::{Frame, Values};

/// The columns of `area_quarter`.
///
/// # Errors
/// Every model that names a table or column that is not there, or is outside what the engine understands.
pub(super) fn area_columns(models: &Models, sources: &[Source], registers: &Registers) -> Result<Vec<String>, Failure> {
    let inputs = models.inputs();
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    let mut put = |name: &str, frame: Frame| -> Result<(), model::Error> {
        if inputs.contains(name) && !tables.contains_key(name) {
            tables.insert(name.to_owned(), Table::of(name, numbered(frame))?);
        }
        Ok(())
    };
    for (name, frame) in registers.tables() {
        put(name, frame.take(&[]))?;
    }
    for source in sources {
        put(&source.dataset, empty(models, source))?;
        let keys = Frame::new().with("unit_code", Values::Text(Default::default()));
        put(&set_aside_table(source), keys.with("quarter", Values::Int(Default::default())))?;
    }
    put("calendar", calendar_of(&[]))?;
    put("list_quarter", list_quarters(&BTreeMap::new(), &Default::default()))?;
    let text = || Values::Text(Default::default());
    put("level", levels().take(&[]))?;
    put("province", Frame::new().with("ref_area", text()).with("ref_area_name", text()))?;
    model::trial::columns(models, tables, "area_quarter").map_err(Failure::Configuration)
}

/// The names of the columns of a table.
pub(super) fn columns_of(frame: &Frame) -> Vec<String> {
    frame.columns().iter().map(|(name, _)| name.clone()).collect()
}

/// Every mistake of the indicators, and of the rules of quality, with regard to the columns of `area_quarter`.
pub(super) fn mistakes(config: &Config, columns: &[String]) -> Vec<ConfigError> {
    let mut mistakes = model::mistakes(&config.indicators, Areas { columns, measures: &config.measures });
    mistakes.extend(model::quality::unknown_columns(&config.quality, columns));
    mistakes
}
