//! Units of measure: what the exports write, and the exact factor to the canonical unit of the dimension.
//!
//! Facts are whole numbers of canonical units, chosen small enough that every figure a bureau publishes is exact.

mod dimension;
mod grammar;
mod heading;
mod name;
mod near;
mod table;

pub use dimension::Dimension;
pub use grammar::{power_named, power_of, power_word};
pub use heading::{Own, is_amount, names_amount, sign_at_end, without_brackets};
pub use name::{is_statement, known, parse};
pub use table::{ALL, ANY_BASE, Unit};

use super::text;
use name::{STATEMENTS, bare, brackets, find};

/// By how much a figure is off if its unit was taken for another one: `numerator` / `denominator`, in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Factor {
    /// Above the line.
    pub numerator: i64,
    /// Below it.
    pub denominator: i64,
}

impl Factor {
    fn new(numerator: i64, denominator: i64) -> Factor {
        let (mut a, mut b) = (numerator, denominator);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Factor { numerator: numerator / a, denominator: denominator / a }
    }

    /// Its decimal logarithm.
    pub fn log10(self) -> f64 {
        (self.numerator as f64).log10() - (self.denominator as f64).log10()
    }

    /// Whether what was read as `read` is off by this factor if it is in `meant`.
    fn is_of(self, read: &Unit, meant: &Unit) -> bool {
        read.dimension == meant.dimension
            && i128::from(meant.numerator) * i128::from(self.numerator)
                == i128::from(read.numerator) * i128::from(self.denominator)
    }

    /// The units that explain it: the one that was read, and the one in which the figures would be right. `read` is the one that
    /// was read, where it is known.
    pub fn explained(self, dimension: Option<Dimension>, read: Option<&'static Unit>) -> Vec<[&'static Unit; 2]> {
        let is_read = |unit: &&Unit| Some(unit.dimension) == dimension && read.is_none_or(|read| read == *unit);
        let meant =
            |read: &'static Unit| ALL.iter().filter(move |meant| self.is_of(read, meant)).map(move |m| [read, m]);
        ALL.iter().filter(is_read).flat_map(meant).collect()
    }
}

impl std::fmt::Display for Factor {
    /// `×15`, `÷1000`, `÷666.67`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let is_above = self.numerator >= self.denominator;
        let (sign, large, small) =
            if is_above { ('×', self.numerator, self.denominator) } else { ('÷', self.denominator, self.numerator) };
        match large % small {
            0 => write!(f, "{sign}{}", large / small),
            _ => write!(f, "{sign}{:.2}", large as f64 / small as f64),
        }
    }
}

/// The largest power of ten by which a figure is thought to be off without a unit that explains it.
const MOST_DECIMALS: u32 = 9;

/// Every factor by which figures of a dimension are off if a unit was mistaken: the ratios of its units, and powers of ten, since
/// a decimal point slips in any unit.
pub fn factors(dimension: Option<Dimension>) -> Vec<Factor> {
    let units = || ALL.iter().filter(|unit| Some(unit.dimension) == dimension).map(|unit| unit.numerator);
    let ratios = units().flat_map(|read| units().map(move |meant| Factor::new(read, meant)));
    let powers = (1..=MOST_DECIMALS).map(|power| 10_i64.pow(power));
    let powers = powers.flat_map(|power| [Factor::new(power, 1), Factor::new(1, power)]);
    let mut factors: Vec<Factor> =
        ratios.chain(powers).filter(|factor| factor.numerator != factor.denominator).collect();
    factors.sort_by(|a, b| a.log10().total_cmp(&b.log10()).then(a.cmp(b)));
    factors.dedup();
    factors
}

/// Two units that contradict one another, with what it would cost to take one for the other: `亿元 = 10000 × 万元`.
pub fn contrast(one: &Unit, other: &Unit) -> String {
    let times = |unit: &Unit, other: &Unit| i128::from(unit.numerator) * i128::from(other.denominator);
    let (large, small) = if times(one, other) >= times(other, one) { (one, other) } else { (other, one) };
    let (above, below) = (times(large, small), times(small, large));
    match large.dimension == small.dimension && above != below && above % below == 0 {
        true => format!("{} = {} × {}", large.name, above / below, small.name),
        false => format!("{} ≠ {}", one.name, other.name),
    }
}

/// Two units are stated for one value, and they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contradiction;

/// The unit of a value whose column and whose row may each state one; none if neither does. A column of rates (`增长(%)`) holds
/// rates whatever its rows are measured in.
///
/// # Errors
/// If they contradict one another.
pub fn agree(
    column: Option<&'static Unit>,
    row: Option<&'static Unit>,
) -> Result<Option<&'static Unit>, Contradiction> {
    match (column, row) {
        (Some(column), Some(row)) if column != row => {
            let rate = |unit: &Unit| matches!(unit.dimension, Dimension::Ratio | Dimension::Index);
            if rate(column) && !rate(row) {
                return Ok(Some(column));
            }
            finer(column, row).map(Some).ok_or(Contradiction)
        }
        (column, row) => Ok(column.or(row)),
    }
}

/// The one of two units that says what the other one leaves out: `元/人` beside `人均收入(元)`.
pub fn finer(one: &'static Unit, other: &'static Unit) -> Option<&'static Unit> {
    let says = |whole: &Unit, part: &Unit| whole.name.split_once('/').is_some_and(|(above, _)| above == part.name);
    if says(one, other) { Some(one) } else { says(other, one).then_some(other) }
}

/// Whether a folded unit is an English word, as the second line of a bilingual heading has it: `(unit)` under `(项)` means any unit.
pub fn is_english(folded: &str) -> bool {
    let letters = folded.trim_start_matches(|c: char| c.is_ascii_digit());
    letters.len() >= 4 && letters.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// Whether a cell of a column of units says that there is none: the label may say one all the same.
pub fn is_none(cell: &str) -> bool {
    const WORDS: [&str; 6] = ["无", "无单位", "无量纲", "none", "/", "-"];
    WORDS.contains(&bare(&text::key(cell)))
}

/// The units that a statement lists: `个，亿元`, `个.亿元`, `万元 (10 000 yuan)`; empty where one of them is not known.
pub fn parse_list(stated: &str) -> Vec<&'static Unit> {
    if let Some(unit) = known(stated) {
        return vec![unit];
    }
    let folded = text::key(stated);
    let pieces = bare(&folded).split([',', '，', '、', '.', ';', '；', '(', ')']).filter(|piece| !piece.is_empty());
    let units: Vec<Option<&'static Unit>> = pieces.map(known).collect();
    units.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// The one unit that statements over a table make together, by its usual name or as it is written where it is not known: of several the
/// one of amounts, where the others are for growth, shares and indices (`亿元、%`). None where there is none, or where they say several.
pub fn stated_once<'s>(mut statements: impl Iterator<Item = &'s str> + Clone) -> Option<&'s str> {
    let units = distinct(statements.clone());
    let first = statements.next()?;
    let mut amounts = units.iter().filter(|unit| !unit.is_rate());
    match (units.as_slice(), amounts.next(), amounts.next()) {
        ([], ..) => statements.next().is_none().then_some(first),
        ([unit], ..) => Some(if parse_list(first).is_empty() { first } else { unit.name }),
        (_, Some(amount), None) => Some(amount.name),
        _ => None,
    }
}

/// The unit for growth, shares or indices that statements over a table name beside the one of amounts; none where they name two.
pub fn stated_for_rates<'s>(statements: impl Iterator<Item = &'s str> + Clone) -> Option<&'static Unit> {
    let units = distinct(statements);
    let mut rates = units.iter().filter(|unit| unit.is_rate());
    rates.next().filter(|_| units.len() > 1 && rates.next().is_none()).copied()
}

/// The units that statements name, each once.
fn distinct<'s>(statements: impl Iterator<Item = &'s str>) -> Vec<&'static Unit> {
    let mut units: Vec<&'static Unit> = Vec::new();
    for unit in statements.flat_map(parse_list) {
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    units
}

/// Whether a cell is a unit, or a list of them, and nothing else.
pub fn is_stated_alone(cell: &str) -> bool {
    known(cell).is_some() || !parse_list(cell).is_empty()
}

/// Whether a cell of a column of units says that the one above holds again.
pub fn is_ditto(cell: &str) -> bool {
    ["〃", "″", "\"", "''", "同上", "”", "〞"].contains(&text::trim(cell))
}

/// Splits a label into its name and the unit in its brackets: `国内生产总值当季值(亿元)` into `国内生产总值当季值` and `亿元`.
///
/// The last bracket that holds a unit counts, wherever it stands; brackets that say something else stay in the name
/// (`人口数(人口抽样调查)(人)`, `综合能源消费量(吨标准煤)(当量值)`). A last bracket that only looks like a unit (`(万重量箱)`) is
/// given as one too, so that the caller can report it instead of taking it for a part of the name. The unit comes folded,
/// as [`parse`] reads it.
pub fn split_label(label: &str) -> (String, Option<String>) {
    let brackets = brackets(label);
    let known = brackets.iter().rev().find(|&&(from, to)| is_known(&label[from..to]));
    let chosen = known.or_else(|| brackets.last().filter(|&&(from, to)| looks_like_unit(&label[from..to])));
    let Some(&(from, to)) = chosen else { return (text::trim(label).to_owned(), None) };
    let behind = text::trim(&label[to..]);
    let name = [text::trim(&label[..from]), behind].concat();
    // 产值（万元）增长% is a growth of what is in 万元.
    if let Some(sign) = ["%", "‰"].into_iter().find(|sign| text::key(behind).ends_with(sign)) {
        return (name, Some(sign.to_owned()));
    }
    if Own::of(behind.trim_start_matches(['/', '、'])) == Some(Own::Rate) {
        return (text::trim(label).to_owned(), None);
    }
    (name, Some(bare(&text::key(&label[from..to])).to_owned()))
}

/// The name of a row and the unit that it states: in brackets, as [`split_label`] has it, or as the sign at its end.
pub fn split_name(label: &str) -> (String, Option<String>) {
    let (name, unit) = split_label(label);
    (name, unit.or_else(|| sign_at_end(label).map(str::to_owned)))
}

/// Whether a bracketed piece names a unit of the vocabulary. A bare number in brackets is a note mark, not a ratio.
fn is_known(bracketed: &str) -> bool {
    let folded = text::key(bracketed);
    let bare = bare(&folded);
    find(bare).is_some() && !bare.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a bracketed piece is written like a unit, although none of that name is known.
fn looks_like_unit(bracketed: &str) -> bool {
    let folded = text::key(bracketed);
    let bare = bare(&folded);
    let short = bare.chars().count() <= 8;
    let scaled = ["万", "亿", "千", "百万"].iter().any(|scale| bare.starts_with(scale));
    let stated = STATEMENTS.iter().any(|word| folded.trim_start_matches('(').starts_with(word));
    let index = bare.ends_with("=100");
    stated || index || (short && (scaled || bare.contains('/')))
}
