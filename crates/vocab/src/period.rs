//! Periods as Chinese exports write them. What could mean two things is refused, with the reason.

use std::fmt;

pub use jiff::civil::Date;

use super::text;

/// Years that a period can have; a number outside is something else (a region code, an amount).
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2199;

/// A quarter of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    year: u16,
    number: u8,
}

impl Quarter {
    /// The quarter `number` (1 to 4) of `year`.
    pub fn new(year: u16, number: u8) -> Option<Self> {
        (YEARS.contains(&u32::from(year)) && (1..=4).contains(&number)).then_some(Quarter { year, number })
    }

    /// Reads `2018Q4` or `2018-Q4`.
    pub fn parse(text: &str) -> Option<Self> {
        match parse(text) {
            Ok(Period::Quarter(quarter)) if text.contains(['Q', 'q']) => Some(quarter),
            _ => None,
        }
    }

    /// The year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The number within the year, 1 to 4.
    pub fn number(self) -> u8 {
        self.number
    }

    /// Quarters since the first of year zero: neighbours differ by one.
    pub fn index(self) -> i32 {
        i32::from(self.year) * 4 + i32::from(self.number) - 1
    }

    /// The quarter with this [`Quarter::index`].
    pub fn from_index(index: i32) -> Option<Self> {
        Quarter::new(u16::try_from(index.div_euclid(4)).ok()?, index.rem_euclid(4) as u8 + 1)
    }

    /// The quarter that stands in a column, by its [`Quarter::index`].
    pub fn of_column(index: i64) -> Option<Self> {
        Quarter::from_index(i32::try_from(index).ok()?)
    }

    /// As it stands in a column.
    pub fn column(self) -> i64 {
        i64::from(self.index())
    }

    /// The quarter in which a day lies.
    pub fn of_day(day: Date) -> Self {
        Period::Day(day).quarter()
    }

    /// From the first to the last quarter of its year.
    pub fn of_year(self) -> std::ops::RangeInclusive<Quarter> {
        Quarter { number: 1, ..self }..=Quarter { number: 4, ..self }
    }

    /// The same quarter of another year; none outside the years that are known.
    pub fn in_year(self, year: i64) -> Option<Self> {
        Quarter::new(u16::try_from(year).ok()?, self.number)
    }

    /// The same quarter of each year after `year`, up to this one.
    pub fn each_year_after(self, year: i64) -> impl Iterator<Item = Quarter> {
        (year + 1..=i64::from(self.year)).filter_map(move |year| self.in_year(year))
    }

    /// The quarter `quarters` later, or earlier where it is negative; none outside the years that are known.
    pub fn plus(self, quarters: i32) -> Option<Self> {
        Quarter::from_index(self.index().checked_add(quarters)?)
    }

    /// How many quarters `earlier` lies before this one.
    pub fn since(self, earlier: Quarter) -> i32 {
        self.index() - earlier.index()
    }

    /// All quarters from this one to `last`, both included.
    pub fn to(self, last: Quarter) -> impl DoubleEndedIterator<Item = Quarter> {
        (self.index()..=last.index()).filter_map(Quarter::from_index)
    }

    /// Its last month, 3 to 12.
    pub fn last_month(self) -> u8 {
        self.number * 3
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        month_end(self.year, self.last_month())
    }

    /// As SDMX writes it: `2018-Q4`.
    pub fn sdmx(self) -> String {
        format!("{}-Q{}", self.year, self.number)
    }
}

impl fmt::Display for Quarter {
    /// `2018Q4`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Q{}", self.year, self.number)
    }
}

impl std::str::FromStr for Quarter {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        Quarter::parse(text).ok_or(Refusal::NotAPeriod)
    }
}

/// Quarters from one to another, both included; all before or after where there is no bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// The first one.
    pub from: Option<Quarter>,
    /// The last one.
    pub to: Option<Quarter>,
}

/// How columns write that there is no last quarter.
const NO_END: i64 = i64::MAX / 4;

impl Span {
    /// One quarter.
    pub fn only(quarter: Quarter) -> Span {
        Span { from: Some(quarter), to: Some(quarter) }
    }

    /// Whether a quarter is among them.
    pub fn holds(self, quarter: Quarter) -> bool {
        self.from.is_none_or(|from| from <= quarter) && self.to.is_none_or(|to| quarter <= to)
    }

    /// Whether a quarter is in both.
    pub fn meets(self, other: Span) -> bool {
        !self.ends_before(other.from) && !other.ends_before(self.from)
    }

    /// Whether all of them lie before a quarter; none do before all quarters.
    pub fn ends_before(self, quarter: Option<Quarter>) -> bool {
        quarter.is_some_and(|quarter| self.to.is_some_and(|to| to < quarter))
    }

    /// Whether they go on after `end`, which is open where it is none.
    pub fn ends_after(self, end: Option<Quarter>) -> bool {
        end.is_some_and(|end| self.to.is_none_or(|to| to > end))
    }

    /// The quarters from the first to the last one of both.
    pub fn with(self, other: Span) -> Span {
        Span { from: self.from.min(other.from), to: self.to.zip(other.to).map(|(to, other)| to.max(other)) }
    }

    /// The quarters that are in both.
    pub fn within(self, other: Span) -> Span {
        Span { from: self.from.max(other.from), to: self.to.into_iter().chain(other.to).min() }
    }

    /// What stands in the columns of the first and the last quarter.
    pub fn of_columns(from: i64, to: i64) -> Span {
        Span { from: Quarter::of_column(from), to: Quarter::of_column(to) }
    }

    /// As it stands in the columns of the first and the last quarter; without a bound, before or after all quarters.
    pub fn columns(self) -> (i64, i64) {
        (self.from.map_or(0, Quarter::column), self.to.map_or(NO_END, Quarter::column))
    }
}

impl fmt::Display for Span {
    /// `2005Q1–2013Q4`, open where there is no bound.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(from) = self.from {
            from.fmt(f)?;
        }
        f.write_str("–")?;
        self.to.map_or(Ok(()), |to| to.fmt(f))
    }
}

/// The last day of a month that is known to exist.
fn month_end(year: u16, month: u8) -> Date {
    Date::new(year.cast_signed(), month.cast_signed(), 1).unwrap_or_default().last_of_month()
}

/// A day as the number yyyymmdd, as columns and the catalogue have it.
pub fn day_to_number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// The day that a number yyyymmdd stands for, if there is one.
pub fn day_of_number(number: i64) -> Option<Date> {
    let part = |number: i64| i8::try_from(number % 100).ok();
    Date::new(i16::try_from(number / 10_000).ok()?, part(number / 100)?, part(number)?).ok()
}

/// What a label says a figure is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A whole year: `2018年`.
    Year(u16),
    /// One quarter: `2018年第四季度`.
    Quarter(Quarter),
    /// One month: `2018年12月`.
    Month {
        /// The year.
        year: u16,
        /// The month, 1 to 12.
        month: u8,
    },
    /// January to a month, cumulated: `2018年1-9月`, `2018年前三季度`, `2018年上半年`.
    YearToDate {
        /// The year.
        year: u16,
        /// The last month, 1 to 12.
        month: u8,
    },
    /// One day: `2018-06-30`.
    Day(Date),
}

impl Period {
    /// The year.
    pub fn year(self) -> u16 {
        match self {
            Period::Year(year) | Period::Month { year, .. } | Period::YearToDate { year, .. } => year,
            Period::Quarter(quarter) => quarter.year,
            Period::Day(date) => date.year().unsigned_abs(),
        }
    }

    /// The same part of another year; a day stays what it is.
    pub fn in_year(self, year: u16) -> Period {
        match self {
            Period::Year(_) => Period::Year(year),
            Period::Quarter(quarter) => Period::Quarter(Quarter { year, ..quarter }),
            Period::Month { month, .. } => Period::Month { year, month },
            Period::YearToDate { month, .. } => Period::YearToDate { year, month },
            Period::Day(_) => self,
        }
    }

    /// The month in which the last day lies, 1 to 12.
    pub fn last_month(self) -> u8 {
        match self {
            Period::Year(_) => 12,
            Period::Quarter(quarter) => quarter.last_month(),
            Period::Month { month, .. } | Period::YearToDate { month, .. } => month,
            Period::Day(date) => date.month().unsigned_abs(),
        }
    }

    /// The last day.
    pub fn last_day(self) -> Date {
        match self {
            Period::Day(date) => date,
            other => month_end(other.year(), other.last_month()),
        }
    }

    /// The quarter in which the last day lies.
    pub fn quarter(self) -> Quarter {
        Quarter { year: self.year(), number: (self.last_month() - 1) / 3 + 1 }
    }

    /// The quarter with whose last day the period ends; none if it ends within a quarter.
    pub fn quarter_end(self) -> Option<Quarter> {
        let ends_a_month = !matches!(self, Period::Day(date) if date.day() < date.days_in_month());
        (ends_a_month && self.last_month().is_multiple_of(3)).then(|| self.quarter())
    }

    /// Whether all of `quarter` lies in the period.
    pub fn covers(self, quarter: Quarter) -> bool {
        match self {
            Period::Year(year) => quarter.year == year,
            Period::Quarter(own) => own == quarter,
            Period::YearToDate { year, month } => quarter.year == year && quarter.last_month() <= month,
            Period::Month { .. } | Period::Day(_) => false,
        }
    }

    /// Whether a flow of this period counts from January: years and year-to-date periods.
    pub fn is_cumulative(self) -> bool {
        matches!(self, Period::Year(_) | Period::YearToDate { .. })
    }
}

impl fmt::Display for Period {
    /// `2018`, `2018Q4`, `2018-12`, `2018-01/12` (cumulative), `2018-12-31`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Year(year) => write!(f, "{year}"),
            Period::Quarter(quarter) => quarter.fmt(f),
            Period::Month { year, month } => write!(f, "{year}-{month:02}"),
            Period::YearToDate { year, month } => write!(f, "{year}-01/{month:02}"),
            Period::Day(date) => date.fmt(f),
        }
    }
}

/// Why a label was not read as a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// It is written like no period.
    NotAPeriod,
    /// The year has two digits: `18年6月`.
    TwoDigitYear,
    /// One digit behind a point: `2016.1` is January, or October after a spreadsheet took it for a number.
    OneDigitAfterPoint,
    /// It names no year; [`parse_in_year`] may read it.
    NoYear,
    /// The month, day or quarter does not exist.
    NoSuchDate,
    /// A span that does not begin in January is neither a quarter nor cumulative.
    NotFromJanuary,
}

/// Reads a label that names its year.
///
/// # Errors
/// With the reason, if it is no period or could mean two.
pub fn parse(label: &str) -> Result<Period, Refusal> {
    let mut buffer = [' '; LONGEST];
    let mut cursor = Cursor { rest: fold(label, &mut buffer).ok_or(Refusal::NotAPeriod)? };
    let whole = cursor.rest;
    match cursor.number() {
        Some((number, 8)) => {
            let day = day(number / 10_000, number / 100 % 100, number % 100)?;
            cursor.finish_day(day)
        }
        Some((number, 6)) => {
            let month = month(year(number / 100)?, number % 100)?;
            cursor.finish(month)
        }
        Some((number, 4)) => cursor.after_year(year(number)?),
        Some((_, digits)) => Err(without_year(whole, cursor, digits)),
        None if whole.first().is_some_and(char::is_ascii_lowercase) => in_english(whole),
        None => Err(without_year(whole, cursor, 0)),
    }
}

/// A month or a quarter in English, before its year or without one: `Jan 2018`, `Q3-2018`, `September`.
fn in_english(whole: &[char]) -> Result<Period, Refusal> {
    let mut cursor = Cursor { rest: whole };
    let quarter_of = cursor.eat("q").then(|| cursor.small()).transpose()?;
    let Some(number) = quarter_of.or_else(|| cursor.month_in_english()) else {
        return Err(without_year(whole, Cursor { rest: whole }, 0));
    };
    if cursor.rest.is_empty() {
        return Err(without_year(whole, Cursor { rest: whole }, 0));
    }
    cursor.eat_any(&[" ", "-", ".", "/", ","]);
    let of_year = match cursor.number() {
        Some((of_year, 4)) if cursor.rest.is_empty() => year(of_year)?,
        Some((_, 2)) if cursor.rest.is_empty() => return Err(Refusal::TwoDigitYear),
        _ => return Err(Refusal::NotAPeriod),
    };
    if quarter_of.is_some() { quarter(of_year, number) } else { month(of_year, number) }
}

/// Reads a label whose year is named elsewhere (`一季度`, `1-3月`, `6月`). A year in the label itself holds.
///
/// # Errors
/// With the reason, if it is no period or could mean two.
pub fn parse_in_year(label: &str, year: u16) -> Result<Period, Refusal> {
    match parse(label) {
        Err(Refusal::NoYear) => {
            let mut buffer = [' '; LONGEST];
            let rest = fold(label, &mut buffer).ok_or(Refusal::NotAPeriod)?;
            Cursor { rest }.in_year(year)
        }
        read => read,
    }
}

/// The period in the brackets at the end of a name, in this year where it names none: `贷款余额（10月末）`. A year alone is one of prices or
/// of an edition as well.
pub fn in_brackets(name: &str, year: u16) -> Option<Period> {
    let name = text::trim(name).strip_suffix([')', '）'])?;
    let (_, inside) = name.rsplit_once(['(', '（'])?;
    parse_in_year(inside, year)
        .ok()
        .filter(|period| !matches!(period, Period::Year(_)) || inside.contains(['末', '底', '全']))
}

/// What a column with this heading counts in each year, as a label names it: `季度`, `月`. None for other headings.
pub fn part_counted(heading: &str) -> Option<&'static str> {
    match text::key(heading).as_str() {
        "季度" | "季" | "季别" | "quarter" => Some("季度"),
        "月份" | "月" | "月别" | "month" => Some("月"),
        _ => None,
    }
}

/// The quarter that `2018-3` is where quarters are counted in each year; elsewhere it is March.
pub fn counted_quarter(cell: &str) -> Option<Quarter> {
    let key = text::key(cell);
    let (year, number) = key.split_once(['-', '.', '/'])?;
    let number = number.parse().ok().filter(|_| number.len() == 1)?;
    Quarter::new(year.parse().ok()?, number)
}

/// Whether the cells under a heading are quarters as [`counted_quarter`] reads them: it names quarters, and some cells would be months
/// that end none.
pub fn counts_quarters<'c>(heading: &str, cells: impl Iterator<Item = &'c str>) -> bool {
    if !heading.contains('季') || heading.contains('月') {
        return false;
    }
    let filled = cells.filter(|cell| !text::trim(cell).is_empty());
    let quarters: Option<Vec<Quarter>> = filled.map(counted_quarter).collect();
    quarters.is_some_and(|quarters| quarters.iter().any(|quarter| quarter.number() != 3))
}

/// Reads a cell of a column that counts parts of the year beside it (`3`, `第三季度`, `1-3`).
///
/// # Errors
/// With the reason, if it is no part of a year.
pub fn parse_part(cell: &str, counted: &str, year: u16) -> Result<Period, Refusal> {
    parse_in_year(&format!("{cell}{counted}"), year).or_else(|_| parse_in_year(cell, year))
}

/// The part of a year that a cell of such a column names where the year itself is left blank: it goes on from the period of the row
/// above, in the same year. None where it does not come after it.
pub fn later_part(cell: &str, counted: &str, above: Period) -> Option<Period> {
    let part = parse_part(text::trim(cell), counted, above.year()).ok()?;
    (part.last_day() > above.last_day()).then_some(part)
}

/// What a cell of such a column says as a label would: `3` among quarters is `3季度`. None where it is no part of a year.
pub fn part_text(cell: &str, counted: &str) -> Option<String> {
    let is_part = |text: &str| parse(text) == Err(Refusal::NoYear);
    let counted = format!("{}{counted}", text::trim(cell));
    if is_part(&counted) { Some(counted) } else { is_part(cell).then(|| text::trim(cell).to_owned()) }
}

/// Every period named in a running text, such as a title or a file name, with the text that names it. Numbers of
/// four digits alone are left out: `GB/T 4754-2017` names no year.
pub fn find_all(text: &str) -> Vec<(Period, &str)> {
    let mut found = Vec::new();
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut marks: Vec<(usize, bool)> =
        chars.iter().map(|&(at, c)| (at, text::half_width(c).is_ascii_digit())).collect();
    marks.push((text.len(), false));
    // A year in numerals begins as well: `二〇一八年`.
    let is_numeral = |at: usize| chars.get(at).is_some_and(|(_, c)| NUMERALS.contains(c));
    let year_at = |at: usize| {
        let before = at.checked_sub(1).is_some_and(is_numeral);
        !before && (at..at + 4).all(is_numeral) && chars.get(at + 4).is_some_and(|&(_, c)| c == '年')
    };
    let mut from = 0;
    while from < marks.len() {
        let starts = marks[from].1 && (from == 0 || !marks[from - 1].1) || year_at(from);
        let longest = if starts { (from + LONGEST).min(marks.len() - 1) } else { from };
        let end = (from + 5..=longest).rev().find_map(|end| {
            let cut_number = marks[end].1 && marks[end - 1].1;
            let piece = text.get(marks[from].0..marks[end].0).filter(|_| !cut_number)?;
            // The longest piece that reads as a period must not begin or end with a blank of the running text.
            let period = parse(piece).ok().filter(|_| text::trim(piece).len() == piece.len())?;
            found.push((period, piece));
            Some(end)
        });
        from = end.unwrap_or(from + 1);
    }
    found
}

/// Why a label that does not begin with a four-digit year is refused.
fn without_year(whole: &[char], mut after_number: Cursor<'_>, digits: usize) -> Refusal {
    // Any year does for the trial.
    const TRIAL: u16 = 2000;
    let trial = Cursor { rest: whole }.in_year(TRIAL);
    match trial {
        Ok(_) => Refusal::NoYear,
        Err(Refusal::NotAPeriod) if digits == 2 && !after_number.rest.is_empty() => {
            match after_number.after_year(TRIAL) {
                Err(Refusal::NotAPeriod) => Refusal::NotAPeriod,
                _ => Refusal::TwoDigitYear,
            }
        }
        Err(refusal) => refusal,
    }
}

/// The longest label, in characters without blanks.
const LONGEST: usize = 32;

/// Folds a label into half width with one kind of dash and without blanks, except one between digits: `2018 12` is not
/// `201812`.
fn fold<'b>(label: &str, buffer: &'b mut [char; LONGEST]) -> Option<&'b [char]> {
    let mut length = 0_usize;
    let mut blank = false;
    for c in text::trim(label).chars() {
        if text::is_blank(c) {
            blank = true;
            continue;
        }
        let folded = match text::fold(c) {
            '至' | '到' => '-',
            other => other,
        };
        let before = length.checked_sub(1).and_then(|last| buffer.get(last));
        if blank && folded.is_ascii_digit() && before.is_some_and(char::is_ascii_digit) {
            *buffer.get_mut(length)? = ' ';
            length += 1;
        }
        *buffer.get_mut(length)? = folded;
        length += 1;
        blank = false;
    }
    write_year(buffer);
    let length = without_remark(buffer, length);
    buffer.get(..length)
}

/// Remarks in brackets at the end that leave a period what it is.
const REMARKS: [&str; 14] = [
    "快报",
    "快报数",
    "年快报",
    "年报",
    "初步",
    "初步数",
    "初步核算",
    "初步核算数",
    "核实",
    "最终核实",
    "修订",
    "修订数",
    "决算",
    "决算数",
];

/// Words in brackets at the end that say a part of it: `2018年1-9月（累计）`.
const PARTS: [&str; 7] = ["累计", "末", "底", "全年", "上半年", "当月", "当季"];

/// How much of a folded label is left without the marks of footnotes and the remarks behind it. Brackets around a part of the year go.
fn without_remark(label: &mut [char; LONGEST], mut length: usize) -> usize {
    let is_mark = |c: char| matches!(c, '*' | '①'..='⑳' | '△' | '▲' | '※');
    while length > 4 && label.get(length - 1).is_some_and(|c| is_mark(*c)) {
        length -= 1;
    }
    if length == 0 || label.get(length - 1) != Some(&')') {
        return length;
    }
    let Some(open) = label.get(..length).and_then(|label| label.iter().rposition(|c| *c == '(')) else { return length };
    let Some(inside) = label.get(open + 1..length - 1).filter(|_| open >= 4) else { return length };
    let says = |words: &[&str]| words.iter().any(|word| word.chars().eq(inside.iter().copied()));
    if says(&REMARKS) {
        return open;
    }
    let first = inside.first().copied().unwrap_or(' ');
    let is_part =
        first.is_ascii_digit() || NUMERALS.contains(&first) || matches!(first, '第' | '前' | '十' | '元' | 'q');
    if says(&PARTS) || is_part && inside.iter().any(|c| matches!(c, '月' | '季' | 'q')) {
        label.copy_within(open + 1..length - 1, open);
        return length - 2;
    }
    length
}

/// A year in Chinese numerals at the beginning, in digits: `二〇一七年`.
fn write_year(label: &mut [char; LONGEST]) {
    let Some([digits @ .., '年']) = label.first_chunk_mut::<5>() else { return };
    if digits.iter().all(|c| NUMERALS.contains(c)) {
        for digit in digits {
            let value = NUMERALS.iter().position(|numeral| numeral == digit).unwrap_or(0) % 10;
            *digit = char::from(b'0' + value as u8);
        }
    }
}

/// The numerals from nought to nine, and the other ways of writing nought.
const NUMERALS: [char; 21] = [
    '〇', '一', '二', '三', '四', '五', '六', '七', '八', '九', '零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌',
    '玖', '○',
];

/// Whether a label is made of nothing but what periods are made of, so that somebody meant a time by it: `2018年下半年`,
/// `18年三季度末`, `2018年上旬`.
pub fn is_only_time(label: &str) -> bool {
    const MARKS: &str =
        "年月日季度半上下中旬前末初底第全至到累计份个qhefp-—–~～./、()（） 周期止截元春夏秋冬财当本预测计划目标算";
    const WITHIN: [&str; 8] = ["季", "旬", "月", "周", "半年", "Q", "q", "H"];
    let is_digit = |c: char| {
        text::half_width(c).is_ascii_digit() || c == '十' || NUMERALS.contains(&c) || ('Ⅰ'..='Ⅳ').contains(&c)
    };
    let label = text::trim(label);
    let is_made = || label.chars().all(|c| is_digit(c) || MARKS.contains(text::fold(c)) || text::is_blank(c));
    // 下半年 and 中旬 count nothing.
    let is_span = || ["下半年", "上旬", "中旬", "下旬"].contains(&label);
    if label.chars().count() > LONGEST || !(label.chars().any(is_digit) || is_span()) || !is_made() {
        return false;
    }
    let digits = |text: &str| text.chars().take_while(|&c| is_digit(c)).count();
    let whole_year = label.char_indices().any(|(at, _)| digits(&label[at..]) == 4 && !label[..at].ends_with(is_digit));
    let short_year = digits(label) == 2 && label.chars().nth(2) == Some('年');
    // `3-6个月` is how long something lasts, and so is `1-3年`.
    let lasts = label.contains("个月") && !label.contains(['前', '年']);
    // A year in digits alone is a figure as well.
    let is_bare = label.chars().all(|c| is_digit(c) || text::is_blank(c));
    // `1-本月` is a measure of a form and not a time of its own.
    let within = WITHIN.iter().any(|time| label.contains(time)) && !label.contains(['本', '当']);
    (whole_year || short_year || within) && !lasts && !is_bare
}

/// Checks a year.
fn year(number: u32) -> Result<u16, Refusal> {
    if YEARS.contains(&number) { Ok(number as u16) } else { Err(Refusal::NotAPeriod) }
}

/// Checks a month's number.
fn month_number(number: u32) -> Result<u8, Refusal> {
    if (1..=12).contains(&number) { Ok(number as u8) } else { Err(Refusal::NoSuchDate) }
}

/// A month that exists.
fn month(year: u16, number: u32) -> Result<Period, Refusal> {
    Ok(Period::Month { year, month: month_number(number)? })
}

/// A quarter that exists.
fn quarter(year: u16, number: u32) -> Result<Period, Refusal> {
    u8::try_from(number)
        .ok()
        .and_then(|number| Quarter::new(year, number))
        .map(Period::Quarter)
        .ok_or(Refusal::NoSuchDate)
}

/// A day that exists.
fn day(year_number: u32, month: u32, day: u32) -> Result<Period, Refusal> {
    let (year, month) = (year(year_number)?.cast_signed(), month_number(month)?.cast_signed());
    let day = i8::try_from(day).map_err(|_| Refusal::NoSuchDate)?;
    Date::new(year, month, day).map(Period::Day).map_err(|_| Refusal::NoSuchDate)
}

/// January to a month, or the three months of a later quarter.
fn span(year: u16, first: u32, last: u32) -> Result<Period, Refusal> {
    let (first, last) = (month_number(first)?, month_number(last)?);
    match (first, last) {
        (1, 2..) => Ok(Period::YearToDate { year, month: last }),
        (4, 6) | (7, 9) | (10, 12) => quarter(year, u32::from(last / 3)),
        _ => Err(Refusal::NotFromJanuary),
    }
}

/// What is left of a folded label.
#[derive(Clone, Copy)]
struct Cursor<'a> {
    rest: &'a [char],
}

impl Cursor<'_> {
    /// Takes a number of at most eight digits, with how many there were.
    fn number(&mut self) -> Option<(u32, usize)> {
        let digits = self.rest.iter().take_while(|c| c.is_ascii_digit()).count();
        if digits == 0 || digits > 8 {
            return None;
        }
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        Some((number.iter().fold(0, |value, &c| value * 10 + (c as u32 - '0' as u32)), digits))
    }

    /// Takes a number of one or two digits, as months and days have.
    fn small(&mut self) -> Result<u32, Refusal> {
        self.number().filter(|&(_, digits)| digits <= 2).map(|(number, _)| number).ok_or(Refusal::NotAPeriod)
    }

    /// Takes `word` if it comes next.
    fn eat(&mut self, word: &str) -> bool {
        let mut rest = self.rest;
        for expected in word.chars() {
            match rest {
                [first, tail @ ..] if *first == expected => rest = tail,
                _ => return false,
            }
        }
        self.rest = rest;
        true
    }

    /// Takes the first of `words` that comes next.
    fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.eat(word))
    }

    /// `read`, if nothing is left.
    fn finish<T>(self, read: T) -> Result<T, Refusal> {
        if self.rest.is_empty() { Ok(read) } else { Err(Refusal::NotAPeriod) }
    }

    /// A day, which spreadsheets write with a midnight behind it.
    fn finish_day(mut self, day: Period) -> Result<Period, Refusal> {
        if self.eat_any(&[" ", "t"]) {
            let midnight = self.eat("00:00:00") || self.eat("0:00:00") || self.eat("00:00") || self.eat("0:00");
            if !midnight {
                return Err(Refusal::NotAPeriod);
            }
        }
        self.finish(day)
    }

    /// What may follow a year of four digits.
    fn after_year(&mut self, year: u16) -> Result<Period, Refusal> {
        match *self.rest {
            [] => Ok(Period::Year(year)),
            ['年', ref rest @ ..] => {
                self.rest = rest;
                self.eat_any(&["度", "末", "底", "年度", "年末", "年底"]);
                if self.rest.is_empty() { Ok(Period::Year(year)) } else { self.part_of(year) }
            }
            ['.', ..] => self.point_date(year),
            ['-', 'q', ref rest @ ..] => {
                self.rest = rest;
                let number = self.small()?;
                self.finish(())?;
                quarter(year, number)
            }
            [separator @ ('-' | '/'), ref rest @ ..] => {
                self.rest = rest;
                let number = self.small()?;
                match *self.rest {
                    [] => month(year, number),
                    [again, ref rest @ ..] if again == separator || again == '-' => {
                        self.rest = rest;
                        let (last, digits) = self.number().ok_or(Refusal::NotAPeriod)?;
                        // `2018-01至2018-09` names the year again.
                        if digits == 4 && last == u32::from(year) && self.eat(if separator == '-' { "-" } else { "/" })
                        {
                            let last = self.small()?;
                            self.finish(())?;
                            return span(year, number, last);
                        }
                        if digits > 2 || again != separator {
                            return Err(Refusal::NotAPeriod);
                        }
                        self.finish_day(day(u32::from(year), number, last)?)
                    }
                    _ => Err(Refusal::NotAPeriod),
                }
            }
            [' ', ref rest @ ..] => {
                self.rest = rest;
                self.part_of(year)
            }
            _ => self.part_of(year),
        }
    }

    /// What stands behind the year. `2018A` is a quarter, as the national site numbers them; a letter alone is a name.
    fn part_of(&mut self, year: u16) -> Result<Period, Refusal> {
        match *self.rest {
            [letter @ 'a'..='d'] => quarter(year, letter as u32 - 'a' as u32 + 1),
            // Alone it is how often something is surveyed.
            ['半', '年'] | ['半', '年', '度'] => Ok(Period::YearToDate { year, month: 6 }),
            _ => self.in_year(year),
        }
    }

    /// `2018.06`, `2018.6.30`, `2018.01-12`.
    fn point_date(&mut self, year: u16) -> Result<Period, Refusal> {
        self.eat(".");
        let (number, digits) = self.number().filter(|&(_, digits)| digits <= 2).ok_or(Refusal::NotAPeriod)?;
        if self.eat(".") {
            let last = self.small()?;
            return self.finish_day(day(u32::from(year), number, last)?);
        }
        let mut rest = *self;
        if digits == 2 && rest.eat("累计") {
            rest.finish(())?;
            return Ok(Period::YearToDate { year, month: month_number(number)? });
        }
        let to = if rest.eat("-") {
            let (last, last_digits) = rest.number().ok_or(Refusal::NotAPeriod)?;
            // `2018.01-2018.12` names the year again.
            let last = if last_digits == 4 && last == u32::from(year) && rest.eat(".") { rest.small()? } else { last };
            rest.eat("月");
            rest.finish(Some(last))?
        } else {
            rest.finish(None)?
        };
        match (digits, to) {
            (1, _) => Err(Refusal::OneDigitAfterPoint),
            (_, Some(last)) => span(year, number, last),
            (_, None) => month(year, number),
        }
    }

    /// What stands behind the year, or alone where the year is named elsewhere.
    fn in_year(&mut self, year: u16) -> Result<Period, Refusal> {
        // 本年1-9月; 本年 alone is a measure of a form.
        if self.rest.len() > 2 {
            self.eat_any(&["本年", "今年", "当年"]);
        }
        if self.eat("上半年") {
            self.eat_any(&["累计", "末"]);
            return self.finish(Period::YearToDate { year, month: 6 });
        }
        if self.eat("h1") {
            return self.finish(Period::YearToDate { year, month: 6 });
        }
        if self.eat("下半年") || self.eat("h2") {
            return Err(Refusal::NotFromJanuary);
        }
        if self.eat("全年") {
            return self.finish(Period::Year(year));
        }
        if self.eat("q") {
            let number = self.small()?;
            self.finish(())?;
            return quarter(year, number);
        }
        let mut english = *self;
        if let Some(number) = english.month_in_english() {
            english.finish(())?;
            return month(year, number);
        }
        let mut attempt = *self;
        if let Some(read) = attempt.quarters(year) {
            return read;
        }
        self.months(year)
    }

    /// `第四季度`, `首季`, `1-3季度`, `前三季度`; none if it is not about quarters at all.
    fn quarters(&mut self, year: u16) -> Option<Result<Period, Refusal>> {
        let cumulative = self.eat_any(&["前", "头"]);
        self.eat("第");
        let first = self.quarter_number()?;
        let last = if self.eat("-") {
            self.eat("第");
            Some(self.quarter_number()?)
        } else {
            None
        };
        if !self.eat("季度") && !self.eat("季") {
            return None;
        }
        let cumulated = self.eat("累计");
        // What is counted at the end of a quarter is the quarter's, as at the end of a year.
        self.eat_any(&["末", "底"]);
        let read = match (first, last) {
            (1..=4, None) if cumulative || cumulated => Ok(Period::YearToDate { year, month: first as u8 * 3 }),
            (_, None) => quarter(year, first),
            (1, Some(last @ 2..=4)) if !cumulative => Ok(Period::YearToDate { year, month: last as u8 * 3 }),
            (1..=4, Some(1..=4)) => Err(Refusal::NotFromJanuary),
            _ => Err(Refusal::NoSuchDate),
        };
        Some(read.and_then(|period| self.finish(period)))
    }

    /// A quarter's number in digits, Chinese or Roman numerals.
    fn quarter_number(&mut self) -> Option<u32> {
        for (letters, number) in [("iii", 3), ("ii", 2), ("iv", 4), ("i", 1)] {
            if self.eat(letters) {
                return Some(number);
            }
        }
        let number = match *self.rest.first()? {
            '一' | '首' | 'Ⅰ' => 1,
            '二' | '两' | 'Ⅱ' => 2,
            '三' | 'Ⅲ' => 3,
            '四' | 'Ⅳ' => 4,
            _ => return self.small().ok(),
        };
        self.rest = self.rest.get(1..)?;
        Some(number)
    }

    /// `12月`, `12月31日`, `1-12月`, `1月-12月`, `前11个月`, `头两个月`.
    fn months(&mut self, year: u16) -> Result<Period, Refusal> {
        if self.eat_any(&["前", "头"]) {
            let last = self.count_in_words().map_or_else(|| self.small(), Ok)?;
            if !self.eat("个月") && !self.eat("月") {
                return Err(Refusal::NotAPeriod);
            }
            self.finish(())?;
            return span(year, 1, last);
        }
        let first = self.month_in_words().map_or_else(|| self.small(), Ok)?;
        let named = self.eat("月");
        if self.eat("-") {
            let last = self.last_month(year)?;
            self.eat("份");
            self.eat("累计");
            self.finish(())?;
            return span(year, first, last);
        }
        if !named {
            return Err(Refusal::NotAPeriod);
        }
        if self.rest.first().is_some_and(char::is_ascii_digit) {
            let last = self.small()?;
            if !self.eat("日") && !self.eat("号") {
                return Err(Refusal::NotAPeriod);
            }
            return self.finish_day(day(u32::from(year), first, last)?);
        }
        self.eat("份");
        if self.eat("累计") {
            self.finish(())?;
            return Ok(Period::YearToDate { year, month: month_number(first)? });
        }
        if self.eat("止累计") {
            self.finish(())?;
            return Ok(Period::YearToDate { year, month: month_number(first)? });
        }
        self.eat_any(&["末", "底", "当月", "止"]);
        self.finish(())?;
        month(year, first)
    }

    /// The number of a month by its English name, whole or its first three letters.
    fn month_in_english(&mut self) -> Option<u32> {
        const NAMES: [&str; 12] = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ];
        let number = NAMES.iter().position(|name| self.eat(name) || self.eat(&name[..3]))?;
        Some(number as u32 + 1)
    }

    /// The number of a month in Chinese numerals: `十一`, `元`.
    fn month_in_words(&mut self) -> Option<u32> {
        let mut rest = *self;
        let number = if rest.eat("元") { 1 } else { rest.count_in_words()? };
        matches!(rest.rest.first(), Some('月' | '-')).then(|| {
            *self = rest;
            number
        })
    }

    /// A number up to twelve in Chinese numerals.
    fn count_in_words(&mut self) -> Option<u32> {
        const WORDS: [(&str, u32); 13] = [
            ("十二", 12),
            ("十一", 11),
            ("十", 10),
            ("一", 1),
            ("二", 2),
            ("两", 2),
            ("三", 3),
            ("四", 4),
            ("五", 5),
            ("六", 6),
            ("七", 7),
            ("八", 8),
            ("九", 9),
        ];
        WORDS.iter().find(|(word, _)| self.eat(word)).map(|(_, number)| *number)
    }

    /// The end of a span of months; the year may be named again (`2018年1月-2018年12月`).
    fn last_month(&mut self, year: u16) -> Result<u32, Refusal> {
        if let Some(last) = self.month_in_words() {
            return if self.eat("月") { Ok(last) } else { Err(Refusal::NotAPeriod) };
        }
        let (mut last, digits) = self.number().ok_or(Refusal::NotAPeriod)?;
        if digits == 4 && last == u32::from(year) && self.eat("年") {
            last = self.small()?;
        } else if digits > 2 {
            return Err(Refusal::NotAPeriod);
        }
        if self.eat("月") { Ok(last) } else { Err(Refusal::NotAPeriod) }
    }
}
