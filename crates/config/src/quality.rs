//! How figures are checked against one another: `quality.toml`.
//!
//! Rules between the forms of an enterprise, what stands out among areas, and the published series that sums are held
//! against. Nothing here changes a figure.

use super::column::{Across, Kind};
use super::compare::{Repeat, Scale};
use super::document::{Table, list};
use super::levels::no_level;
use super::range::above_zero;
use super::rule::Sum;
use super::source::{PeriodFrom, Source};
use vocab::level::Level;
use vocab::{Said, said};

/// The file's name in the configuration folder.
pub const FILE: &str = "quality.toml";

/// What `quality.toml` means.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Quality {
    /// Figures of forms that some rule names.
    pub fields: Vec<Field>,
    /// Rules between forms; terms count positions in `fields`.
    pub forms: Vec<FormRule>,
    /// What is looked for among the areas of a level.
    pub outliers: Option<Outliers>,
    /// What sums are held against.
    pub benchmarks: Vec<Benchmark>,
    /// How units that were mistaken are found.
    pub scale: Scale,
    /// How a report that repeats another period's is found.
    pub repeat: Repeat,
}

/// A figure of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The table of facts.
    pub dataset: String,
    /// Its column.
    pub column: String,
    /// Whether the figure of the quarter before is meant, of the same year.
    pub before: bool,
}

impl Field {
    /// The name under which rules speak of it.
    pub fn name(&self) -> String {
        format!("{}{}.{}", if self.before { BEFORE } else { "" }, self.dataset, self.column)
    }
}

/// One bit of a whole number for each rule.
const MOST_RULES: usize = 62;

/// Canonical units that a tolerance or a rounding is at most.
const MOST_UNITS: i64 = 1_000_000_000_000_000;
/// What shares and weights that may be above one are at most.
const MOST_TIMES: f64 = 1000.0;

const BEFORE: &str = "before ";

/// How the sides of a rule between forms compare, within its tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `=`
    Equal,
}

/// A rule between the forms of one enterprise.
#[derive(Debug, Clone, PartialEq)]
pub struct FormRule {
    /// Its name.
    pub id: String,
    /// Left side.
    pub left: Sum,
    /// How the sides compare.
    pub comparison: Comparison,
    /// Right side.
    pub right: Sum,
    /// Tolerance as a share of the right side, in millionths.
    pub ratio_micro: i64,
    /// Tolerance in the canonical unit of the sides; both tolerances are added.
    pub absolute: i64,
    /// Whether breaking it is a warning, and not only a note.
    pub is_warning: bool,
    /// The rule in one Chinese sentence.
    pub zh: String,
    /// The rule in one English sentence.
    pub en: String,
}

/// What is looked for among the areas of a level.
#[derive(Debug, Clone, PartialEq)]
pub struct Outliers {
    /// Columns of `area_quarter`, additive ones.
    pub measures: Vec<String>,
    /// The level whose areas are compared with each other.
    pub level: Level,
    /// Fewest pairs that say anything.
    pub least_pairs: usize,
    /// Hidiroglou–Berthelot: weight of size.
    pub u: f64,
    /// Hidiroglou–Berthelot: least spread as a share of the median effect.
    pub a: f64,
    /// Hidiroglou–Berthelot: how many spreads away a change stands out.
    pub c: f64,
    /// Hidiroglou–Berthelot: the relative change at the median size whose effect is the least spread.
    pub floor: f64,
    /// Log ratios: scores beyond this stand out.
    pub threshold: f64,
    /// Log ratios: the least spread.
    pub least_spread: f64,
}

/// How a sum of areas and a published figure belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The areas are a part of what is published: their sum cannot be more.
    Part,
    /// The areas are all of it.
    Whole,
}

/// A published series since January that sums of areas are held against.
#[derive(Debug, Clone, PartialEq)]
pub struct Benchmark {
    /// Its name.
    pub id: String,
    /// Column of `area_quarter`: the sum since January.
    pub measure: String,
    /// Column of `area_quarter`: the published figure since January.
    pub published: String,
    /// The level at which both are there.
    pub level: Level,
    /// How they belong together.
    pub relation: Relation,
    /// The unit to which published figures are rounded, in canonical units.
    pub rounding: i64,
    /// Column that counts the parts of the sum.
    pub parts: String,
}

impl Quality {
    pub(super) fn resolve(table: &Table<'_, '_>, sources: &[Source]) -> Quality {
        let candidates = candidates(sources);
        let names: Vec<String> = candidates.iter().map(Field::name).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let forms = named(table.tables("form", |table| (table.text("id"), form(table, &candidates, &names))), table);
        let benchmarks = named(table.tables("benchmark", |table| (table.text("id"), benchmark(table))), table);
        let outliers = table.table("outliers", outliers);
        let scale = table.table("scale", Scale::resolve).unwrap_or_default();
        let repeat = table.table("repeat", Repeat::resolve).unwrap_or_default();
        let mut quality = Quality { fields: Vec::new(), forms, outliers, benchmarks, scale, repeat };
        quality.keep_used(candidates);
        if quality.forms.len() > MOST_RULES {
            let count = quality.forms.len();
            let message = said!(
                "表间审核关系有 {count} 条，最多 {MOST_RULES} 条",
                "there are {count} rules between forms, and at most {MOST_RULES} can be"
            );
            table.error("form", message);
        }
        quality
    }

    /// Keeps the figures that rules name, and counts positions among them.
    fn keep_used(&mut self, candidates: Vec<Field>) {
        let sums = |rule: &FormRule| [rule.left.terms.clone(), rule.right.terms.clone()].concat();
        let mut used: Vec<usize> = self.forms.iter().flat_map(sums).map(|(_, place)| place).collect();
        used.sort_unstable();
        used.dedup();
        let terms = self.forms.iter_mut().flat_map(|rule| rule.left.terms.iter_mut().chain(&mut rule.right.terms));
        for (_, place) in terms {
            *place = used.iter().position(|old| old == place).unwrap_or_default();
        }
        let is_used = |at: usize| used.binary_search(&at).is_ok();
        let kept = candidates.into_iter().enumerate().filter(|(at, _)| is_used(*at));
        self.fields = kept.map(|(_, field)| field).collect();
    }
}

/// Figures that rules may name: numbers of forms that have one row for each enterprise and quarter.
fn candidates(sources: &[Source]) -> Vec<Field> {
    let is_form = |source: &&Source| {
        source.key == ["unit_code"] && source.layout.across == Across::None && source.period == PeriodFrom::Caption
    };
    let mut fields: Vec<Field> = Vec::new();
    for source in sources.iter().filter(is_form) {
        for column in source.columns.iter().filter(|column| column.kind == Kind::Number) {
            let field = |before| Field { dataset: source.dataset.clone(), column: column.name.clone(), before };
            fields.extend(
                [field(false), field(true)].into_iter().filter(|field| !fields.contains(field)).collect::<Vec<_>>(),
            );
        }
    }
    fields
}

/// Those that could be read, after saying which names are there twice.
fn named<T>(found: Vec<(String, Option<T>)>, table: &Table<'_, '_>) -> Vec<T> {
    for (at, (id, _)) in found.iter().enumerate() {
        if !id.is_empty() && found[..at].iter().any(|(other, _)| other == id) {
            table.error("form", said!("另有一项也名为 `{id}`", "`{id}` is the name of another one too"));
        }
    }
    found.into_iter().filter_map(|(_, one)| one).collect()
}

fn form(table: &Table<'_, '_>, fields: &[Field], names: &[&str]) -> Option<FormRule> {
    let id = table.text("id");
    let side = |key: &str| {
        let text = table.text(key);
        let sum = Sum::parse(&text, names);
        if let (Err(message), false) = (&sum, text.is_empty()) {
            table.error(key, message.clone());
        }
        sum.ok()
    };
    let (left, right) = (side("left"), side("right"));
    let comparison = [("<=", Comparison::AtMost), (">=", Comparison::AtLeast), ("=", Comparison::Equal)];
    let comparison = table.choice("compare", &comparison);
    let comparison = required(table, "compare", said!("“<=”“>=”或“=”", "<=, >= or ="), comparison);
    let severity = table.choice("severity", &[("warning", true), ("note", false)]);
    let is_warning = required(table, "severity", said!("“warning”或“note”", "warning or note"), severity);
    let (zh, en) = (table.text("zh"), table.text("en"));
    let ratio = table.number_within("ratio", 0.0..=MOST_TIMES).unwrap_or(0.0);
    let absolute = table.int_within("absolute", 0..=MOST_UNITS).unwrap_or(0);
    let (left, right) = (left?, right?);
    check_units(table, fields, &left, &right);
    Some(FormRule {
        id,
        left,
        comparison: comparison?,
        right,
        ratio_micro: (ratio * 1e6).round() as i64,
        absolute,
        is_warning: is_warning?,
        zh,
        en,
    })
}

fn required<T>(table: &Table<'_, '_>, key: &str, what: Said, found: Option<T>) -> Option<T> {
    if !table.has(key) {
        table.error(key, said!("缺少 `{key}`：应为{what}", "`{key}` is missing: it must be {what}"; what));
    }
    found
}

/// Figures in different units are only compared where the rule says that its factors turn one into the other.
fn check_units(table: &Table<'_, '_>, fields: &[Field], left: &Sum, right: &Sum) {
    let are_mixed = table.flag("mixed_units", false);
    let unit = |place: usize| fields.get(place).and_then(|field| field.column.rsplit('_').next()).unwrap_or_default();
    let mut units: Vec<&str> = left.terms.iter().chain(&right.terms).map(|(_, place)| unit(*place)).collect();
    units.sort_unstable();
    units.dedup();
    match (units.len(), are_mixed) {
        (0, _) => table.error("left", said!("该审核关系没有涉及任何数值", "the rule names no figure")),
        (1, true) => {
            let message = said!("该审核关系的各数值单位相同", "all figures of the rule are in the same unit");
            table.error("mixed_units", message);
        }
        (2.., false) => {
            let units = list(&units);
            let message = said!(
                "这些数值的单位不同（{units}）；如其前的系数已作换算，请写 `mixed_units = true`",
                "these figures are in different units ({units}); if the factors before them turn one into the other, \
                 write `mixed_units = true`";
                units
            );
            table.error("right", message);
        }
        _ => {}
    }
}

fn outliers(table: &Table<'_, '_>) -> Outliers {
    let measures = table.texts("measures");
    if measures.is_empty() {
        let message = said!(
            "缺少 `measures`：应为 area_quarter 的若干列",
            "`measures` is missing: it must be a list of columns of area_quarter"
        );
        table.error("measures", message);
    }
    let number = |key: &str, usual: f64| table.number_within(key, 0.0..=MOST_TIMES).unwrap_or(usual);
    // Nothing is that many spreads away from itself.
    let spreads = |key: &str, usual: f64| table.number_within(key, above_zero(MOST_TIMES)).unwrap_or(usual);
    // Fewer have no spread.
    let least = table.int_within("least_pairs", 3..=1_000_000).unwrap_or(10);
    Outliers {
        measures,
        level: level(table, Level::Park),
        least_pairs: usize::try_from(least).unwrap_or(3),
        u: table.number_within("u", 0.0..=1.0).unwrap_or(0.5),
        a: number("a", 0.05),
        c: spreads("c", 4.0),
        floor: number("floor", 0.0),
        threshold: spreads("threshold", 3.5),
        least_spread: number("least_spread", 0.0),
    }
}

fn level(table: &Table<'_, '_>, usual: Level) -> Level {
    let Some(word) = table.opt_text("level") else { return usual };
    Level::parse(&word).unwrap_or_else(|| {
        table.error("level", no_level(&word));
        usual
    })
}

fn benchmark(table: &Table<'_, '_>) -> Option<Benchmark> {
    let relation = table.choice("relation", &[("part", Relation::Part), ("whole", Relation::Whole)]);
    let relation = required(table, "relation", said!("“part”或“whole”", "part or whole"), relation);
    let rounding = table.int_within("rounding", 1..=MOST_UNITS);
    let unit = said!("公布数值所取的单位", "the unit to which figures are published");
    let rounding = required(table, "rounding", unit, rounding);
    // Everything is asked for before anything is given up, so that all mistakes are told at once.
    let (id, level) = (table.text("id"), level(table, Level::Province));
    let [measure, published, parts] = ["measure", "published", "parts"].map(|key| table.text(key));
    Some(Benchmark { id, measure, published, level, relation: relation?, rounding: rounding?, parts })
}
