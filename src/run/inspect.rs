//! `inspect`: what a file is, without any definition, and a draft of one.

use std::fmt::Write as _;
use std::path::Path;

use super::setup::Failure;
use crate::config::source::Across;
use crate::layout::{self, Discovery, Guess};
use crate::read::{self, Book, Expect, Limits};
use crate::store;
use crate::vocab::Problem;

/// What was found out about a file.
#[derive(Debug)]
pub struct Inspection {
    /// Format, encoding and sheets; none if it could not be read.
    pub book: Option<Book>,
    /// For each sheet, what its table looks like.
    pub sheets: Vec<(String, usize, Discovery)>,
    /// What is wrong with the file.
    pub problems: Vec<Problem>,
    /// A source definition to begin with.
    pub draft: String,
}

/// Looks at one file.
///
/// # Errors
/// When the file cannot be opened.
pub fn inspect(path: &Path) -> Result<Inspection, Failure> {
    let bytes = store::read_file(path, Limits::default().bytes as u64)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (book, problems) = read::read(&name, &bytes, &Expect::default(), &Limits::default());
    let sheets: Vec<(String, usize, Discovery)> = book
        .iter()
        .flat_map(|book| &book.sheets)
        .map(|grid| (grid.sheet.clone(), grid.len(), layout::discover(grid)))
        .collect();
    let discovery = sheets.iter().map(|(_, _, found)| found).find(|found| found.first_body.is_some());
    let draft = match (&book, discovery) {
        (Some(book), Some(discovery)) => draft(&name, book, discovery),
        _ => String::new(),
    };
    Ok(Inspection { book, sheets, problems, draft })
}

/// A source definition that says what was found, for a person to finish: names, keys and units are theirs to decide.
fn draft(name: &str, book: &Book, found: &Discovery) -> String {
    let quote = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut text = String::new();
    let _ = writeln!(text, "title = {}", quote(found.caption.as_deref().unwrap_or(stem)));
    let _ = writeln!(text, "dataset = \"dataset_name\"           # the table of facts");
    let _ = writeln!(text, "match = {}", quote(&format!("**/{}*", stem.split('_').next().unwrap_or(stem))));
    let _ = writeln!(text, "format = {}", quote(book.format.as_str()));
    let _ = writeln!(text, "confidential = true              # false only if no row is about one enterprise");
    draft_columns(&mut text, found, quote);
    text
}

fn draft_columns(text: &mut String, found: &Discovery, quote: impl Fn(&str) -> String) {
    let across = found.across == Some(Across::Period);
    let _ = writeln!(text, "period = {}", if across { "\"rows\"" } else { "\"caption\"" });
    if across {
        let _ = writeln!(text, "across = \"period\"");
    }
    let _ = writeln!(text, "key = [\"column_1\"]");
    for (number, column) in found.columns.iter().filter(|column| !across || column.period.is_none()).enumerate() {
        let _ = writeln!(text, "\n[[column]]\nname = \"column_{}\"", number + 1);
        let label = column.labels.first().map_or("", String::as_str);
        let _ = writeln!(text, "header = [{}]", quote(label));
        if let [_, under @ ..] = column.labels.as_slice()
            && !under.is_empty()
        {
            let under: Vec<String> = under.iter().map(|label| quote(label)).collect();
            let _ = writeln!(text, "under = [{}]", under.join(", "));
        }
        let _ = writeln!(text, "kind = {}", quote(kind(column.guess)));
        if let Some(unit) = &column.unit {
            let _ = writeln!(text, "unit = {}", quote(unit));
        }
    }
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
