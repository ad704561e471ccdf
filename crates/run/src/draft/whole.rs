//! What an export shows of itself as a whole, as what a draft expects of the next one.

use std::fmt::Write as _;

use super::page::{Drafted, Page, quote};
use config::source::Source;
use config::whole::{Along, Count, Total, Whole};
use vocab::{Problem, Said, said};

/// Longer lists have each of their texts in a line of its own.
const LONGEST_LINE: usize = 100;

/// Writes `[expected]` and `[[total]]`, or why the draft reads nothing yet.
pub(super) fn write(page: &mut Page, drafted: Drafted<'_>, source: &Source) {
    let named = drafted.book.sheets.iter().find(|grid| source.sheet.as_ref() == Some(&grid.sheet));
    let sheets = named.map_or(drafted.book.sheets.as_slice(), std::slice::from_ref);
    let parts = layout::lay_out(sheets, source, drafted.name);
    let Some(whole) = layout::observe(&parts, source) else {
        let problems: Vec<Problem> = parts.into_iter().flat_map(|part| part.problems).collect();
        let codes = clean::codes_of(&problems);
        let codes = Said::new(codes.replace(' ', "、"), codes.replace(' ', ", "));
        page.line(&said!(
            "\n# TODO 按目前的定义无法读取该文件：{codes}",
            "\n# TODO as it stands, the definition does not read the export: {codes}";
            codes
        ));
        return;
    };
    expected(page, &whole);
    whole.totals.iter().for_each(|total| self::total(page, total));
}

fn expected(page: &mut Page, whole: &Whole) {
    page.line(&said!(
        "\n[expected]                          # 该文件的实际情况：下一期文件据此核对",
        "\n[expected]                          # what the export showed: the next one is held against it"
    ));
    if let Some(rows) = whole.rows {
        let _ = writeln!(page, "rows = {}", count(rows));
    }
    list(page, "headings", &whole.headings);
    list(page, "labels", &whole.labels);
    if let Some(unit) = &whole.unit {
        let _ = writeln!(page, "unit = {}", quote(unit));
    }
    if let Some(step) = whole.step {
        let _ = writeln!(page, "step = {}", quote(step.as_str()));
    }
    if let Some(periods) = whole.period_count {
        let _ = writeln!(page, "period_count = {}", count(periods));
    }
}

fn total(page: &mut Page, total: &Total) {
    let key = if total.along == Along::Rows { "row" } else { "column" };
    let _ = writeln!(page, "\n[[total]]\n{key} = {}", quote(&total.name));
    list(page, "of", &total.of);
    list(page, "columns", &total.columns);
}

fn count(count: Count) -> String {
    let from = (count.from > 0).then(|| format!("from = {}", count.from));
    let to = (count.to < u64::MAX).then(|| format!("to = {}", count.to));
    format!("{{ {} }}", from.into_iter().chain(to).collect::<Vec<_>>().join(", "))
}

/// A list of texts; nothing where it is empty.
fn list(page: &mut Page, key: &str, texts: &[String]) {
    let quoted: Vec<String> = texts.iter().map(|text| quote(text)).collect();
    let line = quoted.join(", ");
    let _ = match (texts.is_empty(), line.len() <= LONGEST_LINE) {
        (true, _) => Ok(()),
        (_, true) => writeln!(page, "{key} = [{line}]"),
        (_, false) => {
            let lines: String = quoted.iter().map(|text| format!("    {text},\n")).collect();
            writeln!(page, "{key} = [\n{lines}]")
        }
    };
}
