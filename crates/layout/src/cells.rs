//! The data cells of a table, each with everything that is known of it.

use super::axis;
use super::found::{Discovery, FoundColumn, FoundRow};
use config::source::Across;
use vocab::number::{self, Cell, Suffix, Symbols};
use vocab::period::{self, Period};
use vocab::{text, unit};

/// One data cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataCell<'a> {
    /// Row in the sheet, counted from one.
    pub row: u32,
    /// Column in the sheet, counted from one.
    pub column: u32,
    /// The row it stands in.
    pub of_row: &'a FoundRow,
    /// The column it stands in.
    pub of_column: &'a FoundColumn,
    /// The cell as written.
    pub text: &'a str,
    /// Its number, as a decimal; none for texts and missing values.
    pub value: Option<String>,
    /// Whether it is blank or holds a symbol for a missing value.
    pub missing: bool,
    /// The unit of its number: of the column, of the row, or of the whole table. As the vocabulary names it where it is
    /// known, else as written.
    pub unit: Option<String>,
    /// The period its value is for.
    pub period: Option<Period>,
}

impl Discovery {
    /// The data cells, row by row; the labels of the rows are not among them.
    pub fn cells(&self) -> impl Iterator<Item = DataCell<'_>> {
        let columns: Vec<usize> = (0..self.columns.len()).filter(|&at| self.is_beside(at)).collect();
        let mut see = self.sight();
        self.rows.iter().flat_map(move |of_row| {
            let cells = columns.iter().map(|&at| (at, self.grid.cell(of_row.row, self.columns[at].column)));
            cells.map(|(at, written)| see(of_row, &self.columns[at], written)).collect::<Vec<_>>()
        })
    }

    /// Those of the data cells in which anything stands: as much work as there are such cells, however many rows and columns.
    pub fn filled_cells(&self) -> impl Iterator<Item = DataCell<'_>> {
        let mut see = self.sight();
        self.rows.iter().flat_map(move |of_row| {
            let cells = self.grid.row(of_row.row).filled().filter_map(|(column, written)| {
                let at = self.columns.binary_search_by_key(&column, |found| found.column).ok()?;
                self.is_beside(at).then(|| see(of_row, &self.columns[at], written))
            });
            cells.collect::<Vec<_>>()
        })
    }

    /// How many data cells there are, blank ones too.
    pub fn cell_count(&self) -> usize {
        self.rows.len() * (0..self.columns.len()).filter(|&at| self.is_beside(at)).count()
    }

    /// Whether a column holds data, and not the labels of the rows.
    fn is_beside(&self, at: usize) -> bool {
        Some(self.columns[at].column) != self.label_column
    }

    /// What makes a data cell of what is written in a row and a column.
    fn sight<'s>(&'s self) -> impl FnMut(&'s FoundRow, &'s FoundColumn, &'s str) -> DataCell<'s> {
        let symbols = Symbols::default();
        let stated = self.unit().map(named);
        let rates = self.unit_for_rates();
        let stated_period = self.stated_period();
        let is_twice = self.period_twice().is_some();
        move |of_row, of_column, written| {
            let read = number::parse(written, &symbols);
            let unit = unit_of(of_row, of_column).unwrap_or_else(|| {
                if of_column.may_be_in(stated.as_deref()) && of_row.may_be_in(stated.as_deref()) {
                    return stated.clone();
                }
                rates.filter(|_| of_column.may_be_rate(of_row.own)).map(|unit| unit.name.to_owned())
            });
            let (read, unit) = by_format(read, unit);
            DataCell {
                row: self.grid.row(of_row.row).number,
                column: self.grid.column_number(of_column.column),
                of_row,
                of_column,
                text: written,
                value: decimal(written, &read),
                missing: matches!(read, Cell::Missing(_)),
                unit: unit.filter(|_| !matches!(read, Cell::NotANumber)),
                period: match period_of(of_row, of_column) {
                    // Nobody knows which quarter a quarter's value in its second month is of.
                    Some(period) if value_stands(&read) && axis::is_off(period, of_column.frequency.as_deref()) => None,
                    // Nor of which year a figure is where its row and its column name different ones.
                    Some(period) if is_twice && of_row.period.is_some_and(|row| row.year() != period.year()) => None,
                    // One in the name of a row holds for it, unless the heading says another one.
                    None if of_row.bracketed.is_some() => of_row.bracketed,
                    Some(period) if of_row.bracketed.is_some_and(|own| own.last_day() != period.last_day()) => None,
                    // Of a row that names no period where the others do, what stands over the table is none.
                    // Nor of one that stands beside those whose headings are periods.
                    period => {
                        let is_over_all = self.periods_down.is_none() && self.across != Some(Across::Period);
                        of_column.time_of(period.or(stated_period.filter(|_| is_over_all)))
                    }
                },
            }
        }
    }
}

/// The unit that the row or the column of a cell says; nothing holds where they contradict one another, nor where the heading
/// ends in brackets with what may be a unit that is not known.
fn unit_of(row: &FoundRow, column: &FoundColumn) -> Option<Option<String>> {
    let (of_column, of_row) = (column.unit.as_deref(), row.unit.as_deref());
    let of_row = of_row.filter(|unit| of_column.is_some() || column.own_may_be_in(Some(unit)));
    match (of_column.map(unit::known), of_row.map(unit::known)) {
        (None, None) if row.unit.is_some() => Some(None),
        (None, None) => column.bracketed.then_some(None),
        (Some(Some(of_column)), Some(Some(of_row))) => {
            Some(unit::agree(Some(of_column), Some(of_row)).ok().flatten().map(|unit| unit.name.to_owned()))
        }
        _ => match (of_column.map(named), of_row.map(named)) {
            (Some(column), Some(row)) if column != row => Some(None),
            (column, row) => Some(column.or(row)),
        },
    }
}

/// A number and its unit, with what its sign or its number format says; no unit where that is another one.
fn by_format(read: Cell, unit: Option<String>) -> (Cell, Option<String>) {
    let Cell::Value(decimal) = read else { return (read, unit) };
    let said = match (decimal.suffix, unit.as_deref().and_then(unit::known)) {
        (Suffix::None, _) => return (read, unit),
        (_, Some(unit)) => number::in_unit(decimal, unit).ok(),
        (Suffix::Percent, None) => return (read, Some("%".to_owned())),
        (Suffix::PerMille, None) => return (read, Some("‰".to_owned())),
        (Suffix::Unit(unit), None) => Some((decimal, unit)),
        (_, None) => None,
    };
    said.map_or((read, None), |(decimal, unit)| (Cell::Value(decimal), Some(unit.name.to_owned())))
}

/// The usual name of a unit, or what is written where no unit has that name.
fn named(written: &str) -> String {
    unit::known(written).map_or_else(|| text::trim(written).to_owned(), |unit| unit.name.to_owned())
}

/// The number as a plain decimal: its digits, nothing added and nothing lost.
fn decimal(written: &str, read: &Cell) -> Option<String> {
    match read {
        Cell::Value(value) => Some(value.to_string()),
        // More digits than facts may hold: they stay as they are where they are written plainly.
        Cell::Inexact(_) => {
            let plain: String = text::trim(written).chars().map(text::half_width).filter(|&c| c != ',').collect();
            plain.parse::<f64>().is_ok_and(f64::is_finite).then_some(plain)
        }
        Cell::Missing(_) | Cell::NotANumber => None,
    }
}

/// The period of a cell: its column's and its row's, put together where each says a part.
fn period_of(row: &FoundRow, column: &FoundColumn) -> Option<Period> {
    if let (Some(Period::Year(year)), Some(part)) = (column.period, row.part.as_deref()) {
        return period::parse_in_year(part, year).ok().or(column.period);
    }
    let of_row = row.period.map(|period| axis::at_frequency(period, column.frequency.as_deref()));
    if let (None, Some(Period::Year(year))) = (column.period, of_row)
        && let Some(part) = axis::part_of_year(column.labels.iter().map(String::as_str))
        && let Ok(period) = period::parse_in_year(&part, year)
    {
        return Some(period);
    }
    column.period.or(of_row)
}

fn value_stands(read: &Cell) -> bool {
    matches!(read, Cell::Value(_) | Cell::Inexact(_))
}
