//! Which enterprises break rules between forms, and which of their figures are most likely wrong.

use super::sql::{column, datasets, has};
use crate::methods::localise::{Edit, fewest_fields, systematic};
use config::quality::{Comparison, Field, FormRule, Quality};
use config::rule::Sum;
use vocab::codes::UnitNumber;
use vocab::frame::{Frame, TextColumn, Values};
use vocab::period::{Quarter, Span};

/// Which enterprises break which rules, and which of their figures are suspected; no figure itself. For the administration
/// alone.
///
/// A mistake of a whole form (unit, sign) is looked for first, then one of a single figure, then the fewest figures that must
/// change so that every rule between forms can hold (METHODS 2.13). One broken rule alone does not tell its sides apart.
pub fn failures(quality: &Quality, broken: &Frame, span: Span) -> Frame {
    let int = |name: &str, row: usize| broken.ints(name).and_then(|ints| ints.get(row));
    let quarter = |row: usize| int("quarter", row).and_then(Quarter::of_column);
    let is_in = |row: &usize| quarter(*row).is_some_and(|quarter| span.holds(quarter));
    let mut rows: Vec<usize> = (0..broken.rows()).filter(is_in).collect();
    rows.sort_by_key(|row| (quarter(*row), int("unit_number", *row)));
    let edits: Vec<(usize, Edit)> =
        quality.forms.iter().enumerate().flat_map(|(at, rule)| edits_of(rule).map(move |edit| (at, edit))).collect();
    let names: Vec<String> = quality.fields.iter().map(column).collect();
    let mut columns: [TextColumn; 5] = Default::default();
    for row in rows {
        let [checked, failed] = ["checked_bits", "failed_bits"].map(|name| int(name, row).unwrap_or_default());
        let record: Vec<i64> = names.iter().map(|name| int(name, row).unwrap_or_default()).collect();
        let usable: Vec<Edit> =
            edits.iter().filter(|(rule, _)| has(checked, *rule)).map(|(_, edit)| edit.clone()).collect();
        let (suspects, how) = suspicion(quality, &usable, &record, failed).unzip();
        for rule in (0..quality.forms.len()).filter(|rule| has(failed, *rule)) {
            columns[0].push(int("unit_number", row).map(|number| UnitNumber(number).code()).as_deref());
            columns[1].push(quarter(row).map(Quarter::sdmx).as_deref());
            columns[2].push(Some(&quality.forms[rule].id));
            columns[3].push(suspects.as_deref());
            columns[4].push(how.as_deref());
        }
    }
    let titles = ["unit_code", "time_period", "form_rule", "suspects", "suspected_as"];
    titles.into_iter().zip(columns).fold(Frame::new(), |frame, (name, texts)| frame.with(name, Values::Text(texts)))
}

/// Fewest figures are looked for among sets of at most so many.
const MOST_SUSPECTS: usize = 3;

/// The figures most likely wrong, and how they were found.
fn suspicion(quality: &Quality, edits: &[Edit], record: &[i64], failed: i64) -> Option<(String, String)> {
    let list = |fields: &[usize]| {
        let names: Vec<String> = fields.iter().map(|place| quality.fields[*place].name()).collect();
        names.join(" + ")
    };
    let groups = groups(quality);
    if let Some((kind, at)) = systematic(edits, record, &groups) {
        return Some((list(&groups[at]), kind.name()));
    }
    if failed.count_ones() < 2 {
        return None;
    }
    let sets = fewest_fields(edits, record, &vec![1; record.len()], MOST_SUSPECTS);
    let text = sets.iter().map(|set| list(set)).collect::<Vec<_>>().join(" | ");
    (!text.is_empty()).then(|| (text, "fewest_fields".to_owned()))
}

/// Figures that are wrong together: those of one form, then each by itself.
fn groups(quality: &Quality) -> Vec<Vec<usize>> {
    let places = || 0..quality.fields.len();
    let forms = datasets(quality).into_iter().flat_map(|dataset| [(dataset, false), (dataset, true)]);
    let of_form = |(dataset, before): (&str, bool)| {
        let is_it = |field: &Field| field.dataset == dataset && field.before == before;
        places().filter(|place| is_it(&quality.fields[*place])).collect::<Vec<usize>>()
    };
    let single = places().map(|place| vec![place]);
    forms.map(of_form).chain(single).filter(|group| !group.is_empty()).collect()
}

/// A rule as linear edits over the figures. A share of the right side is taken of the right side itself, which is not
/// negative in flows; all is multiplied by a million so that shares are whole. Numbers that do not fit give no edit.
fn edits_of(rule: &FormRule) -> impl Iterator<Item = Edit> {
    let is_exact = rule.ratio_micro == 0 && rule.absolute == 0;
    let signs: &[i64] = match rule.comparison {
        Comparison::AtMost => &[1],
        Comparison::AtLeast => &[-1],
        Comparison::Equal if is_exact => &[1],
        Comparison::Equal => &[1, -1],
    };
    let is_equation = is_exact && rule.comparison == Comparison::Equal;
    signs.iter().filter_map(move |sign| Some(Edit { is_equation, ..edit_of(rule, *sign)? }))
}

/// sign × (left − right) ≤ ratio × right + absolute.
fn edit_of(rule: &FormRule, sign: i64) -> Option<Edit> {
    const MILLION: i64 = 1_000_000;
    let times = |sum: &Sum, factor: i64| -> Option<(Vec<(i64, usize)>, i64)> {
        let term = |(own, place): &(i64, usize)| Some((own.checked_mul(factor)?, *place));
        Some((sum.terms.iter().map(term).collect::<Option<_>>()?, sum.constant.checked_mul(factor)?))
    };
    let (mut terms, left) = times(&rule.left, sign * MILLION)?;
    let (more, right) = times(&rule.right, -sign * MILLION - rule.ratio_micro)?;
    terms.extend(more);
    let constant = left.checked_add(right)?.checked_sub(rule.absolute.checked_mul(MILLION)?)?;
    Some(Edit { terms, constant, is_equation: false })
}
