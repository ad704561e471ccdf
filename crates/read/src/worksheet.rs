//! The cells of one worksheet of an Office Open XML workbook.

use super::address::{address, area, row_number};
use super::builder::Builder;
use super::cell::{self, Epoch, Meaning, Style};
use super::context::{Context, Outcome};
use super::grid::Grid;
use super::plain::{self, Item, Scanner, Strings};
use super::xlsx_strings::{read_string, unescape};
use super::xml::{Part, Tag, Token, Xml};
use vocab::{Problem, Said, said};

/// What the cells of all sheets refer to.
pub(super) struct Shared {
    pub strings: Strings,
    /// What each cell style makes of its cells.
    pub styles: Vec<Style>,
    pub epoch: Epoch,
    /// Whether the values of formulas are to be computed anew: a 0 is then none.
    pub is_stale: bool,
}

/// Reads the worksheet in a part.
pub(super) fn read(
    context: &Context<'_>,
    shared: &Shared,
    name: &str,
    part: &str,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Outcome<Grid> {
    match read_plain(context, shared, name, part, text, problems)? {
        Some(grid) => Ok(grid),
        None => Sheet::new(context, shared, name, part, text).read(problems),
    }
}

/// Reads a worksheet that is written as usual; none if it is not.
fn read_plain(
    context: &Context<'_>,
    shared: &Shared,
    name: &str,
    part: &str,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Outcome<Option<Grid>> {
    let Some(mut scanner) = Scanner::of_sheet(text) else { return Ok(None) };
    let rows_at = scanner.at();
    let mut sheet = Sheet::new(context, shared, name, part, "");
    loop {
        match scanner.next() {
            Some(Item::Cell(cell)) => sheet.plain_cell(&cell)?,
            Some(Item::Row(number)) => sheet.begin_row(number)?,
            Some(Item::RowEnd) => sheet.end_row(),
            Some(Item::End) => break,
            None => return Ok(None),
        }
    }
    // What stands around the rows is short, and read as any other XML.
    let around = scanner.around(rows_at);
    let rest = Sheet { builder: sheet.builder, ..Sheet::new(context, shared, "", part, &around) };
    rest.read(problems).map(Some)
}

/// One worksheet.
struct Sheet<'a> {
    shared: &'a Shared,
    xml: Xml<'a>,
    builder: Builder<'a>,
    /// The place of the next row and cell that do not say their own, counted from zero.
    row: u32,
    column: u32,
    /// Whether the row being read says its number: its cells must then stand in it.
    is_numbered: bool,
    /// By how much a text in the cell being read is set in.
    indent: u8,
    /// The value of the cell being read, the text it holds itself, and its formula.
    value: String,
    inline: String,
    formula: Option<String>,
}

/// How a cell's value is to be read.
#[derive(Clone, Copy)]
enum Kind {
    Number(Meaning),
    Shared,
    Boolean,
    Iso,
    Text,
}

impl<'a> Sheet<'a> {
    fn new(context: &'a Context<'a>, shared: &'a Shared, name: &str, part: &'a str, text: &'a str) -> Self {
        let (xml, builder) = (Xml::new(context, Part::Named(part), text), Builder::new(context, name));
        Sheet {
            shared,
            xml,
            builder,
            row: 0,
            column: 0,
            is_numbered: false,
            indent: 0,
            value: String::new(),
            inline: String::new(),
            formula: None,
        }
    }

    fn read(mut self, problems: &mut Vec<Problem>) -> Outcome<Grid> {
        loop {
            match self.xml.next()? {
                Token::Open(tag) => match tag.name() {
                    "row" => {
                        let [number] = self.xml.attributes(&tag, ["r"])?;
                        self.begin_row(number.as_deref())?;
                    }
                    "c" => self.cell(&tag)?,
                    "mergeCell" => {
                        if let Some(merge) = tag.attribute("ref").as_deref().and_then(area) {
                            self.builder.merge(merge)?;
                        }
                    }
                    _ => {}
                },
                Token::Close(name) if name.name() == "row" => self.end_row(),
                Token::End => {
                    problems.extend(self.builder.findings());
                    return self.builder.finish();
                }
                _ => {}
            }
        }
    }

    fn begin_row(&mut self, number: Option<&str>) -> Outcome<()> {
        self.is_numbered = number.is_some();
        self.column = 0;
        if let Some(number) = number {
            self.row = match row_number(number.trim()) {
                Some(row) => row,
                None => return Err(self.misplaced(said!("没有编号为 {number} 的行", "no row has the number {number}"))),
            };
        }
        Ok(())
    }

    fn end_row(&mut self) {
        self.row = self.row.saturating_add(1);
    }

    fn plain_cell(&mut self, cell: &plain::Cell<'_>) -> Outcome<()> {
        let kind = self.begin_cell(cell.place, cell.style, cell.kind)?;
        self.value.push_str(cell.value);
        self.inline.push_str(cell.inline);
        unescape(&mut self.inline, 0);
        self.end_cell(kind)
    }

    fn cell(&mut self, tag: &Tag<'_>) -> Outcome<()> {
        let [place, style, kind] = self.xml.attributes(tag, ["r", "s", "t"])?;
        let kind = self.begin_cell(place.as_deref(), style.as_deref(), kind.as_deref())?;
        loop {
            match self.xml.next()? {
                Token::Open(tag) if tag.name() == "v" => self.xml.text_into(&mut self.value)?,
                Token::Open(tag) if tag.name() == "is" => read_string(&mut self.xml, "is", &mut self.inline)?,
                Token::Open(tag) if tag.name() == "f" => {
                    self.xml.text_into(self.formula.get_or_insert_default())?;
                }
                Token::Open(_) => self.xml.skip()?,
                Token::Close(name) if name.name() == "c" => break,
                Token::End => break,
                _ => {}
            }
        }
        self.end_cell(kind)
    }

    /// Goes to the cell's place, and says how its value is to be read.
    fn begin_cell(&mut self, place: Option<&str>, style: Option<&str>, kind: Option<&str>) -> Outcome<Kind> {
        if let Some(place) = place {
            match address(place) {
                Some((row, column)) if row == self.row || !self.is_numbered => {
                    (self.row, self.column) = (row, column);
                }
                Some(_) => {
                    let what = said!("此处是另一行的单元格 {place}", "a cell of another row, {place}, stands here");
                    return Err(self.misplaced(what));
                }
                None => return Err(self.misplaced(said!("没有名为 {place} 的单元格", "no cell is called {place}"))),
            }
        }
        self.value.clear();
        self.inline.clear();
        self.formula = None;
        let style: Option<usize> = style.and_then(|style| style.trim().parse().ok());
        let style = style.and_then(|style| self.shared.styles.get(style)).copied().unwrap_or_default();
        self.indent = style.indent;
        Ok(match kind {
            None | Some("n") => Kind::Number(style.meaning),
            Some("s") => Kind::Shared,
            Some("b") => Kind::Boolean,
            Some("d") => Kind::Iso,
            // Errors (`e`) hold what a person sees.
            Some("str" | "inlineStr" | "e") => Kind::Text,
            Some(other) => {
                return Err(self.misplaced(said!("单元格没有 {other} 这种类型", "no cell is of the type {other}")));
            }
        })
    }

    fn end_cell(&mut self, kind: Kind) -> Outcome<()> {
        match self.formula.take() {
            Some(formula) if !self.is_computed(kind) => {
                self.builder.push_formula(self.row, self.column, &formula)?;
            }
            _ if self.inline.is_empty() => self.push(kind)?,
            _ => self.builder.push(self.row, self.column, &cell::indented(&self.inline, self.indent))?,
        }
        self.column = self.column.saturating_add(1);
        Ok(())
    }

    /// Whether the cell's formula was saved with its value. A text may be empty, a number may not.
    fn is_computed(&self, kind: Kind) -> bool {
        let is_text = matches!(kind, Kind::Text | Kind::Shared);
        let is_zero = self.shared.is_stale && self.value.trim() == "0";
        is_text || !self.inline.is_empty() || !(self.value.trim().is_empty() || is_zero)
    }

    /// A finding that the sheet does not hold together where it is being read.
    fn misplaced(&self, what: Said) -> Problem {
        let mut problem = self.builder.at(self.xml.damaged(what), self.row, self.column);
        problem.place.column = None;
        problem
    }

    /// Adds the cell whose value was read.
    fn push(&mut self, kind: Kind) -> Outcome<()> {
        let value = &mut self.value;
        let text = match kind {
            Kind::Number(Meaning::Number) if cell::is_plain_number(value) => value.as_str(),
            Kind::Number(meaning) => {
                if let Ok(number) = value.trim().parse::<f64>() {
                    cell::write(value, number, meaning, self.shared.epoch);
                }
                value.as_str()
            }
            Kind::Shared if value.is_empty() => "",
            Kind::Shared => {
                match value.trim().parse::<usize>().ok().and_then(|at| Some((at, self.shared.strings.get(at)?))) {
                    Some((at, string)) if self.indent == 0 => {
                        return self.builder.push_shared(self.row, self.column, at, string);
                    }
                    Some((_, string)) => {
                        return self.builder.push(self.row, self.column, &cell::indented(string, self.indent));
                    }
                    None => {
                        let what = said!("单元格引用了不存在的字符串", "a cell refers to a string that is not there");
                        let problem = self.xml.damaged(what);
                        return Err(self.builder.at(problem, self.row, self.column));
                    }
                }
            }
            Kind::Boolean if value.is_empty() => "",
            Kind::Boolean => match value.trim() {
                "1" | "true" => cell::boolean(true),
                "0" | "false" => cell::boolean(false),
                other => other,
            },
            Kind::Iso => cell::shorten_iso(value),
            Kind::Text => {
                unescape(value, 0);
                value.as_str()
            }
        };
        self.builder.push(self.row, self.column, text)
    }
}
