//! A source definition that says what was found in a file, for a person to finish.

mod page;
mod trial;
mod whole;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::inspection::{FoundTable, Inspection};
use config::Config;
use config::source::Across;
use layout::{Discovery, FoundColumn, FoundRow, Guess};
use page::{Drafted, Page, VALUE, quote};
use read::Book;
use vocab::unit::{self, Own};
use vocab::{Said, said, text, transfer};

/// The draft for an archive: that of the member with the most figures, and what the others are called. A definition is for
/// members of one layout, whatever archive they come in.
pub(super) fn of_archive(name: &str, members: &[Inspection]) -> Option<Said> {
    let drafted: Vec<(&Inspection, &Said)> =
        members.iter().filter_map(|one| Some((one, one.draft.as_ref()?))).collect();
    let figures = |member: &Inspection| member.tables.iter().map(|table| table.found.filled_cells().count()).sum();
    let (first, draft) = drafted.iter().min_by_key(|(member, _)| std::cmp::Reverse::<usize>(figures(member)))?;
    let inner = |member: &Inspection| comment(member.name.strip_prefix(name).unwrap_or(&member.name));
    let mut text = vec![Said::words(format!("# {}\n", inner(first)))];
    for (other, _) in drafted.iter().filter(|(other, _)| other.name != first.name) {
        let other = inner(other);
        text.push(said!("# TODO 同一压缩包内还有：{other}\n", "# TODO beside it: {other}\n"));
    }
    Some(Said::join(text.iter().chain([*draft]), "", ""))
}

/// A name within a comment.
fn comment(name: &str) -> String {
    name.trim_start_matches('/').replace(char::is_control, "\u{FFFD}")
}

/// The unit that stands for one that the file does not say, and what names end in then: figures of six decimals are whole numbers of it.
const STAND_IN: (&str, &str) = ("吨", "g");

fn is_filled(table: &&FoundTable) -> bool {
    !table.found.rows.is_empty() && !table.found.header.is_empty()
}

/// Writes the draft; none where there is no table. What only a person knows is marked `TODO`. What the export shows of itself
/// as a whole becomes what is expected of the next one, and its first rows a test: both by reading it with the draft, as a run
/// would.
pub(super) fn draft(name: &str, book: &Book, tables: &[FoundTable]) -> Option<Said> {
    let largest =
        |table: &&FoundTable| std::cmp::Reverse(table.found.filled_cells().filter(|cell| cell.value.is_some()).count());
    // The largest table is what the file is for; of equals the first.
    let first = tables.iter().filter(is_filled).min_by_key(largest)?;
    let name = transfer::without_gzip(name.rsplit('/').next().unwrap_or(name));
    let drafted = Drafted { name, book, tables, first };
    let mut page = drafted.definition(false);
    let filled = drafted.definition(true);
    match Config::source("draft", filled.text()) {
        Ok(source) => {
            whole::write(&mut page, drafted, &source);
            trial::write(&mut page, drafted, &source, &filled.stand_ins);
        }
        Err(mistakes) => {
            let first = mistakes.first().map(|mistake| mistake.message.clone()).unwrap_or_default();
            let first = Said::new(first.zh().replace('\n', " "), first.en().replace('\n', " "));
            page.line(&said!("\n# TODO {first}", "\n# TODO {first}"; first));
        }
    }
    Some(page.said())
}

impl Drafted<'_> {
    /// The definition, without what is expected and without a test.
    fn definition(self, is_filled: bool) -> Page {
        let Drafted { name, book, tables, first } = self;
        let mut text = Page::new(is_filled);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let title = first.found.caption.as_deref().unwrap_or(stem);
        let _ = writeln!(text, "title = {}", quote(title));
        text.line(&said!(
            "dataset = \"dataset_name\"           # TODO 数据表的名称",
            "dataset = \"dataset_name\"           # TODO the table of facts"
        ));
        // The narrowest use, until a person says otherwise.
        text.line(&said!(
            "collection = \"survey\"              # TODO 调查 survey、行政记录 administrative 或公开发布 published：\
             决定其用途",
            "collection = \"survey\"              # TODO survey, administrative or published: it decides what it may be used for"
        ));
        let _ = writeln!(text, "match = {}", quote(&format!("**/{}*", escape_glob(family(stem)))));
        let _ = writeln!(text, "format = {}", quote(book.format.as_str()));
        if tables.iter().filter(self::is_filled).any(|table| table.sheet != first.sheet) {
            let _ = writeln!(text, "sheet = {}", quote(&first.sheet));
        }
        let has_others = tables.iter().filter(|table| table.sheet == first.sheet).count() > 1;
        // Names of totals are given to the rows of each table that is cut out of its sheet.
        if has_others || are_told_by_parents(&first.found) {
            let _ = writeln!(text, "tables = \"several\"");
        }
        if let Some(row) = first.found.heading_or_data() {
            let (rows, more) = (first.found.header.len(), first.found.header.len() + 1);
            text.line(&said!(
                "header_rows = {rows}                    # TODO 第 {row} 行是数据；若是表头，则为 {more}",
                "header_rows = {rows}                    # TODO row {row} is data; or a heading: then {more}"
            ));
        }
        text.line(&said!(
            "confidential = true                # TODO 没有任何一行涉及单个企业时，方可为 false",
            "confidential = true                # TODO false only if no row is about one enterprise"
        ));
        body(&mut text, &first.found);
        text
    }
}

/// What a table is made of.
fn body(text: &mut Page, found: &Discovery) {
    // A form has one record for each enterprise, and names its columns; a table of a yearbook has a value in each cell.
    let form = found.columns.iter().any(|column| column.guess == Guess::UnitCode);
    let long = found.across.is_some() || !form && (found.header.len() > 1 || numbers(found) > 8 || units_differ(found));
    let across = match found.across {
        Some(Across::Period) => "period",
        _ if long => "indicator",
        _ => "none",
    };
    let period = match (across, found.periods_down, found.stated_period()) {
        _ if parts_down(found) => "rows",
        ("period", ..) | (_, Some(_), _) => "rows",
        (_, None, Some(_)) => "caption",
        // A run then says that it cannot be read.
        (_, None, None) if found.unread.is_some() => "caption",
        (_, None, None) => "none",
    };
    let _ = writeln!(text, "period = {}", quote(period));
    if across != "none" {
        let choice = found.period_twice().filter(|_| across == "period").map(|row| {
            said!(
                "             # TODO 第 {row} 行也写有时期：以其为准时用 \"indicator\"；否则在下面写 \
                 `kind = \"text\"`",
                "             # TODO row {row} names a period too: \"indicator\" if it holds; or \
                 `kind = \"text\"` below"
            )
        });
        let (quoted, choice) = (quote(across), choice.unwrap_or_default());
        text.line(&said!("across = {quoted}{choice}", "across = {quoted}{choice}"; choice));
        match found.unit() {
            // Another file of the same layout has another indicator, in another unit.
            Some(unit) if over_all(found).any(|said| said.states(unit)) => {}
            Some(unit) if unit::known(unit).is_some() => {
                let _ = writeln!(text, "value_unit = {}", quote(unit));
            }
            _ if values_without_unit(found) && text.is_filled => {
                let _ = writeln!(text, "value_unit = {}", quote(STAND_IN.0));
                text.stand_ins.push(VALUE.to_owned());
            }
            _ if values_without_unit(found) => text.line(&said!(
                "# value_unit = \"…\"              # TODO 文件没有注明全部数值的单位",
                "# value_unit = \"…\"              # TODO the file does not say the unit of all values"
            )),
            _ => {}
        }
    }
    columns(text, found, across);
    if across == "indicator" {
        units(text, found, &declared(found, across));
    }
}

/// Whether the names of rows are parts of the year that stands over the table: `一季度` under `2018年各季…`.
fn parts_down(found: &Discovery) -> bool {
    found.periods_down.is_none() && found.rows.iter().any(|row| row.period.is_some())
}

/// What a line over the table says of all its rows, and files of one layout say differently.
struct OverAll<'d> {
    name: &'static str,
    key: &'d str,
    value: &'d str,
}

impl OverAll<'_> {
    /// Whether it names an indicator in this unit.
    fn states(&self, unit: &str) -> bool {
        let stated = unit::split_label(self.value).1;
        stated.as_deref().and_then(unit::known).is_some_and(|stated| unit::known(unit) == Some(stated))
    }
}

/// Keys of such lines, and what their columns are called.
const OVER_ALL: [(&str, &str); 7] = [
    ("指标", "indicator_name"),
    ("指标名称", "indicator_name"),
    ("统计指标", "indicator_name"),
    ("地区", "area_name"),
    ("行业", "industry_name"),
    ("产品", "product_name"),
    ("分组", "group_name"),
];

/// The lines over the table that tell one file of a layout from another.
fn over_all(found: &Discovery) -> impl Iterator<Item = OverAll<'_>> {
    let named = found.preamble.iter().filter(|entry| !entry.value.is_empty()).filter_map(|entry| {
        let key = text::key(&entry.key);
        let &(_, name) = OVER_ALL.iter().find(|(known, _)| *known == key)?;
        Some(OverAll { name, key: &entry.key, value: &entry.value })
    });
    let mut names: Vec<&str> = Vec::new();
    named.filter(move |said| {
        let is_first = !names.contains(&said.name);
        names.push(said.name);
        is_first
    })
}

/// The columns that stand across and whose figures are not in the unit that is stated for others: a person names theirs.
fn units(text: &mut Page, found: &Discovery, declared: &[&FoundColumn]) {
    let stands_across = |column: &&FoundColumn| {
        column.guess == Guess::Number
            && column.own != Some(Own::Number)
            && !declared.iter().any(|other| other == column)
    };
    let open =
        |column: &&FoundColumn| column.unit.is_none() && found.unit().is_some() && unit_of(found, column).is_none();
    let open: Vec<&FoundColumn> = found.columns.iter().filter(stands_across).filter(open).collect();
    if open.is_empty() {
        return;
    }
    text.line(&said!(
        "\n[units]                             # TODO 各列的单位，表的单位不适用于这些列",
        "\n[units]                             # TODO of columns that are not in the unit of the table"
    ));
    for column in open {
        if text.is_filled {
            let _ = writeln!(text, "{} = {}", quote(&column.title), quote(STAND_IN.0));
            text.stand_ins.push(column.title.clone());
        } else {
            let _ = writeln!(text, "# {} = \"…\"", quote(&column.title));
        }
    }
}

/// Whether the figures of a row are something else than those of others, by the words of its label: `比上年增长`.
fn is_apart(row: &FoundRow) -> bool {
    row.unit.is_none() && row.own.is_some()
}

/// Whether the rows are measured in units of several kinds, so that a column of theirs has no one canonical unit.
fn units_differ(found: &Discovery) -> bool {
    if found.rows.iter().any(is_apart) {
        return true;
    }
    let of_rows: Vec<&unit::Unit> = found.rows.iter().filter_map(|row| unit::known(row.unit.as_deref()?)).collect();
    let Some(first) = of_rows.first() else { return false };
    // A row that states its unit stands among others, which are in the unit of their column.
    let of_columns = found.columns.iter().filter_map(|column| unit_of(found, column)?.ok());
    of_rows.iter().copied().chain(of_columns).any(|other| other.dimension != first.dimension)
}

/// Whether some column of numbers has no unit, nor have the rows.
fn values_without_unit(found: &Discovery) -> bool {
    let by_row = found.rows.iter().all(|row| row.unit.is_some());
    !by_row
        && found
            .columns
            .iter()
            .any(|c| Some(c.column) != found.label_column && c.guess == Guess::Number && c.unit.is_none())
}

fn numbers(found: &Discovery) -> usize {
    found.columns.iter().filter(|column| column.guess == Guess::Number).count()
}

/// Whether the rows of a long table name in this column what their one value is of.
fn names_series(found: &Discovery, column: &FoundColumn) -> bool {
    let heading = text::key(&column.title);
    let is_name = OVER_ALL.iter().any(|(known, name)| *name == "indicator_name" && *known == heading);
    is_name && numbers(found) == 1 && found.names.contains(&column.column)
}

/// The columns that are declared one by one; what stands across is not.
fn declared<'d>(found: &'d Discovery, across: &str) -> Vec<&'d FoundColumn> {
    let names_rows = |column: &FoundColumn| Some(column.column) == found.label_column;
    let wanted = |column: &&FoundColumn| match across {
        "none" => column.own != Some(Own::Number) || names_rows(column) || column.guess == Guess::Period,
        "period" => names_rows(column) || (column.period.is_none() && column.guess != Guess::Number),
        // With time down the rows a row is not told by one label.
        _ if found.periods_down.is_some() => !matches!(column.guess, Guess::Number | Guess::Empty),
        _ => found.names.contains(&column.column) || found.unit_column == Some(column.column),
    };
    // Headings may be blank over all that names the rows.
    let first_heading = found.columns.iter().position(|column| !column.labels.is_empty()).unwrap_or(0);
    let leads = |column: &FoundColumn| {
        column.guess == Guess::Text && found.columns.iter().take(first_heading).any(|other| other == column)
    };
    let labelled = |column: &&FoundColumn| !column.labels.is_empty() || names_rows(column) || leads(column);
    found.columns.iter().filter(wanted).filter(labelled).collect()
}

fn columns(text: &mut Page, found: &Discovery, across: &str) {
    let declared = declared(found, across);
    let is_filled = text.is_filled;
    // What a row is named says what its figures are: in which unit, or that they are in none of amounts.
    let says_unit = |row: &FoundRow| unit::split_label(&row.label).1.is_some() || is_apart(row);
    let units_in_labels = across != "none" && found.rows.iter().any(says_unit);
    // Months that are only counted (1, 2, 3) are names of rows.
    let counts = |column: &FoundColumn| {
        across != "none" && column.guess == Guess::Number && Some(column.column) == found.label_column
    };
    let name = |(at, column): (usize, &&FoundColumn)| {
        let stem = format!("column_{}{}", at + 1, if column.is_of_earlier() { "_earlier" } else { "" });
        match unit_of(found, column) {
            _ if counts(column) => stem,
            _ if across == "indicator" && names_series(found, column) => "indicator".to_owned(),
            _ if at == 0 && units_in_labels && across == "period" => "indicator".to_owned(),
            // The name of a number says its canonical unit.
            Some(Ok(unit)) => format!("{stem}_{}", unit.dimension.canonical()),
            None if column.guess == Guess::Number && found.unit_column.is_some() => {
                let of_rows = found.rows.iter().find_map(|row| unit::known(row.unit.as_deref()?));
                format!("{stem}_{}", of_rows.map_or("…", |unit| unit.dimension.canonical()))
            }
            None if column.guess == Guess::Number && is_filled => format!("{stem}_{}", STAND_IN.1),
            _ => stem,
        }
    };
    let names: Vec<String> = declared.iter().enumerate().map(name).collect();
    let tells_rows = |(at, column): (usize, &&FoundColumn)| {
        let names = matches!(column.guess, Guess::Text | Guess::Region | Guess::Industry | Guess::UnitCode);
        // A period is a part of what identifies a row without being named.
        let is_named = found.names.contains(&column.column) && found.periods_down != Some(column.column);
        let across = across == "indicator" || across == "period" && names;
        at == 0 || is_named || across && found.unit_column != Some(column.column)
    };
    let key = declared.iter().enumerate().filter(|told| tells_rows(*told)).filter_map(|(at, _)| names.get(at));
    let over: Vec<OverAll<'_>> = over_all(found).collect();
    let is_of_parent = are_told_by_parents(found);
    let key = key.map(String::as_str).chain(over.iter().map(|said| said.name)).chain(is_of_parent.then_some("parent"));
    let key: Vec<String> = key.map(quote).collect();
    let _ = writeln!(text, "key = [{}]", key.join(", "));
    match across {
        "period" => without_period(text, found, &declared),
        _ => ignored(text, found, &declared),
    }
    let mut labelled = false;
    for (column, name) in declared.into_iter().zip(names) {
        // One column says the period; another that says it in other words, or when something happened, is text.
        let again = column.guess == Guess::Period && found.periods_down != Some(column.column);
        let kind = match kind(column.guess) {
            _ if found.unit_column == Some(column.column) => "unit",
            _ if again => "text",
            _ if parts_down(found) && Some(column.column) == found.label_column => "period",
            "text" if units_in_labels && Some(column.column) == found.label_column => "label",
            "text" if names_units(found, column) => "label",
            "number" if counts(column) => "text",
            kind => kind,
        };
        labelled |= kind == "label";
        self::column(text, found, column, &name, kind, across == "none");
        // A row without its name or its period is no fact of anything.
        if across != "none" && (Some(column.column) == found.label_column || kind == "period") {
            let _ = writeln!(text, "value_required = true");
        }
    }
    if is_of_parent {
        let _ =
            writeln!(text, "\n[[column]]\nname = \"parent\"\nheader = [{}]\nkind = \"text\"", quote(layout::PARENT));
    }
    columns_over(text, over, across != "none" && !labelled);
}

/// Whether the same names stand under several of which they are parts, and these tell the rows apart.
fn are_told_by_parents(found: &Discovery) -> bool {
    let labels = || found.rows.iter().map(|row| &*row.label).collect::<BTreeSet<_>>();
    let with_parents = || found.rows.iter().map(|row| (row.parent.as_deref(), &*row.label)).collect::<BTreeSet<_>>();
    let all = found.rows.len();
    found.names.len() == 1 && labels().len() < all && with_parents().len() == all
}

/// Columns of texts and numbers that are neither declared nor figures.
fn ignored(text: &mut Page, found: &Discovery, declared: &[&FoundColumn]) {
    let beside = |column: &&FoundColumn| {
        let is_declared = declared.iter().any(|declared| declared.column == column.column);
        !is_declared && (column.guess == Guess::Text || column.own == Some(Own::Number))
    };
    let ignored = found.columns.iter().filter(beside).filter_map(|column| column.labels.first());
    let mut ignored: Vec<String> = ignored.map(|label| quote(label)).collect();
    ignored.dedup();
    if !ignored.is_empty() {
        let _ = writeln!(text, "ignore = [{}]", ignored.join(", "));
    }
}

/// Columns of figures whose headings name no period: nobody but a person knows which it is.
fn without_period(text: &mut Page, found: &Discovery, declared: &[&FoundColumn]) {
    let is_open = |column: &&FoundColumn| {
        let counts = column.own == Some(Own::Number) || parts_down(found) || found.periods_down.is_some();
        let is_declared = declared.iter().any(|other| other.column == column.column);
        column.guess == Guess::Number && column.period.is_none() && !counts && !is_declared
    };
    let open = found.columns.iter().filter(is_open).map(|column| quote(&column.labels.join(" / ")));
    let open: Vec<String> = open.collect();
    if !open.is_empty() {
        let open = open.join(", ");
        text.line(&said!(
            "# latest = [{open}]     # TODO 属于最近一期的用 `latest`；不属于任何时期的用 `ignore`",
            "# latest = [{open}]     # TODO of the latest period: `latest`; of none: `ignore`"
        ));
    }
}

/// The columns whose values stand over the table. One name says the unit of a row: that of the indicator, where none beside it does.
fn columns_over(text: &mut Page, over: Vec<OverAll<'_>>, with_label: bool) {
    for said in over {
        let kind = if said.name == "indicator_name" && with_label { "label" } else { "text" };
        let (name, key) = (quote(said.name), quote(said.key));
        let _ = writeln!(text, "\n[[column]]\nname = {name}\npreamble = {key}\nkind = \"{kind}\"");
    }
}

/// Whether a column of texts states the units of its rows in brackets, and nothing else does.
fn names_units(found: &Discovery, column: &FoundColumn) -> bool {
    Some(column.column) != found.label_column
        && !found.rows.is_empty()
        && found.rows.iter().all(|row| {
            let (_, unit) = unit::split_label(found.grid.cell(row.row, column.column));
            unit.is_some() && unit.as_deref() == row.unit.as_deref()
        })
}

/// One `[[column]]`.
fn column(text: &mut Page, found: &Discovery, column: &FoundColumn, name: &str, kind: &str, with_under: bool) {
    let todo = match column.is_of_earlier() {
        true => said!("     # TODO 所属时期早于本表", "     # TODO of an earlier period than the table"),
        false => Said::default(),
    };
    let quoted = quote(name);
    text.line(&said!("\n[[column]]\nname = {quoted}{todo}", "\n[[column]]\nname = {quoted}{todo}"; todo));
    let _ = writeln!(text, "header = [{}]", quote(column.labels.first().map_or("", String::as_str)));
    let under: Vec<String> = under(found, column).into_iter().map(quote).collect();
    if with_under && !under.is_empty() {
        let _ = writeln!(text, "under = [{}]", under.join(", "));
    }
    let _ = writeln!(text, "kind = {}", quote(kind));
    let unit = if kind == "text" { None } else { unit_of(found, column) };
    let is_open = kind == "number" && found.unit_column.is_none();
    match unit.map(|unit| unit.map(|unit| quote(unit.name)).map_err(quote)) {
        Some(Ok(unit)) => text.line(&Said::words(format!("unit = {unit}"))),
        Some(Err(stated)) => text.line(&said!(
            "# unit = {stated}      # TODO 不是已知单位",
            "# unit = {stated}      # TODO no unit of the vocabulary"
        )),
        None if is_open && text.is_filled => {
            text.stand_ins.push(name.to_owned());
            text.line(&Said::words(format!("unit = {}", quote(STAND_IN.0))));
        }
        None if is_open => text.line(&said!(
            "# unit = \"…\"                      # TODO 文件没有注明；`name` 以其结尾",
            "# unit = \"…\"                      # TODO the file does not say it; `name` ends in it"
        )),
        None => {}
    }
}

/// What tells a column from others under the same heading: any one of these is enough to take a column for it, so none of them stands over
/// another; all that stands over it, where nothing does.
fn under<'d>(found: &'d Discovery, column: &'d FoundColumn) -> Vec<&'d str> {
    let Some((first, more)) = column.labels.split_first() else { return Vec::new() };
    let is_alike = |other: &&FoundColumn| {
        other.column != column.column && other.labels.first().is_some_and(|label| text::key(label) == text::key(first))
    };
    let alike: Vec<String> =
        found.columns.iter().filter(is_alike).flat_map(|other| &other.labels).map(|label| text::key(label)).collect();
    let own: Vec<&str> = more.iter().map(String::as_str).filter(|label| !alike.contains(&text::key(label))).collect();
    if own.is_empty() { more.iter().map(String::as_str).collect() } else { own }
}

/// The unit of a column of numbers: said by the column, by all rows alike, or over the table; as written where no unit of
/// the vocabulary has that name.
fn unit_of<'d>(found: &'d Discovery, column: &'d FoundColumn) -> Option<Result<&'static unit::Unit, &'d str>> {
    let of_rows = || unit_of_rows(found).filter(|unit| column.own_may_be_in(Some(unit)));
    let of_table = || found.unit_for(column);
    let said = column.unit.as_deref().or_else(of_rows).or_else(of_table);
    let said = said.filter(|_| column.guess == Guess::Number)?;
    Some(unit::known(said).ok_or(said))
}

/// The unit that every row says, if it is one.
fn unit_of_rows(found: &Discovery) -> Option<&str> {
    let first = found.rows.first()?.unit.as_deref()?;
    found.rows.iter().all(|row| row.unit.as_deref() == Some(first)).then_some(first)
}

/// What the names of a series of exports have in common: all before the period or the day of the one at hand.
fn family(stem: &str) -> &str {
    match stem.split_once('_') {
        Some((first, rest)) if !first.is_empty() && rest.contains(|c: char| c.is_ascii_digit()) => first,
        _ => stem,
    }
}

/// A name as a glob that means just that name.
fn escape_glob(name: &str) -> String {
    name.chars().map(|c| if "*?[]{}\\".contains(c) { '?' } else { c }).collect()
}

fn kind(guess: Guess) -> &'static str {
    match guess {
        Guess::Number => "number",
        Guess::UnitCode => "unit_code",
        Guess::Industry => "industry",
        Guess::Region => "region",
        Guess::Period => "period",
        Guess::Empty | Guess::Text => "text",
    }
}
