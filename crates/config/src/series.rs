//! Exports that are fetched one for each period: which periods, and how they are filled into address, query and name.

use super::document::Table;
use super::limits::opt_whole;
use vocab::period::{self, Date, Period, Quarter};
use vocab::said;

/// Periods that are asked for again though their exports are there: what was published last is what is revised.
const USUALLY_AGAIN: u64 = 4;
/// After the end of a period nobody waits longer for its export without a word.
const USUALLY_WAITED_DAYS: u64 = 30;
/// Ten years of months.
const MOST_AGAIN: u64 = 120;
/// A year.
const MOST_WAITED_DAYS: u64 = 366;

/// The periods of a series, from the first one to the last that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Series {
    /// The first one: a year, a quarter or a month, as all others are.
    from: Period,
    /// So many of the last ones are asked for again though their exports are there.
    pub again: usize,
    /// For so many days after its end, a period may have no export yet.
    pub wait_days: i64,
}

impl Series {
    /// What `[fetch]` of a definition says of periods; none without `from`.
    pub(super) fn resolve(table: &Table<'_, '_>) -> Option<Series> {
        let again = opt_whole(table, "again", MOST_AGAIN).unwrap_or(USUALLY_AGAIN);
        let wait_days = opt_whole(table, "wait_days", MOST_WAITED_DAYS).unwrap_or(USUALLY_WAITED_DAYS);
        let Some(from) = table.opt_text("from") else {
            for key in ["again", "wait_days"].into_iter().filter(|key| table.has(key) && !table.has("from")) {
                let message = said!(
                    "`{key}` 只用于按报告期取数：请写 `from`，即首个报告期",
                    "`{key}` is only for what is fetched by period: write `from`, the first one"
                );
                table.error(key, message);
            }
            return None;
        };
        match period::parse(&from) {
            Ok(from @ (Period::Year(_) | Period::Quarter(_) | Period::Month { .. })) => {
                let (again, wait_days) = (again.try_into().ok()?, wait_days.try_into().ok()?);
                Some(Series { from, again, wait_days })
            }
            _ => {
                let message = said!(
                    "`from` 为首个要取的报告期：\"2024\"、\"2024Q1\" 或 \"2024-01\"",
                    "`from` is the first period that is asked for: \"2024\", \"2024Q1\" or \"2024-01\""
                );
                table.error("from", message);
                None
            }
        }
    }

    /// The first period.
    pub fn first(&self) -> Period {
        self.from
    }

    /// All periods that had ended before a day; the first one first.
    pub fn ended(&self, day: Date) -> Vec<Period> {
        let has_ended = |period: &Period| period.last_day() < day;
        std::iter::successors(Some(self.from), |period| next(*period)).take_while(has_ended).collect()
    }

    /// Whether no two periods make the same of these texts together.
    pub(super) fn tells_apart(&self, texts: &[&str]) -> bool {
        // Of months, all twelve of a year, and the first of the next one.
        let periods = std::iter::successors(Some(self.from), |period| next(*period)).take(13);
        let mut filled: Vec<Vec<String>> =
            periods.map(|period| texts.iter().map(|text| fill(text, period)).collect()).collect();
        let all = filled.len();
        filled.sort();
        filled.dedup();
        filled.len() == all
    }
}

/// The period that follows, as long; none beyond the years that are known.
fn next(period: Period) -> Option<Period> {
    match period {
        Period::Year(year) => Quarter::new(year + 1, 1).map(|quarter| Period::Year(quarter.year())),
        Period::Quarter(quarter) => quarter.plus(1).map(Period::Quarter),
        Period::Month { year, month: 12 } => {
            Quarter::new(year + 1, 1).map(|_| Period::Month { year: year + 1, month: 1 })
        }
        Period::Month { year, month } => Some(Period::Month { year, month: month + 1 }),
        Period::YearToDate { .. } | Period::Day(_) => None,
    }
}

/// A place in a text, and the number that is filled into it.
struct Slot {
    text: &'static str,
    number: fn(Period) -> u16,
    /// So many digits it has at least.
    digits: usize,
}

const SLOTS: [Slot; 5] = [
    Slot { text: "{year}", number: Period::year, digits: 4 },
    Slot { text: "{quarter}", number: number_of_quarter, digits: 1 },
    Slot { text: "{quarter:02}", number: number_of_quarter, digits: 2 },
    Slot { text: "{month}", number: last_month, digits: 1 },
    Slot { text: "{month:02}", number: last_month, digits: 2 },
];

fn number_of_quarter(period: Period) -> u16 {
    u16::from(period.quarter().number())
}

fn last_month(period: Period) -> u16 {
    u16::from(period.last_month())
}

/// A text with the period in its places: year, quarter and last month.
pub fn fill(text: &str, period: Period) -> String {
    SLOTS.iter().fold(text.to_owned(), |text, slot| {
        text.replace(slot.text, &format!("{:0digits$}", (slot.number)(period), digits = slot.digits))
    })
}

/// Whether a period would be filled into a text.
pub(super) fn fills(text: &str) -> bool {
    SLOTS.iter().any(|slot| text.contains(slot.text))
}

/// The first thing in a text that looks like a place and is none. Braces of JSON are not: a quote or a blank follows them.
pub(super) fn unknown(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        rest = &rest[start..];
        let end = rest.find('}')?;
        let place = &rest[..=end];
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, ':' | '_' | ' ');
        let inner = &place[1..end];
        if inner.starts_with(char::is_alphabetic) && inner.chars().all(is_word) && !fills(place) {
            return Some(place);
        }
        rest = &rest[1..];
    }
    None
}
