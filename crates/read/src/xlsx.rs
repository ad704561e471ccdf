//! Office Open XML workbooks.

use std::collections::{HashMap, HashSet};

use super::builder::{self, Total};
use super::cell::{Epoch, Meaning, Style};
use super::context::{Context, Outcome};
use super::grid::Grid;
use super::limits::Counted;
use super::package::Package;
use super::plain::Strings;
use super::relations::{self, Relation, main_part, relations_of, resolve};
use super::worksheet::{self, Shared};
use super::xlsx_strings::read_strings;
use super::xml::{Part, Token, Xml};
use vocab::{Problem, said};

/// Reads the worksheets of a workbook in their order, or only the one that is wanted. When that one is missing all are
/// returned as empty grids, for their names.
pub(super) fn read(package: &mut Package<'_>, wanted: Option<&str>, problems: &mut Vec<Problem>) -> Outcome<Vec<Grid>> {
    let context = package.context;
    let main = main_part(package)?;
    let (workbook, relations) = (package.needed(&main)?, package.needed(&relations_of(&main))?);
    let relations = relations::read(context, &relations)?;
    let workbook = read_workbook(context, &main, &workbook, &relations)?;
    context.within(Counted::Sheets, workbook.sheets.len(), context.limits.sheets)?;
    let strings = match relations.iter().find(|relation| relation.kind == "sharedStrings") {
        Some(relation) => read_strings(context, package.part(&resolve(&main, &relation.target))?)?,
        None => Strings::default(),
    };
    let styles = match relations.iter().find(|relation| relation.kind == "styles") {
        Some(relation) => read_styles(context, package.part(&resolve(&main, &relation.target))?)?,
        None => Vec::new(),
    };
    let shared = Shared { strings, styles, epoch: workbook.epoch, is_stale: workbook.is_stale };
    let (mut grids, mut total) = (Vec::new(), Total::new(context));
    let mut parts = HashSet::new();
    for listed in workbook.sheets {
        // A list may name one part a thousand times: each has cells of its own, or it is no workbook.
        if !parts.insert(listed.part.to_ascii_lowercase()) {
            let part = listed.part;
            return Err(context.damaged(said!("两个工作表位于同一处：{part}", "two sheets stand in one place, {part}")));
        }
        if wanted.is_some_and(|wanted| wanted != listed.name) {
            grids.push(Grid::new(listed.name));
            continue;
        }
        let text = package.needed(&listed.part)?;
        let grid = worksheet::read(context, &shared, &listed.name, &listed.part, &text, problems)?;
        total.add(&grid)?;
        if listed.hidden && wanted.is_none() {
            problems.extend(builder::hidden(context, &grid));
        }
        grids.push(grid);
    }
    Ok(grids)
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
    let mut xml = Xml::new(context, Part::Named(main), text);
    let mut workbook = Workbook { sheets: Vec::new(), epoch: Epoch::Y1900, is_stale: false };
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "sheet" => {
                let [name, id, state] = xml.attributes(&tag, ["name", "id", "state"])?.map(Option::unwrap_or_default);
                let Some(relation) = relations.iter().find(|relation| relation.id == id) else {
                    return Err(xml.damaged(said!("没有关于工作表 {name} 的信息", "nothing is known of sheet {name}")));
                };
                // Charts, dialogs and macros have no cells.
                if relation.kind == "worksheet" {
                    let part = resolve(main, &relation.target);
                    let hidden = matches!(&*state, "hidden" | "veryHidden");
                    workbook.sheets.push(Listed { name: name.into_owned(), part, hidden });
                    context.within(Counted::Sheets, workbook.sheets.len(), context.limits.sheets)?;
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

/// What each cell style makes of its cells, in their order.
fn read_styles(context: &Context<'_>, text: Option<String>) -> Outcome<Vec<Style>> {
    let text = text.unwrap_or_default();
    let mut xml = Xml::new(context, Part::Styles, &text);
    let mut custom: HashMap<u16, Meaning> = HashMap::new();
    let mut styles: Vec<Style> = Vec::new();
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
                let meaning = custom.get(&id).copied().unwrap_or_else(|| Meaning::of_builtin(id));
                styles.push(Style { meaning, indent: 0 });
            }
            Token::Open(tag) if in_cells && tag.name() == "alignment" => {
                if let Some(style) = styles.last_mut() {
                    style.indent = tag.number("indent").unwrap_or(0);
                }
            }
            Token::End => return Ok(styles),
            _ => {}
        }
    }
}

fn is_true(value: &str) -> bool {
    matches!(value.trim(), "1" | "true")
}
