//! A delimited export, taken apart into lines and put together again in its own encoding.

use encoding_rs::GB18030;

use crate::write::{File, decimal};

/// The text of an export.
pub(super) struct Text {
    file: File,
    lines: Vec<String>,
    is_gb18030: bool,
    end: &'static str,
    delimiter: char,
}

impl Text {
    /// Takes a file apart.
    pub(super) fn of(file: File, delimiter: char) -> Self {
        let (text, is_gb18030) = match std::str::from_utf8(&file.bytes) {
            Ok(text) => (text.to_owned(), false),
            Err(_) => (GB18030.decode_without_bom_handling(&file.bytes).0.into_owned(), true),
        };
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let lines = text.trim_end_matches(end).split(end).map(str::to_owned).collect();
        Self { file, lines, is_gb18030, end, delimiter }
    }

    /// The file again.
    pub(super) fn file(mut self) -> File {
        let text: String = self.lines.iter().map(|line| format!("{line}{}", self.end)).collect();
        self.file.bytes = if self.is_gb18030 { GB18030.encode(&text).0.into_owned() } else { text.into_bytes() };
        self.file
    }

    /// Replaces words wherever they stand.
    pub(super) fn replace(&mut self, old: &str, new: &str) {
        self.lines.iter_mut().for_each(|line| *line = line.replace(old, new));
    }

    pub(super) fn rename(&mut self, old: &str, new: &str) {
        self.file.name = self.file.name.replace(old, new);
    }

    /// Numbers of the lines that are rows: those that begin with a code.
    pub(super) fn rows(&self) -> Vec<usize> {
        let is_row = |line: &usize| {
            let key = self.cells(*line).swap_remove(0);
            let is_of_code = |one: char| one.is_ascii_alphanumeric() || one == '-' || one.is_whitespace();
            key.contains(|one: char| one.is_ascii_digit()) && key.chars().all(is_of_code)
        };
        (0..self.lines.len()).filter(is_row).collect()
    }

    /// The cells of a line.
    pub(super) fn cells(&self, line: usize) -> Vec<String> {
        let mut cells = vec![String::new()];
        let mut is_quoted = false;
        for character in self.lines[line].chars() {
            match character {
                '"' => is_quoted = !is_quoted,
                other if other == self.delimiter && !is_quoted => cells.push(String::new()),
                other => {
                    if let Some(cell) = cells.last_mut() {
                        cell.push(other);
                    }
                }
            }
        }
        cells
    }

    /// The unit that a row is about: the organisation code within its credit code.
    pub(super) fn unit(&self, line: usize) -> String {
        let key = self.cells(line).swap_remove(0);
        let code: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
        if code.len() == 18 { code[8..17].to_owned() } else { code }
    }

    /// Changes one cell; nothing where it does not stand.
    pub(super) fn set(&mut self, line: usize, column: usize, text: &str) {
        let mut cells = self.cells(line);
        let Some(cell) = cells.get_mut(column) else { return };
        *cell = text.to_owned();
        let quoted = |cell: &String| match cell.contains(self.delimiter) {
            true => format!("\"{cell}\""),
            false => cell.clone(),
        };
        self.lines[line] = cells.iter().map(quoted).collect::<Vec<_>>().join(&self.delimiter.to_string());
    }

    /// Multiplies plain numbers of a row from a column on; tells whether there was one.
    pub(super) fn scale(&mut self, line: usize, columns: std::ops::Range<usize>, factor: i64) -> bool {
        let mut was_scaled = false;
        for column in columns {
            let cell = self.cells(line).get(column).cloned().unwrap_or_default();
            if let Some((units, places)) = number(&cell).filter(|(units, _)| *units != 0) {
                self.set(line, column, &decimal(units * factor, places));
                was_scaled = true;
            }
        }
        was_scaled
    }

    /// Notes a row as one that will be set aside for its text.
    pub(super) fn spoil(&mut self, line: usize, kind: &'static str) {
        self.file.spoiled.push(crate::write::Spoiled { row: line as u64 + 1, kind });
    }

    /// Takes lines of rows out; what is known of those behind them moves up.
    pub(super) fn remove(&mut self, lines: &[usize]) {
        for &line in lines.iter().rev() {
            self.lines.remove(line);
            let number = line as u64 + 1;
            self.file.rows -= 1;
            self.file.spoiled.retain(|spoiled| spoiled.row != number);
            self.file.spoiled.iter_mut().filter(|spoiled| spoiled.row > number).for_each(|spoiled| spoiled.row -= 1);
        }
    }
}

/// A plain number, as units of its last decimal and how many decimals it has.
pub(super) fn number(cell: &str) -> Option<(i64, u8)> {
    let (whole, rest) = cell.split_once('.').unwrap_or((cell, ""));
    let units = format!("{whole}{rest}").parse().ok()?;
    Some((units, rest.len() as u8))
}
