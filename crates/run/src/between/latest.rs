//! Of rows with the same key, the one issued last. What contradicts that rule is told, never settled by chance.

use std::collections::{BTreeMap, HashMap};

use vocab::frame::{Frame, Values};
use vocab::period::Date;
use vocab::{Place, Problem, Said, rules, said};

/// The facts of one export of which another one may hold the same rows, as far as they are needed.
pub(crate) struct Vintage {
    /// The rows.
    pub(crate) frame: Frame,
    /// The day of issue.
    pub(crate) day: Option<Date>,
    /// The export.
    pub(crate) file: String,
}

/// Where a row is: which export, and which row of its facts.
type RowOf = (usize, usize);

/// Leaves out of `vintages`, the latest first, every row that a later one has under the same key. Without a key no row is
/// known to be another one, and all count.
pub(crate) fn keep_latest(vintages: &mut [&mut Vintage], keys: &[&str]) -> Vec<Problem> {
    if keys.is_empty() {
        return Vec::new();
    }
    let mut holds: HashMap<String, RowOf> = HashMap::new();
    // One problem for two exports, however many rows they do not agree on: the first one, and how many.
    let mut ties: BTreeMap<(usize, usize), (Place, Place, usize)> = BTreeMap::new();
    let mut undated: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut left_out: Vec<Vec<bool>> = vintages.iter().map(|vintage| vec![false; vintage.frame.rows()]).collect();
    for (at, vintage) in vintages.iter().enumerate() {
        let columns: Vec<&Values> = keys.iter().filter_map(|key| vintage.frame.column(key)).collect();
        for row in 0..vintage.frame.rows() {
            let key = key(&columns, row);
            let Some(&(other, its)) = holds.get(&key) else {
                holds.insert(key, (at, row));
                continue;
            };
            left_out[at][row] = true;
            let later = &vintages[other];
            if vintage.day.is_none() && later.day.is_some() && differ(&later.frame, its, &vintage.frame, row) {
                *undated.entry((at, other)).or_default() += 1;
            }
            if other != at && later.day == vintage.day && differ(&later.frame, its, &vintage.frame, row) {
                left_out[other][its] = true;
                let tie = ties.entry((at, other)).or_insert_with(|| (place(vintage, row), place(later, its), 0));
                tie.2 += 1;
            }
        }
    }
    let told = ties.into_values().map(|(place, other, rows)| {
        Problem::new(&rules::VINTAGES_TIE, place).said(counted(rows)).expected([other.to_string()])
    });
    let never_used = undated.into_iter().map(|((at, other), rows)| {
        let place = Place::file(&vintages[at].file);
        Problem::new(&rules::ISSUE_UNDATED, place).said(counted(rows)).expected([&vintages[other].file])
    });
    let told: Vec<Problem> = told.chain(never_used).collect();
    for (vintage, left_out) in vintages.iter_mut().zip(left_out) {
        if left_out.contains(&true) {
            let kept: Vec<usize> = (0..left_out.len()).filter(|&row| !left_out[row]).collect();
            vintage.frame = vintage.frame.take(&kept);
        }
    }
    told
}

/// How many rows it is about.
fn counted(rows: usize) -> Said {
    said!("{rows} 行", "{rows} rows")
}

/// The values of these columns in a row, so that equal keys are equal texts.
fn key(columns: &[&Values], row: usize) -> String {
    let mut key = String::new();
    for column in columns {
        key.push_str(&column.text(row).unwrap_or_default());
        key.push('\u{1f}');
    }
    key
}

/// Columns that say where a row stands in its export.
pub(crate) const ORIGIN: [&str; 2] = ["source_row", "source_sheet"];

/// All columns that say where a row comes from, not what it says.
pub(crate) const ADDRESS: [&str; 6] =
    ["source_row", "source_sheet", "source_file", "source_column", "vintage", "corrections"];

fn differ(a: &Frame, row: usize, b: &Frame, other: usize) -> bool {
    let columns = a.columns().iter().filter(|(name, _)| !ADDRESS.contains(&name.as_str()));
    columns
        .into_iter()
        .any(|(name, values)| b.column(name).is_some_and(|others| values.text(row) != others.text(other)))
}

fn place(vintage: &Vintage, row: usize) -> Place {
    let number = vintage.frame.ints(ORIGIN[0]).and_then(|rows| rows.get(row)).and_then(|row| u32::try_from(row).ok());
    let sheet = vintage.frame.column(ORIGIN[1]).and_then(|sheets| sheets.text(row)).unwrap_or_default();
    Place { sheet, row: number, ..Place::file(&vintage.file) }
}
