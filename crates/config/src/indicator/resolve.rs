//! One indicator definition, read with all its mistakes.

use super::{Basis, Composite, Direction, Formula, Indicator, IndicatorTest, Target, YearOnYear, factor};
use crate::coverage::{self, Least, Scope};
use crate::document::{Table, list};
use crate::levels::levels;
use crate::plan::{self, Plan};
use crate::range::LARGEST;
use vocab::level::Level;
use vocab::said;

impl Indicator {
    pub(crate) fn resolve(id: &str, table: &Table<'_, '_>, plan: &Plan) -> Indicator {
        let numerator = table.opt_text("numerator");
        let denominator = table.opt_text("denominator");
        let unit = table.text("unit");
        let formula = formula(table, numerator.is_some(), denominator.is_some());
        let levels = levels(table).unwrap_or_else(|| Level::ALL.to_vec());
        let (levels_reason_zh, levels_reason_en) = levels_reason(table, &levels);
        let coverage = coverage::columns(table, "coverage");
        Indicator {
            id: id.to_owned(),
            name_zh: table.text("name_zh"),
            name_en: table.text("name_en"),
            definition_zh: table.text("definition_zh"),
            definition_en: table.text("definition_en"),
            task: plan.task_of(table),
            order: order(table),
            levels_reason_zh,
            levels_reason_en,
            formula_source: table.text("formula_source"),
            comparability_zh: table.text("comparability_zh"),
            comparability_en: table.text("comparability_en"),
            basis: table.choice("basis", &Basis::WORDS).unwrap_or(Basis::Quarter),
            decimals: table.int_within("decimals", 0..=12).and_then(|n| usize::try_from(n).ok()).unwrap_or(2),
            factor: factor(table, &unit, &formula, numerator.as_deref(), denominator.as_deref()),
            unit,
            formula,
            numerator,
            denominator,
            requires: table.opt_text("requires"),
            units: table.opt_text("units"),
            scope: scope(table, coverage.is_some()),
            least: Least::resolve(table, "least_coverage"),
            areas_coverage: coverage::columns(table, "areas_coverage"),
            coverage,
            datasets: table.texts("datasets"),
            history: table.int_within("history", 0..=400).unwrap_or(0),
            estimated: table.flag("estimated", false),
            estimated_units: table.opt_text("estimated_units"),
            is_rate: table.flag("is_rate", false),
            direction: table
                .choice(
                    "direction",
                    &[("higher", Direction::Higher), ("lower", Direction::Lower), ("none", Direction::None)],
                )
                .unwrap_or(Direction::None),
            yoy: table
                .choice(
                    "yoy",
                    &[
                        ("relative", YearOnYear::Relative),
                        ("difference", YearOnYear::Difference),
                        ("none", YearOnYear::None),
                    ],
                )
                .unwrap_or(YearOnYear::None),
            headline: table.flag("headline", false),
            targets: targets(table, plan, &levels),
            tests: tests(table),
            spots: table.spots(),
            levels,
        }
    }
}

/// What a value stands for: it must be said where coverage is counted.
fn scope(table: &Table<'_, '_>, is_covered: bool) -> Scope {
    let scope = table.choice("scope", &[("whole", Scope::Whole), ("reporting", Scope::Reporting)]);
    if is_covered && scope.is_none() && !table.has("scope") {
        let message = said!(
            "缺少 `scope`：数值代表全部应报单位的写 \"whole\"，分子分母均只依据已报单位的写 \"reporting\"",
            "`scope` is missing: \"whole\" if a value stands for all that were expected, \"reporting\" if both sides \
             rest on those that reported"
        );
        table.error("coverage", message);
    }
    scope.unwrap_or(Scope::Whole)
}

fn order(table: &Table<'_, '_>) -> i64 {
    table.opt_int("order").unwrap_or_else(|| {
        if !table.has("order") {
            let message = said!(
                "缺少 `order`：应为整数，即在全部指标中的位次",
                "`order` is missing: it must be a whole number, the place among all indicators"
            );
            table.error("order", message);
        }
        i64::MAX
    })
}

/// What is typed as `formula`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Typed {
    Level,
    Ratio,
    Growth,
    GeometricMean,
}

fn formula(table: &Table<'_, '_>, numerator: bool, denominator: bool) -> Formula {
    if let Some(expression) = table.opt_text("expression") {
        return Formula::Expression(expression);
    }
    let typed = table.choice(
        "formula",
        &[
            ("level", Typed::Level),
            ("ratio", Typed::Ratio),
            ("growth", Typed::Growth),
            ("geometric_mean", Typed::GeometricMean),
        ],
    );
    let composites = [("score", Composite::Score), ("stars", Composite::Stars), ("movement", Composite::Movement)];
    if let Some(composite) = table.choice("composite", &composites) {
        return Formula::Composite(composite);
    }
    if typed == Some(Typed::GeometricMean) {
        return Formula::GeometricMean { of: table.text("of"), base_year: plan::year(table, "base_year") };
    }
    if !numerator {
        let message = said!("指标须有 `numerator` 或 `expression`", "an indicator needs `numerator`, or `expression`");
        table.error("numerator", message);
    }
    match typed {
        Some(Typed::Growth) => Formula::Growth,
        Some(Typed::Level) => Formula::Level,
        None if !denominator => Formula::Level,
        _ => Formula::Ratio,
    }
}

/// Why an indicator is not published at every level: it must say so where it leaves one out.
fn levels_reason(table: &Table<'_, '_>, levels: &[Level]) -> (Option<String>, Option<String>) {
    let reason = |key: &str| {
        let text = table.opt_text(key);
        let left_out: Vec<Level> = Level::ALL.into_iter().filter(|level| !levels.contains(level)).collect();
        if text.is_none() && !left_out.is_empty() {
            let left_out = list(&Level::words(&left_out));
            let message = said!(
                "缺少 `{key}`：为何在层级 {left_out} 没有数值？",
                "`{key}` is missing: why is there no value at the level {left_out}?";
                left_out
            );
            table.error("levels", message);
        }
        text
    };
    (reason("levels_reason_zh"), reason("levels_reason_en"))
}

/// Targets; at each level at most one of them is the headline.
fn targets(table: &Table<'_, '_>, plan: &Plan, published: &[Level]) -> Vec<Target> {
    let mut headlines: Vec<Level> = Vec::new();
    table.tables("target", |table| {
        let target = target(table, plan, published);
        if target.headline {
            let twice: Vec<Level> = target.levels.iter().copied().filter(|level| headlines.contains(level)).collect();
            if !twice.is_empty() {
                let twice = list(&Level::words(&twice));
                let message = said!(
                    "在层级 {twice} 已有另一项主要目标",
                    "another target is the headline at the level {twice} already";
                    twice
                );
                table.error("headline", message);
            }
            headlines.extend(&target.levels);
        }
        target
    })
}

fn target(table: &Table<'_, '_>, plan: &Plan, published: &[Level]) -> Target {
    let levels = levels(table).unwrap_or_else(|| published.to_vec());
    for level in levels.iter().filter(|level| !published.contains(level)) {
        let published = list(&Level::words(published));
        let message = said!(
            "目标针对层级 {level}，而数值只有 {published}",
            "there is a target for the level {level}, but values only for {published}";
            published
        );
        table.error("levels", message);
    }
    Target {
        value: plan::value(table),
        by: plan::year(table, "by"),
        document: plan.document_of(table),
        levels,
        headline: table.flag("headline", false),
    }
}

fn tests(table: &Table<'_, '_>) -> Vec<IndicatorTest> {
    let tests = table.tables("test", |test| {
        let spots = test.spots();
        IndicatorTest {
            name: test.text("name"),
            given: test.number_map("given"),
            years: test.numbers("years"),
            expect: test.opt_number("expect"),
            tolerance: test.number_within("tolerance", 0.0..=LARGEST).unwrap_or(1e-9),
            given_at: spots.of("given").clone(),
        }
    });
    if !table.has("test") {
        let message = said!(
            "没有 [[test]]：一行数据及其应得的数值",
            "there is no [[test]]: a row of figures, and the value that they must give"
        );
        table.error("test", message);
    }
    tests
}
