//! The five fields of a cron expression, as far as every scheduler means the same by them.
//!
//! What is read here is also written out for other schedulers, in their notations: libraries for cron expressions tell the next
//! time and keep the fields to themselves.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use vocab::{Said, said};

/// The fields in their order: name in Chinese and in English, least and most value, and words for values.
const FIELDS: [(&str, &str, u8, u8, &[&str]); 5] = [
    ("分钟", "minute", 0, 59, &[]),
    ("小时", "hour", 0, 23, &[]),
    ("日期", "day of the month", 1, 31, &[]),
    ("月份", "month", 1, 12, &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
    ("星期", "day of the week", 0, 7, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
];
/// Days that each month has at most.
const DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// Days among which one must be: the leap day comes back within eight years, whatever it is a day of the week of.
const DAYS_LOOKED_AT: i32 = 8 * 366;

/// Which of the five fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// 0 to 59.
    Minute,
    /// 0 to 23.
    Hour,
    /// 1 to 31.
    Day,
    /// 1 to 12.
    Month,
    /// 0 to 6, from Sunday on.
    Weekday,
}

/// Times that come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    /// The values of each field, in order.
    fields: [Vec<u8>; 5],
}

impl Cron {
    /// Reads `30 7 * * 1-5`.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn parse(text: &str) -> Result<Cron, Said> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let count = words.len();
        let five: [&str; 5] = words.as_slice().try_into().map_err(|_| {
            said!(
                "`{text}` 有 {count} 个字段，应有五个：分钟、小时、日期、月份、星期",
                "`{text}` has {count} fields, not five: minute, hour, day of the month, month, day of the week"
            )
        })?;
        let mut fields: [Vec<u8>; 5] = Default::default();
        for ((field, known), word) in fields.iter_mut().zip(FIELDS).zip(five) {
            *field = values(word, known)?;
        }
        let [_, _, days, months, weekdays] = &mut fields;
        if weekdays.contains(&7) {
            // Sunday has two numbers.
            weekdays.retain(|day| *day != 7 && *day != 0);
            weekdays.insert(0, 0);
        }
        if days.len() < 31 && weekdays.len() < 7 {
            return Err(said!(
                "同时写了日期和星期：有的调度程序满足其一即启动，有的须两者同时满足；请将其中之一写成 `*`",
                "a day of the month and a day of the week are both given: some schedulers start on either, some on \
                 days that are both; write `*` for one of them"
            ));
        }
        let is_met = |month: &u8| days.iter().any(|day| *day <= DAYS[usize::from(*month) - 1]);
        if !months.iter().any(is_met) {
            return Err(said!(
                "`{text}` 永远不会到来：这些月份都没有这一天",
                "`{text}` never comes: none of these months has such a day"
            ));
        }
        Ok(Cron { fields })
    }

    /// Every minute there is: what stands in the place of an expression that could not be read.
    pub(super) fn every_minute() -> Cron {
        Cron {
            fields: FIELDS
                .map(|(_, _, least, most, words)| (least..=most - u8::from(words.first() == Some(&"sun"))).collect()),
        }
    }

    /// The values of a field; none where any value is meant.
    pub fn only(&self, field: Field) -> Option<&[u8]> {
        let values = self.of(field);
        let (.., least, most, _) = FIELDS[field as usize];
        // Sunday counts once.
        let all = usize::from(most - least) + usize::from(field != Field::Weekday);
        (values.len() < all).then_some(values)
    }

    /// The values of a field, in order.
    pub fn of(&self, field: Field) -> &[u8] {
        &self.fields[field as usize]
    }

    /// The latest time that has come by `now`.
    pub fn last(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let today = now.to_zoned(zone.clone()).date();
        let mut day = Some(today);
        for _ in 0..DAYS_LOOKED_AT {
            let date = day?;
            if let Some(found) = self.times(date, zone).into_iter().rev().find(|time| *time <= now) {
                return Some(found);
            }
            day = date.yesterday().ok();
        }
        None
    }

    /// The first time after `now`.
    pub fn next(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut day = Some(now.to_zoned(zone.clone()).date());
        for _ in 0..DAYS_LOOKED_AT {
            let date = day?;
            if let Some(found) = self.times(date, zone).into_iter().find(|time| *time > now) {
                return Some(found);
            }
            day = date.tomorrow().ok();
        }
        None
    }

    /// The times on a day, in order. One that a change of clocks leaves out comes as much later as they were put forward.
    fn times(&self, date: Date, zone: &TimeZone) -> Vec<Timestamp> {
        let has = |field: Field, value: i8| u8::try_from(value).is_ok_and(|value| self.of(field).contains(&value));
        let weekday = date.weekday().to_sunday_zero_offset();
        if !has(Field::Day, date.day()) || !has(Field::Month, date.month()) || !has(Field::Weekday, weekday) {
            return Vec::new();
        }
        let at =
            |hour: &u8, minute: &u8| date.at(hour.cast_signed(), minute.cast_signed(), 0, 0).to_zoned(zone.clone());
        let hours = self.of(Field::Hour).iter();
        let zoned =
            hours.flat_map(|hour| self.of(Field::Minute).iter().filter_map(move |minute| at(hour, minute).ok()));
        let mut times: Vec<Timestamp> = zoned.map(|time: Zoned| time.timestamp()).collect();
        times.sort();
        times
    }
}

impl fmt::Display for Cron {
    /// As it is written for cron: only what all of them read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Field::{Day, Hour, Minute, Month, Weekday};
        let shown = |field: Field| self.only(field).map_or("*".to_owned(), |values| listed(values, "-", u8::to_string));
        f.write_str(&[Minute, Hour, Day, Month, Weekday].map(shown).join(" "))
    }
}

/// A list of values: three or more in a row as their first and last.
pub fn listed(values: &[u8], to: &str, shown: impl Fn(&u8) -> String) -> String {
    let rows = values.chunk_by(|one, next| one + 1 == *next);
    let row = |row: &[u8]| match row {
        [first, _, .., last] => format!("{}{to}{}", shown(first), shown(last)),
        row => row.iter().map(&shown).collect::<Vec<_>>().join(","),
    };
    rows.map(row).collect::<Vec<_>>().join(",")
}

/// The values of one field: `*`, `*/15`, `7`, `1-5`, `0-30/10`, `mon-fri`, and lists of them.
fn values(word: &str, (zh, en, least, most, words): (&str, &str, u8, u8, &[&str])) -> Result<Vec<u8>, Said> {
    let wrong = || {
        Said::new(
            format!("`{word}` 不是{zh}：请写 `*`、`7`、`1-5`、`*/15` 或由其组成的列表，范围为 {least} 到 {most}"),
            format!("`{word}` is no {en}: write `*`, `7`, `1-5`, `*/15` or a list of them, from {least} to {most}"),
        )
    };
    let value = |text: &str| {
        let named = words.iter().position(|known| known.eq_ignore_ascii_case(text));
        let named = named.and_then(|at| u8::try_from(at).ok()).map(|at| at + least);
        // A sign is no part of a number here.
        let number = || text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        named.or_else(number).filter(|value| (least..=most).contains(value)).ok_or_else(wrong)
    };
    let mut found = Vec::new();
    for part in word.split(',') {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        let step: Option<u8> = step.map(|step| step.parse().map_err(|_| wrong())).transpose()?;
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (least, if words.first() == Some(&"sun") { 6 } else { most }),
            Some((from, to)) => (value(from)?, value(to)?),
            // What a step behind a single value means differs.
            None if step.is_some() => return Err(wrong()),
            None => (value(range)?, value(range)?),
        };
        if from > to || step == Some(0) {
            return Err(wrong());
        }
        found.extend((from..=to).step_by(usize::from(step.unwrap_or(1))));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
