//! A test for a draft: the first rows of the export as text, and the facts that the draft makes of them.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::page::{Drafted, Page, VALUE, quote};
use crate::failure::Failure;
use crate::transform::{Input, clean_with};
use crate::trials;
use clean::{Findings, Registers};
use config::document::list;
use config::source::{Across, Kind, Source, SourceTest};
use layout::{FoundColumn, Guess};
use publish::quoted;
use read::Format;
use vocab::frame::Frame;
use vocab::period::Date;
use vocab::{Said, said, text};

/// Rows of data in a test.
const ROWS: usize = 3;

/// Rows over the header: those nearest to it say the unit and the period.
const ROWS_OVER: usize = 8;

/// Columns of numbers in a test of values that stand across: each gives a fact of its own.
const VALUES_ACROSS: usize = 6;

/// A credit code that fails its check, so that it is that of no enterprise, and set aside whatever the registers are.
const NO_ENTERPRISE: &str = "91410000000000000X";

/// What stands for a text in the row of no enterprise.
const EXAMPLE: &str = "示例";

/// Columns of facts that say where a fact comes from.
const ORIGIN: [&str; 5] = ["source_row", "source_column", "source_file", "source_sheet", "vintage"];

/// Writes the test, or why there is none. `stand_ins` are the columns, headings and values whose unit nobody knows yet: their facts are
/// left out.
pub(super) fn write(page: &mut Page, drafted: Drafted<'_>, source: &Source, stand_ins: &[String]) {
    let Some(input) = input(drafted, source) else {
        page.line(&said!(
            "\n# TODO 编写 [[test]]：该格式的一小段文本样例及其应得的数据",
            "\n# TODO a [[test]]: a small export of the format as text, and the facts it gives"
        ));
        return;
    };
    let name = said!(
        "起草所依据文件的表头和前几行",
        "the headings and the first rows of the export that this was drafted from"
    );
    let test = SourceTest {
        name: name.en().to_owned(),
        file: drafted.name.to_owned(),
        input,
        facts: Vec::new(),
        problems: Vec::new(),
        is_whole: false,
    };
    match tried(source, &test, stand_ins) {
        Ok((facts, problems)) => {
            let (name, file) = (Said::new(quote(name.zh()), quote(name.en())), quote(&test.file));
            page.line(
                &said!("\n[[test]]\nname = {name}\nfile = {file}", "\n[[test]]\nname = {name}\nfile = {file}"; name),
            );
            let _ = writeln!(page, "input = {}", several_lines(&test.input));
            let facts: String = facts.iter().map(|fact| format!("    {},\n", quote(fact))).collect();
            let facts = if facts.is_empty() { String::new() } else { format!("\n{facts}") };
            let _ = writeln!(page, "facts = [{facts}]");
            let problems: Vec<String> = problems.iter().map(|code| quote(code)).collect();
            let _ = writeln!(page, "problems = [{}]", problems.join(", "));
        }
        Err(codes) => {
            let codes = list(&codes);
            page.line(&said!(
                "\n# TODO 编写 [[test]]：该文件的前几行不产生数据（{codes}）",
                "\n# TODO a [[test]]: the first rows of the export give no facts ({codes})";
                codes
            ));
        }
    }
}

/// What a run makes of the test: facts and codes; only the codes where it makes nothing that can be written down.
fn tried(
    source: &Source,
    test: &SourceTest,
    stand_ins: &[String],
) -> Result<(Vec<String>, Vec<&'static str>), Vec<&'static str>> {
    let mut findings = Findings::new(usize::MAX);
    let registers = Registers::default();
    let input = Input { name: &test.file, bytes: &[], corrections: &[], received: Some(Date::ZERO) };
    let piece = source.of_a_piece();
    let no_registers = || Ok::<_, Failure>(&registers);
    let book = trials::book(&piece, test, &mut findings);
    let cleaned = book.and_then(|book| clean_with(&no_registers, &piece, input, book, &mut findings).ok());
    let mut codes: Vec<&'static str> = findings.kept().iter().map(|problem| problem.rule.code).collect();
    codes.sort_unstable();
    let of_registers = codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    let facts = cleaned.map(|cleaned| cleaned.facts).unwrap_or_default();
    let is_shown = facts.rows() > 0 || is_about_enterprises(source) && codes.iter().all(|code| code.starts_with('C'));
    if !is_shown || !trials::told_by_registers(&of_registers).is_empty() {
        codes.dedup();
        return Err(codes);
    }
    Ok(((0..facts.rows()).map(|row| fact(&facts, row, stand_ins)).collect(), codes))
}

/// A row of facts as a test has it. What a blank stands in cannot be compared.
fn fact(facts: &Frame, row: usize, stand_ins: &[String]) -> String {
    let is_open = |name: &str| stand_ins.iter().any(|open| open == name);
    let heading = facts.column("indicator").and_then(|values| values.text(row)).unwrap_or_default();
    // In the text of the test merged headings are repeated, and so are put together in another way.
    let bare = |heading: &str| text::key(heading).replace('/', "");
    let is_value_open = is_open(VALUE) || stand_ins.iter().any(|open| bare(open) == bare(&heading));
    let pairs = trials::pairs(facts, row).into_iter().filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        let is_of_value = is_value_open && [VALUE, "unit"].contains(&name);
        let is_unknown = is_of_value || is_open(name) || name.contains('…');
        !is_unknown && !ORIGIN.contains(&name) && !pair.contains(char::is_whitespace)
    });
    pairs.collect::<Vec<_>>().join(" ")
}

fn is_about_enterprises(source: &Source) -> bool {
    source.columns.iter().any(|column| column.kind == Kind::UnitCode)
}

/// The rows of the test in the format of the export; none where a person does not write that.
fn input(drafted: Drafted<'_>, source: &Source) -> Option<String> {
    let rows = rows(drafted, source);
    match drafted.book.format {
        Format::Csv | Format::Xls | Format::Xlsx | Format::Ods | Format::Dbf | Format::Parquet => {
            Some(separated(&rows))
        }
        Format::Tsv if rows.iter().flatten().all(|cell| !cell.contains(['\t', '\n', '\r', '"'])) => {
            Some(rows.iter().map(|row| row.join("\t") + "\n").collect())
        }
        Format::Html => Some(page(&rows)),
        Format::Tsv | Format::Mht | Format::Xml | Format::Json => None,
    }
}

/// What stands over the table, its header and its first rows. Of a form about enterprises nothing of any of them is shown: a row of
/// none stands for them.
fn rows(drafted: Drafted<'_>, source: &Source) -> Vec<Vec<String>> {
    let found = &drafted.first.found;
    let width = width(drafted, source);
    let grid = &found.grid;
    let delimited = matches!(drafted.book.format, Format::Csv | Format::Tsv);
    // Where cells are merged the text is repeated.
    let covered = grid.covered(found.header.clone());
    let cells = |row: usize, is_header: bool| {
        let len = if delimited { grid.row(row).len().min(width) } else { width };
        let seen = |column: usize| {
            if is_header { grid.seen_in(&covered, row, column) } else { grid.cell(row, column) }
        };
        (0..len).map(|column| seen(column).to_owned()).collect::<Vec<_>>()
    };
    let over = found.header.start.saturating_sub(ROWS_OVER)..found.header.start;
    let mut rows: Vec<Vec<String>> = over.map(|row| cells(row, false)).collect();
    rows.extend(found.header.clone().map(|row| cells(row, true)));
    let at = |column: usize| found.columns.iter().find(|found| found.column == column);
    let of_no_one = |column: usize| match (at(column).map(|one| one.guess), found.rows.first()) {
        (Some(Guess::UnitCode), _) => NO_ENTERPRISE,
        (Some(Guess::Number), _) => "1",
        (Some(Guess::Text), _) => EXAMPLE,
        (Some(Guess::Period), Some(first)) => grid.cell(first.row, column),
        (Some(Guess::Empty | Guess::Industry | Guess::Region | Guess::Period) | None, _) => "",
    };
    let shown = found.rows.iter().take(ROWS).flat_map(|row| grid.row(row.row).filled());
    if is_about_enterprises(source) || shown.into_iter().any(|(_, cell)| layout::is_enterprise(cell)) {
        rows.push((0..width).map(|column| of_no_one(column).to_owned()).collect());
        return rows;
    }
    for data in found.rows.iter().take(ROWS) {
        let mut row = cells(data.row, false);
        // Codes are looked up in registers, which are not those of this export.
        let is_code = |column: usize| matches!(at(column).map(|one| one.guess), Some(Guess::Region | Guess::Industry));
        row.iter_mut().enumerate().filter(|(column, _)| is_code(*column)).for_each(|(_, cell)| cell.clear());
        rows.push(row);
    }
    rows
}

/// How many columns the test has: of values that stand across the first ones, if all that is declared stands left of the others.
fn width(drafted: Drafted<'_>, source: &Source) -> usize {
    let found = &drafted.first.found;
    let width = found.grid.width();
    if source.layout.across == Across::None {
        return width;
    }
    let headers: Vec<String> = source.columns.iter().flat_map(|column| &column.headers).map(|h| text::key(h)).collect();
    let is_declared = |column: &FoundColumn| column.labels.iter().any(|label| headers.contains(&text::key(label)));
    let needed = found.columns.iter().filter(|column| is_declared(column)).map(|column| column.column + 1).max();
    let values = found.columns.iter().filter(|column| column.guess == Guess::Number && !is_declared(column));
    let enough = values.take(VALUES_ACROSS).last().map_or(width, |column| column.column + 1);
    enough.max(needed.unwrap_or(0)).min(width)
}

/// Rows as CSV.
fn separated(rows: &[Vec<String>]) -> String {
    let cell = |cell: &String| quoted(Cow::Borrowed(cell)).into_owned();
    rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(",") + "\n").collect()
}

/// Rows as a table of a web page.
fn page(rows: &[Vec<String>]) -> String {
    let escaped = |cell: &String| cell.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let row = |row: &Vec<String>| {
        let cells: String = row.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    format!("<table>\n{}</table>\n", rows.iter().map(row).collect::<String>())
}

/// A text of several lines as TOML, as people write it where that is possible.
fn several_lines(text: &str) -> String {
    let is_plain = !text.contains('\\') && !text.contains("\"\"\"");
    let is_clean = !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
    if is_plain && is_clean { format!("\"\"\"\n{text}\"\"\"") } else { quote(text) }
}
