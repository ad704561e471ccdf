//! The assessment of parks: a score from indicators that were computed before, its stars, and how far its rank moved.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use super::indicators::{ObsStatus, Value, round};
use super::places::Place;
use crate::config::assessment::{Assessment, Part};
use crate::config::indicator::{Composite, Formula, Indicator};

/// An area of a level in a quarter.
type Key = (&'static str, Arc<str>, i64);

fn key(place: &Place) -> Key {
    (place.level, place.ref_area.clone(), place.quarter)
}

/// Gives the composite indicators their values. Without a method they have none.
pub fn fill(method: Option<&Assessment>, indicators: &[Indicator], values: &mut [Value]) {
    let Some(method) = method else { return };
    let composite = |value: &Value| match indicators[value.indicator].formula {
        Formula::Composite(kind) => Some(kind),
        _ => None,
    };
    let is_part = |indicator: &Indicator| method.parts.iter().any(|part| part.indicator == indicator.id);
    let is_part: Vec<bool> = indicators.iter().map(is_part).collect();
    let parts = values.par_iter().filter(|value| is_part[value.indicator] && composite(value).is_none());
    let parts: Vec<&Value> = parts.collect();
    // All values of a place share it.
    let mut given: HashMap<*const Place, (&Place, BTreeMap<&str, f64>), FixedState> = HashMap::default();
    for value in parts {
        if let Some(number) = value.value {
            let of_place = given.entry(Arc::as_ptr(&value.place)).or_insert_with(|| (&value.place, BTreeMap::new()));
            of_place.1.insert(&indicators[value.indicator].id, number);
        }
    }
    let decimals = values.iter().find(|value| composite(value) == Some(Composite::Score));
    let decimals = decimals.map_or(2, |value| indicators[value.indicator].decimals);
    let mut scores: BTreeMap<Key, f64> = BTreeMap::new();
    for (place, given) in given.values() {
        let (year, quarter) = (place.quarter.div_euclid(4), place.quarter.rem_euclid(4) + 1);
        if let Some(score) = score(method, year, quarter, |id| given.get(id).copied()) {
            scores.insert(key(place), score);
        }
    }
    let ranks = ranks(&scores, decimals);
    values.par_iter_mut().for_each(|value| {
        let Some(kind) = composite(value) else { return };
        let place = key(&value.place);
        value.value = match kind {
            Composite::Score => scores.get(&place).copied(),
            Composite::Stars => scores.get(&place).map(|score| stars(method, round(*score, decimals)) as f64),
            Composite::Movement => {
                let before = (place.0, place.1.clone(), place.2 - 1);
                ranks.get(&place).zip(ranks.get(&before)).map(|(now, before)| (before - now) as f64)
            }
        };
        if value.value.is_some() {
            let is_estimated = indicators[value.indicator].estimated;
            value.obs_status = if is_estimated { ObsStatus::Estimated } else { ObsStatus::Normal };
        }
    });
}

/// The score of one area: none where the parts that have a value could give too few points.
pub fn score(method: &Assessment, year: i64, quarter: i64, value: impl Fn(&str) -> Option<f64>) -> Option<f64> {
    let mut known = Vec::new();
    let mut points = Vec::new();
    for part in &method.parts {
        let Some((weight, part)) = part.weight.in_year(year).zip(points_of(part, year, quarter, &value)) else {
            continue;
        };
        known.push(weight);
        points.push(part * weight);
    }
    let known = sum(known);
    (known > 0.0 && known >= method.minimum_weight - 1e-9).then(|| sum(points) * 100.0 / known)
}

/// What a part reaches of its weight.
fn points_of(part: &Part, year: i64, quarter: i64, value: impl Fn(&str) -> Option<f64>) -> Option<f64> {
    let elapsed = if part.whole_year { quarter as f64 / 4.0 } else { 1.0 };
    let (zero, benchmark) = (part.zero * elapsed, part.benchmark.in_year(year)? * elapsed);
    Some(((value(&part.indicator)? - zero) / (benchmark - zero)).clamp(0.0, part.cap))
}

/// The sum by Neumaier's method, of the numbers in order of size: the same whatever order they come in.
fn sum(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for number in numbers {
        let next = sum + number;
        lost += if sum.abs() >= number.abs() { (sum - next) + number } else { (number - next) + sum };
        sum = next;
    }
    sum + lost
}

/// Stars of a score as it is shown.
fn stars(method: &Assessment, score: f64) -> usize {
    1 + method.stars.iter().filter(|least| score >= **least).count()
}

/// Standard competition ranks within level and quarter, of the scores as they are shown.
fn ranks(scores: &BTreeMap<Key, f64>, decimals: usize) -> BTreeMap<Key, i64> {
    let mut groups: BTreeMap<(&str, i64), Vec<f64>> = BTreeMap::new();
    for ((level, _, quarter), score) in scores {
        groups.entry((level, *quarter)).or_default().push(round(*score, decimals));
    }
    let rank = |(place, score): (&Key, &f64)| {
        let mine = round(*score, decimals);
        let better = groups[&(place.0, place.2)].iter().filter(|other| **other > mine).count();
        (place.clone(), 1 + better as i64)
    };
    scores.iter().map(rank).collect()
}

/// Runs the tests written in a method; gives what failed, one sentence each.
pub fn check(method: &Assessment) -> Vec<String> {
    let mut failures = Vec::new();
    for test in &method.tests {
        let mut fail = |what: String| failures.push(format!("{}: {}: {what}", method.id, test.name));
        let given = |id: &str| test.given.iter().find(|(name, _)| name == id).map(|(_, value)| *value);
        for (name, _) in test.given.iter().filter(|(name, _)| !method.parts.iter().any(|part| part.indicator == *name))
        {
            fail(format!("`{name}` is not a part of this method"));
        }
        let found = score(method, test.when.0, test.when.1, given);
        let equal = match (found, test.expect) {
            (Some(found), Some(expect)) => (found - expect).abs() <= 1e-9,
            (None, None) => true,
            _ => false,
        };
        if !equal {
            fail(format!("expected a score of {:?}, got {found:?}", test.expect));
        }
        let found = found.and_then(|score| i64::try_from(stars(method, score)).ok());
        if test.stars.is_some() && found != test.stars {
            fail(format!("expected {:?} stars, got {found:?}", test.stars));
        }
    }
    failures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_keeps_what_is_small_beside_what_is_large_in_any_order() {
        let numbers = [1.0, 1e100, 1.0, -1e100];
        for turn in 0..4 {
            let mut turned = numbers.to_vec();
            turned.rotate_left(turn);
            assert_eq!(sum(turned), 2.0);
        }
        assert_eq!(sum(vec![0.1; 10]), 1.0);
    }
}
