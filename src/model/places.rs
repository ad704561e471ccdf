//! The areas and quarters that figures are published for, in their order: by level, quarter and code.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::config::indicator::LEVELS;
use crate::vocab::frame::Frame;

/// One area in one quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// One of [`LEVELS`].
    pub level: &'static str,
    /// The quarter.
    pub quarter: i64,
    /// Code of the area.
    pub ref_area: Arc<str>,
    /// Name of the area.
    pub ref_area_name: Arc<str>,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Places {
    ordered: Vec<Arc<Place>>,
    /// Those of one level and quarter.
    groups: BTreeMap<(&'static str, i64), Range<usize>>,
}

impl Places {
    /// Those of a table that has `level`, `ref_area`, `ref_area_name` and `quarter`, one row for each.
    pub(super) fn of(areas: &Frame) -> Places {
        let names = areas.texts("ref_area_name");
        let place = |(row, level, quarter, ref_area): (usize, &'static str, i64, &str)| {
            let ref_area_name = names.and_then(|names| names.get(row)).unwrap_or_default().into();
            Arc::new(Place { level, quarter, ref_area: ref_area.into(), ref_area_name })
        };
        let mut ordered: Vec<Arc<Place>> = named(areas).map(place).collect();
        let level = |place: &Place| LEVELS.iter().position(|level| *level == place.level);
        ordered.sort_by(|a, b| (level(a), a.quarter, &a.ref_area).cmp(&(level(b), b.quarter, &b.ref_area)));
        let mut groups = BTreeMap::new();
        let mut start = 0;
        for group in ordered.chunk_by(|a, b| (a.level, a.quarter) == (b.level, b.quarter)) {
            groups.insert((group[0].level, group[0].quarter), start..start + group.len());
            start += group.len();
        }
        Places { ordered, groups }
    }

    /// The places of one level and quarter after another, as positions.
    pub(super) fn groups(&self) -> Vec<Range<usize>> {
        let mut groups: Vec<Range<usize>> = self.groups.values().cloned().collect();
        groups.sort_by_key(|group| group.start);
        groups
    }

    /// For each place its row in `table`, which names places as the one these were made of does; none where it has no row.
    pub(super) fn rows_in(&self, table: &Frame) -> Vec<Option<usize>> {
        let mut rows = vec![None; self.ordered.len()];
        for (row, level, quarter, ref_area) in named(table) {
            let Some(group) = self.groups.get(&(level, quarter)) else { continue };
            let within = &self.ordered[group.clone()];
            if let Ok(at) = within.binary_search_by(|place| (*place.ref_area).cmp(ref_area)) {
                rows[group.start + at] = Some(row);
            }
        }
        rows
    }

    /// The place at a position.
    pub(super) fn get(&self, at: usize) -> &Arc<Place> {
        &self.ordered[at]
    }
}

/// The rows of a table that name a place: level, quarter and code.
fn named(table: &Frame) -> impl Iterator<Item = (usize, &'static str, i64, &str)> {
    let (levels, areas, quarters) = (table.texts("level"), table.texts("ref_area"), table.ints("quarter"));
    (0..table.rows()).filter_map(move |row| {
        let level = levels?.get(row)?;
        let level = LEVELS.iter().find(|known| **known == level)?;
        Some((row, *level, quarters?[row]?, areas?.get(row)?))
    })
}
