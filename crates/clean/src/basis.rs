//! How figures are measured: an index has its base, energy its way of conversion. What an export says of it, wherever it
//! says it, must be what the definition expects; nothing is converted, since the text alone cannot prove what the figures are.

use std::collections::BTreeSet;

use super::statements::{Part, Statement};
use config::expectation::Basis;
use config::source::Source;
use vocab::unit::{self, Dimension, Unit};
use vocab::{Problem, rules, text};

/// Periods that an index may be held against, the longer before those that they end in.
const BASES: [&str; 9] = ["上年同期", "去年同期", "上年同月", "去年同月", "上年同季", "上年", "上月", "上季", "基期"];

/// Words before a basis that say that it is not the one.
const NEGATIONS: [&str; 6] = ["不按", "不是", "不采用", "不用", "不含", "非"];

/// Every statement that is not what the definition expects.
pub(super) fn contradictions(source: &Source, statements: &[Statement<'_>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(basis) = &source.expected.basis {
        let headed = statements.iter().any(|one| one.part == Part::Heading && text::key(one.text).contains(&basis.is));
        let counting = statements.iter().filter(|one| basis.notes || one.part != Part::Note);
        let against = counting.filter_map(|one| Some((another_basis(one.text, basis, headed)?, one)));
        problems.extend(against.map(|(word, one)| {
            Problem::new(&rules::BASIS_DIFFERS, one.place.clone()).value(word).expected([&basis.is])
        }));
    }
    let expected = expected_bases(source);
    if !expected.is_empty() {
        for one in statements {
            let stated = bases(&text::key(one.text)).into_iter().map(|base| format!("{base}=100"));
            problems.extend(
                stated.filter(|stated| !expected.iter().any(|unit| unit::known(stated) == Some(unit))).map(|stated| {
                    let names = expected.iter().map(|unit| unit.name);
                    Problem::new(&rules::BASIS_DIFFERS, one.place.clone()).value(stated).expected(names)
                }),
            );
        }
    }
    problems.sort();
    problems.dedup();
    problems
}

/// The word by which a text says that the figures are on another basis. `headed` says that a heading names the right one: a
/// sentence that names both then only explains.
fn another_basis<'b>(said: &str, basis: &'b Basis, headed: bool) -> Option<&'b str> {
    let folded = text::key(said);
    let is = text::key(&basis.is);
    folded.split(['。', ';', ',', '\n']).find_map(|clause| {
        let explains = headed && clause.contains(&is);
        basis.not.iter().map(String::as_str).filter(|_| !explains).find(|word| {
            let word = text::key(word);
            clause.match_indices(&word).any(|(at, _)| !NEGATIONS.iter().any(|not| clause[..at].ends_with(not)))
        })
    })
}

/// The indices that the definition knows by their base.
fn expected_bases(source: &Source) -> Vec<&'static Unit> {
    let columns = source.columns.iter().filter_map(|column| column.unit.as_deref());
    let labels = columns.chain(source.value_unit.as_deref()).filter_map(unit::known);
    let all = labels.chain(source.expected.ranges.iter().map(|range| range.unit));
    let mut bases: Vec<&'static Unit> =
        all.filter(|unit| unit.dimension == Dimension::Index && unit.name != unit::ANY_BASE).collect();
    bases.sort_by_key(|unit| unit.name);
    bases.dedup();
    bases
}

/// The bases that a folded text states: `上年同期` of `上年同期=100`, `2015年` of `以2015年价格为100`.
fn bases(folded: &str) -> BTreeSet<String> {
    let marks = ["=100", "为100"].into_iter().flat_map(|mark| folded.match_indices(mark));
    marks
        .filter(|(at, mark)| {
            !folded[at + mark.len()..].starts_with(|c: char| c.is_ascii_digit() || ['.', '%'].contains(&c))
        })
        .filter_map(|(at, _)| base_before(&folded[..at]))
        .collect()
}

/// The base that stands at the end of a text.
fn base_before(before: &str) -> Option<String> {
    let clause = before.rsplit(['(', ')', ',', ';', ':', '。', '、']).next()?;
    let clause = clause.trim_end_matches("价格").trim_end_matches("水平");
    if let Some(base) = BASES.iter().find(|base| clause.ends_with(**base)) {
        return Some(base.replace("去年", "上年"));
    }
    let year = clause.trim_end_matches('年');
    let digits = year.chars().rev().take_while(char::is_ascii_digit).count();
    let base =
        if digits == 4 { &clause[year.len() - digits..] } else { clause.trim_start_matches(['以', '按', '设']) };
    (!base.is_empty()).then(|| base.to_owned())
}
