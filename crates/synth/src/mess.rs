//! The harmless mess of real exports: other writings of the same value. And the symbols that stand for no value.

use super::codes::CreditCode;
use super::dice::Dice;
use super::write::{Cell, decimal};

/// Probability that a cell is written untidily.
const RATE: f64 = 0.004;
/// Last year whose files still carry organisation codes.
const OLD_KEYS_UNTIL: i32 = 2017;

/// How far untidiness may go: a trailing tab is at home in CSV only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Habit {
    /// Comma-separated: also tabs behind a value.
    Csv,
    /// Anything else.
    Other,
}

/// A number, rarely in full-width digits, with thousands separators or with blanks around it.
pub(super) fn number(dice: &mut Dice, habit: Habit, units: i64, places: u8) -> Cell {
    if !dice.chance(RATE) {
        return Cell::Number { units, places };
    }
    let plain = decimal(units, places);
    Cell::Text(match dice.below(3) {
        0 => full_width(&plain),
        1 => thousands(&plain),
        _ => padded(dice, habit, &plain),
    })
}

/// A text, rarely with blanks around it.
pub(super) fn text(dice: &mut Dice, habit: Habit, text: String) -> Cell {
    if dice.chance(RATE) { Cell::Text(padded(dice, habit, &text)) } else { Cell::Text(text) }
}

/// The key of an enterprise: its credit code, or in old files with probability `old` its organisation code.
pub(super) fn key(dice: &mut Dice, habit: Habit, code: CreditCode, year: i32, old: f64) -> Cell {
    let writing = match year <= OLD_KEYS_UNTIL && dice.chance(old) {
        false => code.text(),
        true if dice.chance(0.5) => code.unit(),
        true => code.unit_hyphenated(),
    };
    text(dice, habit, writing)
}

/// A four-digit class; a spreadsheet program took the leading zero of some.
pub(super) fn class(dice: &mut Dice, code: &str) -> Cell {
    match code.strip_prefix('0') {
        Some(rest) if dice.chance(0.25) => rest.into(),
        _ => code.into(),
    }
}

/// The value, or a symbol for none.
pub(super) fn optional(dice: &mut Dice, habit: Habit, units: Option<i64>, places: u8) -> Cell {
    match units {
        Some(units) => number(dice, habit, units, places),
        None => missing(dice),
    }
}

/// One of the symbols that stand for no value.
pub(super) fn missing(dice: &mut Dice) -> Cell {
    ["", "…", "—", "-"][dice.below(4)].into()
}

/// Text where a number must be: a letter for a zero, or a word before it.
pub(super) fn not_a_number(dice: &mut Dice, units: i64) -> Cell {
    let plain = units.to_string();
    Cell::Text(if plain.contains('0') && dice.chance(0.6) { plain.replace('0', "O") } else { format!("约{plain}") })
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|character| match character.to_digit(10) {
            Some(digit) => char::from_u32('０' as u32 + digit).unwrap_or(character),
            None => character,
        })
        .collect()
}

fn thousands(text: &str) -> String {
    let whole = text.find('.').unwrap_or(text.len());
    let digits = text[..whole].trim_start_matches('-');
    let mut grouped = text[..whole - digits.len()].to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + &text[whole..]
}

fn padded(dice: &mut Dice, habit: Habit, text: &str) -> String {
    match dice.below(if habit == Habit::Csv { 4 } else { 3 }) {
        0 => format!(" {text} "),
        1 => format!("\u{a0}{text}"),
        2 => format!("{text}\u{3000}"),
        _ => format!("{text}\t"),
    }
}
