//! The areas and quarters that figures are published for, in their order: by level, quarter and code.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;

use vocab::frame::Frame;
use vocab::level::Level;
use vocab::period::Quarter;

/// One area in one quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Level of the area.
    pub level: Level,
    /// The quarter.
    pub quarter: Quarter,
    /// Code of the area.
    pub ref_area: Arc<str>,
    /// Name of the area.
    pub ref_area_name: Arc<str>,
    /// What it is through time: the same for all codes that one park had.
    pub line: Arc<str>,
    /// Its code a year ago, where it was another one.
    pub year_ago: Option<Arc<str>>,
    /// The quarter since which its territory is what it is, where it came from others.
    pub territory_from: Option<Quarter>,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Places<'a> {
    ordered: Vec<Arc<Place>>,
    /// Where each is, by level, quarter and code.
    positions: HashMap<(Level, Quarter, &'a str), usize, FixedState>,
    /// The same by what an area is through time.
    of_lines: HashMap<(Level, Quarter, Arc<str>), usize, FixedState>,
}

impl<'a> Places<'a> {
    /// Those of a table that has `level`, `ref_area`, `ref_area_name` and `quarter`, one row for each.
    pub(super) fn of(areas: &'a Frame) -> Places<'a> {
        let (names, lines) = (areas.texts("ref_area_name"), areas.texts("line"));
        let territories = areas.ints("territory_from");
        let mut ordered: Vec<(&'a str, Place)> = Vec::with_capacity(areas.rows());
        for (row, level, quarter, ref_area) in named(areas) {
            let ref_area_name = names.and_then(|names| names.get(row)).unwrap_or_default().into();
            let line = lines.and_then(|lines| lines.get(row)).unwrap_or(ref_area).into();
            let territory_from = territories.and_then(|since| since.get(row)).and_then(Quarter::of_column);
            let place = Place {
                level,
                quarter,
                ref_area: ref_area.into(),
                ref_area_name,
                line,
                year_ago: None,
                territory_from,
            };
            ordered.push((ref_area, place));
        }
        ordered.sort_by(|(a_area, a), (b_area, b)| (a.level, a.quarter, a_area).cmp(&(b.level, b.quarter, b_area)));
        let position =
            |(at, (ref_area, place)): (usize, &(&'a str, Place))| ((place.level, place.quarter, *ref_area), at);
        let positions = ordered.iter().enumerate().map(position).collect();
        let mut ordered: Vec<Place> = ordered.into_iter().map(|(_, place)| place).collect();
        let of_line = |(at, place): (usize, &Place)| ((place.level, place.quarter, place.line.clone()), at);
        let of_lines: HashMap<_, _, FixedState> = ordered.iter().enumerate().map(of_line).collect();
        for at in 0..ordered.len() {
            let Place { level, quarter, line, ref_area, .. } = &ordered[at];
            let before = quarter.plus(-4).and_then(|before| of_lines.get(&(*level, before, line.clone())));
            let before = before.map(|before| &ordered[*before].ref_area);
            ordered[at].year_ago = before.filter(|before| *before != ref_area).cloned();
        }
        Places { positions, of_lines, ordered: ordered.into_iter().map(Arc::new).collect() }
    }

    /// The positions of the places of one level and quarter, for one after another.
    pub(super) fn groups(&self) -> impl Iterator<Item = Range<usize>> {
        let groups = self.ordered.chunk_by(|a, b| (a.level, a.quarter) == (b.level, b.quarter));
        groups.scan(0, |start, group| {
            let range = *start..*start + group.len();
            *start = range.end;
            Some(range)
        })
    }

    /// For each place its row in `table`, which names places as the one these were made of does; none where it has no row.
    pub(super) fn rows_in(&self, table: &Frame) -> Vec<Option<usize>> {
        let mut rows = vec![None; self.ordered.len()];
        for (row, level, quarter, ref_area) in named(table) {
            if let Some(at) = self.positions.get(&(level, quarter, ref_area)) {
                rows[*at] = Some(row);
            }
        }
        rows
    }

    /// Where the same area stands so many quarters before.
    pub(super) fn ago(&self, at: usize, quarters: i32) -> Option<usize> {
        let place = self.get(at);
        self.of_lines.get(&(place.level, place.quarter.plus(-quarters)?, place.line.clone())).copied()
    }

    /// The first quarter of each area of a level, by what it is through time.
    pub(super) fn beginnings(&self) -> HashMap<(Level, Arc<str>), Quarter, FixedState> {
        let mut first: HashMap<(Level, Arc<str>), Quarter, FixedState> = HashMap::default();
        for place in &self.ordered {
            let begun = first.entry((place.level, place.line.clone())).or_insert(place.quarter);
            *begun = place.quarter.min(*begun);
        }
        first
    }

    /// The place at a position.
    pub(super) fn get(&self, at: usize) -> &Arc<Place> {
        &self.ordered[at]
    }
}

/// The rows of a table that name a place: level, quarter and code.
fn named(table: &Frame) -> impl Iterator<Item = (usize, Level, Quarter, &str)> {
    let (levels, areas, quarters) = (table.texts("level"), table.texts("ref_area"), table.ints("quarter"));
    let level = move |row: usize| Level::parse(levels?.get(row)?);
    let quarter = move |row| Quarter::of_column(quarters?.get(row)?);
    (0..table.rows()).filter_map(move |row| Some((row, level(row)?, quarter(row)?, areas?.get(row)?)))
}
