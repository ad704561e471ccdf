//! A source definition that says what was found in a file, for a person to finish.

use std::fmt::Write as _;

use super::inspect::{FoundTable, Inspection};
use crate::config::source::Across;
use crate::layout::{Discovery, FoundColumn, Guess};
use crate::read::Book;
use crate::vocab::transfer;
use crate::vocab::unit::{self, Own};

/// The draft for an archive: that of the member with the most figures, and what the others are called. A definition is for
/// members of one layout, whatever archive they come in.
pub(super) fn of_archive(name: &str, members: &[Inspection]) -> String {
    let drafted: Vec<&Inspection> = members.iter().filter(|member| !member.draft.is_empty()).collect();
    let figures = |member: &Inspection| member.tables.iter().map(|table| table.found.filled_cells().count()).sum();
    let Some(first) = drafted.iter().min_by_key(|member| std::cmp::Reverse::<usize>(figures(member))) else {
        return String::new();
    };
    let inner = |member: &Inspection| comment(member.name.strip_prefix(name).unwrap_or(&member.name));
    let mut text = format!("# {}\n", inner(first));
    for other in drafted.iter().filter(|other| other.name != first.name) {
        let _ = writeln!(text, "# TODO beside it: {}", inner(other));
    }
    text + &first.draft
}

/// A name within a comment.
fn comment(name: &str) -> String {
    name.trim_start_matches('/').replace(char::is_control, "\u{FFFD}")
}

/// Writes the draft; empty where there is no table. What only a person knows is marked `TODO`.
pub(super) fn draft(name: &str, book: &Book, tables: &[FoundTable]) -> String {
    let filled = |table: &&FoundTable| !table.found.rows.is_empty() && !table.found.header.is_empty();
    let largest =
        |table: &&FoundTable| std::cmp::Reverse(table.found.filled_cells().filter(|cell| cell.value.is_some()).count());
    // The largest table is what the file is for; of equals the first.
    let Some(first) = tables.iter().filter(filled).min_by_key(largest) else { return String::new() };
    let found = &first.found;
    let inner = transfer::without_gzip(name.rsplit('/').next().unwrap_or(name));
    let stem = inner.rsplit_once('.').map_or(inner, |(stem, _)| stem);
    let mut text = String::new();
    let title = found.caption.as_deref().unwrap_or(stem);
    let _ = writeln!(text, "title = {}", quote(title));
    let _ = writeln!(text, "dataset = \"dataset_name\"           # TODO the table of facts");
    // The narrowest use, until a person says otherwise.
    let _ = writeln!(
        text,
        "collection = \"survey\"              # TODO survey, administrative or published: it decides what it may be used for"
    );
    let _ = writeln!(text, "match = {}", quote(&format!("**/{}*", escape_glob(family(stem)))));
    let _ = writeln!(text, "format = {}", quote(book.format.as_str()));
    if tables.iter().filter(filled).any(|table| table.sheet != first.sheet) {
        let _ = writeln!(text, "sheet = {}", quote(&first.sheet));
    }
    if tables.iter().filter(|table| table.sheet == first.sheet).count() > 1 {
        let _ = writeln!(text, "tables = \"several\"");
    }
    let _ = writeln!(text, "confidential = true                # TODO false only if no row is about one enterprise");
    body(&mut text, found);
    text
}

fn body(text: &mut String, found: &Discovery) {
    // A form has one record for each enterprise, and names its columns; a table of a yearbook has a value in each cell.
    let form = found.columns.iter().any(|column| column.guess == Guess::UnitCode);
    let long = found.across.is_some() || !form && (found.header.len() > 1 || numbers(found) > 8 || units_differ(found));
    let across = match found.across {
        Some(Across::Period) => "period",
        _ if long => "indicator",
        _ => "none",
    };
    let period = match (across, found.periods_down, found.stated_period()) {
        ("period", ..) | (_, Some(_), _) => "rows",
        (_, None, Some(_)) => "caption",
        (_, None, None) => "none",
    };
    let _ = writeln!(text, "period = {}", quote(period));
    if across != "none" {
        let _ = writeln!(text, "across = {}", quote(across));
        match found.unit() {
            Some(unit) if unit::known(unit).is_some() => {
                let _ = writeln!(text, "value_unit = {}", quote(unit));
            }
            _ if values_without_unit(found) => {
                let _ = writeln!(
                    text,
                    "# value_unit = \"…\"              # TODO the file does not say the unit of all values"
                );
            }
            _ => {}
        }
    }
    columns(text, found, across);
    if across == "indicator" {
        units(text, found, &declared(found, across));
    }
}

/// The columns that stand across and whose figures are not in the unit that is stated for others: a person names theirs.
fn units(text: &mut String, found: &Discovery, declared: &[&FoundColumn]) {
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
    let _ =
        writeln!(text, "\n[units]                             # TODO of columns that are not in the unit of the table");
    for column in open {
        let _ = writeln!(text, "# {} = \"…\"", quote(&column.title));
    }
}

/// Whether the rows are measured in units of several kinds, so that a column of theirs has no one canonical unit.
fn units_differ(found: &Discovery) -> bool {
    let known = found.rows.iter().filter_map(|row| unit::known(row.unit.as_deref()?));
    let mut dimensions = known.map(|unit| unit.dimension);
    dimensions.next().is_some_and(|first| dimensions.any(|other| other != first))
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

/// The columns that are declared one by one; what stands across is not.
fn declared<'d>(found: &'d Discovery, across: &str) -> Vec<&'d FoundColumn> {
    let names_rows = |column: &FoundColumn| Some(column.column) == found.label_column;
    let wanted = |column: &&FoundColumn| match across {
        "none" => true,
        "period" => names_rows(column) || (column.period.is_none() && column.guess != Guess::Number),
        // With time down the rows a row is not told by one label.
        _ if found.periods_down.is_some() => !matches!(column.guess, Guess::Number | Guess::Empty),
        _ => names_rows(column) || found.unit_column == Some(column.column),
    };
    let labelled = |column: &&FoundColumn| !column.labels.is_empty() || names_rows(column);
    found.columns.iter().filter(wanted).filter(labelled).collect()
}

fn columns(text: &mut String, found: &Discovery, across: &str) {
    let declared = declared(found, across);
    let units_in_labels = across != "none" && found.rows.iter().any(|row| unit::split_label(&row.label).1.is_some());
    let name = |(at, column): (usize, &&FoundColumn)| match unit_of(found, column) {
        _ if at == 0 && units_in_labels && across == "period" => "indicator".to_owned(),
        // The name of a number says its canonical unit.
        Some(Ok(unit)) => format!("column_{}_{}", at + 1, unit.dimension.canonical()),
        None if column.guess == Guess::Number && found.unit_column.is_some() => {
            let of_rows = found.rows.iter().find_map(|row| unit::known(row.unit.as_deref()?));
            format!("column_{}_{}", at + 1, of_rows.map_or("…", |unit| unit.dimension.canonical()))
        }
        _ => format!("column_{}", at + 1),
    };
    let names: Vec<String> = declared.iter().enumerate().map(name).collect();
    let tells_rows = |(at, column): (usize, &&FoundColumn)| {
        at == 0 || across == "indicator" && found.unit_column != Some(column.column)
    };
    let key = declared.iter().enumerate().filter(|told| tells_rows(*told)).filter_map(|(at, _)| names.get(at));
    let key: Vec<String> = key.map(|name| quote(name)).collect();
    let _ = writeln!(text, "key = [{}]", key.join(", "));
    if across == "indicator" {
        let beside = |column: &&FoundColumn| {
            let is_declared = declared.iter().any(|declared| declared.column == column.column);
            !is_declared && (column.guess == Guess::Text || column.own == Some(Own::Number))
        };
        let ignored = found.columns.iter().filter(beside).filter_map(|column| column.labels.first());
        let ignored: Vec<String> = ignored.map(|label| quote(label)).collect();
        if !ignored.is_empty() {
            let _ = writeln!(text, "ignore = [{}]", ignored.join(", "));
        }
    }
    for (column, name) in declared.into_iter().zip(names) {
        // One column says the period; another that says it in other words, or when something happened, is text.
        let again = column.guess == Guess::Period && found.periods_down != Some(column.column);
        let kind = match kind(column.guess) {
            _ if found.unit_column == Some(column.column) => "unit",
            _ if again => "text",
            "text" if units_in_labels && Some(column.column) == found.label_column => "label",
            "text" if names_units(found, column) => "label",
            kind => kind,
        };
        self::column(text, found, column, &name, kind, across == "none");
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
fn column(text: &mut String, found: &Discovery, column: &FoundColumn, name: &str, kind: &str, with_under: bool) {
    let _ = writeln!(text, "\n[[column]]\nname = {}", quote(name));
    let _ = writeln!(text, "header = [{}]", quote(column.labels.first().map_or("", String::as_str)));
    let under: Vec<String> = column.labels.iter().skip(1).map(|label| quote(label)).collect();
    if with_under && !under.is_empty() {
        let _ = writeln!(text, "under = [{}]", under.join(", "));
    }
    let _ = writeln!(text, "kind = {}", quote(kind));
    let _ = match unit_of(found, column) {
        Some(Ok(unit)) => writeln!(text, "unit = {}", quote(unit.name)),
        Some(Err(stated)) => writeln!(text, "# unit = {}      # TODO no unit of the vocabulary", quote(stated)),
        None if column.guess == Guess::Number && found.unit_column.is_none() => {
            writeln!(text, "# unit = \"…\"                      # TODO the file does not say it; `name` ends in it")
        }
        None => Ok(()),
    };
}

/// The unit of a column of numbers: said by the column, by all rows alike, or over the table; as written where no unit of
/// the vocabulary has that name.
fn unit_of<'d>(found: &'d Discovery, column: &'d FoundColumn) -> Option<Result<&'static unit::Unit, &'d str>> {
    let of_rows = || unit_of_rows(found).filter(|unit| column.own_may_be_in(Some(unit)));
    let of_table = || found.unit().filter(|unit| column.may_be_in(Some(unit)));
    let said = column.unit.as_deref().or_else(of_rows).or_else(of_table);
    let said = said.filter(|_| column.guess == Guess::Number)?;
    Some(unit::known(said).ok_or(said))
}

/// The unit that every row says, if it is one.
fn unit_of_rows(found: &Discovery) -> Option<&str> {
    let first = found.rows.first()?.unit.as_deref()?;
    found.rows.iter().all(|row| row.unit.as_deref() == Some(first)).then_some(first)
}

/// A text as a string of TOML: its escapes are those of JSON.
fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
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
