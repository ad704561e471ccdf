//! What the fuzz targets share.

#![allow(missing_docs, reason = "each function is what one target does")]

pub mod packages;

use std::sync::LazyLock;

use config::Config;
use config::source::Source;
use read::{Book, Expect, Limits};
use vocab::Place;

/// Small enough that a file which is within them is soon read, and one that is not is soon refused.
fn limits() -> Limits {
    Limits {
        bytes: 1 << 20,
        inflated_bytes: 16 << 20,
        sheets: 64,
        rows: 1 << 17,
        columns: 16_384,
        cells: 1 << 18,
        cell_bytes: 32 << 10,
        ..Limits::default()
    }
}

/// Reads a file. It gives cells, or a problem that says why not.
pub fn read(name: &str, bytes: &[u8]) {
    book(name, bytes);
}

/// Reads a file that begins like this.
pub fn read_with(name: &str, head: &[&[u8]], bytes: &[u8]) {
    read(name, &[&head.concat(), bytes].concat());
}

/// Opens an archive of any kind. It gives members within the limits, or a problem that says why not.
pub fn archive(bytes: &[u8]) {
    let (members, problems) = read::archive::members("a.zip", bytes, &limits());
    assert!(members.iter().map(|member| member.bytes.len()).sum::<usize>() <= limits().inflated_bytes);
    if read::archive::is_archive(bytes) {
        assert!(!members.is_empty() || !problems.is_empty(), "nothing was taken, and nothing was said");
    }
}

fn book(name: &str, bytes: &[u8]) -> Option<Book> {
    let (book, problems) = read::read(name, bytes, &Expect::default(), &limits());
    let holds_nothing = book.as_ref().is_none_or(|book| book.sheets.iter().all(|grid| grid.text_len() == 0));
    assert!(!(holds_nothing && problems.is_empty()), "nothing was read, and nothing was said");
    // What is said can be said.
    for problem in &problems {
        assert!(!format!("{} {:?}", problem.place, problem.value).is_empty());
    }
    book
}

/// Definitions of a list, and of a table with periods across.
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    const LIST: &str = "title = \"表\"\ndataset = \"a\"\ncollection = \"survey\"\nmatch = \"*\"\nperiod = \"caption\"\nconfidential = false\nkey = [\"code\"]\n\
        [[column]]\nname = \"code\"\nheader = [\"代码\"]\nkind = \"text\"\n\
        [[column]]\nname = \"revenue_fen\"\nheader = [\"营业收入\"]\ncode = \"301\"\nunder = [\"1-本月\"]\nunit = \"千元\"\n";
    const ACROSS: &str = "title = \"表\"\ndataset = \"b\"\ncollection = \"survey\"\nmatch = \"*\"\nperiod = \"rows\"\nacross = \"period\"\n\
        value_name = \"gdp_fen\"\nvalue_unit = \"亿元\"\nconfidential = false\nkey = [\"region\"]\n\
        [[column]]\nname = \"region\"\nheader = [\"地区\"]\nkind = \"text\"\n";
    const SITE: &str = "calendar = \"finance\"\n[province]\ncode = \"410000\"\nname = \"河南省\"\n";
    let resolved = |text: &str| {
        let files = [("site.toml", SITE), ("sources/a.toml", text)];
        let files = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        Config::resolve(&files).unwrap_or_else(|errors| panic!("{errors:?}")).sources.remove(0)
    };
    [LIST, ACROSS].map(resolved).into()
});

/// Reads a table of text and lays it out: as what can be seen in it, and as it is declared.
pub fn layout(bytes: &[u8]) {
    let Some(book) = book("a.csv", bytes) else { return };
    for grid in &book.sheets {
        let widest = grid.rows().map(|row| row.len()).max().unwrap_or(0);
        for discovery in layout::discover(grid, &Place::file("a.csv")) {
            assert!(discovery.cells().count() <= grid.len() * widest, "more cells of data than there is room for");
        }
    }
    for source in SOURCES.iter() {
        for table in layout::lay_out(&book.sheets, source, "a.csv") {
            assert!(table.table.is_some() || !table.problems.is_empty(), "no table, and nothing was said");
        }
    }
}

/// Reads text as a label of each kind.
pub fn labels(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = vocab::period::parse(text);
    let _ = vocab::period::parse_in_year(text, 2018);
    for (_, found) in vocab::period::find_all(text) {
        assert!(text.contains(found), "what was found stands in the text");
    }
}
