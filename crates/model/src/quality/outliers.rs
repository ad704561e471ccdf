//! Areas whose change against the same quarter of last year stands out among those of the others.

use std::collections::BTreeMap;

use super::{Point, points};
use crate::methods::outliers::{Effects, hidiroglou_berthelot, log_ratios};
use config::quality::Outliers;
use vocab::frame::{Frame, TextColumn, Values};
use vocab::period::{Quarter, Span};
use vocab::{Place, Problem, rules, said};

/// One area that stands out, or one group that is too small to say so.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The measure: a column of `area_quarter`.
    pub measure: String,
    /// The quarter.
    pub quarter: Quarter,
    /// Code and name of the area; none for a group that is too small.
    pub area: Option<(String, String)>,
    /// `hidiroglou_berthelot` or `log_ratio`; none for a group that is too small.
    pub method: Option<&'static str>,
    /// The figure of last year and the one of this year.
    pub figures: Option<(i64, i64)>,
    /// Effect or score, in the unit of the method.
    pub score: Option<f64>,
    /// The median of the group's ratios.
    pub median_ratio: Option<f64>,
    /// Where the spread of the log ratios is from.
    pub spread_from: Option<&'static str>,
    /// Pairs that were compared.
    pub pairs: usize,
}

/// Looks at every measure and quarter, in the order in which they are listed. Pairs with a figure that is not positive are not
/// compared: no ratio says anything of them.
pub fn find(with: &Outliers, areas: &Frame, span: Span) -> Vec<Finding> {
    let mut found = Vec::new();
    for measure in &with.measures {
        let all = points(areas, with.level, measure);
        let year_after = |point: &Point<'_>| point.quarter.plus(4);
        let before: BTreeMap<(&str, Quarter), i64> =
            all.iter().filter_map(|point| Some(((point.area, year_after(point)?), point.value))).collect();
        let mut groups: BTreeMap<Quarter, Vec<(Point<'_>, i64)>> = BTreeMap::new();
        for point in all.iter().filter(|point| span.holds(point.quarter) && point.value > 0) {
            if let Some(&last) = before.get(&(point.area, point.quarter)).filter(|last| **last > 0) {
                groups.entry(point.quarter).or_default().push((*point, last));
            }
        }
        for (quarter, group) in groups {
            found.extend(of_group(with, measure, quarter, &group));
        }
    }
    found
}

fn of_group(with: &Outliers, measure: &str, quarter: Quarter, group: &[(Point<'_>, i64)]) -> Vec<Finding> {
    let none = Finding {
        measure: measure.to_owned(),
        quarter,
        area: None,
        method: None,
        figures: None,
        score: None,
        median_ratio: None,
        spread_from: None,
        pairs: group.len(),
    };
    if group.len() < with.least_pairs {
        return vec![none];
    }
    let pairs: Vec<(f64, f64)> = group.iter().map(|(point, last)| (*last as f64, point.value as f64)).collect();
    let of = |at: usize, method: &'static str, score: f64| {
        let (point, last) = group[at];
        Finding {
            area: Some((point.area.to_owned(), point.name.to_owned())),
            method: Some(method),
            figures: Some((last, point.value)),
            score: Some(score),
            ..none.clone()
        }
    };
    let mut found = Vec::new();
    if let Some(effects) = hidiroglou_berthelot(&pairs, &Effects { u: with.u, a: with.a, c: with.c, floor: with.floor })
    {
        let median_ratio = Some(effects.median_ratio);
        let outlying = (0..pairs.len()).filter(|at| effects.is_outlier(*at));
        found
            .extend(outlying.map(|at| Finding { median_ratio, ..of(at, "hidiroglou_berthelot", effects.effects[at]) }));
    }
    if let Some(logs) = log_ratios(&pairs, with.least_spread) {
        let (median_ratio, spread_from) = (Some(logs.median.exp()), Some(logs.spread_from.as_str()));
        let outlying = (0..pairs.len()).filter(|at| logs.scores[*at].abs() > with.threshold);
        found.extend(outlying.map(|at| Finding { median_ratio, spread_from, ..of(at, "log_ratio", logs.scores[at]) }));
    }
    found
}

/// Findings as a table. It holds sums of areas, so it is for the administration.
pub fn table(with: &Outliers, found: &[Finding]) -> Frame {
    let text = |pick: &dyn Fn(&Finding) -> Option<String>| Values::Text(found.iter().map(pick).collect::<TextColumn>());
    let int = |pick: &dyn Fn(&Finding) -> Option<i64>| Values::Int(found.iter().map(pick).collect());
    let float = |pick: &dyn Fn(&Finding) -> Option<f64>| Values::Float(found.iter().map(pick).collect());
    Frame::new()
        .with("level", Values::Same(Some(with.level.to_string()), found.len()))
        .with("ref_area", text(&|one| one.area.as_ref().map(|(code, _)| code.clone())))
        .with("ref_area_name", text(&|one| one.area.as_ref().map(|(_, name)| name.clone())))
        .with("time_period", text(&|one| Some(one.quarter.sdmx())))
        .with("measure", text(&|one| Some(one.measure.clone())))
        .with("finding", text(&|one| Some(if one.area.is_some() { "outlier" } else { "too_few" }.to_owned())))
        .with("method", text(&|one| one.method.map(str::to_owned)))
        .with("last_year", int(&|one| Some(one.figures?.0)))
        .with("this_year", int(&|one| Some(one.figures?.1)))
        .with("ratio", float(&|one| one.figures.map(|(last, now)| now as f64 / last as f64)))
        .with("median_ratio", float(&|one| one.median_ratio))
        .with("score", float(&|one| one.score))
        .with("spread_from", text(&|one| one.spread_from.map(str::to_owned)))
        .with("pairs", int(&|one| i64::try_from(one.pairs).ok()))
}

/// One finding for each measure and quarter in which areas stand out, with these areas; and one for each measure whose groups
/// are too small.
pub fn problems(found: &[Finding]) -> Vec<Problem> {
    let mut outlying: BTreeMap<(&str, Quarter), Vec<&str>> = BTreeMap::new();
    let mut small: BTreeMap<&str, usize> = BTreeMap::new();
    for one in found {
        match &one.area {
            Some((code, _)) => outlying.entry((&one.measure, one.quarter)).or_default().push(code),
            None => *small.entry(&one.measure).or_default() += 1,
        }
    }
    let place = || Place::file("quality/outliers");
    let areas = outlying.into_iter().map(|((measure, quarter), mut areas)| {
        areas.sort_unstable();
        areas.dedup();
        let (quarter, in_chinese, areas) = (quarter.sdmx(), areas.join("、"), areas.join(", "));
        Problem::new(&rules::STANDS_OUT, place())
            .said(said!("{quarter} {measure}：{in_chinese}", "{quarter} {measure}: {areas}"))
    });
    let groups = small.into_iter().map(|(measure, quarters)| {
        Problem::new(&rules::TOO_FEW_TO_COMPARE, place()).value(format!("{measure} ×{quarters}"))
    });
    areas.chain(groups).collect()
}
