//! What the name of a file claims: the period of its rows, and the day of sending.

use config::source::{PeriodFrom, Source};
use vocab::period::{self, Date, Period, Quarter};
use vocab::transfer;

/// The day of sending in a file's name (`…_20180423.csv`): the vintage of its rows.
pub fn vintage(name: &str) -> Option<Date> {
    let stem = stem(name);
    let mut digits = stem.rsplit('_').filter(|part| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_digit()));
    digits.find_map(|part| match period::parse(part) {
        Ok(Period::Day(day)) => Some(day),
        _ => None,
    })
}

/// The name of a file without its folders and its suffix, and without that of gzip.
pub(super) fn stem(name: &str) -> &str {
    let file = transfer::without_gzip(name.rsplit('/').next().unwrap_or(name));
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// The quarter that a file's name claims, leaving out the day of sending.
pub fn claimed_by_name(name: &str) -> Option<Quarter> {
    period_by_name(name)?.quarter_end()
}

/// The period that a file's name claims: one that ends a quarter, or else a month within one.
pub fn period_by_name(name: &str) -> Option<Period> {
    let parts = stem(name).split('_').filter(|part| part.len() != 8);
    let periods: Vec<Period> = parts.filter_map(|part| period::parse(part).ok()).collect();
    let ends_quarter = |period: &&Period| period.quarter_end().is_some();
    let found = periods.iter().find(ends_quarter).or_else(|| periods.iter().find(|period| is_between(**period)));
    found.copied()
}

/// Whether a period ends with a month that ends no quarter.
pub(super) fn is_between(period: Period) -> bool {
    matches!(period, Period::Month { .. } | Period::YearToDate { .. }) && period.quarter_end().is_none()
}

/// The month that a monthly form is of, as it is written, where that ends no quarter; none for every other file, and where name
/// and title contradict each other.
pub fn between_quarters(source: &Source, stated: Option<&str>, name: &str) -> Option<String> {
    if !source.is_monthly || source.period != PeriodFrom::Caption {
        return None;
    }
    let named = period_by_name(name);
    let Some(label) = stated else { return named.filter(|named| is_between(*named)).map(|named| named.to_string()) };
    let stated = period::parse(label).ok().filter(|stated| is_between(*stated))?;
    named.is_none_or(|named| named.last_day() == stated.last_day()).then(|| label.to_owned())
}
