//! Industries of GB/T 4754 by edition: a code is looked up in the edition of the row's period, as finely as the register
//! knows that edition.

use std::collections::BTreeMap;

use super::findings::Findings;
use super::stay;
use read::grid::Grid;
use vocab::codes::{self, Industry};
use vocab::period::{Quarter, Span};
use vocab::{Place, Problem, rules};

/// Codes of two, three and four digits, and when each is valid.
#[derive(Debug, Default)]
pub struct Industries {
    /// By number of digits less two, and by code read as a number.
    valid: [Vec<Vec<Span>>; 3],
    /// When the register has codes of so many digits, by division.
    known: [Vec<Vec<Span>>; 3],
    /// Names of divisions, by code.
    divisions: BTreeMap<String, String>,
}

impl Industries {
    /// Reads the register, reporting every mistake. Its first column is the code.
    pub(super) fn read(file: &str, grid: &Grid, problems: &mut Findings) -> Industries {
        let mut industries = Industries {
            valid: [100, 1_000, 10_000].map(|codes| vec![Vec::new(); codes]),
            known: [100, 100, 100].map(|codes| vec![Vec::new(); codes]),
            divisions: BTreeMap::new(),
        };
        let header: Vec<&str> = if grid.is_empty() { Vec::new() } else { grid.row(0).cells().collect() };
        for row in (1..grid.len()).filter(|&row| !grid.row(row).is_blank()) {
            let place = Place::file(file).at_row(grid.row(row).number);
            let cell = grid.cell(row, 0);
            let Ok(industry) = codes::industry(cell) else {
                problems.push(Problem::new(&rules::CODE_MALFORMED, place.at_column(1)).value(cell));
                continue;
            };
            let mut limit = |name: &str| {
                let column = header.iter().position(|label| *label == name);
                let written = column.map_or("", |column| grid.cell(row, column));
                stay::limit(written).unwrap_or_else(|| {
                    problems.push(Problem::new(&rules::DATE_UNREADABLE, place.clone()).value(written));
                    None
                })
            };
            let stay = Span { from: limit("valid_from"), to: limit("valid_to") };
            industries.add(&industry, stay);
            if industry.as_str() == industry.division()
                && let Some(column) = header.iter().position(|label| *label == "industry_name")
            {
                let name = grid.cell(row, column).to_owned();
                industries.divisions.insert(industry.division().to_owned(), name);
            }
        }
        industries
    }

    fn add(&mut self, industry: &Industry, stay: Span) {
        let (digits, number, division) = parts(industry.as_str(), industry.division());
        if let Some(valid) = self.valid.get_mut(digits).and_then(|codes| codes.get_mut(number)) {
            valid.push(stay);
        }
        let known = self.known.get_mut(digits).and_then(|divisions| divisions.get_mut(division));
        if let Some(known) = known.filter(|known| !known.contains(&stay)) {
            known.push(stay);
        }
    }

    /// The name of a division, by its code of two digits.
    pub fn division(&self, code: &str) -> Option<&str> {
        self.divisions.get(code).map(String::as_str)
    }

    /// Whether the code is in the edition of the quarter; in any, where the quarter is not known. A code that is finer than
    /// what the register knows of that edition is judged by what it begins with.
    #[inline]
    pub fn has(&self, industry: &Industry, quarter: Option<Quarter>) -> bool {
        let (code, division) = (industry.as_str(), industry.division());
        let is_then = |stay: &Span| quarter.is_none_or(|quarter| stay.holds(quarter));
        let holds = |stays: Option<&Vec<Span>>| stays.is_some_and(|stays| stays.iter().any(is_then));
        for length in (2..=code.len()).rev() {
            let (digits, number, division) = parts(code.get(..length).unwrap_or(""), division);
            let valid = holds(self.valid.get(digits).and_then(|codes| codes.get(number)));
            // Without a quarter the edition is unknown, and the register may not know the classes of all of them.
            let decides = quarter.is_some() && holds(self.known.get(digits).and_then(|known| known.get(division)));
            if valid || decides {
                return valid;
            }
        }
        false
    }
}

/// The place of a code: digits less two, the code as a number, and its division as a number.
fn parts(code: &str, division: &str) -> (usize, usize, usize) {
    let number = |digits: &str| digits.bytes().fold(0, |number, digit| number * 10 + usize::from(digit - b'0'));
    (code.len().saturating_sub(2), number(code), number(division))
}
