//! Header rows: which they are, and what each column is called.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::centred;
use super::normalise::{Label, name_key};
use super::parts::{self, GROUP, PARENT, Part};
use super::why::Reason;
use crate::config::source::{Across, Column, Layout};
use crate::read::grid::{Covered, Grid};
use crate::vocab::number::{self, Cell, Symbols};
use crate::vocab::period::{self, Refusal};
use crate::vocab::relative::Relative;
use crate::vocab::text;
use crate::vocab::unit::{self, Own};

/// A header is looked for in this many rows.
const SEARCHED: usize = 256;

/// Once some row has answered, this many rows more are looked at for a better one.
const PATIENCE: usize = 30;

/// So many texts down the left of a header are names of its rows.
const FEWEST_NAMES: usize = 3;

/// What a header row of frequencies holds.
const FREQUENCIES: &[&str] = &["日", "周", "旬", "月", "月度", "季", "季度", "半年", "年", "年度"];

/// The most rows a header has.
const MOST_ROWS: usize = 6;

/// The header of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Its rows in the grid.
    pub(super) rows: Range<usize>,
    /// Its columns, from the first column of the grid on.
    pub(super) columns: Vec<HeaderColumn>,
    /// The row of item codes, if there is one.
    pub(super) code_row: Option<usize>,
    /// A row right under it that may as well be one of its rows, where nobody says how many it has.
    pub(super) heading_or_data: Option<usize>,
}

impl Header {
    /// Whether neither the title nor a heading says that figures are amounts: what they measure is then said by the names of the rows.
    pub(super) fn leaves_measures_to_rows(&self, title: Option<&str>) -> bool {
        let mut named = self.columns.iter().flat_map(HeaderColumn::named);
        !title.is_some_and(unit::names_amount) && !named.any(|label| unit::is_amount(&label.text))
    }
}

/// One column of a header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct HeaderColumn {
    /// Its labels from top to bottom; what is repeated in neighbouring rows is there once.
    pub(super) labels: Vec<Label>,
    /// The unit of the column that it is a part of (`#发明` behind `专利(件)`), if that states one.
    pub(super) of_whole: Option<String>,
    /// What the figures of that column are, where it states none.
    own_of_whole: Option<Own>,
    /// Whether its English words are all that tells it from a column of the same Chinese name: they are then a part of its name.
    told_in_english: bool,
}

impl HeaderColumn {
    /// The labels as one text.
    pub(super) fn text(&self) -> String {
        let texts: Vec<&str> = self.labels.iter().map(|label| label.text.as_str()).collect();
        texts.join(" / ")
    }

    /// Its labels that name no time: those that stand over it in every issue.
    pub(super) fn lasting(&self) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(|label| !names_time(label))
    }

    /// The unit in its labels: the one nearest to the figures, of a bilingual heading the Chinese one; or else what its last
    /// heading says without brackets; or that of the column it is a part of.
    pub(super) fn unit(&self) -> Option<&str> {
        self.unit_and_reason().map(|(unit, _)| unit)
    }

    /// [`HeaderColumn::unit`], and what says it.
    pub(super) fn unit_and_reason(&self) -> Option<(&str, Reason)> {
        // `增长%` under `产值（万元）` is no amount of it, nor are the years under that.
        let is_overruled = |label: &Label, unit: &str| {
            let mut below = self.named().filter(|below| below.row > label.row && below.unit.is_none());
            below.any(|below| Own::rules_out(&below.text, unit))
        };
        let stated = || {
            let stated = self.labels.iter().rev().filter_map(|label| Some((label, label.unit.as_deref()?)));
            stated.filter(|(label, unit)| !is_overruled(label, unit)).map(|(_, unit)| unit)
        };
        if self.contradicts_itself() {
            return None;
        }
        let plain = stated().find(|unit| !unit::is_english(unit)).or_else(|| stated().next());
        // What stands over the last heading says no more than that its figures are rates: `增速%` over 3月.
        let over = |label: &Label| unit::without_brackets(&label.text).filter(|said| ["%", "‰"].contains(said));
        let said = || {
            let mut named = self.named().collect::<Vec<_>>().into_iter().rev();
            let leaf = named.next()?;
            unit::without_brackets(&leaf.text).or_else(|| named.find_map(over).filter(|_| !unit::is_amount(&leaf.text)))
        };
        plain
            .map(|unit| (unit, Reason::InHeading))
            .or_else(|| Some((said()?, Reason::WordsOfHeading)))
            .or_else(|| Some((self.of_whole.as_deref()?, Reason::OfWhole)))
    }

    /// Whether two of its own headings state different units of one kind: nobody knows which holds.
    fn contradicts_itself(&self) -> bool {
        let stated = self.labels.iter().filter(|label| !label.spans).filter_map(|label| label.unit.as_deref());
        let mut own = stated.filter(|unit| !unit::is_english(unit)).filter_map(unit::known).peekable();
        let first = own.peek().copied();
        own.any(|other| first.is_some_and(|first| other != first && other.dimension == first.dimension))
    }

    /// What its words say of its time by that of the table; of a growth under 上年同期 nobody knows against what it is.
    pub(super) fn relative(&self) -> Option<Relative> {
        let said = self.named().collect::<Vec<_>>().into_iter().rev().find_map(|label| Relative::of(&label.text));
        said.filter(|said| *said != Relative::Earlier || self.own() != Some(Own::Rate))
    }

    /// What its figures are by its words, where it states no unit.
    pub(super) fn own(&self) -> Option<Own> {
        let named = self.labels.iter().filter(|label| !label.attribute).map(|label| label.text.as_str());
        if self.unit().is_some() { None } else { Own::of_column(named).or(self.own_of_whole) }
    }

    /// Whether it is a part of the column before it.
    fn is_of_which(&self) -> bool {
        self.labels.last().is_some_and(|label| ["#", "其中"].iter().any(|mark| label.whole.starts_with(mark)))
    }

    /// Whether the heading ends in brackets, and no unit is known in it: what stands in them may be one all the same.
    pub(super) fn is_bracketed(&self) -> bool {
        let is_time = |label: &Label| period::parse(&label.text).is_ok() || Relative::of(&label.text).is_some();
        let is_period = || self.named().last().is_some_and(is_time);
        self.contradicts_itself() || self.unit().is_none() && self.title().ends_with([')', '）']) && !is_period()
    }

    /// The heading as one text: what spans several columns, then the column's own words, which typesetters break over
    /// several rows. Of a bilingual heading, the Chinese.
    pub(super) fn title(&self) -> String {
        self.joined(|label| label.text.clone())
    }

    /// [`HeaderColumn::title`] without units.
    pub(super) fn name(&self) -> String {
        self.joined(
            |label| if label.name.is_empty() { String::new() } else { unit::split_label(chinese_part(&label.text)).0 },
        )
    }

    /// What `piece` takes of each label, as one text.
    fn joined(&self, piece: impl Fn(&Label) -> String) -> String {
        let mut title = String::new();
        let mut broken = false;
        let chinese = self.named().any(|label| has_chinese(&label.text));
        // What reaches over Chinese headings from above is a name (`GDP` over 总量 and 增速); a translation stands below.
        let first = self.named().next().filter(|label| label.spans && is_english_name(label));
        let counts = |label: &&Label| {
            let is_name = || self.told_in_english && is_english_name(label) || first.is_some_and(|one| one == *label);
            !chinese || has_chinese(&label.text) || is_name()
        };
        for label in self.named().filter(counts) {
            let piece = piece(label);
            if piece.is_empty() {
                continue;
            }
            if !title.is_empty() && !broken {
                title.push_str(" / ");
            } else if !title.is_empty() && !has_chinese(&label.text) {
                title.push(' ');
            }
            title.push_str(chinese_part(&piece));
            broken = !label.spans;
        }
        title
    }

    /// The labels that name the column.
    fn named(&self) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(|label| !label.attribute)
    }

    /// How often the values are surveyed, if a header row says it.
    pub(super) fn frequency(&self) -> Option<&str> {
        self.labels
            .iter()
            .find(|label| label.attribute && FREQUENCIES.contains(&label.whole.as_str()))
            .map(|l| l.text.as_str())
    }

    /// Whether nothing stands over the column.
    pub(super) fn is_blank(&self) -> bool {
        self.labels.is_empty()
    }
}

/// The declared columns as a header is searched for them, normalised.
pub(super) struct Wanted {
    columns: Vec<WantedColumn>,
    across: Across,
    header_rows: Option<usize>,
}

struct WantedColumn {
    names: Vec<String>,
    under: Vec<String>,
    code: Option<String>,
}

/// What of the declaration one row holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// Whether there is more than one label: a lone text over a wider table is a title, whatever it says.
    wide: bool,
    /// Declared columns whose name stands there.
    names: usize,
    /// Period labels, where they stand across.
    periods: usize,
}

impl Wanted {
    /// Prepares the declaration.
    pub(super) fn new(columns: &[Column], layout: &Layout) -> Self {
        let normalised = |texts: &[String]| texts.iter().map(|text| text::key(text)).collect();
        let columns = columns
            .iter()
            .filter(|column| !column.headers.is_empty() || column.code.is_some())
            // What this program adds to every table finds none.
            .filter(|column| !column.headers.iter().any(|header| header == GROUP || header == PARENT))
            .filter(|column| !column.is_corner())
            .map(|column| WantedColumn {
                names: column.headers.iter().map(|header| name_key(header)).collect(),
                under: normalised(&column.under),
                code: column.code.as_deref().map(text::key),
            })
            .collect();
        Wanted { columns, across: layout.across, header_rows: layout.header_rows }
    }

    /// Finds the header; none if no row holds any declared name.
    pub(super) fn find(&self, grid: &Grid) -> Option<Header> {
        if self.columns.is_empty() {
            // Where the only declared header is the blank corner, there is no name to look for.
            let part = parts::find(grid).into_iter().find(|part| !part.header.is_empty())?;
            let start = part.header.start;
            return Some(match self.header_rows {
                Some(rows) => self.read(grid, start..grid.len().min(start + rows)),
                None => self.shaped(grid, &part),
            });
        }
        let anchor = self.anchor(grid)?;
        let rows = match self.header_rows {
            Some(rows) => self.window(grid, anchor, rows),
            // Headings that nobody declared are seen by their shape, not by their names.
            None if self.across == Across::Indicator => {
                match parts::find(grid).into_iter().find(|part| part.header.contains(&anchor)) {
                    Some(part) => return Some(self.shaped(grid, &part)),
                    None => self.extend(grid, anchor),
                }
            }
            None => self.extend(grid, anchor),
        };
        Some(self.read(grid, rows))
    }

    /// The header of a part that is seen by its shape.
    fn shaped(&self, grid: &Grid, part: &Part) -> Header {
        Header { heading_or_data: part.heading_or_data(), ..self.read(grid, part.header.clone()) }
    }

    /// The row that holds the most declared names, the first of several.
    fn anchor(&self, grid: &Grid) -> Option<usize> {
        let mut best = (Score::default(), 0);
        for index in 0..grid.len().min(SEARCHED) {
            if best.0.names > 0 && index > best.1 + PATIENCE {
                break;
            }
            let score = self.score(&labels(grid, index));
            if score > best.0 && score.names > 0 {
                best = (score, index);
            }
            // A table with periods across may have its header below a row that says as much.
            if best.0.wide && best.0.names == self.columns.len() && self.across != Across::Period {
                break;
            }
        }
        (best.0.names > 0).then_some(best.1)
    }

    /// What of the declaration these labels hold.
    fn score(&self, labels: &[(usize, Label)]) -> Score {
        let named =
            |column: &&WantedColumn| labels.iter().any(|(_, label)| column.names.iter().any(|name| label.is(name)));
        let names = self.columns.iter().filter(named).count();
        let periods = match self.across {
            Across::Period if names > 0 => {
                labels.iter().filter(|(_, label)| period::parse(&label.text).is_ok()).count()
            }
            _ => 0,
        };
        Score { wide: labels.len() > 1, names, periods }
    }

    /// The `height` rows around `anchor` that hold the most names, codes and sub-headings; the last of several, since
    /// rows over a header are titles.
    fn window(&self, grid: &Grid, anchor: usize, height: usize) -> Range<usize> {
        let height = height.max(1);
        let first = (anchor + 1).saturating_sub(height);
        let words = |start: usize| -> usize {
            (start..grid.len().min(start + height)).map(|row| self.words(&labels(grid, row))).sum()
        };
        let start = (first..=anchor).max_by_key(|&start| (words(start), start)).unwrap_or(anchor);
        start..grid.len().min(start + height)
    }

    /// How many labels the declaration names in any way.
    fn words(&self, labels: &[(usize, Label)]) -> usize {
        labels.iter().filter(|(_, label)| self.columns.iter().any(|column| column.knows(label))).count()
    }

    /// Adds the rows above and below `anchor` that belong to the header.
    fn extend(&self, grid: &Grid, anchor: usize) -> Range<usize> {
        let mut rows = anchor..anchor + 1;
        while rows.len() < MOST_ROWS && rows.end < grid.len() {
            if self.continues(grid, &rows, anchor) {
                rows.end += 1;
            } else if self.bridges(grid, &rows, anchor) {
                rows.end += 2;
            } else {
                break;
            }
        }
        while rows.len() < MOST_ROWS && rows.start > 0 && self.opens(grid, rows.start - 1) {
            rows.start -= 1;
        }
        rows
    }

    /// Whether the row after `rows` is one more header row.
    fn continues(&self, grid: &Grid, rows: &Range<usize>, anchor: usize) -> bool {
        let index = rows.end;
        let labels = labels(grid, index);
        if labels.is_empty() {
            // Blank but for cells that the header reaches down into.
            let mut reaching = grid.merges_from(rows).iter();
            return reaching.any(|merge| merge.rows > 1 && merge.covers(index, merge.column));
        }
        if grid.row(index).says_as(grid.row(anchor)) {
            return false;
        }
        let codes = self.is_codes(&labels) && self.right_of_key(grid, anchor, &labels);
        let lead = self::labels(grid, anchor).first().map_or(0, |(column, _)| *column);
        let numbers = is_column_numbers(labels.iter().cloned()) && !begins_classes(grid, index, lead);
        let words =
            self.words(&labels) > 0 || self.is_under(grid, anchor, &labels) || translates(grid, anchor, index, lead);
        codes || numbers || is_units(&labels) || (words && !holds_figures(&labels))
    }

    /// Whether the row after `rows` stands between header rows: item codes that nobody declared, over sub-headings that
    /// somebody did.
    fn bridges(&self, grid: &Grid, rows: &Range<usize>, anchor: usize) -> bool {
        let below = rows.end + 1;
        if below >= grid.len() || !self.right_of_key(grid, anchor, &labels(grid, rows.end)) {
            return false;
        }
        let labels = labels(grid, below);
        self.words(&labels) > 0 && !holds_figures(&labels) && self.right_of_key(grid, anchor, &labels)
    }

    /// Whether there are labels, and all of them to the right of the first declared heading, where rows have their key.
    fn right_of_key(&self, grid: &Grid, anchor: usize, labels: &[(usize, Label)]) -> bool {
        let above = self::labels(grid, anchor);
        let key = above.iter().find(|(_, label)| self.columns.iter().any(|column| column.knows(label)));
        !labels.is_empty() && key.is_some_and(|(key, _)| labels.iter().all(|(column, _)| column > key))
    }

    /// Whether the row before the header is one more header row.
    fn opens(&self, grid: &Grid, index: usize) -> bool {
        let labels = labels(grid, index);
        let spans = labels.len() > 1;
        spans
            && self.words(&labels) > 0
            && !holds_figures(&labels)
            && !labels.iter().any(|(_, label)| label.whole.contains(':'))
    }

    /// Whether at least half of the declared item codes stand in the row.
    fn is_codes(&self, labels: &[(usize, Label)]) -> bool {
        let codes: Vec<&str> = self.columns.iter().filter_map(|column| column.code.as_deref()).collect();
        let present = codes.iter().filter(|&&code| labels.iter().any(|(_, label)| label.whole == code)).count();
        present > 0 && present * 2 >= codes.len()
    }

    /// Whether these are sub-headings that nobody declared: texts under most of the headings, or under the blank that a
    /// heading reaches over, but not under the key.
    fn is_under(&self, grid: &Grid, anchor: usize, labels: &[(usize, Label)]) -> bool {
        let above = self::labels(grid, anchor);
        let under_blank = |(column, _): &(usize, Label)| above.iter().all(|(other, _)| other != column);
        self.right_of_key(grid, anchor, labels) && (labels.len() * 2 >= above.len() || labels.iter().any(under_blank))
    }

    /// Reads the labels of each column from the header rows.
    fn read(&self, grid: &Grid, rows: Range<usize>) -> Header {
        let mut header = read(grid, rows);
        header.code_row = header.rows.clone().find(|&row| self.is_codes(&labels(grid, row)));
        header
    }
}

impl WantedColumn {
    /// Whether the label is a name, a sub-heading or the code of this column.
    fn knows(&self, label: &Label) -> bool {
        self.names.iter().any(|name| label.is(name))
            || self.under.iter().any(|under| label.is(under))
            || self.code.as_deref() == Some(label.whole.as_str())
    }
}

/// The labels of one row, each with its column.
pub(super) fn labels(grid: &Grid, row: usize) -> Vec<(usize, Label)> {
    labels_within(grid, row, &(0..usize::MAX)).collect()
}

/// The labels of one row within `columns`, each with its column, as they are asked for.
pub(super) fn labels_within(grid: &Grid, row: usize, columns: &Range<usize>) -> impl Iterator<Item = (usize, Label)> {
    let filled = grid.row(row).filled_in(columns.clone());
    filled.filter_map(move |(column, cell)| Label::new(cell, row).map(|label| (column, label)))
}

/// What the first cell of a header row says when the row holds an attribute of every series, as in database exports.
const ATTRIBUTES: &[&str] = &[
    "地区",
    "地区名称",
    "地区编码",
    "频度",
    "频率",
    "单位",
    "来源",
    "数据来源",
    "更新时间",
    "开始时间",
    "结束时间",
    "注释",
];

/// Whether a row that begins with this cell holds an attribute of every series under the row of their names.
pub(super) fn is_attribute(cell: &str) -> bool {
    ATTRIBUTES.contains(&text::key(cell).trim_end_matches(':'))
}

/// What stands over the names of rows. Most of these words also end names of rows (`经济开发区`, `合资企业`).
const KEYS: &[&str] = &[
    "地区",
    "地市",
    "市县",
    "县区",
    "区县",
    "县市",
    "市州",
    "城市",
    "省份",
    "省市",
    "区域",
    "国家",
    "指标",
    "项目",
    "名称",
    "年份",
    "年度",
    "年月",
    "月份",
    "季度",
    "时间",
    "时期",
    "日期",
    "报告期",
    "行业",
    "产业",
    "园区",
    "开发区",
    "集聚区",
    "企业",
    "单位",
    "类别",
    "类型",
    "分类",
    "分组",
    "产品",
    "品种",
    "品名",
    "序号",
    "编号",
    "代码",
    "部门",
    "机构",
    "学校",
    "region",
    "regions",
    "district",
    "sector",
    "area",
    "city",
    "province",
    "county",
    "country",
    "item",
    "items",
    "indicator",
    "indicators",
    "year",
    "month",
    "quarter",
    "date",
    "time",
    "period",
    "name",
    "industry",
];

/// Ends of such headings that no name of a row has.
const KEY_ENDS: &[&str] =
    &["名称", "代码", "编号", "类别", "类型", "分类", "分组", "指标名", "年份", "月份", "日期", ")别"];

/// Whether a cell is a heading over the names of rows.
pub(super) fn is_key(cell: &str) -> bool {
    /// Longer texts end in such a word by chance.
    const LONGEST: usize = 12;
    let cell = text::trim(cell);
    if cell.is_empty() || cell.len() > 64 {
        return false;
    }
    let key = name_key(cell);
    let ends = || key.chars().count() <= LONGEST && KEY_ENDS.iter().any(|end| key.ends_with(end));
    KEYS.contains(&key.as_str()) || ends()
}

/// Whether a row says in English what the headings of `first` say in Chinese, or holds nothing but their units beside it: it begins
/// with the English word for what names the rows.
pub(super) fn translates(grid: &Grid, first: usize, row: usize, lead: usize) -> bool {
    let cell = grid.cell(row, lead);
    if has_chinese(cell) || !is_key(cell) || !is_key(grid.cell(first, lead)) || !has_chinese(grid.cell(first, lead)) {
        return false;
    }
    let columns = lead + 1..usize::MAX;
    let beside = labels_within(grid, row, &columns);
    let is_unit = |label: &Label| {
        label.name.is_empty() && label.unit.is_some()
            || unit::known(&label.name).is_some() && label.name.parse::<u32>().is_err()
    };
    let mut found = false;
    for (_, label) in beside {
        let is_english = !has_chinese(&label.text) && label.text.chars().any(|c| c.is_ascii_alphabetic());
        if !is_english && !is_unit(&label) {
            return false;
        }
        found = true;
    }
    found
}

/// Whether a heading says that periods stand under it, and nothing else.
pub(super) fn is_plain_time(label: &str) -> bool {
    let key = text::key(label);
    let words = [
        "日期",
        "时间",
        "年月",
        "年份",
        "年度",
        "月份",
        "报告期",
        "统计期",
        "统计日期",
        "统计时间",
        "数据日期",
        "数据时间",
        "所属期",
    ];
    words.contains(&key.as_str()) || TIME_WORDS.contains(&key.as_str())
}

/// What happens at a time of which the figures of a row are not: `开始时间`, `成立年份`, `更新日期`.
const EVENTS: &[&str] = &[
    "开始", "结束", "起始", "终止", "截止", "成立", "开业", "注册", "登记", "更新", "建成", "投产", "竣工", "开工",
    "批准", "批复", "核准", "设立", "获批", "认定", "有效", "发布", "入园", "入驻", "入库", "入规", "出生", "签订",
    "签约", "发证", "备案", "供地", "出让", "验收", "完工", "创建", "填报", "上报",
];

/// Whether a heading says when something happened, and not which period figures are of.
pub(super) fn is_event(label: &str) -> bool {
    EVENTS.iter().any(|event| label.contains(event))
}

/// Whether a cell says why there is no figure: what says so is no heading.
pub(super) fn is_excuse(cell: &str) -> bool {
    /// Longer texts begin with such a word by chance.
    const LONGEST: usize = 6;
    const WORDS: &[&str] = &[
        "停产",
        "停业",
        "停工",
        "关停",
        "关闭",
        "破产",
        "注销",
        "搬迁",
        "在建",
        "筹建",
        "未建成",
        "未投产",
        "未开工",
        "未报",
        "未统计",
        "缺报",
        "免报",
        "保密",
        "不详",
        "待定",
        "待补",
        "待核",
    ];
    let key = text::key(text::trim(cell));
    let word = key.trim_start_matches('已');
    key == "无" || key.chars().count() <= LONGEST && WORDS.iter().any(|excuse| word.starts_with(excuse))
}

/// What stands over periods: a whole heading, or its end.
const TIMES: &[&str] = &["年", "月", "季", "季度", "期", "期间", "期别", "周期"];
const TIME_ENDS: &[&str] =
    &["年份", "年度", "年月", "月份", "日期", "时间", "时期", "报告期", "统计期", "数据期", "所属期"];
const TIME_WORDS: &[&str] = &["year", "month", "quarter", "date", "time", "period"];

/// Whether a heading says that periods stand under it.
pub(super) fn is_time(label: &str) -> bool {
    let key = text::key(label);
    // A corner that names both ways: `年份/地区`.
    let parts = key.split(['/', '\\', '、', '|']).collect::<Vec<_>>();
    TIMES.contains(&key.as_str())
        || parts.len() == 2 && parts.iter().any(|part| TIME_ENDS.contains(part) || TIMES.contains(part))
        || TIME_ENDS.iter().any(|end| key.ends_with(end))
        || key.split(|c: char| !c.is_ascii_alphabetic()).any(|word| TIME_WORDS.contains(&word))
}

/// Reads the labels of each column from `rows`, filling what spans several columns or rows.
pub(super) fn read(grid: &Grid, rows: Range<usize>) -> Header {
    let width = rows.clone().map(|row| grid.row(row).len()).max().unwrap_or(0);
    // The last heading may reach over columns that have no cell of their own in any header row.
    let reach = grid.merges_from(&rows).iter().map(|merge| merge.column + merge.columns).max().unwrap_or(0);
    let mut columns = vec![HeaderColumn::default(); width.max(reach.min(grid.width()))];
    let merged = !grid.merges_from(&rows).is_empty();
    let covered = grid.covered(rows.clone());
    let symbols = Symbols::default();
    // A text in each of many header rows down the left names the rows of the header.
    let listed = rows.clone().filter(|&row| !text::trim(grid.cell(row, 0)).is_empty()).count() >= FEWEST_NAMES;
    let mut spans: BTreeSet<(usize, usize)> = BTreeSet::new();
    for row in rows.clone() {
        let labels = labels(grid, row);
        let attribute = row > rows.start && tells_nothing_apart(grid, (row, &labels), rows.start);
        let units = is_units(&labels);
        // Down the left of attributes stand their names (频率, 单位), and a blank beside one is a series without it.
        let names_row = row > rows.start && is_attribute(grid.cell(row, 0)) && !is_attribute(grid.cell(rows.start, 0));
        let spreads = |from: usize| !names_row && (from > 0 || !listed);
        let is_over_others = !merged && row + 1 < rows.end;
        let centred = is_over_others.then(|| centred::groups(&labels, &self::labels(grid, row + 1))).flatten();
        let of_group = |column: usize| centred.as_ref().and_then(|groups| groups.get(&column).copied());
        let mut left: Option<usize> = None;
        for (column, slot) in columns.iter_mut().enumerate() {
            let own = !text::trim(grid.cell(row, column)).is_empty();
            let cell = if own {
                left = Some(column);
                grid.cell(row, column)
            } else if merged {
                grid.seen_in(&covered, row, column)
            } else {
                // Without merges, as in CSV, a blank beside a heading belongs to it if both have sub-headings below.
                match of_group(column).or(left) {
                    Some(from)
                        if spreads(from)
                            && has_text(grid, row + 1..rows.end, column)
                            && has_text(grid, row + 1..rows.end, from) =>
                    {
                        grid.cell(row, from)
                    }
                    _ => "",
                }
            };
            if !own && !text::trim(cell).is_empty() {
                spans.extend(origin(&covered, row, column, of_group(column).or(left)).map(|from| (row, from)));
            }
            // A series without a unit has a dash in the row of units.
            let cell = if units && matches!(number::parse(cell, &symbols), Cell::Missing(_)) { "" } else { cell };
            if let Some(mut label) = Label::new(cell, row)
                && slot.labels.last().is_none_or(|above| above.whole != label.whole)
            {
                if units {
                    let name = std::mem::take(&mut label.name);
                    let of_brackets = label.unit.take().filter(|_| name.is_empty());
                    label.unit = of_brackets.or(Some(name).filter(|name| !unit::is_statement(name)));
                }
                label.attribute = attribute;
                slot.labels.push(label);
            }
        }
    }
    for (column, slot) in columns.iter_mut().enumerate() {
        for label in &mut slot.labels {
            let own = !text::trim(grid.cell(label.row, column)).is_empty();
            label.spans = !own || spans.contains(&(label.row, column));
        }
    }
    parts_of_columns(&mut columns);
    tell_in_english(&mut columns);
    Header { rows, columns, code_row: None, heading_or_data: None }
}

/// Finds columns of one Chinese name whose English words differ: `小麦价格 / spot` beside `小麦价格 / future`.
fn tell_in_english(columns: &mut [HeaderColumn]) {
    let mut alike: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    for (at, column) in columns.iter().enumerate() {
        let words: Vec<&str> = column.named().filter(|label| is_english_name(label)).map(|l| l.name.as_str()).collect();
        if !words.is_empty() && column.named().any(|label| has_chinese(&label.text)) {
            alike.entry(column.title()).or_default().push((at, words.join(" ")));
        }
    }
    for same in alike.into_values().filter(|same| same.iter().any(|(_, words)| *words != same[0].1)) {
        for (at, _) in same {
            columns[at].told_in_english = true;
        }
    }
    // `GDP` beside 投资 and 财政, over 总量, is a name as they are; a row of translations has no Chinese.
    let spoken: BTreeSet<usize> = columns
        .iter()
        .flat_map(HeaderColumn::named)
        .filter(|label| has_chinese(&label.text))
        .map(|label| label.row)
        .collect();
    for column in columns {
        let first = column.named().next();
        let is_name = first.is_some_and(|first| is_english_name(first) && spoken.contains(&first.row));
        column.told_in_english |= is_name;
    }
}

/// Gives columns that are a part of another one, and state no unit, what that one says of its figures. A growth or a share that stands
/// between a quantity and its parts is no whole: `总产值`, `增长%`, `其中：轻工业`.
fn parts_of_columns(columns: &mut [HeaderColumn]) {
    let mut whole: (Option<String>, Option<Own>) = (None, None);
    let mut has_quantity = false;
    // What stands first names the rows.
    for (at, column) in columns.iter_mut().filter(|column| !column.is_blank()).enumerate() {
        let unit = column.unit().map(str::to_owned);
        if !column.is_of_which() {
            let is_rate = Own::is_rate(column.own(), unit.as_deref());
            if !is_rate || !has_quantity {
                whole = (unit, column.own());
            }
            has_quantity |= at > 0 && !is_rate && !is_key(&column.title());
        } else if unit.is_none() {
            column.of_whole.clone_from(&whole.0);
            column.own_of_whole = whole.1;
        }
    }
}

/// Whether a row under the one at `top` tells no columns from one another: it numbers them, or holds an attribute other than regions that
/// differ.
fn tells_nothing_apart(grid: &Grid, (row, labels): (usize, &[(usize, Label)]), top: usize) -> bool {
    if is_column_numbers(labels.iter().cloned()) {
        return true;
    }
    if is_attribute(grid.cell(top, 0)) {
        return false;
    }
    let first = grid.cell(row, 0);
    let mut values =
        grid.row(row).filled_in(1..usize::MAX).map(|(_, cell)| text::trim(cell)).filter(|cell| !cell.is_empty());
    let same = values.next().is_none_or(|first| values.all(|other| other == first));
    is_attribute(first) && (same || !text::key(first).starts_with("地区"))
}

/// The column of the heading that reaches over to `column`; none if it only reaches down.
fn origin(covered: &Covered, row: usize, column: usize, left: Option<usize>) -> Option<usize> {
    let merge = covered.by(row, column);
    merge.map_or(left, |merge| Some(merge.column)).filter(|&from| from != column)
}

/// Whether a label names a time, or a part of a year.
fn names_time(label: &Label) -> bool {
    let is_time = |text: &str| matches!(period::parse(text), Ok(_) | Err(Refusal::NoYear));
    is_time(&label.text) || is_time(&label.name)
}

/// Whether a label is a name in English, and neither a unit nor a time.
fn is_english_name(label: &Label) -> bool {
    !has_chinese(&label.text) && label.name.contains(|c: char| c.is_ascii_alphabetic()) && !names_time(label)
}

/// Whether a text holds a Chinese character.
fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// A bilingual heading up to its first English word behind the last Chinese one: `利润总额 (亿元) Total Profits`. What holds no
/// Chinese is no such heading.
fn chinese_part(text: &str) -> &str {
    let last = text.char_indices().rfind(|&(_, c)| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let Some(from) = last.map(|(at, c)| at + c.len_utf8()) else { return text };
    let english = text[from..].match_indices(' ').map(|(at, _)| from + at).find(|&at| {
        let rest = text[at + 1..].trim_start_matches(['(', '（', '#']);
        rest.starts_with(|c: char| c.is_ascii_alphabetic())
    });
    english.map_or(text, |at| text[..at].trim_end())
}

/// Whether a column has any text in `rows`.
fn has_text(grid: &Grid, mut rows: Range<usize>, column: usize) -> bool {
    rows.any(|row| !text::trim(grid.cell(row, column)).is_empty())
}

/// Whether the row numbers the columns: 甲, 乙, 丙 for texts, or 栏次 before them, then 1, 2, `3=1+2`.
pub(super) fn is_column_numbers(labels: impl Iterator<Item = (usize, Label)>) -> bool {
    /// So many numbers under a blank corner are those of columns: a row without its name is no row of figures.
    const FEWEST: usize = 3;
    let mut next = 1;
    let mut names = 0;
    let mut has_corner = false;
    for (column, label) in labels {
        let number = label.whole.split_once('=').map_or(label.whole.as_str(), |(number, _)| number);
        let mark = number.trim_matches(['(', ')']);
        has_corner |= next == 1 && names == 0 && column > 0;
        if ["甲", "乙", "丙", "丁", "戊", "栏次", "栏号", "列次", "列号"].contains(&mark) {
            names += 1;
        } else if mark.parse() == Ok(next) {
            next += 1;
        } else {
            return false;
        }
    }
    names > 0 || has_corner && next > FEWEST
}

/// Whether a row is the first of several that are named 甲, 乙, …, and no row of numbers of columns.
pub(super) fn begins_classes(grid: &Grid, row: usize, column: usize) -> bool {
    let name = |row: usize| text::trim(grid.cell(row, column));
    (name(row), name(row + 1)) == ("甲", "乙")
}

/// Whether every text of the row is a unit without brackets, perhaps after the word 单位.
pub(super) fn is_units(labels: &[(usize, Label)]) -> bool {
    let units = match labels {
        // What stands behind the word is meant as a unit, known or not, if one of them is.
        [(_, first), behind @ ..] if unit::is_statement(&first.whole) => {
            // 单位 heads a column of institutions too.
            let is_unit =
                |label: &Label| unit::known(&label.name).or(label.unit.as_deref().and_then(unit::known)).is_some();
            return behind.iter().any(|(_, label)| is_unit(label) && (label.name.is_empty() || label.unit.is_none()));
        }
        all => all,
    };
    let is_unit = |label: &Label| unit::known(&label.name).is_some() && label.name.parse::<u32>().is_err();
    !units.is_empty() && units.iter().all(|(_, label)| is_unit(label))
}

/// Whether the row holds a number that is not a year.
pub(super) fn holds_figures(labels: &[(usize, Label)]) -> bool {
    let symbols = Symbols::default();
    labels.iter().any(|(_, label)| {
        matches!(number::parse(&label.text, &symbols), Cell::Value(_)) && period::parse(&label.text).is_err()
    })
}
