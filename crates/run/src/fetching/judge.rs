//! Whether an answer is an export: it must be what its source was before it replaces anything.

use std::collections::BTreeSet;

use super::asked::Asked;
use crate::failure::Failure;
use crate::setup::Setup;
use crate::transform::{Input, clean_book, read_export};
use clean::Findings;
use config::document::list;
use config::fetching::Remote;
use config::source::{Across, Source};
use read::{Format, archive, is_gzip};
use store::{Digest, Store};
use vocab::frame::Frame;
use vocab::period::{Period, Quarter};
use vocab::rules::{self, Rule};
use vocab::scalars::Scalars;
use vocab::{Problem, Said, Severity, said};

/// The share of the last good answer's rows that an answer must have, where its definition does not say it.
const USUAL_SHARE: f64 = 0.8;

/// An answer as it arrived.
pub(super) struct Arrived<'a> {
    pub(super) bytes: &'a [u8],
    /// Whether the server said where it ends.
    pub(super) is_measured: bool,
}

/// What is wrong with an answer.
pub(super) struct Rejected {
    pub(super) rule: &'static Rule,
    /// What was found, without what differs between two answers with the same fault.
    pub(super) lasting: Said,
    /// What was found.
    pub(super) found: Said,
    /// Whether it could be read, and holds nothing: of a period that has just ended, nothing is published yet.
    pub(super) is_empty: bool,
}

impl Rejected {
    fn new(rule: &'static Rule, found: Said) -> Self {
        Rejected { rule, lasting: found.clone(), found, is_empty: false }
    }

    /// What holds no row that the definition could use.
    fn empty() -> Self {
        Rejected {
            is_empty: true,
            ..Rejected::new(&rules::ANSWER_NOT_DATA, said!("没有一行可用的数据", "no row of facts"))
        }
    }

    /// Content that cannot be read: of the finding only the code is the same every time.
    fn unreadable(problem: &Problem) -> Self {
        if problem.rule.code == rules::REPLY_WITHOUT_VALUES.code {
            return Rejected::empty();
        }
        let code = problem.rule.code;
        let lasting = Said::words(code);
        let found = match &problem.value {
            Some(value) => said!("{code}：{value}", "{code}: {value}"; value),
            None => lasting.clone(),
        };
        Rejected { rule: &rules::ANSWER_NOT_DATA, lasting, found, is_empty: false }
    }
}

/// What becomes of an answer.
pub(super) enum Verdict {
    /// It is the export, perhaps the same as before.
    Good,
    /// It is a form of a month that ends no quarter: the last good one stands, and nothing is wrong.
    NothingNew,
    /// The last good one stands.
    Bad(Rejected),
}

/// What an answer turned out to be.
struct Looks {
    format: &'static str,
    rows: usize,
    quarters: BTreeSet<Quarter>,
    /// Whether it ends where such an export ends.
    ends: bool,
    /// Whether it is of a month that ends no quarter.
    is_between: bool,
}

/// Holds an answer against its definition and against the last good one, which is read by the same definition.
pub(super) fn judge(
    setup: &Setup,
    store: &Store,
    asked: &Asked<'_>,
    arrived: &Arrived<'_>,
) -> Result<Verdict, Failure> {
    let (source, remote, name) = (asked.source, asked.remote, asked.file_name());
    // A last one that is damaged is no measure, and is replaced.
    let before = asked.before.digest.and_then(|digest| Some((digest, store.read_raw(&digest).ok()?)));
    if before.as_ref().is_some_and(|(digest, _)| *digest == Digest::of(arrived.bytes)) {
        return Ok(Verdict::Good);
    }
    let looks = match look(setup, source, &name, arrived.bytes)? {
        Ok(looks) => looks,
        Err(rejected) => return Ok(Verdict::Bad(rejected)),
    };
    if let Some(other) = asked.period.and_then(|period| of_other_period(period, &looks)) {
        return Ok(Verdict::Bad(other));
    }
    let last = match &before {
        Some((_, bytes)) => look(setup, source, &name, bytes)?.ok().filter(|last| last.rows > 0),
        None => None,
    };
    let rejected = match &last {
        Some(_) if looks.is_between => return Ok(Verdict::NothingNew),
        Some(last) => against(source, remote, arrived, &looks, last),
        None => is_cut(remote, &looks, !arrived.is_measured),
    };
    Ok(rejected.map_or(Verdict::Good, Verdict::Bad))
}

/// An answer that holds other periods than the one that was asked for. A server that ignores what it is asked gives the same, and
/// mostly the latest, for each.
fn of_other_period(period: Period, looks: &Looks) -> Option<Rejected> {
    let last = period.quarter();
    // A year may be given by its quarters.
    let asked = if matches!(period, Period::Year(_)) { last.of_year() } else { last..=last };
    if looks.quarters.is_empty() || looks.quarters.range(asked).next().is_some() {
        return None;
    }
    let found = listed(&looks.quarters);
    Some(Rejected::new(&rules::ANSWER_OF_OTHER_PERIOD, said!("{found}，而非 {period}", "{found}, not {period}"; found)))
}

/// What is wrong with an answer beside the last good one.
fn against(source: &Source, remote: &Remote, arrived: &Arrived<'_>, looks: &Looks, last: &Looks) -> Option<Rejected> {
    if source.format.is_none() && looks.format != last.format {
        let (now, before) = (looks.format, last.format);
        let found = said!("{now}，上一次为 {before}", "{now}, {before} before");
        return Some(Rejected::new(&rules::ANSWER_OF_OTHER_FORMAT, found));
    }
    if let Some(cut) = is_cut(remote, looks, last.ends) {
        return Some(cut);
    }
    // What nobody measured may be a part, and even a small one that is missing is one.
    let usual = if arrived.is_measured || remote.trust_end { USUAL_SHARE } else { 1.0 };
    let share = remote.least_share.unwrap_or(usual);
    if (looks.rows as f64) < share * last.rows as f64 {
        let (now, before) = (looks.rows, last.rows);
        let found = said!("{now} 行，上一次 {before} 行", "{now} rows, {before} before");
        return Some(Rejected::new(&rules::ANSWER_SHRUNK, found));
    }
    let missing: BTreeSet<Quarter> = last.quarters.difference(&looks.quarters).copied().collect();
    if share > 0.0 && !missing.is_empty() {
        let missing = listed(&missing);
        return Some(Rejected::new(&rules::ANSWER_SHRUNK, said!("缺少 {missing}", "without {missing}"; missing)));
    }
    None
}

fn listed(quarters: &BTreeSet<Quarter>) -> Said {
    list(&quarters.iter().map(Quarter::to_string).collect::<Vec<_>>())
}

/// An answer that ends within a row or an element, if such an export is expected to end otherwise.
fn is_cut(remote: &Remote, looks: &Looks, is_expected_to_end: bool) -> Option<Rejected> {
    let is_cut = is_expected_to_end && !looks.ends && !remote.trust_end;
    let found = || said!("结尾处没有换行", "it ends without the end of a line");
    is_cut.then(|| Rejected::new(&rules::ANSWER_CUT, found()))
}

/// Reads an answer as its definition has it; an archive member by member.
fn look(setup: &Setup, source: &Source, name: &str, bytes: &[u8]) -> Result<Result<Looks, Rejected>, Failure> {
    let Some(kind) = archive::kind(bytes) else {
        if source.claims(name) {
            return look_at(setup, source, name, bytes);
        }
        let found = said!("并非其名称所示的压缩包", "no archive, as its name says");
        return Ok(Err(Rejected::new(&rules::ANSWER_NOT_DATA, found)));
    };
    let mut whole = Looks { format: kind.as_str(), rows: 0, quarters: BTreeSet::new(), ends: true, is_between: false };
    let (mut wrong, mut failure) = (None, None);
    let problems = archive::each_member(name, bytes, &setup.limits(), &mut |member| {
        let name = format!("{name}/{}", member.name);
        let claims: Vec<&Source> = setup.config.sources.iter().filter(|source| source.claims(&name)).collect();
        let [claimant] = claims.as_slice() else { return };
        match look_at(setup, claimant, &name, &member.bytes) {
            Ok(Ok(looks)) => {
                whole.rows += looks.rows;
                whole.quarters.extend(looks.quarters);
                whole.is_between |= looks.is_between;
            }
            Ok(Err(rejected)) => wrong = wrong.take().or(Some(rejected)),
            Err(error) => failure = Some(error),
        }
    });
    if let Some(failure) = failure {
        return Err(failure);
    }
    let damaged = problems.iter().find(|problem| problem.rule.severity == Severity::Error).map(Rejected::unreadable);
    whole.is_between &= whole.rows == 0;
    let is_empty = whole.rows == 0 && !whole.is_between;
    let empty = is_empty.then(Rejected::empty);
    Ok(damaged.or(wrong).or(empty).map_or(Ok(whole), Err))
}

fn look_at(setup: &Setup, source: &Source, name: &str, bytes: &[u8]) -> Result<Result<Looks, Rejected>, Failure> {
    let mut findings = Findings::new(setup.config.site.max_problems);
    let input = Input { name, bytes, corrections: &setup.config.corrections, received: None };
    let unreadable = |findings: &Findings| {
        let worst = findings.kept().iter().find(|problem| problem.rule.severity == Severity::Error);
        worst.map_or_else(Rejected::empty, Rejected::unreadable)
    };
    let Some(book) = read_export(setup, source, input, &mut findings) else { return Ok(Err(unreadable(&findings))) };
    let format = book.format;
    let cleaned = clean_book(setup, source, input, book, &mut findings)?;
    let is_between = findings.counts().iter().any(|(code, _)| *code == rules::BETWEEN_QUARTERS.code);
    let rows = rows_with_values(source, &cleaned.facts);
    if rows == 0 && !is_between {
        return Ok(Err(unreadable(&findings)));
    }
    let quarters = cleaned.facts.ints("quarter").into_iter().flat_map(|ints| ints.iter().flatten());
    let quarters = quarters.filter_map(Quarter::of_column).collect();
    let looks =
        Looks { format: kind(format), rows, quarters, ends: ends(format, bytes), is_between: is_between && rows == 0 };
    Ok(Ok(looks))
}

/// The rows of facts. Those of values that stand across are none if all are missing: so a server names what is not published yet.
fn rows_with_values(source: &Source, facts: &Frame) -> usize {
    let is_missing = |values: &Scalars<i64>| values.iter().all(|value| value.is_none());
    let has_none = source.layout.across != Across::None && facts.ints(&source.value_name).is_some_and(is_missing);
    if has_none { 0 } else { facts.rows() }
}

/// The format as far as it matters which one it is: with commas or tabs, it is the same export.
fn kind(format: Format) -> &'static str {
    if format == Format::Tsv { Format::Csv.as_str() } else { format.as_str() }
}

/// Whether the bytes end where an export of this format ends. The reader of all others finds their ends itself.
fn ends(format: Format, bytes: &[u8]) -> bool {
    if is_gzip(bytes) {
        return true;
    }
    // Of UTF-16, the last byte of a character of ASCII is NUL, or the one before it.
    let mut last = bytes.iter().rev().filter(|byte| **byte != 0);
    match format {
        Format::Csv | Format::Tsv => last.next().is_none_or(|byte| matches!(byte, b'\n' | b'\r' | 0x1A)),
        Format::Html | Format::Xml => last.find(|byte| !byte.is_ascii_whitespace()) == Some(&b'>'),
        _ => true,
    }
}
