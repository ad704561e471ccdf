//! One cell to one value, by the kind of its column.

use config::source::Kind;
use vocab::codes::{self, CodeError};
use vocab::number::{self, Cell, Inexact, Suffix, Symbols};
use vocab::period::{self, Period, Quarter};
use vocab::rules::{self, Rule};
use vocab::unit::{self, Unit};
use vocab::{Place, Problem, computed, text};

/// A number in canonical units; none where a symbol says that there is none.
///
/// # Errors
/// The rule that the cell breaks.
pub fn number(cell: &str, symbols: &Symbols, unit: &'static Unit) -> Result<Option<i64>, &'static Rule> {
    match number::parse(cell, symbols) {
        Cell::Value(decimal) if decimal.suffix == Suffix::None => canonical(decimal, unit),
        Cell::Value(decimal) => match number::in_unit(decimal, unit) {
            Ok((decimal, unit)) => canonical(decimal, unit),
            // A percent sign behind an amount of money is another column's value.
            Err(_) if matches!(decimal.suffix, Suffix::Percent | Suffix::PerMille) => Err(&rules::NOT_A_NUMBER),
            Err(_) => Err(&rules::FORMAT_CONTRADICTS),
        },
        Cell::Missing(_) => Ok(None),
        Cell::Inexact(Inexact::OutOfRange) => Err(&rules::OUT_OF_RANGE),
        Cell::Inexact(Inexact::TooPrecise) => {
            computed::nearest_of_text(cell, unit).map(Some).ok_or(&rules::TOO_PRECISE)
        }
        Cell::NotANumber => Err(&rules::NOT_A_NUMBER),
    }
}

/// A number in canonical units: exactly, or rounded where a formula left more digits than anybody measured.
#[inline]
fn canonical(decimal: number::Decimal, unit: &Unit) -> Result<Option<i64>, &'static Rule> {
    match number::to_canonical(decimal, unit) {
        Ok(value) => Ok(Some(value)),
        Err(Inexact::OutOfRange) => Err(&rules::OUT_OF_RANGE),
        Err(Inexact::TooPrecise) => computed::nearest(decimal, unit).map(Some).ok_or(&rules::TOO_PRECISE),
    }
}

/// The finding for a cell of numbers: where its number format says another unit than `unit`, with what lies between them.
pub fn number_problem(
    rule: &'static Rule,
    place: &Place,
    cell: &str,
    unit: &'static Unit,
    confidential: bool,
) -> Problem {
    if rule != &rules::FORMAT_CONTRADICTS {
        return problem(rule, place, cell, confidential);
    }
    let problem = problem(rule, place, &cell.replace(number::MARK, " "), confidential);
    let Cell::Value(decimal) = number::parse(cell, &Symbols::default()) else { return problem };
    match number::in_unit(decimal, unit) {
        Err(Some(said)) => problem.expected([unit::contrast(said, unit)]),
        _ => problem.expected([unit.name]),
    }
}

/// The rule that a broken code breaks.
pub fn code_rule(error: CodeError) -> &'static Rule {
    match error {
        CodeError::CheckCharacter => &rules::CHECK_DIGIT,
        CodeError::Malformed => &rules::CODE_MALFORMED,
    }
}

/// The quarter in which a date lies.
///
/// # Errors
/// The rule that the cell breaks.
pub fn date(cell: &str) -> Result<Quarter, &'static Rule> {
    period::parse(cell).map(Period::quarter).map_err(|_| &rules::DATE_UNREADABLE)
}

/// An industry class or division; says whether a leading zero was restored.
///
/// # Errors
/// The rule that the cell breaks.
pub fn industry(cell: &str) -> Result<codes::Industry, &'static Rule> {
    codes::industry(cell).map_err(|error| match codes::industry_division(cell) {
        Some(_) => &rules::INDUSTRY_LEVEL,
        None => code_rule(error),
    })
}

/// The allowed word that the cell holds.
///
/// # Errors
/// The rule that the cell breaks.
pub fn choice<'a>(cell: &str, allowed: &'a [String]) -> Result<&'a str, &'static Rule> {
    if let Some(word) = allowed.iter().find(|word| *word == cell) {
        return Ok(word);
    }
    let key = text::key(cell);
    allowed.iter().find(|word| text::key(word) == key).map(String::as_str).ok_or(&rules::NOT_IN_LIST)
}

/// Whether a cell of a text-like column says nothing.
pub fn is_missing(cell: &str, symbols: &Symbols) -> bool {
    number::is_missing(cell, symbols)
}

/// The finding for a cell. What stood there is shown only where rows identify nobody.
pub fn problem(rule: &'static Rule, place: &Place, cell: &str, confidential: bool) -> Problem {
    let problem = Problem::new(rule, place.clone());
    if confidential { problem } else { problem.value(text::trim(cell)) }
}

/// What a kind of column would have taken, for messages.
pub fn expected(kind: &Kind) -> Vec<String> {
    match kind {
        Kind::Choice(words) => words.clone(),
        _ => Vec::new(),
    }
}
