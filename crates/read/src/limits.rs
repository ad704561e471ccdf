//! What a file may cost at most: in bytes, in what these become, and in sheets, rows and cells.

use vocab::{Said, said};

/// What a file may cost at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
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

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// Bytes of the file.
    Bytes,
    InflatedBytes,
    TextBytes,
    TextBytesInAllSheets,
    /// How much larger the file becomes.
    Growth,
    Members,
    Sheets,
    Rows,
    RowsInAllSheets,
    Columns,
    Cells,
    CellsInAllSheets,
    CellBytes,
    SharedStrings,
    MergedAreas,
    Elements,
    /// Elements in one another.
    Levels,
    Attributes,
    ZipEntries,
    /// Bytes of the list of contents of a 7z archive.
    SevenList,
    DictionaryKib,
    /// Parts of a web archive in one another.
    PartsWithinParts,
    Dimensions,
    Relations,
}

impl Counted {
    /// Says that there are more than `most`, and which setting allows more.
    pub fn more_than(self, most: usize) -> Said {
        let found = self.found(most);
        // A grid addresses its text with 32 bits, whatever is configured.
        match self.setting().filter(|_| most < u32::MAX as usize) {
            Some(setting) => said!("{found}（{setting}）", "{found} ({setting})"; found),
            None => found,
        }
    }

    fn found(self, most: usize) -> Said {
        match self {
            Counted::Bytes => said!("超过 {most} 字节", "more than {most} bytes"),
            Counted::InflatedBytes => said!("解压后超过 {most} 字节", "more than {most} bytes inflated"),
            Counted::TextBytes => said!("文字超过 {most} 字节", "more than {most} bytes of text"),
            Counted::TextBytesInAllSheets => {
                said!("各工作表文字合计超过 {most} 字节", "more than {most} bytes of text in all sheets")
            }
            Counted::Growth => {
                said!("解压后超过原大小的 {most} 倍", "more than {most} times its size, once unpacked")
            }
            Counted::Members => said!("超过 {most} 个成员", "more than {most} members"),
            Counted::Sheets => said!("超过 {most} 个工作表", "more than {most} sheets"),
            Counted::Rows => said!("超过 {most} 行", "more than {most} rows"),
            Counted::RowsInAllSheets => said!("各工作表行数合计超过 {most}", "more than {most} rows in all sheets"),
            Counted::Columns => said!("超过 {most} 列", "more than {most} columns"),
            Counted::Cells => said!("超过 {most} 个单元格", "more than {most} cells"),
            Counted::CellsInAllSheets => {
                said!("各工作表单元格合计超过 {most} 个", "more than {most} cells in all sheets")
            }
            Counted::CellBytes => said!("单元格超过 {most} 字节", "more than {most} bytes in a cell"),
            Counted::SharedStrings => said!("共享字符串超过 {most} 个", "more than {most} shared strings"),
            Counted::MergedAreas => said!("合并区域超过 {most} 个", "more than {most} merged areas"),
            Counted::Elements => said!("超过 {most} 个元素", "more than {most} elements"),
            Counted::Levels => said!("元素嵌套超过 {most} 层", "more than {most} levels of elements"),
            Counted::Attributes => said!("元素属性超过 {most} 个", "more than {most} attributes of an element"),
            Counted::ZipEntries => said!("zip 压缩包条目超过 {most} 个", "more than {most} entries in a zip archive"),
            Counted::SevenList => {
                said!("7z 压缩包目录超过 {most} 字节", "more than {most} bytes of contents listed in a 7z archive")
            }
            Counted::DictionaryKib => said!("字典超过 {most} KiB", "more than {most} KiB of dictionary"),
            Counted::PartsWithinParts => said!("部分嵌套超过 {most} 层", "more than {most} parts within parts"),
            Counted::Dimensions => said!("维度超过 {most} 个", "more than {most} dimensions"),
            Counted::Relations => said!("部分之间的关系超过 {most} 个", "more than {most} relations"),
        }
    }

    /// The key of `[limits]` in `site.toml` that allows more; none where the program itself cannot hold more.
    fn setting(self) -> Option<&'static str> {
        match self {
            Counted::Bytes => Some("max_file_bytes"),
            Counted::InflatedBytes | Counted::TextBytes | Counted::TextBytesInAllSheets => Some("max_inflated_bytes"),
            Counted::Growth => Some("max_expansion"),
            Counted::Members => Some("max_members"),
            Counted::Sheets => Some("max_sheets"),
            Counted::Rows | Counted::RowsInAllSheets => Some("max_rows"),
            Counted::Columns => Some("max_columns"),
            Counted::Cells | Counted::CellsInAllSheets | Counted::SharedStrings | Counted::MergedAreas => {
                Some("max_cells")
            }
            Counted::CellBytes => Some("max_cell_bytes"),
            Counted::Elements => Some("max_elements"),
            Counted::Levels => Some("max_nesting"),
            Counted::Attributes => Some("max_attributes"),
            Counted::ZipEntries
            | Counted::SevenList
            | Counted::DictionaryKib
            | Counted::PartsWithinParts
            | Counted::Dimensions
            | Counted::Relations => None,
        }
    }
}
