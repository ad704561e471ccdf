//! Where every figure of a sheet went: a cell that reads as a number ends in exactly one place, so that none is lost unseen.

use serde::{Deserialize, Serialize};

use config::source::{Kind, Source};
use layout::{Bound, Table};
use read::grid::Grid;
use vocab::frame::Frame;
use vocab::number::{Symbols, is_figure};

/// Where every figure of a sheet went. The parts add up to `all`; a run that finds otherwise stops.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// All cells that read as a number.
    pub all: u64,
    /// Values of facts.
    pub facts: u64,
    /// Labels, codes and periods of rows.
    pub labels: u64,
    /// In header rows: periods, codes of items, numbers of columns.
    pub headings: u64,
    /// Over the table.
    pub preamble: u64,
    /// In notes under it.
    pub notes: u64,
    /// In columns that no declaration takes.
    pub ignored: u64,
    /// In parts of the file that do not hold the declared table.
    pub left_out: u64,
    /// In rows, or alone, set aside with a code.
    pub set_aside: u64,
}

impl Figures {
    /// Figures that went somewhere.
    pub fn accounted(self) -> u64 {
        let Figures { all: _, facts, labels, headings, preamble, notes, ignored, left_out, set_aside } = self;
        facts + labels + headings + preamble + notes + ignored + left_out + set_aside
    }

    /// Whether every figure is accounted for.
    pub fn close(self) -> bool {
        self.accounted() == self.all
    }

    /// The figures of two tables.
    #[must_use]
    pub fn plus(self, other: Figures) -> Figures {
        Figures {
            all: self.all + other.all,
            facts: self.facts + other.facts,
            labels: self.labels + other.labels,
            headings: self.headings + other.headings,
            preamble: self.preamble + other.preamble,
            notes: self.notes + other.notes,
            ignored: self.ignored + other.ignored,
            left_out: self.left_out + other.left_out,
            set_aside: self.set_aside + other.set_aside,
        }
    }

    /// A sheet that was refused: all its figures are set aside with it.
    pub fn refused(grid: &Grid) -> Figures {
        let all = all(grid);
        Figures { all, set_aside: all, ..Figures::default() }
    }

    /// A part of a file that is not used.
    pub fn left_out(grid: &Grid) -> Figures {
        let all = all(grid);
        Figures { all, left_out: all, ..Figures::default() }
    }
}

/// The figures of a table whose rows without a code in `bad` became `facts`. Every cell is asked once.
pub(super) fn count(grid: &Grid, table: &Table, source: &Source, bad: &[Vec<&str>], facts: &Frame) -> Figures {
    let symbols = Symbols::default();
    let mut figures = Figures::default();
    let mut of_body: Vec<Option<u64>> = vec![None; grid.len()];
    let roles = Roles::of(table, source);
    for (&row, codes) in table.body.iter().zip(bad) {
        let [mut values, mut labels, mut ignored] = [0; 3];
        for (column, _) in grid.row(row).filled().filter(|(_, cell)| is_figure(cell, &symbols)) {
            match roles.at(column) {
                Role::Value => values += 1,
                Role::Label => labels += 1,
                Role::Ignored => ignored += 1,
            }
        }
        of_body[row] = Some(values + labels + ignored);
        if codes.is_empty() {
            figures.facts += values;
            figures.labels += labels;
            figures.ignored += ignored;
        } else {
            figures.set_aside += values + labels + ignored;
        }
    }
    let in_row = |row: usize| of_body[row].unwrap_or_else(|| count_in(grid, row, &symbols));
    let in_rows = |rows: &mut dyn Iterator<Item = usize>| rows.map(in_row).sum::<u64>();
    figures.preamble = in_rows(&mut (0..table.header.start));
    figures.headings = in_rows(&mut table.header.clone().chain(table.repeated.iter().copied()));
    figures.notes = in_rows(&mut table.notes.iter().copied());
    // Of all rows of the sheet, so that a row in none of these parts, or in two, is found.
    let all = in_rows(&mut (0..grid.len()));
    let values = |name: &str| facts.ints(name).map_or(0, |values| values.iter().flatten().count() as u64);
    let bound = source.columns.iter().zip(&table.bound).filter(|(_, bound)| bound.column().is_some());
    let numbers = bound.filter(|(column, _)| column.kind == Kind::Number);
    // What stands across makes a fact of each value, beside which the row's own are repeated.
    let (across, times) = match table.across.len() as u64 {
        0 => (0, 1),
        times => (values(&source.value_name), times),
    };
    let stored = across + numbers.map(|(column, _)| values(&column.name)).sum::<u64>() / times;
    // A value that was set aside alone is none of the facts; one that only this column reads as a number is.
    let alone = figures.facts.saturating_sub(stored);
    figures.all = all + stored.saturating_sub(figures.facts);
    figures.facts = stored;
    figures.set_aside += alone;
    figures
}

/// What the cells of a column are in a row of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Value,
    Label,
    Ignored,
}

/// The roles of the columns of a table.
struct Roles(Vec<Role>);

impl Roles {
    fn of(table: &Table, source: &Source) -> Roles {
        let mut roles = Vec::new();
        let mut set = |column: usize, role: Role| {
            if roles.len() <= column {
                roles.resize(column + 1, Role::Ignored);
            }
            roles[column] = role;
        };
        for (column, bound) in source.columns.iter().zip(&table.bound) {
            if let Bound::Column { index, .. } = bound {
                set(*index, if column.kind == Kind::Number { Role::Value } else { Role::Label });
            }
        }
        table.part_of_year.iter().for_each(|(column, _)| set(*column, Role::Label));
        table.across.iter().for_each(|across| set(across.column, Role::Value));
        Roles(roles)
    }

    fn at(&self, column: usize) -> Role {
        self.0.get(column).copied().unwrap_or(Role::Ignored)
    }
}

fn all(grid: &Grid) -> u64 {
    let symbols = Symbols::default();
    (0..grid.len()).map(|row| count_in(grid, row, &symbols)).sum()
}

fn count_in(grid: &Grid, row: usize, symbols: &Symbols) -> u64 {
    grid.row(row).filled().filter(|(_, cell)| is_figure(cell, symbols)).count() as u64
}
