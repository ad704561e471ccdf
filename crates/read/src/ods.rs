//! OpenDocument spreadsheets.

use std::borrow::Cow;
use std::collections::HashSet;
use std::rc::Rc;

use super::builder::{self, Builder, Total};
use super::cell::{self, Epoch, Meaning, Style};
use super::context::{Context, Outcome};
use super::grid::{Grid, Merge};
use super::limits::Counted;
use super::number_format::Sections;
use super::ods_styles::Styles;
use super::package::Package;
use super::xml::{Part, Tag, Token, Xml};
use vocab::rules::ENCRYPTED;
use vocab::{Problem, said};

/// Reads the tables of a spreadsheet in their order, or only the one that is wanted; the others are then returned as
/// empty grids, for their names.
pub(super) fn read(package: &mut Package<'_>, wanted: Option<&str>, problems: &mut Vec<Problem>) -> Outcome<Vec<Grid>> {
    let context = package.context;
    let manifest = package.part("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        let how = said!("OpenDocument 密码：本程序不支持", "an OpenDocument password: not known here");
        return Err(context.problem(&ENCRYPTED).said(how));
    }
    let content = package.needed("content.xml")?;
    let mut xml = Xml::new(context, Part::Named("content.xml"), &content);
    let (mut grids, mut total) = (Vec::new(), Total::new(context));
    // The style being read, and the styles of tables that are not shown.
    let (mut style, mut unseen) = (String::new(), HashSet::new());
    let mut styles = Styles::default();
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "tracked-changes" => xml.skip()?,
            Token::Open(tag) if tag.name() == "style" => {
                style = tag.attribute("name").unwrap_or_default().into_owned();
                styles.take(&mut xml, &tag)?;
            }
            Token::Open(tag)
                if tag.name() == "table-properties"
                    && tag.attribute("display").is_some_and(|shown| shown == "false") =>
            {
                unseen.insert(style.clone());
            }
            Token::Open(tag) if tag.name() == "table" && tag.prefix() == "table" => {
                context.within(Counted::Sheets, grids.len() + 1, context.limits.sheets)?;
                let name = tag.attribute("name").unwrap_or_default().into_owned();
                if wanted.is_some_and(|wanted| wanted != name) {
                    xml.skip()?;
                    grids.push(Grid::new(name));
                } else {
                    let hidden = tag.attribute("style-name").is_some_and(|style| unseen.contains(&*style));
                    let grid = read_table(context, &mut xml, name, &styles, problems)?;
                    total.add(&grid)?;
                    if hidden && wanted.is_none() {
                        problems.extend(builder::hidden(context, &grid));
                    }
                    grids.push(grid);
                }
            }
            Token::Open(tag) => styles.take(&mut xml, &tag)?,
            Token::End => return Ok(grids),
            _ => {}
        }
    }
}

/// The styles that hold where a cell names none.
struct Usual<'s> {
    styles: &'s Styles,
    /// The number of each run of columns, with its style.
    columns: Vec<(u32, Option<Style>)>,
    row: Option<Style>,
}

impl Usual<'_> {
    fn of(&self, cell: &Tag<'_>, column: u32) -> Style {
        let of_column = || {
            let mut left = column;
            let run = self.columns.iter().find(|(count, _)| match left.checked_sub(*count) {
                Some(rest) => {
                    left = rest;
                    false
                }
                None => true,
            });
            run.and_then(|(_, style)| *style)
        };
        self.styles.named(cell, "style-name").or(self.row).or_else(of_column).unwrap_or_default()
    }
}

fn read_table(
    context: &Context<'_>,
    xml: &mut Xml<'_>,
    name: String,
    styles: &Styles,
    problems: &mut Vec<Problem>,
) -> Outcome<Grid> {
    /// Sheets with more runs of columns have no use for their styles.
    const MOST_RUNS: usize = 1 << 10;
    let mut builder = Builder::new(context, name);
    let mut usual = Usual { styles, columns: Vec::new(), row: None };
    let mut row = 0u32;
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "table-column" && usual.columns.len() < MOST_RUNS => {
                let count = repeats(xml, &tag, "number-columns-repeated")?;
                usual.columns.push((count, styles.named(&tag, "default-cell-style-name")));
            }
            Token::Open(tag) if tag.name() == "table-row" => {
                let repeats = repeats(xml, &tag, "number-rows-repeated")?;
                usual.row = styles.named(&tag, "default-cell-style-name");
                let cells = read_row(xml, &mut builder, row, &usual)?;
                // Rows are repeated with their text; a million empty ones at the end are just skipped.
                if !cells.is_empty() {
                    builder.within_rows(row, repeats)?;
                    builder.repeat(cells.len(), repeats, xml.len())?;
                }
                for copy in 1..if cells.is_empty() { 1 } else { repeats } {
                    for (column, text) in &cells {
                        builder.push(row.saturating_add(copy), *column, text)?;
                    }
                }
                row = row.saturating_add(repeats);
            }
            // Drawings, forms and cells of other documents.
            Token::Open(tag) if matches!(tag.name(), "shapes" | "forms" | "table-source" | "table") => xml.skip()?,
            Token::Close(name) if name.name() == "table" => break,
            Token::End => break,
            _ => {}
        }
    }
    problems.extend(builder.findings());
    builder.finish()
}

/// How often a row or cell stands there; once, if it does not say.
fn repeats(xml: &Xml<'_>, tag: &Tag<'_>, name: &str) -> Outcome<u32> {
    let [count] = xml.attributes(tag, [name])?;
    match count.as_deref().map(|count| count.trim().parse::<u32>()) {
        None => Ok(1),
        Some(Ok(count)) if count > 0 => Ok(count),
        _ => {
            let count = count.unwrap_or_default();
            Err(xml.damaged(said!("{name} 为 {count}", "{name} is {count}")))
        }
    }
}

/// Reads one row into the builder, and returns its cells for the case that the row is repeated.
fn read_row(xml: &mut Xml<'_>, builder: &mut Builder<'_>, row: u32, usual: &Usual<'_>) -> Outcome<Vec<(u32, Rc<str>)>> {
    let mut cells = Vec::new();
    let mut column = 0u32;
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "table-cell" => {
                let repeats = repeats(xml, &tag, "number-columns-repeated")?;
                let merge = Merge {
                    row: row as usize,
                    column: column as usize,
                    rows: tag.number("number-rows-spanned").unwrap_or(1),
                    columns: tag.number("number-columns-spanned").unwrap_or(1),
                };
                builder.merge(merge)?;
                let text: Rc<str> = read_cell(xml, &tag, usual.of(&tag, column))?.into();
                let is_computed = tag.attribute("formula").is_none() || tag.attribute("value-type").is_some();
                if text.is_empty() && !is_computed {
                    builder.push_formula(row, column, &tag.attribute("formula").unwrap_or_default())?;
                } else if !text.is_empty() {
                    builder.repeat(1, repeats, xml.len())?;
                    for copy in 0..repeats {
                        builder.push(row, column.saturating_add(copy), &text)?;
                        cells.push((column.saturating_add(copy), text.clone()));
                    }
                }
                column = column.saturating_add(repeats);
            }
            // What a merged cell covers is not seen.
            Token::Open(tag) if tag.name() == "covered-table-cell" => {
                column = column.saturating_add(repeats(xml, &tag, "number-columns-repeated")?);
                xml.skip()?;
            }
            Token::Close(name) if name.name() == "table-row" => return Ok(cells),
            Token::End => return Ok(cells),
            _ => {}
        }
    }
}

/// The text of a cell: its value, or, where the value is text or an error, what is shown.
fn read_cell(xml: &mut Xml<'_>, tag: &Tag<'_>, style: Style) -> Outcome<String> {
    let shown = read_paragraphs(xml)?;
    // A value in LibreOffice's own namespace comes second: only there an error is told from a number.
    let is_error = shown.starts_with('#') && tag.attribute("formula").is_some();
    let kind = tag.attribute("value-type").unwrap_or_default();
    let value = |name| tag.attribute(name).filter(|_| !is_error);
    let text = match &*kind {
        "float" | "percentage" | "currency" => value("value").map(|number| match number.trim().parse() {
            Ok(number) => {
                let mut text = String::new();
                cell::write(&mut text, number, of_number(&kind, style.meaning), Epoch::Y1900);
                text
            }
            Err(_) => number.into_owned(),
        }),
        "date" => value("date-value").map(|iso| cell::first_of_date(cell::shorten_iso(&iso), style.meaning).to_owned()),
        "time" => value("time-value").map(|iso| clock(&iso).unwrap_or_else(|| iso.into_owned())),
        "boolean" => value("boolean-value").map(|word| cell::boolean(word == "true").to_owned()),
        "string" if shown.is_empty() => value("string-value").map(Cow::into_owned),
        _ => None,
    };
    Ok(text.unwrap_or_else(|| cell::indented(&shown, style.indent).into_owned()))
}

/// What the number of a cell is shown as. A percentage is one, whatever is known of its style; a number is no day.
fn of_number(kind: &str, meaning: Meaning) -> Meaning {
    match meaning {
        Meaning::Shown(_) => meaning,
        _ if kind == "percentage" => Meaning::Shown(Sections::percent()),
        _ => Meaning::Number,
    }
}

/// The paragraphs of a cell up to its end, one per line; no comments, no drawings.
fn read_paragraphs(xml: &mut Xml<'_>) -> Outcome<String> {
    let mut text = String::new();
    let mut paragraphs = 0;
    let mut depth = 0usize;
    loop {
        match xml.next()? {
            Token::Open(tag) if tag.name() == "annotation" || tag.prefix() == "draw" => xml.skip()?,
            Token::Open(tag) => {
                depth += 1;
                match tag.name() {
                    "p" => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                    }
                    "s" => {
                        // A run of blanks; no cell has more of them than fit into one.
                        let blanks = tag.number::<usize>("c").unwrap_or(1).min(1 << 16);
                        text.extend(std::iter::repeat_n(' ', blanks));
                    }
                    "tab" => text.push('\t'),
                    "line-break" => text.push('\n'),
                    _ => {}
                }
            }
            Token::Text(piece) if depth > 0 => text.push_str(&piece),
            Token::Close(_) if depth == 0 => return Ok(text),
            Token::Close(_) => depth -= 1,
            Token::End => return Ok(text),
            Token::Text(_) => {}
        }
    }
}

/// `PT10H30M00S` as `10:30:00`.
fn clock(iso: &str) -> Option<String> {
    let (hours, rest) = iso.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?;
    let whole = seconds.split(['.', ',']).next()?;
    let [hours, minutes, seconds] = [hours, minutes, whole].map(|part| part.parse::<u32>().ok());
    Some(format!("{:02}:{:02}:{:02}", hours?, minutes?, seconds?))
}
