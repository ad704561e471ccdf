//! The cells of a row as it was sent, in the column `cells` of rows that are set aside.
//!
//! A JSON array of texts, one for each cell, whatever stands in it: any reader can replay it. A long run of empty cells is
//! written as their number (`["甲", 16382, "1"]`), so that a row takes room for what it holds and not for how wide it is.

use serde_json::{Number, Value};

use read::grid::{Row, SHORTEST_GAP};

/// The cells of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawCells {
    /// The cells in which something stands, each with its column, counted from zero.
    pub filled: Vec<(usize, String)>,
    /// Cells of the row, the empty ones too.
    pub len: usize,
}

impl RawCells {
    /// Reads what [`raw_cells`] wrote; what is no such array holds no cells.
    pub fn parse(json: &str) -> Self {
        let mut cells = RawCells::default();
        let parts: Vec<Value> = serde_json::from_str(json).unwrap_or_default();
        for part in parts {
            match part {
                Value::Number(empty) => cells.len = cells.len.saturating_add(whole(&empty)),
                Value::String(text) if text.is_empty() => cells.len += 1,
                Value::String(text) => {
                    cells.filled.push((cells.len, text));
                    cells.len += 1;
                }
                _ => {}
            }
        }
        cells
    }
}

fn whole(number: &Number) -> usize {
    number.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(0)
}

/// The cells of a row as JSON.
pub(super) fn raw_cells(row: Row<'_>) -> String {
    let mut parts = Vec::new();
    let mut next = 0;
    for (column, cell) in row.filled() {
        add_empty(&mut parts, column - next);
        parts.push(Value::from(cell));
        next = column + 1;
    }
    add_empty(&mut parts, row.len() - next);
    Value::from(parts).to_string()
}

fn add_empty(parts: &mut Vec<Value>, empty: usize) {
    if empty < SHORTEST_GAP as usize {
        parts.extend((0..empty).map(|_| Value::from("")));
    } else {
        parts.push(Value::from(empty));
    }
}
