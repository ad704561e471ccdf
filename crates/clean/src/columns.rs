//! The declared columns of a table, filled row by row.

use super::cells;
use super::claims::{self, Claims, RowUnits};
use super::findings::Findings;
use super::plausible::Watch;
use super::quarantine::RowKey;
use super::regions::Found;
use super::register::{Nearby, Registers};
use super::territory::Territory;
use config::rule::Action;
use config::source::{Column, Kind, PeriodFrom, Source};
use layout::{Bound, Meaning, Table, Wholes};
use read::grid::{Grid, Row};
use vocab::codes::{self, OrganisationCode};
use vocab::frame::{Frame, TextColumn, Values};
use vocab::period::{self, Period, Quarter, Refusal};
use vocab::rules::Rule;
use vocab::scalars::Scalars;
use vocab::unit::{self, Own, Unit};
use vocab::{Place, Problem, rules, text};

/// Values of one declared column, one for each body row.
#[derive(Debug)]
pub enum Filled {
    /// Numbers, quarters.
    Int(Scalars<i64>),
    /// Texts and codes.
    Text(TextColumn),
}

/// A part of what identifies a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyPart<'a> {
    /// Of a column of whole numbers.
    Int(i64),
    /// Of a column of text.
    Text(&'a str),
}

/// The declared columns of a table, filled row by row.
#[derive(Debug)]
pub struct RowColumns<'a> {
    source: &'a Source,
    table: &'a Table,
    registers: &'a Registers,
    nearby: Nearby,
    /// The region that rows may be of.
    territory: Option<Territory<'a>>,
    /// The range of each declared column that has one.
    watched: Vec<Option<Watch<'a>>>,
    quarter: Option<Quarter>,
    units: Vec<Option<&'static Unit>>,
    /// Of each declared column whose unit nobody can say: what is wrong, and how many figures are not used for it.
    open: Vec<Option<(Problem, u64)>>,
    symbols: vocab::number::Symbols,
    filled: Vec<Filled>,
    /// Sheet row of each body row.
    numbers: Scalars<i64>,
    /// Positions of the columns that identify a row.
    key: Vec<usize>,
    /// Position of the declared column of labels.
    label: Option<usize>,
    /// For labels that hold a unit (`工业增加值(亿元)`): the unit of each body row.
    label_units: Vec<Option<String>>,
    /// What the figures of each body row are by the words of its label, where that states no unit.
    label_own: Vec<Option<Own>>,
    /// The quantities of which the row at hand may be a part.
    wholes: Wholes,
    /// Position of the declared column that holds the unit of each row.
    unit_column: Option<usize>,
    /// The unit over the table, for rows that state none where others do.
    stated: Option<&'static Unit>,
    /// What stands in it, row by row.
    beside: Vec<Option<&'static Unit>>,
    /// Whether the current row states a unit that is not known, which is said of its own cell.
    unit_unknown: bool,
    /// The unit in the name of the row at hand, where no column says it: `比上年增长（%）`.
    unit_of_name: Option<&'static Unit>,
    series: Vec<(String, String)>,
    /// Quarter and period of each row, where the rows carry them.
    row_quarters: Scalars<i64>,
    row_periods: TextColumn,
    /// Whether `2018-3` is a quarter in the column of periods.
    quarters_counted: bool,
    /// That of the row above.
    above: Option<Period>,
    /// What the column of periods counts in each year by its heading.
    counted: Option<&'static str>,
    /// The year over each row that names a part of one.
    years_over: Vec<Option<u16>>,
    /// The period that stands over the table.
    stated_period: Option<Period>,
}

/// A text on its way into a column. Codes are held as they are: every row has some, and none needs a text of its own.
enum Value<'c> {
    Text(&'c str),
    Unit(OrganisationCode),
    Industry(codes::Industry),
    Region([u8; 6]),
    Owned(String),
}

impl Value<'_> {
    fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            // Codes are ASCII by construction.
            Value::Unit(code) => std::str::from_utf8(code).ok(),
            Value::Region(code) => std::str::from_utf8(code).ok(),
            Value::Industry(industry) => Some(industry.as_str()),
            Value::Owned(text) => Some(text),
        }
    }
}

impl<'a> RowColumns<'a> {
    pub(super) fn new(
        source: &'a Source,
        table: &'a Table,
        claims: &Claims<'_>,
        registers: &'a Registers,
        findings: &Findings,
    ) -> Self {
        let filled = source
            .columns
            .iter()
            .map(|column| match column.kind {
                Kind::Number | Kind::Date => Filled::Int(Scalars::with_capacity(table.body.len())),
                _ => Filled::Text(TextColumn::with_capacity(table.body.len())),
            })
            .collect();
        RowColumns {
            source,
            table,
            registers,
            nearby: Nearby::default(),
            territory: Territory::expected(source, registers),
            watched: source
                .columns
                .iter()
                .map(|column| source.expected.range(&column.name).map(|range| Watch::new(range, findings)))
                .collect(),
            quarter: claims.quarter,
            units: claims.units.clone(),
            open: claims.open.iter().map(|open| open.clone().map(|problem| (problem, 0))).collect(),
            symbols: claims.symbols().clone(),
            filled,
            numbers: Scalars::with_capacity(table.body.len()),
            key: source.key.iter().filter_map(|key| source.columns.iter().position(|c| c.name == *key)).collect(),
            label: source.columns.iter().position(|column| column.kind == Kind::Label),
            label_units: Vec::new(),
            label_own: Vec::new(),
            wholes: Wholes::default(),
            unit_column: claims::unit_column(source, table),
            stated: claims.stated,
            beside: Vec::new(),
            unit_unknown: false,
            unit_of_name: None,
            series: source.series.iter().map(|(from, to)| (text::key(from), to.clone())).collect(),
            row_quarters: Scalars::default(),
            row_periods: TextColumn::default(),
            above: None,
            counted: None,
            years_over: Vec::new(),
            quarters_counted: false,
            stated_period: table.stated_period.as_ref().and_then(|(label, _)| period::parse(label).ok()),
        }
    }

    /// Looks whether the column of periods counts quarters, and at the years over parts of them: all its cells tell.
    pub(super) fn look_at_periods(&mut self, grid: &Grid) {
        let columns = self.source.columns.iter().zip(&self.table.bound);
        let mut periods = columns.filter(|(column, _)| column.kind == Kind::Period);
        let Some((column, Some(at))) = periods.next().map(|(column, bound)| (column, bound.column())) else { return };
        let cells = || self.table.body.iter().map(|&row| grid.cell(row, at));
        self.years_over = layout::years_over(cells());
        self.counted = column.headers.iter().find_map(|heading| period::part_counted(heading));
        self.quarters_counted = column.headers.iter().any(|heading| period::counts_quarters(heading, cells()));
    }

    /// Adds one body row of the sheet at `sheet`. What is wrong with it goes to `findings`, and its codes to `codes`.
    pub(super) fn push(&mut self, row: Row<'_>, sheet: &Place, findings: &mut Findings, codes: &mut Vec<&'static str>) {
        let source = self.source;
        self.numbers.push(Some(i64::from(row.number)));
        self.unit_of_name = None;
        if self.label.is_some() {
            self.label_units.push(None);
            self.label_own.push(None);
        }
        if let Some(column) = self.unit_column {
            let cell = self.table.bound[column].column().map_or("", |index| row.cell(index));
            let is_ditto = unit::is_ditto(cell);
            let said = unit::known(cell).or_else(|| self.beside.last().copied().flatten().filter(|_| is_ditto));
            let says_none = || unit::is_none(cell) || cells::is_missing(text::trim(cell), &self.symbols);
            self.unit_unknown = said.is_none() && !says_none();
            self.beside.push(said);
        }
        for (index, column) in source.columns.iter().enumerate() {
            let (cell, at) = match &self.table.bound[index] {
                Bound::Column { index, .. } => (row.cell(*index), Some(self.table.column_number(*index))),
                Bound::Preamble(value) => (value.as_str(), None),
                Bound::Absent => ("", None),
            };
            let place = || Place { column: at, ..sheet.at_row(row.number) };
            if let Some(Some((problem, figures))) = self.open.get_mut(index) {
                *figures += u64::from(!cells::is_missing(cell, &self.symbols));
                codes.extend(column.value_required.then_some(problem.rule.code));
                self.put_nothing(index);
                continue;
            }
            let taken = match self.filled[index] {
                Filled::Int(_) => self.number(index, column, cell).map(|value| {
                    let plausible = value.filter(|&value| self.is_plausible(index, value, cell, &place));
                    let required = column.value_required && plausible != value;
                    codes.extend(required.then_some(rules::VALUE_IMPLAUSIBLE.code));
                    self.put_number(index, plausible) || value.is_some()
                }),
                Filled::Text(_) => {
                    self.text(column, cell, row, &place, findings).map(|value| self.put_text(index, value))
                }
            };
            let rule = match taken {
                Ok(false) if column.value_required || self.must_say(column) => &rules::VALUE_REQUIRED,
                Ok(_) => continue,
                Err(rule) => {
                    self.put_nothing(index);
                    rule
                }
            };
            findings.push_with(rule, || self.problem(rule, &place(), column, cell));
            codes.push(rule.code);
        }
        self.check_rules(|| sheet.at_row(row.number), findings, codes);
        codes.sort_unstable();
        codes.dedup();
    }

    /// Whether a row without this is of no period.
    fn must_say(&self, column: &Column) -> bool {
        column.kind == Kind::Period && self.source.period == PeriodFrom::Rows
    }

    /// Adds a row whose cells stand under other headers than their own: what they say of themselves is no finding.
    pub(super) fn push_ragged(&mut self, row: Row<'_>, sheet: &Place) {
        let (watched, open) = (std::mem::take(&mut self.watched), self.open.clone());
        self.push(row, sheet, &mut Findings::default(), &mut Vec::new());
        (self.watched, self.open) = (watched, open);
    }

    fn problem(&self, rule: &'static Rule, place: &Place, column: &Column, cell: &str) -> Problem {
        // Codes of parks, industries and regions identify no enterprise; everything else in a confidential row may, also
        // a name that stands in their place.
        let trimmed = text::trim(cell);
        let shaped = trimmed.bytes().all(|byte| byte.is_ascii_digit());
        let public = shaped
            && match column.kind {
                Kind::Park => trimmed.len() == 7,
                Kind::Region => trimmed.len() == 6,
                Kind::Industry => trimmed.len() <= 4,
                _ => false,
            };
        let problem = cells::problem(rule, place, cell, self.source.confidential && !public);
        match rule.code {
            code if code == rules::UNKNOWN_PARK.code => problem.expected(self.registers.parks().meant(trimmed)),
            code if code == rules::UNKNOWN_REGION.code || code == rules::NAME_AMBIGUOUS.code => match column.kind {
                Kind::Park => problem.expected(self.registers.parks().meant(trimmed)),
                _ => problem.expected(self.registers.regions().meant(trimmed)),
            },
            code if code == rules::INDUSTRY_LEVEL.code => problem.expected(codes::industry_division(trimmed)),
            code if code == rules::ROW_OF_OTHER_REGION.code => problem.expected(self.territory.map(|one| one.name())),
            code if code == rules::NOT_IN_LIST.code => problem.expected(cells::expected(&column.kind)),
            code if code == rules::VALUE_REQUIRED.code => problem.value(column.name.clone()),
            code if [rules::UNIT_UNKNOWN.code, rules::UNIT_MISSING.code, rules::UNIT_DIFFERS.code].contains(&code) => {
                self.unit_problem(problem, column, trimmed)
            }
            code if code == rules::FORMAT_CONTRADICTS.code => {
                let declared = self.source.columns.iter().position(|other| other.name == column.name);
                let unit = declared.and_then(|index| self.units[index]).or(self.beside.last().copied().flatten());
                unit.map_or(problem, |unit| cells::number_problem(rule, place, cell, unit, self.source.confidential))
            }
            code if code == rules::UNITS_CONTRADICT.code => {
                let declared = self.source.columns.iter().position(|other| other.name == column.name);
                let of_column = declared.and_then(|index| self.units[index]);
                match (self.beside.last().copied().flatten(), of_column) {
                    (Some(row), Some(column)) => claims::contradiction(row, column, place),
                    _ => problem,
                }
            }
            _ => problem,
        }
    }

    /// Whether a number lies in the range of its column; what does not is taken note of.
    #[inline]
    fn is_plausible(&mut self, index: usize, value: i64, cell: &str, place: &impl Fn() -> Place) -> bool {
        let Some(Some(watch)) = self.watched.get_mut(index) else { return true };
        let holds = watch.holds(value);
        if !holds {
            watch.set_aside(value, place, (!self.source.confidential).then(|| text::trim(cell)));
        }
        holds
    }

    /// Sets columns aside in which too many values are not plausible, and tells of single ones in the others. Rows that need
    /// a value of such a column get its code.
    pub(super) fn settle_ranges(&mut self, sheet: &Place, findings: &mut Findings, bad: &mut [Vec<&'static str>]) {
        for index in 0..self.watched.len() {
            let (Some(watch), Filled::Int(values)) = (self.watched[index].take(), &mut self.filled[index]) else {
                continue;
            };
            let at = self.table.bound[index].column().map(|column| self.table.column_number(column));
            let place = Place { column: at, ..sheet.clone() };
            let inside = values.iter().flatten().count() as u64;
            if watch.settle(inside, &place, findings) {
                *values = Scalars::repeat(None, values.len());
                let required = self.source.columns[index].value_required;
                bad.iter_mut().filter(|_| required).for_each(|codes| {
                    codes.retain(|code| *code != rules::VALUE_IMPLAUSIBLE.code);
                    codes.push(rules::COLUMN_IMPLAUSIBLE.code);
                    codes.sort_unstable();
                });
            }
        }
    }

    /// What is wrong with the units of columns, one problem for each with the number of figures that are not used for it.
    pub(super) fn tell_open(&mut self, findings: &mut Findings) {
        for (problem, figures) in self.open.drain(..).flatten().filter(|(_, figures)| *figures > 0) {
            findings.push(problem.times(figures));
        }
    }

    /// Adds a number to a column of numbers, and says whether there is one.
    fn put_number(&mut self, index: usize, value: Option<i64>) -> bool {
        if let Filled::Int(values) = &mut self.filled[index] {
            values.push(value);
        }
        value.is_some()
    }

    /// Adds a text to a column of texts, and says whether there is one.
    fn put_text(&mut self, index: usize, value: Option<Value<'_>>) -> bool {
        let text = value.as_ref().and_then(Value::text);
        if let Filled::Text(values) = &mut self.filled[index] {
            values.push(text);
        }
        text.is_some()
    }

    fn put_nothing(&mut self, index: usize) {
        match &mut self.filled[index] {
            Filled::Int(values) => values.push(None),
            Filled::Text(values) => values.push(None),
        }
    }

    /// What a cell of a column of numbers or days holds.
    fn number(&self, index: usize, column: &Column, cell: &str) -> Result<Option<i64>, &'static Rule> {
        if column.kind == Kind::Date {
            let trimmed = text::trim(cell);
            let is_missing = cells::is_missing(trimmed, &self.symbols);
            return if is_missing { Ok(None) } else { cells::date(trimmed).map(|at| Some(at.column())) };
        }
        match self.unit(index, column, cell)? {
            Some(unit) => cells::number(cell, &self.symbols, unit),
            None => Ok(None),
        }
    }

    /// The code of an enterprise on the register.
    fn unit_code<'c>(&mut self, cell: &'c str) -> Result<Option<Value<'c>>, &'static Rule> {
        // The usual code is read at once; only what is no code is looked at again.
        match codes::unit_code(cell) {
            Ok(code) if !self.registers.has_unit(&code, self.quarter, &mut self.nearby) => {
                Err(if codes::holds(&code) { &rules::UNKNOWN_UNIT } else { &rules::INNER_CODE })
            }
            Ok(code) => {
                // In a credit code it stands behind eight other characters.
                let within = cell.get(8..17).filter(|within| within.as_bytes() == code);
                Ok(Some(within.map_or(Value::Unit(code), Value::Text)))
            }
            Err(_) if cells::is_missing(cell, &self.symbols) => Ok(None),
            Err(error) => Err(cells::code_rule(error)),
        }
    }

    /// What a cell of any other column holds.
    fn text<'c>(
        &mut self,
        column: &'a Column,
        cell: &'c str,
        row: Row<'_>,
        place: &impl Fn() -> Place,
        findings: &mut Findings,
    ) -> Result<Option<Value<'c>>, &'static Rule>
    where
        'a: 'c,
    {
        if column.kind == Kind::UnitCode {
            return self.unit_code(cell);
        }
        let trimmed = text::trim(cell);
        if cells::is_missing(trimmed, &self.symbols) {
            if column.kind == Kind::Period {
                let going_on = self.going_on(row);
                self.above = going_on;
                self.row_quarters.push(going_on.and_then(Period::quarter_end).map(Quarter::column));
                self.row_periods.push(going_on.map(|period| period.to_string()).as_deref());
                return Ok(going_on.map(|period| Value::Owned(period.to_string())));
            }
            return Ok(None);
        }
        let is_key = || matches!(column.kind, Kind::Text | Kind::Label) && self.source.key.contains(&column.name);
        if self.quarter.is_some() && is_key() && self.is_of_another_part(trimmed) {
            return Err(&rules::PERIOD_OUTSIDE_CLAIM);
        }
        if is_key() && trimmed.ends_with([')', '）', '%', '％']) {
            self.unit_of_name = self.unit_of_name.or(unit::split_name(trimmed).1.as_deref().and_then(unit::known));
        }
        let value = match &column.kind {
            Kind::Label => self.label(cell)?,
            Kind::Unit if unit::is_none(trimmed) => return Ok(None),
            Kind::Unit if unit::is_ditto(trimmed) && self.beside.last().is_some_and(Option::is_some) => {
                return Ok(self.beside.last().copied().flatten().map(|unit| Value::Text(unit.name)));
            }
            Kind::Unit if unit::known(trimmed).is_none() => return Err(&rules::UNIT_UNKNOWN),
            Kind::Text | Kind::Unit | Kind::Number | Kind::Date | Kind::UnitCode => Value::Text(trimmed),
            Kind::Industry => {
                let industry = cells::industry(trimmed)?;
                if !self.registers.industries().has(&industry, self.quarter) {
                    return Err(&rules::UNKNOWN_INDUSTRY);
                }
                if industry.repaired {
                    findings.push(Problem::new(&rules::CODE_REPAIRED, place()).value(trimmed));
                }
                Value::Industry(industry)
            }
            Kind::Region => self.region(trimmed, place, findings)?,
            Kind::Park => {
                let registers: &'a Registers = self.registers;
                Value::Text(registers.parks().find(trimmed, self.quarter)?)
            }
            Kind::Period => self.period(trimmed, row)?,
            Kind::Choice(allowed) => Value::Text(cells::choice(trimmed, allowed)?),
        };
        Ok(Some(value))
    }

    /// Whether the name of a row is, or holds in brackets, another period than that for which the file is.
    fn is_of_another_part(&self, name: &str) -> bool {
        let Some(stated) = self.stated_period else { return false };
        if period::parse(name) == Err(Refusal::NoYear) {
            return period::parse_in_year(name, stated.year()).is_ok_and(|part| part != stated);
        }
        period::in_brackets(name, stated.year()).is_some_and(|own| own.last_day() != stated.last_day())
    }

    /// The unit of a number: of its column, or of its row where the rows state theirs. None where there is nothing to measure.
    fn unit(&self, index: usize, column: &Column, cell: &str) -> Result<Option<&'static Unit>, &'static Rule> {
        let of_column = self.units[index];
        let Some(beside) = self.beside.last() else {
            // A growth among amounts is no amount: what the name of the row says must be what holds for the column.
            let agrees = || unit::agree(of_column, self.unit_of_name) == Ok(of_column);
            let is_missing = || cells::is_missing(text::trim(cell), &self.symbols);
            let holds = self.unit_of_name.is_none() || agrees() || is_missing();
            return if holds { Ok(of_column) } else { Err(&rules::UNITS_CONTRADICT) };
        };
        if self.unit_unknown
            || self.table.bound[index].column().is_none()
            || cells::is_missing(text::trim(cell), &self.symbols)
        {
            return Ok(None);
        }
        // What the label of the row says holds where the column of units says none.
        let of_label = || match self.label_units.last() {
            Some(Some(label)) => unit::known(label),
            _ => None,
        };
        let said =
            unit::agree(of_column, beside.or_else(of_label)).map_err(|unit::Contradiction| &rules::UNITS_CONTRADICT)?;
        let unit = said.or(self.stated).ok_or(&rules::UNIT_MISSING)?;
        // The column's name ends in its canonical unit.
        let fits = column.name.ends_with(&format!("_{}", unit.dimension.canonical()));
        if fits { Ok(Some(unit)) } else { Err(&rules::UNIT_DIFFERS) }
    }

    /// What there is to say of a unit that is not known, not stated, or of another kind of quantity. Units identify nobody.
    fn unit_problem(&self, problem: Problem, column: &Column, cell: &str) -> Problem {
        let place = problem.place.clone();
        let said = self.beside.last().copied().flatten().or(self.stated);
        match (problem.rule.code, said) {
            (code, _) if code == rules::UNIT_UNKNOWN.code => claims::unknown_unit(cell, &place),
            (code, Some(unit)) if code == rules::UNIT_DIFFERS.code => {
                problem.value(unit.name).expected([column.name.clone()])
            }
            _ => problem.value(column.name.clone()),
        }
    }

    /// Whether a cell is missing in a row that states no unit, where rows state theirs.
    pub(super) fn measures_nothing(&self, position: usize, cell: &str) -> bool {
        self.beside.get(position).is_some_and(Option::is_none) && cells::is_missing(text::trim(cell), &self.symbols)
    }

    /// The code of a region, valid in the row's period.
    fn region<'c>(
        &self,
        cell: &str,
        place: &impl Fn() -> Place,
        findings: &mut Findings,
    ) -> Result<Value<'c>, &'static Rule> {
        let Found { code, note } = self.registers.regions().find(cell, self.quarter)?;
        if self.territory.is_some_and(|territory| !territory.holds(code)) {
            return Err(&rules::ROW_OF_OTHER_REGION);
        }
        if let Some((rule, written)) = note {
            findings.push_with(rule, || {
                let given = if written == code { String::new() } else { format!(" → {code:06}") };
                Problem::new(rule, place()).value(format!("{written:06}{given}"))
            });
        }
        Ok(Value::Region(digits(code)))
    }

    /// The name of an indicator in a row; its unit is kept for the row's values.
    fn label<'c>(&mut self, written: &str) -> Result<Value<'c>, &'static Rule> {
        let cell = text::trim(written);
        let (name, unit) = unit::split_name(cell);
        let is_measure = self.table.rows_name_measures;
        if let (Some(of_row), Some(own)) = (self.label_units.last_mut(), self.label_own.last_mut()) {
            let said = own.or_else(|| Own::of_row(cell, is_measure));
            let of_whole = self.wholes.unit_for(written, unit.as_deref(), said);
            *of_row = unit.or(of_row.take()).or(of_whole);
            *own = said.filter(|_| of_row.is_none());
        }
        if self.territory.is_some_and(|territory| territory.foreign_in(cell).is_some()) {
            return Err(&rules::ROW_OF_OTHER_REGION);
        }
        let key = text::key(&name);
        let series = self.series.iter().find(|(from, _)| *from == key).map(|(_, to)| to.clone());
        Ok(Value::Owned(series.unwrap_or(name)))
    }

    /// The period of a row, held against what the file claims.
    fn period<'c>(&mut self, cell: &'c str, row: Row<'_>) -> Result<Value<'c>, &'static Rule> {
        let years_across = || self.table.across.iter().any(|across| matches!(across.meaning, Meaning::Period(_)));
        if period::parse(cell) == Err(Refusal::NoYear) && years_across() {
            // The year of the part that it names stands over each column.
            self.row_quarters.push(None);
            self.row_periods.push(None);
            return Ok(Value::Text(cell));
        }
        let counted = period::counted_quarter(cell).filter(|_| self.quarters_counted);
        let year_over = self.years_over.get(self.row_periods.len()).copied().flatten();
        let year = year_over.or(self.stated_period.map(Period::year));
        let read = match (period::parse(cell), year, self.counted) {
            _ if counted.is_some() => counted.map(Period::Quarter),
            // A part of the year that stands over it, in a row or over the table.
            (Err(Refusal::NoYear), Some(year), _) => period::parse_in_year(cell, year).ok(),
            (Err(_), Some(year), Some(counted)) => period::parse_part(cell, counted, year).ok(),
            (read, ..) => read.ok().and_then(|period| self.in_part(period, row)),
        };
        self.above = read;
        self.row_quarters.push(read.and_then(Period::quarter_end).map(Quarter::column));
        self.row_periods.push(read.map(|period| period.to_string()).as_deref());
        let period = read.ok_or(&rules::DATE_UNREADABLE)?;
        if self.quarter.is_some_and(|claimed| period.quarter_end() != Some(claimed)) {
            return Err(&rules::PERIOD_OUTSIDE_CLAIM);
        }
        Ok(Value::Owned(period.to_string()))
    }

    /// The period of a row that leaves its year blank and names the next part of that of the row above.
    fn going_on(&self, row: Row<'_>) -> Option<Period> {
        let (index, counted) = self.table.part_of_year?;
        period::later_part(row.cell(index), counted, self.above?)
    }

    /// The part of a year that a column beside the period names. A period that is more exact already must agree with it.
    fn in_part(&self, period: Period, row: Row<'_>) -> Option<Period> {
        let Some((index, counted)) = self.table.part_of_year else { return Some(period) };
        let cell = text::trim(row.cell(index));
        if cells::is_missing(cell, &self.symbols) {
            return Some(period);
        }
        let part = period::parse_part(cell, counted, period.year()).ok()?;
        match period {
            Period::Year(_) => Some(part),
            Period::Month { .. } if matches!(part, Period::Month { .. }) => (part == period).then_some(period),
            _ => (part.quarter() == period.quarter()).then_some(period),
        }
    }

    fn check_rules(&mut self, place: impl Fn() -> Place, findings: &mut Findings, codes: &mut Vec<&'static str>) {
        let source = self.source;
        for rule in &source.rules {
            let last = |column: usize| match &self.filled[column] {
                Filled::Int(values) => values.last(),
                Filled::Text(_) => None,
            };
            if rule.holds(last) != Some(false) {
                continue;
            }
            let broken = match rule.action {
                Action::QuarantineRow => &rules::RULE_BROKEN,
                Action::QuarantineValue => &rules::VALUES_CONTRADICT,
                Action::Doubt => &rules::RULE_DOUBTED,
            };
            findings.push(Problem::new(broken, place()).value(rule.text.clone()));
            let needs_value = || rule.columns().any(|column| source.columns[column].value_required);
            if rule.action == Action::QuarantineRow || (rule.action == Action::QuarantineValue && needs_value()) {
                codes.push(broken.code);
            }
            if rule.action == Action::QuarantineValue {
                rule.columns().for_each(|column| self.clear_last(column));
            }
        }
    }

    /// Takes the last number of a column back.
    fn clear_last(&mut self, index: usize) {
        if let Filled::Int(values) = &mut self.filled[index]
            && let Some(last) = values.len().checked_sub(1)
        {
            values.set(last, None);
        }
    }

    /// The period that a body row names.
    pub(super) fn period_of(&self, position: usize) -> Option<Period> {
        let named = (position < self.row_periods.len()).then(|| self.row_periods.get(position)).flatten();
        period::parse(named?).ok()
    }

    /// The series that a body row's values belong to, where its label says it.
    pub(super) fn series(&self, position: usize) -> Option<&str> {
        match &self.filled[self.label?] {
            Filled::Text(names) => names.get(position),
            Filled::Int(_) => None,
        }
    }

    /// What a body row says of the unit of its values.
    pub(super) fn units(&self, position: usize) -> RowUnits<'_> {
        RowUnits {
            label: self.label_units.get(position).and_then(Option::as_deref),
            beside: self.beside.get(position).copied().flatten(),
            own: self.label_own.get(position).copied().flatten(),
        }
    }

    /// Whether a body row holds figures alone: no part of its key, and no other name.
    pub(super) fn is_nameless(&self, position: usize) -> bool {
        let names = self.source.columns.iter().zip(&self.table.bound).enumerate();
        let mut names = names.filter(|(_, (column, bound))| column.kind != Kind::Number && bound.column().is_some());
        let is_missing = |at: usize| self.part(at, position).is_none();
        !self.key.is_empty() && self.key.iter().all(|&at| is_missing(at)) && names.all(|(at, _)| is_missing(at))
    }

    /// What identifies a body row, part by part; a part that is missing is none.
    pub(super) fn key(&self, position: usize) -> impl Iterator<Item = Option<KeyPart<'_>>> {
        let declared = self.key.iter().map(move |&column| self.part(column, position));
        let period = (position < self.row_periods.len()).then(|| self.row_periods.get(position)).flatten();
        declared.chain(period.map(|period| Some(KeyPart::Text(period))))
    }

    /// What stands in a declared column of a body row.
    fn part(&self, column: usize, position: usize) -> Option<KeyPart<'_>> {
        match &self.filled[column] {
            Filled::Int(values) => values.get(position).map(KeyPart::Int),
            Filled::Text(values) => values.get(position).map(KeyPart::Text),
        }
    }

    /// Enterprise and quarter of a body row, as far as they could be read: what is known of a row that is set aside.
    pub(super) fn unit_and_quarter(&self, row: usize, claims: &Claims<'_>) -> RowKey {
        let columns = self.source.columns.iter().zip(&self.filled);
        let unit = columns.into_iter().find_map(|(column, filled)| match filled {
            Filled::Text(texts) if column.kind == Kind::UnitCode => texts.get(row).map(str::to_owned),
            _ => None,
        });
        // A list has no quarters at all.
        let of_row = || if self.row_quarters.is_empty() { None } else { self.row_quarters.get(row) };
        (unit, claims.quarter.or_else(|| of_row().and_then(Quarter::of_column)))
    }

    /// The facts of these body rows, in this order, with the quarter and the row each comes from.
    pub(super) fn into_facts(self, rows: &[usize], claims: &Claims<'_>) -> Frame {
        let all = rows.len() == self.numbers.len() && rows.iter().enumerate().all(|(at, row)| at == *row);
        let pick = |values: Values| if all { values } else { values.take(rows) };
        let mut frame = Frame::new();
        for (column, filled) in self.source.columns.iter().zip(self.filled) {
            let values = match filled {
                Filled::Int(values) => Values::Int(values),
                Filled::Text(values) => Values::Text(values),
            };
            frame = frame.with(column.name.clone(), pick(values));
        }
        if let Some(quarter) = claims.quarter {
            frame = frame.with("quarter", Values::Int(Scalars::repeat(Some(quarter.column()), rows.len())));
        } else if self.row_quarters.len() == self.numbers.len() && !self.row_quarters.is_empty() {
            frame = frame.with("quarter", pick(Values::Int(self.row_quarters)));
        }
        frame.with("source_row", pick(Values::Int(self.numbers)))
    }
}

/// The six digits of a region's code.
fn digits(code: u32) -> [u8; 6] {
    let mut rest = code;
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    digits
}
