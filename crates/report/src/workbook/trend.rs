//! Sheets with the quarters across or down: what sparklines and charts are drawn of.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartEmptyCells, ChartFont, ChartFormat, ChartLegendPosition, ChartLine,
    ChartLineDashType, ChartMarker, ChartMarkerType, Color, Worksheet, XlsxError,
};

use super::super::published::Shown;
use super::super::table::{Cell, Kind};
use super::sheet::{LINE, Of, Page, cell, print, text, top};
use super::styles::lines;
use vocab::level::Level;
use vocab::period::Quarter;

/// So many of the last quarters are shown of every area.
const OF_AREAS: usize = 12;
/// So many of the province.
const OF_PROVINCE: usize = 40;
/// The row of the headings.
const HEAD: u32 = 3;
/// Widths of the columns of the province: quarters, figures, targets.
const FIRST: f64 = 10.0;
const WIDE: f64 = 13.0;
const TARGET: f64 = 8.0;
/// Columns of an area before its quarters.
const KEYS: u16 = 2;

/// The way of one indicator in all areas of a level.
pub(super) struct Trend {
    /// The level.
    pub(super) level: Level,
    /// What its sheet is called.
    pub(super) sheet: String,
    /// The indicator with its unit.
    pub(super) heading: String,
    indicator: usize,
    quarters: Vec<Quarter>,
    areas: Vec<usize>,
}

impl Trend {
    /// The row of an area, and its first and last column.
    pub(super) fn place(&self, area: usize) -> Option<(u32, u16, u16)> {
        let row = self.areas.iter().position(|known| *known == area)?;
        let last = KEYS + (self.quarters.len() as u16).checked_sub(1)?;
        Some((HEAD + 1 + row as u32, KEYS, last))
    }
}

/// The last quarters up to the one of the workbook.
fn quarters(of: &Of<'_>, count: usize) -> Vec<Quarter> {
    let until: Vec<Quarter> = of.board.quarters().iter().copied().filter(|quarter| *quarter <= of.quarter).collect();
    until[until.len().saturating_sub(count)..].to_vec()
}

/// For each level with a sheet: of the first headline indicator with a target, or else the first one.
pub(super) fn of_levels(of: &Of<'_>) -> Vec<Trend> {
    let trend = |level: Level| {
        let mut headlines = of.board.indicators_of(level).filter(|position| of.board.indicator(*position).headline);
        let first = headlines.next()?;
        let has_target = |position: &usize| of.board.indicator(*position).headline_target(level).is_some();
        let indicator = std::iter::once(first).chain(headlines).find(has_target).unwrap_or(first);
        let heading = heading(of, indicator);
        let sheet = format!("{}{}", of.language.level(level), of.say("走势", ", trend"));
        let mut areas = of.board.areas_in(level, of.quarter);
        if level == Level::City {
            areas.extend(of.board.areas_in(Level::CityNet, of.quarter));
        }
        let quarters = quarters(of, OF_AREAS);
        Some(Trend { level, sheet, heading, indicator, quarters, areas })
    };
    [Level::Park, Level::City, Level::County]
        .into_iter()
        .filter_map(trend)
        .filter(|trend| !trend.areas.is_empty())
        .collect()
}

/// An indicator with its unit.
fn heading(of: &Of<'_>, indicator: usize) -> String {
    let indicator = of.board.indicator(indicator);
    let (name, unit) = (of.say(&indicator.name_zh, &indicator.name_en), of.language.unit(&indicator.unit));
    match unit {
        "" => name.to_owned(),
        unit => format!("{name}{}{unit}{}", of.say("（", " ("), of.say("）", ")")),
    }
}

/// A figure, or nothing: what is no number would be drawn as zero.
fn figure(sheet: &mut Worksheet, of: &Of<'_>, at: (u32, u16), shown: Shown) -> Result<(), XlsxError> {
    let shown = if shown.rounded().is_some() { Cell::Figure(shown) } else { Cell::Blank };
    cell(sheet, of, at, &shown, Kind::Number, "")
}

/// Writes the sheet of a level: areas down, quarters across.
pub(super) fn write_level(sheet: &mut Worksheet, of: &Of<'_>, trend: &Trend) -> Result<(), XlsxError> {
    let columns = KEYS + trend.quarters.len() as u16;
    top(sheet, of, &format!("{}{}{}", trend.sheet, of.say("：", ": "), trend.heading), columns)?;
    let heading = of.styles.heading();
    for (column, words) in [of.say("代码", "code"), of.say("名称", "name")].into_iter().enumerate() {
        text(sheet, HEAD, column as u16, words, &heading)?;
    }
    sheet.set_column_width(0, 10)?.set_column_width(1, 34)?;
    for (column, quarter) in trend.quarters.iter().enumerate() {
        text(sheet, HEAD, KEYS + column as u16, &quarter.to_string(), &heading)?;
        sheet.set_column_width(KEYS + column as u16, 10)?;
    }
    for (row, area) in trend.areas.iter().enumerate() {
        let row = HEAD + 1 + row as u32;
        let place = of.board.place(*area, of.quarter);
        let texts = place.map(|place| [&*place.ref_area, &*place.ref_area_name]).unwrap_or_default();
        for (column, words) in texts.into_iter().enumerate() {
            text(sheet, row, column as u16, words, &of.styles.key())?;
        }
        for (column, quarter) in trend.quarters.iter().enumerate() {
            let shown = of.board.shown(trend.indicator, *area, *quarter);
            figure(sheet, of, (row, KEYS + column as u16), shown)?;
        }
    }
    let last = HEAD + trend.areas.len() as u32;
    sheet.autofilter(HEAD, 0, last, columns - 1)?;
    note(sheet, of, last + 2)?;
    print(sheet, of, &Page { repeated: Some((HEAD, HEAD)), frozen: Some((HEAD + 1, KEYS)) })
}

fn note(sheet: &mut Worksheet, of: &Of<'_>, row: u32) -> Result<(), XlsxError> {
    let words = of.say("注：空格为没有数据，原因见各表。", "Note: blank where there is no figure; the tables say why.");
    text(sheet, row, 0, words, &of.styles.under())
}

/// The way of the province: its headline indicators, and what is set for them.
pub(super) struct Province {
    quarters: Vec<Quarter>,
    /// By column: the indicator, and its target.
    columns: Vec<(usize, Option<f64>)>,
}

impl Province {
    /// The column of an indicator, with its first and last row.
    pub(super) fn place(&self, indicator: usize, most: usize) -> Option<(u16, u32, u32)> {
        let column = self.columns.iter().position(|(known, target)| *known == indicator && target.is_none())?;
        let last = HEAD + self.quarters.len() as u32;
        let rows = self.quarters.len().min(most) as u32;
        Some((1 + column as u16, last + 1 - rows.max(1), last))
    }
}

/// What the sheet of the province shows: indicators with a target, and the headline ones.
pub(super) fn of_province(of: &Of<'_>) -> Province {
    let mut columns = Vec::new();
    let shown = of.board.indicators_of(Level::Province).filter(|position| {
        let aims = || of.board.aims().into_iter().flat_map(|(_, aims)| aims);
        of.board.indicator(*position).headline || aims().any(|aim| aim.indicator == *position)
    });
    for position in shown {
        columns.push((position, None));
        if let Some(target) = of.board.indicator(position).headline_target(Level::Province) {
            columns.push((position, Some(target.value)));
        }
    }
    Province { quarters: quarters(of, OF_PROVINCE), columns }
}

/// Writes the sheet of the province: quarters down, indicators across, and a chart of each beneath.
pub(super) fn write_province(
    sheet: &mut Worksheet,
    of: &Of<'_>,
    province: &Province,
    name: &str,
) -> Result<(), XlsxError> {
    let columns = 1 + province.columns.len() as u16;
    top(sheet, of, &format!("{}{}{name}", of.title(), of.say("：", ": ")), columns)?;
    let format = of.styles.heading();
    text(sheet, HEAD, 0, of.say("季度", "quarter"), &format)?;
    sheet.set_column_width(0, FIRST)?;
    let mut high = 1;
    for (column, (indicator, target)) in province.columns.iter().enumerate() {
        let column = column as u16 + 1;
        let name = if target.is_some() { of.say("目标", "target").to_owned() } else { heading(of, *indicator) };
        let wide = if target.is_some() { TARGET } else { WIDE };
        high = high.max(lines(&name, wide));
        text(sheet, HEAD, column, &name, &format)?;
        sheet.set_column_width(column, wide)?;
        for (row, quarter) in province.quarters.iter().enumerate() {
            let at = (HEAD + 1 + row as u32, column);
            match (target, of.board.province()) {
                (Some(target), _) => {
                    let decimals = of.board.indicator(*indicator).decimals;
                    cell(sheet, of, at, &Cell::Number(*target, decimals), Kind::Number, "")?;
                }
                (None, Some(area)) => figure(sheet, of, at, of.board.shown(*indicator, area, *quarter))?,
                (None, None) => {}
            }
        }
    }
    sheet.set_row_height(HEAD, LINE * high as f64 + 4.0)?;
    for (row, quarter) in province.quarters.iter().enumerate() {
        text(sheet, HEAD + 1 + row as u32, 0, &quarter.to_string(), &of.styles.key())?;
    }
    let last = HEAD + province.quarters.len() as u32;
    note(sheet, of, last + 2)?;
    charts(sheet, of, province, name, last + 4)?;
    print(sheet, of, &Page { repeated: None, frozen: Some((HEAD + 1, 1)) })
}

/// A chart of every indicator with a target, two side by side, as wide as the sheet; they begin on a page of their own.
fn charts(sheet: &mut Worksheet, of: &Of<'_>, province: &Province, name: &str, from: u32) -> Result<(), XlsxError> {
    /// Pixels of a row and of the width of a digit.
    const PIXELS: (u32, u32) = (20, 7);
    const MARGIN: u32 = 20;
    let wide = province.columns.iter().map(|(_, target)| if target.is_some() { TARGET } else { WIDE }).sum::<f64>();
    let width = ((FIRST + wide) as u32 * PIXELS.1).max(800) / 2 - MARGIN;
    let height = width * 2 / 5;
    let rows = height / PIXELS.0 + 2;
    let pairs = province.columns.windows(2).enumerate();
    let with_target = pairs.filter(|(_, pair)| pair[0].0 == pair[1].0 && pair[1].1.is_some());
    let mut breaks = vec![from];
    for (number, (column, pair)) in with_target.enumerate() {
        let mut chart = chart(of, province, name, column as u16 + 1, &heading(of, pair[0].0));
        chart.set_width(width).set_height(height);
        let number = number as u32;
        let row = from + number / 2 * rows;
        // Four on a page.
        if number > 0 && number.is_multiple_of(4) {
            breaks.push(row);
        }
        sheet.insert_chart_with_offset(row, 0, &chart, MARGIN / 2 + number % 2 * (width + MARGIN), PIXELS.0)?;
    }
    sheet.set_page_breaks(&breaks)?;
    Ok(())
}

/// The way of one indicator and its target, which stands in the column behind.
fn chart(of: &Of<'_>, province: &Province, sheet: &str, column: u16, title: &str) -> Chart {
    const GREY: Color = Color::RGB(0x00D9_D9D9);
    const DARK: Color = Color::RGB(0x001F_4E79);
    const TARGET_LINE: Color = Color::RGB(0x00C5_5A11);
    let (first, last) = (HEAD + 1, HEAD + province.quarters.len() as u32);
    let quarters = (sheet, first, 0_u16, last, 0_u16);
    let mut chart = Chart::new_line();
    // Programs take no longer ones.
    let title: String = title.chars().take(200).collect();
    chart.title().set_name(title.as_str()).set_font(ChartFont::new().set_size(12));
    let mut marker = ChartMarker::new();
    marker.set_type(ChartMarkerType::Circle).set_size(5);
    chart
        .add_series()
        .set_categories(quarters)
        .set_values((sheet, first, column, last, column))
        .set_name(of.say("全省", "province"))
        .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(DARK)))
        .set_marker(&marker);
    let mut line = ChartLine::new();
    line.set_dash_type(ChartLineDashType::Dash).set_color(TARGET_LINE);
    chart
        .add_series()
        .set_categories(quarters)
        .set_values((sheet, first, column + 1, last, column + 1))
        .set_name(of.say("目标", "target"))
        .set_format(ChartFormat::new().set_line(&line));
    // Below the figures, also where these are below zero.
    chart.x_axis().set_label_position(ChartAxisLabelPosition::Low);
    chart.y_axis().set_major_gridlines_line(ChartLine::new().set_color(GREY));
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.show_empty_cells_as(ChartEmptyCells::Gaps);
    chart.set_alt_text(title);
    chart
}
