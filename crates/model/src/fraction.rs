//! Exact fractions, for scores that are held against a cut: a sum of points must not miss it, or pass it, by what binary
//! numbers cannot hold.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};

/// A fraction of whole numbers without a limit. It is not reduced: sums of a few parts stay short.
#[derive(Debug, Clone)]
pub struct Fraction {
    over: BigInt,
    /// Above zero.
    under: BigInt,
}

impl Fraction {
    /// A whole number.
    pub fn whole(value: i64) -> Fraction {
        Fraction { over: value.into(), under: 1.into() }
    }

    /// A number as it is written: 9.9 is 99/10, though no binary number is. None for what is no number.
    pub fn decimal(value: f64) -> Option<Fraction> {
        let written = format!("{value:e}");
        let (digits, exponent) = written.split_once('e')?;
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let over: BigInt = format!("{whole}{decimals}").parse().ok()?;
        let exponent = exponent.parse::<i64>().ok()? - i64::try_from(decimals.len()).ok()?;
        let power = BigInt::from(10).pow(u32::try_from(exponent.unsigned_abs()).ok()?);
        Some(if exponent < 0 {
            Fraction { over, under: power }
        } else {
            Fraction { over: over * power, under: 1.into() }
        })
    }

    /// The sum.
    pub fn plus(&self, other: &Fraction) -> Fraction {
        Fraction { over: &self.over * &other.under + &other.over * &self.under, under: &self.under * &other.under }
    }

    /// The difference.
    pub fn minus(&self, other: &Fraction) -> Fraction {
        Fraction { over: &self.over * &other.under - &other.over * &self.under, under: &self.under * &other.under }
    }

    /// The product.
    pub fn times(&self, other: &Fraction) -> Fraction {
        Fraction { over: &self.over * &other.over, under: &self.under * &other.under }
    }

    /// The quotient; none by zero.
    pub fn by(&self, other: &Fraction) -> Option<Fraction> {
        let (over, under) = (&self.over * &other.under, &self.under * &other.over);
        match under.sign() {
            Sign::NoSign => None,
            Sign::Plus => Some(Fraction { over, under }),
            Sign::Minus => Some(Fraction { over: -over, under: -under }),
        }
    }

    /// The nearest number that is shown and stored, but for its last binary digit.
    pub fn to_f64(&self) -> f64 {
        /// Binary places that are kept: 53 of them and more than enough for what is left of a small score.
        const PLACES: u32 = 96;
        let scaled = (&self.over << PLACES) / &self.under;
        scaled.to_string().parse::<f64>().map_or(f64::NAN, |scaled| scaled / 2f64.powi(PLACES as i32))
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Fraction) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Fraction {}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Fraction) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Fraction) -> Ordering {
        (&self.over * &other.under).cmp(&(&other.over * &self.under))
    }
}
