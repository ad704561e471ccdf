//! Counties: codes that changed, and the ten that the province administers itself.

use super::super::quarter::Quarter;

/// A county whose code was given up: the code, the one that stands for it now, and the first quarter exports carry that.
struct Recoded {
    old: &'static str,
    new: &'static str,
    since: (i32, u8),
}

const fn recoded(old: &'static str, new: &'static str, since: (i32, u8)) -> Recoded {
    Recoded { old, new, since }
}

/// Codes as of April 2019 that were given up later. 孟津县 and 吉利区 became one district.
const RECODED: [Recoded; 5] = [
    recoded("410728", "410783", (2019, 3)),
    recoded("411626", "411603", (2019, 3)),
    recoded("410322", "410308", (2021, 2)),
    recoded("410306", "410308", (2021, 2)),
    recoded("410381", "410307", (2021, 2)),
];

/// The ten 省直管县, by their codes of April 2019: 巩义 兰考 汝州 滑县 长垣 邓州 永城 固始 鹿邑 新蔡.
pub(crate) const DIRECT: [&str; 10] =
    ["410181", "410225", "410482", "410526", "410728", "411381", "411481", "411525", "411628", "411729"];

/// Whether several counties were made into the one with this code.
pub(crate) fn is_merged(current: &str) -> bool {
    RECODED.iter().filter(|recoded| recoded.new == current).count() > 1
}

/// The code that stands for a county today.
pub(crate) fn current(code: &'static str) -> &'static str {
    RECODED.iter().find(|recoded| recoded.old == code).map_or(code, |recoded| recoded.new)
}

/// The code that an export of a quarter carries.
pub(crate) fn code_at(code: &'static str, quarter: Quarter) -> &'static str {
    let since =
        |recoded: &&Recoded| Quarter::new(recoded.since.0, recoded.since.1).is_some_and(|since| since <= quarter);
    RECODED.iter().filter(|recoded| recoded.old == code).find(since).map_or(code, |recoded| recoded.new)
}
