//! One cell to one value, by the kind of its column.

use crate::config::source::Kind;
use crate::vocab::codes::{self, CodeError};
use crate::vocab::number::{self, Cell, Inexact, Suffix, Symbols};
use crate::vocab::rules::{self, Rule};
use crate::vocab::unit::{Dimension, Unit};
use crate::vocab::{Place, Problem, period, text};

/// A number in canonical units; none where a symbol says that there is none.
///
/// # Errors
/// The rule that the cell breaks.
pub fn number(cell: &str, symbols: &Symbols, unit: &Unit) -> Result<Option<i64>, &'static Rule> {
    let inexact = |inexact| match inexact {
        Inexact::TooPrecise => &rules::TOO_PRECISE,
        Inexact::OutOfRange => &rules::OUT_OF_RANGE,
    };
    match number::parse(cell, symbols) {
        // A percent sign behind an amount of money is another column's value.
        Cell::Value(decimal) if decimal.suffix != Suffix::None && unit.dimension != Dimension::Ratio => {
            Err(&rules::NOT_A_NUMBER)
        }
        Cell::Value(decimal) => number::to_canonical(decimal, unit).map(Some).map_err(inexact),
        Cell::Missing(_) => Ok(None),
        Cell::Inexact(reason) => Err(inexact(reason)),
        Cell::NotANumber => Err(&rules::NOT_A_NUMBER),
    }
}

/// The rule that a broken code breaks.
pub fn code_rule(error: CodeError) -> &'static Rule {
    match error {
        CodeError::CheckCharacter => &rules::CHECK_DIGIT,
        CodeError::Malformed => &rules::CODE_MALFORMED,
    }
}

/// The index of the quarter in which a date lies.
///
/// # Errors
/// The rule that the cell breaks.
pub fn date(cell: &str) -> Result<i64, &'static Rule> {
    period::parse(cell).map(|period| i64::from(period.quarter().index())).map_err(|_| &rules::DATE_UNREADABLE)
}

/// An industry class or division; says whether a leading zero was restored.
///
/// # Errors
/// The rule that the cell breaks.
pub fn industry(cell: &str) -> Result<codes::Industry, &'static Rule> {
    codes::industry(cell).map_err(code_rule)
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
