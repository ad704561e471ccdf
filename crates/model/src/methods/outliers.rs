//! Changes that stand out among those of others: two measures, since each misses what the other finds.

use super::order::{median, quantile, sorted};
use super::sum;

/// Parameters of [`hidiroglou_berthelot`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effects {
    /// Weight of size, 0 to 1: how much smaller a change of something large may be.
    pub u: f64,
    /// Least spread as a share of the median effect.
    pub a: f64,
    /// How many spreads away a change stands out.
    pub c: f64,
    /// Least spread as the effect that a relative change of this size has at the median size: the median effect is zero by
    /// construction, so that `a` alone would let equal changes of all but a few make outliers of these.
    pub floor: f64,
}

/// What [`hidiroglou_berthelot`] made of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectGroup {
    /// Median of the ratios.
    pub median_ratio: f64,
    /// Effect of each pair.
    pub effects: Vec<f64>,
    /// Quartiles of the effects.
    pub quartiles: [f64; 3],
    /// Effects outside these bounds stand out.
    pub bounds: [f64; 2],
}

impl EffectGroup {
    /// Whether the pair at `index` stands out.
    pub fn is_outlier(&self, index: usize) -> bool {
        self.effects.get(index).is_some_and(|effect| *effect < self.bounds[0] || *effect > self.bounds[1])
    }
}

/// Effects of changes between two periods, given as pairs of positive figures (before, now).
///
/// Hidiroglou and Berthelot (Survey Methodology 12, 1986), as in R's univOutl 0.5: r = now/before; s = 1 − med/r below the
/// median ratio and r/med − 1 above; E = s·max(before, now)^U; bounds EM − C·max(EM − Q1, |A·EM|) and EM + C·max(Q3 − EM,
/// |A·EM|), quantiles of type 7. The floor is an addition of this project. None of no pairs.
pub fn hidiroglou_berthelot(pairs: &[(f64, f64)], with: &Effects) -> Option<EffectGroup> {
    let median_ratio = median(pairs.iter().map(|(before, now)| now / before))?;
    let size = |(before, now): &(f64, f64)| before.max(*now).powf(with.u);
    let effect = |pair: &(f64, f64)| {
        let ratio = pair.1 / pair.0;
        let change = if ratio < median_ratio { 1.0 - median_ratio / ratio } else { ratio / median_ratio - 1.0 };
        change * size(pair)
    };
    let effects: Vec<f64> = pairs.iter().map(effect).collect();
    let ascending = sorted(effects.iter().copied());
    let [low, middle, high] = [0.25, 0.5, 0.75].map(|share| quantile(&ascending, share).unwrap_or_default());
    let least = (with.a * middle).abs().max(with.floor * median(pairs.iter().map(size))?);
    let bounds = [middle - with.c * (middle - low).max(least), middle + with.c * (high - middle).max(least)];
    Some(EffectGroup { median_ratio, effects, quartiles: [low, middle, high], bounds })
}

/// What [`log_ratios`] made of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRatioGroup {
    /// Median of the logarithms of the ratios.
    pub median: f64,
    /// What one unit of the scores is.
    pub spread: f64,
    /// Where the spread is from.
    pub spread_from: SpreadFrom,
    /// Score of each pair; all zero where there is no spread at all.
    pub scores: Vec<f64>,
}

/// Where the spread of [`log_ratios`] is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpreadFrom {
    /// The median of the absolute deviations.
    Median,
    /// Their mean: more than half of the ratios are equal.
    Mean,
    /// The least spread that was given.
    Floor,
}

impl SpreadFrom {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            SpreadFrom::Median => "mad",
            SpreadFrom::Mean => "mean_deviation",
            SpreadFrom::Floor => "floor",
        }
    }
}

/// Modified z scores of the logarithms of ratios, given as pairs of positive figures (before, now).
///
/// z = (l − med l) / (1.4826 · MAD), Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993). Where the MAD is zero, the
/// mean absolute deviation × 1.2533 takes its place; and no spread is smaller than `floor`, which the source does not
/// have. None of no pairs.
pub fn log_ratios(pairs: &[(f64, f64)], floor: f64) -> Option<LogRatioGroup> {
    let logs: Vec<f64> = pairs.iter().map(|(before, now)| (now / before).ln()).collect();
    let middle = median(logs.iter().copied())?;
    let deviations: Vec<f64> = logs.iter().map(|log| (log - middle).abs()).collect();
    let by_median = 1.4826 * median(deviations.iter().copied())?;
    let by_mean = 1.2533 * sum(deviations.iter().copied()) / deviations.len() as f64;
    let (spread, spread_from) =
        if by_median > 0.0 { (by_median, SpreadFrom::Median) } else { (by_mean, SpreadFrom::Mean) };
    let (spread, spread_from) = if spread < floor { (floor, SpreadFrom::Floor) } else { (spread, spread_from) };
    let score = |log: &f64| if spread > 0.0 { (log - middle) / spread } else { 0.0 };
    Some(LogRatioGroup { median: middle, spread, spread_from, scores: logs.iter().map(score).collect() })
}
