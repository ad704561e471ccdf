//! What only shows when all definitions are read: indicators that name one another, their order, their datasets.

use std::collections::BTreeMap;

use super::document::did_you_mean;
use super::error::ConfigError;
use super::indicator::{Formula, Indicator};
use super::source::Source;

/// Every mistake that one indicator makes with regard to the others and to the sources.
pub(super) fn mistakes(indicators: &[Indicator], sources: &[Source]) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    let mut places: BTreeMap<i64, &str> = BTreeMap::new();
    for indicator in indicators.iter().filter(|indicator| indicator.order != i64::MAX) {
        if let Some(other) = places.insert(indicator.order, &indicator.id) {
            let message = format!("{} has the place {} already", other, indicator.order);
            errors.push(indicator.spots.of("order").error(message));
        }
    }
    let mut datasets: Vec<&str> = sources.iter().map(|source| source.dataset.as_str()).collect();
    datasets.sort_unstable();
    datasets.dedup();
    for indicator in indicators {
        for name in indicator.datasets.iter().filter(|name| !datasets.contains(&name.as_str())) {
            let message = format!("no source gives a dataset `{name}`{}", did_you_mean(name, &datasets));
            errors.push(indicator.spots.of("datasets").error_at(name, message));
        }
        errors.extend(of_another(indicator, indicators));
    }
    errors
}

/// Mistakes of an indicator that is made from another one.
fn of_another(indicator: &Indicator, all: &[Indicator]) -> Vec<ConfigError> {
    let Formula::GeometricMean { of, .. } = &indicator.formula else { return Vec::new() };
    let at = |key: &str, message: String| indicator.spots.of(key).error(message);
    let Some(other) = all.iter().find(|other| other.id == *of) else {
        let ids: Vec<&str> = all.iter().map(|other| other.id.as_str()).collect();
        return vec![at("of", format!("there is no indicator `{of}`{}", did_you_mean(of, &ids)))];
    };
    let mut errors = Vec::new();
    if let Some(circle) = circle(indicator, all) {
        errors.push(at("of", format!("these indicators are made from each other in a circle: {}", circle.join(", "))));
    }
    for (which, unit) in [(indicator, &indicator.unit), (other, &other.unit)] {
        if unit != "%" {
            let message = format!("a mean of yearly changes is in %, but `{}` is in {unit}", which.id);
            errors.push(at("unit", message));
        }
    }
    for level in indicator.levels.iter().filter(|level| !other.levels.contains(level)) {
        errors.push(at("levels", format!("`{of}`, from which it is made, is not published at the level {level}")));
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
