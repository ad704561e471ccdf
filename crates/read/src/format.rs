//! The names of formats and encodings.

use vocab::{Said, said};

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Text, cells separated by commas.
    Csv,
    /// Text, cells separated by tabs.
    Tsv,
    /// An Excel 5 to 2003 workbook.
    Xls,
    /// An Office Open XML workbook.
    Xlsx,
    /// An OpenDocument spreadsheet.
    Ods,
    /// A web page with tables.
    Html,
    /// A web page or a workbook saved as a web archive.
    Mht,
    /// SpreadsheetML 2003, the "XML Spreadsheet" of Excel.
    Xml,
    /// A reply of the query interface of data.stats.gov.cn.
    Json,
    /// A table of dBASE or FoxPro.
    Dbf,
    /// A table of a data team.
    Parquet,
}

impl Format {
    /// All formats that can be read.
    pub const ALL: [Format; 11] = [
        Format::Csv,
        Format::Tsv,
        Format::Xls,
        Format::Xlsx,
        Format::Ods,
        Format::Html,
        Format::Mht,
        Format::Xml,
        Format::Json,
        Format::Dbf,
        Format::Parquet,
    ];

    /// The word used in source definitions and findings.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Xls => "xls",
            Format::Xlsx => "xlsx",
            Format::Ods => "ods",
            Format::Html => "html",
            Format::Mht => "mht",
            Format::Xml => "xml",
            Format::Json => "json",
            Format::Dbf => "dbf",
            Format::Parquet => "parquet",
        }
    }

    /// Whether its files are text, which a person can write.
    pub fn is_text(self) -> bool {
        match self {
            Format::Csv | Format::Tsv | Format::Html | Format::Mht | Format::Xml | Format::Json => true,
            Format::Xls | Format::Xlsx | Format::Ods | Format::Dbf | Format::Parquet => false,
        }
    }

    /// The format that a file's name promises.
    pub fn of_name(name: &str) -> Option<Format> {
        let (_, suffix) = name.rsplit_once('.')?;
        Format::ALL.into_iter().find(|format| format.has_suffix(suffix))
    }

    /// Whether files of this format usually bear `suffix` (without the dot, in any case).
    pub(super) fn has_suffix(self, suffix: &str) -> bool {
        let suffixes: &[&str] = match self {
            Format::Csv => &["csv"],
            Format::Tsv => &["tsv", "tab"],
            Format::Xls => &["xls", "xlt", "et"],
            Format::Xlsx => &["xlsx", "xlsm", "xltx"],
            Format::Ods => &["ods"],
            Format::Html => &["html", "htm", "xhtml"],
            Format::Mht => &["mht", "mhtml"],
            Format::Xml => &["xml"],
            Format::Json => &["json"],
            Format::Dbf => &["dbf"],
            Format::Parquet => &["parquet"],
        };
        suffixes.iter().any(|known| suffix.eq_ignore_ascii_case(known))
    }

    /// Whether what follows the last dot of a name says anything of the format: `txt` and `dat` may hold any text, and
    /// in `报表2018.12` it is no suffix at all.
    pub(super) fn suffix_is_meant(suffix: &str) -> bool {
        let word = (1..=5).contains(&suffix.len()) && suffix.bytes().all(|b| b.is_ascii_alphanumeric());
        let telling = suffix.bytes().any(|b| b.is_ascii_alphabetic());
        word && telling && !["txt", "dat", "asc"].iter().any(|any| suffix.eq_ignore_ascii_case(any))
    }
}

impl std::str::FromStr for Format {
    type Err = UnknownName;

    fn from_str(word: &str) -> Result<Self, UnknownName> {
        Format::ALL.into_iter().find(|format| word.eq_ignore_ascii_case(format.as_str())).ok_or(UnknownName)
    }
}

/// How a file's text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Encoding {
    /// UTF-8 without a byte order mark; ASCII is this too.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
    /// GB18030, and so also GBK and GB2312.
    Gb18030,
    /// UTF-16 of either byte order, with a byte order mark.
    Utf16,
    /// Not text as a whole: a workbook, which says itself how its strings are encoded.
    Binary,
}

impl Encoding {
    /// The word used in findings.
    pub fn as_str(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf8Bom => "utf-8-bom",
            Encoding::Gb18030 => "gb18030",
            Encoding::Utf16 => "utf-16",
            Encoding::Binary => "binary",
        }
    }

    /// Whether it is UTF-8, with or without a byte order mark.
    pub(super) fn is_utf8(self) -> bool {
        matches!(self, Encoding::Utf8 | Encoding::Utf8Bom)
    }
}

impl std::str::FromStr for Encoding {
    type Err = UnknownName;

    /// Reads a label as people and web pages write it. GB2312 and GBK mean GB18030, which holds them both.
    fn from_str(label: &str) -> Result<Self, UnknownName> {
        let label = label.trim().to_ascii_lowercase().replace('_', "-");
        match label.as_str() {
            "utf-8" | "utf8" | "us-ascii" | "ascii" => Ok(Encoding::Utf8),
            "utf-8-bom" | "utf-8-sig" => Ok(Encoding::Utf8Bom),
            "gb18030" | "gb-18030" | "gbk" | "gb2312" | "gb-2312" | "x-gbk" | "cp936" | "ms936" | "windows-936" => {
                Ok(Encoding::Gb18030)
            }
            "utf-16" | "utf16" | "utf-16le" | "utf-16be" => Ok(Encoding::Utf16),
            "binary" => Ok(Encoding::Binary),
            _ => Err(UnknownName),
        }
    }
}

/// A word that names no format or encoding known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownName;

impl UnknownName {
    /// What is wrong with the word.
    pub fn said(&self) -> Said {
        said!("没有这种格式或编码", "no such format or encoding")
    }
}

impl std::fmt::Display for UnknownName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.said().en())
    }
}

impl std::error::Error for UnknownName {}
