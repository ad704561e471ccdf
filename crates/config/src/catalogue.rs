//! What only shows when all definitions are read: indicators that name one another, their order, their datasets.

use std::collections::BTreeMap;

use super::document::{did_you_mean, list};
use super::error::ConfigError;
use super::indicator::{Formula, Indicator};
use super::source::Source;
use vocab::{Said, said};

/// Every mistake that one indicator makes with regard to the others and to the sources.
pub(super) fn mistakes(indicators: &[Indicator], sources: &[Source]) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    let mut places: BTreeMap<i64, &str> = BTreeMap::new();
    for indicator in indicators.iter().filter(|indicator| indicator.order != i64::MAX) {
        if let Some(other) = places.insert(indicator.order, &indicator.id) {
            let order = indicator.order;
            let message = said!("{other} 已占用位次 {order}", "{other} has the place {order} already");
            errors.push(indicator.spots.of("order").error(message));
        }
    }
    let mut datasets: Vec<&str> = sources.iter().map(|source| source.dataset.as_str()).collect();
    datasets.sort_unstable();
    datasets.dedup();
    for indicator in indicators {
        for name in indicator.datasets.iter().filter(|name| !datasets.contains(&name.as_str())) {
            errors.push(indicator.spots.of("datasets").error_at(name, no_dataset(name, &datasets)));
        }
        errors.extend(of_another(indicator, indicators));
    }
    errors
}

/// That no source gives a dataset, of those that there are.
pub(super) fn no_dataset(name: &str, datasets: &[&str]) -> Said {
    let hint = did_you_mean(name, datasets);
    said!("没有来源提供数据集 `{name}`{hint}", "no source gives a dataset `{name}`{hint}"; hint)
}

/// Mistakes of an indicator that is made from another one.
fn of_another(indicator: &Indicator, all: &[Indicator]) -> Vec<ConfigError> {
    let Formula::GeometricMean { of, .. } = &indicator.formula else { return Vec::new() };
    let at = |key: &str, message: Said| indicator.spots.of(key).error(message);
    let Some(other) = all.iter().find(|other| other.id == *of) else {
        let ids: Vec<&str> = all.iter().map(|other| other.id.as_str()).collect();
        let hint = did_you_mean(of, &ids);
        return vec![at("of", said!("没有指标 `{of}`{hint}", "there is no indicator `{of}`{hint}"; hint))];
    };
    let mut errors = Vec::new();
    if let Some(circle) = circle(indicator, all) {
        let circle = list(&circle);
        let message = said!(
            "这些指标循环引用：{circle}",
            "these indicators are made from each other in a circle: {circle}";
            circle
        );
        errors.push(at("of", message));
    }
    for (which, unit) in [(indicator, &indicator.unit), (other, &other.unit)] {
        if unit != "%" {
            let id = &which.id;
            let message = said!(
                "各年变动的平均值以 % 计，而 `{id}` 的单位为 {unit}",
                "a mean of yearly changes is in %, but `{id}` is in {unit}"
            );
            errors.push(at("unit", message));
        }
    }
    for level in indicator.levels.iter().filter(|level| !other.levels.contains(level)) {
        let message = said!(
            "据以计算的 `{of}` 不在层级 {level} 公布",
            "`{of}`, from which it is made, is not published at the level {level}"
        );
        errors.push(at("levels", message));
    }
    errors
}

/// The indicators from one back to itself, if they lead there.
fn circle<'a>(from: &'a Indicator, all: &'a [Indicator]) -> Option<Vec<&'a str>> {
    let mut seen = vec![from.id.as_str()];
    let mut now = from;
    while let Formula::GeometricMean { of, .. } = &now.formula {
        if *of == from.id {
            return Some(seen);
        }
        now = all.iter().find(|other| other.id == *of).filter(|other| !seen.contains(&other.id.as_str()))?;
        seen.push(&now.id);
    }
    None
}
