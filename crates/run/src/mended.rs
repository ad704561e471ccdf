//! Which rows in quarantine are open still, and which a later export has mended.

use std::collections::{BTreeMap, BTreeSet};

use super::between::issues::family;
use super::dates::day_of_issue;
use super::failure::Failure;
use super::ingested::Ingested;
use super::load;
use super::setup::Setup;
use clean::RawCells;
use config::source::IssueMode;
use store::{Ingest, Shelf, Store};
use vocab::frame::Frame;
use vocab::period::Quarter;

/// An export with what became of it, by its name.
type Read = (String, Ingest);

/// Which of the rows that `export` set aside are mended, given as their cells, by exports of `all` that were issued later: the
/// whole of it was sent again, or its enterprise has a good row of the quarter there. Such a row is never open twice, since
/// what the later export sets aside is listed as its own.
pub(super) fn mended(
    setup: &Setup,
    store: &Store,
    all: &[Read],
    export: &Read,
    rows: &[RawCells],
) -> Result<Vec<bool>, Failure> {
    let later: Vec<&Read> = all.iter().filter(|other| is_later(other, export)).collect();
    if later.iter().any(|other| is_whole_again(setup, other, export)) {
        return Ok(vec![true; rows.len()]);
    }
    let mut codes = BTreeSet::new();
    let quarter = export.1.period_from.as_deref().filter(|from| export.1.period_to.as_deref() == Some(*from));
    for (_, other) in later {
        let within = |quarter: &str| {
            let (from, to) = (other.period_from.as_deref(), other.period_to.as_deref());
            from.is_some_and(|from| from <= quarter) && to.is_some_and(|to| quarter <= to)
        };
        if let Some(quarter) = quarter.filter(|quarter| within(quarter)) {
            let wanted = |name: &str| ["unit_code", "quarter"].contains(&name);
            let facts = load::read_table(store, other, Shelf::Facts, wanted)?;
            codes.extend(units_of(&facts, quarter));
        }
    }
    let is_known = |cell: &str| organisation(cell).is_some_and(|code| codes.contains(&code));
    Ok(rows.iter().map(|row| row.filled.iter().any(|(_, cell)| is_known(cell))).collect())
}

/// The exports that others have taken the place of, by name: what was wrong with them is mended.
pub(super) fn replaced<'a>(setup: &Setup, all: &'a [Ingested]) -> BTreeSet<&'a str> {
    let pair = |one: &Ingested| (one.export.name.clone(), one.ingest.clone());
    let mut of_source: BTreeMap<(&str, &str), Vec<&Ingested>> = BTreeMap::new();
    for one in all {
        of_source.entry((&one.ingest.source, &one.ingest.dataset)).or_default().push(one);
    }
    let is_replaced = |one: &&Ingested| {
        let others = &of_source[&(one.ingest.source.as_str(), one.ingest.dataset.as_str())];
        let mut later = others.iter().filter(|other| other.issued() > one.issued());
        one.kept.is_wrong() && later.any(|other| is_whole_again(setup, &pair(other), &pair(one)))
    };
    all.iter().filter(is_replaced).map(|one| one.export.name.as_str()).collect()
}

fn is_later((_, other): &Read, (_, export): &Read) -> bool {
    other.source == export.source && other.dataset == export.dataset && day_of_issue(other) > day_of_issue(export)
}

/// Whether an export is the same form or list once more, of the same period and about as long.
fn is_whole_again(setup: &Setup, (name, other): &Read, (before, export): &Read) -> bool {
    let Some(source) = setup.config.sources.iter().find(|source| source.id == export.source) else { return false };
    let span = |ingest: &Ingest| ingest.period_from.clone().zip(ingest.period_to.clone());
    // One of which nothing could be used has no period; then the names say that it is the same.
    let is_same_span = span(export).is_none_or(|period| span(other).is_none_or(|other| period == other));
    let is_long_enough = other.rows_total as f64 >= source.issues.least_share * export.rows_total as f64;
    source.issues.mode != IssueMode::Continues
        && other.rows_facts > 0
        && is_same_span
        && is_long_enough
        && family(name) == family(before)
}

/// The enterprises that have a row of the quarter.
fn units_of(facts: &Frame, quarter: &str) -> Vec<String> {
    let (Some(codes), Some(quarters)) = (facts.texts("unit_code"), facts.ints("quarter")) else { return Vec::new() };
    let asked = Quarter::parse(quarter).map(Quarter::column);
    let is_asked = |row: &usize| asked.is_some() && quarters.get(*row) == asked;
    let rows = (0..facts.rows()).filter(is_asked);
    rows.filter_map(|row| codes.get(row).map(str::to_owned)).collect()
}

/// The organisation code that a cell holds, alone or within a credit code of eighteen characters.
pub(super) fn organisation(cell: &str) -> Option<String> {
    let code: String = cell.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    match code.len() {
        9 => Some(code),
        18 => code.get(8..17).map(str::to_owned),
        _ => None,
    }
}
