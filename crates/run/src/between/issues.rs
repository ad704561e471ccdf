//! Lists and ledgers that are issued again: which issue holds, where each is the whole anew.

use std::collections::BTreeMap;

use config::source::{Doubted, Family, IssueMode, Issues, PeriodFrom, Source};
use vocab::period::Date;
use vocab::{Place, Problem, rules, said, transfer};

/// First and last quarter of the rows of an export, where they carry any.
type Span<'a> = (Option<&'a str>, Option<&'a str>);

/// An export as far as it matters here.
#[derive(Debug)]
pub(crate) struct Issue<'a> {
    /// Its definition.
    pub(crate) source: &'a Source,
    /// Its name.
    pub(crate) name: &'a str,
    /// The day of issue.
    pub(crate) day: Option<Date>,
    /// First and last quarter of its rows.
    pub(crate) span: Span<'a>,
    /// Rows that became facts.
    pub(crate) rows: u64,
}

/// Whether an export counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It does.
    Holds,
    /// A later issue has taken its place: this one.
    Replaced(usize),
    /// It is in doubt, and the issue before it stands.
    Doubted,
}

/// Digits of a day of issue.
const DAY_DIGITS: usize = 8;

/// A name without its suffix and without days of issue: issues of the same thing differ in nothing else.
pub(crate) fn family(name: &str) -> String {
    let name = transfer::without_gzip(name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let pieces = stem.split_inclusive(|c: char| !c.is_ascii_digit());
    // Each piece is a run of digits with the character that ends it.
    pieces
        .map(|piece| if piece.trim_end_matches(|c: char| !c.is_ascii_digit()).len() == DAY_DIGITS { "" } else { piece })
        .collect()
}

/// Issues of the same thing by their days, the latest first. Positions are those in `issues`.
fn families(issues: &[Issue<'_>]) -> Vec<Vec<Vec<usize>>> {
    let mut families: BTreeMap<(&str, String, Span<'_>), Vec<usize>> = BTreeMap::new();
    for (at, issue) in issues.iter().enumerate() {
        let Issues { mode, family: by, .. } = issue.source.issues;
        if mode == IssueMode::Replaces {
            let family = if by == Family::Name { family(issue.name) } else { String::new() };
            // A form of one period only replaces that of the same period.
            let span = if issue.source.period == PeriodFrom::Caption { issue.span } else { (None, None) };
            families.entry((&issue.source.id, family, span)).or_default().push(at);
        }
    }
    let by_days = |mut all: Vec<usize>| {
        all.sort_by(|a, b| issues[*b].day.cmp(&issues[*a].day).then(a.cmp(b)));
        all.chunk_by(|a, b| issues[*a].day == issues[*b].day).map(<[usize]>::to_vec).collect()
    };
    families.into_values().map(by_days).collect()
}

/// Exports that have far fewer rows than the issue before them, each with that issue.
fn shrunk(issues: &[Issue<'_>]) -> BTreeMap<usize, usize> {
    let rows = |day: &[usize]| day.iter().map(|at| issues[*at].rows).sum::<u64>();
    let mut found = BTreeMap::new();
    for days in families(issues) {
        // What is itself only a part says nothing of the next one.
        let mut whole: Option<&Vec<usize>> = None;
        for day in days.iter().rev() {
            let least = issues[day[0]].source.issues.least_share;
            match whole {
                Some(before) if (rows(day) as f64) < least * rows(before) as f64 => {
                    found.extend(day.iter().map(|at| (*at, before[0])));
                }
                _ => whole = Some(day),
            }
        }
    }
    found
}

/// Which exports count. `doubted` are those in which something else was found.
pub(crate) fn standing(issues: &[Issue<'_>], doubted: &[usize]) -> Vec<Standing> {
    let shrunk = shrunk(issues);
    let mut standing = vec![Standing::Holds; issues.len()];
    for days in families(issues) {
        let is_doubted = |at: &usize| {
            issues[*at].source.issues.doubted == Doubted::Older && (shrunk.contains_key(at) || doubted.contains(at))
        };
        let holds = days.iter().position(|day| !day.iter().any(is_doubted)).unwrap_or(0);
        for (place, day) in days.iter().enumerate().filter(|(place, _)| *place != holds) {
            let state = if place < holds { Standing::Doubted } else { Standing::Replaced(days[holds][0]) };
            day.iter().for_each(|at| standing[*at] = state);
        }
    }
    standing
}

/// Tells of issues that have far fewer rows than the one before, unless a later one has taken their place.
pub(crate) fn tell_shrunk(issues: &[Issue<'_>], standing: &[Standing]) -> Vec<Problem> {
    let counts = |at: usize| !matches!(standing[at], Standing::Replaced(_));
    let told = shrunk(issues).into_iter().filter(|(at, _)| counts(*at)).map(|(at, before)| {
        let (rows, earlier) = (issues[at].rows, issues[before].rows);
        Problem::new(&rules::ISSUE_SHRUNK, Place::file(issues[at].name))
            .said(said!("{rows} 行，上一版 {earlier} 行", "{rows} rows, {earlier} before"))
            .expected([issues[before].name])
    });
    told.collect()
}
