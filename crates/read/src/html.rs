//! Tables in web pages, and in pages saved under the name of a spreadsheet.

use scraper::{ElementRef, Html, Node};

use super::cell::{self, Epoch, Meaning};
use super::context::{Context, Outcome};
use super::decode::Decoded;
use super::format::Encoding;
use super::grid::{Grid, Merge};
use super::limits::Counted;
use super::marked::{self, RAISED, STRUCK};
use super::tags;
use vocab::note::is_marked;
use vocab::rules::{NOT_DATA, UNDECODABLE};
use vocab::{Problem, said};

/// Reads every table of a page into a grid of its own, named by its order in the page. A table within another is a
/// table too, and its text is not text of the outer one; tables without any text (they only lay out the page) are left
/// out. Row numbers are counted within the table, tables from `first`; the lines of text right over a table are rows before its
/// first, with the number zero.
pub(super) fn read(context: &Context<'_>, text: &str, first: usize) -> Outcome<Vec<Grid>> {
    tags::check(context, text)?;
    let page = Html::parse_document(text);
    let tables = page.root_element().descendent_elements().filter(|element| is(element, "table"));
    let over = over_tables(page.root_element());
    let mut grids: Vec<Grid> = Vec::new();
    let mut before: Option<ElementRef<'_>> = None;
    for (index, (table, mut lines)) in tables.zip(over).enumerate() {
        context.within(Counted::Sheets, index + first, context.limits.sheets)?;
        // A page that lays out its title as a table of its own says it over the next one.
        let is_within = table.ancestors().any(|outer| before.is_some_and(|before| before.id() == outer.id()));
        let said = grids.last().filter(|_| lines.is_empty() && !is_within).and_then(title);
        lines = said.unwrap_or(lines);
        let grid = Table::new(context, format!("table {}", index + first), &lines).read(table)?;
        if grid.rows().any(|row| row.number > 0 && !row.is_blank()) {
            grids.push(grid);
            before = Some(table);
        }
    }
    if grids.is_empty() {
        let what = said!("表格没有文字的网页", "a web page whose tables hold no text");
        return Err(context.problem(&NOT_DATA).said(what));
    }
    Ok(grids)
}

/// The lines of a table that holds nothing but a few lines of text.
fn title(grid: &Grid) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    for row in grid.rows() {
        let mut filled = row.filled().map(|(_, cell)| cell).filter(|cell| !cell.trim().is_empty());
        let (line, others) = (filled.next(), filled.count());
        if others > 0
            || line.is_some_and(|line| line.len() > LONGEST_LINE || !line.contains(|c: char| c.is_alphabetic()))
        {
            return None;
        }
        lines.extend(line.map(str::to_owned));
    }
    (1..=MOST_LINES).contains(&lines.len()).then_some(lines)
}

/// So many lines over a table are its own, none of them longer: what stands further up is the page's.
const MOST_LINES: usize = 6;
const LONGEST_LINE: usize = 256;

/// The lines of text right over each table of a page, in the order of the tables: a title, a period, a unit in blocks of their own,
/// and the caption of the table. What stands in menus and links is left out, and so is all up to a note to the table before.
fn over_tables(page: ElementRef<'_>) -> Vec<Vec<String>> {
    let mut seen = Lines::default();
    let mut node = *page;
    'walk: loop {
        // Depth first, without recursion: pages nest as deep as they like.
        match node.value() {
            Node::Text(text) => seen.text(text),
            Node::Element(element) => seen.edge(element.name(), true),
            _ => {}
        }
        if let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        loop {
            if let Some(element) = node.value().as_element() {
                seen.edge(element.name(), false);
            }
            let up = node.parent().filter(|_| node.id() != page.id());
            match (node.next_sibling(), up) {
                (_, None) => break 'walk,
                (Some(next), _) => {
                    node = next;
                    break;
                }
                (None, Some(parent)) => node = parent,
            }
        }
    }
    seen.over.iter_mut().for_each(|lines| {
        lines.drain(..lines.len().saturating_sub(MOST_LINES));
    });
    seen.over
}

/// Lines of text on a walk through a page.
#[derive(Default)]
struct Lines {
    /// Of each table so far.
    over: Vec<Vec<String>>,
    /// The tables that are open.
    tables: Vec<usize>,
    /// Since the last table ended, or since the cell began that they stand in.
    lines: Vec<String>,
    line: String,
    /// How many open elements have no lines.
    silent: usize,
}

impl Lines {
    fn text(&mut self, text: &str) {
        if self.silent == 0 && self.line.len() <= LONGEST_LINE {
            fold(&mut self.line, text);
        }
    }

    /// An element begins, or ends.
    fn edge(&mut self, name: &str, begins: bool) {
        if is_silent(name) {
            self.silent = if begins { self.silent + 1 } else { self.silent.saturating_sub(1) };
        }
        let is_part = matches!(name, "table" | "caption" | "tr" | "td" | "th");
        if name == "br" || is_block(name) || is_part {
            self.end_line();
        }
        match (name, begins) {
            ("table", true) => {
                self.tables.push(self.over.len());
                self.over.push(std::mem::take(&mut self.lines));
            }
            ("caption", false) => {
                let own = std::mem::take(&mut self.lines);
                if let Some(table) = self.tables.last().and_then(|at| self.over.get_mut(*at)) {
                    table.extend(own);
                }
            }
            ("table", false) => {
                self.tables.pop();
                self.lines.clear();
            }
            _ if is_part => self.lines.clear(),
            _ => {}
        }
    }

    /// A note is one to what stands before it: all up to it is no title of the next table.
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let text = line.trim();
        if is_marked(text) {
            self.lines.clear();
        } else if !text.is_empty() && text.len() <= LONGEST_LINE {
            self.lines.push(text.to_owned());
        }
    }
}

/// Elements whose text is none of a page's own lines.
fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "head"
            | "script"
            | "style"
            | "template"
            | "nav"
            | "footer"
            | "a"
            | "li"
            | "button"
            | "select"
            | "label"
            | "textarea"
    )
}

/// Holds the charset that a page or XML declares against the encoding its bytes are in.
pub(super) fn check_charset(context: &Context<'_>, decoded: &Decoded<'_>) -> Outcome<()> {
    // With a byte order mark the page's own word does not count, by the letter of HTML; ASCII is the same in all.
    if decoded.text.is_ascii() || matches!(decoded.encoding, Encoding::Utf8Bom | Encoding::Utf16) {
        return Ok(());
    }
    let Some(label) = declared_charset(&decoded.text) else { return Ok(()) };
    match label.parse::<Encoding>() {
        Ok(encoding) if encoding == decoded.encoding => Ok(()),
        _ => Err(declares(context, label, decoded.encoding)),
    }
}

/// A finding that a text declares another encoding than its bytes are in.
pub(super) fn declares(context: &Context<'_>, label: &str, found: Encoding) -> Problem {
    let found = found.as_str();
    let what = said!("文中声明为 {label}，实际为 {found}", "the text declares {label}, its bytes are {found}");
    context.problem(&UNDECODABLE).said(what).expected([found])
}

/// The label behind `encoding=` in the declaration of XML, or behind `charset=` in a meta tag at the head of a page.
fn declared_charset(text: &str) -> Option<&str> {
    if let Some(declaration) = text.trim_start().strip_prefix("<?xml ").and_then(|rest| rest.split("?>").next())
        && let Some((_, label)) = declaration.split_once("encoding")
    {
        let mut quoted = label.split(['"', '\'']);
        return quoted.nth(1).filter(|label| !label.is_empty());
    }
    /// Browsers look no further than 1024 bytes; style sheets before it are common in exports.
    const HEAD: usize = 16 << 10;
    const WORD: &[u8] = b"charset=";
    let head = text.get(..text.floor_char_boundary(HEAD))?;
    let at = head.as_bytes().windows(WORD.len()).position(|part| part.eq_ignore_ascii_case(WORD))?;
    let in_meta = head
        .get(..at)?
        .rsplit('<')
        .next()
        .is_some_and(|tag| tag.get(..4).is_some_and(|n| n.eq_ignore_ascii_case("meta")));
    let label = head.get(at + WORD.len()..)?.trim_start_matches(['"', '\'', ' ']);
    let len = label.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c))).unwrap_or(label.len());
    label.get(..len).filter(|label| in_meta && !label.is_empty())
}

fn is(element: &ElementRef<'_>, name: &str) -> bool {
    element.value().name() == name
}

/// No author merges this often.
const MOST_MERGES: usize = 1 << 18;

/// One table being read.
struct Table<'a> {
    context: &'a Context<'a>,
    grid: Grid,
    /// For each column, the first row that no cell further up reaches into.
    covered: Vec<usize>,
    /// Cells so far, those that others cover among them.
    passed: usize,
    /// Rows that are lines over the table.
    lines: usize,
}

impl<'a> Table<'a> {
    fn new(context: &'a Context<'a>, name: String, lines: &[String]) -> Self {
        let mut grid = Grid::new(name);
        for line in lines {
            grid.push_cell(line);
            grid.end_row(0);
        }
        Table { context, grid, covered: Vec::new(), passed: 0, lines: lines.len() }
    }

    fn read(mut self, table: ElementRef<'_>) -> Outcome<Grid> {
        for group in table.child_elements() {
            if is(&group, "tr") {
                self.row(group)?;
            } else if matches!(group.value().name(), "thead" | "tbody" | "tfoot") {
                for row in group.child_elements().filter(|element| is(element, "tr")) {
                    self.row(row)?;
                }
            }
        }
        Ok(self.grid)
    }

    fn row(&mut self, row: ElementRef<'_>) -> Outcome<()> {
        let limits = self.context.limits;
        let mut column = 0;
        for cell in row.child_elements().filter(|element| matches!(element.value().name(), "td" | "th")) {
            column = self.skip_covered(column);
            let text = figure(cell).unwrap_or_else(|| text_of(cell));
            let span = |name| cell.attr(name).and_then(|value| value.trim().parse::<usize>().ok()).unwrap_or(1);
            // The bounds that HTML itself sets.
            let (rows, columns) = (span("rowspan").clamp(1, 65_534), span("colspan").clamp(1, 1_000));
            self.context.within(Counted::CellBytes, text.len(), limits.cell_bytes)?;
            self.context.within(Counted::Columns, column + columns, limits.columns)?;
            self.context.within(Counted::Cells, self.passed, limits.cells)?;
            self.grid.push_cell(&text);
            if rows * columns > 1 {
                let most = MOST_MERGES.min(limits.cells);
                self.context.within(Counted::MergedAreas, self.grid.merges().len() + 1, most)?;
                self.grid.push_merge(Merge { row: self.grid.len(), column, rows, columns });
            }
            self.grid.push_blanks(columns - 1);
            for covered in column..column + columns {
                self.cover(covered, rows);
            }
            column += columns;
            self.passed += columns;
        }
        // Cells that others cover count as cells, though they take no room: each row goes over them.
        self.context.within(Counted::Cells, self.passed, limits.cells)?;
        self.context.within(Counted::TextBytes, self.grid.text_len(), u32::MAX as usize)?;
        self.context.within(Counted::Rows, self.grid.len() + 1, limits.rows)?;
        self.grid.end_row(u32::try_from(self.grid.len() + 1 - self.lines).unwrap_or(u32::MAX));
        Ok(())
    }

    /// Puts empty cells where cells from further up reach into this row.
    fn skip_covered(&mut self, first: usize) -> usize {
        let mut column = first;
        while self.covered.get(column).is_some_and(|free| *free > self.grid.len()) {
            column += 1;
        }
        self.grid.push_blanks(column - first);
        self.passed += column - first;
        column
    }

    fn cover(&mut self, column: usize, rows: usize) {
        if self.covered.len() <= column {
            self.covered.resize(column + 1, 0);
        }
        if let Some(free) = self.covered.get_mut(column) {
            *free = (*free).max(self.grid.len() + rows);
        }
    }
}

/// The figure of a cell that LibreOffice wrote with all its digits beside what is shown: `sdval="0.083" sdnum="1033;0;0.0%"`.
fn figure(cell: ElementRef<'_>) -> Option<String> {
    let value: f64 = cell.attr("sdval")?.trim().parse().ok()?;
    let code = cell.attr("sdnum").and_then(|format| format.splitn(3, ';').nth(2)).unwrap_or("general");
    let mut text = String::new();
    match Meaning::of_code(code) {
        meaning @ (Meaning::Number | Meaning::Shown(_)) => cell::write(&mut text, value, meaning, Epoch::Y1900),
        // Days stand there as they are shown.
        _ => return None,
    }
    Some(text)
}

/// The text of a cell as a browser shows it: white space folded, a line per block; tables within the cell left out.
fn text_of(cell: ElementRef<'_>) -> String {
    let mut text = String::new();
    let mut node = cell.first_child();
    while let Some(here) = node {
        let mut inside = here.first_child();
        if let Some(piece) = here.value().as_text() {
            fold(&mut text, piece);
        } else if let Some(element) = here.value().as_element() {
            match element.name() {
                "table" | "script" | "style" | "template" => inside = None,
                "br" => new_line(&mut text),
                "sup" => marked::start(&mut text, Some(RAISED)),
                "del" | "s" | "strike" => marked::start(&mut text, Some(STRUCK)),
                name if is_block(name) => start_line(&mut text),
                _ => {}
            }
        }
        // Depth first, without recursion: pages nest as deep as they like.
        node = inside;
        let mut up = here;
        while node.is_none() && up.id() != cell.id() {
            if up.value().as_element().is_some_and(|element| is_block(element.name())) {
                start_line(&mut text);
            }
            node = up.next_sibling();
            let Some(parent) = up.parent() else { break };
            up = parent;
        }
    }
    text.truncate(text.trim_end_matches([' ', '\n']).len());
    text
}

/// Appends text with its runs of white space folded into one blank. NBSP and U+3000 are no white space in HTML.
fn fold(out: &mut String, piece: &str) {
    for c in piece.chars() {
        if !matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0C') {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
    }
}

fn new_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}

/// Begins a line unless one has just begun.
fn start_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        new_line(out);
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div" | "li" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "blockquote" | "center"
    )
}
