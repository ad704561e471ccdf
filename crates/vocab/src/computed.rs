//! Figures that a formula left behind: a third with fifteen digits, what remains of a subtraction, the noise behind the last digit.
//!
//! Nobody measured them so finely, and nobody typed them: they stand for the nearest canonical unit. A short number that is too fine for
//! its unit is another thing: it is in another unit, and stays refused.

use super::number::Decimal;
use super::text;
use super::unit::Unit;

/// So many digits are written by machines only.
const DIGITS: u32 = 12;

/// A quotient this large in canonical units loses less than a thousandth of itself when it is rounded.
const LARGE_QUOTIENT: i128 = 1_000;

/// One canonical unit is at most so small a part of an amount's own unit where a computed amount is rounded: a fen of a yuan.
const FINE: i128 = 100;

/// What differs from a whole by less than one of so many parts is noise.
const NOISE: i128 = 1_000_000_000;

/// With so many decimals even a short number was computed: `-9.09E-13`.
const DECIMALS: u32 = 12;

/// A figure with all its digits: `mantissa` / 10^`scale`.
#[derive(Debug, Clone, Copy)]
struct Exact {
    mantissa: i128,
    scale: u32,
}

/// The nearest whole number of canonical units; none where the figure was not computed.
pub fn nearest(value: Decimal, unit: &Unit) -> Option<i64> {
    Exact { mantissa: value.mantissa.into(), scale: value.scale.into() }.nearest(unit)
}

/// [`nearest`] of a cell whose digits no [`Decimal`] holds.
pub fn nearest_of_text(cell: &str, unit: &Unit) -> Option<i64> {
    read(text::trim(cell))?.nearest(unit)
}

/// Reads a plain number, perhaps with an exponent.
fn read(written: &str) -> Option<Exact> {
    /// Digits of which the product with any unit is held.
    const MOST: usize = 20;
    let folded: String = written.chars().map(text::fold).filter(|c| *c != ',').collect();
    let (number, exponent) = folded.split_once('e').map_or((folded.as_str(), None), |(n, e)| (n, Some(e)));
    let (sign, number) = number.strip_prefix('-').map_or((1, number), |number| (-1, number));
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = [whole, part].concat();
    let digits = digits.trim_start_matches('0');
    let exponent: i32 = exponent.map_or(Some(0), |exponent| exponent.parse().ok())?;
    let scale = i32::try_from(part.len()).ok()?.checked_sub(exponent)?;
    // What is finer than that is nothing beside any unit.
    let (digits, scale) = if digits.len() > MOST {
        (&digits[..MOST], scale - i32::try_from(digits.len() - MOST).ok()?)
    } else {
        (digits, scale)
    };
    let mantissa: i128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    Some(Exact { mantissa: mantissa * sign, scale: u32::try_from(scale).ok()? })
}

impl Exact {
    fn nearest(self, unit: &Unit) -> Option<i64> {
        let above = self.mantissa.checked_mul(unit.numerator.into())?;
        let Some(below) = 10_i128.checked_pow(self.scale).and_then(|power| power.checked_mul(unit.denominator.into()))
        else {
            // Less than any canonical unit, by far.
            return Some(0);
        };
        let half = if above < 0 { -(below / 2) } else { below / 2 };
        let whole = above.checked_add(half)? / below;
        let is_noise = || (above - whole * below).abs().checked_mul(NOISE).is_some_and(|off| off <= above.abs());
        let is_residue = whole == 0 && above.abs().checked_mul(LARGE_QUOTIENT).is_some_and(|left| left < below);
        let digits = self.mantissa.unsigned_abs().checked_ilog10().map_or(0, |log| log + 1);
        let is_fine = i128::from(unit.numerator) >= FINE * i128::from(unit.denominator);
        let was_computed = match unit.dimension.is_quotient() {
            true => digits >= DIGITS || whole.abs() >= LARGE_QUOTIENT,
            false => digits >= DIGITS && (is_fine || is_noise()),
        };
        let residue = is_residue && (self.scale >= DECIMALS || digits >= DIGITS);
        if was_computed || residue { i64::try_from(whole).ok() } else { None }
    }
}
