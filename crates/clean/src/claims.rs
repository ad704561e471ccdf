//! What a file claims of all its rows: period, vintage and units. Claims that contradict each other are never settled by
//! a guess.

use super::file_name::{is_between, period_by_name};
use super::findings::Findings;
use super::issue::{self, Issued};
use config::source::{Column, Kind, PeriodFrom, Source};
use layout::{AcrossColumn, Bound, Meaning, Table};
use read::grid::Row;
use vocab::number::Symbols;
use vocab::period::{self, Date, Period, Quarter};
use vocab::unit::{self, Own, Unit};
use vocab::{Place, Problem, Said, rules, text};

/// What says the unit of values that stand across, apart from their columns and rows.
#[derive(Debug, Clone, Copy)]
enum UnitFrom {
    /// The definition.
    Declared(&'static Unit),
    /// A line over the table.
    Stated(&'static Unit),
    /// Nothing.
    Nowhere,
}

/// What a row says of the unit of its values.
#[derive(Debug, Clone, Copy, Default)]
pub struct RowUnits<'r> {
    /// In its label.
    pub label: Option<&'r str>,
    /// In its column of units.
    pub beside: Option<&'static Unit>,
    /// What its figures are by the words of its label, where that states no unit.
    pub own: Option<Own>,
}

/// What a row says of its values.
#[derive(Debug, Clone, Copy)]
pub struct OfRow {
    unit: Option<&'static Unit>,
    /// Whether the unit stands in the column of units.
    is_beside: bool,
    /// What they are, where nothing in the row states a unit.
    own: Option<Own>,
}

/// The settled claims of a table.
#[derive(Debug)]
pub struct Claims<'a> {
    source: &'a Source,
    /// The quarter of all rows, where the file says it.
    pub quarter: Option<Quarter>,
    /// When it was issued.
    pub issued: Option<Issued>,
    /// The unit of each declared column; none for columns without numbers, and where only the rows say it.
    pub units: Vec<Option<&'static Unit>>,
    /// What is wrong with the unit of each declared column: its values are not used, those of the others are.
    pub open: Vec<Option<Problem>>,
    /// The unit over the table.
    pub stated: Option<&'static Unit>,
    value_unit: UnitFrom,
    /// The unit for rates that stands over the table beside the one of amounts.
    stated_rate: Option<&'static Unit>,
    /// What is stated over the table and is no unit that is known, as it is written.
    written: Option<&'a str>,
    /// What there is to say where several are stated.
    several: Option<&'a Problem>,
    /// What the heading of each column that stands across says of its unit, or the definition says of the heading.
    of_headings: Vec<Result<Option<&'static Unit>, Problem>>,
    symbols: Symbols,
    /// Cells a row must have for every column in use.
    needed: usize,
}

impl<'a> Claims<'a> {
    /// Settles period and units.
    ///
    /// # Errors
    /// Every contradiction and every gap: nothing in the file can then be used.
    pub fn settle(
        table: &'a Table,
        source: &'a Source,
        place: &Place,
        received: Option<Date>,
        findings: &mut Findings,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let issued = issue::issued(table, source, place, received, findings);
        let quarter = match source.period {
            PeriodFrom::Caption => quarter(table, place, &mut problems),
            PeriodFrom::Rows | PeriodFrom::None => None,
        };
        let stated = table.stated_unit.as_ref().and_then(|(label, _)| unit::known(label));
        let (units, open) = column_units(table, source, stated, place, &mut problems);
        let declared = source.value_unit.as_deref().and_then(unit::known);
        if let (Some(declared), Some((stated, place))) =
            (declared, stated.zip(table.stated_unit.as_ref().map(|(_, at)| at)))
            && declared != stated
            && table.across.iter().any(|across| across.unit.is_none())
        {
            let problem = Problem::new(&rules::UNIT_DIFFERS, place.clone()).value(unit::contrast(stated, declared));
            problems.push(problem.expected([declared.name]));
        }
        if let Some(problem) = nowhere_in_use(table) {
            problems.push(problem);
        }
        let value_unit = match declared {
            Some(unit) => UnitFrom::Declared(unit),
            None => stated.map_or(UnitFrom::Nowhere, UnitFrom::Stated),
        };
        let bound = table.bound.iter().filter_map(Bound::column);
        let across = table.across.iter().map(|across| across.column);
        let needed = bound.chain(across).max().map_or(0, |last| last + 1);
        if problems.is_empty() {
            let heading = |across| of_heading(across, source, &place.at_column(table.column_number(across.column)));
            let of_headings = table.across.iter().map(heading).collect();
            let written = table.stated_unit.as_ref().map(|(label, _)| label.as_str());
            let symbols = source.symbols();
            let several = table.units_differ.as_ref();
            Ok(Claims {
                source,
                quarter,
                issued,
                units,
                open,
                stated,
                value_unit,
                stated_rate: table.stated_rate,
                written,
                several,
                of_headings,
                symbols,
                needed,
            })
        } else {
            Err(problems)
        }
    }

    /// Symbols that mean "missing" in this source.
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// Whether a row of delimited text ends before the last column in use, or says something beyond the header, which is
    /// `width` cells wide: `30,542` without quotes moves every cell after it. Sheets leave out blank cells at the end.
    pub fn is_ragged(&self, row: Row<'_>, width: usize) -> bool {
        row.len() < self.needed || (width..row.len()).any(|column| !text::trim(row.cell(column)).is_empty())
    }

    /// The name an indicator gets in the facts.
    pub fn series_name<'n>(&'n self, label: &'n str) -> &'n str {
        let found = self.source.series.iter().find(|(from, _)| text::key(from) == text::key(label));
        found.map_or(label, |(_, to)| to)
    }

    /// What the heading of the column at `index` among those that stand across says of its unit.
    ///
    /// # Errors
    /// When it says something that is no unit, or another one than the definition: then it is so for every row.
    pub fn of_heading(&self, index: usize) -> Result<Option<&'static Unit>, &Problem> {
        self.of_headings.get(index).map_or(Ok(None), |said| said.as_ref().copied())
    }

    /// What a row says of the unit of its values.
    ///
    /// # Errors
    /// When it is not a unit, or when its label and the column of units contradict one another.
    pub fn of_row(&self, row: RowUnits<'_>, place: &Place) -> Result<OfRow, Problem> {
        let known = |label: &str| unit::known(label).ok_or_else(|| unknown_unit(label, place));
        let unit = match (row.label.map(known).transpose()?, row.beside) {
            (Some(label), Some(beside)) if label != beside => {
                Some(unit::finer(label, beside).ok_or_else(|| contradiction(label, beside, place))?)
            }
            (label, beside) => beside.or(label),
        };
        Ok(OfRow { unit, is_beside: row.beside.is_some(), own: row.own.filter(|_| unit.is_none()) })
    }

    /// The unit of a value that stands across: said by its column, by its row, by the definition, or by the file. What stands
    /// over the table holds in general; what a column or a row says of itself is no contradiction to that.
    ///
    /// # Errors
    /// When nothing says it for this column, or when two contradict one another.
    pub fn across_unit(
        &self,
        across: &AcrossColumn,
        column: Option<&'static Unit>,
        row: OfRow,
        place: &Place,
    ) -> Result<&'static Unit, Problem> {
        // A column of growth among rows of money is not in money, whatever is stated for others; nor is a row of it.
        let of_column = |unit: &Unit| column.is_some() || across.own.is_none_or(|own| own.may_be_in(unit));
        let suits = |unit: &Unit| of_column(unit) && row.own.is_none_or(|own| own.may_be_in(unit));
        if row.unit.is_some_and(|unit| !of_column(unit)) {
            return Err(self.unit_missing(across, place));
        }
        let said = match (column, row.unit) {
            (Some(column), Some(unit)) => {
                let said = unit::agree(Some(column), Some(unit));
                said.map_err(|unit::Contradiction| contradiction(unit, column, place))?
            }
            (column, unit) => column.or(unit),
        };
        match (said, self.value_unit) {
            // The definition speaks for all values: a column of units must not say otherwise.
            (Some(unit), UnitFrom::Declared(declared))
                if row.is_beside
                    && row.unit == Some(unit)
                    && unit != declared
                    && unit.dimension == declared.dimension =>
            {
                Err(contradiction(unit, declared, place))
            }
            (Some(unit), _) => Ok(unit),
            (None, UnitFrom::Declared(unit)) if suits(unit) => Ok(unit),
            (None, UnitFrom::Stated(unit)) if !across.bracketed && suits(unit) => Ok(unit),
            (None, UnitFrom::Declared(_) | UnitFrom::Stated(_) | UnitFrom::Nowhere) => {
                let is_rate = !across.bracketed && Own::are_rates(across.own, row.own);
                self.stated_rate.filter(|_| is_rate).ok_or_else(|| self.unit_missing(across, place))
            }
        }
    }

    /// Nobody says the unit of a column; or a unit is stated, and the column's own heading says that it is not for it.
    fn unit_missing(&self, across: &AcrossColumn, place: &Place) -> Problem {
        let problem = |rule, value: String| Problem::new(rule, place.clone()).value(value);
        match (self.value_unit, self.several, self.written) {
            (UnitFrom::Declared(unit) | UnitFrom::Stated(unit), ..) => {
                problem(&rules::UNIT_NOT_FOR_COLUMN, format!("{} ({})", across.label, unit.name))
            }
            (_, Some(several), _) => {
                let stated = several.value.as_ref().map_or("", Said::en);
                problem(&rules::UNIT_CHANGES, format!("{} ({stated})", across.label))
            }
            (_, None, Some(written)) => unknown_unit(written, place),
            (_, None, None) => problem(&rules::UNIT_MISSING, across.label.clone()),
        }
    }
}

/// The unit that the heading of a column that stands across says, or the definition for this heading.
fn of_heading(across: &AcrossColumn, source: &Source, place: &Place) -> Result<Option<&'static Unit>, Problem> {
    let stated = match across.unit.as_deref() {
        Some(label) => Some(unit::known(label).ok_or_else(|| unknown_unit(label, place))?),
        None => None,
    };
    let Meaning::Indicator { name } = &across.meaning else { return Ok(stated) };
    let labels = [text::key(name), text::key(&across.label)];
    let declared = source.units.iter().find(|(heading, _)| labels.contains(&text::key(heading)));
    let declared = declared.and_then(|(_, label)| unit::known(label));
    match (declared, stated) {
        (Some(declared), Some(stated)) if declared != stated => {
            let problem = Problem::new(&rules::UNIT_DIFFERS, place.clone()).value(unit::contrast(stated, declared));
            Err(problem.expected([declared.name]))
        }
        (declared, stated) => Ok(declared.or(stated)),
    }
}

/// The unit of each declared column, declared, in its header or over the table; and what is wrong with it. Where no column of numbers
/// has a unit, or what is stated over the table contradicts the definition, that concerns the table.
fn column_units(
    table: &Table,
    source: &Source,
    stated: Option<&'static Unit>,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> (Vec<Option<&'static Unit>>, Vec<Option<Problem>>) {
    let by_rows = unit_column(source, table).is_some();
    // What is stated, and nobody can say what it means.
    let doubt = || {
        let unknown = || table.stated_unit.as_ref().map(|(label, place)| unknown_unit(label, place));
        table.units_differ.clone().or_else(unknown)
    };
    let doubt = if stated.is_none() { doubt() } else { None };
    let is_in_use = is_in_use(table, source, stated);
    let (mut units, mut open, mut settled) = (Vec::new(), Vec::new(), !table.across.is_empty());
    for (column, bound) in source.columns.iter().zip(&table.bound) {
        let (unit, problem) = match bound {
            Bound::Column { index, unit } if column.kind == Kind::Number => {
                let place = place.at_column(table.column_number(*index));
                let heading = column.headers.first().map(String::as_str).unwrap_or_default();
                let of_rates = table.stated_rate.filter(|_| Own::of(heading) == Some(Own::Rate));
                let said = SaidOf { column, heading: unit.as_deref(), stated: of_rates.or(stated), is_in_use, by_rows };
                match said.settle(&place, problems) {
                    Ok(unit) => (unit, None),
                    Err(problem) if problem.rule == &rules::UNIT_MISSING => (None, doubt.clone().or(Some(problem))),
                    Err(problem) => (None, Some(problem)),
                }
            }
            _ => (None, None),
        };
        settled |= unit.is_some();
        units.push(unit);
        open.push(problem);
    }
    if !settled {
        for problem in open.iter_mut().filter_map(Option::take) {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    }
    (units, open)
}

/// Whether a column of numbers takes the unit over the table: its own heading states none.
fn is_in_use(table: &Table, source: &Source, stated: Option<&'static Unit>) -> bool {
    let takes = |(column, bound): (&Column, &Bound)| {
        let fits = |unit: &Unit| column.name.ends_with(&format!("_{}", unit.dimension.canonical()));
        let says_none = matches!(bound, Bound::Column { unit: None, .. });
        column.kind == Kind::Number && says_none && stated.is_some_and(fits)
    };
    source.columns.iter().zip(&table.bound).any(takes)
}

/// The unit over a table in which every column that stands across states another unit of the same kind: it is the unit of
/// none of them, so one of the two is wrong.
fn nowhere_in_use(table: &Table) -> Option<Problem> {
    let (label, place) = table.stated_unit.as_ref()?;
    let stated = unit::known(label)?;
    let of = |across: &AcrossColumn| unit::known(across.unit.as_deref()?);
    let other = of(table.across.first()?)?;
    let differs = |unit: &'static Unit| unit != stated && unit.dimension == stated.dimension;
    let all = table.across.iter().all(|across| of(across).is_some_and(differs));
    all.then(|| contradiction(stated, other, place))
}

/// Two units for one value, with what it would cost to take one for the other.
pub fn contradiction(one: &Unit, other: &Unit, place: &Place) -> Problem {
    Problem::new(&rules::UNITS_CONTRADICT, place.clone()).value(unit::contrast(one, other)).expected([other.name])
}

/// The position of the declared column that holds the unit of each row, if the table has it.
pub fn unit_column(source: &Source, table: &Table) -> Option<usize> {
    let mut declared = source.columns.iter().zip(&table.bound);
    declared.position(|(column, bound)| column.kind == Kind::Unit && bound.column().is_some())
}

/// A unit that is not in the vocabulary, with the nearest ones.
pub fn unknown_unit(label: &str, place: &Place) -> Problem {
    let nearest = unit::parse(label).err().unwrap_or_default();
    Problem::new(&rules::UNIT_UNKNOWN, place.clone()).value(label).expected(nearest.iter().map(|unit| unit.name))
}

fn quarter(table: &Table, place: &Place, problems: &mut Vec<Problem>) -> Option<Quarter> {
    let by_name = period_by_name(&place.file);
    let Some((label, at)) = &table.stated_period else {
        let quarter = by_name.and_then(Period::quarter_end);
        if quarter.is_none() {
            problems.push(match &table.unread_period {
                Some((time, at)) => Problem::new(&rules::PERIOD_UNREADABLE, at.clone()).value(time),
                None => Problem::new(&rules::PERIOD_MISSING, place.clone()),
            });
        }
        return quarter;
    };
    let read = period::parse(label).ok();
    let Some(stated) = read.and_then(Period::quarter_end) else {
        let rule = if read.is_some_and(is_between) { &rules::PERIOD_WITHIN_QUARTER } else { &rules::PERIOD_UNREADABLE };
        problems.push(Problem::new(rule, at.clone()).value(label));
        return None;
    };
    if let Some(named) = by_name.filter(|named| named.quarter_end() != Some(stated)) {
        let named = named.quarter_end().map_or_else(|| named.to_string(), |quarter| quarter.to_string());
        problems.push(Problem::new(&rules::PERIOD_CLAIMS_DIFFER, at.clone()).value(label).expected([named]));
    }
    Some(stated)
}

/// What is said of the unit of one declared column of numbers.
struct SaidOf<'s> {
    column: &'s Column,
    /// In its heading, or by its cells.
    heading: Option<&'s str>,
    /// Over the table.
    stated: Option<&'static Unit>,
    /// Whether that is the unit of some other column.
    is_in_use: bool,
    /// Whether each row may say its own.
    by_rows: bool,
}

impl SaidOf<'_> {
    /// Declared, in the heading, or stated over the table: whoever speaks must not contradict another. None where the rows say it.
    /// A contradiction between definition and table goes to `problems`.
    ///
    /// # Errors
    /// What is wrong with this column.
    fn settle(&self, place: &Place, problems: &mut Vec<Problem>) -> Result<Option<&'static Unit>, Problem> {
        let known = |label: &str| unit::known(label).ok_or_else(|| unknown_unit(label, place));
        let in_heading = self.heading.map(known).transpose()?;
        let declared = self.column.unit.as_deref().and_then(unit::known);
        let own = declared.or(in_heading);
        if self.by_rows && own.is_none() {
            return Ok(None);
        }
        let name = self.column.name.as_str();
        let Some(unit) = own.or(self.stated) else {
            return Err(Problem::new(&rules::UNIT_MISSING, place.clone()).value(name));
        };
        let differs = |other: &'static Unit| {
            let problem = Problem::new(&rules::UNIT_DIFFERS, place.clone()).value(unit::contrast(other, unit));
            problem.expected([unit.name])
        };
        if let Some(other) = in_heading.filter(|other| *other != unit) {
            return Err(differs(other));
        }
        // What is stated over the table is for the columns of its dimension: persons stand beside thousands of yuan. A heading that
        // states its own is nearer to the figures, if the other one is used at all: 人均收入（元） among 亿元.
        let is_nearer = in_heading.is_some() && self.is_in_use;
        if let Some(other) =
            self.stated.filter(|_| !is_nearer).filter(|other| *other != unit && other.dimension == unit.dimension)
        {
            problems.push(differs(other));
            return Ok(None);
        }
        // The column's name ends in its canonical unit; a file that states an area for an amount of money is wrong.
        if name.ends_with(&format!("_{}", unit.dimension.canonical())) {
            return Ok(Some(unit));
        }
        let heading = self.column.headers.first().map(String::as_str).unwrap_or_default();
        if own.is_none() && Own::of(heading).is_some_and(|own| !own.may_be_in(unit)) {
            let found = format!("{heading} ({})", unit.name);
            return Err(Problem::new(&rules::UNIT_NOT_FOR_COLUMN, place.clone()).value(found));
        }
        Err(Problem::new(&rules::UNIT_DIFFERS, place.clone()).value(unit.name).expected([name]))
    }
}
