//! What the cells of a column look like, by most of them and by the words over them.

use super::names::LONGEST_LABEL;
use super::why::Reason;
use super::words::{INDICATORS, TEXTS, is_excuse, is_plain_time, is_time};
use super::{axis, shape};
use read::grid::Grid;
use vocab::number::{self, Cell, Symbols};
use vocab::{codes, period, text, unit};

/// What the cells of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guess {
    /// Nothing stands in it.
    Empty,
    /// Numbers.
    Number,
    /// Codes of enterprises.
    UnitCode,
    /// Codes of four digits under a header that speaks of an industry.
    Industry,
    /// Codes of six digits that may be regions.
    Region,
    /// Days, months, quarters or years.
    Period,
    /// Text.
    Text,
}

impl Guess {
    /// The word of JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Guess::Empty => "empty",
            Guess::Number => "number",
            Guess::UnitCode => "unitcode",
            Guess::Industry => "industry",
            Guess::Region => "region",
            Guess::Period => "period",
            Guess::Text => "text",
        }
    }
}

/// Columns are judged by this many rows.
pub(super) const SAMPLE: usize = 200;

/// How the headings of codes end.
const CODE_WORDS: [&str; 5] = ["代码", "编码", "编号", "代号", "code"];

/// The heading of the codes of times in replies of the national site: `2018D`, `201812`.
const TIME_CODE: &str = "时间代码";

/// What most of the cells are, and what says so.
pub(super) fn guess(grid: &Grid, rows: &[usize], column: usize, labels: &[String]) -> (Guess, Reason) {
    let symbols = Symbols::default();
    let label = labels.concat();
    let (mut filled, mut numbers, mut words) = (0, 0, 0);
    let (mut unit_codes, mut industries, mut regions, mut periods) = (0, 0, 0, 0);
    for &row in rows.iter().take(SAMPLE) {
        let cell = text::trim(grid.cell(row, column));
        let cell = if cell.len() > LONGEST_LABEL { "…" } else { cell };
        match number::parse(cell, &symbols) {
            Cell::Missing(_) => continue,
            Cell::Value(_) | Cell::Inexact(_) => numbers += 1,
            _ => {}
        }
        filled += 1;
        words += usize::from(is_excuse(cell));
        unit_codes += usize::from(codes::unit_code(cell).is_ok());
        industries += usize::from(cell.len() == 4 && codes::industry(cell).is_ok());
        regions += usize::from(cell.len() == 6 && codes::region(cell).is_ok());
        periods +=
            usize::from(!matches!(period::parse(cell), Err(reason) if reason != period::Refusal::OneDigitAfterPoint));
    }
    if periods > 0 && periods < filled {
        // The first period of a year names it for the parts that follow.
        let cells = rows.iter().take(SAMPLE).map(|&row| text::trim(grid.cell(row, column)));
        periods += axis::years_over(cells).iter().flatten().count();
    }
    let most = |count: usize| filled > 0 && count * 10 >= filled * 9;
    let says = |words: &[&str]| words.iter().any(|word| label.contains(word));
    if filled == 0 {
        (Guess::Empty, Reason::NothingStands)
    } else if label == TIME_CODE {
        // Codes of times stand beside the times themselves.
        (Guess::Text, Reason::CodesByHeading)
    } else if most(unit_codes) {
        (Guess::UnitCode, Reason::MostCells)
    } else if most(regions) && says(&["区划", "地区", "行政", "代码"]) {
        (Guess::Region, Reason::CodesByHeading)
    } else if most(industries) && says(&["行业"]) {
        (Guess::Industry, Reason::CodesByHeading)
    } else if most(periods) && !most(numbers) {
        (Guess::Period, Reason::MostCells)
    } else if periods > 1 && periods * 2 > filled && labels.iter().any(|label| is_plain_time(label)) {
        // 年均增长 below the years is a row of none of them.
        (Guess::Period, Reason::TimesByHeading)
    } else if most(periods) && counts_time(grid, rows, column, labels) {
        (Guess::Period, Reason::TimesByHeading)
    } else if most(numbers) && CODE_WORDS.iter().any(|word| label.ends_with(word)) {
        // They name what stands in the rows, and no unit is to be asked for.
        (Guess::Text, Reason::CodesByHeading)
    } else if most(numbers) {
        (Guess::Number, Reason::MostCells)
    } else if numbers > 0 && numbers * 2 >= words && most(numbers + words) {
        (Guess::Number, Reason::FiguresAndExcuses)
    } else if numbers > 1 && numbers * 2 >= filled && !says(TEXTS) {
        // Among figures a text is a slip: its row is told, and the others count.
        (Guess::Number, Reason::FiguresAndTexts)
    } else {
        (Guess::Text, if most(filled - numbers) { Reason::MostCells } else { Reason::Mixed })
    }
}

/// Whether numbers that may be periods are: their heading says so and names no unit, or nothing stands over the first column
/// and they are a series.
fn counts_time(grid: &Grid, rows: &[usize], column: usize, labels: &[String]) -> bool {
    // Under a blank corner, and under the word for all that a row may be, years are years if they are a series.
    if labels.iter().all(|label| INDICATORS.contains(&text::key(label).as_str())) {
        let cells = rows.iter().map(|&row| text::trim(grid.cell(row, column)));
        return column == 0 && shape::are_series(cells.filter(|cell| !cell.is_empty()));
    }
    let measured = |label: &String| unit::split_label(label).1.is_some_and(|unit| unit::known(&unit).is_some());
    labels.iter().any(|label| is_time(label)) && !labels.iter().any(measured)
}
