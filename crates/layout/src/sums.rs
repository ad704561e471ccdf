//! Whether figures add up, as they are written: exactly, but for what rounding to the last digit that is shown can make.

use vocab::number::{self, Cell, Decimal, Missing, Suffix, Symbols};
use vocab::text;

/// Words for a sum, wherever they stand in a name, and names that are nothing else.
const SUMS: [&str; 3] = ["合计", "总计", "小计"];
const WHOLE_SUMS: [&str; 3] = ["总数", "总量", "total"];

/// Whether a row or a column of this name is a sum by its words.
pub(super) fn names_sum(name: &str) -> bool {
    let key = text::key(name);
    WHOLE_SUMS.contains(&key.as_str()) || SUMS.iter().any(|word| key.contains(word))
}

/// What came of adding up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sum {
    /// The parts make the total.
    Right,
    /// They make another figure, which is this one.
    Wrong(String),
    /// Nobody can say: a figure is missing, is no number, or is written in another unit.
    Open,
}

/// Holds a total against its parts. A blank part counts as nothing, and a symbol for a missing value leaves it open. The sum may be off
/// by `tolerance` units of the last digit, or by what rounding can make: half a unit for the total and for each part.
pub(super) fn add_up<'c>(
    total: &str,
    parts: impl Iterator<Item = &'c str>,
    tolerance: Option<u64>,
    symbols: &Symbols,
) -> Sum {
    let Cell::Value(total) = number::parse(total, symbols) else { return Sum::Open };
    let mut figures: Vec<Decimal> = Vec::new();
    for part in parts {
        match number::parse(part, symbols) {
            Cell::Value(figure) if figure.suffix == total.suffix => figures.push(figure),
            Cell::Missing(Missing::Blank) => {}
            _ => return Sum::Open,
        }
    }
    if figures.is_empty() || !matches!(total.suffix, Suffix::None | Suffix::Percent) {
        return Sum::Open;
    }
    // A sum beyond all figures that can be is not looked at.
    against(total, &figures, tolerance).unwrap_or(Sum::Open)
}

fn against(total: Decimal, parts: &[Decimal], tolerance: Option<u64>) -> Option<Sum> {
    let scale = parts.iter().chain([&total]).map(|figure| figure.scale).max()?;
    let whole = |figure: &Decimal| {
        i128::from(figure.mantissa).checked_mul(10_i128.checked_pow(u32::from(scale - figure.scale))?)
    };
    let sum = parts.iter().try_fold(0_i128, |sum, part| sum.checked_add(whole(part)?))?;
    let off = sum.checked_sub(whole(&total)?)?.checked_abs()?;
    let holds = match tolerance {
        Some(digits) => off <= i128::from(digits),
        None => off.checked_mul(2)? <= parts.len() as i128 + 1,
    };
    Some(if holds { Sum::Right } else { Sum::Wrong(Decimal::new(i64::try_from(sum).ok()?, scale).to_string()) })
}
