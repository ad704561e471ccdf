//! Text from outside on a terminal: names, headers and cells can hold what moves the cursor, changes colours, turns the direction of
//! writing, or begins another line. It is shown, not done.

use std::borrow::Cow;
use std::fmt::Write as _;

/// What does something to a terminal, or to the order in which characters are seen. A line feed ends the lines of this program.
fn is_active(c: char) -> bool {
    let turns_direction =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() && c != '\n' || turns_direction || matches!(c, '\u{2028}' | '\u{2029}')
}

/// A whole output with such characters as JSON and TOML write them in strings, `\u001b`, so that in these it means the same.
pub fn escaped(text: &str) -> Cow<'_, str> {
    replaced(text, is_active)
}

/// A part that must stay within its line.
pub fn inline(text: &str) -> Cow<'_, str> {
    replaced(text, |c| c == '\n' || is_active(c))
}

fn replaced(text: &str, is_active: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_active) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            // None of them is beyond four digits.
            active if is_active(active) => {
                let _ = write!(shown, "\\u{:04x}", u32::from(active));
            }
            other => shown.push(other),
        }
    }
    Cow::Owned(shown)
}
