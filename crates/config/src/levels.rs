//! Levels of areas, as they are typed.

use super::document::{Table, did_you_mean};
use vocab::level::Level;
use vocab::{Said, said};

/// That a word is no level.
pub(crate) fn no_level(word: &str) -> Said {
    let hint = did_you_mean(word, &Level::words(&Level::ALL));
    said!("`{word}` 不是层级{hint}", "`{word}` is not a level{hint}"; hint)
}

/// The levels that are named, if any are.
pub(crate) fn levels(table: &Table<'_, '_>) -> Option<Vec<Level>> {
    let words = table.texts("levels");
    let level = |word: &String| {
        let level = Level::parse(word);
        if level.is_none() {
            table.error("levels", no_level(word));
        }
        level
    };
    let levels = words.iter().filter_map(level).collect();
    (!words.is_empty()).then_some(levels)
}
