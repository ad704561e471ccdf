//! Places in a worksheet of Office Open XML, as text.

use super::grid::Merge;

/// A row's number as Excel knows them, counted from zero.
pub(super) fn row_number(digits: &str) -> Option<u32> {
    const ROWS: u32 = 1 << 20;
    let plain = digits.bytes().all(|digit| digit.is_ascii_digit());
    let row = digits.parse::<u32>().ok().filter(|row| plain && (1..=ROWS).contains(row))?;
    row.checked_sub(1)
}

/// Row and column of an address such as `AB12`, counted from zero.
pub(super) fn address(text: &str) -> Option<(u32, u32)> {
    const COLUMNS: u32 = 1 << 14;
    let text = text.trim();
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = text.split_at_checked(letters)?;
    let mut column: u32 = 0;
    for letter in letters.bytes() {
        column = column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)?;
    }
    Some((row_number(digits)?, column.checked_sub(1).filter(|column| *column < COLUMNS)?))
}

/// A merged area such as `A1:C2`.
pub(super) fn area(text: &str) -> Option<Merge> {
    let (from, to) = text.split_once(':')?;
    let ((top, left), (bottom, right)) = (address(from)?, address(to)?);
    Some(Merge {
        row: top as usize,
        column: left as usize,
        rows: bottom.checked_sub(top)? as usize + 1,
        columns: right.checked_sub(left)? as usize + 1,
    })
}
