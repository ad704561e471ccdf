//! Rows that say the same thing twice, or two things at once.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::columns::RowColumns;
use super::findings::Findings;
use crate::config::source::Source;
use crate::layout::Table;
use crate::read::grid::Grid;
use crate::vocab::{Place, Problem, rules};

/// Sets aside rows that repeat an earlier row, and all rows of a key that has different values.
pub(super) fn find(
    grid: &Grid,
    table: &Table,
    source: &Source,
    rows: &RowColumns<'_>,
    place: &Place,
    findings: &mut Findings,
    bad: &mut [Vec<&'static str>],
) {
    if source.key.is_empty() {
        return;
    }
    let mut first_with: HashMap<String, usize, FixedState> =
        HashMap::with_capacity_and_hasher(table.body.len(), FixedState::default());
    let mut key = String::new();
    for position in 0..table.body.len() {
        if !bad[position].is_empty() || !rows.key(position, &mut key) {
            continue;
        }
        let Some(&first) = first_with.get(&key) else {
            first_with.insert(key.clone(), position);
            continue;
        };
        let same = grid.row(table.body[first]).cells().eq(grid.row(table.body[position]).cells());
        let rule = if same { &rules::DUPLICATE_ROW } else { &rules::DUPLICATE_KEY };
        let number = grid.row(table.body[position]).number;
        let earlier = grid.row(table.body[first]).number;
        findings.push(Problem::new(rule, place.at_row(number)).expected([format!("R{earlier}")]));
        bad[position].push(rule.code);
        if !same && bad[first].is_empty() {
            findings.push(Problem::new(rule, place.at_row(earlier)).expected([format!("R{number}")]));
            bad[first].push(rule.code);
        }
    }
}
