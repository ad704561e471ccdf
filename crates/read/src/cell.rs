//! How a workbook's values are written as text: as a person sees them in the "General" format, so that no digit is
//! invented, and dates as ISO 8601.

use std::borrow::Cow;
use std::fmt::Write;

use super::number_format::Sections;

/// What a number in a cell means, by its number format.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) enum Meaning {
    /// A number.
    #[default]
    Number,
    /// A number that is shown as another one, or with its unit.
    Shown(Sections),
    /// Days since the epoch: a date, a time of day, or both.
    Date,
    /// A day that stands for its month: `2018年3月`.
    Month,
    /// A day that stands for its year.
    Year,
    /// A length of time in days.
    Duration,
}

impl Meaning {
    /// The meaning of a built-in format. 27 to 36 and 50 to 58 are the dates of East Asian editions.
    pub fn of_builtin(id: u16) -> Self {
        match id {
            9 | 10 => Meaning::Shown(Sections::percent()),
            17 | 27 | 36 | 50 | 52 | 57 => Meaning::Month,
            14..=22 | 28..=35 | 45 | 47 | 51..=58 => Meaning::Date,
            46 => Meaning::Duration,
            _ => Meaning::Number,
        }
    }

    /// The meaning of a format code such as `yyyy"年"m"月"`: its first section decides.
    pub fn of_code(code: &str) -> Self {
        if ["general", "standard"].iter().any(|word| code.eq_ignore_ascii_case(word)) {
            return Meaning::Number;
        }
        let mut chars = code.chars();
        let mut parts = String::new();
        while let Some(c) = chars.next() {
            match c {
                ';' => break,
                // The next character is shown, skipped over, or repeated: it is no placeholder.
                '\\' | '_' | '*' | '!' => {
                    chars.next();
                }
                '"' => {
                    chars.by_ref().find(|c| *c == '"');
                }
                // A colour, a condition, a locale; or elapsed hours, minutes or seconds.
                '[' => {
                    let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    let elapsed = |unit: char| inside.chars().all(|c| c.eq_ignore_ascii_case(&unit));
                    if !inside.is_empty() && ['h', 'm', 's'].into_iter().any(elapsed) {
                        return Meaning::Duration;
                    }
                }
                'd' | 'm' | 'y' | 'h' | 's' | 'D' | 'M' | 'Y' | 'H' | 'S' => parts.push(c.to_ascii_lowercase()),
                _ => {}
            }
        }
        let has = |letter: char| parts.contains(letter);
        match (parts.is_empty(), has('y') && !has('d') && !has('h') && !has('s'), has('m')) {
            (true, ..) => Sections::of_code(code).map_or(Meaning::Number, Meaning::Shown),
            // `m"月"` shows the month of a day, as `yyyy"年"m"月"` does.
            _ if parts.chars().all(|c| c == 'm') && code.contains('月') => Meaning::Month,
            (_, true, true) => Meaning::Month,
            (_, true, false) => Meaning::Year,
            (_, false, _) => Meaning::Date,
        }
    }
}

/// What a style makes of its cells.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Style {
    pub meaning: Meaning,
    /// By how much texts are set in: an item of a list that lies below another one.
    pub indent: u8,
}

/// A text as deep as its style sets it in, as people write it where there are no styles: a wide blank for each step.
pub(super) fn indented(text: &str, indent: u8) -> Cow<'_, str> {
    /// No list is deeper.
    const DEEPEST: u8 = 15;
    let wide = "\u{3000}".repeat(usize::from(indent.min(DEEPEST)));
    if indent == 0 || text.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(wide + text) }
}

/// Day 0 of a workbook's dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Epoch {
    /// 1900, with the day 29 February 1900 that never was.
    #[default]
    Y1900,
    /// 1904, of old Macs.
    Y1904,
}

/// Writes `value` by its `meaning`, replacing what `out` held.
pub(super) fn write(out: &mut String, value: f64, meaning: Meaning, epoch: Epoch) {
    out.clear();
    match meaning {
        Meaning::Number => write_number(out, value),
        Meaning::Shown(sections) => {
            let shown = sections.of(value);
            write_scaled(out, value, shown.power);
            shown.end(out);
        }
        Meaning::Date => write_date(out, value, epoch),
        Meaning::Month | Meaning::Year => write_first(out, value, meaning, epoch),
        Meaning::Duration => write_duration(out, value),
    }
}

/// Writes a number with at most 15 significant digits, the shortest way, without an exponent where people would not use one.
pub(super) fn write_number(out: &mut String, value: f64) {
    write_scaled(out, value, 0);
}

/// Writes a number times a power of ten, exactly: its decimal point is moved.
fn write_scaled(out: &mut String, value: f64, power: i32) {
    if !value.is_finite() {
        out.push_str("#NUM!");
        return;
    }
    if value == 0.0 {
        out.push('0');
        return;
    }
    // Integers below 10^15 are exact and by far the most frequent.
    if power == 0 && value.fract() == 0.0 && value.abs() < 1e15 {
        append(out, format_args!("{}", value as i64));
        return;
    }
    let scientific = format!("{:.14e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if value < 0.0 {
        out.push('-');
    }
    write_digits(out, digits, exponent + power);
}

/// Whether `text` is a number already written as [`write_number`] would: most are, and need not be read to be written.
/// Numbers below one are left to arithmetic: there zeros behind the point are magnitude and not digits.
pub(super) fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "1"));
    let numeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let plain = digits.len() <= 15 && !whole.starts_with('0') && !fraction.ends_with('0');
    text == "0" || (plain && numeric(whole) && numeric(fraction))
}

/// Writes 0.d₁d₂… × 10^(exponent + 1).
fn write_digits(out: &mut String, digits: &str, exponent: i32) {
    /// Magnitudes that are written without an exponent.
    const PLAIN: std::ops::RangeInclusive<i32> = -9..=20;
    let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
    if !PLAIN.contains(&exponent) {
        out.push_str(first);
        if !rest.is_empty() {
            append(out, format_args!(".{rest}"));
        }
        append(out, format_args!("E{exponent:+03}"));
        return;
    }
    let whole = usize::try_from(exponent + 1).unwrap_or(0);
    if whole == 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', usize::try_from(-exponent - 1).unwrap_or(0)));
        out.push_str(digits);
        return;
    }
    match digits.split_at_checked(whole) {
        Some((before, after)) => {
            out.push_str(before);
            if !after.is_empty() {
                append(out, format_args!(".{after}"));
            }
        }
        None => {
            out.push_str(digits);
            out.extend(std::iter::repeat_n('0', whole - digits.len()));
        }
    }
}

/// Writes days since the epoch: the date alone at midnight, the time alone on day 0.
fn write_date(out: &mut String, value: f64, epoch: Epoch) {
    /// 31 December 9999, the last day there is.
    const LAST: f64 = 2_958_466.0;
    if !(0.0..LAST).contains(&value) {
        write_number(out, value);
        return;
    }
    let seconds = (value * 86_400.0).round() as i64;
    let (day, time) = (seconds / 86_400, seconds % 86_400);
    if day == 0 && time != 0 {
        write_clock(out, time);
        return;
    }
    // Days from 1 January 1970.
    let since_1970 = match epoch {
        Epoch::Y1904 => day - 24_107,
        Epoch::Y1900 if day < 60 => day - 25_568,
        Epoch::Y1900 => day - 25_569,
    };
    if epoch == Epoch::Y1900 && day == 60 {
        out.push_str("1900-02-29");
    } else {
        write_day(out, since_1970);
    }
    if time != 0 {
        out.push('T');
        write_clock(out, time);
    }
}

/// Writes the part of a date that is shown.
fn write_first(out: &mut String, value: f64, meaning: Meaning, epoch: Epoch) {
    let from = out.len();
    write_date(out, value, epoch);
    let shown = first_of_date(out.get(from..).unwrap_or_default(), meaning).len();
    out.truncate(from + shown);
}

/// What is shown of a date: all of it, its month, or its year. What is no date stays what it is.
pub(super) fn first_of_date(iso: &str, meaning: Meaning) -> &str {
    let is_date = iso.len() >= "YYYY-MM-DD".len() && iso.as_bytes().get(4) == Some(&b'-');
    match meaning {
        Meaning::Month if is_date => iso.get(.."YYYY-MM".len()).unwrap_or(iso),
        Meaning::Year if is_date => iso.get(.."YYYY".len()).unwrap_or(iso),
        _ => iso,
    }
}

fn write_duration(out: &mut String, value: f64) {
    let seconds = (value.abs() * 86_400.0).round();
    if !seconds.is_finite() || seconds > 1e12 {
        write_number(out, value);
        return;
    }
    if value < 0.0 {
        out.push('-');
    }
    write_clock(out, seconds as i64);
}

/// Writes a day counted from 1 January 1970.
pub(super) fn write_day(out: &mut String, days: i64) {
    let (year, month, day) = civil(days);
    append(out, format_args!("{year:04}-{month:02}-{day:02}"));
}

/// Writes a time of day, or a length of time.
pub(super) fn write_clock(out: &mut String, seconds: i64) {
    append(out, format_args!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
}

/// Year, month and day of a day counted from 1 January 1970, in the Gregorian calendar.
pub(super) fn civil(days: i64) -> (i64, i64, i64) {
    // Counted in years that begin in March, so that the leap day is the last one.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

/// Shortens an ISO date and time to the date when it is midnight.
pub(super) fn shorten_iso(iso: &str) -> &str {
    match iso.split_once('T') {
        Some((date, time)) if time.trim_end_matches('Z').chars().all(|c| matches!(c, '0' | ':' | '.')) => date,
        _ => iso,
    }
}

/// The text of a boolean, as spreadsheets show it.
pub(super) fn boolean(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

/// Appends formatted text. Writing to a `String` cannot fail.
fn append(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}
