//! Cells and the four shapes of file they are written into. Everything is rendered in memory; nothing touches a disk.

use super::error::Error;
use encoding_rs::GB18030;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// The line every export carries.
pub(super) const SYNTHETIC: &str = "synthetic sample data / 合成示例数据";

/// A value on its way into a file.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// Anything that is text in the file, a missing symbol included.
    Text(String),
    /// A number as `units` of 10^-`places`.
    Number { units: i64, places: u8 },
}

impl Cell {
    /// A whole number.
    pub(super) fn whole(units: i64) -> Self {
        Self::Number { units, places: 0 }
    }

    /// The text of the cell.
    pub(super) fn render(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number { units, places } => decimal(*units, *places),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// `units` of 10^-`places` in plain decimal writing.
pub(super) fn decimal(units: i64, places: u8) -> String {
    if places == 0 {
        return units.to_string();
    }
    let scale = 10_u64.pow(u32::from(places));
    let size = units.unsigned_abs();
    let sign = if units < 0 { "-" } else { "" };
    format!("{sign}{}.{:0width$}", size / scale, size % scale, width = usize::from(places))
}

/// Something rows are written into. The number of a row counts from 1 over all lines or rows of the file.
pub(super) trait Sink {
    /// Writes a row and tells its number.
    fn row(&mut self, cells: &[Cell]) -> Result<u64, Error>;
}

/// Bytes of a text file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-8 with one.
    Utf8Bom,
    /// GB18030.
    Gb18030,
}

/// A text file of delimited lines.
pub(super) struct Delimited {
    text: String,
    lines: u64,
    charset: Charset,
    line_end: &'static str,
    delimiter: char,
}

impl Delimited {
    /// An empty file.
    pub(super) fn new(charset: Charset, line_end: &'static str, delimiter: char) -> Self {
        let text = if charset == Charset::Utf8Bom { "\u{feff}".to_owned() } else { String::new() };
        Self { text, lines: 0, charset, line_end, delimiter }
    }

    /// UTF-8, LF, comma: how this project writes registers and truth.
    pub(super) fn plain() -> Self {
        Self::new(Charset::Utf8, "\n", ',')
    }

    /// Writes a line as it is.
    pub(super) fn line(&mut self, text: &str) -> u64 {
        self.text.push_str(text);
        self.end_line()
    }

    /// Writes a row of texts.
    pub(super) fn texts<T: AsRef<str>>(&mut self, cells: &[T]) -> u64 {
        for (column, cell) in cells.iter().enumerate() {
            self.push(column, cell.as_ref());
        }
        self.end_line()
    }

    fn push(&mut self, column: usize, text: &str) {
        if column > 0 {
            self.text.push(self.delimiter);
        }
        if text.contains([self.delimiter, '"', '\n', '\r']) {
            self.text.push('"');
            self.text.push_str(&text.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(text);
        }
    }

    fn end_line(&mut self) -> u64 {
        self.text.push_str(self.line_end);
        self.lines += 1;
        self.lines
    }

    /// The bytes of the file.
    pub(super) fn finish(self) -> Vec<u8> {
        match self.charset {
            Charset::Utf8 | Charset::Utf8Bom => self.text.into_bytes(),
            Charset::Gb18030 => GB18030.encode(&self.text).0.into_owned(),
        }
    }
}

impl Sink for Delimited {
    fn row(&mut self, cells: &[Cell]) -> Result<u64, Error> {
        for (column, cell) in cells.iter().enumerate() {
            match cell {
                Cell::Text(text) => self.push(column, text),
                Cell::Number { units, places } => self.push(column, &decimal(*units, *places)),
            }
        }
        Ok(self.end_line())
    }
}

/// An HTML table, as web applications save it with the suffix `.xls`.
pub(super) struct Html {
    text: String,
    rows: u64,
}

impl Html {
    /// An empty table.
    pub(super) fn new(title: &str) -> Self {
        let text = format!(
            "<html>\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\n\
             <title>{}</title>\n</head>\n<body>\n<table border=\"1\">\n",
            escape(title)
        );
        Self { text, rows: 0 }
    }

    /// A row across `columns` columns.
    pub(super) fn banner(&mut self, text: &str, columns: usize) {
        self.raw(&format!("<td colspan=\"{columns}\">{}</td>", escape(text)));
    }

    /// A header row of cells with their (columns, rows).
    pub(super) fn header(&mut self, cells: &[(&str, usize, usize)]) {
        let row: String = cells
            .iter()
            .map(|(text, columns, rows)| {
                let columns = if *columns > 1 { format!(" colspan=\"{columns}\"") } else { String::new() };
                let rows = if *rows > 1 { format!(" rowspan=\"{rows}\"") } else { String::new() };
                format!("<th{columns}{rows}>{}</th>", escape(text))
            })
            .collect();
        self.raw(&row);
    }

    fn raw(&mut self, cells: &str) {
        self.text.push_str("<tr>");
        self.text.push_str(cells);
        self.text.push_str("</tr>\n");
        self.rows += 1;
    }

    /// The bytes of the file.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.text.push_str("</table>\n</body>\n</html>\n");
        self.text.into_bytes()
    }
}

impl Sink for Html {
    fn row(&mut self, cells: &[Cell]) -> Result<u64, Error> {
        let row: String = cells.iter().map(|cell| format!("<td>{}</td>", escape(&cell.render()))).collect();
        self.raw(&row);
        Ok(self.rows)
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\u{a0}', "&nbsp;")
}

/// A workbook with one sheet.
pub(super) struct Sheet {
    workbook: Workbook,
    sheet: Worksheet,
    rows: u32,
    cents: Format,
    centred: Format,
}

impl Sheet {
    /// An empty sheet.
    pub(super) fn new(name: &str) -> Result<Self, Error> {
        let mut workbook = Workbook::new();
        // Fixed, or the file would carry the time of its making.
        let made = ExcelDateTime::from_ymd(2020, 1, 1).map_err(Error::Workbook)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let mut sheet = Worksheet::new();
        sheet.set_name(name).map_err(Error::Workbook)?;
        let centred = Format::new().set_align(FormatAlign::Center);
        Ok(Self { workbook, sheet, rows: 0, cents: Format::new().set_num_format("0.00"), centred })
    }

    /// A row merged across `columns` columns.
    pub(super) fn banner(&mut self, text: &str, columns: u16) -> Result<(), Error> {
        self.merge(text, (self.rows, 0), (self.rows, columns - 1))?;
        self.rows += 1;
        Ok(())
    }

    /// Header rows, from cells with their (column, row, columns, rows), row and column counted from the header's corner.
    pub(super) fn header(&mut self, cells: &[(&str, u16, u32, u16, u32)], rows: u32) -> Result<(), Error> {
        for &(text, column, row, columns, height) in cells {
            let top = self.rows + row;
            if columns == 1 && height == 1 {
                self.sheet.write_string_with_format(top, column, text, &self.centred).map_err(Error::Workbook)?;
            } else {
                self.merge(text, (top, column), (top + height - 1, column + columns - 1))?;
            }
        }
        self.rows += rows;
        Ok(())
    }

    fn merge(&mut self, text: &str, first: (u32, u16), last: (u32, u16)) -> Result<(), Error> {
        self.sheet.merge_range(first.0, first.1, last.0, last.1, text, &self.centred).map_err(Error::Workbook)?;
        Ok(())
    }

    fn cell(&mut self, column: u16, cell: &Cell) -> Result<(), XlsxError> {
        match cell {
            Cell::Text(text) if text.is_empty() => {}
            Cell::Text(text) => {
                self.sheet.write_string(self.rows, column, text)?;
            }
            Cell::Number { units, places: 0 } => {
                self.sheet.write_number(self.rows, column, *units as f64)?;
            }
            Cell::Number { units, places } => {
                let value = *units as f64 / 10_u64.pow(u32::from(*places)) as f64;
                self.sheet.write_number_with_format(self.rows, column, value, &self.cents)?;
            }
        }
        Ok(())
    }

    /// The bytes of the file.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Error> {
        self.workbook.push_worksheet(self.sheet);
        self.workbook.save_to_buffer().map_err(Error::Workbook)
    }
}

impl Sink for Sheet {
    fn row(&mut self, cells: &[Cell]) -> Result<u64, Error> {
        for (column, cell) in cells.iter().enumerate() {
            self.cell(column as u16, cell).map_err(Error::Workbook)?;
        }
        self.rows += 1;
        Ok(u64::from(self.rows))
    }
}

/// A finished file, and what is known of it.
#[derive(Clone)]
pub(super) struct File {
    /// Path inside the output folder, with `/`.
    pub name: String,
    pub bytes: Vec<u8>,
    /// Data rows, spoiled ones included.
    pub rows: u64,
    pub spoiled: Vec<Spoiled>,
}

/// A spoiled row: its number in the file and what is wrong with it.
#[derive(Clone)]
pub(super) struct Spoiled {
    pub row: u64,
    pub kind: &'static str,
}
