//! What a method of park assessment (集聚区考核) means once it is read: a score put together from indicators, and stars.

use super::document::{Table, did_you_mean};
use super::range::{LARGEST, above_zero};
use vocab::{Said, said};

/// A figure that changes with the years: each holds from its year on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Yearly(Vec<(i64, f64)>);

impl Yearly {
    /// The figure in force in a year; none before the first.
    pub fn in_year(&self, year: i64) -> Option<f64> {
        self.0.iter().rev().find(|(from, _)| *from <= year).map(|(_, value)| *value)
    }

    fn resolve(table: &Table<'_, '_>, key: &str) -> Yearly {
        let mut years = Vec::new();
        for (year, value) in table.number_map(key) {
            match year.parse() {
                Ok(year) if (1978..=2100).contains(&year) => years.push((year, value)),
                _ => {
                    let message = said!(
                        "`{year}` 不是年份：`{key}` 的写法如 {{ 2017 = 10, 2019 = 12 }}",
                        "`{year}` is not a year: write `{key}` like {{ 2017 = 10, 2019 = 12 }}"
                    );
                    table.error(key, message);
                }
            }
        }
        if years.is_empty() {
            let message = said!(
                "缺少 `{key}`：请按年份填写，如 {{ 2017 = 10, 2019 = 12 }}",
                "`{key}` is missing: write it by year, like {{ 2017 = 10, 2019 = 12 }}"
            );
            table.error(key, message);
        }
        years.sort_by_key(|(year, _)| *year);
        Yearly(years)
    }
}

/// One part of the score: weight × min(max((value − zero) ÷ (benchmark − zero), 0), cap).
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The indicator.
    pub indicator: String,
    /// The block it stands in.
    pub block: String,
    /// Points it gives at the benchmark.
    pub weight: Yearly,
    /// The value that gives the whole weight.
    pub benchmark: Yearly,
    /// The value that gives nothing. Above the benchmark where less is better.
    pub zero: f64,
    /// The most that counts, as a multiple of the weight.
    pub cap: f64,
    /// Whether benchmark and zero are of a whole year while the value adds up since January: a quarter of them for each quarter.
    pub whole_year: bool,
}

/// A block of parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Its identifier.
    pub id: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
}

/// A test inside a method of assessment.
#[derive(Debug, Clone, PartialEq)]
pub struct AssessmentTest {
    /// One sentence.
    pub name: String,
    /// Year and quarter.
    pub when: (i64, i64),
    /// Values of indicators; those not named are missing.
    pub given: Vec<(String, f64)>,
    /// The score, or none.
    pub expect: Option<f64>,
    /// The stars, or none.
    pub stars: Option<i64>,
}

/// A method of assessment.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// Its identifier: the file's stem.
    pub id: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// What it is taken from, and what of it is an example only; in Chinese.
    pub about_zh: String,
    /// Likewise in English.
    pub about_en: String,
    /// Blocks.
    pub blocks: Vec<Block>,
    /// Parts.
    pub parts: Vec<Part>,
    /// Points that the parts with a value must be able to give; the others then leave, and what is left counts for 100.
    pub minimum_weight: f64,
    /// The least score of two, three … stars; below the first there is one.
    pub stars: Vec<f64>,
    /// Tests.
    pub tests: Vec<AssessmentTest>,
}

impl Assessment {
    /// Reads a method; `indicators` are those that there are.
    pub(super) fn resolve(id: &str, table: &Table<'_, '_>, indicators: &[&str]) -> Assessment {
        let blocks = table.tables("block", |block| Block {
            id: block.text("id"),
            name_zh: block.text("name_zh"),
            name_en: block.text("name_en"),
        });
        let names: Vec<&str> = blocks.iter().map(|block| block.id.as_str()).collect();
        let parts = table.tables("part", |part| resolve_part(part, indicators, &names));
        check_weights(table, &parts);
        Assessment {
            id: id.to_owned(),
            name_zh: table.text("name_zh"),
            name_en: table.text("name_en"),
            about_zh: table.text("about_zh"),
            about_en: table.text("about_en"),
            minimum_weight: table.number_within("minimum_weight", above_zero(100.0)).unwrap_or(100.0),
            stars: stars(table),
            tests: table.tables("test", |test| AssessmentTest {
                name: test.text("name"),
                when: (
                    test.int_within("year", 1978..=2100).unwrap_or(0),
                    test.int_within("quarter", 1..=4).unwrap_or(4),
                ),
                given: test.number_map("given"),
                expect: test.opt_number("expect"),
                stars: test.opt_int("stars"),
            }),
            blocks,
            parts,
        }
    }
}

fn resolve_part(table: &Table<'_, '_>, indicators: &[&str], blocks: &[&str]) -> Part {
    let named = |key: &str, known: &[&str], what: Said| {
        let name = table.text(key);
        if !name.is_empty() && !known.contains(&name.as_str()) {
            let hint = did_you_mean(&name, known);
            let message = said!("没有{what} `{name}`{hint}", "there is no {what} `{name}`{hint}"; what, hint);
            table.error(key, message);
        }
        name
    };
    let part = Part {
        indicator: named("indicator", indicators, said!("指标", "indicator")),
        block: named("block", blocks, said!("板块", "block")),
        weight: Yearly::resolve(table, "weight"),
        benchmark: Yearly::resolve(table, "benchmark"),
        zero: table.number_within("zero", -LARGEST..=LARGEST).unwrap_or(0.0),
        cap: table.number_within("cap", above_zero(100.0)).unwrap_or(1.0),
        whole_year: table.flag("whole_year", false),
    };
    if part.benchmark.0.iter().any(|(_, benchmark)| *benchmark == part.zero) {
        let message = said!(
            "`benchmark` 与不得分的值（`zero`）相同：两者之间没有可计分的区间",
            "`benchmark` is the value that gives nothing (`zero`): there is no way between them"
        );
        table.error("benchmark", message);
    }
    for (_, weight) in &part.weight.0 {
        table.holds("weight", *weight, 0.0..=100.0);
    }
    for (_, benchmark) in &part.benchmark.0 {
        table.holds("benchmark", *benchmark, -LARGEST..=LARGEST);
    }
    part
}

/// In each year in which a weight changes, all weights make 100.
fn check_weights(table: &Table<'_, '_>, parts: &[Part]) {
    let mut years: Vec<i64> = parts.iter().flat_map(|part| &part.weight.0).map(|(year, _)| *year).collect();
    years.sort_unstable();
    years.dedup();
    for year in years {
        let sum: f64 = parts.iter().filter_map(|part| part.weight.in_year(year)).sum();
        if (sum - 100.0).abs() > 1e-9 {
            let message = said!(
                "各部分权重之和应为 100；自 {year} 年起为 {sum}",
                "the weights of all parts must make 100; from {year} on they make {sum}"
            );
            table.error("part", message);
        }
    }
}

/// The least scores of two, three … stars, in that order.
fn stars(table: &Table<'_, '_>) -> Vec<f64> {
    let stars: Vec<(String, f64)> = table.number_map("stars");
    let named: Vec<f64> = (2..)
        .map_while(|count: i64| stars.iter().find(|(name, _)| *name == count.to_string()))
        .map(|(_, score)| *score)
        .collect();
    for score in &named {
        table.holds("stars", *score, 0.0..=10_000.0);
    }
    if named.is_empty() || named.len() != stars.len() || !named.is_sorted_by(|a, b| a < b) {
        let message = said!(
            "`stars` 为二星、三星……的最低分，后者应高于前者：{{ 2 = 50, 3 = 60 }}",
            "`stars` is the least score of two, three … stars, each above the one before: {{ 2 = 50, 3 = 60 }}"
        );
        table.error("stars", message);
    }
    named
}
