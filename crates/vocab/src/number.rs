//! Numbers as people write them in exports, read exactly: no value passes through a float.
//!
//! Nearly every cell is plain ASCII digits and takes the short way in [`parse`]; the other writings (full width,
//! thousands separators, brackets for negatives, percent signs, exponents) are folded into a small buffer on the
//! stack. Nothing is allocated on either way.

use super::text;
use super::unit::{self, Dimension, Unit};

/// What a cell of a number column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// A number.
    Value(Decimal),
    /// A symbol that stands for no value.
    Missing(Missing),
    /// A number that 64 bits cannot hold exactly.
    Inexact(Inexact),
    /// Anything else.
    NotANumber,
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// The cell is empty or blank.
    Blank,
    /// A symbol for "not available" or "none".
    Unavailable,
    /// A symbol for "less than half of the last digit": small, not missing in the strict sense.
    Small,
}

/// Why a number cannot be held exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Inexact {
    /// It has more decimals than the unit can hold.
    TooPrecise,
    /// It is too large.
    OutOfRange,
}

/// A sign written behind a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Suffix {
    /// None.
    None,
    /// `%` or `％`. The number is as written: `6.4%` is 6.4.
    Percent,
    /// `‰`.
    PerMille,
    /// A unit that the number format writes: the number is in it.
    Unit(&'static Unit),
    /// A power of ten that the number format writes as a word: `12.3万`.
    Word(i64),
    /// A power of ten by which the number format shows the figure divided, without a word.
    Hidden(i64),
    /// The number format contradicts itself: nobody can say what the figure is.
    Lost,
}

/// What stands between a number and what its format says of it, in the cells of workbooks: no person writes it.
pub const MARK: &str = "\u{2009}";

/// A number as written: `mantissa` / 10^`scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// All digits, with the sign.
    pub mantissa: i64,
    /// How many of them stand behind the point; at most [`MAX_SCALE`].
    pub scale: u8,
    /// A percent or per mille sign behind the number.
    pub suffix: Suffix,
    /// Whether a `*` followed, by which bureaus mark a footnote.
    pub starred: bool,
}

impl std::fmt::Display for Decimal {
    /// The plain decimal, with the zeros that were written.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = format!("{:0width$}", self.mantissa.unsigned_abs(), width = usize::from(self.scale) + 1);
        let (whole, part) = digits.split_at(digits.len() - usize::from(self.scale));
        let sign = if self.mantissa < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}{}{part}", if part.is_empty() { "" } else { "." })
    }
}

/// The most decimals a [`Decimal`] has. Beyond it no unit could hold the number anyway.
pub const MAX_SCALE: u8 = 18;

impl Decimal {
    /// `mantissa` / 10^`scale`, with no marks.
    pub const fn new(mantissa: i64, scale: u8) -> Self {
        Decimal { mantissa, scale, suffix: Suffix::None, starred: false }
    }
}

/// What a symbol in a number column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// No value is known, or there is none.
    Unavailable,
    /// A value below half of the last digit.
    Small,
    /// A true zero.
    Zero,
}

/// The symbols of a source and what they mean: yearbooks differ in whether `—` is a zero or a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbols {
    known: Vec<(String, Meaning)>,
    /// Bytes of the longest: nothing longer is one.
    longest: usize,
}

/// The symbols that mean "no value" unless a source says otherwise. A blank cell always does.
const UNAVAILABLE: [&str; 14] = ["-", "－", "—", "——", "--", "…", "……", "...", "..", "/", "N/A", "NA", "NULL", "#N/A"];

impl Default for Symbols {
    fn default() -> Self {
        let texts = UNAVAILABLE.into_iter().chain(["空"]);
        let longest = texts.clone().map(str::len).max().unwrap_or(0);
        Symbols { known: texts.map(|text| (text.to_owned(), Meaning::Unavailable)).collect(), longest }
    }
}

/// A symbol that cannot be declared, because it reads as a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SymbolIsNumber(pub String);

impl Symbols {
    /// The default symbols with one more, or with another meaning for one of them. Case does not count.
    ///
    /// # Errors
    /// If `symbol` reads as a number: a number must never mean something else.
    pub fn with(mut self, symbol: &str, meaning: Meaning) -> Result<Self, SymbolIsNumber> {
        let symbol = text::trim(symbol);
        if read(symbol).is_some() {
            return Err(SymbolIsNumber(symbol.to_owned()));
        }
        self.known.retain(|(known, _)| !known.eq_ignore_ascii_case(symbol));
        self.known.push((symbol.to_owned(), meaning));
        self.longest = self.longest.max(symbol.len());
        Ok(self)
    }

    /// What `trimmed` means, if it is a symbol.
    fn meaning(&self, trimmed: &str) -> Option<Meaning> {
        self.known.iter().find(|(known, _)| known.eq_ignore_ascii_case(trimmed)).map(|&(_, meaning)| meaning)
    }
}

/// Reads a cell of a number column.
#[inline]
pub fn parse(cell: &str, symbols: &Symbols) -> Cell {
    match plain(cell.as_bytes()) {
        Some(value) => Cell::Value(value),
        None => written(cell, symbols),
    }
}

/// Whether a cell holds a symbol that stands for no value: what [`parse`] says, without reading what else it may be.
#[inline]
pub fn is_missing(cell: &str, symbols: &Symbols) -> bool {
    let trimmed = text::trim(cell);
    let means = || matches!(symbols.meaning(trimmed), Some(Meaning::Unavailable | Meaning::Small));
    trimmed.len() <= symbols.longest && (trimmed.is_empty() || means())
}

/// The short way: an optional minus, ASCII digits, an optional point between digits; at most 18 characters, so that
/// the digits cannot overflow. Put into its caller: handed over in memory, the number would be waited for.
#[inline(always)]
fn plain(bytes: &[u8]) -> Option<Decimal> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    if let Some((mantissa, scale)) = at_once(digits) {
        return Some(Decimal::new(if negative { -mantissa } else { mantissa }, scale));
    }
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut mantissa = 0_i64;
    // One past the point, or zero while there is none: a point is never first.
    let mut fraction = 0_usize;
    for (index, &byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            mantissa = mantissa * 10 + i64::from(digit);
        } else if byte == b'.' && fraction == 0 && index > 0 && index + 1 < digits.len() {
            fraction = index + 1;
        } else {
            return None;
        }
    }
    let scale = if fraction == 0 { 0 } else { (digits.len() - fraction) as u8 };
    Some(Decimal::new(if negative { -mantissa } else { mantissa }, scale))
}

/// Four to eight characters taken as one word: most cells of a form are such numbers, and a loop over their digits
/// would end at another length for each of them, which no processor foresees.
#[inline]
fn at_once(digits: &[u8]) -> Option<(i64, u8)> {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    if digits.len() > 8 {
        return None;
    }
    let first = u64::from(u32::from_be_bytes(*digits.first_chunk()?));
    let last = u64::from(u32::from_be_bytes(*digits.last_chunk()?));
    // Both loads overlap where there are less than eight characters, and agree there.
    let unused = 8 * (8 - digits.len() as u32);
    let text = (first << (32 - unused)) | last;
    let mut values = text ^ (0x3030_3030_3030_3030 >> unused);
    let strange = (values | values.wrapping_add(0x7676_7676_7676_7676)) & HIGH_BITS;
    let mut scale = 0;
    if strange != 0 {
        // One point between digits is taken out; anything else is for the loop.
        let bits = strange.trailing_zeros() & !7;
        let is_point = values >> bits & 0xff == u64::from(b'.' ^ b'0');
        if !is_point || !strange.is_power_of_two() || bits == 0 || bits + unused == 56 {
            return None;
        }
        let fraction = values & ((1 << bits) - 1);
        values = (values >> bits >> 8 << bits) | fraction;
        scale = bits as u8 / 8;
    }
    // Neighbours are added up: digits to pairs, pairs to fours, fours to eight.
    let pairs = ((values >> 8) & 0x000f_000f_000f_000f) * 10 + (values & 0x000f_000f_000f_000f);
    let fours = ((pairs >> 16) & 0x0000_ffff_0000_ffff) * 100 + (pairs & 0x0000_ffff_0000_ffff);
    Some((((fours >> 32) * 10_000 + (fours & 0xffff_ffff)) as i64, scale))
}

/// The long way: symbols first, then every other writing of a number.
#[cold]
fn written(cell: &str, symbols: &Symbols) -> Cell {
    let trimmed = text::trim(cell);
    if trimmed.is_empty() {
        return Cell::Missing(Missing::Blank);
    }
    match symbols.meaning(trimmed) {
        Some(Meaning::Unavailable) => Cell::Missing(Missing::Unavailable),
        Some(Meaning::Small) => Cell::Missing(Missing::Small),
        Some(Meaning::Zero) => Cell::Value(Decimal::new(0, 0)),
        None => {
            let marked = trimmed.split_once(MARK).and_then(|(number, mark)| Some((number, Some(said(mark)?))));
            let points = || Some((trimmed.strip_suffix("百分点")?, Some(Suffix::Percent)));
            let points = || points().map(|(number, suffix)| (number.strip_suffix('个').unwrap_or(number), suffix));
            let (number, suffix) = marked.or_else(points).unwrap_or((trimmed, None));
            match read(number) {
                Some(Ok(value)) => Cell::Value(Decimal { suffix: suffix.unwrap_or(value.suffix), ..value }),
                Some(Err(inexact)) => Cell::Inexact(inexact),
                None => Cell::NotANumber,
            }
        }
    }
}

/// What the number format says behind [`MARK`].
fn said(mark: &str) -> Option<Suffix> {
    let hidden = || unit::power_named(mark.strip_prefix('(')?.strip_suffix(')')?).map(Suffix::Hidden);
    let word = || unit::power_named(mark).map(Suffix::Word);
    let named = || unit::known(mark).map(Suffix::Unit);
    if mark == "!" { Some(Suffix::Lost) } else { word().or_else(hidden).or_else(named) }
}

/// A number and its unit, which its own sign or its number format may say otherwise than its column: `8.3%` in a column of
/// plain ratios, 12.3 万 in a column of persons.
///
/// # Errors
/// The unit that the sign or the format means, if that is not the one of the column: `None` if nobody can say.
pub fn in_unit(value: Decimal, unit: &'static Unit) -> Result<(Decimal, &'static Unit), Option<&'static Unit>> {
    let sign = |name: &str| unit::known(name).ok_or(None);
    let power = unit::power_of(unit);
    let one = |factor: i64| unit::known(&format!("{}{}", unit::power_word(factor).unwrap_or_default(), unit.name));
    match value.suffix {
        Suffix::None => Ok((value, unit)),
        Suffix::Percent if unit.dimension == Dimension::Ratio && unit.name != "‰" => Ok((value, sign("%")?)),
        Suffix::PerMille if unit.dimension == Dimension::Ratio && unit.name != "%" => Ok((value, sign("‰")?)),
        Suffix::Percent => Err(Some(sign("%")?)),
        Suffix::PerMille => Err(Some(sign("‰")?)),
        Suffix::Unit(said) if said.is_worth(unit) => Ok((value, unit)),
        Suffix::Unit(said) => Err(Some(said)),
        // Shown in 万, and stated in 万元: the figure is the one that is seen.
        Suffix::Hidden(factor) if factor == power => Ok((value, unit)),
        Suffix::Word(factor) if power == 1 => Ok((value, one(factor).ok_or(None)?)),
        Suffix::Word(factor) | Suffix::Hidden(factor) => Err(one(factor)),
        Suffix::Lost => Err(None),
    }
}

/// The unit that a figure says itself, by its sign or its number format.
pub fn sign(cell: &str, symbols: &Symbols) -> Option<&'static Unit> {
    let Cell::Value(value) = parse(cell, symbols) else { return None };
    match value.suffix {
        Suffix::Percent => unit::known("%"),
        Suffix::PerMille => unit::known("‰"),
        Suffix::Unit(unit) => Some(unit),
        _ => None,
    }
}

/// The longest writing of a number that is looked at.
const LONGEST: usize = 48;

/// Reads a trimmed number in any writing; none if it is not one.
fn read(trimmed: &str) -> Option<Result<Decimal, Inexact>> {
    let mut buffer = [0_u8; LONGEST];
    let folded = fold(trimmed, &mut buffer)?;
    let (rest, starred) = strip_stars(folded);
    let (rest, outer) = strip_suffix(rest);
    let (negative, unsigned, inner) = match rest {
        // Accountants write negatives in brackets; a sign inside them would be a double negative.
        [b'(', inside @ .., b')'] => {
            let (unsigned, inner) = strip_suffix(inside);
            (true, unsigned, inner)
        }
        [b'-', unsigned @ ..] => (true, unsigned, Suffix::None),
        [b'+', unsigned @ ..] => (false, unsigned, Suffix::None),
        _ => (false, rest, Suffix::None),
    };
    let suffix = match (outer, inner) {
        (Suffix::None, suffix) | (suffix, Suffix::None) => suffix,
        _ => return None,
    };
    Some(magnitude(unsigned)?.map(|(mantissa, scale)| Decimal {
        mantissa: if negative { -mantissa } else { mantissa },
        scale,
        suffix,
        starred,
    }))
}

/// Byte that stands for `‰` in the folded text, where everything else is ASCII.
const PER_MILLE: u8 = 0x80;

/// Folds every accepted character into one ASCII byte; none at the first other one.
fn fold<'b>(trimmed: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b [u8]> {
    let mut length = 0;
    for c in trimmed.chars() {
        let byte = match text::half_width(c) {
            '\u{2212}' => b'-',
            '\u{a0}' | '\u{2009}' | '\u{202f}' => b' ',
            '\u{2019}' => b'\'',
            '‰' => PER_MILLE,
            half if half.is_ascii() => half as u8,
            _ => return None,
        };
        *buffer.get_mut(length)? = byte;
        length += 1;
    }
    buffer.get(..length)
}

/// Takes the footnote stars off the end.
fn strip_stars(mut bytes: &[u8]) -> (&[u8], bool) {
    let before = bytes.len();
    while let [rest @ .., b'*'] = bytes {
        bytes = rest;
    }
    (bytes.trim_ascii_end(), bytes.len() < before)
}

/// Takes a percent or per mille sign off the end.
fn strip_suffix(bytes: &[u8]) -> (&[u8], Suffix) {
    match bytes {
        [rest @ .., b'%'] => (rest.trim_ascii_end(), Suffix::Percent),
        [rest @ .., PER_MILLE] => (rest.trim_ascii_end(), Suffix::PerMille),
        _ => (bytes, Suffix::None),
    }
}

/// Reads an unsigned number: digits, perhaps grouped, a fraction, an exponent.
fn magnitude(unsigned: &[u8]) -> Option<Result<(i64, u8), Inexact>> {
    let mut parts = unsigned.splitn(2, |byte| byte.eq_ignore_ascii_case(&b'e'));
    let digits = parts.next()?;
    let exponent = match parts.next() {
        Some(text) => exponent(text)?,
        None => 0,
    };
    let mut parts = digits.splitn(2, |&byte| byte == b'.');
    let whole = parts.next()?;
    let fraction = match parts.next() {
        // A point with nothing behind it is a number that was cut off.
        Some(fraction) if !fraction.is_empty() && fraction.iter().all(u8::is_ascii_digit) => fraction,
        Some(_) => return None,
        None => &[],
    };
    // `.5` is how some statistics programs write 0.5.
    if !well_grouped(whole) && (fraction.is_empty() || !whole.is_empty()) {
        return None;
    }
    let digits = whole.iter().chain(fraction).filter(|&&byte| !matches!(byte, b',' | b' ' | b'\''));
    Some(settle(digits, fraction.len() as i32 - exponent))
}

/// Reads an exponent of at most three digits.
fn exponent(text: &[u8]) -> Option<i32> {
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        _ => (1, text),
    };
    if digits.is_empty() || digits.len() > 3 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(sign * digits.iter().fold(0, |value, &digit| value * 10 + i32::from(digit - b'0')))
}

/// Whether the whole part is digits only, or digits in groups of three with commas, blanks or apostrophes between: a comma elsewhere may be a
/// decimal comma, and a blank elsewhere a slip (`1 7`) or two cells run together.
fn well_grouped(whole: &[u8]) -> bool {
    let all_digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let between = [b' ', b'\''].into_iter().find(|mark| whole.contains(mark)).unwrap_or(b',');
    let mut groups = whole.split(|&byte| byte == between);
    let Some(first) = groups.next() else { return false };
    if !all_digits(first) {
        return false;
    }
    let grouped = first.len() < whole.len();
    (!grouped || (first.len() <= 3 && first.first() != Some(&b'0')))
        && groups.all(|group| group.len() == 3 && all_digits(group))
}

/// Brings digits and a scale of any size into a mantissa of 64 bits and a scale of at most [`MAX_SCALE`].
fn settle<'a>(digits: impl Iterator<Item = &'a u8>, mut scale: i32) -> Result<(i64, u8), Inexact> {
    let too_long = if scale >= LONGEST as i32 / 2 { Inexact::TooPrecise } else { Inexact::OutOfRange };
    let mut mantissa = 0_i128;
    for &digit in digits {
        mantissa =
            mantissa.checked_mul(10).and_then(|value| value.checked_add(i128::from(digit - b'0'))).ok_or(too_long)?;
    }
    if mantissa == 0 {
        return Ok((0, scale.clamp(0, i32::from(MAX_SCALE)) as u8));
    }
    while scale < 0 {
        mantissa = mantissa.checked_mul(10).ok_or(Inexact::OutOfRange)?;
        scale += 1;
    }
    let fits = |mantissa: i128, scale: i32| mantissa <= i128::from(i64::MAX) && scale <= i32::from(MAX_SCALE);
    while !fits(mantissa, scale) && scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    if fits(mantissa, scale) {
        return Ok((mantissa as i64, scale as u8));
    }
    let whole = 10_i128.checked_pow(scale as u32).map_or(0, |power| mantissa / power);
    Err(if whole > i128::from(i64::MAX) || scale == 0 { Inexact::OutOfRange } else { Inexact::TooPrecise })
}

/// Powers of ten up to the largest scale.
const POWERS: [i64; MAX_SCALE as usize + 1] = {
    let mut powers = [1_i64; MAX_SCALE as usize + 1];
    let mut scale = 1;
    while scale < powers.len() {
        powers[scale] = powers[scale - 1] * 10;
        scale += 1;
    }
    powers
};

/// The value in the canonical unit of `unit`'s dimension, exactly. The signs behind the number are not looked at:
/// whether a percent sign belongs there is for the caller to say.
///
/// # Errors
/// If the value is no whole number of canonical units, or too large for 64 bits.
#[inline]
pub fn to_canonical(value: Decimal, unit: &Unit) -> Result<i64, Inexact> {
    // Nearly always the unit has room for the decimals (千元 in fen: five), and one multiplication is all.
    if let Some(&factor) = unit.decimals.get(usize::from(value.scale))
        && factor != 0
    {
        return value.mantissa.checked_mul(factor).ok_or(Inexact::OutOfRange);
    }
    let Some(&power) = POWERS.get(usize::from(value.scale)) else { return Err(Inexact::TooPrecise) };
    let numerator = i128::from(value.mantissa) * i128::from(unit.numerator);
    let denominator = i128::from(power) * i128::from(unit.denominator);
    if numerator % denominator != 0 {
        return Err(Inexact::TooPrecise);
    }
    i64::try_from(numerator / denominator).map_err(|_| Inexact::OutOfRange)
}

/// Whether a cell reads as a number. Every cell of an export is asked, and nearly all need no second look: they are plain digits,
/// begin with a Chinese word, or hold a letter before [`MARK`] that no number has.
#[inline]
pub fn is_figure(cell: &str, symbols: &Symbols) -> bool {
    match cell.as_bytes() {
        // How the characters from U+4000 to U+9FFF begin.
        [] | [0xe4..=0xe9, ..] => false,
        bytes => is_plain(bytes) || is_written(cell, symbols),
    }
}

/// Whether a cell is what [`plain`] reads, or digits alone.
#[inline]
fn is_plain(bytes: &[u8]) -> bool {
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let mut has_point = false;
    for (index, &byte) in digits.iter().enumerate() {
        if byte == b'.' && !has_point && index > 0 && index + 1 < digits.len() {
            has_point = true;
        } else if !byte.is_ascii_digit() {
            return false;
        }
    }
    let is_short = (1..=18).contains(&digits.len());
    is_short || !has_point && digits.len() == bytes.len() && !digits.is_empty()
}

fn is_written(cell: &str, symbols: &Symbols) -> bool {
    let is_strange = |byte: &u8| byte.is_ascii_alphabetic() && !byte.eq_ignore_ascii_case(&b'e');
    let mut said = cell.as_bytes().iter().take_while(|byte| **byte != MARK.as_bytes()[0]);
    !said.any(is_strange) && matches!(written(cell, symbols), Cell::Value(_) | Cell::Inexact(_))
}
