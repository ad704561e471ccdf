//! What an export must hold as a whole: rows, headings, names of rows, periods, totals that add up. It tells the next issue of an
//! export from the first one where a column, a row or a figure is not what it was.

use super::document::Table;
use vocab::period::{self, Period};
use vocab::said;

/// The most of anything that an expectation counts.
const MOST: i64 = 100_000_000;

/// Everything that is expected of all tables of an export together: `[expected]` and `[[total]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whole {
    /// How many rows of data there are.
    pub rows: Option<Count>,
    /// Whether an export with another number of rows is refused, and not only told.
    pub refuses: bool,
    /// All headings, those of columns that nobody declares too, without those that name a time.
    pub headings: Vec<String>,
    /// Names of rows that must be there.
    pub labels: Vec<String>,
    /// How many different names of rows there are.
    pub label_count: Option<Count>,
    /// The unit that must stand over the table, as it is written.
    pub unit: Option<String>,
    /// What lies between one period and the next.
    pub step: Option<Step>,
    /// Periods that must be there.
    pub periods: Vec<Period>,
    /// How many different periods there are.
    pub period_count: Option<Count>,
    /// Figures that are sums of others.
    pub totals: Vec<Total>,
}

/// How many of something there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The fewest.
    pub from: u64,
    /// The most.
    pub to: u64,
}

/// What lies between one period and the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// A year.
    Year,
}

/// What a total is the sum of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    /// A row is the sum of other rows, column by column.
    Rows,
    /// A column is the sum of other columns, row by row.
    Columns,
}

/// A row or a column that is the sum of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// What is added up.
    pub along: Along,
    /// Name of the row, or heading of the column.
    pub name: String,
    /// Names or headings of what is added up; of rows, all others where none is named.
    pub of: Vec<String>,
    /// Headings of the columns in which a row is the sum; all columns of numbers where none is named.
    pub columns: Vec<String>,
    /// By how many units of the last digit the sum may be off; what rounding can make, where nothing is said.
    pub tolerance: Option<u64>,
}

impl Whole {
    pub(super) fn resolve(table: &Table<'_, '_>) -> Whole {
        let whole = table.table("expected", Whole::of).unwrap_or_default();
        Whole { totals: table.tables("total", Total::resolve).into_iter().flatten().collect(), ..whole }
    }

    /// Whether it says anything of the names of rows.
    pub fn names_rows(&self) -> bool {
        let of_rows = |total: &Total| total.along == Along::Rows;
        !self.labels.is_empty() || self.label_count.is_some() || self.totals.iter().any(of_rows)
    }

    fn of(table: &Table<'_, '_>) -> Whole {
        let count = |key: &str| table.table(key, |count| Count::resolve(count, key)).flatten();
        let read = |text: &String| {
            let read = period::parse(text).ok();
            if read.is_none() {
                let message = said!(
                    "`{text}` 不是时期：写法如 \"2018Q1\" 或 \"2018年1-3月\"",
                    "`{text}` is no period: write for example \"2018Q1\" or \"2018年1-3月\""
                );
                table.error("periods", message);
            }
            read
        };
        let (rows, refuses) = (count("rows"), table.choice("outside", &[("doubt", false), ("refuse", true)]));
        if refuses.is_some() && rows.is_none() {
            let message = said!(
                "`outside` 规定行数不符的文件如何处理：请写 `rows`",
                "`outside` says what becomes of an export with another number of rows: give `rows`"
            );
            table.error("outside", message);
        }
        Whole {
            rows,
            refuses: refuses.unwrap_or(false),
            headings: table.texts("headings"),
            labels: table.texts("labels"),
            label_count: count("label_count"),
            unit: table.opt_text("unit"),
            step: table.choice("step", &Step::WORDS),
            periods: table.texts("periods").iter().filter_map(read).collect(),
            period_count: count("period_count"),
            totals: Vec::new(),
        }
    }
}

impl Count {
    fn resolve(table: &Table<'_, '_>, key: &str) -> Option<Count> {
        let bound = |name: &str| table.int_within(name, 0..=MOST).and_then(|count| u64::try_from(count).ok());
        let (from, to) = (bound("from"), bound("to"));
        if !table.has("from") && !table.has("to") {
            let message =
                said!("`{key}` 没有界限：请写 `from`、`to` 或两者", "`{key}` has no bounds: give `from`, `to` or both");
            table.error("from", message);
        }
        let count = Count { from: from.unwrap_or(0), to: to.unwrap_or(u64::MAX) };
        if count.from > count.to {
            let Count { from, to } = count;
            let message = said!("`from`（{from}）大于 `to`（{to}）", "`from` ({from}) is above `to` ({to})");
            table.error("from", message);
        }
        (from.is_some() || to.is_some()).then_some(count)
    }

    /// Whether there may be so many.
    pub fn holds(self, count: usize) -> bool {
        (self.from..=self.to).contains(&(count as u64))
    }
}

impl std::fmt::Display for Count {
    /// `17`, `17–19`, `≥ 17`, `≤ 19`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.from, self.to) {
            (from, to) if from == to => write!(f, "{from}"),
            (from, u64::MAX) => write!(f, "≥ {from}"),
            (0, to) => write!(f, "≤ {to}"),
            (from, to) => write!(f, "{from}–{to}"),
        }
    }
}

impl Step {
    /// The words of definitions.
    pub const WORDS: [(&'static str, Step); 3] =
        [("month", Step::Month), ("quarter", Step::Quarter), ("year", Step::Year)];

    /// How many months it is.
    pub fn months(self) -> i32 {
        match self {
            Step::Month => 1,
            Step::Quarter => 3,
            Step::Year => 12,
        }
    }

    /// The word used in definitions.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, step)| *step == self).map_or("", |(word, _)| word)
    }
}

impl Total {
    fn resolve(table: &Table<'_, '_>) -> Option<Total> {
        let (row, column) = (table.opt_text("row"), table.opt_text("column"));
        let (of, columns) = (table.texts("of"), table.texts("columns"));
        let tolerance = table.int_within("tolerance", 0..=MOST).and_then(|digits| u64::try_from(digits).ok());
        let (along, name) = match (row, column) {
            (Some(row), None) => (Along::Rows, row),
            (None, Some(column)) => (Along::Columns, column),
            _ => {
                let message = said!(
                    "合计为一行（`row`）或一列（`column`）：只能写其中之一",
                    "a total is a row (`row`) or a column (`column`): say one of them"
                );
                table.error("row", message);
                return None;
            }
        };
        if along == Along::Columns && of.is_empty() {
            let message =
                said!("缺少 `of`：相加各列的表头", "`of` is missing: the headings of the columns that are added up");
            table.error("of", message);
        }
        if along == Along::Columns && !columns.is_empty() {
            let message = said!(
                "`columns` 与 `row` 并用：写明该行在哪些列为合计",
                "`columns` goes with `row`: it says in which columns the row is a sum"
            );
            table.error("columns", message);
        }
        Some(Total { along, name, of, columns, tolerance })
    }
}
