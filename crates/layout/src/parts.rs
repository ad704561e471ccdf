//! The tables of a sheet: side by side, one under another, and what an analyst scribbled beside them.
//!
//! ```text
//! 7-5 分地区收入        |            a title
//! 地区   增值税  所得税 | 2017Q2 1.8   header            another strip: it has labels of its own
//! 北京   1820.9  1228.5 | 2017Q3 1.8   body
//!                                     
//! 7-5 续表 1                         the title of the next table
//! 地区   印花税  车船税              labels where figures stood: a new header
//! 北京     87.7    32.9
//! ```

use std::collections::BTreeSet;
use std::ops::Range;

use super::axis;
use super::header::{self, HeaderColumn};
use super::labels::{begins_classes, is_column_numbers, is_units, labels_within, translates};
use super::shape::{Kind, Kinds, Shape};
use super::strips::{Strip, Strips};
use super::sums::names_sum;
use super::why::{Because, Decision, Ground, Reason};
use super::words;
use read::grid::Grid;
use vocab::note::is_marked;
use vocab::period::{self, Refusal};
use vocab::{Place, text, unit};

/// One table of a sheet, before anybody knows what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Its rows, from what stands over the header to the last note.
    pub(super) rows: Range<usize>,
    /// Its columns.
    pub(super) columns: Range<usize>,
    /// Its header rows; empty where figures have no header.
    pub(super) header: Range<usize>,
    /// Why it is these.
    pub(super) grounds: Grounds,
}

/// Why a table is where it is, by cells of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grounds {
    pub(super) columns: Ground,
    /// Why it ends where it does.
    pub(super) end: Ground,
    pub(super) header: Ground,
    /// Why no row below is a header row, where that is not for its figures.
    pub(super) below: Option<Ground>,
}

impl Part {
    /// The row right under the header that may as well be one of its rows.
    pub(super) fn heading_or_data(&self) -> Option<usize> {
        let ground = self.grounds.below.filter(|ground| ground.reason == Reason::HeadingOrData);
        ground.and_then(|ground| ground.at).map(|(row, _)| row)
    }

    /// Why it is read as a table of its own, with these header rows; `grid` is the sheet.
    pub(super) fn because(&self, grid: &Grid, place: &Place) -> Vec<Because> {
        let number = |row: usize| grid.row(row).number;
        let rows = |rows: &Range<usize>| match rows.is_empty() {
            true => String::new(),
            false => format!("R{}–R{}", number(rows.start), number(rows.end - 1)),
        };
        let columns = self.columns.clone();
        let columns =
            format!("C{}–C{}", grid.column_number(columns.start), grid.column_number(columns.end.saturating_sub(1)));
        let Grounds { columns: strip, end, header, below } = self.grounds;
        let mut all = vec![
            strip.because(Decision::Columns, columns, grid, place),
            end.because(Decision::Rows, rows(&self.rows), grid, place),
            header.because(Decision::Header, rows(&self.header), grid, place),
        ];
        all.extend(below.map(|ground| ground.because(Decision::Header, rows(&self.header), grid, place)));
        // Figures of the body are for those who ask for them.
        all.iter_mut().filter(|because| because.reason == Reason::OverFigures).for_each(|because| because.text.clear());
        all
    }
}

/// The most rows a header has.
const MOST_HEADER_ROWS: usize = 8;

/// Longer texts are no headings of a table that goes on below figures.
const LONGEST_HEADING: usize = 1024;

/// What a title of a table says, and a name of a group of rows does not.
const TITLE_WORDS: [&str; 8] = ["续", "表", "单位", "年", "情况", "指标", "统计", "("];

/// So many rows with labels of one kind make a column of that kind.
const FEWEST_ALIKE: usize = 3;

/// Finds the tables of a sheet.
pub(super) fn find(grid: &Grid) -> Vec<Part> {
    let kinds = Kinds::new(grid);
    let strips = Strips::new(grid, &kinds).find();
    strips.into_iter().flat_map(|strip| Stack::new(grid, &kinds, strip).parts()).collect()
}

/// One strip of columns with its tables one under another.
struct Stack<'a> {
    grid: &'a Grid,
    kinds: &'a Kinds<'a>,
    columns: Range<usize>,
    /// Those of them that hold its tables.
    tables: Range<usize>,
    /// Why the strip begins where it does.
    reason: Reason,
    /// What each row looks like within the strip.
    shapes: Vec<Shape>,
}

impl<'a> Stack<'a> {
    fn new(grid: &'a Grid, kinds: &'a Kinds<'a>, strip: Strip) -> Self {
        let Strip { columns, tables, reason } = strip;
        // What somebody reckoned beside a table makes no rows of figures out of blanks, titles and headings.
        let shape = |row: usize| match kinds.shape(row, &tables) {
            Shape::Figures if tables != columns => kinds.shape(row, &columns),
            shape => shape,
        };
        let shapes = (0..kinds.len()).map(shape).collect();
        let mut stack = Stack { grid, kinds, columns, tables, reason, shapes };
        for row in 0..kinds.len() {
            if stack.shape(row) != Shape::Labels {
                continue;
            }
            if stack.is_title_with_unit(row) {
                stack.shapes[row] = Shape::Line(stack.columns.start);
            } else if begins_classes(grid, row, stack.columns.start) {
                stack.shapes[row] = Shape::Figures;
            }
        }
        stack
    }

    /// Whether a row over headings is a title and, at its right, the unit and nothing else: `2018年各市产值`, `万元`. A unit over a heading is
    /// mostly one of several.
    fn is_title_with_unit(&self, row: usize) -> bool {
        let cells: Vec<(usize, Kind)> = self.kinds.filled(row, &self.columns).take(4).collect();
        let [(first, _), .., (last, _)] = cells.as_slice() else { return false };
        let cell = |column: usize| self.grid.cell(row, column);
        let is_title = |title: &str| TITLE_WORDS.iter().any(|word| title.contains(word));
        cells.len() <= 3
            && *first == self.columns.start
            && cells
                .iter()
                .all(|&(column, kind)| kind == Kind::Text && unit::is_stated_alone(cell(column)) == (column == *last))
            && !self.is_key(row)
            && self.shape(row + 1) == Shape::Labels
            && (self.lead(row + 1) != Kind::Blank || is_title(&text::key(cell(*first))))
    }

    /// Finds the tables.
    fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut start = 0;
        while let Some(part) = self.part(start) {
            start = part.rows.end;
            parts.push(part);
        }
        match parts.last_mut() {
            // What follows the last table belongs to it.
            Some(last) => {
                last.rows.end = self.kinds.len();
                last.grounds.end = Ground::new(Reason::SheetEnds);
            }
            None => parts.extend(self.list()),
        }
        parts
    }

    fn shape(&self, row: usize) -> Shape {
        self.shapes.get(row).copied().unwrap_or(Shape::Blank)
    }

    /// A table without one figure: its header is the first row of several labels.
    fn list(&self) -> Option<Part> {
        let row = (0..self.kinds.len()).find(|&row| self.shape(row) == Shape::Labels)?;
        let (header, end) = (self.ground(Reason::OnlyTexts, row), Ground::new(Reason::SheetEnds));
        let grounds = Grounds { columns: self.ground(self.reason, row), end, header, below: None };
        Some(Part { rows: 0..self.kinds.len(), columns: self.columns.clone(), header: row..row + 1, grounds })
    }

    /// A reason that the first cell of the strip in `row` speaks for.
    fn ground(&self, reason: Reason, row: usize) -> Ground {
        Ground::at(reason, row, self.columns.start)
    }

    /// The first table that begins at `start` or below.
    fn part(&self, start: usize) -> Option<Part> {
        let figures = (start..self.kinds.len()).find(|&row| self.shape(row) == Shape::Figures)?;
        let (header, ground, below) = self.header_over(start, figures);
        let (end, ended) = self.end(&header, figures);
        let grounds = Grounds { columns: self.ground(self.reason, header.start), end: ended, header: ground, below };
        Some(Part { rows: start..end, columns: self.columns.clone(), header, grounds })
    }

    /// The header rows over the first row of figures, not above `start`; why these, and why none below.
    fn header_over(&self, start: usize, figures: usize) -> (Range<usize>, Ground, Option<Ground>) {
        let is = |row: usize, shape: Shape| self.shape(row) == shape;
        // Rows of a key that has no figures yet, and blanks, may stand between header and figures.
        let mut end = figures;
        while end > start && is(end - 1, Shape::Blank) {
            end -= 1;
        }
        let mut first = end;
        while first > start {
            let fits = match self.shape(first - 1) {
                Shape::Labels => true,
                // The last words of one heading: `(unit)`, under it only.
                Shape::Line(column) => column > self.columns.start,
                Shape::Blank | Shape::Figures => false,
            };
            if !fits {
                break;
            }
            first -= 1;
        }
        // A lone text over the headings, such as a unit at the right, is no heading.
        while first < end && !is(first, Shape::Labels) {
            first += 1;
        }
        if first == end {
            // No heading right above: a list whose first rows hold no figure, perhaps.
            let Some(first) = (start..end).find(|&row| is(row, Shape::Labels)) else {
                return (end..end, self.ground(Reason::NoTexts, figures), None);
            };
            let more = |row: &usize| {
                matches!(self.shape(*row), Shape::Labels)
                    || matches!(self.shape(*row), Shape::Line(column) if column > self.columns.start)
            };
            let run = (first..end).take_while(more).count();
            let (last, below) = self.last_heading(first, first + run);
            return (first..last, self.ground(Reason::FirstTexts, first), below);
        }
        if let Some(above) = self.heading_over_section(start, first) {
            return self.header_over(start, above + 1);
        }
        let (last, below) = self.last_heading(first, end);
        // Texts of any number may stand over a header: its own rows are those right over the figures.
        let rows = if last - first <= MOST_HEADER_ROWS { first..last } else { end - MOST_HEADER_ROWS..end };
        (rows, self.ground(Reason::OverFigures, figures), below)
    }

    /// The row of headings over the lines over `row`, where that row is a name beside numbers that look like periods, and perhaps their
    /// unit: the lines name groups of rows (`一、采矿业`), and the row is one of them.
    fn heading_over_section(&self, start: usize, row: usize) -> Option<usize> {
        if !self.names_numbers_of_time(row) {
            return None;
        }
        let is_row = |row: usize| self.shape(row) == Shape::Labels && self.names_numbers_of_time(row);
        let above = (start..row).rev().find(|&above| self.shape(above) == Shape::Labels && !is_row(above))?;
        let is_line = |row: usize| matches!(self.shape(row), Shape::Line(_) | Shape::Blank);
        let mut between = above + 1..row;
        let are_lines = between.clone().any(is_line) && between.all(|row| is_line(row) || is_row(row));
        let tells = self.beside(above).all(|(_, kind)| matches!(kind, Kind::Text | Kind::Period));
        (are_lines && tells && self.beside(above).count() >= self.beside(row).count()).then_some(above)
    }

    /// Whether a row is a name, and beside it stand numbers that look like periods, and perhaps their unit.
    fn names_numbers_of_time(&self, row: usize) -> bool {
        let is_unit = |column| unit::known(text::trim(self.grid.cell(row, column))).is_some();
        let mut beside = self.beside(row);
        self.lead(row) == Kind::Text
            && !self.is_key(row)
            && beside.all(|(column, kind)| kind.is_number_of_time() || is_unit(column))
            && self.beside(row).any(|(_, kind)| kind.is_number_of_time())
    }

    /// The end of a header that begins at `first`: rows below a full and distinct row of headings are data without
    /// figures, unless they say more of the columns. And why it ends there, where figures do not say so.
    fn last_heading(&self, first: usize, end: usize) -> (usize, Option<Ground>) {
        let figures = (first..self.kinds.len()).find(|&row| self.shape(row) == Shape::Figures);
        let reach = end.min(first + 1 + MOST_HEADER_ROWS);
        let group = (first + 1..reach).find(|&row| self.is_group(first, row, figures));
        let end = group.unwrap_or(end);
        let body = (first + 1..end.min(reach)).find_map(|row| Some((row, self.begins_body(first, row)?)));
        let end = body.map_or(end, |(row, _)| row);
        let below = body.or(group.map(|row| (row, Reason::GroupBelow))).map(|(row, reason)| self.ground(reason, row));
        let cells: Vec<usize> = self.kinds.filled(first, &self.columns).map(|(column, _)| column).collect();
        let distinct: BTreeSet<String> = cells.iter().map(|&column| text::key(self.grid.cell(first, column))).collect();
        let used = (first + 1..end + 1).flat_map(|row| self.kinds.filled(row, &self.columns).map(|(column, _)| column));
        // Exports of programs leave the corner blank.
        let used: BTreeSet<usize> = used.filter(|&column| column > self.columns.start).collect();
        let merged = self.grid.merges_from(&(first..end)).iter().any(|merge| merge.rows.max(merge.columns) > 1);
        let full = distinct.len() == cells.len() && used.iter().all(|column| cells.binary_search(column).is_ok());
        if !full || merged {
            return (end, below);
        }
        let mut last = first + 1;
        while last < end && self.says_more(first, last) {
            last += 1;
        }
        let is_cut = last < end;
        (last, if is_cut { Some(self.ground(Reason::FullRow, last)) } else { below })
    }

    /// Whether a row under the headings names a group of rows: `山东省 Shandong` right under `城市 City`, and nothing where
    /// figures stand.
    fn is_group(&self, first: usize, row: usize, figures: Option<usize>) -> bool {
        let lead = |row: usize| self.kinds.at(row, self.columns.start) != Kind::Blank;
        let figured = figures.into_iter().flat_map(|row| self.kinds.filled(row, &self.columns));
        let is_figure = |&(_, kind): &(usize, Kind)| kind == Kind::Figure || kind.is_number_of_time();
        let figured: Vec<usize> = figured.filter(is_figure).map(|(column, _)| column).collect();
        let labelled = self.kinds.filled(row, &self.columns).any(|(column, _)| figured.binary_search(&column).is_ok());
        let is_numbered = || is_column_numbers(labels_within(self.grid, row, &self.columns));
        lead(first) && lead(row) && !labelled && !is_numbered()
    }

    /// Why a row under the headings that begin at `first` is a row of data, though it has no figures: it says why (`停产`), or its
    /// numbers look like periods. They stand beside a name, and make no axis. Where they make one, under headings that tell the
    /// columns apart without it, the row may as well be a heading, unless it is named a sum. None where it is one.
    fn begins_body(&self, first: usize, row: usize) -> Option<Reason> {
        let named = self.kinds.at(row, self.columns.start) != Kind::Blank && !self.is_key(row);
        if !named {
            return None;
        }
        if !self.beside(row).any(|(_, kind)| kind.is_number_of_time()) {
            // In a row of units a dash is a series without one.
            let lacks = |kind| kind == Kind::Missing && !words::is_attribute(self.grid.cell(row, self.columns.start));
            let is_excuse = |(column, kind)| lacks(kind) || words::is_excuse(self.grid.cell(row, column));
            return self.beside(row).any(is_excuse).then_some(Reason::DataBelow);
        }
        let times = self.beside(row).filter(|(_, kind)| kind.may_be_time()).count();
        if times < 2 || times < self.beside(row).count() || self.lead(row).may_be_time() {
            return Some(Reason::DataBelow);
        }
        let above = header::read(self.grid, first..row).columns;
        let titles: Option<Vec<String>> = self
            .beside(row)
            .map(|(column, _)| above.get(column).map(HeaderColumn::title).filter(|title| !title.is_empty()))
            .collect();
        let titles = titles.unwrap_or_default();
        let are_apart = titles.len() == times && titles.iter().collect::<BTreeSet<_>>().len() == times;
        // Under periods stands no other axis of them, and there are statistics of some years only.
        let is_timed = axis::read_columns(&above, None).iter().any(|tick| tick.period().is_some());
        // A heading with its unit is whole, and no two of them have one year each.
        let mut kinds = self.beside(row).map(|(_, kind)| kind);
        let first = kinds.next();
        let are_whole = self.beside(row).all(|(column, _)| above.get(column).is_some_and(|head| head.unit().is_some()))
            && kinds.any(|kind| Some(kind) != first);
        let may_head = !is_timed && !are_whole && self.beside(row).all(|(_, kind)| kind.is_recent());
        are_apart.then_some(match may_head {
            true if names_sum(self.grid.cell(row, self.columns.start)) => Reason::TotalBelow,
            true => Reason::HeadingOrData,
            false => Reason::DataBelow,
        })
    }

    /// What stands in the first column of the strip.
    fn lead(&self, row: usize) -> Kind {
        self.kinds.at(row, self.columns.start)
    }

    /// What stands in a row beside its first column.
    fn beside(&self, row: usize) -> impl Iterator<Item = (usize, Kind)> {
        self.kinds.filled(row, &(self.columns.start + 1..self.columns.end))
    }

    /// Whether a row begins with what stands over the names of rows: `地区`, `指标名称`.
    fn is_key(&self, row: usize) -> bool {
        words::is_key(self.grid.cell(row, self.columns.start))
    }

    /// Whether the row tells more of the columns under `first`: units, column numbers, attributes such as 频度, or the
    /// rest of a heading that was broken over two rows.
    fn says_more(&self, first: usize, row: usize) -> bool {
        let labels: Vec<_> = labels_within(self.grid, row, &self.columns).collect();
        let lead_blank = self.kinds.at(row, self.columns.start) == Kind::Blank
            && self.kinds.at(first, self.columns.start) != Kind::Blank;
        lead_blank
            || is_column_numbers(labels.iter().cloned())
            || is_units(&labels)
            || words::is_attribute(self.grid.cell(row, self.columns.start))
            || translates(self.grid, first, row, self.columns.start)
    }

    /// The first row below the table whose figures begin at `first`, and why it is that.
    fn end(&self, header: &Range<usize>, first: usize) -> (usize, Ground) {
        let headed: BTreeSet<usize> =
            header.clone().flat_map(|row| self.kinds.filled(row, &self.columns).map(|(at, _)| at)).collect();
        let rightmost = headed.last().copied();
        let mut figured: BTreeSet<usize> = BTreeSet::new();
        let mut row = first;
        let mut gap = false;
        // How many rows of figures begin with words, and how many with a period.
        let mut timed = [0; 2];
        while row < self.kinds.len() {
            let fresh = match self.shape(row) {
                Shape::Blank | Shape::Line(_) => {
                    gap |= self.closes(row);
                    None
                }
                Shape::Labels if gap => self.leads_to_figures(row).then_some(Reason::HeadingsAfterNote),
                Shape::Labels => {
                    (self.may_head(row, header) && self.heads(row, &figured)).then_some(Reason::HeadingsAgain)
                }
                Shape::Figures => {
                    let is_figure = |(column, kind): &(usize, Kind)| {
                        *kind == Kind::Figure || kind.is_number_of_time() && *column > self.columns.start
                    };
                    let figures = self.kinds.filled(row, &self.tables).filter(is_figure);
                    let at: Vec<usize> = figures.map(|(column, _)| column).collect();
                    let outside = rightmost.is_some_and(|last| at.iter().any(|&column| column > last));
                    let blank_above = row > first && self.shape(row - 1) == Shape::Blank;
                    figured.extend(at);
                    let time = matches!(self.kinds.at(row, self.columns.start), Kind::Period | Kind::Bare(_));
                    // After a blank row, words do not go on with a column of periods, nor periods with words.
                    let other =
                        blank_above && timed[usize::from(!time)] >= FEWEST_ALIKE && timed[usize::from(time)] == 0;
                    timed[usize::from(time)] += 1;
                    let reasons = [
                        (gap, Reason::FiguresAfterNote),
                        (other, Reason::OtherNames),
                        (outside && blank_above, Reason::FiguresBeyond),
                    ];
                    reasons.into_iter().find(|(holds, _)| *holds && row > first).map(|(_, reason)| reason)
                }
            };
            if let Some(reason) = fresh {
                return (self.without_title(row, first), self.ground(reason, row));
            }
            row += 1;
        }
        (self.kinds.len(), Ground::new(Reason::SheetEnds))
    }

    /// Whether a note or the source stands in the row: what follows is another table.
    fn closes(&self, row: usize) -> bool {
        is_marked(self.grid.cell(row, self.columns.start))
    }

    /// Whether a row among the figures may be a heading by what stands in it. A heading names the rows (`地区`), repeats what
    /// named them above, or leaves their corner blank; where it does neither, it stands under a title of its own and tells
    /// columns apart. What says the same of every column (`停产`), lacks a value, or has numbers beside a name is a row.
    fn may_head(&self, row: usize, header: &Range<usize>) -> bool {
        let lead = self.lead(row);
        let cell = self.grid.cell(row, self.columns.start);
        if self.beside(row).any(|(_, kind)| kind == Kind::Missing) {
            return words::is_attribute(cell);
        }
        let cells = || self.beside(row).map(|(column, _)| self.grid.cell(row, column));
        if cell.len() > LONGEST_HEADING || cells().any(|cell| cell.len() > LONGEST_HEADING || words::is_excuse(cell)) {
            return false;
        }
        let names: Vec<String> = cells().map(text::key).collect();
        let different: BTreeSet<&String> = names.iter().collect();
        let merged = self.grid.merges_from(&(row..row + 1)).iter().any(|merge| merge.columns > 1);
        let distinct = different.len() == names.len() || merged;
        let times = self.beside(row).filter(|(_, kind)| kind.may_be_time()).count();
        let again = |above: usize| text::key(self.grid.cell(above, self.columns.start)) == text::key(cell);
        let keyed = self.is_key(row) || lead == Kind::Text && header.clone().any(again);
        if self.beside(row).any(|(_, kind)| kind.is_number_of_time()) {
            let axis = times > 1 && times == names.len();
            // A blank corner is one of headings if nothing beside the times names a row.
            let texts = self.beside(row).filter(|(_, kind)| *kind == Kind::Text).map(|(column, _)| column);
            let mut texts = texts.map(|column| self.grid.cell(row, column));
            let heads = |text: &str| words::is_key(text) || unit::is_statement(&text::key(text));
            let corner = times > 1 && lead == Kind::Blank && texts.all(heads);
            // `一季度` beside numbers names a row, under its year most of all.
            let names_part = period::parse(cell) == Err(Refusal::NoYear);
            return keyed || corner || axis && lead == Kind::Text && !names_part && self.has_title(row);
        }
        if lead.may_be_time() {
            return times == names.len() && distinct;
        }
        let apart = self.is_titled(row) || names.len() > 1 && self.stands_apart(row);
        keyed || distinct && (lead == Kind::Blank || times == names.len() || apart)
    }

    /// Whether a blank row or a line stands right over the row.
    fn stands_apart(&self, row: usize) -> bool {
        row.checked_sub(1).is_none_or(|above| matches!(self.shape(above), Shape::Blank | Shape::Line(_)))
    }

    /// Whether a line stands right over the row, or over the blank rows above it.
    fn is_titled(&self, row: usize) -> bool {
        let above = (0..row).rev().map(|row| self.shape(row)).find(|&shape| shape != Shape::Blank);
        matches!(above, Some(Shape::Line(_)))
    }

    /// Whether a line stands right over the row, or over the blank rows above it, that is a title of a table and not the name of a
    /// group of rows (`二、制造业`).
    fn has_title(&self, row: usize) -> bool {
        let above = (0..row).rev().find(|&above| self.shape(above) != Shape::Blank);
        let line = above.filter(|&above| matches!(self.shape(above), Shape::Line(_)));
        line.is_some_and(|above| {
            let mut said =
                self.kinds.filled(above, &self.columns).map(|(column, _)| text::key(self.grid.cell(above, column)));
            said.any(|said| TITLE_WORDS.iter().any(|word| said.contains(word)) && !is_marked(&said))
        })
    }

    /// Whether labels stand where figures stood, and figures follow.
    fn heads(&self, row: usize, figured: &BTreeSet<usize>) -> bool {
        // The first rows of a tall header may name nothing but the key: `地区 Region`, the headings one row below.
        let rows =
            (row..self.kinds.len().min(row + MOST_HEADER_ROWS)).take_while(|&row| self.shape(row) == Shape::Labels);
        rows.take_while(|&row| self.leads_to_figures(row)).any(|row| self.stands_over(row, figured))
    }

    /// Whether most labels of a row stand where figures stood.
    fn stands_over(&self, row: usize, figured: &BTreeSet<usize>) -> bool {
        let labels: Vec<usize> = self
            .kinds
            .filled(row, &self.columns)
            .filter(|&(column, kind)| {
                column > self.columns.start && matches!(kind, Kind::Text | Kind::Period | Kind::Bare(_))
            })
            .map(|(column, _)| column)
            .collect();
        let over = labels.iter().filter(|column| figured.contains(column)).count();
        over > 0 && (over * 2 >= figured.len().min(labels.len()) || over >= 2)
    }

    /// Whether figures follow within a header's height.
    fn leads_to_figures(&self, row: usize) -> bool {
        (row + 1..self.kinds.len().min(row + 1 + MOST_HEADER_ROWS)).any(|row| self.shape(row) == Shape::Figures)
    }

    /// The first of the lines right over `row`, which are the title of what begins there; notes stay above.
    fn without_title(&self, row: usize, first: usize) -> usize {
        let mut top = row;
        while top > first + 1 {
            let above = top - 1;
            let title = match self.shape(above) {
                Shape::Line(_) => !self.closes(above),
                Shape::Blank => true,
                Shape::Labels | Shape::Figures => false,
            };
            if !title {
                break;
            }
            top = above;
        }
        top
    }
}
