//! Text that is set apart within a cell: raised, as the mark of a footnote is, or struck out. Beside a figure it would make another figure
//! of it: 123¹ is no 1231. A sign in between leaves a text that is no number, and is told as one.

/// Before what is raised behind a figure.
pub(super) const RAISED: char = '^';

/// Before what is struck out.
pub(super) const STRUCK: char = '×';

/// Begins a piece of text with its mark, where it has one: what is raised behind a letter (m²) stays a part of the word.
pub(super) fn start(text: &mut String, mark: Option<char>) {
    let is_behind_figure = || text.ends_with(|c: char| c.is_numeric());
    match mark {
        Some(RAISED) if !is_behind_figure() => {}
        Some(mark) => text.push(mark),
        None => {}
    }
}
