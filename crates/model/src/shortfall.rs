//! Which dataset a value falls short by: the one of those it needs of which the least was reported.

use super::places::Places;
use config::indicator::{Basis, Indicator};
use config::source::Source;
use vocab::frame::Frame;
use vocab::scalars::Scalars;

/// One dataset as it is counted.
struct Counted<'a> {
    dataset: &'a str,
    reported: &'a Scalars<i64>,
    expected: &'a Scalars<i64>,
    /// The column of what was expected.
    of: &'a str,
}

/// How much of each dataset was reported in each area and quarter, as the source definitions count it.
pub(super) struct Reported<'a> {
    /// Dataset, and the columns of what was reported and of what was expected.
    datasets: Vec<Counted<'a>>,
    /// Row of the table of areas for each place.
    rows: Vec<Option<usize>>,
}

impl<'a> Reported<'a> {
    /// What `areas` counts of the datasets.
    pub(super) fn of(sources: &'a [Source], areas: &'a Frame, places: &Places<'_>) -> Reported<'a> {
        let counted = sources.iter().filter_map(|source| {
            let (reported, expected) = source.coverage.as_ref()?;
            let (dataset, of) = (source.dataset.as_str(), expected.as_str());
            Some(Counted { dataset, reported: areas.ints(reported)?, expected: areas.ints(expected)?, of })
        });
        Reported { datasets: counted.collect(), rows: places.rows_in(areas) }
    }

    /// The position of the dataset of an indicator of which the smallest share was reported at a place; over four quarters, in any that the sum reaches
    /// back to. `by_areas` says whether it is parks or counties that are missing, if that is known. The first one where none is counted.
    pub(super) fn shortest(
        &self,
        indicator: &Indicator,
        at: usize,
        places: &Places<'_>,
        by_areas: Option<bool>,
    ) -> Option<usize> {
        let back = if indicator.basis == Basis::Ttm { 4 } else { 0 };
        let quarters = (0..=back).filter_map(|ago| places.ago(at, ago)).filter_map(|at| self.rows[at]);
        let rows: Vec<usize> = quarters.collect();
        let share = |dataset: &str| {
            let counted = self.datasets.iter().find(|counted| counted.dataset == dataset)?;
            let Counted { reported, expected, .. } = counted;
            let is_of_areas = indicator.areas_coverage.as_ref().is_some_and(|(_, expected)| expected == counted.of);
            by_areas.is_none_or(|by_areas| by_areas == is_of_areas).then_some(())?;
            let shares = rows.iter().filter_map(|&row| {
                let expected = expected.get(row).filter(|expected| *expected > 0)?;
                Some(reported.get(row).unwrap_or(0) as f64 / expected as f64)
            });
            shares.min_by(f64::total_cmp)
        };
        let named = indicator.datasets.iter().enumerate();
        let counted = named.filter_map(|(position, dataset)| Some((position, share(dataset)?)));
        let shortest = counted.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(position, _)| position);
        shortest.or((!indicator.datasets.is_empty()).then_some(0))
    }
}
