//! Replies of the query interface of data.stats.gov.cn (`easyquery`, JSON): one grid in long form, a row for each data node.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::context::{Context, Outcome};
use super::grid::Grid;
use super::json::{self, each, filled, message};
use super::limits::Counted;
use super::release;
use vocab::rules::{NOT_DATA, REPLY_CONTRADICTS, REPLY_IS_ERROR, REPLY_WITHOUT_VALUES, UNKNOWN_FORMAT};
use vocab::{Problem, Said, said};

/// Reads a reply. Other JSON is refused with the name of what it is.
pub(super) fn read(context: &Context<'_>, text: &str, problems: &mut Vec<Problem>) -> Outcome<Grid> {
    let damaged = |error: serde_json::Error| json::damaged(context, &error);
    let json: Json = serde_json::from_str(text).map_err(damaged)?;
    let (Some(code), Some(data)) = (json.returncode, json.returndata) else {
        let newer = release::read(context, &json.release, text.len(), problems);
        return newer.unwrap_or_else(|| Err(json.refused(context)));
    };
    let code = code.get().trim_matches('"');
    if code != "200" || data.get().starts_with('"') {
        return Err(context.problem(&REPLY_IS_ERROR).value(format!("{code}: {}", message(data))));
    }
    let reply: Returned = serde_json::from_str(data.get()).map_err(damaged)?;
    let mut table = Table::new(context, &reply.wdnodes)?;
    let mut refused = None;
    let read = each(reply.datanodes, "a list of data nodes", |node: DataNode<'_>| {
        table.row(&node).map_err(|problem| {
            // The parser only carries errors of its own.
            refused = Some(problem);
            "refused"
        })
    });
    if let Some(refused) = refused {
        return Err(refused);
    }
    read.map_err(damaged)?;
    context.expanded(table.grid.text_len(), text.len())?;
    if table.grid.len() < 2 {
        return Err(context.problem(&REPLY_WITHOUT_VALUES));
    }
    table.tell_rest(problems);
    Ok(table.grid)
}

/// The outermost value of some JSON: what a reply has, and enough to say what else it is.
#[derive(Default)]
struct Json<'a> {
    returncode: Option<&'a RawValue>,
    returndata: Option<&'a RawValue>,
    /// What a reply of the site since 2026 has.
    release: release::Reply<'a>,
    /// The first few names of members with what they hold; none in a list.
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
    /// How many values a list holds.
    listed: Option<usize>,
}

impl Json<'_> {
    /// Members that are named in a message.
    const NAMED: usize = 6;
    /// Members that carry the message of a failed request.
    const ERRORS: [&'static str; 8] =
        ["error", "errors", "errmsg", "errcode", "error_code", "msg", "message", "exception"];

    fn refused(&self, context: &Context<'_>) -> Problem {
        if let Some(count) = self.listed {
            let what = said!("JSON：列表，共 {count} 项", "JSON: a list of {count}");
            return context.problem(&UNKNOWN_FORMAT).said(what);
        }
        let is_error = |name: &str| Json::ERRORS.iter().any(|error| name.eq_ignore_ascii_case(error));
        let has_content = self.members.iter().any(|(_, value)| value.get().starts_with('['));
        match self.members.iter().find(|(name, _)| is_error(name)) {
            Some((name, value)) if !has_content => {
                let message = message(value);
                let what = said!("JSON 错误应答，{name}：{message}", "a JSON error reply, {name}: {message}");
                context.problem(&NOT_DATA).said(what)
            }
            _ => {
                let names = self.members.iter().take(Json::NAMED).map(|(name, _)| Said::words(&**name));
                let names = Said::join(&names.collect::<Vec<_>>(), "、", ", ");
                let what = said!("JSON：对象，成员为 {names}", "JSON: an object with the members {names}"; names);
                context.problem(&UNKNOWN_FORMAT).said(what)
            }
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Json<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Outermost;
        impl<'de> Visitor<'de> for Outermost {
            type Value = Json<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or a list")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
                let mut json = Json::default();
                while let Some((Text(name), value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    match &*name {
                        "returncode" => json.returncode = Some(value),
                        "returndata" => json.returndata = Some(value),
                        "success" => json.release.success = Some(value),
                        "state" => json.release.state = Some(value),
                        "message" => json.release.message = Some(value),
                        "data" => json.release.data = Some(value),
                        _ => {}
                    }
                    if json.members.len() < 100 {
                        json.members.push((name, value));
                    }
                }
                Ok(json)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json<'de>, A::Error> {
                let mut count = 0;
                while list.next_element::<IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(Json { listed: Some(count), ..Json::default() })
            }
        }
        deserializer.deserialize_any(Outermost)
    }
}

/// Text of JSON, borrowed where nothing in it is escaped.
#[derive(Debug, Default, Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// `returndata` of a reply that holds data.
#[derive(Deserialize)]
struct Returned<'a> {
    #[serde(borrow)]
    datanodes: &'a RawValue,
    wdnodes: Vec<Dimension<'a>>,
}

/// A dimension (`zb` indicator, `reg` region, `sj` time) with what its codes mean.
#[derive(Deserialize)]
struct Dimension<'a> {
    #[serde(borrow)]
    wdcode: Cow<'a, str>,
    #[serde(borrow, default)]
    wdname: Cow<'a, str>,
    nodes: Vec<Node<'a>>,
}

#[derive(Deserialize)]
struct Node<'a> {
    #[serde(borrow)]
    code: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    unit: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    memo: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct DataNode<'a> {
    #[serde(borrow)]
    code: Cow<'a, str>,
    #[serde(borrow)]
    data: Data<'a>,
    #[serde(borrow)]
    wds: Vec<Position<'a>>,
}

#[derive(Deserialize)]
struct Data<'a> {
    hasdata: bool,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    strdata: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Position<'a> {
    #[serde(borrow)]
    wdcode: Cow<'a, str>,
    #[serde(borrow)]
    valuecode: Cow<'a, str>,
}

/// The grid being made.
struct Table<'a> {
    context: &'a Context<'a>,
    grid: Grid,
    dimensions: Vec<(&'a str, HashMap<&'a str, &'a Node<'a>>)>,
    has_memo: bool,
    /// Contradictions: the first ones whole, and how many there are.
    problems: Vec<Problem>,
    contradictions: usize,
}

impl<'a> Table<'a> {
    /// The interface has three.
    const DIMENSIONS: usize = 16;

    fn new(context: &'a Context<'a>, wdnodes: &'a [Dimension<'a>]) -> Outcome<Self> {
        context.within(Counted::Dimensions, wdnodes.len(), Table::DIMENSIONS)?;
        let mut grid = Grid::new("");
        grid.push_cell("code");
        let mut dimensions = Vec::new();
        for dimension in wdnodes {
            let name = if dimension.wdname.is_empty() { &dimension.wdcode } else { &dimension.wdname };
            grid.push_cell(&format!("{name}代码"));
            grid.push_cell(name);
            let nodes = dimension.nodes.iter().map(|node| (&*node.code, node)).collect();
            dimensions.push((&*dimension.wdcode, nodes));
        }
        grid.push_cell("单位");
        grid.push_cell("strdata");
        let has_memo = wdnodes.iter().flat_map(|d| &d.nodes).any(|node| filled(&node.memo).is_some());
        if has_memo {
            grid.push_cell("memo");
        }
        grid.end_row(1);
        Ok(Table { context, grid, dimensions, has_memo, problems: Vec::new(), contradictions: 0 })
    }

    /// One data node as a row.
    fn row(&mut self, node: &DataNode<'_>) -> Outcome<()> {
        let limits = self.context.limits;
        let number = u32::try_from(self.grid.len() + 1).unwrap_or(u32::MAX);
        let from = self.grid.text_len();
        let mut wrong = None;
        self.grid.push_cell(&node.code);
        let (mut unit, mut memo) = (None, String::new());
        for (wdcode, nodes) in &self.dimensions {
            let position = node.wds.iter().find(|position| position.wdcode == *wdcode);
            let code = position.map_or("", |position| &*position.valuecode);
            let known = nodes.get(code);
            self.grid.push_cell(code);
            self.grid.push_cell(known.map_or("", |node| &*node.name));
            match known {
                Some(known) => {
                    unit = unit.or_else(|| filled(&known.unit));
                    if let Some(more) = filled(&known.memo) {
                        // The interface parts the paragraphs of a note like this too.
                        memo.push_str(if memo.is_empty() { "" } else { "||" });
                        memo.push_str(more);
                    }
                }
                None => {
                    let node = &node.code;
                    wrong = Some(said!(
                        "{node}：{wdcode}.{code} 不在应答所列维度之中",
                        "{node}: {wdcode}.{code} is not among the dimensions"
                    ));
                }
            }
        }
        self.grid.push_cell(unit.unwrap_or_default());
        let (value, differs) = node.data.value();
        self.grid.push_cell(&value);
        if differs {
            let node = &node.code;
            wrong = Some(said!("{node}：strdata 与 data 不一致", "{node}: strdata and data"));
        }
        if self.has_memo {
            self.grid.push_cell(&memo);
        }
        self.context.within(Counted::CellBytes, self.grid.text_len() - from, limits.cell_bytes)?;
        self.grid.end_row(number);
        self.context.within(Counted::Rows, self.grid.len(), limits.rows)?;
        self.context.within(Counted::Cells, self.grid.cell_count(), limits.cells)?;
        self.context.within(Counted::TextBytes, self.grid.text_len(), limits.inflated_bytes.min(u32::MAX as usize))?;
        if let Some(wrong) = wrong {
            self.contradicts(number, wrong);
        }
        Ok(())
    }

    fn contradicts(&mut self, row: u32, what: Said) {
        self.contradictions += 1;
        if self.problems.len() < self.context.limits.problems {
            let mut problem = self.context.problem(&REPLY_CONTRADICTS).said(what);
            problem.place.row = Some(row);
            self.problems.push(problem);
        }
    }

    /// Hands over what was found, and how much of it was not kept.
    fn tell_rest(&mut self, problems: &mut Vec<Problem>) {
        let more = self.contradictions - self.problems.len();
        problems.append(&mut self.problems);
        if more > 0 {
            problems.push(self.context.problem(&REPLY_CONTRADICTS).said(said!("另有 {more} 处", "{more} more")));
        }
    }
}

impl Data<'_> {
    /// The value as text, and whether the node contradicts itself. Then both values stand in the cell, so that nobody
    /// takes it for either of them, or for missing.
    fn value(&self) -> (Cow<'_, str>, bool) {
        let text = self.strdata.as_deref().unwrap_or_default().trim();
        if !self.hasdata {
            // Whatever stands beside the mark: the interface sends zeros there.
            return (Cow::Borrowed(""), false);
        }
        let number = self.data.map(|data| data.get().trim_matches('"'));
        let same = match (text.replace(',', "").parse::<f64>(), number.map(str::parse::<f64>)) {
            (Ok(shown), Some(Ok(exact))) => (shown - exact).abs() <= half_a_unit(text) + exact.abs() * 1e-12,
            (Ok(_), None) => true,
            (Ok(_), Some(Err(_))) => number == Some("null"),
            // A symbol in place of a number is for the definition to explain, if the number says nothing else.
            (Err(_), number) => !text.is_empty() && !number.is_some_and(|n| n.is_ok_and(|n| n != 0.0)),
        };
        if same {
            (Cow::Borrowed(text), false)
        } else {
            (Cow::Owned(format!("{text} ≠ {}", number.unwrap_or("null"))), true)
        }
    }
}

/// Half a unit of the last place that `text` shows: what rounding may take away.
fn half_a_unit(text: &str) -> f64 {
    let decimals = text.split_once('.').map_or(0, |(_, part)| part.len());
    0.5 * 10f64.powi(-i32::try_from(decimals).unwrap_or(i32::MAX))
}
