//! A source definition that says what was found in a file, for a person to finish.

use std::fmt::Write as _;

use super::inspect::FoundTable;
use crate::config::source::Across;
use crate::layout::{Discovery, Guess};
use crate::read::Book;
use crate::vocab::unit;

/// Writes the draft; empty where there is no table. What only a person knows is marked `TODO`.
pub(super) fn draft(name: &str, book: &Book, tables: &[FoundTable]) -> String {
    let filled = |table: &&FoundTable| !table.found.rows.is_empty() && !table.found.header.is_empty();
    let numbers =
        |table: &&FoundTable| std::cmp::Reverse(table.found.cells().filter(|cell| cell.value.is_some()).count());
    // The largest table is what the file is for; of equals the first.
    let Some(first) = tables.iter().filter(filled).min_by_key(numbers) else { return String::new() };
    let found = &first.found;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut text = String::new();
    let title = found.caption.as_deref().unwrap_or(stem);
    let _ = writeln!(text, "title = {}", quote(title));
    let _ = writeln!(text, "dataset = \"dataset_name\"           # TODO the table of facts");
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
    let long = found.across.is_some() || !form && (found.header.len() > 1 || numbers(found) > 8);
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
            Some(unit) if unit::parse(unit).is_ok() => {
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
}

/// Whether some column of numbers has no unit, nor have the rows.
fn values_without_unit(found: &Discovery) -> bool {
    let by_row = found.rows.iter().all(|row| row.unit.is_some());
    !by_row
        && found.columns.iter().any(|c| c.column != found.label_column && c.guess == Guess::Number && c.unit.is_none())
}

fn numbers(found: &Discovery) -> usize {
    found.columns.iter().filter(|column| column.guess == Guess::Number).count()
}

fn columns(text: &mut String, found: &Discovery, across: &str) {
    let declared: Vec<_> = found
        .columns
        .iter()
        .filter(|column| match across {
            "none" => true,
            "period" => {
                column.column == found.label_column || (column.period.is_none() && column.guess != Guess::Number)
            }
            _ => column.column == found.label_column,
        })
        .filter(|column| !column.labels.is_empty() || column.column == found.label_column)
        .collect();
    // A column of this name may say the unit of each row behind the row's name.
    let indicators = across != "none" && found.rows.iter().any(|row| row.unit.is_some());
    let name = |number: usize| {
        if number == 0 && indicators { "indicator".to_owned() } else { format!("column_{}", number + 1) }
    };
    let _ = writeln!(text, "key = [{}]", quote(&name(0)));
    if across == "indicator" {
        let others =
            found.columns.iter().filter(|column| column.column != found.label_column && column.guess == Guess::Text);
        let ignored: Vec<String> =
            others.filter_map(|column| column.labels.first()).map(|label| quote(label)).collect();
        if !ignored.is_empty() {
            let _ = writeln!(text, "ignore = [{}]", ignored.join(", "));
        }
    }
    let mut timed = false;
    for (number, column) in declared.into_iter().enumerate() {
        let unit = column.unit.as_deref().or_else(|| unit_of_rows(found)).or_else(|| found.unit());
        let unit = unit.filter(|_| column.guess == Guess::Number);
        // The name of a number says its canonical unit.
        let canonical = unit.and_then(|unit| unit::parse(unit).ok()).map(|unit| unit.dimension.canonical());
        let suffix = canonical.map(|canonical| format!("_{canonical}")).unwrap_or_default();
        let _ = writeln!(text, "\n[[column]]\nname = {}", quote(&(name(number) + &suffix)));
        let label = column.labels.first().map_or("", String::as_str);
        let _ = writeln!(text, "header = [{}]", quote(label));
        if let (true, [_, under @ ..]) = (across == "none", column.labels.as_slice())
            && !under.is_empty()
        {
            let under: Vec<String> = under.iter().map(|label| quote(label)).collect();
            let _ = writeln!(text, "under = [{}]", under.join(", "));
        }
        // One column says the period; another that says it in other words is text.
        let again = timed && column.guess == Guess::Period;
        timed |= column.guess == Guess::Period;
        let _ = writeln!(text, "kind = {}", quote(if again { "text" } else { kind(column.guess) }));
        match unit {
            Some(unit) => {
                let _ = writeln!(text, "unit = {}", quote(unit));
            }
            None if column.guess == Guess::Number => {
                let _ = writeln!(
                    text,
                    "# unit = \"…\"                      # TODO the file does not say it; `name` ends in it"
                );
            }
            None => {}
        }
    }
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
