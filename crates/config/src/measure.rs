//! What is summed from what: one block for each column of the table of areas (`measures/*.toml`). Sums of parks and areas, the
//! dictionary, and what adds up to what follow from these blocks.

use super::catalogue::no_dataset;
use super::document::{Table, did_you_mean, did_you_mean_or, list};
use super::error::ConfigError;
use super::indicator::{Basis, dimension_of};
use super::levels::{levels, no_level};
use super::source::Source;
use super::spot::Spots;
use vocab::level::Level;
use vocab::{Said, said};

/// One measure: a column of `area_quarter`.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Its name, with its unit at the end.
    pub name: String,
    /// What it is, in Chinese.
    pub zh: String,
    /// What it is, in English.
    pub en: String,
    /// How it is made.
    pub made: Made,
    /// Condition on parks, in names of measures: only those that meet it are summed.
    pub parks: Option<String>,
    /// Whether a park that does not meet a condition has none of it, rather than nothing known.
    pub is_none_otherwise: bool,
    /// The time it speaks of.
    pub time: Basis,
    /// Whether an area's figure is the sum of those of its parks.
    pub adds_over_areas: bool,
    /// Column of `park_industry_quarter` whose divisions add up to a park's figure.
    pub by_division: Option<String>,
    /// Measures that together are the whole of this one.
    pub parts: Vec<String>,
    /// What it equals at the end of a year, where it does.
    pub at_year_end: Option<YearEnd>,
    /// The levels at which it is filled.
    pub levels: Vec<Level>,
    /// Datasets without which there is none of it.
    pub datasets: Vec<String>,
    /// Whether it rests on figures of single enterprises.
    pub is_unit_level: bool,
    /// Where its values stand.
    pub spots: Spots,
}

/// What a sum over four quarters equals in the fourth one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearEnd {
    /// The measure since January.
    pub equals: String,
    /// Two counts: it does where they are equal, so that nobody is in the one and not in the other.
    pub given: [String; 2],
}

/// How a measure is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// From the rows of tables: of enterprises, of divisions of parks, or of parks.
    Rows(Rows),
    /// A part of another measure, of the parks that meet the condition.
    Of(String),
    /// A figure that a table has for the area, or for the whole province.
    Taken {
        /// The table.
        from: String,
        /// Its column.
        column: String,
    },
    /// Another measure, four quarters earlier.
    YearAgo(String),
    /// Another measure, now and four quarters earlier together; what is not there counts as none.
    BothYears(String),
    /// Another measure, of all parks of the province.
    Province(String),
    /// Other measures, each times a whole number.
    Terms(Vec<(String, i64)>),
}

/// What is made of the rows of tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// The tables; the rows of several are taken together.
    pub from: Vec<String>,
    /// What is made of them.
    pub what: Summed,
    /// Condition on rows, in names of columns.
    pub only: Option<String>,
}

impl Rows {
    /// The table, or the first of several that have the same columns.
    pub fn first(&self) -> &str {
        self.from.first().map_or("", String::as_str)
    }
}

/// What is made of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Summed {
    /// The sum of an expression over columns.
    Sum(String),
    /// How many rows have a value of an expression over columns.
    Count(String),
    /// A column for each level, whose sum it is there.
    SumAt(Vec<(Level, String)>),
}

impl Measure {
    /// Whether it is a sum over parks: it then has a figure for each park, and one for each area by adding.
    pub fn is_summed(&self) -> bool {
        matches!(self.made, Made::Rows(_) | Made::Of(_))
    }

    /// The measures that it is made from, with the key that names them.
    pub fn named(&self) -> Vec<(&'static str, &str)> {
        match &self.made {
            Made::Of(name) => vec![("of", name)],
            Made::YearAgo(name) => vec![("year_ago", name)],
            Made::BothYears(name) => vec![("both_years", name)],
            Made::Province(name) => vec![("province", name)],
            Made::Terms(terms) => terms.iter().map(|(name, _)| ("terms", name.as_str())).collect(),
            Made::Rows(_) | Made::Taken { .. } => Vec::new(),
        }
    }

    fn resolve(table: &Table<'_, '_>) -> Measure {
        let name = table.text("name");
        let is_rate = name.ends_with("_micro");
        if !name.is_empty() && !is_rate && dimension_of(&name).is_none() && !is_square(&name) {
            let message = said!(
                "`{name}` 没有以单位结尾，如 _fen、_units 或 _micromu",
                "`{name}` does not end with a unit, such as _fen, _units or _micromu"
            );
            table.error("name", message);
        }
        let over = table.texts("adds_over");
        for word in over.iter().filter(|word| !OVER.contains(&word.as_str())) {
            let hint = did_you_mean(word, OVER);
            let message = said!("`{word}` 不是可相加的范围{hint}", "`{word}` is nothing to add over{hint}"; hint);
            table.error("adds_over", message);
        }
        let by_division = table.opt_text("by_division");
        if by_division.is_some() != over.iter().any(|word| word == "divisions") {
            let message = said!(
                "`by_division` 为按行业大类相加的度量在 park_industry_quarter 中的列",
                "`by_division` names the column of park_industry_quarter of what adds up over divisions"
            );
            table.error("by_division", message);
        }
        check_there(table);
        Measure {
            name,
            zh: table.text("zh"),
            en: table.text("en"),
            made: made(table),
            parks: table.opt_text("parks"),
            is_none_otherwise: otherwise(table),
            time: time(table),
            adds_over_areas: over.iter().any(|word| word == "areas"),
            by_division,
            parts: table.texts("parts"),
            at_year_end: table.table("at_year_end", year_end).flatten(),
            levels: filled_at(table),
            datasets: table.texts("datasets"),
            is_unit_level: table.flag("unit_level", true),
            spots: table.spots(),
        }
    }
}

/// Tells which keys are missing of those that every measure has and that have no usual value.
fn check_there(table: &Table<'_, '_>) {
    let wanted = [
        (
            "adds_over",
            said!(
                "缺少 `adds_over`：应为 [\"areas\"] 或 [\"areas\", \"divisions\"]，没有则写 []",
                "`adds_over` is missing: [\"areas\"], [\"areas\", \"divisions\"], or [] for none"
            ),
        ),
        (
            "unit_level",
            said!(
                "缺少 `unit_level`：是否依据单个企业的数据",
                "`unit_level` is missing: whether it rests on figures of single enterprises"
            ),
        ),
        (
            "datasets",
            said!(
                "缺少 `datasets`：缺之即无此度量的数据集，没有则写 []",
                "`datasets` is missing: those without which there is none of it, or [] for none"
            ),
        ),
    ];
    for (key, message) in wanted.into_iter().filter(|(key, _)| !table.has(key)) {
        table.error(key, message);
    }
}

fn year_end(table: &Table<'_, '_>) -> Option<YearEnd> {
    let equals = table.text("equals");
    match <[String; 2]>::try_from(table.texts("if_equal")) {
        Ok(given) => Some(YearEnd { equals, given }),
        Err(_) => {
            let message = said!(
                "`if_equal` 为两个计数的度量：两个合计相等时，二者所计的单位相同",
                "`if_equal` is two measures that count the same units where the two sums are equal"
            );
            table.error("if_equal", message);
            None
        }
    }
}

/// What a measure can add up over.
const OVER: &[&str] = &["areas", "divisions"];

/// Squares of amounts have a unit of their own, which no indicator computes with.
fn is_square(name: &str) -> bool {
    name.contains("_square_")
}

/// The measures of one file.
pub(super) fn resolve(table: &Table<'_, '_>) -> Vec<Measure> {
    table.tables("measure", Measure::resolve)
}

/// The ways to make a measure: exactly one of them is there.
const WAYS: [&str; 9] = ["sums", "counts", "sums_at", "of", "takes", "year_ago", "both_years", "province", "terms"];

fn made(table: &Table<'_, '_>) -> Made {
    let ways: Vec<&str> = WAYS.into_iter().filter(|key| table.has(key)).collect();
    if ways.len() != 1 {
        table.error("name", not_one_way(&ways));
    }
    let way = ways.first().copied().unwrap_or("sums");
    let is_of_tables = matches!(way, "sums" | "counts" | "sums_at" | "takes");
    if is_of_tables != table.has("from") {
        let message = if is_of_tables {
            said!(
                "缺少 `from`：应为据以计算的表，或由表组成的文本组",
                "`from` is missing: it must be the table, or a list of tables, whose rows it is made from"
            )
        } else {
            said!("`from` 只用于由表中各行算出的度量", "`from` is only for what is made from the rows of tables")
        };
        table.error("from", message);
    }
    let (from, only) = (table.texts("from"), table.opt_text("where"));
    if only.is_some() && !matches!(way, "sums" | "counts") {
        table.error("where", said!("`where` 只用于 `sums` 和 `counts`", "`where` is only for `sums` and `counts`"));
    }
    let rows = |what: Summed| Made::Rows(Rows { from: from.clone(), what, only: only.clone() });
    match way {
        "counts" => rows(Summed::Count(table.text("counts"))),
        "sums_at" => rows(Summed::SumAt(sums_at(table))),
        "of" => Made::Of(table.text("of")),
        "takes" => {
            if from.len() > 1 {
                table.error("from", said!("数值只能取自一张表", "a figure is taken from one table"));
            }
            Made::Taken { from: from.first().cloned().unwrap_or_default(), column: table.text("takes") }
        }
        "year_ago" => Made::YearAgo(table.text("year_ago")),
        "both_years" => Made::BothYears(table.text("both_years")),
        "province" => Made::Province(table.text("province")),
        "terms" => Made::Terms(terms(table)),
        _ => rows(Summed::Sum(table.opt_text("sums").unwrap_or_default())),
    }
}

/// That a measure is made in none of the ways, or in several.
fn not_one_way(ways: &[&str]) -> Said {
    let all = list(&WAYS);
    let found = match ways {
        [] => said!("都没有写", "none"),
        ways => Said::new(format!("写了 {}", ways.join(" 和 ")), ways.join(" and ")),
    };
    said!(
        "度量只能以一种方式算出；{all} 之中，此处{found}",
        "a measure is made in one way; of {all} here is {found}";
        all, found
    )
}

fn terms(table: &Table<'_, '_>) -> Vec<(String, i64)> {
    /// Factors are changes of units.
    const LARGEST: f64 = 1e9;
    let whole = |(name, factor): (String, f64)| {
        let is_whole = factor.fract() == 0.0 && factor != 0.0 && factor.abs() <= LARGEST;
        if !is_whole {
            let message = said!(
                "`{name}` 的系数为 {factor}，而系数应为非零整数",
                "`{name}` is taken times {factor}, which is no whole number other than 0"
            );
            table.error("terms", message);
        }
        is_whole.then_some((name, factor as i64))
    };
    table.number_map("terms").into_iter().filter_map(whole).collect()
}

fn otherwise(table: &Table<'_, '_>) -> bool {
    let otherwise = table.opt_int("otherwise");
    if otherwise.is_some_and(|number| number != 0) {
        let message = said!(
            "`otherwise` 只能为 0（此时不符合条件的集聚区按无计），或不写",
            "`otherwise` is 0, for parks that then have none of it, or is left out"
        );
        table.error("otherwise", message);
    }
    otherwise.is_some()
}

fn time(table: &Table<'_, '_>) -> Basis {
    if !table.has("time") {
        let message = said!(
            "缺少 `time`：应为 \"quarter\"、\"ytd\"、\"ttm\" 或 \"point\"",
            "`time` is missing: \"quarter\", \"ytd\", \"ttm\" or \"point\""
        );
        table.error("time", message);
    }
    table.choice("time", &Basis::WORDS).unwrap_or(Basis::Quarter)
}

/// The levels at which it is filled; all, where nothing is said.
fn filled_at(table: &Table<'_, '_>) -> Vec<Level> {
    levels(table).filter(|levels| !levels.is_empty()).unwrap_or_else(|| Level::ALL.to_vec())
}

/// The column of each level.
fn sums_at(table: &Table<'_, '_>) -> Vec<(Level, String)> {
    let columns = table.text_map("sums_at").into_iter();
    let of_level = |(word, column): (String, String)| {
        let level = Level::parse(&word);
        if level.is_none() {
            table.error_at("sums_at", &word, no_level(&word));
        }
        Some((level?, column))
    };
    columns.filter_map(of_level).collect()
}

/// What only shows when all blocks and sources are read: names that stand twice or nowhere, and datasets that nobody sends.
pub(super) fn mistakes(measures: &[Measure], sources: &[Source]) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    let names: Vec<&str> = measures.iter().map(|measure| measure.name.as_str()).collect();
    let mut datasets: Vec<&str> = sources.iter().map(|source| source.dataset.as_str()).collect();
    datasets.sort_unstable();
    datasets.dedup();
    for (at, measure) in measures.iter().enumerate() {
        let spot = |key: &str| measure.spots.of(key);
        if names[..at].contains(&measure.name.as_str()) {
            let name = &measure.name;
            errors.push(spot("name").error(said!("已有度量 `{name}`", "`{name}` is a measure already")));
        }
        let parts = measure.parts.iter().map(|name| ("parts", name.as_str()));
        let year_end = measure.at_year_end.iter().flat_map(|one| [&one.equals].into_iter().chain(&one.given));
        let year_end = year_end.map(|name| ("at_year_end", name.as_str()));
        for (key, name) in measure.named().into_iter().chain(parts).chain(year_end) {
            if !names.contains(&name) {
                let hint = did_you_mean_near(name, &names);
                let message = said!("没有度量 `{name}`{hint}", "there is no measure `{name}`{hint}"; hint);
                errors.push(spot(key).error_at(name, message));
            }
        }
        for name in measure.datasets.iter().filter(|name| !datasets.contains(&name.as_str())) {
            errors.push(spot("datasets").error_at(name, no_dataset(name, &datasets)));
        }
    }
    errors
}

/// The list of all measures is too long to be told.
pub fn did_you_mean_near(word: &str, names: &[&str]) -> Said {
    let where_they_are =
        || said!("；度量为 config/measures 中的 [[measure]]", "; measures are blocks [[measure]] in config/measures");
    did_you_mean_or(word, names, where_they_are)
}
