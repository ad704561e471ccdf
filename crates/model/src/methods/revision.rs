//! How much figures were revised.

use super::sum;

/// What revisions of a group of figures come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Revisions {
    /// Pairs of figures.
    pub figures: usize,
    /// How many rose.
    pub up: usize,
    /// How many fell.
    pub down: usize,
    /// Mean revision: whether the first figures are too low or too high.
    pub mean: f64,
    /// Mean absolute revision.
    pub mean_absolute: f64,
    /// Mean absolute revision against the later figures; none where these are all zero.
    pub relative: Option<f64>,
    /// Share of pairs with the same sign.
    pub same_sign: f64,
}

/// Revisions of figures given as pairs (earlier, later); none of no pairs.
///
/// R = L − P, MR = ΣR/n, MAR = Σ|R|/n, RMAR = Σ|R|/Σ|L|. OECD and Eurostat, Guidelines on Revisions Policy and Analysis; IMF
/// Quarterly National Accounts Manual 2017, chapter 12.
pub fn revisions(pairs: &[(f64, f64)]) -> Option<Revisions> {
    let figures = pairs.len();
    if figures == 0 {
        return None;
    }
    let revised = || pairs.iter().map(|(earlier, later)| later - earlier);
    let absolute = sum(revised().map(f64::abs));
    let later = sum(pairs.iter().map(|(_, later)| later.abs()));
    let sign = |value: f64| if value == 0.0 { 0 } else { value.signum() as i8 };
    let same_sign = pairs.iter().filter(|(earlier, later)| sign(*earlier) == sign(*later)).count();
    Some(Revisions {
        figures,
        up: revised().filter(|value| *value > 0.0).count(),
        down: revised().filter(|value| *value < 0.0).count(),
        mean: sum(revised()) / figures as f64,
        mean_absolute: absolute / figures as f64,
        relative: (later > 0.0).then(|| absolute / later),
        same_sign: same_sign as f64 / figures as f64,
    })
}
