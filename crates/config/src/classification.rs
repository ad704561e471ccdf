//! What a method of enterprise classification (企业分类综合评价) means once it is read: measures, scores, quotas, exemptions.
//!
//! A method judges single enterprises, so it may only use what departments hold for their own purposes: the columns it can
//! name are those of `enterprise_evaluation`, which is made from administrative data alone.

use super::document::{Table, did_you_mean};
use super::indicator;
use super::range::{LARGEST, SHARE, above_zero};
use vocab::said;

/// What there is to measure an enterprise by: columns of `enterprise_evaluation`.
pub const COLUMNS: &[&str] = &[
    "land_micromu",
    "tax_ttm_fen",
    "sales_ttm_fen",
    "income_va_ttm_fen",
    "research_ttm_fen",
    "insured_persons",
    "metered_ttm_gce",
    "emission_ttm_g",
];

/// How a measure becomes points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scoring {
    /// weight × value ÷ benchmark, never below zero, at most `cap` × weight where there is a cap.
    Benchmark {
        /// The value that gives the whole weight.
        benchmark: f64,
        /// The most that counts, as a multiple of the weight.
        cap: Option<f64>,
    },
    /// weight × (n − rank + 1) ÷ n, over the n enterprises of the park that have a value; equal values share a rank.
    Rank,
}

/// What a missing value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The enterprise is not evaluated.
    Exempt,
    /// No points.
    Zero,
    /// The mean points of the park's evaluated enterprises that have a value.
    ParkMean,
}

/// One measure: a ratio of two columns, and what it is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Its name in tables.
    pub id: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// Column over the line.
    pub numerator: String,
    /// Column under the line.
    pub denominator: String,
    /// Unit of the ratio.
    pub unit: String,
    /// What turns the ratio of canonical units into the unit.
    pub factor: f64,
    /// Points it can give, in millionths; those of all measures make 100.
    pub weight_micro: i64,
    /// How the ratio becomes points.
    pub scoring: Scoring,
    /// What a missing ratio means.
    pub missing: Missing,
}

/// One class that is taken by a quota.
#[derive(Debug, Clone, PartialEq)]
pub struct Quota {
    /// Share of the park's evaluated enterprises, in millionths.
    pub share_micro: i64,
    /// Share by total points that it is taken from, in millionths.
    pub pool_micro: i64,
    /// Measures by whose points together it is ordered.
    pub order: Vec<String>,
}

/// How a quota becomes a whole number of enterprises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// 四舍五入.
    HalfUp,
    /// To the next whole number.
    Up,
    /// To the whole number below.
    Down,
}

/// Classes A and C of each park; all others are B.
#[derive(Debug, Clone, PartialEq)]
pub struct Quotas {
    /// From the top by total points, best first.
    pub a: Quota,
    /// From the bottom by total points, worst first.
    pub c: Quota,
    /// How they are rounded.
    pub rounding: Rounding,
}

/// Who is not evaluated.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exempt {
    /// Fewer quarters on the register than this.
    pub minimum_quarters: i64,
    /// Industry divisions.
    pub divisions: Vec<i64>,
    /// Less land than this.
    pub minimum_land_micromu: Option<i64>,
}

/// A test inside a method.
#[derive(Debug, Clone, PartialEq)]
pub struct MethodTest {
    /// One sentence.
    pub name: String,
    /// One enterprise alone in its park: columns of `enterprise_evaluation`.
    pub given: Vec<(String, f64)>,
    /// Its points: by measure, and `total`.
    pub expect: Vec<(String, f64)>,
    /// Parks by how many enterprises they have, no two alike.
    pub parks: Vec<(String, f64)>,
    /// How many are in each class.
    pub classes: Vec<(String, f64)>,
    /// How far points may be off.
    pub tolerance: f64,
}

/// A method.
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
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
    /// What it measures.
    pub measures: Vec<Measure>,
    /// Its classes; a method without them gives points only.
    pub quotas: Option<Quotas>,
    /// Who is not evaluated.
    pub exempt: Exempt,
    /// Tests.
    pub tests: Vec<MethodTest>,
}

impl Method {
    pub(super) fn resolve(id: &str, table: &Table<'_, '_>) -> Method {
        let measures = table.tables("measure", measure);
        let weights: i64 = measures.iter().map(|measure| measure.weight_micro).sum();
        if weights != 100_000_000 {
            let weights = weights as f64 / 1e6;
            let message = said!(
                "各项指标权重之和应为 100，现为 {weights}",
                "the weights of all measures must make 100; here they make {weights}"
            );
            table.error("measure", message);
        }
        let ids: Vec<&str> = measures.iter().map(|measure| measure.id.as_str()).collect();
        for (at, id) in ids.iter().enumerate().filter(|(at, id)| ids[..*at].contains(id)) {
            let number = at + 1;
            let message = said!("第 {number} 项指标：`{id}` 重复", "measure {number}: there is another `{id}`");
            table.error("measure", message);
        }
        let quotas = table.table("quota", |quota| quotas(quota, &ids));
        Method {
            id: id.to_owned(),
            name_zh: table.text("name_zh"),
            name_en: table.text("name_en"),
            about_zh: table.text("about_zh"),
            about_en: table.text("about_en"),
            quotas,
            exempt: table.table("exempt", exempt).unwrap_or_default(),
            tests: table.tables("test", |test| MethodTest {
                name: test.text("name"),
                given: test.number_map("given"),
                expect: test.number_map("expect"),
                parks: test.number_map("parks"),
                classes: test.number_map("classes"),
                tolerance: test.number_within("tolerance", 0.0..=100.0).unwrap_or(1e-9),
            }),
            measures,
        }
    }
}

fn column(table: &Table<'_, '_>, key: &str) -> String {
    let name = table.text(key);
    if !name.is_empty() && !COLUMNS.contains(&name.as_str()) {
        let hint = did_you_mean(&name, COLUMNS);
        let message = said!(
            "`{name}` 不是 enterprise_evaluation 的列{hint}",
            "`{name}` is not a column of enterprise_evaluation{hint}";
            hint
        );
        table.error(key, message);
    }
    name
}

fn measure(table: &Table<'_, '_>) -> Measure {
    let (numerator, denominator) = (column(table, "numerator"), column(table, "denominator"));
    let unit = table.text("unit");
    let is_known = [&numerator, &denominator].iter().all(|name| COLUMNS.contains(&name.as_str()));
    let factor = if is_known { indicator::ratio_factor(table, &unit, &numerator, &denominator) } else { 1.0 };
    Measure {
        id: name(table),
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
        numerator,
        denominator,
        unit,
        factor,
        weight_micro: weight(table),
        scoring: scoring(table),
        missing: table
            .choice(
                "missing",
                &[("exempt", Missing::Exempt), ("zero", Missing::Zero), ("park_mean", Missing::ParkMean)],
            )
            .unwrap_or_else(|| {
                if !table.has("missing") {
                    let message = said!(
                        "`missing` 须写明缺值时如何处理：exempt、zero 或 park_mean",
                        "`missing` must say what no value means: exempt, zero or park_mean"
                    );
                    table.error("missing", message);
                }
                Missing::Zero
            }),
    }
}

/// A name that can be part of a column's name.
fn name(table: &Table<'_, '_>) -> String {
    let id = table.text("id");
    if !id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
        let message =
            said!("`{id}`：id 只能由小写字母、数字和 _ 组成", "`{id}`: an id is made of small letters, digits and _");
        table.error("id", message);
    }
    id
}

fn positive(table: &Table<'_, '_>, key: &str, most: f64) -> f64 {
    if !table.has(key) {
        let message = said!("缺少 `{key}`：应为大于零的数值", "`{key}` is missing: it must be a number above zero");
        table.error(key, message);
    }
    table.number_within(key, above_zero(most)).unwrap_or(1.0)
}

/// A weight in millionths of a point: exact, since points are added as fractions.
fn weight(table: &Table<'_, '_>) -> i64 {
    let micro = positive(table, "weight", 100.0) * 1e6;
    if (micro - micro.round()).abs() > 1e-6 {
        table.error("weight", said!("`weight` 最多六位小数", "`weight` must have no more than six decimals"));
    }
    micro.round() as i64
}

fn scoring(table: &Table<'_, '_>) -> Scoring {
    match table.choice("score", &[("benchmark", false), ("rank", true)]) {
        Some(true) => {
            for key in ["benchmark", "cap"].into_iter().filter(|key| table.has(key)) {
                let _ = table.opt_number(key);
                let message =
                    said!("按名次计分时 `{key}` 无效", "`{key}` means nothing where points follow from ranks");
                table.error(key, message);
            }
            Scoring::Rank
        }
        Some(false) => Scoring::Benchmark {
            benchmark: positive(table, "benchmark", LARGEST),
            cap: table.has("cap").then(|| positive(table, "cap", 100.0)),
        },
        None => {
            if !table.has("score") {
                let message = said!(
                    "`score` 须写明如何计分：benchmark 或 rank",
                    "`score` must say how the measure becomes points: benchmark or rank"
                );
                table.error("score", message);
            }
            Scoring::Rank
        }
    }
}

fn quotas(table: &Table<'_, '_>, measures: &[&str]) -> Quotas {
    let quota = |class: &str| {
        let key = |part: &str| if part.is_empty() { class.to_owned() } else { format!("{class}_{part}") };
        let share_micro = share(table, &key(""));
        let pool_micro = share(table, &key("pool"));
        if share_micro > pool_micro {
            let message = said!(
                "`{class}` 大于其选取范围 `{class}_pool`",
                "`{class}` is more than `{class}_pool`, which it is taken from"
            );
            table.error(&key(""), message);
        }
        let order = table.texts(&key("order"));
        if order.is_empty() {
            let message = said!(
                "`{class}_order` 须写明据以排序的指标",
                "`{class}_order` must name the measures it is ordered by"
            );
            table.error(&key("order"), message);
        }
        for unknown in order.iter().filter(|id| !measures.contains(&id.as_str())) {
            let hint = did_you_mean(unknown, measures);
            let message = said!(
                "`{unknown}` 不是该方法的指标{hint}",
                "`{unknown}` is not a measure of this method{hint}";
                hint
            );
            table.error(&key("order"), message);
        }
        Quota { share_micro, pool_micro, order }
    };
    let (a, c) = (quota("a"), quota("c"));
    if a.pool_micro + c.pool_micro > 1_000_000 {
        let message = said!(
            "`a_pool` 与 `c_pool` 重叠：两者之和不得超过 1",
            "`a_pool` and `c_pool` overlap: together they are at most 1"
        );
        table.error("c_pool", message);
    }
    Quotas {
        a,
        c,
        rounding: table
            .choice("rounding", &[("half_up", Rounding::HalfUp), ("up", Rounding::Up), ("down", Rounding::Down)])
            .unwrap_or(Rounding::HalfUp),
    }
}

/// A share from 0 to 1, in millionths.
fn share(table: &Table<'_, '_>, key: &str) -> i64 {
    if !table.has(key) {
        let message = said!(
            "缺少 `{key}`：应为 0 到 1 之间的比例，例如 0.15",
            "`{key}` is missing: it must be a share from 0 to 1, such as 0.15"
        );
        table.error(key, message);
    }
    (table.number_within(key, SHARE).unwrap_or(0.0) * 1e6).round() as i64
}

fn exempt(table: &Table<'_, '_>) -> Exempt {
    let divisions = table.texts("divisions");
    let number = |text: &String| {
        let number = text.parse().ok().filter(|_| text.len() == 2);
        if number.is_none() {
            let message = said!(
                "`{text}` 不是两位数字的行业大类，例如 \"44\"",
                "`{text}` is not a division of two digits, such as \"44\""
            );
            table.error("divisions", message);
        }
        number
    };
    Exempt {
        minimum_quarters: table.int_within("minimum_quarters", 0..=400).unwrap_or(0),
        divisions: divisions.iter().filter_map(number).collect(),
        minimum_land_micromu: table.number_within("minimum_land_mu", 0.0..=1e9).map(|mu| (mu * 1e6).round() as i64),
    }
}
