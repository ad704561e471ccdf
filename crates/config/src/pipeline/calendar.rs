//! The statistics calendar: which dataset of which period is due when, and what its delay means.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use crate::catalogue::no_dataset;
use crate::document::{Table, did_you_mean};
use vocab::period::{self, Period, Quarter, Span};
use vocab::said;

/// No report is due later than so many months after its period.
const MOST_MONTHS: i64 = 24;
/// No grace is longer, in working days.
const MOST_DAYS: i64 = 250;

/// When exports are due.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    /// The first quarter that is awaited, and the last one, where the calendar has an end.
    span: Span,
    /// Days on which nobody works, beside the ends of weeks.
    holidays: BTreeSet<Date>,
    /// Days of the ends of weeks on which people work.
    workdays: BTreeSet<Date>,
    /// What is due, in the order in which it is written.
    pub dues: Vec<Due>,
}

/// One dataset that comes again and again.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// The dataset.
    pub dataset: String,
    /// Who owes it, for people.
    pub from: String,
    /// How often it comes.
    pub every: Every,
    /// Months without a report: the next one covers them.
    without: Vec<u8>,
    /// The day on which it is due.
    day: Day,
    /// Days on which single periods are due instead.
    moved: Vec<(Period, Date)>,
    /// Working days after that on which it is awaited still, and not late.
    grace: i64,
    /// What its delay means.
    pub delay: Delay,
}

/// How often something comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Each month but those without a report.
    Month,
    /// Each quarter.
    Quarter,
    /// Each year.
    Year,
}

/// What it means for a release that something is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Delay {
    /// The release waits for it.
    Wait,
    /// It is published without it: the status of figures says so.
    Publish,
    /// Nothing is published, and somebody is called.
    Refuse,
}

/// The day on which something is due.
#[derive(Debug, Clone, PartialEq)]
enum Day {
    /// So many months after the last one of the period, on this day or the next one on which people work.
    Of { months_after: i64, day: i64 },
    /// So many working days after another dataset is.
    After { dataset: String, working_days: i64 },
}

impl Calendar {
    pub(super) fn resolve(table: &Table<'_, '_>, datasets: &[&str]) -> Calendar {
        let (since, until) = (quarter(table, "since"), quarter(table, "until"));
        if !table.has("since") {
            let message = said!(
                "缺少 `since`：首个应报送文件的季度，如 \"2020Q1\"",
                "`since` is missing: the first quarter whose exports are awaited, like \"2020Q1\""
            );
            table.error("since", message);
        }
        if let (Some(since), Some(until)) = (since, until)
            && since > until
        {
            table.error("until", said!("`until` 早于 `since`", "`until` is before `since`"));
        }
        let (holidays, workdays) = (days(table, "holidays"), days(table, "workdays"));
        for day in &workdays {
            if holidays.contains(day) {
                table.error("workdays", said!("{day} 同时列在 `holidays` 中", "{day} is among `holidays` too"));
            } else if !is_weekend(*day) {
                let message = said!(
                    "{day} 本来就是工作日：只列需要上班的周末",
                    "{day} is a working day anyway: list days of weekends that are worked"
                );
                table.error("workdays", message);
            }
        }
        let mut dues: Vec<Due> = Vec::new();
        table.tables("due", |table| {
            let due = Due::resolve(table, datasets);
            due.check_beside(table, &dues);
            dues.push(due);
        });
        if dues.is_empty() && !table.has("due") {
            let message = said!(
                "日历没有写明任何数据集的报送期限：请写 [[calendar.due]]",
                "the calendar says of no dataset when it is due: write [[calendar.due]]"
            );
            table.error("due", message);
        }
        Calendar { span: Span { from: since, to: until }, holidays, workdays, dues }
    }

    /// The periods for which something is due, up to the one in which `today` lies, in order.
    pub fn periods(&self, due: &Due, today: Date) -> Vec<Period> {
        let now = Quarter::of_day(today);
        let last = self.span.to.map_or(now, |until| until.min(now));
        self.span.from.into_iter().flat_map(|since| since.to(last)).flat_map(|quarter| due.within(quarter)).collect()
    }

    /// The day on which a period of something is due.
    pub fn due_day(&self, due: &Due, period: Period) -> Option<Date> {
        if let Some((_, day)) = due.moved.iter().find(|(moved, _)| *moved == period) {
            return Some(*day);
        }
        match &due.day {
            Day::Of { months_after, day } => {
                let month = period.last_day().first_of_month().checked_add(months_after.months()).ok()?;
                let day = i8::try_from(*day).ok()?.min(month.days_in_month());
                self.worked(month.checked_add(i64::from(day - 1).days()).ok()?, 0)
            }
            Day::After { dataset, working_days } => {
                let other = self.dues.iter().find(|other| other.dataset == *dataset && other.dataset != due.dataset)?;
                self.worked(self.due_day(other, period)?, *working_days)
            }
        }
    }

    /// The last day on which a period of something is awaited and not late.
    pub fn last_day(&self, due: &Due, period: Period) -> Option<Date> {
        self.worked(self.due_day(due, period)?, due.grace)
    }

    /// Whether people work on a day.
    pub fn is_worked(&self, day: Date) -> bool {
        self.workdays.contains(&day) || !is_weekend(day) && !self.holidays.contains(&day)
    }

    /// The last year of which holidays are known, where that year is over and exports are awaited still.
    pub fn holidays_ended(&self, today: Date) -> Option<i16> {
        let last = self.holidays.last().map(|day| day.year())?;
        let is_over = self.span.to.is_some_and(|until| until < Quarter::of_day(today.first_of_year()));
        (last < today.year() && !is_over).then_some(last)
    }

    /// The working day so many after a day; with none after it, the day itself or the next one that is worked.
    fn worked(&self, from: Date, after: i64) -> Option<Date> {
        let mut day = if after == 0 { from } else { from.tomorrow().ok()? };
        let mut left = after.max(1);
        loop {
            left -= i64::from(self.is_worked(day));
            if left == 0 {
                return Some(day);
            }
            day = day.tomorrow().ok()?;
        }
    }
}

impl Due {
    fn resolve(table: &Table<'_, '_>, datasets: &[&str]) -> Due {
        let dataset = table.text("dataset");
        if !dataset.is_empty() && !datasets.contains(&dataset.as_str()) {
            table.error("dataset", no_dataset(&dataset, datasets));
        }
        let every =
            table.choice("every", &[("month", Every::Month), ("quarter", Every::Quarter), ("year", Every::Year)]);
        if !table.has("every") {
            let message = said!(
                "缺少 `every`：应为 \"month\"、\"quarter\" 或 \"year\"",
                "`every` is missing: it must be \"month\", \"quarter\" or \"year\""
            );
            table.error("every", message);
        }
        let every = every.unwrap_or(Every::Quarter);
        let moved = table.text_map("moved").into_iter().filter_map(|(label, day)| moved(table, every, &label, &day));
        Due {
            dataset,
            from: table.text("from"),
            every,
            without: months(table, every),
            moved: moved.collect(),
            day: Day::resolve(table),
            grace: table.int_within("grace", 0..=MOST_DAYS).unwrap_or(0),
            delay: table
                .choice("delay", &[("wait", Delay::Wait), ("publish", Delay::Publish), ("refuse", Delay::Refuse)])
                .unwrap_or(Delay::Wait),
        }
    }

    /// What is wrong with it beside those that are written above it.
    fn check_beside(&self, table: &Table<'_, '_>, above: &[Due]) {
        let known = |dataset: &str| above.iter().find(|known| known.dataset == dataset);
        if known(&self.dataset).is_some() {
            let dataset = &self.dataset;
            table.error("dataset", said!("日历中已有 `{dataset}`", "`{dataset}` is in the calendar already"));
        }
        let Day::After { dataset, .. } = &self.day else { return };
        match known(dataset) {
            Some(other) if other.every == self.every && other.without == self.without => {}
            Some(_) => {
                table.error("after", said!("`{dataset}` 的报告期与此不同", "`{dataset}` comes for other periods"));
            }
            None => {
                let known: Vec<&str> = above.iter().map(|known| known.dataset.as_str()).collect();
                let near = did_you_mean(dataset, &known);
                let message = said!(
                    "`{dataset}` 须列在日历中，且在本项之前{near}",
                    "`{dataset}` must be in the calendar, above this{near}";
                    near
                );
                table.error("after", message);
            }
        }
    }

    /// The periods of a quarter for which it comes.
    fn within(&self, quarter: Quarter) -> Vec<Period> {
        let year = quarter.year();
        match self.every {
            Every::Month => {
                let months = (quarter.last_month() - 2)..=quarter.last_month();
                months
                    .filter(|month| !self.without.contains(month))
                    .map(|month| Period::Month { year, month })
                    .collect()
            }
            Every::Quarter => vec![Period::Quarter(quarter)],
            Every::Year if quarter.number() == 4 => vec![Period::Year(year)],
            Every::Year => Vec::new(),
        }
    }

    /// Its period that ends with a quarter, where that is one of months or quarters: lists of a year come by themselves.
    pub fn ending_with(&self, quarter: Quarter) -> Option<Period> {
        let within = if self.every == Every::Year { Vec::new() } else { self.within(quarter) };
        within.into_iter().find(|period| period.quarter_end() == Some(quarter))
    }

    /// The first month that the report of a month covers: those before it without a report are in it.
    pub fn first_month(&self, month: u8) -> u8 {
        (1..month).rev().take_while(|before| self.without.contains(before)).last().unwrap_or(month)
    }
}

impl Day {
    fn resolve(table: &Table<'_, '_>) -> Day {
        let (day, after) = (table.int_within("day", 1..=31), table.opt_text("after"));
        let months_after = table.int_within("months_after", 0..=MOST_MONTHS);
        let working_days = table.int_within("working_days", 0..=MOST_DAYS);
        match (table.has("day"), after) {
            (true, None) => {
                if table.has("working_days") {
                    let message = said!(
                        "`working_days` 与 `after` 并用：该数据集之后若干个工作日",
                        "`working_days` goes with `after`: so many working days after that dataset"
                    );
                    table.error("working_days", message);
                }
                Day::Of { months_after: months_after.unwrap_or(1), day: day.unwrap_or(1) }
            }
            (false, Some(dataset)) => {
                if table.has("months_after") {
                    let message = said!(
                        "`months_after` 与 `day` 并用：报告期最后一个月之后若干个月",
                        "`months_after` goes with `day`: in the month so many after the period's last"
                    );
                    table.error("months_after", message);
                }
                Day::After { dataset, working_days: working_days.unwrap_or(0) }
            }
            _ => {
                let message = said!(
                    "何时到期？请写 `day`（报告期之后某月的日期）或 `after`（某个数据集），二者择一",
                    "when is it due? Write either `day`, a day of the month after the period, or `after`, a dataset"
                );
                table.error("day", message);
                Day::Of { months_after: 1, day: 1 }
            }
        }
    }
}

fn quarter(table: &Table<'_, '_>, key: &str) -> Option<Quarter> {
    let text = table.opt_text(key)?;
    let quarter = Quarter::parse(&text);
    if quarter.is_none() {
        let message =
            said!("`{text}` 不是季度；写法如 \"2020Q1\"", "`{text}` is not a quarter; write it like \"2020Q1\"");
        table.error(key, message);
    }
    quarter
}

/// Months without a report.
fn months(table: &Table<'_, '_>, every: Every) -> Vec<u8> {
    let numbers = table.numbers("without");
    let months: Vec<u8> = (1..=12).filter(|month| numbers.contains(&f64::from(*month))).collect();
    if months.len() != numbers.len() {
        let message = said!(
            "`without` 列出月份，每个只写一次，从 1 到 12：一月没有报表时写 [1]",
            "`without` lists months, each once and from 1 to 12: [1] where nothing is reported for January"
        );
        table.error("without", message);
    }
    if table.has("without") && every != Every::Month {
        let message = said!("`without` 与 `every = \"month\"` 并用", "`without` goes with `every = \"month\"`");
        table.error("without", message);
    }
    if months.contains(&12) {
        let message = said!(
            "十二月为年末：该月没有报表，则每年都无从报送",
            "December ends the year: what has no report for it comes in no year"
        );
        table.error("without", message);
    }
    months
}

/// A period that is due on another day than usual.
fn moved(table: &Table<'_, '_>, every: Every, label: &str, day: &str) -> Option<(Period, Date)> {
    let period = period::parse(label).ok().filter(|period| match period {
        Period::Month { .. } => every == Every::Month,
        Period::Quarter(_) => every == Every::Quarter,
        Period::Year(_) => every == Every::Year,
        _ => false,
    });
    if period.is_none() {
        let like = match every {
            Every::Month => "2020-02",
            Every::Quarter => "2020Q1",
            Every::Year => "2020",
        };
        let message = said!(
            "`{label}` 不是该数据集的报告期：写法如 \"{like}\"",
            "`{label}` is no period of this dataset: write it like \"{like}\""
        );
        table.error("moved", message);
    }
    let date = date(day);
    if date.is_none() {
        let message =
            said!("`{day}` 不是日期：写法如 \"2020-05-10\"", "`{day}` is no day: write it like \"2020-05-10\"");
        table.error("moved", message);
    }
    period.zip(date)
}

/// Days, each alone or as the first and last of several: `2020-01-24/2020-02-02`.
fn days(table: &Table<'_, '_>, key: &str) -> BTreeSet<Date> {
    /// No holidays last longer.
    const LONGEST: i64 = 60;
    let mut days = BTreeSet::new();
    for text in table.texts(key) {
        let (first, last) = text.split_once('/').unwrap_or((&text, &text));
        match (date(first), date(last)) {
            (Some(first), Some(last))
                if first <= last && first.checked_add(LONGEST.days()).is_ok_and(|end| last <= end) =>
            {
                days.extend(first.series(1.day()).take_while(|day| *day <= last));
            }
            _ => {
                let message = said!(
                    "`{text}` 既不是日期，也不是一段日期：请写 \"2020-01-01\" 或 \"2020-01-24/2020-02-02\"",
                    "`{text}` is no day and no row of days: write \"2020-01-01\" or \"2020-01-24/2020-02-02\""
                );
                table.error(key, message);
            }
        }
    }
    days
}

/// A day as it is written: nothing else is read.
fn date(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}
