//! Parts of a quantity are in its unit: below `年末人口（万人）`, `其中：男性` is in 万人, whatever stands over the table.

use super::names::{depth, is_of_which};
use vocab::unit::{self, Own};

/// The quantities that stand over the row at hand and of which it may be a part, from the outermost on: how far each is indented, and its
/// unit, where it says one or is itself a part of one that does.
#[derive(Debug, Clone, Default)]
pub struct Wholes(Vec<(usize, Option<String>)>);

impl Wholes {
    /// The unit of the quantity that the next row is a part of, by its name as it is written; none where that states none, or the row
    /// states its own in `unit`, or speaks of something else in `own`.
    pub fn unit_for(&mut self, name: &str, unit: Option<&str>, own: Option<Own>) -> Option<String> {
        let (depth, of_which) = (depth(name), is_of_which(name));
        self.0.retain(|(other, _)| *other < depth || of_which && *other == depth);
        let may_be = |said: &String| own.is_none_or(|own| unit::known(said).is_some_and(|said| own.may_be_in(said)));
        let whole = self.0.last().and_then(|(_, whole)| whole.clone()).filter(may_be);
        if !of_which {
            self.0.push((depth, unit.map(str::to_owned).or_else(|| whole.clone())));
        }
        whole.filter(|_| unit.is_none())
    }
}
