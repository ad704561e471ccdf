//! What an export must say of itself, and what it and its figures must be like, to be believed: region, basis, ranges, the whole.

use super::column::{self, Across, Column, Kind};
use super::document::{Table, did_you_mean, did_you_mean_or, list};
use super::error::ConfigError;
use super::range::{LARGEST, SHARE};
use super::spot::Spot;
use super::whole::Whole;
use vocab::said;
use vocab::unit::{self, Unit};

/// The word that stands for the province of `site.toml`.
const PROVINCE: &str = "province";

/// Share of values outside a range above which none of the column is used, where the definition does not say it.
const USUAL_MOST: f64 = 0.2;

/// Everything that a definition expects of an export.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expectation {
    /// Whose figures they are.
    pub region: Option<Region>,
    /// How they are measured.
    pub basis: Option<Basis>,
    /// Between which bounds they lie: one for each column or series.
    pub ranges: Vec<Range>,
    /// What all of its tables hold together.
    pub whole: Whole,
}

/// The region an export must be of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its code or name.
    pub name: String,
    /// Whether a region that lies in it will do too.
    pub parts: bool,
    /// Where the definition says it.
    pub spot: Spot,
}

/// The way of measuring that the figures must have, of several that the field knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// What it is called: 当量值.
    pub is: String,
    /// What the others are called: 等价值.
    pub not: Vec<String>,
    /// Whether notes count too: those of some tables speak of other figures than their own.
    pub notes: bool,
}

/// Bounds of the values of a column or a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// A declared column, a series, or the values that stand across.
    pub of: String,
    /// The unit of the bounds. What a series states of itself must be of its kind, and an index of its base.
    pub unit: &'static Unit,
    /// The smallest plausible value, in canonical units.
    pub from: i64,
    /// The largest.
    pub to: i64,
    /// Both as they were written: `50–200 上年同期=100`.
    pub text: String,
    /// Share of values outside above which none is used.
    pub most: f64,
}

impl Expectation {
    pub(super) fn resolve(table: &Table<'_, '_>, fields: &Fields<'_>) -> Expectation {
        let ranges: Vec<Range> = table.tables("plausible", |range| Range::resolve(range, fields)).concat();
        for (at, range) in ranges.iter().enumerate() {
            if ranges.iter().take(at).any(|other| other.of == range.of) {
                let of = &range.of;
                table.error("plausible", said!("`{of}` 有两个可信范围", "two ranges are given for `{of}`"));
            }
        }
        Expectation {
            region: Region::resolve(table),
            basis: table.table("basis", Basis::resolve).flatten(),
            ranges,
            whole: Whole::resolve(table),
        }
    }

    /// Puts the province of the settings where the definition means it.
    pub(super) fn settle(&mut self, province_code: &str) {
        if let Some(region) = self.region.as_mut().filter(|region| region.name == PROVINCE) {
            region.name = province_code.to_owned();
        }
    }

    /// The range of a column or a series.
    pub fn range(&self, of: &str) -> Option<&Range> {
        self.ranges.iter().find(|range| range.of == of)
    }
}

impl Region {
    fn resolve(table: &Table<'_, '_>) -> Option<Region> {
        let (one, within) = (table.opt_text("region"), table.opt_text("region_within"));
        if one.is_some() && within.is_some() {
            let message = said!(
                "文件属于某个地区（`region`），或属于其中的一个地区（`region_within`）：只能写其中之一",
                "an export is of one region (`region`), or of one that lies in it (`region_within`): say one of them"
            );
            table.error("region_within", message);
        }
        let (key, parts) = if one.is_some() { ("region", false) } else { ("region_within", true) };
        one.or(within).map(|name| Region { name, parts, spot: table.spots().of(key).clone() })
    }

    /// What there is to say of a region that is on no list.
    pub fn unknown(&self, meant: &[String]) -> ConfigError {
        let others = || {
            let names = list(meant);
            if meant.is_empty() { names } else { said!("；是否应为{names}？", "; did you mean {names}?"; names) }
        };
        let name = &self.name;
        let near = did_you_mean_or(name, &[PROVINCE], others);
        self.spot.error(said!(
            "`{name}` 既不是 \"{PROVINCE}\"，也不是 registers/regions.csv 中某个地区的代码或名称{near}",
            "`{name}` is neither \"{PROVINCE}\" nor the code or the name of one region of registers/regions.csv{near}";
            near
        ))
    }
}

impl Basis {
    fn resolve(table: &Table<'_, '_>) -> Option<Basis> {
        let basis = Basis { is: table.text("is"), not: table.texts("not"), notes: table.flag("notes", true) };
        if basis.not.is_empty() {
            let message = said!(
                "缺少 `not`：表明数据属于其他口径的词",
                "`not` is missing: the words that say that the figures are on another basis"
            );
            table.error("not", message);
        }
        if basis.not.contains(&basis.is) {
            let is = &basis.is;
            let message = said!("`{is}` 不能既是该口径又是其他口径", "`{is}` cannot be the basis and another one");
            table.error("not", message);
        }
        Some(basis)
    }
}

/// The names that a range can be for.
pub(super) struct Fields<'a> {
    pub(super) columns: &'a [Column],
    pub(super) series: &'a [(String, String)],
    /// The values that stand across, and their unit.
    pub(super) across: Across,
    pub(super) value_name: &'a str,
    pub(super) value_unit: Option<&'a str>,
}

impl Fields<'_> {
    fn names(&self) -> Vec<&str> {
        let numbers = self.columns.iter().filter(|column| column.kind == Kind::Number);
        let mut names: Vec<&str> = numbers.map(|column| column.name.as_str()).collect();
        if self.across != Across::None {
            names.push(self.value_name);
            names.extend(self.series.iter().map(|(_, name)| name.as_str()));
        }
        names
    }

    /// Whether bounds in `unit` can be bounds of `name`.
    fn measured_in(&self, name: &str, unit: &Unit) -> bool {
        let column = self.columns.iter().find(|column| column.name == name);
        let declared = match column {
            Some(column) => column.unit.as_deref(),
            None => self.value_unit.filter(|_| name == self.value_name),
        };
        let declared = declared.and_then(unit::known);
        declared.is_none_or(|declared| declared.dimension == unit.dimension)
            && (column.is_none() || name.ends_with(&format!("_{}", unit.dimension.canonical())))
    }
}

impl Range {
    /// One range for each name of a block. Mistakes are reported, and what is left of the block is no range.
    fn resolve(table: &Table<'_, '_>, fields: &Fields<'_>) -> Vec<Range> {
        let of = table.texts("of");
        let label = table.text("unit");
        let bounds = -LARGEST..=LARGEST;
        let (from, to) = (table.number_within("from", bounds.clone()), table.number_within("to", bounds));
        let most = table.number_within("most", SHARE).unwrap_or(USUAL_MOST);
        let names = fields.names();
        if of.is_empty() {
            let message = said!(
                "缺少 `of`：这些界限所适用的列或指标",
                "`of` is missing: the columns or series that these bounds are for"
            );
            table.error("of", message);
        }
        for unknown in of.iter().filter(|name| !names.contains(&name.as_str())) {
            let near = did_you_mean(unknown, &names);
            let message = said!(
                "`{unknown}` 既不是数值列，也不是 `series` 中的名称{near}",
                "`{unknown}` is no column of numbers and no series{near}";
                near
            );
            table.error("of", message);
        }
        if !table.has("from") && !table.has("to") {
            let message = said!(
                "该范围没有界限：请写 `from`、`to` 或两者",
                "the range is empty of bounds: give `from`, `to` or both"
            );
            table.error("of", message);
        }
        if let (Some(lower), Some(upper)) = (from, to)
            && lower > upper
        {
            let message = said!(
                "`from`（{lower}）大于 `to`（{upper}）：没有数值能落入该范围",
                "`from` ({lower}) is above `to` ({upper}): nothing would lie in the range"
            );
            table.error("from", message);
        }
        let Some(unit) = column::unit(table, "unit").as_deref().and_then(unit::known) else { return Vec::new() };
        for name in of.iter().filter(|name| names.contains(&name.as_str()) && !fields.measured_in(name, unit)) {
            let message = said!("`{name}` 不以 `{label}` 计量", "`{name}` is not measured in `{label}`");
            table.error("unit", message);
        }
        let canonical = |bound: f64| (bound * unit.numerator as f64 / unit.denominator as f64).round() as i64;
        let bound = |bound: Option<f64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
        let range = |of: String| Range {
            of,
            unit,
            from: from.map_or(i64::MIN, canonical),
            to: to.map_or(i64::MAX, canonical),
            text: match (from, to) {
                (Some(_), None) => format!("≥ {} {}", bound(from), unit.name),
                (None, Some(_)) => format!("≤ {} {}", bound(to), unit.name),
                _ => format!("{}–{} {}", bound(from), bound(to), unit.name),
            },
            most,
        };
        of.into_iter().map(range).collect()
    }

    /// Whether a value in canonical units is plausible.
    #[inline]
    pub fn holds(&self, value: i64) -> bool {
        (self.from..=self.to).contains(&value)
    }

    /// Whether values that state this unit can be the values that are meant. An index that does not say its base says
    /// nothing against it.
    pub fn takes(&self, unit: &Unit) -> bool {
        let index = self.unit.dimension == unit::Dimension::Index;
        unit.dimension == self.unit.dimension && (!index || unit == self.unit || unit.name == unit::ANY_BASE)
    }
}
