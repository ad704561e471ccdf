//! Header rows as they are read: what each column is called, in which unit it is, and what its figures are.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::centred;
use super::labels::{is_column_numbers, is_units, labels};
use super::normalise::Label;
use super::why::Reason;
use super::words::{has_chinese, is_attribute, is_key};
use read::grid::{Covered, Grid};
use vocab::number::{self, Cell, Symbols};
use vocab::period::{self, Refusal};
use vocab::relative::Relative;
use vocab::unit::{self, Own};
use vocab::{Place, Problem, rules, text};

/// So many texts down the left of a header are names of its rows.
const FEWEST_NAMES: usize = 3;

/// What a header row of frequencies holds.
const FREQUENCIES: &[&str] = &["日", "周", "旬", "月", "月度", "季", "季度", "半年", "年", "年度"];

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

/// Tells of a row under a header of so many rows that may be one of them, or data, with what decides it.
pub(super) fn either(grid: &Grid, header_rows: usize, row: usize, place: &Place) -> Problem {
    let problem = Problem::new(&rules::HEADING_OR_DATA, place.at_row(grid.row(row).number));
    problem.expected([header_rows, header_rows + 1].map(|rows| format!("header_rows = {rows}")))
}

/// What stands over the figures: the two sides of a balance name their rows differently.
pub(super) fn headings(grid: &Grid, header: &Range<usize>) -> Vec<String> {
    let labels =
        header.clone().flat_map(|row| grid.row(row).filled().map(|(_, cell)| text::key(cell)).collect::<Vec<_>>());
    labels.skip(1).collect()
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
