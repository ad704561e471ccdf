//! Labels as they are compared: without their unit, their blanks, their quotes and the width of their characters.

use vocab::{text, unit};

/// One label of a header, as it stands and as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    /// The text as a person reads it, line breaks as blanks.
    pub(super) text: String,
    /// The name without its unit, normalised. Empty where the label is a unit and nothing else.
    pub(super) name: String,
    /// The whole label, normalised.
    pub(super) whole: String,
    /// The unit in its brackets, normalised.
    pub(super) unit: Option<String>,
    /// The row it stands in.
    pub(super) row: usize,
    /// Whether it stands over several columns.
    pub(super) spans: bool,
    /// Whether it says something of the series other than its name: its region, its frequency, its unit.
    pub(super) attribute: bool,
}

impl Label {
    /// The label that `cell` holds; none where it is blank.
    pub(super) fn new(cell: &str, row: usize) -> Option<Label> {
        /// What is longer is a text, and no heading: its beginning tells it apart, and a heading may span thousands of columns.
        const LONGEST: usize = 1024;
        let cell = text::trim(cell);
        let cell = &cell[..cell.floor_char_boundary(LONGEST)];
        let words: Vec<&str> = cell.split(text::is_blank).filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            return None;
        }
        let text = words.join(" ");
        let (name, unit) = unit::split_label(&text);
        Some(Label { name: text::key(&name), whole: text::key(&text), text, unit, row, spans: false, attribute: false })
    }

    /// Whether this is the label that `declared` means, given normalised by [`name_key`].
    pub(super) fn is(&self, declared: &str) -> bool {
        self.name == declared || self.whole == declared
    }
}

/// A declared header as labels are compared with it.
pub(super) fn name_key(declared: &str) -> String {
    text::key(&unit::split_label(declared).0)
}

/// The parts of `text` before and after its first colon, if what stands before it is short enough for a key.
pub(super) fn key_and_value(cell: &str) -> Option<(&str, &str)> {
    /// Longer texts before a colon are sentences.
    const LONGEST_KEY: usize = 12;
    let (at, colon) = cell.char_indices().find(|&(_, c)| text::fold(c) == ':')?;
    let key = text::trim(&cell[..at]);
    let value = text::trim(&cell[at + colon.len_utf8()..]);
    // A bracket that closes behind the colon makes the colon a part of a title: `台账（单位：公顷）`.
    let depth = key.chars().map(text::fold).fold(0, |depth, c| depth + i32::from(c == '(') - i32::from(c == ')'));
    (!key.is_empty() && depth == 0 && key.chars().count() <= LONGEST_KEY).then_some((key, value))
}
