//! Rows that say the same thing twice, or two things at once, and rows that do not say of what.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use foldhash::fast::FixedState;

use super::columns::RowColumns;
use super::findings::Findings;
use config::source::{Across, Source};
use layout::Table;
use read::grid::Grid;
use vocab::{Place, Problem, rules};

/// Sets aside rows of figures that nothing names, rows that repeat an earlier row, and all rows of a key that has different values.
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
    let mut first_with = Firsts::new(table.body.len());
    for position in 0..table.body.len() {
        if !bad[position].is_empty() {
            continue;
        }
        if rows.is_nameless(position) {
            let problem = Problem::new(&rules::VALUE_REQUIRED, place.at_row(grid.row(table.body[position]).number));
            findings.push(problem.value(source.key.join(", ")));
            bad[position].push(rules::VALUE_REQUIRED.code);
            continue;
        }
        // A line that names the rows below (`其他`) makes no fact, and says nothing that could be said twice.
        if source.layout.across != Across::None && grid.row(table.body[position]).filled().nth(1).is_none() {
            continue;
        }
        let Some(first) = first_with.same_key(rows, position) else { continue };
        let same = grid.row(table.body[first]).says_as(grid.row(table.body[position]));
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

/// The first row with each key, found by the hash of the key: no key is kept.
struct Firsts {
    positions: HashMap<u64, usize, FixedState>,
    hasher: FixedState,
}

impl Firsts {
    fn new(rows: usize) -> Self {
        let hasher = FixedState::default();
        let positions = HashMap::with_capacity_and_hasher(rows, hasher.clone());
        Firsts { positions, hasher }
    }

    /// The earlier row with the key of this one; none if it is the first, or a part of its key is missing.
    fn same_key(&mut self, rows: &RowColumns<'_>, position: usize) -> Option<usize> {
        let mut hasher = self.hasher.build_hasher();
        for part in rows.key(position) {
            part?.hash(&mut hasher);
        }
        let mut hash = hasher.finish();
        loop {
            let Some(&first) = self.positions.get(&hash) else {
                self.positions.insert(hash, position);
                return None;
            };
            if rows.key(first).eq(rows.key(position)) {
                return Some(first);
            }
            // Two keys with one hash: the second is found under the next number.
            hash = hash.wrapping_add(1);
        }
    }
}
