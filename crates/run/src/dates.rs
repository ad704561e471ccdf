//! Days and quarters that cannot be. Nothing is issued after the day of the run, no quarter is reported before it has begun, and none
//! is before the records began: what says so is told and not used, and what asks for it is a mistake.

use super::failure::Failure;
use super::received::Received;
use super::setup::{Latest, Setup};
use config::source::Collection;
use publish::label;
use store::Ingest;
use vocab::period::{self, Period};
use vocab::{Place, Problem, rules};

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

/// A day given as yyyymmdd, as people write it.
pub(super) fn shown(day: i64) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}

fn quarter(text: &str) -> Option<i64> {
    match period::parse(text).ok()? {
        Period::Quarter(quarter) => Some(i64::from(quarter.index())),
        _ => None,
    }
}
