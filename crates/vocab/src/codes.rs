//! Codes of enterprises, industries and regions, with their check characters.
//!
//! The usual writing (ASCII, no blanks) is checked in place; any other is first folded into a buffer on the stack.

use super::text;

/// An organisation code (GB 11714): characters 9 to 17 of a unified social credit code, upper case.
///
/// Exports of 2015 to 2017 mix codes of 9 and 18 characters, so this is what enterprises are joined on.
pub type OrganisationCode = [u8; 9];

/// An organisation code of nine characters as a number of base 36: tables of models know enterprises by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitNumber(pub i64);

impl UnitNumber {
    /// The number of an organisation code; none where there is a character that is no digit of base 36.
    pub fn of(code: &str) -> Option<UnitNumber> {
        let digit = |byte: u8| char::from(byte).to_digit(36).map(i64::from);
        code.bytes().try_fold(0_i64, |number, byte| number.checked_mul(36)?.checked_add(digit(byte)?)).map(UnitNumber)
    }

    /// The organisation code of a number: the way back of [`UnitNumber::of`].
    pub fn code(self) -> String {
        let mut rest = self.0.unsigned_abs();
        let mut code = ['0'; 9];
        for character in code.iter_mut().rev() {
            *character = char::from_digit((rest % 36) as u32, 36).unwrap_or('0').to_ascii_uppercase();
            rest /= 36;
        }
        code.into_iter().collect()
    }
}

/// What is wrong with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeError {
    /// Everything is in order but the check character: one character is mistyped.
    CheckCharacter,
    /// Wrong length, or a character that cannot occur.
    Malformed,
}

/// The alphabet of GB 32100: no I, O, Z, S, V.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Marks a byte that is not in a table.
const NONE: u8 = 0xff;

/// The value of each character in GB 32100; lower case counts as upper case.
const CREDIT_VALUE: [u8; 256] = {
    let mut table = [NONE; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        table[ALPHABET[value] as usize] = value as u8;
        table[ALPHABET[value].to_ascii_lowercase() as usize] = value as u8;
        value += 1;
    }
    table
};

/// The value of each character in GB 11714, where `A` is 10 and `Z` would be 35. The letters that GB 32100 leaves
/// out are left out here too: a code that holds one has no place in a credit code and could never be joined.
const ORGANISATION_VALUE: [u8; 256] = {
    let mut table = [NONE; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        let character = ALPHABET[value];
        let number = if character <= b'9' { character - b'0' } else { character - b'A' + 10 };
        table[character as usize] = number;
        table[character.to_ascii_lowercase() as usize] = number;
        value += 1;
    }
    table
};

/// Weights of GB 32100: 3^(i-1) mod 31.
const CREDIT_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Weights of GB 11714.
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// The longest code that is looked at, with its separators.
const LONGEST: usize = 24;

/// Reads an enterprise's code, a credit code of 18 characters or an organisation code of 9 (also with a hyphen before
/// its check character), and gives its organisation code.
///
/// # Errors
/// If the code is malformed, or its check character is wrong.
#[inline]
pub fn unit_code(cell: &str) -> Result<OrganisationCode, CodeError> {
    if let Ok(code) = <&[u8; 18]>::try_from(cell.as_bytes()) {
        match credit_code(code) {
            // Blanks and full-width characters may also come to 18 bytes.
            Err(CodeError::Malformed) => {}
            checked => return checked,
        }
    }
    let mut buffer = [0; LONGEST];
    match fold(cell, &mut buffer).ok_or(CodeError::Malformed)? {
        [a, b, c, d, e, f, g, h, b'-', check] | [a, b, c, d, e, f, g, h, check] => {
            organisation_code(&[*a, *b, *c, *d, *e, *f, *g, *h, *check])
        }
        folded => credit_code(folded.try_into().map_err(|_| CodeError::Malformed)?),
    }
}

/// Checks a credit code of GB 32100 and gives its organisation code.
fn credit_code(code: &[u8; 18]) -> Result<OrganisationCode, CodeError> {
    let mut values = [0_u8; 18];
    // Every value is below 31, so one that is missing shows in the high bit of all taken together.
    let mut seen = 0;
    for (value, &byte) in values.iter_mut().zip(code) {
        *value = CREDIT_VALUE[usize::from(byte)];
        seen |= *value;
    }
    // All zeros passes the check, and is what people type when they have no code.
    if seen & 0x80 != 0 || seen == 0 {
        return Err(CodeError::Malformed);
    }
    let sum: u32 = values.iter().zip(CREDIT_WEIGHTS).map(|(&value, weight)| u32::from(value) * weight).sum();
    if (31 - sum % 31) % 31 != u32::from(values[17]) {
        return Err(CodeError::CheckCharacter);
    }
    let mut organisation = [0; 9];
    for (character, &value) in organisation.iter_mut().zip(&values[8..17]) {
        *character = ALPHABET[usize::from(value)];
    }
    Ok(organisation)
}

/// Whether the check character of an organisation code holds: in a credit code it is one of two, and the outer one may hold alone.
pub fn holds(code: &OrganisationCode) -> bool {
    organisation_code(code).is_ok()
}

/// The division that an industry code names which is no class and no division: a group (`361`), or a code behind the letter of its
/// section (`C36`, `C3610`).
pub fn industry_division(cell: &str) -> Option<String> {
    let mut buffer = [0; LONGEST];
    let folded = fold(cell, &mut buffer)?;
    let (section, digits) = match folded {
        [letter, digits @ ..] if letter.is_ascii_alphabetic() => (true, digits),
        digits => (false, digits),
    };
    let length = if section { 2..=4 } else { 3..=3 };
    let is_code = length.contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(digits).ok().filter(|_| is_code)?;
    Some(if section { text.to_owned() } else { text.get(..2)?.to_owned() })
}

/// Checks an organisation code of GB 11714. `B` is the check character of local units, which have no number of
/// their own, and always holds.
fn organisation_code(code: &[u8; 9]) -> Result<OrganisationCode, CodeError> {
    let mut sum = 0;
    let mut seen = 0;
    for (&byte, weight) in code.iter().zip(ORGANISATION_WEIGHTS) {
        let value = ORGANISATION_VALUE[usize::from(byte)];
        seen |= value;
        sum += u32::from(value) * weight;
    }
    if seen & 0x80 != 0 || seen == 0 {
        return Err(CodeError::Malformed);
    }
    let upper = code.map(|byte| byte.to_ascii_uppercase());
    let right = match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + digit as u8,
    };
    match upper[8] {
        check if check == right || check == b'B' => Ok(upper),
        b'0'..=b'9' | b'X' => Err(CodeError::CheckCharacter),
        _ => Err(CodeError::Malformed),
    }
}

/// Folds a code to half width, with one kind of hyphen and without blanks around it; none if it is too long or has a
/// character beyond ASCII.
fn fold<'b>(cell: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b [u8]> {
    let mut length = 0;
    for c in text::trim(cell).chars() {
        let folded = text::half_width(c);
        let byte = match folded {
            '\u{2010}'..='\u{2015}' | '\u{2212}' => b'-',
            _ if folded.is_ascii() => folded as u8,
            _ => return None,
        };
        *buffer.get_mut(length)? = byte;
        length += 1;
    }
    buffer.get(..length)
}

/// An industry code of GB/T 4754: a division (2 digits), group (3) or class (4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Industry {
    digits: [u8; 4],
    length: u8,
    /// Whether a leading zero was restored.
    pub repaired: bool,
}

impl Industry {
    /// The code.
    pub fn as_str(&self) -> &str {
        self.prefix(usize::from(self.length))
    }

    /// The division: the first two digits.
    pub fn division(&self) -> &str {
        self.prefix(2)
    }

    fn prefix(&self, length: usize) -> &str {
        // Digits are ASCII by construction.
        self.digits.get(..length).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or("")
    }
}

/// Reads an industry code, restoring the leading zero that spreadsheets drop (`610` is 0610, `6` is 06).
///
/// Three digits are repaired only where they begin with 6 to 9: these divisions of industry have a leading zero. `131`
/// may be group 131 or class 0131 of farming, and is refused.
///
/// # Errors
/// If the code is malformed.
#[inline]
pub fn industry(cell: &str) -> Result<Industry, CodeError> {
    let mut buffer = [0; LONGEST];
    let code = match cell.as_bytes() {
        plain @ [_, _, _, _] if plain.iter().all(u8::is_ascii_digit) => plain,
        _ => fold(cell, &mut buffer).filter(|code| code.iter().all(u8::is_ascii_digit)).ok_or(CodeError::Malformed)?,
    };
    let (digits, length, repaired) = match *code {
        [a, b, c, d] => ([a, b, c, d], 4, false),
        [b'0', b, c] => ([b'0', b, c, 0], 3, false),
        [a @ b'6'..=b'9', b, c] => ([b'0', a, b, c], 4, true),
        [a, b] => ([a, b, 0, 0], 2, false),
        [a] => ([b'0', a, 0, 0], 2, true),
        _ => return Err(CodeError::Malformed),
    };
    if digits[..2] == *b"00" {
        return Err(CodeError::Malformed);
    }
    Ok(Industry { digits, length, repaired })
}

/// Reads an administrative division code of GB/T 2260 and gives its six digits.
///
/// Two digits (province) and four (prefecture) are filled up with zeros; of the nine or twelve digits of a town or
/// village, the six of its county count.
///
/// # Errors
/// If the code is malformed.
pub fn region(cell: &str) -> Result<u32, CodeError> {
    let mut buffer = [0; LONGEST];
    let code = fold(cell, &mut buffer)
        .filter(|code| code.iter().all(u8::is_ascii_digit) && matches!(code, [b'1'..=b'9', ..]))
        .ok_or(CodeError::Malformed)?;
    let number = |digits: &[u8]| digits.iter().fold(0, |value, &digit| value * 10 + u32::from(digit - b'0'));
    match code.len() {
        2 => Ok(number(code) * 10_000),
        4 => Ok(number(code) * 100),
        6 | 9 | 12 => Ok(number(&code[..6])),
        _ => Err(CodeError::Malformed),
    }
}
