//! SpreadsheetML 2003: the "XML Spreadsheet" of Excel, which many systems send under the name of a workbook.

use std::collections::HashMap;

use super::builder::{self, Builder};
use super::cell::{self, Epoch, Meaning};
use super::context::{Context, Outcome};
use super::grid::{Grid, Merge};
use super::limits::Counted;
use super::number_format::Sections;
use super::xml::{Part, Tag, Token, Xml};
use vocab::Problem;

/// Reads the worksheets in their order, or only the one that is wanted; the others are then returned as empty grids, for
/// their names.
pub(super) fn read(
    context: &Context<'_>,
    text: &str,
    wanted: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Outcome<Vec<Grid>> {
    let mut xml = Xml::new(context, Part::Whole, text);
    let mut grids = Vec::new();
    let mut total = builder::Total::new(context);
    let mut styles = Styles::default();
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "Style" => styles.begin(&tag),
            Token::Open(tag) if tag.name() == "NumberFormat" => styles.format(&tag),
            Token::Open(tag) if tag.name() == "Worksheet" => {
                context.within(Counted::Sheets, grids.len() + 1, context.limits.sheets)?;
                let name = tag.attribute("Name").unwrap_or_default().into_owned();
                if wanted.is_some_and(|wanted| wanted != name) {
                    xml.skip()?;
                    grids.push(Grid::new(name));
                    continue;
                }
                let grid = read_sheet(context, &mut xml, name, &styles, problems)?;
                total.add(&grid)?;
                grids.push(grid);
            }
            Token::End => return Ok(grids),
            _ => {}
        }
    }
}

/// The meaning of each cell style by its name; of those that show a number as it is, nothing.
#[derive(Default)]
struct Styles {
    meanings: HashMap<String, Meaning>,
    /// The style being read.
    name: String,
}

impl Styles {
    fn begin(&mut self, tag: &Tag<'_>) {
        self.name = tag.attribute("ID").unwrap_or_default().into_owned();
        // A style is another one with changes.
        let parent = tag.attribute("Parent").and_then(|parent| self.meanings.get(&*parent).copied());
        self.meanings.extend(parent.map(|meaning| (self.name.clone(), meaning)));
    }

    fn format(&mut self, tag: &Tag<'_>) {
        let code = tag.attribute("Format").unwrap_or_default();
        let meaning = if code == "Percent" { Meaning::Shown(Sections::percent()) } else { Meaning::of_code(&code) };
        self.meanings.insert(self.name.clone(), meaning);
    }

    /// Of a cell: by its own style, or else that of its row.
    fn of(&self, cell: &Tag<'_>, row: Option<Meaning>) -> Meaning {
        self.named(cell).or(row).unwrap_or_default()
    }

    fn named(&self, tag: &Tag<'_>) -> Option<Meaning> {
        tag.attribute("StyleID").and_then(|name| self.meanings.get(&*name).copied())
    }
}

fn read_sheet(
    context: &Context<'_>,
    xml: &mut Xml<'_>,
    name: String,
    styles: &Styles,
    problems: &mut Vec<Problem>,
) -> Outcome<Grid> {
    let mut builder = Builder::new(context, name);
    let mut next = 0u32;
    let mut visible = String::new();
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "Row" => {
                let row = place(&tag, next);
                // `Span` gives its format to empty rows below.
                let spanned = tag.number::<u32>("Span").unwrap_or(0);
                read_row(xml, &mut builder, row, (styles, styles.named(&tag)))?;
                next = row.saturating_add(1).saturating_add(spanned);
            }
            Token::Open(tag) if tag.name() == "Visible" => xml.text_into(&mut visible)?,
            Token::Open(tag) if matches!(tag.name(), "Table" | "WorksheetOptions") => {}
            // Names, filters, conditional formats.
            Token::Open(_) => xml.skip()?,
            Token::Close(name) if name.name() == "Worksheet" => break,
            Token::End => break,
            _ => {}
        }
    }
    problems.extend(builder.findings());
    let grid = builder.finish()?;
    if visible.contains("Hidden") {
        problems.extend(builder::hidden(context, &grid));
    }
    Ok(grid)
}

fn read_row(
    xml: &mut Xml<'_>,
    builder: &mut Builder<'_>,
    row: u32,
    (styles, of_row): (&Styles, Option<Meaning>),
) -> Outcome<()> {
    let mut next = 0u32;
    let mut text = String::new();
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "Cell" => {
                let column = place(&tag, next);
                let [across, down] = ["MergeAcross", "MergeDown"].map(|name| tag.number::<u32>(name).unwrap_or(0));
                builder.merge(Merge {
                    row: row as usize,
                    column: column as usize,
                    rows: down as usize + 1,
                    columns: across as usize + 1,
                })?;
                text.clear();
                let has_value = read_cell(xml, &mut text, styles.of(&tag, of_row))?;
                match tag.attribute("Formula") {
                    Some(formula) if !has_value => builder.push_formula(row, column, &formula)?,
                    _ => builder.push(row, column, &text)?,
                }
                next = column.saturating_add(1).saturating_add(across);
            }
            Token::Close(name) if name.name() == "Row" => return Ok(()),
            Token::End => return Ok(()),
            _ => {}
        }
    }
}

/// Where a row or cell stands, counted from zero: where it says, or behind the one before it.
fn place(tag: &Tag<'_>, next: u32) -> u32 {
    tag.number::<u32>("Index").and_then(|index| index.checked_sub(1)).unwrap_or(next)
}

/// Appends the value of a cell up to its end: no comments, and not how it is pronounced. Says whether there is one.
fn read_cell(xml: &mut Xml<'_>, out: &mut String, meaning: Meaning) -> Outcome<bool> {
    let mut has_value = false;
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "Data" => {
                let kind = tag.attribute("Type").unwrap_or_default().into_owned();
                xml.text_into(out)?;
                show(out, &kind, meaning);
                has_value = true;
            }
            Token::Open(_) => xml.skip()?,
            Token::Close(name) if name.name() == "Cell" => return Ok(has_value),
            Token::End => return Ok(has_value),
            _ => {}
        }
    }
}

/// Turns the text of a value into what a person sees. Text and errors (`#N/A`) are that already.
fn show(text: &mut String, kind: &str, meaning: Meaning) {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let shown = match kind {
        "Number" if matches!(meaning, Meaning::Shown(_)) => number(text).map(|number| {
            let mut shown = String::new();
            cell::write(&mut shown, number, meaning, Epoch::Y1900);
            shown
        }),
        "Number" if !cell::is_plain_number(text) => text.trim().parse().ok().map(|number| {
            let mut shown = String::new();
            cell::write_number(&mut shown, number);
            shown
        }),
        "DateTime" => Some(cell::first_of_date(moment(text.trim()), meaning).to_owned()),
        "Boolean" => Some(cell::boolean(text.trim() == "1").to_owned()),
        _ => None,
    };
    if let Some(shown) = shown {
        *text = shown;
    }
}

/// A moment without what is not said: the day alone at midnight, the time alone on day 0, no milliseconds if there are none.
fn moment(iso: &str) -> &str {
    let iso = cell::shorten_iso(iso);
    let iso = iso.strip_suffix(".000").unwrap_or(iso);
    iso.strip_prefix("1899-12-31T").unwrap_or(iso)
}
