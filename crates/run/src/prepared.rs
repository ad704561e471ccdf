//! What models read of the facts of one export, and what other exports are held against.

use std::collections::{BTreeMap, BTreeSet};

use super::between::latest;
use super::between::{Compared, Sample, SenderColumns};
use super::failure::Failure;
use super::inputs::{has_quarters, is_wanted, numbered};
use super::setup::Setup;
use config::source::{Across, Collection, Kind, Source};
use model::engine::Table;
use store::Digest;
use vocab::frame::{Frame, Values};
use vocab::period::Quarter;
use vocab::scalars::Scalars;

/// The facts of one export as models read them, and what others are held against.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub(super) dataset: Dataset,
    pub(super) sample: Sample,
}

/// The facts of exports that this run ingested, by their keys.
pub(super) type Fresh = BTreeMap<Digest, Prepared>;

impl Prepared {
    /// The same whether the facts were just made or read again: it uses no column that [`is_needed`] leaves out.
    pub(super) fn of(setup: &Setup, source: &Source, facts: Frame) -> Result<Prepared, Failure> {
        Prepared::with(setup, source, facts, Carried::Figures)
    }

    pub(super) fn with(
        setup: &Setup,
        source: &Source,
        facts: Frame,
        carried: Carried<'_>,
    ) -> Result<Prepared, Failure> {
        let sample = match carried {
            Carried::Addresses(_) => Sample::default(),
            Carried::Figures | Carried::AddressesCompared => sample(setup, &facts, &compared(setup, source))?,
        };
        Ok(Prepared { dataset: Dataset::with(setup, source, facts, carried)?, sample })
    }
}

/// What models read of the facts of one export or of several.
#[derive(Debug, Clone)]
pub(super) struct Dataset {
    pub(super) table: Table,
    /// Its quarters, if its facts carry any.
    pub(super) quarters: Option<BTreeSet<Quarter>>,
}

impl Dataset {
    /// What models read of these facts.
    pub(super) fn with(setup: &Setup, source: &Source, facts: Frame, carried: Carried<'_>) -> Result<Dataset, Failure> {
        let is_wanted = |name: &str| is_wanted(&setup.models, name) || carried.holds(name);
        let wanted = facts.into_columns().into_iter().filter(|(name, _)| is_wanted(name));
        let frame = carried.complete(wanted.fold(Frame::new(), |frame, (name, values)| frame.with(name, values)));
        let quarters = frame.ints("quarter").map(|quarters| {
            let mut distinct = BTreeSet::new();
            for quarter in quarters.iter().flatten() {
                // They stand in runs.
                if distinct.last() != Some(&quarter) {
                    distinct.insert(quarter);
                }
            }
            distinct.into_iter().filter_map(Quarter::of_column).collect()
        });
        Ok(Dataset { table: Table::of(&source.dataset, numbered(frame))?, quarters })
    }

    pub(super) fn append(&mut self, source: &Source, other: &Dataset) -> Result<(), Failure> {
        if let (Some(quarters), Some(others)) = (&mut self.quarters, &other.quarters) {
            quarters.extend(others);
        }
        Ok(self.table.append(&source.dataset, &other.table)?)
    }
}

/// What rows carry beside what models read of them.
#[derive(Clone, Copy)]
pub(super) enum Carried<'k> {
    /// Nothing.
    Figures,
    /// Where they come from, of the rows that are kept. What exports have against one another was looked at before, and
    /// there was nothing.
    Addresses(&'k Keep<'k>),
    /// Likewise, and it is looked at again.
    AddressesCompared,
}

/// Which rows of the facts of an export are kept.
pub(super) type Keep<'k> = dyn Fn(&Frame) -> Option<Vec<usize>> + Sync + 'k;

impl Carried<'_> {
    /// Whether a column of facts says where a row comes from, and is carried.
    pub(super) fn holds(self, column: &str) -> bool {
        !matches!(self, Carried::Figures) && latest::ADDRESS.contains(&column)
    }

    /// The rows with a column for all that is carried, where there is something in it and where there is not.
    fn complete(self, mut frame: Frame) -> Frame {
        for column in latest::ADDRESS {
            if frame.column(column).is_none() && self.holds(column) {
                let rows = frame.rows();
                let is_number = ["source_row", "source_column", "vintage"].contains(&column);
                let none = if is_number { Values::Int(Scalars::repeat(None, rows)) } else { Values::Same(None, rows) };
                frame = frame.with(column, none);
            }
        }
        frame
    }
}

pub(super) fn sample(setup: &Setup, facts: &Frame, compared: &Compared<'_>) -> Result<Sample, Failure> {
    Ok(Sample::of(facts, compared, setup.senders()?, setup.config.quality.scale.sample))
}

/// What makes rows of a dataset comparable. Where several definitions give one dataset, the first one says it.
pub(super) fn compared<'a>(setup: &'a Setup, source: &'a Source) -> Compared<'a> {
    let first = setup.config.sources.iter().find(|first| first.dataset == source.dataset).unwrap_or(source);
    let numbers = first.columns.iter().filter(|column| column.kind == Kind::Number).map(|column| column.name.as_str());
    let measures = numbers.chain([first.value_name.as_str()]).filter(|name| is_wanted(&setup.models, name)).collect();
    let keys = key_columns(first);
    // Only columns that are read anyway.
    let of_kind = |kind: Kind| {
        let column = first.columns.iter().find(|column| column.kind == kind)?;
        (keys.contains(&column.name.as_str()) || is_wanted(&setup.models, &column.name)).then_some(column.name.as_str())
    };
    let senders =
        SenderColumns { unit: of_kind(Kind::UnitCode), park: of_kind(Kind::Park), region: of_kind(Kind::Region) };
    Compared { keys, measures, senders, is_published: first.collection == Collection::Published }
}

/// Whether a column of facts must be read: for the models, or to hold exports against each other.
pub(super) fn is_needed(setup: &Setup, compared: &Compared<'_>, column: &str) -> bool {
    is_wanted(&setup.models, column) || compared.needs(column)
}

pub(super) fn key_columns(source: &Source) -> Vec<&str> {
    let mut keys: Vec<&str> = source.key.iter().map(String::as_str).collect();
    let across: &[&str] = match source.layout.across {
        // Groups over the same periods are told apart by their names.
        Across::Period => &["period", "indicator"],
        Across::Indicator => &["indicator"],
        Across::None => &[],
    };
    keys.extend(across.iter().filter(|name| !source.key.iter().any(|key| key == *name)));
    if has_quarters(source) && source.layout.across == Across::None {
        keys.push("quarter");
    }
    keys
}
