//! What was found in a table without a declaration, what may be asked of it, and what is doubtful in it.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::axis;
use super::guess::Guess;
use super::preamble::PreambleEntry;
use super::why::{Because, Decision, Ground, Reason};
use config::source::Across;
use read::grid::Grid;
use vocab::number::{self, Cell, Symbols};
use vocab::period::{self, Period};
use vocab::relative::Relative;
use vocab::unit::{self, Own, Unit};
use vocab::{Place, Problem, rules};

/// What was found in one table. What is not certain is left open, with a problem that says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovery {
    /// The table's part of its sheet.
    pub grid: Grid,
    /// The title.
    pub caption: Option<String>,
    /// The `key：value` lines.
    pub preamble: Vec<PreambleEntry>,
    /// The units stated over the table, as written.
    pub units: Vec<String>,
    /// The period stated over the table, as written.
    pub period: Option<String>,
    /// A time stated over it that is no period, where nothing else says one.
    pub unread: Option<String>,
    /// The header rows; empty where none was found.
    pub header: Range<usize>,
    /// The column that names the rows; none where each column holds figures of its own heading.
    pub label_column: Option<usize>,
    /// The columns that it takes to tell the rows apart by name, that one first.
    pub names: Vec<usize>,
    /// The rows of data.
    pub rows: Vec<FoundRow>,
    /// How many rows of notes there are.
    pub notes: usize,
    /// The columns, from left to right; those without header and values are left out.
    pub columns: Vec<FoundColumn>,
    /// Whether periods or indicators stand across.
    pub across: Option<Across>,
    /// The column whose rows are periods, if time runs down.
    pub periods_down: Option<usize>,
    /// The column that holds the unit of each row.
    pub unit_column: Option<usize>,
    /// What is doubtful.
    pub problems: Vec<Problem>,
    /// Why the table as a whole is read as it is.
    pub(super) because: Vec<Because>,
}

/// One row of data that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRow {
    /// The row of the table's grid, counted from zero.
    pub row: usize,
    /// Its label as written; rows that say the same share it.
    pub label: Arc<str>,
    /// The label of the row that this one is a part of: by its indentation, by `#` or by 其中.
    pub parent: Option<Arc<str>>,
    /// What the separating row above says: `地区：河南省`.
    pub group: Option<Arc<str>>,
    /// The period that its label, or its cell in the column of periods, names.
    pub period: Option<Period>,
    /// The part of the year that it names, where years stand over the columns.
    pub part: Option<Arc<str>>,
    /// The period in the brackets of its label, where one stands over the table: `固定资产投资（1-4月）`.
    pub bracketed: Option<Period>,
    /// The unit in its label or in its unit column, as written.
    pub unit: Option<Arc<str>>,
    /// What its figures are by the words of its label, where nothing in it states a unit.
    pub own: Option<Own>,
}

impl FoundRow {
    /// Whether the unit that is stated over the table may hold for it.
    pub fn may_be_in(&self, stated: Option<&str>) -> bool {
        let may_be = |own: Own| stated.and_then(unit::known).is_some_and(|unit| own.may_be_in(unit));
        self.own.filter(|_| self.unit.is_none()).is_none_or(may_be)
    }
}

/// One column that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundColumn {
    /// The column of the table's grid, counted from zero.
    pub column: usize,
    /// Its labels from top to bottom.
    pub labels: Vec<String>,
    /// Its heading as one text, in Chinese where it is bilingual.
    pub title: String,
    /// The period its labels name.
    pub period: Option<Period>,
    /// The time that its labels name by that of the table.
    pub relative: Option<Relative>,
    /// The unit in its labels, normalised.
    pub unit: Option<String>,
    /// Whether its heading ends in brackets that may hold a unit which is not known.
    pub bracketed: bool,
    /// What its figures are by the words of its heading, where that states no unit.
    pub own: Option<Own>,
    /// How often its values are surveyed, where a header row says it.
    pub frequency: Option<String>,
    /// What its cells look like.
    pub guess: Guess,
    /// Why they look like that.
    pub(super) guessed_by: Reason,
    /// What says its unit.
    pub(super) unit_by: Option<Reason>,
    /// What says its period.
    pub(super) period_by: Option<Reason>,
}

impl FoundColumn {
    /// Whether the unit that is stated over the table may hold for it.
    pub fn may_be_in(&self, stated: Option<&str>) -> bool {
        !self.bracketed && self.own_may_be_in(stated)
    }

    /// The time of a figure, where that of the table or of its row is `period`.
    pub(super) fn time_of(&self, period: Option<Period>) -> Option<Period> {
        match self.relative {
            Some(relative) => relative.within(period?),
            None => period,
        }
    }

    /// Whether it is of a time that is over before that of the table.
    pub fn is_of_earlier(&self) -> bool {
        self.relative == Some(Relative::Earlier)
    }

    /// Whether its figures are rates by its heading and by a row whose words say this of them.
    pub(super) fn may_be_rate(&self, of_row: Option<Own>) -> bool {
        !self.bracketed && Own::are_rates(self.own, of_row)
    }

    /// Whether the words of its heading allow this unit; none is no unit for it either way.
    pub fn own_may_be_in(&self, unit: Option<&str>) -> bool {
        self.own.is_none_or(|own| unit.and_then(unit::known).is_some_and(|unit| own.may_be_in(unit)))
    }
}

impl Discovery {
    /// Every decision of the reading with its reason: first of the table, then of each column. `place` names the file and the sheet.
    pub fn why(&self, place: &Place) -> Vec<Because> {
        let mut all = self.because.clone();
        if self.columns.iter().any(|column| column.guess == Guess::UnitCode) {
            // Names and figures of enterprises are for those who ask for cells.
            let of_rows = |because: &&mut Because| matches!(because.decision, Decision::Rows | Decision::Header);
            all.iter_mut().filter(of_rows).for_each(|because| because.text.clear());
        }
        let stated = self.unit();
        let rows_say = self.rows.iter().find_map(|row| row.unit.as_deref());
        for column in &self.columns {
            let because = |decision: Decision, decided: String, reason: Reason| Because {
                decision,
                decided,
                reason,
                place: place
                    .at_row(self.grid.row(self.header.start).number)
                    .at_column(self.grid.column_number(column.column)),
                text: column.title.clone(),
            };
            all.push(because(Decision::Kind, column.guess.as_str().to_owned(), column.guessed_by));
            if let Some((period, reason)) = column.period.zip(column.period_by) {
                all.push(because(Decision::Period, period.to_string(), reason));
            }
            if column.guess != Guess::Number || Some(column.column) == self.label_column {
                continue;
            }
            let of_table = || {
                let unit = self.unit_for(column)?;
                Some((unit, if Some(unit) == stated { Reason::OverTable } else { Reason::BesideOverTable }))
            };
            let of_rows =
                || rows_say.filter(|unit| column.own_may_be_in(Some(unit))).map(|unit| (unit, Reason::InRows));
            let said = column.unit.as_deref().zip(column.unit_by).or_else(of_rows).or_else(of_table);
            let (unit, reason) = said.unwrap_or(match (stated, column.bracketed) {
                (_, true) => ("", Reason::UnknownBrackets),
                (Some(_), false) => ("", Reason::HeadingDiffers),
                (None, false) => ("", Reason::Nowhere),
            });
            all.push(because(Decision::Unit, unit.to_owned(), reason));
        }
        all
    }

    /// The number of the row under the header that may as well be one of its rows.
    pub fn heading_or_data(&self) -> Option<u32> {
        self.because.iter().find(|because| because.reason == Reason::HeadingOrData)?.place.row
    }

    /// Takes down where the periods stand, and what says so.
    pub(super) fn tell_time(&mut self, down: Option<Reason>, place: &Place) {
        let header = self.header.start;
        let of_columns = || self.columns.iter().find(|column| column.period.is_some()).map(|column| column.column);
        let (ground, decided) = match (self.across, self.periods_down.zip(down)) {
            (Some(Across::Period), _) => {
                (Ground { reason: Reason::PeriodsAcross, at: of_columns().map(|c| (header, c)) }, "across")
            }
            (_, Some((column, reason))) => (Ground::at(reason, header, column), "down"),
            (_, None) if self.period.is_some() => (Ground::new(Reason::PeriodOverTable), "over"),
            (_, None) => (Ground::new(Reason::NoPeriod), ""),
        };
        let because = ground.because(Decision::Time, decided.to_owned(), &self.grid, place);
        self.because.push(because);
    }

    /// The one unit that is stated over the table; none if there is none, or several.
    pub fn unit(&self) -> Option<&str> {
        unit::stated_once(self.units.iter().map(String::as_str))
    }

    /// The unit for rates that is stated beside the one of amounts.
    pub fn unit_for_rates(&self) -> Option<&'static Unit> {
        unit::stated_for_rates(self.units.iter().map(String::as_str))
    }

    /// The unit over the table that is for a column, by the words of its heading.
    pub fn unit_for(&self, column: &FoundColumn) -> Option<&str> {
        let of_rates = || self.unit_for_rates().filter(|_| column.may_be_rate(None)).map(|unit| unit.name);
        self.unit().filter(|unit| column.may_be_in(Some(unit))).or_else(of_rates)
    }

    /// The period that holds for the whole table, if it states one.
    pub fn stated_period(&self) -> Option<Period> {
        period::parse(self.period.as_deref()?).ok()
    }

    /// The row whose period contradicts one that stands over the columns, if there is one.
    pub fn period_twice(&self) -> Option<u32> {
        let row = self.contradicted_row()?;
        Some(self.grid.row(row).number)
    }

    fn contradicted_row(&self) -> Option<usize> {
        let down = self.rows.iter().filter_map(|row| Some((row.row, row.period?)));
        let of_columns = self.columns.iter().filter(|column| column.guess == Guess::Number);
        let of_columns = of_columns.filter_map(|column| column.period);
        axis::contradicted(down, of_columns).filter(|_| self.across == Some(Across::Period))
    }

    /// Reports periods down the rows beside other ones across.
    fn doubt_periods(&mut self, place: &Place) {
        if let (Some(row), Some(column)) = (self.contradicted_row(), self.periods_down) {
            self.problems.push(axis::either_period(&self.grid, (row, column), place));
        }
    }

    /// Reports values of quarterly and yearly series that stand at a month which ends no quarter or year: the first of each
    /// column, and how many there are.
    fn doubt_frequencies(&mut self, place: &Place) {
        let symbols = Symbols::default();
        let mut problems = Vec::new();
        for column in self.columns.iter().filter(|column| column.frequency.is_some()) {
            let is_off =
                |row: &&FoundRow| row.period.is_some_and(|period| axis::is_off(period, column.frequency.as_deref()));
            let is_value = |row: &&FoundRow| {
                matches!(
                    number::parse(self.grid.cell(row.row, column.column), &symbols),
                    Cell::Value(_) | Cell::Inexact(_)
                )
            };
            let mut off = self.rows.iter().filter(is_off).filter(is_value);
            if let Some(first) = off.next() {
                let place =
                    place.at_row(self.grid.row(first.row).number).at_column(self.grid.column_number(column.column));
                let found = format!("{} ×{}", column.title, 1 + off.count());
                problems.push(Problem::new(&rules::PERIOD_OFF_FREQUENCY, place).value(found));
            }
        }
        self.problems.append(&mut problems);
    }

    /// Reports what two places of the table say differently.
    pub(super) fn doubt(&mut self, place: &Place) {
        self.doubt_units(place);
        self.doubt_periods(place);
        self.doubt_frequencies(place);
    }

    /// Reports units over the table of which nobody can say which column they are for, and units of a row and a column
    /// that contradict one another.
    fn doubt_units(&mut self, place: &Place) {
        let numbers = || {
            self.columns
                .iter()
                .filter(|column| column.guess == Guess::Number && Some(column.column) != self.label_column)
        };
        let mut problems = Vec::new();
        let by_row = self.rows.iter().any(|row| row.unit.is_some());
        if !self.units.is_empty() && self.unit().is_none() && !by_row && numbers().any(|column| column.unit.is_none()) {
            let at = self.header.start.saturating_sub(1).min(self.grid.len().saturating_sub(1));
            let row = if self.grid.is_empty() { 1 } else { self.grid.row(at).number };
            problems.push(Problem::new(&rules::UNIT_CHANGES, place.at_row(row)).value(self.units.join(", ")));
        }
        // The first row of each unit that rows have: they are few, however many rows there are.
        let mut of_rows: Vec<(&'static Unit, usize)> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        for (unit, row) in self.rows.iter().filter_map(|row| Some((row.unit.as_deref()?, row.row))) {
            if known.insert(unit) {
                of_rows.extend(unit::known(unit).map(|unit| (unit, row)));
            }
        }
        for column in numbers() {
            let Some(of_column) = column.unit.as_deref().and_then(unit::known) else { continue };
            let differs = |(of_row, _): &&(&'static Unit, usize)| unit::agree(Some(of_column), Some(of_row)).is_err();
            if let Some(&(of_row, row)) = of_rows.iter().find(differs) {
                let place = place.at_row(self.grid.row(row).number).at_column(self.grid.column_number(column.column));
                let problem = Problem::new(&rules::UNITS_CONTRADICT, place).value(unit::contrast(of_row, of_column));
                problems.push(problem.expected([of_column.name]));
            }
        }
        // The unit over the table is that of no column: one of the two is wrong.
        let of_columns: Vec<Option<&Unit>> =
            numbers().map(|column| column.unit.as_deref().and_then(unit::known)).collect();
        if let (Some(stated), Some(Some(first))) = (self.unit().and_then(unit::known), of_columns.first())
            && of_columns.iter().all(|of| of.is_some_and(|of| of != stated && of.dimension == stated.dimension))
        {
            let row = self.grid.row(self.header.start.saturating_sub(1)).number;
            let problem = Problem::new(&rules::UNITS_CONTRADICT, place.at_row(row));
            problems.push(problem.value(unit::contrast(stated, first)).expected([first.name]));
        }
        self.problems.append(&mut problems);
    }
}
