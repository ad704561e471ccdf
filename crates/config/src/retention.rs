//! How much of the past the store keeps: `[retention]` of `site.toml`.

use super::document::Table;
use super::limits::not_between;
use vocab::said;

/// Releases of each kind that are kept, where the settings do not say it.
const USUAL_RELEASES: u64 = 2;
/// Ends of quarters that are kept, where the settings do not say it.
const USUAL_QUARTER_ENDS: u64 = 4;
/// No setting keeps more.
const MOST: u64 = 100_000;

/// What `gc` leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// The releases published last that are kept: of whole ones and of parts, for internal readers and for public ones.
    pub releases: usize,
    /// The calendar quarters, counted back from the last one, of which the last whole release is kept.
    pub quarter_ends: usize,
    /// Whether exports go that no kept release was made from and that are in the inbox no more.
    pub drop_raw: bool,
}

impl Default for Retention {
    fn default() -> Self {
        let [releases, quarter_ends] = [USUAL_RELEASES, USUAL_QUARTER_ENDS].map(|usual| usual as usize);
        Retention { releases, quarter_ends, drop_raw: false }
    }
}

impl Retention {
    pub(super) fn resolve(site: &Table<'_, '_>) -> Retention {
        let resolve = |table: &Table<'_, '_>| Retention {
            releases: whole(table, "releases", 1, USUAL_RELEASES),
            quarter_ends: whole(table, "quarter_ends", 0, USUAL_QUARTER_ENDS),
            drop_raw: match table.opt_text("raw_exports").as_deref() {
                None | Some("keep") => false,
                Some("needed") => true,
                Some(other) => {
                    let message = said!(
                        "`{other}` 既不是 \"keep\"，也不是 \"needed\"",
                        "`{other}` is neither \"keep\" nor \"needed\""
                    );
                    table.error("raw_exports", message);
                    false
                }
            },
        };
        site.table("retention", resolve).unwrap_or_default()
    }
}

fn whole(table: &Table<'_, '_>, key: &str, least: u64, usual: u64) -> usize {
    let value = table.opt_int(key).map_or(usual, |value| match u64::try_from(value) {
        Ok(value) if (least..=MOST).contains(&value) => value,
        _ => {
            table.error(key, not_between(key, usual, least, MOST));
            usual
        }
    });
    usize::try_from(value).unwrap_or(usize::MAX)
}
