//! The last sheet: what every indicator means, and where its formula is from.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::{LINE, Of, Page, print, text, top};
use super::styles::lines;
use config::indicator::Indicator;
use publish::{document, horizon};

/// The row of the headings.
const HEAD: u32 = 3;
/// Widths of the columns.
const WIDTHS: [f64; 10] = [18.0, 26.0, 12.0, 6.0, 11.0, 46.0, 30.0, 34.0, 28.0, 12.0];

/// Writes the sheet.
pub(super) fn write(sheet: &mut Worksheet, of: &Of<'_>) -> Result<(), XlsxError> {
    top(sheet, of, of.say("指标说明", "Definitions of the indicators"), WIDTHS.len() as u16)?;
    let headings = [
        of.say("任务", "task"),
        of.say("指标", "indicator"),
        of.say("计量单位", "unit"),
        of.say("小数位数", "decimals"),
        of.say("时间口径", "span"),
        of.say("定义", "definition"),
        of.say("公式来源", "source of the formula"),
        of.say("可比性", "comparability"),
        of.say("目标", "targets"),
        of.say("方向", "direction"),
    ];
    for (column, (heading, width)) in headings.into_iter().zip(WIDTHS).enumerate() {
        text(sheet, HEAD, column as u16, heading, &of.styles.heading())?;
        sheet.set_column_width(column as u16, width)?;
    }
    let tasks = of.board.config.plan.tasks();
    let ordered = tasks.flat_map(|task| {
        let mine = of.board.config.indicators.iter().filter(|indicator| indicator.task == task.id);
        mine.map(move |indicator| (task, indicator))
    });
    let mut row = HEAD;
    for (task, indicator) in ordered {
        row += 1;
        let task = of.say(&task.name_zh, &task.name_en);
        let decimals = indicator.decimals.to_string();
        let targets = targets(of, indicator);
        let cells = [
            task,
            of.say(&indicator.name_zh, &indicator.name_en),
            of.language.unit(&indicator.unit),
            &decimals,
            of.language.basis(indicator.basis),
            of.say(&indicator.definition_zh, &indicator.definition_en),
            of.language.part_of(&indicator.formula_source),
            of.say(&indicator.comparability_zh, &indicator.comparability_en),
            &targets,
            of.language.direction(indicator.direction),
        ];
        // Two at least: what the other columns hold is seldom shorter.
        let mut high = 2;
        for (column, (words, width)) in cells.into_iter().zip(WIDTHS).enumerate() {
            high = high.max(lines(words, width));
            if column == 3 {
                sheet.write_number_with_format(row, 3, indicator.decimals as f64, &of.styles.number(0, ""))?;
            } else {
                text(sheet, row, column as u16, words, &of.styles.text())?;
            }
        }
        sheet.set_row_height(row, LINE * high as f64 + 4.0)?;
    }
    sheet.autofilter(HEAD, 0, row, WIDTHS.len() as u16 - 1)?;
    print(sheet, of, &Page { repeated: Some((HEAD, HEAD)), frozen: Some((HEAD + 1, 2)) })
}

/// The targets that documents set for an indicator.
fn targets(of: &Of<'_>, indicator: &Indicator) -> String {
    let plan = &of.board.config.plan;
    let mine = plan.targets.iter().filter(|target| target.indicator == indicator.id);
    let told = mine.map(|target| {
        let unit = of.language.unit(&indicator.unit);
        let document = document(plan, &target.document, of.language);
        let space = of.say("", " ");
        format!(
            "{}{space}{unit}{}{}{}{document}",
            target.value,
            of.say("，", ", "),
            horizon(target, of.language),
            of.say("，", ", ")
        )
    });
    told.collect::<Vec<_>>().join("\n")
}
