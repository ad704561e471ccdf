//! When an export was issued: the vintage of its rows. Of two figures for the same thing, the one issued later holds.

use super::file_name::vintage;
use super::findings::Findings;
use config::source::{IssuedFrom, Source};
use layout::{PreambleEntry, Table};
use vocab::period::{self, Date, Period};
use vocab::{Place, Problem, rules, text};

/// The day of issue of an export, and what said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Issued {
    /// The day.
    pub day: Date,
    /// What said so.
    pub by: IssuedFrom,
}

/// Keys of lines over a table that tell when it was issued, not what it is about.
const KEYS: &[&str] = &[
    "发布日期",
    "发布时间",
    "更新日期",
    "更新时间",
    "导出日期",
    "导出时间",
    "下载日期",
    "下载时间",
    "报送日期",
    "报送时间",
    "上报日期",
    "上报时间",
    "填报日期",
    "制表日期",
];

/// The day of issue that is known before the export is read: from its name, or from the day it was received where the
/// definition says that this counts.
pub fn issued_outside(source: &Source, name: &str, received: Option<Date>) -> Option<Issued> {
    let say = |day: Option<Date>, by| day.map(|day| Issued { day, by });
    match source.issued {
        None | Some(IssuedFrom::Name) => say(vintage(name), IssuedFrom::Name),
        Some(IssuedFrom::Received) => say(received, IssuedFrom::Received),
        Some(IssuedFrom::Caption) => None,
    }
}

/// The day of issue of a table: what the definition says counts, or else the file's name, or else a line over the table.
/// Two days in the lines over a table are no contradiction: the last one counts, since an export follows its publication.
///
/// Without the day that was promised a table is not refused: it is held to be older than those that have one.
pub(super) fn issued(
    table: &Table,
    source: &Source,
    place: &Place,
    received: Option<Date>,
    findings: &mut Findings,
) -> Option<Issued> {
    let issued = issued_outside(source, &place.file, received).or_else(|| {
        matches!(source.issued, None | Some(IssuedFrom::Caption)).then(|| in_caption(&table.preamble)).flatten()
    });
    if let (None, Some(from)) = (issued, source.issued) {
        let promised = format!("issued = \"{}\"", from.as_str());
        findings.push(Problem::new(&rules::ISSUE_DATE_MISSING, place.clone()).expected([promised]));
    }
    issued
}

/// The last of the days that the lines over a table give for its issue.
fn in_caption(preamble: &[PreambleEntry]) -> Option<Issued> {
    let stated = preamble.iter().filter(|entry| KEYS.contains(&text::key(&entry.key).as_str()));
    stated.filter_map(|entry| day(&entry.value)).max().map(|day| Issued { day, by: IssuedFrom::Caption })
}

/// Every day of issue that an export gives itself, without any definition: first the one that counts if none says otherwise.
pub fn issue_days<'p>(name: &str, preambles: impl IntoIterator<Item = &'p [PreambleEntry]>) -> Vec<Issued> {
    let by_name = vintage(name).map(|day| Issued { day, by: IssuedFrom::Name });
    by_name.into_iter().chain(preambles.into_iter().filter_map(in_caption).max()).collect()
}

/// The day in a text that may go on with a time of day: `2018-04-23 10:11:12`.
fn day(text: &str) -> Option<Date> {
    period::find_all(text).into_iter().find_map(|(period, _)| match period {
        Period::Day(day) => Some(day),
        _ => None,
    })
}
