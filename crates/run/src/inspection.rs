//! What was found out about a file.

use std::collections::BTreeMap;

use clean::Issued;
use layout::Discovery;
use read::Book;
use vocab::{Problem, Said, text};

/// What was found out about a file.
#[derive(Debug)]
pub struct Inspection {
    /// The file's name.
    pub name: String,
    /// Format, encoding and sheets; none if it could not be read.
    pub book: Option<Book>,
    /// The days of issue that it gives itself; the first counts where a definition does not say which one does.
    pub issued: Vec<Issued>,
    /// The tables, sheet by sheet.
    pub tables: Vec<FoundTable>,
    /// What is wrong with the file as a whole.
    pub problems: Vec<Problem>,
    /// A source definition to begin with, of an archive for its largest table; none where no table was found, or none was
    /// asked for.
    pub draft: Option<Said>,
    /// What was found out about the members, if the file is an archive of exports.
    pub members: Vec<Inspection>,
}

impl Inspection {
    /// A file that holds no table itself.
    pub(super) fn without_table(name: String, problems: Vec<Problem>, members: Vec<Inspection>) -> Self {
        Inspection { name, book: None, issued: Vec::new(), tables: Vec::new(), problems, draft: None, members }
    }

    /// Whether there is anything in the file that can be used.
    pub fn is_read(&self) -> bool {
        self.book.is_some() || self.members.iter().any(Inspection::is_read)
    }

    /// The file itself and, of an archive, its members.
    pub fn all(&self) -> impl Iterator<Item = &Inspection> {
        std::iter::once(self).chain(&self.members)
    }
}

/// One table of a file.
#[derive(Debug)]
pub struct FoundTable {
    /// The sheet's name.
    pub sheet: String,
    /// The table's number in its sheet, counted from one.
    pub number: usize,
    /// What can be seen in it; its period is that of the file's name where it says none itself.
    pub found: Discovery,
    /// Whether that is so.
    pub period_by_name: bool,
    /// The table before it that it repeats value for value, as pages do that hold each table twice.
    pub repeats: Option<String>,
}

impl FoundTable {
    /// How often each symbol for a missing value stands in it; a blank cell is `""`.
    pub fn missing(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        let mut blank = self.found.cell_count();
        for cell in self.found.filled_cells() {
            blank -= 1;
            if cell.missing {
                *counts.entry(text::trim(cell.text)).or_default() += 1;
            }
        }
        if blank > 0 {
            *counts.entry("").or_default() += blank;
        }
        counts
    }
}
