//! Office Open XML workbooks.

use std::collections::HashMap;

use super::address::{address, area, row_number};
use super::builder::{self, Builder, Total};
use super::cell::{self, Epoch, Meaning};
use super::context::{Context, Outcome};
use super::grid::Grid;
use super::package::Package;
use super::plain::{self, Item, Scanner, Strings};
use super::relations::{self, Relation, main_part, relations_of, resolve};
use super::xml::{Tag, Token, Xml};
use crate::vocab::Problem;

/// Reads the worksheets of a workbook in their order, or only the one that is wanted. When that one is missing all are
/// returned as empty grids, for their names.
pub(super) fn read(package: &mut Package<'_>, wanted: Option<&str>, problems: &mut Vec<Problem>) -> Outcome<Vec<Grid>> {
    let context = package.context;
    let main = main_part(package)?;
    let (workbook, relations) = (package.needed(&main)?, package.needed(&relations_of(&main))?);
    let relations = relations::read(context, &relations)?;
    let workbook = read_workbook(context, &main, &workbook, &relations)?;
    context.within("sheets", workbook.sheets.len(), context.limits.sheets)?;
    let strings = match relations.iter().find(|relation| relation.kind == "sharedStrings") {
        Some(relation) => read_strings(context, package.part(&resolve(&main, &relation.target))?)?,
        None => Strings::default(),
    };
    let meanings = match relations.iter().find(|relation| relation.kind == "styles") {
        Some(relation) => read_styles(context, package.part(&resolve(&main, &relation.target))?)?,
        None => Vec::new(),
    };
    let shared = Shared { strings, meanings, epoch: workbook.epoch, is_stale: workbook.is_stale };
    let (mut grids, mut total) = (Vec::new(), Total::new(context));
    for listed in workbook.sheets {
        if wanted.is_some_and(|wanted| wanted != listed.name) {
            grids.push(Grid::new(listed.name));
            continue;
        }
        let text = package.needed(&listed.part)?;
        let grid = match read_plain(context, &shared, &listed, &text, problems)? {
            Some(grid) => grid,
            None => Sheet::new(context, &shared, listed.name, &listed.part, &text).read(problems)?,
        };
        total.add(&grid)?;
        if listed.hidden && wanted.is_none() {
            problems.extend(builder::hidden(context, &grid));
        }
        grids.push(grid);
    }
    Ok(grids)
}

/// What the cells of all sheets refer to.
struct Shared {
    strings: Strings,
    /// The meaning of each cell style.
    meanings: Vec<Meaning>,
    epoch: Epoch,
    is_stale: bool,
}

struct Workbook {
    sheets: Vec<Listed>,
    epoch: Epoch,
    /// The workbook wants to be computed anew when it is opened: the program that wrote it did not compute, and wrote 0
    /// as the value of its formulas.
    is_stale: bool,
}

/// A worksheet, as the workbook lists it.
struct Listed {
    name: String,
    part: String,
    hidden: bool,
}

fn read_workbook(context: &Context<'_>, main: &str, text: &str, relations: &[Relation]) -> Outcome<Workbook> {
    let mut xml = Xml::new(context, main, text);
    let mut workbook = Workbook { sheets: Vec::new(), epoch: Epoch::Y1900, is_stale: false };
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "sheet" => {
                let [name, id, state] = xml.attributes(&tag, ["name", "id", "state"])?.map(Option::unwrap_or_default);
                let Some(relation) = relations.iter().find(|relation| relation.id == id) else {
                    return Err(xml.damaged(&format!("nothing is known of sheet {name}")));
                };
                // Charts, dialogs and macros have no cells.
                if relation.kind == "worksheet" {
                    let part = resolve(main, &relation.target);
                    let hidden = matches!(&*state, "hidden" | "veryHidden");
                    workbook.sheets.push(Listed { name: name.into_owned(), part, hidden });
                }
            }
            Token::Open(tag)
                if tag.name() == "workbookPr" && tag.attribute("date1904").is_some_and(|v| is_true(&v)) =>
            {
                workbook.epoch = Epoch::Y1904;
            }
            Token::Open(tag)
                if tag.name() == "calcPr" && tag.attribute("fullCalcOnLoad").is_some_and(|v| is_true(&v)) =>
            {
                workbook.is_stale = true;
            }
            Token::End => return Ok(workbook),
            _ => {}
        }
    }
}

fn read_strings(context: &Context<'_>, text: Option<String>) -> Outcome<Strings> {
    let text = text.unwrap_or_default();
    let (mut strings, mut count) = (Strings::default(), 0);
    let mut escaped = String::new();
    let plain = plain::strings(&text, |string| {
        count += 1;
        escaped.clear();
        escaped.push_str(string);
        unescape(&mut escaped, 0);
        strings.push(&escaped);
    });
    if plain.is_some() {
        context.within("shared strings", count, context.limits.cells)?;
        return Ok(strings);
    }
    let (mut strings, mut count) = (Strings::default(), 0);
    let mut xml = Xml::new(context, "shared strings", &text);
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "si" => {
                escaped.clear();
                read_string(&mut xml, "si", &mut escaped)?;
                count += 1;
                context.within("shared strings", count, context.limits.cells)?;
                strings.push(&escaped);
            }
            Token::End => return Ok(strings),
            _ => {}
        }
    }
}

/// Appends the text of a string item up to its end: plain, or in runs of several styles; not how it is pronounced.
fn read_string(xml: &mut Xml<'_>, until: &str, out: &mut String) -> Outcome<()> {
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "t" => {
                let from = out.len();
                xml.text_into(out)?;
                unescape(out, from);
            }
            Token::Open(tag) if tag.name() == "rPh" => xml.skip()?,
            Token::Close(name) if name.name() == until => return Ok(()),
            Token::End => return Ok(()),
            _ => {}
        }
    }
}

/// Resolves what Excel writes for characters that XML cannot hold: `_x000D_` is a carriage return.
fn unescape(text: &mut String, from: usize) {
    if !text.get(from..).is_some_and(|new| new.contains("_x")) {
        return;
    }
    let escaped = text.split_off(from);
    let mut rest = escaped.as_str();
    while let Some(at) = rest.find("_x") {
        let (before, code) = rest.split_at(at);
        text.push_str(before);
        let hex = code.get(2..6).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let closed = code.get(6..7) == Some("_");
        match hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32).filter(|_| closed) {
            Some(c) => {
                text.push(c);
                rest = code.get(7..).unwrap_or_default();
            }
            None => {
                text.push_str("_x");
                rest = code.get(2..).unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
}

/// The meaning of each cell style, in their order.
fn read_styles(context: &Context<'_>, text: Option<String>) -> Outcome<Vec<Meaning>> {
    let text = text.unwrap_or_default();
    let mut xml = Xml::new(context, "styles", &text);
    let mut custom: HashMap<u16, Meaning> = HashMap::new();
    let mut meanings = Vec::new();
    let mut in_cells = false;
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "numFmt" => {
                if let (Some(id), Some(code)) = (tag.number("numFmtId"), tag.attribute("formatCode")) {
                    custom.insert(id, Meaning::of_code(&code));
                }
            }
            Token::Open(tag) if tag.name() == "cellXfs" => in_cells = true,
            Token::Close(name) if name.name() == "cellXfs" => in_cells = false,
            Token::Open(tag) if in_cells && tag.name() == "xf" => {
                let id = tag.number("numFmtId").unwrap_or(0);
                meanings.push(custom.get(&id).copied().unwrap_or_else(|| Meaning::of_builtin(id)));
            }
            Token::End => return Ok(meanings),
            _ => {}
        }
    }
}

/// Reads a worksheet that is written as usual; none if it is not.
fn read_plain(
    context: &Context<'_>,
    shared: &Shared,
    listed: &Listed,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Outcome<Option<Grid>> {
    let Some(mut scanner) = Scanner::of_sheet(text) else { return Ok(None) };
    let rows_at = scanner.at();
    let mut sheet = Sheet::new(context, shared, listed.name.clone(), &listed.part, "");
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
    let rest = Sheet { builder: sheet.builder, ..Sheet::new(context, shared, String::new(), &listed.part, &around) };
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
    fn new(context: &'a Context<'a>, shared: &'a Shared, name: String, part: &'a str, text: &'a str) -> Self {
        let (xml, builder) = (Xml::new(context, part, text), Builder::new(context, name));
        Sheet {
            shared,
            xml,
            builder,
            row: 0,
            column: 0,
            is_numbered: false,
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
                None => return Err(self.misplaced(&format!("no row has the number {number}"))),
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
                Some(_) => return Err(self.misplaced(&format!("a cell of another row, {place}, stands here"))),
                None => return Err(self.misplaced(&format!("no cell is called {place}"))),
            }
        }
        self.value.clear();
        self.inline.clear();
        self.formula = None;
        Ok(match kind {
            None | Some("n") => {
                let style: Option<usize> = style.and_then(|style| style.trim().parse().ok());
                Kind::Number(style.and_then(|style| self.shared.meanings.get(style)).copied().unwrap_or_default())
            }
            Some("s") => Kind::Shared,
            Some("b") => Kind::Boolean,
            Some("d") => Kind::Iso,
            // Errors (`e`) hold what a person sees.
            Some("str" | "inlineStr" | "e") => Kind::Text,
            Some(other) => return Err(self.misplaced(&format!("no cell is of the type {other}"))),
        })
    }

    fn end_cell(&mut self, kind: Kind) -> Outcome<()> {
        match self.formula.take() {
            Some(formula) if !self.is_computed(kind) => {
                self.builder.push_formula(self.row, self.column, &formula)?;
            }
            _ if self.inline.is_empty() => self.push(kind)?,
            _ => self.builder.push(self.row, self.column, &self.inline)?,
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
    fn misplaced(&self, what: &str) -> Problem {
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
            Kind::Shared => match value.trim().parse::<usize>().ok().and_then(|index| self.shared.strings.get(index)) {
                Some(string) => string,
                None => {
                    let problem = self.xml.damaged("a cell refers to a string that is not there");
                    return Err(self.builder.at(problem, self.row, self.column));
                }
            },
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

fn is_true(value: &str) -> bool {
    matches!(value.trim(), "1" | "true")
}
