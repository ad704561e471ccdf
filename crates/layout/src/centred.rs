//! Groups of headings whose name stands over the middle of its columns, as a table looks that was set in type or saved as text:
//!
//! ```text
//! 地区 |      产值        |      税收              the name of a group over its second column
//!      | 本月 累计 增长%  | 本月 累计 增长%        the same headings in each group tell where one begins
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::normalise::Label;

/// A group has no more columns.
const MOST_COLUMNS: usize = 64;

/// The column whose name holds for each column of its group, where the headings below show that the name of some group does not stand
/// over its first column: they repeat, and each repetition has one name. None where nothing shows it.
pub(super) fn groups(names: &[(usize, Label)], below: &[(usize, Label)]) -> Option<BTreeMap<usize, usize>> {
    let named: BTreeSet<usize> = names.iter().map(|(column, _)| *column).collect();
    // The fewest columns that repeat up to the last one, and how often: as often as there are names.
    let repeated = (2..=MOST_COLUMNS.min(below.len() / 2)).find_map(|width| {
        let last = &below[below.len() - width..];
        let same = |block: &&[(usize, Label)]| block.iter().zip(last).all(|((_, a), (_, b))| a.whole == b.whole);
        let count = below.rchunks_exact(width).take_while(same).count();
        (count > 1).then_some((width, count))
    });
    let (width, count) = repeated?;
    let blocks: Vec<&[(usize, Label)]> = below[below.len() - width * count..].chunks(width).collect();
    let name_of = |block: &&[(usize, Label)]| {
        let mut own = block.iter().map(|(column, _)| *column).filter(|column| named.contains(column));
        own.next().filter(|_| own.next().is_none())
    };
    let of_blocks: Vec<usize> = blocks.iter().map(name_of).collect::<Option<_>>()?;
    // Years over quarters repeat too, from wherever one looks: no group begins before its name where the first one stands over its first
    // column.
    let (first, name) = (blocks.first()?.first()?.0, *of_blocks.first()?);
    let is_first = below.iter().map(|(column, _)| *column).find(|column| named.contains(column)) == Some(name);
    let columns =
        blocks.iter().zip(&of_blocks).flat_map(|(block, name)| block.iter().map(|(column, _)| (*column, *name)));
    (first < name && is_first).then(|| columns.collect())
}
