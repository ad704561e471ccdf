/// The sum of floating point numbers with the lost low digits carried beside it.
///
/// Neumaier's variant of Kahan's summation (ZAMM 54, 1974): unlike Kahan's it also holds where a summand is larger than
/// the sum so far. Money, energy and land are never summed here: they are whole numbers (METHODS 2.17). The result depends
/// on the order of the summands only in the last digit, so callers sum in the order of a key.
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    total + lost
}
