//! Days and quarters that cannot be. Nothing is issued after the day of the run, no quarter is reported before it has begun, and none
//! is before the records began: what says so is told and not used, and what asks for it is a mistake.

use super::exports::Received;
use super::setup::{Failure, Setup};
use super::summary::day as shown;
use crate::config::source::Collection;
use crate::publish::label;
use crate::store::Ingest;
use crate::vocab::period::{self, Period};
use crate::vocab::{Place, Problem, rules};

/// Days after that of the run that an export may be issued on: clocks differ, and days begin earlier in the east.
const TOLERANCE_DAYS: i64 = 2;

/// The latest day and quarter that can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Latest {
    /// As yyyymmdd.
    day: i64,
    /// The quarter of that day.
    quarter: i64,
}

impl Latest {
    /// By the time at which a run starts, as text; none if it is none.
    fn at(started: &str) -> Option<Latest> {
        let today: jiff::civil::Date = started.get(..10)?.parse().ok()?;
        let day = today.checked_add(jiff::Span::new().days(TOLERANCE_DAYS)).ok()?;
        let (year, month) = (i64::from(day.year()), i64::from(day.month()));
        Some(Latest { day: year * 10_000 + month * 100 + i64::from(day.day()), quarter: year * 4 + (month - 1) / 3 })
    }
}

impl Setup {
    /// The same, at the time at which a run starts: what lies after it is not believed.
    ///
    /// # Errors
    /// When the options ask for a day or a quarter that cannot be.
    pub fn at(mut self, started: &str) -> Result<Setup, Failure> {
        self.latest = Latest::at(started);
        let earliest = self.config.site.earliest_quarter;
        let Some(latest) = self.latest else { return Ok(self) };
        if let Some(day) = self.options.as_of.filter(|day| *day > latest.day || day / 10_000 < earliest / 4) {
            let (from, to) = (label(earliest), shown(latest.day));
            return Err(Failure::Usage(format!(
                "--as-of {}: the records begin with {from}, and no day after {to} has come; give a day between",
                shown(day)
            )));
        }
        let asked = self
            .options
            .span
            .map(|span| [span.from, span.to].map(|quarter| (quarter != 0 && quarter != i64::MAX).then_some(quarter)));
        if let Some(quarter) =
            asked.into_iter().flatten().flatten().find(|quarter| !(earliest..=latest.quarter).contains(quarter))
        {
            return Err(Failure::Usage(format!(
                "{} was asked for: the records begin with {}, and the latest quarter that has begun is {}; give quarters between",
                label(quarter),
                label(earliest),
                label(latest.quarter)
            )));
        }
        Ok(self)
    }

    /// What is wrong with the day on which an export says that it was issued, as far as that is known before it is read.
    pub(super) fn issued_too_late(&self, export: &Received) -> Option<Problem> {
        self.too_late(&export.name, export.issued(self)?.day)
    }

    fn too_late(&self, name: &str, day: i64) -> Option<Problem> {
        let latest = self.latest.filter(|latest| day > latest.day)?;
        let problem = Problem::new(&rules::ISSUED_IN_FUTURE, Place::file(name));
        Some(problem.value(shown(day)).expected([format!("≤ {}", shown(latest.day))]))
    }

    /// What is wrong with the days and quarters that were found in an export.
    pub(super) fn cannot_be(&self, name: &str, ingest: &Ingest) -> Option<Problem> {
        let issued = ingest.vintage.as_deref().and_then(|day| day.parse().ok());
        if let Some(problem) = issued.and_then(|day| self.too_late(name, day)) {
            return Some(problem);
        }
        let source = self.config.sources.iter().find(|source| source.id == ingest.source)?;
        // Published series go back as far as anyone has counted.
        let is_published = source.collection == Collection::Published;
        let earliest = if is_published { i64::MIN } else { self.config.site.earliest_quarter };
        let latest = self.latest.map_or(i64::MAX, |latest| latest.quarter);
        let quarters = [&ingest.period_from, &ingest.period_to].into_iter().flatten();
        let found = quarters
            .filter_map(|text| Some((text, quarter(text)?)))
            .find(|(_, at)| !(earliest..=latest).contains(at))?;
        let expected = format!("{}–{}", if is_published { String::new() } else { label(earliest) }, label(latest));
        Some(Problem::new(&rules::PERIOD_CANNOT_BE, Place::file(name)).value(found.0.clone()).expected([expected]))
    }
}

fn quarter(text: &str) -> Option<i64> {
    match period::parse(text).ok()? {
        Period::Quarter(quarter) => Some(i64::from(quarter.index())),
        _ => None,
    }
}
