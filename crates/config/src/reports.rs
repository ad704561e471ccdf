//! What people are given to read beside the tables: `[reports]` of `site.toml`.

use super::document::Table;

/// Quarters that get a report, where the settings do not say it.
const USUAL_QUARTERS: i64 = 1;
/// No setting has more: 25 years.
const MOST_QUARTERS: i64 = 100;

/// Which reports a release holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reports {
    /// Whether there are any.
    pub enabled: bool,
    /// So many of the last quarters of the release get a report.
    pub quarters: usize,
    /// Whether there is a workbook in English beside the one in Chinese.
    pub english: bool,
}

impl Default for Reports {
    fn default() -> Self {
        Reports { enabled: true, quarters: USUAL_QUARTERS as usize, english: false }
    }
}

impl Reports {
    pub(super) fn resolve(table: &Table<'_, '_>) -> Reports {
        let quarters = table.int_within("quarters", 1..=MOST_QUARTERS).unwrap_or(USUAL_QUARTERS);
        Reports {
            enabled: table.flag("enabled", true),
            quarters: usize::try_from(quarters).unwrap_or_default(),
            english: table.flag("english", false),
        }
    }
}
