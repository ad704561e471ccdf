//! The workbook of a quarter: a first sheet to print as it is, tables with filters, trends with charts, and what every
//! indicator means. Texts are written as texts and never as formulas; numbers are rounded as they are published.

mod cover;
mod definitions;
mod sheet;
mod styles;
mod table;
mod trend;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::board::Board;
use super::table::tables;
use publish::{Language, Later};
use sheet::Of;
use styles::Styles;
use vocab::period::Quarter;

/// The workbook of a quarter in one language.
pub(super) fn file<'a>(board: &'a Board<'a>, quarter: Quarter, language: Language) -> Later<'a> {
    let end = language.of("xlsx", "en.xlsx");
    let make = move || made(board, quarter, language).map_err(|error| error.to_string());
    Later { path: format!("reports/{quarter}/{quarter}.{end}"), make: Box::new(make) }
}

fn made(board: &Board<'_>, quarter: Quarter, language: Language) -> Result<Vec<u8>, XlsxError> {
    let of = Of { board, quarter, language, styles: Styles::new(language) };
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&of)?);
    let trends: Vec<trend::Trend> = trend::of_levels(&of);
    let mut names = Names::default();
    let cover = names.of(language.of("首页", "Summary"));
    let of_province = names.of(language.of("全省走势", "Trends"));
    let tables = tables(board, quarter, language);
    let sheets: Vec<String> = tables.iter().map(|table| names.of(&table.sheet)).collect();
    let of_levels: Vec<String> = trends.iter().map(|trend| names.of(&trend.sheet)).collect();
    let province = trend::of_province(&of);
    cover::write(workbook.add_worksheet().set_name(cover)?, &of, &province, &of_province)?;
    for (table, name) in tables.iter().zip(sheets) {
        let beside = table.areas.as_ref().and_then(|(level, _)| {
            let at = trends.iter().position(|trend| trend.level == *level)?;
            Some((&trends[at], of_levels[at].as_str()))
        });
        table::write(workbook.add_worksheet().set_name(name)?, &of, table, beside)?;
        if table.name == "overview" {
            trend::write_province(workbook.add_worksheet().set_name(&of_province)?, &of, &province, &of_province)?;
        }
        if let Some((trend, name)) = beside {
            trend::write_level(workbook.add_worksheet().set_name(name)?, &of, trend)?;
        }
    }
    definitions::write(workbook.add_worksheet().set_name(names.of(language.of("指标说明", "Definitions")))?, &of)?;
    workbook.save_to_buffer()
}

/// Names of sheets, which spreadsheet programs want to be different and not too long.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    fn of(&mut self, wanted: &str) -> String {
        const LONGEST: usize = 31;
        let plain: String = wanted.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(LONGEST).collect();
        let mut name = plain.clone();
        let mut number = 2;
        while name.is_empty() || self.0.iter().any(|taken| taken.to_lowercase() == name.to_lowercase()) {
            let stem: String = plain.chars().take(LONGEST - 4).collect();
            name = format!("{stem} {number}");
            number += 1;
        }
        self.0.push(name.clone());
        name
    }
}

/// Made on the day of the latest export in it: the same data give the same bytes.
fn properties(of: &Of<'_>) -> Result<DocProperties, XlsxError> {
    let day = of.board.vintage(of.quarter).unwrap_or(of.quarter.last_day());
    let made = ExcelDateTime::parse_from_str(&day.to_string()).or_else(|_| ExcelDateTime::from_ymd(2000, 1, 1))?;
    let title = format!("{} {}", of.title(), of.period());
    Ok(DocProperties::new().set_title(title).set_author("mujun").set_comment(of.mark()).set_creation_datetime(&made))
}
