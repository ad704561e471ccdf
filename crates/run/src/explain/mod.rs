//! `explain`: where a published value comes from, from the release down to the cells of the exports.
//!
//! What is published is read from the release's own tables, and what adds up to what follows from the measures. The
//! rows beneath a park's figure are found by the models themselves ([`trace`]), so nothing of them is written twice.

mod beside;
mod cells;
mod copies;
mod explained;
mod inputs;
mod places;
mod release;
mod trace;
mod tree;
mod why;

pub use explained::{
    Area, Beside, Cell, Contribution, Corrected, Definition, Explained, Figure, LastYear, Made, OfIndicator, Part,
    Published, Reported, Rest, SetAside, Shared, Side, Standing, Sum, Superseded, Traced, Why,
};

use super::failure::Failure;
use super::setup::Setup;
use super::standing;
use config::document::{did_you_mean_or, list};
use config::indicator::{Formula, Indicator, YearOnYear};
use inputs::Exports;
use places::Places;
use release::Release;
pub(super) use release::read_table;
use store::{Pointer, Store};
use trace::Tracer;
use tree::{Extent, Tree};
use vocab::level::Level;
use vocab::period::Quarter;
use vocab::text;
pub(super) use why::datasets;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The indicator, by its identifier or its name.
    pub indicator: String,
    /// The area, by its code or its name.
    pub area: String,
    /// The level of the area, where its code is one of several.
    pub level: Option<String>,
    /// The quarter: `2018Q4` or `2018-Q4`.
    pub quarter: String,
    /// The release; that which readers see by default.
    pub release: Option<String>,
    /// How many sums are followed down.
    pub depth: usize,
    /// How many parts of a sum are told one by one; all where it is none.
    pub most: usize,
}

/// Explains a published value. Nothing is changed.
///
/// # Errors When there is no such release, indicator, area or quarter, with what may be meant; when the store or the
/// configuration cannot be read.
pub fn explain(setup: &Setup, asked: &Asked) -> Result<Explained, Failure> {
    let store = Store::open_existing(&setup.store_dir)?;
    let indicator = indicator(setup, &asked.indicator)?;
    let quarter = quarter(&asked.quarter)?;
    let current = || store.pointed(standing::pointer(setup));
    let id = asked.release.clone().map_or_else(current, |id| Ok(Some(id)))?;
    let id = id.ok_or_else(|| {
        Failure::Usage(vocab::said!("尚未发布过：`mujun run`", "nothing is published yet: `mujun run`"))
    })?;
    let release = Release::open(&store, &id)?;
    let label = quarter.to_string();
    let quarters = release.quarters();
    if !quarters.contains(&label) {
        let held = list(&quarters);
        return Err(Failure::Usage(vocab::said!(
            "批次 {id} 没有季度 {label}；其中有 {held}",
            "release {id} has no quarter {label}; it has {held}";
            held
        )));
    }
    let mut places = Places::of(setup)?;
    let levels = places::levels(asked.level.as_deref(), indicator)?;
    let area = places.find(&asked.area, &levels, quarter)?;
    places.territory.divisions = release.divisions(quarter)?;
    let Some(value) = release.published(&indicator.id, area.key(), quarter)? else {
        let (Area { level, ref_area, name }, indicator) = (&area, &indicator.id);
        return Err(Failure::Usage(vocab::said!(
            "批次 {id} 没有 {ref_area} {name}（{level}）{label} 的 `{indicator}`；此后登记库或配置可能有变化：\
             `mujun plan`",
            "release {id} has no `{indicator}` of {ref_area} {name} ({level}) in {label}; registers or configuration may \
             have changed since: `mujun plan`"
        )));
    };
    let exports = Exports::of(setup, &store, &release)?;
    let only = (area.level == Level::Park).then(|| area.ref_area.clone());
    let tracer = Tracer::new(setup, &store, &release, &exports, (asked.most, only));
    let tracer = Some(&tracer).filter(|_| !release.is_public());
    let extent = Extent { depth: asked.depth, most: asked.most };
    let tree = Tree { setup, release: &release, places: &places, indicator, extent, tracer };
    let made_of = tree.sides(area.key(), quarter, extent.depth)?;
    let last_year = last_year(&tree, &area, quarter)?;
    let datasets = why::datasets(setup, indicator);
    Ok(Explained {
        release: id,
        profile: Pointer::of(&release.manifest).profile().to_owned(),
        changed_since: why::changed_since(setup, &release),
        why: why::why(setup, indicator, &value, &exports, quarter),
        made_of,
        last_year,
        of_indicators: why::of_indicators(setup, &release, indicator, &area, quarter)?,
        reported: why::reported(&tree, &exports, &datasets, &area, quarter)?,
        set_aside: beside::set_aside(setup, &store, &places, &exports, &datasets, &area, quarter)?,
        benchmarks: beside::benchmarks(setup, &release, indicator, &area, quarter)?,
        indicator: definition(indicator),
        area,
        quarter: label,
        value,
    })
}

/// The indicator that is meant.
pub(super) fn indicator<'s>(setup: &'s Setup, typed: &str) -> Result<&'s Indicator, Failure> {
    let indicators = &setup.config.indicators;
    let wanted = text::key(typed);
    let is_it = |one: &&Indicator| [&one.id, &one.name_zh, &one.name_en].iter().any(|name| text::key(name) == wanted);
    if let Some(found) = indicators.iter().find(is_it) {
        return Ok(found);
    }
    let names: Vec<&str> = indicators.iter().flat_map(|one| [one.id.as_str(), &one.name_zh, &one.name_en]).collect();
    let holding: Vec<&str> = indicators.iter().map(|one| one.id.as_str()).filter(|id| id.contains(&wanted)).collect();
    let otherwise = || match holding.as_slice() {
        _ if wanted.is_empty() => vocab::said!("；`mujun explain --help`", "; `mujun explain --help`"),
        [] => vocab::said!(
            "；全部指标见 docs/indicators.md 和各批次中的 dictionary.csv",
            "; they are listed in docs/indicators.md and in dictionary.csv of every release"
        ),
        several => {
            let several = list(several);
            vocab::said!("；标识中含有该词的有 {several}", "; some are called {several}"; several)
        }
    };
    let hint = did_you_mean_or(typed, &names, otherwise);
    Err(Failure::Usage(vocab::said!("没有指标 `{typed}`{hint}", "there is no indicator `{typed}`{hint}"; hint)))
}

pub(super) fn quarter(typed: &str) -> Result<Quarter, Failure> {
    Quarter::parse(typed).ok_or_else(|| {
        Failure::Usage(vocab::said!(
            "--quarter {typed}：不是季度；请写成 2018Q4 的形式",
            "--quarter {typed}: not a quarter; write it like 2018Q4"
        ))
    })
}

/// The value of a year before, where the area was there and it was published.
fn last_year(tree: &Tree<'_, '_>, area: &Area, quarter: Quarter) -> Result<Option<LastYear>, Failure> {
    let Some(before) = quarter.plus(-4) else { return Ok(None) };
    let Some(was) = tree.places.along(area, quarter, before) else { return Ok(None) };
    let published = tree.release.published(&tree.indicator.id, was.key(), before)?;
    let Some(value) = published else { return Ok(None) };
    let compared = match tree.indicator.yoy {
        YearOnYear::Relative => "relative",
        YearOnYear::Difference => "difference",
        YearOnYear::None => "none",
    };
    // One step down: what it was the sum of is another question, to be asked of that quarter.
    let made_of = tree.sides(was.key(), before, 0)?;
    Ok(Some(LastYear { quarter: before.to_string(), ref_area: was.ref_area, compared, value, made_of }))
}

fn definition(indicator: &Indicator) -> Definition {
    let (formula, expression) = match &indicator.formula {
        Formula::Level => ("level", None),
        Formula::Ratio => ("ratio", None),
        Formula::Growth => ("growth", None),
        Formula::Expression(expression) => ("expression", Some(expression.trim().to_owned())),
        Formula::GeometricMean { .. } => ("geometric_mean", None),
        Formula::Composite(_) => ("composite", None),
    };
    Definition {
        id: indicator.id.clone(),
        name_zh: indicator.name_zh.clone(),
        name_en: indicator.name_en.clone(),
        definition_zh: indicator.definition_zh.clone(),
        definition_en: indicator.definition_en.clone(),
        unit: indicator.unit.clone(),
        decimals: indicator.decimals,
        basis: indicator.basis.as_str(),
        formula,
        expression,
        factor: indicator.factor,
        requires: indicator.requires.clone(),
        estimated: indicator.estimated,
        datasets: indicator.datasets.clone(),
        formula_source: indicator.formula_source.clone(),
    }
}
