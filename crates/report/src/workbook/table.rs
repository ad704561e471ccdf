//! A sheet with a table: title, headings, filter, notes.

use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatFormula, Sparkline, Worksheet, XlsxError,
};

use super::super::board::Standing;
use super::super::published::Shown;
use super::super::table::{Cell, Column, Kind, Table};
use super::sheet::{LINE, Of, Page, cell, print, signs, text, top, wide, words};
use super::styles::{lines, width};
use super::trend::Trend;
use config::indicator::{Direction, Indicator};
use publish::{Language, document};
use vocab::level::Level;

/// The row of the first headings.
const HEAD: u32 = 3;
/// How high a row of a table is, in points.
const ROW: f64 = 16.0;
/// A column of texts that are all shorter has them in the middle.
const SHORT: usize = 16;

/// The mark that all figures of a column have: it is said once, in the heading.
fn said(rows: &[Vec<Cell>], column: usize) -> &'static str {
    let figures = rows.iter().filter_map(|row| match row.get(column) {
        Some(Cell::Figure(shown @ Shown::Figure { .. })) => Some(shown.mark()),
        _ => None,
    });
    let marks: Vec<&str> = figures.collect();
    match marks.as_slice() {
        [first, rest @ ..] if !rest.is_empty() && rest.iter().all(|mark| mark == first) => first,
        _ => "",
    }
}

/// So wide is a cell.
fn cell_width(cell: &Cell, language: Language) -> usize {
    match cell {
        Cell::Text(text) => width(text),
        Cell::Figure(shown) => width(&shown.text(language)) + 1,
        Cell::Number(number, decimals) => super::super::published::write(*number, *decimals).len(),
        Cell::Blank => 0,
    }
}

/// So wide is a column whose widest cell is so wide: headings take several lines.
fn column_width(column: &Column, widest: usize) -> f64 {
    let (least, most, around) = match column.kind {
        Kind::Rank => (4, 4, 1.5),
        Kind::Indicator(_) | Kind::Number => (8, 12, 2.0),
        Kind::Key | Kind::Text | Kind::Short => (7, 44, 2.0),
    };
    widest.clamp(least, most) as f64 + around
}

/// Where the rows and columns of a table stand in its sheet.
struct Places {
    /// Columns that are printed.
    main: u16,
    /// Columns that follow them and are none of the table's.
    gap: u16,
    /// The row of the headings.
    head: u32,
    /// First and last row of the table.
    rows: (u32, u32),
}

impl Places {
    fn of(table: &Table, has_trend: bool) -> Places {
        let main = table.columns.iter().filter(|column| column.is_main).count() as u16;
        // What columns have in common stands over them, if anything does.
        let has_groups = table.columns.iter().any(|column| !column.group.is_empty());
        let head = HEAD + u32::from(has_groups);
        let last = head + (table.rows.len() as u32).max(1);
        Places { main, gap: u16::from(has_trend), head, rows: (head + 1, last) }
    }

    fn column(&self, position: usize) -> u16 {
        let position = position as u16;
        if position < self.main { position } else { position + self.gap }
    }

    fn printed(&self) -> u16 {
        self.main + self.gap
    }
}

/// Writes a table. `trend` is the sheet with the way that the areas of the rows have come.
pub(super) fn write(
    sheet: &mut Worksheet,
    of: &Of<'_>,
    table: &Table,
    trend: Option<(&Trend, &str)>,
) -> Result<(), XlsxError> {
    let places = Places::of(table, trend.is_some());
    let (first, last) = places.rows;
    let printed = places.printed();
    sheet.set_default_row_height(ROW);
    top(sheet, of, &format!("{}{}{}", of.title(), of.say("：", ": "), table.sheet), printed)?;
    let mut high = vec![1; table.rows.len()];
    let mut high_head = 1;
    for (position, column) in table.columns.iter().enumerate() {
        let at = places.column(position);
        let widest = table.rows.iter().map(|row| cell_width(&row[position], of.language)).max().unwrap_or_default();
        let wide = column_width(column, widest);
        sheet.set_column_width(at, wide)?;
        let said = said(&table.rows, position);
        let heading = format!("{}{said}", column.full_heading(of.language, "\n"));
        // The button of the filter takes room.
        high_head = high_head.max(lines(&heading, wide - 1.0));
        text(sheet, places.head, at, &heading, &of.styles.heading())?;
        let kind = if column.kind == Kind::Text && widest <= SHORT { Kind::Short } else { column.kind };
        for (row, cells) in table.rows.iter().enumerate() {
            cell(sheet, of, (first + row as u32, at), &cells[position], kind, said)?;
            if let (Cell::Text(words), Kind::Text) = (&cells[position], kind) {
                high[row] = high[row].max(lines(words, wide));
            }
        }
    }
    sheet.set_row_height(places.head, LINE * high_head as f64 + 4.0)?;
    for (row, high) in high.into_iter().enumerate().filter(|(_, high)| *high > 1) {
        sheet.set_row_height(first + row as u32, LINE * high as f64 + 4.0)?;
    }
    groups(sheet, of, table, &places)?;
    if let Some((trend, name)) = trend {
        sparklines(sheet, of, table, (trend, name), &places)?;
    }
    let columns = table.columns.len() as u16 + places.gap;
    sheet.autofilter(places.head, 0, last, columns.saturating_sub(1))?;
    colours(sheet, of, table, &places)?;
    let end = notes(sheet, of, table, last + 2, printed)?;
    let keys = table.columns.iter().take_while(|column| column.kind == Kind::Key).count() as u16;
    print(sheet, of, &Page { repeated: Some((HEAD, places.head)), frozen: Some((first, keys)) })?;
    sheet.set_print_area(0, 0, end, printed.saturating_sub(1))?;
    Ok(())
}

/// What columns have in common, over their headings.
fn groups(sheet: &mut Worksheet, of: &Of<'_>, table: &Table, places: &Places) -> Result<(), XlsxError> {
    if places.head == HEAD {
        return Ok(());
    }
    let mut from = 0;
    for group in table.columns.chunk_by(|a, b| a.group == b.group && a.is_main == b.is_main) {
        let to = from + group.len() - 1;
        let columns = (places.column(from), places.column(to));
        wide(sheet, HEAD, columns, &group[0].group, &of.styles.heading())?;
        from = to + 1;
    }
    sheet.set_row_height(HEAD, LINE + 4.0)?;
    Ok(())
}

/// The way that the indicator of the trends has come in each area of the rows.
fn sparklines(
    sheet: &mut Worksheet,
    of: &Of<'_>,
    table: &Table,
    (trend, name): (&Trend, &str),
    places: &Places,
) -> Result<(), XlsxError> {
    let column = places.main;
    text(sheet, HEAD, column, of.say("走势", "trend"), &of.styles.heading())?;
    text(sheet, places.head, column, &trend.heading, &of.styles.heading())?;
    sheet.set_column_width(column, 14)?;
    let areas = table.areas.iter().flat_map(|(_, areas)| areas);
    for (row, area) in areas.enumerate() {
        let row = places.rows.0 + row as u32;
        sheet.write_blank(row, column, &of.styles.text())?;
        if let Some((line, from, to)) = trend.place(*area) {
            let sparkline = Sparkline::new().set_range((name, line, from, line, to));
            sheet.add_sparkline(row, column, &sparkline.show_last_point(true))?;
        }
    }
    Ok(())
}

/// Colours that follow the figures: what reaches its target, and what falls short of it.
fn colours(sheet: &mut Worksheet, of: &Of<'_>, table: &Table, places: &Places) -> Result<(), XlsxError> {
    let (first, last) = places.rows;
    for (position, column) in table.columns.iter().enumerate() {
        let Kind::Indicator(indicator) = column.kind else { continue };
        let Some((level, areas)) = &table.areas else { continue };
        let indicator_of = of.board.indicator(indicator);
        let Some(target) = indicator_of.headline_target(*level) else { continue };
        // What is shown at its target and falls short of it, before it is rounded, is not there.
        for (row, area) in areas.iter().enumerate() {
            let value = of.board.value(indicator, *area, of.quarter);
            let is_at = of.board.shown(indicator, *area, of.quarter).rounded() == Some(target.value);
            if is_at && value.and_then(|value| of.board.standing(value)) != Some(Standing::Reached) {
                let rule = ConditionalFormatFormula::new().set_rule("=TRUE").set_format(of.styles.short());
                let row = first + row as u32;
                let rule = rule.set_stop_if_true(true);
                sheet.add_conditional_format(row, places.column(position), row, places.column(position), &rule)?;
            }
        }
        let is_there = match indicator_of.direction {
            Direction::Lower => ConditionalFormatCellRule::LessThanOrEqualTo(target.value),
            Direction::Higher | Direction::None => ConditionalFormatCellRule::GreaterThanOrEqualTo(target.value),
        };
        // A text is greater than any number for these programs: only numbers are held against the target.
        let column = places.column(position);
        let cell = rust_xlsxwriter::utility::row_col_to_cell(first, column);
        let is_text = ConditionalFormatFormula::new().set_rule(format!("=NOT(ISNUMBER({cell}))").as_str());
        sheet.add_conditional_format(first, column, last, column, &is_text.set_stop_if_true(true))?;
        let reached = ConditionalFormatCell::new().set_rule(is_there).set_format(of.styles.reached());
        sheet.add_conditional_format(first, column, last, column, &reached)?;
    }
    if let Some(position) =
        table.columns.iter().rposition(|column| column.kind == Kind::Text).filter(|_| table.areas.is_none())
    {
        words(sheet, of, places.column(position), (first, last))?;
    }
    Ok(())
}

/// What the signs mean, and which targets the colours are held against; gives the last row.
fn notes(sheet: &mut Worksheet, of: &Of<'_>, table: &Table, from: u32, columns: u16) -> Result<u32, XlsxError> {
    let mut said: Vec<String> = vec![signs(of.language)];
    if let Some((level, _)) = &table.areas {
        let targets = of.board.indicators_of(*level).filter_map(|position| target_note(of, position, *level));
        let targets: Vec<String> = targets.collect();
        if !targets.is_empty() {
            let head = of.say("蓝底为达到目标：", "Blue: the target is reached: ");
            said.push(format!("{head}{}{}", targets.join(of.say("；", "; ")), of.say("。", ".")));
        }
        if table.columns.iter().any(|column| !column.is_main) {
            said.push(
                of.say(
                    "打印区域为主要指标，其余指标在右侧。",
                    "The main indicators are printed; the others stand to the right.",
                )
                .to_owned(),
            );
        }
    }
    let last = columns.saturating_sub(1);
    for (line, note) in said.iter().enumerate() {
        let row = from + line as u32;
        let text = format!("{}{note}", if line == 0 { of.say("注：", "Notes: ") } else { "" });
        wide(sheet, row, (0, last), &text, &of.styles.note())?;
        sheet.set_row_height(row, LINE * lines(&text, f64::from(columns) * 11.0) as f64)?;
    }
    Ok(from + (said.len() as u32).max(1) - 1)
}

/// A headline target in words.
fn target_note(of: &Of<'_>, position: usize, level: Level) -> Option<String> {
    let indicator: &Indicator = of.board.indicator(position);
    let target = indicator.headline_target(level)?;
    let sign = if indicator.direction == Direction::Lower { "≤" } else { "≥" };
    let name = of.say(&indicator.name_zh, &indicator.name_en);
    let unit = of.language.unit(&indicator.unit);
    let document = document(&of.board.config.plan, &target.document, of.language);
    Some(match of.language {
        Language::Chinese => format!("{name}{sign}{}{unit}（{}年，{document}）", target.value, target.by),
        Language::English => format!("{name} {sign} {} {unit} ({}, {document})", target.value, target.by),
    })
}
