//! Which column of the table answers to which declared column, and what the others mean.

use std::collections::{BTreeMap, BTreeSet};

use super::axis::{self, Tick};
use super::header::{Header, HeaderColumn};
use super::normalise::{Label, name_key};
use super::preamble::Preamble;
use super::table::{AcrossColumn, Bound, Meaning, names_periods};
use super::words::{TEXTS, is_key};
use super::written::unit_of_cells;
use config::source::{Across, Column, Kind, Layout};
use read::grid::Grid;
use vocab::number::{Symbols, is_figure};
use vocab::period::{self, Period, Refusal};
use vocab::relative::Relative;
use vocab::unit::{self, Own};
use vocab::{Place, Problem, rules, text};

/// Binds the columns of one table, collecting what is wrong.
pub(super) struct Binder<'a> {
    /// The grid, for addresses.
    pub(super) grid: &'a Grid,
    /// The header of the table.
    pub(super) header: &'a Header,
    /// Its rows of data.
    pub(super) rows: &'a [usize],
    /// What stands over it.
    pub(super) preamble: &'a Preamble,
    /// The first row of the header.
    pub(super) place: Place,
    /// What is wrong.
    pub(super) problems: &'a mut Vec<Problem>,
}

/// How a column of the table stands to a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// It is the column.
    Yes,
    /// It is another one.
    No,
    /// Its code says one thing and its name another.
    Contradiction,
}

/// What came of one declaration.
enum Outcome {
    Bound(Bound),
    Missing,
    /// It could not be bound, and a problem already says why.
    Refused,
}

/// A declaration, normalised.
struct Wanted<'a> {
    column: &'a Column,
    names: Vec<String>,
    under: Vec<String>,
    code: Option<String>,
}

impl<'a> Wanted<'a> {
    fn new(column: &'a Column) -> Self {
        Wanted {
            column,
            names: column.headers.iter().map(|header| name_key(header)).collect(),
            under: column.under.iter().map(|under| text::key(under)).collect(),
            code: column.code.as_deref().map(text::key),
        }
    }
}

impl Binder<'_> {
    /// Binds every declared column.
    pub(super) fn declared(&mut self, columns: &[Column]) -> Vec<Bound> {
        let wanted: Vec<Wanted<'_>> = columns.iter().map(Wanted::new).collect();
        // Where headings are blank over all that names the rows, each blank one answers to the next blank header.
        let mut corners = 0;
        let outcomes: Vec<Outcome> = wanted
            .iter()
            .map(|wanted| {
                let corner = corners;
                corners += usize::from(wanted.column.is_corner());
                self.one(wanted, corner)
            })
            .collect();
        let taken: Vec<usize> = outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                Outcome::Bound(bound) => bound.column(),
                _ => None,
            })
            .collect();
        for (wanted, outcome) in wanted.iter().zip(&outcomes) {
            if wanted.column.required && matches!(outcome, Outcome::Missing) {
                self.missing(wanted, &taken);
            }
        }
        outcomes
            .into_iter()
            .map(|outcome| match outcome {
                Outcome::Bound(bound) => bound,
                Outcome::Missing | Outcome::Refused => Bound::Absent,
            })
            .collect()
    }

    /// Binds one declared column.
    fn one(&mut self, wanted: &Wanted<'_>, corner: usize) -> Outcome {
        let stated = wanted.column.preamble.as_deref().and_then(|key| self.preamble.value(key));
        if let Some(value) = stated.filter(|value| !value.is_empty()) {
            return Outcome::Bound(Bound::Preamble(value.to_owned()));
        }
        if wanted.column.is_corner() {
            let blank = self.header.columns.iter().take_while(|column| column.is_blank()).count();
            // A sheet may begin further to the right.
            let is_used =
                |index: &usize| self.rows.iter().any(|&row| !text::trim(self.grid.cell(row, *index)).is_empty());
            let mut corners = (0..blank).filter(is_used);
            let index = corners.nth(corner);
            return index.map_or(Outcome::Missing, |index| Outcome::Bound(Bound::Column { index, unit: None }));
        }
        let coded = self.header.columns.iter().any(|column| has_code(column, wanted));
        let answers: Vec<(usize, Answer)> = self
            .header
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| (index, self.answer(wanted, column, coded)))
            .filter(|&(_, answer)| answer != Answer::No)
            .collect();
        if let Some(&(index, _)) = answers.iter().find(|(_, answer)| *answer == Answer::Contradiction) {
            let expected = wanted.column.code.iter().chain(&wanted.column.headers);
            self.report(Problem::new(&rules::ITEM_NAME_DIFFERS, self.at(index)).expected(expected), index);
            return Outcome::Refused;
        }
        match answers[..] {
            [] => Outcome::Missing,
            [(index, _)] => {
                let unit = self.unit(index);
                Outcome::Bound(Bound::Column { index, unit })
            }
            [_, (second, _), ..] => {
                let problem = Problem::new(&rules::HEADER_TWICE, self.at(second));
                self.report(problem.expected([shown(wanted.column)]), second);
                Outcome::Refused
            }
        }
    }

    /// Whether `column` is the one that is wanted. `coded` says that some column has the wanted code.
    fn answer(&self, wanted: &Wanted<'_>, column: &HeaderColumn, coded: bool) -> Answer {
        let says = |words: &[String]| column.labels.iter().any(|label| words.iter().any(|word| label.is(word)));
        if !wanted.under.is_empty() && !says(&wanted.under) {
            return Answer::No;
        }
        let named = says(&wanted.names);
        if wanted.code.is_none() {
            return if named { Answer::Yes } else { Answer::No };
        }
        if has_code(column, wanted) {
            return if named || wanted.names.is_empty() { Answer::Yes } else { Answer::Contradiction };
        }
        // The code decides. Only where no column has it may the name stand alone, and only if it has no other code.
        let other_code = self.header.code_row.is_some_and(|row| column.labels.iter().any(|label| label.row == row));
        match (named && !coded, other_code) {
            (false, _) => Answer::No,
            (true, false) => Answer::Yes,
            (true, true) => Answer::Contradiction,
        }
    }

    /// Reports a required column that no column answers to, with the nearest headers that nothing else took.
    fn missing(&mut self, wanted: &Wanted<'_>, taken: &[usize]) {
        let free = self.header.columns.iter().enumerate().filter(|(index, _)| !taken.contains(index));
        let mut near: Vec<(f64, String)> = free
            .filter(|(_, column)| !column.is_blank())
            .map(|(_, column)| (likeness(wanted, column), column.text()))
            .filter(|&(likeness, _)| likeness > 0.3)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        near.dedup_by(|a, b| a.1 == b.1);
        let nearest = near.into_iter().take(3).map(|(_, label)| label);
        let problem = Problem::new(&rules::COLUMN_MISSING, self.place.clone());
        self.problems.push(problem.value(shown(wanted.column)).expected(nearest));
    }

    /// The column that counts parts of the year: beside a declared period column, with which it says the period of a row; or down
    /// the rows, where years stand across.
    pub(super) fn part_of_year(
        &mut self,
        columns: &[Column],
        bound: &[Bound],
        across: Across,
    ) -> Option<(usize, &'static str)> {
        if names_periods(columns, bound) {
            let headings = self.header.columns.iter().map(HeaderColumn::text);
            let beside =
                headings.enumerate().find_map(|(index, heading)| Some((index, period::part_counted(&heading)?)));
            if beside.is_some() || across != Across::Period {
                return beside;
            }
        }
        if across != Across::Period {
            return None;
        }
        let is_number =
            |(column, bound): (&Column, &Bound), at: usize| column.kind == Kind::Number && bound.column() == Some(at);
        let free = |at: usize| !columns.iter().zip(bound).any(|pair| is_number(pair, at));
        axis::parts_down(self.grid, self.rows, &self.header.columns, &self.ticks(), free)
    }

    /// The periods over the columns.
    fn ticks(&self) -> Vec<Tick> {
        let stated = self.preamble.period.as_ref().map(|(label, _)| label.as_str());
        axis::read_columns_over(self.grid, self.rows, &self.header.columns, stated)
    }

    /// Reads the columns that no declaration took, nor `part_of_year`.
    pub(super) fn across(
        &mut self,
        columns: &[Column],
        bound: &[Bound],
        part_of_year: Option<usize>,
        layout: &Layout,
    ) -> Vec<AcrossColumn> {
        let names = |headings: &[String]| headings.iter().map(|header| name_key(header)).collect::<Vec<_>>();
        let (ignored, of_latest) = (names(&layout.ignore), names(&layout.latest));
        let says = |column: &HeaderColumn, names: &[String]| {
            let whole = name_key(&column.text());
            names.iter().any(|name| *name == whole || column.labels.iter().any(|label| label.is(name)))
        };
        let ticks = self.ticks();
        let latest = latest(&ticks);
        let years_down = names_periods(columns, bound);
        let mut across: Vec<AcrossColumn> = Vec::new();
        for (index, (column, tick)) in self.header.columns.iter().zip(ticks).enumerate() {
            let declared = bound.iter().any(|bound| bound.column() == Some(index));
            if declared || says(column, &ignored) || column.is_blank() || part_of_year == Some(index) {
                continue;
            }
            let part = axis::part_of_year(column.labels.iter().map(|label| label.text.as_str()));
            let part = part.filter(|_| years_down);
            let is_of_latest = says(column, &of_latest);
            let tick = match (tick, latest) {
                (Tick::No(_), Some(latest)) if is_of_latest => Tick::Said(latest),
                (tick, _) => tick,
            };
            let has_period = years_down || self.preamble.period.is_some();
            let is_earlier = column.relative() == Some(Relative::Earlier) && !is_of_latest;
            if is_earlier && has_period && layout.across != Across::None {
                self.of_another_period(index);
                continue;
            }
            let Some(meaning) = self.meaning(column, tick, part.as_deref(), index, layout.across) else { continue };
            let unit = self.unit(index);
            across.push(AcrossColumn {
                column: index,
                label: column.text(),
                meaning,
                group: None,
                unit,
                bracketed: column.is_bracketed(),
                own: column.own(),
                frequency: column.frequency().map(str::to_owned),
            });
        }
        if layout.across == Across::Period && !columns.iter().any(|column| column.name == GROUP_NAME) {
            self.group(&mut across);
        }
        Self::name_rates(&mut across);
        let same = |one: &AcrossColumn, other: &AcrossColumn| one.meaning == other.meaning && one.group == other.group;
        let mut kept: Vec<AcrossColumn> = Vec::with_capacity(across.len());
        for column in across {
            if kept.iter().any(|other| same(other, &column)) {
                self.report(Problem::new(&rules::HEADER_TWICE, self.at(column.column)), column.column);
            } else {
                kept.push(column);
            }
        }
        kept
    }

    /// Tells columns of the same period apart by what else stands over them: `增加值` over `2017年`, `2018年`, and `利润` over the
    /// same years.
    fn group(&self, across: &mut [AcrossColumn]) {
        let twice = |at: usize| across[..at].iter().any(|other| other.meaning == across[at].meaning);
        if !(0..across.len()).any(twice) {
            return;
        }
        let name = |across: &mut [AcrossColumn], with_units: bool| {
            for column in across {
                let of_header = |header: &HeaderColumn| group_name(header, with_units);
                column.group = self.header.columns.get(column.column).map(of_header).filter(|name| !name.is_empty());
            }
        };
        name(across, false);
        // 指数（1978年=100） and 指数（上年=100） differ in nothing else.
        let same = |at: usize| {
            let is_same = |other: &AcrossColumn| other.meaning == across[at].meaning && other.group == across[at].group;
            across[..at].iter().any(is_same)
        };
        if (0..across.len()).any(same) {
            name(across, true);
        }
    }

    /// Names growths and shares of one name after the quantities before them: `本月`, `增长（%）`, `累计`, `增长（%）`.
    fn name_rates(across: &mut [AcrossColumn]) {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for column in across.iter() {
            if let Meaning::Indicator { name } = &column.meaning {
                *counts.entry(name.clone()).or_default() += 1;
            }
        }
        let mut quantity: Option<String> = None;
        for column in across {
            let is_rate = Own::is_rate(column.own, column.unit.as_deref());
            let Meaning::Indicator { name } = &mut column.meaning else { continue };
            match &quantity {
                _ if !is_rate => quantity = Some(name.clone()),
                Some(quantity) if counts.get(name).is_some_and(|count| *count > 1) => {
                    *name = format!("{quantity} / {name}");
                }
                _ => {}
            }
        }
    }

    /// What an undeclared column means; none if it is left out, which is then reported.
    fn meaning(
        &mut self,
        column: &HeaderColumn,
        tick: Tick,
        part: Option<&str>,
        index: usize,
        across: Across,
    ) -> Option<Meaning> {
        match (across, part) {
            (Across::None, _) => {}
            (Across::Period, Some(part)) => return Some(Meaning::PartOfYear(part.to_owned())),
            (Across::Indicator, Some(_)) => {
                self.report(Problem::new(&rules::PERIOD_ACROSS, self.at(index)), index);
                return None;
            }
            // What counts or names the rows measures nothing.
            (Across::Indicator, None) if column.own() == Some(Own::Number) => {}
            (Across::Indicator, None) if axis::is_unread(column, tick) => {
                self.report(Problem::new(&rules::PERIOD_UNREADABLE, self.at(index)), index);
                return None;
            }
            (Across::Indicator, None) => {
                if let Some(period) = tick.period()
                    && self.contradicts(period)
                {
                    self.of_another_period(index);
                    return None;
                }
                return Some(Meaning::Indicator { name: column.name() });
            }
            (Across::Period, None) => match tick {
                Tick::Said(period) => return Some(Meaning::Period(period)),
                Tick::Inferred(period) => {
                    let problem = Problem::new(&rules::PERIOD_INFERRED, self.at(index));
                    self.report(problem.expected([period.to_string()]), index);
                    return Some(Meaning::Period(period));
                }
                Tick::No(Refusal::NotAPeriod)
                    if !column.labels.iter().any(|label| period::is_only_time(&label.text)) => {}
                Tick::No(_) => {
                    let months = axis::either_month(&column.text());
                    self.report(Problem::new(&rules::PERIOD_UNREADABLE, self.at(index)).expected(months), index);
                    return None;
                }
            },
        }
        let figures = if across == Across::Period { self.figures(column, index) } else { 0 };
        if figures > 0 {
            let found = format!("{} ×{figures}", column.text());
            self.problems.push(Problem::new(&rules::FIGURES_WITHOUT_PERIOD, self.at(index)).value(found));
        } else {
            self.report(Problem::new(&rules::COLUMN_UNKNOWN, self.at(index)), index);
        }
        None
    }

    /// The period that is stated over the table.
    fn stated(&self) -> Option<Period> {
        period::parse(&self.preamble.period.as_ref()?.0).ok()
    }

    /// Whether the period of a heading is another one than that over the table: of another year, or a part of it that ends on another day.
    fn contradicts(&self, heading: Period) -> bool {
        let is_part = |stated: Period| !matches!(heading, Period::Year(_)) && heading.last_day() != stated.last_day();
        self.stated().is_some_and(|stated| heading.year() != stated.year() || is_part(stated))
    }

    /// Tells of a column whose heading names another period than the table.
    fn of_another_period(&mut self, index: usize) {
        let problem = Problem::new(&rules::HEADING_OF_ANOTHER_PERIOD, self.at(index));
        self.report(problem.expected(self.stated().map(|stated| stated.to_string())), index);
    }

    /// How many figures stand in a column; none in one that names or counts the rows, or is for texts.
    fn figures(&self, column: &HeaderColumn, index: usize) -> usize {
        let names = |label: &Label| is_key(&label.text) || TEXTS.iter().any(|word| label.text.contains(word));
        if column.own() == Some(Own::Number) || column.labels.iter().any(names) {
            return 0;
        }
        let symbols = Symbols::default();
        self.rows.iter().filter(|&&row| is_figure(self.grid.cell(row, index), &symbols)).count()
    }

    /// The unit that a column's heading states, or else its cells.
    fn unit(&self, index: usize) -> Option<String> {
        let column = &self.header.columns[index];
        let of_cells = || unit_of_cells(self.grid, self.rows, index, &self.preamble.units);
        column.unit().or_else(of_cells).map(str::to_owned)
    }

    /// The place of a column's header.
    fn at(&self, index: usize) -> Place {
        self.place.at_column(self.grid.column_number(index))
    }

    /// Adds a problem that concerns the header at `index`.
    fn report(&mut self, problem: Problem, index: usize) {
        self.problems.push(problem.value(self.header.columns[index].text()));
    }
}

/// The latest of the periods over the columns; none where two end on the same day.
fn latest(ticks: &[Tick]) -> Option<Period> {
    let periods: BTreeSet<Period> = ticks.iter().filter_map(|tick| tick.period()).collect();
    let last = periods.iter().map(|period| period.last_day()).max()?;
    let mut latest = periods.into_iter().filter(|period| period.last_day() == last);
    latest.next().filter(|_| latest.next().is_none())
}

/// The column of the facts that holds the groups over periods.
const GROUP_NAME: &str = "indicator";

/// What stands over a column beside its period.
fn group_name(column: &HeaderColumn, with_units: bool) -> String {
    let names = column.lasting().filter(|label| !label.name.is_empty());
    let name = |label: &Label| {
        let name = if with_units { label.text.clone() } else { unit::split_label(&label.text).0 };
        // Any year will do to tell `9月产值` from a name.
        const ANY: Option<u16> = Some(2000);
        axis::leading(&name, ANY).map_or_else(|| name.clone(), |(_, rest)| rest.to_owned())
    };
    names.map(name).collect::<Vec<_>>().join(" / ")
}

/// Whether the wanted item code stands over the column.
fn has_code(column: &HeaderColumn, wanted: &Wanted<'_>) -> bool {
    wanted.code.as_ref().is_some_and(|code| column.labels.iter().any(|label| label.whole == *code))
}

/// A declaration as a person would look for it: `营业收入 / 1-本月`.
fn shown(column: &Column) -> String {
    let name = column.headers.first().or(column.code.as_ref()).or(column.preamble.as_ref()).unwrap_or(&column.name);
    match column.under.first() {
        Some(under) => format!("{name} / {under}"),
        None => name.clone(),
    }
}

/// How like a column's labels are to what is wanted, from 0 to 1.
fn likeness(wanted: &Wanted<'_>, column: &HeaderColumn) -> f64 {
    let best = |texts: &[String]| {
        let pairs = texts.iter().flat_map(|text| column.labels.iter().map(move |label| (text, label)));
        pairs.map(|(text, label)| strsim::normalized_damerau_levenshtein(text, &label.name)).fold(0.0, f64::max)
    };
    if wanted.under.is_empty() { best(&wanted.names) } else { (best(&wanted.names) + best(&wanted.under)) / 2.0 }
}
