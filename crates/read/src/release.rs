//! Replies of data.stats.gov.cn as it is since 2026 (`esData`, JSON): periods, and in each of them values with indicator, unit
//! and area. One grid in long form, a row for each value, under the headings that replies of the interface before it have
//! ([`super::easyquery`]).

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::context::{Context, Outcome};
use super::grid::Grid;
use super::json::{damaged, each, filled, message};
use super::limits::Counted;
use vocab::rules::{REPLY_CONTRADICTS, REPLY_IS_CATALOGUE, REPLY_IS_ERROR, REPLY_WITHOUT_VALUES};
use vocab::{Problem, Said, period, said};

/// What stands outermost in a reply.
#[derive(Default)]
pub(super) struct Reply<'a> {
    pub success: Option<&'a RawValue>,
    pub state: Option<&'a RawValue>,
    pub message: Option<&'a RawValue>,
    pub data: Option<&'a RawValue>,
}

/// Reads a reply of `len` bytes; none where it is no reply of this site.
pub(super) fn read(
    context: &Context<'_>,
    reply: &Reply<'_>,
    len: usize,
    problems: &mut Vec<Problem>,
) -> Option<Outcome<Grid>> {
    let is_good = match reply.success?.get() {
        "true" => true,
        "false" => false,
        _ => return None,
    };
    if !is_good {
        let state = reply.state?.get().trim_matches('"');
        let said = reply.message.map(message).unwrap_or_default();
        return Some(Err(context.problem(&REPLY_IS_ERROR).value(format!("{state}: {said}"))));
    }
    let data = reply.data?;
    match serde_json::from_str(data.get()).unwrap_or(Shape::Other) {
        Shape::Periods => Some(table(context, data, len, problems)),
        Shape::Catalogue(what) => Some(Err(context.problem(&REPLY_IS_CATALOGUE).said(what))),
        Shape::Empty => Some(Err(context.problem(&REPLY_WITHOUT_VALUES))),
        Shape::Other => None,
    }
}

/// What the data of a reply are.
enum Shape {
    /// Periods with their values.
    Periods,
    /// Indicators, folders of indicators, or areas.
    Catalogue(Said),
    Empty,
    Other,
}

/// What tells replies apart, in the first thing that they list.
#[derive(Deserialize)]
struct Listed<'a> {
    #[serde(borrow)]
    values: Option<&'a RawValue>,
    #[serde(borrow, rename = "isLeaf")]
    is_leaf: Option<&'a RawValue>,
    #[serde(borrow)]
    children: Option<&'a RawValue>,
    #[serde(borrow)]
    indic_id: Option<&'a RawValue>,
    #[serde(borrow)]
    name_value: Option<&'a RawValue>,
    #[serde(borrow)]
    i_showname: Option<&'a RawValue>,
}

impl Listed<'_> {
    fn shape(&self) -> Shape {
        if self.values.is_some_and(|values| values.get().starts_with('[')) {
            Shape::Periods
        } else if self.is_leaf.is_some() || self.children.is_some() {
            Shape::Catalogue(said!("指标树", "a tree of indicators"))
        } else if self.indic_id.is_some() {
            Shape::Catalogue(said!("指标检索结果", "a search for indicators"))
        } else if self.name_value.is_some() {
            Shape::Catalogue(said!("地区列表", "a list of areas"))
        } else if self.i_showname.is_some() {
            Shape::Catalogue(said!("数据集的指标列表", "the indicators of a data set"))
        } else {
            Shape::Other
        }
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Data;
        impl<'de> Visitor<'de> for Data {
            type Value = Shape;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list, or an object with one")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Shape, A::Error> {
                let first = list.next_element::<&'de RawValue>()?;
                while list.next_element::<IgnoredAny>()?.is_some() {}
                let Some(first) = first else { return Ok(Shape::Empty) };
                Ok(serde_json::from_str::<Listed<'_>>(first.get()).map_or(Shape::Other, |listed| listed.shape()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
                let mut shape = Shape::Other;
                while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
                    if matches!(&*name, "list" | "data" | "records") {
                        shape = match serde_json::from_str(value.get()) {
                            // Values stand in a list of their own, and in nothing else.
                            Ok(Shape::Periods) | Err(_) => Shape::Other,
                            Ok(found) => found,
                        };
                    }
                }
                Ok(shape)
            }
        }
        deserializer.deserialize_any(Data)
    }
}

/// A period with its values.
#[derive(Deserialize)]
struct Period<'a> {
    #[serde(borrow)]
    code: Cow<'a, str>,
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    values: &'a RawValue,
}

/// A value with what it is of.
#[derive(Deserialize)]
struct Value<'a> {
    #[serde(borrow, rename = "_id", default)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "_name", default)]
    name: Option<Cow<'a, str>>,
    /// The name as it is shown, its unit in brackets behind it.
    #[serde(borrow, default)]
    i_showname: Option<Cow<'a, str>>,
    /// How it is measured.
    #[serde(borrow, default)]
    i_mark: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    du_name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    da: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    da_name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
}

impl Value<'_> {
    /// What it is called, without its unit.
    fn indicator(&self) -> &str {
        let shown = filled(&self.i_showname).map(str::trim);
        let unit = filled(&self.du_name).map(str::trim);
        let without = |shown: &'_ str, unit: &str| {
            let rest = shown.strip_suffix([')', '）'])?.strip_suffix(unit)?;
            Some(rest.strip_suffix(['(', '（'])?.trim_end().len())
        };
        match (shown, unit) {
            (Some(shown), Some(unit)) => without(shown, unit).and_then(|len| shown.get(..len)).unwrap_or(shown),
            (Some(shown), None) => shown,
            (None, _) => filled(&self.name).map(str::trim).unwrap_or_default(),
        }
    }

    /// The value as it is written; nothing where none is published.
    fn text(&self) -> Cow<'_, str> {
        let raw = self.value.map_or("null", RawValue::get);
        match serde_json::from_str::<Cow<'_, str>>(raw) {
            Ok(text) => Cow::Owned(text.trim().to_owned()),
            Err(_) if raw == "null" => Cow::Borrowed(""),
            Err(_) => Cow::Borrowed(raw),
        }
    }
}

/// The code of an area as statistics uses it: of the twelve digits, the last six are for towns and villages.
fn area(code: &str) -> &str {
    match code.strip_suffix("000000") {
        Some(short) if code.len() == 12 && short.bytes().all(|byte| byte.is_ascii_digit()) => short,
        _ => code,
    }
}

/// `202602SS`, `202607MM` and `2024YY` in words.
fn in_words(code: &str) -> Option<String> {
    let (digits, kind) = code.split_at_checked(code.len().checked_sub(2)?)?;
    let (year, part) = digits.split_at_checked(4)?;
    year.parse::<u16>().ok()?;
    match (kind, part.parse::<usize>()) {
        ("YY", _) if part.is_empty() => Some(format!("{year}年")),
        ("MM", Ok(month @ 1..=12)) => Some(format!("{year}年{month}月")),
        ("SS", Ok(quarter @ 1..=4)) => Some(format!("{year}年{}季度", ["一", "二", "三", "四"].get(quarter - 1)?)),
        _ => None,
    }
}

/// The grid being made.
struct Table<'a> {
    context: &'a Context<'a>,
    grid: Grid,
    has_memo: bool,
    /// The period that is gone through: its code and its name.
    period: (String, String),
    problems: Vec<Problem>,
}

fn table(context: &Context<'_>, data: &RawValue, len: usize, problems: &mut Vec<Problem>) -> Outcome<Grid> {
    let mut grid = Grid::new("");
    for heading in ["指标代码", "指标", "地区代码", "地区", "时间代码", "时间", "单位", "strdata"] {
        grid.push_cell(heading);
    }
    let has_memo = has_memo(data.get());
    if has_memo {
        grid.push_cell("memo");
    }
    grid.end_row(1);
    let mut table = Table { context, grid, has_memo, period: Default::default(), problems: Vec::new() };
    let mut refused = None;
    let read = each(data, "a list of periods", |period: Period<'_>| {
        table.begin(&period);
        each(period.values, "a list of values", |value: Value<'_>| {
            table.row(&value).map_err(|problem| {
                // The parser only carries errors of its own.
                refused = Some(problem);
                "refused"
            })
        })
    });
    if let Some(refused) = refused {
        return Err(refused);
    }
    read.map_err(|error| damaged(context, &error))?;
    context.expanded(table.grid.text_len(), len)?;
    if table.grid.len() < 2 {
        return Err(context.problem(&REPLY_WITHOUT_VALUES));
    }
    problems.append(&mut table.problems);
    Ok(table.grid)
}

/// Whether some value says how it is measured.
fn has_memo(data: &str) -> bool {
    let marks = data.split("\"i_mark\"").skip(1);
    let mut said = marks.filter_map(|rest| rest.trim_start().strip_prefix(':'));
    said.any(|rest| rest.trim_start().strip_prefix('"').is_some_and(|text| !text.starts_with('"')))
}

impl Table<'_> {
    /// Begins a period. Its code says what it is; a name that says another one is told, and then neither is used.
    fn begin(&mut self, period: &Period<'_>) {
        let code = period.code.trim();
        let name = filled(&period.name).map(str::trim);
        let meant = in_words(code);
        let differs = match (name.map(period::parse), meant.as_deref().map(period::parse)) {
            (Some(Ok(named)), Some(Ok(meant))) => named != meant,
            _ => false,
        };
        let shown = match (name, meant) {
            (Some(name), Some(_)) if differs => format!("{name} ≠ {code}"),
            (_, Some(meant)) => meant,
            (Some(name), None) => name.to_owned(),
            (None, None) => code.to_owned(),
        };
        if differs && self.problems.len() < self.context.limits.problems {
            let mut problem = self.context.problem(&REPLY_CONTRADICTS).value(shown.clone());
            problem.place.row = u32::try_from(self.grid.len() + 1).ok();
            self.problems.push(problem);
        }
        self.period = (code.to_owned(), shown);
    }

    fn row(&mut self, value: &Value<'_>) -> Outcome<()> {
        let limits = self.context.limits;
        let from = self.grid.text_len();
        let (code, name) = (&self.period.0, &self.period.1);
        let or_blank = |text| filled(text).map(str::trim).unwrap_or_default();
        let cells = [
            or_blank(&value.id),
            value.indicator(),
            area(or_blank(&value.da)),
            or_blank(&value.da_name),
            code,
            name,
            or_blank(&value.du_name),
            &value.text(),
        ];
        let memo = self.has_memo.then(|| or_blank(&value.i_mark));
        cells.into_iter().chain(memo).for_each(|cell| self.grid.push_cell(cell));
        self.context.within(Counted::CellBytes, self.grid.text_len() - from, limits.cell_bytes)?;
        self.grid.end_row(u32::try_from(self.grid.len() + 1).unwrap_or(u32::MAX));
        self.context.within(Counted::Rows, self.grid.len(), limits.rows)?;
        self.context.within(Counted::Cells, self.grid.cell_count(), limits.cells)?;
        self.context.within(Counted::TextBytes, self.grid.text_len(), limits.inflated_bytes.min(u32::MAX as usize))
    }
}
