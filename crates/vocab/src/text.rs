//! Characters as Chinese exports write them: full width, odd blanks, five kinds of dash.

/// The half-width form of a full-width character (`０` to `0`, `％` to `%`, U+3000 to a blank); others as they are.
#[inline]
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '\u{ffe5}' => '¥',
        _ => c,
    }
}

/// Whether a character shows nothing: white space of any script, and the marks that editors leave behind.
#[inline]
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

/// The text without blanks around it.
#[inline]
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// The one form that stands for all writings of a mark: half width, one dash, one bracket, one colon, lower case.
pub fn fold(c: char) -> char {
    match half_width(c) {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' | '~' | '\u{301c}' | '\u{223c}' => '-',
        '[' | '{' | '【' | '〔' | '〖' => '(',
        ']' | '}' | '】' | '〕' | '〗' => ')',
        '\u{fe30}' | '\u{2236}' | '\u{fe13}' => ':',
        half => half.to_ascii_lowercase(),
    }
}

/// The form in which labels are compared: folded, without blanks and without quotation marks.
pub fn key(text: &str) -> String {
    text.chars()
        .filter(|&c| !is_blank(c))
        .map(fold)
        .filter(|c| !matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’' | '「' | '」'))
        .collect()
}
