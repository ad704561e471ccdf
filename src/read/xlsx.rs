//! Office Open XML workbooks.

use std::collections::HashMap;

use super::builder::Builder;
use super::cell::{self, Epoch, Meaning};
use super::context::{Context, Outcome};
use super::grid::{Grid, Merge};
use super::package::Package;
use super::plain::{self, Item, Scanner, Strings};
use super::xml::{Tag, Token, Xml};

/// Reads the worksheets of a workbook in their order, or only the one that is wanted. When that one is missing all are
/// returned as empty grids, for their names.
pub(super) fn read(package: &mut Package<'_>, wanted: Option<&str>) -> Outcome<Vec<Grid>> {
    let context = package.context;
    let main = main_part(package)?;
    let (workbook, relations) = (package.needed(&main)?, package.needed(&relations_of(&main))?);
    let relations = read_relations(context, &relations)?;
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
    let shared = Shared { strings, meanings, epoch: workbook.epoch };
    let mut grids = Vec::new();
    for (name, part) in workbook.sheets {
        if wanted.is_some_and(|wanted| wanted != name) {
            grids.push(Grid::new(name));
            continue;
        }
        let text = package.needed(&part)?;
        grids.push(match read_plain(context, &shared, &name, &part, &text)? {
            Some(grid) => grid,
            None => Sheet::new(context, &shared, name, &part, &text).read()?,
        });
    }
    Ok(grids)
}

/// What the cells of all sheets refer to.
struct Shared {
    strings: Strings,
    /// The meaning of each cell style.
    meanings: Vec<Meaning>,
    epoch: Epoch,
}

struct Relation {
    id: String,
    /// The last word of the relation's type: `worksheet`, `styles` …
    kind: String,
    target: String,
}

struct Workbook {
    /// Name and part of each worksheet.
    sheets: Vec<(String, String)>,
    epoch: Epoch,
}

/// The part that is the workbook, as the package's own relations say.
fn main_part(package: &mut Package<'_>) -> Outcome<String> {
    let text = package.needed("_rels/.rels")?;
    let relations = read_relations(package.context, &text)?;
    match relations.into_iter().find(|relation| relation.kind == "officeDocument") {
        Some(relation) => Ok(resolve("", &relation.target)),
        None => Err(package.context.damaged("_rels/.rels names no workbook")),
    }
}

/// Where the relations of a part stand: `xl/workbook.xml` has `xl/_rels/workbook.xml.rels`.
fn relations_of(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// The part that `target` means when `part` refers to it.
fn resolve(part: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut folders: Vec<&str> = part.split('/').collect();
    folders.pop();
    for step in target.split('/') {
        match step {
            "." => {}
            ".." => {
                folders.pop();
            }
            step => folders.push(step),
        }
    }
    folders.join("/")
}

fn read_relations(context: &Context<'_>, text: &str) -> Outcome<Vec<Relation>> {
    let mut xml = Xml::new(context, "relations", text);
    let mut relations = Vec::new();
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "Relationship" => {
                let [Some(id), Some(kind), Some(target)] = tag.attributes(["Id", "Type", "Target"]) else { continue };
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                relations.push(Relation { id: id.into_owned(), kind, target: target.into_owned() });
            }
            Token::End => return Ok(relations),
            _ => {}
        }
    }
}

fn read_workbook(context: &Context<'_>, main: &str, text: &str, relations: &[Relation]) -> Outcome<Workbook> {
    let mut xml = Xml::new(context, main, text);
    let mut workbook = Workbook { sheets: Vec::new(), epoch: Epoch::Y1900 };
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "sheet" => {
                let [name, id] = tag.attributes(["name", "id"]).map(Option::unwrap_or_default);
                let Some(relation) = relations.iter().find(|relation| relation.id == id) else {
                    return Err(xml.damaged(&format!("nothing is known of sheet {name}")));
                };
                // Charts, dialogs and macros have no cells.
                if relation.kind == "worksheet" {
                    workbook.sheets.push((name.into_owned(), resolve(main, &relation.target)));
                }
            }
            Token::Open(tag)
                if tag.name() == "workbookPr" && tag.attribute("date1904").is_some_and(|v| is_true(&v)) =>
            {
                workbook.epoch = Epoch::Y1904;
            }
            Token::End => return Ok(workbook),
            _ => {}
        }
    }
}

fn read_strings(context: &Context<'_>, text: Option<String>) -> Outcome<Strings> {
    let text = text.unwrap_or_default();
    let mut strings = Strings::default();
    let mut escaped = String::new();
    let plain = plain::strings(&text, |string| {
        escaped.clear();
        escaped.push_str(string);
        unescape(&mut escaped, 0);
        strings.push(&escaped);
    });
    if plain.is_some() {
        return Ok(strings);
    }
    let mut strings = Strings::default();
    let mut xml = Xml::new(context, "shared strings", &text);
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "si" => {
                escaped.clear();
                read_string(&mut xml, "si", &mut escaped)?;
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
fn read_plain(context: &Context<'_>, shared: &Shared, name: &str, part: &str, text: &str) -> Outcome<Option<Grid>> {
    let Some(mut scanner) = Scanner::of_sheet(text) else { return Ok(None) };
    let rows_at = scanner.at();
    let mut sheet = Sheet::new(context, shared, name.to_owned(), part, "");
    loop {
        match scanner.next() {
            Some(Item::Cell(cell)) => sheet.plain_cell(&cell)?,
            Some(Item::Row(number)) => sheet.begin_row(number),
            Some(Item::RowEnd) => sheet.end_row(),
            Some(Item::End) => break,
            None => return Ok(None),
        }
    }
    // What stands around the rows is short, and read as any other XML.
    let around = scanner.around(rows_at);
    let rest = Sheet { builder: sheet.builder, ..Sheet::new(context, shared, String::new(), part, &around) };
    rest.read().map(Some)
}

/// One worksheet.
struct Sheet<'a> {
    shared: &'a Shared,
    xml: Xml<'a>,
    builder: Builder<'a>,
    /// The place of the next row and cell that do not say their own, counted from zero.
    row: u32,
    column: u32,
    /// The value of the cell being read, and the text it holds itself.
    value: String,
    inline: String,
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
        Sheet { shared, xml, builder, row: 0, column: 0, value: String::new(), inline: String::new() }
    }

    fn read(mut self) -> Outcome<Grid> {
        loop {
            match self.xml.next()? {
                Token::Open(tag) => match tag.name() {
                    "row" => self.begin_row(tag.attribute("r").as_deref()),
                    "c" => self.cell(&tag)?,
                    "mergeCell" => {
                        if let Some(merge) = tag.attribute("ref").as_deref().and_then(area) {
                            self.builder.merge(merge)?;
                        }
                    }
                    _ => {}
                },
                Token::Close(name) if name.name() == "row" => self.end_row(),
                Token::End => return self.builder.finish(),
                _ => {}
            }
        }
    }

    fn begin_row(&mut self, number: Option<&str>) {
        if let Some(number) = number.and_then(|number| number.trim().parse::<u32>().ok()) {
            self.row = number.saturating_sub(1);
        }
        self.column = 0;
    }

    fn end_row(&mut self) {
        self.row = self.row.saturating_add(1);
    }

    fn plain_cell(&mut self, cell: &plain::Cell<'_>) -> Outcome<()> {
        let kind = self.begin_cell(cell.place, cell.style, cell.kind);
        self.value.push_str(cell.value);
        self.inline.push_str(cell.inline);
        unescape(&mut self.inline, 0);
        self.end_cell(kind)
    }

    fn cell(&mut self, tag: &Tag<'_>) -> Outcome<()> {
        let [place, style, kind] = tag.attributes(["r", "s", "t"]);
        let kind = self.begin_cell(place.as_deref(), style.as_deref(), kind.as_deref());
        loop {
            match self.xml.next()? {
                Token::Open(tag) if tag.name() == "v" => self.xml.text_into(&mut self.value)?,
                Token::Open(tag) if tag.name() == "is" => read_string(&mut self.xml, "is", &mut self.inline)?,
                Token::Open(_) => self.xml.skip()?,
                Token::Close(name) if name.name() == "c" => break,
                Token::End => break,
                _ => {}
            }
        }
        self.end_cell(kind)
    }

    /// Goes to the cell's place, and says how its value is to be read.
    fn begin_cell(&mut self, place: Option<&str>, style: Option<&str>, kind: Option<&str>) -> Kind {
        if let Some((row, column)) = place.and_then(address) {
            (self.row, self.column) = (row, column);
        }
        self.value.clear();
        self.inline.clear();
        match kind {
            None | Some("n") => {
                let style: Option<usize> = style.and_then(|style| style.trim().parse().ok());
                Kind::Number(style.and_then(|style| self.shared.meanings.get(style)).copied().unwrap_or_default())
            }
            Some("s") => Kind::Shared,
            Some("b") => Kind::Boolean,
            Some("d") => Kind::Iso,
            // Errors (`e`) hold what a person sees.
            Some(_) => Kind::Text,
        }
    }

    fn end_cell(&mut self, kind: Kind) -> Outcome<()> {
        if self.inline.is_empty() {
            self.push(kind)?;
        } else {
            self.builder.push(self.row, self.column, &self.inline)?;
        }
        self.column = self.column.saturating_add(1);
        Ok(())
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
            Kind::Boolean => cell::boolean(is_true(value)),
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

/// Row and column of an address such as `AB12`, counted from zero.
fn address(text: &str) -> Option<(u32, u32)> {
    let text = text.trim();
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = text.split_at_checked(letters)?;
    let mut column: u32 = 0;
    for letter in letters.bytes() {
        column = column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)?;
    }
    let row: u32 = digits.parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// A merged area such as `A1:C2`.
fn area(text: &str) -> Option<Merge> {
    let (from, to) = text.split_once(':')?;
    let ((top, left), (bottom, right)) = (address(from)?, address(to)?);
    Some(Merge {
        row: top as usize,
        column: left as usize,
        rows: bottom.checked_sub(top)? as usize + 1,
        columns: right.checked_sub(left)? as usize + 1,
    })
}
