//! Quantiles of a sample.

/// The quantile at `share` (0 to 1) of values in ascending order, interpolated between neighbours; none of no values.
///
/// Type 7 of Hyndman and Fan (The American Statistician 50, 1996), the default of R and NumPy: h = (n − 1)·share.
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = (sorted.len().checked_sub(1)?) as f64 * share.clamp(0.0, 1.0);
    let below = place.floor();
    let low = *sorted.get(below as usize)?;
    let high = sorted.get(place.ceil() as usize).copied().unwrap_or(low);
    Some(low + (place - below) * (high - low))
}

/// The values in ascending order.
pub fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// The median, in any order of the values; none of no values.
pub fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    quantile(&sorted(values), 0.5)
}
