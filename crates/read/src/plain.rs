//! Worksheets and shared strings as nearly every program writes them, without an XML tokenizer between.
//!
//! Whatever else may stand in XML (comments, CDATA, prefixes, formulas, runs of several styles) ends the attempt: the
//! whole part is then read by [`super::xlsx`] from its start, and nothing but that reader has to know it.

use memchr::{memchr3, memmem};

/// What stands between `<sheetData>` and `</sheetData>`, in order.
pub(super) enum Item<'a> {
    /// A row begins; what it says of its number.
    Row(Option<&'a str>),
    RowEnd,
    Cell(Cell<'a>),
    End,
}

/// A cell's attributes and content as they stand in the text.
pub(super) struct Cell<'a> {
    pub place: Option<&'a str>,
    pub style: Option<&'a str>,
    pub kind: Option<&'a str>,
    pub value: &'a str,
    pub inline: &'a str,
}

/// Goes through the rows of a sheet.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    in_row: bool,
    /// The row just begun is empty: its end is next.
    is_closed: bool,
}

impl<'a> Scanner<'a> {
    /// Sets out at the rows of a sheet; none where its beginning is unusual.
    pub fn of_sheet(text: &'a str) -> Option<Self> {
        const ROWS: &str = "<sheetData>";
        let at = memmem::find(text.as_bytes(), ROWS.as_bytes())? + ROWS.len();
        let head = text.get(..at)?;
        // In a comment, a section or an instruction the word would mean nothing.
        let unusual = head.contains("<!") || head.get(1..)?.contains("<?");
        (!unusual).then_some(Scanner { text, at, in_row: false, is_closed: false })
    }

    /// The text on both sides of the rows, once these are at their end.
    pub fn around(&self, rows_at: usize) -> String {
        let (head, tail) = (self.text.get(..rows_at), self.text.get(self.at..));
        [head.unwrap_or_default(), "</sheetData>", tail.unwrap_or_default()].concat()
    }

    /// Where the scanner is.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The next item; none where the text is unusual.
    #[inline]
    pub fn next(&mut self) -> Option<Item<'a>> {
        if std::mem::take(&mut self.is_closed) {
            self.in_row = false;
            return Some(Item::RowEnd);
        }
        if self.in_row {
            if self.take("<c") {
                return self.cell().map(Item::Cell);
            }
            self.in_row = false;
            return self.take("</row>").then_some(Item::RowEnd);
        }
        if self.take("<row") {
            let ([number], closed) = self.attributes(["r"])?;
            (self.in_row, self.is_closed) = (true, closed);
            return Some(Item::Row(number));
        }
        self.take("</sheetData>").then_some(Item::End)
    }

    fn cell(&mut self) -> Option<Cell<'a>> {
        let ([place, style, kind], closed) = self.attributes(["r", "s", "t"])?;
        let mut cell = Cell { place, style, kind, value: "", inline: "" };
        if closed {
            return Some(cell);
        }
        if self.take("<v>") {
            cell.value = self.content()?;
            self.take("</v>").then_some(())?;
        } else if self.take("<is>") {
            cell.inline = self.string()?;
            self.take("</is>").then_some(())?;
        }
        self.take("</c>").then_some(cell)
    }

    /// A text element, with the one attribute that it usually has.
    fn string(&mut self) -> Option<&'a str> {
        (self.take("<t>") || self.take("<t xml:space=\"preserve\">")).then_some(())?;
        let text = self.content()?;
        self.take("</t>").then_some(text)
    }

    /// Text up to the next tag, if it stands for itself.
    fn content(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at..)?;
        let len = memchr3(b'<', b'&', b'\r', rest.as_bytes())?;
        self.at += len;
        rest.get(..len).filter(|_| rest.as_bytes().get(len) == Some(&b'<'))
    }

    /// The values of the attributes with these names up to the end of the tag, and whether the element ends with it.
    fn attributes<const N: usize>(&mut self, names: [&str; N]) -> Option<([Option<&'a str>; N], bool)> {
        let mut values = [None; N];
        while self.take(" ") {
            let name = self.until(b'=', |byte| byte.is_ascii_alphanumeric() || byte == b':')?;
            self.take("\"").then_some(())?;
            let value = self.until(b'"', |byte| !matches!(byte, b'&' | b'<' | b'\t' | b'\n' | b'\r'))?;
            if let Some(index) = names.iter().position(|wanted| *wanted == name) {
                values[index].is_none().then_some(())?;
                values[index] = Some(value);
            } else if let Some((_, local)) = name.rsplit_once(':') {
                // A prefix may hide a name that counts.
                (!names.contains(&local)).then_some(())?;
            }
        }
        let closed = self.take("/");
        self.take(">").then_some((values, closed))
    }

    /// What stands before the next `end`, which is stepped over; none where another byte is not `usual`.
    fn until(&mut self, end: u8, usual: impl Fn(u8) -> bool) -> Option<&'a str> {
        let rest = self.text.get(self.at..)?;
        let len = rest.bytes().position(|byte| byte == end || !usual(byte))?;
        self.at += len;
        (rest.as_bytes().get(len) == Some(&end)).then(|| self.at += 1)?;
        rest.get(..len)
    }

    /// Steps over `expected`, if it is here.
    fn take(&mut self, expected: &str) -> bool {
        let is_here = self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(expected.as_bytes()));
        self.at += if is_here { expected.len() } else { 0 };
        is_here
    }
}

/// The shared strings of a workbook, in one buffer.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    /// In 32 bits: no workbook may be inflated to more.
    ends: Vec<u32>,
}

impl Strings {
    /// Appends a string.
    pub fn push(&mut self, string: &str) {
        self.text.push_str(string);
        self.ends.push(self.text.len() as u32);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start as usize..end as usize)
    }
}

/// Reads shared strings that are plain texts; none where something else is among them.
pub(super) fn strings<'a>(text: &'a str, mut each: impl FnMut(&'a str)) -> Option<()> {
    const FIRST: &str = "<si>";
    let at = memmem::find(text.as_bytes(), FIRST.as_bytes())?;
    let head = text.get(..at)?;
    (!head.contains("<!") && !head.get(1..)?.contains("<?") && head.contains("<sst")).then_some(())?;
    let mut scanner = Scanner { text, at, in_row: false, is_closed: false };
    while scanner.take(FIRST) {
        each(scanner.string()?);
        scanner.take("</si>").then_some(())?;
    }
    scanner.take("</sst>").then_some(())?;
    text.get(scanner.at..)?.trim().is_empty().then_some(())
}
