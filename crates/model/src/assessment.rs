//! The assessment of parks: a score from indicators that were computed before, its stars, and how far its rank moved.
//!
//! Points are added as exact fractions and held against the scores of the stars as they are; they are rounded once, where they are
//! shown. Ranks, as those of every indicator, are of what is shown.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use super::fraction::Fraction;
use super::places::Place;
use super::status::{ObsStatus, Reason};
use super::tested::{number, of_test};
use super::value::{Value, round};
use config::assessment::{Assessment, Part};
use config::indicator::{Composite, Formula, Indicator};
use vocab::level::Level;
use vocab::period::Quarter;
use vocab::{Said, said};

/// An area of a level in a quarter, as what it is through time.
type Key = (Level, Arc<str>, Quarter);

fn key(place: &Place) -> Key {
    (place.level, place.line.clone(), place.quarter)
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
    let mut given: HashMap<*const Place, (&Place, BTreeMap<&str, &Value>), FixedState> = HashMap::default();
    // Places where a part is missing or has a flag: a score without it, or with it, is no surer.
    let mut unsure: HashSet<Key> = HashSet::new();
    for value in parts {
        let of_place = given.entry(Arc::as_ptr(&value.place)).or_insert_with(|| (&value.place, BTreeMap::new()));
        of_place.1.insert(&indicators[value.indicator].id, value);
        let short = [Reason::Withheld, Reason::Incomplete, Reason::NotReported, Reason::NotDue, Reason::Territory];
        if value.reason.is_some_and(|reason| short.contains(&reason)) {
            unsure.insert(key(&value.place));
        }
    }
    let decimals = values.iter().find(|value| composite(value) == Some(Composite::Score));
    let decimals = decimals.map_or(2, |value| indicators[value.indicator].decimals);
    let given: Vec<(&Place, BTreeMap<&str, &Value>)> = given.into_values().collect();
    let terms = terms(method, given.iter().map(|(place, _)| place.quarter));
    let scored = given.into_par_iter().filter_map(|(place, given)| {
        let terms = terms.get(&place.quarter)?;
        let score = terms.score(|id| {
            let value = given.get(id)?;
            exact(&indicators[value.indicator], value)
        })?;
        Some((key(place), (score.to_f64(), terms.stars(&score))))
    });
    let scores: BTreeMap<Key, (f64, usize)> = scored.collect();
    let ranks = ranks(&scores, decimals);
    // How far a rank moved rests on everyone's score.
    let unsure_quarters: HashSet<(Level, Quarter)> = unsure
        .iter()
        .filter(|place| scores.contains_key(place))
        .map(|(level, _, quarter)| (*level, *quarter))
        .collect();
    values.par_iter_mut().for_each(|value| {
        let Some(kind) = composite(value) else { return };
        let place = key(&value.place);
        value.value = match kind {
            Composite::Score => scores.get(&place).map(|(score, _)| *score),
            Composite::Stars => scores.get(&place).map(|(_, stars)| *stars as f64),
            Composite::Movement => {
                let before = place.2.plus(-1).and_then(|before| ranks.get(&(place.0, place.1.clone(), before)));
                ranks.get(&place).zip(before).map(|(now, before)| (before - now) as f64)
            }
        };
        if value.value.is_some() {
            let is_estimated = indicators[value.indicator].estimated;
            value.obs_status = if is_estimated { ObsStatus::Estimated } else { ObsStatus::Normal };
            value.reason = None;
            value.short_of = None;
            let is_unsure = match kind {
                Composite::Movement => both(place.2).any(|quarter| unsure_quarters.contains(&(place.0, quarter))),
                Composite::Score | Composite::Stars => unsure.contains(&place),
            };
            if is_unsure {
                value.obs_status = ObsStatus::LowReliability;
                value.reason = Some(Reason::Incomplete);
            }
        }
    });
}

/// A quarter and the one before it.
fn both(quarter: Quarter) -> impl Iterator<Item = Quarter> {
    [Some(quarter), quarter.plus(-1)].into_iter().flatten()
}

/// What scores are made with, by quarter.
fn terms(method: &Assessment, quarters: impl Iterator<Item = Quarter>) -> BTreeMap<Quarter, Terms<'_>> {
    let quarters: BTreeSet<Quarter> = quarters.collect();
    let of = |quarter: Quarter| Terms::of(method, i64::from(quarter.year()), i64::from(quarter.number()));
    quarters.into_iter().filter_map(|quarter| Some((quarter, of(quarter)?))).collect()
}

/// A value as the exact fraction that it is, where the sums it is made of are there; or else as it is written.
fn exact(indicator: &Indicator, value: &Value) -> Option<Fraction> {
    let written = value.value?;
    let over = value.numerator.map(Fraction::whole);
    let under = value.denominator.map(Fraction::whole);
    let in_unit = |number: Fraction| Some(number.times(&Fraction::decimal(indicator.factor)?));
    let ratio = || over.clone().zip(under.clone()).and_then(|(over, under)| in_unit(over.by(&under)?));
    let exact = match indicator.formula {
        Formula::Level => over.clone().and_then(in_unit),
        Formula::Ratio => ratio(),
        Formula::Growth => ratio().map(|ratio| ratio.minus(&Fraction::whole(100))),
        Formula::Expression(_) | Formula::GeometricMean { .. } | Formula::Composite(_) => None,
    };
    exact.or_else(|| Fraction::decimal(written))
}

/// What every score of one quarter is made with.
struct Terms<'m> {
    parts: Vec<Term<'m>>,
    minimum_weight: Fraction,
    stars: Vec<Fraction>,
}

/// A part of the score in one quarter.
struct Term<'m> {
    indicator: &'m str,
    weight: Fraction,
    zero: Fraction,
    /// From the value that gives nothing to the one that gives the whole weight.
    span: Fraction,
    cap: Fraction,
}

impl<'m> Terms<'m> {
    /// Those in force in a quarter; none where a number of the method is no number.
    fn of(method: &'m Assessment, year: i64, quarter: i64) -> Option<Terms<'m>> {
        let parts = method.parts.iter().filter_map(|part| Term::of(part, year, quarter)).collect();
        let minimum_weight = Fraction::decimal(method.minimum_weight)?;
        let stars = method.stars.iter().filter_map(|least| Fraction::decimal(*least)).collect();
        Some(Terms { parts, minimum_weight, stars })
    }

    /// The score of one area: none where the parts that have a value could give too few points.
    fn score(&self, value: impl Fn(&str) -> Option<Fraction>) -> Option<Fraction> {
        let zero = Fraction::whole(0);
        let (mut known, mut points) = (zero.clone(), zero.clone());
        for term in &self.parts {
            let Some(reached) = value(term.indicator).and_then(|value| term.reached(&value)) else { continue };
            points = points.plus(&reached.times(&term.weight));
            known = known.plus(&term.weight);
        }
        let is_enough = known > zero && known >= self.minimum_weight;
        if is_enough { points.times(&Fraction::whole(100)).by(&known) } else { None }
    }

    /// Stars of a score as it is, not as it is shown: 89.996 is below 90.
    fn stars(&self, score: &Fraction) -> usize {
        1 + self.stars.iter().filter(|least| score >= least).count()
    }
}

impl<'m> Term<'m> {
    fn of(part: &'m Part, year: i64, quarter: i64) -> Option<Term<'m>> {
        let elapsed = Fraction::whole(if part.whole_year { quarter } else { 4 }).by(&Fraction::whole(4))?;
        let zero = Fraction::decimal(part.zero)?.times(&elapsed);
        let benchmark = Fraction::decimal(part.benchmark.in_year(year)?)?.times(&elapsed);
        Some(Term {
            indicator: &part.indicator,
            weight: Fraction::decimal(part.weight.in_year(year)?)?,
            span: benchmark.minus(&zero),
            zero,
            cap: Fraction::decimal(part.cap)?,
        })
    }

    /// What a value reaches of the weight.
    fn reached(&self, value: &Fraction) -> Option<Fraction> {
        Some(value.minus(&self.zero).by(&self.span)?.clamp(Fraction::whole(0), self.cap.clone()))
    }
}

/// Standard competition ranks within level and quarter, of the scores as they are shown.
fn ranks(scores: &BTreeMap<Key, (f64, usize)>, decimals: usize) -> BTreeMap<Key, i64> {
    let mut groups: BTreeMap<(Level, Quarter), Vec<f64>> = BTreeMap::new();
    for ((level, _, quarter), (score, _)) in scores {
        groups.entry((*level, *quarter)).or_default().push(round(*score, decimals));
    }
    let rank = |(place, (score, _)): (&Key, &(f64, usize))| {
        let mine = round(*score, decimals);
        let better = groups[&(place.0, place.2)].iter().filter(|other| **other > mine).count();
        (place.clone(), 1 + better as i64)
    };
    scores.iter().map(rank).collect()
}

/// Runs the tests written in a method; gives what failed, one sentence each.
pub fn check(method: &Assessment) -> Vec<Said> {
    let mut failures = Vec::new();
    for test in &method.tests {
        let mut fail = |what: Said| failures.push(of_test(&method.id, &test.name, &what));
        let given =
            |id: &str| test.given.iter().find(|(name, _)| name == id).and_then(|(_, value)| Fraction::decimal(*value));
        for (name, _) in test.given.iter().filter(|(name, _)| !method.parts.iter().any(|part| part.indicator == *name))
        {
            fail(said!("`{name}` 不是本方法的组成部分", "`{name}` is not a part of this method"));
        }
        let terms = Terms::of(method, test.when.0, test.when.1);
        let found = terms.as_ref().and_then(|terms| terms.score(given));
        let shown = found.as_ref().map(Fraction::to_f64);
        let equal = match (shown, test.expect) {
            (Some(shown), Some(expect)) => (shown - expect).abs() <= 1e-9,
            (None, None) => true,
            _ => false,
        };
        if !equal {
            let (expected, got) = (number(test.expect), number(shown));
            fail(said!("得分应为 {expected}，实为 {got}", "expected a score of {expected}, got {got}"; expected, got));
        }
        let found = terms.zip(found).and_then(|(terms, score)| i64::try_from(terms.stars(&score)).ok());
        if test.stars.is_some() && found != test.stars {
            let (expected, got) = (number(test.stars), number(found));
            fail(said!("星级应为 {expected}，实为 {got}", "expected {expected} stars, got {got}"; expected, got));
        }
    }
    failures
}
