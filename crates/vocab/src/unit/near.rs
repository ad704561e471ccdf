//! The units that a name which nobody knows may have been meant for.

use super::table::{ALL, Unit};

/// Names longer than this are sentences.
const LONGEST: usize = 16;

/// The nearest units, at most three. Only those that share at least half of their characters are worth offering.
pub(super) fn nearest(folded: &str) -> Vec<&'static Unit> {
    let chars: Vec<char> = folded.chars().take(LONGEST + 1).collect();
    if chars.len() > LONGEST {
        return Vec::new();
    }
    let names = |unit: &'static Unit| [unit.name].into_iter().chain(unit.aliases.iter().copied());
    let likeness = |unit: &'static Unit| {
        let near = names(unit).filter(|name| shares_half(&chars, name));
        near.map(|name| strsim::normalized_damerau_levenshtein(folded, name)).fold(0.0, f64::max)
    };
    let mut scored: Vec<(f64, &'static Unit)> =
        ALL.iter().map(|unit| (likeness(unit), unit)).filter(|&(score, _)| score >= 0.5).collect();
    // The sort is stable: equals stay in the order of the table.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(3).map(|(_, unit)| unit).collect()
}

/// Whether so many characters stand in both that half of the longer one may be the same: counted in a moment, where the distance
/// of two texts takes a table of all their characters.
fn shares_half(chars: &[char], name: &str) -> bool {
    let (mut length, mut shared) = (0, 0);
    for c in name.chars() {
        length += 1;
        shared += usize::from(chars.contains(&c));
    }
    shared * 2 >= length.max(chars.len())
}
