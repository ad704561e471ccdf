//! What stands over a table: its title, its `key：value` lines, the unit and the period it states.

use std::ops::Range;

use super::normalise::key_and_value;
use super::why::{Because, Decision, Ground, Reason};
use read::grid::Grid;
use vocab::period::{self, Period, Refusal};
use vocab::unit::{self, Unit};
use vocab::{Place, text};

/// One `key：value` of the lines over a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreambleEntry {
    /// What stands before the colon.
    pub key: String,
    /// What stands behind it, or in the next cell; may be empty.
    pub value: String,
    /// The row in the grid, counted from zero.
    pub row: usize,
}

/// Everything over the header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Preamble {
    /// The title.
    pub(super) caption: Option<String>,
    /// `key：value` in the order of the file.
    pub(super) entries: Vec<PreambleEntry>,
    /// Units stated, each with its place, in the order of their weight.
    pub(super) units: Vec<(String, Place)>,
    /// The period stated, as it is written.
    pub(super) period: Option<(String, Place)>,
    /// A time in a running text that is no period, such as `2018年下半年`.
    pub(super) unread: Option<(String, Place)>,
    /// Whether it says that the table goes on from another one: what is said over that holds here.
    pub(super) continues: bool,
    /// Rows that hold text.
    pub(super) rows: usize,
    /// What says title, unit and period, by cells of the grid.
    pub(super) grounds: Grounds,
}

/// What says title, unit and period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Grounds {
    pub(super) caption: Option<Ground>,
    pub(super) unit: Option<Ground>,
    pub(super) period: Option<Ground>,
}

/// Keys that state a period, whatever follows.
const PERIOD_KEYS: &[&str] = &[
    "报告期",
    "报告期别",
    "报告时间",
    "所属期",
    "所属时期",
    "税款所属期",
    "税款所属时期",
    "统计期",
    "统计时间",
    "数据时间",
];

/// Keys that state a period only where one follows: `时间：最近36个月` is a query, not a period.
const LOOSE_PERIOD_KEYS: &[&str] = &["时间", "时期", "期间", "年月", "年份", "年度", "日期"];

/// What is said over a table: so many things of each kind are looked at, none of them longer than this.
const MOST_SAID: usize = 1 << 14;
const LONGEST_SAID: usize = 1 << 14;

/// Reads the rows of `grid` before `end`.
pub(super) fn read(grid: &Grid, end: usize, place: &Place) -> Preamble {
    let says = |(_, cell): &(usize, &str)| !cell.is_empty();
    let mut preamble = Preamble::default();
    let mut loose = Vec::new();
    for row in 0..end {
        // Nobody writes so much over a table: it is one that was not found.
        let is_much = preamble.entries.len() > MOST_SAID || loose.len() > MOST_SAID;
        let pieces = |(column, cell)| {
            let (title, unit) = unit_behind_blanks(cell).unwrap_or((cell, ""));
            [title, unit].map(|piece| (column, text::trim(piece)))
        };
        let cells: Vec<(usize, &str)> = grid.row(row).filled().flat_map(pieces).filter(says).collect();
        if cells.is_empty() {
            continue;
        }
        preamble.rows += 1;
        if is_much {
            continue;
        }
        let at = |column: usize| place.at_row(grid.row(row).number).at_column(grid.column_number(column));
        let mut cells = cells.into_iter().filter(|(_, cell)| cell.len() <= LONGEST_SAID).peekable();
        while let Some((column, cell)) = cells.next() {
            let Some((key, value)) = key_and_value(cell).filter(|(key, _)| !is_caption_number(key)) else {
                if preamble.caption.is_none() && unit::known(cell).is_none() {
                    preamble.caption = Some(cell.to_owned());
                    preamble.grounds.caption = Some(Ground::at(Reason::FirstTitle, row, column));
                }
                preamble.continues |= is_continuation(cell);
                loose.push((cell, row, column));
                continue;
            };
            let (value, column) = match (value, cells.peek()) {
                ("", Some(&(next, text))) if key_and_value(text).is_none() => {
                    cells.next();
                    (text, next)
                }
                _ => (value, column),
            };
            preamble.entry(key, value, (row, column), at(column));
        }
    }
    let at = |row: usize, column: usize| place.at_row(grid.row(row).number).at_column(grid.column_number(column));
    for &(cell, row, column) in &loose {
        preamble.running_text(cell, (row, column), || at(row, column));
    }
    if preamble.units.is_empty() {
        let of_indicator = preamble.unit_of_indicator(grid, place);
        let of_title = || loose.iter().find_map(|&(cell, row, column)| Some((unit_at_end(cell)?, row, column)));
        let of_title = of_title().filter(|_| of_indicator.is_none());
        preamble.grounds.unit = match (&of_indicator, &of_title) {
            (Some((_, row, _)), _) => Some(Ground::at(Reason::IndicatorLine, *row, 0)),
            (None, Some((_, row, column))) => Some(Ground::at(Reason::TitleEnd, *row, *column)),
            (None, None) => None,
        };
        preamble.units.extend(of_indicator.map(|(unit, _, place)| (unit, place)));
        preamble.units.extend(of_title.map(|(unit, row, column)| (unit, at(row, column))));
    }
    let title = loose
        .iter()
        .find(|(cell, ..)| preamble.caption.as_deref() == Some(*cell))
        .filter(|_| preamble.period.is_none() && preamble.unread.is_none());
    if let Some(&(title, row, column)) = title
        && let Some(year) = lone_year(title)
    {
        preamble.period = Some((year.to_owned(), at(row, column)));
        preamble.grounds.period = Some(Ground::at(Reason::RunningText, row, column));
    }
    preamble.settle_part(&loose);
    preamble
}

/// The parts of a year that a text is, holds in brackets or between blanks, or begins with: `（上半年）`, `2018年各市产值（1-6月）`,
/// `1-5月工业（2018年）`.
fn parts_of_year(text: &str) -> impl Iterator<Item = &str> {
    const APART: [char; 7] = ['(', '（', ')', '）', ' ', '\u{3000}', '\u{a0}'];
    /// In bytes: no part of a year is longer.
    const LONGEST: usize = 40;
    text.split(APART).map(text::trim).filter_map(|piece| {
        if period::parse(piece) == Err(Refusal::NoYear) {
            return Some(piece);
        }
        let ends = piece.char_indices().map(|(at, c)| (at + c.len_utf8(), c)).take_while(|(end, _)| *end <= LONGEST);
        let parts = ends.filter(|(_, c)| "月份季度年".contains(*c)).map(|(end, _)| piece.split_at(end));
        let (part, rest) = parts.filter(|(part, _)| period::parse(part) == Err(Refusal::NoYear)).last()?;
        // `5月比4月` compares two, and `1月至5月` is another part.
        let goes_on = ["比", "较", "至", "到", "-", "—", "、", "和"].iter().any(|word| rest.starts_with(word));
        (!goes_on).then_some(part)
    })
}

/// Keys of lines that name the one indicator of a table, with its unit in brackets: `指标：年末常住人口(万人)`.
const INDICATOR_KEYS: &[&str] = &["指标", "指标名称", "统计指标", "数据指标", "项目", "内容"];

/// The unit in brackets at the end of a title: `各县生产总值（亿元）`.
pub(super) fn unit_at_end(title: &str) -> Option<String> {
    let (before, unit) = unit::split_label(title);
    // Of two units in a title each is that of another column.
    let is_second = before
        .split(['(', '（'])
        .skip(1)
        .any(|rest| rest.split([')', '）']).next().is_some_and(|said| unit::known(said).is_some()));
    unit.filter(|unit| !is_second && title.ends_with([')', '）']) && unit::known(unit).is_some())
}

impl Preamble {
    /// What says title, unit and period.
    pub(super) fn because(&self, grid: &Grid, place: &Place) -> Vec<Because> {
        let Grounds { caption, unit, period } = self.grounds;
        let said = |said: &Option<(String, Place)>| said.as_ref().map(|(said, _)| said.clone());
        let unit_said = self.units.first().map(|(unit, _)| unit.clone());
        let all = [
            (Decision::Caption, caption, self.caption.clone()),
            (Decision::Unit, unit, unit_said),
            (Decision::Period, period, said(&self.period)),
        ];
        let told =
            all.into_iter().filter_map(|(decision, ground, said)| Some(ground?.because(decision, said?, grid, place)));
        told.collect()
    }

    /// Takes one `key：value`, whose value stands in this cell.
    fn entry(&mut self, key: &str, value: &str, at: (usize, usize), place: Place) {
        let folded = text::key(key);
        let ground = Ground { reason: Reason::KeyLine, at: Some(at) };
        if unit::is_statement(&folded) && !value.is_empty() {
            self.units.push((value.to_owned(), place.clone()));
            self.grounds.unit = self.grounds.unit.or(Some(ground));
        }
        let states_period = PERIOD_KEYS.contains(&folded.as_str())
            || (LOOSE_PERIOD_KEYS.contains(&folded.as_str()) && period::parse(value).is_ok());
        if states_period && !value.is_empty() && self.period.is_none() {
            self.period = Some((value.to_owned(), place));
            self.grounds.period = Some(ground);
        }
        self.entries.push(PreambleEntry { key: key.to_owned(), value: value.to_owned(), row: at.0 });
    }

    /// Takes a cell that is no `key：value`: a title, a remark, a unit alone.
    fn running_text(&mut self, cell: &str, at: (usize, usize), place: impl Fn() -> Place) {
        let ground = Some(Ground { reason: Reason::RunningText, at: Some(at) });
        if self.units.is_empty()
            && let Some(unit) = unit_within(cell)
        {
            self.units.push((unit, place()));
            self.grounds.unit = ground;
        }
        if self.period.is_some() {
            return;
        }
        match only_period(cell) {
            Some(Ok(period)) => {
                self.period = Some((period.to_owned(), place()));
                self.grounds.period = ground;
            }
            Some(Err(time)) if self.unread.is_none() => self.unread = Some((time.to_owned(), place())),
            _ => {}
        }
    }

    /// Puts the year of a title together with the part of it that stands elsewhere over the table. Where a title says one part and
    /// another text another one, nobody knows which holds.
    fn settle_part(&mut self, loose: &[(&str, usize, usize)]) {
        let Some((said, place)) = self
            .period
            .clone()
            .filter(|_| self.grounds.period.is_some_and(|ground| ground.reason == Reason::RunningText))
        else {
            return;
        };
        let Ok(stated) = period::parse(&said) else { return };
        let is_time = |entry: &&PreambleEntry| LOOSE_PERIOD_KEYS.contains(&text::key(&entry.key).as_str());
        let entries: Vec<String> = self.entries.iter().filter(is_time).map(|entry| entry.value.clone()).collect();
        let texts = loose.iter().map(|(text, ..)| *text).chain(entries.iter().map(String::as_str));
        let parts = texts.flat_map(parts_of_year);
        let read = parts.filter_map(|part| Some((period::parse_in_year(part, stated.year()).ok()?, part)));
        let others: Vec<(Period, &str)> = read.filter(|(period, _)| *period != stated).collect();
        let Some(&(first, part)) = others.first() else { return };
        if matches!(stated, Period::Year(_)) && others.iter().all(|(period, _)| *period == first) {
            self.period = Some((format!("{}年{part}", stated.year()), place));
        } else {
            (self.period, self.grounds.period) = (None, None);
            self.unread = Some((part.to_owned(), place));
        }
    }

    /// The unit of the one indicator that a line over the table names, where it names one, with its row.
    fn unit_of_indicator(&self, grid: &Grid, place: &Place) -> Option<(String, usize, Place)> {
        let names = |entry: &&PreambleEntry| INDICATOR_KEYS.contains(&text::key(&entry.key).as_str());
        self.entries.iter().filter(names).find_map(|entry| {
            let unit = unit_at_end(&entry.value)?;
            Some((unit, entry.row, place.at_row(grid.row(entry.row).number)))
        })
    }

    /// Takes the unit that a note under the table states, where nothing over it does.
    pub(super) fn unit_in_notes(&mut self, grid: &Grid, notes: &[usize], place: &Place) {
        if !self.units.is_empty() {
            return;
        }
        let cells = notes.iter().flat_map(|&row| grid.row(row).filled().map(move |(column, cell)| (row, column, cell)));
        let stated = cells.filter(|(_, _, cell)| cell.len() <= LONGEST_SAID).find_map(|(row, column, cell)| {
            let unit = unit_within(cell).filter(|unit| unit::known(unit).is_some())?;
            let place = place.at_row(grid.row(row).number).at_column(grid.column_number(column));
            Some((unit, place, Ground::at(Reason::NoteBelow, row, column)))
        });
        if let Some((unit, place, ground)) = stated {
            self.units.push((unit, place));
            self.grounds.unit = Some(ground);
        }
    }

    /// Takes the unit that stands in the corner of the headings (`地区 单位：万元`), where nothing over the table states one.
    pub(super) fn unit_in_corner(&mut self, grid: &Grid, header: &Range<usize>, place: &Place) {
        if !self.units.is_empty() {
            return;
        }
        let mut corners = header.clone().filter_map(|row| {
            let (column, cell) = grid.row(row).filled().next()?;
            let folded = text::key(cell).split_once("单位:")?.1.trim_end_matches(')').to_owned();
            unit::known(&folded).is_some().then_some((folded, row, column))
        });
        if let Some((unit, row, column)) = corners.next() {
            self.units.push((unit, place.at_row(grid.row(row).number).at_column(grid.column_number(column))));
            self.grounds.unit = Some(Ground::at(Reason::InCorner, row, column));
        }
    }

    /// The one unit that is stated, with the place of its first statement.
    pub(super) fn stated_unit(&self) -> Option<(String, Place)> {
        let unit = unit::stated_once(self.units.iter().map(|(unit, _)| unit.as_str()))?;
        self.units.first().map(|(_, place)| (unit.to_owned(), place.clone()))
    }

    /// The unit for rates that is stated beside the one of amounts.
    pub(super) fn stated_for_rates(&self) -> Option<&'static Unit> {
        unit::stated_for_rates(self.units.iter().map(|(unit, _)| unit.as_str()))
    }

    /// The value of the entry with this key, normalised.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        let key = text::key(key);
        self.entries.iter().find(|entry| text::key(&entry.key) == key).map(|entry| entry.value.as_str())
    }
}

/// A title and the unit behind it, which blanks push to the right edge of the page: `2018年各市情况　　单位：亿元`.
fn unit_behind_blanks(cell: &str) -> Option<(&str, &str)> {
    let at = ["计量单位", "金额单位", "货币单位", "单位"].into_iter().find_map(|word| {
        let (before, after) = cell.rsplit_once(word)?;
        let stated = text::trim(after).strip_prefix([':', '：'])?;
        (before.ends_with(text::is_blank) && unit::is_stated_alone(stated)).then_some(before.len())
    });
    at.map(|at| cell.split_at(at)).filter(|(title, _)| !text::trim(title).is_empty())
}

/// Whether a line says that the table goes on from another one.
fn is_continuation(line: &str) -> bool {
    let line = text::key(line);
    ["续表", "续上表", "(续", "continued"].iter().any(|word| line.contains(word))
}

/// Whether what stands before a colon numbers a title: `附表1：…`, `表3：…`.
fn is_caption_number(key: &str) -> bool {
    ["附表", "附件", "续表"].iter().any(|word| key.starts_with(word))
        || key.strip_prefix('表').is_some_and(|rest| rest.starts_with(|c: char| text::half_width(c).is_ascii_digit()))
}

/// The unit in a title (`主要指标（单位：万元）`), or of a cell that is a unit, or a list of units, and nothing else (`上年同期=100`).
pub(super) fn unit_within(cell: &str) -> Option<String> {
    let folded = text::key(cell);
    if unit::is_stated_alone(&folded) && !folded.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(folded);
    }
    // `本表计量单位为万元`, `以万元为单位`.
    let sentence = || {
        let behind = folded.split_once("单位为").or_else(|| folded.split_once("单位均为"))?.1;
        let unit = behind.split([')', ',', ';', '。', '、']).next()?;
        unit::known(unit).map(|_| unit.to_owned())
    };
    let Some((before, stated)) = folded.split_once("单位:") else { return sentence() };
    let starts = ["", "计量", "金额", "货币"]
        .iter()
        .filter_map(|word| before.strip_suffix(word))
        .any(|before| before.is_empty() || before.ends_with(['(', ',', ';', ':', '。']));
    let piece = |ends: &[char]| stated.split(ends).next().filter(|unit| starts && !unit.is_empty());
    // `单位：亿元，%` is a list, and `单位：亿元，现价` is none.
    let list = piece(&[')', '。']).filter(|list| !unit::parse_list(list).is_empty());
    list.or_else(|| piece(&[')', ',', ';', '。'])).map(str::to_owned)
}

/// The one period that a running text names, or a time in it that is none. Days are left out: they say when something was printed
/// or filed; and so are years that others are compared with (`按2010年价格`). A range of years (`2016-2018年`) is none of its years, and
/// a half of a year is not the year.
pub(super) fn only_period(cell: &str) -> Option<Result<&str, &str>> {
    let mut rest = cell;
    let mut found: Option<(Period, &str, usize)> = None;
    for (period, text) in period::find_all(cell) {
        let from = cell.len() - rest.len() + rest.find(text)?;
        rest = &cell[from + text.len()..];
        if matches!(period, Period::Day(_)) || is_base(&cell[..from], rest) {
            continue;
        }
        if found.is_some_and(|(other, ..)| other != period) {
            return None;
        }
        found = found.or(Some((period, text, from)));
    }
    let (_, text, from) = found?;
    let (before, after) = (&cell[..from], &cell[from + text.len()..]);
    if begins_range(before) || ends_range(after) {
        return None;
    }
    let time = time_at(&cell[from..]);
    // What is a part of a year, and not the first digits of something else.
    let more = time.get(text.len()..).unwrap_or_default();
    let is_more = more.contains(['季', '月', '旬', '周', '半', '初', 'H', 'h']);
    if is_more && goes_on(after) { Some(Err(time)) } else { Some(Ok(text)) }
}

/// Whether what stands around a year makes it the base of a comparison, or the edition of a list.
fn is_base(before: &str, after: &str) -> bool {
    const WORDS: [&str; 11] =
        ["不变价", "可比价", "价计算", "价格计算", "=100", "＝100", "为100", "为基期", "基期", "统计年鉴", "年鉴"];
    let after = text::trim(after);
    let begins = |words: &[&str]| words.iter().any(|word| after.starts_with(word));
    let before = text::trim(before);
    let follows = |words: &[&str]| words.iter().any(|word| before.ends_with(word));
    let by = follows(&["按", "以", "按照", "依据"]);
    // `（2015年价格）` says in which prices, `2018年价格` of when they are.
    let in_brackets = follows(&["(", "（"]) && begins(&["价格)", "价格）", "价)", "价）"]);
    let compared = follows(&["与", "同", "和", "较", "比"]) && begins(&["比较", "相比", "对比"]);
    // `2011年以来` is a span, and of `2018年起` or `2018年修订` is the way in which it was reckoned.
    // `2018年第12期` is an issue of a paper.
    let is_issue = after.strip_prefix('第').is_some_and(|rest| {
        let digits = rest.trim_start_matches(|c: char| text::half_width(c).is_ascii_digit());
        digits.len() < rest.len() && digits.starts_with('期')
    });
    let since = is_issue || begins(&["以来", "起", "修订"]) && !after.starts_with("起重");
    since
        || begins(&WORDS)
        || after.starts_with('版')
        || by && begins(&["价", "口径", "标准", "的"])
        || in_brackets
        || compared
}

/// The longest time that begins a text.
fn time_at(text: &str) -> &str {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(24);
    let times = ends.filter(|&end| period::is_only_time(&text[..end]));
    times.last().map_or("", |end| &text[..end])
}

/// Whether what follows a period makes another time of it: `下半年`, `10-11月`, `初`.
fn goes_on(after: &str) -> bool {
    let after = text::trim(after);
    let is_start = after.starts_with("初") && !["初步", "初次", "初中"].iter().any(|word| after.starts_with(word));
    let digit = |c: char| text::half_width(c).is_ascii_digit() || "一二三四五六七八九十元".contains(c);
    is_start
        || ["下半年", "上旬", "中旬", "下旬", "第", "截", "H2", "h2"].iter().any(|word| after.starts_with(word))
        || after.trim_start_matches(['(', '（']).starts_with(digit)
}

/// Whether a text ends in a year and a dash: what follows is the end of a range.
fn begins_range(before: &str) -> bool {
    let before = text::trim(before);
    let year =
        before.strip_suffix(['-', '－', '—', '–', '―', '~', '～', '至', '到', '、', ',', '，', '和', '与', '及', '/']);
    let year = year.map(|year| year.trim_end_matches(['-', '－', '—', '–', '―']));
    year.is_some_and(|year| ends_in_year(text::trim(year).trim_end_matches('年')))
}

/// Whether a period is the first of a range, or of several.
fn ends_range(after: &str) -> bool {
    let after = text::trim(after);
    let to = after.strip_prefix(['-', '－', '—', '–', '―', '~', '～', '至', '到', '、', '和', '与', '及']);
    let to = to.map(|to| to.trim_start_matches(['-', '－', '—', '–', '―'])).map(text::trim);
    to.is_some_and(|to| to.starts_with(|c: char| text::half_width(c).is_ascii_digit() || "一二三四".contains(c)))
}

fn ends_in_year(before: &str) -> bool {
    let digits = before.chars().rev().take_while(|&c| text::half_width(c).is_ascii_digit()).count();
    digits == 4
}

/// The year in a title that stands in brackets, behind a dash or a blank at its end, or at its beginning: `…主要指标（2018）`,
/// `…平衡表(实物量)-2018`, `2018各市…`. A number behind digits and a dash is another thing: `GB/T 4754-2017`, `2016-2018`.
fn lone_year(title: &str) -> Option<&str> {
    const OPENING: [char; 6] = ['(', '（', '【', '〔', '[', '［'];
    const CLOSING: [char; 6] = [')', '）', '】', '〕', ']', '］'];
    let title = text::trim(title);
    // The year in which a book was printed.
    if title.contains("年鉴") {
        return None;
    }
    let at_end = || {
        let start = title.char_indices().rev().take_while(|(_, c)| text::half_width(*c).is_ascii_digit()).last()?.0;
        let (before, year) = title.split_at(start);
        let joint = ['-', '－', '—', '–', '―', '_', ' ', '\u{3000}'];
        let before = before.strip_suffix(joint)?.trim_end_matches(['-', '－', '—', '–', '―']);
        let joined = text::trim(before).ends_with(|c: char| text::half_width(c).is_ascii_digit() || c == '年');
        (!joined).then_some(year)
    };
    let mut bracketed = title.split(OPENING).skip(1).filter_map(|rest| {
        let (year, after) = rest.split_once(CLOSING).unwrap_or((rest, ""));
        // `豫政〔2018〕12号` is the number of a document.
        let numbers = text::trim(after).starts_with(|c: char| text::half_width(c).is_ascii_digit() || c == '第');
        (!numbers).then_some(text::trim(year))
    });
    let at_start = || {
        let year = title.get(..title.char_indices().nth(4)?.0)?;
        let next = title[year.len()..].trim_start_matches(text::is_blank).chars().next()?;
        // `2000万元以上企业`.
        let is_word = ('\u{4e00}'..='\u{9fff}').contains(&next)
            && !"年至到和与及万亿千百十元家户个人名项件台强余多亩公吨".contains(next);
        (is_word && period::find_all(title).is_empty()).then_some(year)
    };
    let is_year =
        |year: &&str| year.chars().count() == 4 && matches!(period::parse(year), Ok(Period::Year(1949..=2099)));
    let first = bracketed.by_ref().find(is_year);
    if bracketed.any(|other| is_year(&other) && Some(other) != first) {
        return None;
    }
    first.or_else(|| at_end().filter(is_year)).or_else(|| at_start().filter(is_year))
}
