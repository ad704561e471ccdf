//! What tests written in definitions come to otherwise than written, in words.

use std::fmt::Debug;

use vocab::{Said, said};

/// What came out of a test of a definition.
pub(super) fn of_test(definition: &str, test: &str, what: &Said) -> Said {
    said!("{definition}：{test}：{what}", "{definition}: {test}: {what}"; what)
}

/// A number, if there is one.
pub(super) fn number<T: Debug>(number: Option<T>) -> Said {
    let there = number.as_ref().map_or_else(|| "无".to_owned(), |number| format!("{number:?}"));
    Said::new(there, format!("{number:?}"))
}
