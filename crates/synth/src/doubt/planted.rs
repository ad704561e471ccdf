//! What was planted, and the list that tells it.

use crate::write::{Delimited, File};

/// One thing that was planted, as `truth/planted.csv` tells it.
#[derive(Clone, Default)]
pub(super) struct Planted {
    pub kind: &'static str,
    /// Dataset of the export; none where the world changed.
    pub dataset: &'static str,
    /// Path below `exports/` of what was changed, added or left out.
    pub file: String,
    /// Code of the park or of the enterprise.
    pub unit: String,
    pub quarter: String,
    pub how: String,
}

/// What was planted in a file, in words; the file itself is known to who asked for it.
pub(super) fn told(how: &str) -> Planted {
    Planted { how: how.to_owned(), ..Planted::default() }
}

/// The list of what was planted; none where nothing was.
pub(super) fn list(planted: &[Planted]) -> Option<File> {
    let mut table = Delimited::plain();
    table.texts(&["kind", "dataset", "file", "unit", "quarter", "how"]);
    for Planted { kind, dataset, file, unit, quarter, how } in planted {
        table.texts(&[kind, dataset, file.as_str(), unit, quarter, how]);
    }
    let rows = planted.len() as u64;
    let name = "truth/planted.csv".to_owned();
    (rows > 0).then(|| File { name, bytes: table.finish(), rows, spoiled: Vec::new() })
}
