//! Days and quarters that cannot be. Nothing is issued after the day of the run, no quarter is reported before it has begun, and none
//! is before the records began: what says so is told and not used, and what asks for it is a mistake.

use super::failure::Failure;
use super::received::Received;
use super::setup::{Latest, Setup};
use config::source::Collection;
use store::Ingest;
use vocab::period::{self, Date, Period, Quarter, Span};
use vocab::{Place, Problem, rules, said};

impl Setup {
    /// The same, at the time at which a run starts: what lies after it is not believed.
    ///
    /// # Errors
    /// When the options ask for a day or a quarter that cannot be.
    pub fn at(mut self, started: &str) -> Result<Setup, Failure> {
        self.latest = Latest::at(started);
        let (Some(from), Some(latest)) = (self.config.site.earliest_quarter, self.latest) else { return Ok(self) };
        let is_before = |day: Date| Quarter::of_day(day).year() < from.year();
        if let Some(day) = self.options.as_of.filter(|day| *day > latest.day || is_before(*day)) {
            let to = latest.day;
            return Err(Failure::Usage(said!(
                "--as-of {day}：记录始于 {from}，{to} 之后的日期尚未到来；请给出其间的日期",
                "--as-of {day}: the records begin with {from}, and no day after {to} has come; give a day between"
            )));
        }
        let records = Span { from: Some(from), to: Some(latest.quarter) };
        let asked = self.options.span.map(|span| [span.from, span.to]);
        if let Some(quarter) = asked.into_iter().flatten().flatten().find(|quarter| !records.holds(*quarter)) {
            let (earliest, latest) = (from, latest.quarter);
            return Err(Failure::Usage(said!(
                "指定了 {quarter}：记录始于 {earliest}，已开始的最近季度为 {latest}；请给出其间的季度",
                "{quarter} was asked for: the records begin with {earliest}, and the latest quarter that has begun is \
                 {latest}; give quarters between"
            )));
        }
        Ok(self)
    }

    /// What is wrong with the day on which an export says that it was issued, as far as that is known before it is read.
    pub(super) fn issued_too_late(&self, export: &Received) -> Option<Problem> {
        self.too_late(&export.name, export.issued(self)?.day)
    }

    fn too_late(&self, name: &str, day: Date) -> Option<Problem> {
        let latest = self.latest.filter(|latest| day > latest.day)?;
        let problem = Problem::new(&rules::ISSUED_IN_FUTURE, Place::file(name));
        Some(problem.value(day.to_string()).expected([format!("≤ {}", latest.day)]))
    }

    /// What is wrong with the days and quarters that were found in an export.
    pub(super) fn cannot_be(&self, name: &str, ingest: &Ingest) -> Option<Problem> {
        if let Some(problem) = day_of_issue(ingest).and_then(|day| self.too_late(name, day)) {
            return Some(problem);
        }
        let source = self.config.sources.iter().find(|source| source.id == ingest.source)?;
        // Published series go back as far as anyone has counted.
        let is_published = source.collection == Collection::Published;
        let earliest = self.config.site.earliest_quarter.filter(|_| !is_published);
        let records = Span { from: earliest, to: self.latest.map(|latest| latest.quarter) };
        let quarters = [&ingest.period_from, &ingest.period_to].into_iter().flatten();
        let found = quarters.filter_map(|text| Some((text, quarter(text)?))).find(|(_, at)| !records.holds(*at))?;
        let problem = Problem::new(&rules::PERIOD_CANNOT_BE, Place::file(name));
        Some(problem.value(found.0.clone()).expected([records.to_string()]))
    }
}

/// The day of issue of an export, as the catalogue has it.
pub(super) fn day_of_issue(ingest: &Ingest) -> Option<Date> {
    period::day_of_number(ingest.vintage.as_deref()?.parse().ok()?)
}

/// The quarter that a text of the catalogue names.
pub(super) fn quarter(text: &str) -> Option<Quarter> {
    match period::parse(text).ok()? {
        Period::Quarter(quarter) => Some(quarter),
        _ => None,
    }
}
