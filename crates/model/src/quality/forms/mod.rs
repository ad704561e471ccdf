//! Rules between the forms of an enterprise: compiled to SQL models beside the others, and what they find.
//!
//! Which forms an enterprise filed, which rules could be checked and which it breaks are bits of three numbers: the province
//! is then a table of a few rows for each area and quarter, whatever the number of rules.

mod failures;
mod sql;

use std::collections::BTreeMap;

pub use failures::failures;
pub use sql::{BROKEN, TALLY, models};

use super::coverage::Filed;
use config::quality::{FormRule, Quality};
use sql::has;
use vocab::frame::{Frame, Values};
use vocab::level::Level;
use vocab::period::{Quarter, Span};
use vocab::{Place, Problem, rules, said};

/// Enterprises of one area and quarter with the same bits.
#[derive(Clone, Copy)]
struct Tally<'f> {
    level: Level,
    area: &'f str,
    name: &'f str,
    quarter: Quarter,
    filed: i64,
    checked: i64,
    failed: i64,
    units: i64,
}

fn tallies(frame: &Frame, span: Span) -> impl Iterator<Item = Tally<'_>> {
    let text = |name: &str, row: usize| frame.texts(name).and_then(|texts| texts.get(row)).unwrap_or_default();
    let int = |name: &str, row: usize| frame.ints(name).and_then(|ints| ints.get(row)).unwrap_or_default();
    let tally = move |row| {
        Some(Tally {
            level: Level::parse(text("level", row))?,
            area: text("ref_area", row),
            name: text("ref_area_name", row),
            quarter: Quarter::of_column(int("quarter", row))?,
            filed: int("filed_bits", row),
            checked: int("checked_bits", row),
            failed: int("failed_bits", row),
            units: int("units", row),
        })
    };
    (0..frame.rows()).filter_map(tally).filter(move |one| span.holds(one.quarter))
}

/// How often a rule could be checked in an area and quarter, and how often it was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCount {
    /// Level of the area.
    pub level: Level,
    /// The area.
    pub ref_area: String,
    /// Its name.
    pub ref_area_name: String,
    /// The quarter.
    pub quarter: Quarter,
    /// Position of the rule.
    pub rule: usize,
    /// Enterprises with all figures that the rule names.
    pub checked: i64,
    /// Those that break it.
    pub failed: i64,
}

/// Counts for each rule, area and quarter, in the order of level, quarter, rule and area; where nothing could be checked, there
/// is no count.
pub fn count(quality: &Quality, tally: &Frame, span: Span) -> Vec<RuleCount> {
    let rules = quality.forms.len();
    let mut areas: BTreeMap<AreaQuarter<'_>, Counted<'_>> = BTreeMap::new();
    for one in tallies(tally, span) {
        let new = || Counted { area: one, by_rule: vec![(0, 0); rules] };
        let counted = areas.entry((one.level, one.quarter, one.area)).or_insert_with(new);
        for rule in (0..rules).filter(|rule| has(one.checked, *rule)) {
            let (checked, failed) = &mut counted.by_rule[rule];
            *checked += one.units;
            *failed += if has(one.failed, rule) { one.units } else { 0 };
        }
    }
    let areas: Vec<Counted<'_>> = areas.into_values().collect();
    let quarters = areas.chunk_by(|a, b| (a.area.level, a.area.quarter) == (b.area.level, b.area.quarter));
    let by_rule = quarters.flat_map(|areas| (0..rules).flat_map(move |rule| areas.iter().map(move |one| (rule, one))));
    by_rule.filter_map(|(rule, one)| one.count(rule)).collect()
}

/// An area in a quarter: its level, the quarter, its code.
type AreaQuarter<'a> = (Level, Quarter, &'a str);

/// How often each rule could be checked in an area and quarter, and how often it was broken.
struct Counted<'f> {
    area: Tally<'f>,
    by_rule: Vec<(i64, i64)>,
}

impl Counted<'_> {
    fn count(&self, rule: usize) -> Option<RuleCount> {
        let (checked, failed) = self.by_rule[rule];
        (checked > 0).then(|| RuleCount {
            level: self.area.level,
            ref_area: self.area.area.to_owned(),
            ref_area_name: self.area.name.to_owned(),
            quarter: self.area.quarter,
            rule,
            checked,
            failed,
        })
    }
}

/// The counts as a table. Counts that rest on fewer than `least` enterprises are left out.
pub fn table(quality: &Quality, counts: &[RuleCount], least: i64) -> Frame {
    let shown: Vec<&RuleCount> = counts.iter().filter(|count| count.checked >= least).collect();
    let text =
        |pick: &dyn Fn(&RuleCount) -> String| Values::Text(shown.iter().map(|count| Some(pick(count))).collect());
    let int = |pick: fn(&RuleCount) -> i64| Values::Int(shown.iter().map(|count| Some(pick(count))).collect());
    let rule = |count: &RuleCount| &quality.forms[count.rule];
    Frame::new()
        .with("level", text(&|count| count.level.to_string()))
        .with("ref_area", text(&|count| count.ref_area.clone()))
        .with("ref_area_name", text(&|count| count.ref_area_name.clone()))
        .with("time_period", text(&|count| count.quarter.sdmx()))
        .with("form_rule", text(&|count| rule(count).id.clone()))
        .with("severity", text(&|count| kind(rule(count)).severity.as_str().to_owned()))
        .with("checked", int(|count| count.checked))
        .with("failed", int(|count| count.failed))
        .with("share", Values::Float(shown.iter().map(|c| Some(c.failed as f64 / c.checked as f64)).collect()))
        .with("rule_zh", text(&|count| rule(count).zh.clone()))
        .with("rule_en", text(&|count| rule(count).en.clone()))
}

fn kind(rule: &FormRule) -> &'static rules::Rule {
    if rule.is_warning { &rules::FORMS_CONTRADICT } else { &rules::FORMS_DIFFER }
}

/// One finding for each rule and quarter that is broken in the province, with how often.
pub fn problems(quality: &Quality, counts: &[RuleCount]) -> Vec<Problem> {
    let broken = counts.iter().filter(|count| count.level == Level::Province && count.failed > 0);
    let problem = |count: &RuleCount| {
        let rule = &quality.forms[count.rule];
        let (quarter, id, RuleCount { failed, checked, .. }) = (count.quarter.sdmx(), &rule.id, count);
        let found = said!("{quarter} {id}：{failed} / {checked}", "{quarter} {id}: {failed} / {checked}");
        Problem::new(kind(rule), Place::file("quality/form_rules")).said(found)
    };
    broken.map(problem).collect()
}

/// How many enterprises of an area filed each dataset in a quarter, and how many are expected to.
struct Filing {
    expected: i64,
    reported: Vec<i64>,
}

/// How many enterprises of each level and quarter filed each dataset, of those on the register in a park.
pub fn filed(quality: &Quality, tally: &Frame, span: Span) -> Vec<Filed> {
    let datasets = sql::datasets(quality);
    let mut areas: BTreeMap<AreaQuarter<'_>, Filing> = BTreeMap::new();
    for one in tallies(tally, span) {
        let new = || Filing { expected: 0, reported: vec![0; datasets.len()] };
        let filing = areas.entry((one.level, one.quarter, one.area)).or_insert_with(new);
        filing.expected += one.units;
        for (bit, reported) in filing.reported.iter_mut().enumerate() {
            *reported += if has(one.filed, bit) { one.units } else { 0 };
        }
    }
    let mut found: BTreeMap<(usize, Level, Quarter), Filed> = BTreeMap::new();
    for ((level, quarter, _), Filing { expected, reported }) in areas {
        for (bit, reported) in reported.into_iter().enumerate() {
            let none = || Filed::none(datasets[bit], level, quarter);
            let entry = found.entry((bit, level, quarter)).or_insert_with(none);
            entry.areas += 1;
            entry.areas_with_value += i64::from(reported > 0);
            entry.reported += reported;
            entry.expected += expected;
        }
    }
    found.into_values().collect()
}
