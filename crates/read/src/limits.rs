//! What a file may cost at most: in bytes, in what these become, and in sheets, rows and cells.

/// What a file may cost at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of all parts of a workbook, or all members of an archive, together, once inflated.
    pub inflated_bytes: usize,
    /// Sheets or tables.
    pub sheets: usize,
    /// Rows of one sheet.
    pub rows: usize,
    /// Columns of one row.
    pub columns: usize,
    /// Cells of one sheet, empty ones only where few stand between others.
    pub cells: usize,
    /// Bytes of text in one cell, as UTF-8.
    pub cell_bytes: usize,
    /// Bytes that one byte of a file may become when it is unpacked; what stays below 64 MiB is not asked.
    pub expansion: usize,
    /// Members of an archive, those of an archive in it included.
    pub members: usize,
    /// Elements of a web page.
    pub elements: usize,
    /// Elements of a web page, or of XML, that lie in one another.
    pub nesting: usize,
    /// Attributes of an element.
    pub attributes: usize,
    /// Problems kept of one kind; beyond it they are counted.
    pub problems: usize,
}

impl Default for Limits {
    /// Room for a province's largest form, many times over.
    fn default() -> Self {
        Limits {
            bytes: 256 << 20,
            inflated_bytes: 512 << 20,
            sheets: 1_000,
            rows: 4_000_000,
            columns: 16_384,
            cells: 32_000_000,
            // A cell of Excel holds 32 767 characters; three bytes each in UTF-8.
            cell_bytes: 98_304,
            // Sheets of zeros inflate a hundredfold; what is made to harm, a thousandfold.
            expansion: 200,
            members: 10_000,
            elements: 2_000_000,
            nesting: 512,
            attributes: 256,
            problems: 1_000,
        }
    }
}
