//! `diff`: which published values differ between two releases, by how much, and what stands behind it.
//!
//! Values are read from the releases' own tables. A change of a ratio is split between its two sides, the numerator
//! first, and that of a sum of the province between its parks: both add up by construction. Causes are
//! the exports that one release is made from and the other is not, and what each was made with beside exports.

mod causes;
mod figures;
mod named;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

pub use causes::{ChangedExport, Kind};
use figures::{Figure, Key};
pub use named::Release;

use super::explain;
use super::failure::Failure;
use super::setup::Setup;
use causes::Causes;
use config::document::{did_you_mean_or, list};
use config::indicator::{Formula, Indicator};
use model::indicators::round;
use store::Store;
use vocab::level::Level;
use vocab::period::Quarter;
use vocab::{Said, said};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The earlier release: an id or its beginning, `current`, `current~1`, or a day.
    pub before: String,
    /// The later one.
    pub after: String,
    /// Only changes of this indicator.
    pub indicator: Option<String>,
    /// Only changes of this area, by its code or its name.
    pub area: Option<String>,
    /// Only changes in this quarter.
    pub quarter: Option<String>,
    /// How many changes are told one by one, the largest first; all where it is none.
    pub most: usize,
}

/// How two releases differ.
#[derive(Debug, Serialize)]
pub struct Diff {
    /// The earlier release.
    pub before: Release,
    /// The later one.
    pub after: Release,
    /// How many values are the same, and how many differ in which way.
    pub counts: Counts,
    /// What the later release is made from and the earlier is not, and the other way round.
    pub exports: Vec<ChangedExport>,
    /// What else they are made with that differs: `configuration`, `models`, `registers`, `program`, `options`.
    pub made_with: Vec<&'static str>,
    /// Indicators with values that differ, in the order of the catalogue.
    pub indicators: Vec<OfIndicator>,
    /// The largest changes.
    pub changes: Vec<Change>,
    /// How many more there are.
    pub others: usize,
}

/// Values of both releases by how they differ; all together, they are all.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// The same value, or none in both, under the same status.
    pub unchanged: usize,
    /// The same value under another status.
    pub status: usize,
    /// Another value that is written the same at the decimals of its indicator.
    pub below_rounding: usize,
    /// Another value, less than 1 % off.
    pub below_1_percent: usize,
    /// At least 1 % off and less than 10 %.
    pub below_10_percent: usize,
    /// At least 10 % off, or another one than zero.
    pub larger: usize,
    /// A value where there was none.
    pub appeared: usize,
    /// None where there was a value.
    pub gone: usize,
    /// Changes that nothing accounts for: neither exports nor what else the releases are made with. There are none,
    /// unless a release was tampered with.
    pub unattributed: usize,
}

/// The changes of one indicator.
#[derive(Debug, Serialize)]
pub struct OfIndicator {
    /// Its identifier.
    pub indicator: String,
    /// In Chinese.
    pub name_zh: String,
    /// In English.
    pub name_en: String,
    /// How many of its values differ.
    pub changed: usize,
    /// The largest change in percent of the value before; none where no two values can be compared.
    pub largest_percent: Option<f64>,
}

/// A value that differs.
#[derive(Debug, Serialize)]
pub struct Change {
    /// The level of its area.
    pub level: Level,
    /// Its area.
    pub ref_area: String,
    /// The name of the area.
    pub ref_area_name: String,
    /// Its quarter.
    pub quarter: String,
    /// Its indicator.
    pub indicator: String,
    /// In Chinese.
    pub name_zh: String,
    /// In English.
    pub name_en: String,
    /// Its unit.
    pub unit_measure: String,
    /// The decimals it is published with.
    pub decimals: usize,
    /// The earlier value; none where there was none.
    pub before: Option<f64>,
    /// The later value.
    pub after: Option<f64>,
    /// Status of the earlier value; none where the release has no such row.
    pub status_before: Option<String>,
    /// Status of the later value.
    pub status_after: Option<String>,
    /// Later minus earlier.
    pub change: Option<f64>,
    /// The change in percent of the earlier value.
    pub percent: Option<f64>,
    /// The change of a ratio by its sides, in its own unit: they add up to it.
    pub sides: Option<Sides>,
    /// The change of the province's numerator by parks, in canonical units.
    pub parks: Option<Parks>,
    /// Exports among those of the diff that this value rests on, by name.
    pub exports: Vec<String>,
}

/// What each side of a ratio changes: the numerator over the earlier denominator first, then the denominator.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sides {
    /// By the numerator.
    pub numerator: f64,
    /// By the denominator.
    pub denominator: f64,
}

/// The parks whose numerators changed most.
#[derive(Debug, Serialize)]
pub struct Parks {
    /// The measure.
    pub measure: String,
    /// Code, name and change of the numerator.
    pub largest: Vec<(String, String, i64)>,
    /// How many other parks changed.
    pub others: usize,
    /// What these others changed together.
    pub others_change: i64,
    /// What no park accounts for.
    pub rest: i64,
}

/// Parks that are told one by one.
const MOST_PARKS: usize = 3;

/// Compares two releases. Nothing is changed.
///
/// # Errors
/// When there is no such release, indicator or quarter, with what may be meant; when the two are for different readers;
/// when a table cannot be read.
pub fn diff(setup: &Setup, asked: &Asked) -> Result<Diff, Failure> {
    let store = Store::open_existing(&setup.store_dir)?;
    let [before, after] = named::sides(setup, &store, [&asked.before, &asked.after])?;
    let wanted = Wanted::of(setup, asked)?;
    let [earlier, later] = [&before, &after].map(|side| figures::of(setup, &store, &side.manifest));
    let (earlier, later) = (earlier?, later?);
    let causes = Causes::between(setup, &store, &before, &after)?;
    let mut counts = Counts::default();
    let mut changes = Vec::new();
    for key in earlier.keys().chain(later.keys().filter(|key| !earlier.contains_key(*key))) {
        let indicator = &setup.config.indicators[key.indicator];
        let (old, new) = (earlier.get(key), later.get(key));
        if !wanted.takes(indicator, key, old.or(new)) {
            continue;
        }
        let size = size(indicator, old, new);
        *counts.of(size) += 1;
        if size != Size::Same {
            changes.push((size, key, old, new));
        }
    }
    if counts == Counts::default() {
        return Err(wanted.nothing(asked, earlier.iter().chain(&later)));
    }
    let name = |key: &Key| setup.config.indicators[key.indicator].order;
    // The largest first, and of those alike the wider area.
    changes.sort_by(|a, b| {
        let by = |(size, key, old, new): &(Size, &Key, Option<&Figure>, Option<&Figure>)| {
            let percent = percent(*old, *new).map_or(f64::INFINITY, f64::abs);
            (*size, percent, Reverse((Reverse(key.level), name(key), key.quarter)))
        };
        let ((size_a, percent_a, rest_a), (size_b, percent_b, rest_b)) = (by(a), by(b));
        let order = size_b.cmp(&size_a).then(percent_b.total_cmp(&percent_a)).then(rest_b.cmp(&rest_a));
        order.then_with(|| a.1.ref_area.cmp(&b.1.ref_area))
    });
    let by_indicator = by_indicator(setup, &changes);
    counts.unattributed = changes.iter().filter(|(_, key, ..)| !causes.any(key)).count();
    let most = if asked.most == 0 { changes.len() } else { asked.most.min(changes.len()) };
    let told = changes[..most].par_iter().map(|(_, key, old, new)| {
        let parks = parks(setup, key, &earlier, &later);
        change(setup, key, (*old, *new), parks, causes.of(key))
    });
    Ok(Diff {
        before: before.said(),
        after: after.said(),
        counts,
        made_with: causes.made_with.clone(),
        indicators: by_indicator,
        others: changes.len() - most,
        changes: told.collect(),
        exports: causes.exports,
    })
}

/// How large a change is; the larger ones last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Size {
    Same,
    Status,
    BelowRounding,
    Below1Percent,
    Below10Percent,
    Larger,
    Appeared,
    Gone,
}

impl Counts {
    fn of(&mut self, size: Size) -> &mut usize {
        match size {
            Size::Same => &mut self.unchanged,
            Size::Status => &mut self.status,
            Size::BelowRounding => &mut self.below_rounding,
            Size::Below1Percent => &mut self.below_1_percent,
            Size::Below10Percent => &mut self.below_10_percent,
            Size::Larger => &mut self.larger,
            Size::Appeared => &mut self.appeared,
            Size::Gone => &mut self.gone,
        }
    }

    /// Values that differ.
    pub fn changed(&self) -> usize {
        let Counts { status, below_rounding, below_1_percent, below_10_percent, larger, appeared, gone, .. } = self;
        status + below_rounding + below_1_percent + below_10_percent + larger + appeared + gone
    }
}

fn size(indicator: &Indicator, old: Option<&Figure>, new: Option<&Figure>) -> Size {
    let (before, after) = (old.and_then(|old| old.value), new.and_then(|new| new.value));
    match (before, after) {
        (None, Some(_)) => Size::Appeared,
        (Some(_), None) => Size::Gone,
        _ if before == after => {
            // A row that only one release has and that holds nothing tells nothing.
            let same = old.zip(new).is_none_or(|(old, new)| old.status == new.status);
            if same { Size::Same } else { Size::Status }
        }
        _ => {
            let shown = |value: Option<f64>| value.map(|value| round(value, indicator.decimals));
            match percent(old, new).map(f64::abs) {
                _ if shown(before) == shown(after) => Size::BelowRounding,
                Some(percent) if percent < 1.0 => Size::Below1Percent,
                Some(percent) if percent < 10.0 => Size::Below10Percent,
                _ => Size::Larger,
            }
        }
    }
}

/// The change in percent of the value before.
fn percent(old: Option<&Figure>, new: Option<&Figure>) -> Option<f64> {
    let (before, after) = (old?.value?, new?.value?);
    (before != 0.0).then(|| (after - before) / before.abs() * 100.0)
}

/// The changes of each indicator.
fn by_indicator(setup: &Setup, changes: &[(Size, &Key, Option<&Figure>, Option<&Figure>)]) -> Vec<OfIndicator> {
    let mut found: BTreeMap<usize, (usize, Option<f64>)> = BTreeMap::new();
    for (_, key, old, new) in changes {
        let (changed, largest) = found.entry(key.indicator).or_default();
        *changed += 1;
        let percent = percent(*old, *new);
        if percent.map(f64::abs) > largest.map(f64::abs) {
            *largest = percent;
        }
    }
    let told = |(at, (changed, largest_percent)): (usize, (usize, Option<f64>))| {
        let Indicator { id, name_zh, name_en, .. } = &setup.config.indicators[at];
        let (indicator, name_zh, name_en) = (id.clone(), name_zh.clone(), name_en.clone());
        OfIndicator { indicator, name_zh, name_en, changed, largest_percent }
    };
    found.into_iter().map(told).collect()
}

fn change(
    setup: &Setup,
    key: &Key,
    (old, new): (Option<&Figure>, Option<&Figure>),
    parks: Option<Parks>,
    exports: Vec<String>,
) -> Change {
    let indicator = &setup.config.indicators[key.indicator];
    let (before, after) = (old.and_then(|old| old.value), new.and_then(|new| new.value));
    Change {
        level: key.level,
        ref_area: key.ref_area.clone(),
        ref_area_name: new.or(old).map(|one| one.ref_area_name.clone()).unwrap_or_default(),
        quarter: key.quarter.to_string(),
        indicator: indicator.id.clone(),
        name_zh: indicator.name_zh.clone(),
        name_en: indicator.name_en.clone(),
        unit_measure: indicator.unit.clone(),
        decimals: indicator.decimals,
        before,
        after,
        status_before: old.map(|old| old.status.clone()),
        status_after: new.map(|new| new.status.clone()),
        change: before.zip(after).map(|(before, after)| after - before),
        percent: percent(old, new),
        sides: old.zip(new).and_then(|(old, new)| sides(indicator, old, new)),
        parks,
        exports,
    }
}

/// The change of a ratio by its sides. What the numerator alone would have made of it is the later value over the earlier
/// denominator: no factor of the indicator is needed, and both sides add up to the change.
fn sides(indicator: &Indicator, old: &Figure, new: &Figure) -> Option<Sides> {
    if !matches!(indicator.formula, Formula::Ratio) {
        return None;
    }
    let (before, after) = (old.value?, new.value?);
    let (earlier, later) = (old.denominator?, new.denominator?);
    if earlier == 0 || before == after {
        return None;
    }
    let between = after * (later as f64 / earlier as f64);
    Some(Sides { numerator: between - before, denominator: after - between })
}

/// The change of the province's numerator by parks, where both releases tell that of parks.
fn parks(setup: &Setup, key: &Key, earlier: &BTreeMap<Key, Figure>, later: &BTreeMap<Key, Figure>) -> Option<Parks> {
    let indicator = &setup.config.indicators[key.indicator];
    let is_sum = matches!(indicator.formula, Formula::Ratio | Formula::Level);
    if key.level != Level::Province || !is_sum || !indicator.levels.contains(&Level::Park) {
        return None;
    }
    let whole = later.get(key)?.numerator?.checked_sub(earlier.get(key)?.numerator?)?;
    // Parks of an indicator and quarter stand one after the other.
    let first = Key { level: Level::Park, ref_area: String::new(), ..*key };
    let of_park = |one: &Key| one.level == first.level && (one.indicator, one.quarter) == (key.indicator, key.quarter);
    let mut found: BTreeMap<&str, (&str, i64)> = BTreeMap::new();
    for (all, sign) in [(earlier, -1), (later, 1)] {
        for (one, figure) in all.range(&first..).take_while(|(one, _)| of_park(one)) {
            let (name, sum) = found.entry(&one.ref_area).or_default();
            *name = &figure.ref_area_name;
            *sum = sum.checked_add(sign * figure.numerator.unwrap_or_default())?;
        }
    }
    let mut parks: Vec<(&str, &str, i64)> = found
        .into_iter()
        .map(|(code, (name, change))| (code, name, change))
        .filter(|(.., change)| *change != 0)
        .collect();
    parks.sort_by_key(|(code, _, change)| (Reverse(change.unsigned_abs()), *code));
    let sum = |parks: &[(&str, &str, i64)]| parks.iter().try_fold(0_i64, |sum, (.., one)| sum.checked_add(*one));
    let told = parks.len().min(MOST_PARKS);
    let others_change = sum(&parks[told..])?;
    Some(Parks {
        measure: indicator.numerator.clone()?,
        rest: whole.checked_sub(sum(&parks)?)?,
        largest: parks[..told].iter().map(|(code, name, one)| ((*code).to_owned(), (*name).to_owned(), *one)).collect(),
        others: parks.len() - told,
        others_change,
    })
}

/// Which values are compared.
struct Wanted<'s> {
    indicator: Option<&'s str>,
    area: Option<String>,
    quarter: Option<Quarter>,
}

impl<'s> Wanted<'s> {
    fn of(setup: &'s Setup, asked: &Asked) -> Result<Wanted<'s>, Failure> {
        let indicator = asked.indicator.as_ref().map(|typed| explain::indicator(setup, typed)).transpose()?;
        Ok(Wanted {
            indicator: indicator.map(|one| one.id.as_str()),
            area: asked.area.clone(),
            quarter: asked.quarter.as_deref().map(explain::quarter).transpose()?,
        })
    }

    fn takes(&self, indicator: &Indicator, key: &Key, figure: Option<&Figure>) -> bool {
        let is_area =
            |typed: &String| *typed == key.ref_area || figure.is_some_and(|figure| figure.ref_area_name == *typed);
        self.indicator.is_none_or(|id| id == indicator.id)
            && self.quarter.is_none_or(|quarter| quarter == key.quarter)
            && self.area.as_ref().is_none_or(is_area)
    }

    /// That neither release has a value of what was asked.
    fn nothing<'f>(&self, asked: &Asked, all: impl Iterator<Item = (&'f Key, &'f Figure)>) -> Failure {
        let asked_for = [&asked.indicator, &asked.area, &asked.quarter].into_iter().flatten();
        let asked_for = list(&asked_for.map(|one| format!("`{one}`")).collect::<Vec<_>>());
        let areas: BTreeSet<&str> = all.flat_map(|(key, figure)| [&*key.ref_area, &*figure.ref_area_name]).collect();
        let unknown = self.area.as_deref().filter(|area| !areas.contains(area));
        let areas: Vec<&str> = areas.into_iter().collect();
        let meant = unknown.map_or_else(Said::default, |area| did_you_mean_or(area, &areas, Said::default));
        Failure::Usage(said!(
            "两个批次都没有 {asked_for} 的值{meant}",
            "neither release has a value of {asked_for}{meant}";
            asked_for, meant
        ))
    }
}
