//! What is said beside the sums: why there is no value, who reported, which other indicators are in it, and what has
//! changed since the release was made.

use super::explained::{Area, OfIndicator, Published, Reported, Why};
use super::inputs::Exports;
use super::release::Release;
use super::tree::Tree;
use crate::failure::Failure;
use crate::setup::Setup;
use config::indicator::{Formula, Indicator};
use model::relations::Figure;
use vocab::period::Quarter;

/// What the release was made with and is another one now.
pub(super) fn changed_since(setup: &Setup, release: &Release<'_>) -> Vec<&'static str> {
    let about = &release.manifest.about;
    let now = setup.made_with();
    let is_other = |key: &str, now: &str| about.get(key).is_some_and(|then| then != now);
    let changed = now.iter().filter(|(_, key, now)| *key != "options" && is_other(key, now));
    changed.map(|(_, key, _)| *key).collect()
}

/// The datasets that an indicator and the measures in it need.
pub(crate) fn datasets(setup: &Setup, indicator: &Indicator) -> Vec<String> {
    let sides = [indicator.numerator.as_deref(), indicator.denominator.as_deref()];
    let is_named = |name: &str| sides.contains(&Some(name));
    let of_sides = setup.config.measures.iter().filter(|measure| is_named(&measure.name));
    let mut all: Vec<String> = indicator.datasets.clone();
    all.extend(of_sides.flat_map(|measure| measure.datasets.iter().cloned()));
    all.sort();
    all.dedup();
    all
}

/// Why there is no value, or one with a flag.
pub(super) fn why(
    setup: &Setup,
    indicator: &Indicator,
    value: &Published,
    exports: &Exports,
    quarter: Quarter,
) -> Option<Why> {
    let reason = value.reason.clone()?;
    let (zh, en) = meaning(&reason);
    let least = indicator.least.unwrap_or_else(|| setup.config.site.sufficiency.of(indicator.scope));
    let is_by_coverage = matches!(reason.as_str(), "withheld" | "incomplete");
    let least = is_by_coverage.then_some([least.figure, least.flagged]);
    let exports = value.reason_dataset.iter().flat_map(|dataset| exports.named(dataset, quarter)).collect();
    Some(Why { reason, zh: zh.to_owned(), en: en.to_owned(), least, exports })
}

/// What the words of the column `reason` mean.
fn meaning(reason: &str) -> (&'static str, &'static str) {
    match reason {
        "not_due" => (
            "所需数据本季尚未报送，也未到期",
            "a dataset of the quarter has not come, and is not missing between others",
        ),
        "not_reported" => (
            "计算所需的数据没有报送，或所报数据未被采用",
            "nobody reported what it is made from, or nothing of it could be used",
        ),
        "withheld" => ("报送过少，不成数", "so little was reported that there is no figure"),
        "incomplete" => ("报送不全：有值，带标记", "less was reported than a figure needs: there is one with a flag"),
        "too_short" => ("历史记录不够长", "the records, or those of the area, do not reach back far enough"),
        "excluded" => ("按定义不计算", "the definition leaves the area or the quarter out"),
        "no_denominator" => ("没有分母，或分母不大于零", "there is nothing to divide by"),
        "suppressed" => ("为保护单个单位的数据，不予公布", "it is protected: it would tell of single enterprises"),
        "territory" => {
            ("区域范围在近四季度内有变动", "the territory of the area changed within the last four quarters")
        }
        _ => ("", ""),
    }
}

/// Who reported each dataset in the area and quarter.
pub(super) fn reported(
    tree: &Tree<'_, '_>,
    exports: &Exports,
    datasets: &[String],
    area: &Area,
    quarter: Quarter,
) -> Result<Vec<Reported>, Failure> {
    let mut found = Vec::new();
    for dataset in datasets {
        let sources = &tree.setup.config.sources;
        let Some(source) = sources.iter().find(|source| source.dataset == *dataset) else { continue };
        let counted = source.coverage.as_ref();
        let count = |column: Option<&String>| -> Result<Option<i64>, Failure> {
            let Some(column) = column else { return Ok(None) };
            let figure = Figure { column, area: area.key(), quarter, division: None };
            Ok(tree.release.figure(&figure, tree.indicator)?.1)
        };
        found.push(Reported {
            dataset: dataset.clone(),
            title: source.title.clone(),
            reported: count(counted.map(|(reported, _)| reported))?,
            expected: count(counted.map(|(_, expected)| expected))?,
            exports: exports.named(dataset, quarter),
        });
    }
    Ok(found)
}

/// The other indicators that a value is computed from.
pub(super) fn of_indicators(
    setup: &Setup,
    release: &Release<'_>,
    indicator: &Indicator,
    area: &Area,
    quarter: Quarter,
) -> Result<Vec<OfIndicator>, Failure> {
    let wanted: Vec<(&str, Quarter)> = match &indicator.formula {
        Formula::GeometricMean { of, base_year } => {
            quarter.each_year_after(*base_year).map(|year| (of.as_str(), year)).collect()
        }
        Formula::Composite(_) => {
            let parts = setup.config.assessment().into_iter().flat_map(|method| &method.parts);
            parts.map(|part| (part.indicator.as_str(), quarter)).collect()
        }
        Formula::Level | Formula::Ratio | Formula::Growth | Formula::Expression(_) => Vec::new(),
    };
    let mut found = Vec::new();
    for (id, quarter) in wanted {
        let Some(other) = setup.config.indicators.iter().find(|other| other.id == id) else { continue };
        let Some(value) = release.published(id, area.key(), quarter)? else { continue };
        found.push(OfIndicator {
            id: id.to_owned(),
            name_zh: other.name_zh.clone(),
            name_en: other.name_en.clone(),
            quarter: quarter.to_string(),
            unit: other.unit.clone(),
            decimals: other.decimals,
            value,
        });
    }
    Ok(found)
}
