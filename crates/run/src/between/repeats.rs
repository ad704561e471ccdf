//! A report of one period that holds the figures of another: sent again under another name, or with its columns exchanged.
//!
//! Only figures that add up from January are evidence: what stands still, like an area, is the same in every quarter.

use std::collections::BTreeMap;

use super::sample::{Batch, Known};
use super::scale::Columns;
use config::compare::Repeat;
use vocab::period::Quarter;
use vocab::{Place, Problem, rules, said};

/// Quarters in a year.
const YEAR: i32 = 4;
/// Rows that are looked at before all are.
const FIRST: usize = 48;

/// An export that holds what another one says of another period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repeated {
    /// Which export.
    pub(crate) at: usize,
    /// The other one.
    other: usize,
    /// Its period.
    quarter: Quarter,
    /// Figures of the columns that repeat, and those of them that are the other's.
    of: usize,
    same: usize,
}

/// The other period whose figures a batch holds. It is the batch that is told, which was issued later; but if its figures of the
/// year before are what the other one says of the year before that, the other one has its columns exchanged.
pub(super) fn find<'s>(
    batch: &Batch<'s>,
    known: &BTreeMap<(&'s str, Option<Quarter>), Known>,
    columns: &Columns<'_>,
    rules: &Repeat,
) -> Option<Repeated> {
    let quarter = batch.quarter?;
    let least = if columns.is_published { rules.least_published } else { rules.least_rows };
    let of_series = known.range((batch.label, None)..).take_while(|((label, _), _)| *label == batch.label);
    for (other, known) in of_series.filter_map(|((_, other), known)| Some(((*other)?, known))) {
        if other == quarter {
            continue;
        }
        let evidence = |is_prior: bool| -> Vec<usize> {
            let all = 0..batch.figures.len();
            let counts = |at: &usize| columns.is_prior(*at) == is_prior && columns.is_since_january(*at, batch);
            all.filter(counts).collect()
        };
        let current = evidence(false);
        if let Some((of, same, at)) = repeats(batch, known, &current, rules, least) {
            return Some(Repeated { at: batch.at, other: at, quarter: other, of, same });
        }
        if quarter.since(other) == YEAR
            && let Some((of, same, at)) = repeats(batch, known, &evidence(true), rules, least)
        {
            return Some(Repeated { at, other: batch.at, quarter, of, same });
        }
    }
    None
}

/// Whether most of these columns hold the known figures: how many figures there are, how many of them are known ones, and of
/// which export.
fn repeats(
    batch: &Batch<'_>,
    known: &Known,
    columns: &[usize],
    rules: &Repeat,
    least: usize,
) -> Option<(usize, usize, usize)> {
    let count = |batch: &Batch<'_>| {
        let places = known.places(batch);
        let of_column = |measure: usize| {
            let (mut of, mut same, mut export) = (0, 0, batch.at);
            for (row, place) in places.iter().enumerate().filter(|(row, _)| batch.figures[measure][*row] != 0) {
                of += 1;
                let figure = place.and_then(|place| known.figure(measure, place));
                if let Some((_, other)) = figure.filter(|(figure, _)| *figure == batch.figures[measure][row]) {
                    (same, export) = (same + 1, other);
                }
            }
            (of, same, export)
        };
        columns.iter().map(|measure| of_column(*measure)).collect::<Vec<_>>()
    };
    let is_same = |&(of, same, _): &(usize, usize, usize)| same as f64 >= rules.share * of as f64;
    // Most exports differ in their first rows.
    if !count(&batch.first(FIRST)).iter().any(|&(of, same, _)| same * 2 >= of && of > 0) {
        return None;
    }
    let counted: Vec<_> = count(batch).into_iter().filter(|(of, ..)| *of >= least).collect();
    let repeating: Vec<_> = counted.iter().filter(|counts| is_same(counts)).collect();
    let export = repeating.first()?.2;
    let sum = |pick: fn(&(usize, usize, usize)) -> usize| repeating.iter().map(|counts| pick(counts)).sum();
    (repeating.len() * 2 > counted.len()).then(|| (sum(|counts| counts.0), sum(|counts| counts.1), export))
}

impl Repeated {
    /// Only names and counts: no figure of anybody. `name` gives the names of exports.
    pub(crate) fn told<'n>(&self, name: impl Fn(usize) -> &'n str) -> Problem {
        let Repeated { quarter: period, same, of, .. } = self;
        Problem::new(&rules::CONTENT_REPEATED, Place::file(name(self.at)))
            .said(said!("{period}：{of} 个数值中有 {same} 个相同", "{period}: {same} of {of} figures"))
            .expected([name(self.other)])
    }
}
